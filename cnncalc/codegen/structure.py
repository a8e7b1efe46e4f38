"""What of a tree can be a module by itself, and what needs forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tree import (
    Again,
    Call,
    Definition,
    Given,
    Group,
    Item,
    Join,
    Labelled,
    Layer,
    Pending,
    Reference,
    Sequence,
    items_in,
    unlabel,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def ungrouped(items: Iterable[Item]) -> Iterable[Item]:
    """Yield items, those of plain groups in their place."""
    for item in items:
        if isinstance(item, Group) and item.times is None:
            yield from ungrouped(item.sequence.items)
        else:
            yield item


def references(sequence: Sequence) -> Iterable[str]:
    """Yield the labels that are read, or used again."""
    return (item.label for item in items_in(sequence) if isinstance(item, Reference | Again))


def reused(sequence: Sequence) -> frozenset[str]:
    """Return the labels of what is used again."""
    return frozenset(item.label for item in items_in(sequence) if isinstance(item, Again))


def takers(sequence: Sequence) -> Iterable[Pending | Call]:
    """Yield the layers and calls that hand `...` on: all arguments that their definition got."""
    for item in items_in(sequence):
        if isinstance(item, Pending | Call) and any(each.name == "..." for each in item.arguments):
            yield item


def is_output(item: Item) -> bool:
    """Return whether an item marks an output of the network."""
    return isinstance(item, Layer | Pending) and item.kind.name == "output"


def has_sides(definition: Definition, known: dict[int, bool]) -> bool:
    """Return whether a definition has outputs or auxiliary parts of its own."""
    key = id(definition)
    if key not in known:
        known[key] = any(
            is_output(each)
            or (isinstance(each, Join) and each.how == "aux")
            or (isinstance(each, Call) and has_sides(each.definition, known))
            for each in items_in(definition.sequence)
        )
    return known[key]


def is_module(item: Item, wanted: frozenset[str], sides: dict[int, bool]) -> bool:
    """Return whether an item takes one input and gives one output, and keeps nothing else."""
    for each in items_in(Sequence((item,), item.span)):
        if isinstance(each, Reference | Again | Given) or is_output(each):
            return False
        if isinstance(each, Labelled) and each.label in wanted:
            return False
        if isinstance(each, Join) and each.how == "aux":
            return False
        if isinstance(each, Call) and has_sides(each.definition, sides):
            return False
    return True


def has_join(item: Item) -> bool:
    """Return whether branches stand in an item that is not repeated."""
    item = unlabel(item)
    if isinstance(item, Group) and item.times is None:
        return any(map(has_join, item.sequence.items))
    return isinstance(item, Join)


def is_chain(sequence: Sequence, wanted: frozenset[str], sides: dict[int, bool]) -> bool:
    """Return whether a sequence is modules one after another."""
    return all(is_module(item, wanted, sides) and not has_join(item) for item in sequence.items)


def is_trivial(branch: Sequence) -> bool:
    """Return whether a branch passes its input on, always or under a condition."""
    return all(
        (isinstance(item, Layer) and item.kind.name == "identity")
        or (isinstance(item, Group) and item.times is not None)
        for item in branch.items
    )
