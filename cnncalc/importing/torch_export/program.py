"""PyTorch's .pt2 files, which torch.export saves: a zip whose JSON has every operator and size.

An operator of PyTorch is put as the one of ONNX that does the same, with its arguments by their
names; the graph is then read as an ONNX file's is. What has no such operator keeps its own name.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cnncalc.importing.onnx.model import INT64, Constant, OnnxModel
from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.importing.torch_export.nodes import ExportedGraph, ExportedNode
from cnncalc.importing.torch_export.operators import OPERATORS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span

FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What arguments that no such operator has, or a graph that is none, end in."""

_FLOAT = 1
_MOST_RANK = 32
_MOST_NESTED = 20


def read_model(
    name: str, content: dict[str, Any], weights: dict[str, Any] | None = None
) -> OnnxModel:
    """Return the graph of models/model.json, in ONNX's operators.

    `weights` is what says where each tensor is stored: one may go by several names.
    """
    try:
        return _ProgramReader(name, content["graph_module"], _first_names(weights or {})).model()
    except FAULTS:
        raise ValueError(_("no model that torch.export saved stands in it")) from None


def _first_names(weights: dict[str, Any]) -> dict[str, str]:
    """Return the first name of each tensor that is stored under several."""
    first: dict[str, str] = {}
    return {
        name: first.setdefault(str(held["path_name"]), name)
        for name, held in weights.get("config", {}).items()
    }


class _ProgramReader(ExportedGraph):
    """One walk over the nodes of an exported program."""

    def __init__(self, name: str, module: dict[str, Any], first_names: dict[str, str]) -> None:
        self.name = name
        self.first_names = first_names
        self.graph = module["graph"]
        self.specs = module["signature"]["input_specs"]
        self._inner = 0
        super().__init__(_sizes_in(self.graph))

    def model(self) -> OnnxModel:
        """Return the graph, its parameters as constants."""
        for spec in self.specs:
            with suppress(*FAULTS):
                self._take(spec)
        self._walk(self.graph, 0)
        for output in self.graph["outputs"]:
            self.made.model.outputs.extend(_named_in(output))
        return self.made.model

    def _take(self, spec: dict[str, Any]) -> None:
        """Take what comes in, or what is learned or stored."""
        made = self.made.model
        ((kind, held),) = spec.items()
        argument = held["arg"]
        tensor = argument.get("name") or argument.get("as_tensor", {}).get("name")
        if tensor is None:
            return
        if kind == "user_input":
            made.inputs[tensor] = self.sizes[tensor]
            return
        dims = tuple(size or 1 for size in self.sizes[tensor])
        learns = kind == "parameter"
        own = str(held.get("parameter_name" if learns else "buffer_name", tensor))
        own = self.first_names.get(own, own)
        self.names[tensor] = own
        made.constants[own] = Constant(dims, None, own, _FLOAT if learns else INT64)

    def _walk(self, graph: dict[str, Any], depth: int) -> None:
        """Add the operators of a graph, and those of the graphs that its nodes call."""
        self.used |= {tensor for part in ("nodes", "outputs") for tensor in _read_in(graph[part])}
        operations = self.made.model.operations
        for node in graph["nodes"]:
            try:
                called = [
                    each["arg"]["as_graph"] for each in node["inputs"] if "as_graph" in each["arg"]
                ]
                if len(called) == 1 and depth < _MOST_NESTED:
                    self._call(node, called[0]["graph"], depth + 1)
                else:
                    self._add(_node(node, self))
            except FAULTS:
                self._add_odd(node)
            if len(operations) > MOST_NODES:
                raise too_many_nodes(Span(Source(self.name, ""), 0, 0), len(operations))

    def _add_odd(self, node: Any) -> None:
        """Add a node whose parts are not what they are, by its name and its tensors."""
        held = node if isinstance(node, dict) else {}
        reads = [each for each in _named_in(held.get("inputs")) if each in self.sizes]
        kind = str(held.get("target")).removesuffix(".default").rpartition(".")[2]
        if makes := _named_in(held.get("outputs")):
            ExportedNode(kind, {}, makes, "", self).add(kind, reads)

    def _call(self, node: dict[str, Any], graph: dict[str, Any], depth: int) -> None:
        """Add the operators of a graph that a node calls, its tensors by names of their own."""
        self._inner += 1
        graph = _renamed(graph, f"/{self._inner}")
        self.sizes |= _sizes_in(graph)
        given = [tensor for each in node["inputs"] for tensor in _tensors(each["arg"])]
        takes = [tensor for each in graph["inputs"] for tensor in _tensors(each)]
        gives = [tensor for each in graph["outputs"] for tensor in _tensors(each)]
        makes = [tensor for each in node["outputs"] for tensor in _tensors(each)]
        for tensor, inner in zip(given, takes, strict=True):
            self.made.add("Identity", "", [self.names.get(tensor, tensor)], [inner])
        self._walk(graph, depth)
        for inner, tensor in zip(gives, makes, strict=True):
            self.made.add("Identity", "", [inner], [tensor])

    def _add(self, node: ExportedNode) -> None:
        """Add the operators of ONNX that a node is; itself where its arguments fit none."""
        if not node.outputs:
            return  # it asserts something
        operations = self.made.model.operations
        before = len(operations)
        try:
            if of := OPERATORS.get(node.kind):
                of(node)
                return
        except FAULTS:
            del operations[before:]  # it stands by its own name
        node.add(node.kind, node.tensors())


