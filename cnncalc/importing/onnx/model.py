"""An ONNX file, as far as a network's shape needs it: nodes, attributes and dimensions.

The numbers of the messages' fields are those of onnx.proto. Weights are passed over; of small
tensors the values are read, for they may be sizes.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.functions import (
    MOST_NESTED,
    AttributeReference,
    Functions,
    OnnxFunction,
    Operation,
)
from cnncalc.importing.protobuf import Malformed, Message, TooLong
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.importing.protobuf import Bytes, Field

MOST_VALUES = 64
_MOST_DIMENSIONS = 32

_CHUNK = 64 * 1024
"""How many bytes of a tensor are looked at at once."""

_FORMATS = {1: "f", 2: "B", 3: "b", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d"}
"""`struct`'s letters of the data types whose values are read."""
BOOL, INT64 = 9, 7
FLOATS = {1: "f", 10: "e", 11: "d"}
WHOLES = frozenset((2, 3, 4, 5, 6, 7, 12, 13))
"""Data types of ONNX: of floats with their letters, and of whole numbers."""


class Constant(NamedTuple):
    """A tensor that does not depend on the input: its dimensions, and its values if it is small.

    Without dimensions nothing is known of it. `name` is its initializer's; '' for all others.
    `type` is ONNX's number of its data type; 0 where it is not known. `held` is where a file
    has its numbers.
    """

    dims: tuple[int, ...] | None
    values: tuple[Any, ...] | None = None
    name: str = ""
    type: int = 0
    held: StoredBytes | None = None

    @property
    def size(self) -> int | None:
        """How many values it has."""
        return None if self.dims is None else prod(self.dims)

    @property
    def zeros(self) -> bool | None:
        """Whether all its values are 0, for which its bytes are read; None where none are held."""
        return self.held.are_zeros() if self.held else None


class StoredBytes(NamedTuple):
    """Where the numbers of a tensor stand in a file: they are read where that is asked for."""

    data: Bytes
    spans: list[tuple[int, int]]

    def are_zeros(self) -> bool:
        """Return whether all its bytes are 0."""
        chunks = (
            self.data[at : min(at + _CHUNK, end)]
            for start, end in self.spans
            for at in range(start, end, _CHUNK)
        )
        return not any(bytes(chunk).strip(b"\0") for chunk in chunks)


class OnnxModel(NamedTuple):
    """The graph of a file; a dimension that it leaves open is None.

    Where nothing else says it, the channels of its maps are their second dimension, or the last.
    """

    operations: list[Operation]
    constants: dict[str, Constant]
    inputs: dict[str, list[int | None] | None]
    outputs: list[str]
    shapes: dict[str, list[int | None]]
    channels_last: bool = False


def read_model(name: str, data: Bytes) -> OnnxModel:
    """Return the graph of an ONNX file from its bytes."""
    try:
        whole = Message.whole(data)
        fields = list(whole.fields())
        graphs = [field for field in fields if field.number == 7]
        functions = dict(_function(whole.within(field)) for field in fields if field.number == 25)
        if graphs:
            return _graph(whole.within(graphs[-1]), Functions(name, functions))
    except Malformed as fault:
        raise _unreadable(name, _("byte {place:,} begins no field", place=fault.place)) from None
    except TooLong:
        raise _unreadable(name, _("it lists more than is read")) from None
    raise _unreadable(name, _("no graph stands in it"))


def _unreadable(name: str, why: str) -> Problem:
    return Problem(
        "file-not-onnx",
        _("this file cannot be read as ONNX"),
        [Label(Span(Source(name, ""), 0, 0), why)],
        helps=[_("export the network once more: a file that was cut short reads so")],
    )


def _function(message: Message) -> tuple[tuple[str, str], OnnxFunction]:
    """Return a local function by its domain and its name."""
    name = domain = ""
    inputs, outputs, operations = [], [], []
    defaults: dict[str, Any] = {}
    for field in message.fields():
        if field.number == 1:
            name = message.text(field)
        elif field.number == 4:
            inputs.append(message.text(field))
        elif field.number == 5:
            outputs.append(message.text(field))
        elif field.number == 7:
            operations.append(_operation(message.within(field)))
        elif field.number == 10:
            domain = message.text(field)
        elif field.number == 11:
            key, value = _attribute(message.within(field))
            defaults[key] = value
    made = OnnxFunction(tuple(inputs), tuple(outputs), tuple(operations), defaults)
    return (domain, name), made


def _graph(message: Message, functions: Functions, depth: int = 0) -> OnnxModel:
    model = OnnxModel([], {}, {}, [], {})
    for field in message.fields():
        if field.number == 1:
            for operation in functions.inlined(_operation(message.within(field))):
                made = _with_branches(operation, functions, depth)
                model.operations.append(_in_domain(made))
        elif field.number == 5:
            constant = _tensor(message.within(field))
            model.constants[constant.name] = constant
        elif field.number in (11, 12, 13):
            tensor, dims = _described(message.within(field))
            if field.number == 11:
                model.inputs[tensor] = dims
            elif field.number == 12:
                model.outputs.append(tensor)
            if dims is not None:
                model.shapes[tensor] = dims
    return model


