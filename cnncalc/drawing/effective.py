"""Effective receptive fields: what each pixel weighs, as a heat map with a profile at each side."""

from __future__ import annotations

from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

from cnncalc.drawing.fields import reads
from cnncalc.drawing.legend import legend
from cnncalc.drawing.maps import Map, Ruler
from cnncalc.drawing.palette import SHADES
from cnncalc.drawing.shapes import Box, Boxes, TitledShapes, fitted
from cnncalc.kinds.volumes import axis_name, times
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural
from cnncalc.trace.effective_field import deviation, holding
from cnncalc.trace.effective_plane import Plane, weigh_plane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.shapes import Bounds, Figure, Shape
    from cnncalc.report.report import Report
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.units import Unit

MOST = 48
"""The most cells along an axis of the heat map; more pixels are gathered into them."""

_MOST_BARS = 96
_SIDE = 168.0  # points, of the heat map at most
_LONGEST = 440.0  # points, of a profile by itself
_CELL = 12.0  # points at most
_HIGH = 44.0  # points, of a profile
_GAP = 6.0


def draw(report: Report, unit: Unit, weights: Sequence[Weights]) -> Figure:
    """Return what each pixel weighs in a unit: on a plane of two axes, and along each."""
    along = weights[-2:]
    is_flat = len(along) == 1
    longest = max(len(each.values) for each in along)
    scale = -(-longest // (_MOST_BARS if is_flat else MOST))
    cell = min(_CELL, (_LONGEST if is_flat else _SIDE) / -(-longest // scale))
    rulers = [Ruler(0, (len(each.values) - 1) // scale, cell) for each in along]
    here = Map([Ruler(0, 0, _CELL), *rulers][-2:])
    plane = _strip(along[0]) if is_flat else weigh_plane(report.rows, unit.row, unit.place)
    notes = [*_held(weights), *reads(unit)]
    keys = [(["conv", "frame"], _("what holds 95 % of the weight, and the rest"))]
    shapes: list[Shape] = []
    if plane and any(map(any, plane.rows)):
        shapes += _heat(plane, here, scale)
        words = _("what a pixel weighs, from 0 to the most")
        keys.insert(0, ([f"shade-{step}" for step in range(SHADES)], words))
    elif not plane:
        notes.append(_("the plane has too many weights to draw: its sides alone"))
    firsts = [each.first for each in along]
    shapes += _border(firsts, unit.seen[:-1], here, scale)
    numbered = [_numbers(each, scale) for each in along]
    for axis, each in zip((0, 1)[-len(along) :], along, strict=True):
        shapes += _profile(each, here, scale, axis)
    shapes += here.indices(*[[], *numbered][-2:])
    if scale > 1:
        notes.append(_("A cell is {size} pixels.", size=times((scale,) * len(along))))
    return fitted([*shapes, *legend(keys, shapes, notes)], report.text)


def _strip(weights: Weights) -> Plane:
    """Return the weights along an axis as a plane of one row."""
    return Plane((0, weights.first), [[each / (weights.whole or 1) for each in weights.values]])


def _heat(plane: Plane, here: Map, scale: int) -> Iterator[Shape]:
    """Yield cells by how much they weigh, those side by side that are alike as one."""
    rows = [
        _gathered(list(map(sum, zip(*plane.rows[start : start + scale], strict=True))), scale)
        for start in range(0, len(plane.rows), scale)
    ]
    most = max(map(max, rows))
    found: dict[int, list[Bounds]] = {}
    for number, row in enumerate(rows):
        steps = [ceil((SHADES - 1) * value / most) for value in row]
        start = 0
        for step, run in groupby(steps):
            end = start + len(list(run))
            if step:
                found.setdefault(step, []).append(here.box([(number, number), (start, end - 1)]))
            start = end
    boxes = (Boxes(tuple(each), f"shade-{step}", None) for step, each in sorted(found.items()))
    yield TitledShapes(_("what a pixel weighs, from 0 to the most"), tuple(boxes))


def _gathered(values: Sequence[float], scale: int) -> list[float]:
    return [sum(values[start : start + scale]) for start in range(0, len(values), scale)]


def _border(firsts: Sequence[int], sizes: Sequence[int], here: Map, scale: int) -> Iterator[Shape]:
    """Yield where the input ends, as far as it is seen, around what is seen of it."""
    left, top, right, bottom = here.bounds
    yield Box(left, top, right - left, bottom - top, None, "frame")
    ends = []
    for first, size, ruler in zip(
        firsts, sizes[-len(firsts) :], here.rulers[-len(firsts) :], strict=True
    ):
        cells = [(place - first) / scale * ruler.cell for place in (0, size)]
        ends.append([min(max(each, 0.0), ruler.length) for each in cells])
    (up, down), (start, end) = [[0.0, here.rows.length], *ends][-2:]
    if up < down and start < end:
        yield Box(left + start, top + up, end - start, down - up, None, "edge", weight=1)


def _profile(weights: Weights, here: Map, scale: int, axis: int) -> Iterator[Shape]:
    """Yield a bar for each cell along an axis: rows on the right, columns above."""
    bars = _gathered(weights.values, scale)
    most = max(bars, default=0) or 1
    held = [(pixel - weights.first) // scale for pixel in holding(weights)]
    left, top, right, _bottom = here.bounds
    found: dict[str, list[Bounds]] = {"conv": [], "frame": []}
    for number, bar in enumerate(bars):
        start, end = here.rulers[axis].span(number, number)
        high = _HIGH * bar / most
        box = (left + start, top - _GAP - high, left + end, top - _GAP)
        if axis == 0:
            box = (right + _GAP, top + start, right + _GAP + high, top + end)
        found["conv" if held[0] <= number <= held[1] else "frame"].append(box)
    boxes = (Boxes(tuple(each), fill, "edge") for fill, each in found.items() if each)
    yield TitledShapes(next(_held([weights])), tuple(boxes))


def _numbers(weights: Weights, scale: int) -> list[tuple[int, int]]:
    """Return the cells that have a number, and the pixel that is written there."""
    pixels = dict.fromkeys(sorted({weights.first, *holding(weights), weights.last}))
    return [((pixel - weights.first) // scale, pixel) for pixel in pixels]


def _held(weights: Sequence[Weights]) -> Iterator[str]:
    """Yield what holds most of the weight along each axis, those that are alike once."""
    rank = len(weights)
    for axis, each in enumerate(weights):
        start, end = holding(each)
        words = _(
            "95 % of the weight lies in {width:,} of {size}, {pixels}.",
            width=end - start + 1,
            size=plural(len(each.values), "pixel"),
            pixels=f"{start}..{end}",
        )
        deviates = _(
            "The standard deviation is {deviation:,.1f} pixels.", deviation=deviation(each)
        )
        yield f"{axis_name(axis, rank)}: {words} {deviates}"
