"""Solving backwards: the numbers in place of `?` for which claims hold.

The search goes through a stated range of each unknown. The text is read once. What stands before
an unknown is traced once for all its numbers, and is left as soon as it fails, or costs more than
a goal allows. Unknowns with which what is asked for can only grow come last, and their ranges are
halved, one inside the other, until only the numbers that can do are left. Every solution that is
printed has passed the forward core, from its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.homework.claims import Claim, holds, misses, read_claim, seen_by
from cnncalc.homework.places import answer_of, subject_of
from cnncalc.homework.variations import text_of
from cnncalc.notation.expressions import Unknown
from cnncalc.notation.parser import parse, parse_volume
from cnncalc.notation.tree import Group, Join, Sequence, given_volume, settled, volume_missing
from cnncalc.numbers.terms import letters_in
from cnncalc.numbers.working import are_numbers, product, shown, spoken, write
from cnncalc.report.explanation import explain
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.report import Report
from cnncalc.solve.candidates import COSTS, FLAT, GROWS, MOST_SORTED, Variable, bends, padding_rank
from cnncalc.solve.unknowns import filled, key_of, unknowns, uses
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, meant, nearest, quoted
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Flow, Trace

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

MOST_STEPS = 4  # lines of working that are shown of a goal

_STEPS = {
    "size": "output",
    "weights": "params",
    "biases": "params",
    "flops": "macs",
}
"""Which step of the working bears on a quantity, where it is not its own."""

_CHAINED = frozenset({"output", "rf", "jump"})  # what a row has from those before it


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


class _Sign(NamedTuple):
    """What numbers that fail tell of others: whether smaller ones fail, too, and larger ones."""

    is_known: bool = False
    is_small: bool = False
    is_large: bool = False


class _Trial(NamedTuple):
    """What came of numbers: what is told of others, and solutions."""

    sign: _Sign
    found: list[Solution]


def read_goal(source: Source, *, channels_first: bool = False) -> Claim:
    """Return a goal: a claim; or a quantity that is asked for, `params=?`, whose sign is `?`.

    >>> read_goal(Source("<goal>", "size=55")).value, read_goal(Source("<goal>", "rf=?")).operator
    ((55,), '?')
    """
    asked = re.fullmatch(r"([^<>~=]*)=\s*\?\s*", source.text)
    text = Source(source.name, f"{asked[1]}=1") if asked else source
    try:
        goal = read_claim(text, channels_first=channels_first)
    except Problem as problem:  # drawn on what was typed
        problem.labels = tuple(
            each._replace(span=Span(source, each.span.start, each.span.end))
            for each in problem.labels
        )
        raise
    if asked:
        return goal._replace(text=source.text.strip(), operator="?", value=None)
    if goal.value is None:
        raise Problem(
            "goal-without-value",
            _("a goal has a value: only networks that fit are looked for"),
            [Label(goal.span)],
            helps=[_("write a number or a volume, or '{name}=?' to ask", name=goal.quantity)],
        )
    if letters_in(goal.value):
        raise Problem(
            "goal-without-value",
            _("a goal is in numbers, and this one has letters"),
            [Label(goal.span)],
            helps=[_("write a number or a volume, or '{name}=?' to ask", name=goal.quantity)],
        )
    return goal


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
        self._sign = _Sign()  # of the last trial

    def _all_halved(self) -> list[int]:
        """Return the unknowns that are halved: of sides, which fail apart, the last alone."""
        grows = [index for index, each in enumerate(self.variables) if self._grows(each)]
        sides = [index for index in grows if "input" in self.variables[index].roles]
        return [index for index in grows if index not in sides[:-1]]

    def _grows(self, variable: Variable) -> bool:
        """Return whether goals can only grow with an unknown: its range can be halved."""
        role = min(variable.roles)
        is_steady = variable.roles == {role} and not bends(role, self._steps)
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
        self._failed, self._sign = -1, _Sign()
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
                    self._sign = _Sign(is_known=True, is_small=True)
                return
            if None in self._numbers and self._costs_too_much():
                self._sign = _Sign(is_known=True, is_large=True)
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
                if not sign.is_large if is_upper else sign.is_small:
                    start = at + 1
                else:
                    stop = middle
            return start

        sign = _Sign(
            is_large=trial(0).sign.is_large, is_small=trial(len(numbers) - 1).sign.is_small
        )
        if not (sign.is_small or sign.is_large):
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
            _misses_map(goal, found) for goal, found in zip(self.goals, answers, strict=True)
        )
        self._sign = _Sign(
            is_known=True,
            is_small=is_vain or any(low for low, _high in bearing),
            is_large=is_vain or any(high for _low, high in bearing),
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
        distance = sum(_distance(self.goals[index], answers[index]) for index in wrong)
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


# ---------------------------------------------------------------- what is said of solutions


def working(goals: Iterable[Claim], rows: Several[Row]) -> list[str]:
    """Return the arithmetic of what goals are about, where few rows have a part in it."""
    lines: dict[tuple[int, str], str] = {}
    for goal in goals:
        subject = subject_of(goal.place, goal.quantity, rows)
        if subject is None:
            continue
        if goal.quantity == "in_features":
            row = rows[subject.inputs[0]] if subject.kind == "fc" else subject
            while len(row.output) == 1 and row.inputs:  # a vector: what was flattened
                row = rows[row.inputs[0]]
            number = shown(product(spoken(row.output)))
            if number.parts:
                lines[subject.index, goal.quantity] = f"{write(number)} = {number.value}"
            continue
        wanted = _STEPS.get(goal.quantity, goal.quantity)
        among = subject.rows
        if wanted in _CHAINED:
            among = rows[: among[-1].index + 1]
        steps = [
            (row, step) for row in among for step in explain(row, rows) if step.quantity == wanted
        ]
        for row, step in steps if len(steps) <= MOST_STEPS else ():
            name = f"{row.layer}: " if len(rows) > 2 else ""
            text = f"{name}{write(step.numbers)} = {step.value}"
            lines[row.index, text] = text
    return list(lines.values())


def why(search: Search) -> list[str]:
    """Return why there is no solution, as far as the search has shown it."""
    miss = search.nearest
    if miss is None and search.over:
        return [_("Whatever they are, {name} comes to more than that.", name=search.over.quantity)]
    if miss is None:
        fault = search.fault
        return [_("Nothing in the range fits: {fault}.", fault=fault.message)] if fault else []
    lines = []
    for index in miss.wrong:
        goal = search.goals[index]
        if search.is_constant(index) and search.turns > 1:
            value = text_of(miss.answers[index])
            lines.append(
                _(
                    "{name} does not depend on {unknowns}: it is {value}.",
                    name=goal.quantity,
                    unknowns=", ".join(variable.name for variable in search.variables),
                    value=value,
                )
            )
    if lines or len(miss.wrong) > 1:
        return lines
    index = miss.wrong[0]
    name = search.goals[index].quantity
    below, above = search.beside.get((index, True)), search.beside.get((index, False))
    if below and above and not search.over:
        lines.append(
            _(
                "{below} gives {less} and {above} gives {more}: nothing lies between.",
                below=search.said(below.numbers),
                less=text_of(below.answers[index]),
                above=search.said(above.numbers),
                more=text_of(above.answers[index]),
            )
        )
    elif below and not search.over:
        lines.append(_("This is the largest {name} in the range.", name=name))
    elif above and not search.over:
        lines.append(_("This is the smallest {name} in the range.", name=name))
    if not (below and above):
        for variable, number in zip(search.variables, miss.numbers, strict=True):
            if number and number == variable.numbers[-1]:
                wider = f"{variable.name}={variable.numbers[0]}..{2 * number}"
                lines.append(_("'--range {range}' looks further.", range=wider))
    return lines


def _misses_map(goal: Claim, found: Any) -> bool:
    """Return whether a goal fails along its map, which numbers of channels do not change."""
    if goal.operator == "?" or not isinstance(found, tuple) or goal.value is None:
        return False
    if goal.quantity == "output":
        if len(found) != len(goal.value) or len(found) == 1:
            return False
        goal = goal._replace(quantity="size", value=goal.value[:-1])
        found = found[:-1]
    return goal.quantity == "size" and not holds(goal, found)


def _distance(goal: Claim, found: Any) -> float:
    """Return how far a value is from a goal, as a part of it."""
    if goal.value is None or found is None or "all" in (found, *goal.value):
        return float("inf")
    sizes: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
    if letters_in(sizes):
        return float("inf")
    if goal.is_figure:
        wanted = goal.value[0] / goal.value[2]
        return float(abs(found - wanted) / max(wanted, 1))
    each = goal.value * len(sizes) if len(goal.value) == 1 else goal.value
    if len(each) != len(sizes):
        return float("inf")
    away = sum(abs(a - b) for a, b in zip(sizes, each, strict=True))
    return float(away / max(sum(map(abs, each)), 1))


def _nothing_unknown(network: Network) -> Problem:
    return Problem(
        "nothing-unknown",
        _("there is no '?' to solve for"),
        [Label(network.span)],
        helps=[_("write '?' in place of a number, as in 'conv 32 k7 p?' or 'params=?'")],
    )
