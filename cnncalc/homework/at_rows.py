"""Ways that are gone at some rows alone, of several that they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import NamedWay, as_alternative, other_alternative
from cnncalc.homework.answers import answer
from cnncalc.homework.workings import total
from cnncalc.numbers.working import plain
from cnncalc.speech.language import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.alternative import Alternative
    from cnncalc.homework.answers import Query
    from cnncalc.homework.other_rows import KnownRows, OtherRows
    from cnncalc.homework.remeasure import InWays
    from cnncalc.homework.variations import Together, Variation
    from cnncalc.trace.rewalk import Otherwise


MOST_ONE_BY_ONE = 60  # of a network whose rows are looked at one by one


class WaysAtRows:
    """What ways give that are gone at the rows of one kind, or at one row."""

    def __init__(
        self,
        known: KnownRows,
        others: Callable[[Otherwise], OtherRows],
        in_ways: Callable[[Together], InWays],
    ) -> None:
        self.known, self.rows = known, known.rows
        self._others, self._in_ways = others, in_ways

    def alternatives(self, ways: Sequence[Variation], query: Query) -> Iterator[Alternative]:
        """Yield what ways give; of two that are alike and give the same, the first."""
        is_of_some = len(self.rows) > 2 and self.known.at(query.place)  # beside an input
        known: dict[tuple[str, tuple[int, ...]], Any] = {}
        for way in ways if is_of_some else ():
            find = self._measured if way.changes_rows else self._answered
            for numbers, each in find(way, query):
                known[way.name, numbers] = each.value
                if not way.like or each.value not in [
                    known.get((name, numbers)) for name in way.like
                ]:
                    yield each

    def _measured(
        self, way: Variation, query: Query
    ) -> Iterator[tuple[tuple[int, ...], Alternative]]:
        """Yield an answer with some of the rows that a way changes measured in it."""
        target = self.known.at(query.place)
        changed = self.changed(way, target.rows[-1].index) if target else []
        in_way = self._in_ways(way.alone)
        for numbers, says in self._parts(changed, way.says):
            named, rows = NamedWay(way.name, says), self._others(in_way.at(numbers))
            measuring = in_way.measuring(numbers)
            if each := other_alternative(named, rows, query, measuring):
                yield numbers, each

    def _answered(
        self, way: Variation, query: Query
    ) -> Iterator[tuple[tuple[int, ...], Alternative]]:
        """Yield a sum of which some rows are answered in a way."""
        target, asked, quantity = self.known.at(query.place), query.entry, query.quantity
        if target is None or asked is None or not asked.is_summed or way.answer is None:
            return
        own = {row.index: answer(quantity, row) for row in target.rows}
        others = {row.index: way.answer_at(row, quantity, self.rows) for row in target.rows}
        changed = [
            at
            for at, other in others.items()
            if other is not None and plain(other) != plain(own[at])
        ]
        for numbers, says in self._parts([at for at in changed if at], way.says):
            summed = [(others if at in numbers else own)[at] for at in own]
            found = total([each for each in summed if plain(each)])
            yield numbers, as_alternative(NamedWay(way.name, says), found)

    def _parts(self, numbers: Sequence[int], says: str) -> Iterator[tuple[tuple[int, ...], str]]:
        """Yield parts of some rows, with what a way that is gone there alone says."""
        kinds: dict[str, list[int]] = {}
        for number in numbers:
            kinds.setdefault(self.rows[number].kind, []).append(number)
        if len(numbers) < 2:
            return
        for kind, own in kinds.items() if len(kinds) > 1 else ():
            if len(own) > 1:
                yield tuple(own), Sentence("{slip}, at each {kind}", slip=says, kind=kind)
        for number in numbers:
            yield (number,), at_row(says, number)

    def earlier(self, ways: Together, place: str | None) -> int:
        """Return the one row that a way changes before what is asked about; 0 for none such."""
        target = self.known.at(place)
        if target is None or len(ways.ways) > 1 or not 2 < len(self.rows) <= MOST_ONE_BY_ONE:
            return 0
        last = target.rows[-1].index
        changed = self.changed(ways.ways[0], last)
        return changed[0] if len(changed) == 1 and changed[0] not in (last, target.index) else 0

    def changed(self, way: Variation, last: int) -> list[int]:
        """Return the rows up to one that a way changes."""
        return [index for index in self._in_ways(way.alone).changed() if index <= last]


def at_row(says: str, number: int) -> str:
    """Return what a slip says, with the row that it was made at."""
    return Sentence("{slip}, at row {number}", slip=says, number=number)
