"""Keras' layers and models: what they make of tensors, by the one table of modules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python import keras_older, layouts
from cnncalc.importing.python.pytorch import PyTorch
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
from cnncalc.kinds.modules import KERAS, ModuleError
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Module
    from cnncalc.kinds.volumes import Volume

_MODELS = ("Sequential", "Model", "Functional", "Layer")
_JOINS = {
    "add": ("add", ""),
    "subtract": ("add", "Subtract"),
    "average": ("add", "Average"),
    "multiply": ("mul", ""),
    "maximum": ("max", ""),
    "minimum": ("max", "Minimum"),
}
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

_FUNCTIONS = {
    "concat": "cat",
    "concatenate": "cat",
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "expand_dims": "unsqueeze",
    "transpose": "permute",
    "permute_dimensions": "permute",
    "batch_flatten": "flatten",
    "matmul": "matmul",
    "batch_dot": "matmul",
    "resize": "interpolate",
    "resize_images": "interpolate",
    "resize_bilinear": "interpolate",
    "resize_nearest_neighbor": "interpolate",
}
"""TensorFlow's functions by PyTorch's names."""

_KEEP = frozenset(
    ("identity", "cast", "stop_gradient", "l2_normalize", "convert_to_tensor", "to_float")
)
_PASSED = frozenset(
    (
        *("compile", "fit", "fit_generator", "summary", "save", "save_weights", "load_weights"),
        *("evaluate", "predict", "set_weights", "add_loss", "add_metric", "get_weights"),
    )
)


def is_keras(path: str) -> bool:
    """Return whether a dotted name is Keras' or TensorFlow's."""
    parts = path.split(".")
    whose = ("tf", "tensorflow", "tensorflow_addons", "keras_applications")
    return "keras" in parts or parts[0] in whose


class Keras(PyTorch):
    """Follows Keras."""

    given_volume: Volume | None
    inputs: list[int]
    made: list[tuple[Instance, Tensor]]
    forwards = ("forward", "call")

    # ------------------------------------------------------------ what comes in

    def input_tensor(self, shape: Sequence[Value], name: str = "") -> Tensor:
        """Return one more input of a shape without its batch; the first may be given instead."""
        sizes = [self.need(each) for each in shape]
        given = self.given_volume if not self.inputs else None
        if given is not None and len(given) == len(sizes):
            sizes = list(given)
        if not sizes or not all(isinstance(each, int) and each > 0 for each in sizes):
            raise self.size_open()
        volume = tuple(sizes)
        node = self.graph.enter(volume, name, first=not self.inputs)
        self.inputs.append(node)
        return Tensor(node, layouts.entry_view(volume, "last"), last=True)

    def size_open(self) -> Any:
        """Return the problem of an input whose size is not said."""
        raise NotImplementedError

    def entry_tensor(self) -> Tensor:
        """Return what comes in."""
        raise NotImplementedError

    def entry_tensors(self, value: Instance) -> list[Value]:
        """Return what comes in, one for each parameter that must be given."""
        raise NotImplementedError

    def run_model(self, value: Instance) -> Value:
        """Return what a model gives for what comes in."""
        if value.outside is None or not is_keras(value.outside.path):
            return self.call(value, self.entry_tensors(value), {})
        shape = self._shape_of_first(value)
        if shape is None and self.given_volume is None:
            raise self.size_open()
        tensor = self.input_tensor(shape or self.given_volume or ())
        return self.call(value, [tensor], {})

    def _shape_of_first(self, value: Instance) -> Sequence[Value] | None:
        """Return the shape of an input that a model's first layers say."""
        built = value.attributes.get("_build_input_shape")
        if isinstance(built, list | tuple):
            return list(built)[1:]
        first = next(iter(value.items.values()), None)
        if isinstance(first, Instance):
            return self._shape_of_first(first)
        if isinstance(first, Tensor):
            return None
        if value.spec is None:
            return None
        values = value.spec.values
        shape = modules.input_shape(value.spec.entry, values)
        return None if shape is None else shape[1:]

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
        if name == "Input":
            return self._input(places, names)
        if name in _MODELS or name in _MERGES or name == "Lambda" or self._entry(name):
            made = Instance(External(path))
            made.place = self.frame.file, self.node
            self.make_outside(made, made.cls, places, names)  # type: ignore[arg-type]
            return made
        if name in _JOINS or name in ("concatenate", "merge"):
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
            for each in list(value.items.values()):
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
        self.called.add(id(value))
        self.applying = value.place
        several = [*places, *names.values()]
        tensor = several[0] if several else None
        if isinstance(tensor, list | tuple) and len(tensor) == 1:
            (tensor,) = tensor
        if isinstance(tensor, Unknown | Learned):
            return tensor
        if not isinstance(tensor, Tensor):
            raise self.fault(_("what this layer is called on is not known"))
        made = self.apply_keras(value.spec, tensor, self.serial(value), self.title(value))
        if (activation := value.attributes.get("_activation")) is not None:
            made = self.call(activation, [made], {})
        return self._told(value, made)

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
        if isinstance(values.get("layer"), Instance):
            values = self._with_inner(values, rank - 2 - (entry.name == "TimeDistributed"))
            spec = Spec(entry, values)
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

    def _seen(self, settled: Any, node: int) -> Tensor:
        """Return what a layer makes of a settled tensor: a vector or a map."""
        volume = self.graph.volume(node)
        tensor = settled.tensor
        if len(volume) == len(settled.order):
            return self.laid_out(settled, node)
        batch = (layouts.BATCH_PART,)
        axes = [whole(axis, size) for axis, size in enumerate(volume[:-1])]
        return Tensor(node, (batch, *axes, whole(CHANNELS, volume[-1])), last=tensor.last)

    def _with_inner(self, values: dict[str, Value], rank: int) -> dict[str, Value]:
        """Return the arguments of a wrapper with the layers that the one in it is."""
        inner = values["layer"]
        if inner.spec is None:
            raise self.fault(_("what this layer is called on is not known"))
        self.called.add(id(inner))
        try:
            made = modules.translate(inner.spec.entry, inner.spec.values, max(rank, 0))
        except ModuleError as error:
            raise self.fault(error.message) from None
        return {**values, "layer": made, "backward_layer": None}

    def _merged(self, name: str, places: list[Value], names: dict[str, Value]) -> Value:
        """Return several tensors as one."""
        several = self.items(places[0] if places else names.get("inputs"))
        if name == "merge":
            name, names = keras_older.merge(places[1:], names)
        unknown = next((each for each in several if isinstance(each, Unknown)), None)
        if unknown is not None:
            return unknown
        if name == "concatenate":
            return self.concatenated(several, names.get("axis", -1))
        if not all(isinstance(each, Tensor) for each in several) or not several:
            raise self.fault(_("these values are not known"))
        made = several[0]
        if len(several) == 1:
            return made
        return self.joined(*_JOINS[name], several)

    # ------------------------------------------------------------ models

    def _again(self, value: Instance, flow: Value) -> Value:
        """Return the outputs of a functional model for other inputs."""
        assert value.model is not None  # noqa: S101
        inputs, outputs = value.model
        starts = self.items(inputs) if isinstance(inputs, list | tuple) else [inputs]
        flows = self.items(flow) if isinstance(flow, list | tuple) else [flow]
        if len(starts) != len(flows) or not all(
            isinstance(each, Tensor) for each in (*starts, *flows)
        ):
            raise self.fault(_("what this layer is called on is not known"))
        put = {}
        for start, each in zip(starts, flows, strict=True):
            put[start.node] = self.settled(each, len(each.view) - 1).tensor.node
        ends = self.items(outputs) if isinstance(outputs, list | tuple) else [outputs]
        self.spend(len(self.graph.nodes))
        found = self.graph.repeat(put, [each.node for each in ends])
        made = [
            Tensor(node, end.view, last=end.last) for node, end in zip(found, ends, strict=True)
        ]
        return made if isinstance(outputs, list | tuple) else made[0]

    def _layers_of(self, value: Instance) -> Value:
        """Return the layers of a model in Keras' order, where it is certain."""
        if value.items or value.model is None:
            return list(value.items.values())
        ends = value.model[1]
        ends = ends if isinstance(ends, list | tuple) else [ends]
        needed = self.graph.above([each.node for each in ends if isinstance(each, Tensor)])
        found = [(layer, made) for layer, made in self.made if made.node in needed]
        depths = self.graph.depths([made.node for _layer, made in found])
        if len(set(depths)) < len(depths):
            return self.unknown(_("the order of these layers is not known"))
        first = Instance(External("keras.layers.InputLayer"))
        order = sorted(range(len(found)), key=depths.__getitem__)
        return [first, *(found[each][0] for each in order)]

    def attribute_outside(self, value: Value, name: str) -> Value | None:
        """Return an attribute that a framework gives a value; None where it has none."""
        if isinstance(value, Instance) and value.outside and is_keras(value.outside.path):
            if name in ("layers", "_layers"):
                return self._layers_of(value)
            if name in ("input", "inputs", "output", "outputs"):
                return self._end_of(value, name)
            if name == "name":
                return value.name or "layer"
            if name in ("trainable", "built", "supports_masking"):
                return True
        if isinstance(value, Tensor) and value.last:
            if name in ("_keras_shape", "shape"):
                return self.shape_of(value)
            if name == "name":
                return "tensor"
        return super().attribute_outside(value, name)

    def _end_of(self, value: Instance, name: str) -> Value | None:
        if value.model is not None:
            found = value.model[0 if name.startswith("in") else 1]
            return found if not name.endswith("s") or isinstance(found, list) else [found]
        made = [tensor for layer, tensor in self.made if layer is value]
        if name == "output" and made:
            return made[-1]
        if value.items and name == "output":
            last = list(value.items.values())[-1]
            return self._end_of(last, name) if isinstance(last, Instance) else None
        return None

    def method_of_module(
        self, value: Instance, name: str, places: list[Value], names: dict[str, Value]
    ) -> Value:
        """Return what a method of a layer or a model gives that the source does not define."""
        if value.outside is None or not is_keras(value.outside.path):
            return super().method_of_module(value, name, places, names)
        if name in _PASSED:
            return None
        if name == "build":
            shape = places[0] if places else names.get("input_shape")
            if value.items or isinstance(value.cls, Class):
                value.attributes["_build_input_shape"] = shape
            return None
        if name in ("add_weight", "add_variable"):
            shape = names.get(
                "shape", places[1] if len(places) > 1 else places[0] if places else ()
            )
            if isinstance(shape, str):
                shape = names.get("shape", ())
            sizes = tuple(self.whole_sizes([shape]))
            learns = names.get("trainable", True)
            return self.parameter([Learned(sizes)], {"requires_grad": bool(learns)})
        if name == "get_layer":
            wanted = places[0] if places else names.get("name")
            for layer in self.items(self._layers_of(value)):
                if isinstance(layer, Instance) and layer.name == wanted:
                    return layer
            return self.unknown(_("{name} is not known", name=quoted(str(wanted))))
        if name in ("get_config", "compute_output_shape", "get_output_at"):
            return self.unknown(_("{name} is not known", name=quoted(name)))
        return super().method_of_module(value, name, places, names)

    # ------------------------------------------------------------ functions of tensors

    def _of_tensors(self, name: str, places: list[Value], names: dict[str, Value]) -> Value | None:
        """Return what a function of Keras' backend or TensorFlow's gives."""
        first = places[0] if places else names.get("x", names.get("input", names.get("tensor")))
        if name in ("_obtain_input_shape", "obtain_input_shape"):
            return keras_older.input_shape(self.need(first), names)
        if name == "is_keras_tensor":
            return isinstance(first, Tensor)
        if name == "int_shape" and isinstance(first, Tensor | Learned):
            return self.shape_of(first)
        if name in ("shape", "get_shape") and isinstance(first, Tensor | Learned):
            return list(self.tensor_sizes(first))
        if name == "get_source_inputs":
            return [
                Tensor(each, layouts.entry_view(self.graph.volume(each), "last"), last=True)
                for each in self.inputs[:1]
            ]
        if name in ("variable", "Variable"):
            return self.parameter([first], {}) if isinstance(first, Learned) else None
        if name in ("zeros", "ones", "zeros_like", "ones_like", "constant", "random_normal"):
            return self.constant(name, places, names)
        if name in ("random_uniform", "normal", "uniform", "truncated_normal"):
            return self.constant("zeros", places[:1], names)
        if name == "get":
            return first
        if name == "TensorShape":
            return tuple(self.items(first))
        if isinstance(first, list | tuple) and any(isinstance(each, Tensor) for each in first):
            axis = names.get("axis", places[1] if len(places) > 1 else -1)
            if name in ("concat", "concatenate"):
                return self.concatenated(list(first), axis)
            if name == "stack":
                return self.stacked(list(first), axis)
        if not isinstance(first, Tensor | Learned):
            return None
        return self._of_tensor(name, first, places[1:], names)

    def _of_tensor(
        self, name: str, tensor: Value, rest: list[Value], names: dict[str, Value]
    ) -> Value | None:
        word = _FUNCTIONS.get(name, name)
        names = {key: each for key, each in names.items() if key not in ("name", "x", "dtype")}
        if word == "interpolate" and isinstance(tensor, Tensor):
            return self._resized(name, tensor, rest, names)
        if word == "flatten":
            return self.flattened(tensor, 1, -1)
        if name in _KEEP:
            return tensor
        if name == "pad":
            return self._bordered(tensor, rest)
        if name == "bias_add":
            return self.operate(ast.Add, tensor, rest[0])
        if name == "slice" or name.startswith("conv"):
            return None
        activation = modules.ACTIVATIONS.get(word)
        if activation and isinstance(tensor, Tensor):
            return self.with_view(
                tensor, tensor.view, self.add_layer(make(activation), tensor.node)
            )
        if name == "tile" and isinstance(tensor, Learned):
            return self.tensor_function("repeat", tensor, rest, {})
        return self.tensor_function(word, tensor, rest, names)

    def _resized(
        self, name: str, tensor: Tensor, rest: list[Value], names: dict[str, Value]
    ) -> Value:
        """Return a map at another size, its channels last."""
        size = rest[0] if rest else names.get("size")
        sizes = self.whole_sizes([size]) if isinstance(size, list | tuple) else []
        if name == "resize_images" and len(rest) > 1 and isinstance(rest[1], int):
            volume = self.volume(tensor)
            sizes = [volume[0] * rest[0], volume[1] * rest[1]]
        if len(sizes) != 2 or min(sizes) < 1:
            raise self.fault(_("this size is not known"))
        settled = self.settled(tensor, len(tensor.view) - 1)
        method = names.get("method", names.get("interpolation", "bilinear"))
        nearest = "nearest" in str(method).lower() or name == "resize_nearest_neighbor"
        layer = make("resize", size=tuple(sizes), bilinear=not nearest)
        return self.laid_out(settled, self.add_layer(layer, settled.tensor.node))

    def _bordered(self, tensor: Value, rest: list[Value]) -> Value:
        """Return a map with a border: numbers before and after, dimension by dimension."""
        pairs = [self.items(each) for each in self.items(rest[0])] if rest else []
        pads = [int(n) for pair in pairs[::-1] for n in pair if isinstance(n, int)]
        return self.tensor_function("pad", tensor, [pads], {})

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
