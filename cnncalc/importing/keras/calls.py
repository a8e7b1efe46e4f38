"""The calls of layers in Keras' JSON, of Keras 2 and 3: which layer, and which tensors it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Tensor: TypeAlias = tuple[str, int, int]
"""A tensor as Keras names it: its layer, which call of it, and which output."""


class KerasCall(NamedTuple):
    """One call of a layer: the layer's entry, its number among the calls, and what it reads.

    `roles` are the names by which it reads each, '' for none; `given` is what else it is called
    with, under `args` what has no name.
    """

    entry: dict[str, Any]
    name: str
    number: int
    reads: tuple[Tensor, ...]
    roles: tuple[str, ...] = ()
    given: dict[str, Any] = {}  # noqa: RUF012 - never changed


class LayerCall(NamedTuple):
    """A layer as it is added: its class, its configuration, the nodes that it reads, its name.

    `weights` is the same for all calls of one layer; it stands so deep in layers around others.
    """

    kind: str
    config: dict[str, Any]
    nodes: Sequence[int]
    name: str
    weights: str
    depth: int = 0

    def inside(self, entry: dict[str, Any], weights: str = "") -> LayerCall:
        """Return the call of a layer in this one, by its entry."""
        kind, own = str(entry.get("class_name")), entry.get("config") or {}
        return self._replace(kind=kind, config=own, weights=weights, depth=self.depth + 1)


def maker_of(tensor: Tensor, counts: dict[str, int]) -> tuple[str, int]:
    """Return the call that makes a tensor: a nested model counts its own making as one."""
    name, number, _place = tensor
    return name, max(min(number, counts.get(name, 1) - 1), 0)


def config_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a layer or a model; an empty one where it has none."""
    config = entry.get("config")
    return config if isinstance(config, dict) else {}


def entries_of(model: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of a model's layers."""
    config = model.get("config")
    layers: list[dict[str, Any]] | None = (
        config.get("layers") if isinstance(config, dict) else config
    )
    return layers or []


def name_of(entry: dict[str, Any]) -> str:
    """Return what a layer is called."""
    return str(entry.get("name") or config_of(entry).get("name") or entry.get("class_name"))


def calls_of(entry: dict[str, Any]) -> Iterator[KerasCall]:
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
        yield KerasCall(entry, name, 0, ())
    for number, node in enumerate(inbound):
        read = [*tensors_in(node)]
        yield KerasCall(
            entry,
            name,
            number,
            tuple(tensor for tensor, _shape, _role in read),
            tuple(role for _tensor, _shape, role in read),
            _given_in(node),
        )


def _given_in(node: object) -> dict[str, Any]:
    """Return what a call is given beside tensors: by name, and under `args` without one."""
    found: dict[str, Any] = {}
    if isinstance(node, dict):
        named, places = node.get("kwargs"), node.get("args")
        found.update(named if isinstance(named, dict) else {})
        found["args"] = places[1:] if isinstance(places, list) else []
    elif isinstance(node, list):
        for each in node if not _is_tensor(node) else [node]:
            if isinstance(each, list) and len(each) > _TENSOR and isinstance(each[_TENSOR], dict):
                found.update(each[_TENSOR])
    return {name: value for name, value in found.items() if value is not None}


def tensors_in(node: object) -> Iterator[tuple[Tensor, list[Any] | None, str]]:
    """Yield the tensors that stand anywhere in a part of the JSON, with their shapes and roles."""
    waiting = [(node, "")]
    while waiting:
        each, role = waiting.pop()
        if isinstance(each, dict):
            history = each.get("keras_history")
            if isinstance(history, list) and _is_tensor(history):
                shape = each.get("shape")
                yield tuple(history[:3]), shape if isinstance(shape, list) else None, role
            else:
                waiting += [
                    (inner, role or ("" if name in _PLAIN else name))
                    for name, inner in [*each.items()][::-1]
                ]
        elif isinstance(each, list):
            if _is_tensor(each):
                yield tuple(each[:_TENSOR]), None, role
                waiting += [(inner, role) for inner in each[_TENSOR:]]
            else:
                waiting += [(inner, role) for inner in each[::-1]]


_PLAIN = ("args", "kwargs", "config", "class_name")
_TENSOR = 3
"""A tensor of Keras 2 is so many items, before what else its call is given."""


def _is_tensor(value: list[Any]) -> bool:
    return [type(each) for each in value[:_TENSOR]] == [str, int, int]
