"""A row of a summary as it is solved: its class, what it puts out, how many numbers it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.kinds.volumes import Volume


class PrintedRow(NamedTuple):
    """A row: its class, what it puts out, how many numbers it has learned, its name.

    `reads` are the names of the rows that it reads, None where it is what stands before it;
    `is_again` says that it is a layer of its class once more, `is_normed` that a norm follows,
    `is_plain` that all of its table runs one behind another, `takes` what comes into it, and
    `window` the sides of its kernel, where its table has columns for these.
    """

    kind: str
    output: Volume
    learned: int
    name: str = ""
    reads: tuple[str, ...] | None = None
    is_again: bool = False
    is_torch: bool = False
    is_normed: bool = False
    is_plain: bool = True
    takes: Volume | None = None
    window: tuple[int, ...] = ()


def outputs(row: PrintedRow, rank: int) -> list[Volume]:
    """Return what a row on maps puts out as volumes: of PyTorch the channels stand first."""
    sizes = row.output
    if len(sizes) != rank:
        return []
    return [(*sizes[1:], sizes[0]) if row.is_torch else sizes]
