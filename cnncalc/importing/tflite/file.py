"""A .tflite file as a graph: its tensors, and its operators with their options.

The numbers of the fields are those of TensorFlow Lite's schema.fbs. Of small tensors of whole
numbers the values are read, for they may be sizes; weights are passed over.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.as_onnx import Made
from cnncalc.importing.flatbuffers import FlatTable
from cnncalc.importing.onnx.model import MOST_VALUES, Constant, OnnxModel
from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.importing.tflite.codes import BUILTIN
from cnncalc.importing.tflite.operators import OPERATORS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.importing.protobuf import Bytes

_TYPES = {0: 1, 1: 10, 2: 6, 3: 2, 4: 7, 6: 9, 7: 5, 9: 3, 10: 11, 17: 3}
"""Data types as ONNX numbers them; bits of four as bytes."""

_WIDTHS = {6: 4, 7: 8}
_MOST_RANK = 32
_CUSTOM = 32
_KEPT = ("DENSIFY", "DEQUANTIZE", "FAKE_QUANT", "QUANTIZE")
"""Operators that write the same tensor in another way."""


class TfliteNode(NamedTuple):
    """An operator: its kind, the tensors that it reads and makes, its options and its title."""

    kind: str
    reads: list[str]
    makes: list[str]
    options: FlatTable | None
    title: str

    def option(self, field: int, size: int = 4, default: int = 0) -> int:
        """Return an option that is a whole number."""
        return self.options.integer(field, size, default) if self.options else default


def read_model(name: str, data: Bytes) -> OnnxModel:
    """Return the graph of a .tflite, in ONNX's operators."""
    try:
        root = FlatTable.root(data, b"TFL3")
        return _OperatorReader(name, root).model()
    except (ArithmeticError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        raise ValueError(_("no model of TensorFlow Lite stands in it")) from None


class TfliteFile:
    """What is known of a file as it is read: its tensors' sizes and values, and what is made."""

    def __init__(self, graph: FlatTable, buffers: list[FlatTable]) -> None:
        self.names: list[str] = []
        self.dims: dict[str, tuple[int, ...]] = {}
        self.values: dict[str, tuple[int, ...]] = {}
        constants: dict[str, Constant] = {}
        for index, each in enumerate(graph.tables(0)):
            title = each.text(3)
            name = f"{title}#{index}"
            dims = tuple(size if size > 0 else 1 for size in each.integers(0)[:_MOST_RANK])
            kind = _TYPES.get(each.integer(1, 1), 0)
            self.names.append(name)
            self.dims[name] = dims
            buffer = each.integer(2, 4)
            if 0 < buffer < len(buffers) and _size(buffers[buffer]):
                values = _values(buffers[buffer], dims, kind)
                constants[name] = Constant(dims, values, title, kind)
                if values is not None:
                    self.values[name] = values
        self.made: Made = Made(self.dims, channels_last=True)
        self.made.model.constants.update(constants)
        self.same: dict[str, str] = {}
        self.readers: dict[str, list[str]] = {}  # the kinds of operators that read each tensor
        self.spread: dict[str, tuple[str, list[int], list[int]]] = {}  # from where, gaps and sides
        self.gathered: dict[str, str] = {}

    def constant(self, name: str) -> Constant | None:
        """Return a tensor that the file holds; None for one that is worked out."""
        return self.made.model.constants.get(self.same.get(name, name))

    def turned(self, name: str, order: tuple[int, ...]) -> str:
        """Return weights with their dimensions in another order; what is worked out is turned."""
        held = self.constant(name)
        title = f"{self.same.get(name, name)}/turned"
        if held is None or held.dims is None:
            self.made.add("Transpose", "", [name], [title], perm=list(order))
            return title
        dims = tuple(held.dims[axis] for axis in order)
        self.made.model.constants[title] = held._replace(dims=dims, values=None)
        return title


class _OperatorReader:
    """One walk over the operators of a file's first graph."""

    def __init__(self, name: str, root: FlatTable) -> None:
        self.name = name
        codes = [_named(each) for each in root.tables(1)]
        self.graph = next(root.tables(2))
        self.file = TfliteFile(self.graph, list(root.tables(4)))
        self.codes = codes

    def model(self) -> OnnxModel:
        """Return the graph."""
        file, model = self.file, self.file.made.model
        for index in self.graph.integers(1):
            tensor = file.names[index]
            model.inputs[tensor] = list(file.dims[tensor])
        _start, count = self.graph.stretch(3)
        if count > MOST_NODES:
            raise too_many_nodes(Span(Source(self.name, ""), 0, 0), count)
        nodes = [self._node(each) for each in self.graph.tables(3)]
        for node in nodes:
            for tensor in filter(None, node.reads):
                file.readers.setdefault(tensor, []).append(node.kind)
        for node in nodes:
            self._add(node)
        model.outputs.extend(file.names[index] for index in self.graph.integers(2))
        used = {tensor for operation in model.operations for tensor in operation.inputs}
        for tensor in [*model.constants]:
            if tensor not in used and f"{tensor}/turned" in used:
                del model.constants[tensor]
        return model

    def _node(self, operator: FlatTable) -> TfliteNode:
        names = self.file.names
        reads, makes = (
            [names[index] if index >= 0 else "" for index in operator.integers(field)]
            for field in (1, 2)
        )
        kind = self.codes[operator.integer(0, 4)]
        title = makes[0].rpartition("#")[0].partition(";")[0] if makes else ""
        return TfliteNode(kind, reads, makes, operator.table(4), title)

    def _add(self, node: TfliteNode) -> None:
        file, (kind, reads, makes, _options, title) = self.file, node
        if kind in _KEPT and reads and file.constant(reads[0]):
            file.same[makes[0]] = file.same.get(reads[0], reads[0])
        node = node._replace(reads=[file.same.get(each, each) for each in reads])
        of = OPERATORS.get(kind)
        if kind in _KEPT and makes[0] in file.same:
            return
        if of is None:
            file.made.add(kind, title, node.reads, makes)
        else:
            of(file, node)


def _named(code: FlatTable) -> str:
    """Return what an operator's code means; a newer field holds what is too large for the older."""
    builtin = max(code.integer(0, 1), code.integer(3, 4))
    if builtin == _CUSTOM:
        return code.text(1) or "CUSTOM"
    return BUILTIN.get(builtin, f"operator {builtin}")


def _size(buffer: FlatTable) -> int:
    """Return how many bytes a buffer holds: in it, or elsewhere in the file."""
    return buffer.stretch(0)[1] or (buffer.integer(2, 8) if buffer.integer(1, 8) > 1 else 0)


def _values(buffer: FlatTable, dims: tuple[int, ...], kind: int) -> tuple[int, ...] | None:
    """Return the values of a small tensor of whole numbers."""
    width, count = _WIDTHS.get(kind), prod(dims)
    if width is None or count > MOST_VALUES or buffer.stretch(0)[1] < count * width:
        return None
    return tuple(buffer.wholes(0, count, width))
