"""Keras' models as objects: their layers and ends, and a model that is called again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras_older import is_of_keras
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import External, Names, Places, Value, argument
from cnncalc.kinds import modules
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.containers import Containers
    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors


_PASSED = frozenset(
    """
    compile fit fit_generator summary save save_weights load_weights evaluate predict set_weights
    add_loss add_metric get_weights
    """.split()
)


class KerasModels:
    """Follows models of Keras as objects."""

    def __init__(
        self,
        python: Interpreter,
        tensors: Tensors,
        incoming: Incoming,
        constants: Constants,
        containers: Containers,
    ) -> None:
        self.machine, self.known = python.machine, python.known
        self.calls, self.expressions = python.calls, python.expressions
        self.nodes, self.shapes = tensors.nodes, tensors.shapes
        self.incoming, self.constants, self.containers = incoming, constants, containers
        self.made: list[tuple[Instance, Tensor]] = []  # what layers made, in order

    def run_model(self, value: Instance) -> Value:
        """Return what a model gives for what comes in."""
        if not is_of_keras(value):
            return self.calls.call(value, self.incoming.entry_tensors(value), {})
        first = next(iter(value.items.values()), None)
        if isinstance(first, Instance) and first.model is not None:
            first = first.model[0]
        if isinstance(first, Tensor):
            return self.calls.call(value, [first], {})
        shape = self._shape_of_first(value)
        if shape is None and self.incoming.given_volume is None:
            raise self.incoming.size_open()
        tensor = self.incoming.input_tensor(shape or self.incoming.given_volume or ())
        return self.calls.call(value, [tensor], {})

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

    def again(self, value: Instance, flow: Value) -> Value:
        """Return the outputs of a functional model for other inputs."""
        assert value.model is not None  # noqa: S101
        inputs, outputs = value.model
        starts = self.known.items(inputs) if isinstance(inputs, list | tuple) else [inputs]
        flows = self.known.items(flow) if isinstance(flow, list | tuple) else [flow]
        if len(starts) != len(flows) or not all(
            isinstance(each, Tensor) for each in (*starts, *flows)
        ):
            raise self.machine.fault(_("what this layer is called on is not known"))
        put = {}
        for start, each in zip(starts, flows, strict=True):
            put[start.node] = self.nodes.settled(each, len(each.view) - 1).tensor.node
        if all(start == node for start, node in put.items()):
            return outputs
        ends = self.known.items(outputs) if isinstance(outputs, list | tuple) else [outputs]
        ends = [self.machine.need(each) for each in ends]
        self.machine.spend(len(self.nodes.graph.nodes))
        found = self.nodes.graph.repeat(put, [each.node for each in ends])
        made = [
            Tensor(node, end.view, last=end.last) for node, end in zip(found, ends, strict=True)
        ]
        return made if isinstance(outputs, list | tuple) else made[0]

    def _layers_of(self, value: Instance) -> Value:
        """Return the layers of a model in Keras' order, where it is certain."""
        if value.items or value.model is None:
            return list(value.items.values())
        found = self._made_in(value.model[1])
        depths = self.nodes.graph.depths([made.node for _layer, made in found])
        if len(set(depths)) < len(depths):
            return self.machine.unknown(_("the order of these layers is not known"))
        first = Instance(External("keras.layers.InputLayer"))
        order = sorted(range(len(found)), key=depths.__getitem__)
        return [first, *(found[each][0] for each in order)]

    def _made_in(self, outputs: Value) -> list[tuple[Instance, Tensor]]:
        """Return the layers on the way to some outputs, and what they make."""
        ends = outputs if isinstance(outputs, list | tuple) else [outputs]
        needed = self.nodes.graph.above([each.node for each in ends if isinstance(each, Tensor)])
        return [(layer, made) for layer, made in self.made if made.node in needed]

    def attribute_outside(self, value: Value, name: str) -> Value | None:
        """Return an attribute that a framework gives a value; None where it has none."""
        if isinstance(value, Instance) and is_of_keras(value):
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
                return self.shapes.shape_of(value)
            if name == "name":
                return "tensor"
        return self.containers.attribute_outside(value, name)

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

    def method_of_module(self, value: Instance, name: str, places: Places, names: Names) -> Value:
        """Return what a method of a layer or a model gives that the source does not define."""
        if name in _PASSED:
            return None
        if name == "build":
            shape = argument(places, names, 0, "input_shape")
            if value.items or isinstance(value.cls, Class):
                value.attributes["_build_input_shape"] = shape
            return None
        if name in ("add_weight", "add_variable"):
            shape = names.get(
                "shape", places[1] if len(places) > 1 else places[0] if places else ()
            )
            if isinstance(shape, str):
                shape = names.get("shape", ())
            sizes = tuple(self.shapes.whole_sizes([shape]))
            learns = names.get("trainable", True)
            return self.constants.parameter([Learned(sizes)], {"requires_grad": bool(learns)})
        if name == "get_layer":
            wanted = argument(places, names, 0, "name")
            if "index" in names:
                return self.expressions.item(self._layers_of(value), names["index"])
            layers = list(value.items.values())
            if value.model is not None:
                layers += [layer for layer, _made in self._made_in(value.model[1])]
            for layer in layers:
                if isinstance(layer, Instance) and layer.name == wanted:
                    return layer
            return self.machine.unknown(_("{name} is not known", name=quoted(str(wanted))))
        if name in ("get_config", "compute_output_shape", "get_output_at"):
            return self.machine.unknown(_("{name} is not known", name=quoted(name)))
        return self.containers.method_of_module(value, name, places, names)

    def keep(self, value: Instance, made: Value) -> Value:
        """Keep which layer made a tensor."""
        if isinstance(made, Tensor):
            self.made.append((value, made))
        return made
