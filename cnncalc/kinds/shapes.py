"""What layers do that move values about and learn nothing: borders, sizes, and other shapes.

Every function takes a volume, channels last, and the arguments of a layer by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds import arithmetic, receptive_field
from cnncalc.kinds.measure import Measure, too_small
from cnncalc.kinds.receptive_field import ALL, OWN
from cnncalc.kinds.volumes import Volume, sides, spatial, spread, times, write_volume
from cnncalc.numbers.lettered import Lettered, can_reach
from cnncalc.numbers.working import are_numbers, divides, exact, plain, product, shown
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, article, plural

if TYPE_CHECKING:
    from cnncalc.kinds.arguments import Arguments


def flatten(volume: Volume, _a: Arguments) -> Measure:
    """Measure flatten: HxWxC to a vector of H*W*C."""
    return Measure((product(volume),), ALL)


def opaque(_volume: Volume, a: Arguments) -> Measure:
    """Measure what is no layer of ours: its output is what it says, and nothing else is known."""
    return Measure(tuple(a.volume), None)


def tokens(volume: Volume, _a: Arguments) -> Measure:
    """Measure a map as a sequence: HxWxC to (H*W)xC."""
    return Measure((product(spatial(volume)), volume[-1]), None)


def transpose(volume: Volume, _a: Arguments) -> Measure:
    """Measure the places of the last axis as channels, and the channels as places: LxC to CxL."""
    *stack, last = spatial(volume)
    return Measure((*stack, volume[-1], last), None)


def reshape(volume: Volume, a: Arguments) -> Measure:
    """Measure a reshape: another volume of as many values."""
    before, after = product(map(plain, volume)), product(map(plain, a.volume))
    if all(isinstance(count, int | Lettered) for count in (before, after)) and before != after:
        raise Problem(
            "values-do-not-match",
            _("a reshape keeps the number of values"),
            about=_("{count} values", count=f"{after:,}" if are_numbers(after) else after),
            notes=[
                _(
                    "{before} has {count} values",
                    before=write_volume(volume),
                    count=f"{before:,}" if are_numbers(before) else before,
                )
            ],
            helps=[_("write a volume with as many values as its input")],
        )
    return Measure(tuple(a.volume), None)


def pixelshuffle(volume: Volume, a: Arguments) -> Measure:
    """Measure a pixel shuffle: HxWx(C*r*r) to rHxrWxC."""
    axes, r = spatial(volume), a.block
    block = product((r,) * len(axes))
    channels, into = plain(volume[-1]), plain(block)
    if not divides(into, channels):
        raise _indivisible(
            _("a pixelshuffle makes places of its input's channels, r*r for each of its own"),
            _("{channels} for blocks of {size}", channels=plural(channels, "channel"), size=into),
            channels,
            into,
        )
    reach = tuple(receptive_field.nearest(plain(r)) for _axis in axes)
    return Measure((*(r * n for n in axes), exact(volume[-1], block)), reach)


def pixelunshuffle(volume: Volume, a: Arguments) -> Measure:
    """Measure a pixel unshuffle: HxWxC to (H/r)x(W/r)x(C*r*r)."""
    axes, r = spatial(volume), a.block
    for n in map(plain, axes):
        if not divides(r, n):
            raise _indivisible(
                _("a pixelunshuffle takes whole blocks of its map"),
                _("blocks of {size} on {volume}", size=r, volume=write_volume(volume)),
                n,
                plain(r),
            )
    reach = tuple(receptive_field.slide(plain(r), plain(r), 1, 0) for _axis in axes)
    channels = product((*(r for _axis in axes), volume[-1]))
    return Measure((*(exact(n, r) for n in axes), channels), reach)


def _indivisible(message: str, about: str, number: int, by: int) -> Problem:
    """Return the problem of a number that must divide, with those beside it that do."""
    below = number - number % by
    helps = [_("{number} would divide by {divisor}", number=below or by, divisor=by)]
    notes = [f"{number} = {number // by}*{by} + {number % by}"]
    return Problem("does-not-divide", message, about=about, notes=notes, helps=helps)


def channel_slice(volume: Volume, a: Arguments) -> Measure:
    """Measure a slice of the channels: A up to, not with, B."""
    start, stop = getattr(a, "from"), a.to
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
    return Measure((*volume[:-1], stop - start), OWN)


def over_channels(volume: Volume, _a: Arguments) -> Measure:
    """Measure the mean or the largest over the channels: HxWxC to HxWx1."""
    return Measure((*spatial(volume), 1), OWN)


def pad(volume: Volume, a: Arguments) -> Measure:
    """Measure padding: n + before + after; with what the map holds, no more than it has."""
    axes = spatial(volume)
    around = [sides(value) for value in spread(a.size, len(axes), "padding")]
    less = 1 if a.reflect else 0
    for n, both in zip(axes, around, strict=True):
        left = [plain(n) - less - plain(side) for side in both]
        if (a.reflect or a.circular) and not all(can_reach(each, 0) for each in left):
            widest = max(map(plain, both))
            name = "reflect" if a.reflect else "circular"
            raise Problem(
                "padding-too-large",
                _("a padding of kind {name} is made of the map, and larger than it", name=name),
                about=_(
                    "padding {size} on {map} map", size=widest, map=article(times(tuple(axes)))
                ),
                helps=[_("pad by {most} or less here", most=plain(n) - less)],
            )
    out = tuple(
        n + arithmetic.padding(before, after)
        for n, (before, after) in zip(axes, around, strict=True)
    )
    reach = tuple(receptive_field.shift(plain(before)) for before, _after in around)
    return Measure((*out, volume[-1]), reach)


def crop(volume: Volume, a: Arguments) -> Measure:
    """Measure cropping: n - before - after."""
    axes = spatial(volume)
    around = [sides(value) for value in spread(a.size, len(axes), "crop")]
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
                notes=[too_small(shown(plain(n)) - shown(plain(before)) - shown(plain(after)))],
                helps=[_("crop {most} or less on each side", most=(plain(n) - 1) // 2)],
            )
    reach = tuple(receptive_field.shift(-plain(before)) for before, _after in around)
    return Measure((*out, volume[-1]), reach)


def upsample(volume: Volume, a: Arguments) -> Measure:
    """Measure upsampling by whole factors."""
    axes = spatial(volume)
    factors = spread(a.factor, len(axes), "factor")
    trace = receptive_field.bilinear if a.bilinear else receptive_field.nearest
    reach = tuple(trace(plain(each)) for each in factors)
    out = tuple(each * n for n, each in zip(axes, factors, strict=True))
    return Measure((*out, volume[-1]), reach)


def resize(volume: Volume, a: Arguments) -> Measure:
    """Measure resampling to a size."""
    axes = spatial(volume)
    out = spread(a.size, len(axes), "size")
    trace = receptive_field.bilinear if a.bilinear else receptive_field.nearest
    reach = tuple(trace(plain(to), plain(n)) for n, to in zip(axes, out, strict=True))
    return Measure((*out, volume[-1]), reach)
