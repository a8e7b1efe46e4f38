"""Parts as items again, and blocks as definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.expressions import Name
from cnncalc.notation.folding.parts import NOWHERE, layer_of
from cnncalc.notation.tree import (
    Again,
    Argument,
    Call,
    Definition,
    Formal,
    Group,
    Item,
    Join,
    Labelled,
    Reference,
    Sequence,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.notation.folding.blocks import Draft
    from cnncalc.notation.folding.parts import Number, Part


def define(block: Draft, made: dict[Draft, Definition]) -> None:
    """Make the definition of a block, behind those that it calls."""
    if block in made:
        return
    for inner in _called(block.parts):
        define(inner, made)
    formals = tuple(
        Formal(each.name, _as_value(each.default), NOWHERE) for each in block.takes.parameters
    )
    rest = block.takes.rest is not None
    sequence = sequence_of(block.parts, made)
    made[block] = Definition(block.name, formals, rest, None, sequence, 0, NOWHERE)


def _as_value(number: object) -> tuple[int, ...] | None:
    if number is None or isinstance(number, tuple):
        return number
    assert isinstance(number, int)  # noqa: S101 - no default is an expression
    return (number,)


def _called(parts: list[Part]) -> Iterator[Draft]:
    for top in parts:
        for part in top.inside():
            if part.head[0] == "call":
                yield part.head[1]


def bare_item(part: Part, made: dict[Draft, Definition]) -> Item:
    """Return a part as an item, without its label; `made` are the definitions of its calls."""
    what, item = part.head[0], part.item
    if what == "layer":
        return layer_of(part)
    if what == "join":
        branches = (sequence_of(branch, made) for branch in part.branches)
        return Join(item.how, tuple(branches), NOWHERE, item.layer, item.axis)
    if what == "group":
        times = Name(part.numbers[0], NOWHERE) if _is_text(part.numbers) else item.times
        if times is not None and not isinstance(times, Name):
            times = part.numbers[0]
        return Group(sequence_of(part.branches[0], made), times, NOWHERE, *part.head[1:])
    if what == "call":
        block = part.head[1]
        words = (Argument("", (), NOWHERE, each) for each in block.words(part.numbers))
        return Call(made[block], tuple(words), NOWHERE)
    if part.target is not None:
        read = part.target.read_by()
        if what == "Again":
            return Again(read.label, bare_item(read, made), NOWHERE)
        return Reference(read.label, NOWHERE)
    return item  # type: ignore[no-any-return] # what is fixed


def _is_text(numbers: Iterable[Number]) -> bool:
    return any(isinstance(number, str) for number in numbers)


def sequence_of(parts: list[Part], made: dict[Draft, Definition]) -> Sequence:
    """Return parts as a sequence of items."""
    items: list[Item] = []
    for part in parts:
        item = bare_item(part, made)
        items.append(Labelled(part.label, item, NOWHERE) if part.label else item)
    return Sequence(tuple(items), NOWHERE)
