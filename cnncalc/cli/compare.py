"""`cnncalc compare`: how networks side by side are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import faults
from cnncalc.cli.command import Command
from cnncalc.cli.options import (
    Form,
    complete_models,
    form_options,
    like_option,
    memory_options,
    read_batch,
    setting,
)
from cnncalc.cli.output import show
from cnncalc.comparing import listed
from cnncalc.counting import find_counter
from cnncalc.report import Report
from cnncalc.sources import read_input, read_network

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_comparison(
    networks: Sequence[str],
    *,
    given: str | None,
    channels_first: bool,
    form: Form,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
) -> None:
    """Print the quantities of networks side by side."""
    counter = find_counter(like) if like is not None else None
    volume = read_input(given, channels_first=channels_first)
    reports = [
        Report(
            read_network(word, given=volume, channels_first=channels_first),
            given=volume,
            channels_first=channels_first,
            like=counter,
            batch=batch,
            dtype=dtype,
        )
        for word in networks
    ]
    for report in reports:
        faults.warn(report.warnings)
    show(listed(networks, reports), form)


def command() -> click.Command:
    """Return the command `cnncalc compare`."""

    def run(networks: tuple[str, ...], input: str | None, **given: Any) -> None:  # noqa: A002
        if len(networks) < 2:
            raise click.UsageError("compare takes two networks or more, a word each")
        form = Form.of(given)
        print_comparison(
            networks,
            given=input,
            channels_first=given["channels_first"],
            form=form,
            like=given["like"],
            **setting(read_batch(given["batch"]), given["dtype"]),
        )

    return Command(
        "compare",
        callback=run,
        params=[
            click.Argument(
                ["networks"],
                nargs=-1,
                required=True,
                metavar="NETWORK NETWORK...",
                shell_complete=complete_models,
            ),
            click.Option(["--input"], metavar="VOLUME", help="The volume that comes in."),
            like_option(),
            *form_options(),
            *memory_options(),
            click.Option(["--channels-first"], is_flag=True, help="Volumes are CxHxW."),
        ],
        help="Networks side by side, each in quotes, a file, or a model's name.",
        example='cnncalc compare "56x56x64 -> [conv 64 k3 p1]*3" "56x56x64 -> conv 64 k7 p3"',
    )
