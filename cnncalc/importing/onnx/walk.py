"""The walk over the operators of an ONNX file: each as the layer that it is.

An operator that is no layer is kept as `identity` where its output has the shape of its input.
Everywhere else the network is read up to it: what it reads is an output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import make
from cnncalc.importing.onnx import joins, moves, stand_ins, views
from cnncalc.importing.onnx.attention import put_together
from cnncalc.importing.onnx.batches import RECURRENT, follow, hold
from cnncalc.importing.onnx.constants import evaluate
from cnncalc.importing.onnx.entries import find_entries
from cnncalc.importing.onnx.learned import learned_by
from cnncalc.importing.onnx.model import Constant, OnnxModel
from cnncalc.importing.onnx.operators import OPERATORS, PLAIN
from cnncalc.importing.onnx.parts import as_split
from cnncalc.importing.onnx.patterns import read_pattern
from cnncalc.importing.onnx.quantized import as_plain
from cnncalc.importing.onnx.reading import PASSED, Carried, OnnxOperator, Reading, Value, named
from cnncalc.importing.onnx.telling import tell_idle, tell_size
from cnncalc.importing.onnx.tensors import UNKNOWN, numbers, vector
from cnncalc.importing.onnx.views import SEQUENCE
from cnncalc.importing.ordering import in_order
from cnncalc.importing.refusals import circle, label_in, made_twice, too_many_parts
from cnncalc.importing.remarks import Lost
from cnncalc.kinds.modules import ModuleError
from cnncalc.notation.tree import Given
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Problem, Source, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.kinds.volumes import Volume


_FAULTS = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, ModuleError)

_SAME_SHAPE = frozenset(
    """
    Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh CumSum DequantizeLinear Erf Exp
    Floor HardSwish Hardmax IsNaN Log LogSigmoid LpNormalization MeanVarianceNormalization Neg
    Not QuantizeLinear Reciprocal RotaryEmbedding Round Selu Shrink Sign Sin Sinh Softplus
    Softsign Sqrt Tan ThresholdedRelu Trilu
    """.split()
)
_BY_ONE = frozenset(("Mod", "Pow"))
"""Operators that work on each value with one number."""

_OF_ANY = ("MatMul", "Einsum", "Attention", "FlexAttention")
_OF_SEVERAL = ("BatchNormalization", "Dropout", "DeformConv", *RECURRENT, *_OF_ANY)
"""Operators whose readers take several flows, and those whose first input may be none."""


class BatchAxis(NamedTuple):
    """How a file is read: which dimension is the batch, None for none, and what says so.

    `keeps` takes what is of nobody's standard and comes first to keep the shape of what it reads.
    """

    batch: int | None = 0
    crossed: Operation | None = None
    keeps: bool = False


def is_other(operation: Operation) -> bool:
    """Return whether an operator is neither ONNX's own nor its runtime's."""
    return bool(operation.domain) and operation.kind.startswith(f"{operation.domain}.")


class OnnxWalk(Reading):
    """One walk over the nodes of a file, in their order."""

    def __init__(self, name: str, model: OnnxModel, given: Volume | None, way: BatchAxis) -> None:
        reads = sum(1 + len(operation.inputs) for operation in model.operations)
        if reads > BUDGET.tensors:
            raise too_many_parts(Span(Source(name, ""), 0, 0), BUDGET.tensors)
        super().__init__(name, model)
        self._way = way
        first, *others = find_entries(self, given, way.batch)
        self.batch = first.batch
        self._batch_at = {first.tensor: way.batch or 0} if self.batch > 1 else {}
        for each in others if self.batch > 1 else ():
            self._batch_at[each.tensor] = way.batch or 0
        self.graph = Graph(first.volume)
        self.values[first.tensor] = Carried(0, first.view)
        if others:
            self.graph.enter(first.volume, first.tensor)
        for each in others:
            node = self.graph.enter(each.volume, each.tensor, first=False)
            self.values[each.tensor] = Carried(node, each.view)
        if way.batch is None and way.crossed:
            tell_size(self, first.tensor, way.crossed)
        self._lost: list[tuple[Operation, list[Carried]]] = []

    # ------------------------------------------------------------ the walk

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and its warnings."""
        for operation in self._ordered():
            self._read(operation)
        outputs = [(tensor, self.values.get(tensor)) for tensor in self.model.outputs]
        hold(self, outputs, self._batch_at)
        self.graph.outputs = [
            self._as_put_out(tensor, each).node
            for tensor, each in outputs
            if isinstance(each, Carried)
        ]
        if not self._lost and not self.graph.needed():
            self._lost += [
                (self.makers[tensor], []) for tensor in self.model.outputs if tensor in self.makers
            ]
        seen: set[str] = set()
        lost = [
            Lost(
                operation.kind,
                named(operation),
                tuple(f.node for f in flows),
                self._learned(operation, seen),
            )
            for operation, flows in self._lost
            if id(operation) not in self.absorbed
        ]
        put_together(self)
        tell_idle(self)
        return self.graph.written(self.source, lost, len(self.model.operations))

    def _as_put_out(self, tensor: str, flow: Carried) -> Carried:
        """Return an output in the dimensions that the file gives it; what comes in is a row too."""
        maker = self.makers.get(tensor)
        if maker is None:
            return flow
        dims, volume = views.sizes(flow.view), self.volume(flow)
        comes_in = self.graph.nodes[flow.node].kind in ("input", "identity") and not flow.node
        if comes_in or sorted(n for n in dims if n > 1) != sorted(n for n in volume if n > 1):
            place = views.channels_at(flow.view, volume)
            place = place or (1 if len(dims) > SEQUENCE else len(dims) - 1)
            flow = OnnxOperator(self, maker).laid_out(flow, place)
        if flow.node or not comes_in:
            return flow
        return OnnxOperator(self, maker).behind(flow, make("identity"))

    def _learned(self, operation: Operation, seen: set[str]) -> int:
        """Return how many learned numbers an operator reads that none before it has read."""
        new = [tensor for tensor in operation.inputs if tensor not in seen]
        seen.update(new)
        return learned_by(OnnxOperator(self, operation._replace(inputs=tuple(new))))

    def _ordered(self) -> list[Operation]:
        """Return the operators so that each stands behind what it reads; refuse a circle.

        A tensor that two make is none: what the one costs would be lost.
        """
        operations = self.model.operations
        makers: dict[str, Operation] = {}
        for operation in operations:
            for tensor in filter(None, operation.outputs):
                if makers.setdefault(tensor, operation) is not operation:
                    raise made_twice(self.source, named(operation), tensor)
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
        if operation.kind == "If" and self._chosen(operation):
            return
        op = OnnxOperator(self, operation)
        if op.kind == "SplitToSequence":
            op = as_split(op)
            operation = op.operation
        place = numbers(op.constant(1)) if op.kind == "SequenceAt" else None
        part = f"{operation.inputs[0]}/{place[0]}" if place else ""
        if part and part in self.values:
            self.values[operation.outputs[0]] = self.values[part]
            return
        read = [self.values.get(tensor, UNKNOWN) if tensor else None for tensor in operation.inputs]
        given = [value for value, tensor in zip(read, operation.inputs, strict=True) if tensor]
        flows = [each for each in given if isinstance(each, Carried)]
        if self._way.batch is not None:
            follow(op, read, self._batch_at)
        made: Sequence[Value] | None
        if spelled_out := read_pattern(op):
            made = [spelled_out]
        elif None in given:
            made = None
        elif not flows:
            made = [
                self._told(*pair)
                for pair in zip(
                    evaluate(operation, [each for each in read if not isinstance(each, Carried)]),
                    operation.outputs,
                    strict=False,
                )
            ]
        else:
            try:
                made = self._layer(op, flows)
            except Problem as problem:
                raise problem.at(label_in(self.source, named(operation)).span) from None
            except _FAULTS:
                made = None  # attributes that no such operator has
            if made is None:
                made = self._kept_shape(op, flows)
        if made is None and flows:
            try:
                made = stand_ins.stand_in(op, read)
            except _FAULTS:
                made = None
        if made is None:
            made = self._kept_by_others(op, flows)
        if made is None:
            self._lost.append((operation, flows))
            for tensor in operation.outputs:
                self.values[tensor] = None
            return
        for tensor, value in zip(operation.outputs, made, strict=False):
            self.values[tensor] = value
        for tensor in operation.outputs[len(made) :]:
            self.values[tensor] = UNKNOWN

    def _told(self, constant: Constant, tensor: str) -> Constant:
        """Return a constant with the dimensions that a file tells, where no rule gives them."""
        dims = self.model.shapes.get(tensor) if constant.dims is None else None
        return Constant(tuple(n or 1 for n in dims)) if dims and all(dims) else constant

    def _chosen(self, operation: Operation) -> bool:
        """Read the branch of an If whose condition is known; return whether one was read."""
        condition = OnnxOperator(self, operation).constant(0)
        if condition is None or not condition.values:
            return False
        branch = operation.attributes.get("then_branch" if condition.values[0] else "else_branch")
        if not isinstance(branch, OnnxModel):
            return False
        self.take(branch)
        for each in branch.operations:
            self._read(each)
        for tensor, made in zip(operation.outputs, branch.outputs, strict=False):
            self.values[tensor] = self.values.get(made)
        return True

    def _layer(self, op: OnnxOperator, flows: list[Carried]) -> Sequence[Value] | None:
        """Return what an operator makes of flows, where it is a layer or a reshape of ours."""
        kind = op.kind
        if kind == "Shape":
            return [self._shape(op, flows[0])]
        if kind in joins.JOINS and len(op.inputs) > 1:
            found = joins.combined(op, flows)
            return None if found is None else [found]
        if kind == "CastLike" and (held := op.constant(0)):
            return [held]
        if kind == "DynamicQuantizeLinear":
            return [flows[0], Constant((), None), Constant((), None)]
        if kind == "Concat":
            found = joins.concat(op, flows)
            return None if found is None else [found]
        if kind == "Gather" and op.constant(0):
            found = moves.embedded(op, flows[0])
            return None if found is None else [found]
        if kind not in _OF_ANY and not isinstance(self.values.get(op.inputs[0]), Carried):
            return None
        flow = flows[0]
        if kind in PASSED:
            return [flow]
        if kind in PLAIN:
            return [op.behind(flow, make(PLAIN[kind]))]
        of = OPERATORS.get(kind)
        if of is None or (len(flows) > 1 and kind not in _OF_SEVERAL):
            return None
        value = of(op, flow)
        return value if isinstance(value, list) or value is None else [value]

    def _kept_shape(self, op: OnnxOperator, flows: list[Carried]) -> Sequence[Value] | None:
        """Return an identity for an operator that works on each value by itself."""
        alone = len(flows) == 1 and self.values.get(op.inputs[0]) == flows[0]
        if op.kind in _BY_ONE:
            alone = alone and all(map(self.is_number, op.inputs[1:]))
        if not alone or op.kind not in _SAME_SHAPE | _BY_ONE or learned_by(op):
            return None
        return [op.uncounted(flows[0])]

    def _kept_by_others(self, op: OnnxOperator, flows: list[Carried]) -> list[Value] | None:
        """Return what stands for the first operator, which is not ONNX's own and says no shape."""
        if not self._way.keeps or not is_other(op.operation) or len(flows) != 1:
            return None
        (flow,) = flows
        here = self.graph.nodes[flow.node]
        if flow.node and not isinstance(here.item, Given):
            return None
        volume, title = self.volume(flow), op.title
        learned = learned_by(op)
        node = self.graph.opaque(op.kind, [flow.node], volume, title, learned, keeps=True)
        return [Carried(node, flow.view)]

    def _shape(self, op: OnnxOperator, flow: Carried) -> Constant:
        sizes = views.sizes(flow.view)
        attributes = op.attributes
        return vector(sizes[attributes.get("start", 0) : attributes.get("end", len(sizes))])
