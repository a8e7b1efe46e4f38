"""Volumes: boxes in oblique projection, channels as depth, kernels with their cones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cnncalc.drawing.parts import spelled, stops
from cnncalc.drawing.paths import is_free, way
from cnncalc.drawing.scales import LARGEST, Scale
from cnncalc.drawing.shapes import Drawing, Group, Line, Text, arrow, singles
from cnncalc.report.diagram import Cluster, Fork, Vertex
from cnncalc.speech.language import _
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.parts import Network, Stop
    from cnncalc.drawing.shapes import Bounds, Point, Shape
    from cnncalc.report.diagram import Member

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

    @property
    def bounds(self) -> Bounds:
        """The box around it."""
        return self.x, self.top, self.right, self.bottom

    @property
    def enters(self) -> Point:
        """Where arrows end."""
        return self.x, self.y

    @property
    def below(self) -> Point:
        """The middle of its lower edge, where arrows begin that cannot do so at its side."""
        return self.x + self.thick / 2, self.bottom

    @property
    def leaves(self) -> Point:
        """Where arrows begin."""
        return self.right, self.y - self.lift / 2


def draw(network: Network) -> Drawing:
    """Return a network from left to right."""
    scene = _Scene(network)
    scene.place(network.graph.members, 0, 0)
    solids = list(scene.solids.values())
    scene.lines = list(scene.skips())
    shapes = list(scene.lines)
    shapes += [shape for solid in solids for shape in _solid(solid)]
    shapes += [shape for one, two in pairwise(solids) for shape in scene.kernel(one, two)]
    shapes += _sizes(scene, solids)
    edges = _("edges by the root of sizes") if scene.scale.is_root else _("edges by sizes")
    return Drawing(shapes, (f"{edges}, {_('thickness by the logarithm of channels')}",))


class _Scene:
    """Where everything goes: solids by number, lines between them, brackets around repeats."""

    def __init__(self, network: Network, like: _Scene | None = None) -> None:
        self.network = network
        self.stops: dict[int, Stop] = like.stops if like else stops(network)
        own = (
            {stop.parts[0].number: stop.volume for stop in self.stops.values()} if not like else {}
        )
        self.scale: Scale = (
            like.scale if like else Scale(own.values(), network.report.input, network.room)
        )
        self.is_apart: bool = like.is_apart if like else len(own) <= MOST_APART
        self.solids: dict[int, Solid] = {}
        self.doors: dict[tuple[int, int], float] = {}
        self.lines: list[Shape] = []
        self.before: Solid | None = None
        self.begun = 0  # how many volumes there were, when the branch began
        self.brackets: list[tuple[Solid, Solid, str]] = []
        self.drawn: set[tuple[int, int]] = set()

    def place(self, members: Sequence[Member], x: float, y: float) -> float:
        """Place members from a point to the right; return where they end."""
        doors: dict[int, float] = {}
        for member in members:
            if isinstance(member, Vertex):
                self.doors |= {(member.number, place): door for place, door in doors.items()}
                x, doors = self._box(member, x, y), {}
            elif isinstance(member, Cluster):
                count = len(self.solids)
                x = self.place(member.members, x, y)
                inside = list(self.solids.values())[count:]
                if inside and member.times > 1:
                    text = f"{member.label} \u00d7{member.times}".strip()
                    self.brackets.append((inside[0], inside[-1], text))
            else:
                x, doors = self._fork(member, x, y)
        return x

    def _box(self, box: Vertex, x: float, y: float) -> float:
        """Place a volume; right behind the one that it reads, where that is before it."""
        stop = self.stops[box.number]
        if stop.parts[0].number != box.number:
            return x
        before, volume = self.before, stop.volume
        high, wide = self.scale.edges(volume)
        if before is not None and stop.reads == [before.stop.parts[0].number]:
            same = len(volume) > 1 and before.stop.volume[:-1] == volume[:-1]
            x = before.x + before.thick + 6 if same and not self.is_apart else before.right + 9
            if len(volume) == 1:
                x = before.right + 11
            self.drawn.add((before.stop.parts[0].number, box.number))
        solid = Solid(stop, x, y, self.scale.thickness(volume), high, wide)
        self.solids[box.number] = solid
        self.before = solid
        return solid.right + 9

    def _fork(self, fork: Fork, x: float, y: float) -> tuple[float, dict[int, float]]:
        """Place branches one above the other; return where those without a box pass."""
        spans = [self._span(branch) for branch in fork.branches]
        full = [place for place, branch in enumerate(fork.branches) if branch]
        tops, reach = [], 0.0
        for up, down in spans:
            tops.append(reach + up)
            reach += up + down + 8
        if fork.is_side:
            own = list(self.solids.values())[self.begun :]
            low = max(self.scale.room * LARGEST / 2, *(each.bottom - y for each in own), 0)
            tops = [tops[0] + 8 + low]
            middle = 0.0
        else:
            middle = (tops[full[0]] + tops[full[-1]]) / 2
        end = x
        doors: dict[int, float] = {}
        for place, (branch, top) in enumerate(zip(fork.branches, tops, strict=True)):
            if not branch:
                doors[place] = y + top - middle
            self.before = None
            begun, self.begun = self.begun, len(self.solids)
            end = max(end, self.place(branch, x + 12, y + top - middle))
            self.begun = begun
        self.before = None
        return end + 12, {} if fork.is_side else doors

    def _span(self, branch: Sequence[Member]) -> tuple[float, float]:
        """Return how far a branch reaches above and below its middle, with its words."""
        if not branch:
            return 3.0, 3.0
        other = _Scene(self.network, self)
        other.place(branch, 0, 0)
        solids = other.solids.values()
        if not solids:
            return 3.0, 3.0
        up, down = -min(each.top for each in solids), max(each.bottom for each in solids)
        return up + 10, down + (12 if len(solids) == 1 else 20)

    def skips(self) -> Iterator[Shape]:
        """Yield the arrows that a chain does not show by itself."""
        boxes = [solid.bounds for solid in self.solids.values()]
        depth = max(solid.bottom for solid in self.solids.values()) + 12
        taken: list[tuple[Point, Point]] = []
        seen: set[tuple[int, int]] = set()
        lane = 0
        for number, solid in self.solids.items():
            for place, read in enumerate(solid.stop.reads):
                door = self.doors.get((number, place))
                if door is None and ((read, number) in self.drawn or (read, number) in seen):
                    continue
                seen.add((read, number))
                source = self.solids[read]
                is_covered = self._is_covered(source)
                (sx, sy), (ex, ey) = source.below if is_covered else source.leaves, solid.enters
                tries = [[(sx, sy), (x, sy), (x, ey), (ex, ey)] for x in (sx + 5, ex - 7)]
                if door is not None:
                    turns = [(sx + 5, sy), (sx + 5, door), (ex - 7, door), (ex - 7, ey)]
                    tries = [[(sx, sy), *turns, (ex, ey)]]
                tries = [each for each in tries if is_free(each, boxes) and not is_covered]
                path = tries[0] if tries else None
                colour = "arrow" if path else "skip"
                path = path or way((sx, sy), (ex, ey), boxes, taken, down=is_covered)
                if path is None:  # too many volumes to look for one
                    low = depth + 5 * lane
                    lane += 1
                    turns = [(sx + 3, sy), (sx + 3, low), (ex - 6, low), (ex - 6, ey)]
                    path = [(sx, sy), *turns, (ex, ey)]
                taken += pairwise(path)
                yield from arrow(path, colour, dashed=solid.stop.parts[0].row.aux)

    def _is_covered(self, solid: Solid) -> bool:
        """Return whether the side of a volume is behind the next one, where they stand close."""
        point = solid.leaves
        return any(
            each.x < point[0] < each.right and each.top < point[1] < each.bottom
            for each in self.solids.values()
        )

    def kernel(self, one: Solid, two: Solid) -> Iterator[Shape]:
        """Yield the window of a layer on the map that it reads, and its cone."""
        part = two.stop.parts[0]
        size = _window(part.row.node)
        reads_it = (one.stop.parts[0].number, part.number) in self.drawn
        if not (size and reads_it and one.wide and two.wide and one.right <= two.x + 0.1):
            return
        high = min(self.scale.edge(size[0]), one.high * 0.9)
        wide = min(self.scale.edge(size[-1]), one.wide * 0.9)
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
    yield Group(solid.stop.title, tuple(faces))


# ---------------------------------------------------------------- words


def _sizes(scene: _Scene, solids: Sequence[Solid]) -> Iterator[Shape]:
    """Yield sizes below and names above, each moved away until it touches nothing."""
    taken: list[Bounds] = [bounds for solid in solids for bounds in _faces(solid)]
    paths = [each.points for each in singles(scene.lines) if isinstance(each, Line)]
    taken += [Line(ends).bounds for points in paths for ends in pairwise(points)]
    first = scene.network.report.settings.channels_first
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
    for one, two, text in scene.brackets:
        y = 6 + max(each[3] for each in taken if each[0] < two.right and one.x < each[2])
        yield Line(((one.x, y - 3), (one.x, y), (two.right, y), (two.right, y - 3)), "skip")
        yield Text((one.x + two.right) / 2, y + 7, text, _SIZE)
        taken.append((one.x, y, two.right, y + 12))


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
    """Yield a text at a place, or some steps away, where it touches nothing; else none."""
    for number in range(_MOST_STEPS):
        found = Text(x, y + number * step, text, _SIZE, colour=colour)
        left, top, right, bottom = found.bounds
        around = (left - 2, top - 1.5, right + 2, bottom + 1.5)
        if not any(_touch(around, each) for each in taken):
            taken.append(found.bounds)
            yield found
            return


def _touch(one: Bounds, two: Bounds) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
