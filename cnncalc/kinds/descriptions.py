"""What a card says of a layer, in words: a function for each kind that has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds import arithmetic
from cnncalc.kinds.volumes import Sizes, Volume, sides, spread, times
from cnncalc.numbers.working import exact, product
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number


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
) -> str:
    """Describe a convolution."""
    each = times((*spread(k, len(volume) - 1, "kernel"), exact(volume[-1], g)))
    words = _strides(s, _paddings(p, same, full), _dilations(d), _groups(g))
    return _(
        "{filters} of {size}, {words}", filters=plural(filters, "filter"), size=each, words=words
    )


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
) -> str:
    """Describe a depthwise convolution."""
    each = exact(filters or volume[-1] * (multiplier or 1), volume[-1])
    size = times(spread(k, len(volume) - 1, "kernel"))
    words = _strides(s, _paddings(p, same, full), _dilations(d))
    if each == 1:
        return _("one filter of {size} for each channel, {words}", size=size, words=words)
    return _(
        "{count} filters of {size} for each channel, {words}", count=each, size=size, words=words
    )


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
) -> str:
    """Describe a transposed convolution."""
    size = times(spread(k, len(volume) - 1, "kernel"))
    words = _strides(s, _cut(p), _dilations(d), _groups(g))
    return _(
        "{filters} of {size}, {words}", filters=plural(filters, "filter"), size=size, words=words
    )


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
) -> str:
    """Describe a locally connected layer."""
    each = times((*spread(k, len(volume) - 1, "kernel"), volume[-1]))
    return _(
        "{filters} of {size} at each position, {words}",
        filters=plural(filters, "filter"),
        size=each,
        words=_strides(s, _paddings(p, same, full)),
    )


def fc(volume: Volume, units: Number, nobias: bool) -> str:
    """Describe a fully connected layer."""
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


def maxpool(
    volume: Volume,
    k: Sizes,
    s: Sizes,
    p: Sizes,
    d: Sizes,
    ceil: bool,
    same: bool,
    valid: bool,
) -> str:
    """Describe a max pool, and how its windows lie."""
    size = times(spread(k, len(volume) - 1, "kernel"))
    pads = _paddings(p, same, False) if same or _pads(p) else ""
    words = _strides(s, pads, _dilations(d), _("rounded up") if ceil else "")
    tiling = _tiling(volume, k, s, d)
    return _("windows of {size}, {words}: {tiling}", size=size, words=words, tiling=tiling)


def avgpool(
    volume: Volume, k: Sizes, s: Sizes, p: Sizes, ceil: bool, same: bool, valid: bool
) -> str:
    """Describe an average pool, and how its windows lie."""
    return maxpool(volume, k, s, p, (1,), ceil, same, valid)
