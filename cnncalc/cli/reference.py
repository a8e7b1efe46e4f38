"""`cnncalc layers`: what the table of kinds says, as a table and as a page for each."""

from __future__ import annotations

from cnncalc import table
from cnncalc.cli.screen import say, style
from cnncalc.layers import KINDS, NAMES, Kind
from cnncalc.problem import Label, Problem, Source, Span, nearest, quoted
from cnncalc.reference import arguments, brief, formulas, usage


def print_kinds() -> None:
    """Print a line for each kind of layer."""
    lines = [
        [brief(kind), formulas(kind).get("params", "0"), _says(kind)] for kind in KINDS.values()
    ]
    say(table.draw_columns(["layer", "params", ""], lines, style()))


def _says(kind: Kind) -> str:
    """Return what a kind is, with its other names."""
    return f"{kind.says} (also {', '.join(kind.names)})" if kind.names else kind.says


def print_kind(name: str) -> None:
    """Print the arguments and formulas of one kind of layer."""
    kind = NAMES.get(name.lower())
    if kind is None:
        close = nearest(name, NAMES)
        head = "cnncalc layers "
        raise Problem(
            "unknown-layer",
            f"no layer is called {quoted(name)}",
            [Label(Span(Source("<command>", head + name), len(head), len(head + name)))],
            helps=[f"did you mean '{close}'?" if close else "'cnncalc layers' lists them all"],
        )
    say(f"{usage(kind)}\n\n  {_says(kind)}")
    lines = arguments(kind)
    if lines:
        say("\n" + table.draw_columns(["argument", "default", "flag", ""], lines, style()))
    found = list(formulas(kind).items())
    if found:
        say("\n" + table.draw_columns(["", "formula"], found, style()))
    say(f"\n  {kind.example}")
