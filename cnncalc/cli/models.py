"""`cnncalc models`: the library, computed beside published, and the source of a model."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

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
from cnncalc.report.listing import Listing, Schema
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import flat
from cnncalc.report.report import Report
from cnncalc.report.workings import alike
from cnncalc.speech.columns import Column, field, optional
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.report.quantity import Quantity

PUBLISHED = [Column(each, each, "string") for each in ("quantity", "figure", "source", "remark")]


def schema(more: Iterable[Quantity] = QUANTITIES.values()) -> Schema:
    """Return what is told of each model, and of it that may be asked for."""
    known = [
        *(Column("model", _("model"), "code"), Column("params", _("params"), "count")),
        Column("params-published", _("published"), "figure", is_free=True),
        Column("macs", _("MACs"), "count", is_free=True),
        Column("macs-published", _("published"), "figure", is_free=True),
        Column("last-field", _("last field"), "axes", is_free=True),
    ]
    names = {each.name for each in known}
    asked = optional(flat(each) for each in more if each.name not in names)
    return Schema(
        "models",
        [
            *known,
            *(each._replace(heading=_(each.heading)) for each in asked),
            Column("published", "published", "object[]", of=PUBLISHED),
        ],
    )


def print_model(name: str, form: Form) -> None:
    """Print the source of a model, to copy and change; for programs, with what was published."""
    model_source = library.read(name)
    if model_source is None:
        if found := next((each for each in library.blocks() if each.name == name), None):
            _print_source(found, library.BLOCKS, found.text, form)
            return
        text = f"cnncalc models {name}"
        raise unknown_model(name, Source("<command>", text), library.closest(name))
    text = model_source.text.rstrip()
    model = cast("library.Model", library.model(name))
    _print_source(model, model.family, text, form)


MODEL = Schema("published", PUBLISHED, [*map(field, ("model", "family", "title", "paper", "text"))])
"""The source of a model or a block, with what was published or measured of it."""


def _print_source(of: library.Model | library.Block, family: str, text: str, form: Form) -> None:
    rows = [each._asdict() for each in of.published]
    head = {"model": of.name, "family": family, "title": of.title, "paper": of.paper, "text": text}
    show(MODEL.listing(PUBLISHED, rows, head), form, source(text))


def print_models(form: Form, order: Order) -> None:
    """Print a line for each model, what is computed beside what was published."""
    found = schema(filter(None, order[:1]))
    columns = found.fields[:-1]
    names = [each.name for each in columns if each.name in QUANTITIES]
    models = library.models()
    computed = {
        model: _computed(model.name, tuple(names))
        for model in track(models, _("working out the models"), len(models))
    }
    ordered = order.put(
        computed, lambda model: order.quantity and computed[model][order.quantity.name]
    )
    rows, drawn = [], []
    for model in ordered:
        row = {"model": model.name, **computed[model]}
        row["published"] = [each._asdict() for each in model.published]
        starred = {"last-field": row["last-field"] and alike(row["last-field"])}
        for name in ("params", "macs"):
            figure, remark = _figure(model, name)
            row[f"{name}-published"] = figure
            starred[f"{name}-published"] = f"{figure}*" if remark else figure
        rows.append(row)
        drawn.append({**row, **starred})
    below = [
        f"  {model.name}, {each.quantity} {each.figure}: {_(each.source)}: {_(each.remark)}"
        for model in ordered
        for each in model.published
        if each.remark
    ]
    if below:
        below.insert(0, _("A figure with * is wrong, or means another thing:"))
    shown = Listing("models", columns, drawn, below=below)
    show(found.listing(columns, rows, drawn=lambda: shown), form)


@cache
def _computed(name: str, quantities: tuple[str, ...]) -> dict[str, Any]:
    """Return what a model has of quantities, worked out once."""
    report = Report(parse(library.read(name) or Source("", "")))
    return {each: report.total(each) for each in quantities}


def _figure(model: library.Model, quantity: str) -> tuple[str, str]:
    """Return the first figure that was published of a quantity, and what is wrong with it."""
    found = (each for each in model.published if each.quantity == quantity)
    return next(((each.figure, each.remark) for each in found), ("", ""))


def command() -> Command:
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
