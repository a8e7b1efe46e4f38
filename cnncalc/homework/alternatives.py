"""What other ways give for an answer: every variation of the tables, put through the trace.

First the network's earlier rows and its namesakes, then every convention and slip by itself, then
two at once. What they give is worked out once for a place and a quantity, and kept.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, combinations, count, islice
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import (
    Alternative,
    NamedWay,
    answered_alternatives,
    measured_alternatives,
)
from cnncalc.homework.answers import answer, answer_of
from cnncalc.homework.at_rows import WaysAtRows, at_row, up_to
from cnncalc.homework.miscounts import (
    counted_parts,
    miscounted_sums,
    one_more_held,
    other_layers,
    other_rows,
)
from cnncalc.homework.other_networks import Namesakes
from cnncalc.homework.remeasure import Remeasure, remeasured
from cnncalc.homework.variations import DEPTHS, PAIRS, Variation
from cnncalc.homework.ways import WAYS
from cnncalc.homework.workings import total, write_working
from cnncalc.numbers.working import plain, product
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.several import highest
from cnncalc.speech.language import Sentence
from cnncalc.trace.work import OF_LETTERS, OF_MEASURE, work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.miscounts import Miscount
    from cnncalc.homework.retrace import Retrace
    from cnncalc.kinds.measure import Measure
    from cnncalc.notation.tree import Network
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead

MOST_ROWS_FOR_PAIRS = 60  # of a network whose rows are looked at one by one


class Alternatives:
    """What other ways give for one network; not all of them where it `is_cut`: it is too large.

    Of one that `is_whole` no fault ended the rows.
    """

    def __init__(
        self,
        retrace: Retrace,
        rows: Sequence[Row],
        others: Sequence[tuple[str, Network]] = (),
        instead: Instead | None = None,
        *,
        is_whole: bool = False,
    ) -> None:
        self.rows = rows
        self._is_whole = is_whole
        self.instead = instead
        self.retrace = retrace
        self.namesakes = Namesakes(retrace, rows, () if instead else others, is_own=not instead)
        self.is_cut = False
        self._work = sum(map(work_of, rows))
        in_letters = [row for row in rows if work_of(row) == OF_LETTERS]
        self._costs_of_largest = len(in_letters) ** 2  # each formula is compared with each
        self._right: dict[tuple[object, ...], Measure] = {}
        alike = {(row.layer, row.input) for row in in_letters}
        self._costs_where_they_stand = OF_MEASURE * len(alike)
        self._retraced = 0
        self._most = retrace.settings.budget.retraced
        self._at_rows = WaysAtRows(self._rows, rows, instead)
        self._varied: dict[tuple[str, ...], Sequence[Row]] = {}
        self._found: dict[
            tuple[str | None, str], tuple[list[Alternative | None], Iterator[Alternative | None]]
        ] = {}

    def of(
        self,
        place: str | None,
        quantity: str,
        is_enough: Callable[[int], object] = lambda _stage: False,
    ) -> Iterator[Alternative]:
        """Yield what other ways give for a quantity at a place, the simplest ways first.

        Remoter ones are not worked out where those up to a stage are enough.
        """
        stage = 0
        key = (place, quantity)
        known, more = self._found.setdefault(key, ([], self._work_out(place, quantity)))
        for at in count():
            if at == len(known):
                known.extend(islice(more, 1))
            if at == len(known):
                return
            found = known[at]
            if found is not None:
                yield found
            elif is_enough(stage):
                return
            else:
                stage += 1

    def named(
        self, names: Sequence[str], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield what the ways of some names give for a quantity, each by itself, in their order."""
        for name in names:
            if name == "layers-left-out":
                earlier = self._earlier(place, quantity)
                yield from (each for each in earlier if each.name == name)
            elif WAYS[name].changes_rows:
                yield from self._measured((WAYS[name],), place, quantity)
            else:
                yield from answered_alternatives(WAYS[name], place, quantity, self.rows)

    def _work_out(self, place: str | None, quantity: str) -> Iterator[Alternative | None]:
        """Yield them, and None behind those of each stage."""
        asked = QUANTITIES.get(quantity)
        costs = self._costs_of_largest if asked and asked.several is highest else 0
        for stage, found in enumerate(self._stages(place, quantity)):
            for each in found:
                yield each._replace(remote=stage)
                self._retraced += costs
                if costs and self._retraced > self._most:
                    self.is_cut = True
                    return
            yield None

    def _stages(self, place: str | None, quantity: str) -> Iterator[Iterator[Alternative]]:
        """Yield stages, the nearest first: each is gone where those before do not explain."""
        ways = WAYS.values()
        bearing = [way for way in ways if quantity in way.of and not way.rare]
        carried = [way for way in ways if way.is_carried_to(quantity) and not way.rare]
        frequent = [way for way in bearing if way.about and not way.is_convention]
        is_short = len(self.rows) <= MOST_ROWS_FOR_PAIRS
        others = [way for way in bearing if not (way.about or way.is_convention)]
        earlier = [way for way in frequent if way.about in ("padding", "stride", "one")]
        if not is_short or _is_sum(quantity):
            earlier = []
        yield chain(
            self.namesakes.alternatives(place, quantity),
            self._singly([way for way in bearing if way.is_convention], place, quantity),
            self._counted_rows(counted_parts, place, quantity),
            self._singly(frequent, place, quantity),
            self._at_rows.alternatives(earlier, place, quantity),
            self._singly(others, place, quantity),
        )
        yield self.namesakes.counted(place, quantity)
        yield self._singly(carried, place, quantity)
        yield self._counted_rows(miscounted_sums, place, quantity)
        yield self._earlier(place, quantity)
        changes = [way for way in (*bearing, *carried) if way.about or not way.is_convention]
        yield chain(
            self._at_rows.alternatives(changes if is_short else (), place, quantity),
            self._other_layers(place, quantity),
        )
        rare = [
            way for way in ways if way.rare and (quantity in way.of or way.is_carried_to(quantity))
        ]
        yield self._singly(rare, place, quantity)
        yield self.namesakes.misread(place, quantity)
        yield self._of_other_rows(place, quantity)
        if is_short:
            yield self._in_pairs(bearing, place, quantity)
            yield self._at_rows.alternatives(rare, place, quantity)

    def _singly(
        self, ways: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield what each of some ways gives by itself."""
        values: dict[str, Any] = {}
        for each in ways:
            if each.changes_rows:
                found = list(self._measured((each,), place, quantity))
                found = [] if self._is_another(each) else found
                if each.of == DEPTHS and quantity == "output":
                    found = [one for one in found if self._is_deeper(one.value, place)]
            else:
                found = list(answered_alternatives(each, place, quantity, self.rows))
            for one in found:
                values[each.name] = one.value
                if one.value not in [values.get(name) for name in each.like]:
                    yield one

    def _is_deeper(self, output: Any, place: str | None) -> bool:
        """Return whether an output has other channels than the right one: a way of depths shows."""
        right = answer_of(place, "output", self.rows)
        return right is None or output[-1] != right[-1]

    def _in_pairs(
        self, ways: Sequence[Variation], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield what two frequent slips at once give, about different things."""
        frequent = [way for way in ways if way.about and not self._is_another(way)]
        frequent.sort(key=lambda way: way.about == "bias")  # biases are left out at the end
        for pair in combinations(frequent, 2):
            if {way.about for way in pair} in PAIRS and all(map(self._bears, pair)):
                yield from self._measured(pair, place, quantity)

    def _bears(self, way: Variation) -> bool:
        """Return whether a way changes anything in this network."""
        return bool(self._at_rows.changed(way, len(self.rows)))

    def _counted_rows(
        self,
        miscounts: Callable[[Row, str], Iterator[Miscount]],
        place: str | None,
        quantity: str,
    ) -> Iterator[Alternative]:
        """Yield the sums of rows that people take for the sum of all."""
        target, asked = row_at(place, self.rows), QUANTITIES.get(quantity)
        if target is None or asked is None or not asked.is_summed or not target.several:
            return
        for each in miscounts(target, quantity):
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
        for each, found in one_more_held(target, quantity) if target else ():
            work = partial(write_working, found, plain(found))
            yield Alternative(plain(found), each.name, each.says, False, work)
        for each, change in other_layers(self.rows, target.rows[-1].index if target else 0):

            def instead(row: Row, change: Callable[[Row], Row] = change) -> Row:
                row = change(row)
                return self.instead(row) if self.instead else row

            rows = up_to(place, self.rows, self._rows(instead=instead))
            named = (NamedWay(each.name, each.says),)
            yield from measured_alternatives(named, rows, place, quantity)

    def _of_other_rows(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what other rows have of a quantity, where one is asked about."""
        target = row_at(place, self.rows) if place else None
        for each in other_rows(target, self.rows) if target else ():
            yield from measured_alternatives(
                (NamedWay(each.name, each.says),), each.rows, None, quantity
            )

    def _rows(self, **how: Any) -> list[Row]:
        """Return the rows of the network in another way, up to a fault; none beyond a bound."""
        if self._retraced + self._work > self._most:
            self.is_cut = True
            return []
        rows, _fault = self.retrace(**how)
        self._retraced += self._work
        return rows

    def _is_another(self, way: Variation) -> bool:
        """Return whether a way comes to the same in every row as one that it is like."""
        own = self._comes_to(way.name)
        return any(self._comes_to(name) == own for name in way.like)

    def _measured(
        self, ways: tuple[Variation, ...], place: str | None, quantity: str
    ) -> Iterator[Alternative]:
        """Yield an answer with every layer measured in some ways; none if that does not fit."""
        names = tuple(way.name for way in ways)

        instead = Remeasure(ways, range(1, len(self.rows)), self.instead)
        if names not in self._varied:
            reads = any(way.change_input for way in ways)
            self._varied[names] = self._where_they_stand(ways) or self._rows(
                measure=None if reads else instead.measure,
                instead=instead if reads else self.instead,
            )
        rows = up_to(place, self.rows, self._varied[names])
        at = self._at(ways[0], place) if len(ways) == 1 else 0
        for each in measured_alternatives(ways, rows, place, quantity, instead.measuring):
            yield each._replace(says=at_row(each.says, at)) if at else each

    def _where_they_stand(self, ways: Sequence[Variation]) -> Sequence[Row] | None:
        """Return the rows measured in some ways; None where they are to be traced."""
        cost = self._costs_where_they_stand
        if not self._is_whole or self._retraced + cost > self._most:
            return None
        self._retraced += cost
        return remeasured(ways, self.rows, self.instead, self._right)

    def _comes_to(self, *names: str) -> Any:
        """Return what all rows come to in some ways, or in none; None where they were not gone."""
        rows = self._varied.get(names) if names else self.rows
        return None if rows is None else [(row.output, *row.measure[2:5]) for row in rows]

    def _at(self, way: Variation, place: str | None) -> int:
        """Return the one row at which a way bears, if that is an earlier one; 0 otherwise."""
        if len(self.rows) > MOST_ROWS_FOR_PAIRS:
            return 0
        return self._at_rows.earlier(way, place)

    def _earlier(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what stands at earlier rows: a layer or more was left out."""
        target = row_at(place, self.rows)
        if quantity not in ("output", "size", "in_features") or target is None:
            return
        end = target.rows[-1].index
        main = [row for row in self.rows if not row.aux and row.index <= end]
        layers = [row for row in main if row.index and row.output != row.input]
        for kept in range(len(layers) - 1, -1, -1):
            row = layers[kept - 1] if kept else main[0]
            if quantity == "output" and len(target.rows[-1].output) == 1 and len(row.output) > 1:
                row = row._replace(measure=row.measure._replace(output=(product(row.output),)))
            says = Sentence(
                "the output of row {number}, {layer}: {count} of the {total} layers that change it",
                number=row.index,
                layer=row.layer,
                count=kept,
                total=len(layers),
            )
            way = NamedWay("layers-left-out", says)
            if not kept:
                way = NamedWay("input-itself", Sentence("the input, before any layer"))
            yield from measured_alternatives((way,), [row], None, quantity)


def _is_sum(quantity: str) -> bool:
    """Return whether several rows have the sum of a quantity."""
    asked = QUANTITIES.get(quantity)
    return asked is not None and asked.is_summed
