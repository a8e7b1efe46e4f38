"""What --explain prints: the working of rows, and of the memory that is held at one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import faults
from cnncalc.cli.streams import put
from cnncalc.output.explanation import write
from cnncalc.report.asked import Asked
from cnncalc.report.places import find, one_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.steps import HELD, steps_of

if TYPE_CHECKING:
    from cnncalc.cli.requests import Output
    from cnncalc.report.report import Report


def print_explained(report: Report, output: Output) -> None:
    """Print the working of the rows, and of the quantities, that options ask for."""
    asked = output.explain or ""
    rows = report.rows[1:] if output.at is None else find(report.rows, output.at)
    steps = steps_of(asked)
    held = None
    names = {*steps}
    if names & {*HELD} or (output.is_memory and not asked):
        held = report.whole if output.at is None else one_at(report, output.at)
        names |= {*HELD} if not asked else set()
    shown = [QUANTITIES[name] for name in QUANTITIES if name in names]
    called = [] if shown else ["padding"]
    beside = Asked(report.settings, called=called, shown=shown, heeds=["fold"])
    faults.warn([*report.warnings, *report.notes, *beside.idle()])
    ordered = [*output.order.put_rows(rows)]
    written = write(report, ordered, output.form.format, held=held, steps=steps)
    put([written], output.form.file)
