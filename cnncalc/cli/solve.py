"""`cnncalc solve`: how solutions are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command, leave
from cnncalc.cli.options import (
    Form,
    channels_first_option,
    form_options,
    input_option,
    names_in,
    network_argument,
    read_settings,
)
from cnncalc.cli.output import show
from cnncalc.cli.streams import watch
from cnncalc.homework.claims import NAMES, holds, seen_by
from cnncalc.homework.variations import text_of
from cnncalc.importing.sources import read_input, read_network
from cnncalc.numbers.ranges import read_range
from cnncalc.numbers.terms import letters_in
from cnncalc.report.listing import Column, Listing
from cnncalc.report.quantities import QUANTITIES, in_order
from cnncalc.solve.goals import read_goal
from cnncalc.solve.search import MOST_FOUND, Miss, Search, Solution
from cnncalc.solve.sentences import why, working
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.output.table import Style
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.settings import Settings

MOST_SHOWN = 10
INTERRUPTED = 130


def print_solutions(
    network: str,
    goals: Sequence[str],
    form: Form,
    *,
    given: str | None,
    ranges: Sequence[str],
    order: tuple[str, str] | None,
    settings: Settings,
) -> int:
    """Print the numbers in place of `?` for which goals hold; 1 where there are none."""
    first = settings.channels_first
    claims = [read_goal(Source("<goal>", goal), channels_first=first) for goal in goals]
    ordered = _ordered(*order) if order else None
    if ordered and ordered not in [claim.quantity for claim in claims if not claim.place]:
        claims.append(read_goal(Source("<goal>", f"{ordered}=?")))
    found: list[Solution] = []
    is_cut = False
    with watch(_("solving")) as tell:
        search = Search(
            read_network(network, channels_first=first),
            claims,
            settings,
            given=read_input(given, channels_first=first),
            ranges=[read_range(Source("--range", text)) for text in ranges],
            watch=tell,
        )
        try:
            found.extend(search.solutions())
        except KeyboardInterrupt:
            is_cut = True
    found.sort(key=lambda each: each.order)
    if ordered and order:
        at = [claim.quantity for claim in claims].index(ordered)
        found.sort(key=lambda each: _size(each.answers[at]), reverse=order[0] == "--max")

    def drawing(how: Style) -> str:
        lines = _lines(search, found, is_cut=is_cut or search.is_cut)
        return "\n".join(part for line in lines for part in wrap(line, how.width))

    listing = _listed(search, found, is_complete=not (is_cut or search.is_cut))
    warnings = _warnings(search, found) if form.format != "table" else []
    show(listing, form, drawing, warnings=warnings)
    return INTERRUPTED if is_cut else int(not found)


def _warnings(search: Search, found: Sequence[Solution]) -> list[Problem]:
    """Return what the networks of the first solutions warn of, each once."""
    warnings: dict[str, Problem] = {}
    for solution in filter(search.passes, found[:MOST_SHOWN]):
        for each in search.report(solution.numbers).warnings:
            warnings.setdefault(each.draw(), each)
    return list(warnings.values())


def _ordered(option: str, name: str) -> str:
    """Return the quantity that solutions are ordered by."""
    return names_in(name, option, NAMES, "unknown-quantity", "no quantity is called {name}")[0]


def _size(answer: Any) -> tuple[bool, Any]:
    """Return what puts answers in order: what is no number goes after all numbers."""
    sizes = answer if isinstance(answer, tuple) else (answer,)
    is_number = answer is not None and not isinstance(answer, str) and not letters_in(sizes)
    return not is_number, sizes if is_number else ()


def _listed(search: Search, found: Sequence[Solution], *, is_complete: bool) -> Listing:
    """Return the solutions as rows, each of which has passed the forward core."""
    variables = [Column(each.name, each.name, "number") for each in search.variables]
    goals = [Column(_name(goal), _name(goal), _form(goal)) for goal in search.goals]

    def data(solution: Solution | Miss) -> dict[str, Any]:
        numbers = {each.name: n for each, n in zip(variables, solution.numbers, strict=True)}
        answers = {
            each.name: _in_order(search, goal, answer)
            for each, goal, answer in zip(goals, search.goals, solution.answers, strict=True)
        }
        return {**numbers, "network": search.text(solution.numbers), **answers, **numbers}

    near = None if found else search.nearest
    ranges = {each.name: (each.numbers[0], each.numbers[-1]) for each in search.variables}
    return Listing(
        "solutions",
        [*variables, Column("network", _("network"), "code"), *goals],
        (data(each) for each in found if search.passes(each)),
        head={"ranges": ranges},
        tail={"complete": is_complete, "nearest": data(near) if near else None},
    )


def _name(goal: Claim) -> str:
    """Return what a goal is about: a quantity, of a place if it has one."""
    return f"{goal.place}.{goal.quantity}" if goal.place else goal.quantity


def _form(goal: Claim) -> str:
    """Return the form of a goal's answers."""
    quantity = QUANTITIES.get(goal.quantity)
    return quantity.form if quantity else "volume" if goal.quantity == "size" else "count"


