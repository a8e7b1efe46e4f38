"""An ONNX file to notation: one walk over its operators.

An operator that is no layer is kept as `identity` where its output has the shape of its input.
Everywhere else the network is read up to it: what it reads is an output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing import unread, views
from cnncalc.importing.constants import UNKNOWN, evaluate, vector
from cnncalc.importing.graph import Graph, Lost, in_order
from cnncalc.importing.layers import change, make
from cnncalc.importing.onnx import Constant, Operation, read_model
from cnncalc.importing.operators import OPERATORS, PLAIN, clipped
from cnncalc.importing.patterns import spelled
from cnncalc.importing.quantized import as_plain
from cnncalc.importing.reading import WEIGHTS_PLACE, Carried, Reading, Value, named
from cnncalc.importing.refusals import (
    circle,
    label_in,
    nothing_to_read,
    several_inputs,
    size_left_open,
)
from cnncalc.importing.views import CHANNELS, View, whole
from cnncalc.importing.windows import axes_of
from cnncalc.kinds.modules import ModuleError
from cnncalc.kinds.volumes import Volume, times
from cnncalc.notation.tree import Layer
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.onnx import Model
    from cnncalc.importing.protobuf import Bytes


_FAULTS = (ValueError, IndexError, TypeError, ZeroDivisionError, AttributeError, ModuleError)

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
_JOINS = {
    **dict.fromkeys(("Add", "Sum", "Sub", "Mean"), "add"),
    **dict.fromkeys(("Mul", "Div"), "mul"),
    **dict.fromkeys(("Max", "Min"), "max"),
}
"""Operators on several tensors, and the join that stands for each."""

_OF_SEVERAL = ("Dropout", "DeformConv")

_PASSED = frozenset(("Identity", "Cast", "CastLike"))


def translate(name: str, data: Bytes, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of an ONNX file in notation, and what is to be said of it.

    `given` is the volume that comes in, where the file leaves its sizes open.
    """
    return Translation(name, read_model(name, data), given).written()


