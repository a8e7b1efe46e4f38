"""Tables that `summary()` prints, of Keras, torchinfo and torchsummary: their layers and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.prints.candidates import MODELS, is_known
from cnncalc.importing.prints.chains import RowChain
from cnncalc.importing.prints.tables import HEAD, Table, line_of, rows_of, sizes_of, unlearned
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import PrintedLines
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    import re

    from cnncalc.importing.prints.rows import PrintedRow
    from cnncalc.kinds.volumes import Volume


def find_summary(text: str) -> re.Match[str] | None:
    """Return where the table of a summary begins: its heading; None for none."""
    return HEAD.search(text)


def network_of_summary(source: Source, given: Volume | None) -> tuple[Source, list[Problem]] | None:
    """Return the network that a summary is, where each of its rows fits those that it reads.

    None where what comes in is not said, or a row is no layer that fits it and what it learns.
    """
    head = HEAD.search(source.text)
    table = Table(source.text, head)
    chain, known = _chain(table, given)
    if head is None or chain is None or chain.solved < len(known) or not chain.graph.outputs:
        return None
    if sum(row.learned for row in known if not row.is_again) != _learned(table):
        return None
    span = Span(source, head.start(), head.end())
    notes = [_("steps and paddings are the plainest that fit, activations are not printed")]
    if table.is_torch:
        notes.append(_("joins and functions between layers are not printed"))
    warning = Problem(
        "summary-solved",
        _("this is a summary: its layers are those that its sizes and counts allow"),
        [Label(span)],
        notes=notes,
        severity="warning",
    )
    made, warnings = chain.graph.written(source)
    return made, [warning, *warnings]


def _chain(table: Table, given: Volume | None) -> tuple[RowChain | None, list[PrintedRow]]:
    """Return the rows of a table as a network, and those rows; None where one has no sizes."""
    found = rows_of(table)
    known = [row for row in found if row is not None]
    if not known or len(known) < len(found):
        return None, known
    chain = RowChain(known, given or _taken(table, known[0]))
    return (chain if chain.volume else None), known


def _taken(table: Table, first: PrintedRow) -> Volume | None:
    """Return what comes into the first layer, where its table has a column for it."""
    sizes = sizes_of(table.rows[0].takes) if table.is_torch and table.rows else None
    if sizes is None or len(sizes) == 1 or first.kind in ("Linear", "LayerNorm", "LSTM", "GRU"):
        return sizes
    return (*sizes[1:], sizes[0])


def _learned(table: Table) -> int:
    """Return how many numbers a table says are learned, running means and variances taken off."""
    return table.totals.get("total", 0) - sum(unlearned(table))


def _stopped(table: Table, given: Volume | None) -> list[str]:
    """Return the note of the first row of a chain that no layer of its class can be."""
    chain, known = _chain(table, given)
    if chain is None or chain.solved == len(known) or not is_known(known[chain.solved]):
        return []
    row = known[chain.solved]
    return [
        _(
            "behind {volume} {row} has another input, output or count",
            volume=write_volume(chain.before),
            row=quoted(row.name or row.kind),
        )
    ]


def lines_of_summary(source: Source, given: Volume | None = None) -> PrintedLines:
    """Return the layers of a summary with the numbers that it prints.

    Keras counts the running means and variances of batch norms among the parameters: they are
    taken off, and the sum is whole where they are all that its table calls non-trainable.
    """
    head = HEAD.search(source.text)
    span = Span(source, head.start(), head.end()) if head else Span(source, 0, 0)
    table = Table(source.text, head)
    counts = table.totals
    lines = [line_of(row) for row in table.rows]
    printed = sum(line.params or 0 for line in lines)
    moving = unlearned(table)
    norms, frozen = sum(moving), counts.get("non-trainable", 0)
    if norms and frozen >= norms:
        lines = [
            line._replace(params=(line.params or 0) - held)
            for line, held in zip(lines, moving, strict=True)
        ]
    whole = printed == counts.get("total") and frozen in (0, norms)
    notes = [_("what its layers are, in all their numbers, is not in it")]
    if held := sum(n for line, n in zip(lines, moving, strict=True) if line.kind in MODELS):
        notes.append(
            _(
                "{count:,} numbers that a model in it does not learn are taken for running means",
                count=held,
            )
        )
    if not whole:
        notes.append(
            _(
                "its lines add up to {sum:,}; it prints {total:,} in all, {frozen:,} not learned",
                sum=printed,
                total=counts.get("total", 0),
                frozen=frozen,
            )
        )
    message = _("this is a summary: its lines are added up")
    warning = Problem("lines-added-up", message, [Label(span)], notes=notes, severity="warning")
    known = rows_of(table)
    may_be_solved = (
        not given and bool(known) and all(row and not row.takes and is_known(row) for row in known)
    )
    misfit = Problem(
        "summary-is-no-network",
        _("a summary does not say what its layers are"),
        [Label(span)],
        notes=[_("its parameters alone are known: '--get params'"), *_stopped(table, given)],
        helps=[
            *([_("say what comes in, as in '--input 224x224x3'")] if may_be_solved else []),
            _("print the model itself, or export it to ONNX or JSON"),
        ],
    )
    return PrintedLines(tuple(lines), (warning,), misfit, whole)
