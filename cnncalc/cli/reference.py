"""`cnncalc layers`: what the table of kinds says, as a table and as a page for each."""

from __future__ import annotations

from cnncalc import library, table
from cnncalc.cli.screen import say, style
from cnncalc.layers import KINDS, NAMES, Kind
from cnncalc.notation import parse
from cnncalc.problem import Label, Problem, Source, Span, nearest, quoted
from cnncalc.reference import arguments, brief, formulas, usage
from cnncalc.report import Report
from cnncalc.sources import unknown_model


def print_kinds() -> None:
    """Print a line for each kind of layer."""
    lines = [
        [brief(kind), formulas(kind).get("params", "0"), _says(kind)] for kind in KINDS.values()
    ]
    say(table.draw_columns(["layer", "params", ""], lines, style()))


def print_model(name: str) -> None:
    """Print the source of a model, to copy and change."""
    source = library.read(name)
    if source is None:
        text = f"cnncalc models {name}"
        raise unknown_model(name, Source("<command>", text), library.closest(name))
    say(source.text.rstrip())


def print_models() -> None:
    """Print a line for each model, what is computed beside what was published."""
    lines: list[list[str]] = []
    remarks: list[str] = []
    for model in table.track(library.models(), "working out the models"):
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
    heads = ["model", "params", "published", "MACs", "published", "field"]
    say(table.draw_columns(heads, lines, style(), right=frozenset(range(1, 6))))
    say("\nA figure with * is wrong, or means another thing:")
    for remark in remarks:
        say(f"  {remark}")


def _figures(model: library.Model, quantity: str) -> str:
    """Return the first figure that was published of a quantity, marked where it has a remark."""
    for each in model.published:
        if each.quantity == quantity:
            return each.figure + ("*" if each.remark else "")
    return ""


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
