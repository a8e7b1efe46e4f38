"""The parts of a tree, and a tree in which some are others."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cnncalc.kinds.table import Kind
from cnncalc.notation.binding import bind
from cnncalc.notation.expressions import Placeholder
from cnncalc.notation.tree import Definition, Layer, Pending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_WHOLE = (Layer, Kind, Placeholder)  # what has no parts that change


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
