"""Wrong ways to the size and the depth of a map: what slips do to a layer or to its output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import POOLS, along, spec, spec_padding
from cnncalc.homework.workings import total
from cnncalc.kinds import arithmetic
from cnncalc.kinds.measure import Writes
from cnncalc.kinds.volumes import sides
from cnncalc.numbers.lettered import Lettered
from cnncalc.numbers.working import are_numbers, ceiling, plain, product
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.variations import ChangeLayer, ChangeMeasure, RowAnswer
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.trace.rows import Row

GLOBAL = {"gap": "avgpool", "gmp": "maxpool"}
"""Pools over the whole map, and what pools so in windows."""


# ---------------------------------------------------------------- paddings


def one_sided(padding: Any) -> Any:
    """Return a padding with what stands on both sides put on one."""
    return tuple(side if type(side) is tuple else (side, 0) for side in padding)


def doubled(padding: Any) -> Any:
    """Return a padding with twice as much on each side."""
    return tuple((2 * sides(side)[0], 2 * sides(side)[1]) for side in padding)


def halved_kernel(layer: Layer) -> Layer:
    """Return a layer with half of an even kernel on each side for 'same'."""
    named = layer.named
    kernel = named.get("kernel", ())
    if not named.get("same") or all(plain(k) % 2 for k in kernel):
        return layer
    return spec(same=False, padding=tuple(k // 2 for k in kernel))(layer)


def dilation_more(layer: Layer) -> Layer:
    """Return a layer with a gap more between the cells of a dilated kernel."""
    if set(layer.named["dilation"]) <= {1}:
        return layer
    return spec(dilation=lambda given: tuple(d + 1 if d != 1 else d for d in given))(layer)


def stride_of_axis(axis: int) -> ChangeLayer:
    """Return a change of strides of a picture to 1 along all axes but one."""

    def stride(given: Any) -> Any:
        if len(given) > 1:
            return given
        return (given[0], 1) if axis == 0 else (1, given[0])

    return spec(stride=stride)


# ---------------------------------------------------------------- sizes


def with_output(found: Measure, volume: Volume) -> Measure:
    """Return a measure with another output, and its weights used at each place of it.

    A size that is less than 1 changes nothing.
    """
    if any(size < 1 for size in volume):
        return found
    macs = found.macs
    positions = product(found.output[:-1])
    if macs and plain(macs) == plain(found.weights) * plain(positions):
        macs = found.weights * product(volume[:-1])
    return found._replace(output=volume, macs=macs)


class WindowAxis:
    """A window along an axis: `n`, the size that comes in, and its k, s and d there."""

    def __init__(self, named: dict[str, Any], n: Any, axis: int) -> None:
        self.n, self.is_same = n, bool(named.get("same"))
        self.k, self.s = along(named["kernel"], axis), along(named["stride"], axis)
        self.d = along(named.get("dilation", (1,)), axis)
        self._sides = sides(along(named["padding"], axis))

    @property
    def before(self) -> Any:
        """The padding before the first pixel."""
        return self._sides[0]

    @property
    def padded(self) -> Any:
        """The size that comes in with the padding of both sides."""
        return self.n + arithmetic.padding(*self._sides)


def window_sizes(change: Callable[[WindowAxis], Any]) -> ChangeMeasure:
    """Return a change of the sizes that windows give, along each axis."""

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        named = layer.named
        sizes = [change(WindowAxis(named, n, axis)) for axis, n in enumerate(volume[:-1])]
        return with_output(found, (*sizes, found.output[-1]))

    return change_measure


def outputs(change: Callable[[Any], Any]) -> ChangeMeasure:
    """Return a change of the sizes that come out of windows."""

    def change_measure(found: Measure, _layer: Layer, _volume: Volume) -> Measure:
        sizes = tuple(change(size) for size in found.output[:-1])
        return with_output(found, (*sizes, found.output[-1]))

    return change_measure


def dilation_multiplied(window: WindowAxis) -> Any:
    """Take a dilated kernel to reach over k*d pixels; 0 where nothing is dilated."""
    if window.is_same or window.d == 1:
        return 0
    return (window.padded - window.k * window.d) // window.s + 1


def plus_one_inside(window: WindowAxis) -> Any:
    """Take the formula as floor((n + 2p - k + 1) / s); 0 where nothing is divided."""
    if window.is_same or window.s == 1:
        return 0
    return (window.padded - window.k + 1) // window.s


# ---------------------------------------------------------------- depths


def depth_of_input(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Keep the channels of the input."""
    if layer.kind.writes != Writes.NEW or len(found.output) == 1:
        return found
    return found._replace(output=(*found.output[:-1], volume[-1]))