def _with_branches(operation: Operation, functions: Functions, depth: int) -> Operation:
    """Return a node whose branches, if it has any, are graphs; it reads what they read outside."""
    if operation.kind != "If" or depth > MOST_NESTED:
        return operation
    attributes, inputs = dict(operation.attributes), list(operation.inputs)
    for key, value in operation.attributes.items():
        if not isinstance(value, Message):
            continue
        branch = _graph(value, functions, depth + 1)
        own = {tensor for each in branch.operations for tensor in each.outputs}
        own |= branch.constants.keys()
        read = [tensor for each in branch.operations for tensor in each.inputs]
        inputs += [tensor for tensor in (*read, *branch.outputs) if tensor not in own]
        attributes[key] = branch
    return operation._replace(attributes=attributes, inputs=tuple(inputs))


def _operation(message: Message) -> Operation:
    kind = name = domain = ""
    inputs, outputs = [], []
    attributes: dict[str, Any] = {}
    for field in message.fields():
        if field.number == 1:
            inputs.append(message.text(field))
        elif field.number == 2:
            outputs.append(message.text(field))
        elif field.number == 3:
            name = message.text(field)
        elif field.number == 4:
            kind = message.text(field)
        elif field.number == 7:
            domain = message.text(field)
        elif field.number == 5:
            key, value = _attribute(message.within(field))
            attributes[key] = value
    return Operation(kind, name, tuple(inputs), tuple(outputs), attributes, domain)


_OWN = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview", "com.microsoft")


def _in_domain(operation: Operation) -> Operation:
    """Return an operator by its name in its domain, where that is not ONNX's or its runtime's."""
    other = operation.domain not in _OWN or (operation.domain, operation.kind) in _OF_ANOTHER
    return operation._replace(kind=f"{operation.domain}.{operation.kind}") if other else operation


_OF_ANOTHER = frozenset((("com.microsoft", "Attention"),))
"""Operators of the runtime's own that take other tensors than ONNX's of their name."""


def _attribute(message: Message) -> tuple[str, Any]:
    """Return an attribute's name and its value: a number, a text, a list or a tensor."""
    name, kind = "", 0
    value: Any = None
    many: list[Any] = []
    for field in message.fields():
        if field.number == 1:
            name = message.text(field)
        elif field.number == 20:
            kind = field.value
        elif field.number == 2:
            (value,) = message.floats(field, 1) or (0.0,)
        elif field.number == 3:
            (value,) = message.integers(field, 1) or (0,)
        elif field.number == 4:
            value = message.text(field)
        elif field.number == 5:
            value = _tensor(message.within(field))._replace(name="")
        elif field.number == 6:
            value = message.within(field)
        elif field.number == 21:
            value = AttributeReference(message.text(field))
        elif field.number == 7:
            many += message.floats(field)
        elif field.number == 8:
            many += message.integers(field)
    if kind in (6, 7) or many:
        return name, many
    return name, 0 if value is None and kind == 2 else value


def _tensor(message: Message) -> Constant:
    dims: list[int] = []
    kind, name = 0, ""
    stored: list[Field] = []
    for field in message.fields():
        if field.number == 1:
            dims += message.integers(field, _MOST_DIMENSIONS)
            if len(dims) > _MOST_DIMENSIONS or min(dims, default=0) < 0:
                raise Malformed(field.start)
        elif field.number == 2:
            kind = field.value
        elif field.number == 8:
            name = message.text(field)
        elif field.number in (4, 5, 7, 9, 10):
            stored.append(field)
    values = None if prod(dims) else ()
    if 0 < prod(dims) <= MOST_VALUES and kind in _FORMATS:
        values = _values(message, stored, kind)
    if values is not None and len(values) != prod(dims):
        values = None
    spans = [(field.start, field.end) for field in stored if field.wire == 2]
    held = StoredBytes(message.data, spans) if spans else None
    return Constant(tuple(dims), values, name, kind, held)


def _values(message: Message, stored: list[Field], kind: int) -> tuple[Any, ...]:
    """Return the values of a small tensor, from whichever field holds them."""
    found: list[Any] = []
    for field in stored[: MOST_VALUES + 1]:
        if field.number == 9 and field.wire == 2:
            end = min(field.end, field.start + 8 * MOST_VALUES)
            found += message.unpacked(field.start, end, _FORMATS[kind])
        elif field.number == 4:
            found += message.floats(field, MOST_VALUES)
        elif field.number in (5, 7) and kind != 10:
            found += message.integers(field, MOST_VALUES)
        elif field.number == 10 and field.wire == 2:
            end = min(field.end, field.start + 8 * MOST_VALUES)
            found += message.unpacked(field.start, end, "d")
    return tuple(found)


def _described(message: Message) -> tuple[str, list[int | None] | None]:
    """Return the name of a tensor and its dimensions, if it says any, from a ValueInfoProto."""
    name = ""
    dims: list[int | None] | None = None
    for field in message.fields():
        if field.number == 1:
            name = message.text(field)
        elif field.number == 2:
            kind = message.within(field)
            tensors = [kind.within(each) for each in kind.fields() if each.number == 1]
            shapes = [t.within(each) for t in tensors for each in t.fields() if each.number == 2]
            for shape in shapes:
                each_size = (each for each in shape.fields() if each.number == 1)
                dims = [_dimension(shape.within(each)) for each in each_size][:_MOST_DIMENSIONS]
    return name, dims


def _dimension(message: Message) -> int | None:
    sizes = [field.value for field in message.fields() if field.number == 1 and field.wire == 0]
    return sizes[-1] if sizes and 0 <= sizes[-1] < 2**63 else None
