"""What is said of a search: the arithmetic of solutions, and why there are none."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.homework.answers import text_of
from cnncalc.numbers.working import product, shown, spoken, write
from cnncalc.report.explanation import explain
from cnncalc.report.steps import BEARS_ON, EXPLAINED, HELD
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Several

    from cnncalc.homework.claims import Claim
    from cnncalc.solving.search import Search
    from cnncalc.trace.rows import Row

MOST_STEPS = 4  # lines of working that are shown of a goal

_CHAINED = frozenset({"output", "rf", "jump"})  # what a row has from those before it
_STEPPED = EXPLAINED.keys() - HELD  # what `explain` works out of a row


def working(goals: Iterable[Claim], rows: Several[Row]) -> list[str]:
    """Return the arithmetic of what goals are about, where few rows have a part in it."""
    lines: dict[tuple[int, str], str] = {}
    for goal in goals:
        subject = goal.query.subject(rows)
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
        wanted = BEARS_ON.get(goal.quantity, goal.quantity)
        among = subject.rows
        if wanted in _CHAINED:
            among = rows[: among[-1].index + 1]
        if wanted not in _STEPPED:
            continue
        all_steps = ((row, step) for row in among for step in explain(row, rows))
        found = ((row, step) for row, step in all_steps if step.quantity == wanted)
        steps = list(islice(found, MOST_STEPS + 1))
        for row, step in steps if len(steps) <= MOST_STEPS else ():
            name = f"{row.layer}: " if len(rows) > 2 else ""
            text = f"{name}{write(step.numbers)} = {step.value}"
            lines[row.index, text] = text
    return list(lines.values())


def why(search: Search) -> list[str]:
    """Return why there is no solution, as far as the search has shown it."""
    found = search.findings
    miss = found.nearest
    if miss is None and found.over:
        return [_("Whatever they are, {name} comes to more than that.", name=found.over.quantity)]
    if miss is None:
        fault = found.fault
        return [_("Nothing in the range fits: {fault}.", fault=fault.message)] if fault else []
    lines = []
    for index in miss.wrong:
        goal = search.goals[index]
        if found.is_constant(index) and found.turns > 1:
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
    below, above = found.beside.get((index, True)), found.beside.get((index, False))
    if below and above and not found.over:
        lines.append(
            _(
                "{below} gives {less} and {above} gives {more}: nothing lies between.",
                below=search.said(below.numbers),
                less=text_of(below.answers[index]),
                above=search.said(above.numbers),
                more=text_of(above.answers[index]),
            )
        )
    elif below and not found.over:
        lines.append(_("This is the largest {name} in the range.", name=name))
    elif above and not found.over:
        lines.append(_("This is the smallest {name} in the range.", name=name))
    if not (below and above):
        for variable, number in zip(search.variables, miss.numbers, strict=True):
            if number and number == variable.numbers[-1]:
                wider = f"{variable.name}={variable.numbers[0]}..{2 * number}"
                lines.append(_("'--range {range}' looks further.", range=wider))
    return lines
