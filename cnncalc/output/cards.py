"""Cards: what one layer or a whole network has, and what fits, each with its working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tree import JOINS, Join, Reference
from cnncalc.output.parts import Card
from cnncalc.report.asked import told
from cnncalc.report.captions import a_value, counted, plain_heading, roofline, split
from cnncalc.report.listing import text
from cnncalc.report.quantities import (
    BYTES,
    HELD,
    LEAST,
    QUANTITIES,
    SUMMED,
    arithmetic,
    memory_working,
)
from cnncalc.report.stack import TRAINED
from cnncalc.report.workings import shown_row
from cnncalc.speech.language import _
from cnncalc.trace.memory import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.output.parts import Line
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.report.targets import LargestInput, Need
    from cnncalc.trace.fits import Fit
    from cnncalc.trace.rows import Row


_MEMORY = ("activations", "memory", "params-memory", "peak")
"""What a card says of memory, where it is asked for."""


_TIME = ("bytes", "intensity", "roofline", "bound")
"""What is said of a device, where one is given."""


def layer_card(report: Report, row: Row, *, memory: bool = False) -> Card:
    """Return one layer, each quantity with its arithmetic in the user's own numbers."""
    says = _described(row)
    worked = shown_row(row)
    first = report.settings.channels_first
    lines: list[Line] = [(_("input"), text("volume", row.input, channels_first=first), [])]
    names = (*(_MEMORY if memory else ()), *(_TIME if report.settings.device else ()))
    shown = [each for each in QUANTITIES.values() if each.card or each.name in names]
    for quantity in shown:
        value = text(quantity.form, quantity.of(row), channels_first=first, commas=True)
        lines.append((_(quantity.heading), value, arithmetic(quantity, worked)))
    return Card(lines, row.layer, says, below=_closing(report, shown))


def _described(row: Row) -> str:
    """Return what a row is, in words."""
    node = row.node
    if node is None:
        return _("what comes in")
    if isinstance(node, Reference):
        return _("goes on from the output of row {row}", row=row.inputs[0])
    if isinstance(node, Join) and node.layer:
        return _(node.layer.kind.says)
    if isinstance(node, Join):
        rows = ", ".join(str(index) for index in row.inputs)
        return _("{what}: rows {rows}", what=_(JOINS[node.how]), rows=rows)
    return node.kind.describe(row.input, *node.values)


def _closing(report: Report, columns: Sequence[Quantity]) -> list[str]:
    timed = [*roofline(report.settings, report.whole)] if report.settings.device else []
    lines = [*told(report.settings, report), *timed, counted(columns, report)]
    return lines if any(lines) else []


def totals_card(report: Report) -> Card:
    """Return the totals of a network alone."""
    first = report.settings.channels_first
    lines: list[Line] = [(_("input"), text("volume", report.input, channels_first=first), [])]
    names = (*HELD, *(_TIME if report.settings.device else ()))
    names += TRAINED if report.settings.freeze else ()
    shown = [each for each in QUANTITIES.values() if each.card or each.name in names]
    for quantity in shown:
        value = report.total(quantity.name)
        said = [split(report)] if quantity.name == "params" and report.total("biases") else []
        if quantity.worked and value is not None:
            at = report.whole.fullest if quantity.name == "peak" else None
            said = [memory_working(quantity.name, report.whole)]
            said[0] += "" if at is None else _(", at row {row}", row=at)
        value = text(quantity.form, value, channels_first=first, commas=True)
        value += "" if report.is_whole or quantity.name not in LEAST else "+"
        lines.append((_(quantity.heading), value, said))
    below = [_auxiliary(report), ""] if any(report.aux.values()) else []
    timed = [*roofline(report.settings, report.whole)] if report.settings.device else []
    adapted = told(report.settings, report)
    return Card(lines, below=[*below, *adapted, *timed, counted(shown, report)])


def _auxiliary(report: Report) -> str:
    named = [each for each in SUMMED if each.path and each.name not in BYTES]
    parts = (f"{report.aux[each.name]:,} {_(each.heading)}" for each in named)
    return _("Auxiliary classifiers, not in these: {sums}.", sums=", ".join(parts))


def batches_card(report: Report, budget: int, found: Sequence[Fit]) -> Card:
    """Return the largest batches that fit into so many bytes, each with its working."""
    lines: list[Line] = []
    for each in found:
        name = plain_heading(QUANTITIES[each.use]) if each.use in QUANTITIES else _("inference")
        lines.append((name, f"{each.batch:,}" if each.batch else _("none"), [f"{each.working}"]))
    head, *closing = said_of_fits(report, budget)
    return Card(lines, above=[head], below=closing)


def said_of_fits(report: Report, budget: int) -> list[str]:
    """Return what the batches are of that fit into so many bytes, and what is held."""
    size = written(budget)
    if budget >= 1000:
        size = _("{count:,} bytes = {size}", count=budget, size=size)
    held = (
        _(
            "Inference holds the parameters once, and the peak for each input; training holds what "
            "is trained with gradients and states, and of each input what these are made with."
        )
        if report.settings.freeze
        else _(
            "Inference holds the parameters once, and the peak for each input; training holds "
            "the parameters with gradients and states, and the activations of each input twice."
        )
    )
    counted = _("Counted: {what}.", what=a_value(report.forward))
    head = _("The largest batch in {size}", size=size)
    return [head, *told(report.settings, report), f"{held} {counted}"]


def needs_card(report: Report, needs: Sequence[Need], largest: LargestInput | None) -> Card:
    """Return what each part of a memory needs, and the largest square input that fits."""
    lines: list[Line] = []
    for each in needs:
        parts = [f"{plain_heading(QUANTITIES[name])} {size:,}" for name, size in each.made_of]
        made_of = _("{head} + {tail}, an estimate", head=parts[0], tail=parts[-1])
        if len(parts) == 1:
            made_of = f"{plain_heading(QUANTITIES[each.made_of[0][0]])}: {written(each.bytes)}"
        said = _("fits into {size}", size=written(each.budget))
        if each.over:
            size = written(each.over)
            said = _("{size} more than {budget}", size=size, budget=written(each.budget))
        lines.append((each.part, f"{each.bytes:,}", [made_of, said]))
    head, *closing = said_of_needs(report, needs, largest)
    return Card(lines, above=[head], below=closing)


def said_of_needs(report: Report, needs: Sequence[Need], largest: LargestInput | None) -> list[str]:
    """Return whether a network fits, the largest square input that does, and what is counted."""
    over = [each.part for each in needs if each.over]
    head = _("It does not fit: over in {parts}.", parts=_(" and ").join(over))
    names = [name for each in needs for name, _size in each.made_of]
    square = [_largest(report, largest), ""] if largest else []
    counts = counted([QUANTITIES[name] for name in names], report)
    return [head if over else _("It fits."), *told(report.settings), *square, counts]


def _largest(report: Report, largest: LargestInput) -> str:
    """Return what is known of the largest square input that fits."""
    if largest.volume is None:
        return _("No square input fits.")
    first = report.settings.channels_first
    size = text("volume", largest.volume, channels_first=first)
    if largest.is_open:
        return _("Square inputs fit up to {size}, and larger ones were not tried.", size=size)
    if largest.is_proved:
        return _("The largest square input that fits is {size}.", size=size)
    return _("A square input that fits, found by halving, is {size}.", size=size)
