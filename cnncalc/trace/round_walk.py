"""The walk through rounds that are alike: one is walked, and the others are its rows, moved on.

Where as much comes out of a round as came in, nothing is decided otherwise in the next: its rows
are those of this one with other numbers, further in by the same number of rows and of pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.measure import Writes
from cnncalc.trace.rounds import AlikeRounds, RoundStep, is_large_field
from cnncalc.trace.rows import Row
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.receptive_field import Axis
    from cnncalc.trace.flow import Flow
    from cnncalc.trace.ledger import Ledger


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
