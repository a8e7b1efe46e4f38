"""What each kind of layer does to a volume: its formulas, on numbers and letters alike.

Every function takes a volume, channels last, and the arguments of a layer by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds import arithmetic, receptive_field
from cnncalc.kinds.measure import Measure, divided, too_small
from cnncalc.kinds.receptive_field import ALL, OWN, Reach
from cnncalc.kinds.volumes import Volume, sides, spatial, spread, times
from cnncalc.numbers.assumptions import assume
from cnncalc.numbers.lettered import can_reach
from cnncalc.numbers.working import are_numbers, divides, known, known_all, plain, product, shown
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, article, plural
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from cnncalc.kinds.arguments import Arguments
    from cnncalc.numbers.working import Number


class _Windows(NamedTuple):
    """The windows of a layer over a map: sizes, reaches, and what they leave over."""

    out: Volume
    k: tuple[Any, ...]
    reach: tuple[Reach, ...]
    left: tuple[tuple[int, ...], tuple[int, ...]]


def _windows(volume: Volume, a: Arguments) -> _Windows:
    """Slide windows over the map of a volume, axis by axis."""
    axes = spatial(volume)
    if a.rank and a.rank != len(axes):
        raise Problem(
            "rank-does-not-match",
            _(
                "a {rank}-D layer works on {axes}, and its input has {count}",
                rank=a.rank,
                axes=plural(a.rank, "spatial axis", "spatial axes"),
                count=len(axes),
            ),
            about=_("its input is {rank} map", rank=article(f"{len(axes)}-D")),
            helps=[_("leave the number of axes out of the layer's name: it follows its input")],
        )
    rank = len(axes)
    k = spread(a.kernel, rank, "kernel")
    s, p = spread(a.stride, rank, "stride"), spread(a.padding, rank, "padding")
    d = spread(a.dilation, rank, "dilation")
    geometry = tuple(zip(axes, k, s, p, d, strict=True))
    first = geometry[0]
    if type(first[0]) is int and geometry == (first,) * rank:  # a square
        size, reach, unread, ragged = _along(first, geometry, a)
        left = (unread,) * rank if unread else ()
        return _Windows((size,) * rank, k, (reach,) * rank, (left, ragged))
    along = [_along(row, geometry, a) for row in geometry]
    out, reaches, unreads, raggeds = zip(*along, strict=True)
    left = unreads if any(unreads) else ()
    return _Windows(out, k, reaches, (left, next(filter(None, raggeds), ())))


def _along(
    row: tuple[Any, ...], geometry: tuple[tuple[Any, ...], ...], a: Arguments
) -> tuple[Any, ...]:
    """Slide windows along an axis: how many there are, their reach, and what they leave over."""
    n, k, s, pad, d = row
    if a.same:
        size = arithmetic.same(n, s)
        before, after = arithmetic.same_padding(*map(plain, (n, size, k, s, d)))
    else:
        before, after = sides(pad)
        if a.full:
            before = after = arithmetic.extent(k, d) - 1
        elif a.causal:
            before, after = arithmetic.extent(k, d) - 1, 0
        formula = arithmetic.window_ceil if a.ceil else arithmetic.window
        size = formula(n, before, after, k, s, d)
        if not can_reach(plain(size), 1):
            raise _does_not_fit(geometry)
    known = n, before, after, k, s, d, size
    if {*map(type, known)} != {int}:
        known = tuple(map(plain, known))
    n, before, after, k, s, d, out = known
    slack = n + before + after - arithmetic.extent(k, d)
    ragged = known[:-1] if are_numbers(slack, s) and slack % s else ()
    unread = 0 if a.same else arithmetic.unread(n, before, out, k, s, d)
    return size, receptive_field.slide(k, s, d, before), unread, ragged


def _does_not_fit(geometry: tuple[tuple[Any, ...], ...]) -> Problem:
    """Return the problem of a kernel that is larger than its map, with what would fit."""
    failing = [
        (n, k, s, *sides(p), d)
        for n, k, s, p, d in geometry
        if n + sum(sides(p)) < arithmetic.extent(k, d)
    ]
    n, k, s, before, after, d = failing[0]
    reaches = times(tuple(arithmetic.extent(row[1], row[4]) for row in geometry))
    sizes = article(times(tuple(row[0] for row in geometry)))
    size = arithmetic.window(*(shown(plain(each)) for each in (n, before, after, k, s, d)))
    most = min((n + b + a - 1) // d + 1 for n, _k, _s, b, a, d in failing)
    pad = max((plain(arithmetic.extent(k, d) - n) + 1) // 2 for n, k, _s, _b, _a, d in failing)
    return Problem(
        "kernel-does-not-fit",
        _("the kernel is larger than the map it slides over"),
        about=_("{kernel} kernel (dilated) on {sizes} map", kernel=reaches, sizes=sizes)
        if any(row[4] > 1 for row in geometry)
        else _("{kernel} kernel on {sizes} map", kernel=reaches, sizes=sizes),
        notes=[too_small(size)],
        helps=[_("use a kernel of at most {most}, or pad with p{pad} or more", most=most, pad=pad)],
    )


def _learned(fan_in: Number, filters: Number, a: Arguments) -> tuple[Number, Number, Number]:
    """Return weights, biases and parameters of filters that each read `fan_in` values."""
    weights = fan_in * filters
    if a.nobias:
        return weights, 0, weights
    return weights, filters, (fan_in + 1) * filters


def conv(volume: Volume, a: Arguments) -> Measure:
    """Measure a convolution: k*k*(Cin/g) weights and a bias for each of N filters."""
    channels = volume[-1]
    windows = _windows(volume, a)
    if a.groups != 1:
        channels = divided(channels, a.groups, "channels of the input")
        divided(a.filters, a.groups, "filters")
    fan_in = product((*windows.k, channels))
    weights, biases, params = _learned(fan_in, a.filters, a)
    macs = fan_in * a.filters * product(known_all(windows.out, "out"))
    output = (*windows.out, a.filters)
    return Measure(output, windows.reach, weights, biases, params, macs, *windows.left)


def dwconv(volume: Volume, a: Arguments) -> Measure:
    """Measure a depthwise convolution: k*k weights and a bias for each of N filters."""
    windows = _windows(volume, a)
    channels, filters = volume[-1], a.filters
    if filters is not None:
        if not divides(channels, filters):
            raise Problem(
                "filters-do-not-divide",
                _("a depthwise conv has a whole number of filters for each channel"),
                about=_(
                    "{filters} for {channels}",
                    filters=plural(plain(filters), "filter"),
                    channels=plural(plain(channels), "channel"),
                ),
                helps=[_("use {channels}, or a multiple of it", channels=channels)],
            )
    else:
        filters = channels if a.multiplier in (None, 1) else a.multiplier * channels
    output, filters = filters, known(filters, "N")
    weights, biases, params = _learned(product(windows.k), filters, a)
    macs = product(windows.k) * filters * product(known_all(windows.out, "out"))
    return Measure(
        (*windows.out, output), windows.reach, weights, biases, params, macs, *windows.left
    )


def _transposed(
    n: int, kernel: int, stride: int, pad: Any, end: int | None, dilation: int, *, is_same: bool
) -> tuple[int, Reach]:
    """Return the size that goes out along one axis, and how fields grow along it."""
    (before, after), extra = sides(pad), end or 0
    if is_same:
        before, after, extra = arithmetic.transposed_same(kernel, stride, dilation, end)
    if not is_same and extra >= stride and extra >= dilation:
        raise Problem(
            "output-padding-too-large",
            _("the output padding must be less than the stride or the dilation"),
            about=_(
                "op{extra} with s{stride} and d{dilation}",
                extra=extra,
                stride=stride,
                dilation=dilation,
            ),
            helps=[_("op is at most {most} here", most=plain(max(stride, dilation)) - 1)],
        )
    numbers = n, before, after, kernel, stride, dilation, extra
    size = arithmetic.transposed(*numbers)
    if not can_reach(plain(size), 1):
        most = (plain(size) + plain(before) + plain(after) - 1) // 2
        raise Problem(
            "padding-takes-all",
            _("the padding of a transposed conv takes its whole output away"),
            about=_("{kernel} wide kernel, p{pad}, on {size}", kernel=kernel, pad=before, size=n),
            notes=[too_small(arithmetic.transposed(*(shown(plain(each)) for each in numbers)))],
            helps=[_("pad with p{most} or less", most=most)],
        )
    return size, receptive_field.transposed(*map(plain, (kernel, stride, dilation, before)))


def deconv(volume: Volume, a: Arguments) -> Measure:
    """Measure a transposed convolution: k*k*Cin*(N/g) weights and a bias for each of N."""
    axes = spatial(volume)
    rank = len(axes)
    k = spread(a.kernel, rank, "kernel")
    ends = (None,) if a.output_padding is None else a.output_padding
    geometry = zip(
        axes,
        k,
        spread(a.stride, rank, "stride"),
        spread(a.padding, rank, "padding"),
        spread(ends, rank, "output padding"),
        spread(a.dilation, rank, "dilation"),
        strict=True,
    )
    found = [_transposed(*axis, is_same=a.same) for axis in geometry]
    out = [size for size, _reach in found]
    reach = tuple(reach for _size, reach in found)
    each = a.filters
    if a.groups != 1:
        divided(volume[-1], a.groups, "channels of the input")
        each = divided(a.filters, a.groups, "filters")
    weights = product((*k, volume[-1])) * each
    biases = 0 if a.nobias else a.filters
    macs = weights * product(axes)
    params = weights if a.nobias else weights + a.filters
    return Measure((*out, a.filters), reach, weights, biases, params, macs)


def local(volume: Volume, a: Arguments) -> Measure:
    """Measure a locally connected layer: a filter and a bias of its own at each position."""
    windows = _windows(volume, a)
    places = product((a.filters, *known_all(windows.out, "out")))
    fan_in = product((*windows.k, volume[-1]))
    weights, biases, params = _learned(fan_in, places, a)
    return Measure(
        (*windows.out, a.filters), windows.reach, weights, biases, params, weights, *windows.left
    )


def fc(volume: Volume, a: Arguments) -> Measure:
    """Measure a fully connected layer: n weights and a bias for each of N units."""
    fan_in = product(volume)
    weights, biases, params = _learned(fan_in, a.units, a)
    return Measure((a.units,), ALL, weights, biases, params, weights)


def linear(volume: Volume, a: Arguments) -> Measure:
    """Measure a fully connected layer at every place: each unit sees the channels there."""
    weights, biases, params = _learned(volume[-1], a.units, a)
    macs = weights * product(volume[:-1])
    return Measure((*volume[:-1], a.units), (), weights, biases, params, macs)


def pool(volume: Volume, a: Arguments) -> Measure:
    """Measure a pool: a window slides over each channel by itself."""
    windows = _windows(volume, a)
    return Measure((*windows.out, volume[-1]), windows.reach, 0, 0, 0, 0, *windows.left)


def global_pool(volume: Volume, _a: Arguments) -> Measure:
    """Measure a global pool: HxWxC to 1x1xC."""
    return Measure((*(1 for _ in spatial(volume)), volume[-1]), ALL)


def adaptive_pool(volume: Volume, a: Arguments) -> Measure:
    """Measure an adaptive pool: the output's size is given, the windows follow."""
    axes = spatial(volume)
    out = spread(a.size, len(axes), "size")
    reach = tuple(
        receptive_field.adaptive(plain(n), plain(to)) for n, to in zip(axes, out, strict=True)
    )
    return Measure((*out, volume[-1]), reach)


