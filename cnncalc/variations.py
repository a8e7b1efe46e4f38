"""The one table of the other ways to count, and of the ways in which people go wrong.

A variation is, where it can be, a changed specification put through the same core: a layer with
its padding on one side, without its stride, on an input without its depth. The rest are changes of
one number. Conventions are other people's right answers; slips are nobody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.language import _
from cnncalc.layers import Measure, sides, write_volume
from cnncalc.network import Layer
from cnncalc.trace import measured
from cnncalc.working import plain, product

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.layers import Volume
    from cnncalc.trace import Row

After: TypeAlias = "Callable[[Measure, Layer, Volume], Measure]"
Value: TypeAlias = "Callable[[Row, str, Sequence[Row]], tuple[Any, str] | None]"

SHAPES = frozenset({"output", "size", "channels"})
COUNTS = frozenset({"params", "weights", "biases"})
COSTS = frozenset({"macs", "flops"})
FIELDS = frozenset({"rf"})


class Variation(NamedTuple):
    """Another way to an answer: a convention, which has its right, or a slip.

    `of` are the quantities that it bears on. `respec` changes a layer before it is measured,
    `after` what was measured; `value` gives the answer about one row, with its arithmetic, from
    the row and those before it.
    """

    name: str
    says: str
    of: frozenset[str]
    is_convention: bool = False
    respec: Callable[[Layer], Layer] | None = None
    after: After | None = None
    value: Value | None = None

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in this way."""
        if self.respec:
            layer = self.respec(layer)
        found = measured(layer, volume)
        return self.after(found, layer, volume) if self.after else found

    def then(self, other: Variation) -> Variation:
        """Return both variations at once, this one first."""
        respecs = [each for each in (self.respec, other.respec) if each]
        afters = [each for each in (self.after, other.after) if each]

        def respec(layer: Layer) -> Layer:
            for change in respecs:
                layer = change(layer)
            return layer

        def after(found: Measure, layer: Layer, volume: Volume) -> Measure:
            for change in afters:
                found = change(found, layer, volume)
            return found

        return Variation(
            f"{self.name}, {other.name}",
            f"{self.says}, and {other.says}",
            self.of & other.of,
            respec=respec,
            after=after,
        )


def _values(layer: Layer) -> dict[str, Any]:
    return {
        parameter.name: value
        for parameter, value in zip(layer.kind.parameters, layer.values, strict=True)
    }


def _spec(*kinds: str, **changes: Any) -> Callable[[Layer], Layer]:
    """Return a change of layers (of some kinds) in their arguments; one may be a function."""

    def respec(layer: Layer) -> Layer:
        if kinds and layer.kind.name not in kinds:
            return layer
        values = _values(layer)
        for name, change in changes.items():
            if name in values:
                values[name] = change(values[name]) if callable(change) else change
        return layer._replace(values=tuple(values.values()))

    return respec


def _one_sided(padding: Any) -> Any:
    """Return a padding with what stands on both sides put on one."""
    return tuple(side if type(side) is tuple else (side, 0) for side in padding)


def _doubled(padding: Any) -> Any:
    return tuple((2 * sides(side)[0], 2 * sides(side)[1]) for side in padding)


