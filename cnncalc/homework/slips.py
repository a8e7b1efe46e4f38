"""The one table of slips: the ways in which people go wrong.

An entry says what people do, of which quantities, at the rows of which kinds, and what that is; of
a frequent slip, what it is about; and which ways are meant where it gives what one of them does.
The simplest stand first.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.homework import wrong_counts as counts
from cnncalc.homework import wrong_fields as fields
from cnncalc.homework import wrong_sequences as sequences
from cnncalc.homework import wrong_sizes as sizes
from cnncalc.homework.variations import (
    CONVS,
    COSTS,
    COUNTS,
    DEPTHS,
    EVERY_KIND,
    FIELDS,
    PADDED,
    POOLS,
    RECURRENT,
    SAME,
    SHAPES,
    WINDOWS,
    Variation,
    closed,
    kinds_with,
    padding_as,
    spec,
    spec_padding,
)
from cnncalc.homework.workings import cost
from cnncalc.kinds.table import KINDS
from cnncalc.numbers.working import product, shown
from cnncalc.report.quantities import BYTES, HELD

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTED = COUNTS | COSTS
UNITS = COUNTED | {"in_features", "output", "channels"}


def _slip(
    way: str, says: str, of: Iterable[str], kinds: Iterable[str], change: Any, **more: Any
) -> Variation:
    """Return an entry whose change is one `way` of a variation."""
    return Variation("", says, frozenset(of), frozenset(kinds), **{way: change}, **more)


_layer, _input = partial(_slip, "change_layer"), partial(_slip, "change_input")
_measure, _answer = partial(_slip, "change_measure"), partial(_slip, "answer")


def _size(says: str, kinds: Iterable[str], change: Any, **more: Any) -> Variation:
    """Return an entry that is another size of what windows give, along each axis."""
    return _measure(says, SHAPES, kinds, sizes.window_sizes(change), **more)


def _field(says: str, of: Iterable[str], change: Any, **more: Any) -> Variation:
    """Return an entry that is made of the windows that a unit looks through."""
    return _answer(says, of, EVERY_KIND, fields.wrong_field(change), **more)


def _factor(says: str, ratio: tuple[int, int], unit: str = "") -> Variation:
    """Return an entry by which bytes are multiplied."""
    return Variation("", says, BYTES, EVERY_KIND, factor=ratio, unit=unit)


_USUAL = {
    "rounded-down": _layer(
        "rounded down where 'ceil' rounds up",
        SHAPES,
        kinds_with("ceil"),
        spec(ceil=False),
        about="size",
    ),
    "padding-on-one-side": _layer(
        "the padding counted once, on one side",
        SHAPES,
        PADDED,
        spec_padding(sizes.one_sided),
        about="padding",
    ),
    "padding-forgotten": _layer(
        "the padding forgotten", SHAPES, kinds_with("padding"), spec(padding=(0,)), about="padding"
    ),
    "stride-ignored": _layer(
        "the stride ignored", SHAPES, kinds_with("stride"), spec(stride=(1,)), about="stride"
    ),
    "half-on-each-side": _layer(
        "half of the kernel on both sides for 'same', one too many for an even one",
        SHAPES,
        WINDOWS,
        sizes.halved_kernel,
    ),
    "dilation-ignored": _layer(
        "the dilation ignored", SHAPES | FIELDS, kinds_with("dilation"), spec(dilation=(1,))
    ),
    "dilation-as-gaps": _layer(
        "as many gaps as the dilation between the cells of a kernel: there is one fewer",
        SHAPES | FIELDS,
        kinds_with("dilation"),
        sizes.dilation_more,
    ),
    "dilation-multiplied": _size(
        "the dilation multiplied by k, not by k - 1", WINDOWS, sizes.dilation_multiplied
    ),
    "plus-one-forgotten": _measure(
        "the + 1 at the end forgotten",
        SHAPES,
        WINDOWS,
        sizes.outputs(lambda size: size - 1),
        about="one",
    ),
    "plus-one-divided": _size(
        "the + 1 divided by the stride with the rest", WINDOWS, sizes.plus_one_inside
    ),
    "kernel-ignored": _layer(
        "the kernel ignored, as 'same' does",
        SHAPES,
        WINDOWS,
        spec(**SAME),
        about="size",
        like=("same",),
    ),
    "rounded-up": _size(
        "rounded up where convolutions round down",
        WINDOWS - POOLS,
        sizes.rounded_up,
        like=("same", "kernel-ignored"),
    ),
    "floor-forgotten": _measure(
        "the floor forgotten: a size is a whole number", SHAPES, WINDOWS, sizes.floor_forgotten
    ),
    "padding-is-kernel": _answer(
        "the kernel's size for the padding", {"padding"}, WINDOWS, padding_as(lambda k: k)
    ),
    "padding-of-both-sides": _answer(
        "k - 1, the padding of both sides", {"padding"}, WINDOWS, padding_as(lambda k: k - 1)
    ),
    "padding-rounded-up": _answer(
        "half of k + 1 for half of k - 1", {"padding"}, WINDOWS, padding_as(lambda k: (k + 1) // 2)
    ),
    "pool-left-out": _layer(
        "a pool left out",
        SHAPES,
        POOLS,
        lambda layer: layer.as_kind(KINDS["identity"]),
        about="size",
    ),
    "size-kept": _size(
        "the size of the input kept",
        WINDOWS,
        lambda w: w.n,
        about="size",
        like=("same", "kernel-ignored", "pool-left-out"),
    ),
    "padding-added": _size(
        "the padding added once, and the kernel not taken away",
        WINDOWS,
        lambda w: w.n + w.before if w.before else 0,
        like=("padding-on-one-side",),
    ),
    "depth-of-input": _measure(
        "the channels of the input, not the number of filters",
        DEPTHS,
        EVERY_KIND,
        sizes.depth_of_input,
        about="depth",
    ),
    "depth-multiplied": _measure(
        "the filters multiplied by the channels of the input",
        DEPTHS,
        {"conv"},
        lambda found, _layer, volume: found._replace(
            output=(*found.output[:-1], found.output[-1] * volume[-1])
        ),
    ),
    "add-as-concat": _answer(
        "the channels of the branches added up, as concat does",
        DEPTHS,
        {"add"},
        sizes.channels_of_join,
    ),
    "concat-as-add": _answer(
        "the channels of one branch kept, as add does", DEPTHS, {"concat"}, sizes.channels_of_one
    ),
    **{
        f"branch-left-out-{at}": _answer(
            f"the {which} branch left out",
            DEPTHS,
            {"concat"},
            sizes.without_branch(at - 1),
            like=("concat-as-add",),
        )
        for at, which in enumerate(("first", "second", "third", "fourth"), 1)
    },
    "channels-pooled": _measure(
        "the channels pooled as well",
        DEPTHS,
        POOLS,
        sizes.channels_pooled(map_too=True),
        about="depth",
    ),
    "only-channels-pooled": _measure(
        "the channels pooled in place of the map",
        DEPTHS,
        POOLS | sizes.GLOBAL.keys(),
        sizes.channels_pooled(map_too=False),
    ),
    "depth-padded": _measure(
        "the depth padded as well", DEPTHS, {"pad", "conv"}, sizes.depth_padded
    ),
    "depth-padded-once": _measure(
        "padding on one side, and on the depth as well", DEPTHS, {"pad"}, sizes.depth_padded_once
    ),
    "only-depth-padded": _measure(
        "the depth padded in place of the map", DEPTHS, {"pad"}, sizes.only_depth_padded
    ),
    "one-stride-more": _size("n strides counted, not n - 1", {"deconv"}, lambda w: w.n * w.s + w.k),
    "as-a-conv": _size(
        "the formula of a conv for a transposed one",
        {"deconv"},
        lambda w: (w.padded - w.k) // w.s + 1,
    ),
    "stride-alone": _size(
        "the kernel ignored, the size multiplied by the stride", {"deconv"}, lambda w: w.n * w.s
    ),
    "times-kernel": _size(
        "the size multiplied by the kernel", {"deconv"}, lambda w: w.n * w.k, like=("stride-alone",)
    ),
    "depth-forgotten": _measure(
        "the channels of the input forgotten",
        COUNTED,
        {"conv", "local", "deconv"},
        counts.depth_forgotten,
        about="weights",
    ),
    "one-bias": _measure(
        "one bias for the whole layer",
        COUNTS,
        EVERY_KIND,
        counts.biases(lambda *_layer: 1),
        about="bias",
    ),
    "biases-of-input": _measure(
        "a bias for each channel of the input, not for each filter",
        COUNTS,
        {"conv", "deconv"},
        counts.biases(lambda _found, _layer, volume: volume[-1]),
    ),
    "biases-of-kernels": _measure(
        "a bias for each channel that each filter reads, not for each filter",
        COUNTS,
        {"conv"},
        counts.biases(counts.kernels),
    ),
    "biases-of-values": _measure(
        "a bias for each value of the output, not for each filter",
        COUNTS,
        CONVS,
        counts.biases(counts.values_put_out),
    ),
    "dilated-kernel": _layer(
        "the gaps of a dilated kernel counted as weights",
        COUNTED,
        kinds_with("dilation"),
        counts.dilated_kernel,
    ),
    "projection-left-out": _measure(
        "the projection behind attention left out",
        COUNTED,
        {"attention"},
        sequences.projections(3, lambda inner, _channels: 3 * inner),
        about="weights",
    ),
    "one-projection": _measure(
        "one of the four projections of attention alone",
        COUNTED,
        {"attention"},
        sequences.projections(1, lambda _inner, channels: channels),
        about="weights",
    ),
    "heads-multiplied": _measure(
        "all the channels given to each head",
        COUNTED,
        {"attention"},
        sequences.heads_multiplied,
        about="weights",
    ),
    "one-direction": _layer(
        "the other direction of a recurrent layer left out",
        SHAPES | COUNTED,
        RECURRENT,
        spec(bi=False),
    ),
    "other-steps": _layer(
        "the last step for all steps of a recurrent layer, or all for the last",
        SHAPES,
        RECURRENT,
        spec(last=lambda last: not last),
    ),
    "one-gate": _measure(
        "only one gate of a recurrent layer counted",
        COUNTED,
        {"lstm", "gru"},
        sequences.one_gate,
        about="weights",
    ),
    "other-gates": _measure(
        "the three gates of a gru for the four of an lstm, or the other way round",
        COUNTED,
        {"lstm", "gru"},
        sequences.other_gates,
        about="weights",
    ),
    "state-forgotten": _measure(
        "the weights of the step before left out",
        COUNTED,
        RECURRENT,
        sequences.state_forgotten,
        about="weights",
    ),
    "words-forgotten": _measure(
        "numbers for each place of the text, not for each word there is",
        COUNTS,
        {"embedding"},
        sequences.words_forgotten,
    ),
    "groups-ignored": _layer(
        "the groups ignored", COUNTED, kinds_with("groups"), spec(groups=1), about="weights"
    ),
    "groups-multiplied": _measure(
        "multiplied by the groups, where the channels are divided by them",
        COUNTED,
        kinds_with("groups"),
        counts.groups_multiplied,
    ),
    "one-group": _measure(
        "only one of the groups counted", COUNTED, {"conv", "deconv"}, counts.one_group
    ),
    "depthwise-full": _measure(
        "a depthwise conv counted as a standard one", COUNTED, {"dwconv"}, counts.depthwise_full
    ),
    "at-each-place": _measure(
        "'linear' for 'fc': only the channels at each place seen",
        SHAPES | COUNTED,
        {"fc"},
        counts.at_each_place,
    ),
    "kernel-forgotten": _measure(
        "the area of the kernel forgotten",
        COUNTED,
        {"conv"},
        counts.counted_with(kernel=(1,)),
        about="weights",
    ),
    "products-forgotten": _measure(
        "the products of attention left out",
        COSTS,
        EVERY_KIND,
        lambda found, *_of: found._replace(macs=found.macs - found.products),
    ),
    "one-filter": _measure(
        "only one filter or unit counted",
        COUNTED,
        {"conv", "fc"},
        counts.counted_with(filters=1, units=1, groups=1),
        about="weights",
    ),
    "one-window": _measure(
        "only one filter counted", COUNTED, {"dwconv", "deconv"}, counts.one_window, about="weights"
    ),
    "counted-again": _answer(
        "the weights counted at every use", COUNTS, EVERY_KIND, counts.counted_again
    ),
    "bias-counted": _answer(
        "a bias counted where there is none", COUNTS, EVERY_KIND, counts.bias_counted
    ),
    "weight-per-pixel": _answer(
        "a weight for each pixel of the map", COUNTS, {"conv"}, counts.pixel_weights
    ),
    "channels-added": _answer(
        "channels added where they multiply",
        COUNTS,
        EVERY_KIND,
        lambda row, *_of: (
            shown(row.input[-1]) + row.output[-1] if row.weights and len(row.input) > 1 else None
        ),
    ),
    "colours-forgotten": _input(
        "the channels left out of what a unit sees",
        UNITS,
        {"fc", "flatten"},
        counts.units_see(lambda volume: volume[:-1]),
        about="weights",
    ),
    "side-forgotten": _input(
        "one side of the map left out of what a unit sees",
        UNITS,
        {"fc", "flatten"},
        counts.units_see(lambda volume: volume[1:]),
    ),
    "channels-seen": _input(
        "only the channels counted of what a unit sees",
        UNITS,
        {"fc", "flatten"},
        counts.units_see(lambda volume: volume[-1:]),
        like=("at-each-place",),
    ),
    "colours-assumed": _input(
        "three channels taken for granted",
        UNITS,
        {"fc", "flatten"},
        counts.units_see(lambda volume: (*volume[:-1], 3) if volume[-1] == 1 else volume),
        about="weights",
    ),
    "filters-alone": _answer(
        "only the filters counted, not what they learn", COUNTS, EVERY_KIND, counts.filters_alone
    ),
    "pool-learns": _answer(
        "parameters given to a pool, which learns nothing", COUNTS, POOLS, counts.pool_learns
    ),
    "pool-learns-each": _answer(
        "parameters given to a pool, for each channel",
        COUNTS,
        POOLS,
        lambda row, *of: product((counts.pool_learns(row, *of), shown(row.input[-1]))),
    ),
    "pool-learns-channels": _answer(
        "parameters given to a pool, one a channel", COUNTS, POOLS, lambda row, *_of: row.input[-1]
    ),
    "positions-forgotten": _answer(
        "the weights, not multiplied by the positions",
        COSTS,
        EVERY_KIND,
        lambda row, quantity, _rows: cost(quantity, shown(row.weights)) if row.weights else None,
    ),
    "side-alone": _answer(
        "multiplied by one side of the map, not by its area", COSTS, EVERY_KIND, counts.side_alone
    ),
    "input-grid": _answer(
        "multiplied by the input's positions, not the output's",
        COSTS,
        EVERY_KIND,
        counts.input_grid,
    ),
    "strides-forgotten": _field(
        "the strides before each layer forgotten", FIELDS, fields.strides_forgotten
    ),
    "branches-added": _field(
        "the windows of all branches added up, as if they stood in a row",
        FIELDS,
        fields.branches_added,
    ),
    "field-dilation-multiplied": _field(
        "the dilation multiplied by k, not by k - 1", FIELDS, fields.dilation_multiplied
    ),
    "kernels-added": _field("the kernels added up", FIELDS, fields.kernels_added),
    "whole-kernels": _field(
        "k added where k - 1 is", FIELDS, fields.whole_kernels, like=("kernels-added",)
    ),
    "own-stride": _field("a layer's own stride counted for itself", FIELDS, fields.own_stride),
    "pools-double": _field("the field multiplied at a pool", FIELDS, fields.pools_double),
    "pools-left-out": _field("the pools left out", FIELDS, fields.pools_left_out),
    "one-lost": _answer("the + 1 lost", FIELDS, EVERY_KIND, fields.one_less),
    "area-of-field": _answer(
        "the pixels of the field, not of its side", FIELDS, EVERY_KIND, fields.area
    ),
    "strides-added": _field(
        "the strides added where they multiply", {"jump"}, fields.strides_added
    ),
    "last-stride": _field(
        "the last stride alone, not times those before",
        {"jump"},
        lambda windows: windows[-1].stride if windows else None,
    ),
    "fc-for-linear": _layer(
        "'fc' for 'linear': all values of the map seen",
        SHAPES | COUNTED,
        {"linear"},
        lambda layer: layer._replace(kind=KINDS["fc"]),
    ),
    "bytes-forgotten": _answer(
        "the number of values, not of their bytes", BYTES, EVERY_KIND, counts.bytes_forgotten
    ),
    "bits": _factor("bits, not bytes", (8, 1)),
    "type-forgotten": _answer(
        "values of 4 bytes, whatever their type",
        {"memory", "peak", "params-memory"},
        EVERY_KIND,
        counts.type_forgotten,
    ),
    "kib-of-1000": _factor("a KiB taken as 1000 bytes", (1024, 1000), unit="KiB"),
    "mib-of-1000": _factor("an MiB taken as 1000*1000 bytes", (1024**2, 1000**2), unit="MiB"),
    "gib-of-1000": _factor("a GiB taken as 1000*1000*1000 bytes", (1024**3, 1000**3), unit="GiB"),
    "batch-forgotten": _answer(
        "one input, not the batch", HELD | COSTS, EVERY_KIND, counts.batch_forgotten
    ),
    "batch-counted": _answer(
        "multiplied by the batch, for which nothing more is learned",
        COUNTS | {"params-memory"},
        EVERY_KIND,
        counts.batch_counted,
    ),
}

_RARE = {
    "padding-twice": _layer(
        "the padding counted twice", SHAPES, kinds_with("padding"), spec(padding=sizes.doubled)
    ),
    "stride-on-height": _layer(
        "the stride along the height alone", SHAPES, WINDOWS, sizes.stride_of_axis(0)
    ),
    "stride-on-width": _layer(
        "the stride along the width alone", SHAPES, WINDOWS, sizes.stride_of_axis(1)
    ),
    "kernel-as-size": _size("the kernel's own size", WINDOWS, lambda w: w.k),
    "kernel-twice": _size(
        "the kernel taken away on both sides", WINDOWS, lambda w: w.n - 2 * w.k + 2
    ),
    "times-stride": _size(
        "the size multiplied by the stride",
        WINDOWS,
        lambda w: w.n * w.s,
        like=("same", "kernel-ignored", "size-kept"),
    ),
    "depth-of-one": _measure(
        "one map for all filters",
        DEPTHS,
        {"conv", "dwconv"},
        lambda found, *_of: found._replace(output=(*found.output[:-1], 1)),
    ),
    "global-as-window": _layer(
        "a pool of 2 in place of one over the whole map",
        SHAPES,
        sizes.GLOBAL,
        lambda layer: layer.as_kind(KINDS[sizes.GLOBAL[layer.kind.name]], stride=(2,)),
    ),
    "side-as-channels": _answer(
        "a side of the map taken for its channels",
        {"channels"},
        EVERY_KIND,
        lambda row, *_of: next((side for side in row.output[:-1] if side != row.output[-1]), None),
    ),
    "plus-one-twice": _measure(
        "1 added twice", SHAPES, WINDOWS, sizes.outputs(lambda size: size + 1)
    ),
    "one-head": _measure("only one head counted", COUNTED, {"attention"}, sequences.one_head),
    "sides-added": _measure(
        "the sides of the kernel added where they multiply",
        COUNTED,
        {"conv", "dwconv"},
        counts.sides_added,
    ),
    "kernel-side-forgotten": _measure(
        "one side of the kernel left out: k for k*k", COUNTED, CONVS, counts.kernel_side_forgotten
    ),
    "kernel-side-more": _measure(
        "one side of the kernel too many: k*k*k for k*k", COUNTED, CONVS, counts.kernel_side_more
    ),
    "depth-of-kernel": _measure(
        "filters as deep as they are wide, not as their input",
        COUNTED,
        {"conv"},
        counts.filters_as_deep(lambda layer: layer.named["kernel"][0]),
    ),
    "depth-of-output": _measure(
        "filters as deep as their output, not as their input",
        COUNTED,
        {"conv"},
        counts.filters_as_deep(lambda layer: layer.named["filters"]),
    ),
    "norm-each-value": _measure(
        "a scale and a shift for each value of the map, not for each channel",
        COUNTS,
        {"bn", "ln", "gn"},
        counts.norm_learns(product),
    ),
    "norm-each-place": _measure(
        "a scale and a shift for each place of the map, not for each channel",
        COUNTS,
        {"bn", "ln", "gn"},
        counts.norm_learns(lambda volume: product(volume[:-1])),
    ),
    "weights-twice": _measure(
        "the weights counted twice", COUNTS, EVERY_KIND, counts.weights_twice
    ),
    "pool-as-conv": _answer(
        "a pool counted as a conv, which learns", COUNTS, POOLS, counts.pool_as("conv")
    ),
    "pool-as-dwconv": _answer(
        "a pool counted as a depthwise conv, which learns", COUNTS, POOLS, counts.pool_as("dwconv")
    ),
    **{
        f"another-kernel-{k}": _layer(
            f"a kernel of {k}", SHAPES | COUNTED | FIELDS, WINDOWS, sizes.another_kernel(k)
        )
        for k in (1, 2, 3, 5, 7)
    },
    "values-of-input": _answer(
        "the values that come in, not those that go out",
        {"activations", "memory"},
        EVERY_KIND,
        counts.values_of_input,
    ),
}
"""Those that are looked for where nothing else gives the value."""

SLIPS = closed(_USUAL | {name: way._replace(rare=True) for name, way in _RARE.items()})
