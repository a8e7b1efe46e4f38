"""The one place where answers are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from operator import length_hint
from typing import TYPE_CHECKING

import click

from cnncalc.cli import faults
from cnncalc.cli.requests import Form, no_diagram
from cnncalc.cli.streams import hint, is_seen, put, style, track, watch
from cnncalc.numbers.lettered import depends_on_letters
from cnncalc.output.formats import FORMATS, export
from cnncalc.report.asked import Asked, of_one_row
from cnncalc.report.listing import FEW, text
from cnncalc.report.options import OPTIONS, quantities_about
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import BYTES, COLUMNS, QUANTITIES, SUMMED
from cnncalc.report.quantity import refuse_without
from cnncalc.report.report import Report
from cnncalc.report.stack import listed
from cnncalc.report.view import View
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.speech.visible import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.api.answer import Answer
    from cnncalc.cli.requests import Output
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.layout import Style
    from cnncalc.output.parts import Part
    from cnncalc.report.listing import Listing
    from cnncalc.report.quantity import Quantity
    from cnncalc.trace.rows import Row

PARTED = ("table", "svg", "html")
"""The formats that show people an answer in parts."""

UNFOLDED = frozenset(FORMATS) - {"mermaid"}
"""The formats that have every row, unless they are asked for fewer."""


def show(
    listing: Listing,
    form: Form,
    parts: Sequence[Part] = (),
    *,
    drawing: Callable[[Style], str] | None = None,
    above: str = "",
) -> None:
    """Print a listing in the format that is asked for, to where it is asked for.

    `parts` are what people are shown in place of the listing's table, as `drawing` draws them in
    a terminal, and `above` is a line before them.
    What is told with it stands in JSON, and beside every other format on standard error: an
    iterator of it once the rows are read.
    """
    told = listing.told() if form.format != "json" else ()
    late = [problems for problems in told if isinstance(problems, Iterator)]
    faults.warn(each for problems in told if problems not in late for each in problems)
    if form.format == "mermaid" and not listing.graph:
        raise no_diagram()
    if form.format in FORMATS:
        made = listing._replace(raw=form.raw, parts=parts)
        written: Iterator[str] = map(harmless, export(made, form.format))
        total = length_hint(listing.rows)
        if total and not is_seen(form.file):
            written = track(written, _("writing"), total)
        put(written, form.file)
        faults.warn(chain.from_iterable(late))
        return
    how = style(form.file, form.format)
    if parts and not drawing:
        from cnncalc.output.table import draw_parts

        drawing = partial(draw_parts, parts)
    lines = iter((drawing(how),)) if drawing else _lines(listing, how)
    first = [*islice(lines, 1)]
    faults.warn(chain.from_iterable(late))
    drawn: Iterable[str] = chain((above, "") if above else (), first, lines)
    if form.format == "svg":
        from cnncalc.output import terminal

        drawn = [terminal.picture("\n".join(drawn))]
    put(drawn, form.file)
    if form.format == "svg":
        hint(_("A file in .html is a page of the same, whose tables sort."))


def _lines(listing: Listing, how: Style) -> Iterator[str]:
    """Yield the lines of a table, with its progress before the first where that takes long."""
    from cnncalc.output import table

    total = length_hint(listing.rows)
    with watch(_("laying out")) as tell:
        lines = table.lines(listing, how, lambda count: tell(min(count / max(total, 1), 1)))
        first = [*islice(lines, 1)]
    yield from first
    yield from lines


def tell(found: Answer, form: Form) -> None:
    """Print an answer; a page has its table, where people are shown just that."""
    faults.warn(found.asked().idle(form.format))
    listing = found.listing(for_people=form.format not in UNFOLDED)
    if found.is_table:
        show(listing, form)
        return
    show(listing, form, [*found.parts()], drawing=found.lay_out)


def print_network(
    network: Network,
    output: Output,
    given: Given | None,
    *,
    card: bool = False,
    lead: Quantity | None = None,
) -> None:
    """Print the report of a network, as a figure where that is asked for."""
    is_total = output.totals or (output.get is not None and output.at is None)
    with watch(_("tracing")) as watching:
        report = Report(
            network,
            output.settings,
            given=given,
            keep_rows=not is_total,
            most_rows=None if card or not output.is_streamed else FEW,
            tell=watching,
        )
    if output.is_figure and not card:
        from cnncalc.cli.figures import print_figure

        faults.warn(Asked(output.settings, called=["a figure"]).idle())
        print_figure(report, output.form.file, at=output.at, depth=output.depth)
        return
    _print_report(report, output, card=card, lead=lead)


def _print_report(report: Report, output: Output, *, card: bool, lead: Quantity | None) -> None:
    """Print a report as its options ask; its warnings go to standard error."""
    form = output.form
    if output.get is not None:
        wanted = _quantities("--get", output.get)
        row = report.whole
        if output.at is not None:
            from cnncalc.report.places import one_at

            row = one_at(report, output.at)
        values = [_got(report, quantity, row) for quantity in wanted]
        faults.warn([*report.warnings, *Asked(report.settings, shown=wanted).idle()])
        if any(quantity.form == "axes" for quantity in wanted):
            faults.warn(report.notes)
        put(values, form.file)
        return
    view, card = _view(report, output, card)
    if lead and output.columns is None and lead not in view.columns:
        view = view._replace(columns=[*view.columns, lead], kept=[*view.kept, lead.name])
    view = view.ordered()
    if output.explain is not None:
        from cnncalc.cli.explained import print_explained

        print_explained(report, output)
        return
    parts: list[Part] = []
    is_card = output.totals or (card and output.columns is None)
    if not is_card or form.format not in PARTED:
        faults.warn(_asked_of(view, output).idle(form.format))
    if is_card and form.format in PARTED:
        from cnncalc.output.cards import layer_card, totals_card

        memory = output.is_memory
        made = totals_card(report) if output.totals else None
        parts = [made or layer_card(report, view.rows[-1], memory=memory)]
    above = f"{lead.name} = {_got(report, lead, report.whole, commas=True)}" if lead else ""
    show(listed(view), form, parts, above=above)
    if form == Form() and not parts:
        hint(_("More: --totals, with memory in MB; --explain, the working; --help."))


def _asked_of(view: View, output: Output) -> Asked:
    """Return what is asked of the rows of a network.

    By --fold there are other rows; below those that people are shown it stands what is frozen. A
    page has all columns but those of a device, JSON has all, and a table of totals has more.
    """
    name = output.form.format
    given = {
        "chart": output.chart and not (output.columns is output.by is None),
        "columns": output.columns is not None and all(each.path for each in view.columns),
    }
    is_all = name in ("json", "jsonl") or (output.totals and name in PARTED)
    heeds = {"fold"} if name in ("csv", "mermaid") or output.totals else {"fold", "freeze"}
    return Asked(
        view.report.settings,
        options=[option for option, is_given in given.items() if is_given],
        called=["{format}, which has no bars", "JSON, which has all of these"],
        shown=() if is_all else view.columns,
        heeds={*OPTIONS} - {"device"} if name == "html" else heeds,
    )


_OF_DEVICE = ("output", "macs", "bytes", "intensity", "roofline", "bound")
"""The columns that are shown where a device is given."""

_OF_MEMORY = ("output", "params", "activations", "memory", "peak")
"""The columns that are shown where a type of values is asked for."""


def _columns(output: Output) -> tuple[list[Quantity], list[str]]:
    """Return the columns that are asked for, or usual; and those to keep where there is no room."""
    if output.columns is not None:
        columns = _quantities("--columns", output.columns)
        return columns, [each.name for each in columns]
    settings, first = output.settings, output.order.quantity
    kept: list[str] = []
    if settings.device:
        kept = [name for name in _OF_DEVICE if QUANTITIES[name].needs]
    elif output.is_typed:
        kept = [name for name in _OF_MEMORY if name in BYTES]
    names: Sequence[str] = _OF_DEVICE if settings.device else _OF_MEMORY if output.is_typed else ()
    if output.form.format == "mermaid":
        names = ("output",)
    if output.by is not None or output.chart:
        costs = ("params", "macs", "activations")
        names = [f"{name}{end}" for name in costs for end in ("", "-share")]
    shown = [QUANTITIES[name] for name in dict.fromkeys((*names, *quantities_about(settings)))]
    columns = shown if names else [*COLUMNS]
    if first:
        kept.append(first.name)
    return [*dict.fromkeys((*columns, *filter(None, [first])))], kept


def _view(report: Report, output: Output, card: bool) -> tuple[View, bool]:
    """Return what is shown of a report, and whether it is one row's card."""
    columns, kept = _columns(output)
    order, form = output.order, output.form.format
    for each in (*columns, *filter(None, [order.quantity])):
        refuse_without(each, report.settings)
    if output.chart and not any(each in SUMMED for each in columns):
        raise click.UsageError(_("--chart needs a column that adds up, as params"))
    if form == "mermaid" and order != Order():
        raise click.UsageError(
            _("mermaid draws rows where they stand, and --sort and --top do not")
        )
    view = View(report, (), columns, output.by or "", chart=output.chart, kept=kept, order=order)
    rows: Sequence[Row] = report.rows
    if output.at is not None:
        from cnncalc.report.places import one_at

        whole = one_at(report, output.at)
        if not (whole.several or output.by):
            idle = of_one_row(depth=output.depth is not None, sort=order.quantity, top=order.top)
            faults.warn(idle.idle())
            kept_whole = whole if form == "html" else None
            return view._replace(rows=[whole], whole=kept_whole), not output.chart
        rows, view = whole.rows, view._replace(whole=whole)
    if output.by is not None:
        from cnncalc.report.folds import gather

        return view._replace(rows=gather(rows, output.by)), False
    if form == "html" and order == Order():
        return view._replace(rows=rows, depth=output.depth), False
    is_whole = form in UNFOLDED and output.at is None
    if output.depth is not None or not (is_whole or order.top):
        from cnncalc.report.folds import fold

        rows = fold(rows, output.depth, _boxes if form == "mermaid" else len)
    return view._replace(rows=rows), card and output.at is None


def _boxes(rows: Sequence[Row]) -> int:
    """Return how much of a diagram there is to read."""
    from cnncalc.report.diagram import boxes_of

    return boxes_of(rows)


def _got(report: Report, quantity: Quantity, row: Row, *, commas: bool = False) -> str:
    """Return a quantity of one row, or of several, bare or with commas for people."""
    value = report.value(quantity, row)
    is_seen = quantity.form == "axes" or quantity.share_of == "input"
    refuse_without(quantity, report.settings)
    if value is None and not is_seen:
        raise depends_on_letters()
    if value is None:
        why = report.warnings[-1].labels if report.warnings else ()
        raise Problem(
            "no-one-receptive-field",
            _("the network has no one receptive field")
            if row is report.whole
            else _("row {number} has no one receptive field", number=row.number or row.layer),
            why,
            helps=[_("ask for the rows: --json holds the receptive field of each")],
        )
    return text(quantity.form, value, channels_first=report.settings.channels_first, commas=commas)


def _quantities(option: str, names: str) -> list[Quantity]:
    """Return the quantities that an option names."""
    from cnncalc.report.claim_names import quantities_in

    return [QUANTITIES[name] for name in quantities_in(names, option, QUANTITIES)]
