"""A reading of an ONNX graph as it goes on: what its tensors are by now, and what operators ask."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.model import FLOATS, Constant
from cnncalc.importing.onnx.tensors import numbers
from cnncalc.importing.onnx.views import CHANNELS, View, whole
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.model import OnnxModel
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer


class Carried(NamedTuple):
    """A tensor that depends on the input: the node that makes it, and how it holds its axes."""

    node: int
    view: View


class OnnxProduct(NamedTuple):
    """A product of two flows: what it multiplies, how often, and how its sums are long.

    Of its stacks so many as there are `heads` are parts of the channels.
    """

    one: Carried
    other: Carried
    macs: int
    summed: int
    heads: int


Value: TypeAlias = "Carried | Constant | None"
"""What a tensor is; None behind an operator that could not be read."""

_RESHAPED = ("Identity", "Reshape", "Squeeze", "Unsqueeze")
"""Operators that give values under another name, or in other dimensions."""

PASSED = frozenset(("Identity", "Cast", "CastLike"))
"""Operators that give what they are given."""

MADE_UP = re.compile(r"(?:onnx::.*|val_\d+|node_.*|[A-Za-z]*_?\d+)")
"""A name that an exporter made up."""

_WEIGHT = re.compile(r"[._/](?:weight|weights|kernel|w|W)(?:[_.:].*)?$")

WEIGHED = frozenset("BatchNormalization Conv ConvTranspose Gemm MatMul PRelu".split())
"""Operators whose second input is weights: there a single number is learned too."""

FIRST_ALONE = frozenset(
    """
    Clip DequantizeLinear Expand Gather GatherElements GatherND NonMaxSuppression OneHot Pad
    QuantizeLinear Reduce Reshape Resize RoiAlign RotaryEmbedding Slice Split Squeeze Tile TopK
    Unsqueeze Upsample
    """.split()
)
"""Operators whose other inputs are sizes, scales and places."""

_STORED = (*FLOATS, 2, 3, 16, 0)
"""ONNX's numbers of the types of weights; bytes are those of quantized ones."""

MOST_STEPS = BUDGET.back


class Reading:
    """What is known of a file's tensors, and the graph that they are built into."""

    graph: Graph
    batch: int

    def __init__(self, name: str, model: OnnxModel) -> None:
        self.source = Source(name, "")
        self.model = model
        self.values: dict[str, Value] = {}
        self.makers: dict[str, Operation] = {}
        self.readers: dict[str, int] = {}
        self.owners: dict[str, str] = {}
        self.products: dict[int, OnnxProduct] = {}
        self.cuts: dict[int, tuple[Carried, int, int, int]] = {}
        self.absorbed: set[int] = set()
        self._origins: dict[str, str] = {}  # what is found once by `stored_as` and by `stored`
        self._stored: dict[str, dict[str, int]] = {}
        self.stores_weights = any(
            each.type in FLOATS and (each.size or 0) > 1 for each in model.constants.values()
        )
        self.take(model)

    def take(self, model: OnnxModel) -> None:
        """Take the tensors of a graph: its constants, what makes each, and how many read it."""
        self.values |= model.constants
        read = [tensor for each in model.operations for tensor in each.inputs]
        for each in model.operations:
            self.makers |= dict.fromkeys(each.outputs, each)
        for tensor in (*read, *model.outputs):
            self.readers[tensor] = self.readers.get(tensor, 0) + 1

    def volume(self, flow: Carried) -> Volume:
        """Return the volume of a flow."""
        return self.graph.volume(flow.node)

    def is_constant(self, tensor: str) -> bool:
        """Return whether a tensor is known without what comes in."""
        return isinstance(self.values.get(tensor), Constant)

    def is_number(self, tensor: str) -> bool:
        """Return whether a tensor is one number that is known without what comes in."""
        value = self.values.get(tensor)
        return isinstance(value, Constant) and value.size == 1

    def is_stored(self, tensor: str) -> bool:
        """Return whether a tensor is one that a file holds under a name that nobody made up."""
        return tensor not in self.makers and not MADE_UP.fullmatch(tensor)

    def holds(self, tensor: str) -> bool:
        """Return whether a file holds a tensor: stored, or in a node where it stores no weights."""
        maker = self.makers.get(tensor)
        in_node = maker is not None and maker.kind == "Constant" and not self.stores_weights
        return in_node or self.is_stored(tensor)

    def stored_as(self, tensor: str) -> str:
        """Return the tensor that holds the values of another, which has another shape or name."""
        passed = []
        while tensor not in self._origins:
            self._origins[tensor] = tensor
            maker = self.makers.get(tensor)
            if maker is None or maker.kind not in _RESHAPED or not maker.inputs:
                break
            passed.append(tensor)
            tensor = maker.inputs[0]
        origin = self._origins[tensor]
        self._origins.update(dict.fromkeys(passed, origin))
        return origin

    def stored(self, tensor: str) -> dict[str, int]:
        """Return the stored tensors that a constant is made of, with how many numbers each has.

        Of one that is split each part is stored by itself: no number stands in two of them. What
        nodes hold is learned in files alone that store no weights elsewhere.
        """
        if tensor in self._stored:
            return self._stored[tensor]
        found: dict[str, int] = {}
        seen, waiting = {tensor}, [tensor]
        while waiting and len(seen) < MOST_STEPS:
            each = waiting.pop()
            if each in self._stored:
                found |= self._stored[each]
                continue
            value = self.values.get(each)
            maker = self.makers.get(each)
            if not isinstance(value, Constant) or (maker and maker.kind in ("Shape", "Size")):
                continue
            if maker is None or maker.kind in ("Constant", "Split"):
                if maker is not None and maker.kind == "Constant" and self.stores_weights:
                    continue
                if (value.size or 0) > 1 and value.type in _STORED:
                    found[each] = value.size or 0
                continue
            few = 1 if maker.kind in FIRST_ALONE else len(maker.inputs)
            new = set(maker.inputs[:few]) - seen
            seen |= new
            waiting += new
        self._stored[tensor] = found
        return found


