"""`cnncalc solve`: goals to solutions."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.api.solutions import Solutions
from cnncalc.cli import options
from cnncalc.cli.command import Command, leave
from cnncalc.cli.output import tell
from cnncalc.cli.requests import Form, Typed, read_settings, refuse_twice
from cnncalc.cli.streams import watch
from cnncalc.speech.language import _

INTERRUPTED = 130


def _run(goals: tuple[str, ...], range: tuple[str, ...], **given: Any) -> None:  # noqa: A002
    least, most = given["min"], given["max"]
    if least and most:
        raise click.UsageError(_("--min and --max ask for different orders"))
    refuse_twice("--range", range)
    form = Form.of(given)
    settings = read_settings(given)
    network, volume = Typed.of(given).read(settings)
    with watch(_("solving")) as done:
        found = Solutions(
            network,
            goals,
            settings,
            given=volume,
            ranges=range,
            order=("--min", least) if least else ("--max", most) if most else None,
            watch=done,
        )
    tell(found, form)
    leave(INTERRUPTED if found.was_stopped else int(not len(found)))


def command() -> Command:
    """Return the command `cnncalc solve`."""
    return Command(
        "solve",
        callback=_run,
        params=[
            *options.network_parameters("network", "NETWORK", nargs=1),
            click.Argument(
                ["goals"],
                nargs=-1,
                required=True,
                metavar="GOAL...",
                shell_complete=options.completes("claims"),
            ),
            *options.options_of(
                """
                --range NAME=A..B*  Look for an unknown there, as k=1..100.
                --min NAME          Order solutions, least of this first.
                --max NAME          Order solutions, most of this first.
                """
            ),
            *options.form_options(),
            *options.settings_options(),
        ],
        help="The numbers in place of '?' for which claims hold.\n\n"
        "A GOAL is a claim, as check takes it: output=63x63x32, rf>=31; or a quantity to be told, "
        "in_features=?. '?n' is the same number wherever it stands.",
        example='cnncalc solve "63x63x16 -> conv 32 k7 p?" output=63x63x32',
    )