class Translation(Reading):
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
        self.values[entry] = Carried(0, view)
        self._lost: list[tuple[Operation, list[Carried]]] = []
        self._absorbed: set[int] = set()

    # ------------------------------------------------------------ what comes in

    def _entry(self, given: Volume | None) -> tuple[str, int, Volume, View]:
        """Return the tensor that comes in, the batch in its dimensions, its volume and its view."""
        model = self.model
        first = {op.inputs[0] for op in model.operations if op.inputs}
        learned = {
            tensor
            for op in model.operations
            for tensor in op.inputs[WEIGHTS_PLACE.get(op.kind, 99) :]
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
        self.graph.outputs = [each.node for each in outputs if isinstance(each, Carried)]
        seen: set[str] = set()
        lost = [
            Lost(
                operation.kind,
                named(operation),
                tuple(f.node for f in flows),
                self._learned(operation, seen),
            )
            for operation, flows in self._lost
            if id(operation) not in self._absorbed
        ]
        return self.graph.written(self.source, lost, len(self.model.operations))

    def _learned(self, operation: Operation, seen: set[str]) -> int:
        """Return how many learned numbers an operator reads that none before it has read."""
        new = [tensor for tensor in operation.inputs if tensor not in seen]
        seen.update(new)
        return unread.learned_by(self, operation._replace(inputs=tuple(new)))

    def _ordered(self) -> list[Operation]:
        """Return the operators so that each stands behind what it reads; refuse a circle."""
        operations = self.model.operations
        found = in_order(
            [set(operation.inputs) - {""} for operation in operations],
            [set(operation.outputs) - {""} for operation in operations],
        )
        if len(found) < len(operations):
            stuck = min(set(range(len(operations))) - set(found))
            raise circle(self.source, named(operations[stuck]))
        return [operations[index] for index in found]

    def _read(self, given_operation: Operation) -> None:
        """Work out what an operator makes."""
        operation = as_plain(given_operation)
        read = [self.values.get(tensor, UNKNOWN) if tensor else None for tensor in operation.inputs]
        given = [value for value, tensor in zip(read, operation.inputs, strict=True) if tensor]
        flows = [each for each in given if isinstance(each, Carried)]
        made: Sequence[Value] | None
        if spelled_out := self._pattern(operation):
            made = [spelled_out]
        elif None in given:
            made = None
        elif not flows:
            made = evaluate(operation, [each for each in read if not isinstance(each, Carried)])
        else:
            try:
                made = self._layer(operation, flows)
            except Problem as problem:
                raise problem.at(label_in(self.source, named(operation)).span) from None
            except _FAULTS:
                made = None  # attributes that no such operator has
            if made is None:
                made = self._kept_shape(operation, flows)
        if made is None and flows:
            try:
                made = unread.stand_in(self, operation, read)
            except _FAULTS:
                made = None
        if made is None:
            self._lost.append((operation, flows))
            for tensor in operation.outputs:
                self.values[tensor] = None
            return
        for tensor, value in zip(operation.outputs, made, strict=False):
            self.values[tensor] = value
        for tensor in operation.outputs[len(made) :]:
            self.values[tensor] = UNKNOWN

    def _layer(self, operation: Operation, flows: list[Carried]) -> Sequence[Value] | None:
        """Return what an operator makes of flows, where it is a layer or a reshape of ours."""
        kind = operation.kind
        if kind == "Shape":
            return [self._shape(operation, flows[0])]
        if kind in _JOINS and len(operation.inputs) > 1:
            found = self._combined(operation, flows)
            return None if found is None else [found]
        if kind == "DynamicQuantizeLinear":
            return [flows[0], Constant((), None), Constant((), None)]
        if kind == "Concat":
            found = self._concat(operation, flows)
            return None if found is None else [found]
        if not isinstance(self.values.get(operation.inputs[0]), Carried):
            return None
        flow = flows[0]
        if kind in _PASSED:
            return [flow]
        if kind in PLAIN:
            return [self.behind(flow, make(PLAIN[kind]), operation)]
        of = OPERATORS.get(kind)
        if of is None or (len(flows) > 1 and kind not in _OF_SEVERAL):
            return None
        value = of(self, operation, flow)
        return value if isinstance(value, list) or value is None else [value]

    def _kept_shape(self, operation: Operation, flows: list[Carried]) -> Sequence[Value] | None:
        """Return an identity for an operator that works on each value by itself."""
        alone = len(flows) == 1 and self.values.get(operation.inputs[0]) == flows[0]
        if not alone or operation.kind not in _SAME_SHAPE or unread.learned_by(self, operation):
            return None
        return [self._uncounted(operation, flows[0])]

    def _uncounted(self, operation: Operation, flow: Carried) -> Carried:
        """Return an identity in place of an operator, to be told of."""
        node = self.graph.skip_as_identity(flow.node, operation.kind, self.title(operation))
        return Carried(node, flow.view)

    def _is_constant(self, tensor: str) -> bool:
        return isinstance(self.values.get(tensor), Constant)

    def _is_number(self, tensor: str) -> bool:
        value = self.values.get(tensor)
        return isinstance(value, Constant) and value.size == 1

    # ------------------------------------------------------------ several operators as one

    def _pattern(self, operation: Operation) -> Carried | None:
        """Return the layer that an operator and those before it spell out together."""
        pattern = spelled(operation, self.makers, self._is_constant, self._is_number)
        if pattern is None:
            return None
        layer, tensor = pattern
        flow = self.values.get(tensor)
        if not isinstance(flow, Carried):
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

    def _spelled_out(self, operation: Operation, layer: str, flow: Carried) -> Carried | None:
        if layer == "hardsigmoid" and clipped(self, operation) != "relu6":
            return None
        if layer != "normalise":
            kind, *numbers = layer.split()
            return self.behind(flow, make(kind, numbers=tuple(numbers)), operation)
        mean = next(
            maker
            for each in operation.inputs
            if (maker := self.makers.get(each)) and maker.kind == "Sub"
        )
        mean = next(
            m for each in mean.inputs if (m := self.makers.get(each)) and m.kind == "ReduceMean"
        )
        axes = axes_of(self, mean, len(flow.view))
        channels = views.channels_at(flow.view, self.volume(flow))
        if axes == [channels]:
            made = self.behind(flow, make("ln"), operation)
            self.graph.learns_no(made.node, "noscale", "nobias")
            return made
        if channels == 1 and axes == list(range(2, len(flow.view))):
            return self.behind(flow, make("in"), operation)
        return None

    def _combined(self, operation: Operation, flows: list[Carried]) -> Carried | None:
        """Return what an add or a product makes, of flows or of a flow and a constant."""
        how = _JOINS[operation.kind]
        if len(flows) < len(operation.inputs):
            given = [self.values.get(tensor) for tensor in operation.inputs]
            constants = [each for each in given if isinstance(each, Constant)]
            if len(flows) == len(constants) == 1 and how != "max":
                return self._with_constant(operation, how, flows[0], constants[0])
            return None
        view = views.broadcast([flow.view for flow in flows])
        if view is None or (
            how != "mul" and any(views.sizes(f.view) != views.sizes(view) for f in flows)
        ):
            return None
        node = self.graph.join(how, [flow.node for flow in flows], self.title(operation))
        if node is None:
            return None
        if operation.kind not in ("Add", "Sum", "Mul", "Max"):
            self.graph.tell_stand_in(operation.kind, node)
        return Carried(node, view)

    def _with_constant(
        self, operation: Operation, how: str, flow: Carried, constant: Constant
    ) -> Carried | None:
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
        learns = any(
            unread.is_learned(self, tensor, constant)
            for tensor in operation.inputs
            if self.values.get(tensor) is constant
        )
        channels = views.channels_at(flow.view, self.volume(flow))
        per_channel = channels is not None and wide[channels] == constant.size
        if per_channel and operation.kind in ("Add", "Mul"):
            alone = all(
                self.readers.get(tensor) == 1
                for tensor in operation.inputs
                if isinstance(self.values.get(tensor), Carried)
            )
            layer = self.graph.nodes[flow.node].item
            if how == "add" and alone and isinstance(layer, Layer):
                if layer.named.get("nobias"):
                    self.graph.rewrite(flow.node, change(layer, nobias=False))
                    return flow
                if layer.kind.name == "layerscale":
                    self.graph.rewrite(flow.node, make("bn"))
                    return flow
            if alone and self.graph.learn(flow.node, "nobias" if how == "add" else "noscale"):
                return flow
            if how == "mul":
                return self.behind(flow, make("layerscale"), operation)
        if learns and operation.kind == "Add" and wide[1:] == sizes[1:]:
            return self.behind(flow, make("position"), operation)
        if learns and self.graph.learns_before(flow.node):
            return None
        return self._uncounted(operation, flow)

    def _concat(self, operation: Operation, flows: list[Carried]) -> Carried | None:
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
        node = self.graph.join("concat", [flow.node for flow in flows], self.title(operation))
        if node is None:
            return None
        view = flows[0].view
        channels = whole(CHANNELS, self.graph.volume(node)[-1])
        return Carried(node, (*view[:axis], channels, *view[axis + 1 :]))

    def _shape(self, operation: Operation, flow: Carried) -> Constant:
        sizes = views.sizes(flow.view)
        attributes = operation.attributes
        return vector(sizes[attributes.get("start", 0) : attributes.get("end", len(sizes))])
