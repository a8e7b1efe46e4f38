"""What a figure is made of: boxes, areas, paths and texts with places, in points, y downwards.

Colours are names of the palette. A writer of figures needs to know these shapes and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.drawing.measures import width
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Point: TypeAlias = tuple[float, float]

THIN = 0.6
"""The width of a line, where no other is given."""

TALL = 0.72
"""The height of capitals and digits, as a part of a text's size."""


class Box(NamedTuple):
    """A rectangle, its corners perhaps round; `fill` and `line` are colours, None for none."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None
    line: str | None = "edge"
    radius: float = 0
    dashed: bool = False
    weight: float = THIN

    @property
    def bounds(self) -> Bounds:
        """The box around it."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def moved(self, dx: float, dy: float) -> Box:
        """Return it elsewhere."""
        return self._replace(x=self.x + dx, y=self.y + dy)

    def turned(self) -> Box:
        """Return it with x and y exchanged."""
        return self._replace(x=self.y, y=self.x, width=self.height, height=self.width)


class Line(NamedTuple):
    """A path through points, its corners perhaps round; an area, where it has a `fill`."""

    points: tuple[Point, ...]
    line: str | None = "arrow"
    fill: str | None = None
    radius: float = 0
    dashed: bool = False
    weight: float = THIN

    @property
    def bounds(self) -> Bounds:
        """The box around it."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def moved(self, dx: float, dy: float) -> Line:
        """Return it elsewhere."""
        return self._replace(points=tuple((x + dx, y + dy) for x, y in self.points))

    def turned(self) -> Line:
        """Return it with x and y exchanged."""
        return self._replace(points=tuple((y, x) for x, y in self.points))


class Text(NamedTuple):
    """A line of text that stands at a point: its start, middle or end, at half its height.

    Upright it reads to the right, else upwards.
    """

    x: float
    y: float
    text: str
    size: float
    anchor: str = "middle"
    colour: str = "ink"
    bold: bool = False
    upright: bool = True

    @property
    def length(self) -> float:
        """How long it is."""
        return width(self.text, self.size) * (1.07 if self.bold else 1)

    @property
    def bounds(self) -> Bounds:
        """The box around its letters."""
        before = {"start": 0, "middle": 0.5, "end": 1}[self.anchor] * self.length
        half = self.size * TALL / 2
        if self.upright:
            left = self.x - before
            return left, self.y - half, left + self.length, self.y + half
        bottom = self.y + before
        return self.x - half, bottom - self.length, self.x + half, bottom

    def moved(self, dx: float, dy: float) -> Text:
        """Return it elsewhere."""
        return self._replace(x=self.x + dx, y=self.y + dy)

    def turned(self) -> Text:
        """Return it with x and y exchanged: what read to the right reads upwards."""
        anchor = {"start": "end", "end": "start"}.get(self.anchor, self.anchor)
        return self._replace(x=self.y, y=self.x, anchor=anchor, upright=not self.upright)


class Boxes(NamedTuple):
    """Rectangles of one look, each by its left, top, right and bottom."""

    places: tuple[Bounds, ...]
    fill: str | None
    line: str | None = "edge"
    dashed: bool = False
    weight: float = THIN

    @property
    def bounds(self) -> Bounds:
        """The box around them."""
        lefts, tops, rights, bottoms = zip(*self.places, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def moved(self, dx: float, dy: float) -> Boxes:
        """Return them elsewhere."""
        places = tuple((a + dx, b + dy, c + dx, d + dy) for a, b, c, d in self.places)
        return self._replace(places=places)

    def turned(self) -> Boxes:
        """Return them with x and y exchanged."""
        return self._replace(places=tuple((b, a, d, c) for a, b, c, d in self.places))


class Moving(NamedTuple):
    """Shapes that go from place to place, each so far from where they stand; None: nowhere.

    They are `seconds` at each, and after the last at the first again.
    """

    shapes: tuple[Shape, ...]
    places: tuple[Point | None, ...]
    seconds: float = 1.0

    def at(self, step: int) -> tuple[Shape, ...]:
        """Return the shapes where they are at a step."""
        place = self.places[step]
        return tuple(each.moved(*place) for each in self.shapes) if place else ()

    @property
    def bounds(self) -> Bounds:
        """The box around all places."""
        left, top, right, bottom = around(self.shapes)
        xs, ys = zip(*filter(None, self.places), strict=True)
        return left + min(xs), top + min(ys), right + max(xs), bottom + max(ys)

    def moved(self, dx: float, dy: float) -> Moving:
        """Return them elsewhere."""
        return self._replace(shapes=tuple(each.moved(dx, dy) for each in self.shapes))

    def turned(self) -> Moving:
        """Return them with x and y exchanged."""
        places = tuple(place and (place[1], place[0]) for place in self.places)
        return Moving(tuple(each.turned() for each in self.shapes), places, self.seconds)


class TitledShapes(NamedTuple):
    """Shapes that are one thing, and what is said of it."""

    title: str
    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """The box around them."""
        return around(self.shapes)

    def moved(self, dx: float, dy: float) -> TitledShapes:
        """Return them elsewhere."""
        return self._replace(shapes=tuple(each.moved(dx, dy) for each in self.shapes))

    def turned(self) -> TitledShapes:
        """Return them with x and y exchanged."""
        return self._replace(shapes=tuple(each.turned() for each in self.shapes))


Single: TypeAlias = Box | Boxes | Line | Text
Shape: TypeAlias = Single | TitledShapes | Moving
Bounds: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Figure(NamedTuple):
    """Shapes on a page of a size, what it is called, and by how much it is shown smaller."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]
    scale: float = 1.0


