"""Effective receptive fields: how much of a unit comes from each pixel, along an axis.

After W. Luo, Y. Li, R. Urtasun and R. Zemel, "Understanding the Effective Receptive Field in Deep
Convolutional Neural Networks" (NIPS 2016), with all filters uniform: a unit of a conv or a pool is
the mean of what it reads, that of an add or a mul the sum of its branches, that of a concat the
mean of all its channels (a later layer that reads some of them is taken to read them alike).
Activations and norms pass on what comes; the border is left out, so that weight may fall on the
padding. The weights of a unit sum to the same along every axis, and along one axis they are those
of the plane added up over the others.

The weight is followed back from the unit to the input. All is in whole numbers over a common
denominator, and exact as long as that has at most 1,024 bits; beyond, it is cut to 512.
"""

from __future__ import annotations

from math import gcd, lcm, sqrt
from typing import TYPE_CHECKING

from cnncalc.numbers.lettered import ratio
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.receptive_field import Reach
    from cnncalc.trace.rows import Row

MOST_STEPS = BUDGET.weights  # weights that are added up on the way from a unit to the input
MOST_BITS = BUDGET.fraction_bits  # of a denominator; a longer one is cut to half of it


class Weights(NamedTuple):
    """What pixels `first`, `first + 1`, ... weigh: `values[i]` parts of `whole`."""

    first: int
    values: tuple[int, ...]
    whole: int
    exact: bool = True

    @property
    def last(self) -> int:
        """The last pixel that is seen."""
        return self.first + len(self.values) - 1


