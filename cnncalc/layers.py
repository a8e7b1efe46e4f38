"""The one table of kinds of layer.

An entry holds all that is known of a kind: its names and arguments, from which the notation,
the flags of its command and its help follow, and `measure`, its formulas, which give the same
numbers to the table and the same arithmetic to the card. A new layer is one entry here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from cnncalc import arithmetic, receptive_field
from cnncalc.language import _
from cnncalc.letters import Polynomial, as_factor, can_reach
from cnncalc.problem import Problem, article, plural
from cnncalc.receptive_field import ALL, Reach
from cnncalc.signs import ASCII, PEOPLE
from cnncalc.working import Working, are_numbers, exact, known, plain, product, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.working import Number

Volume: TypeAlias = tuple[Any, ...]
"""Sizes of the spatial axes in order, channels last; one size alone is a vector."""

Sizes: TypeAlias = tuple[Any, ...]
"""One value for all spatial axes, or one for each; for paddings a value may be (before, after)."""

REQUIRED = object()


class Parameter(NamedTuple):
    """An argument of a layer: how it is written, what it takes and what it is without it.

    `form` says what it takes: 'number' one whole number; 'axes' one, or one for each axis;
    'sides' the same, or before:after; 'flag' nothing; 'words' any numbers, which are not used;
    'rank' what a name like conv2d says. `letter` makes an option of it (k5), `place` a
    positional argument; `name` is its keyword and its flag on the command line. Without it,
    its `default` stands, or the value of the parameter that it is `like`.
    """

    name: str
    form: str
    letter: str = ""
    default: Any = REQUIRED
    place: bool = False
    least: int = 1
    says: str = ""
    like: str = ""


class Measure(NamedTuple):
    """What one layer does to one volume: its output, what it learns and what it costs.

    `macs` count weights alone. `reach` says what its outputs read along each axis: nothing but
    their own place where it is empty. `unread` counts the pixels at the end of each axis that
    no window reads; `ragged` holds the geometry of the first axis that windows do not tile:
    size, padding before and after, kernel, stride and dilation.
    """

    output: Volume
    weights: Number = 0
    biases: Number = 0
    params: Number = 0
    macs: Number = 0
    reach: tuple[Reach, ...] | Literal["all"] = ()
    unread: tuple[int, ...] = ()
    ragged: tuple[int, ...] = ()


class Kind(NamedTuple):
    """One kind of layer; `names` maps its other names to the arguments they stand for.

    The output of a `counted` kind takes memory of its own, that of a `view` is the input itself in
    a forward pass; the others work in place.
    """

    name: str
    parameters: tuple[Parameter, ...]
    measure: Callable[..., Measure]
    says: str
    example: str
    names: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - an entry is never changed
    one_of: tuple[tuple[str, ...], ...] = ()
    describe: Callable[..., str] | None = None
    counted: bool = False
    view: bool = False
    nonlinear: bool = False
    listed: bool = False
    command: tuple[str, str] | None = None

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of a name or a letter, whatever its case."""
        name = name.lower()
        for parameter in self.parameters:
            if name in (parameter.name, parameter.letter):
                return parameter
        return None


AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
LINES = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}


def axis_name(axis: int, rank: int) -> str:
    """Return the name of an axis: height or width, where there are two."""
    return _(AXES[rank][axis]) if rank in AXES else _("axis {number}", number=axis + 1)


def line_name(axis: int, rank: int) -> str:
    """Return the name of one step along an axis: a row or a column, where there are two."""
    return _(LINES[rank][axis]) if rank in LINES else _("line of axis {number}", number=axis + 1)


def write_volume(volume: Volume, *, channels_first: bool = False, for_people: bool = False) -> str:
    """Return a volume as it is typed; formulas in letters as people write them, where asked.

    >>> write_volume((32, 32, 3)), write_volume((32, 32, 3), channels_first=True)
    ('32x32x3', '3x32x32')
    """
    sizes = (volume[-1], *volume[:-1]) if channels_first else volume
    return times(sizes, for_people=for_people)


def times(sizes: tuple[Any, ...], *, for_people: bool = False) -> str:
    """Return sizes as they are written: 3x3."""
    signs = PEOPLE if for_people else ASCII
    return "x".join(
        as_factor(size, signs) if isinstance(size, Polynomial) else str(size)
        for size in map(plain, sizes)
    )


