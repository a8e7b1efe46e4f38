"""Solving backwards: the numbers in place of `?` for which claims hold.

The search goes through a stated range of each unknown, the first in the text first; a beginning of
the network that does not fit is not tried again. Every solution has passed the forward core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.claims import Claim, holds
from cnncalc.expressions import Pair, Product, Sum, Unknown
from cnncalc.judging import answer_of
from cnncalc.language import _
from cnncalc.network import Call, Group, Join, Labelled, Pending
from cnncalc.notation import parse
from cnncalc.problem import Label, Problem, Source
from cnncalc.trace import Trace, given_volume, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.network import Item, Network
    from cnncalc.problem import Span
    from cnncalc.trace import Row

MOST_TRIALS = 60_000  # networks that are traced in one search

RANGES = {
    "kernel": ("k", 1, 31, 15),
    "stride": ("s", 1, 16, 8),
    "padding": ("p", 0, 31, 15),
    "dilation": ("d", 1, 16, 8),
    "groups": ("g", 1, 256, 64),
    "output-padding": ("op", 0, 15, 7),
    "multiplier": ("m", 1, 64, 16),
    "filters": ("N", 1, 4096, 512),
    "units": ("N", 1, 4096, 512),
    "size": ("size", 1, 64, 32),
    "factor": ("factor", 1, 16, 8),
    "times": ("times", 0, 64, 16),
    "input": ("n", 1, 1024, 512),
}
"""What an unknown is called, from where it is looked for, and up to where: alone, beside others."""


class Variable(NamedTuple):
    """An unknown: what it is called, what it is a number of, its range and its places."""

    name: str
    role: str
    least: int
    most: int
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where it first stands."""
        return min(span.start for span in self.spans)

    def values(self) -> Iterator[int]:
        """Yield its range, the natural values first: odd kernels before even ones."""
        numbers = range(self.least, self.most + 1)
        if self.role == "kernel":
            yield from (number for number in numbers if number % 2)
            yield from (number for number in numbers if number % 2 == 0)
        else:
            yield from numbers


class Solution(NamedTuple):
    """Numbers for the unknowns, the network with them, and its rows."""

    values: tuple[int, ...]
    network: str
    rows: tuple[Row, ...]


class Search:
    """A search for the unknowns of a network; `nearest` is what came closest, if nothing fits."""

    def __init__(self, source: Source, goals: Sequence[Claim]) -> None:
        self.source = source
        self.goals = goals
        network = parse(source)
        self.variables = _variables(network)
        if not self.variables:
            raise Problem(
                "nothing-unknown",
                _("there is no '?' to solve for"),
                [Label(network.span)],
                helps=[_("write '?' in place of a number, as in 'conv 32 k7 p?'")],
            )
        self.trials = 0
        self.nearest: tuple[int, Solution] | None = None
        self._starts = [item.span.start for item in network.sequence.items]

    @property
    def is_cut(self) -> bool:
        """Whether the search ended before its ranges did."""
        return self.trials >= MOST_TRIALS

    def solutions(self) -> Iterator[Solution]:
        """Yield the solutions, in the order of the ranges."""
        yield from self._solve(())

    def _solve(self, values: tuple[int, ...]) -> Iterator[Solution]:
        if len(values) == len(self.variables):
            rows = self._rows(self._filled(values))
            if rows:
                solution = Solution(values, self._filled(values), tuple(rows))
                if all(self._holds(goal, rows) for goal in self.goals):
                    yield solution
                else:
                    self._keep_nearest(solution)
            return
        if values and not self._begins(values):
            return
        for value in self.variables[len(values)].values():
            if self.is_cut:
                return
            yield from self._solve((*values, value))

    def _holds(self, goal: Claim, rows: Sequence[Row]) -> bool:
        return holds(goal, answer_of(goal.place, goal.quantity, rows))

    def _begins(self, values: tuple[int, ...]) -> bool:
        """Return whether what stands before the next unknown's item can be traced."""
        following = self.variables[len(values)].start
        start = max((each for each in self._starts if each <= following), default=0)
        if any(span.start >= start for v in self.variables[: len(values)] for span in v.spans):
            return True  # the same item holds both: nothing can be said yet
        text = self._filled(values, start).rstrip().rstrip(",→").removesuffix("->").rstrip()
        return not text or self._rows(text) is not None

    def _filled(self, values: tuple[int, ...], end: int | None = None) -> str:
        """Return the text up to an end with numbers in place of unknowns."""
        text = self.source.text[:end]
        places = [
            (span, value)
            for variable, value in zip(self.variables, values, strict=False)
            for span in variable.spans
            if end is None or span.start < end
        ]
        for span, value in sorted(places, key=lambda each: -each[0].start):
            text = f"{text[: span.start]}{value}{text[span.end :]}"
        return text

    def _rows(self, text: str) -> list[Row] | None:
        """Return the rows of a network, or None where it does not fit."""
        self.trials += 1
        rows: list[Row] = []
        try:
            network = parse(Source("<solve>", text))
            given = given_volume(network)
            if given is None:
                return None
            Trace(rows.append).run(network, settled(given), given.span)
        except Problem:
            return None
        return rows

    def _keep_nearest(self, solution: Solution) -> None:
        """Remember what came closest to the first goal."""
        goal = self.goals[0]
        found = answer_of(goal.place, goal.quantity, solution.rows)
        distance = _distance(goal, found)
        if distance is not None and (self.nearest is None or distance < self.nearest[0]):
            self.nearest = distance, solution