def _in_order(search: Search, goal: Claim, answer: Any) -> Any:
    """Return an answer in the order that is printed: an output's channels may go first."""
    quantity = QUANTITIES.get(goal.quantity)
    if quantity is None:
        return answer
    return in_order(quantity, answer, channels_first=search.settings.channels_first)


# ---------------------------------------------------------------- for people


def _lines(search: Search, found: Sequence[Solution], *, is_cut: bool) -> Iterator[str]:
    """Yield the first solutions with their working, and what was searched."""
    for solution in filter(search.passes, found[:MOST_SHOWN]):
        yield from _solution(search, solution)
    if not search.variables:
        return
    if found:
        yield ""
    if len(found) > MOST_SHOWN:
        yield _("{count:,} more; --json lists them all", count=len(found) - MOST_SHOWN)
    if not found:
        yield _("No solution was found.") if is_cut else _("There is no solution.")
        if search.nearest:
            yield _("The nearest:")
            yield from _solution(search, search.nearest)
        yield from () if is_cut else why(search)
    yield _searched(search, len(found), is_cut=is_cut)


def _solution(search: Search, solution: Solution | Miss) -> Iterator[str]:
    """Yield numbers, the network with them, what the goals found, and the working."""
    numbers = solution.numbers
    report = search.report(numbers)
    indent = "  " if search.variables else ""
    if search.variables:
        yield search.said(numbers)
    spans = [span for variable in search.variables for span in variable.spans]
    for source in dict.fromkeys(span.source for span in spans):
        text = search.text(numbers, source).strip()
        if "\n" not in text:
            yield f"{indent}{text}"
    for goal, answer in zip(search.goals, solution.answers, strict=True):
        value = _("none") if answer is None else text_of(_in_order(search, goal, answer))
        line = f"{indent}{_name(goal)} = {value}"
        if goal.operator == "?" or holds(goal, seen_by(goal, answer, report.rows)):
            yield line
        else:
            yield _("{line}, and not {goal}", line=line, goal=goal.text)
    for line in working(search.goals, report.rows):
        yield f"{indent}{line}"
    for warning in report.warnings:
        said = warning.labels[0].text or warning.message
        yield f"{indent}{_('warning')}: {said}"


def _searched(search: Search, count: int, *, is_cut: bool) -> str:
    """Return the ranges that were searched, and whether there may be more."""
    ranges = ", ".join(
        f"{each.name} = {each.numbers[0]}..{each.numbers[-1]}" for each in search.variables
    )
    if count >= MOST_FOUND:
        return _("Searched {ranges}; there are more than {count:,}.", ranges=ranges, count=count)
    if is_cut and count:
        return _("Searched {ranges}, not to the end: there may be more.", ranges=ranges)
    if is_cut:
        return _("Searched {ranges}, not to the end.", ranges=ranges)
    return _("Searched {ranges}.", ranges=ranges)


def command() -> click.Command:
    """Return the command `cnncalc solve`."""

    def run(
        network: str,
        goals: tuple[str, ...],
        input: str | None,  # noqa: A002
        range: tuple[str, ...],  # noqa: A002
        **given: Any,
    ) -> None:
        least, most = given["min"], given["max"]
        if least and most:
            raise click.UsageError("--min and --max ask for different orders")
        leave(
            print_solutions(
                network,
                goals,
                Form.of(given),
                given=input,
                ranges=range,
                order=("--min", least) if least else ("--max", most) if most else None,
                settings=read_settings(given),
            )
        )

    return Command(
        "solve",
        callback=run,
        params=[
            network_argument(),
            click.Argument(["goals"], nargs=-1, required=True, metavar="GOAL..."),
            input_option(),
            click.Option(
                ["--range"],
                multiple=True,
                metavar="NAME=A..B",
                help="Look for an unknown there, as k=1..100.",
            ),
            click.Option(["--min"], metavar="NAME", help="Order solutions, least of this first."),
            click.Option(["--max"], metavar="NAME", help="Order solutions, most of this first."),
            *form_options(),
            channels_first_option(),
            click.Option(
                ["--strict"], is_flag=True, help="Refuse windows that do not tile, as in CS231n."
            ),
        ],
        help="The numbers in place of '?' for which claims hold.\n\n"
        "A GOAL is a claim, as check takes it: output=63x63x32, rf>=31; or a quantity to be told, "
        "in_features=?. '?n' is the same number wherever it stands.",
        example='cnncalc solve "63x63x16 -> conv 32 k7 p?" output=63x63x32',
    )


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    row = schema.of({"network": schema.TEXT}, more={})
    ends = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    return {
        "solve": schema.listed(
            "solutions",
            [Column("network", "network", "code")],
            head={"ranges": {"type": "object", "additionalProperties": ends}},
            tail={
                **schema.TOLD,
                "complete": {"type": "boolean"},
                "nearest": {"anyOf": [row, {"type": "null"}]},
            },
            more={},
        )
    }