# ---------------------------------------------------------------- what several kinds share


def spread(values: tuple[Any, ...], rank: int, what: str) -> tuple[Any, ...]:
    """Return one value for each axis, from one for all or one for each."""
    if len(values) == rank:
        return values
    if len(values) == 1:
        return values * rank
    raise Problem(
        "axes-do-not-match",
        _(
            "the {what} names {axes}, and the map has {rank}",
            what=_(what),
            axes=plural(len(values), "axis", "axes"),
            rank=rank,
        ),
        about=_("{values} for {axes}", values=times(values), axes=plural(rank, "axis", "axes")),
        helps=[_("give one number for all axes, or {rank}", rank=rank)],
    )


def sides(value: Any) -> tuple[Any, Any]:
    """Return the padding before and after, from one for both sides or before:after."""
    return value if type(value) is tuple else (value, value)


def spatial(volume: Volume) -> Volume:
    """Return the spatial axes of a volume that must have some."""
    if len(volume) == 1:
        raise Problem(
            "needs-a-map",
            _("this layer works on a map, and its input is a vector"),
            about=_("its input is a vector of {size}", size=volume[0]),
            helps=[
                _(
                    "put it before 'flatten' or 'fc', or write the volume as {volume}",
                    volume=f"1x1x{volume[0]}",
                )
            ],
        )
    return volume[:-1]


class _Windows(NamedTuple):
    """The windows of a layer over a map: sizes, reaches, and what they leave over."""

    out: Volume
    k: tuple[Any, ...]
    reach: tuple[Reach, ...]
    unread: tuple[int, ...]
    ragged: tuple[int, ...]