def norm(volume: Volume, a: Arguments) -> Measure:
    """Measure a norm with a scale and a shift for each channel: 2C; or one of them, or neither."""
    scale, shift = (0 if lacks else volume[-1] for lacks in (a.noscale, a.nobias))
    params = (2 - a.noscale - a.nobias) * volume[-1] if not (a.noscale and a.nobias) else 0
    return Measure(volume, OWN, scale, shift, params)


def instance_norm(volume: Volume, a: Arguments) -> Measure:
    """Measure an instance norm, which learns a scale and a shift where it is affine."""
    return norm(volume, a) if a.affine else unchanged(volume, a)


def prelu(volume: Volume, a: Arguments) -> Measure:
    """Measure a leaky relu with learned slopes: one for each channel, or one for all."""
    if a.count is None:
        return per_channel(volume, a)
    channels = volume[-1]
    if not are_numbers(a.count, channels):
        assume("least", plain(a.count) - plain(channels))
        assume("least", plain(channels) - plain(a.count))
    elif plain(a.count) not in (1, plain(channels)):
        raise Problem(
            "slopes-do-not-fit",
            _("a prelu learns one slope for all channels, or one for each"),
            about=_(
                "{count} for {channels}",
                count=plural(plain(a.count), "slope"),
                channels=plural(plain(channels), "channel"),
            ),
            helps=[_("write 'prelu' or 'prelu 1'")],
        )
    return Measure(volume, OWN, a.count, 0, a.count)


