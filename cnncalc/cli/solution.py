"""`cnncalc solve`: how solutions are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.claims import read_claim
from cnncalc.cli.screen import say
from cnncalc.explaining import explain
from cnncalc.judging import answer_of
from cnncalc.language import _
from cnncalc.problem import Source
from cnncalc.solving import Search, Solution
from cnncalc.variations import text_of
from cnncalc.working import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.claims import Claim

MOST_SHOWN = 10


def print_solutions(
    source: Source, goals: Sequence[str], *, least: str | None, most: str | None, as_json: bool
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
    if as_json:
        from cnncalc.export.json import SCHEMA, dumps

        names = [variable.name for variable in search.variables]
        rows = [
            {**dict(zip(names, each.values, strict=True)), "network": each.network}
            for each in found
        ]
        say(dumps({"schema": SCHEMA, "solutions": rows, "complete": not search.is_cut}))
        return int(not found)
    for each in found[:MOST_SHOWN]:
        say(_said(search, each))
        for line in _working(search, each, claims):
            say(f"  {line}")
    say(_closing(search, found, claims, interrupted=interrupted))
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
