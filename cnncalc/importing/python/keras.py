"""Keras' layers and models: what they make of tensors, by the one table of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.keras.steps import at_each_step
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python import keras_older, layouts
from cnncalc.importing.python.keras_models import KerasModels
from cnncalc.importing.python.keras_older import is_keras
from cnncalc.importing.python.keras_tensors import JOINS
from cnncalc.importing.python.values import (
    BATCH,
    Class,
    External,
    Function,
    Instance,
    Learned,
    Spec,
    Tensor,
    Unknown,
    Value,
)
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.keras import MODULES
from cnncalc.kinds.modules import KERAS, InnerModule, ModuleError
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.graph import Graph
    from cnncalc.kinds.modules import Module

_MODELS = ("Sequential", "Model", "Functional", "Layer")
_MERGES = frozenset(("Add", "Subtract", "Average", "Multiply", "Maximum", "Minimum", "Concatenate"))
_ANSWERS: dict[str, Value] = {
    "image_data_format": "channels_last",
    "image_dim_ordering": "tf",
    "backend": "tensorflow",
    "floatx": "float32",
    "epsilon": 1e-7,
    "learning_phase": 0,
}
"""What Keras' backend answers as it is installed."""

_DATA = {
    "mnist": (60_000, 28, 28),
    "fashion_mnist": (60_000, 28, 28),
    "cifar10": (50_000, 32, 32, 3),
    "cifar100": (50_000, 32, 32, 3),
}
"""The sizes of the data that Keras brings."""


