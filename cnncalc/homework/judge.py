"""Judges of claims: each claim by itself, then on the student's own numbers.

For a value that does not hold, the ways that give exactly this value are named, the simplest
first.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import Query, answer, exactly, write_answer
from cnncalc.homework.claims import SIGN, Claim, read_claim
from cnncalc.homework.retrace import Retrace
from cnncalc.homework.truth import condition, holds, seen_by, truth
from cnncalc.homework.verdicts import Verdict
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.inputs import given_volume, volume_missing
from cnncalc.numbers.figures import interval_of
from cnncalc.numbers.lettered import letters_in
from cnncalc.numbers.working import product
from cnncalc.report.claim_names import ARGUMENTS
from cnncalc.report.places import row_at
from cnncalc.report.quantities import BYTES, QUANTITIES, memory_working
from cnncalc.report.quantity import refuse_without
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.trace.course import Course
from cnncalc.trace.labels import labels
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.homework.alternatives import Alternatives
    from cnncalc.homework.reasons import Reason
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Network
    from cnncalc.trace.rows import Row


MOST_KEPT = BUDGET.answers_kept  # verdicts on claims
_JOINED = frozenset(kind.code for kind in JOIN_KINDS.values())


class Judge:
    """Judges claims about one network; what its variations give is worked out once.

    So many verdicts as are `most_kept` it keeps, for who claims the same.
    """

    def __init__(
        self,
        network: Network,
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
        accept: Iterable[str] = (),
        name: str = "",
    ) -> None:
        self.settings = settings
        self.retrace = Retrace(network, given_volume(network, given), settings)
        self.accept = frozenset(accept)
        self.warnings = [*network.warnings]
        self._name = name  # of a model, which has a family
        self.most_kept = MOST_KEPT
        self._kept: dict[str, Verdict] = {}
        self._workings: dict[Query, str] = {}
        course = Course()
        self.rows, self.fault = self.retrace(warnings=self.warnings, course=course)
        if self.fault and self.fault.code == "too-many-layers":
            raise self.fault
        self._course = None if self.fault else course
        if not self.rows:
            raise self.fault or volume_missing(network)

    @cached_property
    def _strict_fault(self) -> Problem | None:
        """What ends the trace by CS231n's rule, that windows tile their map."""
        return self.retrace(strict=True)[1]

    @cached_property
    def letters(self) -> set[str]:
        """The letters that the network has."""
        numbers: list[Any] = []
        for row in self.rows:
            numbers += [*row.output, row.params, row.macs]
            numbers += [each for axes in (row.rf, row.jump, row.start) if axes for each in axes]
        return set(letters_in(numbers))

    def forget(self) -> None:
        """Let go of what was worked out for verdicts; another claim has it worked out again."""
        self._kept.clear()
        if known := vars(self).pop("alternatives", None):
            vars(known).clear()  # its parts hold one another

    @cached_property
    def alternatives(self) -> Alternatives:
        """What other ways give, each worked out once it is asked for."""
        from cnncalc.homework.alternatives import Alternatives
        from cnncalc.homework.namesakes import family

        others = family(self._name)
        return Alternatives(self.retrace, self.rows, others, course=self._course)

    # ------------------------------------------------------------ one claim

    def judge(self, source: Source) -> Verdict:
        """Return the verdict on the claim that a text makes."""
        (verdict,) = self.judge_all([source])
        return verdict

    def misfit(self) -> list[Problem]:
        """Return the fault of a join that ends the network, as a warning: what cures it is told."""
        if self.fault is None or self.fault.code not in _JOINED:
            return []
        self.fault.severity = "warning"
        return [self.fault]

    def judge_all(self, sources: Sequence[Source]) -> list[Verdict]:
        """Return the verdicts on claims of one student, each on the student's own numbers."""
        read = [self._read(source) for source in sources]
        verdicts = [each if isinstance(each, Verdict) else self._judge_once(each) for each in read]
        pairs = [(c, v) for c, v in zip(read, verdicts, strict=True) if isinstance(c, Claim)]
        if len(read) == 1 or all(each.kind == "right" for each in verdicts):
            return verdicts
        from cnncalc.homework.follow_through import FollowThrough

        own = FollowThrough(self.retrace, self.rows, pairs)
        if not own.own.values:
            return verdicts
        return [
            own.judge(claim, verdict)
            if isinstance(claim, Claim) and verdict.kind in ("wrong", "convention")
            else verdict
            for claim, verdict in zip(read, verdicts, strict=True)
        ]

    def _read(self, source: Source) -> Claim | Verdict:
        """Return the claim that a text makes; the verdict that it cannot be read."""
        first = self.settings.channels_first
        try:
            claim = read_claim(source, channels_first=first, letters=self.letters)
            if claim.quantity in QUANTITIES:
                refuse_without(QUANTITIES[claim.quantity], self.settings)
        except Problem as problem:
            return Verdict(source.text.strip(), "unreadable", problem=problem)
        target = row_at(claim.place, self.rows) if claim.quantity in ("output", "size") else None
        if target is None:
            return claim
        output = answer("output", target)
        if claim.quantity == "size":
            return _with_channels(claim, output, first)
        return _multiplied_out(claim) if len(output) == 1 else claim

    def _judge_once(self, claim: Claim) -> Verdict:
        """Return the verdict on a claim, which is kept."""
        if (found := self._kept.get(claim.text)) is None:
            if len(self._kept) >= self.most_kept:
                self._kept.clear()
            found = self._kept[claim.text] = self._judge(claim)
        return found

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
        target = claim.query.subject(self.rows)
        found = answer(claim.quantity, target) if target else None
        if found is None and claim.quantity in ARGUMENTS and claim.place is None:
            note = _("layers differ in it: name the row, as in '1.{name}'", name=claim.quantity)
            return Verdict(claim.text, "wrong", "none", note=note)
        said = self._said(found, claim.quantity)
        exact = exactly(claim.quantity, target, found) if target else None
        seen = seen_by(claim, exact, self.rows)
        held = truth(claim, seen, self.rows[0].forward)
        if held:
            return Verdict(claim.text, "right", said, note=_volume_noted(claim, target))
        working = self._workings.get(claim.query) or self._working(target, claim.quantity)
        self._workings[claim.query] = working
        if _is_size_alone(claim, found):
            note = _("this is its size: the number of channels is left out")
            return Verdict(claim.text, "wrong", said, working, note=note)
        reasons = self._reasons(claim, found)
        named = [each for each in reasons if each.is_convention]
        if named:
            accepted = [each.name for each in named if each.name in self.accept]
            kind = "right" if accepted else "convention"
            note = ""
            if accepted:
                note = _("under {convention}, which is accepted", convention=accepted[0])
            reasons = tuple(sorted(reasons, key=lambda each: not each.is_convention))
            return Verdict(claim.text, kind, said, working, reasons, note)
        if held is None:
            note = condition(claim, seen, self.rows[0].forward.domain)
            return Verdict(claim.text, "depends", said, working, reasons, note)
        if not reasons and claim.operator == "=" and claim.is_figure and type(found) is int:
            reasons = _written_wrong(claim, found)
        note = "" if reasons else self._remark(claim)
        if claim.worked is not None and not holds(claim._replace(worked=None), claim.worked):
            note = _("its two sides differ: the working comes to {number:,}", number=claim.worked)
        if not reasons and not note and claim.operator not in ("<=", ">="):
            note = (
                _("none of the slips that were tried gives this value: the network is too large")
                if self.alternatives.is_cut
                else _("no known slip gives this value")
            )
        return Verdict(claim.text, "wrong", said, working, reasons, note)

    def _reasons(self, claim: Claim, found: Any) -> tuple[Reason, ...]:
        """Return the ways that give what is claimed in place of what was found."""
        from cnncalc.homework.reasons import find_reasons

        first = self.settings.channels_first
        return tuple(find_reasons(claim, found, self.alternatives, channels_first=first))

    def _remark(self, claim: Claim) -> str:
        """Return what is wrong with the figure that was published, where the claim is that."""
        from cnncalc.homework.namesakes import published

        for each in published(self._name):
            if (
                each.remark
                and each.quantity == claim.quantity
                and interval_of(each.figure) == claim.value
            ):
                return f"{_(each.source)}: {_(each.remark)}"
        return ""

    def refuse_question(self, ask: Source) -> None:
        """Refuse what is asked for where no claim can be made of it."""
        claim = read_claim(Source(ask.name, f"{ask.text}=1"), letters=self.letters)
        if not self.fault and row_at(claim.place, self.rows) is None:
            raise self._no_such_row(claim._replace(span=Span(ask, 0, len(ask.text))))

    def right(self, quantity: str) -> Any:
        """Return the right answer about the whole network."""
        return Query(None, quantity).answer(self.rows)

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
            said = memory_working(quantity, target)
            return said if "=" in said else ""
        from cnncalc.homework.workings import working_of

        return working_of(target, quantity)

    def _said(self, found: Any, quantity: str) -> str:
        return write_answer(found, quantity, channels_first=self.settings.channels_first)

    def _no_such_row(self, claim: Claim) -> Problem:
        place = claim.place or ""
        kind = next((str(row.index) for row in self.rows if row.kind == place), "")
        close = kind or nearest(place, labels(self.rows))
        sign = SIGN.search(claim.text)
        if kind and sign:
            close = f"{kind}.{claim.quantity}{claim.text[sign.start() :].strip()}"
        return Problem(
            "claim-unreadable",
            _("no row has the label or number {place}", place=quoted(place)),
            [Label(claim.span)],
            helps=[meant(close, _("rows go up to {last}", last=len(self.rows) - 1))],
        )


