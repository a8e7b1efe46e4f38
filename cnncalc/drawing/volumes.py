"""Volumes: boxes in oblique projection, channels as depth, kernels with their cones."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from cnncalc.drawing.cells import Cell, FrameCell, Lane, Maker, cells, frames
from cnncalc.drawing.measures import width
from cnncalc.drawing.parts import spelled, stops
from cnncalc.drawing.routes import Tracks, route, share_gaps, spots
from cnncalc.drawing.scales import Scale
from cnncalc.drawing.shapes import Drawing, Line, Text, TitledShapes, arrow, singles
from cnncalc.speech.language import _
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.cells import Chain, Item
    from cnncalc.drawing.parts import DrawnNetwork, Stop
    from cnncalc.drawing.routes import Spot
    from cnncalc.drawing.shapes import Bounds, Shape
    from cnncalc.report.diagram import Cluster, Vertex

RIGHT, UP = 0.42, 0.24
"""How far the width of a map goes to the right and up, in oblique projection."""

MOST_APART = 14  # volumes that are drawn apart, with their kernels; more stand close

_SIZE = 7.0
_MOST_STEPS = 16


class Solid(NamedTuple):
    """A volume with its place: `x` is its left edge, `y` the middle of its front."""

    stop: Stop
    x: float
    y: float
    thick: float
    high: float
    wide: float

    @property
    def right(self) -> float:
        """Where its side ends."""
        return self.x + self.thick + RIGHT * self.wide

    @property
    def lift(self) -> float:
        """How far its side goes up."""
        return UP * self.wide

    @property
    def top(self) -> float:
        """Where its back begins."""
        return self.y - self.high / 2 - self.lift

    @property
    def bottom(self) -> float:
        """Where its front ends."""
        return self.y + self.high / 2


class _SolidCell(Cell):
    """A volume as a cell: its trunk is the middle of its front, and it goes on to the right."""

    def __init__(self, stop: Stop, scale: Scale) -> None:
        super().__init__(stop.parts[0], scale.room)
        self.stop, self.size = stop, ""
        self.high, self.deep = scale.edges(stop.volume)
        self.thick = scale.thickness(stop.volume)

    @property
    def solid(self) -> Solid:
        """It as it is drawn."""
        return Solid(self.stop, self.y, self.x, self.thick, self.high, self.deep)

    @property
    def out(self) -> float:
        """Where arrows leave it."""
        return self.x - UP * self.deep / 2

    def widen(self, wide: float) -> None:
        """Leave it as it is."""

    @property
    def left(self) -> float:
        """How far it reaches above its trunk, with its name."""
        return self.high / 2 + UP * self.deep + (10 if self.stop.label else 2)

    @property
    def right(self) -> float:
        """How far it reaches below its trunk, with its size."""
        return self.high / 2 + 12

    @property
    def height(self) -> float:
        """How far it goes."""
        return self.thick + RIGHT * self.deep

    @property
    def bottom(self) -> float:
        """Where its side ends."""
        return self.y + self.height


class _Brace(FrameCell):
    """What is gone through several times, with a bracket below it."""

    @property
    def left(self) -> float:
        """How far it reaches above its trunk."""
        return self.chain.left

    @property
    def right(self) -> float:
        """How far it reaches below its trunk."""
        return self.chain.right + 18

    @property
    def inset(self) -> float:
        """How far in its chain begins."""
        return 0.0


class _VolumeMaker(Maker):
    """What makes cells of volumes; what has a name alone has no frame."""

    def __init__(self, network: DrawnNetwork) -> None:
        super().__init__(network)
        self.stops = stops(network)
        self.own = {stop.parts[0].number: stop for stop in self.stops.values()}
        volumes = [stop.volume for stop in self.own.values()]
        self.scale = Scale(volumes, network.report.input, network.room)

    def cell(self, box: Vertex) -> Cell | None:
        """Return the volume that begins with a box."""
        stop = self.own.get(box.number)
        return _SolidCell(stop, self.scale) if stop else None

    def frame(self, frame: Cluster, chain: Chain) -> Sequence[Item]:
        """Return what stands in a frame, with a bracket where it is a repeat."""
        return [_Brace(frame, chain)] if frame.times > 1 else chain.items


def draw(network: DrawnNetwork) -> Drawing:
    """Return a network from left to right."""
    maker = _VolumeMaker(network)
    chain = maker.chain(network.graph.members)
    where = dict(spots(chain))
    share_gaps(chain)
    drawn = _close(where, maker)
    routes = [
        route(where[read], where[number], place)
        for number, stop in maker.own.items()
        for place, read in enumerate(stop.reads)
        if (read, number) not in drawn
    ]
    chain.spread()
    chain.place_across(0)
    tracks = Tracks(routes)
    chain.place_along(0)
    lines: dict[Shape, None] = {}
    for each in routes:
        points = [(along, across) for across, along in tracks.points(each)]
        colour = "skip" if any(isinstance(part, Lane) for part in each.uprights) else "arrow"
        lines |= dict.fromkeys(arrow(points, colour, dashed=each.target.part.row.aux))
    made = [cell for cell in cells(chain) if isinstance(cell, _SolidCell)]
    solids = [cell.solid for cell in made]
    shapes = [*lines, *(shape for solid in solids for shape in _solid(solid))]
    for one, two in pairwise(solids):
        if (one.stop.parts[0].number, two.stop.parts[0].number) in drawn:
            shapes += _kernel(one, two, maker.scale)
    shapes += _words(solids, list(lines), list(frames(chain)), network)
    edges = _("edges by the root of sizes") if maker.scale.is_root else _("edges by sizes")
    return Drawing(shapes, (f"{edges}, {_('thickness by the logarithm of channels')}",))


def _close(where: dict[int, list[Spot]], maker: _VolumeMaker) -> set[tuple[int, int]]:
    """Return the volumes that need no arrow, right behind what they read; put those close."""
    readers: dict[int, int] = {}
    for stop in maker.own.values():
        for read in stop.reads:
            readers[read] = readers.get(read, 0) + 1
    is_apart = len(maker.own) <= MOST_APART
    drawn = set()
    for number, stop in maker.own.items():
        (chain, place), read = where[number][-1], stop.reads[0] if stop.reads else number
        before = chain.items[place - 1] if place and len(stop.reads) == 1 else None
        if not isinstance(before, _SolidCell) or before.part.number != read:
            continue
        drawn.add((read, number))
        same = len(stop.volume) > 1 and before.stop.volume[:-1] == stop.volume[:-1]
        if readers[read] == 1:
            gap = chain.gaps[place]
            gap.is_closed, gap.shut = True, 11.0 if len(stop.volume) == 1 else 9.0
            if same and not is_apart:
                gap.shut = 6.0 - RIGHT * before.deep
    return drawn


def _kernel(one: Solid, two: Solid, scale: Scale) -> Iterator[Shape]:
    """Yield the window of a layer on the map that it reads, and its cone."""
    part = two.stop.parts[0]
    size = _window(part.row.node)
    if not (size and one.wide and two.wide and one.right <= two.x + 0.1):
        return
    high = min(scale.edge(size[0]), one.high * 0.9)
    wide = min(scale.edge(size[-1]), one.wide * 0.9)
    if len(size) == 1:
        wide = min(high, one.wide * 0.9)
    x, y = one.x + one.thick + RIGHT * one.wide / 2, one.y - one.lift / 2
    dx, dy, half = RIGHT * wide / 2, UP * wide / 2, high / 2
    corners = (
        (x - dx, y - half + dy),
        (x + dx, y - half - dy),
        (x + dx, y + half - dy),
        (x - dx, y + half + dy),
    )
    tip = (two.x, two.y)
    yield Line(corners, "edge", f"{part.family}-front", weight=0.5)
    yield Line((corners[1], tip), "skip", weight=0.5)
    yield Line((corners[2], tip), "skip", weight=0.5)


def _window(node: Any) -> tuple[int, ...] | None:
    """Return the kernel of a layer, if it has one, and its numbers are known."""
    named = getattr(node, "named", {})
    size = named.get("kernel")
    if isinstance(size, tuple) and all(isinstance(each, int) for each in size):
        return size
    return None


def _solid(solid: Solid) -> Iterator[Shape]:
    """Yield the three faces of a volume that are seen; of a bar one."""
    part = solid.stop.parts[0]
    left, right, top, bottom = (
        solid.x,
        solid.x + solid.thick,
        solid.y - solid.high / 2,
        solid.bottom,
    )
    front = ((left, top), (right, top), (right, bottom), (left, bottom))
    tone = part.fill
    faces: list[Shape] = []
    if solid.wide:
        dx, dy = RIGHT * solid.wide, solid.lift
        shaded = tone.startswith("shade")
        side = ((right, top), (right + dx, top - dy), (right + dx, bottom - dy), (right, bottom))
        roof = ((left, top), (left + dx, top - dy), (right + dx, top - dy), (right, top))
        faces.append(Line(side, "edge", tone if shaded else f"{tone}-side", dashed=part.row.aux))
        faces.append(Line(roof, "edge", tone, dashed=part.row.aux))
        front_tone = tone if shaded else f"{tone}-front"
    else:
        front_tone = tone
    faces.append(Line(front, "edge", front_tone, dashed=part.row.aux))
    yield TitledShapes(solid.stop.title, tuple(faces))


# ---------------------------------------------------------------- words


def _words(
    solids: Sequence[Solid],
    lines: Sequence[Shape],
    brackets: Sequence[FrameCell],
    network: DrawnNetwork,
) -> Iterator[Shape]:
    """Yield sizes below and names above, each moved away until it touches nothing; and brackets."""
    taken: list[Bounds] = [bounds for solid in solids for bounds in _faces(solid)]
    paths = [each.points for each in singles(lines) if isinstance(each, Line)]
    taken += [Line(ends).bounds for points in paths for ends in pairwise(points)]
    first = network.report.settings.channels_first
    written: list[Text] = []
    for place, solid in enumerate(solids):
        after = solids[place + 1] if place + 1 < len(solids) else None
        volume = solid.stop.volume
        if after and after.stop.volume == volume and after.y == solid.y:
            continue
        text = spelled(volume, channels_first=first)
        middle = (solid.x + solid.x + solid.thick) / 2
        written += _settle(taken, middle, solid.bottom + 7, text, 8.0, "faint")
    for solid in solids:
        if solid.stop.label:
            middle = (solid.x + solid.right) / 2
            written += _settle(taken, middle, solid.top - 6, solid.stop.label, -8.0, "ink")
    yield from written
    for each in brackets:
        start, end = each.y, each.y + each.height
        y = 6 + max(low for left, _top, right, low in taken if left < end and start < right)
        yield Line(((start, y - 3), (start, y), (end, y), (end, y - 3)), "skip")
        yield Text((start + end) / 2, y + 7, each.title, _SIZE)
        taken.append((start, y, end, y + 12))


def _faces(solid: Solid) -> list[Bounds]:
    """Return boxes around what is drawn of a solid: its front, and slices of its side."""
    right, half = solid.x + solid.thick, solid.high / 2
    found = [(solid.x, solid.y - half, right, solid.y + half)]
    for slice_ in range(4):
        low, high = slice_ / 4, (slice_ + 1) / 4
        dx, up = RIGHT * solid.wide, solid.lift
        found.append(
            (
                solid.x + dx * low,
                solid.y - half - up * high,
                right + dx * high,
                solid.y + half - up * low,
            )
        )
    return found


def _settle(
    taken: list[Bounds], x: float, y: float, text: str, step: float, colour: str
) -> Iterator[Text]:
    """Yield a text at a place, beside it or some steps away, where it touches nothing."""
    half = width(text, _SIZE) / 2
    for number, beside in product(range(_MOST_STEPS), (0, half, -half)):
        found = Text(x + beside, y + number * step, text, _SIZE, colour=colour)
        left, top, right, bottom = found.bounds
        around = (left - 2, top - 1.5, right + 2, bottom + 1.5)
        if not any(_touch(around, each) for each in taken):
            taken.append(found.bounds)
            yield found
            return


def _touch(one: Bounds, two: Bounds) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
