"""`cnncalc compare`: how networks side by side are printed."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.api.comparison import Comparison
from cnncalc.cli import options
from cnncalc.cli.command import Command, leave
from cnncalc.cli.output import tell
from cnncalc.cli.requests import Form, Typed, read_order, read_settings
from cnncalc.report.ordering import Order
from cnncalc.speech.language import _


def _run(**given: Any) -> None:
    typed = Typed.of(given)
    form = Form.of(given)
    settings = read_settings(given)
    order = read_order(given)
    sweep, columns = given["sweep"], given["columns"]
    if sweep is not None:
        from cnncalc.cli.sweep import print_curves

        wanted = {"columns": columns, "order": order, "is_patient": given["yes"]}
        leave(print_curves(typed, sweep, settings, form, **wanted))
        return
    if len(typed.texts) < 2:
        raise click.UsageError(_("compare takes two networks or more, a word each"))
    if columns is not None:
        raise click.UsageError(_("--columns goes with --sweep"))
    if order != Order():
        raise click.UsageError(_("--sort and --top go with --sweep"))
    if given["yes"]:
        raise click.UsageError(_("--yes goes with --sweep"))
    reports = [typed.report(settings, text) for text in typed.texts]
    tell(Comparison(typed.texts, reports), form)


def command() -> Command:
    """Return the command `cnncalc compare`."""
    return Command(
        "compare",
        callback=_run,
        params=[
            *options.network_parameters("networks", "NETWORK NETWORK..."),
            *options.options_of(
                """
                --sweep NAME=A..B:STEP  Give a row for each input size, unknown, letter or
                                        parameter, as in input=32..512:32.
                --columns NAMES         Choose what a sweep shows, with commas between.
                --yes                   Go through a sweep that takes minutes, too.
                """
            ),
            *options.order_options(),
            *options.form_options(),
            *options.settings_options(),
        ],
        help="Networks side by side, each in quotes, a file, or a model's name.",
        example='cnncalc compare "56x56x64 -> [conv 64 k3 p1]*3" "56x56x64 -> conv 64 k7 p3"',
    )
