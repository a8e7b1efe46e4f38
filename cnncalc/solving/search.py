"""Solving backwards: the numbers in place of `?` for which claims hold.

The search goes through a stated range of each unknown. The text is read once. What stands before
an unknown is traced once for all its numbers, and is left as soon as it fails, or costs more than
a goal allows. Unknowns with which what is asked for can only grow come last, and their ranges are
halved, one inside the other, until only the numbers that can do are left. Every solution that is
printed has passed the forward core, from its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cnncalc.homework.truth import misses
from cnncalc.notation.expressions import Placeholder
from cnncalc.notation.inputs import settled
from cnncalc.notation.tree import Group, Sequence
from cnncalc.solving.candidates import MOST_SORTED, padding_rank
from cnncalc.solving.closed_forms import foretelling
from cnncalc.solving.findings import Findings, Solution
from cnncalc.solving.goals import misses_map
from cnncalc.solving.question import SearchQuestion
from cnncalc.solving.unknowns import filled, key_of
from cnncalc.speech.problem import Problem
from cnncalc.trace.flow import NOTHING, Flow
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Trace
from cnncalc.trace.work import OF_FAULT, work_of
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Sequence as Several

    from cnncalc.homework.claims import Claim
    from cnncalc.notation.tree import Given, Network
    from cnncalc.numbers.ranges import Range
    from cnncalc.solving.candidates import Variable
    from cnncalc.trace.rows import Row

MOST_TRACED = 200  # numbers that fit and are traced before a closed form is made
MOST_PROBES = 64  # numbers that do not fit, looked past while a range is halved

_TOO_SMALL = frozenset({"kernel-does-not-fit", "crop-takes-all", "padding-takes-all"})
"""The faults of a size that is too small, which smaller ones have too."""


class _SpentError(Exception):
    """The search has traced as many rows as it may."""


class _Progress(NamedTuple):
    """How far a network is traced: the steps done, and what is needed to go on from there."""

    step: int
    flow: Flow
    labels: dict[str, Flow]
    rows: int
    mark: tuple[int, int, int]


class _Skips(NamedTuple):
    """What numbers that fail tell of others: whether smaller ones fail, too, and larger ones."""

    is_known: bool = False
    skip_smaller: bool = False
    skip_larger: bool = False


class _TrialOutcome(NamedTuple):
    """What came of numbers: what is told of others, and solutions."""

    sign: _Skips
    found: list[Solution]


class Search(SearchQuestion):
    """A search for the unknowns of a network; its `findings` say what came of it.

    `watch` is told how much of the search is done, from 0 to 1.
    """

    def __init__(
        self,
        network: Network,
        goals: Iterable[Claim],
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
        ranges: Iterable[Range] = (),
        watch: Callable[[float], object] | None = None,
    ) -> None:
        super().__init__(network, goals, settings, given=given, ranges=ranges)
        self.watch = watch
        self.is_cut = False
        self.findings = Findings(self.goals)
        self._numbers: list[int | None] = [None] * len(self.variables)
        self._rows: list[Row] = []
        self._is_adapted = bool(settings.fold or settings.freeze)
        self._trace = Trace(self._take, settings._replace(fold=False, freeze=()))
        self._known: dict[tuple[int | None, ...], Any] = {}  # steps with numbers in them
        self._work, self._done = 0, 0.0
        self._foretell: Callable[..., Any] | Literal[False] | None = None
        self._failed = -1  # the step that the last trial failed at
        self._sign = _Skips()  # of the last trial

    # ------------------------------------------------------------ the search

    def solutions(self) -> Iterator[Solution]:
        """Yield the solutions, as they are found."""
        found = 0
        try:
            for solution in self._go_on(_Progress(0, NOTHING, {}, 0, (-1, 0, 0)), 0, 1):
                yield solution
                found += 1
                if found == self.settings.budget.solutions:
                    raise _SpentError  # noqa: TRY301 - there is one way out
        except _SpentError:
            self.is_cut = True
        if not found:
            self.findings.refuse_missing_row()

    def _take(self, row: Row) -> None:
        self._rows.append(row)
        self._count(work_of(row))

    def _count(self, rows: int) -> None:
        before = self._work // 500
        self._work += rows
        if self._work > self.settings.budget.searched:
            raise _SpentError
        if self.watch and self._work // 500 > before:
            self.watch(max(self._done, self._work / self.settings.budget.searched))

    def _go_on(self, place: _Progress, done: float, share: float) -> Iterator[Solution]:
        """Trace what can be traced, then go through the next unknown: a `share` of all the work."""
        del self._rows[place.rows :]
        self._trace.go_back(place.mark)
        self._failed, self._sign = -1, _Skips()
        self._count(1)
        if self._foretell and None not in self._numbers and self._is_foretold_wrong():
            return
        for step in range(place.step, len(self.steps)):
            free = [index for index in self.needs[step] if self._numbers[index] is None]
            if free:
                yield from self._go_through(self._next_of(free[0]), place, done, share)
                return
            try:
                place = self._stepped(place)
            except Problem as problem:
                if not any(self.needs[: step + 1]):
                    problem.traced = (
                        self.network,
                        self.given.sizes,
                        self.given.span,
                        self.settings,
                    )
                    raise  # whatever the numbers are
                self.findings.fault = self.findings.fault or problem
                self._count(OF_FAULT)
                self._failed = step
                if problem.code in _TOO_SMALL and self._halves("input"):
                    self._sign = _Skips(is_known=True, skip_smaller=True)
                return
            is_begun = None in self._numbers and not self._is_adapted
            if is_begun and self.findings.exceed(self._rows):
                self._sign = _Skips(is_known=True, skip_larger=True)
                return
        yield from self._judged()

    def _next_of(self, free: int) -> int:
        """Return the unknown that is next: those that are halved after all others."""
        if free not in self.halved:
            return free
        left = (i for i, number in enumerate(self._numbers) if number is None)
        return next((i for i in left if i not in self.halved), free)

    def _go_through(
        self, index: int, place: _Progress, done: float, share: float
    ) -> Iterator[Solution]:
        """Go through the numbers of an unknown."""
        variable = self.variables[index]
        if index in self.halved:
            yield from self._halve(index, place, done, share)
            return
        part = share / len(variable.numbers)
        for turn, number in enumerate(variable.in_order()):
            self._numbers[index] = number
            yield from self._go_on(place, done + turn * part, part)
            self._done = done + (turn + 1) * part
            if "times" in variable.roles and self._fails_for_good(variable, place):
                break
        self._numbers[index] = None

    def _fails_for_good(self, variable: Variable, place: _Progress) -> bool:
        """Return whether more rounds of a group fail, too: they begin with those that failed."""
        step = self.steps[place.step]
        return (
            self._failed == place.step
            and isinstance(step, Group)
            and isinstance(step.times, Placeholder)
            and key_of(step.times) == variable.key
            and all(self._numbers[index] is not None for index in self.needs[place.step])
        )

    def _halve(self, index: int, place: _Progress, done: float, share: float) -> Iterator[Solution]:
        """Go through the numbers that may do: those below give too little, those above too much.

        Where the largest gives too little, or the smallest too much, none does; and so it is for
        smaller numbers, or larger ones, of the unknowns that this is inside of.
        """
        variable = self.variables[index]
        numbers = variable.numbers
        seen: dict[int, _TrialOutcome] = {}

        def trial(at: int) -> _TrialOutcome:
            if at not in seen:
                self._numbers[index] = numbers[at]
                found = list(self._go_on(place, 0, 0))
                seen[at] = _TrialOutcome(self._sign, found)
            return seen[at]

        def first(start: int, stop: int, *, is_upper: bool) -> int:
            """Return where numbers end that are too small, or those begin that are too large."""
            while start < stop:
                middle = (start + stop) // 2
                for at in range(middle, min(middle + MOST_PROBES, stop)):
                    sign = trial(at).sign
                    if sign.is_known:
                        break
                else:
                    return stop if is_upper else start  # too many do not fit: nothing is left out
                if not sign.skip_larger if is_upper else sign.skip_smaller:
                    start = at + 1
                else:
                    stop = middle
            return start

        sign = _Skips(
            skip_larger=trial(0).sign.skip_larger,
            skip_smaller=trial(len(numbers) - 1).sign.skip_smaller,
        )
        if not (sign.skip_smaller or sign.skip_larger):
            begin = first(0, len(numbers), is_upper=False)
            among: Several[int] = range(begin, first(begin, len(numbers), is_upper=True))
            if len(among) <= MOST_SORTED:
                among = sorted(among, key=lambda at: variable.rank(numbers[at]))
            for turn, at in enumerate(among, 1):
                yield from trial(at).found
                self._done = done + turn * share / len(among)
        self._numbers[index] = None
        self._sign = sign._replace(is_known=any(each.sign.is_known for each in seen.values()))

    def _halves(self, role: str) -> bool:
        return any(role in self.variables[index].roles for index in self.halved)

    def _stepped(self, place: _Progress) -> _Progress:
        """Trace the next step: what comes in, or an item."""
        step = self._filled(place.step)
        labels = dict(place.labels)
        flow = (
            self._trace.follow(Sequence((step,), step.span), place.flow, labels)
            if place.step or not self.begins
            else self._trace.begin(settled(step), step.span, labels, step.label)
        )
        return _Progress(place.step + 1, flow, labels, len(self._rows), self._trace.mark)

    def _filled(self, step: int) -> Any:
        """Return a step with numbers in it."""
        needs = self.needs[step]
        if not needs:
            return self.steps[step]
        key = (step, *(self._numbers[index] for index in needs))
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 4096:
                self._known.clear()
            numbers = {self.variables[i].key: self._numbers[i] or 0 for i in needs}
            found = self._known[key] = filled(self.steps[step], numbers)
        return found

    def _judged(self) -> Iterator[Solution]:
        """Yield the solution that the numbers are, if all goals hold."""
        numbers = tuple(number or 0 for number in self._numbers)
        rows = self._adapted(numbers) if self._is_adapted else self._rows
        answers = self.answers(rows)
        self._sign = self._sign_of(answers)
        self.findings.look_at(rows)
        is_right = self.findings.holds_for(numbers, answers, rows)
        if self.findings.turns == 1 and self.rows_are_alike:
            self.findings.refuse_missing_row()
        if self.findings.turns >= MOST_TRACED and self._foretell is None and all(numbers):
            self._foretell = (self.rows_are_alike and foretelling(self, numbers)) or False
        if is_right:
            yield Solution(numbers, answers, self._order(numbers))

    def _is_foretold_wrong(self) -> bool:
        """Return whether numbers fit and fail by the closed form, for which nothing is traced."""
        numbers: tuple[Any, ...] = tuple(self._numbers)
        answers = self._foretell(*numbers) if self._foretell else None
        if not answers:
            return False
        self._sign = self._sign_of(answers)
        return not self.findings.holds_for(numbers, answers)

    def _adapted(self, numbers: Several[int]) -> list[Row]:
        """Return the rows as settings adapt them, which all rows are needed for."""
        self._count(sum(map(work_of, self._rows)))
        rows: list[Row] = []
        put = {each.key: number for each, number in zip(self.variables, numbers, strict=True)}
        given = filled(self.given, put)
        network = filled(self.network, put)
        Trace(rows.append, self.settings).run(network, settled(given), given.span)
        return rows

    def _sign_of(self, answers: tuple[Any, ...]) -> _Skips:
        """Return what the answers of some numbers tell of smaller and of larger ones."""
        found = list(zip(self.goals, answers, strict=True))
        sides = [misses(*each) for each in found if each[0].quantity in self.growing]
        is_vain = self.is_flat and any(misses_map(*each) for each in found)
        return _Skips(
            is_known=True,
            skip_smaller=is_vain or any(low for low, _high in sides),
            skip_larger=is_vain or any(high for _low, high in sides),
        )

    def _order(self, numbers: tuple[int, ...]) -> tuple[Any, ...]:
        """Return a solution's place among others: what people would choose stands first."""
        left_over = any(row.measure.unread for row in self._rows)
        ranks = [each.rank(n) for each, n in zip(self.variables, numbers, strict=True)]
        return left_over, sum(ranks) + sum(map(padding_rank, self._rows)), numbers
