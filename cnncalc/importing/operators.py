"""ONNX operators to layers: what each is in the notation, from its attributes and dimensions.

An operator that is no layer is kept as `identity` where its output has the shape of its input.
Everywhere else the network is read up to it: what it reads is an output.
"""

from __future__ import annotations

import re
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc import arithmetic
from cnncalc.importing import views
from cnncalc.importing.constants import UNKNOWN, evaluate, numbers, resolved, vector
from cnncalc.importing.graph import (
    Graph,
    Lost,
    circle,
    in_order,
    label_in,
    nothing_to_read,
    several_inputs,
    size_left_open,
)
from cnncalc.importing.onnx import Constant, Operation, read_model
from cnncalc.importing.patterns import spelled
from cnncalc.importing.views import CHANNELS, View, whole
from cnncalc.layers import Volume, times
from cnncalc.problem import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx import Model
    from cnncalc.importing.protobuf import Bytes


class Flow(NamedTuple):
    """A tensor that depends on the input: the node that makes it, and how it holds its axes."""

    node: int
    view: View


Value: TypeAlias = "Flow | Constant | None"
"""What a tensor is; None behind an operator that could not be read."""

_SAME_SHAPE = frozenset(
    (
        *("Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan"),
        *("Atanh", "Ceil", "Celu", "Clip", "Cos", "Cosh"),
        *("CumSum", "DequantizeLinear", "Erf", "Exp", "Floor", "HardSwish"),
        *("Hardmax", "IsNaN", "Log", "LpNormalization", "MeanVarianceNormalization", "Neg"),
        *("Not", "QuantizeLinear", "Reciprocal", "Round", "Selu", "Shrink"),
        *("Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt"),
        *("Tan", "ThresholdedRelu", "Trilu"),
    )
)
_PASSED = frozenset(("Identity", "Cast", "CastLike"))
_PLAIN = {
    "Relu": "relu",
    "Elu": "elu",
    "Gelu": "gelu",
    "HardSigmoid": "hardsigmoid",
    "HardSwish": "hardswish",
    "LogSoftmax": "softmax",
    "Mish": "mish",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Swish": "silu",
    "Tanh": "tanh",
}
_WEIGHTS_PLACE = {
    "Conv": 1,
    "ConvTranspose": 1,
    "Gemm": 1,
    "MatMul": 1,
    "BatchNormalization": 1,
    "PRelu": 1,
}
_WEIGHT = re.compile(r"[._/](?:weight|weights|kernel|w|W)(?:[_.:].*)?$")
_MADE_UP = re.compile(r"(?:onnx::.*|val_\d+|node_.*|[A-Za-z]*_?\d+)")


