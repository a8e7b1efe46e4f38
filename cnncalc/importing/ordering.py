"""The order of a file's nodes: each behind what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Key = TypeVar("Key")


def in_order(reads: Sequence[set[Key]], makes: Sequence[Iterable[Key]]) -> list[int]:
    """Return the nodes so that each stands behind what it reads; those of a circle not at all.

    >>> in_order([{"b"}, set(), {"c"}], ["a", "b", "c"])
    [1, 0]
    """
    maker = {key: node for node, keys in enumerate(makes) for key in keys}
    readers: dict[int, list[int]] = {}
    left = []
    for node, keys in enumerate(reads):
        before = {maker[key] for key in keys if key in maker}
        left.append(len(before))
        for each in before:
            readers.setdefault(each, []).append(node)
    ready = [node for node, count in enumerate(left) if not count][::-1]
    found = []
    while ready:
        node = ready.pop()
        found.append(node)
        freed = []
        for reader in readers.get(node, ()):
            left[reader] -= 1
            if not left[reader]:
                freed.append(reader)
        ready += freed[::-1]
    return found
