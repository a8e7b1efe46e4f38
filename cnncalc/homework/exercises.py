"""Exercises: what is asked of a network, the choices, the working, and what confirms the key.

Where slips give too few wrong choices, the answer is written down.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import Query, answer, text_of
from cnncalc.homework.judge import Judge
from cnncalc.homework.ways import WAYS
from cnncalc.homework.workings import values_in
from cnncalc.homework.wrong_choices import BACKWARDS, WRONG, Option, choices_of
from cnncalc.notation.parser import parse
from cnncalc.numbers.working import shown
from cnncalc.report.explanation import explain, explain_totals
from cnncalc.report.quantities import QUANTITIES, bytes_of
from cnncalc.report.several import as_one
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from cnncalc.numbers.working import Working
    from cnncalc.trace.rows import Row

MOST_LINES = 24  # of a working, the last of them

ASKED = {
    "output": "What is the size of the output?",
    "params": "How many parameters does it have, biases included?",
    "macs": "How many multiply-accumulates (MACs) does it take?",
    "rf": "How many input pixels does a unit of the last layer see along each axis?",
    "in_features": "How many inputs does the first fully connected layer have?",
    "memory": "Its input and the outputs of its layers are held in float32, a relu's over its "
    "input: how many bytes are they?",
    "params-memory": "How many bytes are its parameters in float32, biases included?",
}
"""What is asked of a quantity."""

FEWER = {
    "params": "Which has fewer parameters, biases included, and how many fewer?",
    "macs": "Which takes fewer multiply-accumulates (MACs), and how many fewer?",
}
"""What is asked of two networks."""

SOUGHT = {
    "kernel": "Which kernel gives this {quantity}: {goal}?",
    "stride": "Which stride gives this {quantity}: {goal}?",
    "padding": "Which padding on each side gives this {quantity}: {goal}?",
    "input": "Which size of the input gives this {quantity}: {goal}?",
    "filters": "How many filters give this {quantity}: {goal}?",
    "units": "How many outputs give this {quantity}: {goal}?",
}
"""What is asked of a network with an unknown in it."""

_CHAINED = {"output": ("output",), "rf": ("rf", "jump")}


class Confirmation(NamedTuple):
    """What confirms an answer: claims that are right about a network."""

    network: str
    claims: tuple[str, ...]


class WorkingLine(NamedTuple):
    """A line of a working: what it is of, a layer or in words, and its arithmetic."""

    name: str
    numbers: Working
    is_code: bool = True


class Exercise(NamedTuple):
    """What is asked of one network or several, the answer, choices if any, and the working.

    A `table` has a row for each layer: the layer, its output and its parameters.
    """

    kind: str
    networks: tuple[str, ...]
    question: str
    answer: str
    choices: tuple[Option, ...]
    keys: tuple[Confirmation, ...]
    working: tuple[WorkingLine, ...]
    table: tuple[tuple[str, str, str], ...] = ()


def judge_of(text: str) -> Judge | None:
    """Return a judge for a network that fits and has nothing to be warned of."""
    judge = judge_if_fits(text)
    return None if judge is None or judge.warnings else judge


@lru_cache(maxsize=4)
def judge_if_fits(text: str) -> Judge | None:
    """Return a judge for a network that fits, though it may leave pixels over.

    It is kept for a few exercises: what it traced once it need not trace again.
    """
    try:
        judge = Judge(parse(Source("<quiz>", text)))
    except Problem:
        return None
    return None if judge.fault else judge


def ask(
    text: str, quantity: str, kind: str, chance: random.Random, row: Row | None = None
) -> Exercise | None:
    """Return the exercise of a quantity of a network, or of one of its rows.

    None where it has no answer, no working or no slips.
    """
    judge = judge_of(text)
    if judge is None or any(each.kind == "opaque" for each in judge.rows):
        return None
    place = None if row is None else str(row.index)
    query = Query(place, quantity)
    right = query.answer(judge.rows)
    rows = judge.rows if row is None else judge.rows[: row.index + 1]
    lines = tuple(working(rows, quantity))[-MOST_LINES:]
    if right in ("all", None, 0) or not lines:
        return None
    wrong: dict[str, str] = {}
    for each in judge.alternatives.named(WRONG[quantity], query):
        if each.value not in (right, (), "all"):
            wrong.setdefault(_text(each.value, quantity), each.says)
    choices = choices_of(_text(right, quantity), wrong, chance)
    if not choices:
        return None
    head = f"{place}." if place else ""
    key = Confirmation(text, (f"{head}{quantity}={_text(right, quantity, bare=True)}",))
    said = _text(right, quantity)
    question = _(ASKED[quantity])
    if row is not None:
        question = _(
            "How many input pixels does a unit of row {row}, {layer}, see along each axis?",
            row=row.index,
            layer=row.layer,
        )
    return Exercise(kind, (text,), question, said, choices, (key,), lines)


def compare(texts: tuple[str, str], quantity: str, chance: random.Random) -> Exercise | None:
    """Return the exercise which of two networks has less of a quantity, and how much less."""
    judges = [judge_of(text) for text in texts]
    if None in judges:
        return None
    query = Query(None, quantity)
    ways = [{"": judge.right(quantity)} for judge in judges if judge]
    says: dict[str, str] = {}
    for judge, found in zip(judges, ways, strict=True):
        for each in judge.alternatives.named(WRONG[quantity], query) if judge else ():
            found[each.name] = each.value
            says[each.name] = WAYS[each.name].says
    first, second = (found[""] for found in ways)
    if first == second:
        return None

    def said(first: int, second: int) -> str:
        name = "A" if first < second else "B"
        return _("{name}, by {count}", name=name, count=f"{abs(first - second):,}")

    right = said(first, second)
    wrong = {said(second, first): _("the other way round")}
    for name in WRONG[quantity]:
        pair = [found.get(name, found[""]) for found in ways]
        if name in says and pair[0] != pair[1] and said(*pair) != right:
            wrong.setdefault(said(*pair), says[name])
    choices = choices_of(right, wrong, chance)
    if not choices:
        return None
    lines: list[WorkingLine] = []
    for name, judge in zip("AB", judges, strict=True):
        worked = working(judge.rows, quantity) if judge else ()
        lines += (line._replace(name=f"{name}: {line.name}") for line in worked)
    least, most = sorted((first, second))
    name = "B − A" if second > first else "A − B"
    lines.append(WorkingLine(name, shown(most) - least, is_code=False))
    keys = tuple(
        Confirmation(text, (f"{quantity}={found['']}",))
        for text, found in zip(texts, ways, strict=True)
    )
    return Exercise("compare", texts, _(FEWER[quantity]), right, choices, keys, tuple(lines))


class HiddenNumber(NamedTuple):
    """A network with a place for a number, what the number is, what it may be, and what it is."""

    text: str
    argument: str
    numbers: Sequence[int]
    right: int
    quantity: str = "output"

    def at(self, number: object) -> str:
        """Return the network with a number in its place."""
        return self.text.replace("{}", str(number))


def seek(unknown: HiddenNumber, kind: str, chance: random.Random) -> Exercise | None:
    """Return the exercise that asks for the one number by which a network comes to its answer.

    Wrong choices are the numbers that come to it by a slip.
    """
    quantity, goal = unknown.quantity, None
    judge = judge_of(unknown.at(unknown.right))
    goal = judge.right(quantity) if judge else None
    if judge is None or goal is None:
        return None
    wrong: dict[str, str] = {}
    if unknown.argument == "padding":
        for each in judge.alternatives.named(WRONG["padding"], Query(None, "padding")):
            wrong.setdefault(text_of(each.value), each.says)
    by_slip: dict[str, list[int]] = {}
    for number in unknown.numbers:
        other = judge_if_fits(unknown.at(number))
        if other is None:
            continue
        if other.right(quantity) == goal and number != unknown.right:
            return None  # there are two
        if other.warnings:
            continue
        slips = BACKWARDS if quantity == "output" else ()
        for each in other.alternatives.named(slips, Query(None, quantity)):
            if each.value == goal:
                by_slip.setdefault(each.says, []).append(number)
    for says, numbers in by_slip.items():
        if len(numbers) == 1:  # more are of a slip that does not see the number
            wrong.setdefault(str(numbers[0]), says)
    claim = {
        "input": f"0.size={unknown.right}",
        "filters": f"channels={unknown.right}",
        "units": f"channels={unknown.right}",
    }.get(unknown.argument, f"1.{unknown.argument}={unknown.right}")
    said = _(
        SOUGHT[unknown.argument],
        quantity=_("output") if quantity == "output" else _("number of parameters"),
        goal=text_of(goal),
    )
    given = f"{quantity}={_text(goal, quantity, bare=True)}"
    mark = "?n" if unknown.text.count("{}") > 1 else "?"
    return Exercise(
        kind,
        (unknown.at(mark),),
        said,
        str(unknown.right),
        choices_of(str(unknown.right), wrong, chance),
        (Confirmation(unknown.at(unknown.right), (given, claim)),),
        tuple(working(judge.rows, quantity)),
    )


def fill_in(text: str, rows: Sequence[Row]) -> Exercise:
    """Return the table of those rows of a network that change its map or learn, to be filled in."""
    shown_rows = [row for row in rows if row.index and (row.output != row.input or row.params)]
    lines = [(row.layer, text_of(row.output), f"{row.params:,}") for row in shown_rows]
    claims = [
        f"{row.index}.{quantity}={_text(answer(quantity, row), quantity, bare=True)}"
        for row in shown_rows
        for quantity in ("output", "params")
    ]
    return Exercise(
        "table",
        (text,),
        _("Fill in the size of each output, and the parameters."),
        "",
        (),
        (Confirmation(text, tuple(claims)),),
        tuple(working(rows, "params")),
        (("input", text_of(rows[0].output), ""), *lines),
    )


def working(rows: Sequence[Row], quantity: str) -> Iterable[WorkingLine]:
    """Yield the lines by which rows come to a quantity, the sum of them last."""
    if quantity in ("memory", "params-memory"):
        held = "activations" if quantity == "memory" else "params"
        parts = [number for row in rows if (number := QUANTITIES[held].of(row))]
        if len(parts) > 1:
            yield WorkingLine(_("values"), sum(parts[1:], start=shown(parts[0])), is_code=False)
        yield WorkingLine(_("bytes"), bytes_of(quantity, as_one(rows)), is_code=False)
        return
    wanted = _CHAINED.get(quantity, (quantity,))
    fc = next((row for row in rows if row.kind == "fc"), None)
    if quantity == "in_features":
        wanted = ("output",)
        rows = [row for row in rows if fc and row.index < fc.index]
    is_asked = [row.kind != "flatten" or quantity != "in_features" for row in rows]
    steps = [
        (row.layer, step)
        for row in compress(rows, is_asked)
        for step in explain(row, rows)
        if step.quantity in wanted
    ]
    while steps and quantity == "rf" and steps[-1][1].quantity != quantity:
        steps.pop()  # a jump that no layer behind it takes
    yield from (WorkingLine(layer, step.numbers) for layer, step in steps)
    if quantity == "in_features" and fc:
        before = next((row for row in reversed(rows) if len(row.output) > 1), None)
        if before:  # else a vector comes in
            yield WorkingLine(fc.layer, values_in(before.output))
    for step in explain_totals(rows) if quantity not in _CHAINED else ():
        if step.quantity == quantity:
            yield WorkingLine(step.name, step.numbers, is_code=False)


def _text(value: Any, quantity: str, *, bare: bool = False) -> str:
    """Return an answer as it is written; `bare`, as a claim has it."""
    if bare:
        return text_of(value).replace(",", "")
    said = text_of(value)
    return _("{count} bytes", count=said) if quantity.endswith("memory") else said
