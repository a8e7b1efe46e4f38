"""Modules that hold others: their methods and items, and the arguments and weights of layers."""

from __future__ import annotations

import copy
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.python import trees
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import NOTHING, External, Names, Places, Value, argument
from cnncalc.kinds import modules
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors

_PASSED_ON = frozenset(
    """
    cuda to eval train half float cpu double apply type requires_grad_ share_memory init_weights
    load_state_dict zero_grad compile
    """.split()
)


class Containers:
    """Follows containers of modules, and attributes of modules and tensors."""

    def __init__(self, python: Interpreter, tensors: Tensors, *, train: bool) -> None:
        self.machine, self.above, self.known = python.machine, python.above, python.known
        self.attributes, self.calls, self.records = python.attributes, python.calls, python.records
        self.weights, self.shapes = tensors.weights, tensors.shapes
        self.train = train

    def method_of_module(self, value: Instance, name: str, places: Places, names: Names) -> Value:
        """Return what a method of a module gives that the source does not define."""
        if name in ("forward", "__call__", "call"):
            return self.above.call_base(value, places, names)
        if name in ("add_module", "register_module"):
            places = [*places, *(names[each] for each in ("name", "module") if each in names)]
            if self.known.is_container(value):
                value.items[str(places[0])] = places[1]
            else:
                self.attributes.set_attribute(value, places[0], places[1])
            return None
        if name in ("append", "add"):
            value.items[str(len(value.items))] = places[0]
            return value
        if name == "extend":
            for each in self.known.items(places[0]):
                value.items[str(len(value.items))] = each
            return value
        if name == "insert":
            several = list(value.items.values())
            several.insert(self.machine.need(places[0]), places[1])
            value.items = {str(place): each for place, each in enumerate(several)}
            return None
        if name == "pop":
            keys = list(value.items)
            key = places[0] if isinstance(places[0], str) else keys[places[0]]
            return self.machine.guarded(value.items.pop, key)
        if name in ("register_buffer", "register_parameter"):
            to = argument(places, names, 1, "tensor", "param")
            self.attributes.set_attribute(value, places[0], to)
            return None
        if name == "__setattr__" and len(places) == 2:
            self.attributes.set_attribute(value, *places)
            return None
        if name == "__getattr__" and places:
            return self.attributes.attribute(value, str(places[0]))
        if name == "children":
            return list(trees.children(value).values())
        if name == "named_children":
            return list(trees.children(value).items())
        if name == "modules":
            return trees.modules(value)
        if name in ("items", "keys", "values"):
            pairs: list[Value] = list(value.items.items())
            return pairs if name == "items" else [each[name == "values"] for each in pairs]
        if name in _PASSED_ON:
            return value
        if name == "save_hyperparameters":
            self.records.keep_arguments(
                value, self.machine.frame.scope, places, names.get("ignore")
            )
            return None
        if name == "named_modules":
            return [(key, each) for key, each in trees.held(value) if isinstance(each, Instance)]
        if name == "get_submodule":
            found: Value = value
            for part in str(places[0]).split("."):
                found = self.attributes.attribute(found, part)
            return found
        return self.machine.unknown(_("{name} is not known", name=quoted(name)))

    def instance_items(self, value: Instance) -> list[Value]:
        """Return the items of a container of modules, or what the class says."""
        if isinstance(value.cls, Class):
            if value.cls.fields is not None:
                return [value.attributes[each] for each in value.cls.fields]
            if found := value.cls.find("__iter__"):
                return self.known.items(self.calls.call(found[0], [value], {}))
        if value.outside is not None and value.outside.name == "ModuleDict":
            return list(value.items)
        return list(value.items.values())

    def instance_item(self, value: Instance, index: Value) -> Value:
        """Return an item of a container of modules, or what the class says."""
        if isinstance(value.cls, Class) and (found := value.cls.find("__getitem__")):
            return self.calls.call(found[0], [value, index], {})
        if isinstance(value.cls, Class) and value.cls.fields is not None:
            return self.machine.guarded(lambda: self.instance_items(value)[index])
        if isinstance(index, str):
            return self.machine.guarded(lambda: value.items[index])
        keys = list(value.items)
        if isinstance(index, slice):
            made = Instance(
                value.cls if isinstance(value.cls, External) else External("torch.nn.Sequential")
            )
            made.items = {
                key: value.items[key] for key in self.machine.guarded(lambda: keys[index])
            }
            return made
        return self.machine.guarded(lambda: value.items[keys[index]])

    def attribute_outside(self, value: Value, name: str) -> Value | None:
        """Return an attribute that a framework gives a value; None where it has none."""
        if isinstance(value, Tensor | Learned):
            if name in ("shape", "_shape", "_keras_shape"):
                return self.shapes.shape_of(value)
            if name in ("data", "real", "grad"):
                return value
            if name == "T":
                return self.shapes.permuted(value, list(range(self.shapes.rank(value)))[::-1])
            if name == "mT":
                rank = self.shapes.rank(value)
                return self.shapes.permuted(value, [*range(rank - 2), rank - 1, rank - 2])
            if name == "ndim":
                return self.shapes.rank(value)
            if name in ("is_cuda", "requires_grad", "is_quantized", "is_sparse"):
                return False
            if name in ("device", "dtype"):
                return External(f"torch.{name}")
            return None
        if not isinstance(value, Instance) or value.outside is None:
            return None
        if name == "training":
            return self.train
        if name == "_modules":
            return value.items if self.known.is_container(value) else trees.children(value)
        if value.spec is not None:
            return self._attribute_of_layer(value, name)
        return None

    def _attribute_of_layer(self, value: Instance, name: str) -> Value | None:
        """Return an argument of a layer, or its weights."""
        assert value.spec is not None  # noqa: S101
        entry, values, _places = value.spec
        if name in ("weight", "bias"):
            return self._weights(value, name)
        if name not in values:
            return None
        found = values[name]
        if name in ("kernel_size", "stride", "padding", "dilation", "output_padding"):
            if found is None and name == "stride":
                found = values["kernel_size"]
            if entry.kind in ("conv", "deconv") and isinstance(found, int):
                return (found,) * (entry.rank or 1)
        return found

    def _weights(self, value: Instance, name: str) -> Value | None:
        """Return the weights of a layer as a learned tensor, or its bias; None for no bias."""
        assert value.spec is not None  # noqa: S101
        entry, values, _places = value.spec
        key = -2 * int(self.weights.serial(value)) - (1 if name == "weight" else 2)
        if name == "bias" and values.get("bias") is False:
            return NOTHING
        sizes: tuple[int, ...] = (1,)
        if entry.kind in ("conv", "deconv"):
            groups = values["groups"]
            one, other = values["out_channels"], values.get("in_channels", groups)
            if not all(isinstance(each, int) for each in (one, other, groups)) or not groups:
                return self.machine.unknown(_("its size is not known"))
            if entry.kind == "deconv":
                one, other = other, one
            kernel = values["kernel_size"]
            kernel = kernel if isinstance(kernel, tuple) else (kernel,) * (entry.rank or 1)
            sizes = (
                (one, other // groups, *kernel) if name == "weight" else (values["out_channels"],)
            )
        elif entry.kind == "linear":
            one, other = values["out_features"], values.get("in_features", 1)
            sizes = (one, other) if name == "weight" else (one,)
        elif said := modules.incoming(entry, values):
            sizes = (said[1],)
        try:
            whole_of = prod(sizes)
        except TypeError:
            return self.machine.unknown(_("its size is not known"))
        return Learned(sizes, {key: whole_of})

    def normed_weights(self, name: str, places: Places, names: Names) -> Value:
        """Return a layer whose weights are directions and lengths: a length for each filter more.

        Lengths stand in `weight_g`, as in PyTorch, where weights are apart along their first axis.
        """
        layer = places[0]
        if not isinstance(layer, Instance) or layer.spec is None:
            return self.machine.unknown(_("these values are not known"))
        if name.startswith("remove"):
            layer.attributes.pop("weight_g", None)
            return layer
        weight = self._weights(layer, "weight")
        dim, kind = argument(places, names, 2, "dim", default=0), layer.spec.entry.kind
        if dim != 0 or kind not in ("conv", "deconv", "linear") or not isinstance(weight, Learned):
            return self.machine.unknown(_("{name} is not followed", name=quoted(name)))
        key, count = self.weights.fresh(), weight.sizes[0]
        layer.attributes["weight_g"] = Learned((count,), {key: count})
        return layer

    def copied(self, value: Value) -> Value:
        """Return a copy of a value: of an object, with weights of its own."""
        self.machine.spend(1)
        if isinstance(value, list | tuple):
            return type(value)(self.copied(each) for each in value)
        if isinstance(value, dict):
            return {key: self.copied(each) for key, each in value.items()}
        if isinstance(value, Instance):
            self.machine.spend(10)
            made = copy.copy(value)
            made.attributes = {key: self.copied(each) for key, each in value.attributes.items()}
            made.items = {key: self.copied(each) for key, each in value.items.items()}
            return made
        if isinstance(value, Learned) and value.keys:
            return Learned(value.sizes, {self.weights.fresh(): value.whole})
        return value
