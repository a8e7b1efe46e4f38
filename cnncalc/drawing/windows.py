"""Convolution arithmetic in motion: a window goes over its map, and each step makes an output.

The input with its padding lies below, the output above, as V. Dumoulin and F. Visin draw them ("A
guide to convolution arithmetic for deep learning", 2016). Of a map of more than two axes the last
two are drawn.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from cnncalc.drawing import groups
from cnncalc.drawing.fields import reads
from cnncalc.drawing.legend import legend
from cnncalc.drawing.maps import AWAY, INDEX, Map, Ruler
from cnncalc.drawing.parts import spelled
from cnncalc.drawing.shapes import Box, Boxes, Moving, Text, TitledShapes, around, fitted, still
from cnncalc.drawing.slides import FLAT, LARGEST, ends_kept, kept, slides
from cnncalc.kinds.volumes import times
from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.numbers.lettered import letters_in
from cnncalc.report.quantities import QUANTITIES, arithmetic
from cnncalc.report.workings import shown_row
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.trace.units import read_unit, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.drawing.groups import Sheet
    from cnncalc.drawing.legend import Key
    from cnncalc.drawing.shapes import Figure, Point, Shape
    from cnncalc.drawing.slides import Slide
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row

    Place = tuple[int, int]

MOST_FRAMES = 24
"""The most steps of a film strip: of more the first, and the last."""

_CELL = 14.0
_SIZE = 6.5
_PAGE = 500.0  # the width of a film strip, in points
_MOST_SQUARES = BUDGET.squares  # of all frames together, where a grid is as long as 66
_MOST_INDICES = 400  # of all frames together


def draw(report: Report, *, at: str | None = None, frames: bool = False) -> Figure:
    """Return the last layer of a network in motion, one step of it, or steps side by side.

    A map longer than 16 is drawn as one step, the first, if none is named.
    """
    row = report.rows[-1]
    along = slides(row)
    if not along:
        raise _without_numbers(row)
    rows, columns = [FLAT, *along][-2:]
    is_large = rows.is_large or columns.is_large
    if is_large and frames:
        raise _too_large(row)
    first = (0,) * len(along)
    unit = _unit(row, at) if at is not None else first if is_large else None
    if unit:
        steps = [((0, *unit)[-2], unit[-1])]
    else:
        steps = list(product(range(rows.out), range(columns.out)))
    scene = _Scene(report, row, (rows, columns), steps, frames=frames)
    seen = reads(unit_of(row, unit or first), is_named=unit is not None)
    notes = [*_notes(row), *groups.notes(row), *seen]
    chosen = [*range(len(steps))]
    most = min(MOST_FRAMES, _MOST_SQUARES // (66 + len(rows.taps(0)) * len(columns.taps(0))))
    if frames and len(chosen) > most:
        chosen = [*chosen[: most - 1], chosen[-1]]
        notes.append(_("{count} of {total} steps", count=len(chosen), total=len(steps)))
    shapes = scene.strip(chosen) if frames else scene.draw()
    return fitted([*shapes, *legend(_keys(row, (rows, columns)), shapes, notes)], report.text)


def _unit(row: Row, text: str) -> tuple[int, ...]:
    """Return the unit that a text names: by its place, or by the number of the step to it."""
    sizes = row.output[:-1]
    source = Source("--still", text)
    if len(sizes) == 1 or not is_digits(text.strip()):
        return read_unit(source, row).place
    whole = Span(source, 0, len(text))
    number, steps = read_whole(text.strip(), whole), sizes[-2] * sizes[-1]
    if number >= steps:
        raise Problem(
            "unit-out-of-range",
            _("the window makes no step {number}", number=number),
            [Label(whole, _("steps go from 0 to {last}", last=steps - 1))],
            helps=[_("the last is '{number}'", number=steps - 1)],
        )
    return (*(0 for _axis in sizes[:-2]), *divmod(number, sizes[-1]))


class _Scene:
    """The maps of a layer, and what goes over them from step to step."""

    def __init__(
        self,
        report: Report,
        row: Row,
        along: tuple[Slide, Slide],
        steps: Sequence[Place],
        *,
        frames: bool,
    ) -> None:
        self.row, self.along, self.steps = row, along, steps
        self.rank = sum(each is not FLAT for each in along)
        first = report.settings.channels_first
        self._names = (
            f"{_('input')} {spelled(row.input, channels_first=first)}",
            f"{_('output')} {spelled(row.output, channels_first=first)}",
        )
        self.seconds = 0.8 if len(steps) <= 16 else 0.5 if len(steps) <= 64 else 0.3
        digits = max(len(str(end)) for each in along for end in (*each.places, each.out))
        places = max(last - first + 4 for first, last in (each.places for each in along))
        self.cell = max(_CELL, 3.5 * digits + 1)
        if frames:
            self.cell = max(min(_CELL, _PAGE // (4 * places)), 5.0)
        self._inset = (
            round(0.7 * self.cell) / 4
        )  # eighths, so that windows that are alike are equal
        self._line = "edge" if self.cell > 9 else None
        pairs = list(zip(along, steps[0], strict=True))
        below = [
            Ruler(*a.places, self.cell, kept(a, unit) if a.is_large else None) for a, unit in pairs
        ]
        above = [
            Ruler(0, a.out - 1, self.cell, ends_kept(a.out, unit) if a.is_large else None)
            for a, unit in pairs
        ]
        middle = max(below[1].length, above[1].length) / 2
        count = groups.groups_of(row)
        self._below, self._above = (
            groups.sheets(each[-1], count) for each in (row.input, row.output)
        )
        gap = AWAY + INDEX + 8 + _depth(self._below)
        self.output = Map(above, middle - above[1].length / 2)
        self.input = Map(below, middle - below[1].length / 2, above[0].length + gap)

    @property
    def _counts(self) -> int:
        """How many numbers stand beside its maps."""
        return sum(each.places[1] + each.before + each.out for each in self.along)

    def draw(self) -> list[Shape]:
        """Return the maps, with their sizes and indices, and what moves over them."""
        return [*self._input(), *self._output(), *self._marks(), *self._sizes(), *self._indices()]

    def strip(self, chosen: Sequence[int]) -> list[Shape]:
        """Return steps side by side: in the rows that their outputs stand in, or as wide as a page.

        Each has its place below it; indices, where they are few.
        """
        shapes = [*self._input(), *self._output(), *self._marks()]
        if self._counts * len(chosen) <= _MOST_INDICES and self.cell > 9:
            shapes += self._indices()
        left, top, right, bottom = around(shapes)
        wide, high = right - left + 16, bottom - top + 24
        across = max(int(_PAGE // wide), 1)
        if self.rank > 1 and self.along[1].out <= across:
            across = self.along[1].out
        middle = (self.input.bounds[0] + self.input.bounds[2]) / 2 - left
        found: list[Shape] = []
        for place, number in enumerate(chosen):
            dx, dy = place % across * wide, place // across * high
            found += [each.moved(dx - left, dy - top) for each in still(shapes, number)]
            name = ",".join(map(str, self.steps[number][-self.rank :]))
            found.append(Text(dx + middle, dy + bottom - top + 7, name, _SIZE, bold=True))
        return found

    def _input(self) -> Iterator[Shape]:
        """Yield the input in its padding, and the zeros between its pixels."""
        here = self.input
        ends = [(0, (each.size - 1) * each.step) for each in self.along]
        whole = [each.places for each in self.along]
        shapes: list[Shape] = [*here.behind(self._below, whole, "conv-front")]
        if whole != ends:
            shapes += here.grid(whole, "plain", "frame")
        if any(each.step > 1 for each in self.along):
            pixels = [
                [place for place in ruler.alone if each.pixel(place) is not None]
                for each, ruler in zip(self.along, here.rulers, strict=True)
            ]
            shapes += here.grid(ends, "plain", "frame")
            shapes.append(Boxes(here.cells(pixels), "conv-front"))
        else:
            shapes += here.grid(ends, "conv-front", "edge")
        yield TitledShapes(self._names[0], tuple(shapes))

    def _output(self) -> Iterator[Shape]:
        here = self.output
        ends = [(0, each.out - 1) for each in self.along]
        behind = here.behind(self._above, ends, "up-front")
        yield TitledShapes(self._names[1], (*behind, *here.grid(ends, "up-front", "edge")))

    def _sizes(self) -> Iterator[Text]:
        """Yield the size of the input below it, and that of the output above it."""
        below, above = self._names
        left, _top, right, bottom = self.input.bounds
        yield Text((left + right) / 2, bottom + AWAY + INDEX + 6, below, _SIZE)
        left, top, right, _bottom = self.output.bounds
        yield Text((left + right) / 2, top - _depth(self._above) - 7, above, _SIZE)

    def _indices(self) -> Iterator[Text]:
        """Yield the numbers of rows and columns of both maps: of the input those of pixels."""
        read, made = [], []
        for axis, each in enumerate(self.along):
            maps = (self.input, self.output)
            places, units = (here.rulers[axis].alone if each is not FLAT else [] for here in maps)
            numbers = ((place, each.number(place)) for place in places)
            read.append([(place, number) for place, number in numbers if number is not None])
            made.append([(unit, unit) for unit in units])
        yield from self.input.indices(*read)
        yield from self.output.indices(*made)

    def _marks(self) -> Iterator[Shape]:
        """Yield what moves: the window, what it makes, and the bars at the numbers of both."""
        for here in (self.input, self.output):
            yield from self._moving(here, None, partial(self._squares, here))
        for axis, each in enumerate(self.along):
            if each is not FLAT:
                for here in (self.input, self.output):
                    yield from self._moving(here, axis, partial(self._bars, here, axis))

    def _places(self, here: Map, step: Place) -> list[range]:
        """Return what a step reads of the input, or makes of the output."""
        if here is self.output:
            return [range(unit, unit + 1) for unit in step]
        return [each.taps(unit) for each, unit in zip(self.along, step, strict=True)]

    def _squares(self, here: Map, places: Sequence[range]) -> list[Shape]:
        """Return a square at each place, and a line around all."""
        alone = [
            [place for place in ruler.alone if place in each]
            for ruler, each in zip(here.rulers, places, strict=True)
        ]
        squares = here.cells(alone, self._inset)
        left, top, right, bottom = here.box([(each[0], each[-1]) for each in places])
        line = Box(left, top, right - left, bottom - top, None, "ink", weight=1.2)
        return [Boxes(squares, "pool", self._line), line]

    @staticmethod
    def _bars(here: Map, axis: int, places: Sequence[range]) -> list[Shape]:
        """Return the bars along an axis beside what is read or made."""
        return [here.bars(places[axis], is_row=axis == 0)]

    def _moving(
        self, here: Map, axis: int | None, shapes: Callable[[Sequence[range]], list[Shape]]
    ) -> Iterator[Shape]:
        """Yield shapes that go from step to step, along one axis or both: those alike as one."""
        if len(self.steps) == 1:
            yield from shapes(self._places(here, self.steps[0]))
            return
        bases: dict[Any, tuple[tuple[Shape, ...], Point]] = {}
        found: dict[Any, list[Point | None]] = {}
        for number, step in enumerate(self.steps):
            places = self._places(here, step)
            left, top, *_ends = here.box([(each[0], each[0]) for each in places])
            if axis is not None:
                left, top = (left, 0.0) if axis else (0.0, top)
                places = [each if at == axis else range(1) for at, each in enumerate(places)]
            key = tuple((len(each), each.step) for each in places)
            if key not in bases:
                bases[key] = tuple(shapes(places)), (left, top)
                found[key] = [None] * len(self.steps)
            (x, y), at = bases[key][1], found[key]
            at[number] = left - x, top - y
        for key, (base, _place) in bases.items():
            yield Moving(base, tuple(found[key]), self.seconds)


def _depth(sheets: Sequence[Sheet]) -> float:
    """Return how far the last of sheets stands behind the first."""
    return sheets[-1][0] if sheets else 0.0


def _keys(row: Row, along: Sequence[Slide]) -> Iterator[Key]:
    """Yield what the colours mean."""
    yield ["conv-front"], _("input")
    if any(each.step > 1 for each in along):
        yield ["plain"], _("zeros between and around its pixels")
    elif any(each.before or each.after for each in along):
        yield ["plain"], _("padding")
    yield ["up-front"], _("output")
    yield ["pool"], _("what the window reads, and what it makes")
    yield from groups.keys(row)


def _notes(row: Row) -> Iterator[str]:
    """Yield what the layer is, and how its output's size comes about."""
    yield f"{row.layer}: {row.node.kind.describe(row.input, *row.node.values)}"  # type: ignore[union-attr] # a layer
    yield from arithmetic(QUANTITIES["output"], shown_row(row))


