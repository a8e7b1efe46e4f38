"""The parts of a tree, and a tree in which some are others."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cnncalc.kinds.table import Kind
from cnncalc.notation.binding import bind
from cnncalc.notation.expressions import Placeholder
from cnncalc.notation.tree import (
    Again,
    Call,
    Definition,
    Group,
    Join,
    Labelled,
    Layer,
    Network,
    Pending,
    Sequence,
)
from cnncalc.speech.problem import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.notation.tree import Item

T = TypeVar("T")

_WHOLE = (Layer, Kind, Placeholder, Span)  # what has no parts that change


def parts(node: Any) -> Iterator[Any]:
    """Yield all parts of a tree, the bodies of what it calls among them, each once."""
    seen: set[int] = set()
    left = [node]
    while left:
        part = left.pop()
        if not isinstance(part, tuple) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if not isinstance(part, Layer | Kind):
            left += part


def rebuilt(node: T, change: Callable[[Any], Any]) -> T:
    """Return a tree in which every part is what `change` makes of it."""
    return cast("T", _rebuilt(node, change, {})) if isinstance(node, tuple) else node


def _rebuilt(node: Any, change: Callable[[Any], Any], made: dict[int, Definition]) -> Any:
    changed = change(node)
    if changed is not node or isinstance(node, _WHOLE):
        return changed
    if id(node) in made:
        return made[id(node)]
    again = [_rebuilt(part, change, made) if isinstance(part, tuple) else part for part in node]
    if all(map(is_, again, node)):
        new = node
    elif isinstance(node, Pending):
        new = bind(node.kind, node.preset, again[2], node.span)
    else:
        new = tuple(again) if type(node) is tuple else type(node)(*again)
    if isinstance(node, Definition):
        made[id(node)] = new
    return new


def with_items(
    network: Network,
    change: Callable[[tuple[Item, ...]], Iterable[Item]],
    *,
    but: Callable[[Definition], bool] = lambda _definition: False,
) -> Network:
    """Return a network in which the items of each sequence are what `change` makes of them.

    Definitions may be left as they are.
    """
    made: dict[int, Definition] = {}
    again: dict[int, Item] = {}  # what is used again is the very item that a label has

    def sequence(before: Sequence) -> Sequence:
        return before._replace(items=tuple(map(item, change(before.items))))

    def item(before: Item) -> Item:
        if isinstance(before, Again):
            return before._replace(target=again.get(id(before.target), before.target))
        if isinstance(before, Labelled):
            inner = again[id(before.item)] = item(before.item)
            return before._replace(item=inner)
        if isinstance(before, Group):
            return before._replace(sequence=sequence(before.sequence))
        if isinstance(before, Join):
            return before._replace(branches=tuple(map(sequence, before.branches)))
        if isinstance(before, Call):
            return before._replace(definition=definition(before.definition))
        return before

    def definition(before: Definition) -> Definition:
        if but(before):
            return before
        if id(before) not in made:
            made[id(before)] = before._replace(sequence=sequence(before.sequence))
        return made[id(before)]

    definitions = tuple(map(definition, network.definitions))
    return network._replace(definitions=definitions, sequence=sequence(network.sequence))
