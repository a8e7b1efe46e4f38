"""The one table of slips: the ways in which people go wrong."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.homework import wrong_counts as counts
from cnncalc.homework import wrong_fields as fields
from cnncalc.homework import wrong_pools as pools
from cnncalc.homework import wrong_sequences as sequences
from cnncalc.homework import wrong_sizes as sizes
from cnncalc.homework.variations import (
    CONVS,
    COSTS,
    COUNTS,
    DEPTHS,
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
from cnncalc.numbers.working import product
from cnncalc.report.quantities import BYTES, HELD

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = COUNTS | COSTS | {"in_features", "output", "channels"}

LIKE = {
    "kernel-ignored": ("same",),
    "rounded-up": ("same", "kernel-ignored"),
    "size-kept": ("same", "kernel-ignored", "pool-left-out"),
    "padding-added": ("padding-on-one-side",),
    "times-stride": ("same", "kernel-ignored", "size-kept"),
    **{f"branch-left-out-{number}": ("concat-as-add",) for number in range(1, 5)},
    "times-kernel": ("stride-alone",),
    "channels-seen": ("at-each-place",),
    "whole-kernels": ("kernels-added",),
}
"""Ways that are meant where a slip gives what one of them does."""

OF_KINDS = {
    name: frozenset(kinds)
    for kinds, names in (
        (kinds_with("ceil"), ("rounded-down",)),
        (PADDED, ("padding-on-one-side",)),
        (kinds_with("padding"), ("padding-forgotten", "padding-twice")),
        (kinds_with("stride"), ("stride-ignored",)),
        (kinds_with("dilation"), ("dilation-ignored", "dilation-as-gaps", "dilated-kernel")),
        (kinds_with("groups"), ("groups-ignored", "groups-multiplied")),
        (WINDOWS, ("half-on-each-side", "dilation-multiplied", "plus-one-forgotten", "size-kept")),
        (WINDOWS, ("plus-one-divided", "kernel-ignored", "floor-forgotten", "padding-is-kernel")),
        (WINDOWS, ("padding-of-both-sides", "padding-rounded-up", "padding-added", "kernel-twice")),
        (WINDOWS, ("kernel-as-size", "times-stride", "plus-one-twice")),
        (WINDOWS, ("stride-on-height", "stride-on-width")),
        (WINDOWS, tuple(f"another-kernel-{k}" for k in (1, 2, 3, 5, 7))),
        (WINDOWS - POOLS, ("rounded-up",)),
        (POOLS, ("pool-left-out", "channels-pooled", "pool-learns", "pool-learns-each")),
        (POOLS, ("pool-learns-channels", "pool-as-conv", "pool-as-dwconv")),
        ({*POOLS, *sizes.GLOBAL}, ("only-channels-pooled",)),
        (sizes.GLOBAL, ("global-as-window",)),
        (["add"], ("add-as-concat",)),
        (["concat"], ("concat-as-add", *(f"branch-left-out-{each}" for each in range(1, 5)))),
        (["pad", "conv"], ("depth-padded",)),
        (["pad"], ("depth-padded-once", "only-depth-padded")),
        (["deconv"], ("one-stride-more", "as-a-conv", "stride-alone", "times-kernel")),
        (["conv"], ("depth-multiplied", "biases-of-kernels", "kernel-forgotten")),
        (["conv"], ("depth-of-kernel", "depth-of-output", "weight-per-pixel")),
        (["dwconv"], ("depthwise-full",)),
        (["conv", "dwconv"], ("depth-of-one", "sides-added")),
        (["conv", "deconv"], ("biases-of-input", "one-group")),
        (["dwconv", "deconv"], ("one-window",)),
        (["conv", "local", "deconv"], ("depth-forgotten",)),
        (CONVS, ("biases-of-values", "kernel-side-forgotten", "kernel-side-more")),
        (["conv", "fc"], ("one-filter",)),
        (["fc"], ("at-each-place",)),
        (["linear"], ("fc-for-linear",)),
        (["fc", "flatten"], ("colours-forgotten", "side-forgotten")),
        (["fc", "flatten"], ("channels-seen", "colours-assumed")),
        (["bn", "ln", "gn"], ("norm-each-value", "norm-each-place")),
        (["embedding"], ("words-forgotten",)),
        (["attention"], ("projection-left-out", "one-projection", "heads-multiplied", "one-head")),
        (RECURRENT, ("one-direction", "other-steps", "state-forgotten")),
        (["lstm", "gru"], ("one-gate", "other-gates")),
    )
    for name in names
}
"""The kinds of the rows at which a slip is made, where it is of some alone."""


def _slips(way: str, of: frozenset[str], *entries: Any, rare: bool = False) -> Iterator[Variation]:
    """Yield slips that bear on some quantities, and that one `way` of a variation says.

    An entry is a name, what it says, that way and, of a frequent slip, what it is about.
    """
    for name, says, change, *about in entries:
        how = {way: change, "about": "".join(about), "kinds": OF_KINDS.get(name, frozenset())}
        yield Variation(name, says, of, like=LIKE.get(name, ()), rare=rare, **how)


_layers, _inputs = partial(_slips, "change_layer"), partial(_slips, "change_input")
_measures, _answers = partial(_slips, "change_measure"), partial(_slips, "answer")


def _fields(of: str, *entries: Any) -> Iterator[Variation]:
    """Yield slips that are made of the windows that a unit looks through."""
    made = ((name, says, fields.wrong_field(change)) for name, says, change in entries)
    return _answers(frozenset({of}), *made)


SLIPS = closed(
    *_layers(
        SHAPES,
        ("rounded-down", "rounded down where 'ceil' rounds up", spec(ceil=False), "size"),
        (
            "padding-on-one-side",
            "the padding counted once, on one side",
            spec_padding(sizes.one_sided),
            "padding",
        ),
        ("padding-forgotten", "the padding forgotten", spec(padding=(0,)), "padding"),
        ("stride-ignored", "the stride ignored", spec(stride=(1,)), "stride"),
        (
            "half-on-each-side",
            "half of the kernel on both sides for 'same', one too many for an even one",
            sizes.halved_kernel,
        ),
    ),
    *_layers(
        SHAPES | FIELDS,
        ("dilation-ignored", "the dilation ignored", spec(dilation=(1,))),
        (
            "dilation-as-gaps",
            "as many gaps as the dilation between the cells of a kernel: there is one fewer",
            sizes.dilation_more,
        ),
    ),
    *_measures(
        SHAPES,
        (
            "dilation-multiplied",
            "the dilation multiplied by k, not by k - 1",
            sizes.window_sizes(sizes.dilation_multiplied),
        ),
        (
            "plus-one-forgotten",
            "the + 1 at the end forgotten",
            sizes.outputs(lambda size: size - 1),
            "one",
        ),
        (
            "plus-one-divided",
            "the + 1 divided by the stride with the rest",
            sizes.window_sizes(sizes.plus_one_inside),
        ),
    ),
    *_layers(
        SHAPES,
        ("kernel-ignored", "the kernel ignored, as 'same' does", spec(**SAME), "size"),
    ),
    *_measures(
        SHAPES,
        (
            "rounded-up",
            "rounded up where convolutions round down",
            sizes.window_sizes(sizes.rounded_up),
        ),
        ("floor-forgotten", "the floor forgotten: a size is a whole number", sizes.floor_forgotten),
    ),
    *_answers(
        frozenset({"padding"}),
        ("padding-is-kernel", "the kernel's size for the padding", padding_as(lambda k: k)),
        ("padding-of-both-sides", "k - 1, the padding of both sides", padding_as(lambda k: k - 1)),
        (
            "padding-rounded-up",
            "half of k + 1 for half of k - 1",
            padding_as(lambda k: (k + 1) // 2),
        ),
    ),
    *_layers(SHAPES, ("pool-left-out", "a pool left out", sizes.pool_left_out, "size")),
    *_measures(
        SHAPES,
        ("size-kept", "the size of the input kept", sizes.window_sizes(lambda w: w.n), "size"),
        (
            "padding-added",
            "the padding added once, and the kernel not taken away",
            sizes.window_sizes(lambda w: w.n + w.before if w.before else 0),
        ),
    ),
    *_measures(
        DEPTHS,
        (
            "depth-of-input",
            "the channels of the input, not the number of filters",
            sizes.depth_of_input,
            "depth",
        ),
        (
            "depth-multiplied",
            "the filters multiplied by the channels of the input",
            sizes.depth_multiplied,
        ),
    ),
    *_answers(
        DEPTHS,
        (
            "add-as-concat",
            "the channels of the branches added up, as concat does",
            sizes.channels_of_join,
        ),
        ("concat-as-add", "the channels of one branch kept, as add does", sizes.channels_of_one),
        ("branch-left-out-1", "the first branch left out", sizes.without_branch(0)),
        ("branch-left-out-2", "the second branch left out", sizes.without_branch(1)),
        ("branch-left-out-3", "the third branch left out", sizes.without_branch(2)),
        ("branch-left-out-4", "the fourth branch left out", sizes.without_branch(3)),
    ),
    *_measures(
        DEPTHS,
        (
            "channels-pooled",
            "the channels pooled as well",
            sizes.channels_pooled(map_too=True),
            "depth",
        ),
        (
            "only-channels-pooled",
            "the channels pooled in place of the map",
            sizes.channels_pooled(map_too=False),
        ),
        ("depth-padded", "the depth padded as well", sizes.depth_padded),
        (
            "depth-padded-once",
            "padding on one side, and on the depth as well",
            sizes.depth_padded_once,
        ),
        ("only-depth-padded", "the depth padded in place of the map", sizes.only_depth_padded),
    ),
    *_measures(
        SHAPES,
        (
            "one-stride-more",
            "n strides counted, not n - 1",
            sizes.window_sizes(lambda w: w.n * w.s + w.k),
        ),
        (
            "as-a-conv",
            "the formula of a conv for a transposed one",
            sizes.window_sizes(lambda w: (w.padded - w.k) // w.s + 1),
        ),
        (
            "stride-alone",
            "the kernel ignored, the size multiplied by the stride",
            sizes.window_sizes(lambda w: w.n * w.s),
        ),
        (
            "times-kernel",
            "the size multiplied by the kernel",
            sizes.window_sizes(lambda w: w.n * w.k),
        ),
    ),
    *_measures(
        COUNTS | COSTS,
        (
            "depth-forgotten",
            "the channels of the input forgotten",
            counts.depth_forgotten,
            "weights",
        ),
    ),
    *_measures(
        COUNTS,
        ("one-bias", "one bias for the whole layer", counts.one_bias, "bias"),
        (
            "biases-of-input",
            "a bias for each channel of the input, not for each filter",
            counts.biases_of_input,
        ),
        (
            "biases-of-kernels",
            "a bias for each channel that each filter reads, not for each filter",
            counts.biases_of_kernels,
        ),
        (
            "biases-of-values",
            "a bias for each value of the output, not for each filter",
            counts.biases_of_values,
        ),
    ),
    *_layers(
        COUNTS | COSTS,
        (
            "dilated-kernel",
            "the gaps of a dilated kernel counted as weights",
            counts.dilated_kernel,
        ),
    ),
    *_measures(
        COUNTS | COSTS,
        (
            "projection-left-out",
            "the projection behind attention left out",
            sequences.projections(3, lambda inner, _channels: 3 * inner),
            "weights",
        ),
        (
            "one-projection",
            "one of the four projections of attention alone",
            sequences.projections(1, lambda _inner, channels: channels),
            "weights",
        ),
        (
            "heads-multiplied",
            "all the channels given to each head",
            sequences.heads_multiplied,
            "weights",
        ),
    ),
    *_layers(
        SHAPES | COUNTS | COSTS,
        (
            "one-direction",
            "the other direction of a recurrent layer left out",
            spec(bi=False),
        ),
    ),
    *_layers(
        SHAPES,
        (
            "other-steps",
            "the last step for all steps of a recurrent layer, or all for the last",
            spec(last=lambda last: not last),
        ),
    ),
    *_measures(
        COUNTS | COSTS,
        ("one-gate", "only one gate of a recurrent layer counted", sequences.one_gate, "weights"),
        (
            "other-gates",
            "the three gates of a gru for the four of an lstm, or the other way round",
            sequences.other_gates,
            "weights",
        ),
        (
            "state-forgotten",
            "the weights of the step before left out",
            sequences.state_forgotten,
            "weights",
        ),
    ),
    *_measures(
        COUNTS,
        (
            "words-forgotten",
            "numbers for each place of the text, not for each word there is",
            sequences.words_forgotten,
        ),
    ),
    *_layers(COUNTS | COSTS, ("groups-ignored", "the groups ignored", spec(groups=1), "weights")),
    *_measures(
        COUNTS | COSTS,
        (
            "groups-multiplied",
            "multiplied by the groups, where the channels are divided by them",
            counts.groups_multiplied,
        ),
        ("one-group", "only one of the groups counted", counts.one_group),
        ("depthwise-full", "a depthwise conv counted as a standard one", counts.depthwise_full),
    ),
    *_measures(
        SHAPES | COUNTS | COSTS,
        (
            "at-each-place",
            "'linear' for 'fc': only the channels at each place seen",
            counts.at_each_place,
        ),
    ),
    *_measures(
        COUNTS | COSTS,
        (
            "kernel-forgotten",
            "the area of the kernel forgotten",
            counts.kernel_forgotten,
            "weights",
        ),
    ),
    *_measures(
        COSTS,
        ("products-forgotten", "the products of attention left out", sequences.products_forgotten),
    ),
    *_measures(
        COUNTS | COSTS,
        ("one-filter", "only one filter or unit counted", counts.one_filter, "weights"),
        ("one-window", "only one filter counted", counts.one_window, "weights"),
    ),
    *_answers(
        COUNTS,
        ("counted-again", "the weights counted at every use", counts.counted_again),
        ("bias-counted", "a bias counted where there is none", counts.bias_counted),
        ("weight-per-pixel", "a weight for each pixel of the map", counts.pixel_weights),
        ("channels-added", "channels added where they multiply", counts.channels_added),
    ),
    *_inputs(
        UNITS,
        (
            "colours-forgotten",
            "the channels left out of what a unit sees",
            counts.seen(lambda volume: volume[:-1]),
            "weights",
        ),
        (
            "side-forgotten",
            "one side of the map left out of what a unit sees",
            counts.seen(lambda volume: volume[1:]),
        ),
        (
            "channels-seen",
            "only the channels counted of what a unit sees",
            counts.seen(lambda volume: volume[-1:]),
        ),
        (
            "colours-assumed",
            "three channels taken for granted",
            counts.seen(lambda volume: (*volume[:-1], 3) if volume[-1] == 1 else volume),
            "weights",
        ),
    ),
    *_answers(
        COUNTS,
        ("filters-alone", "only the filters counted, not what they learn", counts.filters_alone),
        ("pool-learns", "parameters given to a pool, which learns nothing", pools.learned),
        ("pool-learns-each", "parameters given to a pool, for each channel", pools.learned_each),
        (
            "pool-learns-channels",
            "parameters given to a pool, one a channel",
            pools.learned_channels,
        ),
    ),
    *_answers(
        COSTS,
        (
            "positions-forgotten",
            "the weights, not multiplied by the positions",
            counts.positions_forgotten,
        ),
        ("side-alone", "multiplied by one side of the map, not by its area", counts.side_alone),
        ("input-grid", "multiplied by the input's positions, not the output's", counts.input_grid),
    ),
    *_fields(
        "rf",
        ("strides-forgotten", "the strides before each layer forgotten", fields.strides_forgotten),
        (
            "branches-added",
            "the windows of all branches added up, as if they stood in a row",
            fields.branches_added,
        ),
        (
            "field-dilation-multiplied",
            "the dilation multiplied by k, not by k - 1",
            fields.dilation_multiplied,
        ),
        ("kernels-added", "the kernels added up", fields.kernels_added),
        ("whole-kernels", "k added where k - 1 is", fields.whole_kernels),
        ("own-stride", "a layer's own stride counted for itself", fields.own_stride),
        ("pools-double", "the field multiplied at a pool", fields.pools_double),
        ("pools-left-out", "the pools left out", fields.pools_left_out),
    ),
    *_answers(
        FIELDS,
        ("one-lost", "the + 1 lost", fields.one_less),
        ("area-of-field", "the pixels of the field, not of its side", fields.area),
    ),
    *_fields(
        "jump",
        ("strides-added", "the strides added where they multiply", fields.strides_added),
        ("last-stride", "the last stride alone, not times those before", fields.last_stride),
    ),
    *_layers(
        SHAPES | COUNTS | COSTS,
        ("fc-for-linear", "'fc' for 'linear': all values of the map seen", sizes.on_all_values),
    ),
    *_answers(
        BYTES,
        ("bytes-forgotten", "the number of values, not of their bytes", counts.bytes_forgotten),
    ),
    Variation("bits", "bits, not bytes", BYTES, factor=(8, 1)),
    *_answers(
        frozenset({"memory", "peak", "params-memory"}),
        ("type-forgotten", "values of 4 bytes, whatever their type", counts.type_forgotten),
    ),
    *(
        Variation(
            f"{unit}-of-1000".lower(), says, BYTES, factor=(1024**power, 1000**power), unit=unit
        )
        for power, unit, says in (
            (1, "KiB", "a KiB taken as 1000 bytes"),
            (2, "MiB", "an MiB taken as 1000*1000 bytes"),
            (3, "GiB", "a GiB taken as 1000*1000*1000 bytes"),
        )
    ),
    *_answers(
        HELD | COSTS, ("batch-forgotten", "one input, not the batch", counts.batch_forgotten)
    ),
    *_answers(
        COUNTS | {"params-memory"},
        (
            "batch-counted",
            "multiplied by the batch, for which nothing more is learned",
            counts.batch_counted,
        ),
    ),
    # ------------------------------------------------------------ rare ones
    *_layers(
        SHAPES,
        ("padding-twice", "the padding counted twice", spec(padding=sizes.doubled)),
        ("stride-on-height", "the stride along the height alone", sizes.stride_of_axis(0)),
        ("stride-on-width", "the stride along the width alone", sizes.stride_of_axis(1)),
        rare=True,
    ),
    *_measures(
        SHAPES,
        ("kernel-as-size", "the kernel's own size", sizes.window_sizes(lambda w: w.k)),
        (
            "kernel-twice",
            "the kernel taken away on both sides",
            sizes.window_sizes(lambda w: w.n - 2 * w.k + 2),
        ),
        (
            "times-stride",
            "the size multiplied by the stride",
            sizes.window_sizes(lambda w: w.n * w.s),
        ),
        rare=True,
    ),
    *_measures(DEPTHS, ("depth-of-one", "one map for all filters", sizes.depth_of_one), rare=True),
    *_layers(
        SHAPES,
        ("global-as-window", "a pool of 2 in place of one over the whole map", sizes.in_windows),
        rare=True,
    ),
    *_answers(
        frozenset({"channels"}),
        ("side-as-channels", "a side of the map taken for its channels", sizes.side_as_channels),
        rare=True,
    ),
    *_measures(
        SHAPES, ("plus-one-twice", "1 added twice", sizes.outputs(lambda size: size + 1)), rare=True
    ),
    *_measures(
        COUNTS | COSTS,
        ("one-head", "only one head counted", sequences.one_head),
        ("sides-added", "the sides of the kernel added where they multiply", counts.sides_added),
        (
            "kernel-side-forgotten",
            "one side of the kernel left out: k for k*k",
            counts.kernel_side_forgotten,
        ),
        (
            "kernel-side-more",
            "one side of the kernel too many: k*k*k for k*k",
            counts.kernel_side_more,
        ),
        (
            "depth-of-kernel",
            "filters as deep as they are wide, not as their input",
            counts.filters_as_deep(lambda layer: layer.named["kernel"][0]),
        ),
        (
            "depth-of-output",
            "filters as deep as their output, not as their input",
            counts.filters_as_deep(lambda layer: layer.named["filters"]),
        ),
        rare=True,
    ),
    *_measures(
        COUNTS,
        (
            "norm-each-value",
            "a scale and a shift for each value of the map, not for each channel",
            counts.norm_learns(product),
        ),
        (
            "norm-each-place",
            "a scale and a shift for each place of the map, not for each channel",
            counts.norm_learns(lambda volume: product(volume[:-1])),
        ),
        ("weights-twice", "the weights counted twice", counts.weights_twice),
        rare=True,
    ),
    *_answers(
        COUNTS,
        ("pool-as-conv", "a pool counted as a conv, which learns", pools.counted_as("conv")),
        (
            "pool-as-dwconv",
            "a pool counted as a depthwise conv, which learns",
            pools.counted_as("dwconv"),
        ),
        rare=True,
    ),
    *_layers(
        SHAPES | COUNTS | COSTS | FIELDS,
        ("another-kernel-1", "a kernel of 1", sizes.another_kernel(1)),
        ("another-kernel-2", "a kernel of 2", sizes.another_kernel(2)),
        ("another-kernel-3", "a kernel of 3", sizes.another_kernel(3)),
        ("another-kernel-5", "a kernel of 5", sizes.another_kernel(5)),
        ("another-kernel-7", "a kernel of 7", sizes.another_kernel(7)),
        rare=True,
    ),
    *_answers(
        frozenset({"activations", "memory"}),
        (
            "values-of-input",
            "the values that come in, not those that go out",
            counts.values_of_input,
        ),
        rare=True,
    ),
)
