"""The pixels of the input that a unit really reads, followed back layer by layer.

A field reaches from a first to a last pixel; windows that leave gaps (a dilation, a stride larger
than the kernel) read only some of what lies between, and what a layer in between pads is no pixel
of the input. The plane that is read is blocks: each the pixels whose rows lie in some runs and
whose columns in others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.kinds.receptive_field import Reach
    from cnncalc.trace.rows import Row

MOST_RUNS = BUDGET.runs  # along an axis; of more the gaps are closed
MOST_TAPS = BUDGET.taps  # of a run of units whose taps are looked at one by one
MOST_BLOCKS = 32  # of paths that read differently; of more the corners are filled

Run: TypeAlias = tuple[int, int]
"""The first and last of pixels side by side."""

Block: TypeAlias = tuple[tuple[Run, ...], ...]
"""Runs of pixels, from the first on and apart, along each axis; what lies in them along all."""


class ReadPixels(NamedTuple):
    """The blocks that a unit reads; where none is whole, what it would read along each axis."""

    blocks: tuple[Block, ...]

    def runs(self, axis: int) -> tuple[Run, ...]:
        """Return the runs that are read along an axis."""
        return _united(run for block in self.blocks for run in block[axis])

    def ends(self, axis: int) -> Run | None:
        """Return the first and last pixel that is read along an axis; None where none is."""
        runs = self.runs(axis)
        return (runs[0][0], runs[-1][1]) if runs else None


def read_pixels(
    rows: Sequence[Row], row: Row, place: Sequence[int], *, padded: bool = False
) -> ReadPixels:
    """Return what a unit of a row reads; with `padded` also what the padding of layers stands for.

    `rows` are all rows of the network, and the row has a receptive field of its own.
    """
    *_between, (_entry, read) = read_back(rows, row, place, padded=padded)
    return read


def read_back(
    rows: Sequence[Row], row: Row, place: Sequence[int], *, padded: bool = False
) -> Iterator[tuple[int, ReadPixels]]:
    """Yield the rows that a unit reads, from its own to its input, and what of each it reads."""
    waiting: dict[int, list[Block]] = {row.index: [tuple(((each, each),) for each in place)]}
    entry = row.seen[0] if row.seen else 0
    for index in range(row.index, entry - 1, -1):
        if index not in waiting:
            continue
        here, blocks = rows[index], _merged(waiting.pop(index))
        yield index, ReadPixels(tuple(blocks))
        if index == entry:
            return
        for source in here.inputs:
            back = [_back(block, here, None if padded else rows[source]) for block in blocks]
            waiting.setdefault(source, []).extend(back)


def _back(block: Block, row: Row, source: Row | None) -> Block:
    """Return what the units of a block read of a row's source, of what lies in it."""
    reach = row.measure.reach
    if reach:
        block = tuple(_inputs(runs, each) for runs, each in zip(block, reach, strict=True))  # type: ignore[arg-type] # one that sees all has no field
    if source is None:
        return block
    return tuple(
        tuple((max(low, 0), min(high, size - 1)) for low, high in runs if low < size and high >= 0)
        for runs, size in zip(block, source.output[:-1], strict=True)
    )


def _merged(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks that hold the same and are fewer: those that differ along one axis are one."""
    whole = [block for block in blocks if all(block)]
    if not whole:
        return [tuple(map(_union, zip(*blocks, strict=True)))]
    found: list[Block] = []
    for block in dict.fromkeys(whole):
        new = block
        while other := next((each for each in found if _unites(each, new)), None):
            found.remove(other)
            new = tuple(map(_union, zip(other, new, strict=True)))
        found.append(new)
    return found if len(found) <= MOST_BLOCKS else [tuple(map(_union, zip(*found, strict=True)))]


def _unites(one: Block, other: Block) -> bool:
    """Return whether two blocks are one: they differ along one axis, or one holds the other."""
    differ = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(differ) < 2:
        return True
    unions = [_union(pair) for pair in differ]
    return any(all(pair[i] == u for pair, u in zip(differ, unions, strict=True)) for i in (0, 1))


def _union(sets: Iterable[Sequence[Run]]) -> tuple[Run, ...]:
    return _united(run for runs in sets for run in runs)


def _united(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return runs in order, those that touch as one; the gaps of too many are closed.

    >>> _united([(4, 6), (0, 1), (2, 2)])
    ((0, 2), (4, 6))
    """
    found: list[Run] = []
    for low, high in sorted(runs):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return tuple(found) if len(found) <= MOST_RUNS else ((found[0][0], found[-1][1]),)


def _inputs(runs: Sequence[Run], reach: Reach) -> tuple[Run, ...]:
    """Return the inputs that runs of a layer's outputs read along an axis."""
    read = _by_phases if reach.phases is not None else _by_window
    return _united(each for run in runs for each in read(run, reach))


def _by_window(run: Run, reach: Reach) -> Iterable[Run]:
    """Return what a run of outputs reads by one window."""
    kernel, stride, dilation = reach.kernel, reach.stride, reach.dilation
    if kernel == 1:
        dilation = 1
    low, high = (each * stride + reach.first for each in run)
    count = run[1] - run[0] + 1
    end = high + dilation * (kernel - 1)
    if count == 1:
        stride = 1
    if (stride == 1 and count >= dilation) or (dilation == 1 and kernel >= stride):
        return [(low, end)]
    if (count if stride > 1 else 1) * (kernel if dilation > 1 else 1) > MOST_TAPS:
        return [(low, end)]
    if dilation == 1:
        return [(each, each + kernel - 1) for each in range(low, high + 1, stride)]
    shifts = range(0, dilation * kernel, dilation)
    if stride == 1:
        return [(low + each, high + each) for each in shifts]
    return [(each + shift,) * 2 for each in range(low, high + 1, stride) for shift in shifts]


def _by_phases(run: Run, reach: Reach) -> Iterable[Run]:
    """Return what a run of outputs reads where those of a period differ."""
    phases = reach.phases or ()
    period = len(phases)
    outputs = range(run[0], run[1] + 1)
    closed = len(outputs) * max(kernel for _, kernel, _ in phases) > MOST_TAPS
    found = []
    for output in [*outputs[:period], *outputs[-period:]] if closed else outputs:
        turn, phase = divmod(output, period)
        first, kernel, dilation = phases[phase]
        low = turn * reach.stride + first
        if dilation == 1 or kernel == 1:
            found += [(low, low + kernel - 1)] if kernel else []
        else:
            found += [(low + tap * dilation,) * 2 for tap in range(kernel)]
    if closed:
        return [(min(low for low, _ in found), max(high for _, high in found))] if found else []
    return found


def outside(block: Block, sizes: Sequence[int]) -> list[Block]:
    """Return the parts of a block that lie beyond the border of an input."""
    parts = []
    for axis, (runs, size) in enumerate(zip(block, sizes, strict=True)):
        beyond = [(low, min(high, -1)) for low, high in runs if low < 0]
        beyond += [(max(low, size), high) for low, high in runs if high >= size]
        if beyond:
            parts.append((*block[:axis], tuple(beyond), *block[axis + 1 :]))
    return parts
