"""A figure that is too long for its page, in bands one below another, as lines of a text are.

It is cut where arrows alone pass; these go on from the end of a band at the beginning of the next.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing.shapes import Line, around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.shapes import Point, Shape

_BELOW = 14.0  # points, from a band to the next
_STUB = 7.0  # points, of what is left of an arrow that goes on elsewhere
_LINE = 6.0  # points, that a cut is moved rather than cutting a line more
_BESIDE = 1.2  # points behind what is before a cut


def bands(shapes: Sequence[Shape], count: int) -> list[Shape]:
    """Return shapes in so many bands, or in fewer, where they cannot be cut so often."""
    left, _top, right, _bottom = around(shapes)
    spans = [(each.bounds[0], each.bounds[2]) for each in shapes if _is_cut(each)]

    def passing(cut: float) -> int:
        return sum(start < cut < end for start, end in spans)

    cuts = [left - 1]
    for number in range(1, count):
        wanted = left + (right - left) * number / count
        free = [each for each in _free(shapes) if each > cuts[-1]]
        if free:
            cuts.append(min(free, key=lambda cut: abs(cut - wanted) + _LINE * passing(cut)))
    found: list[Shape] = []
    low = 0.0
    for start, end in pairwise([*cuts, right + 1]):
        band = list(dict.fromkeys(_within(shapes, start, end, cuts)))
        first, top, _last, bottom = around(band)
        found += [each.moved(left - first, low - top) for each in band]
        low += bottom - top + _BELOW
    return found


def _is_cut(shape: Shape) -> bool:
    """Return whether a shape may go on in the next band: a line."""
    return isinstance(shape, Line) and shape.fill is None


def _free(shapes: Sequence[Shape]) -> Iterator[float]:
    """Yield the places at which lines alone pass, right behind what stands before them."""
    ends = sorted((each.bounds[0], each.bounds[2]) for each in shapes if not _is_cut(each))
    reach = ends[0][1]
    for start, end in ends:
        if start > reach + 2 * _BESIDE:
            yield reach + _BESIDE
        reach = max(reach, end)


def _within(
    shapes: Sequence[Shape], start: float, end: float, cuts: Sequence[float]
) -> Iterator[Shape]:
    """Yield what stands between two cuts, lines with a stub where they go on beyond one."""
    for each in shapes:
        if not isinstance(each, Line) or each.fill is not None:
            if start < each.bounds[0] <= end:
                yield each
            continue
        for piece in _pieces(each.points, start, end):
            yield each._replace(points=tuple(piece))
            for at, sign in ((piece[0], piece[1]), (piece[-1], piece[-2])):
                if at[0] in (start, end) and (at[0] in cuts or at[0] == end):
                    away = _STUB if at[0] >= sign[0] else -_STUB
                    yield Line((at, (at[0] + away, at[1])), each.line, dashed=True, weight=0.8)


def _pieces(points: Sequence[Point], start: float, end: float) -> Iterator[list[Point]]:
    """Yield the pieces of a path between two upright lines."""
    piece: list[Point] = []
    for one, two in pairwise(points):
        inside = _clip(one, two, start, end)
        if inside is None:
            if piece:
                yield piece
            piece = []
            continue
        if piece and piece[-1] != inside[0]:
            yield piece
            piece = []
        piece = [*(piece or [inside[0]]), inside[1]]
    if piece:
        yield piece


def _clip(one: Point, two: Point, start: float, end: float) -> tuple[Point, Point] | None:
    """Return what of a line lies between two upright lines."""
    (ax, ay), (bx, by) = one, two
    if max(ax, bx) <= start or min(ax, bx) >= end:
        return None

    def within(point: Point) -> Point:
        x = min(max(point[0], start), end)
        return point if x == point[0] else (x, ay + (by - ay) * (x - ax) / (bx - ax))

    return within(one), within(two)
