"""Rounds of a repeat that are alike: one is walked, and the others are its rows, moved on.

Where as much comes out of a round as came in, nothing is decided otherwise in the next: its rows
are those of this one with other numbers, further in by the same number of rows and of pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.measure import Writes
from cnncalc.trace.rows import Place, Row
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.kinds.receptive_field import Axis, Field
    from cnncalc.trace.flow import Flow
    from cnncalc.trace.ledger import Ledger

LARGE = 10**50  # pixels, far from what is refused


class RoundStep(NamedTuple):
    """What a round adds to those before it: rows, rounds and calls, brackets; to depth and field.

    The field grows by a size and a start along each axis.
    """

    rows: int
    rounds: int
    serials: int
    longest: tuple[int, int]
    field: tuple[tuple[int, int], ...]

    def field_after(self, field: Field, times: int) -> Field:
        """Return a field so many rounds later."""
        if not field or isinstance(field, str):
            return field
        axes: Any = field  # none of them in phases
        moved: list[Any] = []
        for axis, by in zip(axes, self.field, strict=True):
            if moved and axis is field[0] and by == self.field[0]:
                moved.append(moved[0])
                continue
            size, jump, start = axis
            moved.append((size + times * by[0], jump, start + times * by[1]))
        return tuple(moved)

    def longest_after(self, longest: tuple[int, int], times: int) -> tuple[int, int]:
        """Return the depth of a path so many rounds later."""
        return longest[0] + times * self.longest[0], longest[1] + times * self.longest[1]


class AlikeRounds(NamedTuple):
    """The `times` that a round comes once more: its `parts`, and what each adds.

    A repeat inside it may be `AlikeRounds` of their own. Of the places around its rows that of the
    repeat itself is behind `around` others.
    """

    parts: Sequence[Row | AlikeRounds]
    times: int
    step: RoundStep
    around: int

    def rows(self, turns: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the rows, round by round, of all rounds or of some: they are counted from 1."""
        for turn in range(1, self.times + 1) if turns is None else turns:
            last = None
            for row in rows_of(self.parts):
                if last is None or row.places is not last.places:
                    places = self._places_after(row.places, turn)
                if last is None or row.field is not last.field:
                    field = self.step.field_after(row.field, turn)
                last = row
                yield self._after(row, turn, places, field)

    def each(self) -> Iterator[tuple[Row, int]]:
        """Yield the rows of one round, and how often each comes."""
        for part in self.parts:
            if isinstance(part, Row):
                yield part, self.times
            else:
                for row, times in part.each():
                    yield row, times * self.times

    def _places_after(self, places: tuple[Place, ...], turn: int) -> tuple[Place, ...]:
        """Return the places around a row so many rounds later."""
        how, number, of, own, *_rest = places[self.around]
        after = [*places[: self.around], Place(how, number + turn, of, own)]
        further = turn * self.step.serials
        for how, number, of, serial, node, label in places[self.around + 1 :]:
            after.append(Place(how, number, of, serial + further, node, label))
        return tuple(after)

    def _after(self, row: Row, turn: int, places: tuple[Place, ...], field: Field) -> Row:
        """Return a row so many rounds later."""
        index, label, node, volume, measure, _field, inputs, _in, aux, forward, longest = row[:11]
        rest: Any = row[11:]
        further = turn * self.step.rows
        return Row(
            index + further,
            label,
            node,
            volume,
            measure,
            field,
            tuple([each + further for each in inputs]),
            places,
            aux,
            forward,
            self.step.longest_after(longest, turn),
            *rest,
        )


def rows_of(parts: Iterable[Row | AlikeRounds]) -> Iterator[Row]:
    """Yield each row of what a trace handed on."""
    for part in parts:
        if isinstance(part, Row):
            yield part
        else:
            yield from part.rows()