def _sizes_in(graph: dict[str, Any]) -> dict[str, list[int | None]]:
    """Return the sizes of a graph's tensors, where they are known."""
    found = {}
    for tensor, meta in graph["tensor_values"].items():
        with suppress(*FAULTS):
            found[tensor] = [_size(each) for each in meta["sizes"]][:_MOST_RANK]
    return found


def _size(size: dict[str, Any]) -> int | None:
    value = size.get("as_int")
    return value if type(value) is int and 0 < value < 2**63 else None


def _node(node: dict[str, Any], graph: ExportedGraph) -> ExportedNode:
    target = str(node["target"]).removeprefix("torch.ops.").removeprefix("aten.")
    kind = target.split(".")[0].strip("_")
    arguments = {each["name"]: _value(each["arg"]) for each in node["inputs"]}
    outputs = [tensor for each in node["outputs"] for tensor in _tensors(each)]
    stack = str((node.get("metadata") or {}).get("nn_module_stack", ""))
    path = stack.rpartition(";")[2].split(",")
    return ExportedNode(kind, arguments, outputs, path[1] if len(path) > 2 else "", graph)


def _read_in(parts: Any) -> list[str]:
    """Return the tensors that nodes read, or that are put out."""
    several = parts if isinstance(parts, list) else []
    nodes = [each.get("inputs", each) if isinstance(each, dict) else each for each in several]
    return [tensor for each in nodes for tensor in _named_in(each)]


def _named_in(tree: Any) -> list[str]:
    """Return the tensors in a part of a graph, whatever it is."""
    if isinstance(tree, list):
        return [name for each in tree for name in _named_in(each)]
    if not isinstance(tree, dict):
        return []
    several = tree.get("as_tensors")
    held = [tree.get("as_tensor"), *(several if isinstance(several, list) else [])]
    names = [each.get("name") for each in held if isinstance(each, dict)]
    return [name for name in names if isinstance(name, str)] + _named_in(tree.get("arg"))


def _renamed(tree: Any, end: str) -> Any:
    """Return a part of a graph with its tensors' names longer by an ending.

    Graphs in it are as they were: their tensors are their own, and get an ending when they run.
    """
    if isinstance(tree, list):
        return [_renamed(each, end) for each in tree]
    if not isinstance(tree, dict):
        return tree
    found = {key: each if key == "as_graph" else _renamed(each, end) for key, each in tree.items()}
    for one in (found.get("as_tensor"), *(found.get("as_tensors") or ())):
        if isinstance(one, dict):
            one["name"] += end
    if "tensor_values" in found:
        found["tensor_values"] = {key + end: each for key, each in found["tensor_values"].items()}
    return found


def _tensors(argument: dict[str, Any]) -> list[str]:
    one = argument.get("as_tensor")
    several = argument.get("as_tensors") or []
    names = [each["name"] for each in ([one] if isinstance(one, dict) else several)]
    if not all(isinstance(name, str) for name in names):
        raise TypeError
    return names


def _value(argument: dict[str, Any]) -> Any:
    """Return an argument: a tensor's name, a number, a text or a list."""
    ((kind, value),) = argument.items()
    if kind in ("as_tensor", "as_tensors", "as_optional_tensors"):
        return _tensors(argument)[0] if kind == "as_tensor" else _tensors(argument)
    return None if kind in ("as_none", "as_sym_int", "as_sym_ints") else value
