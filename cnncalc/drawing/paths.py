"""Ways around boxes: right angles from a point to another, short and with few bends.

A way goes along lines beside the boxes, from one of their crossings to the next.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cnncalc.drawing.shapes import Bounds, Point

    Crossing = tuple[int, int]

MOST_CROSSINGS = BUDGET.crossings
"""The most crossings that are looked at."""

_BEND, _SHARED = 12.0, 0.6  # what a bend costs, in points, and a part of a way beside one taken
_BESIDE, _BELOW = 3.0, (4.0, 9.0)  # how far from a box ways go, in points
_HAIR = 0.5


def is_free(points: Sequence[Point], boxes: Sequence[Bounds]) -> bool:
    """Return whether a way runs through no box."""
    return not any(
        min(ax, bx) < right - _HAIR
        and left + _HAIR < max(ax, bx)
        and min(ay, by) < bottom - _HAIR
        and top + _HAIR < max(ay, by)
        for (ax, ay), (bx, by) in pairwise(points)
        for left, top, right, bottom in boxes
    )


def way(
    start: Point,
    end: Point,
    boxes: Sequence[Bounds],
    taken: Collection[tuple[Point, Point]] = (),
    *,
    down: bool = False,
) -> list[Point] | None:
    """Return the corners of a way around boxes, from a right side to a left one; None without one.

    It may begin at a lower side and go `down`. Where others are `taken`, it is better beside them.
    """
    low, high = sorted((start[0], end[0]))
    near = [box for box in boxes if box[0] < high + 30 and low - 30 < box[2]]
    lines = _lines(start, end, near)
    if len(lines[0]) * len(lines[1]) > MOST_CROSSINGS:
        return None
    first, last = ((lines[0].index(point[0]), lines[1].index(point[1])) for point in (start, end))
    blocked = {piece for box in near for piece in _within(box, lines)}
    shared = {piece for ends in taken for piece in _along(ends, lines)}
    begun = (first, int(down))
    before: dict[tuple[Crossing, int], tuple[Crossing, int] | None] = {begun: None}
    costs = {begun: 0.0}
    waiting = [(0.0, *begun)]
    while waiting:
        cost, at, turned = heappop(waiting)
        if at == last:
            return _corners(before, (at, turned), lines)
        if cost > costs[at, turned]:
            continue
        for axis in (0, 1):
            for step in (-1, 1):
                place = at[axis] + step
                if not 0 <= place < len(lines[axis]) or (
                    at == first and (step < 0 or axis != down)
                ):
                    continue
                other = (place, at[1]) if axis == 0 else (at[0], place)
                piece = axis, min(at, other)
                if piece in blocked or (other == last and (axis or step < 0)):
                    continue
                length = abs(lines[axis][place] - lines[axis][at[axis]])
                more = length * (1 + _SHARED * (piece in shared)) + _BEND * (axis != turned)
                if cost + more < costs.get((other, axis), float("inf")):
                    costs[other, axis] = cost + more
                    before[other, axis] = at, turned
                    heappush(waiting, (cost + more, other, axis))
    return None


def _lines(start: Point, end: Point, boxes: Sequence[Bounds]) -> tuple[list[float], list[float]]:
    """Return where the lines are that ways go along, upright and level ones."""
    xs, ys = {start[0], end[0]}, {start[1], end[1]}
    for left, top, right, bottom in boxes:
        xs |= {left - _BESIDE, right + _BESIDE}
        ys |= {top - _BELOW[0], *(bottom + each for each in _BELOW)}
    return sorted(xs), sorted(ys)


def _within(box: Bounds, lines: tuple[list[float], list[float]]) -> Iterator[tuple[int, Crossing]]:
    """Yield the pieces of lines that run through a box: their axis, and where they begin."""
    for axis in (0, 1):
        along, across = lines[axis], lines[1 - axis]
        low, high = box[axis] + _HAIR, box[axis + 2] - _HAIR
        start, end = bisect_right(along, low) - 1, bisect_left(along, high)
        sides = box[1 - axis] + _HAIR, box[3 - axis] - _HAIR
        for other in range(bisect_right(across, sides[0]), bisect_left(across, sides[1])):
            for place in range(max(start, 0), end):
                yield axis, ((place, other) if axis == 0 else (other, place))


def _along(
    ends: tuple[Point, Point], lines: tuple[list[float], list[float]]
) -> Iterator[tuple[int, Crossing]]:
    """Yield the pieces of lines that lie on a piece of another way."""
    axis = 0 if ends[0][1] == ends[1][1] else 1
    low, high = sorted(point[axis] for point in ends)
    across, side = lines[1 - axis], ends[0][1 - axis]
    other = bisect_left(across, side)
    if other < len(across) and across[other] == side:
        along = lines[axis]
        for place in range(max(bisect_right(along, low) - 1, 0), bisect_left(along, high)):
            yield axis, ((place, other) if axis == 0 else (other, place))


def _corners(
    before: dict[tuple[Crossing, int], tuple[Crossing, int] | None],
    at: tuple[Crossing, int],
    lines: tuple[list[float], list[float]],
) -> list[Point]:
    """Return the points at which a way bends, from its first to its last."""
    points: list[Point] = []
    here: tuple[Crossing, int] | None = at
    while here:
        (x, y), _turned = here
        points.insert(0, (lines[0][x], lines[1][y]))
        here = before[here]
    bent = [
        point
        for one, point, two in zip(points, points[1:], points[2:], strict=False)
        if not (one[0] == point[0] == two[0] or one[1] == point[1] == two[1])
    ]
    return [points[0], *bent, points[-1]]