def _windows(
    volume: Volume,
    k: tuple[Any, ...],
    s: tuple[Any, ...],
    p: tuple[Any, ...],
    d: tuple[Any, ...],
    *,
    same: bool,
    full: bool,
    ceil: bool = False,
    rank: int = 0,
) -> _Windows:
    """Slide windows over the map of a volume, axis by axis."""
    axes = spatial(volume)
    if rank and rank != len(axes):
        raise Problem(
            "rank-does-not-match",
            _(
                "a {rank}-D layer works on {axes}, and its input has {count}",
                rank=rank,
                axes=plural(rank, "spatial axis", "spatial axes"),
                count=len(axes),
            ),
            about=_("its input is {rank} map", rank=article(f"{len(axes)}-D")),
            helps=[_("leave the number of axes out of the layer's name: it follows its input")],
        )
    k = spread(k, len(axes), "kernel")
    geometry = tuple(
        zip(
            axes,
            k,
            spread(s, len(axes), "stride"),
            spread(p, len(axes), "padding"),
            spread(d, len(axes), "dilation"),
            strict=True,
        )
    )
    out, reach, unread = [], [], []
    ragged: tuple[int, ...] = ()
    for n, kernel, stride, pad, dilation in geometry:
        if same:
            size = arithmetic.same(n, stride)
            before, after = arithmetic.same_padding(
                plain(n), plain(size), plain(kernel), plain(stride), plain(dilation)
            )
        else:
            before, after = sides(pad)
            if full:
                before = after = arithmetic.extent(kernel, dilation) - 1
            formula = arithmetic.window_ceil if ceil else arithmetic.window
            size = formula(n, before, after, kernel, stride, dilation)
            if not can_reach(plain(size), 1):
                raise _does_not_fit(geometry)
        out.append(size)
        reach.append(receptive_field.slide(*map(plain, (kernel, stride, dilation, before))))
        slack = plain(n) + plain(before) + plain(after) - plain(arithmetic.extent(kernel, dilation))
        is_known = are_numbers(slack, stride)
        if is_known and slack % plain(stride) and not ragged:
            ragged = tuple(map(plain, (n, before, after, kernel, stride, dilation)))
        if kernel > 1 and not same and is_known:
            left = arithmetic.unread(
                plain(n), plain(before), plain(size), plain(kernel), plain(stride), plain(dilation)
            )
            unread.append(left)
        else:
            unread.append(0)
    return _Windows(
        tuple(out),
        k,
        tuple(reach),
        tuple(unread) if any(unread) else (),
        ragged,
    )


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
    pad = max(-(-(arithmetic.extent(k, d) - n) // 2) for n, k, _s, _b, _a, d in failing)
    return Problem(
        "kernel-does-not-fit",
        _("the kernel is larger than the map it slides over"),
        about=_("{kernel} kernel (dilated) on {sizes} map", kernel=reaches, sizes=sizes)
        if any(row[4] > 1 for row in geometry)
        else _("{kernel} kernel on {sizes} map", kernel=reaches, sizes=sizes),
        notes=[_too_small(size)],
        helps=[_("use a kernel of at most {most}, or pad with p{pad} or more", most=most, pad=pad)],
    )


def _too_small(size: Working) -> str:
    """Return the note of a size that comes out below 1, with its arithmetic."""
    return _("{size} = {value}, and a size must be at least 1", size=size, value=size.value)


def _divided(channels: Number, groups: Number, what: str) -> Number:
    """Return the channels of a group; refuse groups that do not divide them."""
    if are_numbers(channels, groups) and plain(channels) % plain(groups):
        least, whole = min(plain(groups), 10_000), plain(channels)
        best = next(group for group in range(least, 0, -1) if whole % group == 0)
        raise Problem(
            "groups-do-not-divide",
            _("the groups must divide the {what}", what=_(what)),
            about=_(
                "{groups}, {count:,} {what}",
                groups=plural(plain(groups), "group"),
                count=plain(channels),
                what=_(what),
            ),
            notes=[
                _("{channels} / {groups} does not come out whole", channels=channels, groups=groups)
            ],
            helps=[_("{number} would divide {channels}", number=best, channels=channels)],
        )
    return exact(channels, groups)


def _learned(fan_in: Number, filters: Number, nobias: bool) -> tuple[Number, Number, Number]:
    """Return weights, biases and parameters of filters that each read `fan_in` values."""
    weights = fan_in * filters
    if nobias:
        return weights, 0, weights
    return weights, filters, (fan_in + 1) * filters


# ---------------------------------------------------------------- the formulas of each kind


def conv(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    g: Number,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
    rank: int,
) -> Measure:
    """Measure a convolution: k*k*(Cin/g) weights and a bias for each of N filters."""
    channels = volume[-1]
    windows = _windows(volume, k, s, p, d, same=same, full=full, rank=rank)
    if g != 1:
        channels = _divided(channels, g, "channels of the input")
        _divided(filters, g, "filters")
    fan_in = product((*windows.k, channels))
    weights, biases, params = _learned(fan_in, filters, nobias)
    macs = fan_in * filters * product(known(size, "out") for size in windows.out)
    output = (*windows.out, filters)
    return Measure(output, weights, biases, params, macs, *windows[2:])


def dwconv(
    volume: Volume,
    filters: Number | None,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    multiplier: Number | None,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
) -> Measure:
    """Measure a depthwise convolution: k*k weights and a bias for each of N filters."""
    windows = _windows(volume, k, s, p, d, same=same, full=full)
    channels = volume[-1]
    if filters is not None:
        if are_numbers(filters, channels) and plain(filters) % plain(channels):
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
        filters = channels if multiplier is None or multiplier == 1 else multiplier * channels
    output, filters = filters, known(filters, "N")
    weights, biases, params = _learned(product(windows.k), filters, nobias)
    macs = product(windows.k) * filters * product(known(size, "out") for size in windows.out)
    return Measure((*windows.out, output), weights, biases, params, macs, *windows[2:])


def deconv(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    op: Sizes,
    d: Sizes,
    g: Number,
    nobias: bool,
) -> Measure:
    """Measure a transposed convolution: k*k*Cin*(N/g) weights and a bias for each of N."""
    axes = spatial(volume)
    rank = len(axes)
    k = spread(k, rank, "kernel")
    geometry = zip(
        axes,
        k,
        spread(s, rank, "stride"),
        spread(p, rank, "padding"),
        spread(op, rank, "output padding"),
        spread(d, rank, "dilation"),
        strict=True,
    )
    out, reach = [], []
    for n, kernel, stride, pad, extra, dilation in geometry:
        before, after = sides(pad)
        if extra >= stride and extra >= dilation:
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
        size = arithmetic.transposed(n, before, after, kernel, stride, dilation, extra)
        if not can_reach(plain(size), 1):
            most = (plain(size) + plain(before) + plain(after) - 1) // 2
            raise Problem(
                "padding-takes-all",
                _("the padding of a transposed conv takes its whole output away"),
                about=_(
                    "{kernel} wide kernel, p{pad}, on {size}", kernel=kernel, pad=before, size=n
                ),
                notes=[
                    _too_small(
                        arithmetic.transposed(
                            *(
                                shown(plain(each))
                                for each in (n, before, after, kernel, stride, dilation, extra)
                            )
                        )
                    )
                ],
                helps=[_("pad with p{most} or less", most=most)],
            )
        out.append(size)
        reach.append(
            receptive_field.transposed(plain(kernel), plain(stride), plain(dilation), plain(before))
        )
    each = filters
    if g != 1:
        _divided(volume[-1], g, "channels of the input")
        each = _divided(filters, g, "filters")
    weights = product((*k, volume[-1])) * each
    biases = 0 if nobias else filters
    macs = weights * product(axes)
    params = weights if nobias else weights + filters
    return Measure((*out, filters), weights, biases, params, macs, tuple(reach))


def local(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
) -> Measure:
    """Measure a locally connected layer: a filter and a bias of its own at each position."""
    windows = _windows(volume, k, s, p, (1,), same=same, full=full)
    places = product((filters, *(known(size, "out") for size in windows.out)))
    fan_in = product((*windows.k, volume[-1]))
    weights, biases, params = _learned(fan_in, places, nobias)
    return Measure((*windows.out, filters), weights, biases, params, weights, *windows[2:])


def fc(volume: Volume, units: Number, nobias: bool) -> Measure:
    """Measure a fully connected layer: n weights and a bias for each of N units."""
    fan_in = product(volume)
    weights, biases, params = _learned(fan_in, units, nobias)
    return Measure((units,), weights, biases, params, weights, ALL)


def maxpool(
    volume: Volume,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    ceil: bool,
    same: bool,
    valid: bool,
) -> Measure:
    """Measure a max pool: a window slides over each channel by itself."""
    windows = _windows(volume, k, s, p, d, same=same, full=False, ceil=ceil)
    return Measure((*windows.out, volume[-1]), 0, 0, 0, 0, *windows[2:])


def avgpool(
    volume: Volume, k: Sizes, s: Sizes, p: Sizes, ceil: bool, same: bool, valid: bool
) -> Measure:
    """Measure an average pool."""
    return maxpool(volume, k, s, p, (1,), ceil, same, valid)


def global_pool(volume: Volume) -> Measure:
    """Measure a global pool: HxWxC to 1x1xC."""
    return Measure((*(1 for _ in spatial(volume)), volume[-1]), reach=ALL)


def adaptive_pool(volume: Volume, size: Sizes) -> Measure:
    """Measure an adaptive pool: the output's size is given, the windows follow."""
    axes = spatial(volume)
    out = spread(size, len(axes), "size")
    reach = tuple(
        receptive_field.adaptive(plain(n), plain(to)) for n, to in zip(axes, out, strict=True)
    )
    return Measure((*out, volume[-1]), reach=reach)


def flatten(volume: Volume) -> Measure:
    """Measure flatten: HxWxC to a vector of H*W*C."""
    return Measure((product(volume),), reach=ALL)


def norm(volume: Volume) -> Measure:
    """Measure a norm with a scale and a shift for each channel: 2C."""
    return Measure(volume, volume[-1], volume[-1], 2 * volume[-1])


def group_norm(volume: Volume, groups: Number) -> Measure:
    """Measure a group norm: as any norm, and its groups divide the channels."""
    _divided(volume[-1], groups, "channels")
    return norm(volume)


def per_channel(volume: Volume) -> Measure:
    """Measure a layer that learns one number for each channel."""
    return Measure(volume, volume[-1], 0, volume[-1])


def unchanged(volume: Volume, *_: object) -> Measure:
    """Measure a layer that keeps its input's shape and learns nothing."""
    return Measure(volume)


def pad(volume: Volume, size: Sizes) -> Measure:
    """Measure zero padding: n + before + after."""
    axes = spatial(volume)
    around = [sides(value) for value in spread(size, len(axes), "padding")]
    out = tuple(
        n + arithmetic.padding(before, after)
        for n, (before, after) in zip(axes, around, strict=True)
    )
    reach = tuple(receptive_field.shift(plain(before)) for before, _ in around)
    return Measure((*out, volume[-1]), reach=reach)


def crop(volume: Volume, size: Sizes) -> Measure:
    """Measure cropping: n - before - after."""
    axes = spatial(volume)
    around = [sides(value) for value in spread(size, len(axes), "crop")]
    out = tuple(
        n - arithmetic.padding(before, after)
        for n, (before, after) in zip(axes, around, strict=True)
    )
    for n, (before, after), left in zip(axes, around, out, strict=True):
        if not can_reach(plain(left), 1):
            raise Problem(
                "crop-takes-all",
                _("the crop takes the whole map away"),
                about=_("{before} and {after} of {size}", before=before, after=after, size=n),
                notes=[_too_small(shown(plain(n)) - shown(plain(before)) - shown(plain(after)))],
                helps=[_("crop {most} or less on each side", most=(plain(n) - 1) // 2)],
            )
    reach = tuple(receptive_field.shift(-plain(before)) for before, _after in around)
    return Measure((*out, volume[-1]), reach=reach)


def channel_slice(volume: Volume, start: Number, stop: Number) -> Measure:
    """Measure a slice of the channels: A up to, not with, B."""
    if not start < stop <= volume[-1]:
        channels = plain(volume[-1])
        raise Problem(
            "slice-out-of-range",
            _("a slice takes channels from A up to, not with, B"),
            about=_(
                "{start} to {stop} of {channels}",
                start=start,
                stop=stop,
                channels=plural(channels, "channel"),
            ),
            helps=[_("A is less than B, and B at most {channels}", channels=channels)],
        )
    return Measure((*volume[:-1], stop - start))


def upsample(volume: Volume, factor: Sizes, nearest: bool, bilinear: bool) -> Measure:
    """Measure upsampling by whole factors."""
    axes = spatial(volume)
    factors = spread(factor, len(axes), "factor")
    trace = receptive_field.bilinear if bilinear else receptive_field.nearest
    reach = tuple(trace(plain(each)) for each in factors)
    out = tuple(each * n for n, each in zip(axes, factors, strict=True))
    return Measure((*out, volume[-1]), reach=reach)


# ---------------------------------------------------------------- what a card says of them


def _strides(s: Sizes, *more: str) -> str:
    """Return the stride, and more, in words."""
    words = [_("stride {sizes}", sizes=times(s)), *(word for word in more if word)]
    return ", ".join(words)


def _paddings(p: Sizes, same: bool, full: bool) -> str:
    """Return the padding in words."""
    if same:
        return _("padded to ceil(n / stride)")
    if full:
        return _("padded by the kernel less one")
    if not _pads(p):
        return _("no padding")
    if any(type(value) is tuple for value in p):
        return _("padding {sizes}", sizes=_both_sides(p))
    return _("padding {sizes} on each side", sizes=times(p))


def _cut(p: Sizes) -> str:
    """Return what a padding takes away, in words; nothing where it takes nothing."""
    if not _pads(p):
        return ""
    if any(type(value) is tuple for value in p):
        return _("less a padding of {sizes}", sizes=_both_sides(p))
    return _("less a padding of {sizes} on each side", sizes=times(p))


def _pads(p: Sizes) -> bool:
    return any(any(sides(value)) for value in p)


def _both_sides(p: Sizes) -> str:
    return times(tuple("{}:{}".format(*sides(value)) for value in p))


def _dilations(d: Sizes) -> str:
    return "" if all(value == 1 for value in d) else _("dilation {sizes}", sizes=times(d))


def _groups(g: Number) -> str:
    return _("{count} groups", count=g) if g > 1 else ""


def _describe_conv(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    g: Number,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
    rank: int,
) -> str:
    each = times((*spread(k, len(volume) - 1, "kernel"), exact(volume[-1], g)))
    words = _strides(s, _paddings(p, same, full), _dilations(d), _groups(g))
    return _(
        "{filters} of {size}, {words}", filters=plural(filters, "filter"), size=each, words=words
    )


def _describe_dwconv(
    volume: Volume,
    filters: Number | None,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    multiplier: Number | None,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
) -> str:
    each = exact(filters or volume[-1] * (multiplier or 1), volume[-1])
    size = times(spread(k, len(volume) - 1, "kernel"))
    words = _strides(s, _paddings(p, same, full), _dilations(d))
    if each == 1:
        return _("one filter of {size} for each channel, {words}", size=size, words=words)
    return _(
        "{count} filters of {size} for each channel, {words}", count=each, size=size, words=words
    )


def _describe_deconv(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    op: Sizes,
    d: Sizes,
    g: Number,
    nobias: bool,
) -> str:
    size = times(spread(k, len(volume) - 1, "kernel"))
    words = _strides(s, _cut(p), _dilations(d), _groups(g))
    return _(
        "{filters} of {size}, {words}", filters=plural(filters, "filter"), size=size, words=words
    )


def _describe_local(
    volume: Volume,
    filters: Number,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    same: bool,
    valid: bool,
    full: bool,
    nobias: bool,
) -> str:
    each = times((*spread(k, len(volume) - 1, "kernel"), volume[-1]))
    return _(
        "{filters} of {size} at each position, {words}",
        filters=plural(filters, "filter"),
        size=each,
        words=_strides(s, _paddings(p, same, full)),
    )


def _describe_fc(volume: Volume, units: Number, nobias: bool) -> str:
    number = product(volume)
    return _("{units}, each sees all {number:,} values", units=plural(units, "unit"), number=number)


def _tiling(volume: Volume, k: Sizes, s: Sizes, d: Sizes) -> str:
    """Say whether windows tile their input, overlap, or leave gaps."""
    rank = len(volume) - 1
    k, s, d = (spread(value, rank, "kernel") for value in (k, s, d))
    spans = [arithmetic.extent(*pair) for pair in zip(k, d, strict=True)]
    if all(span == step for span, step in zip(spans, s, strict=True)):
        return _("its windows tile the input")
    if any(span > step for span, step in zip(spans, s, strict=True)):
        return _("its windows overlap")
    return _("its windows leave gaps")


def _describe_maxpool(
    volume: Volume,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    ceil: bool,
    same: bool,
    valid: bool,
) -> str:
    size = times(spread(k, len(volume) - 1, "kernel"))
    pads = _paddings(p, same, False) if same or _pads(p) else ""
    words = _strides(s, pads, _dilations(d), _("rounded up") if ceil else "")
    tiling = _tiling(volume, k, s, d)
    return _("windows of {size}, {words}: {tiling}", size=size, words=words, tiling=tiling)


def _describe_avgpool(
    volume: Volume, k: Sizes, s: Sizes, p: Sizes, ceil: bool, same: bool, valid: bool
) -> str:
    return _describe_maxpool(volume, k, s, p, (1,), ceil, same, valid)


# ---------------------------------------------------------------- the arguments


def _count(name: str, says: str) -> Parameter:
    return Parameter(name, "number", place=True, says=says)


_FILTERS = _count("filters", "how many filters: the channels of the output")
_KERNEL = Parameter("kernel", "axes", "k", says="the size of the kernel")
_STRIDE = Parameter("stride", "axes", "s", (1,), says="the step between windows")
_PADDING = Parameter(
    "padding", "sides", "p", (0,), least=0, says="zeros on each side, or before:after"
)
_DILATION = Parameter("dilation", "axes", "d", (1,), says="the step between the kernel's taps")
_GROUPS = Parameter("groups", "number", "g", 1, says="groups that do not see each other")
_SAME = Parameter("same", "flag", default=False, says="pad so that the output is ceil(n / s)")
_VALID = Parameter("valid", "flag", default=False, says="no padding")
_FULL = Parameter("full", "flag", default=False, says="pad by d(k-1) on both sides")
_NOBIAS = Parameter("nobias", "flag", default=False, says="learn no bias")
_RANK = Parameter("rank", "rank", default=0, says="the number of spatial axes")
_WORDS = Parameter("numbers", "words", default=(), place=True, says="any numbers; not used")
_PADS = ("padding", "same", "valid", "full")
_POOL_PADS = (("padding", "same", "valid"), ("ceil", "same"))
_POOL = (
    Parameter("kernel", "axes", "k", (2,), place=True, says="the size of the window"),
    Parameter("stride", "axes", "s", None, says="the step between windows", like="kernel"),
    _PADDING,
)
_CEIL = Parameter("ceil", "flag", default=False, says="round sizes up, as PyTorch does")
_SIZE = Parameter("size", "axes", place=True, says="the size of the output")
_AROUND = Parameter(
    "size", "sides", place=True, least=0, says="on each side, an axis (1x2), or before:after"
)


def _activation(name: str, says: str, names: tuple[str, ...] = ()) -> Kind:
    return Kind(
        name,
        (_WORDS,),
        unchanged,
        says,
        f"8x8x4 -> {name}",
        {other: {} for other in names},
        nonlinear=True,
    )


def _passing(name: str, says: str, example: str, *, view: bool = False) -> Kind:
    return Kind(name, (_WORDS,), unchanged, says, example, view=view)


def _normalising(name: str, other: str, says: str) -> Kind:
    return Kind(name, (), norm, says, f"8x8x4 -> {name}", {other: {}})


_TABLE = (
    Kind(
        "conv",
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING, _DILATION, _GROUPS),
            *(_SAME, _VALID, _FULL, _NOBIAS, _RANK),
        ),
        conv,
        "convolution: filters slide over the map",
        "32x32x3 -> conv 10 k5 p2",
        {"conv1d": {"rank": 1}, "conv2d": {"rank": 2}, "conv3d": {"rank": 3}},
        (_PADS,),
        _describe_conv,
        counted=True,
        listed=True,
    ),
    Kind(
        "dwconv",
        (
            Parameter("filters", "number", "", None, place=True, says="a multiple of the channels"),
            *(_KERNEL, _STRIDE, _PADDING, _DILATION),
            Parameter("multiplier", "number", "m", None, says="filters for each channel"),
            *(_SAME, _VALID, _FULL, _NOBIAS),
        ),
        dwconv,
        "depthwise convolution: each channel has filters of its own",
        "32x32x16 -> dwconv k3 p1",
        {"depthwise": {}},
        (_PADS, ("filters", "multiplier")),
        _describe_dwconv,
        counted=True,
        listed=True,
    ),
    Kind(
        "deconv",
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING),
            Parameter("output-padding", "axes", "op", (0,), least=0, says="added at the end"),
            *(_DILATION, _GROUPS, _NOBIAS),
        ),
        deconv,
        "transposed convolution: makes maps larger",
        "14x14x16 -> deconv 8 k4 s2 p1",
        {"convtranspose": {}, "transposed": {}},
        (),
        _describe_deconv,
        counted=True,
        listed=True,
    ),
    Kind(
        "local",
        (*(_FILTERS, _KERNEL, _STRIDE, _PADDING), *(_SAME, _VALID, _FULL, _NOBIAS)),
        local,
        "locally connected: a filter and a bias for each position",
        "8x8x3 -> local 4 k3",
        {"locallyconnected": {}},
        (_PADS,),
        _describe_local,
        counted=True,
    ),
    Kind(
        "fc",
        (_count("units", "how many outputs"), _NOBIAS),
        fc,
        "fully connected: every output sees every input",
        "7x7x512 -> fc 4096",
        {"dense": {}, "linear": {}},
        (),
        _describe_fc,
        counted=True,
        listed=True,
    ),
    Kind(
        "maxpool",
        (*_POOL, _DILATION, _CEIL, _SAME, _VALID),
        maxpool,
        "max pooling: the largest value of each window",
        "32x32x10 -> maxpool 2",
        {"pool": {}},
        _POOL_PADS,
        _describe_maxpool,
        counted=True,
        command=("pool", "max"),
    ),
    Kind(
        "avgpool",
        (*_POOL, _CEIL, _SAME, _VALID),
        avgpool,
        "average pooling: the mean of each window",
        "32x32x10 -> avgpool 2",
        {},
        _POOL_PADS,
        _describe_avgpool,
        counted=True,
        command=("pool", "avg"),
    ),
    Kind(
        "gap",
        (),
        global_pool,
        "global average pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gap",
        {"globalavgpool": {}},
        counted=True,
        listed=True,
    ),
    Kind(
        "gmp",
        (),
        global_pool,
        "global max pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gmp",
        counted=True,
    ),
    *(
        Kind(name, (_SIZE,), adaptive_pool, says, f"13x13x8 -> {name} 6", counted=True)
        for name, says in (
            ("adaptiveavgpool", "average pooling to a given size"),
            ("adaptivemaxpool", "max pooling to a given size"),
        )
    ),
    Kind(
        "flatten",
        (),
        flatten,
        "a volume as a vector, in place",
        "32x32x3 -> flatten",
        view=True,
        listed=True,
    ),
    _normalising("bn", "batchnorm", "batch norm: a scale and a shift for each channel"),
    _normalising("ln", "layernorm", "layer norm over the channels: a scale and a shift for each"),
    Kind(
        "gn",
        (Parameter("groups", "number", "", 32, place=True, says="groups of channels"),),
        group_norm,
        "group norm: a scale and a shift for each channel",
        "8x8x64 -> gn 32",
        {"groupnorm": {}},
    ),
    Kind(
        "in",
        (),
        unchanged,
        "instance norm: learns nothing",
        "8x8x4 -> in",
        {"instancenorm": {}},
    ),
    Kind("layerscale", (), per_channel, "a learned scale for each channel", "8x8x4 -> layerscale"),
    _activation("relu", "max(x, 0)"),
    _activation("relu6", "relu cut off at 6"),
    _activation("leakyrelu", "relu with a small slope below 0"),
    _activation("elu", "exponential linear unit"),
    _activation("gelu", "Gaussian error linear unit"),
    _activation("silu", "x times sigmoid(x)", ("swish",)),
    _activation("mish", "x times tanh(softplus(x))"),
    _activation("sigmoid", "1 / (1 + exp(-x))"),
    _activation("tanh", "hyperbolic tangent"),
    _activation("softmax", "scores to probabilities"),
    _activation("hardswish", "x times hardsigmoid(x)"),
    _activation("hardsigmoid", "sigmoid in straight lines"),
    Kind(
        "prelu",
        (),
        per_channel,
        "leaky relu with a learned slope for each channel",
        "8x8x4 -> prelu",
        nonlinear=True,
    ),
    _passing("dropout", "zeroes values in training", "4096 -> dropout 0.5", view=True),
    _passing("lrn", "local response normalisation", "27x27x96 -> lrn 5 1e-4 0.75"),
    _passing("shuffle", "mixes the channels of groups", "28x28x116 -> shuffle 2"),
    _passing("identity", "passes its input on", "8x8x4 -> identity", view=True),
    _passing(
        "output",
        "passes its input on as one of the network's outputs",
        "8x8x4 -> output",
        view=True,
    ),
    Kind(
        "pad",
        (_AROUND,),
        pad,
        "zeros around the map",
        "5x5x1 -> pad 2",
        {"zeropad": {}},
        counted=True,
        listed=True,
    ),
    Kind("crop", (_AROUND,), crop, "takes a border away", "9x9x1 -> crop 2", counted=True),
    Kind(
        "slice",
        (
            Parameter("from", "number", place=True, least=0, says="the first channel, from 0"),
            Parameter("to", "number", place=True, says="the channel to stop before"),
        ),
        channel_slice,
        "some of the channels",
        "8x8x64 -> slice 0 32",
        counted=True,
    ),
    Kind(
        "upsample",
        (
            Parameter("factor", "axes", place=True, says="how many times larger"),
            Parameter("nearest", "flag", default=False, says="repeat values (the default)"),
            Parameter("bilinear", "flag", default=False, says="interpolate"),
        ),
        upsample,
        "makes maps larger by a whole factor",
        "7x7x64 -> upsample 2",
        {},
        (("nearest", "bilinear"),),
        counted=True,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}

NAMES: dict[str, Kind] = {name: kind for kind in _TABLE for name in (kind.name, *kind.names)}
"""Every name of every kind, in lower case."""

FLAGS = frozenset(
    parameter.name for kind in _TABLE for parameter in kind.parameters if parameter.form == "flag"
)

LETTERS = frozenset(
    parameter.letter for kind in _TABLE for parameter in kind.parameters if parameter.letter
)
