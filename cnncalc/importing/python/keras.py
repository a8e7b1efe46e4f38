"""Keras' layers and models: what they make of tensors, by the one table of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.keras.merges import MERGES
from cnncalc.importing.keras.steps import at_each_step
from cnncalc.importing.python import keras_older
from cnncalc.importing.python.keras_tensors import JOINS
from cnncalc.importing.python.objects import Instance, Spec
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.tensor_values import BATCH, Learned, Tensor
from cnncalc.importing.python.values import External, Names, Places, Unknown, Value, argument
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.keras import MODULES
from cnncalc.kinds.modules import KERAS, InnerModule, ModuleError
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.graph import Graph
    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.keras_tensors import KerasTensors
    from cnncalc.importing.python.making import Making
    from cnncalc.importing.python.modules import Modules
    from cnncalc.importing.python.tensors import Tensors
    from cnncalc.kinds.modules import Module

_MODELS = ("Sequential", "Model", "Functional", "Layer")
MERGING = frozenset((*MERGES, "Concatenate"))
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


class Keras:
    """Makes Keras' layers and models, and follows what its layers are called on."""

    def __init__(
        self,
        python: Interpreter,
        tensors: Tensors,
        incoming: Incoming,
        making: Making,
        constants: Constants,
        modules: Modules,
        keras_tensors: KerasTensors,
    ) -> None:
        self.machine, self.known = python.machine, python.known
        self.imports, self.calls = python.imports, python.calls
        self.nodes, self.weights, self.shapes = tensors.nodes, tensors.weights, tensors.shapes
        self.incoming, self.making, self.constants = incoming, making, constants
        self.modules, self.keras_tensors = modules, keras_tensors

    # ------------------------------------------------------------ making layers

    def call_framework(self, path: str, places: Places, names: Names) -> Value | None:
        """Return what a function or class of Keras or TensorFlow gives; None for none of theirs."""
        name = path.rpartition(".")[2]
        if name == "load_data" and path.split(".")[-2] in _DATA:
            sizes = _DATA[path.split(".")[-2]]
            pair = (Learned(sizes), Learned(sizes[:1]))
            return (pair, pair)
        if name in _ANSWERS:
            return _ANSWERS[name]
        if ".applications." in path and (known := self.imports.application(name)) is not None:
            return self.calls.call(known, places, names)
        if name == "Input":
            return self._input(places, names)
        if name in _MODELS or name in MERGING or name == "Lambda" or self._entry(name):
            made = Instance(External(path))
            made.place = self.machine.here
            self.make_outside(made, made.cls, places, names)  # type: ignore[arg-type]
            return made
        if name in JOINS or name in ("concatenate", "merge"):
            return self.keras_tensors.merged(name, places, names)
        return self.keras_tensors.of_tensors(name, places, names)

    def _entry(self, name: str) -> Module | None:
        """Return a layer's entry in the table, by its name or an older one."""
        return MODULES.get(name) or find(keras_older.LAYERS.get(name, name), KERAS)

    def _input(self, places: Places, names: Names) -> Value:
        if isinstance(names.get("tensor"), Tensor):
            return names["tensor"]
        shape = argument(places, names, 0, "shape")
        batched = names.get("batch_shape", names.get("batch_input_shape"))
        if shape is None and isinstance(batched, list | tuple):
            shape = list(batched)[1:]
        shape = self.machine.need(shape)
        several = list(shape) if isinstance(shape, list | tuple) else [shape]
        name = names.get("name")
        return self.incoming.input_tensor(several, name if isinstance(name, str) else "")

    def make_outside(self, value: Instance, base: External, places: Places, names: Names) -> None:
        """Make an object what its base outside the source makes of it."""
        name = base.name
        if isinstance(names.get("name"), str):
            value.name = names["name"]
        if name in ("Model", "Functional"):
            inputs = argument(places, names, 0, "inputs", "input")
            outputs = argument(places, names, 1, "outputs", "output")
            if inputs is not None and outputs is not None:
                value.model = (inputs, outputs)
            return
        if name == "Sequential":
            several = argument(places, names, 0, "layers")
            for each in self.known.items(several) if several is not None else []:
                value.items[str(len(value.items))] = each
            return
        if name in MERGING:
            value.attributes["axis"] = argument(places, names, 0, "axis", default=-1)
            return
        if name == "Lambda":
            value.attributes["function"] = argument(places, names, 0, "function")
            return
        if name == "Layer":
            return
        if entry := self._entry(name):
            activation = names.get("activation")
            if isinstance(activation, Instance | Function):
                value.attributes["_activation"] = activation
                names = {**names, "activation": None}
            older = keras_older.is_older(self.machine.frame.file.source.text)
            value.spec = self.making.bound(
                entry, *keras_older.renewed(name, places, names, older=older)
            )

    # ------------------------------------------------------------ calling layers

    def applied(self, value: Instance, spec: Spec, several: list[Value]) -> Value:
        """Return what a layer of the table makes of what it is called on."""
        tensor = several[0] if several else None
        if isinstance(tensor, list | tuple) and len(tensor) == 1:
            (tensor,) = tensor
        if isinstance(tensor, Learned):
            return self.constants.on_learned(value, tensor)
        self.modules.begin(value)
        if isinstance(tensor, Unknown):
            return tensor
        if not isinstance(tensor, Tensor):
            raise self.machine.fault(_("what this layer is called on is not known"))
        made = self.apply_keras(spec, tensor, self.weights.serial(value), self.modules.title(value))
        if (activation := value.attributes.get("_activation")) is not None:
            made = self.calls.call(activation, [made], {})
        return made

    def apply_keras(self, spec: Spec, tensor: Tensor, weights: str = "", name: str = "") -> Value:
        """Return what a layer makes of a tensor, its channels last."""
        entry, values, _places = spec
        if values.get("data_format") not in (None, "channels_last"):
            raise self.machine.fault(_("channels come last here"))
        rank = len(tensor.view)
        if entry.name == "Flatten":
            return self.shapes.flattened(tensor, 1, -1)
        if entry.kind == "reshape":
            return self.shapes.reshaped(
                tensor, [BATCH, *self.shapes.whole_sizes([values["target_shape"]])]
            )
        if entry.kind in ("identity", "relu", "dropout") and entry.rule is None:
            return self.nodes.alike(tensor, self.behind(spec, tensor, weights, name, 1))
        axis = values.get("axis", -1)
        axis = axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis
        place = self.shapes.place(axis, rank) if entry.kind == "bn" else rank - 1
        wanted = (entry.rank or 0) + 2
        if entry.rank is not None and rank != wanted:
            raise self.modules.other_rank(tensor, wanted)
        settled = self.nodes.settled(tensor, place)
        node = self.behind(spec, settled.tensor, weights, name, rank - 2)
        return self.nodes.laid_out(settled, node)

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
        return self.modules.behind(spec, tensor, weights, name, rank)

    def _at_each_step(self, inner: InnerModule, node: int, name: str, rank: int) -> int | None:
        """Return what TimeDistributed makes of a layer that is none of ours over all steps."""

        def run(alone: Graph) -> int | None:
            try:
                made = modules.translate(*inner, max(rank - 1, 0))
                with self.nodes.beside(alone):
                    return self.nodes.layers_behind(made, 0)
            except ModuleError:
                return None

        return at_each_step(self.nodes.graph, node, inner.module.name, name, run)


_INPUTS = ("Input", "InputLayer")


def is_input(value: Value) -> bool:
    """Return whether an item of a model is what comes in, and no layer."""
    if isinstance(value, Instance):
        return value.spec is not None and value.spec.entry.name in _INPUTS
    return isinstance(value, Tensor)
