"""Where a network's text comes from: a file, standard input, or the command line itself."""

from __future__ import annotations

import re
import sys
from typing import IO, TYPE_CHECKING

from cnncalc.notation.reader import MOST_TEXT
from cnncalc.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

_BLANK = re.compile(r"\s")
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # what no text holds, and bytes that are not UTF-8


def read_network(word: str) -> Source:
    """Return the source that a network argument names.

    `-` is standard input; a word that ends in .cnn, or that holds a / and no space, is a file;
    all else is notation.
    """
    if word == "-":
        return read_stdin()
    if word.endswith(".cnn") or ("/" in word and not _BLANK.search(word)):
        return read_file(word)
    return Source("<stack>", word)


def read_words(words: Iterable[str]) -> Source:
    """Return the source that the words of a command line make, joined by spaces."""
    return read_network(" ".join(words))


def read_file(path: str | os.PathLike[str]) -> Source:
    """Return the text of a file, which is UTF-8 and at most 4 MiB."""
    name = str(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
            return _decoded(name, file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        span = Span(Source("<stack>", name), 0, len(name))
        raise Problem(
            "file-not-read",
            "a word with a / or .cnn in it is a file, and this one cannot be read",
            [Label(span, reason[:1].lower() + reason[1:])],
            helps=["check the path; in notation, put spaces around what a / divides"],
        ) from None


def read_stdin() -> Source:
    """Return the text on standard input."""
    if sys.stdin is None:
        raise Problem(
            "file-not-read",
            "there is no standard input to read a network from",
            [Label(Span(Source("<stdin>", ""), 0, 0))],
            helps=["write the network as an argument, or name a file"],
        )
    return _decoded("<stdin>", sys.stdin.buffer)


def _decoded(name: str, file: IO[bytes]) -> Source:
    """Return what a file holds, as text."""
    text = file.read(MOST_TEXT * 4 + 1).decode("utf-8-sig", "surrogateescape")
    if found := _NOT_TEXT.search(text):
        place = found.start()
        source = Source(name, text[:place])
        raise Problem(
            "file-not-text",
            "this is not text in UTF-8",
            [Label(Span(source, place, place), "from here on")],
            helps=["save the network as plain text"],
        )
    return Source(name, text.replace("\r\n", "\n"))
