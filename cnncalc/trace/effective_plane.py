"""The effective field of a unit on a plane: what each pixel weighs, rows and columns together.

As `effective_field`, whose weights along an axis are these added up over the other, in floats. Of a
chain they are the product of those along both axes; branches that read differently make them more.
"""

from __future__ import annotations

from itertools import repeat
from operator import add, mul
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import ratio
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.kinds.receptive_field import Reach
    from cnncalc.trace.rows import Row

MOST_CELLS = BUDGET.plane
"""The most pixels of a plane."""

MOST_STEPS = BUDGET.plane_work
"""The most weights that are added up on the way from a unit to the input."""


class Plane(NamedTuple):
    """What pixels weigh, in rows from a first row and column on."""

    first: tuple[int, int]
    rows: list[list[float]]

    @property
    def sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The first and last of its rows, and of its columns."""
        row, column = self.first
        return (row, row + len(self.rows) - 1), (column, column + len(self.rows[0]) - 1)

    def turned(self) -> Plane:
        """Return it with rows and columns exchanged."""
        return Plane(self.first[::-1], list(map(list, zip(*self.rows, strict=True))))


def weigh_plane(rows: Sequence[Row], row: Row, place: Sequence[int]) -> Plane | None:
    """Return what each pixel weighs in a unit of a row, along the last two axes.

    The row has a receptive field of its own. None where there are too many weights on the way.
    """
    waiting = {row.index: [Plane((place[-2], place[-1]), [[1.0]])]}
    entry = row.seen[0] if row.seen else 0
    steps = 0
    for index in range(row.index, entry - 1, -1):
        if index not in waiting:
            continue
        here, parts = rows[index], waiting.pop(index)
        steps += sum(len(part.rows) * len(part.rows[0]) for part in parts) * len(parts[1:])
        plane = _merged(parts)
        if index == entry:
            return plane
        reaches: Any = here.measure.reach or ()
        for reach in reaches[-2:]:
            steps += _cost(plane, reach)
            if steps > MOST_STEPS or _length(plane, reach) * len(plane.rows[0]) > MOST_CELLS:
                return None
            plane = _back(plane, reach).turned()
        for source in here.inputs:
            share = ratio(rows[source].output[-1], here.output[-1]) if here.kind == "concat" else 1
            part = plane if share == 1 else _scaled(plane, float(share or 1))
            waiting.setdefault(source, []).append(part)
    raise AssertionError  # every row comes from the input


def _scaled(plane: Plane, by: float) -> Plane:
    return Plane(plane.first, [list(map(mul, row, repeat(by))) for row in plane.rows])


def _merged(planes: Sequence[Plane]) -> Plane:
    """Return the sum of planes."""
    if len(planes) == 1:
        return planes[0]
    tops, lefts = zip(*(plane.first for plane in planes), strict=True)
    top, left = min(tops), min(lefts)
    ends = [plane.sides for plane in planes]
    bottom, right = (max(each[axis][1] for each in ends) for axis in (0, 1))
    found = [[0.0] * (right - left + 1) for _row in range(top, bottom + 1)]
    for plane in planes:
        start = plane.first[1] - left
        for number, row in enumerate(plane.rows, plane.first[0] - top):
            end = start + len(row)
            found[number][start:end] = map(add, found[number][start:end], row)
    return Plane((top, left), found)


def _length(plane: Plane, reach: Reach) -> int:
    """Return how many rows the rows of a plane reach over, at most."""
    widest = max(kernel * dilation for _first, kernel, dilation in _phases(reach))
    return (len(plane.rows) // len(_phases(reach)) + 1) * reach.stride + widest


def _cost(plane: Plane, reach: Reach) -> int:
    """Return how many weights are added up to go back through a reach, at most."""
    taps = max(kernel for _first, kernel, _dilation in _phases(reach))
    return len(plane.rows) * len(plane.rows[0]) * taps


def _phases(reach: Reach) -> Sequence[tuple[int, int, int]]:
    return reach.phases or [(reach.first, reach.kernel, reach.dilation)]


def _back(plane: Plane, reach: Reach) -> Plane:
    """Return what the rows weigh that a layer's rows read."""
    found: dict[int, list[float]] = {}
    nothing = [0.0] * len(plane.rows[0])
    for output, row in enumerate(plane.rows, plane.first[0]):
        parts: dict[float, list[float]] = {}
        for place, share in _taps(reach, output):
            part = parts.get(share) or list(map(mul, row, repeat(share)))
            parts[share] = part
            found[place] = list(map(add, found[place], part)) if place in found else part
    first, last = min(found, default=0), max(found, default=0)
    rows = [found.get(place, nothing) for place in range(first, last + 1)]
    return Plane((first, plane.first[1]), rows)


def _taps(reach: Reach, output: int) -> Iterator[tuple[int, float]]:
    """Yield what an output reads along an axis, each with its part of the whole."""
    phases = _phases(reach)
    turn, phase = divmod(output, len(phases))
    first, kernel, dilation = phases[phase]
    shares = reach.shares[phase] if reach.shares else (1,) * kernel
    whole = sum(shares)
    for tap, share in enumerate(shares):
        yield turn * reach.stride + first + tap * dilation, share / whole
