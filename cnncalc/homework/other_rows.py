"""The rows that a network has otherwise, as far as a question needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import Query, answer
from cnncalc.homework.remeasure import AlikeLayers, InPlace
from cnncalc.numbers.lettered import largest
from cnncalc.report.claim_names import ARGUMENTS
from cnncalc.report.places import row_at
from cnncalc.report.quantities import FIELDS
from cnncalc.report.several import last
from cnncalc.trace.rewalk import Others, Rewalk, own_pass, with_own_pass
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.retrace import Retrace
    from cnncalc.trace.course import Course
    from cnncalc.trace.rewalk import Otherwise
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead

OF_FIELDS = frozenset(each.name for each in FIELDS) | {"last-field"}
OF_PASS = frozenset({"peak", "arena-head", "arena-tail", "training-macs"})
"""The quantities that go by the fields of rows, and by the pass that they are of."""


class Sought(NamedTuple):
    """What is asked of rows: the row that an answer comes from, and how others have theirs.

    One that `is_plain` is told by the rows that are others alone: the sum of several, `one` of
    each, or that of the last, where no fault is up to the number of the `end`.
    """

    target: Row | None
    end: int
    one: Callable[[Row], Any] | None
    is_plain: bool


class KnownRows:
    """The rows of a network as they are, on its own numbers or a student's, and what they have.

    Where a fault ended them, or there is no `course` of theirs, others are traced.
    """

    def __init__(
        self, retrace: Retrace, rows: Sequence[Row], instead: Instead | None, course: Course | None
    ) -> None:
        self.retrace, self.rows, self.instead = retrace, rows, instead
        self.alike = AlikeLayers(rows)
        walk = Rewalk(rows, course, retrace.settings, instead) if course else None
        self.walk = walk if walk and walk.is_possible else None
        self._at: dict[str | None, Row | None] = {}
        self._sought: dict[Query, Sought] = {}
        self._values: dict[tuple[str, int], Any] = {}
        self._sums: dict[Query, tuple[Any, frozenset[int]]] = {}

    def at(self, place: str | None) -> Row | None:
        """Return the row at a place, several as one."""
        if place not in self._at:
            self._at[place] = row_at(place, self.rows) if self.rows else None
        return self._at[place]

    def sought(self, query: Query) -> Sought:
        """Return what is sought of rows where this is asked."""
        if (found := self._sought.get(query)) is None:
            found = self._sought[query] = self._seek(query)
        return found

    def _seek(self, query: Query) -> Sought:
        quantity, target, at = query.quantity, query.subject(self.rows), self.at(query.place)
        if target is None or at is None:
            return Sought(target, len(self.rows), None, is_plain=False)
        asked = query.entry
        is_sum = asked is not None and asked.is_summed and bool(target.several)
        is_last = asked is not None and asked.several is last
        is_of_rows = quantity not in OF_PASS and quantity not in ARGUMENTS
        is_plain = is_of_rows and (is_sum or is_last or not target.several)
        return Sought(target, at.rows[-1].index, asked.one if asked and is_sum else None, is_plain)

    def answer(self, query: Query) -> Any:
        """Return what they have of what is asked; None where there is no such place."""
        target = self.sought(query).target
        return None if target is None else answer(query.quantity, target)

    def value(self, quantity: str, index: int) -> Any:
        """Return what one of the rows has of a quantity."""
        key = quantity, index
        if key not in self._values:
            self._values[key] = answer(quantity, self.rows[index])
        return self._values[key]

    def sum_at(self, query: Query) -> tuple[Any, frozenset[int]]:
        """Return what several rows have together, and their numbers."""
        if query not in self._sums:
            target: Any = self.sought(query).target
            numbers = frozenset(row.index for row in target.rows)
            self._sums[query] = answer(query.quantity, target), numbers
        return self._sums[query]

    def up_to(self, place: str | None, rows: Sequence[Row]) -> Sequence[Row]:
        """Return rows that a fault may have ended; none that end before a place."""
        target = self.at(place)
        is_there = rows and target is not None and rows[-1].index >= target.rows[-1].index
        return rows if is_there else []


class OtherRows:
    """The rows of a network that are others in a way; traced where they cannot be told otherwise.

    There are none where there is neither a `how` nor a `trace`. They are alike where they have the
    kinds of those.
    """

    def __init__(
        self,
        known: KnownRows,
        how: Otherwise | Others | None,
        trace: Callable[[], Sequence[Row]] | None = None,
        *,
        is_alike: bool = True,
    ) -> None:
        self._known = known
        self._how = how
        self._trace = trace or self._traced_in_place
        self._is_alike = is_alike
        self._walks: dict[bool, Others | None] = {}
        self._rows: dict[bool, Sequence[Row]] = {}
        self._traced: Sequence[Row] | None = None

    def _others(self, *, with_fields: bool) -> Others | None:
        """Return the rows that are others; None where the network is traced."""
        if isinstance(self._how, Others):
            return self._how
        if self._known.walk is None or self._how is None or self._traced is not None:
            return None
        if with_fields not in self._walks:
            self._walks[with_fields] = self._known.walk.others(self._how, with_fields=with_fields)
        return self._walks[with_fields]

    def rows(self, quantity: str = "") -> Sequence[Row]:
        """Return all rows, up to a fault, for a quantity of theirs."""
        with_fields = quantity in OF_FIELDS
        others = self._others(with_fields=with_fields)
        if others is None:
            if self._traced is None:
                self._traced = self._trace()
            return self._traced
        if with_fields not in self._rows:
            found = [others.rows.get(row.index, row) for row in self._known.rows[: others.end]]
            self._rows[with_fields] = found
        rows = self._rows[with_fields]
        settings = self._known.retrace.settings
        return with_own_pass(rows, settings) if quantity in OF_PASS and others.rows else rows

    def _traced_in_place(self) -> Sequence[Row]:
        """Return the rows of a trace in which some are others."""
        how, known = self._how, self._known
        if how is None or isinstance(how, Others):
            return []
        instead = InPlace(how, known.instead) if how.change else known.instead
        return known.retrace(measure=how.measure, instead=instead)[0]

    @property
    def is_whole(self) -> bool:
        """Whether no fault ends them; of those that are traced there are none then."""
        others = self._others(with_fields=False)
        return bool(self.rows()) if others is None else others.end is None

    def subject(self, query: Query) -> Row | None:
        """Return the row that an answer comes from; None where a fault ends the rows before it."""
        return query.subject(self._known.up_to(query.place, self.rows(query.quantity)))

    def answer(self, query: Query) -> Any:
        """Return what these rows have of what is asked: of a sum, by what differs."""
        known, quantity = self._known, query.quantity
        target, end, one, is_plain = known.sought(query)
        others = self._others(with_fields=quantity in OF_FIELDS) if self._is_alike else None
        if others and target and quantity == "peak" and others.end is None:
            forward = own_pass(known.rows, others.rows, known.retrace.settings)
            if forward:
                return largest(
                    [0 if row.aux else forward.bytes_at(row.index) for row in target.rows]
                )
        if others is None or target is None or not is_plain:
            subject = self.subject(query)
            return None if subject is None else answer(quantity, subject)
        if (others.end or len(known.rows)) <= end:
            return None
        if one:
            total, numbers = known.sum_at(query)
            for index, row in others.rows.items():
                if index in numbers:
                    total += one(row) - known.value(quantity, index)
            return total
        index = target.rows[-1].index
        other = others.rows.get(index)
        return known.value(quantity, index) if other is None else answer(quantity, other)
