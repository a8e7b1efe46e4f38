"""What is asked: a network with unknowns, goals and where to look; and it with numbers in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.changes import parts
from cnncalc.notation.inputs import begins_inside, given_volume, volume_missing
from cnncalc.notation.parser import parse, parse_volume
from cnncalc.notation.tree import Group
from cnncalc.report.report import Report
from cnncalc.solving.candidates import FLAT, GROWS, Variable, is_not_monotonic
from cnncalc.solving.unknowns import unknowns, uses
from cnncalc.speech.language import _
from cnncalc.speech.names import no_such
from cnncalc.speech.problem import Label, Problem, Source, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.notation.tree import Given, Item, Network
    from cnncalc.numbers.ranges import Range
    from cnncalc.solving.findings import Solution
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


class SearchQuestion:
    """A network, its unknowns with their ranges, and the goals for which numbers are looked for.

    `steps` are the volume and the items; `needs` are the unknowns of each. Those that are
    `halved` are numbers with which what goals are about can only grow.
    """

    def __init__(
        self,
        network: Network,
        goals: Iterable[Claim],
        settings: Settings,
        *,
        given: Given | None = None,
        ranges: Iterable[Range] = (),
    ) -> None:
        volume = given_volume(network, given)
        if volume is None:
            raise volume_missing(network)
        self.network, self.given, self._input = network, volume, given
        self.goals = tuple(goals)
        self.settings = settings
        self.steps: tuple[Given | Item, ...] = network.sequence.items
        self.begins = not begins_inside(network)
        if self.begins:
            self.steps = (volume, *self.steps)
        self.variables = [Variable.of(each) for each in unknowns(self.steps)]
        at = {variable.key: index for index, variable in enumerate(self.variables)}
        self.needs = [
            tuple(dict.fromkeys(at[use.key] for use in uses(step))) for step in self.steps
        ]
        count = len(self.variables)
        self.halved = self._all_halved()
        self.variables = [
            each.among(count, is_halved=index in self.halved)
            for index, each in enumerate(self.variables)
        ]
        self.growing: frozenset[str] = frozenset().union(
            *(GROWS[role] for index in self.halved for role in self.variables[index].roles)
        )
        self.is_flat = bool(self.halved) and all(
            self.variables[index].roles <= FLAT for index in self.halved
        )
        for each in ranges:
            self._take_range(each)
        if not self.variables and not any(goal.operator == "?" for goal in self.goals):
            raise _nothing_unknown(network)

    def _all_halved(self) -> list[int]:
        """Return the unknowns that are halved: of sides, which fail apart, the last alone."""
        grows = [index for index, each in enumerate(self.variables) if self._grows(each)]
        sides = [index for index in grows if "input" in self.variables[index].roles]
        return [index for index in grows if index not in sides[:-1]]

    def _grows(self, variable: Variable) -> bool:
        """Return whether goals can only grow with an unknown: its range can be halved."""
        role = min(variable.roles)
        is_steady = variable.roles == {role} and not is_not_monotonic(role, self.steps)
        return is_steady and any(goal.quantity in GROWS.get(role, ()) for goal in self.goals)

    def _take_range(self, given: Range) -> None:
        """Set the range of an unknown."""
        names = [variable.name for variable in self.variables]
        if given.name not in names:
            fact = _("no unknown is called {name}", name=quoted(given.name))
            raise no_such("unknown-range", fact, given.name, given.span, names)
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

    @property
    def rows_are_alike(self) -> bool:
        """Whether a network has the same rows whatever the numbers: no group's count is open."""
        groups = (part for part in parts(self.steps) if isinstance(part, Group))
        return all(group.times is None or isinstance(group.times, int) for group in groups)

    def answers(self, rows: Sequence[Row]) -> tuple[Any, ...]:
        """Return what rows have of what the goals are about."""
        return tuple(goal.query.answer(rows) for goal in self.goals)

    def said(self, numbers: Sequence[int]) -> str:
        """Return numbers with their names: k = 3, p = 1."""
        pairs = zip(self.variables, numbers, strict=True)
        return ", ".join(f"{variable.name} = {number}" for variable, number in pairs)

    def text(self, numbers: Sequence[int], source: Source | None = None) -> str:
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

    def report(self, numbers: Sequence[int]) -> Report:
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
