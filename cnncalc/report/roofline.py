"""Bytes moved, and the least time on a device: each row by what bounds it.

The roofline of Williams, Waterman and Patterson (2009), for layers that are run one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.measure import Writes
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import are_numbers, plain, product
from cnncalc.report.quantity import Quantity
from cnncalc.report.several import add
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row


def moved_by(row: Row) -> Number:
    """Return the bytes that a row reads and writes; what comes in and a view move none."""
    if row.writes in (Writes.INPUT, Writes.VIEW, Writes.OUTPUT):
        return 0
    moved: Number = 0
    for each in (*row.reads, row.output):
        moved += row.forward.bytes(plain(product(each)))
    return moved + _read_memory(row)


def _read_memory(row: Row) -> Number:
    """Return the bytes of the learned numbers that a row reads, those that it shares too."""
    if row.shared is None or not isinstance(row.node, Layer):
        return row.params_memory
    return row._replace(measure=measured(row.node, row.input)).params_memory


def _work(row: Row) -> tuple[int, int]:
    """Return the time of a row on its device as operations bound it, and as bytes do.

    The unit is a second through what the device multiplies and moves in one, so that both are
    whole; operations are two for each MAC, whatever `like` calls one. Without a device, and where
    letters decide, there is none.
    """
    rates = row.forward.rates
    if rates is None or not are_numbers(row.measure.macs, moved := moved_by(row)):
        return 0, 0
    return 2 * row.forward.of_all(plain(row.measure.macs)) * rates[1], moved * rates[0]


def microseconds(row: Row) -> tuple[Number, Number] | None:
    """Return the sum of the times of rows that are run one by one, as parts of a microsecond."""
    rates = row.forward.rates
    if rates is None or row.forward.sizes:
        return None
    return 10**6 * WORK.of(row), rates[0] * rates[1]


def bound_by(_one: Any, row: Row) -> str | None:
    """Return what bounds a row, or most of the time of several."""
    if row.forward.rates is None or row.forward.sizes or not WORK.of(row):
        return None
    return "memory" if 2 * MEMORY_WORK.of(row) > WORK.of(row) else "compute"


def _of_memory(row: Row) -> int:
    """Return the time of a row that memory bounds."""
    operations, moved = _work(row)
    return moved if moved > operations else 0


WORK = Quantity("work", "", "", "", "count", add, (), lambda row: max(_work(row)))
MEMORY_WORK = Quantity("memory-work", "", "", "", "count", add, (), _of_memory)
UNSEEN = (WORK, MEMORY_WORK)
"""What times are made of: sums that no output shows."""

OWN_MACS = Quantity(
    "own-macs",
    "",
    "",
    "",
    "count",
    add,
    (),
    lambda row: row.forward.of_all(plain(row.measure.macs)),
)
"""The MACs, where another counter counts: intensity, as times, is of these."""
