"""The one table of slips: the ways in which people go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import (
    COSTS,
    COUNTS,
    FIELDS,
    SAME,
    SHAPES,
    After,
    Value,
    Variation,
    spec,
    spec_padding,
)
from cnncalc.kinds.volumes import sides
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import product
from cnncalc.report.quantities import BYTES, HELD, QUANTITIES
from cnncalc.speech.language import _
from cnncalc.trace.rows import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.formulas import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row


def _one_sided(padding: Any) -> Any:
    """Return a padding with what stands on both sides put on one."""
    return tuple(side if type(side) is tuple else (side, 0) for side in padding)


def _doubled(padding: Any) -> Any:
    return tuple((2 * sides(side)[0], 2 * sides(side)[1]) for side in padding)


def _one_bias(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    if not measure.biases:
        return measure
    return measure._replace(biases=1, params=measure.weights + 1)


def _depth_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("conv", "local", "deconv") or len(volume) == 1:
        return found
    flat = measured(spec(groups=1)(layer), (*volume[:-1], 1))
    return found._replace(
        weights=flat.weights, biases=flat.biases, params=flat.params, macs=flat.macs
    )


def _kernel_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return found
    point = measured(spec(kernel=(1,))(layer), volume)
    return found._replace(weights=point.weights, biases=point.biases, params=point.params)


def _one_filter(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return found
    one = measured(spec(filters=1, groups=1)(layer), volume)
    return found._replace(weights=one.weights, biases=one.biases, params=one.params)


def _weights_twice(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    return measure._replace(params=2 * measure.weights + measure.biases)


def _depth_of_input(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    if not layer.kind.allocates or len(measure.output) == 1:
        return measure
    return measure._replace(output=(*measure.output[:-1], volume[-1]))


def _depth_multiplied(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return measure
    return measure._replace(output=(*measure.output[:-1], measure.output[-1] * volume[-1]))


def _channels_pooled(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("maxpool", "avgpool"):
        return found
    step = layer.named["stride"][0]
    return found._replace(output=(*found.output[:-1], max(volume[-1] // step, 1)))


def _only_channels_pooled(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("maxpool", "avgpool"):
        return found
    step = layer.named["stride"][0]
    return found._replace(output=(*volume[:-1], max(volume[-1] // step, 1)))


def _only_depth_padded(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "pad" or len(volume) == 1:
        return found
    return found._replace(output=(*volume[:-1], volume[-1] + sides(layer.named["size"][0])[0]))


def _transposed(change: Callable[[Any, Any, Any], Any]) -> After:
    """Return a change of a transposed conv's sizes, from n, k and s."""

    def after(found: Measure, layer: Layer, volume: Volume) -> Measure:
        if layer.kind.name != "deconv":
            return found
        values = layer.named
        out = tuple(
            change(n, _axis(values["kernel"], axis), _axis(values["stride"], axis))
            for axis, n in enumerate(volume[:-1])
        )
        return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found

    return after


def _depth_padded(times: int) -> After:
    """Return a change that pads the depth as well: by once or twice the padding of a side."""

    def after(found: Measure, layer: Layer, _volume: Volume) -> Measure:
        values = layer.named
        name = {"pad": "size", "conv": "padding"}.get(layer.kind.name)
        if name is None:
            return found
        more = times * sides(values[name][0])[0]
        return found._replace(output=(*found.output[:-1], found.output[-1] + more))

    return after


def _outputs(change: Callable[[Any], Any]) -> After:
    """Return a change of the sizes of maps that come out of windows."""

    def after(found: Measure, layer: Layer, _volume: Volume) -> Measure:
        if not _has_windows(layer):
            return found
        sizes = tuple(change(size) for size in found.output[:-1])
        return found._replace(output=(*sizes, found.output[-1])) if min(sizes) >= 1 else found

    return after


def _has_windows(layer: Layer) -> bool:
    return layer.kind.name in ("conv", "dwconv", "local", "maxpool", "avgpool")


