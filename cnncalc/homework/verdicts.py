"""Verdicts on claims: right, right under a convention, wrong and why, or unreadable.

For a value that does not hold, the ways that give exactly this value are named, the simplest
first. Of several claims each is marked on what was claimed elsewhere: one that is right for wrong
numbers before it follows from them.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternatives import Alternatives
from cnncalc.homework.claims import (
    Claim,
    answer,
    condition,
    holds,
    judged,
    may_be,
    read_claim,
    seen_by,
)
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.digits import slip_of_the_pen
from cnncalc.homework.own_numbers import OwnNumbers, key_of, value_of
from cnncalc.homework.places import answer_of, subject_of
from cnncalc.homework.variations import text_of
from cnncalc.homework.workings import total, working_of, write_working
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import given_volume, settled, volume_missing
from cnncalc.numbers.figures import span_of
from cnncalc.numbers.terms import letters_in
from cnncalc.report.places import labels, row_at
from cnncalc.report.quantities import BYTES, QUANTITIES, memory_working
from cnncalc.speech.language import _
from cnncalc.speech.names import names_in
from cnncalc.speech.problem import Label, Problem, Source, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.trace.rows import measured
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Trace
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.homework.own_numbers import Key
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.library import Published
    from cnncalc.notation.tree import Given, Layer, Network
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead

MOST_REASONS = 3
MOST_OWN = 30  # numbers of a student of which it is found out whether an answer needs them
OWN = "own-numbers"
"""The name of the reason that an answer is right for other ones, which are not."""

POINTS = {"full": 1.0, "half": 0.5, "none": 0.0}
"""How much an answer counts that follows from wrong ones, by the name of the rule."""


class Reason(NamedTuple):
    """A variation that gives the claimed value, with its arithmetic."""

    name: str
    says: str
    value: str
    working: str
    is_convention: bool


class Verdict(NamedTuple):
    """What became of a claim.

    `kind` is right, follows (right for other claims, which are not), convention, depends, wrong
    or unreadable.
    """

    text: str
    kind: str
    answer: str = ""
    working: str = ""
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    problem: Problem | None = None


class Judge:
    """Judges claims about one network; what its variations give is worked out once."""

    def __init__(
        self,
        network: Network,
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
        accept: Iterable[str] = (),
        others: Sequence[tuple[str, Network]] = (),
        published: Sequence[Published] = (),
    ) -> None:
        self.network = network
        self.given = given or given_volume(network)
        self.settings = settings
        self.accept = frozenset(accept)
        self.published = [each for each in published if each.remark]
        self.warnings = [*network.warnings]
        self.rows, self.fault = self._trace(network, warnings=self.warnings)
        self.alternatives = Alternatives(network, self.given, self.rows, self._trace, others)
        if not self.rows:
            raise self.fault or volume_missing(network)

    def _trace(
        self,
        network: Network,
        measure: Callable[[Layer, Volume], Measure] | None = None,
        *,
        given: Given | None = None,
        strict: bool = False,
        warnings: list[Problem] | None = None,
        instead: Instead | None = None,
    ) -> tuple[list[Row], Problem | None]:
        """Return the rows of a network, measured in a way, up to the fault that ends them.

        `warnings` are added to.
        """
        rows: list[Row] = []
        given = given or self.given
        if given is None:
            return rows, None
        trace = Trace(
            rows.append,
            self.settings._replace(strict=strict or self.settings.strict),
            measure=measure,
            instead=instead,
        )
        try:
            trace.run(network, settled(given), given.span)
        except Problem as problem:
            return rows, problem
        finally:
            if warnings is not None:
                warnings.extend(trace.warnings)
        return rows, None

    @cached_property
    def _strict_fault(self) -> Problem | None:
        """What ends the trace by CS231n's rule, that windows tile their map."""
        return self._trace(self.network, strict=True)[1]

    @cached_property
    def letters(self) -> set[str]:
        """The letters that the network has."""
        numbers: list[Any] = []
        for row in self.rows:
            numbers += [*row.output, row.params, row.macs]
            numbers += [each for axes in (row.rf, row.jump, row.start) if axes for each in axes]
        return set(letters_in(numbers))

    # ------------------------------------------------------------ one claim

    def judge(self, source: Source) -> Verdict:
        """Return the verdict on the claim that a text makes."""
        (verdict,) = self.judge_all([source])
        return verdict

    def judge_all(self, sources: Sequence[Source]) -> list[Verdict]:
        """Return the verdicts on claims of one student, each on the student's own numbers."""
        read = [self._read(source) for source in sources]
        verdicts = [each if isinstance(each, Verdict) else self._judge(each) for each in read]
        pairs = [(c, v) for c, v in zip(read, verdicts, strict=True) if isinstance(c, Claim)]
        own, not_right, accepted = self._own(pairs)
        if not own.values or all(each.kind == "right" for each in verdicts):
            return verdicts
        return [
            self._on_own(claim, verdict, own, not_right, accepted)
            if isinstance(claim, Claim) and verdict.kind in ("wrong", "convention")
            else verdict
            for claim, verdict in zip(read, verdicts, strict=True)
        ]

    def _read(self, source: Source) -> Claim | Verdict:
        """Return the claim that a text makes; the verdict that it cannot be read."""
        try:
            return read_claim(
                source, channels_first=self.settings.channels_first, letters=self.letters
            )
        except Problem as problem:
            return Verdict(source.text.strip(), "unreadable", problem=problem)

    def _judge(self, claim: Claim) -> Verdict:
        """Return the verdict on a claim by itself."""
        if strange := set(letters_in(claim.value or ())) - self.letters:
            return Verdict(claim.text, "unreadable", problem=_no_such_letter(claim, min(strange)))
        target = row_at(claim.place, self.rows)
        if target is None and not self.fault:
            return Verdict(claim.text, "unreadable", problem=self._no_such_row(claim))
        if claim.value is None:
            return self._judge_none(claim)
        if target is None or (self.fault and claim.place is None):
            fault = self.fault
            note = fault.message if fault else ""
            return Verdict(claim.text, "wrong", "none", note=note)
        target = subject_of(claim.place, claim.quantity, self.rows)
        found = answer(claim.quantity, target) if target else None
        said = self._said(found, claim.quantity)
        domain = self.rows[0].forward.domain
        held = judged(claim, seen_by(claim, found, self.rows), domain)
        if held:
            return Verdict(claim.text, "right", said)
        working = self._working(target, claim.quantity)
        reasons = tuple(self._reasons(claim, found))
        named = [each for each in reasons if each.is_convention]
        if named:
            accepted = [each.name for each in named if each.name in self.accept]
            kind = "right" if accepted else "convention"
            note = ""
            if accepted:
                note = _("under {convention}, which is accepted", convention=accepted[0])
            first = sorted(reasons, key=lambda each: not each.is_convention)
            return Verdict(claim.text, kind, said, working, tuple(first), note)
        if held is None:
            note = condition(claim, found, domain)
            return Verdict(claim.text, "depends", said, working, reasons, note)
        if not reasons and claim.operator == "=" and claim.is_figure and type(found) is int:
            says = slip_of_the_pen(claim, found)
            if says:
                reasons = (Reason("written-wrong", says, f"{claim.value[0]:,}", "", False),)
        note = "" if reasons else self._remark(claim)
        if claim.worked is not None and not holds(claim._replace(worked=None), claim.worked):
            note = _("its two sides differ: the working comes to {number:,}", number=claim.worked)
        if not reasons and not note and claim.operator not in ("<=", ">="):
            note = _("no known slip gives this value")
        return Verdict(claim.text, "wrong", said, working, reasons, note)

    # ------------------------------------------------------------ on a student's own numbers

    def _own(self, pairs: Sequence[tuple[Claim, Verdict]]) -> tuple[OwnNumbers, set[Key], set[Key]]:
        """Return the numbers that were claimed; which are not the right ones, which accepted.

        What is claimed in two ways of one row is no number to go on from.
        """
        values: dict[Key, Any] = {}
        not_right: set[Key] = set()
        accepted: set[Key] = set()
        for claim, verdict in pairs:
            value = value_of(claim)
            if value is None or verdict.kind in ("unreadable", "depends"):
                continue
            key = key_of(claim, self.rows)
            if key is None or key[0] == 0:
                continue
            if verdict.kind != "right" or verdict.reasons:
                (accepted if verdict.kind == "right" else not_right).add(key)
            values[key] = value if values.get(key, value) == value else None
        known = {key: value for key, value in values.items() if value is not None}
        return OwnNumbers(known), not_right | accepted, accepted

    def _on_own(
        self,
        claim: Claim,
        verdict: Verdict,
        own: OwnNumbers,
        not_right: Collection[Key],
        accepted: Collection[Key],
    ) -> Verdict:
        """Return the verdict on a claim that is not right, on the numbers of the others."""
        others = own.without(key_of(claim, self.rows))
        wrong = others.only(not_right)
        while wrong.values and self._trace(self.network, instead=wrong.instead)[1]:
            wrong = wrong.after(wrong.rows[0])  # a window that does not fit in what was claimed
        found, target = self._found_on(wrong, claim)
        right = self._found_on(OwnNumbers({}), claim)[0]
        bears = target is not None and found != right
        note = ""
        if bears and target is not None:
            needed = self._needed(wrong, claim, found)
            said = self._said(found, claim.quantity)
            rows = plural_rows(needed.rows)
            domain = self.rows[0].forward.domain
            if judged(claim, seen_by(claim, found, self.rows), domain):
                says = _("right for your {rows}", rows=rows)
                working = self._working_on(needed, claim, target, found)
                reasons: tuple[Reason, ...] = (Reason(OWN, says, said, working, False),)
                if set(needed.values) <= set(accepted):
                    return verdict._replace(kind="right", reasons=reasons, note=says)
                return verdict._replace(kind="follows", reasons=reasons, note="")
            note = _("for your {rows} it is {value}", rows=rows, value=said)
        before = others.before(key_of(claim, self.rows))
        if not before.values:
            return verdict
        rows_on, _fault = self._trace(self.network, instead=before.instead)
        ways = Alternatives(self.network, self.given, rows_on, self._trace, instead=before.instead)
        reasons = tuple(self._reasons(claim, found if bears else right, ways))
        if not reasons:
            return verdict._replace(note=note or verdict.note)
        is_convention = any(each.is_convention for each in reasons)
        kind = "convention" if is_convention else "wrong"
        return verdict._replace(kind=kind, reasons=reasons, note=note)

    def _working_on(self, own: OwnNumbers, claim: Claim, target: Row, found: Any) -> str:
        """Return how an answer on a student's own numbers comes about."""
        asked = QUANTITIES.get(claim.quantity)
        if asked and asked.is_summed and target.several:
            return write_working(total(own.summands(claim.quantity, target)), found)
        return working_of(target, claim.quantity, measured)

    def _found_on(self, own: OwnNumbers, claim: Claim) -> tuple[Any, Row | None]:
        """Return the answer by some numbers, and the row that it comes from."""
        rows, fault = self._trace(self.network, instead=own.instead)
        if fault and claim.place is None:
            return None, None
        target = subject_of(claim.place, claim.quantity, rows) if rows else None
        return (own.answer(claim.quantity, target), target) if target else (None, None)

    def _needed(self, own: OwnNumbers, claim: Claim, found: Any) -> OwnNumbers:
        """Return the numbers that an answer needs, the nearest ones alone where they do."""
        for key in sorted(own.values)[:MOST_OWN]:
            fewer = OwnNumbers({each: own.values[each] for each in own.values if each != key})
            if self._found_on(fewer, claim)[0] == found:
                own = fewer
        return own

    def _remark(self, claim: Claim) -> str:
        """Return what is wrong with the figure that was published, where the claim is that."""
        for each in self.published:
            if each.quantity == claim.quantity and span_of(each.figure) == claim.value:
                return f"{each.source}: {each.remark}"
        return ""

    def right(self, quantity: str) -> Any:
        """Return the right answer about the whole network."""
        return answer_of(None, quantity, self.rows)

    def _judge_none(self, claim: Claim) -> Verdict:
        """Judge the claim that there is no answer."""
        if self.fault:
            return Verdict(claim.text, "right", "none", note=self.fault.message)
        if self._strict_fault:
            note = _("by CS231n's rule, its windows do not tile the map; frameworks round down")
            return Verdict(claim.text, "right", "none", note=note)
        target = row_at(claim.place, self.rows)
        found = answer(claim.quantity, target) if target else None
        said = self._said(found, claim.quantity)
        return Verdict(claim.text, "wrong", said, note=_("the windows fit, and tile the map"))

    def _working(self, target: Any, quantity: str) -> str:
        """Return the arithmetic of the right answer, and what bytes come to in other units."""
        if target is None:
            return ""
        if quantity in BYTES:
            return memory_working(quantity, target)
        return working_of(target, quantity, measured)

    def _said(self, found: Any, quantity: str) -> str:
        if found is None or found == ():  # a vector has no size
            return "none"
        if isinstance(found, str):
            return found
        if isinstance(found, tuple) and any(isinstance(each, Fraction) for each in found):
            return "x".join(f"{float(each):g}" for each in found)
        if quantity == "output":
            return write_volume(found, channels_first=self.settings.channels_first, for_people=True)
        return text_of(found)

    def _no_such_row(self, claim: Claim) -> Problem:
        place = claim.place or ""
        close = nearest(place, labels(self.rows))
        return Problem(
            "claim-unreadable",
            _("no row has the label or number {place}", place=quoted(place)),
            [Label(claim.span)],
            helps=[meant(close, _("rows go up to {last}", last=len(self.rows) - 1))],
        )

    # ------------------------------------------------------------ why it is wrong

    def _reasons(
        self, claim: Claim, right: Any, alternatives: Alternatives | None = None
    ) -> Iterator[Reason]:
        """Yield the ways that give the claimed value, the simplest first, at most three.

        Many values keep to a limit: one that is not kept is explained by conventions alone.
        """
        is_limit = claim.operator in ("<=", ">=")
        count = stage = 0
        claim = claim._replace(worked=None)
        seen: set[str] = set()
        for each in (alternatives or self.alternatives).of(claim.place, claim.quantity):
            if (
                each.value == right
                or each.name in seen
                or not may_be(claim, seen_by(claim, each.value, self.rows))
            ):
                continue
            if is_limit and (each.unit or not each.is_convention):
                continue  # a limit is the number that is written, in the unit that is
            if not is_meant(each.unit, claim.text):
                continue
            if count and (each.remote != stage or each.name.count(", ")):
                return
            value, working = self._said(each.value, claim.quantity), each.work()
            seen.add(each.name)
            yield Reason(each.name, each.says, value, working, each.is_convention)
            stage = each.remote
            count += 1
            if count == MOST_REASONS:
                return


