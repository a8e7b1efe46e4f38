"""Where a network's text comes from: a file, standard input, or the command line itself."""

from __future__ import annotations

import re
import sys
from typing import IO, TYPE_CHECKING

from cnncalc import library
from cnncalc.language import _
from cnncalc.layers import NAMES
from cnncalc.notation import parse, parse_volume
from cnncalc.notation.reader import MOST_TEXT
from cnncalc.problem import Fix, Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    import os

    from cnncalc.network import Given, Network

_BLANK = re.compile(r"\s")
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # what no text holds, and bytes that are not UTF-8


def read_network(word: str, *, channels_first: bool = False) -> Network:
    """Return the network that an argument names.

    `-` is standard input; a word that ends in .cnn, or that holds a / and no space, is a file; a
    word that names a model is that model; all else is notation.
    """
    source = read_source(word)
    if source.name != "<stack>":
        return parse(source, channels_first=channels_first)
    return read_text(word, channels_first=channels_first)


def read_source(word: str) -> Source:
    """Return the text that an argument names: standard input, a file, or itself."""
    if word == "-":
        return read_stdin()
    if word.endswith(".cnn") or ("/" in word and not _BLANK.search(word)):
        return read_file(word)
    return Source("<stack>", word)


def read_text(text: str, *, channels_first: bool = False) -> Network:
    """Return the network that a text is: a model's name, or notation."""
    source = Source("<stack>", text)
    if library.is_name(text) and text.lower() not in NAMES:
        if model := library.read(text):
            return parse(model)  # written channels last, whatever the option says
        if close := library.closest(text):
            raise unknown_model(text, source, close)
    return parse(source, channels_first=channels_first)


def read_input(text: str | None, *, channels_first: bool = False) -> Given | None:
    """Return the volume that --input gives; None where it gives none."""
    if text is None:
        return None
    return parse_volume(Source("--input", text), channels_first=channels_first)


def unknown_model(word: str, source: Source, close: str | None) -> Problem:
    """Return the problem of a name that no model has, at the end of a source."""
    end = len(source.text)
    span = Span(source, end - len(word), end)
    return Problem(
        "unknown-model",
        _("no model is called {name}", name=quoted(word)),
        [Label(span)],
        helps=[
            _("did you mean '{name}'?", name=close)
            if close
            else _("'cnncalc models' lists them all")
        ],
        fix=Fix(span, close) if close else None,
    )


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
            _("a word with a / or .cnn in it is a file, and this one cannot be read"),
            [Label(span, reason[:1].lower() + reason[1:])],
            helps=[_("check the path; in notation, put spaces around what a / divides")],
        ) from None


def read_stdin() -> Source:
    """Return the text on standard input."""
    if sys.stdin is None:
        raise Problem(
            "file-not-read",
            _("there is no standard input to read a network from"),
            [Label(Span(Source("<stdin>", ""), 0, 0))],
            helps=[_("write the network as an argument, or name a file")],
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
            _("this is not text in UTF-8"),
            [Label(Span(source, place, place), _("from here on"))],
            helps=[_("save the network as plain text")],
        )
    return Source(name, text.replace("\r\n", "\n"))