def channels_of_join(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Add up the channels of an add's branches, as concat does."""
    if len(row.reads) < 2:
        return None
    return _with_depth(row, quantity, total([volume[-1] for volume in row.reads]))


def channels_of_one(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Keep the channels of one branch of a concat, of which all have as many, as add does."""
    if len({volume[-1] for volume in row.reads}) > 1:
        return None
    return _with_depth(row, quantity, row.reads[0][-1])


def without_branch(number: int) -> RowAnswer:
    """Return the channels of a concat without those of one branch, from 0."""

    def answer(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
        if not number < len(row.reads) > 1:
            return None
        left = [volume[-1] for at, volume in enumerate(row.reads) if at != number]
        return _with_depth(row, quantity, total(left))

    return answer


def _with_depth(row: Row, quantity: str, depth: Any) -> Any:
    """Return a row's output with other channels, or these."""
    depth = plain(depth)
    return (*row.output[:-1], depth) if quantity == "output" else depth


def channels_pooled(*, map_too: bool) -> ChangeMeasure:
    """Return a change of what a pool gives: channels are pooled, the map as well or not."""

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        if layer.kind.name in GLOBAL:
            return found._replace(output=(*volume[:-1], 1))
        channels = volume[-1] // layer.named["stride"][0]
        if channels < 1:
            return found
        sizes = found.output[:-1] if map_too else volume[:-1]
        return found._replace(output=(*sizes, channels))

    return change_measure


def depth_padded(found: Measure, layer: Layer, _volume: Volume) -> Measure:
    """Pad the depth as well, on both sides."""
    return _deeper(found, layer, 2)


def depth_padded_once(_found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Pad the map on one side, and the depth as well, where a layer does nothing else."""
    return _deeper(measured(spec_padding(one_sided)(layer), volume), layer, 1)


def _deeper(found: Measure, layer: Layer, times: int) -> Measure:
    name = "size" if layer.kind.name == "pad" else "padding"
    if len(found.output) == 1:
        return found
    more = sides(layer.named[name][0])[0]
    depth = found.output[-1] + (times * more if times > 1 else more)
    return found._replace(output=(*found.output[:-1], depth))


def only_depth_padded(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Pad the depth, and not the map."""
    if len(volume) == 1:
        return found
    return found._replace(output=(*volume[:-1], volume[-1] + sides(layer.named["size"][0])[0]))


def floor_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Give the fraction that (n + 2p - d(k - 1) - 1)/s + 1 comes to, where it is not whole."""
    from fractions import Fraction

    if layer.named.get("same") or layer.named.get("ceil"):
        return found
    sizes = []
    for axis, n in enumerate(volume[:-1]):
        window = WindowAxis(layer.named, n, axis)
        room = plain(window.padded - window.d * (window.k - 1) - 1)
        if not are_numbers(window.s) or isinstance(room, Lettered):
            return found
        size = Fraction(room, plain(window.s)) + 1
        sizes.append(size.numerator if size.denominator == 1 else size)
    return with_output(found, (*sizes, found.output[-1]))


def rounded_up(window: WindowAxis) -> Any:
    """Round the size up; 0 for 'same', which does."""
    if window.is_same:
        return 0
    return ceiling(window.padded - arithmetic.extent(window.k, window.d), window.s) + 1


def another_kernel(k: int) -> ChangeLayer:
    """Return a change of kernels to another size, with the same padding."""

    def change_layer(layer: Layer) -> Layer:
        is_usual = layer.kind.name not in POOLS or k in (2, 3)
        if not is_usual or set(layer.named["kernel"]) <= {k}:
            return layer
        return spec(kernel=(k,))(layer)

    return change_layer
