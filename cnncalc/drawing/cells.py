"""What figures of blocks and volumes are laid out from: chains of cells, frames and forks.

Everything stands around a trunk, an upright line: `x` is where that is, `left` and `right` how far
it reaches beside it, `y` where it begins and `height` how far down it goes. Volumes lie on their
side: their trunk goes to the right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.drawing.measures import cut, width, wrap
from cnncalc.report.diagram import Cluster, Vertex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.parts import DrawnNetwork, DrawnPart
    from cnncalc.report.diagram import Member

WORDS, SMALL = 7.5, 6.5
"""The sizes of text: in boxes, and of volumes and titles beside them."""

MOST_WORDS = 150.0
"""How wide the words of a box may be."""

AIR = 7.0
"""What is free between what stands side by side."""

_PAD, _STRIP, _INNER = 5.0, 11.0, 4.0


class Cell:
    """A box of its label, and of what it is in lines; `is_held`: right at the one before it.

    `size` is the volume that is written below it, if any is.
    """

    def __init__(self, part: DrawnPart, room: float) -> None:
        self.part = part
        self.chains: list[Chain] = []
        self.offsets: list[float] = []
        self.is_held = False
        self.size = ""
        self.x = self.y = 0.0
        words = [each for each in (part.label, part.words) if each]
        if part.times > 1:
            words[-1] += f" \u00d7{part.times}"
        most, last = room * MOST_WORDS, words.pop()
        self.lines = [cut(each, WORDS, most) for each in words] + wrap(last, WORDS, most)
        self.wide = max(width(line, WORDS) * 1.07 for line in self.lines) + 12
        first = 10.5 if part.is_inside else 13.0
        self.box_height = first + (9.5 if part.is_inside else 8.5) * (len(self.lines) - 1)

    @property
    def out(self) -> float:
        """Where arrows leave it."""
        return self.x

    def widen(self, wide: float) -> None:
        """Make it as wide as the others of its chain."""
        self.wide = wide

    @property
    def left(self) -> float:
        """How far it reaches to the left of its trunk."""
        return self.wide / 2

    @property
    def right(self) -> float:
        """How far it reaches to the right of its trunk."""
        return max(self.wide / 2, width(self.size, SMALL) + 5 if self.size else 0)

    @property
    def height(self) -> float:
        """How far down it goes, with the volume below it."""
        return self.box_height + (8 if self.size else 0)

    @property
    def bottom(self) -> float:
        """Where its box ends."""
        return self.y + self.box_height


class FrameCell:
    """A frame around a chain, with its title along its left side."""

    def __init__(self, frame: Cluster, chain: Chain) -> None:
        self.chain, self.chains, self.offsets = chain, [chain], [0.0]
        chain.has_entry = isinstance(chain.items[0], ForkCell)
        rounds = f"\u00d7{frame.times}" if frame.times > 1 else ""
        self.title = cut(f"{frame.label} {rounds}".strip(), SMALL, MOST_WORDS)
        self.x = self.y = 0.0

    @property
    def left(self) -> float:
        """How far it reaches to the left of its trunk."""
        return self.chain.left + _PAD + (_STRIP if self.title else 0)

    @property
    def right(self) -> float:
        """How far it reaches to the right of its trunk."""
        return self.chain.right + _PAD

    @property
    def inset(self) -> float:
        """How far down its chain begins: more, where the title is longer than that."""
        long = width(self.title, SMALL) * 1.07 + 4
        return max(_PAD, (long - self.chain.height) / 2)

    @property
    def height(self) -> float:
        """How far down it goes."""
        return self.chain.height + 2 * self.inset


class ForkCell:
    """Chains side by side; where only one has boxes it is on the trunk, else all are around it."""

    def __init__(self, chains: Sequence[Chain], *, is_side: bool) -> None:
        self.chains = [*([Chain([])] if is_side else []), *chains]
        self.is_side = is_side
        self.x = self.y = 0.0
        self.offsets: list[float] = []
        self.left = self.right = 0.0

    def spread(self) -> None:
        """Put the chains side by side."""
        places, reach = [], 0.0
        for chain in self.chains:
            places.append(reach + chain.left)
            reach += chain.left + chain.right + AIR
        full = [place for place, chain in zip(places, self.chains, strict=True) if chain.items]
        trunk = places[0] if self.is_side else (full[0] + full[-1]) / 2
        self.offsets = [place - trunk for place in places]
        self.left, self.right = trunk, reach - AIR - trunk

    @property
    def height(self) -> float:
        """How far down it goes."""
        return max(chain.height for chain in self.chains)


class Gap:
    """The room between two items of a chain, where arrows go sideways on tracks."""

    def __init__(self) -> None:
        self.tracks = 0
        self.is_used = False
        self.is_closed = False
        self.shut = 0.0  # how far down it goes where it is closed
        self.y = 0.0

    @property
    def height(self) -> float:
        """How far down it goes."""
        if self.is_closed:
            return self.shut
        return 11.0 + TRACK * max(self.tracks - 1, 0) + (2 if self.tracks else 0)


TRACK = 5.0
"""What is between two tracks."""


class Lane:
    """An upright line beside the items of a chain from one to another, for what `source` sends."""

    def __init__(self, chain: Chain, first: int, last: int, source: int) -> None:
        self.chain, self.first, self.last, self.source = chain, first, last, source
        self.offset = 0.0

    @property
    def x(self) -> float:
        """Where it is."""
        return self.chain.x + self.offset


class Chain:
    """Items one below another on a trunk, with gaps between them and lanes beside them.

    One in a frame that begins with a fork `has_entry`: its first gap is inside, and what `entry`
    sends comes in on the trunk.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.gaps = [Gap() for _ in range(len(items) + 1)]
        self.lanes: list[Lane] = []
        self.has_entry = False
        self.entry: int | None = None
        self.left = self.right = 3.0
        self.x = self.y = 0.0

    def lane(self, first: int, last: int, source: int) -> Lane:
        """Return the lane of a source beside items; one is made, where there is none."""
        for lane in self.lanes:
            if lane.source == source and (lane.first == first or lane.last == last):
                lane.first, lane.last = min(lane.first, first), max(lane.last, last)
                return lane
        self.lanes.append(Lane(self, first, last, source))
        return self.lanes[-1]

    def spread(self) -> None:
        """Find how far everything reaches sideways, inside out, and where lanes go."""
        for item in self.items:
            for chain in item.chains:
                chain.spread()
            if isinstance(item, ForkCell):
                item.spread()
        wide = max((item.wide for item in self.items if isinstance(item, Cell)), default=0)
        for item in self.items:
            if isinstance(item, Cell):
                item.widen(wide)
        reach = [item.right for item in self.items]
        for lane in sorted(self.lanes, key=lambda lane: (lane.last - lane.first, lane.first)):
            lane.offset = max(reach[lane.first : lane.last + 1], default=0.0) + AIR
            for place in range(lane.first, lane.last + 1):
                reach[place] = lane.offset + 1
        if self.items:
            self.left = max(item.left for item in self.items)
            self.right = max(reach)

    def place_across(self, x: float) -> None:
        """Put it, and all in it, on a trunk."""
        self.x = x
        for item in self.items:
            item.x = x
            for chain, offset in zip(item.chains, item.offsets, strict=True):
                chain.place_across(x + offset)

    @property
    def height(self) -> float:
        """How far down it goes, the gaps that it shares with those around it left out."""
        between = sum(gap.height for gap in self.gaps[0 if self.has_entry else 1 : -1])
        return between + sum(item.height for item in self.items)

    def place_along(self, y: float) -> None:
        """Put it, and all in it, where it begins."""
        self.y = y
        for place, item in enumerate(self.items):
            if place or self.has_entry:
                self.gaps[place].y = y
                y += self.gaps[place].height
            item.y = y
            for chain in item.chains:
                chain.place_along(y + item.inset if isinstance(item, FrameCell) else y)
            y += item.height