def _distance(goal: Claim, found: Any) -> int | None:
    """Return how far a value is from a goal."""
    if goal.value is None or found is None or isinstance(found, str):
        return None
    if goal.is_figure:
        return int(abs(int(found) * goal.value[2] - goal.value[0]))
    sizes: tuple[int, ...] = found if isinstance(found, tuple) else (found,)
    wanted = goal.value * len(sizes) if len(goal.value) == 1 else goal.value
    if len(wanted) != len(sizes):
        return None
    return sum(int(abs(a - b)) for a, b in zip(sizes, wanted, strict=True))


def _variables(network: Network) -> list[Variable]:
    """Return the unknowns of a network, in the order of the text; `?n` is one wherever it is."""
    found: list[tuple[str, str, Span]] = []
    parts = [(each.volume, each.sequence) for each in network.definitions]
    for volume, sequence in [*parts, (network.volume, network.sequence)]:
        for size in volume.sizes if volume else ():
            found += _of_expression(size, "input")
        for item in sequence.items:
            found += _of_item(item)
    by_letter: dict[object, list[tuple[str, Span]]] = {}
    for letter, role, span in found:
        by_letter.setdefault(letter or span.start, []).append((role, span))
    variables = []
    names: dict[str, int] = {}
    for same, places in by_letter.items():
        role = places[0][0]
        called, least, alone, beside = RANGES.get(role, ("n", 1, 64, 16))
        name = same if isinstance(same, str) else called
        most = alone if len(by_letter) == 1 else beside
        names[name] = names.get(name, 0) + 1
        said = name if names[name] == 1 else f"{name}{names[name]}"
        variables.append(Variable(said, role, least, most, tuple(span for _r, span in places)))
    return sorted(variables, key=lambda each: each.start)


def _of_item(item: Item) -> Iterator[tuple[str, str, Span]]:
    """Yield the unknowns of an item: letter, what it is a number of, place."""
    if isinstance(item, Labelled):
        yield from _of_item(item.item)
    elif isinstance(item, Group):
        for each in item.sequence.items:
            yield from _of_item(each)
        if item.times is not None:
            yield from _of_expression(item.times, "times")
    elif isinstance(item, Join):
        for branch in item.branches:
            for each in branch.items:
                yield from _of_item(each)
    elif isinstance(item, Pending):
        places = iter([each.name for each in item.kind.parameters if each.place])
        for argument in item.arguments:
            parameter = item.kind.parameter(argument.name) if argument.name else None
            role = parameter.name if parameter else next(places, "")
            for side in argument.value:
                yield from _of_expression(side, role)
    elif isinstance(item, Call):
        for argument in item.arguments:
            for side in argument.value:
                yield from _of_expression(side, "")


def _of_expression(expression: Any, role: str) -> Iterator[tuple[str, str, Span]]:
    if isinstance(expression, Unknown):
        yield expression.letter, role, expression.span
    elif isinstance(expression, Pair):
        yield from _of_expression(expression.before, role)
        yield from _of_expression(expression.after, role)
    elif isinstance(expression, Sum):
        for _sign, term in expression.terms:
            yield from _of_expression(term, role)
    elif isinstance(expression, Product):
        for _sign, factor in expression.factors:
            yield from _of_expression(factor, role)
