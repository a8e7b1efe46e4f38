"""What a card says of a layer, in words: a function for each kind that has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds import arithmetic
from cnncalc.kinds.volumes import Sizes, Volume, sides, spatial, spread, times
from cnncalc.numbers.working import exact, product
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural

if TYPE_CHECKING:
    from cnncalc.kinds.arguments import Arguments


def _strides(a: Arguments, *more: str) -> str:
    """Return the stride, and more, in words."""
    words = [_("stride {sizes}", sizes=times(a.stride)), *(word for word in more if word)]
    return ", ".join(words)


def _paddings(a: Arguments) -> str:
    """Return the padding in words."""
    p = a.padding
    if a.same:
        return _("padded to ceil(n / stride)")
    if a.full:
        return _("padded by the kernel less one")
    if a.causal:
        return _("padded by the kernel less one before")
    if not _pads(p):
        return _("no padding")
    if any(type(value) is tuple for value in p):
        return _("padding {sizes}", sizes=_both_sides(p))
    return _("padding {sizes} on each side", sizes=times(p))


def _cut(a: Arguments) -> str:
    """Return what a padding takes away, in words; nothing where it takes nothing."""
    p = a.padding
    if a.same:
        return _("cut to n times the stride") if a.output_padding is None else ""
    if not _pads(p):
        return ""
    if any(type(value) is tuple for value in p):
        return _("less a padding of {sizes}", sizes=_both_sides(p))
    return _("less a padding of {sizes} on each side", sizes=times(p))


def _pads(p: Sizes) -> bool:
    return any(any(sides(value)) for value in p)


def _both_sides(p: Sizes) -> str:
    return times(tuple("{}:{}".format(*sides(value)) for value in p))


def _dilations(a: Arguments) -> str:
    return "" if set(a.dilation) == {1} else _("dilation {sizes}", sizes=times(a.dilation))


def _groups(a: Arguments) -> str:
    return _("{count} groups", count=a.groups) if a.groups > 1 else ""


def conv(volume: Volume, a: Arguments) -> str:
    """Describe a convolution."""
    each = times((*spread(a.kernel, len(volume) - 1, "kernel"), exact(volume[-1], a.groups)))
    words = _strides(a, _paddings(a), _dilations(a), _groups(a))
    return _(
        "{filters} of {size}, {words}", filters=plural(a.filters, "filter"), size=each, words=words
    )


def dwconv(volume: Volume, a: Arguments) -> str:
    """Describe a depthwise convolution."""
    each = exact(a.filters or volume[-1] * (a.multiplier or 1), volume[-1])
    size = times(spread(a.kernel, len(volume) - 1, "kernel"))
    words = _strides(a, _paddings(a), _dilations(a))
    if each == 1:
        return _("one filter of {size} for each channel, {words}", size=size, words=words)
    return _(
        "{count} filters of {size} for each channel, {words}", count=each, size=size, words=words
    )


def deconv(volume: Volume, a: Arguments) -> str:
    """Describe a transposed convolution."""
    size = times(spread(a.kernel, len(volume) - 1, "kernel"))
    words = _strides(a, _cut(a), _dilations(a), _groups(a))
    return _(
        "{filters} of {size}, {words}", filters=plural(a.filters, "filter"), size=size, words=words
    )


def local(volume: Volume, a: Arguments) -> str:
    """Describe a locally connected layer."""
    each = times((*spread(a.kernel, len(volume) - 1, "kernel"), volume[-1]))
    return _(
        "{filters} of {size} at each position, {words}",
        filters=plural(a.filters, "filter"),
        size=each,
        words=_strides(a, _paddings(a)),
    )


def fc(volume: Volume, a: Arguments) -> str:
    """Describe a fully connected layer."""
    number = product(volume)
    return _(
        "{units}, each sees all {number:,} values", units=plural(a.units, "unit"), number=number
    )


def linear(volume: Volume, a: Arguments) -> str:
    """Describe a fully connected layer at every place."""
    return _(
        "{units} at every place, each sees its {number:,} channels",
        units=plural(a.units, "unit"),
        number=volume[-1],
    )


def _tiling(volume: Volume, a: Arguments) -> str:
    """Say whether windows tile their input, overlap, or leave gaps."""
    rank = len(volume) - 1
    k, s, d = (spread(value, rank, "kernel") for value in (a.kernel, a.stride, a.dilation))
    spans = [arithmetic.extent(*pair) for pair in zip(k, d, strict=True)]
    if all(span == step for span, step in zip(spans, s, strict=True)):
        return _("its windows tile the input")
    if any(span > step for span, step in zip(spans, s, strict=True)):
        return _("its windows overlap")
    return _("its windows leave gaps")


def pool(volume: Volume, a: Arguments) -> str:
    """Describe a pool, and how its windows lie."""
    size = times(spread(a.kernel, len(volume) - 1, "kernel"))
    pads = _paddings(a) if a.same or _pads(a.padding) else ""
    words = _strides(a, pads, _dilations(a), _("rounded up") if a.ceil else "")
    tiling = _tiling(volume, a)
    return _("windows of {size}, {words}: {tiling}", size=size, words=words, tiling=tiling)


def deformconv(volume: Volume, a: Arguments) -> str:
    """Describe a deformable convolution."""
    return _("{conv}, taps moved by a conv of its own", conv=conv(volume, a))


def attention(volume: Volume, a: Arguments) -> str:
    """Describe self-attention."""
    places = product(spatial(volume))
    width = exact(volume[-1], a.heads) if a.key_dim is None else a.key_dim
    heads = plural(a.heads, "head")
    heads = (
        _("{heads} of one channel", heads=heads)
        if width == 1
        else _("{heads} of {width} channels", heads=heads, width=width)
    )
    if a.window is None:
        return _("{heads}: each of {places} places meets all", heads=heads, places=places)
    window = times((a.window,) * (len(volume) - 1))
    return _(
        "{heads}: each place meets those of its window of {window}", heads=heads, window=window
    )


def recurrent(_volume: Volume, a: Arguments) -> str:
    """Describe a recurrent layer."""
    words = [plural(a.units, "unit")]
    words += [_("in both directions")] if a.bi else []
    words += [_("{count} layers", count=a.layers)] if a.layers > 1 else []
    words.append(_("gives its last step") if a.last else _("gives every step"))
    return ", ".join(words)


def norm(says: str, _volume: Volume, a: Arguments) -> str:
    """Describe a norm by its sentence, and what it does not learn."""
    lacks = [name for name, lacking in (("scale", a.noscale), ("shift", a.nobias)) if lacking]
    if len(lacks) == 2:
        return _("{layer}; without both here", layer=_(says))
    if lacks:
        return _("{layer}; without {lack} here", layer=_(says), lack=_(lacks[0]))
    return _(says)


def instance_norm(_volume: Volume, a: Arguments) -> str:
    """Describe an instance norm."""
    if a.affine:
        return _("instance norm: a scale and a shift for each channel")
    return _("instance norm: learns nothing")
