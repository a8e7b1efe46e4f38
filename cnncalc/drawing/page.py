"""How wide a figure is: widths as people type them, and figures that fit one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.drawing.shapes import Figure

POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0}
"""Units of length, in points."""

NARROWEST, WIDEST = 72.0, 7200.0

HIGHEST = 648.0
"""The height of a page, in points."""

_READ = 5.0  # points, of a text that is read without a glass
_SMALLEST = 6.5  # points, of texts of words as they are drawn
_WIDTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(in|cm|mm|pt)\s*")


def read_width(text: str) -> float:
    """Return a width in points; a `Problem` where it is none that a figure can have.

    >>> read_width("3.3in"), read_width("84 mm")
    (237.6, 238.110236)
    """
    found = _WIDTH.fullmatch(text)
    points = round(float(found[1]) * POINTS[found[2]], 6) if found else 0
    if not NARROWEST <= points <= WIDEST:
        raise Problem(
            "width-malformed",
            _("a width is from 1 to 100 inches, with its unit"),
            [Label(Span(Source("--width", text), 0, len(text)))],
            helps=[_("as in '--width 3.3in', a column of a paper; units are in, cm, mm and pt")],
            status=2,
        )
    return points


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
        if scale * _SMALLEST >= _READ:
            break
    return max(found, key=lambda each: each.scale)


def small(figure: Figure) -> Iterator[Problem]:
    """Yield the warning of a figure whose texts are hard to read."""
    size = figure.scale * _SMALLEST
    if size < _READ:
        yield Problem(
            "small-texts",
            _("texts are {size:.1f} points high at this width", size=size),
            helps=[
                _("fold it with '--depth 0', draw a part of it with '--at', or choose a '--style'")
            ],
            severity="warning",
        )
