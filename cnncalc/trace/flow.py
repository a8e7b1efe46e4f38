"""What flows from an item to the next, and what names stand for on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.evaluation import Scope
from cnncalc.trace.expansion import in_round
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.evaluation import Known
    from cnncalc.notation.tree import Argument, Group, Item


class FirstUse:
    """The first use of what a label labels: the item, what came in, its names, the row before."""

    def __init__(self, item: Item, flow: Flow, frame: Frame, row: int) -> None:
        self.item = item
        self.flow = flow
        self.frame = frame
        self.row = row


class Flow(NamedTuple):
    """What passes from an item to the next: a volume, what it sees, and the row it is from.

    `seen` is the one input that it sees, its row and its volume; None where it sees several.

    `depth` counts, on the longest path up to here, the layers that hold weights to multiply with
    (conv, transposed conv, local, fc), and then the non-linearities on that path. What a label
    holds has the first `use` of what it labels.
    """

    volume: Volume
    field: Field
    row: int
    depth: tuple[int, int] = (0, 0)
    use: FirstUse | None = None
    seen: tuple[int, Volume] | None = None


NOTHING = Flow((), None, -1)
"""What flows before a network's first volume."""


class Frame(NamedTuple):
    """What names stand for inside a call, and the labels that are set and seen.

    Frames of one `key` give the same numbers to the same names, the sizes of labels apart.
    Only where it is of the `is_network` may volumes stand that are inputs.
    """

    parameters: dict[str, Known | None]
    rest: tuple[Argument, ...]
    labels: dict[str, Flow]
    outer: Frame | None = None
    is_network: bool = False
    key: tuple[object, ...] = ()

    def inner(self) -> Frame:
        """Return the frame of an aux: it sees these labels, and sets its own."""
        return Frame(self.parameters, self.rest, {}, self, self.is_network, self.key)

    def round(self, group: Group, turn: int) -> Frame:
        """Return the frame of a group's round, which may name its number, from 0."""
        if not group.by_round:
            return Frame(self.parameters, self.rest, {}, self, False, self.key)
        key = self.key, turn
        return Frame(in_round(group, self.parameters, turn), self.rest, {}, self, False, key)

    def scope(self, flow: Flow) -> Scope:
        """Return what names stand for at an item."""
        return Scope(self.parameters, flow.volume[-1])

    def find(self, label: str) -> Flow:
        """Return what a label holds, here or around."""
        frame: Frame | None = self
        while frame is not None:
            if label in frame.labels:
                return frame.labels[label]
            frame = frame.outer
        raise KeyError(label)