class Maker:
    """What makes the cells and the frames of a network."""

    def __init__(self, network: DrawnNetwork) -> None:
        self.network = network

    def cell(self, box: Vertex) -> Cell | None:
        """Return the cell of a box, if it has one of its own."""
        return Cell(self.network.parts[box.number], self.network.room)

    def frame(self, frame: Cluster, chain: Chain) -> Sequence[Item]:
        """Return what stands in a frame, framed."""
        return [FrameCell(frame, chain)]

    def chain(self, members: Sequence[Member], *, is_side: bool = False) -> Chain:
        """Return the chain of what the graph has one after another; `is_side`: an auxiliary one."""
        items: list[Item] = []
        for member in members:
            if isinstance(member, Vertex):
                if cell := self.cell(member):
                    is_aux = member.row.aux and not is_side
                    items.append(ForkCell([Chain([cell])], is_side=True) if is_aux else cell)
            elif isinstance(member, Cluster):
                inner = self.chain(member.members, is_side=is_side)
                items += self.frame(member, inner) if inner.items else ()
            else:
                is_aux = is_side or member.is_side
                chains = [self.chain(branch, is_side=is_aux) for branch in member.branches]
                if any(chain.items for chain in chains):
                    items.append(ForkCell(chains, is_side=member.is_side))
        return Chain(items)


Item: TypeAlias = Cell | FrameCell | ForkCell
"""What stands in a chain."""


def cells(chain: Chain) -> Iterator[Cell]:
    """Yield the cells of a chain, those inside its items too."""
    for item in chain.items:
        if isinstance(item, Cell):
            yield item
        for each in item.chains:
            yield from cells(each)


def frames(chain: Chain) -> Iterator[FrameCell]:
    """Yield the frames of a chain, outer ones first."""
    for item in chain.items:
        if isinstance(item, FrameCell):
            yield item
        for each in item.chains:
            yield from frames(each)