def group_norm(volume: Volume, a: Arguments) -> Measure:
    """Measure a group norm: as any norm, and its groups divide the channels."""
    divided(volume[-1], a.groups, "channels")
    return norm(volume, a)


def per_channel(volume: Volume, _a: Arguments) -> Measure:
    """Measure a layer that learns one number for each channel."""
    return Measure(volume, OWN, volume[-1], 0, volume[-1])


def unchanged(volume: Volume, _a: Arguments) -> Measure:
    """Measure a layer that keeps its input's shape and learns nothing."""
    return Measure(volume, OWN)


def deformconv(volume: Volume, a: Arguments) -> Measure:
    """Measure a deformable convolution: a conv, and the conv that gives its taps' offsets.

    That has an offset along each axis, and a weight with `mask`, for each tap of each of its
    groups; one group of filters, and always a bias.
    """
    rank = len(spatial(volume))
    divided(volume[-1], a.deformable_groups, "channels of the input")
    taps = product(spread(a.kernel, rank, "kernel"))
    offsets = a.deformable_groups * ((rank + 1 if a.mask else rank) * taps)
    own = conv(volume, a)
    place = conv(volume, a.but(filters=offsets, groups=1, nobias=False))
    return own._replace(
        reach=None,
        weights=own.weights + place.weights,
        biases=own.biases + place.biases,
        params=own.params + place.params,
        macs=own.macs + place.macs,
    )
