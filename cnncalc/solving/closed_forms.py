"""What a network has as functions of its letters: traced once, in letters, and compiled.

What the trace assumes of letters is asked of the numbers that they get: where it does not hold,
the network with the numbers in it is to be asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.changes import parts
from cnncalc.notation.expressions import Symbol
from cnncalc.numbers.assumptions import Assumed, recording
from cnncalc.numbers.certainty import ANY, Domain
from cnncalc.numbers.compiled import functions_in, source_of
from cnncalc.numbers.terms import degree_of
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.report import Report
from cnncalc.solving.unknowns import filled
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace import resolutions
from cnncalc.trace.dtypes import BITS, find_types
from cnncalc.trace.settings import Settings
from cnncalc.trace.warnings import TAKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.notation.tree import Given, Network
    from cnncalc.numbers.compiled import Compiled
    from cnncalc.solving.question import SearchQuestion
    from cnncalc.speech.problem import Span

CLOSED = frozenset(
    each.name
    for each in QUANTITIES.values()
    if (each.form == "count" and not each.needs) or each.name == "output"
)
"""The names of quantities that have closed forms."""

_CLOSED_GOALS = CLOSED | {"size", "channels", "in_features"}

MOST_DIGITS = BUDGET.digits  # of a number for a letter
_MOST_DIGITS = 160  # of what they come to, coefficients apart


class ClosedForm:
    """Quantities of a network as functions of its letters, each compiled when it is asked for.

    Numbers are taken in the order of `letters`. Where it `is_quiet`, it holds of those alone for
    which the network is warned of nothing. What letters leave open is as for a `sample` of them.
    """

    def __init__(
        self,
        network: Network,
        letters: Sequence[str],
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
        is_quiet: bool = False,
        sample: Sequence[int] | None = None,
        keep_rows: bool = False,
    ) -> None:
        self.letters = tuple(letters)
        self._compiled: dict[tuple[str, ...], Compiled] = {}
        span = given.span if given else network.span
        if network.said:
            raise not_closed(span, _("what its calls say of channels is held to numbers alone"))
        plain = Settings(settings.batch, settings.dtype, channels_first=settings.channels_first)
        if settings != plain or BITS[find_types(settings.dtype).activations] < 8:
            raise not_closed(span, _("what is asked for beside it has no formula in letters"))
        if not all(type(each) is int and each > 0 for each in sample or ()):
            raise not_closed(span, _("a letter is a whole number, 1 or more"))
        symbols = (each for each in parts((given, network)) if isinstance(each, Symbol))
        if not {each.symbol for each in symbols} <= {*letters}:
            raise not_closed(span, _("it has letters that stay letters"))
        resolutions.forget()
        try:
            values = dict(zip(letters, sample, strict=True)) if sample else None
            with recording(values) as record:
                self._report = Report(network, settings, given=given, keep_rows=keep_rows)
        finally:
            resolutions.forget()
        warned = [each for each in self._report.warnings if each.code != TAKEN]
        if is_quiet and warned:
            raise warned[0]
        sizes = [Assumed("least", size - 1) for size in self._report.forward.sizes]
        self._assumed = needed([*record.facts, *sizes, *(record.remarks if is_quiet else ())])

    def of(self, names: Sequence[str]) -> Compiled:
        """Return the functions that give quantities, by their names."""
        names = tuple(names)
        if names not in self._compiled:
            self._compiled[names] = functions_in(self.source(names))
        return self._compiled[names]

    def holds(self, numbers: Sequence[Any]) -> bool:
        """Return whether numbers for the letters are such that it holds."""
        return self.of(()).one(*numbers) is not None

    def total(self, numbers: Sequence[Any], name: str) -> Any:
        """Return a quantity where letters have numbers; None where it has no closed form."""
        found = self.of((name,)).one(*numbers) if name in CLOSED else None
        return found and found[0]

    def answering(self, goals: Iterable[Claim]) -> Compiled:
        """Return the functions that give what goals are about, by rows that were kept."""
        rows = self._report.rows
        return functions_in(self._written([goal.query.answer(rows) for goal in goals]))

    def source(self, names: Sequence[str]) -> str:
        """Return the text of these functions."""
        return self._written([self._report.total(name) for name in names])

    def _written(self, numbers: Sequence[Any]) -> str:
        most = max(map(degree_of, (*numbers, *(each.number for each in self._assumed))), default=0)
        digits = min(MOST_DIGITS, _MOST_DIGITS // max(most, 1))
        return source_of(self.letters, numbers, self._assumed, 10**digits)


def foretelling(
    question: SearchQuestion, sample: Sequence[int]
) -> Callable[..., tuple[Any, ...] | None] | None:
    """Return the function of all unknowns that gives what the goals find; None where none does.

    The sample is one of numbers that fit. Where its answer is None, numbers are to be traced.
    """
    goals = [goal for goal in question.goals if goal.operator != "?"]
    if not goals or not all(goal.quantity in _CLOSED_GOALS for goal in question.goals):
        return None
    names = [f"n{index}" for index in range(len(question.variables))]
    put = {
        each.key: Symbol(name, question.network.span)
        for each, name in zip(question.variables, names, strict=True)
    }
    network, given = filled(question.network, put), filled(question.given, put)
    try:
        form = ClosedForm(
            network, names, question.settings, given=given, sample=sample, keep_rows=True
        )
    except Problem:
        return None
    return form.answering(question.goals).one


def needed(assumed: Iterable[Assumed]) -> list[Assumed]:
    """Return what is not certain of letters that are at least 1, nor by what else is returned."""
    left = [each for each in dict.fromkeys(assumed) if not _is_certain(each)]
    least = [each for each in left if each.how == "least"]
    for each in [*least]:
        others = Domain(other.number + 1 for other in least if other is not each)
        if others.holds_at_least(each.number, 0):
            least.remove(each)
    return [*least, *(each for each in left if each.how != "least")]


def _is_certain(assumed: Assumed) -> bool:
    how, number = assumed
    if how == "least":
        return ANY.holds_at_least(number, 0)
    if how == "equal":
        return ANY.are_equal(number, 0) is True
    return how == "differs" and any(ANY.holds_at_least(each, 1) for each in (number, -number))


def not_closed(span: Span, why: str) -> Problem:
    """Return the problem of a network that has no closed form."""
    return Problem(
        "no-closed-form",
        _("this network has no closed form"),
        [Label(span)],
        notes=[why],
        helps=[_("ask the network itself, with numbers in it")],
    )
