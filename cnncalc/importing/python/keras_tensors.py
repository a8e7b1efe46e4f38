"""TensorFlow's functions of tensors, by PyTorch's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.keras.merges import EXACT, MERGES
from cnncalc.importing.layers import make
from cnncalc.importing.python import keras_older, layouts
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import (
    External,
    Names,
    Places,
    Unknown,
    Value,
    argument,
    first_unknown,
)
from cnncalc.kinds import modules
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.pytorch import PyTorch
    from cnncalc.importing.python.tensors import Tensors

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
    """
    identity cast stop_gradient l2_normalize convert_to_tensor to_float preprocess_input
    """.split()
)
JOINS = {name.lower(): (how, "" if name in EXACT else name) for name, how in MERGES.items()}
"""Functions that merge tensors: the join that stands for each, and what it stands for."""


class KerasTensors:
    """Follows functions of tensors as TensorFlow and Keras' backend call them."""

    def __init__(
        self,
        python: Interpreter,
        tensors: Tensors,
        incoming: Incoming,
        constants: Constants,
        pytorch: PyTorch,
    ) -> None:
        self.machine, self.known, self.operations = python.machine, python.known, python.operations
        self.nodes, self.shapes = tensors.nodes, tensors.shapes
        self.meetings, self.joins = tensors.meetings, tensors.joins
        self.moves, self.products = tensors.moves, tensors.products
        self.incoming, self.constants, self.pytorch = incoming, constants, pytorch

    def of_tensors(self, name: str, places: Places, names: Names) -> Value | None:
        """Return what a function of Keras' backend or TensorFlow's gives."""
        first = argument(places, names, 0, "x", "input", "tensor", "a")
        if name in ("_obtain_input_shape", "obtain_input_shape"):
            return keras_older.input_shape(self.machine.need(first), names)
        if name == "is_keras_tensor":
            return isinstance(first, Tensor)
        if name == "int_shape" and isinstance(first, Tensor | Learned):
            return self.shapes.shape_of(first)
        if name in ("shape", "get_shape") and isinstance(first, Tensor | Learned):
            return list(self.shapes.tensor_sizes(first))
        if name == "get_source_inputs":
            return [
                Tensor(each, layouts.entry_view(self.nodes.graph.volume(each), "last"), last=True)
                for each in self.incoming.inputs[:1]
            ]
        if name in ("variable", "Variable"):
            return self.constants.parameter([first], {}) if isinstance(first, Learned) else None
        if name in ("arange", "range"):
            ends = [names[each] for each in ("start", "stop", "limit") if each in names]
            return self.meetings.numbers_of("arange", [*places, *ends][:2])
        if name in ("zeros", "ones", "zeros_like", "ones_like", "constant", "random_normal"):
            return self.constants.constant(name, places, names)
        if name in ("random_uniform", "normal", "uniform", "truncated_normal"):
            several = [names[each] for each in ("shape",) if each in names]
            return self.constants.constant("zeros", (places or several)[:1], {})
        if isinstance(first, Unknown):
            return first
        if name == "get":
            return External(f"keras.activations.{first}") if isinstance(first, str) else first
        if name == "extract_patches" and isinstance(first, Tensor):
            return self._patches(first, names)
        if name == "TensorShape":
            return tuple(self.known.items(first))
        if isinstance(first, list | tuple) and any(isinstance(each, Tensor) for each in first):
            axis = argument(places, names, 1, "axis", default=-1)
            if name in ("concat", "concatenate"):
                return self.joins.concatenated(list(first), axis)
            if name == "stack":
                return self.moves.stacked(list(first), axis)
        if not isinstance(first, Tensor | Learned):
            return None
        return self._of_tensor(name, first, places[1:], names)

    def _of_tensor(self, name: str, tensor: Value, rest: Places, names: Names) -> Value | None:
        word = _FUNCTIONS.get(name, name)
        names = {key: each for key, each in names.items() if key not in ("name", "x", "dtype")}
        if word == "interpolate" and isinstance(tensor, Tensor):
            return self._resized(name, tensor, rest, names)
        if word == "flatten":
            return self.shapes.flattened(tensor, 1, -1)
        if name in _KEEP:
            return tensor
        if name == "pad":
            return self._bordered(tensor, rest)
        if name == "bias_add":
            return self.operations.operate(ast.Add, tensor, rest[0])
        if name == "slice" or name.startswith("conv"):
            return None
        activation = modules.ACTIVATIONS.get(word)
        if activation and isinstance(tensor, Tensor):
            return self.nodes.alike(tensor, self.nodes.add_layer(make(activation), tensor.node))
        if name == "matmul":
            other = self.machine.need(argument(rest, names, 0, "b"))
            pair = [
                self.pytorch.tensor_function("transpose", each, [-2, -1], {})
                if names.get(word)
                else each
                for each, word in ((tensor, "transpose_a"), (other, "transpose_b"))
            ]
            return self.products.product(*pair)
        if name == "broadcast_to":
            sizes = [*rest, *(names[each] for each in ("shape",) if each in names)]
            return self.pytorch.tensor_function("expand", tensor, sizes, {})
        if name == "tile" and isinstance(tensor, Learned):
            return self.pytorch.tensor_function("repeat", tensor, rest, {})
        return self.pytorch.tensor_function(word, tensor, rest, names)

    def _patches(self, tensor: Tensor, names: Names) -> Value:
        """Return a map in patches side by side, the values of each as channels."""
        size = self._sides(names.get("size", names.get("sizes")))
        steps = self._sides(names.get("strides") or size)
        batch, height, width, channels = self.shapes.tensor_sizes(tensor)
        if len(size) != 2 or steps != size or height % size[0] or width % size[1]:
            raise self.machine.fault(_("these patches are not followed"))
        rows, columns = height // size[0], width // size[1]
        made = self.shapes.reshaped(tensor, [batch, rows, size[0], columns, size[1], channels])
        made = self.shapes.permuted(made, [0, 1, 3, 2, 4, 5])
        return self.shapes.reshaped(made, [batch, rows, columns, size[0] * size[1] * channels])

    def _sides(self, size: Value) -> list[int]:
        """Return the height and width of a window, of a number, of them or of four sizes."""
        found = self.shapes.whole_sizes([size])
        return found * 2 if len(found) == 1 else found[1:3] if len(found) == 4 else found

    def _resized(self, name: str, tensor: Tensor, rest: Places, names: Names) -> Value:
        """Return a map at another size, its channels last."""
        size = argument(rest, names, 0, "size")
        sizes = self.shapes.whole_sizes([size]) if isinstance(size, list | tuple) else []
        if name == "resize_images" and len(rest) > 1 and isinstance(rest[1], int):
            volume = self.nodes.volume(tensor)
            sizes = [volume[0] * rest[0], volume[1] * rest[1]]
        if len(sizes) != 2 or min(sizes) < 1:
            raise self.machine.fault(_("this size is not known"))
        settled = self.nodes.settled(tensor, len(tensor.view) - 1)
        method = names.get("method", names.get("interpolation", "bilinear"))
        nearest = "nearest" in str(method).lower() or name == "resize_nearest_neighbor"
        layer = make("resize", size=tuple(sizes), bilinear=not nearest)
        return self.nodes.layer_behind(settled, layer)

    def _bordered(self, tensor: Value, rest: Places) -> Value:
        """Return a map with a border: numbers before and after, dimension by dimension."""
        pairs = [self.known.items(each) for each in self.known.items(rest[0])] if rest else []
        pads = [int(n) for pair in pairs[::-1] for n in pair if isinstance(n, int)]
        return self.pytorch.tensor_function("pad", tensor, [pads], {})

    def merged(self, name: str, places: Places, names: Names) -> Value:
        """Return several tensors as one."""
        if len(places) > 1 and isinstance(places[0], Tensor) and isinstance(places[1], Tensor):
            places = [places[:2]]  # TensorFlow's own, of two tensors
        several = self.known.items(argument(places, names, 0, "inputs"))
        if name == "merge":
            name, names = keras_older.merge(places[1:], names)
        if (unknown := first_unknown(several)) is not None:
            return unknown
        if name == "concatenate":
            return self.joins.concatenated(several, names.get("axis", -1))
        if not all(isinstance(each, Tensor) for each in several) or not several:
            raise self.machine.fault(_("these values are not known"))
        made = several[0]
        if len(several) == 1:
            return made
        return self.joins.joined(*JOINS[name], several)