def translate(name: str, data: Bytes, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of an ONNX file in notation, and what is to be said of it.

    `given` is the volume that comes in, where the file leaves its sizes open.
    """
    return _Translation(name, read_model(name, data), given).written()


class _Translation:
    """One walk over the nodes of a file, in their order."""

    def __init__(self, name: str, model: Model, given: Volume | None) -> None:
        self.source = Source(name, "")
        self.model = model
        self.values: dict[str, Value] = dict(model.constants)
        self.makers = {
            output: operation for operation in model.operations for output in operation.outputs
        }
        self.readers: dict[str, int] = {}
        for operation in model.operations:
            for tensor in operation.inputs:
                self.readers[tensor] = self.readers.get(tensor, 0) + 1
        for tensor in model.outputs:
            self.readers[tensor] = self.readers.get(tensor, 0) + 1
        entry, self.batch, volume, view = self._entry(given)
        self.graph = Graph(volume)
        self.values[entry] = Flow(0, view)
        self._lost: list[tuple[Operation, list[Flow]]] = []
        self._absorbed: set[int] = set()

    # ------------------------------------------------------------ what comes in

    def _entry(self, given: Volume | None) -> tuple[str, int, Volume, View]:
        """Return the tensor that comes in, the batch in its dimensions, its volume and its view."""
        model = self.model
        first = {op.inputs[0] for op in model.operations if op.inputs}
        learned = {
            tensor
            for op in model.operations
            for tensor in op.inputs[_WEIGHTS_PLACE.get(op.kind, 99) :]
        }
        entries = []
        for tensor, dims in model.inputs.items():
            if tensor in model.constants or tensor not in self.readers:
                continue
            if not dims or (tensor in learned and tensor not in first):
                self.values[tensor] = Constant(tuple(size or 1 for size in dims), None, tensor)
            else:
                entries.append(tensor)
        if not entries:
            raise nothing_to_read(self.source, "")
        if len(entries) > 1:
            raise several_inputs(self.source, entries)
        (entry,) = entries
        dims = model.inputs[entry]
        place = self._channels_place(entry, len(dims))
        if given is not None:
            rest: list[int | None] = list(given[:-1])
            rest.insert(place - 1, given[-1])
            dims = [*dims[:1], *rest]
        if len(dims) < 2 or None in dims[1:]:
            sizes = times(tuple("?" if size is None else size for size in dims))
            raise size_left_open(self.source, f"{entry}: {sizes}")
        known = [size or 1 for size in dims]
        volume = (*known[1:place], *known[place + 1 :], known[place])
        axes = [whole(axis, size) for axis, size in enumerate(volume[:-1])]
        axes.insert(place - 1, whole(CHANNELS, volume[-1]))
        return entry, known[0], volume, ((), *axes)

    def _channels_place(self, tensor: str, rank: int) -> int:
        """Return which dimension of the input holds channels: what the first layer says."""
        order = list(range(rank))
        for operation in self.model.operations:
            if not operation.inputs or operation.inputs[0] != tensor or not operation.outputs:
                continue
            if operation.kind == "Transpose":
                permutation = operation.attributes.get("perm") or order[::-1]
                if sorted(permutation) != list(range(rank)):
                    break
                order = [order[axis] for axis in permutation]
            elif operation.kind in ("MatMul", "Gemm", "LayerNormalization") and order:
                return order[-1]
            elif operation.kind not in _PASSED | {"Sub", "Add", "Mul", "Div", "Pad"}:
                break
            tensor = operation.outputs[0]
        return order[1] if rank > 1 else 1

    # ------------------------------------------------------------ the walk

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and its warnings."""
        for operation in self._ordered():
            self._read(operation)
        outputs = [self.values.get(tensor) for tensor in self.model.outputs]
        self.graph.outputs = [each.node for each in outputs if isinstance(each, Flow)]
        seen: set[str] = set()
        lost = [
            Lost(
                operation.kind,
                _named(operation),
                tuple(f.node for f in flows),
                self._learned(operation, seen),
            )
            for operation, flows in self._lost
            if id(operation) not in self._absorbed
        ]
        return self.graph.written(self.source, lost, len(self.model.operations))

    def _learned(self, operation: Operation, seen: set[str]) -> int:
        """Return how many learned numbers an operator reads that none before it has read."""
        total = 0
        for tensor in operation.inputs:
            constant = self.values.get(tensor)
            if isinstance(constant, Constant) and constant.name and tensor not in seen:
                seen.add(tensor)
                total += constant.size or 0
        return total

    def _ordered(self) -> list[Operation]:
        """Return the operators so that each stands behind what it reads; refuse a circle."""
        operations = self.model.operations
        found = in_order(
            [set(operation.inputs) - {""} for operation in operations],
            [set(operation.outputs) - {""} for operation in operations],
        )
        if len(found) < len(operations):
            stuck = min(set(range(len(operations))) - set(found))
            raise circle(self.source, _named(operations[stuck]))
        return [operations[index] for index in found]

    def _read(self, operation: Operation) -> None:
        """Work out what an operator makes."""
        given = [self.values.get(tensor, UNKNOWN) for tensor in operation.inputs if tensor]
        flows = [each for each in given if isinstance(each, Flow)]
        made: Sequence[Value] | None
        if spelled_out := self._pattern(operation):
            made = [spelled_out]
        elif None in given:
            made = None
        elif not flows:
            made = [evaluate(operation, [each for each in given if isinstance(each, Constant)])]
        else:
            try:
                made = self._layer(operation, flows)
            except Problem as problem:
                raise problem.at(label_in(self.source, _named(operation)).span) from None
            except (ValueError, IndexError, TypeError, ZeroDivisionError, AttributeError):
                made = None  # attributes that no such operator has
            if made is None:
                made = self._kept_shape(operation, flows)
        if made is None:
            self._lost.append((operation, flows))
            for tensor in operation.outputs:
                self.values[tensor] = None
            return
        for tensor, value in zip(operation.outputs, made, strict=False):
            self.values[tensor] = value
        for tensor in operation.outputs[len(made) :]:
            self.values[tensor] = UNKNOWN

    def _layer(self, operation: Operation, flows: list[Flow]) -> Sequence[Value] | None:
        """Return what an operator makes of flows, where it is a layer or a reshape of ours."""
        kind = operation.kind
        if kind == "Shape":
            return [self._shape(operation, flows[0])]
        if kind in ("Add", "Sum", "Mul", "Sub", "Div") and len(operation.inputs) > 1:
            found = self._combined(operation, flows)
            return None if found is None else [found]
        if kind == "Concat":
            found = self._concat(operation, flows)
            return None if found is None else [found]
        if not isinstance(self.values.get(operation.inputs[0]), Flow):
            return None
        flow = flows[0]
        if kind in _PASSED:
            return [flow]
        if kind in _PLAIN:
            return [self.behind(flow, _PLAIN[kind], operation)]
        of = _OPERATORS.get(kind)
        if of is None or (len(flows) > 1 and kind != "Dropout"):
            return None
        value = of(self, operation, flow)
        return value if isinstance(value, list) or value is None else [value]

    def _kept_shape(self, operation: Operation, flows: list[Flow]) -> Sequence[Value] | None:
        """Return an identity for an operator that is no layer and keeps the shape of its input."""
        flow = flows[0]
        made = self.model.shapes.get(operation.outputs[0]) if operation.outputs else None
        sizes = views.sizes(flow.view)
        told = bool(made) and [size or 1 for size in made or ()][1:] == list(sizes[1:])
        alone = len(flows) == 1 and self.values.get(operation.inputs[0]) == flow
        if not alone or not (told or operation.kind in _SAME_SHAPE):
            return None
        return [self._uncounted(operation, flow)]

    def _uncounted(self, operation: Operation, flow: Flow) -> Flow:
        """Return an identity in place of an operator, to be told of."""
        node = self.graph.pass_over(flow.node, operation.kind, self._title(operation))
        return Flow(node, flow.view)

    # ------------------------------------------------------------ what operators ask

    def _is_constant(self, tensor: str) -> bool:
        return isinstance(self.values.get(tensor), Constant)

    def _is_number(self, tensor: str) -> bool:
        value = self.values.get(tensor)
        return isinstance(value, Constant) and value.size == 1

    def volume(self, flow: Flow) -> Volume:
        """Return the volume of a flow."""
        return self.graph.volume(flow.node)

    def constant(self, operation: Operation, place: int) -> Constant | None:
        """Return an input that is a constant; None where there is none."""
        if place >= len(operation.inputs) or not operation.inputs[place]:
            return None
        value = self.values.get(operation.inputs[place])
        return value if isinstance(value, Constant) else None

    def listed(self, operation: Operation, name: str, place: int) -> list[int] | None:
        """Return whole numbers from an attribute, or from an input in newer files."""
        value = operation.attributes.get(name)
        if isinstance(value, list):
            return [int(each) for each in value]
        return numbers(self.constant(operation, place))

    def behind(self, flow: Flow, text: str, operation: Operation, view: View | None = None) -> Flow:
        """Add a layer behind a flow."""
        node = self.graph.layer(text, flow.node, self._title(operation))
        return Flow(node, flow.view if view is None else view)

    def _title(self, operation: Operation) -> str:
        """Return what a file calls a layer: its weights' name, else its path; '' for neither."""
        place = _WEIGHTS_PLACE.get(operation.kind)
        constant = self.constant(operation, place) if place else None
        weight = constant.name if constant else ""
        if found := _WEIGHT.search(weight):
            return weight[: found.start()]
        path: list[str] = []
        for part in operation.name.split("/"):
            if path and part.startswith(f"{path[-1]}."):
                path[-1] = part
            elif part:
                path.append(part)
        if len(path) > 1 and re.fullmatch(rf"{re.escape(operation.kind)}(_\d+)?", path[-1]):
            path.pop()
        title = ".".join(path)
        return "" if _MADE_UP.fullmatch(title) else title

    # ------------------------------------------------------------ several operators as one

    def _pattern(self, operation: Operation) -> Flow | None:
        """Return the layer that an operator and those before it spell out together."""
        pattern = spelled(operation, self.makers, self._is_constant, self._is_number)
        if pattern is None:
            return None
        layer, tensor = pattern
        flow = self.values.get(tensor)
        if not isinstance(flow, Flow):
            return None
        made = self._spelled_out(operation, layer, flow)
        waiting = list(operation.inputs) if made else []
        while waiting:
            each = waiting.pop()
            maker = self.makers.get(each)
            if each != tensor and maker and id(maker) not in self._absorbed:
                self._absorbed.add(id(maker))
                waiting += maker.inputs
        return made

    def _spelled_out(self, operation: Operation, layer: str, flow: Flow) -> Flow | None:
        if layer == "hardsigmoid" and _clipped(self, operation) != "relu6":
            return None
        if layer != "normalise":
            return self.behind(flow, layer, operation)
        mean = next(
            maker
            for each in operation.inputs
            if (maker := self.makers.get(each)) and maker.kind == "Sub"
        )
        mean = next(
            m for each in mean.inputs if (m := self.makers.get(each)) and m.kind == "ReduceMean"
        )
        axes = _axes(self, mean, len(flow.view))
        channels = views.channels_at(flow.view, self.volume(flow))
        if axes == [channels]:
            return self.behind(flow, "ln", operation)
        if channels == 1 and axes == list(range(2, len(flow.view))):
            return self.behind(flow, "in", operation)
        return None

    def _combined(self, operation: Operation, flows: list[Flow]) -> Flow | None:
        """Return what an add or a product makes, of flows or of a flow and a constant."""
        how = "mul" if operation.kind in ("Mul", "Div") else "add"
        if len(flows) < len(operation.inputs):
            given = [self.values.get(tensor) for tensor in operation.inputs]
            constants = [each for each in given if isinstance(each, Constant)]
            if len(flows) == len(constants) == 1:
                return self._with_constant(operation, how, flows[0], constants[0])
            return None
        view = views.broadcast([flow.view for flow in flows])
        if view is None or (
            how == "add" and any(views.sizes(f.view) != views.sizes(view) for f in flows)
        ):
            return None
        node = self.graph.join(how, [flow.node for flow in flows], self._title(operation))
        if node is None:
            return None
        if operation.kind in ("Sub", "Div"):
            self.graph.tell(operation.kind, node)
        return Flow(node, view)

    def _with_constant(
        self, operation: Operation, how: str, flow: Flow, constant: Constant
    ) -> Flow | None:
        """Return what an add or a product with a constant makes: a bias, a scale, or nothing."""
        if constant.size == 1:
            return flow
        sizes = views.sizes(flow.view)
        dims = constant.dims
        if dims is None or len(dims) > len(sizes):
            return None
        wide = (1,) * (len(sizes) - len(dims)) + dims
        if any(size not in (1, sizes[axis]) for axis, size in enumerate(wide) if axis):
            return None  # it would make the map larger
        channels = views.channels_at(flow.view, self.volume(flow))
        per_channel = channels is not None and wide[channels] == constant.size
        before = self.graph.nodes[flow.node]
        if per_channel and operation.kind in ("Add", "Mul"):
            alone = all(
                self.readers.get(tensor) == 1
                for tensor in operation.inputs
                if isinstance(self.values.get(tensor), Flow)
            )
            words = before.text.split()
            if how == "add" and alone and words[-1:] == ["nobias"]:
                self.graph.rewrite(flow.node, " ".join(words[:-1]))
                return flow
            if how == "add" and alone and words == ["layerscale"]:
                self.graph.rewrite(flow.node, "bn")
                return flow
            if words == ["ln"] and alone:
                return flow  # its scale and its shift, which an ln counts
            if how == "mul":
                return self.behind(flow, "layerscale", operation)
        return self._uncounted(operation, flow)

    def _concat(self, operation: Operation, flows: list[Flow]) -> Flow | None:
        """Return flows stacked along their channels."""
        if len(flows) < len(operation.inputs):
            return None
        rank = len(flows[0].view)
        axis = operation.attributes.get("axis", 1)
        axis += rank if axis < 0 else 0
        rest = set()
        for flow in flows:
            if (
                len(flow.view) != rank
                or views.axis_at(flow.view, self.volume(flow), axis) != CHANNELS
            ):
                return None
            rest.add((flow.view[:axis], flow.view[axis + 1 :]))
        if len(rest) > 1:
            return None
        if len(flows) == 1:
            return flows[0]
        node = self.graph.join("concat", [flow.node for flow in flows], self._title(operation))
        if node is None:
            return None
        view = flows[0].view
        channels = whole(CHANNELS, self.graph.volume(node)[-1])
        return Flow(node, (*view[:axis], channels, *view[axis + 1 :]))

    def _shape(self, operation: Operation, flow: Flow) -> Constant:
        sizes = views.sizes(flow.view)
        attributes = operation.attributes
        return vector(sizes[attributes.get("start", 0) : attributes.get("end", len(sizes))])

    def reshaped(self, operation: Operation, flow: Flow, dims: Sequence[int]) -> Flow | None:
        """Return a flow in other dimensions; as a vector where they make one of it."""
        if dims and self.batch > 1 and dims[0] == self.batch:
            dims = (1, *dims[1:])
        view = views.reshaped(flow.view, dims)
        return None if view is None else self.settled(operation, Flow(flow.node, view))

    def settled(self, operation: Operation, flow: Flow) -> Flow:
        """Return a flow with its channels in order: shuffled, or flattened, where they are."""
        volume = self.volume(flow)
        view = flow.view
        if len(view) == 2 and not view[0] and len(volume) > 1:
            return self.behind(flow, "flatten", operation, ((), whole(CHANNELS, prod(volume))))
        if dealt := views.shuffled(view, volume):
            return self.behind(flow, f"shuffle {dealt[1]}", operation, dealt[0])
        return flow


def _named(operation: Operation) -> str:
    """Return an operator with the name of its node."""
    return f"{operation.kind} {operation.name or ', '.join(operation.outputs[:1])}".strip()


# ---------------------------------------------------------------- windows


class _Map(NamedTuple):
    """A flow whose dimensions are a batch, channels, and then axes of its map, by number."""

    axes: list[int]
    sizes: list[int]
    rank: int


def _map_of(reading: _Translation, flow: Flow, rank: int) -> _Map | None:
    """Return the axes that a layer of some spatial dimensions slides over."""
    volume, view = reading.volume(flow), flow.view
    if len(view) != rank + 2 or view[0] or view[1] != whole(CHANNELS, volume[-1]):
        return None
    free = [axis for axis, size in enumerate(volume[:-1]) if size == 1]
    axes = []
    for parts in view[2:]:
        if not parts:
            axes.append(free.pop(0) if free else -1)
        elif len(parts) == 1 and parts[0][2] == volume[parts[0][0]]:
            axes.append(parts[0][0])
        else:
            return None
    if -1 in axes or axes != sorted(axes) or len(axes) + len(free) != len(volume) - 1:
        return None
    return _Map(axes, [volume[axis] for axis in axes], len(volume) - 1)


def _words(letter: str, values: Sequence[str], default: str) -> list[str]:
    """Return an option with one value for all axes, or one for each; nothing for its default."""
    if all(value == default for value in values):
        return []
    return [letter + (values[0] if len(set(values)) == 1 else "x".join(values))]


def _spread(found: _Map, values: Sequence[Any], other: Any) -> list[Any]:
    """Return values for all axes of a volume, from those of the axes that a layer slides over."""
    spread = [other] * found.rank
    for axis, value in zip(found.axes, values, strict=True):
        spread[axis] = value
    return spread


def _window(operation: Operation, found: _Map, kernel: Sequence[int]) -> list[str]:
    """Return kernel, stride, padding and dilation as options."""
    attributes = operation.attributes
    rank = len(found.axes)
    ones = [1] * rank
    strides = attributes.get("strides") or ones
    dilations = attributes.get("dilations") or ones
    pads = attributes.get("pads") or [0] * (2 * rank)
    automatic = attributes.get("auto_pad", "NOTSET")
    words = _words("k", [str(k) for k in _spread(found, kernel, 1)], "")
    words += _words("s", [str(s) for s in _spread(found, strides, 1)], "1")
    if automatic == "SAME_UPPER":
        words.append("same")
    elif automatic == "SAME_LOWER":
        geometry = zip(found.sizes, kernel, strides, dilations, strict=True)
        sides = [arithmetic.same_padding(n, -(-n // s), k, s, d)[::-1] for n, k, s, d in geometry]
        words += _padding(_spread(found, [side(*each) for each in sides], "0"))
    elif automatic != "VALID":
        sides = list(zip(pads[:rank], pads[rank:], strict=True))
        words += _padding(_spread(found, [side(*each) for each in sides], "0"))
    words += _words("d", [str(d) for d in _spread(found, dilations, 1)], "1")
    return words


def side(before: int, after: int) -> str:
    """Return a padding as it is written: one number, or before:after."""
    if before < 0 or after < 0:
        raise ValueError
    return str(before) if before == after else f"{before}:{after}"


def _padding(values: Sequence[str]) -> list[str]:
    return _words("p", values, "0")


def _moved(reading: _Translation, flow: Flow, text: str, operation: Operation, found: _Map) -> Flow:
    """Add a layer that slides over a map; its output keeps the order of its dimensions."""
    made = reading.behind(flow, text, operation)
    volume = reading.volume(made)
    axes = [whole(axis, volume[axis]) for axis in found.axes]
    return Flow(made.node, ((), whole(CHANNELS, volume[-1]), *axes))


def _conv(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    filters, _each, *kernel = weight.dims
    channels = reading.volume(flow)[-1]
    groups = operation.attributes.get("group", 1)
    nobias = [] if len(operation.inputs) > 2 and operation.inputs[2] else ["nobias"]
    reading.graph.serve(operation.inputs[1])
    if len(reading.volume(flow)) == 1:
        if set(kernel) != {1} or groups != 1 or any(operation.attributes.get("pads") or ()):
            return None
        made = reading.behind(flow, " ".join([f"fc {filters}", *nobias]), operation)
        return Flow(made.node, ((), whole(CHANNELS, filters), *flow.view[2:]))
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    words = _window(operation, found, kernel)
    if groups == channels > 1:
        head = ["dwconv"] if filters == channels else ["dwconv", str(filters)]
        text = [*head, *words, *nobias]
    else:
        text = ["conv", str(filters), *words, *([f"g{groups}"] if groups != 1 else []), *nobias]
    return _moved(reading, flow, " ".join(text), operation, found)


def _deconv(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    _channels, each, *kernel = weight.dims
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    reading.graph.serve(operation.inputs[1])
    attributes = dict(operation.attributes)
    rank = len(kernel)
    groups = attributes.get("group", 1)
    strides = attributes.get("strides") or [1] * rank
    dilations = attributes.get("dilations") or [1] * rank
    extra = attributes.get("output_padding") or [0] * rank
    wanted = attributes.get("output_shape")
    automatic = attributes.pop("auto_pad", "NOTSET")
    if wanted or automatic.startswith("SAME"):
        sizes = (
            wanted[-rank:] if wanted else [n * s for n, s in zip(found.sizes, strides, strict=True)]
        )
        befores, afters = [], []
        for n, k, s, d, op, out in zip(
            found.sizes, kernel, strides, dilations, extra, sizes, strict=True
        ):
            total = max(s * (n - 1) + op + d * (k - 1) + 1 - out, 0)
            befores.append(total - total // 2 if automatic == "SAME_UPPER" else total // 2)
            afters.append(total - befores[-1])
        attributes["pads"] = [*befores, *afters]
    window = _window(operation._replace(attributes=attributes), found, kernel)
    words = ["deconv", str(each * groups), *window]
    words += _words("op", [str(op) for op in _spread(found, extra, 0)], "0")
    words += [f"g{groups}"] if groups != 1 else []
    words += [] if len(operation.inputs) > 2 and operation.inputs[2] else ["nobias"]
    return _moved(reading, flow, " ".join(words), operation, found)


def _pool(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    kernel = operation.attributes.get("kernel_shape") or []
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    attributes = {"strides": [1] * len(kernel), **operation.attributes}
    name = "maxpool" if operation.kind == "MaxPool" else "avgpool"
    window = _window(operation._replace(attributes=attributes), found, kernel)
    if not any(word[0] == "s" and word[1:2].isdigit() for word in window):
        window.insert(1, "s1")
    if attributes.get("ceil_mode") and "same" not in window:
        window.append("ceil")
    return _moved(reading, flow, " ".join([name, *window]), operation, found)


def _global_pool(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    axes = list(range(2, len(flow.view)))
    return _reduced(reading, operation, flow, axes, keep=True)


def _reduce(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    axes = _axes(reading, operation, len(flow.view))
    if axes is None:
        return None
    return _reduced(
        reading, operation, flow, axes, keep=bool(operation.attributes.get("keepdims", 1))
    )


def _axes(reading: _Translation, operation: Operation, rank: int) -> list[int] | None:
    """Return the dimensions that an operator names, counted from the first."""
    axes = reading.listed(operation, "axes", 1)
    if axes is None:
        return None
    return sorted({axis + rank if axis < 0 else axis for axis in axes})


def _reduced(
    reading: _Translation, operation: Operation, flow: Flow, axes: list[int], *, keep: bool
) -> Flow | None:
    """Return a map with some of its axes pooled to one."""
    volume, view = reading.volume(flow), flow.view
    pooled = {part[0] for axis in axes for part in view[axis]}
    left = {part[0] for axis, parts in enumerate(view) if axis not in axes for part in parts}
    if CHANNELS in pooled or pooled & left:
        return None
    made = flow
    largest = operation.kind in ("GlobalMaxPool", "ReduceMax")
    if pooled and not left - {CHANNELS}:
        made = reading.behind(flow, "gmp" if largest else "gap", operation)
    elif pooled:
        sizes = times(tuple(n if axis in pooled else 1 for axis, n in enumerate(volume[:-1])))
        made = reading.behind(flow, f"{'maxpool' if largest else 'avgpool'} {sizes}", operation)
    elif keep and len(volume) > 1 and operation.kind.startswith("Global"):
        made = reading.behind(flow, "gmp" if largest else "gap", operation)
    kept = [() if axis in axes else parts for axis, parts in enumerate(view)]
    if not keep:
        kept = [parts for axis, parts in enumerate(kept) if axis not in axes]
    return reading.settled(operation, Flow(made.node, tuple(kept)))


# ---------------------------------------------------------------- fully connected


def _gemm(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or operation.attributes.get("transA"):
        return None
    dims = weight.dims[::-1] if operation.attributes.get("transB") else weight.dims
    nobias = not (len(operation.inputs) > 2 and operation.inputs[2])
    return _full(reading, operation, flow, dims, nobias=nobias)


def _matmul(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None:
        return None
    return _full(reading, operation, flow, weight.dims, nobias=True)


def _full(
    reading: _Translation, operation: Operation, flow: Flow, dims: tuple[int, ...], *, nobias: bool
) -> Flow | None:
    """Return a layer that mixes all channels: on a map, a 1x1 convolution at each place."""
    volume = reading.volume(flow)
    if len(dims) < 2 or prod(dims[:-2]) != 1 or flow.view[-1] != whole(CHANNELS, volume[-1]):
        return None
    if dims[-2] != volume[-1]:
        return None
    reading.graph.serve(operation.inputs[1])
    units = dims[-1]
    text = f"fc {units}" if len(volume) == 1 else f"conv {units} k1"
    view = (*flow.view[:-1], whole(CHANNELS, units))
    return reading.behind(flow, f"{text} nobias" if nobias else text, operation, view)


# ---------------------------------------------------------------- norms and activations


def _batch_norm(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    return reading.behind(flow, "bn", operation)


def _layer_norm(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    scale = reading.constant(operation, 1)
    last = whole(CHANNELS, reading.volume(flow)[-1])
    if flow.view[-1] != last or scale is None or scale.size != reading.volume(flow)[-1]:
        return None
    return reading.behind(flow, "ln", operation)


def _group_norm(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    return reading.behind(flow, f"gn {operation.attributes['num_groups']}", operation)


def _instance_norm(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    """Read an instance norm: one that learns a scale is a group norm, each channel a group."""
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    scale = reading.constant(operation, 1)
    learns = scale is not None and scale.name and not _MADE_UP.fullmatch(scale.name)
    text = f"gn {reading.volume(flow)[-1]}" if learns else "in"
    return reading.behind(flow, text, operation)


def _clip(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    text = _clipped(reading, operation)
    return reading.behind(flow, text, operation) if text else None


def _clipped(reading: _Translation, operation: Operation) -> str:
    """Return which layer a clip is: relu6, relu, or none."""
    least, most = (
        _number(reading, operation, name, place) for name, place in (("min", 1), ("max", 2))
    )
    if least == 0 and most in (1, 6):
        return "relu6"
    return "relu" if least == 0 and most is None else ""


def _number(reading: _Translation, operation: Operation, name: str, place: int) -> Any:
    """Return one number from an attribute, or from an input in newer files."""
    if name in operation.attributes:
        return operation.attributes[name]
    constant = reading.constant(operation, place)
    return constant.values[0] if constant and constant.values else None


def _with_number(name: str, attribute: str, place: int, default: float | None = None) -> _Reader:
    """Return a reader of a layer whose number is kept as it is given."""

    def read(reading: _Translation, operation: Operation, flow: Flow) -> Flow:
        value = _number(reading, operation, attribute, place)
        value = default if value is None else value
        plain = isinstance(value, int | float) and isfinite(value) and value >= 0
        return reading.behind(flow, f"{name} {value:.6g}" if plain else name, operation)

    return read


def _prelu(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    slope = reading.constant(operation, 1)
    if slope is not None and slope.size == reading.volume(flow)[-1]:
        return reading.behind(flow, "prelu", operation)
    return None


def _lrn(reading: _Translation, operation: Operation, flow: Flow) -> Flow:
    return reading.behind(flow, f"lrn {operation.attributes['size']}", operation)


# ---------------------------------------------------------------- shapes


def _flatten(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", 1)
    return reading.reshaped(operation, flow, (prod(sizes[:axis]), prod(sizes[axis:])))


def _reshape(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    wanted = reading.listed(operation, "shape", 1)
    if wanted is None:
        told = reading.model.shapes.get(operation.outputs[0])
        wanted = [size or 1 for size in told] if told else None
    if wanted is None:
        return None
    if wanted and wanted[0] == reading.batch > 1:
        wanted = [1, *wanted[1:]]
    sizes = views.sizes(flow.view)
    dims = resolved(wanted, sizes, prod(sizes))
    return None if dims is None else reading.reshaped(operation, flow, dims)


def _squeeze(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    axes = _axes(reading, operation, len(flow.view))
    if axes is None:
        axes = [axis for axis, parts in enumerate(flow.view) if axis and not parts]
    if any(flow.view[axis] for axis in axes):
        return None
    kept = tuple(parts for axis, parts in enumerate(flow.view) if axis not in axes)
    return reading.settled(operation, Flow(flow.node, kept))


def _unsqueeze(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    axes = reading.listed(operation, "axes", 1)
    if not axes or len(axes) > 8:
        return None
    rank = len(flow.view) + len(axes)
    at = {axis + rank if axis < 0 else axis for axis in axes}
    rest = iter(flow.view)
    return Flow(flow.node, tuple(() if axis in at else next(rest) for axis in range(rank)))


def _transpose(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    order = operation.attributes.get("perm") or list(range(len(flow.view)))[::-1]
    if sorted(order) != list(range(len(flow.view))):
        return None
    return reading.settled(operation, Flow(flow.node, tuple(flow.view[axis] for axis in order)))


def _cut(
    reading: _Translation, operation: Operation, flow: Flow, place: int, start: int, stop: int
) -> Flow | None:
    """Return a stretch of one dimension: a slice of channels, or a crop."""
    volume = reading.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or not 0 <= start < stop <= volume[axis]:
        return None
    if (start, stop) == (0, volume[axis]):
        return flow
    if axis == CHANNELS:
        text = f"slice {start} {stop}"
    else:
        around = ["0"] * (len(volume) - 1)
        around[axis] = side(start, volume[axis] - stop)
        text = f"crop {'x'.join(around)}"
    view = (*flow.view[:place], whole(axis, stop - start), *flow.view[place + 1 :])
    return reading.behind(flow, text, operation, view)


def _slice(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    starts, ends = (reading.listed(operation, name, i) for i, name in ((1, "starts"), (2, "ends")))
    if starts is None or ends is None:
        return None
    axes = reading.listed(operation, "axes", 3)
    steps = reading.listed(operation, "steps", 4)
    sizes = views.sizes(flow.view)
    found: Flow | None = flow
    for each, ends_of in enumerate(zip(starts, ends, strict=True)):
        axis = axes[each] if axes else each
        axis += len(sizes) if axis < 0 else 0
        step = steps[each] if steps else 1
        if step < 1 or found is None:
            return None
        start, end, _step = slice(*ends_of).indices(sizes[axis])
        if (start, end) != (0, sizes[axis]):
            found = _cut(reading, operation, found, axis, start, end)
        if step > 1 and found is not None:
            found = _every(reading, operation, found, axis, step)
    return found


def _every(
    reading: _Translation, operation: Operation, flow: Flow, place: int, step: int
) -> Flow | None:
    """Return each value of a map that stands a step from the last: a pool of windows of one."""
    volume = reading.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or axis == CHANNELS:
        return None
    steps = times(tuple(step if each == axis else 1 for each in range(len(volume) - 1)))
    made = reading.behind(flow, f"maxpool 1 s{steps}", operation)
    left = whole(axis, reading.volume(made)[axis])
    return Flow(made.node, (*flow.view[:place], left, *flow.view[place + 1 :]))


def _split(reading: _Translation, operation: Operation, flow: Flow) -> list[Value] | None:
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", 0)
    axis += len(sizes) if axis < 0 else 0
    parts = reading.listed(operation, "split", 1)
    if parts is None:
        each = -(-sizes[axis] // len(operation.outputs))
        parts = [min(each, sizes[axis] - each * i) for i in range(len(operation.outputs))]
    if sum(parts) != sizes[axis] or len(parts) != len(operation.outputs):
        return None
    made: list[Value] = []
    start = 0
    for size in parts:
        made.append(_cut(reading, operation, flow, axis, start, start + size))
        start += size
    return None if None in made else made


def _gather(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    places = reading.constant(operation, 1)
    index = numbers(places)
    if places is None or index is None or len(index) != 1:
        return None
    axis = operation.attributes.get("axis", 0)
    axis += len(flow.view) if axis < 0 else 0
    size = views.sizes(flow.view)[axis]
    start = index[0] + (size if index[0] < 0 else 0)
    made = _cut(reading, operation, flow, axis, start, start + 1)
    if made is None or places.dims:
        return made
    view = (*made.view[:axis], *made.view[axis + 1 :])
    return reading.settled(operation, Flow(made.node, view))


def _pad(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    pads = reading.listed(operation, "pads", 1) or operation.attributes.get("paddings")
    axes = numbers(reading.constant(operation, 3)) or list(range(len(flow.view)))
    if not pads or len(pads) != 2 * len(axes):
        return None
    volume = reading.volume(flow)
    before, after = pads[: len(axes)], pads[len(axes) :]
    signs = {(b > 0) - (b < 0) for b in pads} - {0}
    if len(signs) != 1:
        return None if signs else flow
    around = ["0"] * (len(volume) - 1)
    places = {}
    for place, b, a in zip(axes, before, after, strict=True):
        if b or a:
            axis = views.axis_at(flow.view, volume, place)
            if axis is None or axis == CHANNELS:
                return None
            around[axis] = side(abs(b), abs(a))
            places[place] = axis
    name = "pad" if signs == {1} else "crop"
    sizes = around[0] if len(set(around)) == 1 else "x".join(around)
    made = reading.behind(flow, f"{name} {sizes}", operation)
    new = reading.volume(made)
    view = tuple(
        whole(places[place], new[places[place]]) if place in places else parts
        for place, parts in enumerate(flow.view)
    )
    return Flow(made.node, view)


def _resize(reading: _Translation, operation: Operation, flow: Flow) -> Flow | None:
    """Read a resize: by whole factors, nearest or linear."""
    sizes = views.sizes(flow.view)
    place = 1 if operation.kind == "Upsample" or len(operation.inputs) < 3 else 2
    scales = reading.constant(operation, place)
    wanted = numbers(reading.constant(operation, 3))
    given = operation.attributes.get("scales") or (scales.values if scales else None)
    if wanted:
        given = [to / n for n, to in zip(sizes, [1, *wanted[1:]], strict=True)]
    mode = operation.attributes.get("mode", "nearest")
    volume = reading.volume(flow)
    if not given or len(given) != len(sizes) or mode not in ("nearest", "linear", "bilinear"):
        return None
    factors = [1] * (len(volume) - 1)
    view = list(flow.view)
    for at, (scale, size) in enumerate(zip(given, sizes, strict=True)):
        factor = round(scale)
        if scale == 1:
            continue
        axis = views.axis_at(flow.view, volume, at)
        if axis in (None, CHANNELS) or factor < 1 or int(size * scale) != size * factor:
            return None
        factors[axis] = factor
        view[at] = whole(axis, size * factor)
    if set(factors) == {1}:
        return flow
    text = f"upsample {factors[0] if len(set(factors)) == 1 else times(tuple(factors))}"
    text += "" if mode == "nearest" else " bilinear"
    return reading.behind(flow, text, operation, tuple(view))


_Reader: TypeAlias = "Callable[[_Translation, Operation, Flow], Flow | list[Value] | None]"

_OPERATORS: dict[str, _Reader] = {
    "AveragePool": _pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Conv": _conv,
    "ConvTranspose": _deconv,
    "Dropout": _with_number("dropout", "ratio", 1, 0.5),
    "Flatten": _flatten,
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_pool,
    "GlobalMaxPool": _global_pool,
    "GroupNormalization": _group_norm,
    "InstanceNormalization": _instance_norm,
    "LRN": _lrn,
    "LayerNormalization": _layer_norm,
    "LeakyRelu": _with_number("leakyrelu", "alpha", 9, 0.01),
    "MatMul": _matmul,
    "MaxPool": _pool,
    "PRelu": _prelu,
    "Pad": _pad,
    "ReduceMax": _reduce,
    "ReduceMean": _reduce,
    "Reshape": _reshape,
    "Resize": _resize,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Upsample": _resize,
}
"""What reads each operator; `_PLAIN` has those that are a layer by their name alone."""
