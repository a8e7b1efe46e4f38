"""Lines of text in a terminal: how many cells they take, how they break, and their colours."""

from __future__ import annotations

import re

COLORS = {"red": 31, "magenta": 35, "bright_black": 90, "bright_red": 91, "bright_blue": 94}
"""The colours of a terminal that can be read on white and on black; no other is used."""

_STYLES = {"bold": 1, **COLORS}
_NARROW = re.compile("[\0-\u02ff\u2190-\u2319\u2500-\u25fc]*+")
"""Signs that take a cell: Latin, arrows, mathematics, boxes."""

_WORD = r"( *+)([^ ]++)"


def paint(text: str, style: str) -> str:
    """Return a text in a style, as 'bold red'; rich knows the same names."""
    codes = ";".join(str(_STYLES[name]) for name in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m"


def plain(text: str, style: str) -> str:  # noqa: ARG001 - in the place of `paint`
    """Return a text as it is."""
    return text


def cells(text: str) -> int:
    """Return how many terminal cells a text takes: Hangul and its like take two each.

    >>> cells("3×3"), cells("합성곱")
    (3, 6)
    """
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def wrap(line: str, width: int | None, hang: int | None = None) -> list[str]:
    """Return a line as lines of at most `width` cells, broken at spaces; None: as it is.

    Lines after the first begin with `hang` spaces, by default two more than an indented first. A
    word that does not fit behind them has fewer, and one longer than the width is never broken.

    >>> wrap("  the channels of the input forgotten", 24)
    ['  the channels of the', '    input forgotten']
    """
    if width is None or cells(line) <= width:
        return [line]
    if hang is None:
        indent = len(line) - len(line.lstrip(" "))
        hang = indent + 2 if indent else 0
    lines: list[str] = []
    now, used = "", 0
    for gap, word in re.findall(_WORD, line.rstrip(" ")):
        long = cells(word)
        if now and used + len(gap) + long > width:
            lines.append(now)
            now, used = "", 0
        before = min(len(gap) if now or not lines else hang, max(width - used - long, 0))
        now += " " * before + word
        used += before + long
    return [*lines, now]
