"""Wrong ways to parameters, MACs and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import spec
from cnncalc.homework.wrong_sizes import POOLS
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import product, shown, spoken
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.rows import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    point = measured(spec(kernel=(1,))(layer), volume)
    return found._replace(weights=point.weights, biases=point.biases, params=point.params)


def one_filter(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count one filter."""
    if layer.kind.name != "conv":
        return found
    one = measured(spec(filters=1, groups=1)(layer), volume)
    return found._replace(weights=one.weights, biases=one.biases, params=one.params)


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


def input_grid(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Multiply the weights by the positions of the input."""
    if len(row.input) < 2 or len(row.output) < 2 or not row.weights:
        return None
    macs = shown(row.weights) * product(spoken(row.input[:-1]))
    return macs if quantity == "macs" else 2 * macs


def pixel_weights(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give each pixel of the map a weight, and the map one bias."""
    return None if len(row.input) < 2 else product(spoken(row.input[:-1])) + 1


def channels_added(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Add the channels of the input and the output."""
    return None if len(row.input) < 2 else shown(row.input[-1]) + row.output[-1]


def colours_forgotten(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Leave the channels out of what a unit of a fc sees."""
    if row.kind != "fc" or len(row.input) < 2:
        return None
    grid = product(spoken(row.input[:-1]))
    return (grid + 1 if row.biases else grid) * row.output[0]


def colours_assumed(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Take an input of one channel for one of three."""
    if row.kind != "fc" or rows[0].output[-1] != 1:
        return None
    weights = product((shown(3), *spoken(row.input))) * row.output[0]
    return weights + row.output[0] if quantity == "params" and row.biases else weights


def filters_alone(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give the number of filters."""
    return row.output[-1] if row.weights else None


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


# ---------------------------------------------------------------- bytes


def bytes_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count values, not their bytes."""
    return QUANTITIES[quantity].of(row) // row.forward.width


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
