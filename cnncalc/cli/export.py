"""`cnncalc export`: a network as code."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.cli import faults, options
from cnncalc.cli.command import Command
from cnncalc.cli.requests import Typed, read_settings, refuse_ending
from cnncalc.cli.streams import put, watch
from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.speech.language import _


def _hidden(option: click.Option) -> click.Option:
    """Return an option that is refused, with the reason, and is in no help."""
    option.hidden = True
    return option


def command() -> Command:
    """Return the command `cnncalc export`."""

    def run(to: str, output: str | None, fold: bool, freeze: tuple[str, ...], **asked: Any) -> None:
        del to  # there is one so far
        refuse_ending(output, ".py")
        typed = Typed.of(asked)
        if freeze:
            fact = _("what is frozen is no part of a module: 'requires_grad_(False)' freezes it")
            raise click.UsageError(f"--freeze: {fact}")
        settings = read_settings(asked)
        network, given = typed.read(settings)
        first = settings.channels_first
        with watch(_("writing")) as tell:
            code, warnings = write_pytorch(
                network, given=given, channels_first=first, fold=fold, tell=tell
            )
        faults.warn(warnings)
        put([code.rstrip("\n")], output)

    to, fold = options.options_of(
        """
        --to LIBRARY  Write for this library.
        --fold        Write convs with a bias for convs and their norms.
        """,
        to={"type": click.Choice(["pytorch"]), "metavar": None, "default": "pytorch"},
    )
    return Command(
        "export",
        callback=run,
        params=[
            to,
            *options.network_parameters(),
            fold,
            *(_hidden(each) for each in options.settings_options("freeze")),
            *options.settings_options("channels_first"),
            options.file_option(),
        ],
        help="A network as a Python module: definitions are its classes, labels its names.",
        example="cnncalc export resnet50 --to pytorch -o resnet50.py",
    )
