"""Rows and answers in the order of a quantity, the largest first, and the first of them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

from cnncalc.numbers.lettered import depends_on_letters, letters_in
from cnncalc.numbers.working import product
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.trace.rows import Row

T = TypeVar("T")


class Order(NamedTuple):
    """The quantity that is largest first, and how many are shown; None: in place, and all."""

    quantity: Quantity | None = None
    top: int | None = None

    def put(self, items: Iterable[T], value: Callable[[T], Any]) -> list[T]:
        """Return items in this order, as many as are shown; equal ones stay as they stood."""
        if self.quantity is not None:
            items = sorted(items, key=lambda item: size(value(item)), reverse=True)
        return list(items)[: self.top]

    def put_rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return rows in this order."""
        return self.put(rows, self.quantity.of) if self.quantity else rows[: self.top]


def order_by(name: str | None, top: int | None) -> Order:
    """Return the order of the quantity that is named, and how many are shown."""
    if name is None:
        return Order(None, top)
    from cnncalc.report.claim_names import quantities_in
    from cnncalc.report.quantities import QUANTITIES

    return Order(QUANTITIES[quantities_in(name, "--sort", QUANTITIES)[0]], top)


def size(value: Any) -> Any:
    """Return a number to put a value in order by; a volume or a field goes by what is in it.

    >>> size((7, 7)), size("all"), size(None)
    (49, inf, -1)
    """
    if value is None:
        return -1
    if isinstance(value, str):
        return inf
    if letters_in(value if isinstance(value, tuple) else (value,)):
        raise depends_on_letters()
    return product(value) if isinstance(value, tuple) else value
