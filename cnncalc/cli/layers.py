"""`cnncalc layers`: what the table of kinds says, as a table and as a page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import completes, form_options
from cnncalc.cli.output import show
from cnncalc.cli.requests import Form
from cnncalc.kinds.reference import arguments, brief, formulas, usage
from cnncalc.kinds.table import KINDS, NAMES, Kind
from cnncalc.notation import library
from cnncalc.output.parts import Passage, PassageLine, source
from cnncalc.report.listing import Listing, Schema
from cnncalc.speech.columns import Column, field, values
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from cnncalc.output.parts import Part


def _kinds() -> list[Column]:
    """Return the columns of the table of kinds."""
    return [
        *(Column("layer", _("layer"), "code"), Column("params", _("params"), "code")),
        *(Column("names", _("also"), "words"), Column("says", "")),
    ]


def all_kinds() -> Schema:
    """Return what is told of each kind."""
    return Schema(
        "layers",
        [
            *(field("name"), field("layer", get=brief)),
            field("params", get=lambda kind: formulas(kind).get("params", "0")),
            field("names", "words", lambda kind: [*kind.names]),
            field("says"),
        ],
    )


def one_kind() -> Schema:
    """Return what is told of one, and of its arguments."""
    return Schema(
        "arguments",
        [
            *(Column("argument", _("argument"), "name"), Column("default", _("default"))),
            *(Column("flag", _("flag")), Column("says", "")),
        ],
        [
            *(field("name"), field("names", "words"), field("says"), field("usage")),
            *(field("example"), field("formulas", "string{}")),
        ],
    )


def print_kinds(form: Form) -> None:
    """Print a line for each kind of layer."""
    rows = [dict(values(all_kinds().fields, kind)) for kind in KINDS.values()]
    columns = _kinds()
    said = [{**row, "says": _says(kind)} for row, kind in zip(rows, KINDS.values(), strict=True)]
    blocks = [
        {"layer": each.usage, "params": "", "says": each.title, "name": each.name, "names": []}
        for each in library.blocks()
    ]
    below = [_("The last {count} are blocks of the library.", count=len(blocks))]
    parts = [each for each in columns if each.name != "names"]
    shown = Listing("layers", parts, [*said, *blocks], below=below)
    rows += blocks
    show(all_kinds().listing(columns, rows, drawn=lambda: shown), form)


def _says(kind: Kind) -> str:
    """Return what a kind is, with its other names."""
    says = _(kind.says)
    if not kind.names:
        return says
    return _("{what} (also {names})", what=says, names=", ".join(kind.names))


def print_kind(name: str, form: Form) -> None:
    """Print the arguments and formulas of one kind of layer."""
    kind = NAMES.get(name.lower())
    if kind is None:
        block = next((each for each in library.blocks() if each.name == name.lower()), None)
        if block:
            print_block(block, form)
            return
        close = nearest(name, [*NAMES, *library.block_names()])
        head = "cnncalc layers "
        raise Problem(
            "unknown-layer",
            _("no layer is called {name}", name=quoted(name)),
            [Label(Span(Source("<command>", head + name), len(head), len(head + name)))],
            helps=[meant(close, _("'cnncalc layers' lists them all"))],
            lines=[["models", name.lower()]] if name.lower() in library.names() else [],
        )
    columns = one_kind().fields
    rows = [
        dict(zip([column.name for column in columns], line, strict=True))
        for line in arguments(kind)
    ]
    found = formulas(kind)

    parts: list[Part] = [*source(usage(kind)), Passage("", [PassageLine(_says(kind))])]
    if rows:
        says = [row["says"] for row in rows]
        said = [{**row, "says": _(each)} for row, each in zip(rows, says, strict=True)]
        parts.append(Listing("arguments", columns, said))
    if found:
        heads = [Column("name", ""), Column("formula", _("formula"))]
        lines = [{"name": _(each), "formula": formula} for each, formula in found.items()]
        parts.append(Listing("formulas", heads, lines))
    parts.append(Passage("", [PassageLine(kind.example, 1, "code")]))
    known = {"names": list(kind.names), "says": kind.says, "usage": usage(kind), "formulas": found}
    entry = {"name": kind.name, "example": kind.example, **known}
    show(one_kind().listing(columns, rows, entry), form, parts)


def print_block(block: library.Block, form: Form) -> None:
    """Print how a block of the library is called, and its definition."""
    said = {"names": [], "says": block.title, "usage": block.usage, "formulas": {}}
    entry = {"name": block.name, "example": block.example, **said}
    text = f"{block.usage}\n\n{block.text}\n\n  {block.example}"
    schema = one_kind()
    show(schema.listing(schema.fields, [], entry), form, source(text))


def command() -> Command:
    """Return the command `cnncalc layers`."""

    def run(name: str | None, **given: Any) -> None:
        if name is None:
            print_kinds(Form.of(given))
        else:
            print_kind(name, Form.of(given))

    return Command(
        "layers",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=completes("layers")
            ),
            *form_options(),
        ],
        help="All layers and blocks; or the arguments and formulas of one.",
        example="cnncalc layers conv",
    )
