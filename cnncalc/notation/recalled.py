"""What stood word for word in texts before: definitions, and the items of their networks.

A search writes texts that have most of their words in common. What is recalled stands where it
stood first, so that a network of it is for numbers alone, and never for messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tokens import MOST_NESTING
from cnncalc.notation.tree import Call, Layer
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Definition, Item

MOST = BUDGET.remembered


class Behind(NamedTuple):
    """What stood behind some definitions: others by how they begin, and items by their texts."""

    definitions: tuple[Definition, ...]  # so that no others can have their identities
    others: dict[str, tuple[str, Definition]]
    items: dict[str, tuple[Layer | Call, int]]

    def find(self, reader: Reader, text: str) -> Item | None:
        """Go past an item that stood in a network before, and return it."""
        item, length = self.items.get(text, (None, 0))
        if isinstance(item, Call):
            height = reader.depth + item.definition.height
            if height > MOST_NESTING:
                return None
            reader.deepest = max(reader.deepest, height)
        reader.position += length
        return item

    def keep(self, reader: Reader, text: str, item: Item, length: int) -> None:
        """Keep an item of a network, unless what it is depends on what stands around it."""
        if not isinstance(item, Layer | Call) or "like" in text.lower():
            return
        if _is_plain(reader) and not any(reader.counts):
            if len(self.items) >= MOST:
                self.items.clear()
            self.items[text] = item, length


_KNOWN: dict[tuple[object, ...], Behind] = {}


def forget() -> None:
    """Read all anew from here on."""
    _KNOWN.clear()


def behind(reader: Reader) -> Behind:
    """Return what is recalled behind the definitions that were read."""
    definitions = tuple(reader.definitions.values())
    key = (reader.channels_first, *map(id, definitions))
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= MOST // 8:
            _KNOWN.clear()
        found = _KNOWN[key] = Behind(definitions, {}, {})
    return found


def read_definition(reader: Reader, read: Callable[[Reader], Definition]) -> Definition:
    """Return the definition that comes: one that stood behind these before, or as it is read."""
    start, text = reader.position, reader.text
    others = behind(reader).others
    head = text[start : text.find("{", start)]
    known, definition = others.get(head, ("", None))
    if definition and text.startswith(known, start):
        reader.position = start + len(known)
        return definition
    definition = read(reader)
    if _is_plain(reader) and len(others) < MOST:
        others[head] = text[start : reader.position], definition
    return definition


def _is_plain(reader: Reader) -> bool:
    """Return whether nothing that was read so far says anything beside the tree."""
    return not (reader.calls or reader.said or reader.warnings or reader.shape)