class _PathWeights(NamedTuple):
    """What comes back to a row along one path: weights of its units from `first` on."""

    first: int
    values: list[int]
    of: int

    def cut(self) -> _PathWeights:
        """Return the same with a shorter denominator, the weights rounded down."""
        bits = MOST_BITS // 2
        return _PathWeights(
            self.first, [(each << bits) // self.of for each in self.values], 1 << bits
        )


def weigh(rows: Sequence[Row], row: Row, unit: int, axis: int) -> Weights:
    """Return what each input pixel weighs in a unit of a row, along an axis.

    `rows` are all rows of the network, and the row has a receptive field of its own along the
    axis. A `Problem` where there are too many weights on the way.
    """
    waiting = {row.index: [_PathWeights(unit, [1], 1)]}
    steps, exact = 0, True
    entry = row.seen[0] if row.seen else 0
    for index in range(row.index, entry - 1, -1):
        parts = waiting.pop(index, None)
        if parts is None:
            continue
        here = rows[index]
        steps += _span(parts) if len(parts) > 1 else 0
        if steps > MOST_STEPS:
            raise _too_large(row)
        part = _merged(parts)
        if part.of.bit_length() > MOST_BITS:
            part, exact = part.cut(), False
        if index == entry:
            return _finished(part, exact=exact)
        if not here.measure.reach:
            for source in here.inputs:
                share = _of_branch(part, here, rows[source]) if here.kind == "concat" else part
                waiting.setdefault(source, []).append(share)
            continue
        reach = here.measure.reach[axis]
        steps += _cost(part, reach)  # type: ignore[arg-type] # one that sees all has no field
        if steps > MOST_STEPS:
            raise _too_large(row)
        waiting.setdefault(here.inputs[0], []).append(_back(part, reach))  # type: ignore[arg-type]
    raise AssertionError  # every row comes from the input


def _of_branch(part: _PathWeights, concat: Row, branch: Row) -> _PathWeights:
    """Return what a branch of a concat has of a unit's weight: as much as of its channels."""
    share = ratio(branch.output[-1], concat.output[-1])
    if share is None:
        raise Problem(
            "letter-needs-number",
            _("what a branch weighs depends on the letters of its channels"),
            [Label(concat.node.span)] if concat.node else (),
            helps=[_("write a number in its place")],
        )
    values = [share.numerator * each for each in part.values]
    return _PathWeights(part.first, values, part.of * share.denominator)


def _too_large(row: Row) -> Problem:
    return Problem(
        "effective-field-too-large",
        _("the weights of this field are too many to work out"),
        [Label(row.node.span)] if row.node else (),
        notes=[_("on the way to the input at most {most:,} are added up", most=MOST_STEPS)],
        helps=[_("ask for an earlier row with --at")],
    )


def _span(parts: Sequence[_PathWeights]) -> int:
    """Return how many units lie between the first and the last of the parts."""
    first = min(part.first for part in parts)
    return max(part.first + len(part.values) for part in parts) - first


def _merged(parts: Sequence[_PathWeights]) -> _PathWeights:
    """Return the sum of what comes back along several paths."""
    parts = [part for part in parts if part.values] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    first = min(part.first for part in parts)
    of = lcm(*(part.of for part in parts))
    values = [0] * _span(parts)
    for part in parts:
        times = of // part.of
        for place, value in enumerate(part.values, part.first - first):
            values[place] += times * value
    return _PathWeights(first, values, of)


def _cost(part: _PathWeights, reach: Reach) -> int:
    """Return about how many weights are added up to go back through a reach."""
    count = len(part.values)
    if reach.phases is None:
        return (count - 1) * reach.stride + reach.dilation * (reach.kernel - 1) + 1
    most = max(kernel for _, kernel, _ in reach.phases)
    return count * (reach.stride + most)


def _back(part: _PathWeights, reach: Reach) -> _PathWeights:
    """Return what the inputs of a layer weigh, from what its outputs weigh."""
    if not part.values:  # outputs of a transposed conv that read nothing
        return part
    if reach.phases is not None:
        return _back_by_phases(part, reach)
    kernel, stride, dilation = reach.kernel, reach.stride, reach.dilation
    values = [0] * ((len(part.values) - 1) * stride + dilation * (kernel - 1) + 1)
    values[: (len(part.values) - 1) * stride + 1 : stride] = part.values
    if kernel > 1:
        for phase in range(min(dilation, len(values))):
            values[phase::dilation] = _running(values[phase::dilation], kernel)
    return _PathWeights(part.first * stride + reach.first, values, part.of * kernel)


def _running(values: Sequence[int], count: int) -> list[int]:
    """Return the sum of each value and those before it, `count` in all."""
    sums, total = [], 0
    for place, value in enumerate(values):
        total += value
        if place >= count:
            total -= values[place - count]
        sums.append(total)
    return sums


def _back_by_phases(part: _PathWeights, reach: Reach) -> _PathWeights:
    """Return the same where the outputs of a period read differently."""
    phases = reach.phases or ()
    shares = reach.shares or tuple((1,) * kernel for _, kernel, _ in phases)
    of = lcm(*(sum(share) for share in shares if share))
    found: dict[int, int] = {}
    for output, value in enumerate(part.values, part.first):
        turn, phase = divmod(output, len(phases))
        first, _kernel, dilation = phases[phase]
        for tap, share in enumerate(shares[phase] if value else ()):
            place = turn * reach.stride + first + tap * dilation
            found[place] = found.get(place, 0) + value * share * (of // sum(shares[phase]))
    first, last = min(found, default=0), max(found, default=-1)
    return _PathWeights(
        first, [found.get(place, 0) for place in range(first, last + 1)], part.of * of
    )


def _finished(part: _PathWeights, *, exact: bool) -> Weights:
    """Return weights as parts of their own sum, in lowest terms."""
    common = gcd(*part.values) or 1
    values = tuple(value // common for value in part.values)
    return Weights(part.first, values, sum(values), exact)


def holding(weights: Weights, percent: int = 95) -> tuple[int, int]:
    """Return the first and last pixel of the narrowest run that holds so much of the weight.

    Of several that which holds most, and then the one in the middle.

    >>> holding(Weights(-3, (1, 3, 6, 7, 6, 3, 1), 27), 90)
    (-2, 2)
    """
    values = weights.values
    runs = [(len(values), 0, 0, 0)]  # width, less what it holds, how far off, start
    held, start = 0, 0
    for end, value in enumerate(values):
        held += value
        while 100 * (held - values[start]) >= percent * weights.whole:
            held -= values[start]
            start += 1
        if 100 * held >= percent * weights.whole:
            runs.append((end - start + 1, -held, abs(start + end + 1 - len(values)), start))
    width, _held, _off, start = min(runs)
    return weights.first + start, weights.first + start + width - 1


def deviation(weights: Weights) -> float:
    """Return the standard deviation of where the weight lies, in pixels.

    >>> round(deviation(Weights(-3, (1, 3, 6, 7, 6, 3, 1), 27)) ** 2, 9)  # 3 * (3**2 - 1) / 12
    2.0
    """
    total = weights.whole
    once = sum(place * value for place, value in enumerate(weights.values))
    twice = sum(place * place * value for place, value in enumerate(weights.values))
    return sqrt((twice * total - once * once) / (total * total)) if total else 0.0


def beyond(weights: Weights, size: int) -> float:
    """Return the percent of the weight that lies beyond the border of an input of a size."""
    inside = sum(weights.values[max(-weights.first, 0) : max(size - weights.first, 0)])
    return 100 * (weights.whole - inside) / weights.whole if weights.whole else 0.0
