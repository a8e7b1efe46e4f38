"""What rows have of a quantity that can be claimed, and how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.volumes import sides, write_volume
from cnncalc.notation.expressions import is_fraction
from cnncalc.notation.tree import Layer
from cnncalc.numbers.lettered import ratio
from cnncalc.numbers.working import product
from cnncalc.report.claim_names import ARGUMENTS, AXES
from cnncalc.report.places import row_at
from cnncalc.report.quantities import QUANTITIES
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.trace.rows import Row


def answer(quantity: str, row: Row) -> Any:
    """Return what a row, or what stands for one, has of a quantity that can be claimed."""
    if quantity in ARGUMENTS:
        return _argument(quantity, row)
    if quantity in QUANTITIES:
        return QUANTITIES[quantity].of(row)
    output = QUANTITIES["output"].of(row)
    if quantity == "in_features":
        return product(row.input if row.kind == "fc" else output)  # what a fc here would see
    if quantity in AXES:
        return output[AXES[quantity]] if len(output) > 2 else None
    return output[:-1] if quantity == "size" else output[-1]


def exactly(quantity: str, row: Row, found: Any) -> Any:
    """Return what was found of a row; a ratio, which is shown to a hundredth, as it is."""
    asked = QUANTITIES.get(quantity)
    parts = asked.parts(row) if asked and asked.parts else None
    return ratio(*parts) if parts and all(parts) else found


def _argument(name: str, row: Row) -> Any:
    """Return what a layer's argument is; of several rows, where those that have it agree.

    The padding of `same` is what it comes to before the first pixel.
    """
    found = set()
    for each in row.rows:
        if isinstance(each.node, Layer) and name in each.node.named:
            value = each.node.named[name]
            reach = each.measure.reach
            if name == "padding" and isinstance(reach, tuple) and reach:
                is_window = each.kind != "deconv"
                before = [-axis.first for axis in reach] if is_window else map(_before, value)
                value = tuple(before)
            found.add(value if len(set(value)) > 1 else value[:1])
    return found.pop() if len(found) == 1 else None


def _before(side: Any) -> Any:
    """Return what a padding is before the first pixel."""
    return sides(side)[0]


class Query(NamedTuple):
    """What is asked of rows: a quantity, at a place, or of all where there is none."""

    place: str | None
    quantity: str

    @property
    def entry(self) -> Quantity | None:
        """The quantity's entry in the table; None for what is only claimed."""
        return QUANTITIES.get(self.quantity)

    def subject(self, rows: Sequence[Row]) -> Row | None:
        """Return the row that the answer comes from; one that stands for all where it is of all.

        Of a network, `in_features` are those of its first fc, or of one that would stand behind it.
        """
        if not rows or self != (None, "in_features"):
            return row_at(self.place, rows) if rows else None
        main = [row for row in rows if not row.aux]
        return next((row for row in main if row.kind == "fc"), main[-1])

    def answer(self, rows: Sequence[Row]) -> Any:
        """Return what rows have of it; None where there is no such place."""
        target = self.subject(rows)
        return None if target is None else answer(self.quantity, target)


def text_of(found: Any) -> str:
    """Return a value as it is said: 13x13, or 1,024."""
    if isinstance(found, str):
        return found
    if is_fraction(found):
        return f"{float(found):,.2f}"
    if isinstance(found, tuple):
        return write_volume(found, for_people=True)
    return f"{found:,}"


def write_answer(found: Any, quantity: str, *, channels_first: bool = False) -> str:
    """Return what was found of a quantity as people write it; 'none' where there is nothing."""
    if found is None or found == ():  # a vector has no size
        return "none"
    if isinstance(found, float):
        return f"{found:,.2f}"
    if isinstance(found, tuple) and any(map(is_fraction, found)):
        return "x".join(f"{float(each):g}" for each in found)
    if quantity == "output" and isinstance(found, tuple):
        return write_volume(found, channels_first=channels_first, for_people=True)
    return text_of(found)
