"""Follow-through: the claims of a student, each marked on the student's own numbers.

An answer that is right for wrong ones before it follows from them; in one that is not, a slip is
looked for on the numbers before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternatives import Alternatives
from cnncalc.homework.answers import write_answer
from cnncalc.homework.own_numbers import OwnNumbers, key_of, value_of
from cnncalc.homework.reasons import Reason, find_reasons
from cnncalc.homework.truth import seen_by, truth
from cnncalc.homework.verdicts import OWN, plural_rows
from cnncalc.homework.workings import total, working_of, write_working
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.language import Sentence, localize
from cnncalc.trace.course import Course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.homework.own_numbers import Key
    from cnncalc.homework.retrace import Retrace
    from cnncalc.homework.verdicts import Verdict
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.rows import Row

MOST_KNOWN = 8  # sets of numbers on which the rows are kept
MOST_OWN = 30  # numbers of a student of which it is found out whether an answer needs them


class FollowThrough:
    """The numbers of a student: which are not the right ones, and which are accepted though.

    What is claimed in two ways of one row is no number to go on from.
    """

    def __init__(
        self, retrace: Retrace, rows: Sequence[Row], pairs: Sequence[tuple[Claim, Verdict]]
    ) -> None:
        self.retrace = retrace
        self.rows = rows
        self.not_right: set[Key] = set()
        self.accepted: set[Key] = set()
        values: dict[Key, Any] = {}
        for claim, verdict in pairs:
            value = value_of(claim)
            if value is None or verdict.kind in ("unreadable", "depends"):
                continue
            key = key_of(claim, rows)
            if key is None or key[0] == 0:
                continue
            if verdict.kind != "right" or verdict.reasons:
                self.not_right.add(key)
                if verdict.kind == "right":
                    self.accepted.add(key)
            values[key] = value if values.get(key, value) == value else None
        self._known: dict[frozenset[Any], tuple[list[Row], Problem | None]] = {}
        self._last: tuple[frozenset[Any], Alternatives] | None = None
        self.own = OwnNumbers({key: each for key, each in values.items() if each is not None})

    def judge(self, claim: Claim, verdict: Verdict) -> Verdict:
        """Return the verdict on a claim that is not right, on the numbers of the others."""
        key = key_of(claim, self.rows)
        others = self.own.without(key)
        if not others.values:
            return verdict
        wrong = others.only(self.not_right)
        while wrong.values and self._rows_on(wrong)[1]:
            wrong = wrong.after(wrong.rows[0])  # a window that does not fit in what was claimed
        found, target = self._found_on(wrong, claim)
        right = self._found_on(OwnNumbers({}), claim)[0]
        bears = target is not None and found != right
        note = ""
        if bears and target is not None:
            needed = self._needed(wrong, claim, found)
            said = self._said(claim, found)
            rows = plural_rows(needed.rows)
            if truth(claim, seen_by(claim, found, self.rows), self.rows[0].forward):
                says = Sentence("right for your {rows}", rows=rows)
                working = _working_on(needed, claim, target, found)
                reasons: tuple[Reason, ...] = (Reason(OWN, says, said, working, False),)
                if set(needed.values) <= self.accepted:
                    return verdict._replace(kind="right", reasons=reasons, note=localize(says))
                return verdict._replace(kind="follows", reasons=reasons, note="")
            note = localize(Sentence("for your {rows} it is {value}", rows=rows, value=said))
        before = others.before(key)
        if not before.values or (verdict.reasons and self._found_on(before, claim)[0] == right):
            return verdict
        ways = self._ways_on(before)
        first = self.retrace.settings.channels_first
        reasons = tuple(find_reasons(claim, found if bears else right, ways, channels_first=first))
        if not reasons:
            return verdict._replace(note=note or verdict.note)
        is_convention = any(each.is_convention for each in reasons)
        kind = "convention" if is_convention else "wrong"
        return verdict._replace(kind=kind, reasons=reasons, note=note)

    def _said(self, claim: Claim, found: Any) -> str:
        first = self.retrace.settings.channels_first
        return write_answer(found, claim.quantity, channels_first=first)

    def _rows_on(self, own: OwnNumbers) -> tuple[list[Row], Problem | None]:
        """Return the rows on some numbers, up to the fault that ends them."""
        key = frozenset(own.values.items())
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = self.retrace(instead=own.instead)
        return self._known[key]

    def _ways_on(self, own: OwnNumbers) -> Alternatives:
        """Return what other ways give on some numbers: those of the last are kept."""
        key = frozenset(own.values.items())
        if self._last is None or self._last[0] != key:
            course = Course()
            rows, fault = self.retrace(instead=own.instead, course=course)
            known = None if fault else course
            found = Alternatives(self.retrace, rows, instead=own.instead, course=known)
            self._last = key, found
        return self._last[1]

    def _found_on(self, own: OwnNumbers, claim: Claim) -> tuple[Any, Row | None]:
        """Return the answer by some numbers, and the row that it comes from."""
        rows, fault = self._rows_on(own)
        if fault and claim.place is None:
            return None, None
        target = claim.query.subject(rows)
        return (own.answer(claim.quantity, target), target) if target else (None, None)

    def _needed(self, own: OwnNumbers, claim: Claim, found: Any) -> OwnNumbers:
        """Return the numbers that an answer needs, the nearest ones alone where they do."""
        for key in sorted(own.values)[:MOST_OWN]:
            fewer = OwnNumbers({each: own.values[each] for each in own.values if each != key})
            if self._found_on(fewer, claim)[0] == found:
                own = fewer
        return own


def _working_on(own: OwnNumbers, claim: Claim, target: Row, found: Any) -> str:
    """Return how an answer on a student's own numbers comes about."""
    asked = QUANTITIES.get(claim.quantity)
    if asked and asked.is_summed and target.several:
        return write_working(total(own.summands(claim.quantity, target)), found)
    return working_of(target, claim.quantity)
