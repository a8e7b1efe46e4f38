"""What other ways give for an answer: every variation of the tables, put through the trace.

First the network's earlier rows and its namesakes, then every convention and slip by itself, then
two at once.

What saves work, and how many more functions are called without it: the most of random networks,
handed exercises, a class, ResNet-18 and a network in letters. Without the bounds of a budget a
large network takes minutes.

    ways.ways_to        ways of kinds that no row is of are not gone          16 %
                        nor those of sizes, where depths alone bear           29 %
    Alternatives        what is asked again is known (_found)                 49 %
                        so are the layers in some ways (_ways)                41 %
                        and the rows (_varied)                                68 %
                        a way that changes nothing is left out (_is_idle)      3 %
                        other counts are put where they stand (_counted)      16 %
                        stages behind one that explains are not (is_enough)    9 %
    variations.Variation  a way gone by itself is made once (alone)            8 %
    remeasure           layers that are alike are measured once (AlikeLayers)  7 %
                        and in some ways, once (_on_alike, on_changed)    7 %, 2 %
                        from what they do as they are (own)                   17 %
                        what else comes in is measured once (_known)          11 %
                        rows that are changed are found once (changed)         2 %
    other_rows          rows before the first that is another stay (walk)    335 %
                        what was gone through is kept (_walks, _rows)    55 %, 1 %
                        fields are gone through where they are asked for      25 %
                        a sum is told by what differs, a peak by its pass 13 %, 4 %
                        what is asked is looked up once (_at, _sought)    8 %, 11 %
                        and what rows have of it (_sums, _values)         13 %, 3 %
    other_networks      an input of another size goes through rows again      16 %
                        namesakes are made once (_variants)                    2 %
    follow_through      rows on some numbers are kept (_known)                 4 %
    judge               workings, and verdicts, are kept                  3 %, 2 %
"""

from __future__ import annotations

from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import (
    Alternative,
    NamedWay,
    answered_alternative,
    as_alternative,
    measured_alternative,
    other_alternative,
)
from cnncalc.homework.answers import Query, answer
from cnncalc.homework.at_rows import MOST_ONE_BY_ONE, WaysAtRows, at_row
from cnncalc.homework.miscounts import (
    counted_parts,
    miscounted_sums,
    near_networks,
    one_more_held,
    rows_beside,
)
from cnncalc.homework.other_networks import Namesakes
from cnncalc.homework.other_rows import KnownRows, OtherRows
from cnncalc.homework.remeasure import InWays
from cnncalc.homework.variations import DEPTHS
from cnncalc.homework.ways import WAYS, ways_to
from cnncalc.homework.workings import total
from cnncalc.numbers.working import plain, product
from cnncalc.report.several import highest
from cnncalc.speech.language import Sentence
from cnncalc.trace.work import OF_LETTERS, OF_MEASURE, work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.retrace import Retrace
    from cnncalc.homework.variations import Together, Variation
    from cnncalc.notation.tree import Network
    from cnncalc.trace.course import Course
    from cnncalc.trace.rewalk import Otherwise
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead


