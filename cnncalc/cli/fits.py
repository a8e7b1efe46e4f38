"""`--fits`: the largest batch that a memory holds, with its working."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli import faults
from cnncalc.cli.output import show
from cnncalc.numbers.figures import size_of
from cnncalc.numbers.letters import depends_on_letters
from cnncalc.numbers.working import are_numbers
from cnncalc.report.listing import Column, Listing
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.trace.memory import fits

if TYPE_CHECKING:
    from cnncalc.cli.requests import Output
    from cnncalc.output.table import Style
    from cnncalc.report.report import Report

COLUMNS = (
    *(Column("use", "", "name"), Column("batch", "batch", "count")),
    *(Column("fixed", "fixed (bytes)", "count"), Column("each", "each (bytes)", "count")),
)
"""A use, its largest batch, and the bytes that are held once and again for each input."""


def read_size(text: str) -> int:
    """Return the bytes of a size, at least 1."""
    size = size_of(text)
    if not size:
        raise Problem(
            "size-unreadable",
            _("{size} is not a size of memory that can be read", size=quoted(text.strip())),
            [Label(Span(Source("--fits", text), 0, len(text)))],
            helps=[_("as in 8GB (10^9 bytes each), 8GiB (2^30 bytes each) or 512MB")],
            status=2,
        )
    return size


def print_fits(report: Report, output: Output) -> None:
    """Print the largest batches that fit, for inference and for training."""
    budget = read_size(output.fits or "")
    held = tuple(map(report.total, ("memory", "params-memory", "peak")))
    if not are_numbers(*held):
        raise depends_on_letters()
    found = fits(budget, *held)

    def drawing(how: Style) -> str:
        from cnncalc.output.cards import draw_fits

        return draw_fits(budget, report.forward, found, how)

    faults.warn(report.warnings)
    rows = [each._asdict() for each in found]
    head = {"network": report.text, "bytes": budget, "dtype": report.forward.dtype}
    show(Listing("fits", COLUMNS, rows, head=head), output.form, drawing)


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    head = {"network": schema.TEXT, "bytes": {"type": "integer"}, "dtype": schema.TEXT}
    return {"fits": schema.listed("fits", COLUMNS, head=head)}
