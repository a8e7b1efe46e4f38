"""What the namesakes of a network have: each is another right answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import (
    NamedWay,
    answered_alternatives,
    both,
    measured_alternatives,
)
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.namesakes import misread_inputs, variants
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.several import last_finite
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.homework.alternative import Alternative
    from cnncalc.homework.namesakes import Variant
    from cnncalc.homework.retrace import Retrace
    from cnncalc.homework.workings import Measuring
    from cnncalc.notation.tree import Network
    from cnncalc.trace.rows import Row


class Namesakes:
    """The namesakes of a network, each traced once; none on numbers that are not its own."""

    def __init__(
        self,
        retrace: Retrace,
        rows: Sequence[Row],
        others: Sequence[tuple[str, Network]],
        *,
        is_own: bool,
    ) -> None:
        self.retrace = retrace
        self.rows = rows
        self.others = others
        self.is_own = is_own
        self._variants: list[tuple[Variant, list[Row]]] | None = None

    def _bearing(self, place: str | None, quantity: str) -> Iterator[tuple[Any, list[Row]]]:
        """Yield the namesakes that bear on a quantity of a place, with their rows."""
        if self.retrace.given is None or not self.rows or not self.is_own:
            return
        if self._variants is None:
            self._variants = []
            fold = self.retrace.settings.fold
            asked = self.retrace.network, self.retrace.given, self.rows, self.others
            for each in variants(*asked, fold=fold):
                rows, fault = self.retrace(
                    each.network, each.measure, given=each.given, unfold=each.unfolds
                )
                if not fault and rows:
                    self._variants.append((each, rows))
        yield from ((each, rows) for each, rows in self._variants if each.bears_on(quantity, place))

    def alternatives(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what namesakes of the network have: each is a convention."""
        seen = {self._finite(quantity, self.rows)}  # what it has itself, in the words of people
        for each, rows in self._bearing(place, quantity):
            way = NamedWay(each.name, each.says, is_convention=True)
            for found in measured_alternatives(
                (way,), rows, place, quantity, partial(_always, each.measure)
            ):
                if found.value == "all" and place is None:  # people speak of the last finite field
                    finite = self._finite(quantity, rows)
                    found = found._replace(value=finite)  # noqa: PLW2901 - what it is meant as
                if found.value not in seen:
                    seen.add(found.value)
                    yield found

    def _finite(self, quantity: str, rows: Sequence[Row]) -> Any:
        """Return what the last row that does not see all has, of a field; None of all else."""
        row = last_finite(rows) if quantity in ("rf", "jump", "start") else None
        return QUANTITIES[quantity].of(row) if row else None

    def counted(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what namesakes of the network have as others count."""
        counted = (*COUNTERS, "macs-as-flops")
        ways = [way for way in CONVENTIONS if way.name in counted and quantity in way.of]
        for variant, rows in self._bearing(place, quantity) if ways else ():
            for way in ways:
                for each in answered_alternatives(way, place, quantity, rows):
                    yield each._replace(
                        name=f"{variant.name}, {way.name}",
                        says=both(variant.says, way.says),
                    )

    def misread(self, place: str | None, quantity: str) -> Iterator[Alternative]:
        """Yield what the network has on another input, which was taken for its own."""
        given = self.retrace.given
        if given is None or not self.is_own:
            return
        for says, volume in misread_inputs(given.sizes):
            rows, fault = self.retrace(given=given._replace(sizes=volume))
            way = NamedWay("another-input", says)
            yield from measured_alternatives((way,), [] if fault else rows, place, quantity)


def _always(measure: Measuring | None, _row: Row) -> Measuring:
    """Return how every row of a namesake is measured."""
    return measure or measured
