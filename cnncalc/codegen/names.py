"""Names in Python: what is taken, and the next that is free."""

from __future__ import annotations

from keyword import kwlist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYWORDS = frozenset({*kwlist, "self", "super", "range", "float", "x", "i"})
"""Words of Python, and of all code that is written."""


class Names:
    """Names that are given once; one that is taken gets the next number behind it.

    >>> names = Names(frozenset({"eval"}))
    >>> names.free("relu"), names.free("relu"), names.free("eval"), names.free("fc8")
    ('relu', 'relu2', 'eval2', 'fc8')
    >>> names.free("fc8")
    'fc8_2'
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.last: dict[str, int] = {}

    def free(self, name: str) -> str:
        """Return a name that is free, and take it."""
        found, number = name, self.last.get(name, 1)
        while found in self.taken:
            number += 1
            found = f"{name}_{number}" if name[-1].isdigit() else f"{name}{number}"
        self.last[name] = number
        self.taken.add(found)
        return found


def python_name(name: str, taken: Iterable[str]) -> str:
    """Return a parameter's name in Python."""
    return f"{name}_" if name in taken else name
