"""What the namesakes of a network have: each is another right answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import (
    NamedWay,
    answered_alternative,
    measured_alternative,
)
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.namesakes import Variant, misread_inputs, variants
from cnncalc.homework.other_rows import OtherRows
from cnncalc.homework.variations import both
from cnncalc.notation.inputs import begins_inside, settled
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.several import last_finite
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.layers import measured
from cnncalc.trace.rewalk import Otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.homework.alternative import Alternative
    from cnncalc.homework.answers import Query
    from cnncalc.homework.other_rows import KnownRows
    from cnncalc.homework.workings import Measuring
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Network
    from cnncalc.trace.rows import Row


class Namesakes:
    """The namesakes of a network, each worked out once; none on numbers that are not its own."""

    def __init__(
        self, known: KnownRows, others: Sequence[tuple[str, Network]], *, is_own: bool
    ) -> None:
        self.retrace = known.retrace
        self.rows = known.rows
        self.others = others
        self.is_own = is_own
        self._known = known
        self._variants: list[tuple[Variant, OtherRows]] | None = None

    def _bearing(self, query: Query) -> Iterator[tuple[Any, Sequence[Row]]]:
        """Yield the namesakes that bear on what is asked, with their rows."""
        if self.retrace.given is None or not self.rows or not self.is_own:
            return
        if self._variants is None:
            fold = self.retrace.settings.fold
            asked = self.retrace.network, self.retrace.given, self.rows, self.others
            found = [(each, self._other_rows(each)) for each in variants(*asked, fold=fold)]
            self._variants = [(each, rows) for each, rows in found if rows.is_whole]
        for each, rows in self._variants:
            if each.bears_on(query):
                yield each, rows.rows(query.quantity)

    def _other_rows(self, variant: Variant) -> OtherRows:
        """Return the rows of a namesake, none where a fault ends them."""

        def trace() -> Sequence[Row]:
            network, given = variant.network, variant.given
            unfold = variant.unfolds
            rows, fault = self.retrace(network, variant.measure, given=given, unfold=unfold)
            return [] if fault else rows

        how = None
        if variant.network is self.retrace.network and not variant.unfolds and variant.given:
            how = self._otherwise(variant.given, variant.measure)
        return OtherRows(self._known, how, trace)

    def _otherwise(self, given: Given, measure: Measuring | None) -> Otherwise | None:
        """Return how the rows are others on another input, or where layers are others."""
        if measure:
            alike = self._known.alike.each
            changed = [each for each in alike if measure(each.layer, each.volume) != each.own]
            return Otherwise({row.index for each in changed for row in each.rows}, measure=measure)
        own, volume = self.retrace.given, settled(given)
        if own is None or begins_inside(self.retrace.network) or self.rows[0].input != settled(own):
            return None
        return Otherwise({0}, change=partial(_given, volume))

    def alternatives(self, query: Query) -> Iterator[Alternative]:
        """Yield what namesakes of the network have: each is a convention."""
        own = self._finite(query.quantity, self.rows)
        seen = {own}  # what it has itself, in the words of people
        for each, rows in self._bearing(query):
            way = NamedWay(each.name, each.says, is_convention=True)
            how = partial(_always, each.measure)
            found = measured_alternative(way, rows, query, how)
            if found and found.value == "all" and query.place is None:
                finite = self._finite(query.quantity, rows)  # people speak of the last finite field
                found = found._replace(value=finite)
            if found and found.value not in seen:
                seen.add(found.value)
                yield found

    def _finite(self, quantity: str, rows: Sequence[Row]) -> Any:
        """Return what the last row that does not see all has, of a field; None of all else."""
        row = last_finite(rows) if quantity in ("rf", "jump", "start") else None
        return QUANTITIES[quantity].of(row) if row else None

    def counted(self, query: Query) -> Iterator[Alternative]:
        """Yield what namesakes of the network have as others count."""
        counted = [*COUNTERS, "macs-as-flops"]
        ways = [way for name, way in CONVENTIONS.items() if name in counted]
        ways = [way for way in ways if query.quantity in way.of]
        for variant, rows in self._bearing(query) if ways else ():
            target = row_at(query.place, rows) if rows else None
            for way in ways:
                if each := answered_alternative(way, target, query.quantity, rows):
                    yield each._replace(
                        name=f"{variant.name}, {way.name}", says=both(variant.says, way.says)
                    )

    def misread(self, query: Query) -> Iterator[Alternative]:
        """Yield what the network has on another input, which was taken for its own."""
        given = self.retrace.given
        if given is None or not self.is_own:
            return
        for says, volume in misread_inputs(given.sizes):
            other = given._replace(sizes=volume)
            variant = Variant("another-input", says, frozenset(), self.retrace.network, other)
            found = self._other_rows(variant)
            rows = found.rows(query.quantity) if found.is_whole else []
            each = measured_alternative(NamedWay(*variant[:2]), rows, query)
            if each is not None:
                yield each


def _given(volume: Volume, row: Row, _field: Field) -> Row:
    """Return the row of an input that is another volume."""
    return row._replace(input=volume, measure=row.measure._replace(output=volume))


def _always(measure: Measuring | None, _row: Row) -> Measuring:
    """Return how every row of a namesake is measured."""
    return measure or measured
