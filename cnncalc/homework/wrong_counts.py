"""Wrong ways to parameters, MACs and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import along, spec
from cnncalc.homework.wrong_sizes import POOLS
from cnncalc.kinds.table import KINDS
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import plain, product, shown, spoken
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.dtypes import BITS
from cnncalc.trace.rows import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.variations import ChangeInput
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row


# ---------------------------------------------------------------- what was measured of a layer


def one_bias(found: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Count one bias for the whole layer."""
    if not found.biases:
        return found
    return found._replace(biases=1, params=found.weights + 1)


def depth_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count filters of one channel."""
    if layer.kind.name not in ("conv", "local", "deconv") or len(volume) == 1:
        return found
    flat = measured(spec(groups=1)(layer), (*volume[:-1], 1))
    return found._replace(
        weights=flat.weights, biases=flat.biases, params=flat.params, macs=flat.macs
    )


def kernel_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count filters of one pixel."""
    if layer.kind.name != "conv":
        return found
    return _counted_as(measured(spec(kernel=(1,))(layer), volume), found)


def sides_added(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Add the sides of a kernel where they multiply: k + k for k*k."""
    if layer.kind.name not in ("conv", "dwconv"):
        return found
    kernel = layer.named["kernel"]
    sides = kernel * (len(volume) - 1) if len(kernel) == 1 else kernel
    weights = plain(found.weights) // plain(product(sides)) * plain(sum(sides))
    other = found._replace(weights=weights, params=weights + plain(found.biases))
    return _counted_as(other, found)


def one_filter(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count one filter, or one unit."""
    if layer.kind.name not in ("conv", "fc"):
        return found
    return _counted_as(measured(spec(filters=1, units=1, groups=1)(layer), volume), found)


def _counted_as(other: Measure, found: Measure) -> Measure:
    """Return a measure with the weights and biases of another, and MACs in proportion."""
    macs = plain(found.macs) * plain(other.weights) // plain(found.weights)
    return found._replace(
        weights=other.weights, biases=other.biases, params=other.params, macs=macs
    )


def depthwise_full(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count a depthwise conv's filters as those of a standard one, of all channels."""
    if layer.kind.name != "dwconv":
        return found
    weights = found.weights * volume[-1]
    return found._replace(
        weights=weights, params=weights + found.biases, macs=found.macs * volume[-1]
    )


def at_each_place(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Take a fully connected layer for one over the channels at each place, as a linear is."""
    if layer.kind.name != "fc" or len(volume) == 1:
        return found
    return measured(layer._replace(kind=KINDS["linear"]), volume)


def weights_twice(found: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Count each weight twice."""
    if not found.weights:
        return found
    twice = 2 * found.weights
    return found._replace(params=twice + found.biases if found.biases else twice)


def products_forgotten(found: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Leave the products of two maps out."""
    return found._replace(macs=found.macs - found.products) if found.products else found


# ---------------------------------------------------------------- answers about one row


def positions_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Give the weights for the MACs."""
    if not row.weights:
        return None
    return shown(row.weights) if quantity == "macs" else 2 * shown(row.weights)


def side_alone(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply the weights by one side of the map, not by its area."""
    if len(row.output) < 3 or not row.weights:
        return None
    macs = shown(row.weights) * row.output[0]
    return macs if quantity == "macs" else 2 * macs


def input_grid(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply the weights by the positions of the input."""
    if len(row.input) < 2 or len(row.output) < 2 or not row.weights:
        return None
    macs = shown(row.weights) * product(spoken(row.input[:-1]))
    return macs if quantity == "macs" else 2 * macs


def pixel_weights(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give each pixel of the map that a 1x1 conv sees a weight, and the map one bias."""
    is_point = row.kind == "conv" and set(row.node.named["kernel"]) == {1}  # type: ignore[union-attr]
    return product(spoken(row.input[:-1])) + 1 if is_point else None


def channels_added(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Add the channels of the input and the output."""
    return shown(row.input[-1]) + row.output[-1] if row.weights and len(row.input) > 1 else None


def biases_of_input(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count a bias for each channel that comes in, not for each filter."""
    if layer.kind.name != "conv" or not found.biases:
        return found
    return found._replace(biases=volume[-1], params=shown(found.weights) + volume[-1])


def one_gate(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count a recurrent layer as a plain one, which has one gate."""
    if layer.kind.name not in ("lstm", "gru"):
        return found
    return measured(layer._replace(kind=KINDS["rnn"]), volume)


def dilated_kernel(layer: Layer) -> Layer:
    """Return a dilated layer with a kernel as wide as it reaches."""
    values = layer.named
    if set(values.get("dilation", (1,))) <= {1} or "kernel" not in values:
        return layer
    rank = max(len(values["kernel"]), len(values["dilation"]))
    wide = tuple(
        plain(along(values["dilation"], axis)) * (plain(along(values["kernel"], axis)) - 1) + 1
        for axis in range(rank)
    )
    return spec(kernel=wide, dilation=(1,))(layer)


def projection_left_out(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Leave the projection behind attention out: a fourth of the weights, and C biases."""
    if row.kind != "attention" or not row.weights:
        return None
    counts = {"weights": row.weights // 4, "biases": row.output[-1] if row.biases else 0}
    counts["params"] = counts["weights"] + counts["biases"]
    return QUANTITIES[quantity].of(row) - counts[quantity]


def seen(change: Callable[[Volume], Volume]) -> ChangeInput:
    """Return a change of the map that units see: that of a flatten, or of a fc itself."""

    def change_input(layer: Layer, volume: Volume) -> Volume:
        if layer.kind.name not in ("fc", "flatten") or sum(size != 1 for size in volume) < 2:
            return volume
        return change(volume)

    return change_input


def filters_alone(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give the number of filters."""
    return row.output[-1] if row.weights else None


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


def pool_learns(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give a pool a parameter for each cell of its window."""
    if row.kind not in POOLS or not isinstance(row.node, Layer):
        return None
    kernel = row.node.named["kernel"]
    return product(spoken(kernel * (len(row.input) - 1) if len(kernel) == 1 else kernel))


def pool_learns_each(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Give a pool as many for each channel."""
    found = pool_learns(row, quantity, rows)
    return None if found is None else product((found, shown(row.input[-1])))


def pool_learns_channels(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give a pool a parameter for each channel."""
    return row.input[-1] if row.kind in POOLS else None


# ---------------------------------------------------------------- values and bytes


def values_of_input(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count the values that come in, not those that go out."""
    if not row.activations or not row.index:
        return None
    values = product(spoken(row.input))
    return row.forward.of_all(values) if quantity == "activations" else row.forward.bytes(values)


def bytes_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count values, not their bytes."""
    found = QUANTITIES[quantity].of(row)
    types = row.forward.types
    name = types.weights if quantity == "params-memory" else types.activations
    return None if found is None else 8 * found // BITS[name]


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
