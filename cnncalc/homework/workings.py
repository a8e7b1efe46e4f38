"""The arithmetic of an answer, from the rows that it is the answer of.

A working is printed beside a value, and comes to it: it is made of the numbers of the very rows
that have the value, whether they were measured as layers are or in another way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import answer
from cnncalc.numbers.working import Working, are_numbers, plain, product, shown, spoken, write
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.workings import shown_row
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row

    Measuring = Callable[[Layer, Volume], Measure]
    MeasuringOf = Callable[[Row], Measuring]

MOST_SUMMANDS = 4
_TAUTOLOGY = re.compile(r"1 ?\* ?[0-9]+|[0-9]+(?: ?[*/] ?1| ?[-+] ?0)?")
_THOUSANDS = re.compile(r"(?<![\w.])[0-9]{4,}(?![\w.])")


def as_layers_do(_row: Row) -> Measuring:
    """Return how every row is measured that is not measured in another way."""
    return measured


def working_of(target: Row, quantity: str, measuring: MeasuringOf = as_layers_do) -> str:
    """Return how a row, or several, come to their answer; `measuring` says how each is measured.

    None of many rows, or where one stands on another's numbers, which its windows do not fit.
    """
    rows = target.rows
    asked = QUANTITIES.get(quantity)
    is_summed = asked is not None and asked.is_summed
    rows = [row for row in rows if answer(quantity, row)] if is_summed else rows[-1:]
    if len(rows) > MOST_SUMMANDS:
        return ""
    try:
        summed = [_shown(row, quantity, measuring(row)) for row in rows]
    except Problem:
        return ""
    found = total(summed) if is_summed else summed[0]
    return write_working(found, answer(quantity, target))


def total(numbers: Sequence[Number]) -> Number:
    """Return a sum: of one number with its arithmetic, of a few as they are (letters apart)."""
    if len(numbers) == 1:
        return numbers[0]
    if not numbers or len(numbers) > MOST_SUMMANDS or not are_numbers(*numbers):
        return sum(map(plain, numbers))
    found = shown(plain(numbers[0]))
    for each in numbers[1:]:
        found = found + plain(each)
    return found


def write_working(found: Any, value: Any) -> str:
    """Return the arithmetic of a number, or of each size of a volume; none if it has none.

    None, too, if it does not come to the value, or says no more than it.
    """
    sizes = found if isinstance(found, tuple) else (found,)
    values = value if isinstance(value, tuple) else (value,)
    if tuple(map(plain, sizes)) != values:
        return ""
    texts = [write(size) for size in sizes if isinstance(size, Working) and size.parts]
    texts = [each for each in texts if not _TAUTOLOGY.fullmatch(each)]
    text = _(" and ").join(dict.fromkeys(texts))
    return _THOUSANDS.sub(lambda found: f"{int(found[0]):,}", text)


def _shown(row: Row, quantity: str, measure: Measuring) -> Any:
    """Return what a row has of a quantity, as numbers that show their arithmetic."""
    row = shown_row(row, measure, zeros=False)
    if quantity in ("params", "macs", "flops"):
        cost = row.cost(quantity)
        return cost if quantity == "params" else row.forward.of_all(cost)
    if quantity in ("weights", "biases"):
        return getattr(row.measure, quantity)
    if quantity == "activations":
        return row.forward.of_all(values_in(row.measure.output))
    return answer(quantity, row)


def values_in(volume: Volume) -> Number:
    """Return how many values a volume has: its sizes multiplied, whatever these came of."""
    return product(spoken(tuple(map(plain, volume))))


def as_told(number: Number, other: Number) -> Number:
    """Return a number with how it came about where another has that; those of rows are plain."""
    return number if isinstance(other, Working) else plain(number)


def cost(quantity: str, macs: Number) -> Number:
    """Return what MACs are as the quantity that is asked for: FLOPs are twice as many."""
    return macs if quantity == "macs" else 2 * macs
