"""The course of a walk: what decided its rows on the way.

What names come to, and how often a repeat comes, is decided by channels and sizes. A network whose
rows are gone through again with others among them is traced anew where those decide otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.expressions import Channels, is_sizes
from cnncalc.notation.tree import Call, Group, Layer
from cnncalc.trace.resolutions import Opened
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Pending
    from cnncalc.trace.flow import Flow, Frame

    Decide = Callable[[Flow], Any]


class Decision(NamedTuple):
    """What the channels of a flow decide of an item, at the step that it is, or before it."""

    decide: Decide
    flow: Flow
    step: int

    def on(self, volume: Volume) -> tuple[Any, Any]:
        """Return what was decided, and what is where another volume flows."""
        return self.decide(self.flow), self.decide(self.flow._replace(volume=volume))


class Course:
    """What a walk decided on its way; it `is_known` where all that decided it can be told.

    `decisions` are by the row whose channels they are made by, `sized` are the rows whose sizes
    something was made by; `before` is, of a join, the row from which its branches go on. The fields
    took so much work.
    """

    def __init__(self) -> None:
        self.is_known = True
        self.decisions: dict[int, list[Decision]] = {}
        self.sized: set[int] = set()
        self.before: dict[int, int] = {}
        self.phase_work = 0
        self._reads: dict[int, tuple[object, bool, bool]] = {}

    def note(
        self, item: Pending | Call | Group, decide: Decide, flow: Flow, frame: Frame, step: int
    ) -> None:
        """Keep what decides an item."""
        known = self._reads.get(id(item))
        if known is None:
            values = list(_values(item))
            reads = any(map(_reads_channels, values)), any(map(is_sizes, values))
            known = self._reads[id(item)] = item, *reads
        if known[1]:
            self.decisions.setdefault(flow.row, []).append(Decision(decide, flow, step))
        if known[2]:
            self.is_known = self.is_known and not known[1]
            around: Frame | None = frame
            while around is not None:
                self.sized.update(held.row for held in around.labels.values())
                around = around.outer

    def decided(self, row: int, volume: Volume) -> dict[int, Layer] | None:
        """Return the layers that are others where a row gives another volume, by their steps.

        None where more than layers is decided otherwise.
        """
        layers: dict[int, Layer] = {}
        for decision in self.decisions.get(row, ()):
            was, now = decision.on(volume)
            if isinstance(was, Opened):
                was, now = was.key, now.key
            if isinstance(now, Layer) and was.kind is now.kind:
                if was.values != now.values:
                    layers[decision.step] = now
            elif was != now:
                return None
        return layers


def _values(item: Pending | Call | Group) -> Iterator[Any]:
    """Yield the values that an item is decided by."""
    if isinstance(item, Group):
        yield (item.times,)
        return
    for argument in item.arguments:
        yield argument.value
    if isinstance(item, Call):
        for formal in item.definition.formals:
            yield formal.default or ()


def _reads_channels(part: object) -> bool:
    """Return whether the channels that arrive stand in a value."""
    if isinstance(part, Channels):
        return True
    return isinstance(part, tuple) and any(map(_reads_channels, part))