def _halved(padding: Any) -> Any:
    """Return a padding that is the sum of both sides, as one for each side."""
    return tuple(
        side if type(side) is tuple else (plain(side) // 2, plain(side) - plain(side) // 2)
        for side in padding
    )


def _no_bias(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    return measure._replace(biases=0, params=measure.weights)


def _one_bias(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    if not measure.biases:
        return measure
    return measure._replace(biases=1, params=measure.weights + 1)


def _depth_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("conv", "local", "deconv") or len(volume) == 1:
        return found
    flat = measured(_spec(groups=1)(layer), (*volume[:-1], 1))
    return found._replace(
        weights=flat.weights, biases=flat.biases, params=flat.params, macs=flat.macs
    )


def _kernel_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return found
    point = measured(_spec(kernel=(1,))(layer), volume)
    return found._replace(weights=point.weights, biases=point.biases, params=point.params)


def _one_filter(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return found
    one = measured(_spec(filters=1, groups=1)(layer), volume)
    return found._replace(weights=one.weights, biases=one.biases, params=one.params)


def _weights_twice(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    return measure._replace(params=2 * measure.weights + measure.biases)


def _running(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count a batch norm's running mean and variance, as Keras' summary does."""
    if layer.kind.name != "bn":
        return measure
    return measure._replace(params=4 * volume[-1], weights=3 * volume[-1])


def _depth_of_input(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    if not layer.kind.counted or len(measure.output) == 1:
        return measure
    return measure._replace(output=(*measure.output[:-1], volume[-1]))


def _depth_multiplied(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "conv":
        return measure
    return measure._replace(output=(*measure.output[:-1], measure.output[-1] * volume[-1]))


def _channels_pooled(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("maxpool", "avgpool"):
        return found
    step = _values(layer)["stride"][0]
    return found._replace(output=(*found.output[:-1], max(volume[-1] // step, 1)))


def _only_channels_pooled(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name not in ("maxpool", "avgpool"):
        return found
    step = _values(layer)["stride"][0]
    return found._replace(output=(*volume[:-1], max(volume[-1] // step, 1)))


def _only_depth_padded(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if layer.kind.name != "pad" or len(volume) == 1:
        return found
    return found._replace(output=(*volume[:-1], volume[-1] + sides(_values(layer)["size"][0])[0]))


def _transposed(change: Callable[[Any, Any, Any], Any]) -> After:
    """Return a change of a transposed conv's sizes, from n, k and s."""

    def after(found: Measure, layer: Layer, volume: Volume) -> Measure:
        if layer.kind.name != "deconv":
            return found
        values = _values(layer)
        out = tuple(
            change(n, _axis(values["kernel"], axis), _axis(values["stride"], axis))
            for axis, n in enumerate(volume[:-1])
        )
        return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found

    return after


def _depth_padded(times: int) -> After:
    """Return a change that pads the depth as well: by once or twice the padding of a side."""

    def after(found: Measure, layer: Layer, _volume: Volume) -> Measure:
        values = _values(layer)
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
    values = _values(layer)
    out = []
    for axis, n in enumerate(volume[:-1]):
        k, s, p = (_axis(values[name], axis) for name in ("kernel", "stride", "padding"))
        out.append((n + sum(sides(p)) - k + 1) // s)
    return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found


def _kernel_as_size(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    kernel = _values(layer)["kernel"]
    return found._replace(
        output=(*(_axis(kernel, axis) for axis in range(len(volume) - 1)), found.output[-1])
    )


def _kernel_twice(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    kernel = _values(layer)["kernel"]
    out = [n - 2 * _axis(kernel, axis) + 2 for axis, n in enumerate(volume[:-1])]
    return found._replace(output=(*out, found.output[-1])) if min(out) > 0 else found


def _size_kept(found: Measure, layer: Layer, volume: Volume) -> Measure:
    return found._replace(output=(*volume[:-1], found.output[-1])) if _has_windows(layer) else found


def _times_stride(found: Measure, layer: Layer, volume: Volume) -> Measure:
    if not _has_windows(layer):
        return found
    stride = _values(layer)["stride"]
    out = (n * _axis(stride, axis) for axis, n in enumerate(volume[:-1]))
    return found._replace(output=(*out, found.output[-1]))


def _axis(values: Any, axis: int) -> Any:
    return values[axis] if len(values) > 1 else values[0]


# ---------------------------------------------------------------- answers about one row


def _swapped(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity != "output" or len(row.output) < 2:
        return None
    return (row.output[-1], *row.output[:-1]), "channels first"


def _flops_are_macs(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    return (row.macs, "") if quantity == "flops" else None


def _macs_are_flops(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    return (2 * row.macs, f"2 * {row.macs:,}") if quantity == "macs" else None


def _macs_with_bias(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity not in COSTS or not row.macs or not row.biases:
        return None
    outputs = product(row.output)
    once = row.macs + outputs
    return (once if quantity == "macs" else 2 * once), f"{row.macs:,} + {outputs:,}"


def _flops_with_bias(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
    if quantity != "flops" or not row.macs or not row.biases:
        return None
    outputs = product(row.output)
    return 2 * row.macs + outputs, f"2 * {row.macs:,} + {outputs:,}"


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
    kernel = _values(row.node)["kernel"]  # type: ignore[arg-type]
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


def _windows(row: Row, rows: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """Return the windows on the way to a row: kind, kernel, stride and dilation, along one axis."""
    found = []
    for each in rows:
        if each.index <= row.index and isinstance(each.node, Layer) and _has_windows(each.node):
            values = _values(each.node)
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


class _Weights(NamedTuple):
    """What a tool counts besides MACs, for each element or output; see the conventions."""

    bias: int = 0  # one add for each output value of a layer with bias
    norm: int = 0  # each element of a norm
    activation: int = 0
    pool_in: int = 0  # each value that a pool reads, adaptive ones too
    gap_in: int = 0
    gap_out: int = 0


def _counted_by(weights: _Weights) -> Value:
    """Return a tool's total for a row: its MACs, and what else the tool counts."""

    def value(row: Row, quantity: str, _rows: Sequence[Row]) -> tuple[Any, str] | None:
        if quantity not in COSTS or not isinstance(row.node, Layer):
            return None
        elements, kind = product(row.output), row.node.kind
        total = row.macs
        if row.macs and row.biases:
            total += weights.bias * elements
        if kind.name in ("bn", "ln", "gn", "in"):
            total += weights.norm * elements
        if kind.nonlinear:
            total += weights.activation * elements
        if kind.name in ("maxpool", "avgpool"):
            total += weights.pool_in * product(row.input)
        if kind.name in ("gap", "adaptiveavgpool"):
            total += weights.gap_in * product(row.input) + weights.gap_out * elements
        return total, ""

    return value


COUNTERS = {
    "fvcore": _Weights(norm=2, gap_in=1),
    "thop": _Weights(norm=4, gap_in=1, gap_out=1),
    "ptflops": _Weights(bias=1, norm=2, activation=2, pool_in=2, gap_in=2),
    "torchprofile": _Weights(norm=1, gap_out=1),
}
"""What other tools print as MACs for one image: fvcore 0.1.5, thop 0.1.1, ptflops 0.7.5 (its
default, as if every function were a module), torchprofile 0.1.0."""


# ---------------------------------------------------------------- the table


def _convention(name: str, says: str, of: frozenset[str], **how: Any) -> Variation:
    return Variation(name, says, of, is_convention=True, **how)


_SAME = _spec(same=True, padding=(0,), valid=False, full=False, ceil=False)

CONVENTIONS = (
    _convention("no-bias", "the weights alone, without the biases", COUNTS, after=_no_bias),
    _convention("macs-as-flops", "MACs, which are called FLOPs", COSTS, value=_flops_are_macs),
    _convention("flops-as-macs", "two operations for each MAC", COSTS, value=_macs_are_flops),
    _convention(
        "bias-as-mac", "one more for the bias of each output value", COSTS, value=_macs_with_bias
    ),
    _convention(
        "bias-as-flop",
        "one more add for the bias of each output value",
        COSTS,
        value=_flops_with_bias,
    ),
    *(
        _convention(name, f"what {name} counts", frozenset({"macs"}), value=_counted_by(weights))
        for name, weights in COUNTERS.items()
    ),
    _convention(
        "running-statistics",
        "with batch norm's running mean and variance, as Keras counts",
        COUNTS,
        after=_running,
    ),
    _convention("channels-first", "the volume with its channels first", SHAPES, value=_swapped),
    _convention(
        "ceil",
        "pools that round up, as Caffe's do",
        SHAPES,
        respec=_spec("maxpool", "avgpool", ceil=True, same=False),
    ),
    _convention("floor", "pools that round down", SHAPES, respec=_spec(ceil=False)),
    _convention(
        "total-padding",
        "the padding taken as the sum of both sides",
        SHAPES,
        respec=_spec(padding=_halved, size=_halved),
    ),
    _convention("same", "'same' padding, which keeps ceil(n / stride)", SHAPES, respec=_SAME),
)

SLIPS = (
    Variation(
        "padding-on-one-side",
        "the padding added once, on one side",
        SHAPES,
        respec=_spec(padding=_one_sided, size=_one_sided),
    ),
    Variation("padding-forgotten", "the padding forgotten", SHAPES, respec=_spec(padding=(0,))),
    Variation("padding-twice", "the padding added twice", SHAPES, respec=_spec(padding=_doubled)),
    Variation("stride-ignored", "the stride ignored", SHAPES, respec=_spec(stride=(1,))),
    Variation(
        "dilation-ignored", "the dilation ignored", SHAPES | FIELDS, respec=_spec(dilation=(1,))
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
        respec=_SAME,
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
        respec=_spec(padding=_one_sided, size=_one_sided),
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
    Variation("groups-ignored", "the groups ignored", COUNTS | COSTS, respec=_spec(groups=1)),
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
)


def text_of(found: Any) -> str:
    """Return a value as it is said: 13x13, or 1,024."""
    if isinstance(found, tuple):
        return write_volume(found, for_people=True)
    return f"{found:,}"
