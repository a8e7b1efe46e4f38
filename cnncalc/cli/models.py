"""`cnncalc models`: the library, computed beside published, and the source of a model."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import completes, form_options, order_options
from cnncalc.cli.output import show
from cnncalc.cli.requests import Form, read_order
from cnncalc.cli.streams import track
from cnncalc.importing.sources import unknown_model
from cnncalc.notation import library
from cnncalc.notation.parser import parse
from cnncalc.output.parts import source
from cnncalc.report.listing import Column, Listing
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import column
from cnncalc.report.report import Report
from cnncalc.report.workings import alike
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

PUBLISHED = [Column(each, each) for each in ("quantity", "figure", "source", "remark")]


def _columns() -> list[Column]:
    """Return the columns of the table of models."""
    return [
        *(Column("model", _("model"), "code"), Column("params", _("params"), "count")),
        Column("params-published", _("published"), "figure", is_free=True),
        Column("macs", _("MACs"), "count", is_free=True),
        Column("macs-published", _("published"), "figure", is_free=True),
        Column("last-field", _("last field"), "axes", is_free=True),
    ]


def print_model(name: str, form: Form) -> None:
    """Print the source of a model, to copy and change; for programs, with what was published."""
    model_source = library.read(name)
    if model_source is None:
        if found := next((each for each in library.blocks() if each.name == name), None):
            _print_block(found, form)
            return
        text = f"cnncalc models {name}"
        raise unknown_model(name, Source("<command>", text), library.closest(name))
    text = model_source.text.rstrip()
    model = cast("library.Model", library.model(name))
    rows = [each._asdict() for each in model.published]
    head = {
        "model": name,
        "family": model.family,
        "title": model.title,
        "paper": model.paper,
        "text": text,
    }
    show(Listing("published", PUBLISHED, rows, head=head), form, source(text))


def _print_block(block: library.Block, form: Form) -> None:
    """Print the source of a block; for programs, with what was measured of it."""
    rows = [each._asdict() for each in block.published]
    head = {
        "model": block.name,
        "family": library.BLOCKS,
        "title": block.title,
        "paper": block.paper,
        "text": block.text,
    }
    show(Listing("published", PUBLISHED, rows, head=head), form, source(block.text))


def print_models(form: Form, order: Order) -> None:
    """Print a line for each model, what is computed beside what was published."""
    columns = _columns()
    names = ["params", "macs", "last-field"]
    if order.quantity and order.quantity.name not in names:
        names.append(order.quantity.name)
        heading = _(order.quantity.heading)
        columns.append(column(order.quantity)._replace(path=(), heading=heading))
    computed = {
        model: _computed(model.name, tuple(names))
        for model in track(library.models(), _("working out the models"))
    }
    ordered = order.put(
        computed, lambda model: order.quantity and computed[model][order.quantity.name]
    )
    rows: list[dict[str, Any]] = [
        {
            "model": model.name,
            **computed[model],
            "params-published": _figure(model, "params")[0],
            "macs-published": _figure(model, "macs")[0],
            "published": [each._asdict() for each in model.published],
        }
        for model in ordered
    ]
    below = [
        f"  {model.name}, {each.quantity} {each.figure}: {_(each.source)}: {_(each.remark)}"
        for model in ordered
        for each in model.published
        if each.remark
    ]
    if below:
        below.insert(0, _("A figure with * is wrong, or means another thing:"))
    fields = [*columns, Column("published", "published")]
    drawn = []
    for model, row in zip(ordered, rows, strict=True):
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
def _computed(name: str, quantities: tuple[str, ...]) -> dict[str, Any]:
    """Return what a model has of quantities, worked out once."""
    report = Report(parse(library.read(name) or Source("", "")))
    return {each: report.total(each) for each in quantities}


def _figure(model: library.Model, quantity: str) -> tuple[str, str]:
    """Return the first figure that was published of a quantity, and what is wrong with it."""
    found = (each for each in model.published if each.quantity == quantity)
    return next(((each.figure, each.remark) for each in found), ("", ""))


def command() -> click.Command:
    """Return the command `cnncalc models`."""

    def run(name: str | None, **given: Any) -> None:
        order = read_order(given)
        if name is None:
            print_models(Form.of(given), order)
            return
        if order != Order():
            raise click.UsageError(_("--sort and --top go with all models"))
        print_model(name, Form.of(given))

    return Command(
        "models",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=completes("models")
            ),
            *order_options(),
            *form_options(),
        ],
        help="All models, computed beside published; or the source of one, to copy and change.",
        example="cnncalc models vgg16",
    )


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    text = schema.TEXT
    known = {each.name for each in _columns()}
    quantities = [column(each)._replace(path=()) for each in QUANTITIES.values()]
    more = [each for each in quantities if each.name not in known]
    figure = schema.of(dict.fromkeys((each.name for each in PUBLISHED), text))
    head = dict.fromkeys(("model", "family", "title", "paper", "text"), text)
    return {
        "models": schema.listed(
            "models",
            [*_columns(), *more, Column("published", "published")],
            known={"published": {"type": "array", "items": figure}},
            optional=[each.name for each in more],
        ),
        "model": schema.listed("published", PUBLISHED, head=head),
    }
