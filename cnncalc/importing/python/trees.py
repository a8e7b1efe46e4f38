"""Modules that stand in one another: by what names, and which of them are never called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Instance
from cnncalc.importing.python.tensor_values import Learned
from cnncalc.importing.python.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.python.values import Value

MOST_DEEP = 40


def held(root: Value) -> Iterator[tuple[str, Instance | Learned | Unknown]]:
    """Yield modules, learned tensors and what is unknown by their names, outer ones first, once."""
    seen: set[int] = set()
    waiting: list[tuple[str, Value, int]] = [("", root, 0)]
    while waiting:
        name, value, depth = waiting.pop()
        if id(value) in seen:
            continue
        if isinstance(value, list | tuple | dict) and depth < MOST_DEEP:
            seen.add(id(value))
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            inner = [(f"{name}.{key}".strip("."), each, depth + 1) for key, each in pairs]
            waiting += inner[::-1]
        if not isinstance(value, Instance | Learned | Unknown):
            continue
        seen.add(id(value))
        yield name, value
        if isinstance(value, Instance) and depth < MOST_DEEP:
            inner = [
                (f"{name}.{key}".strip("."), each, depth + 1)
                for part in (value.attributes, value.items)
                for key, each in part.items()
            ]
            waiting += inner[::-1]


def modules(root: Value) -> list[Instance]:
    """Return the modules in a value, itself among them."""
    return [each for _name, each in held(root) if isinstance(each, Instance)]


def registered(root: Instance) -> list[Instance]:
    """Return the modules that PyTorch knows of in one: attributes, and what containers hold."""
    found, waiting = {id(root): root}, [root]
    while waiting:
        for each in children(waiting.pop()).values():
            if id(each) not in found:
                found[id(each)] = each
                waiting.append(each)
    return list(found.values())


def children(root: Instance) -> dict[str, Instance]:
    """Return the modules that stand directly in one, by name."""
    return {
        name: each
        for part in (root.attributes, root.items)
        for name, each in part.items()
        if isinstance(each, Instance)
    }
