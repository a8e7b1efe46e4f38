"""Wrong ways to parameters, MACs and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import along, spec
from cnncalc.homework.workings import as_told, cost, values_in
from cnncalc.kinds.table import KINDS
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import exact, plain, product, shown, spoken
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.dtypes import BITS
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.variations import ChangeInput, ChangeMeasure, RowAnswer
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row


# ---------------------------------------------------------------- what was measured of a layer


def depth_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count filters of one channel."""
    if len(volume) == 1:
        return found
    flat = measured(spec(groups=1)(layer), (*volume[:-1], 1))
    return found._replace(
        weights=flat.weights, biases=flat.biases, params=flat.params, macs=flat.macs
    )


def counted_with(**changes: Any) -> ChangeMeasure:
    """Return a change of counts to those of the layer with other arguments."""
    change = spec(**changes)

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        return _counted_as(measured(change(layer), volume), found)

    return change_measure


def sides_added(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Add the sides of a kernel where they multiply: k + k for k*k."""
    kernel = layer.named["kernel"]
    sides = kernel * (len(volume) - 1) if len(kernel) == 1 else kernel
    weights = plain(found.weights) // plain(product(sides)) * plain(sum(sides))
    return _with_weights(found._replace(biases=plain(found.biases)), weights, found)


def one_window(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count one filter of a depthwise or a transposed conv."""
    if layer.kind.name == "deconv":
        return counted_with(filters=1, groups=1)(found, layer, volume)
    return _counted_as(measured(spec(filters=None)(layer), (*volume[:-1], 1)), found)


def kernel_side_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count filters that have a pixel along their last axis: k for k*k."""
    if len(volume) < 3:
        return found
    kernel = layer.named["kernel"]
    first = kernel[:-1] if len(kernel) > 1 else kernel * (len(volume) - 2)
    flat = spec(kernel=(*first, 1), padding=(0,), stride=(1,), dilation=(1,))(layer)
    return _counted_as(measured(flat, volume), found)


def kernel_side_more(found: Measure, layer: Layer, _volume: Volume) -> Measure:
    """Count filters that have an axis more: k*k*k for k*k, k*k for k."""
    return _with_weights(found, found.weights * layer.named["kernel"][0], found)


def filters_as_deep(depth: Callable[[Layer], Any]) -> ChangeMeasure:
    """Return a change of the depth of filters to another number than the channels that come in."""

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        flat = measured(spec(groups=1)(layer), (*volume[:-1], depth(layer)))
        return _counted_as(flat, found)

    return change_measure


def groups_multiplied(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Multiply by the groups, where the channels are divided by them."""
    groups = layer.named["groups"]
    if groups == 1:
        return found
    flat = measured(spec(groups=1)(layer), volume)
    return _with_weights(flat, flat.weights * groups, found)


def one_group(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count the filters of one group alone."""
    groups = layer.named["groups"]
    if groups == 1:
        return found
    of_one = spec(groups=1, filters=lambda filters: exact(filters, groups))(layer)
    return _counted_as(measured(of_one, (*volume[:-1], exact(volume[-1], groups))), found)


def norm_learns(places: Callable[[Volume], Any]) -> ChangeMeasure:
    """Return a change of a norm, which learns a scale and a shift for each of other places."""

    def change_measure(found: Measure, _layer: Layer, volume: Volume) -> Measure:
        if len(volume) == 1:
            return found
        count = places(volume)
        parts = [count if each else 0 for each in (found.weights, found.biases)]
        params = 2 * count if all(parts) else sum(parts)
        return found._replace(weights=parts[0], biases=parts[1], params=params)

    return change_measure


def _counted_as(other: Measure, found: Measure) -> Measure:
    """Return a measure with the weights and biases of another, and MACs in proportion."""
    macs = plain(found.macs) * plain(other.weights) // plain(found.weights)
    return found._replace(
        weights=other.weights, biases=other.biases, params=other.params, macs=macs
    )


def _with_weights(other: Measure, weights: Any, found: Measure) -> Measure:
    """Return a measure with other weights and the biases of another, and MACs in proportion."""
    return _counted_as(other._replace(weights=weights, params=weights + other.biases), found)


def depthwise_full(found: Measure, _layer: Layer, volume: Volume) -> Measure:
    """Count a depthwise conv's filters as those of a standard one, of all channels."""
    weights = found.weights * volume[-1]
    return found._replace(
        weights=weights, params=weights + found.biases, macs=found.macs * volume[-1]
    )


def at_each_place(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Take a fully connected layer for one over the channels at each place, as a linear is."""
    if len(volume) == 1:
        return found
    return measured(layer._replace(kind=KINDS["linear"]), volume)


def weights_twice(found: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Count each weight twice."""
    if not found.weights:
        return found
    twice = 2 * found.weights
    return found._replace(params=twice + found.biases if found.biases else twice)


def biases(count: Callable[[Measure, Layer, Volume], Any]) -> ChangeMeasure:
    """Return a change of the number of biases, where there are any."""

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        own = count(found, layer, volume) if found.biases else None
        if own is None:
            return found
        own = as_told(own, found.weights)
        return found._replace(biases=own, params=found.weights + own)

    return change_measure


def values_put_out(found: Measure, _layer: Layer, _volume: Volume) -> Any:
    """Return how many values go out."""
    return values_in(found.output)


def kernels(found: Measure, layer: Layer, volume: Volume) -> Any:
    """Return how many kernels there are: one for each channel that each filter reads."""
    flat = depth_forgotten(found, layer, volume)
    if not flat.weights:
        return None
    return shown(found.biases) * exact(plain(found.weights), plain(flat.weights))


# ---------------------------------------------------------------- answers about one row


def side_alone(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply the weights by one side of the map, not by its area."""
    if len(row.output) < 3 or not row.weights:
        return None
    return cost(quantity, row.forward.of_all(shown(row.weights) * row.output[0]))


def input_grid(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply the weights by the positions of the input."""
    if len(row.input) < 2 or len(row.output) < 2 or not row.weights:
        return None
    macs = row.forward.of_all(shown(row.weights) * values_in(row.input[:-1]))
    return cost(quantity, macs)


def pixel_weights(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give each pixel of the map that a 1x1 conv sees a weight, and the map one bias."""
    is_point = set(row.node.named["kernel"]) == {1}  # type: ignore[union-attr]
    return values_in(row.input[:-1]) + 1 if is_point else None


def dilated_kernel(layer: Layer) -> Layer:
    """Return a dilated layer with a kernel as wide as it reaches."""
    values = layer.named
    if set(values["dilation"]) <= {1}:
        return layer
    rank = max(len(values["kernel"]), len(values["dilation"]))
    wide = tuple(
        plain(along(values["dilation"], axis)) * (plain(along(values["kernel"], axis)) - 1) + 1
        for axis in range(rank)
    )
    return spec(kernel=wide, dilation=(1,))(layer)


def units_see(change: Callable[[Volume], Volume]) -> ChangeInput:
    """Return a change of the map that units see: that of a flatten, or of a fc itself."""

    def change_input(_layer: Layer, volume: Volume) -> Volume:
        return volume if sum(size != 1 for size in volume) < 2 else change(volume)

    return change_input


def filters_alone(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give the number of filters, or of units."""
    is_of = isinstance(row.node, Layer) and {"filters", "units"} & row.node.named.keys()
    return row.output[-1] if row.weights and is_of else None


def counted_again(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count the weights of a row that has those of an earlier one."""
    if row.shared is None or not isinstance(row.node, Layer):
        return None
    values = tuple(spoken(value) for value in row.node.values)
    return getattr(row.node.kind.measure(spoken(row.input), *values), quantity, None)


def bias_counted(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count a bias for each filter where there is none."""
    if quantity != "params" or row.biases or not row.weights:
        return None
    return shown(row.weights) + row.output[-1]


def batch_counted(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply what is learned once by the batch."""
    batch = row.forward.batch
    return None if batch == 1 else shown(QUANTITIES[quantity].of(row)) * batch


# ---------------------------------------------------------------- pools, which learn nothing


def pool_learns(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give a pool a parameter for each cell of its window."""
    kernel = row.node.named["kernel"]  # type: ignore[union-attr] # a pool
    return product(spoken(kernel * (len(row.input) - 1) if len(kernel) == 1 else kernel))


def pool_as(kind: str) -> RowAnswer:
    """Return the parameters of a pool that is counted as a conv: with its filters and biases."""

    def answer(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
        pool: Any = row.node
        given = pool.named["kernel"]
        more = {"kernel": given, "padding": (given[0],)}  # so that it fits
        more |= {"filters": row.input[-1]} if kind == "conv" else {}
        of = KINDS[kind]
        values = {each.name: each.default for each in of.parameters} | more
        layer = pool._replace(kind=of, values=tuple(map(spoken, values.values())))
        return measured(layer, spoken(row.input)).params

    return answer


# ---------------------------------------------------------------- values and bytes


def values_of_input(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count the values that come in, not those that go out."""
    if not row.activations or not row.index:
        return None
    values = values_in(row.input)
    return row.forward.of_all(values) if quantity == "activations" else row.forward.bytes(values)


def bytes_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count values, not their bytes."""
    found = QUANTITIES[quantity].of(row)
    types = row.forward.types
    name = types.weights if quantity == "params-memory" else types.activations
    return None if found is None else 8 * found // BITS[name]


def type_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Take each value for one of 4 bytes, as of float32."""
    found = QUANTITIES[quantity].of(row)
    types = row.forward.types
    bits = BITS[types.weights if quantity == "params-memory" else types.activations]
    return None if found is None or bits == 32 else shown(found) * (32 // bits)


def batch_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Answer for one input of the batch."""
    batch = row.forward.batch
    if batch == 1 or not QUANTITIES[quantity].batched:
        return None
    found = QUANTITIES[quantity].of(row)
    if quantity.startswith("training"):
        found -= 2 * row.memory
        return found + 2 * row.memory // batch
    return found // batch
