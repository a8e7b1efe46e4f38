"""Flattens that the number of a call says, put into the tree.

`nn.Linear(144, 10)` behind a map of 6x6x4 takes all its values: which calls do so is known when a
network is traced, and what is written of it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.table import KINDS
from cnncalc.notation.changes import with_items
from cnncalc.notation.library import is_block
from cnncalc.notation.tree import Layer, unlabel

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.notation.tree import Item, Network


def put_in(network: Network, starts: Collection[int]) -> Network:
    """Return a network with a flatten before each layer that begins at one of these places."""
    if not starts:
        return network

    def change(items: tuple[Item, ...]) -> list[Item]:
        found: list[Item] = []
        for each in items:
            inner = unlabel(each)
            if isinstance(inner, Layer) and inner.span.start in starts:
                found.append(Layer(KINDS["flatten"], (), inner.span))
            found.append(each)
        return found

    return with_items(network, change, but=is_block)
