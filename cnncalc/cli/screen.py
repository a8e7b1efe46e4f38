"""What is written where: encodings, colours and widths, in one place."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from cnncalc.table import Style

_ASCII = str.maketrans(
    {
        "\u00d7": "x",
        "\u00b7": "*",
        "\u2212": "-",
        "\u2192": "->",
        "\u230a": "floor(",
        "\u230b": ")",
        "\u2308": "ceil(",
        "\u2309": ")",
    }
)


def say(text: str, *, err: bool = False) -> None:
    """Write a text and a line end; signs that the encoding lacks are written in ASCII."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    stream.write(spoken(text, stream) + "\n")


def spoken(text: str, stream: TextIO) -> str:
    """Return a text with only characters that a stream can take."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def wants_color(*, err: bool = False) -> bool:
    """Return whether to colour: never under NO_COLOR, always under FORCE_COLOR, else on a tty."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream = sys.stderr if err else sys.stdout
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def width(*, err: bool = False) -> int | None:
    """Return the cells of a line: COLUMNS, or the terminal's; None where there is no terminal."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    stream = sys.stderr if err else sys.stdout
    if stream is not None and stream.isatty():
        return os.get_terminal_size(stream.fileno()).columns or None
    return None


def style() -> Style:
    """Return how tables are drawn on standard output."""
    from cnncalc.table import Style

    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "\u2500\u250c\u251c\u2502\u2514\u250a".encode(encoding)
    except UnicodeEncodeError:
        unicode = False
    else:
        unicode = True
    return Style(width(), wants_color(), unicode)