def _with_channels(claim: Claim, output: Volume, channels_first: bool) -> Claim:
    """Return a claim of a size; of the output where the channels stand in it too."""
    value = claim.value or ()
    if not len(value) == len(output) > 1:
        return claim
    value = (*value[1:], value[0]) if channels_first else value
    return claim._replace(quantity="output", value=value)


def _multiplied_out(claim: Claim) -> Claim:
    """Return a claim of a vector whose values are written as a product: 8*8*3 for 192."""
    if not re.search("[*·]", claim.text) or letters_in(claim.value or ()):
        return claim
    return claim._replace(value=(product(claim.value or ()),)) if claim.value else claim


def _written_wrong(claim: Claim, found: int) -> tuple[Reason, ...]:
    """Return how a right number was written wrong, if it was."""
    from cnncalc.homework.digits import number_of, slip_of_the_pen
    from cnncalc.homework.reasons import Reason

    says = slip_of_the_pen(claim, found)
    return (Reason("written-wrong", says, f"{number_of(claim):,}", "", False),) if says else ()


def _volume_noted(claim: Claim, target: Row | None) -> str:
    """Return what a product that is claimed of a vector is: the volume that was flattened."""
    last = target.rows[-1] if target and claim.quantity == "output" else None
    if last is None or last.kind != "flatten" or not re.search("[*·]", claim.text):
        return ""
    return _("the values of {volume}, in one vector", volume=write_volume(last.input))


def _is_size_alone(claim: Claim, output: Any) -> bool:
    """Return whether a claim of an output is its size, each side or one for all, and no more."""
    if claim.quantity != "output" or not isinstance(output, tuple) or len(output) < 3:
        return False
    size, value = output[:-1], claim.value or ()
    return claim.operator == "=" and value in (size, size[:1] if len(set(size)) == 1 else size)


def _no_such_letter(claim: Claim, name: str) -> Problem:
    return Problem(
        "claim-unreadable",
        _("the network has no letter {name}", name=quoted(name)),
        [Label(claim.span)],
        helps=[_("write a number, or a letter that stands in the network")],
    )
