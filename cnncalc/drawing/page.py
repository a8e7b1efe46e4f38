"""How wide a figure is: widths as people type them, and figures that fit one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.drawing.shapes import Figure

POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0, "px": 0.75}
"""Units of length, in points; a pixel is that of the web."""

_OTHER = {'"': "in", "''": "in", "inch": "in", "inches": "in"}
"""What units are called besides."""

NARROWEST, WIDEST = 72.0, 7200.0

HIGHEST = 648.0
"""The height of a page, in points."""

_READ = 5.0  # points, of a text that is read without a glass
_SMALLEST = 6.5  # points, of texts of words as they are drawn
_WIDTH = re.compile(
    r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(in|cm|mm|pt|px|inch|inches|\"|'')\s*", re.IGNORECASE
)
_BARE = re.compile(r"\s*([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*")


def read_width(text: str) -> float:
    """Return a width in points; a `Problem` where it is none that a figure can have.

    >>> read_width("3.3in"), read_width("84 MM")
    (237.6, 238.110236)
    """
    found = _WIDTH.fullmatch(text)
    unit = found[2].lower() if found else ""
    points = round(float(found[1]) * POINTS[_OTHER.get(unit, unit)], 6) if found else 0
    if not NARROWEST <= points <= WIDEST:
        whole = Span(Source("--width", text), 0, len(text))
        problem = Problem(
            "width-malformed",
            _("a width is from 1 to 100 inches, with its unit"),
            [Label(whole)],
            helps=[
                _("as in '--width 3.3in', a column of a paper; units are in, cm, mm, pt and px")
            ],
            status=2,
        )
        meant = _with_unit(text)
        problem.fix = Fix(whole, meant) if meant else None
        problem.instead = problem.helps[0]
        raise problem
    return points


def _with_unit(text: str) -> str | None:
    """Return a bare number with the unit in which it is the width of a page, or less."""
    found = _BARE.fullmatch(text)
    number = found[1].replace(",", ".") if found else "0"
    for unit in ("in", "mm", "pt"):
        if NARROWEST <= float(number) * POINTS[unit] <= 14 * POINTS["in"]:
            return f"{number}{unit}"
    return None


def fit(figures: Iterable[Figure], width: float | None) -> Figure:
    """Return the first figure whose texts can be read at a width, or the one that comes nearest.

    It is as high as a page at most. One that is smaller stays as it is.
    """
    found: list[Figure] = []
    for each in figures:
        if width is None:
            return each
        scale = min(width / each.width, HIGHEST / each.height, 1.0)
        found.append(each._replace(scale=scale))
        if is_read(found[-1]):
            break
    return max(found, key=lambda each: each.scale)


def is_read(figure: Figure) -> bool:
    """Return whether the texts of a figure can be read, as large as it is shown."""
    return figure.scale * _SMALLEST >= _READ


def small(figure: Figure, changes: dict[str, str | None]) -> Problem:
    """Return the warning of a figure whose texts are hard to read.

    `changes` are values of options with which they are not, None of one that is left out.
    """
    names = ", ".join(name for name, value in changes.items() if value is None)
    wide = changes.get("width")
    problem = Problem(
        "small-texts",
        _("texts are {size:.1f} points high at this width", size=figure.scale * _SMALLEST),
        helps=[
            _("at a width of {width} they can be read", width=wide)
            if wide
            else _("without {names} they can be read", names=names)
        ],
        severity="warning",
    )
    problem.changes = {f"--{name}": value for name, value in changes.items()}
    return problem
