"""What a search has found: solutions, what came nearest to the goals, and why others fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.truth import holds, misses, seen_by
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.solving.candidates import COSTS
from cnncalc.solving.goals import distance_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.trace.rows import Row

_BOUNDS = ("=", "<=", "~")  # the signs of goals that costs may not exceed


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


class Findings:
    """What numbers that were traced to their end, and beginnings, tell of goals.

    `nearest` is what came closest to them; `beside` what fails one alone, by the goal and the
    side; `over` is a goal that beginnings cost more than, `fault` the first of numbers that do
    not fit, `turns` counts the numbers that were traced to the end.
    """

    def __init__(self, goals: Sequence[Claim]) -> None:
        self._goals = goals
        self.nearest: Miss | None = None
        self.beside: dict[tuple[int, bool], Miss] = {}
        self.over: Claim | None = None
        self.fault: Problem | None = None
        self.turns = 0
        self._placed: set[int] = set()  # goals whose rows there are
        self._length = 0  # of the network that was last traced to its end
        self._values: dict[int, set[Any]] = {}  # by goal, two of what it found

    def look_at(self, rows: Sequence[Row]) -> None:
        """Note which goals have a row in a network that was traced to its end."""
        self.turns += 1
        self._length = len(rows)
        for index, goal in enumerate(self._goals):
            if index not in self._placed and row_at(goal.place, rows) is not None:
                self._placed.add(index)

    def holds_for(
        self, numbers: tuple[int, ...], answers: tuple[Any, ...], rows: Sequence[Row] = ()
    ) -> bool:
        """Return whether all goals hold for numbers; else keep what is missed.

        Rows are those that were traced, if numbers were.
        """
        wrong = []
        for index, (goal, found) in enumerate(zip(self._goals, answers, strict=True)):
            if len(values := self._values.setdefault(index, set())) < 2:
                values.add(found)
            if goal.operator != "?" and not holds(goal, seen_by(goal, found, rows)):
                wrong.append(index)
        if not wrong:
            return True
        distance = sum(distance_of(self._goals[index], answers[index]) for index in wrong)
        miss = Miss(len(wrong), distance, numbers, answers, tuple(wrong))
        if self.nearest is None or miss[:2] < self.nearest[:2]:
            self.nearest = miss
        if len(wrong) > 1:
            return False
        low, high = misses(self._goals[wrong[0]], answers[wrong[0]])
        if low != high:
            side = wrong[0], low
            if side not in self.beside or miss[:2] < self.beside[side][:2]:
                self.beside[side] = miss
        return False

    def exceed(self, rows: Sequence[Row]) -> bool:
        """Return whether a beginning costs more than a goal allows: costs only add up."""
        for goal in self._goals:
            if goal.place is None and goal.operator in _BOUNDS and goal.quantity in COSTS:
                cost = sum(QUANTITIES[goal.quantity].of(row) for row in rows if not row.aux)
                if misses(goal, cost)[1]:
                    self.over = goal
                    return True
        return False

    def is_constant(self, index: int) -> bool:
        """Return whether all that was traced had the same of what a goal is about."""
        return len(self._values.get(index, ())) == 1

    def refuse_missing_row(self) -> None:
        """Refuse a goal of a row that no network had that was traced to its end."""
        if not self.turns:
            return
        for index, goal in enumerate(self._goals):
            if index not in self._placed:
                raise Problem(
                    "claim-unreadable",
                    _("no row has the label or number {place}", place=quoted(goal.place or "")),
                    [Label(goal.span)],
                    helps=[_("rows go up to {last}", last=self._length - 1)],
                )