class Drawing(NamedTuple):
    """Shapes, and what is to be said below them."""

    shapes: list[Shape]
    notes: tuple[str, ...] = ()


def around(shapes: Iterable[Shape]) -> Bounds:
    """Return the box around shapes."""
    lefts, tops, rights, bottoms = zip(*(each.bounds for each in shapes), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def fitted(shapes: Sequence[Shape], title: str, margin: float = 8) -> Figure:
    """Return the figure of shapes, a margin around them; of a title the last line is its own."""
    left, top, right, bottom = around(shapes)
    dx, dy = margin - left, margin - top
    moved = tuple(each.moved(dx, dy) for each in shapes)
    own = title.rpartition("\n")[2]  # without definitions
    return Figure(right + dx + margin, bottom + dy + margin, own, moved)


def still(shapes: Iterable[Shape], step: int) -> list[Shape]:
    """Return shapes as they are at a step: none of them moves."""
    found: list[Shape] = []
    for each in shapes:
        if isinstance(each, Moving):
            found += each.at(step)
        elif isinstance(each, TitledShapes):
            found.append(each._replace(shapes=tuple(still(each.shapes, step))))
        else:
            found.append(each)
    return found


def singles(shapes: Iterable[Shape]) -> Iterator[Single]:
    """Yield shapes, those in groups and those that move too."""
    for each in shapes:
        if isinstance(each, TitledShapes | Moving):
            yield from singles(each.shapes)
        else:
            yield each


def arrow(points: Sequence[Point], colour: str = "arrow", *, dashed: bool = False) -> list[Shape]:
    """Return a path with right angles that ends in a head at its last point."""
    (x, y), (ex, ey) = points[-2:]
    length = ((ex - x) ** 2 + (ey - y) ** 2) ** 0.5 or 1
    ux, uy = (ex - x) / length, (ey - y) / length
    bx, by = ex - HEAD * ux, ey - HEAD * uy
    wide = HEAD * 0.45
    head = ((ex, ey), (bx - wide * uy, by + wide * ux), (bx + wide * uy, by - wide * ux))
    return [
        Line((*points[:-1], (bx, by)), colour, radius=3, dashed=dashed, weight=0.8),
        Line(head, None, colour),
    ]


HEAD = 4.0
"""How long the head of an arrow is."""
