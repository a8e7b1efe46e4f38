"""Nodes of an ONNX file, and its local functions, each put in the place of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Source, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NESTED = 20


class Operation(NamedTuple):
    """A node: its operator, its name, the tensors it reads and makes, and its attributes."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]
    domain: str = ""


class AttributeReference(NamedTuple):
    """An attribute of a function's node that is the one of its call by a name."""

    name: str


class OnnxFunction(NamedTuple):
    """A function: the tensors that it reads and gives, its nodes, and attributes not given."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    operations: tuple[Operation, ...]
    defaults: dict[str, Any]


class Functions:
    """The functions of a file, each put in the place of its calls; what that makes is counted.

    Tensors in a function are called by how many nodes there were before its call: no two are alike,
    and none is long.
    """

    def __init__(self, name: str, functions: dict[tuple[str, str], OnnxFunction]) -> None:
        self._span = Span(Source(name, ""), 0, 0)
        self._functions = functions
        self._count = 0

    def inlined(self, operation: Operation, depth: int = 0) -> Iterator[Operation]:
        """Yield a node, or the nodes of the function that it calls, by names of their own."""
        self._count += 1
        if self._count > MOST_NODES:
            raise too_many_nodes(self._span, self._count)
        function = self._functions.get((operation.domain, operation.kind))
        if function is None or depth > MOST_NESTED:
            yield operation
            return
        own, path = f"{self._count}/", operation.name[: BUDGET.name]
        names = dict(zip(function.inputs, operation.inputs, strict=False))
        names |= dict.fromkeys(function.inputs[len(operation.inputs) :], "")
        names |= dict(zip(function.outputs, operation.outputs, strict=False))
        given = {**function.defaults, **operation.attributes}
        for each in function.operations:
            attributes = {}
            for name, value in each.attributes.items():
                if not isinstance(value, AttributeReference):
                    attributes[name] = value
                elif value.name in given:
                    attributes[name] = given[value.name]
            made = each._replace(
                name=f"{path}/{each.name}",
                inputs=tuple(names.get(name, name and own + name) for name in each.inputs),
                outputs=tuple(names.get(name, name and own + name) for name in each.outputs),
                attributes=attributes,
            )
            yield from self.inlined(made, depth + 1)
