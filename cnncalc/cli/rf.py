"""`cnncalc rf`: the receptive fields of a network, and what one unit reads."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.cli import options
from cnncalc.cli.command import Command
from cnncalc.cli.faults import warn
from cnncalc.cli.figures import put_figure
from cnncalc.cli.output import tell
from cnncalc.cli.requests import (
    STREAMED,
    Form,
    Typed,
    read_explain,
    read_settings,
    refuse_apart,
)
from cnncalc.cli.streams import put, watch
from cnncalc.notation.inputs import given_volume
from cnncalc.report.asked import of_one_row
from cnncalc.report.listing import FEW
from cnncalc.report.options import SEEN
from cnncalc.report.report import Report
from cnncalc.report.steps import steps_of
from cnncalc.speech.language import _


def _run(**asked: Any) -> None:
    from cnncalc.api.fields import Fields

    typed = Typed.of(asked)
    refuse_apart("rf", asked)
    form = Form.of(asked)
    if asked["draw"] and form.format in ("json", "jsonl", "csv", "markdown"):
        fact = _("--draw draws for people, and {format} is for programs", format=form.format)
        raise click.UsageError(fact)
    explained = read_explain(asked, form)
    settings = read_settings(asked)
    network, volume = typed.read(settings)
    given = given_volume(network, volume)
    rare = ("at", "unit", "draw", "effective", "outputs")
    is_streamed = form.format in STREAMED and not any(asked[name] for name in rare)
    most = FEW if is_streamed and explained is None else None
    with watch(_("tracing")) as watching:
        report = Report(network, settings, given=given, most_rows=most, tell=watching)
    language = _language(form, asked) if explained is None else None
    draw = asked.pop("draw") and not language and form.format != "html"
    found = Fields(report, given, draw=draw, **asked)
    if language:
        warn([*report.warnings, *report.notes])
        put_figure(found.figure(), form.file, language)
        return
    if found.unit is None and len(found.rows) == 1 and found.at is not None:
        warn(of_one_row(depth=found.depth is not None).idle())
    if explained is None:
        tell(found, form)
        return
    from cnncalc.output.explanation import write

    warn([*report.warnings, *report.notes])
    rows = [row for row in found.rows if row.index]
    put([write(report, rows, form.format, steps=steps_of(explained or "rf,start"))], form.file)


def command() -> Command:
    """Return the command `cnncalc rf`."""
    return Command(
        "rf",
        callback=_run,
        params=[
            *options.network_parameters(),
            *options.row_options("depth", "at"),
            *options.options_of(
                """
                --unit N[,N...]  Show the pixels that this output unit reads.
                --outputs        Show the outputs alone, with their sizes.
                --draw           Draw the field on the input.
                --effective      Show what each pixel weighs, all filters uniform.
                """
            ),
            options.explain_option(),
            *options.form_options(),
            *options.settings_options(*SEEN),
        ],
        help="The receptive field of each layer; or of one, and the pixels that a unit reads.\n\n"
        "--unit, --draw and --effective show the unit in the middle, if no other is named, of the "
        "last row that does not see all; --draw alone shows how the fields grow. A file in .svg is "
        "a figure of it, or of the outputs' fields; with --draw so is one in .tex, in TikZ.",
        example="cnncalc rf vgg16 --at conv4_3 --unit 0,9 --draw",
    )


def _language(form: Form, asked: dict[str, Any]) -> str | None:
    """Return the language of the figure that is asked for; None for rows, or a picture of them."""
    if asked["depth"] is not None:
        return None
    if form.format == "latex" and asked["draw"]:
        return "tikz"
    return "svg" if form.format == "svg" else None
