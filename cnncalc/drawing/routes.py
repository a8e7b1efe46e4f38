"""The arrows between cells: down through gaps and along lanes, so that none runs through a box.

A route is a list of uprights (a cell, a lane, a branch without boxes) with a gap between each two
of them, in which it goes sideways on a track.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.drawing.cells import TRACK, Cell, Chain, ForkCell, Gap, Lane
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.shapes import Point

Upright: TypeAlias = Cell | Lane | Chain


class Spot(NamedTuple):
    """Where a cell stands: a chain, and which of its items it is or is in."""

    chain: Chain
    place: int


class Route(NamedTuple):
    """The uprights of an arrow, from its source to its target, and the gaps between them."""

    uprights: list[Upright]
    gaps: list[Gap]

    @property
    def source(self) -> Cell:
        """The cell that it begins at."""
        return self.uprights[0]  # type: ignore[return-value]

    def leaves(self, place: int) -> float:
        """Return where it leaves the upright at a place."""
        return self.uprights[place].x if place else self.source.out

    @property
    def target(self) -> Cell:
        """The cell that it ends at."""
        return self.uprights[-1]  # type: ignore[return-value]


def spots(chain: Chain, above: Sequence[Spot] = ()) -> Iterator[tuple[int, list[Spot]]]:
    """Yield the number of each cell, and where it stands, from the outermost chain inwards."""
    for place, item in enumerate(chain.items):
        here = [*above, Spot(chain, place)]
        if isinstance(item, Cell):
            yield item.part.number, here
        for each in item.chains:
            yield from spots(each, here)


def share_gaps(chain: Chain) -> None:
    """Let what is inside an item begin and end in the gaps around it."""
    for place, item in enumerate(chain.items):
        for each in item.chains:
            if not each.has_entry:
                each.gaps[0] = chain.gaps[place]
            each.gaps[-1] = chain.gaps[place + 1]
            share_gaps(each)


def route(start: Sequence[Spot], end: Sequence[Spot], number: int) -> Route:
    """Return the route of the arrow that is the target's input of this number, from 0."""
    depth = 0
    while start[depth].chain is end[depth].chain and start[depth].place == end[depth].place:
        if start[depth + 1].chain is not end[depth + 1].chain:
            break
        depth += 1
    chain, first = start[depth]
    last = end[depth].place
    source, target = cell_at(start), cell_at(end)
    key = source.part.number
    route = Route([source], [])

    def go(gap: Gap, upright: Upright) -> None:
        route.gaps.append(gap)
        route.uprights.append(upright)

    is_across = first == last  # from one branch of a fork to another
    for spot in reversed(start[depth + (2 if is_across else 1) :]):
        if spot.place < len(spot.chain.items) - 1:
            go(
                spot.chain.gaps[spot.place + 1],
                spot.chain.lane(spot.place + 1, len(spot.chain.items) - 1, key),
            )
    if is_across:
        spot = start[depth + 1]
        go(spot.chain.gaps[spot.place + 1], spot.chain.lane(0, spot.place, key))
        last_gap = chain.gaps[first]
    else:
        last_gap = chain.gaps[last]
        for gap, upright in _between(chain, first, last, number, key):
            go(gap, upright)
    for spot in end[depth + 1 :]:
        inner, place = spot
        is_entry = inner.has_entry and inner.entry in (None, key)
        if is_entry:
            inner.entry = key
            go(last_gap, inner)
            last_gap = inner.gaps[0]
        door = _door(inner.items[place - 1], number) if place else None
        to = place - 1 if door else place
        if to or (inner.has_entry and not is_entry):
            go(last_gap, inner.lane(0, max(to - 1, 0), key))
            last_gap = inner.gaps[to]
        if door:
            go(last_gap, door)
            last_gap = inner.gaps[place]
    go(last_gap, target)
    return route


def cell_at(spots: Sequence[Spot]) -> Cell:
    """Return the cell that stands at the last of spots."""
    chain, place = spots[-1]
    return chain.items[place]  # type: ignore[return-value]


def _between(
    chain: Chain, first: int, last: int, number: int, key: int
) -> Iterator[tuple[Gap, Upright]]:
    """Yield the way from one item of a chain to a later one, up to the gap before that."""
    place = first + 1
    door = _door(chain.items[last - 1], number) if place < last else None
    stop = last - 1 if door else last
    while place < stop:
        way = _side(chain.items[place])
        if way is None:
            yield chain.gaps[place], chain.lane(place, stop - 1, key)
            place = stop
        else:
            yield chain.gaps[place], way
            place += 1
    if door:
        yield chain.gaps[stop], door


def _door(item: Any, number: int) -> Chain | None:
    """Return the branch without boxes that an input of this number comes through."""
    if isinstance(item, ForkCell) and not item.is_side and number < len(item.chains):
        chain = item.chains[number]
        return None if chain.items else chain
    return None


def _side(item: Any) -> Chain | None:
    """Return what goes on beside an auxiliary branch."""
    return item.chains[0] if isinstance(item, ForkCell) and item.is_side else None


# ---------------------------------------------------------------- tracks


class _Run:
    """What goes sideways in a gap together: from one source, or to one target."""

    def __init__(self) -> None:
        self.above: set[float] = set()
        self.below: set[float] = set()
        self.track = 0

    @property
    def ends(self) -> tuple[float, float]:
        both = self.above | self.below
        return min(both), max(both)


class Tracks:
    """The tracks of all gaps; routes are told to it once they are placed sideways."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._runs: dict[Gap, dict[tuple[str, int], _Run]] = {}
        counts: dict[Cell, int] = {}
        for each in routes:
            counts[each.target] = counts.get(each.target, 0) + 1
        self._counts = counts
        for each in routes:
            for place, gap in enumerate(each.gaps):
                gap.is_used = True
                before, after = each.leaves(place), each.uprights[place + 1].x
                run = self._runs.setdefault(gap, {}).setdefault(self._key(each, place), _Run())
                run.above.add(before)
                run.below.add(after)
        for gap, runs in self._runs.items():
            gap.tracks = _assign([run for run in runs.values() if run.ends[0] != run.ends[1]])

    def _key(self, route: Route, place: int) -> tuple[str, int]:
        is_last = place == len(route.gaps) - 1
        if is_last and self._counts[route.target] > 1:
            return "to", route.target.part.number
        return "from", route.source.part.number

    def points(self, route: Route) -> list[Point]:
        """Return the corners of a route, when all is in place."""
        source, target = route.source, route.target
        found = [(source.out, source.bottom)]
        for place, gap in enumerate(route.gaps):
            before, after = route.leaves(place), route.uprights[place + 1].x
            if abs(before - after) > 0.05:
                run = self._runs[gap][self._key(route, place)]
                y = gap.y + 3 + TRACK * run.track
                found += [(before, y), (after, y)]
        return [*found, (target.x, target.y)]


def _assign(runs: list[_Run]) -> int:
    """Give each run a track, so that none lies on another; return how many there are."""
    done: list[_Run] = []
    left = sorted(runs, key=lambda run: run.ends)
    while left:
        free = [
            run
            for run in left
            if not any(run.below & other.above for other in left if other is not run)
        ]
        run = (free or left)[0]
        left.remove(run)
        low, high = run.ends
        tracks = [
            other.track + 1
            for other in done
            if (other.ends[0] < high + 2 and low < other.ends[1] + 2) or other.above & run.below
        ]
        run.track = max(tracks, default=0)
        done.append(run)
    return max((run.track + 1 for run in done), default=0)
