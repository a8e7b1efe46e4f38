"""`cnncalc layers`: what the table of kinds says, as a table and as a page for each."""

from __future__ import annotations

from cnncalc import library, table
from cnncalc.cli.screen import say, style
from cnncalc.language import _
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
    say(table.draw_columns([_("layer"), _("params"), ""], lines, style()))


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


def _says(kind: Kind) -> str:
    """Return what a kind is, with its other names."""
    says = _(kind.says)
    if not kind.names:
        return says
    return _("{what} (also {names})", what=says, names=", ".join(kind.names))


def print_kind(name: str) -> None:
    """Print the arguments and formulas of one kind of layer."""
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