def _plus_one_inside(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Take the formula as floor((n + 2p - k + 1) / s)."""
    if not _has_windows(layer):
        return found
    values = layer.named
    out = []
    for axis, n in enumerate(volume[:-1]):
        k, s, p = (_axis(values[name], axis) for name in ("kernel", "stride", "padding"))
        out.append((n + sum(sides(p)) - k + 1) // s)
    return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found


def _kernel_as_size(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    kernel = layer.named["kernel"]
    return found._replace(
        output=(*(_axis(kernel, axis) for axis in range(len(volume) - 1)), found.output[-1])
    )


def _kernel_twice(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    kernel = layer.named["kernel"]
    out = [n - 2 * _axis(kernel, axis) + 2 for axis, n in enumerate(volume[:-1])]
    return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found


def _size_kept(found: Measure, layer: Layer, volume: Volume) -> Measure:
    return found._replace(output=(*volume[:-1], found.output[-1])) if _has_windows(layer) else found


def _times_stride(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    stride = layer.named["stride"]
    out = (n * _axis(stride, axis) for axis, n in enumerate(volume[:-1]))
    return found._replace(output=(*out, found.output[-1]))


def _axis(values: Any, axis: int) -> Any:
    return values[axis] if len(values) > 1 else values[0]


def _without_positions(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COSTS or not row.weights:
        return None
    return (row.weights if quantity == "macs" else 2 * row.weights), _(
        "{count:,} weights", count=row.weights
    )


def _input_grid(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COSTS or len(row.input) < 2 or len(row.output) < 2 or not row.weights:
        return None
    places = product(row.input[:-1])
    macs = row.weights * places
    text = f"{row.weights:,} * {'*'.join(map(str, row.input[:-1]))}"
    return (macs if quantity == "macs" else 2 * macs), text


def _pixel_weights(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or len(row.input) < 2:
        return None
    grid = "*".join(map(str, row.input[:-1]))
    return product(row.input[:-1]) + 1, f"{grid} + 1"


def _channels_added(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or len(row.input) < 2:
        return None
    return row.input[-1] + row.output[-1], f"{row.input[-1]} + {row.output[-1]}"


def _colours_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or row.kind != "fc" or len(row.input) < 2:
        return None
    grid = product(row.input[:-1])
    value = (grid + 1) * row.output[0] if row.biases else grid * row.output[0]
    text = "*".join(map(str, row.input[:-1]))
    return value, f"({text} + 1) * {row.output[0]}" if row.biases else f"{text} * {row.output[0]}"


def _colours_assumed(row: Row, quantity: str, rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or row.kind != "fc" or rows[0].output[-1] != 1:
        return None
    weights = 3 * product(row.input) * row.output[0]
    text = f"3*{'*'.join(map(str, row.input))} * {row.output[0]}"
    if quantity != "params" or not row.biases:
        return weights, text
    return weights + row.output[0], f"{text} + {row.output[0]}"


def _filters_alone(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or not row.weights:
        return None
    return row.output[-1], _("{count} of them", count=row.output[-1])


def _bias_excluded(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity != "params" or row.biases or not row.weights:
        return None
    return row.weights + row.output[-1], f"{row.weights:,} + {row.output[-1]}"


def _pool_learns(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COUNTS or row.kind not in ("maxpool", "avgpool") or row.node is None:
        return None
    kernel = row.node.named["kernel"]  # type: ignore[union-attr]
    rank = len(row.input) - 1
    return product(kernel * rank if len(kernel) == 1 else kernel), _("the window's cells")


def _pool_learns_each(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    found = _pool_learns(row, quantity, _rows)
    return found and (found[0] * row.input[-1], f"{found[0]} * {row.input[-1]}")


def _pool_learns_channels(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    found = _pool_learns(row, quantity, _rows)
    return found and (row.input[-1], _("{count} channels", count=row.input[-1]))


def _one_less(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in FIELDS or not isinstance(row.rf, tuple):
        return None
    return tuple(size - 1 for size in row.rf), " and ".join(f"{size} - 1" for size in set(row.rf))


def _bytes_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    """Count values, not their bytes."""
    return QUANTITIES[quantity].of(row) // row.forward.width, ""


def _batch_forgotten(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    """Answer for one input of the batch."""
    if row.forward.batch == 1 or not QUANTITIES[quantity].batched:
        return None
    found = QUANTITIES[quantity].of(row)
    if quantity.startswith("training"):
        found -= 2 * row.memory
        return found + 2 * row.memory // row.forward.batch, ""
    return found // row.forward.batch, ""


def _windows(row: Row, rows: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """Return the windows on the way to a row: kind, kernel, stride and dilation, along one axis."""
    found = []
    for each in rows:
        if each.index <= row.index and isinstance(each.node, Layer) and _has_windows(each.node):
            values = each.node.named
            k, s, d = (values.get(name, (1,))[0] for name in ("kernel", "stride", "dilation"))
            found.append((each.kind, k, s, d))
    return found


def _field(change: Callable[[list[tuple[str, int, int, int]]], tuple[int, str]]) -> Value:
    """Return a value that is a receptive field, worked out from the windows in a wrong way."""

    def value(row: Row, quantity: str, rows: Sequence[Row]) -> tuple[Any, str] | None:
        windows = _windows(row, rows)
        if quantity != "rf" or not windows or not isinstance(row.rf, tuple):
            return None
        size, text = change(windows)
        return (size,) * len(row.rf), text

    return value


def _kernels_added(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    kernels = [k for _kind, k, _s, _d in windows]
    return sum(kernels), " + ".join(map(str, kernels))


def _whole_kernels(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    size, jump = 0, 1
    for _kind, k, s, _d in windows:
        size += k * jump
        jump *= s
    return size, "the whole kernel added at each layer"


def _own_stride(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    size, jump = 1, 1
    for _kind, k, s, d in windows:
        jump *= s
        size += d * (k - 1) * jump
    return size, "each layer's own stride taken too early"


def _pools_double(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    size = 1
    for kind, k, s, d in windows:
        size = size * s if kind.endswith("pool") else size + d * (k - 1)
    return size, "multiplied at each pool"


def _pools_left_out(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    size, jump = 1, 1
    for kind, k, s, d in windows:
        if not kind.endswith("pool"):
            size += d * (k - 1) * jump
        jump *= s
    return size, "without the windows of the pools"


def _strides_forgotten(windows: list[tuple[str, int, int, int]]) -> tuple[int, str]:
    steps = [d * (k - 1) for _kind, k, _s, d in windows]
    return 1 + sum(steps), "1 + " + " + ".join(map(str, steps))


SLIPS = (
    Variation(
        "padding-on-one-side",
        "the padding added once, on one side",
        SHAPES,
        respec=spec_padding(_one_sided),
    ),
    Variation("padding-forgotten", "the padding forgotten", SHAPES, respec=spec(padding=(0,))),
    Variation("padding-twice", "the padding added twice", SHAPES, respec=spec(padding=_doubled)),
    Variation("stride-ignored", "the stride ignored", SHAPES, respec=spec(stride=(1,))),
    Variation(
        "dilation-ignored",
        "the dilation ignored",
        SHAPES | FIELDS,
        respec=spec(dilation=(1,)),
    ),
    Variation(
        "plus-one-forgotten",
        "the + 1 at the end forgotten",
        SHAPES,
        after=_outputs(lambda size: size - 1),
    ),
    Variation(
        "plus-one-divided",
        "the + 1 divided by the stride with the rest",
        SHAPES,
        after=_plus_one_inside,
    ),
    Variation(
        "kernel-ignored",
        "the kernel ignored: the size divided by the stride",
        SHAPES,
        respec=SAME,
    ),
    Variation("size-kept", "the size of the input kept", SHAPES, after=_size_kept),
    Variation("kernel-as-size", "the kernel's own size", SHAPES, after=_kernel_as_size),
    Variation("kernel-twice", "the kernel taken away on both sides", SHAPES, after=_kernel_twice),
    Variation("times-stride", "the size multiplied by the stride", SHAPES, after=_times_stride),
    Variation(
        "depth-of-input",
        "the channels of the input, not the number of filters",
        SHAPES,
        after=_depth_of_input,
    ),
    Variation(
        "depth-multiplied",
        "the filters multiplied by the channels of the input",
        SHAPES,
        after=_depth_multiplied,
    ),
    Variation("channels-pooled", "the channels pooled as well", SHAPES, after=_channels_pooled),
    Variation(
        "only-channels-pooled",
        "the channels pooled in place of the map",
        SHAPES,
        after=_only_channels_pooled,
    ),
    Variation(
        "depth-padded",
        "the depth padded as well",
        SHAPES,
        after=_depth_padded(2),
    ),
    Variation(
        "depth-padded-once",
        "padding on one side, and on the depth as well",
        SHAPES,
        respec=spec_padding(_one_sided),
        after=_depth_padded(1),
    ),
    Variation(
        "only-depth-padded",
        "the depth padded in place of the map",
        SHAPES,
        after=_only_depth_padded,
    ),
    Variation("plus-one-twice", "1 added twice", SHAPES, after=_outputs(lambda size: size + 1)),
    Variation(
        "one-stride-more",
        "n strides counted, not n - 1",
        SHAPES,
        after=_transposed(lambda n, k, s: n * s + k),
    ),
    Variation(
        "as-a-conv",
        "the formula of a conv for a transposed one",
        SHAPES,
        after=_transposed(lambda n, k, s: (n - k) // s + 1),
    ),
    Variation(
        "times-kernel",
        "the size multiplied by the kernel",
        SHAPES,
        after=_transposed(lambda n, k, _s: n * k),
    ),
    Variation(
        "depth-forgotten",
        "the channels of the input forgotten",
        COUNTS | COSTS,
        after=_depth_forgotten,
    ),
    Variation("one-bias", "one bias for the whole layer", COUNTS, after=_one_bias),
    Variation("groups-ignored", "the groups ignored", COUNTS | COSTS, respec=spec(groups=1)),
    Variation(
        "kernel-forgotten", "the area of the kernel forgotten", COUNTS, after=_kernel_forgotten
    ),
    Variation("one-filter", "only one filter counted", COUNTS, after=_one_filter),
    Variation("weights-twice", "the weights counted twice", COUNTS, after=_weights_twice),
    Variation("bias-counted", "a bias counted where there is none", COUNTS, value=_bias_excluded),
    Variation(
        "weight-per-pixel", "a weight for each pixel of the map", COUNTS, value=_pixel_weights
    ),
    Variation(
        "channels-added", "channels added where they multiply", COUNTS, value=_channels_added
    ),
    Variation(
        "colours-forgotten",
        "the channels left out of what a unit sees",
        COUNTS,
        value=_colours_forgotten,
    ),
    Variation(
        "colours-assumed", "three channels taken for granted", COUNTS, value=_colours_assumed
    ),
    Variation(
        "filters-alone", "the number of filters, not what they learn", COUNTS, value=_filters_alone
    ),
    Variation(
        "pool-learns",
        "parameters given to a pool, which learns nothing",
        COUNTS,
        value=_pool_learns,
    ),
    Variation(
        "pool-learns-each",
        "parameters given to a pool, for each channel",
        COUNTS,
        value=_pool_learns_each,
    ),
    Variation(
        "pool-learns-channels",
        "parameters given to a pool, one a channel",
        COUNTS,
        value=_pool_learns_channels,
    ),
    Variation(
        "positions-forgotten",
        "the weights, not multiplied by the positions",
        COSTS,
        value=_without_positions,
    ),
    Variation(
        "input-grid",
        "multiplied by the input's positions, not the output's",
        COSTS,
        value=_input_grid,
    ),
    Variation(
        "strides-forgotten",
        "the strides before each layer forgotten",
        FIELDS,
        value=_field(_strides_forgotten),
    ),
    Variation("kernels-added", "the kernels added up", FIELDS, value=_field(_kernels_added)),
    Variation("whole-kernels", "k added where k - 1 is", FIELDS, value=_field(_whole_kernels)),
    Variation(
        "own-stride", "a layer's own stride counted for itself", FIELDS, value=_field(_own_stride)
    ),
    Variation(
        "pools-double", "the field multiplied at a pool", FIELDS, value=_field(_pools_double)
    ),
    Variation("pools-left-out", "the pools left out", FIELDS, value=_field(_pools_left_out)),
    Variation("one-lost", "the + 1 lost", FIELDS, value=_one_less),
    Variation(
        "bytes-forgotten", "the number of values, not of their bytes", BYTES, value=_bytes_forgotten
    ),
    Variation("bits", "bits, not bytes", BYTES, scale=(8, 1)),
    Variation("batch-forgotten", "one input, not the batch", HELD | COSTS, value=_batch_forgotten),
)
