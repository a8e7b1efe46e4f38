"""What brings branches together whose maps differ by a few pixels; each cure is tried first.

The layers that left rows over are named; input sizes near the one that was given, and an output
padding of the transposed convs, are traced until nothing is at fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import Layer, Pending, settled
from cnncalc.numbers.working import are_numbers
from cnncalc.solving.unknowns import parts
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source, quoted
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Network
    from cnncalc.speech.problem import Span
    from cnncalc.trace.settings import Settings

FAR = 64  # the pixels that an input may be changed by, and less than half of it
MOST_ROWS = 2_000  # of a network that is traced for each size

_CODES = frozenset(kind.code for kind in JOIN_KINDS.values())


class _Trial(NamedTuple):
    """How many rows were traced, and what was at fault then, if anything was."""

    rows: int
    fault: Problem | None
    warnings: list[Problem]


def add_cures(problem: Problem, network: Network, given: Given, settings: Settings) -> None:
    """Add to the problem of a join what left rows over, and what would bring its maps together."""
    volume = settled(given)
    if problem.code not in _CODES or not are_numbers(*volume):
        return
    first = _traced(network, volume, given.span, settings)
    if first.rows > MOST_ROWS or first.fault is None:
        return
    left = [each.labels[0] for each in first.warnings if each.code == "input-left-over"]
    problem.notes += tuple(dict.fromkeys(f"{quoted(at.span.text)}: {at.text}" for at in left))
    near = list(_sizes(network, volume, given.span, settings))
    if near:
        problem.inputs = tuple(
            write_volume(each, channels_first=settings.channels_first) for each in near
        )
        fits = _(" or ").join(problem.inputs)
        problem.helps += (_("an input of {volumes} fits", volumes=fits),)
    padded = _padded(network, volume, given.span, settings, first.rows)
    if padded:
        layers = _(" and ").join(quoted(span.text) for span in padded)
        problem.helps += (_("op1 on {layers} gives back what was left over", layers=layers),)


def _traced(network: Network, volume: Volume, span: Span, settings: Settings) -> _Trial:
    """Return how far a network is traced with a volume."""
    rows = 0

    def count(_row: object) -> None:
        nonlocal rows
        rows += 1

    trace = Trace(count, settings)
    fault = None
    try:
        trace.run(network, volume, span)
    except Problem as problem:
        fault = problem
    return _Trial(rows, fault, trace.warnings)


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
        text = source.text
        for put in sorted([*chosen, each], key=lambda span: -span.end):
            text = f"{text[: put.end].rstrip()} op1{text[put.end :]}"
        try:
            trial = _traced(parse(Source(source.name, text)), volume, span, settings)
        except Problem:
            continue
        if trial.fault is None:
            return [*chosen, each]
        if trial.rows > rows:
            chosen.append(each)
            rows = trial.rows
    return []
