"""`cnncalc check`: claims to verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command, leave
from cnncalc.cli.completion import among, complete_claims
from cnncalc.cli.options import (
    channels_first_option,
    form_options,
    input_option,
    memory_options,
    network_argument,
)
from cnncalc.cli.output import tell
from cnncalc.cli.requests import Form, read_settings
from cnncalc.homework.conventions import convention_names, read_accepted
from cnncalc.homework.listings import KINDS, VERDICT_FIELDS
from cnncalc.homework.verdicts import POINTS
from cnncalc.report.listing import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.notation.tree import Network
    from cnncalc.trace.settings import Settings


def run_check(
    network: Network, claims: Sequence[str], settings: Settings, *, form: Form, **how: Any
) -> int:
    """Judge claims about a network and print the verdicts; 1 where any is not right."""
    from cnncalc.api.verdicts import Verdicts

    found = Verdicts(network, claims, settings, **how)
    tell(found, form)
    return int(not found.right)


def command() -> click.Command:
    """Return the command `cnncalc check`."""

    def run(
        network: str,
        claims: tuple[str, ...],
        input: str | None,  # noqa: A002
        accept: str | None,
        follow: str,
        **given: Any,
    ) -> None:
        from cnncalc.cli.sheets import run_class, run_sheet
        from cnncalc.importing.sources import read_input, read_network

        form = Form.of(given)
        settings = read_settings(given)
        first = settings.channels_first
        volume = read_input(input, channels_first=first)
        how: dict[str, Any] = {"given": volume, "accept": read_accepted(accept)}
        if network.endswith(".toml"):
            how["settings"] = settings
            if len(claims) > 1:
                raise click.UsageError("a sheet takes one file of answers, or none")
            leave(
                run_class(network, *claims, form=form, how=how, follow=follow)
                if claims
                else run_sheet(network, form=form, how=how, follow=follow)
            )
            return
        if not claims:
            raise click.UsageError("check needs a claim, as in params=760")
        leave(
            run_check(
                read_network(network, given=volume, channels_first=first),
                claims,
                settings,
                name=network,
                form=form,
                follow=follow,
                **how,
            )
        )

    return Command(
        "check",
        callback=run,
        params=[
            network_argument(),
            click.Argument(
                ["claims"], nargs=-1, metavar="CLAIM...", shell_complete=complete_claims
            ),
            input_option(),
            click.Option(
                ["--accept"],
                metavar="NAMES",
                help="Take these conventions as right.",
                shell_complete=among(convention_names()),
            ),
            click.Option(
                ["--follow"],
                type=click.Choice([*POINTS]),
                default="full",
                help="Count an answer that is right for wrong ones before it so.",
            ),
            *form_options(),
            *memory_options(),
            channels_first_option(),
        ],
        help="Whether answers are right, and which slip leads to a wrong one.\n\n"
        "A CLAIM is a quantity, a sign (=, ~, <=, >=) and a value: params=760, size=15x15, "
        "conv4_3.rf=92, macs~15.5G, output=none. NETWORK may be a sheet of questions, sheet.toml, "
        "with or without the answers of a class, answers.csv, in place of claims.",
        example='cnncalc check "32x32x3 -> conv 10 k5 p2" output=32x32x10 params=750',
    )


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    text = schema.TEXT
    reason = {"name": text, "convention": {"type": "boolean"}}
    reason |= dict.fromkeys(("value", "working", "says"), text)
    columns = [Column("question", "question"), *VERDICT_FIELDS]
    optional = [each.name for each in columns if each.name not in ("claim", "verdict")]
    known = {
        "reasons": {"type": "array", "items": schema.of(reason)},
        "verdict": {"enum": list(KINDS)},
    }
    student = [Column("student", "student"), Column("score", "score", "count")]
    return {
        "check": schema.listed(
            "verdicts", columns, known=known, optional=optional, tail=schema.TOLD
        ),
        "class": schema.listed("students", student, more=text, tail=schema.TOLD),
    }
