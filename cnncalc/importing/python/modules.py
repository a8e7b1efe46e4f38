"""What PyTorch's modules make of tensors."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import BY_VALUE, make
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python import faults, layouts
from cnncalc.importing.python.machine import NO_LINE
from cnncalc.importing.python.objects import Instance, Spec
from cnncalc.importing.python.tensor_values import BATCH, Learned, States, Tensor
from cnncalc.importing.python.values import Value, first_unknown
from cnncalc.kinds import modules
from cnncalc.kinds.modules import ModuleError
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors
    from cnncalc.kinds.modules import Module
    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Problem

_SEVERAL = ("lstm", "gru", "rnn", "attention")
"""Kinds that give more than one tensor."""

_STATES = {"lstm": 2, "gru": 1, "rnn": 1}
"""How many tensors of states a recurrent layer has."""

_LAST = ("linear", "ln", "attention")


class Modules:
    """Follows PyTorch's modules."""

    def __init__(self, python: Interpreter, tensors: Tensors, constants: Constants) -> None:
        self.machine = python.machine
        self.weights, self.moves = tensors.weights, tensors.moves
        self.nodes, self.shapes = tensors.nodes, tensors.shapes
        self.constants = constants
        self.paths: dict[int, str] = {}  # what modules are called in the network, by their `id`

    def applied(self, value: Instance, spec: Spec, several: list[Value]) -> Value:
        """Return what a module of the table makes of what it is called on."""
        kind = spec.entry.kind
        if several and isinstance(several[0], Learned) and kind not in _SEVERAL:
            return self.constants.on_learned(value, several[0])
        self.begin(value)
        if (unknown := first_unknown(several[:1])) is not None:
            return unknown
        if kind in ("lstm", "gru", "rnn"):
            return self._recurrent(value, spec, several)
        if kind == "attention":
            return self._attention(value, spec, several)
        if not several or not isinstance(several[0], Tensor):
            raise self.machine.fault(_("what this layer is called on is not known"))
        tensor, is_scaled = several[0], "weight_g" in value.attributes
        if is_scaled and kind == "deconv":  # its weights are apart by the channels that come in
            tensor = self._scaled(value, tensor)
        made = self.apply(spec, tensor, self.weights.serial(value), self.title(value))
        return self._scaled(value, made) if is_scaled and kind != "deconv" else made

    def _scaled(self, value: Instance, tensor: Tensor) -> Tensor:
        """Return a tensor scaled by the lengths of a layer's weights."""
        self.weights.use(value.attributes["weight_g"])
        is_linear = value.spec is not None and value.spec.entry.kind == "linear"
        settled = self.nodes.settled(tensor, len(tensor.view) - 1 if is_linear else 1)
        weights = f"{self.weights.serial(value)}.g"
        made = self.nodes.layer_behind(settled, make("layerscale"), weights)
        self.nodes.graph.tell_stand_in("weight_norm", made.node)
        return made

    def begin(self, value: Instance) -> None:
        """Begin with a layer: where no line of the source calls it, that which made it does."""
        if id(value) in self.weights.through:
            raise self.machine.fault(_("weights of another layer are not followed"))
        self.weights.called.add(id(value))
        self.machine.applying = value.place
        if value.place and isinstance(self.machine.node, NO_LINE):
            file, node = value.place
            self.machine.node = node if file is self.machine.frame.file else self.machine.node

    def title(self, value: Instance) -> str:
        """Return what a module is called in the network."""
        return self.paths.get(id(value), value.name)

    def apply(self, spec: Spec, tensor: Tensor, weights: str = "", name: str = "") -> Value:
        """Return what a module makes of a tensor; of a pool that gives them, its places too."""
        entry, values, _places = spec
        if values.get("return_indices") is True:
            plain = Spec(entry, {**values, "return_indices": False})
            places = self.machine.unknown(_("it depends on the values of a tensor"))
            return self.apply(plain, tensor, weights, name), places
        if entry.name == "Flatten":
            return self.shapes.flattened(tensor, values["start_dim"], values["end_dim"])
        if entry.name == "Unflatten":
            return self.unflattened(tensor, values["dim"], values["unflattened_size"])
        if entry.name in ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"):
            return self._upsampled(spec, tensor)
        if entry.kind == "embedding":
            return self._embedded(spec, tensor, weights, name)
        view = tensor.view
        if entry.kind in BY_VALUE:
            return self.nodes.alike(tensor, self.behind(spec, tensor, weights, name, len(view) - 2))
        self._check_rank(entry, tensor)
        channels = len(view) - 1 if entry.kind in _LAST else 1
        settled = self.nodes.settled(tensor, channels)
        rank = len(self.nodes.volume(settled.tensor)) - 1
        node = self.behind(spec, settled.tensor, weights, name, rank)
        return self.nodes.laid_out(settled, node)

    def _check_rank(self, entry: Module, tensor: Tensor) -> None:
        """Refuse a tensor of other dimensions than a module works on."""
        rank = len(tensor.view)
        batch = layouts.batch_at(tensor.view)
        if entry.kind in _LAST or entry.kind in ("gn", "prelu", "lrn", "shuffle"):
            return
        wanted = (entry.rank or 2) + 2
        fits = rank == wanted or (entry.kind in ("bn", "in") and entry.rank == 1 and rank == 2)
        if entry.rank is None and rank >= 3:
            fits = True
        if not fits or batch != 0:
            raise self.other_rank(tensor, wanted)

    def other_rank(self, tensor: Tensor, wanted: int) -> Problem:
        """Return the problem of a tensor of other dimensions than a layer works on."""
        said = layouts.written(layouts.sizes(tensor.view))
        takes = _("{count} dimensions, the batch first", count=wanted)
        return faults.does_not_fit(*self.machine.here, takes, said)

    def behind(self, spec: Spec, tensor: Tensor, weights: str, name: str, rank: int) -> int:
        """Return the node of a module's last layer behind a settled tensor."""
        entry, values, _places = spec
        channels = self.nodes.volume(tensor)[-1]
        said = None if entry.kind in BY_VALUE else modules.incoming(entry, values)
        if said and said[1] != channels:
            raise self.shapes.misfit(said[1], tensor)
        if entry.kind in ("adaptiveavgpool", "adaptivemaxpool"):
            values = self._open_sizes(values, self.nodes.volume(tensor))
        shape = values.get("normalized_shape")
        if isinstance(shape, tuple | list) and len(shape) > 1:
            return self._norm_of_places(values, tensor, weights)
        try:
            made = modules.translate(entry, values, entry.rank or max(rank, 1))
            return self.nodes.layers_behind(made, tensor.node, weights, name)
        except ModuleError as error:
            raise self.machine.fault(error.message) from None

    def _open_sizes(self, values: dict[str, Value], volume: Volume) -> dict[str, Value]:
        """Return the arguments of an adaptive pool with sizes that are left as they are."""
        size = values.get("output_size")
        if isinstance(size, tuple | list) and None in size and len(size) == len(volume) - 1:
            size = tuple(n if each is None else each for n, each in zip(volume, size, strict=False))
            return {**values, "output_size": size}
        return values

    def _norm_of_places(self, values: dict[str, Value], tensor: Tensor, weights: str) -> int:
        """Return a layer norm over several dimensions: a scale and a shift for each value."""
        shape = values["normalized_shape"]
        if prod(shape) != prod(self.nodes.volume(tensor)):
            raise self.shapes.misfit(prod(shape), tensor)
        if not values.get("elementwise_affine", True):
            return self.nodes.graph.skip_as_identity(tensor.node, "LayerNorm")
        node = self.nodes.add_layer(make("position"), tensor.node, "", f"{weights}.0")
        node = self.nodes.add_layer(make("position"), node, "", f"{weights}.1")
        self.nodes.graph.tell_stand_in("LayerNorm", node)
        return node

    def unflattened(self, tensor: Tensor, place: Value, size: Value) -> Value:
        """Return a tensor with one of its dimensions as several."""
        found = list(self.shapes.tensor_sizes(tensor))
        at = self.shapes.place(place, len(found))
        found[at : at + 1] = self.shapes.whole_sizes(size)
        return self.shapes.reshaped(tensor, found)

    def _upsampled(self, spec: Spec, tensor: Tensor) -> Value:
        """Return a map at another size: by whole factors, or to a size."""
        values = dict(spec.values)
        settled = self.nodes.settled(tensor, 1)
        volume = self.nodes.volume(settled.tensor)
        rank = len(volume) - 1
        factor = values.get("scale_factor")
        if values.get("size") is None and factor is None:
            raise self.machine.fault(_("this size is not known"))
        if values.get("size") is None:
            several = factor if isinstance(factor, tuple | list) else (factor,) * rank
            factors = [each for each in several if isinstance(each, int | float)]
            if len(factors) < len(several):
                raise self.machine.fault(_("this size is not known"))
            if any(each % 1 for each in factors):
                values["size"] = tuple(
                    int(n * each) for n, each in zip(volume, factors, strict=False)
                )
        mode = values.get("mode")
        if mode in ("bicubic", "area", "nearest-exact"):
            values["mode"] = "nearest" if mode != "bicubic" else "bilinear"
        node = self.behind(Spec(spec.entry, values), settled.tensor, "", "", rank)
        if mode in ("bicubic", "area"):
            self.nodes.graph.tell_stand_in(mode, node)
        return self.nodes.laid_out(settled, node)

    def _embedded(self, spec: Spec, tensor: Tensor, weights: str, name: str) -> Value:
        """Return learned numbers for each of the words of a sequence."""
        if len(tensor.view) not in (1, 2) or layouts.batch_at(tensor.view) != 0:
            raise self.machine.fault(_("words come as batch x length here"))
        ready = tensor if len(tensor.view) == 1 else self.nodes.settled(tensor, 1).tensor
        node = self.behind(spec, ready, weights, name, 1)
        count, units = self.nodes.graph.volume(node)
        words = (whole(0, count),) if len(tensor.view) == 2 else ()
        view = (tensor.view[0], *words, whole(CHANNELS, units))
        return self.nodes.with_view(tensor, view, node)

    # ------------------------------------------------------------ sequences

    def _recurrent(self, value: Instance, spec: Spec, several: list[Value]) -> Value:
        """Return all steps of a recurrent layer, and its last states."""
        tensor = several[0]
        if not isinstance(tensor, Tensor) or len(tensor.view) != 3:
            raise self.machine.fault(_("what this layer is called on is not known"))
        first = bool(spec.values.get("batch_first"))
        if layouts.batch_at(tensor.view) != (0 if first else 1):
            said = layouts.written(layouts.sizes(tensor.view))
            takes = _("the batch as dimension {place}", place=0 if first else 1)
            raise faults.does_not_fit(*self.machine.here, takes, said)
        settled = self.nodes.settled(tensor, 2)
        node = self.behind(spec, settled.tensor, self.weights.serial(value), self.title(value), 1)
        node = self._begun_with(node, several[1:])
        steps = self.nodes.laid_out(settled, node)
        last = self.moves.selected(steps, 1 if first else 0, -1)
        return steps, self._last_states(steps, last, spec)

    def _last_states(self, steps: Tensor, last: Value, spec: Spec) -> Value:
        """Return a recurrent layer's last states: of an LSTM those it gives, and its cells'."""
        ways = 2 if spec.values["bidirectional"] else 1
        count, units = int(spec.values["num_layers"]) * ways, int(spec.values["hidden_size"])
        opaque = [
            self.nodes.opaque("State", [steps.node], (count, BATCH, units), 0)
            for _each in range(_STATES[spec.entry.kind])
        ]
        if count == 1:
            opaque[0] = self.shapes.unsqueezed(last, 0)
        else:
            parts = [self.moves.cut(last, 1, at * units, (at + 1) * units) for at in range(ways)]
            known = {at - ways: part for at, part in enumerate(parts)}
            opaque[0] = States(opaque[0], known)
        return tuple(opaque) if len(opaque) > 1 else opaque[0]

    def _begun_with(self, node: int, begins: list[Value]) -> int:
        """Return a recurrent layer's node as it depends on the states that it begins with."""
        waiting, sources = list(begins), [node]
        while waiting:
            each = self.machine.need(waiting.pop())
            waiting += each if isinstance(each, list | tuple) else ()
            sources += [each.node] if isinstance(each, Tensor) else []
        if len(sources) == 1:
            return node
        sources = list(dict.fromkeys(sources))
        return self.nodes.graph.opaque("State", sources, self.nodes.graph.volume(node), "", 0)

    def _attention(self, value: Instance, spec: Spec, several: list[Value]) -> Value:
        """Return self-attention; of other tensors it is not followed."""
        tensors = [each for each in several[:3] if isinstance(each, Tensor)]
        if len(tensors) < 3 or len({each.node for each in tensors}) > 1:
            raise self.machine.fault(_("attention between different tensors is not followed"))
        settled = self.nodes.settled(tensors[0], 2)
        node = self.behind(spec, settled.tensor, self.weights.serial(value), self.title(value), 1)
        return (self.nodes.laid_out(settled, node), None)