class Keras(KerasModels):
    """Follows Keras."""

    forwards = ("forward", "call")

    # ------------------------------------------------------------ making layers

    def call_framework(
        self, path: str, places: list[Value], names: dict[str, Value]
    ) -> Value | None:
        """Return what a function or class of a framework gives; None for none of theirs."""
        if not is_keras(path):
            return super().call_framework(path, places, names)
        name = path.rpartition(".")[2]
        if name == "load_data" and path.split(".")[-2] in _DATA:
            sizes = _DATA[path.split(".")[-2]]
            pair = (Learned(sizes), Learned(sizes[:1]))
            return (pair, pair)
        if name in _ANSWERS:
            return _ANSWERS[name]
        if ".applications." in path and (known := self.application(name)) is not None:
            return self.call(known, places, names)
        if name == "Input":
            return self._input(places, names)
        if name in _MODELS or name in _MERGES or name == "Lambda" or self._entry(name):
            made = Instance(External(path))
            made.place = self.frame.file, self.node
            self.make_outside(made, made.cls, places, names)  # type: ignore[arg-type]
            return made
        if name in JOINS or name in ("concatenate", "merge"):
            return self._merged(name, places, names)
        return self._of_tensors(name, places, names)

    def _entry(self, name: str) -> Module | None:
        """Return a layer's entry in the table, by its name or an older one."""
        return MODULES.get(name) or find(keras_older.LAYERS.get(name, name), KERAS)

    def _input(self, places: list[Value], names: dict[str, Value]) -> Value:
        if isinstance(names.get("tensor"), Tensor):
            return names["tensor"]
        shape = places[0] if places else names.get("shape")
        batched = names.get("batch_shape", names.get("batch_input_shape"))
        if shape is None and isinstance(batched, list | tuple):
            shape = list(batched)[1:]
        shape = self.need(shape)
        several = list(shape) if isinstance(shape, list | tuple) else [shape]
        name = names.get("name")
        return self.input_tensor(several, name if isinstance(name, str) else "")

    def make_outside(
        self, value: Instance, base: External, places: list[Value], names: dict[str, Value]
    ) -> None:
        """Make an object what its base outside the source makes of it."""
        if not is_keras(base.path):
            super().make_outside(value, base, places, names)
            return
        name = base.name
        if isinstance(names.get("name"), str):
            value.name = names["name"]
        if name in ("Model", "Functional"):
            inputs = places[0] if places else names.get("inputs", names.get("input"))
            outputs = places[1] if len(places) > 1 else names.get("outputs", names.get("output"))
            if inputs is not None and outputs is not None:
                value.model = (inputs, outputs)
            return
        if name == "Sequential":
            several = places[0] if places else names.get("layers")
            for each in self.items(several) if several is not None else []:
                value.items[str(len(value.items))] = each
            return
        if name in _MERGES:
            axis = names.get("axis", places[0] if places else -1)
            value.attributes["axis"] = axis
            return
        if name == "Lambda":
            value.attributes["function"] = places[0] if places else names.get("function")
            return
        if name == "Layer":
            return
        if entry := self._entry(name):
            activation = names.get("activation")
            if isinstance(activation, Instance | Function):
                value.attributes["_activation"] = activation
                names = {**names, "activation": None}
            older = keras_older.is_older(self.frame.file.source.text)
            value.spec = self.bound(entry, *keras_older.renewed(name, places, names, older=older))

    def literal(self, value: Value) -> Value:
        """Return an argument as the table takes it: a layer with its own arguments."""
        if isinstance(value, Instance) and value.spec and value.spec.entry.framework == KERAS:
            self.called.add(id(value))
            return InnerModule(value.spec.entry, value.spec.values)
        return super().literal(value)

    def unseen(self, name: str) -> bool:
        """Return whether an argument changes nothing that is counted, known or not."""
        ends = ("_initializer", "_regularizer", "_constraint", "_size_hint")
        return super().unseen(name) or name.endswith(ends) or name in ("trainable", "seed")

    # ------------------------------------------------------------ calling layers

    def call_base(self, value: Instance, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a framework's layer or model gives."""
        base = value.outside
        if base is None or not is_keras(base.path):
            return super().call_base(value, places, names)
        names = {key: each for key, each in names.items() if key not in ("training", "mask")}
        several = [*places, *names.values()]
        if not several:
            raise self.fault(_("what this layer is called on is not known"))
        flow = several[0]
        if value.model is not None:
            return self._again(value, flow)
        if base.name == "Sequential":
            before = self.node
            for each in list(value.items.values()):
                self.node = before
                if isinstance(each, Tensor):  # what an Input is
                    continue
                if isinstance(each, Instance) and each.spec and each.spec.entry.name in _INPUTS:
                    continue
                flow = self.call(each, [flow], {})
            return flow
        if base.name in _MERGES:
            made = self._merged(base.name.lower(), [flow], {"axis": value.attributes["axis"]})
            return self._told(value, made)
        if base.name == "Lambda":
            return self._told(value, self.call(value.attributes["function"], [flow], {}))
        return super().call_base(value, places, names)

    def _told(self, value: Instance, made: Value) -> Value:
        """Keep which layer made a tensor."""
        if isinstance(made, Tensor):
            self.made.append((value, made))
        return made

    def applied(self, value: Instance, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a layer of the table makes of what it is called on."""
        assert value.spec is not None  # noqa: S101
        if value.spec.entry.framework != KERAS:
            return super().applied(value, places, names)
        several = [*places, *names.values()]
        tensor = several[0] if several else None
        if isinstance(tensor, list | tuple) and len(tensor) == 1:
            (tensor,) = tensor
        if isinstance(tensor, Learned):
            return self.on_learned(value, tensor)
        self.begin(value)
        if isinstance(tensor, Unknown):
            return tensor
        if not isinstance(tensor, Tensor):
            raise self.fault(_("what this layer is called on is not known"))
        made = self.apply_keras(value.spec, tensor, self.serial(value), self.title(value))
        if (activation := value.attributes.get("_activation")) is not None:
            made = self.call(activation, [made], {})
        return self._told(value, made)

    def apply_any(self, spec: Spec, tensor: Tensor) -> Value:
        """Return what a layer of any framework makes of a tensor."""
        if spec.entry.framework == KERAS:
            return self.apply_keras(spec, tensor)
        return super().apply_any(spec, tensor)

    def apply_keras(self, spec: Spec, tensor: Tensor, weights: str = "", name: str = "") -> Value:
        """Return what a layer makes of a tensor, its channels last."""
        entry, values, _places = spec
        if values.get("data_format") not in (None, "channels_last"):
            raise self.fault(_("channels come last here"))
        rank = len(tensor.view)
        if entry.name == "Flatten":
            return self.flattened(tensor, 1, -1)
        if entry.kind == "reshape":
            return self.reshaped(tensor, [BATCH, *self.whole_sizes([values["target_shape"]])])
        if entry.kind in ("identity", "relu", "dropout") and entry.rule is None:
            return self.with_view(tensor, tensor.view, self.behind(spec, tensor, weights, name, 1))
        axis = values.get("axis", -1)
        axis = axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis
        place = self.place(axis, rank) if entry.kind == "bn" else rank - 1
        wanted = (entry.rank or 0) + 2
        if entry.rank is not None and rank != wanted:
            raise self.other_rank(tensor, wanted)
        settled = self.settled(tensor, place)
        node = self.behind(spec, settled.tensor, weights, name, rank - 2)
        return self._seen(settled, node)

    def behind(self, spec: Spec, tensor: Tensor, weights: str, name: str, rank: int) -> int:
        """Return the node of a layer's last layer behind a tensor."""
        inner = spec.values.get("layer")
        if spec.entry.name == "TimeDistributed" and isinstance(inner, InnerModule):
            try:
                modules.translate(spec.entry, spec.values, rank)
            except ModuleError:
                made = self._at_each_step(inner, tensor.node, name, rank)
                if made is not None:
                    return made
        return super().behind(spec, tensor, weights, name, rank)

    def _at_each_step(self, inner: InnerModule, node: int, name: str, rank: int) -> int | None:
        """Return what TimeDistributed makes of a layer that is none of ours over all steps."""

        def run(alone: Graph) -> int | None:
            before, self.graph = self.graph, alone
            try:
                return self.layers_behind(modules.translate(*inner, max(rank - 1, 0)), 0)
            except ModuleError:
                return None
            finally:
                self.graph = before

        return at_each_step(self.graph, node, inner.module.name, name, run)

    def _seen(self, settled: Any, node: int) -> Tensor:
        """Return what a layer makes of a settled tensor: a vector or a map."""
        volume = self.graph.volume(node)
        tensor = settled.tensor
        if len(volume) == len(settled.order):
            return self.laid_out(settled, node)
        batch = (layouts.BATCH_PART,)
        axes = [whole(axis, size) for axis, size in enumerate(volume[:-1])]
        return Tensor(node, (batch, *axes, whole(CHANNELS, volume[-1])), last=tensor.last)

    # ------------------------------------------------------------ custom layers

    def call_instance(self, value: Instance, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what an object gives that is called; a layer is built at its first call."""
        cls = value.cls
        if isinstance(cls, Class) and value.outside and is_keras(value.outside.path):
            found = cls.find("build")
            first = places[0] if places else None
            if found and not value.calls and isinstance(first, Tensor):
                value.calls += 1
                self.call(found[0], [value, self.shape_of(first)], {})
            call = cls.find("call")
            if call and isinstance(call[0], Function):
                takes = call[0].node.args
                known = {each.arg for each in (*takes.args, *takes.kwonlyargs)}
                if takes.kwarg is None:
                    names = {key: each for key, each in names.items() if key in known}
            made = super().call_instance(value, places, names)
            return self._told(value, made)
        return super().call_instance(value, places, names)


_INPUTS = ("Input", "InputLayer")
