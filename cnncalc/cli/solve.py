"""`cnncalc solve`: how solutions are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.claims import read_claim
from cnncalc.cli.command import Command, leave
from cnncalc.cli.options import Form, form_options
from cnncalc.cli.output import show
from cnncalc.explaining import explain
from cnncalc.judging import answer_of
from cnncalc.language import _
from cnncalc.listing import Column, Listing
from cnncalc.problem import Source
from cnncalc.solving import Search, Solution
from cnncalc.sources import read_source
from cnncalc.variations import text_of
from cnncalc.working import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.claims import Claim
    from cnncalc.table import Style

MOST_SHOWN = 10


def print_solutions(
    source: Source, goals: Sequence[str], *, least: str | None, most: str | None, form: Form
) -> int:
    """Print the numbers in place of `?` for which goals hold; 1 where there are none."""
    claims = [read_claim(Source("<goal>", goal)) for goal in goals]
    search = Search(source, claims)
    found: list[Solution] = []
    interrupted = False
    try:
        found.extend(search.solutions())
    except KeyboardInterrupt:
        interrupted = True
    order = least or most
    if order:
        key = read_claim(Source("--min" if least else "--max", f"{order}=1")).quantity

        def size(solution: Solution) -> Any:
            return answer_of(None, key, solution.rows)

        found.sort(key=size, reverse=most is not None)
    variables = [Column(each.name, each.name, "number") for each in search.variables]
    rows = [
        {**dict(zip([each.name for each in variables], each.values, strict=True))}
        | {"network": each.network}
        for each in found
    ]

    def drawing(_how: Style) -> str:
        lines = []
        for each in found[:MOST_SHOWN]:
            lines += [_said(search, each), *(f"  {x}" for x in _working(search, each, claims))]
        return "\n".join([*lines, _closing(search, found, claims, interrupted=interrupted)])

    listing = Listing(
        "solutions",
        [*variables, Column("network", "network", "code")],
        rows,
        tail={"complete": not search.is_cut},
    )
    show(listing, form, drawing)
    return int(not found)


def _said(search: Search, solution: Solution) -> str:
    pairs = zip(search.variables, solution.values, strict=True)
    return ", ".join(f"{variable.name} = {value}" for variable, value in pairs)


def _working(search: Search, solution: Solution, claims: Sequence[Claim]) -> list[str]:
    """Return the network of a solution, its goals, and the steps of rows that had an unknown."""
    lines = [solution.network]
    for claim in claims:
        found = answer_of(claim.place, claim.quantity, solution.rows)
        lines.append(f"{claim.quantity} = {text_of(found)}")
    if len(search.variables) == 1 and len(solution.rows) == 2:
        wanted = {"size": "output", "channels": "output"}
        asked = {wanted.get(claim.quantity, claim.quantity) for claim in claims}
        lines += [
            f"{write(step.numbers)} = {step.value}"
            for step in explain(solution.rows[1], solution.rows)
            if step.quantity in asked
        ]
    return lines


def _closing(
    search: Search, found: Sequence[Solution], claims: Sequence[Claim], *, interrupted: bool
) -> str:
    """Return what was searched, how many solutions there are, and the nearest miss for none."""
    ranges = ", ".join(f"{each.name} = {each.least}..{each.most}" for each in search.variables)
    lines = [""] if found else []
    if len(found) > MOST_SHOWN:
        lines.append(_("{count:,} more", count=len(found) - MOST_SHOWN))
    if not found:
        lines.append(_("There is no solution."))
        if search.nearest:
            near = search.nearest[1]
            value = text_of(answer_of(claims[0].place, claims[0].quantity, near.rows))
            said = _said(search, near)
            lines.append(
                _(
                    "The nearest: {said} gives {name} = {value}",
                    said=said,
                    name=claims[0].quantity,
                    value=value,
                )
            )
    cut = interrupted or search.is_cut
    lines.append(
        _("Searched {ranges}, but not to its end.", ranges=ranges)
        if cut
        else _("Searched {ranges}.", ranges=ranges)
    )
    return "\n".join(lines)


def command() -> click.Command:
    """Return the command `cnncalc solve`."""

    def run(network: str, goals: tuple[str, ...], **given: Any) -> None:
        if given["min"] and given["max"]:
            raise click.UsageError("--min and --max ask for different orders")
        leave(
            print_solutions(
                read_source(network),
                goals,
                least=given["min"],
                most=given["max"],
                form=Form.of(given),
            )
        )

    return Command(
        "solve",
        callback=run,
        params=[
            click.Argument(["network"], metavar="NETWORK"),
            click.Argument(["goals"], nargs=-1, required=True, metavar="GOAL..."),
            click.Option(["--min"], metavar="NAME", help="Order solutions: least of this first."),
            click.Option(["--max"], metavar="NAME", help="Order solutions: most of this first."),
            *form_options(),
        ],
        help="The numbers in place of '?' for which claims hold.\n\n"
        "A GOAL is a claim, as check takes it: output=63x63x32, rf>=31. '?n' is the same number "
        "wherever it stands.",
        example='cnncalc solve "63x63x16 -> conv 32 k7 p?" output=63x63x32',
    )
