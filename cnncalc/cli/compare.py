"""`cnncalc compare`: how networks side by side are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.api.comparison import Comparison
from cnncalc.cli import options
from cnncalc.cli.command import Command, leave
from cnncalc.cli.output import tell
from cnncalc.cli.requests import Form, read_choice, read_order, read_settings
from cnncalc.cli.streams import watch
from cnncalc.importing.files import choice_of
from cnncalc.importing.sources import read_input, read_network
from cnncalc.report.ordering import Order
from cnncalc.report.report import Report
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.files import Choice
    from cnncalc.trace.settings import Settings


def print_comparison(
    networks: Sequence[str],
    *,
    given: Sequence[str],
    form: Form,
    settings: Settings,
    choice: Choice | None = None,
) -> None:
    """Print the quantities of networks side by side."""
    first = settings.channels_first
    volume = read_input(given, channels_first=first)
    reports = []
    for word in networks:
        chosen = choice_of(word, networks, choice)
        network = read_network(word, given=volume, channels_first=first, choice=chosen)
        with watch(_("tracing")) as watching:
            reports.append(Report(network, settings, given=volume.head, tell=watching))
    tell(Comparison(networks, reports), form)


def _run(networks: tuple[str, ...], input: tuple[str, ...], **given: Any) -> None:  # noqa: A002
    choice = read_choice(given)
    form = Form.of(given)
    settings = read_settings(given)
    order = read_order(given)
    sweep, columns = given["sweep"], given["columns"]
    if sweep is not None:
        from cnncalc.cli.sweep import print_curves

        leave(
            print_curves(
                networks,
                sweep,
                form,
                given=input,
                columns=columns,
                settings=settings,
                order=order,
                choice=choice,
                is_patient=given["yes"],
            )
        )
        return
    if len(networks) < 2:
        raise click.UsageError(_("compare takes two networks or more, a word each"))
    if columns is not None:
        raise click.UsageError(_("--columns goes with --sweep"))
    if order != Order():
        raise click.UsageError(_("--sort and --top go with --sweep"))
    if given["yes"]:
        raise click.UsageError(_("--yes goes with --sweep"))
    print_comparison(networks, given=input, form=form, settings=settings, choice=choice)


def command() -> click.Command:
    """Return the command `cnncalc compare`."""
    return Command(
        "compare",
        callback=_run,
        params=[
            click.Argument(
                ["networks"],
                nargs=-1,
                required=True,
                metavar="NETWORK NETWORK...",
                shell_complete=options.completes("network"),
            ),
            options.input_option(),
            *options.source_options(),
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
