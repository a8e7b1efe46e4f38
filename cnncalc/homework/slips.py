"""The one table of slips: the ways in which people go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework import wrong_counts as counts
from cnncalc.homework import wrong_fields as fields
from cnncalc.homework import wrong_pools as pools
from cnncalc.homework import wrong_sequences as sequences
from cnncalc.homework import wrong_sizes as sizes
from cnncalc.homework.variations import (
    COSTS,
    COUNTS,
    DEPTHS,
    FIELDS,
    SAME,
    SHAPES,
    WINDOWS,
    Variation,
    closed,
    padding_as,
    spec,
    spec_padding,
)
from cnncalc.numbers.working import product
from cnncalc.report.quantities import BYTES, HELD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNITS = COUNTS | COSTS | {"in_features", "output", "channels"}
PADDINGS = frozenset({"padding"})


def _paddings(*entries: tuple[str, str, Callable[[int], int]]) -> Iterator[Variation]:
    """Yield slips that are a padding made of the kernel."""
    for name, says, change in entries:
        yield Variation(name, says, PADDINGS, answer=padding_as(change))


def _fields(*entries: Any, of: frozenset[str] = FIELDS) -> Iterator[Variation]:
    """Yield slips that are made of the windows, with the slips that each is like."""
    for name, says, change, *like in entries:
        answer = fields.wrong_field(change)
        yield Variation(name, says, of, answer=answer, like=tuple(like))


SLIPS = closed(
    Variation(
        "rounded-down",
        "rounded down where 'ceil' rounds up",
        SHAPES,
        change_layer=spec(ceil=False),
        about="size",
    ),
    Variation(
        "padding-on-one-side",
        "the padding counted once, on one side",
        SHAPES,
        change_layer=spec_padding(sizes.one_sided),
        about="padding",
    ),
    Variation(
        "padding-forgotten",
        "the padding forgotten",
        SHAPES,
        change_layer=spec(padding=(0,)),
        about="padding",
    ),
    Variation(
        "padding-twice",
        "the padding counted twice",
        SHAPES,
        change_layer=spec(padding=sizes.doubled),
        rare=True,
    ),
    Variation(
        "stride-ignored",
        "the stride ignored",
        SHAPES,
        change_layer=spec(stride=(1,)),
        about="stride",
    ),
    *(
        Variation(name, says, SHAPES, change_layer=sizes.stride_of_axis(axis), rare=True)
        for axis, name, says in (
            (0, "stride-on-height", "the stride along the height alone"),
            (1, "stride-on-width", "the stride along the width alone"),
        )
    ),
    Variation(
        "half-on-each-side",
        "half of the kernel on both sides for 'same', one too many for an even one",
        SHAPES,
        change_layer=sizes.halved_kernel,
    ),
    Variation(
        "dilation-ignored",
        "the dilation ignored",
        SHAPES | FIELDS,
        change_layer=spec(dilation=(1,)),
    ),
    Variation(
        "dilation-as-gaps",
        "as many gaps as the dilation between the cells of a kernel: there is one fewer",
        SHAPES | FIELDS,
        change_layer=sizes.dilation_more,
    ),
    Variation(
        "dilation-multiplied",
        "the dilation multiplied by k, not by k - 1",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.dilation_multiplied),
    ),
    Variation(
        "plus-one-forgotten",
        "the + 1 at the end forgotten",
        SHAPES,
        change_measure=sizes.outputs(lambda size: size - 1),
        about="one",
    ),
    Variation(
        "plus-one-divided",
        "the + 1 divided by the stride with the rest",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.plus_one_inside),
    ),
    Variation(
        "kernel-ignored",
        "the kernel ignored, as 'same' does",
        SHAPES,
        change_layer=spec(*WINDOWS, **SAME),
        like=("same",),
        about="size",
    ),
    Variation(
        "rounded-up",
        "rounded up where convolutions round down",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.rounded_up, "conv", "dwconv", "local"),
        like=("same", "kernel-ignored"),
    ),
    Variation(
        "floor-forgotten",
        "the floor forgotten: a size is a whole number",
        SHAPES,
        change_measure=sizes.floor_forgotten,
    ),
    *_paddings(
        ("padding-is-kernel", "the kernel's size for the padding", lambda k: k),
        ("padding-of-both-sides", "k - 1, the padding of both sides", lambda k: k - 1),
        ("padding-rounded-up", "half of k + 1 for half of k - 1", lambda k: (k + 1) // 2),
    ),
    Variation(
        "pool-left-out",
        "a pool left out",
        SHAPES,
        change_layer=sizes.pool_left_out,
        about="size",
    ),
    Variation(
        "size-kept",
        "the size of the input kept",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.size_kept),
        like=("same", "kernel-ignored", "pool-left-out"),
        about="size",
    ),
    Variation(
        "padding-added",
        "the padding added once, and the kernel not taken away",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.padding_added),
        like=("padding-on-one-side",),
    ),
    Variation(
        "kernel-as-size",
        "the kernel's own size",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.kernel_as_size),
        rare=True,
    ),
    Variation(
        "kernel-twice",
        "the kernel taken away on both sides",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.kernel_twice),
        rare=True,
    ),
    Variation(
        "times-stride",
        "the size multiplied by the stride",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.times_stride),
        like=("same", "kernel-ignored", "size-kept"),
        rare=True,
    ),
    Variation(
        "depth-of-input",
        "the channels of the input, not the number of filters",
        DEPTHS,
        change_measure=sizes.depth_of_input,
        about="depth",
    ),
    Variation(
        "depth-multiplied",
        "the filters multiplied by the channels of the input",
        DEPTHS,
        change_measure=sizes.depth_multiplied,
    ),
    Variation(
        "depth-of-one",
        "one map for all filters",
        DEPTHS,
        change_measure=sizes.depth_of_one,
        rare=True,
    ),
    Variation(
        "add-as-concat",
        "the channels of the branches added up, as concat does",
        DEPTHS,
        answer=sizes.channels_of_join,
    ),
    Variation(
        "concat-as-add",
        "the channels of one branch kept, as add does",
        DEPTHS,
        answer=sizes.channels_of_one,
    ),
    *(
        Variation(
            f"branch-left-out-{number + 1}",
            says,
            DEPTHS,
            answer=sizes.without_branch(number),
            like=("concat-as-add",),
        )
        for number, says in enumerate(
            (
                "the first branch left out",
                "the second branch left out",
                "the third branch left out",
                "the fourth branch left out",
            )
        )
    ),
    Variation(
        "channels-pooled",
        "the channels pooled as well",
        DEPTHS,
        change_measure=sizes.channels_pooled(map_too=True),
        about="depth",
    ),
    Variation(
        "only-channels-pooled",
        "the channels pooled in place of the map",
        DEPTHS,
        change_measure=sizes.channels_pooled(map_too=False),
    ),
    Variation(
        "global-as-window",
        "a pool of 2 in place of one over the whole map",
        SHAPES,
        change_layer=sizes.in_windows,
        rare=True,
    ),
    Variation(
        "side-as-channels",
        "a side of the map taken for its channels",
        frozenset({"channels"}),
        answer=sizes.side_as_channels,
        rare=True,
    ),
    Variation(
        "depth-padded",
        "the depth padded as well",
        DEPTHS,
        change_measure=sizes.depth_padded,
    ),
    Variation(
        "depth-padded-once",
        "padding on one side, and on the depth as well",
        DEPTHS,
        change_measure=sizes.depth_padded_once,
    ),
    Variation(
        "only-depth-padded",
        "the depth padded in place of the map",
        DEPTHS,
        change_measure=sizes.only_depth_padded,
    ),
    Variation(
        "plus-one-twice",
        "1 added twice",
        SHAPES,
        change_measure=sizes.outputs(lambda size: size + 1),
        rare=True,
    ),
    Variation(
        "one-stride-more",
        "n strides counted, not n - 1",
        SHAPES,
        change_measure=sizes.transposed_sizes(lambda n, k, s: n * s + k),
    ),
    Variation(
        "as-a-conv",
        "the formula of a conv for a transposed one",
        SHAPES,
        change_measure=sizes.window_sizes(sizes.as_a_conv, "deconv"),
    ),
    Variation(
        "stride-alone",
        "the kernel ignored, the size multiplied by the stride",
        SHAPES,
        change_measure=sizes.transposed_sizes(lambda n, _k, s: n * s),
    ),
    Variation(
        "times-kernel",
        "the size multiplied by the kernel",
        SHAPES,
        change_measure=sizes.transposed_sizes(lambda n, k, _s: n * k),
        like=("stride-alone",),
    ),
    Variation(
        "depth-forgotten",
        "the channels of the input forgotten",
        COUNTS | COSTS,
        change_measure=counts.depth_forgotten,
        about="weights",
    ),
    Variation(
        "one-bias",
        "one bias for the whole layer",
        COUNTS,
        change_measure=counts.one_bias,
        about="bias",
    ),
    Variation(
        "biases-of-input",
        "a bias for each channel of the input, not for each filter",
        COUNTS,
        change_measure=counts.biases_of_input,
    ),
    Variation(
        "biases-of-kernels",
        "a bias for each channel that each filter reads, not for each filter",
        COUNTS,
        change_measure=counts.biases_of_kernels,
    ),
    Variation(
        "biases-of-values",
        "a bias for each value of the output, not for each filter",
        COUNTS,
        change_measure=counts.biases_of_values,
    ),
    Variation(
        "dilated-kernel",
        "the gaps of a dilated kernel counted as weights",
        COUNTS | COSTS,
        change_layer=counts.dilated_kernel,
    ),
    Variation(
        "projection-left-out",
        "the projection behind attention left out",
        COUNTS | COSTS,
        change_measure=sequences.projections(3, lambda inner, _channels: 3 * inner),
        about="weights",
    ),
    Variation(
        "one-projection",
        "one of the four projections of attention alone",
        COUNTS | COSTS,
        change_measure=sequences.projections(1, lambda _inner, channels: channels),
        about="weights",
    ),
    Variation(
        "heads-multiplied",
        "all the channels given to each head",
        COUNTS | COSTS,
        change_measure=sequences.heads_multiplied,
        about="weights",
    ),
    Variation(
        "one-head",
        "only one head counted",
        COUNTS | COSTS,
        change_measure=sequences.one_head,
        rare=True,
    ),
    Variation(
        "one-direction",
        "the other direction of a recurrent layer left out",
        SHAPES | COUNTS | COSTS,
        change_layer=spec("lstm", "gru", "rnn", bi=False),
    ),
    Variation(
        "other-steps",
        "the last step for all steps of a recurrent layer, or all for the last",
        SHAPES,
        change_layer=spec("lstm", "gru", "rnn", last=lambda last: not last),
    ),
    Variation(
        "one-gate",
        "only one gate of a recurrent layer counted",
        COUNTS | COSTS,
        change_measure=sequences.one_gate,
        about="weights",
    ),
    Variation(
        "other-gates",
        "the three gates of a gru for the four of an lstm, or the other way round",
        COUNTS | COSTS,
        change_measure=sequences.other_gates,
        about="weights",
    ),
    Variation(
        "state-forgotten",
        "the weights of the step before left out",
        COUNTS | COSTS,
        change_measure=sequences.state_forgotten,
        about="weights",
    ),
    Variation(
        "words-forgotten",
        "numbers for each place of the text, not for each word there is",
        COUNTS,
        change_measure=sequences.words_forgotten,
    ),
    Variation(
        "groups-ignored",
        "the groups ignored",
        COUNTS | COSTS,
        change_layer=spec(groups=1),
        about="weights",
    ),
    Variation(
        "groups-multiplied",
        "multiplied by the groups, where the channels are divided by them",
        COUNTS | COSTS,
        change_measure=counts.groups_multiplied,
    ),
    Variation(
        "one-group",
        "only one of the groups counted",
        COUNTS | COSTS,
        change_measure=counts.one_group,
    ),
    Variation(
        "depthwise-full",
        "a depthwise conv counted as a standard one",
        COUNTS | COSTS,
        change_measure=counts.depthwise_full,
    ),
    Variation(
        "at-each-place",
        "'linear' for 'fc': only the channels at each place seen",
        SHAPES | COUNTS | COSTS,
        change_measure=counts.at_each_place,
    ),
    Variation(
        "kernel-forgotten",
        "the area of the kernel forgotten",
        COUNTS | COSTS,
        change_measure=counts.kernel_forgotten,
        about="weights",
    ),
    Variation(
        "sides-added",
        "the sides of the kernel added where they multiply",
        COUNTS | COSTS,
        change_measure=counts.sides_added,
        rare=True,
    ),
    Variation(
        "kernel-side-forgotten",
        "one side of the kernel left out: k for k*k",
        COUNTS | COSTS,
        change_measure=counts.kernel_side_forgotten,
        rare=True,
    ),
    Variation(
        "kernel-side-more",
        "one side of the kernel too many: k*k*k for k*k",
        COUNTS | COSTS,
        change_measure=counts.kernel_side_more,
        rare=True,
    ),
    Variation(
        "depth-of-kernel",
        "filters as deep as they are wide, not as their input",
        COUNTS | COSTS,
        change_measure=counts.filters_as_deep(lambda layer: layer.named["kernel"][0]),
        rare=True,
    ),
    Variation(
        "depth-of-output",
        "filters as deep as their output, not as their input",
        COUNTS | COSTS,
        change_measure=counts.filters_as_deep(lambda layer: layer.named["filters"]),
        rare=True,
    ),
    Variation(
        "norm-each-value",
        "a scale and a shift for each value of the map, not for each channel",
        COUNTS,
        change_measure=counts.norm_learns(product),
        rare=True,
    ),
    Variation(
        "norm-each-place",
        "a scale and a shift for each place of the map, not for each channel",
        COUNTS,
        change_measure=counts.norm_learns(lambda volume: product(volume[:-1])),
        rare=True,
    ),
    Variation(
        "products-forgotten",
        "the products of attention left out",
        COSTS,
        change_measure=sequences.products_forgotten,
    ),
    Variation(
        "one-filter",
        "only one filter or unit counted",
        COUNTS | COSTS,
        change_measure=counts.one_filter,
        about="weights",
    ),
    Variation(
        "one-window",
        "only one filter counted",
        COUNTS | COSTS,
        change_measure=counts.one_window,
        about="weights",
    ),
    Variation(
        "weights-twice",
        "the weights counted twice",
        COUNTS,
        change_measure=counts.weights_twice,
        rare=True,
    ),
    Variation(
        "counted-again",
        "the weights counted at every use",
        COUNTS,
        answer=counts.counted_again,
    ),
    Variation(
        "bias-counted", "a bias counted where there is none", COUNTS, answer=counts.bias_counted
    ),
    Variation(
        "weight-per-pixel",
        "a weight for each pixel of the map",
        COUNTS,
        answer=counts.pixel_weights,
    ),
    Variation(
        "channels-added", "channels added where they multiply", COUNTS, answer=counts.channels_added
    ),
    Variation(
        "colours-forgotten",
        "the channels left out of what a unit sees",
        UNITS,
        change_input=counts.seen(lambda volume: volume[:-1]),
        about="weights",
    ),
    Variation(
        "side-forgotten",
        "one side of the map left out of what a unit sees",
        UNITS,
        change_input=counts.seen(lambda volume: volume[1:]),
    ),
    Variation(
        "channels-seen",
        "only the channels counted of what a unit sees",
        UNITS,
        change_input=counts.seen(lambda volume: volume[-1:]),
        like=("at-each-place",),
    ),
    Variation(
        "colours-assumed",
        "three channels taken for granted",
        UNITS,
        change_input=counts.seen(
            lambda volume: (*volume[:-1], 3) if volume[-1] == 1 else volume,
        ),
        about="weights",
    ),
    Variation(
        "filters-alone",
        "only the filters counted, not what they learn",
        COUNTS,
        answer=counts.filters_alone,
    ),
    Variation(
        "pool-learns",
        "parameters given to a pool, which learns nothing",
        COUNTS,
        answer=pools.learned,
    ),
    Variation(
        "pool-learns-each",
        "parameters given to a pool, for each channel",
        COUNTS,
        answer=pools.learned_each,
    ),
    Variation(
        "pool-learns-channels",
        "parameters given to a pool, one a channel",
        COUNTS,
        answer=pools.learned_channels,
    ),
    *(
        Variation(name, says, COUNTS, answer=pools.counted_as(kind), rare=True)
        for kind, name, says in (
            ("conv", "pool-as-conv", "a pool counted as a conv, which learns"),
            ("dwconv", "pool-as-dwconv", "a pool counted as a depthwise conv, which learns"),
        )
    ),
    Variation(
        "positions-forgotten",
        "the weights, not multiplied by the positions",
        COSTS,
        answer=counts.positions_forgotten,
    ),
    Variation(
        "side-alone",
        "multiplied by one side of the map, not by its area",
        COSTS,
        answer=counts.side_alone,
    ),
    Variation(
        "input-grid",
        "multiplied by the input's positions, not the output's",
        COSTS,
        answer=counts.input_grid,
    ),
    *_fields(
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
        ("whole-kernels", "k added where k - 1 is", fields.whole_kernels, "kernels-added"),
        ("own-stride", "a layer's own stride counted for itself", fields.own_stride),
        ("pools-double", "the field multiplied at a pool", fields.pools_double),
        ("pools-left-out", "the pools left out", fields.pools_left_out),
    ),
    Variation("one-lost", "the + 1 lost", FIELDS, answer=fields.one_less),
    Variation(
        "area-of-field", "the pixels of the field, not of its side", FIELDS, answer=fields.area
    ),
    *_fields(
        ("strides-added", "the strides added where they multiply", fields.strides_added),
        ("last-stride", "the last stride alone, not times those before", fields.last_stride),
        of=frozenset({"jump"}),
    ),
    Variation(
        "fc-for-linear",
        "'fc' for 'linear': all values of the map seen",
        SHAPES | COUNTS | COSTS,
        change_layer=sizes.on_all_values,
    ),
    *(
        Variation(
            f"another-kernel-{k}",
            says,
            SHAPES | COUNTS | COSTS | FIELDS,
            change_layer=sizes.another_kernel(k),
            rare=True,
        )
        for k, says in (
            (1, "a kernel of 1"),
            (2, "a kernel of 2"),
            (3, "a kernel of 3"),
            (5, "a kernel of 5"),
            (7, "a kernel of 7"),
        )
    ),
    Variation(
        "values-of-input",
        "the values that come in, not those that go out",
        frozenset({"activations", "memory"}),
        answer=counts.values_of_input,
        rare=True,
    ),
    Variation(
        "bytes-forgotten",
        "the number of values, not of their bytes",
        BYTES,
        answer=counts.bytes_forgotten,
    ),
    Variation("bits", "bits, not bytes", BYTES, factor=(8, 1)),
    Variation(
        "type-forgotten",
        "values of 4 bytes, whatever their type",
        frozenset({"memory", "peak", "params-memory"}),
        answer=counts.type_forgotten,
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
    Variation(
        "batch-forgotten", "one input, not the batch", HELD | COSTS, answer=counts.batch_forgotten
    ),
    Variation(
        "batch-counted",
        "multiplied by the batch, for which nothing more is learned",
        COUNTS | {"params-memory"},
        answer=counts.batch_counted,
    ),
)
