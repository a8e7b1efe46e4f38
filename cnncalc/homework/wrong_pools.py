"""Wrong ways to the parameters of pools, which have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import KINDS
from cnncalc.numbers.working import product, shown, spoken
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.variations import RowAnswer
    from cnncalc.trace.rows import Row


def learned(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give a pool a parameter for each cell of its window."""
    kernel = row.node.named["kernel"]  # type: ignore[union-attr] # a pool
    return product(spoken(kernel * (len(row.input) - 1) if len(kernel) == 1 else kernel))


def learned_each(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Give a pool as many for each channel."""
    return product((learned(row, quantity, rows), shown(row.input[-1])))


def learned_channels(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give a pool a parameter for each channel."""
    return row.input[-1]


def counted_as(kind: str) -> RowAnswer:
    """Return the parameters of a pool that is counted as a conv: with its filters and biases."""

    def answer(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
        pool: Any = row.node
        given = pool.named["kernel"]
        more = {"kernel": given, "padding": (given[0],)}  # so that it fits
        more |= {"filters": row.input[-1]} if kind == "conv" else {}
        of = KINDS[kind]
        values = {each.name: each.default for each in of.parameters} | more
        layer = pool._replace(kind=of, values=tuple(map(spoken, values.values())))
        return measured(layer, spoken(row.input)).params

    return answer