def _without_numbers(row: Row) -> Problem:
    """Return the problem of a layer without windows, or of one whose sizes are letters."""
    if not letters_in((*row.input, *row.output)):
        return Problem(
            "layer-without-windows",
            _("no window of {layer} goes over a map", layer=quoted(row.layer)),
            [Label(row.node.span)] if row.node else (),
        )
    return Problem(
        "letter-needs-number",
        _("pixels have numbers, and letters stand here for some"),
        [Label(row.node.span)] if row.node else (),
        helps=[_("write a number in its place")],
    )


def _too_large(row: Row) -> Problem:
    """Return the problem of a film strip that nobody could read, with a map that has room."""
    sizes = _("{input} to {output}", input=times(row.input[:-1]), output=times(row.output[:-1]))
    most = times((LARGEST,) * (len(row.input) - 1))
    problem = Problem(
        "too-many-steps",
        _("a film strip shows maps of at most {most}", most=most),
        [Label(row.node.span, sizes)] if row.node else (),
        helps=[_("leave --frames out: one step is drawn then")],
    )
    problem.inputs = tuple(_smaller(row))
    return problem


def _smaller(row: Row) -> Iterator[str]:
    """Yield the largest of a few inputs that a film strip has room for."""
    node = row.node
    for size in (LARGEST, 12, 8, 6, 4):
        volume = (*(min(size, each) for each in row.input[:-1]), row.input[-1])
        with suppress(Problem):
            measure = node.measure(volume)  # type: ignore[union-attr] # a layer
            if not any(
                each.is_large for each in slides(row._replace(input=volume, measure=measure))
            ):
                yield times(volume)
                return
