"""`cnncalc layers`: what the table of kinds says, as a table and as a page for each."""

from __future__ import annotations

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import among
from cnncalc.cli.screen import say, style
from cnncalc.language import _
from cnncalc.layers import KINDS, NAMES, Kind
from cnncalc.problem import Label, Problem, Source, Span, nearest, quoted
from cnncalc.reference import arguments, brief, formulas, usage


def print_kinds() -> None:
    """Print a line for each kind of layer."""
    from cnncalc import table

    lines = [
        [brief(kind), formulas(kind).get("params", "0"), _says(kind)] for kind in KINDS.values()
    ]
    say(table.draw_columns([_("layer"), _("params"), ""], lines, style()))


def _says(kind: Kind) -> str:
    """Return what a kind is, with its other names."""
    says = _(kind.says)
    if not kind.names:
        return says
    return _("{what} (also {names})", what=says, names=", ".join(kind.names))


def print_kind(name: str) -> None:
    """Print the arguments and formulas of one kind of layer."""
    from cnncalc import table

    kind = NAMES.get(name.lower())
    if kind is None:
        close = nearest(name, NAMES)
        head = "cnncalc layers "
        raise Problem(
            "unknown-layer",
            _("no layer is called {name}", name=quoted(name)),
            [Label(Span(Source("<command>", head + name), len(head), len(head + name)))],
            helps=[
                _("did you mean '{name}'?", name=close)
                if close
                else _("'cnncalc layers' lists them all")
            ],
        )
    say(f"{usage(kind)}\n\n  {_says(kind)}")
    lines = arguments(kind)
    if lines:
        heads = [_("argument"), _("default"), _("flag"), ""]
        say("\n" + table.draw_columns(heads, lines, style()))
    found = list(formulas(kind).items())
    if found:
        say("\n" + table.draw_columns(["", _("formula")], found, style()))
    say(f"\n  {kind.example}")


def command() -> click.Command:
    """Return the command `cnncalc layers`."""

    def run(name: str | None) -> None:
        if name is None:
            print_kinds()
        else:
            print_kind(name)

    return Command(
        "layers",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=among(sorted(NAMES))
            )
        ],
        help="All layers; or the arguments and formulas of one.",
        example="cnncalc layers conv",
    )
