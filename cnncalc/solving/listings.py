"""Solutions in the order that is asked for, as rows under columns, and what they warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import hundredths, letters_in
from cnncalc.report.asked import fields_of
from cnncalc.report.claim_names import NAMES
from cnncalc.report.listing import Listing, Schema
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import in_order, refuse_without
from cnncalc.solving.goals import read_goal
from cnncalc.speech.columns import Column, field
from cnncalc.speech.language import _
from cnncalc.speech.names import names_in
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.solving.findings import Miss, Solution
    from cnncalc.solving.search import Search
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.settings import Settings

MOST_SHOWN = 10


def read_goals(
    goals: Sequence[str], order: tuple[str, str] | None, settings: Settings
) -> list[Claim]:
    """Return goals, and that which asks for the quantity that solutions are put in order by."""
    first = settings.channels_first
    claims = [read_goal(Source("<goal>", goal), channels_first=first) for goal in goals]
    if order and _ordered(order) not in [each.quantity for each in claims if not each.place]:
        claims.append(read_goal(Source("<goal>", f"{_ordered(order)}=?")))
    for each in claims:
        if each.quantity in QUANTITIES:
            refuse_without(QUANTITIES[each.quantity], settings)
    return claims


def in_turn(
    goals: Sequence[Claim], found: Sequence[Solution], order: tuple[str, str] | None
) -> list[Solution]:
    """Return solutions as people would choose, or by a quantity: least first, or most."""
    turn = sorted(found, key=lambda each: each.order)
    if order:
        at = [goal.quantity for goal in goals].index(_ordered(order))
        turn.sort(key=lambda each: _size(each.answers[at]), reverse=order[0] == "--max")
    return turn


def _ordered(order: tuple[str, str]) -> str:
    """Return the quantity of an order, an option and its value."""
    option, name = order
    return names_in(name, option, NAMES, "unknown-quantity", "no quantity is called {name}")[0]


def _size(answer: Any) -> tuple[bool, Any]:
    """Return what puts answers in order: what is no number goes after all numbers."""
    sizes = answer if isinstance(answer, tuple) else (answer,)
    is_number = answer is not None and not isinstance(answer, str) and not letters_in(sizes)
    return not is_number, sizes if is_number else ()


SOLUTIONS = Schema(
    "solutions",
    [field("network")],
    [field("ranges", "ends{}"), *fields_of(lambda found: found.settings)],
    [
        field("complete", "boolean", lambda found: found.is_complete),
        field("nearest", "row?"),
        field("warnings", "problems"),
    ],
    more="value",
)
"""Solutions: numbers and answers stand in them under the names of unknowns and goals."""


def listed(search: Search, found: Sequence[Solution], of: object) -> Listing:
    """Return the solutions as rows, each of which has passed the forward core."""
    columns = [
        *(Column(each.name, each.name, "number") for each in search.variables),
        Column("network", _("network"), "code"),
        *(Column(name_of(goal), name_of(goal), _form(goal)) for goal in search.goals),
    ]
    rows = (_row(search, each) for each in found if search.passes(each))
    return SOLUTIONS.listing(columns, rows, of, fields=columns)


def nearest_row(search: Search) -> dict[str, Any] | None:
    """Return the row of what came nearest, if anything did."""
    near = search.findings.nearest
    return near and _row(search, near)


def _row(search: Search, solution: Solution | Miss) -> dict[str, Any]:
    names = [each.name for each in search.variables]
    numbers = dict(zip(names, solution.numbers, strict=True))
    answers = {
        name_of(goal): answer_in_order(search, goal, answer)
        for goal, answer in zip(search.goals, solution.answers, strict=True)
    }
    return {**numbers, "network": search.text(solution.numbers), **answers, **numbers}


def name_of(goal: Claim) -> str:
    """Return what a goal is about: a quantity, of a place if it has one."""
    return f"{goal.place}.{goal.quantity}" if goal.place else goal.quantity


def _form(goal: Claim) -> str:
    """Return the form of a goal's answers."""
    quantity = QUANTITIES.get(goal.quantity)
    return quantity.form if quantity else "volume" if goal.quantity == "size" else "count"


def answer_in_order(search: Search, goal: Claim, answer: Any) -> Any:
    """Return an answer in the order that is printed: an output's channels may go first."""
    quantity = QUANTITIES.get(goal.quantity)
    if quantity is None:
        return answer
    if quantity.form == "ratio" and not isinstance(answer, float | None):
        return hundredths(answer.numerator, answer.denominator)
    return in_order(quantity, answer, channels_first=search.settings.channels_first)


def warnings_of(search: Search, found: Sequence[Solution]) -> list[Problem]:
    """Return what the networks of the first solutions warn of, each once."""
    warnings: dict[str, Problem] = {}
    for solution in filter(search.passes, found[:MOST_SHOWN]):
        for each in search.report(solution.numbers).warnings:
            warnings.setdefault(each.draw(), each)
    return list(warnings.values())
