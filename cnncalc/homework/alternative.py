"""An alternative: what another way gives for a quantity at a place."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import answer
from cnncalc.homework.variations import COSTS
from cnncalc.homework.workings import as_layers_do, total, working_of, write_working
from cnncalc.numbers.working import are_numbers, plain, shown
from cnncalc.report.quantities import HELD, QUANTITIES
from cnncalc.report.several import last
from cnncalc.trace.counters import COUNTERS
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from cnncalc.homework.answers import Query
    from cnncalc.homework.other_rows import OtherRows
    from cnncalc.homework.variations import Together, Variation
    from cnncalc.homework.workings import MeasuringOf
    from cnncalc.trace.rows import Row

    Way: TypeAlias = "Together | NamedWay"


class Alternative(NamedTuple):
    """What another way gives: a value, the ways that lead to it, and how it comes about.

    It is as `remote` as its stage: nobody is told of it where a nearer stage gives the value.
    """

    value: Any
    name: str
    says: str
    is_convention: bool
    work: Callable[[], str]
    unit: str = ""
    remote: int = 0


class NamedWay(NamedTuple):
    """A way that is known by its name and by what it says; of a sum, the `rows` that it counts."""

    name: str
    says: str
    is_convention: bool = False
    rows: Sequence[Row] = ()


def measured_alternative(
    way: Way,
    rows: Sequence[Row],
    query: Query,
    measuring: MeasuringOf = as_layers_do,
) -> Alternative | None:
    """Return what rows that were measured so have of what is asked."""
    target, quantity = query.subject(rows), query.quantity
    if target is None:
        return None
    return _valued(way, answer(quantity, target), lambda: working_of(target, quantity, measuring))


def _valued(way: Way, value: Any, work: Callable[[], str]) -> Alternative | None:
    """Return a value that a way gives, if it is one, with its working."""
    if type(value) is Fraction:  # of maps whose sizes were not rounded down
        value = value.numerator if value.denominator == 1 else None
    if value is None:
        return None
    return Alternative(value, way.name, way.says, way.is_convention, work)


def other_alternative(
    way: Way,
    rows: OtherRows,
    query: Query,
    measuring: MeasuringOf = as_layers_do,
) -> Alternative | None:
    """Return what rows that are others have of what is asked."""

    def work() -> str:
        target = rows.subject(query)
        return working_of(target, query.quantity, measuring) if target else ""

    return _valued(way, rows.answer(query), work)


def as_alternative(way: NamedWay | Variation, found: Any) -> Alternative:
    """Return what a way gives as a number, or as sizes, that may show how they came about."""
    value = tuple(map(plain, found)) if isinstance(found, tuple) else plain(found)
    work = partial(write_working, found, value)
    return Alternative(value, way.name, way.says, way.is_convention, work)


def answered_alternative(
    way: Variation, target: Row | None, quantity: str, rows: Sequence[Row]
) -> Alternative | None:
    """Return the answer that a way gives about a row, or several as one, of all `rows`."""
    found = None if target is None else _answer(way, target, quantity, rows)
    if target is None or found is None:
        return None
    told = as_alternative(way, found)
    if way.name in COUNTERS and told.value in [QUANTITIES[each].of(target) for each in COSTS]:
        return None  # it counts no more than we do
    return told._replace(unit=way.unit) if way.unit else told


def _answer(way: Variation, target: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Return what a way answers about a row; about several rows, what it answers of each."""
    if way.factor:
        return _multiplied(way.factor, answer(quantity, target))
    asked = QUANTITIES.get(quantity)
    if not target.several or asked is None or asked.several is last:
        return way.answer_at(target.rows[-1], quantity, rows)
    layers = [row for row in target.rows if row.index or quantity in HELD]  # the input costs memory
    found = {row.index: way.answer_at(row, quantity, rows) for row in layers}
    if all(each is None for each in found.values()):
        return None

    def one(row: Row) -> Any:
        varied = found.get(row.index)
        return answer(quantity, row) if varied is None else varied

    if asked.is_summed:
        return total([each for each in map(one, target.rows) if plain(each)])
    return asked.several(lambda row: plain(one(row)), target)


def _multiplied(factor: tuple[int, int], right: Any) -> Any:
    """Return a multiple of the right answer, rounded half up."""
    if not are_numbers(right):
        return None
    times, over = factor
    return times * shown(right) if over == 1 else (2 * right * times + over) // (2 * over)
