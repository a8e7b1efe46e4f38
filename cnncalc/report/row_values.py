"""What each of many rows has of quantities: of rows that are alike much is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.trace.rows import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.report.view import View
    from cnncalc.trace.rows import Row

MOST = 1000  # rows that are not alike whose values are kept


class Values:
    """The values of the rows of a view, of some quantities."""

    def __init__(self, view: View, quantities: Sequence[Quantity]) -> None:
        self._view, self._quantities = view, quantities
        self._alike = [each for each in quantities if each.is_alike]
        self._own = [each for each in quantities if not each.is_alike]
        self._known: dict[int, tuple[Row, dict[str, Any]]] = {}

    def of(self, row: Row) -> dict[str, Any]:
        """Return what a row has of them, by their names, as it is printed."""
        if row.several is not None:
            return self._view.values(self._quantities, row)
        key = likeness(row)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > MOST:
                self._known.clear()
            known = self._known[key] = row, self._view.values(self._alike, row)
        if self._view.report.settings.channels_first:
            return {**known[1], **self._view.values(self._own, row)}
        found = {**known[1]}
        for each in self._own:
            name = each.name
            found[name] = self._view.report.value(each, row) if each.share_of else each.one(row)
        return found