def points(kinds: Iterable[str], follow: str) -> int | float:
    """Return how many answers are right, with what counts for those that follow; whole if it is."""
    found = sum({"right": 1.0, "follows": POINTS[follow]}.get(kind, 0.0) for kind in kinds)
    return int(found) if found == int(found) else found


def plural_rows(rows: Sequence[int]) -> str:
    """Return how rows are spoken of: row 1, or rows 1, 2."""
    if len(rows) == 1:
        return _("row {number}", number=rows[0])
    return _("rows {numbers}", numbers=", ".join(map(str, rows)))


def is_meant(unit: str, text: str) -> bool:
    """Return whether a unit of bytes stands in a claim; none always does."""
    return not unit or bool(re.search(rf"[0-9]\s*{unit[0]}", text, re.IGNORECASE))


def _no_such_letter(claim: Claim, name: str) -> Problem:
    return Problem(
        "claim-unreadable",
        _("the network has no letter {name}", name=quoted(name)),
        [Label(claim.span)],
        helps=[_("write a number, or a letter that stands in the network")],
    )


def conventions() -> list[str]:
    """Return the names of the conventions that can be accepted."""
    return [each.name for each in CONVENTIONS]


def read_accepted(names: str | None) -> list[str]:
    """Return the conventions that are named, with commas between them, as right as well."""
    if not names:
        return []
    fact = "no convention is called {name}"
    return names_in(names, "--accept", conventions(), "unknown-convention", fact)
