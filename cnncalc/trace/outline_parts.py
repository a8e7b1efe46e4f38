"""The parts of an outline: a layer anywhere, and what a sequence comes to, each worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.receptive_field import OWN
from cnncalc.trace.expansion import MOST_LAYERS
from cnncalc.trace.flow import Flow

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row

LARGE = 10**50  # of one layer: what a million of them come to is far from what is refused


class Unclear(Exception):  # noqa: N818 - no fault: the trace answers in its place
    """A network, or a part of one, that is to be traced."""


class Once:
    """A layer or a join on one volume: the row that it would be, anywhere, and what it sees."""

    __slots__ = ("known", "layer", "measure", "reads", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.measure = row.measure
        self.layer = row.node
        self.reads = row.measure.reach != OWN
        self.known: dict[str, Any] = {}


class OutlinePart:
    """What a sequence comes to: what is `inside` of it, each so often, and what goes out.

    `field` is that of its output, where one pixel comes in, or 'all', or nothing is known; `rows`
    and `rounds` are at least as many as a trace counts. `known` is for what is worked out of it.
    """

    __slots__ = ("field", "inside", "known", "rounds", "rows", "volume")

    def __init__(self) -> None:
        self.inside: dict[Once | OutlinePart, int] = {}
        self.rows = self.rounds = 0
        self.volume: Volume = ()
        self.field: Field = None
        self.known: dict[str, Any] = {}

    def take(self, once: Once) -> None:
        """Take a layer into it."""
        self.rows += 1
        self.inside[once] = self.inside.get(once, 0) + 1

    def add(self, part: OutlinePart, times: int) -> None:
        """Take another part into it, some times over."""
        self.rows += times * part.rows
        self.rounds += times * (part.rounds + 1)
        if self.rows > MOST_LAYERS or self.rounds > MOST_LAYERS:
            raise Unclear
        self.inside[part] = self.inside.get(part, 0) + times

    def behind(self, flow: Flow, times: int) -> Flow:
        """Return what comes out where a flow comes in, some times over."""
        field: Any = self.field
        if type(field) is tuple and type(flow.field) is tuple:
            if len(field) != len(flow.field):
                raise Unclear
            field = tuple(map(_beyond, flow.field, field, (times,) * len(field)))
        return Flow(self.volume, field, -1, seen=flow.seen)


def _beyond(axis: Any, part: Any, times: int) -> tuple[int, int, int]:
    """Return an axis that goes on through what a part makes of one pixel, some times over."""
    size, jump, start = axis
    wide, step, first = part
    if times > 1 and step != 1:
        raise Unclear
    size, start = size + times * (wide - 1) * jump, start + times * first * jump
    if size > LARGE or jump > LARGE:
        raise Unclear
    return size, jump * step, start
