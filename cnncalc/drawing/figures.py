"""A network's figure: which rows it has, in which style, and what its colours mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing.measures import width
from cnncalc.drawing.palette import FAMILIES, SHADES
from cnncalc.drawing.parts import network
from cnncalc.drawing.shapes import Box, Text, around, fitted
from cnncalc.report.captions import plain_heading
from cnncalc.report.diagram import boxes_of
from cnncalc.report.folds import fold
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import text
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.parts import Network
    from cnncalc.drawing.shapes import Figure, Shape
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row

STYLES = {"blocks": "a box a layer or fold, branches side by side"}
"""The styles of figures by name."""

SHADED = ("macs", "params")
"""The quantities that boxes can be dark by."""

DIRECTIONS = ("vertical", "horizontal")

MOST_BOXES = 30  # of a figure that nobody asked to unfold: a page

_SIZE, _SQUARE, _LEAST = 6.5, 7.0, 160.0


def draw(
    report: Report,
    rows: Sequence[Row] | None = None,
    *,
    depth: int | None = None,
    style: str = "blocks",
    shade: str | None = None,
    direction: str = "vertical",
) -> Figure:
    """Return the figure of a network, or of some of its rows; folded to fit a page, by default."""
    from importlib import import_module

    shown = fold(report.rows if rows is None else rows, depth, boxes_of, MOST_BOXES)
    found = network(report, shown, shade)
    shapes: list[Shape] = import_module(f"cnncalc.drawing.{style}").draw(found)
    if direction == "horizontal":
        shapes = [each.turned() for each in shapes]
    legend = _legend(found, shapes, is_whole=rows is None)
    return fitted([*shapes, *legend], report.text)


def _legend(network: Network, shapes: Sequence[Shape], *, is_whole: bool) -> Iterator[Shape]:
    """Yield what stands below a figure: what the colours mean, and what the network adds up to."""
    left, _top, right, bottom = around(shapes)
    right = max(right, left + _LEAST)
    x, y = left, bottom + 18
    for colours, words in _keys(network):
        wide = len(colours) * _SQUARE + 4 + width(words, _SIZE)
        if x > left and x + wide > right:
            x, y = left, y + 11
        for number, colour in enumerate(colours):
            yield Box(x + number * _SQUARE, y - _SQUARE / 2, _SQUARE, _SQUARE, colour)
        yield Text(x + len(colours) * _SQUARE + 4, y, words, _SIZE, "start", "faint")
        x += wide + 12
    if is_whole:
        plus = "" if network.report.is_whole else "+"
        for name in ("params", "macs"):
            quantity = QUANTITIES[name]
            total = text(quantity, network.report.total(name), commas=True)
            words = f"{total}{plus} {plain_heading(quantity)}"
            if x > left and x + width(words, _SIZE) > right:
                x, y = left, y + 11
            yield Text(x, y, words, _SIZE, "start", "faint")
            x += width(words, _SIZE) + 12


def _keys(network: Network) -> Iterator[tuple[list[str], str]]:
    """Yield colours, and what they mean."""
    if network.shade:
        heading = plain_heading(QUANTITIES[network.shade])
        words = _("{heading}, from 0 to {most:,}", heading=heading, most=network.most)
        yield [f"shade-{step}" for step in range(SHADES)], words
        return
    means = {
        "conv": _("convolution"),
        "pool": _("pooling"),
        "up": _("upsampling"),
        "fc": _("fully connected"),
        "sequence": _("attention, recurrence"),
    }
    used = {part.family for part in network.parts.values()}
    for family in FAMILIES:
        if family in used and family in means:
            yield [family], means[family]
