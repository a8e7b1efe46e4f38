"""Receptive fields: which input pixels an output unit sees, per axis.

After A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of Convolutional Neural
Networks" (Distill, 2019): a window of k taps with stride s, dilation d and padding p grows the
size by d(k-1) jumps, moves the start by -p jumps and multiplies the jump by s. Where units
differ (transposed conv, upsampling, uneven adaptive pools), every unit of one period is traced.

An axis is a triple (size, jump, start), in input pixels, the start of unit 0 counted from
pixel 0; or `Phases` where the units of a period differ. A field is one axis for each spatial
axis, or `ALL` (the whole input), or None where there is no one receptive field.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from cnncalc.numbers.working import are_numbers
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction
    from typing import TypeGuard

ALL: Literal["all"] = "all"

MOST_PHASES = BUDGET.phases  # a longer period of differing units is not traced

Edges: TypeAlias = "tuple[int, int] | None"
"""The first and last input pixel a unit sees; None where it sees nothing."""


class Phases(NamedTuple):
    """An axis whose units differ: the edges of one period, and the pixels it advances."""

    advance: int
    edges: tuple[Edges, ...]


Axis: TypeAlias = "tuple[int, int, int] | Phases"
Centre: TypeAlias = "int | float | Fraction"
Field: TypeAlias = "tuple[Axis, ...] | Literal['all'] | None"


class Reach(NamedTuple):
    """What a layer's outputs read along an axis, in its own input's units.

    Output o reads `kernel` taps, `dilation` apart, from o*stride + first. With `phases`, the
    outputs of a period differ: phase i reads phases[i] = (first, kernel, dilation), and a
    period advances by `stride`. No phases at all: too many to trace. An output is the mean of
    its taps where all weights are alike; `shares` weigh the taps of each phase where a layer has
    none to learn and weighs them otherwise.
    """

    first: int
    stride: int
    kernel: int
    dilation: int
    phases: tuple[tuple[int, int, int], ...] | None = None
    shares: tuple[tuple[int, ...], ...] | None = None


OWN: tuple[()] = ()
"""The reach of a layer whose outputs read nothing but their own place."""

UNTRACED = Reach(0, 1, 1, 1, ())
"""The reach of a layer whose units differ in too many ways, or by a letter."""


def slide(k: int, s: int, d: int, before: int) -> Reach:
    """Return the reach of a conv's or a pool's window."""
    return Reach(-before, s, k, d)


def shift(before: int) -> Reach:
    """Return the reach of padding by `before` pixels; of cropping where it is negative."""
    return Reach(-before, 1, 1, 1)


def transposed(k: int, s: int, d: int, before: int) -> Reach:
    """Return the reach of a transposed conv: output o reads i where o = i*s - before + t*d."""
    if s == 1:
        return Reach(before - d * (k - 1), 1, k, d)
    if not are_numbers(k, s, d, before) or s > MOST_PHASES:
        return UNTRACED
    common = gcd(d, s)
    every, step = s // common, d // common
    inverse = pow(step, -1, every) if every > 1 else 0
    phases = []
    for output in range(s):
        place = output + before
        tap = place // common * inverse % every  # the first tap that falls on an input
        if place % common or tap >= k:
            phases.append((0, 0, 1))
            continue
        count = (k - 1 - tap) // every + 1
        last = (place - tap * d) // s
        phases.append((last - (count - 1) * step, count, step))
    return Reach(0, 1, 1, 1, tuple(phases))


def nearest(to: int, n: int = 1) -> Reach:
    """Return the reach of nearest-neighbour resampling of n to: output o reads floor(o*n / to)."""
    return _resampled(to, n, lambda output, to, n: ((output * n // to, 1, 1), (1,)))


def bilinear(to: int, n: int = 1) -> Reach:
    """Return the reach of bilinear resampling: the one or two about (o + 1/2)*n/to - 1/2."""

    def about(output: int, to: int, n: int) -> tuple[tuple[int, int, int], tuple[int, ...]]:
        place = (2 * output + 1) * n - to  # twice the place, in units of 1/to
        first, beyond = divmod(place, 2 * to)
        if not beyond:
            return (first, 1, 1), (1,)
        return (first, 2, 1), (2 * to - beyond, beyond)

    return _resampled(to, n, about, shared=True)


def _resampled(
    to: int,
    n: int,
    about: Callable[[int, int, int], tuple[tuple[int, int, int], tuple[int, ...]]],
    *,
    shared: bool = False,
) -> Reach:
    """Return the reach of resampling n places to others: what a period reads, and its weights."""
    if to == n:
        return shift(0)
    if not are_numbers(to, n):
        return UNTRACED
    common = gcd(to, n)
    to, n = to // common, n // common
    if to > MOST_PHASES:
        return UNTRACED
    phases, shares = zip(*(about(output, to, n) for output in range(to)), strict=True)
    return Reach(0, n, 1, 1, phases, shares if shared else None)


def adaptive(n: int, out: int) -> Reach:
    """Return the reach of an adaptive pool: output o reads floor(o*n/out) to ceil((o+1)n/out)."""
    if not are_numbers(n, out):
        return UNTRACED
    common = gcd(n, out)
    period, advance = out // common, n // common
    if period == 1:
        return slide(advance, advance, 1, 0)
    if period > MOST_PHASES:
        return UNTRACED
    phases = []
    for output in range(period):
        first = output * n // out
        phases.append((first, -(-(output + 1) * n // out) - first, 1))
    return Reach(0, advance, 1, 1, tuple(phases))


def through(axis: Axis, reach: Reach) -> Axis | None:
    """Return what the outputs of a layer see, from what its inputs see; None: not traced."""
    if not isinstance(axis, Phases) and reach.phases is None:
        size, jump, start = axis
        first, stride, kernel, dilation = reach[:4]
        return size + dilation * (kernel - 1) * jump, jump * stride, start + first * jump
    known = (axis.advance,) if isinstance(axis, Phases) else axis
    if not are_numbers(*known, *reach[:4]) or work(axis, reach) > MOST_PHASES * 16:
        return None
    return _through_phases(axis, reach)


@lru_cache(maxsize=256)  # a network is traced again with another size, or with a slip in it
def _through_phases(axis: Axis, reach: Reach) -> Axis:
    """Return what the outputs of a layer see where its units differ, or those of its input."""
    phases = phases_of(axis)
    period, advance = len(phases.edges), phases.advance
    taps = ((reach.first, reach.kernel, reach.dilation),) if reach.phases is None else reach.phases
    rounds = period // gcd(period, reach.stride)
    edges = tuple(
        _hull(_ends(phases, turn * reach.stride + first, kernel, dilation))
        for turn in range(rounds)
        for first, kernel, dilation in taps
    )
    return _simplest(Phases(advance * (rounds * reach.stride // period), edges))


def work(axis: Axis, reach: Reach) -> int:
    """Return about how many taps are looked at to trace an axis through a reach."""
    period = len(axis.edges) if isinstance(axis, Phases) else 1
    if reach.phases is None:
        return period * min(reach.kernel, period)
    if not reach.phases:
        return MOST_PHASES**2
    return period * sum(min(kernel, period) for _, kernel, _ in reach.phases)


def _ends(phases: Phases, first: int, kernel: int, dilation: int) -> Iterator[Edges]:
    """Yield the edges of those taps that can be outermost: a period at either end."""
    advance, edges = phases
    period = len(edges)
    reach = min(kernel, period // gcd(period, dilation))
    for tap in {*range(reach), *range(kernel - reach, kernel)}:
        turn, phase = divmod(first + tap * dilation, period)
        seen = edges[phase]
        if seen is not None:
            yield seen[0] + turn * advance, seen[1] + turn * advance


def _hull(parts: Iterator[Edges]) -> Edges:
    """Return the edges that hold all the parts."""
    seen = [part for part in parts if part is not None]
    if not seen:
        return None
    return min(low for low, _ in seen), max(high for _, high in seen)


def phases_of(axis: Axis) -> Phases:
    """Return an axis as phases: one of them where all units are alike."""
    if isinstance(axis, Phases):
        return axis
    size, jump, start = axis
    return Phases(jump, ((start, start + size - 1),))


def _simplest(phases: Phases) -> Axis:
    """Return phases as a plain triple where one phase is all there is."""
    if len(phases.edges) == 1 and phases.edges[0] is not None:
        low, high = phases.edges[0]
        return high - low + 1, phases.advance, low
    return phases


def join(axes: Sequence[Axis]) -> Axis | None:
    """Return the hull of what branches see along an axis; None where their jumps differ.

    >>> join([(3, 2, -1), (7, 2, -3)])
    (7, 2, -3)
    """
    first = axes[0]
    if all(axis == first for axis in axes):
        return first
    if are_plain(axes) and len({axis[1] for axis in axes}) == 1:
        low = min(axis[2] for axis in axes)
        return max(axis[2] + axis[0] for axis in axes) - low, axes[0][1], low
    if not all(are_numbers(*axis) for axis in axes if not isinstance(axis, Phases)):
        return None  # which is larger depends on a letter
    parts = [phases_of(axis) for axis in axes]
    period = lcm(*(len(part.edges) for part in parts))
    if len({part.advance * (period // len(part.edges)) for part in parts}) > 1:
        return None
    if period > MOST_PHASES:
        return None
    advance = parts[0].advance * (period // len(parts[0].edges))
    edges = tuple(_hull(at_unit(part, unit) for part in parts) for unit in range(period))
    return _simplest(Phases(advance, edges))


def edges(axis: Axis, unit: int) -> Edges:
    """Return the first and last pixel that one unit sees.

    >>> edges((7, 2, -3), 10)
    (17, 23)
    """
    return at_unit(phases_of(axis), unit)


def at_unit(phases: Phases, unit: int) -> Edges:
    """Return the edges of one unit of a period."""
    turn, phase = divmod(unit, len(phases.edges))
    seen = phases.edges[phase]
    return seen and (seen[0] + turn * phases.advance, seen[1] + turn * phases.advance)


def are_plain(axes: Sequence[Axis]) -> TypeGuard[Sequence[tuple[int, int, int]]]:
    """Return whether axes are triples of whole numbers, as nearly all are."""
    return {type(part) for axis in axes for part in axis} == {int}


_PLANE = 2  # spatial axes


def along_axes(of: Callable[[Axis], Any], field: Field) -> Any:
    """Return what a function gives of each axis of a field; of all, or of none, that."""
    if not field or isinstance(field, str):
        return field
    if len(field) == _PLANE and field[0] is field[1]:  # nearly always
        found = of(field[0])
        return found, found
    return tuple(map(of, field))


def size(axis: Axis) -> int:
    """Return the pixels from the first to the last that a unit sees; the largest of a period."""
    if isinstance(axis, Phases):
        return max((seen[1] - seen[0] + 1 for seen in axis.edges if seen), default=0)
    return axis[0]


def jump(axis: Axis) -> int | Fraction:
    """Return the input pixels between neighbouring units; the mean where they differ."""
    if not isinstance(axis, Phases):
        return axis[1]
    from fractions import Fraction

    mean = Fraction(axis.advance, len(axis.edges))
    return mean.numerator if mean.denominator == 1 else mean


def start(axis: Axis) -> int:
    """Return the first pixel that unit 0 sees, counted from 0; negative in the padding."""
    if isinstance(axis, Phases):
        return next((seen[0] for seen in axis.edges if seen), 0)
    return axis[2]


def padding(axis: Axis) -> int:
    """Return the pixels that the field of unit 0 begins before pixel 0: the effective padding."""
    return -start(axis)


def centre(axis: Axis) -> Centre:
    """Return the pixel that the field of unit 0 is centred on, counted from 0.

    >>> centre((7, 2, -3)), centre((2, 2, 0))
    (0, 0.5)
    """
    if isinstance(axis, Phases):
        return next((middle(*seen) for seen in axis.edges if seen), 0)
    return middle(axis[2], axis[2] + axis[0] - 1)


def middle(low: int, high: int) -> Centre:
    """Return what lies halfway between two pixels, exactly: a fraction where a float is not.

    >>> middle(0, 6), middle(0, 7), middle(0, 2**60 + 1)
    (3, 3.5, Fraction(1152921504606846977, 2))
    """
    if not are_numbers(low, high):
        return (low + high) / 2
    half, odd = divmod(low + high, 2)
    if not odd:
        return half
    if abs(half) < 2**51:
        return half + 0.5
    from fractions import Fraction

    return Fraction(low + high, 2)