class Alternatives:
    """What other ways give for one network; not all of them where it `is_cut`: it is too large.

    Of rows that no fault ended the `course` is known.
    """

    def __init__(
        self,
        retrace: Retrace,
        rows: Sequence[Row],
        others: Sequence[tuple[str, Network]] = (),
        instead: Instead | None = None,
        *,
        course: Course | None = None,
    ) -> None:
        self.rows = rows
        self.instead = instead
        self._is_whole = course is not None
        self._kinds = frozenset(row.kind for row in rows) if self._is_whole else None
        self._known = KnownRows(retrace, rows, instead, course)
        self.namesakes = Namesakes(self._known, () if instead else others, is_own=not instead)
        self.is_cut = False
        self._work = sum(map(work_of, rows))
        in_letters = [row for row in rows if work_of(row) == OF_LETTERS]
        self._costs_of_largest = len(in_letters) ** 2  # each formula is compared with each
        alike = {(row.layer, row.input) for row in in_letters}
        self._costs_where_they_stand = OF_MEASURE * len(alike)
        self._is_quick = self._is_whole and not in_letters
        self._retraced = 0
        self._most = retrace.settings.budget.retraced
        self._at_rows = WaysAtRows(self._known, self._others, self._in_ways)
        self._ways: dict[str, InWays] = {}
        self._varied: dict[str, OtherRows] = {}
        self._found: dict[Query, tuple[list[Alternative | None], Iterator[Alternative | None]]] = {}

    def of(
        self,
        query: Query,
        is_enough: Callable[[int], object] = lambda _stage: False,
    ) -> Iterator[Alternative]:
        """Yield what other ways give for what is asked, the simplest ways first.

        Remoter ones are not worked out where those up to a stage are enough.
        """
        stage = 0
        known, more = self._found.setdefault(query, ([], self._work_out(query)))
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

    def named(self, names: Sequence[str], query: Query) -> Iterator[Alternative]:
        """Yield what the ways of some names give, each by itself, in their order."""
        for name in names:
            if name == "layers-left-out":
                earlier = self._earlier(query)
                yield from (each for each in earlier if each.name == name)
            elif found := self._in_way(WAYS[name], query):
                yield found

    def _work_out(self, query: Query) -> Iterator[Alternative | None]:
        """Yield those that are not the answer itself, and None behind those of each stage."""
        asked, own = query.entry, self._known.answer(query)
        costs = self._costs_of_largest if asked and asked.several is highest else 0
        for stage, found in enumerate(self._stages(query)):
            for each in found:
                if each.value != own:
                    yield each._replace(remote=stage) if stage else each
                self._retraced += costs
                if costs and self._retraced > self._most:
                    self.is_cut = True
                    return
            yield None

    def _stages(self, query: Query) -> Iterator[Iterator[Alternative]]:
        """Yield stages, the nearest first: each is gone where those before do not explain."""
        is_short = len(self.rows) <= MOST_ONE_BY_ONE
        ways = ways_to(query.quantity, self._kinds)
        yield chain(
            self.namesakes.alternatives(query),
            self._singly(ways.conventions, query),
            self._counted_rows(counted_parts, query),
            self._singly(ways.frequent, query),
            self._at_rows.alternatives(ways.local if is_short else (), query),
            self._singly(ways.others, query),
        )
        yield self.namesakes.counted(query)
        yield self._singly(ways.carried, query)
        yield self._counted_rows(miscounted_sums, query)
        yield self._earlier(query)
        yield chain(
            self._at_rows.alternatives(ways.changes if is_short else (), query),
            self._other_layers(query),
        )
        yield self._singly(ways.rare, query)
        yield self.namesakes.misread(query)
        yield self._of_other_rows(query)
        if is_short:
            yield self._in_pairs(ways.pairs, query)
            yield self._at_rows.alternatives(ways.rare, query)

    def _singly(self, ways: Sequence[Variation], query: Query) -> Iterator[Alternative]:
        """Yield what each of some ways gives by itself."""
        values: dict[str, Any] = {}
        for each in ways:
            if each.changes_rows and self._is_idle(each):
                continue
            found = self._in_way(each, query)
            if found is None or (each.changes_rows and each.like and self._is_another(each)):
                continue
            is_depth = each.of == DEPTHS and query.quantity == "output"
            if is_depth and not self._is_deeper(found.value, query.place):
                continue
            values[each.name] = found.value
            if not each.like or found.value not in [values.get(name) for name in each.like]:
                yield found

    def _in_way(self, way: Variation, query: Query) -> Alternative | None:
        """Return what a way gives by itself."""
        if way.changes_rows:
            return self._measured(way.alone, query)
        target = self._known.at(query.place)
        return answered_alternative(way, target, query.quantity, self.rows)

    def _is_deeper(self, output: Any, place: str | None) -> bool:
        """Return whether an output has other channels than the right one: a way of depths shows."""
        right = self._known.answer(Query(place, "output"))
        return right is None or output[-1] != right[-1]

    def _in_pairs(self, pairs: Sequence[Together], query: Query) -> Iterator[Alternative]:
        """Yield what two frequent slips at once give, about different things."""
        ways = {way.name: way for pair in pairs for way in pair.ways}
        bearing = {name for name, way in ways.items() if self._bears(way)}
        for pair in pairs:
            if not bearing.issuperset([way.name for way in pair.ways]):
                continue
            if found := self._measured(pair, query):
                yield found

    def _bears(self, way: Variation) -> bool:
        """Return whether a way changes anything in this network, and is not as another."""
        return bool(self._in_ways(way.alone).changed()) and not self._is_another(way)

    def _counted_rows(
        self,
        miscounts: Callable[[Row, str], Iterator[NamedWay]],
        query: Query,
    ) -> Iterator[Alternative]:
        """Yield the sums of rows that people take for the sum of all."""
        target, asked = self._known.at(query.place), query.entry
        if target is None or asked is None or not asked.is_summed or not target.several:
            return
        for each in miscounts(target, query.quantity):
            found = total([plain(answer(query.quantity, row)) for row in each.rows])
            yield as_alternative(each, found)

    def _other_layers(self, query: Query) -> Iterator[Alternative]:
        """Yield what networks have that have a layer less or more."""
        target = self._known.at(query.place)
        for each, held in one_more_held(target, query.quantity) if target else ():
            yield as_alternative(each, held)
        for each, how in near_networks(self.rows, target.rows[-1].index if target else 0):
            rows = self._others(how, is_alike=False)
            if found := other_alternative(each, rows, query):
                yield found

    def _of_other_rows(self, query: Query) -> Iterator[Alternative]:
        """Yield what other rows have of a quantity, where one is asked about."""
        target = self._known.at(query.place) if query.place else None
        for each in rows_beside(target, self.rows) if target else ():
            if found := measured_alternative(each, each.rows, query._replace(place=None)):
                yield found

    def _others(self, how: Otherwise, *, is_alike: bool = True) -> OtherRows:
        """Return the rows of the network where they are others; none beyond a bound."""
        if self._is_spent():
            return OtherRows(self._known, None)
        self._retraced += self._work
        return OtherRows(self._known, how, is_alike=is_alike)

    def _is_spent(self) -> bool:
        """Return whether the bound is reached, so that it is cut here."""
        is_spent = self._retraced + self._work > self._most
        self.is_cut = self.is_cut or is_spent
        return is_spent

    def _in_ways(self, ways: Together) -> InWays:
        """Return the layers in some ways."""
        if (found := self._ways.get(ways.name)) is None:
            found = self._ways[ways.name] = InWays(ways, self._known.alike)
        return found

    def _is_idle(self, way: Variation) -> bool:
        """Return whether it is known at once that a way changes nothing."""
        return self._is_quick and not self._in_ways(way.alone).on_changed()

    def _is_another(self, way: Variation) -> bool:
        """Return whether a way comes to the same in every row as one that it is like."""
        return any(self._comes_to(name) == self._comes_to(way.name) for name in way.like)

    def _comes_to(self, name: str) -> Any:
        """Return what all rows come to in a way; None where they were not gone."""
        rows = self._varied[name].rows() if name in self._varied else None
        return None if rows is None else [(row.output, *row.measure[2:5]) for row in rows]

    def _measured(self, ways: Together, query: Query) -> Alternative | None:
        """Return an answer with every layer measured in some ways; none if that does not fit."""
        in_ways = self._in_ways(ways)
        rows = self._varied.get(ways.name)
        if rows is None:
            rows = self._counted(in_ways)
            if not rows and self._is_spent():
                rows = OtherRows(self._known, None)
            rows = self._varied[ways.name] = rows or self._others(in_ways.everywhere())
        found = other_alternative(ways, rows, query, in_ways.measuring())
        at = self._at_rows.earlier(ways, query.place) if found else 0
        return found._replace(says=at_row(found.says, at)) if found and at else found

    def _counted(self, in_ways: InWays) -> OtherRows | None:
        """Return the rows that are others in their counts alone; None where that is not all."""
        cost = self._costs_where_they_stand
        if not self._is_whole or self._retraced + cost > self._most:
            return None
        self._retraced += cost
        found = in_ways.counted(self.instead)
        return OtherRows(self._known, found) if found else None

    def _earlier(self, query: Query) -> Iterator[Alternative]:
        """Yield what stands at earlier rows: a layer or more was left out."""
        target, quantity = self._known.at(query.place), query.quantity
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
            if found := measured_alternative(way, [row], Query(None, quantity)):
                yield found
