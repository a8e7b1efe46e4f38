"""A print whose layers have no shapes: what its lines add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.cli import faults
from cnncalc.cli.streams import put
from cnncalc.report.lines import KNOWN, listed, totals
from cnncalc.report.report import not_whole

if TYPE_CHECKING:
    from cnncalc.cli.requests import Output
    from cnncalc.notation.tree import PrintedLines
    from cnncalc.speech.problem import Problem


def are_enough(output: Output) -> bool:
    """Return whether all that is asked for is known without shapes."""
    if output.get is not None:
        return all(name.strip() in KNOWN for name in output.get.split(","))
    asked = (output.columns, output.at, output.by, output.fits)
    settings = output.settings
    others = (
        *(output.explain is not None, output.chart, output.is_memory, settings.like),
        *(settings.device, settings.fold, settings.freeze),
    )
    return (
        output.form.format != "mermaid"
        and not any(each is not None for each in asked)
        and not any(others)
    )


def print_lines(lines: PrintedLines, output: Output) -> None:
    """Print what the lines of a print add up to; refuse it where all is asked to be counted."""
    from cnncalc.cli.output import show

    if output.settings.strict and not lines.whole:
        raise not_whole(lines.warnings)
    if output.get is not None:
        faults.warn(lines.warnings)
        sums = totals(lines)
        if not all(name.strip() in sums for name in output.get.split(",")):
            raise cast("Problem", lines.misfit)
        put([str(sums[name.strip()]) for name in output.get.split(",")], output.form.file)
        return
    show(listed(lines), output.form)
