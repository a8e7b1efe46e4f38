"""How figures are written: of a report, and of the windows of a layer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnncalc.cli import faults
from cnncalc.cli.streams import put
from cnncalc.drawing.figures import drawn
from cnncalc.report.asked import Asked, of_one_row
from cnncalc.report.places import rows_at
from cnncalc.report.report import Report

if TYPE_CHECKING:
    from cnncalc.cli.requests import Motion, Output
    from cnncalc.drawing.shapes import Figure
    from cnncalc.notation.tree import Network


def print_figure(
    report: Report, file: str | None, language: str = "svg", *, at: str | None, **asked: Any
) -> None:
    """Write the figure of a report, or of the rows at a place; its warnings to standard error."""
    rows = None if at is None else rows_at(report, at)
    is_one = rows is not None and len(rows) == 1
    idle = of_one_row(depth=asked["depth"] is not None).idle() if is_one else []
    faults.warn([*report.warnings, *idle])
    figure, warnings = drawn(report, rows, **asked)
    faults.warn(warnings)
    put_figure(figure, file, language)


def print_motion(network: Network, output: Output, motion: Motion) -> bool:
    """Write how the windows of a layer go, where that is asked for; return whether it is."""
    if not (motion.is_asked or output.is_figure) or output.check or output.explain is not None:
        return False
    from cnncalc.drawing import windows
    from cnncalc.drawing.slides import slides

    report = Report(network, output.settings)
    if not (motion.is_asked or slides(report.rows[-1])):
        return False
    figure = windows.draw(report, at=motion.at, frames=motion.frames)
    idle = Asked(output.settings, called=["a figure of windows"]).idle()
    faults.warn([*report.warnings, *idle])
    put_figure(figure, motion.file or output.form.file, motion.language)
    return True


def put_figure(figure: Figure, file: str | None, language: str) -> None:
    """Write a figure in a language, to standard output or to a file."""
    put(import_module(f"cnncalc.drawing.{language}").write(figure), file)
