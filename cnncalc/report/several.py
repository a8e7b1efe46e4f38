"""Several rows as one: how that one is made, and how what it has of a quantity is.

Each function takes what one row has, and the row that stands for several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from cnncalc.numbers.lettered import add_up, hundredths, largest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Place, Row


class _OfOne:
    """In place of what only one row has: who asks several for it is sent to the quantity."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise TypeError(f"several rows have no {name} of their own: ask a quantity of them")

    def _refuse(self, *_asked: object) -> NoReturn:
        raise TypeError("several rows have no path or field of their own: ask a quantity of them")

    __getitem__ = __iter__ = __len__ = _refuse

    def __bool__(self) -> bool:
        return True


_OF_ONE: Any = _OfOne()


def as_one(
    rows: Sequence[Row],
    text: str = "",
    name: str = "",
    label: str | None = None,
    places: tuple[Place, ...] = (),
    sums: Mapping[str, Number] | None = None,
) -> Row:
    """Return the row that stands for several, written as a text, which goes by a name."""
    from cnncalc.trace.rows import Several

    first = rows[0]
    return first._replace(
        label=label,
        node=None,
        measure=_OF_ONE,
        field=_OF_ONE,
        longest=_OF_ONE,
        places=places,
        several=Several(rows, text, name, sums),
    )


def add(one: Callable[[Row], Any], row: Row) -> Any:
    """Return the sum of what the rows have."""
    return add_up(map(one, row.rows))


def ratio_of(
    parts: Callable[[Row], tuple[Number, Number] | None],
) -> Callable[[Any, Row], float | None]:
    """Return what gives the ratio of two numbers that a row has, or several, to a hundredth."""

    def ratio(_one: Any, row: Row) -> float | None:
        found = parts(row)
        return hundredths(*found) if found else None

    return ratio


def last(one: Callable[[Row], Any], row: Row) -> Any:
    """Return what the last row has."""
    return one(row.rows[-1])


def highest(one: Callable[[Row], Any], row: Row) -> Any:
    """Return the most that a row holds."""
    if row.several and row.several.sums is not None:
        return row.forward.peak
    return largest([one(each) for each in row.rows])


def last_field(one: Callable[[Row], Any], row: Row) -> Any:
    """Return what the last row has that does not see all."""
    found = last_finite(row.rows)
    return one(found) if found else None


def last_finite(rows: Sequence[Row]) -> Row | None:
    """Return the last row that does not see all: the field that people speak of.

    Auxiliary rows count where there are no others.
    """
    aux = all(row.aux for row in rows)
    row: Row
    for row in reversed(rows):
        if isinstance(row.field, tuple) and row.field and row.aux == aux:
            return row
    return None


def likeness(row: Row) -> int:
    """Return a number that is the same for rows that have the same of all that is added up.

    It is of their measures' identities: who keeps it keeps a row.
    """
    key = -id(row.measure) if row.is_first else id(row.measure)
    kept = row.forward.kept
    return 6 * key + 3 * row.is_frozen + kept[row.index] if kept else key
