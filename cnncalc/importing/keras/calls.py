"""The calls of layers in Keras' JSON, of Keras 2 and 3: which layer, and which tensors it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Tensor: TypeAlias = tuple[str, int, int]
"""A tensor as Keras names it: its layer, which call of it, and which output."""


class Call(NamedTuple):
    """One call of a layer: the layer's entry, its number among the calls, and what it reads."""

    entry: dict[str, Any]
    name: str
    number: int
    reads: tuple[Tensor, ...]


def maker_of(tensor: Tensor, counts: dict[str, int]) -> tuple[str, int]:
    """Return the call that makes a tensor: a nested model counts its own making as one."""
    name, number, _place = tensor
    return name, max(min(number, counts.get(name, 1) - 1), 0)


def entries_of(model: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of a model's layers."""
    config = model.get("config")
    layers: list[dict[str, Any]] | None = (
        config.get("layers") if isinstance(config, dict) else config
    )
    return layers or []


def name_of(entry: dict[str, Any]) -> str:
    """Return what a layer is called."""
    config = entry.get("config")
    inner = config.get("name") if isinstance(config, dict) else None
    return str(entry.get("name") or inner or entry.get("class_name"))


def calls_of(entry: dict[str, Any]) -> Iterator[Call]:
    """Yield the calls of a layer: one that reads nothing, for an input."""
    inbound = entry.get("inbound_nodes") or []
    if (
        inbound
        and isinstance(inbound[0], list)
        and inbound[0][:1]
        and isinstance(inbound[0][0], str)
    ):
        inbound = [inbound]
    name = name_of(entry)
    if not inbound:
        yield Call(entry, name, 0, ())
    for number, node in enumerate(inbound):
        yield Call(entry, name, number, tuple(tensor for tensor, _shape in tensors_in(node)))


def tensors_in(node: object) -> Iterator[tuple[Tensor, list[Any] | None]]:
    """Yield the tensors that stand anywhere in a part of the JSON, with their shapes."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            history = each.get("keras_history")
            if isinstance(history, list) and _is_tensor(history):
                shape = each.get("shape")
                yield tuple(history[:3]), shape if isinstance(shape, list) else None
            else:
                waiting += list(each.values())[::-1]
        elif isinstance(each, list):
            if _is_tensor(each):
                yield tuple(each[:3]), None
                waiting += each[3:]
            else:
                waiting += each[::-1]


def _is_tensor(value: list[Any]) -> bool:
    return len(value) >= 3 and [type(each) for each in value[:3]] == [str, int, int]
