"""Flattens that the number of a call says, put into the tree.

`nn.Linear(144, 10)` behind a map of 6x6x4 takes all its values: which calls do so is known when a
network is traced, and what is written of it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.table import KINDS
from cnncalc.notation.library import is_block
from cnncalc.notation.tree import Call, Definition, Group, Join, Labelled, Layer, Network, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.notation.tree import Item


def put_in(network: Network, starts: Collection[int]) -> Network:
    """Return a network with a flatten before each layer that begins at one of these places."""
    if not starts:
        return network
    made: dict[int, Definition] = {}

    def sequence(before: Sequence) -> Sequence:
        items: list[Item] = []
        for each in before.items:
            inner = each
            while isinstance(inner, Labelled):
                inner = inner.item
            if isinstance(inner, Layer) and inner.span.start in starts:
                items.append(Layer(KINDS["flatten"], (), inner.span))
            items.append(item(each))
        return Sequence(tuple(items), before.span)

    def item(before: Item) -> Item:
        if isinstance(before, Labelled):
            return before._replace(item=item(before.item))
        if isinstance(before, Group):
            return before._replace(sequence=sequence(before.sequence))
        if isinstance(before, Join):
            return before._replace(branches=tuple(map(sequence, before.branches)))
        if isinstance(before, Call):
            return before._replace(definition=definition(before.definition))
        return before

    def definition(before: Definition) -> Definition:
        if is_block(before):
            return before
        if id(before) not in made:
            made[id(before)] = before._replace(sequence=sequence(before.sequence))
        return made[id(before)]

    definitions = tuple(map(definition, network.definitions))
    return network._replace(definitions=definitions, sequence=sequence(network.sequence))
