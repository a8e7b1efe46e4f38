"""Solving backwards: the numbers in place of `?` for which claims hold.

The search goes through a stated range of each unknown. The text is read once. What stands before
an unknown is traced once for all its numbers, and is left as soon as it fails, or costs more than
a goal allows. Unknowns with which what is asked for can only grow come last, and their ranges are
halved, one inside the other, until only the numbers that can do are left. Every solution that is
printed has passed the forward core, from its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import Claim, holds, misses, seen_by
from cnncalc.homework.places import answer_of
from cnncalc.notation.expressions import Unknown
from cnncalc.notation.parser import parse, parse_volume
from cnncalc.notation.tree import Group, Join, Sequence, given_volume, settled, volume_missing
from cnncalc.numbers.working import are_numbers
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.report import Report
from cnncalc.solving.candidates import (
    COSTS,
    FLAT,
    GROWS,
    MOST_SORTED,
    Variable,
    is_not_monotonic,
    padding_rank,
)
from cnncalc.solving.goals import distance_of, misses_map
from cnncalc.solving.unknowns import filled, key_of, unknowns, uses
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.trace.flow import Flow
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Trace
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Sequence as Several

    from cnncalc.notation.tree import Given, Item, Network
    from cnncalc.numbers.ranges import Range
    from cnncalc.trace.rows import Row

MOST_WORK = 250_000  # rows that are traced in one search
FAULT_WORK = 10  # rows that take as long as one that does not fit
LETTERS_WORK = 50  # as one of formulas in letters
JOIN_WORK = 10  # and as a join of branches
MOST_FOUND = 10_000  # solutions that are kept
MOST_PROBES = 64  # numbers that do not fit, looked past while a range is halved

_BOUNDS = ("=", "<=", "~")  # the signs of goals that costs may not exceed
_TOO_SMALL = frozenset({"kernel-does-not-fit", "crop-takes-all", "padding-takes-all"})
"""The faults of a size that is too small, which smaller ones have too."""


class Solution(NamedTuple):
    """Numbers for the unknowns, what the goals found with them, and its place among others."""

    numbers: tuple[int, ...]
    answers: tuple[Any, ...]
    order: tuple[Any, ...] = ()


class Miss(NamedTuple):
    """Numbers that fit and do not do: how many goals fail, by how much, which, what they found."""

    fails: int
    distance: float
    numbers: tuple[int, ...]
    answers: tuple[Any, ...]
    wrong: tuple[int, ...]


class _SpentError(Exception):
    """The search has traced as many rows as it may."""


class _Place(NamedTuple):
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


class _Trial(NamedTuple):
    """What came of numbers: what is told of others, and solutions."""

    sign: _Skips
    found: list[Solution]


class Search:
    """A search for the unknowns of a network; `nearest` is what came closest to the goals.

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
        volume = given or given_volume(network)
        if volume is None:
            raise volume_missing(network)
        self.network, self.given, self._input = network, volume, given
        self.goals = tuple(goals)
        self.settings = settings
        self.watch = watch
        self.is_cut = False
        self.nearest: Miss | None = None
        self.beside: dict[tuple[int, bool], Miss] = {}  # by the goal that fails alone, and the side
        self.over: Claim | None = None  # a goal that beginnings cost more than
        self.fault: Problem | None = None  # the first of numbers that do not fit
        self._steps: tuple[Given | Item, ...] = (volume, *network.sequence.items)
        self.variables = [Variable.of(each) for each in unknowns(self._steps)]
        at = {variable.key: index for index, variable in enumerate(self.variables)}
        self._needs = [
            tuple(dict.fromkeys(at[use.key] for use in uses(step))) for step in self._steps
        ]
        count = len(self.variables)
        self._halved = self._all_halved()
        self.variables = [
            each.among(count, is_halved=index in self._halved)
            for index, each in enumerate(self.variables)
        ]
        self._bear: frozenset[str] = frozenset().union(
            *(GROWS[role] for index in self._halved for role in self.variables[index].roles)
        )
        self._is_flat = bool(self._halved) and all(
            self.variables[index].roles <= FLAT for index in self._halved
        )
        for each in ranges:
            self._take_range(each)
        if not self.variables and not any(goal.operator == "?" for goal in self.goals):
            raise _nothing_unknown(network)
        self._numbers: list[int | None] = [None] * len(self.variables)
        self._rows: list[Row] = []
        self._trace = Trace(self._take, settings)
        self._known: dict[tuple[int | None, ...], Any] = {}  # steps with numbers in them
        self._work, self._done = 0, 0.0
        self._traced: set[int] = set()  # goals whose rows there are
        self.turns = 0  # numbers that were traced to the end
        self._length = 0  # of the network that was last traced to its end
        self._values: dict[int, set[Any]] = {}  # by goal, two of what it found
        self._failed = -1  # the step that the last trial failed at
        self._sign = _Skips()  # of the last trial

    def _all_halved(self) -> list[int]:
        """Return the unknowns that are halved: of sides, which fail apart, the last alone."""
        grows = [index for index, each in enumerate(self.variables) if self._grows(each)]
        sides = [index for index in grows if "input" in self.variables[index].roles]
        return [index for index in grows if index not in sides[:-1]]

    def _grows(self, variable: Variable) -> bool:
        """Return whether goals can only grow with an unknown: its range can be halved."""
        role = min(variable.roles)
        is_steady = variable.roles == {role} and not is_not_monotonic(role, self._steps)
        return is_steady and any(goal.quantity in GROWS.get(role, ()) for goal in self.goals)

    def _take_range(self, given: Range) -> None:
        """Set the range of an unknown."""
        names = [variable.name for variable in self.variables]
        if given.name not in names:
            close = nearest(given.name, names)
            raise Problem(
                "unknown-range",
                _("no unknown is called {name}", name=quoted(given.name)),
                [Label(given.span)],
                helps=[meant(close, _("there are {names}", names=", ".join(names)))],
                status=2,
            )
        index = names.index(given.name)
        variable = self.variables[index]
        numbers = given.ascending()
        if variable.roles & {"input", "channels"} and numbers[0] == 0:
            raise Problem(
                "size-too-small",
                _("a size is at least 1"),
                [Label(given.span)],
                helps=[_("begin at 1 or more")],
                status=2,
            )
        self.variables[index] = variable._replace(numbers=numbers)

    # ------------------------------------------------------------ the search

    def solutions(self) -> Iterator[Solution]:
        """Yield the solutions, as they are found."""
        found = 0
        try:
            for solution in self._go_on(_Place(0, Flow((), (), 0), {}, 0, (0, 0, 0)), 0, 1):
                yield solution
                found += 1
                if found == MOST_FOUND:
                    raise _SpentError  # noqa: TRY301 - there is one way out
        except _SpentError:
            self.is_cut = True
        if not found and self._length:
            self._refuse_missing_row()

    def _take(self, row: Row) -> None:
        self._rows.append(row)
        work = JOIN_WORK if isinstance(row.node, Join) else 1
        self._count(work if are_numbers(*row.output, row.measure.macs) else LETTERS_WORK)

    def _count(self, rows: int) -> None:
        before = self._work // 500
        self._work += rows
        if self._work > MOST_WORK:
            raise _SpentError
        if self.watch and self._work // 500 > before:
            self.watch(max(self._done, self._work / MOST_WORK))

    def _go_on(self, place: _Place, done: float, share: float) -> Iterator[Solution]:
        """Trace what can be traced, then go through the next unknown: a `share` of all the work."""
        del self._rows[place.rows :]
        self._trace.go_back(place.mark)
        self._failed, self._sign = -1, _Skips()
        self._count(1)
        for step in range(place.step, len(self._steps)):
            free = [index for index in self._needs[step] if self._numbers[index] is None]
            if free:
                yield from self._go_through(self._next_of(free[0]), place, done, share)
                return
            try:
                place = self._stepped(place)
            except Problem as problem:
                if not any(self._needs[: step + 1]):
                    raise  # whatever the numbers are
                self.fault = self.fault or problem
                self._count(FAULT_WORK)
                self._failed = step
                if problem.code in _TOO_SMALL and self._halves("input"):
                    self._sign = _Skips(is_known=True, skip_smaller=True)
                return
            if None in self._numbers and self._costs_too_much():
                self._sign = _Skips(is_known=True, skip_larger=True)
                return
        yield from self._judged()

    def _next_of(self, free: int) -> int:
        """Return the unknown that is next: those that are halved after all others."""
        if free not in self._halved:
            return free
        left = (i for i, number in enumerate(self._numbers) if number is None)
        return next((i for i in left if i not in self._halved), free)

    def _go_through(
        self, index: int, place: _Place, done: float, share: float
    ) -> Iterator[Solution]:
        """Go through the numbers of an unknown."""
        variable = self.variables[index]
        if index in self._halved:
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

    def _fails_for_good(self, variable: Variable, place: _Place) -> bool:
        """Return whether more rounds of a group fail, too: they begin with those that failed."""
        step = self._steps[place.step]
        return (
            self._failed == place.step
            and isinstance(step, Group)
            and isinstance(step.times, Unknown)
            and key_of(step.times) == variable.key
            and all(self._numbers[index] is not None for index in self._needs[place.step])
        )

    def _halve(self, index: int, place: _Place, done: float, share: float) -> Iterator[Solution]:
        """Go through the numbers that may do: those below give too little, those above too much.

        Where the largest gives too little, or the smallest too much, none does; and so it is for
        smaller numbers, or larger ones, of the unknowns that this is inside of.
        """
        variable = self.variables[index]
        numbers = variable.numbers
        seen: dict[int, _Trial] = {}

        def trial(at: int) -> _Trial:
            if at not in seen:
                self._numbers[index] = numbers[at]
                found = list(self._go_on(place, 0, 0))
                seen[at] = _Trial(self._sign, found)
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
        return any(role in self.variables[index].roles for index in self._halved)

    def _stepped(self, place: _Place) -> _Place:
        """Trace the next step: what comes in, or an item."""
        step = self._filled(place.step)
        labels = dict(place.labels)
        flow = (
            self._trace.follow(Sequence((step,), step.span), place.flow, labels)
            if place.step
            else self._trace.begin(settled(step), step.span)
        )
        return _Place(place.step + 1, flow, labels, len(self._rows), self._trace.mark)

    def _filled(self, step: int) -> Any:
        """Return a step with numbers in it."""
        needs = self._needs[step]
        if not needs:
            return self._steps[step]
        key = (step, *(self._numbers[index] for index in needs))
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 4096:
                self._known.clear()
            numbers = {self.variables[i].key: self._numbers[i] or 0 for i in needs}
            found = self._known[key] = filled(self._steps[step], numbers)
        return found

    def _costs_too_much(self) -> bool:
        """Return whether a beginning costs more than a goal allows: costs only add up."""
        for goal in self.goals:
            if goal.place is None and goal.operator in _BOUNDS and goal.quantity in COSTS:
                of = QUANTITIES[goal.quantity].of
                cost = sum(of(row) for row in self._rows if not row.aux)
                cost = sum(QUANTITIES[goal.quantity].of(row) for row in self._rows if not row.aux)
                if misses(goal, cost)[1]:
                    self.over = goal
                    return True
        return False

    # ------------------------------------------------------------ goals

    def _judged(self) -> Iterator[Solution]:
        """Yield the solution that the numbers are, if all goals hold; else keep what is missed."""
        numbers = tuple(number or 0 for number in self._numbers)
        answers = self.answers(self._rows)
        sides = [misses(goal, found) for goal, found in zip(self.goals, answers, strict=True)]
        bearing = [
            side
            for goal, side in zip(self.goals, sides, strict=True)
            if goal.quantity in self._bear
        ]
        is_vain = self._is_flat and any(
            misses_map(goal, found) for goal, found in zip(self.goals, answers, strict=True)
        )
        self._sign = _Skips(
            is_known=True,
            skip_smaller=is_vain or any(low for low, _high in bearing),
            skip_larger=is_vain or any(high for _low, high in bearing),
        )
        self.turns += 1
        self._length = len(self._rows)
        wrong = []
        for index, (goal, found) in enumerate(zip(self.goals, answers, strict=True)):
            if index not in self._traced and row_at(goal.place, self._rows) is not None:
                self._traced.add(index)
            if len(values := self._values.setdefault(index, set())) < 2:
                values.add(found)
            if goal.operator != "?" and not holds(goal, seen_by(goal, found, self._rows)):
                wrong.append(index)
        if not wrong:
            yield Solution(numbers, answers, self._order(numbers))
            return
        distance = sum(distance_of(self.goals[index], answers[index]) for index in wrong)
        miss = Miss(len(wrong), distance, numbers, answers, tuple(wrong))
        if self.nearest is None or miss[:2] < self.nearest[:2]:
            self.nearest = miss
        low, high = sides[wrong[0]]
        if len(wrong) == 1 and low != high:
            side = wrong[0], low
            if side not in self.beside or miss[:2] < self.beside[side][:2]:
                self.beside[side] = miss

    def is_constant(self, index: int) -> bool:
        """Return whether all that was traced had the same of what a goal is about."""
        return len(self._values.get(index, ())) == 1

    def answers(self, rows: Several[Row]) -> tuple[Any, ...]:
        """Return what rows have of what the goals are about."""
        return tuple(answer_of(goal.place, goal.quantity, rows) for goal in self.goals)

    def _order(self, numbers: tuple[int, ...]) -> tuple[Any, ...]:
        """Return a solution's place among others: what people would choose stands first."""
        left_over = any(row.measure.unread for row in self._rows)
        ranks = [each.rank(n) for each, n in zip(self.variables, numbers, strict=True)]
        return left_over, sum(ranks) + sum(map(padding_rank, self._rows)), numbers

    def _refuse_missing_row(self) -> None:
        """Refuse a goal of a row that no network had."""
        for index, goal in enumerate(self.goals):
            if index not in self._traced:
                raise Problem(
                    "claim-unreadable",
                    _("no row has the label or number {place}", place=quoted(goal.place or "")),
                    [Label(goal.span)],
                    helps=[_("rows go up to {last}", last=self._length - 1)],
                )

    # ------------------------------------------------------------ what is said of it

    def said(self, numbers: Several[int]) -> str:
        """Return numbers with their names: k = 3, p = 1."""
        pairs = zip(self.variables, numbers, strict=True)
        return ", ".join(f"{variable.name} = {number}" for variable, number in pairs)

    def text(self, numbers: Several[int], source: Source | None = None) -> str:
        """Return a source, that of the network where none is named, with numbers in it."""
        source = source or self.network.span.source
        text = source.text
        places = [
            (span, number)
            for variable, number in zip(self.variables, numbers, strict=True)
            for span in variable.spans
            if span.source == source
        ]
        for span, number in sorted(places, key=lambda each: -each[0].start):
            text = f"{text[: span.start]}{number}{text[span.end :]}"
        return text

    def report(self, numbers: Several[int]) -> Report:
        """Return the report of the network with numbers in it, read from its text."""
        source = self.network.span.source
        network, given = self.network, self._input
        if any(span.source == source for each in self.variables for span in each.spans):
            text = Source(source.name, self.text(numbers))
            network = parse(text, channels_first=self.settings.channels_first)
        if given:
            text = Source(given.span.source.name, self.text(numbers, given.span.source))
            given = parse_volume(text, channels_first=self.settings.channels_first)
        return Report(network, self.settings, given=given)

    def passes(self, solution: Solution) -> bool:
        """Return whether the forward core gives what the search has found."""
        return self.answers(self.report(solution.numbers).rows) == solution.answers


def _nothing_unknown(network: Network) -> Problem:
    return Problem(
        "nothing-unknown",
        _("there is no '?' to solve for"),
        [Label(network.span)],
        helps=[_("write '?' in place of a number, as in 'conv 32 k7 p?' or 'params=?'")],
    )