class OnnxOperator:
    """An operator as it is read: its place in a file, and the reading that it is part of."""

    def __init__(self, reading: Reading, operation: Operation) -> None:
        self.reading = reading
        self.graph = reading.graph
        self.values = reading.values
        self.operation = operation
        self.kind = operation.kind
        self.inputs = operation.inputs
        self.outputs = operation.outputs
        self.attributes = operation.attributes

    def having(self, **changes: Any) -> OnnxOperator:
        """Return an operator of other inputs or attributes, or of another kind."""
        return OnnxOperator(self.reading, self.operation._replace(**changes))

    def get(self, name: str, default: Any = None) -> Any:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def reads(self) -> list[Value]:
        """Return what the inputs are."""
        return [self.values.get(tensor) for tensor in self.inputs]

    def constant(self, place: int) -> Constant | None:
        """Return an input that is a constant; None where there is none."""
        tensor = self.inputs[place] if place < len(self.inputs) else ""
        value = self.values.get(tensor) if tensor else None
        return value if isinstance(value, Constant) else None

    def listed(self, name: str, place: int) -> list[int] | None:
        """Return whole numbers from an attribute, or from an input in newer files."""
        value = self.get(name)
        if isinstance(value, list):
            return [int(each) for each in value]
        return numbers(self.constant(place))

    def volume(self, flow: Carried) -> Volume:
        """Return the volume of a flow."""
        return self.reading.volume(flow)

    def behind(
        self, flow: Carried, layer: Layer, view: View | None = None, weights: str = ""
    ) -> Carried:
        """Add a layer behind a flow; `weights` is the tensor of what it learns."""
        node = self.graph.layer(layer, flow.node, self.title, self.served_by(weights))
        return Carried(node, flow.view if view is None else view)

    def served_by(self, weights: str) -> str:
        """Return what a file stores a tensor of weights as, if one tensor or a part of one.

        Weights that begin as zeros exporters store once: each module has its own. Only those that
        several modules read are looked at, for they may be gigabytes.
        """
        found = self.reading.stored(weights) if weights else {}
        if len(found) != 1:
            return ""
        ((name, size),) = found.items()
        value = self.values.get(weights)
        is_whole = isinstance(value, Constant) and value.size == size
        module = self.operation.name.rpartition("/")[0]
        if self.reading.owners.setdefault(name, module) != module:
            name = f"{name} of {module}" if isinstance(value, Constant) and value.zeros else name
        return name if is_whole else f"{name}/{weights}"

    def norm_behind(self, flow: Carried, layer: Layer) -> Carried:
        """Add a norm behind a flow: its weights are shared where those before it are.

        Norms that were not trained have equal numbers, which exporters store once.
        """
        made = self.behind(flow, layer)
        before = self.graph.nodes[flow.node].weights
        if before and len(self.inputs) > 1:
            weights = f"{self.inputs[1]} {before}"
            self.graph.nodes[made.node] = self.graph.nodes[made.node]._replace(weights=weights)
        return made

    def opaque(
        self,
        kind: str,
        nodes: Sequence[int],
        volume: Volume,
        view: View,
        learned: int = 0,
        macs: int = 0,
    ) -> Carried:
        """Add what is no layer of ours, with its learned numbers and what it costs."""
        return Carried(self.graph.opaque(kind, nodes, volume, self.title, learned, macs), view)

    def uncounted(self, flow: Carried) -> Carried:
        """Return an identity in place of an operator, to be told of."""
        node = self.graph.skip_as_identity(flow.node, self.kind, self.title)
        return Carried(node, flow.view)

    @property
    def title(self) -> str:
        """What a file calls a layer: its weights' name, else its path; '' for neither."""
        constant = self.constant(1) if self.kind in WEIGHED else None
        weight = constant.name if constant else ""
        if found := _WEIGHT.search(weight):
            return weight[: found.start()]
        path: list[str] = []
        for part in self.operation.name.split("/"):
            if path and part.startswith(f"{path[-1]}."):
                path[-1] = part
            elif part:
                path.append(part)
        if len(path) > 1 and re.fullmatch(rf"{re.escape(self.kind)}(_\d+)?", path[-1]):
            path.pop()
        title = ".".join(path)
        return "" if MADE_UP.fullmatch(title) else title

    def laid_out(self, flow: Carried, place: int) -> Carried:
        """Return a flow whose dimensions are each an axis of its volume, one of them its channels.

        Where its values stand in another order it is turned, which is no layer and costs nothing.
        """
        before = self.volume(flow)
        volume, view, same = views.laid_out(flow.view, before, place)
        if (volume, view) == (before, flow.view):
            return flow
        if not same:
            return self.opaque("Transpose", [flow.node], volume, view)
        if volume == before:
            return Carried(flow.node, view)
        sequence = len(volume) == 2 and volume[-1] == before[-1] and len(before) > 2
        layer = make("flatten") if len(volume) == 1 else make("reshape", volume=volume)
        return self.behind(flow, make("tokens") if sequence else layer, view)

    def reshaped(self, flow: Carried, dims: Sequence[int]) -> Carried | None:
        """Return a flow in other dimensions; as a vector where they make one of it."""
        view = views.reshaped(flow.view, dims)
        return None if view is None else self.recognise_reshape(Carried(flow.node, view))

    def recognise_reshape(self, flow: Carried) -> Carried:
        """Return a flow with its channels in order: shuffled, or flattened, where they are."""
        volume = self.volume(flow)
        view = flow.view
        if len(view) == 2 and not view[0] and len(volume) > 1:
            return self.behind(flow, make("flatten"), ((), whole(CHANNELS, prod(volume))))
        for kind, found in (
            ("pixelshuffle", views.dealt_to_places(view, volume)),
            ("pixelunshuffle", views.gathered_from_places(view, volume)),
        ):
            if found:
                made = self.behind(flow, make(kind, block=found))
                return Carried(made.node, views.channels_first(self.volume(made)))
        if dealt := views.shuffled(view, volume):
            shuffle = make("shuffle", numbers=(str(dealt[1]),))
            return self.behind(flow, shuffle, dealt[0])
        return flow


def named(operation: Operation) -> str:
    """Return an operator with the name of its node."""
    return f"{operation.kind} {operation.name or ', '.join(operation.outputs[:1])}".strip()