class _Between(NamedTuple):
    """Where a walk stands between two rounds, and what the rows of the next depend on."""

    flow: Flow
    row: int
    rounds: int
    serial: int
    alike: tuple[object, ...]

    def step_to(self, later: _Between) -> RoundStep:
        """Return what a round adds that leads to another state."""
        (deep, nonlinear), (was_deep, was_nonlinear) = later.flow.depth, self.flow.depth
        field: Any = ()
        if isinstance(later.flow.field, tuple):
            pairs: Any = zip(self.flow.field or (), later.flow.field, strict=True)
            field = tuple([(now[0] - was[0], now[2] - was[2]) for was, now in pairs])
        return RoundStep(
            later.row - self.row,
            later.rounds - self.rounds,
            later.serial - self.serial,
            (deep - was_deep, nonlinear - was_nonlinear),
            field,
        )


class RoundWalk:
    """The walk through the rounds of one repeat, which finds out how many need no walk.

    Where the volume and the jumps behind a round are those before it, the next one is like it, and
    those to come are like that one. What else a round hands on, as that something is learned or
    that a linear layer stands on a map, it decides itself or leaves as it was: the next round has
    it. Its rows are kept back, to be looked at before they are handed on.
    """

    def __init__(self, ledger: Ledger, flow: Flow, count: int, around: int) -> None:
        self._ledger, self._count, self._around = ledger, count, around
        self._sink: Callable[[Any], object] = ledger.sink
        self._sink_rounds: Callable[[Any], object] = ledger.sink_rounds or list
        self._parts: list[Row | AlikeRounds] | None = None
        self._before = self._state(flow)

    def behind(self, turn: int, flow: Flow) -> tuple[int, Flow]:
        """Return the round behind which the walk goes on, and what comes out of it.

        They are `turn` and `flow` of the round that was walked last, or of one to come.
        """
        ledger, parts, before = self._ledger, self._parts, self._before
        now = self._before = self._state(flow)
        if parts is None:
            if before.alike == now.alike and turn <= self._count - 3:
                self._parts = []
                ledger.sink = ledger.sink_rounds = self._parts.append
            return turn, flow
        times, self._parts, self._count = self._count - turn - 1, None, 0
        ledger.sink, ledger.sink_rounds = self._sink, self._sink_rounds
        for part in parts:
            (self._sink if isinstance(part, Row) else self._sink_rounds)(part)
        if before.alike != now.alike or not _are_local(parts, before.flow, before.row):
            return turn, flow
        step = before.step_to(now)
        field = step.field_after(flow.field, times)
        if not step.rows or not ledger.has_room(step, times + 1) or is_large_field(field):
            return turn, flow
        ledger.go_on(step, times)
        self._sink_rounds(AlikeRounds(parts, times, step, self._around))
        longest = step.longest_after(flow.depth, times)
        further = flow.row + times * step.rows
        return turn + times, flow._replace(field=field, depth=longest, row=further)

    def _state(self, flow: Flow) -> _Between:
        """Return where the walk stands."""
        ledger, field = self._ledger, flow.field
        jumps = [axis[1] for axis in field] if isinstance(field, tuple) else field
        alike = flow.volume, jumps, flow.seen, ledger.index - flow.row
        return _Between(flow, ledger.index, ledger.rounds, ledger.serial, alike)


def _is_plain(field: tuple[Axis, ...]) -> bool:
    """Return whether all units along each axis of a field are alike, by whole numbers."""
    return all(len(axis) == 3 and {*map(type, axis)} == {int} for axis in field)


def is_large_field(field: Any) -> bool:
    """Return whether a field has numbers that come near to those that are refused."""
    if not isinstance(field, tuple):
        return False
    return any(abs(part) > LARGE for axis in field for part in axis if type(part) is int)


def _are_local(parts: Sequence[Row | AlikeRounds], flow: Flow, last: int) -> bool:
    """Return whether a round keeps to itself: its rows read what comes in, and each other alone.

    They come after the `last` row before them.
    """
    axes = len(flow.field) if isinstance(flow.field, tuple) else None
    for row in parts:
        if isinstance(row, AlikeRounds):
            continue  # it was looked at
        if row.shared is not None or row.writes == Writes.OUTPUT:
            return False
        if any(each <= last and each != flow.row for each in row.inputs):
            return False
        if isinstance(row.field, tuple) and (len(row.field) != axes or not _is_plain(row.field)):
            return False
    return True
