"""`cnncalc models`: the library, computed beside published, and the source of a model."""

from __future__ import annotations

import click

from cnncalc import library
from cnncalc.cli.command import Command
from cnncalc.cli.options import complete_models
from cnncalc.cli.screen import say, style
from cnncalc.language import _
from cnncalc.notation import parse
from cnncalc.problem import Source
from cnncalc.report import Report
from cnncalc.sources import unknown_model


def print_model(name: str) -> None:
    """Print the source of a model, to copy and change."""
    source = library.read(name)
    if source is None:
        text = f"cnncalc models {name}"
        raise unknown_model(name, Source("<command>", text), library.closest(name))
    say(source.text.rstrip())


def print_models() -> None:
    """Print a line for each model, what is computed beside what was published."""
    from cnncalc import table

    lines: list[list[str]] = []
    remarks: list[str] = []
    for model in table.track(library.models(), _("working out the models")):
        report = Report(parse(library.read(model.name) or Source("", "")))
        field = report.last_field or ()
        lines.append(
            [
                model.name,
                f"{report.params:,}",
                _figures(model, "params"),
                f"{report.macs:,}",
                _figures(model, "macs"),
                "x".join(dict.fromkeys(map(str, field))),
            ]
        )
        remarks += [
            f"{model.name}, {each.quantity} {each.figure}: {each.source}: {each.remark}"
            for each in model.published
            if each.remark
        ]
    heads = [
        *(_("model"), _("params"), _("published")),
        *(_("MACs"), _("published"), _("field")),
    ]
    say(table.draw_columns(heads, lines, style(), right=frozenset(range(1, 6))))
    say("\n" + _("A figure with * is wrong, or means another thing:"))
    for remark in remarks:
        say(f"  {remark}")


def _figures(model: library.Model, quantity: str) -> str:
    """Return the first figure that was published of a quantity, marked where it has a remark."""
    for each in model.published:
        if each.quantity == quantity:
            return each.figure + ("*" if each.remark else "")
    return ""


def command() -> click.Command:
    """Return the command `cnncalc models`."""

    def run(name: str | None) -> None:
        if name is None:
            print_models()
        else:
            print_model(name)

    return Command(
        "models",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=complete_models
            )
        ],
        help="All models, computed beside published; or the source of one, to copy and change.",
        example="cnncalc models vgg16",
    )
