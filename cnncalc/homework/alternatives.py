"""What other ways give for an answer: every variation of the tables, put through the trace.

First the network's earlier rows and its namesakes, then every convention and slip by itself, then
two at once. What they give is worked out once for a place and a quantity, and kept.
"""

from __future__ import annotations

from functools import partial
from itertools import count, islice, permutations
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import (
    Alternative,
    NamedWay,
    answered_alternatives,
    measured_alternatives,
)
from cnncalc.homework.answers import answer
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.miscounts import miscounted_sums, other_layers
from cnncalc.homework.other_networks import Namesakes
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.variations import Variation, measured_with
from cnncalc.homework.workings import total, write_working
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import plain, product
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.trace.rows import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.retrace import Retrace
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Network
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead

MOST_ROWS_FOR_PAIRS = 60  # of a network in which two slips at once are looked for
MOST_ROWS_IN_PAIRS = 6_000  # that are traced for it: under a second
MOST_RETRACED = 60_000  # rows that are traced in other ways, of one network


class Alternatives:
    """What other ways give for one network; not all of them where it `is_cut`: it is too large."""

    def __init__(
        self,
        retrace: Retrace,
        rows: Sequence[Row],
        others: Sequence[tuple[str, Network]] = (),
        instead: Instead | None = None,
    ) -> None:
        self.rows = rows
        self.instead = instead
        self.retrace = retrace
        self.namesakes = Namesakes(retrace, rows, () if instead else others, is_own=not instead)
        self.is_cut = False
        self._retraced = 0
        self._varied: dict[tuple[str, ...], list[Row]] = {}
        self._found: dict[
            tuple[str | None, str], tuple[list[Alternative], Iterator[Alternative]]
        ] = {}

    def of(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what other ways give for a quantity at a place, the simplest ways first."""
        key = (place, quantity)
        known, more = self._found.setdefault(key, ([], self._work_out(place, quantity)))
        for at in count():
            if at == len(known):
                known.extend(islice(more, 1))
            if at == len(known):
                return
            yield known[at]

    def _work_out(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        yield from self._earlier(place, quantity)
        yield from self.namesakes.alternatives(place, quantity)
        ways = (*CONVENTIONS, *SLIPS)
        bearing = [way for way in ways if quantity in way.of]
        yield from self._singly(bearing, place, quantity)
        for stage, found in enumerate(self._further(bearing, place, quantity), 1):
            for each in found:
                yield each._replace(remote=stage)

    def _singly(
        self, ways: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield what each of some ways gives by itself."""
        values: dict[str, Any] = {}
        for each in ways:
            if not each.changes_rows:
                for answered in answered_alternatives(each, place, quantity, self.rows):
                    values[each.name] = answered.value
                    if answered.value not in [values.get(name) for name in each.like]:
                        yield answered
                continue
            found = list(self._measured((each,), place, quantity))
            if not self._is_another(each):
                yield from found

    def _further(
        self, bearing: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Iterator[Alternative]]:
        """Yield stages: what is looked at where no way gives the value by itself."""
        yield self.namesakes.counted(place, quantity)
        yield self._biased(bearing, place, quantity)
        carried = [way for way in (*CONVENTIONS, *SLIPS) if way.is_carried_to(quantity)]
        yield self._singly(carried, place, quantity)
        yield self._miscounted(place, quantity)
        if len(self.rows) > MOST_ROWS_FOR_PAIRS:
            return
        singles = [way for way in bearing if way.changes_rows and not self._is_another(way)]
        slips = [way for way in (*singles, *carried) if not way.is_convention]
        yield self._at_one_row(slips, place, quantity)
        yield self._other_layers(place, quantity)
        yield self._in_pairs(singles, place, quantity)

    def _in_pairs(
        self, ways: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield what two ways at once give, of those that change a row: within a bound."""
        own = self._comes_to()
        ways = [way for way in ways if self._comes_to(way.name) not in (own, [])]
        for pair in islice(permutations(ways, 2), MOST_ROWS_IN_PAIRS // max(len(self.rows), 1)):
            yield from self._measured(pair, place, quantity)

    def _biased(
        self, bearing: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield slips about parameters that are counted without biases, or with one."""
        for way in (each for each in bearing if each.name in ("no-bias", "one-bias")):
            rows = self._varied.get((way.name,), [])
            for other in (each for each in bearing if each.answer is not None):
                for each in answered_alternatives(other, place, quantity, rows):
                    yield each._replace(
                        name=f"{other.name}, {way.name}",
                        says=f"{each.says}, and {way.says}",
                        is_convention=False,
                    )

    def _miscounted(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield the parts of a sum that people take for all of it."""
        target, asked = row_at(place, self.rows), QUANTITIES.get(quantity)
        if target is None or asked is None or not asked.is_summed or not target.several:
            return
        for each in miscounted_sums(target, quantity):
            found = total([plain(answer(quantity, row)) for row in each.rows])
            yield Alternative(
                plain(found),
                each.name,
                each.says,
                False,
                partial(write_working, found, plain(found)),
            )

    def _other_layers(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what networks have that have a layer less or more."""
        target = row_at(place, self.rows)
        for each, change in other_layers(self.rows, target.rows[-1].index if target else 0):

            def instead(row: Row, change: Callable[[Row], Row] = change) -> Row:
                row = change(row)
                return self.instead(row) if self.instead else row

            named = NamedWay(each.name, each.says)
            rows = self._rows(instead=instead)
            yield from measured_alternatives((named,), rows, place, quantity, measured)

    def _rows(self, **how: Any) -> list[Row]:
        """Return the rows of the network in another way; none where that does not fit."""
        if self._retraced + len(self.rows) > MOST_RETRACED:
            self.is_cut = True
            return []
        rows, fault = self.retrace(**how)
        self._retraced += len(rows)
        return [] if fault else rows

    def _is_another(self, way: Variation) -> bool:
        """Return whether a way comes to the same in every row as one that it is like."""
        own = self._comes_to(way.name)
        return any(self._comes_to(name) == own for name in way.like)

    def _measured(
        self, ways: tuple[Variation, ...], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield an answer with every layer measured in some ways; none if that does not fit."""
        names = tuple(way.name for way in ways)

        def measure(layer: Layer, volume: Volume) -> Measure:
            return measured_with(ways, layer, volume)

        if names not in self._varied:
            self._varied[names] = self._rows(measure=measure, instead=self.instead)
        for each in measured_alternatives(ways, self._varied[names], place, quantity, measure):
            yield each._replace(says=self._at(ways, place, each.says))

    def _comes_to(self, *names: str) -> Any:
        """Return what all rows come to in some ways, or in none; None where they were not gone."""
        rows = self._varied.get(names) if names else self.rows
        return None if rows is None else [(row.output, *row.measure[2:5]) for row in rows]

    def _at(self, ways: tuple[Variation, ...], place: str | None, says: str) -> str:
        """Return what ways say, with the row at which one bears where that is an earlier one."""
        target = row_at(place, self.rows)
        if len(ways) != 1 or target is None or len(self.rows) > MOST_ROWS_FOR_PAIRS:
            return says
        last = target.rows[-1].index
        changed = self._changed(ways[0], last)
        if len(changed) != 1 or changed[0] in (last, target.index):
            return says
        return at_row(says, changed[0])

    def _at_one_row(
        self, slips: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield an answer with one row measured in a way, of several that the way changes."""
        target = row_at(place, self.rows)
        for way in slips if target else ():
            changed = self._changed(way, target.rows[-1].index)  # type: ignore[union-attr]
            for at in changed if len(changed) > 1 else ():

                def instead(row: Row, way: Variation = way, at: int = at) -> Row:
                    if row.index == at and isinstance(row.node, Layer):
                        row = row._replace(measure=way.measure(row.node, row.input))
                    return self.instead(row) if self.instead else row

                named = NamedWay(way.name, at_row(way.says, at))
                rows = self._rows(instead=instead)
                yield from measured_alternatives((named,), rows, place, quantity, measured)

    def _changed(self, way: Variation, last: int) -> list[int]:
        """Return the rows up to one that a way changes."""
        found = []
        for row in self.rows:
            if isinstance(row.node, Layer) and row.index <= last:
                try:
                    if way.measure(row.node, row.input) != row.measure:
                        found.append(row.index)
                except Problem:
                    continue
        return found

    def _earlier(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what stands at earlier rows: a layer or more was left out."""
        target = row_at(place, self.rows)
        if quantity not in ("output", "size", "in_features") or target is None:
            return
        end = target.rows[-1].index
        main = [row for row in self.rows if not row.aux and row.index <= end]
        layers = [row for row in main if row.index and row.output != row.input]
        for kept in range(len(layers) - 1, 0, -1):
            row = layers[kept - 1]
            if quantity == "output" and len(target.rows[-1].output) == 1 and len(row.output) > 1:
                row = row._replace(measure=row.measure._replace(output=(product(row.output),)))
            says = _(
                "the output of row {number}, {layer}: {count} of the {total} layers that change it",
                number=row.index,
                layer=row.layer,
                count=kept,
                total=len(layers),
            )
            way = NamedWay("layers-left-out", says)
            yield from measured_alternatives((way,), [row], None, quantity, measured)


def at_row(says: str, number: int) -> str:
    """Return what a slip says, with the row that it was made at."""
    return _("{slip}, at row {number}", slip=_(says), number=number)
