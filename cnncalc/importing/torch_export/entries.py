"""What is kept of the objects in a .pt2's JSON, most of which says nothing of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.json_text import TooLargeError
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.json_text import Entry

_READ = frozenset(("sizes", "path_name", "nn_module_stack"))
"""Keys by which an object is known that has more than is read: this alone is."""


def keeper() -> Callable[[Entry], Entry]:
    """Return what keeps an object: one of it for all that are alike and short, as sizes are.

    >>> keep = keeper()
    >>> keep({"as_int": 3}) is keep({"as_int": 3}), keep({"sizes": [], "dtype": 7})
    (True, {'sizes': []})
    """
    shared: dict[tuple[Any, ...], Entry] = {}
    held, most = 0, BUDGET.objects

    def keep(entry: Entry) -> Entry:
        nonlocal held
        if len(entry) == 1:
            ((key, value),) = entry.items()
            kind = type(value)
            if kind in (int, str, bool):
                return shared.setdefault((key, kind, value), entry)
            if key == "as_tensor" and kind is dict and [*value] == ["name"]:
                return shared.setdefault((key, kind, id(value)), entry)
        held += 1
        if held + len(shared) > most:
            raise TooLargeError(_("more than {most:,} objects stand in its JSON", most=most))
        for key in _READ.intersection(entry):
            return {key: entry[key]}
        return entry

    return keep
