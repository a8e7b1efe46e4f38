"""What brings branches together whose maps differ by a few pixels; each cure is tried first.

The layers whose step does not divide their map are named; input sizes near the one that was given,
and an output padding of the transposed convs, are traced until nothing is at fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.changes import parts
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import Layer, Pending
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Problem, Source, Span, quoted
from cnncalc.trace.trace import Trace
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Network
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings

FAR = 64  # the pixels that an input may be changed by, and less than half of it
MOST_ROWS = BUDGET.cured  # of a network that is traced for each size

_CODES = frozenset(kind.code for kind in JOIN_KINDS.values())


class _TracedRows(NamedTuple):
    """The rows that were traced, and what was at fault then, if anything was."""

    rows: list[Row]
    fault: Problem | None


def add_cures(problem: Problem) -> None:
    """Add to the problem of a join what left rows over, and what would bring its maps together."""
    if problem.code not in _CODES or problem.traced is None:
        return
    network, volume, span, settings = problem.traced
    problem.traced = None
    if not are_numbers(*volume):
        return
    first = _traced(network, volume, span, settings)
    if len(first.rows) > MOST_ROWS or first.fault is None:
        return
    problem.notes += tuple(dict.fromkeys(_rounded(first.rows)))
    near = list(_sizes(network, volume, span, settings))
    if near:
        problem.inputs = tuple(
            write_volume(each, channels_first=settings.channels_first) for each in near
        )
        fits = _(" or ").join(problem.inputs)
        problem.helps += (_("an input of {volumes} fits", volumes=fits),)
    padded = _padded(network, volume, span, settings, len(first.rows))
    source = network.span.source
    whole = Span(source, 0, len(source.text))
    if padded:
        problem.also += (Fix(whole, _with_padding(source.text, padded)),)
        layers = _(" and ").join(quoted(span.text) for span in padded)
        problem.helps += (_("op1 on {layers} gives back what was left over", layers=layers),)
    if near or padded:
        problem.also += tuple(_resized(problem))


def _with_padding(text: str, layers: Iterable[Span]) -> str:
    """Return a text with an output padding of 1 in some of its layers."""
    for put in sorted(layers, key=lambda span: -span.end):
        text = f"{text[: put.end].rstrip()} op1{text[put.end :]}"
    return text


def _resized(problem: Problem) -> Iterator[Fix]:
    """Yield a branch that is brought to the size of the label that another one is."""
    spans = [label.span for label in problem.labels]
    labels = [span.text.strip()[1:] for span in spans if span.text.strip().startswith("@")]
    for span in spans:
        text = span.text.strip()
        if labels and not text.startswith("@"):
            before = "" if text == "identity" else f"{text} -> "
            yield Fix(span, f"{before}resize like={labels[0]}")


def _traced(network: Network, volume: Volume, span: Span, settings: Settings) -> _TracedRows:
    """Return how far a network is traced with a volume."""
    rows: list[Row] = []
    trace = Trace(rows.append, settings)
    fault = None
    try:
        trace.run(network, volume, span)
    except Problem as problem:
        fault = problem
    return _TracedRows(rows, fault)


def _rounded(rows: list[Row]) -> Iterator[str]:
    """Yield the layers whose step does not divide their map, and what comes of going back.

    What is much larger than the maps that are joined is left out: it stands before the branches.
    """
    joined = rows[-1].output if rows else ()
    for row in rows:
        if not isinstance(row.node, Layer) or len(row.input) != len(joined):
            continue
        steps = row.node.named.get("stride") or ()
        steps = steps * (len(joined) - 1) if len(steps) == 1 else steps
        sizes = zip(row.input[:-1], row.output[:-1], steps, joined, strict=False)
        for size, to, step, near in sizes:
            is_near = size < 2 * near and row.kind != "deconv"
            if is_near and step > 1 and step * to != size:
                yield f"{quoted(row.layer)}: {size} -> {to}, {step} * {to} = {step * to}"


def _sizes(network: Network, volume: Volume, span: Span, settings: Settings) -> Iterator[Volume]:
    """Yield the next smaller and the next larger input that fits, square where the given is."""
    *sides, channels = volume

    def fits(sizes: tuple[int, ...]) -> bool:
        return _traced(network, (*sizes, channels), span, settings).fault is None

    for step in (-1, 1):
        found = []
        for side in dict.fromkeys(sides):
            near = (side + step * away for away in range(FAR + 1))
            alone = (size for size in near if 2 * size > side and fits((size,) * len(sides)))
            found.append((side, next(alone, None)))
        to = dict(found)
        sizes = tuple(to[side] for side in sides)
        if None not in sizes and sizes != tuple(sides) and fits(sizes):
            yield (*sizes, channels)


def _padded(
    network: Network, volume: Volume, span: Span, settings: Settings, rows: int
) -> list[Span]:
    """Return the transposed convs that need an output padding of 1, if that is what it takes."""
    source = network.span.source
    layers = {
        (part.span.start, part.span.end): part.span
        for part in parts(network)
        if isinstance(part, Layer | Pending)
        and part.kind.name == "deconv"
        and part.span.source is source
    }
    chosen: list[Span] = []
    for _place, each in sorted(layers.items()):
        text = _with_padding(source.text, [*chosen, each])
        try:
            trial = _traced(parse(Source(source.name, text)), volume, span, settings)
        except Problem:
            continue
        if trial.fault is None:
            return [*chosen, each]
        if len(trial.rows) > rows:
            chosen.append(each)
            rows = len(trial.rows)
    return []
