"""Runs of equal parts, one after another, to repeats."""

from __future__ import annotations

from itertools import accumulate
from operator import eq
from typing import TYPE_CHECKING

from cnncalc.notation.folding.parts import Part, group_of
from cnncalc.notation.folding.survey import is_closed, is_read_outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.notation.folding.naming import BlockNames

LONGEST = 64
"""The longest round that is looked for, in parts."""

LEAST_SAVED = 18  # letters: what saves fewer stays as it is


def periods(keys: Sequence[int], longest: int = LONGEST) -> Iterator[tuple[int, int, int]]:
    """Yield where something stands twice or more in a row: the start, the size, and the period.

    >>> list(periods([5, 1, 2, 1, 2, 1, 3]))
    [(1, 5, 2)]
    """
    for period in range(1, min(longest, len(keys) // 2) + 1):
        same = bytes(map(eq, keys, keys[period:]))
        whole = b"\1" * period
        start = same.find(whole)
        while start >= 0:
            end = same.find(b"\0", start)
            end = len(same) if end < 0 else end
            yield start, end - start + period, period
            start = same.find(whole, end)


def fold_runs(parts: list[Part], names: BlockNames) -> bool:
    """Put repeats in the place of runs, those that save most first; return whether any is there."""
    found = list(_runs(parts))
    if not found:
        return False
    taken = bytearray(len(parts))
    chosen: list[tuple[int, int, int]] = []
    for _saved, start, period, count in sorted(found, key=lambda each: (-each[0], each[1:])):
        end = start + period * count
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            chosen.append((start, period, count))
    for start, period, count in sorted(chosen, reverse=True):
        end = start + period * count
        rounds = [parts[at : at + period] for at in range(start, end, period)]
        group = group_of(rounds)
        group.label = names.of_rounds(rounds)
        if is_read_outside(rounds[-1]):
            group.label, rounds[-1][-1].moved = rounds[-1][-1].label, group
        parts[start:end] = [group]
    return bool(chosen)


def _runs(parts: list[Part]) -> Iterator[tuple[int, int, int, int]]:
    """Yield what a run saves, where it starts, its period, and how often."""
    total = [0, *accumulate(part.length + len(part.label) + 4 for part in parts)]
    for start, size, period in periods([part.equal for part in parts]):
        count = size // period
        turns = range(start, start + size - period * count + 1)
        begin = min(turns, key=lambda at: (parts[at].rank, at))
        end = begin + period * count
        saved = total[end] - total[begin + period] - 8
        rounds = (parts[at : at + period] for at in range(begin, end, period))
        if saved >= LEAST_SAVED and all(
            is_closed(each) and (each[-1] is parts[end - 1] or not is_read_outside(each))
            for each in rounds
        ):
            yield saved, begin, period, count
