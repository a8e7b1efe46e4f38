"""`cnncalc models`: the library, computed beside published, and the source of a model."""

from __future__ import annotations

from functools import cache
from typing import Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import Form, complete_models, form_options
from cnncalc.cli.output import show
from cnncalc.cli.streams import track
from cnncalc.importing.sources import unknown_model
from cnncalc.notation import library
from cnncalc.notation.parser import parse
from cnncalc.report.listing import Column, Listing
from cnncalc.report.report import Report
from cnncalc.report.workings import alike
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

PUBLISHED = [Column(each, each) for each in ("quantity", "figure", "source", "remark")]


def _columns() -> list[Column]:
    """Return the columns of the table of models."""
    return [
        *(Column("model", _("model"), "code"), Column("params", _("params"), "count")),
        Column("params-published", _("published"), "figure"),
        Column("macs", _("MACs"), "count"),
        Column("macs-published", _("published"), "figure"),
        Column("last-field", _("last field"), "axes"),
    ]


def print_model(name: str, form: Form) -> None:
    """Print the source of a model, to copy and change; for programs, with what was published."""
    source = library.read(name)
    if source is None:
        text = f"cnncalc models {name}"
        raise unknown_model(name, Source("<command>", text), library.closest(name))
    text = source.text.rstrip()
    model = next(each for each in library.models() if each.name == name)
    rows = [each._asdict() for each in model.published]
    head = {
        "model": name,
        "family": model.family,
        "title": model.title,
        "paper": model.paper,
        "text": text,
    }
    show(Listing("published", PUBLISHED, rows, head=head), form, lambda _how: text)


def print_models(form: Form) -> None:
    """Print a line for each model, what is computed beside what was published."""
    columns = _columns()
    rows: list[dict[str, Any]] = []
    below = [_("A figure with * is wrong, or means another thing:")]
    for model in track(library.models(), _("working out the models")):
        params, macs, field = _computed(model.name)
        rows.append(
            {
                "model": model.name,
                "params": params,
                "params-published": _figure(model, "params")[0],
                "macs": macs,
                "macs-published": _figure(model, "macs")[0],
                "last-field": field,
                "published": [each._asdict() for each in model.published],
            }
        )
        below += [
            f"  {model.name}, {each.quantity} {each.figure}: {each.source}: {each.remark}"
            for each in model.published
            if each.remark
        ]
    fields = [*columns, Column("published", "published")]
    drawn = []
    for model, row in zip(library.models(), rows, strict=True):
        starred = {
            f"{name}-published": figure + ("*" if remark else "")
            for name in ("params", "macs")
            for figure, remark in (_figure(model, name),)
        }
        drawn.append(
            {**row, **starred, "last-field": row["last-field"] and alike(row["last-field"])}
        )
    shown = Listing("models", columns, drawn, below=below)
    show(Listing("models", columns, rows, fields=fields, drawn=lambda: shown), form)


@cache
def _computed(name: str) -> tuple[Any, Any, Any]:
    """Return the parameters, the MACs and the last field of a model, worked out once."""
    report = Report(parse(library.read(name) or Source("", "")))
    return report.total("params"), report.total("macs"), report.total("last-field")


def _figure(model: library.Model, quantity: str) -> tuple[str, str]:
    """Return the first figure that was published of a quantity, and what is wrong with it."""
    found = (each for each in model.published if each.quantity == quantity)
    return next(((each.figure, each.remark) for each in found), ("", ""))


def command() -> click.Command:
    """Return the command `cnncalc models`."""

    def run(name: str | None, **given: Any) -> None:
        if name is None:
            print_models(Form.of(given))
        else:
            print_model(name, Form.of(given))

    return Command(
        "models",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=complete_models
            ),
            *form_options(),
        ],
        help="All models, computed beside published; or the source of one, to copy and change.",
        example="cnncalc models vgg16",
    )


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    text = schema.TEXT
    figure = schema.of(dict.fromkeys((each.name for each in PUBLISHED), text))
    head = dict.fromkeys(("model", "family", "title", "paper", "text"), text)
    return {
        "models": schema.listed(
            "models",
            [*_columns(), Column("published", "published")],
            known={"published": {"type": "array", "items": figure}},
        ),
        "model": schema.listed("published", PUBLISHED, head=head),
    }
