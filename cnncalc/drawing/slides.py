"""How the windows of a layer go along an axis: what each output reads, place by place.

Places are the pixels of the input, and beyond both ends its padding. Those of a transposed conv lie
a stride apart, with zeros between them: over these its window goes one by one, as any other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds import arithmetic
from cnncalc.kinds.receptive_field import Reach, shift
from cnncalc.kinds.volumes import sides, spread
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.trace.rows import Row

LARGEST = 16
"""The longest axis that is drawn whole."""

MOST_PLACES = 36
"""The most places of one, with its padding and the zeros between its pixels."""


class Slide(NamedTuple):
    """An axis of `size` pixels, `step` places apart, and the windows of its `out` outputs.

    `before` and `after` are what it is padded by, as far as that is said or read.
    """

    size: int
    out: int
    reach: Reach
    step: int = 1
    before: int = 0
    after: int = 0

    def taps(self, output: int) -> range:
        """Return the places that an output reads."""
        first, stride, kernel, dilation, phases, _shares = self.reach
        turn = output
        if phases is not None:
            turn, phase = divmod(output, len(phases))
            first, kernel, dilation = phases[phase]
        start = turn * stride + first
        return range(start, start + dilation * kernel, dilation)

    def pixel(self, place: int) -> int | None:
        """Return the pixel that lies at a place, if one does."""
        pixel, beside = divmod(place, self.step)
        return pixel if not beside and 0 <= pixel < self.size else None

    def number(self, place: int) -> int | None:
        """Return the number that is written at a place: a pixel's, or that of one beyond them."""
        return place if self.step == 1 else self.pixel(place)

    @property
    def places(self) -> tuple[int, int]:
        """The first and last place, the padding among them."""
        last = (self.size - 1) * self.step
        return -self.before, last + self.after

    @property
    def is_large(self) -> bool:
        """Whether it is too long to be drawn whole."""
        first, last = self.places
        return max(self.size, self.out) > LARGEST or last - first >= MOST_PLACES


FLAT = Slide(1, 1, shift(0))
"""In place of the axis that a map of one axis lacks."""


def slides(row: Row) -> list[Slide]:
    """Return how the windows of a row's layer go along each axis; none, where it has none."""
    reaches = row.measure.reach
    sizes = (*row.input, *row.output)
    if not isinstance(reaches, tuple) or not all(isinstance(each, int) for each in sizes):
        return []
    if any(each.phases == () for each in reaches):
        return []
    return [_slide(row, axis, reach) for axis, reach in enumerate(reaches)]


def _slide(row: Row, axis: int, reach: Reach) -> Slide:
    named = row.node.named if row.node else {}  # type: ignore[union-attr] # of a layer
    size, out = row.input[axis], row.output[axis]
    step = 1
    if "output-padding" in named:
        rank = len(row.output) - 1
        kernel, step, pad, dilation = (
            spread(named[name], rank, name)[axis]
            for name in ("kernel", "stride", "padding", "dilation")
        )
        ends = named["output-padding"]
        end = None if ends is None else spread(ends, rank, "output padding")[axis]
        cut = arithmetic.transposed_same(kernel, step, dilation, end) if named["same"] else None
        before = cut[0] if cut else sides(pad)[0]
        reach = Reach(before - dilation * (kernel - 1), 1, kernel, dilation)
    found = Slide(size, out, reach, step)
    before, after = _declared(row, axis) if step == 1 else (0, 0)
    first, last = found.taps(0), found.taps(out - 1)
    return found._replace(
        before=max(before, -first[0]), after=max(after, last[-1] - (size - 1) * step)
    )


def _declared(row: Row, axis: int) -> tuple[int, int]:
    """Return the padding that a layer says it has, which its windows need not all read."""
    named = row.node.named if row.node else {}  # type: ignore[union-attr] # of a layer
    by_rule = any(named.get(name) for name in ("same", "causal", "full"))
    if "padding" not in named or by_rule or "output-padding" in named:
        return 0, 0
    return sides(spread(named["padding"], len(row.output) - 1, "padding")[axis])


def kept(slide: Slide, output: int) -> set[int]:
    """Return the places of a long axis that are drawn one by one: the ends, and what is read."""
    first, last = slide.places
    taps = slide.taps(output)
    end = (slide.size - 1) * slide.step
    near = {taps[0] - 1, *taps[:6], *taps[-3:], taps[-1] + 1}
    if taps[-1] - taps[0] < LARGEST:
        near.update(range(taps[0], taps[-1]))
    places = {first, -1, 0, 1, end - 1, end, end + 1, last, *near}
    return {place for place in places if first <= place <= last}


def ends_kept(size: int, unit: int) -> set[int]:
    """Return the units of a long output that are drawn one by one: the ends, and those about one.

    >>> sorted(ends_kept(112, 40))
    [0, 1, 39, 40, 41, 110, 111]
    """
    return {
        each for each in (0, 1, unit - 1, unit, unit + 1, size - 2, size - 1) if 0 <= each < size
    }
