"""PyTorch's functions, and methods of its tensors."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.layers import BY_VALUE
from cnncalc.importing.python import arrays
from cnncalc.importing.python.functions import TENSOR
from cnncalc.importing.python.objects import Instance, Partial, Spec
from cnncalc.importing.python.tensor_calls import TensorCall
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import (
    NOTHING,
    External,
    Names,
    Namespace,
    Places,
    Unknown,
    Value,
    argument,
)
from cnncalc.kinds.pytorch import MODULES
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.containers import Containers
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.making import Making
    from cnncalc.importing.python.modules import Modules
    from cnncalc.importing.python.tensors import Tensors
    from cnncalc.kinds.modules import Module

_MODULE_LIKE = (
    *("Module", "LightningModule", "Sequential", "ModuleList", "ModuleDict", "ParameterList"),
    "ParameterDict",
)
FUNCTIONS = {name.lower().replace("_", ""): module for name, module in MODULES.items()}
"""PyTorch's modules by the names of its functions, without their underscores."""

_LEARN_NOTHING = BY_VALUE.union(
    """
    maxpool avgpool gap adaptiveavgpool adaptivemaxpool pixelshuffle pixelunshuffle lrn shuffle
    """.split()
)

_SAME = frozenset(
    """
    contiguous cuda cpu to float half double detach clone type requires_grad_ data byte long int
    bfloat16 type_as eval train zero_ copy_ fill_ retain_grad pin_memory numpy masked_fill
    masked_fill_ astype index_fill share_memory normal_ uniform_ item_
    """.split()
)
"""Methods of tensors that give a tensor of the same shape, and cost nothing."""

_ELEMENTWISE = frozenset(
    """
    exp log sqrt rsqrt abs neg sign sin cos pow square clamp clamp_ clip floor ceil round
    reciprocal erf log1p cumsum nan_to_num flip roll sort normalize cumprod softplus softsign
    logsigmoid gumbel_softmax tril triu lerp sub_ exp_ log2 log10 expm1 remainder fmod
    """.split()
)
"""Functions of PyTorch that keep the shape of a tensor, and learn nothing."""

_MAKES = frozenset(
    """
    zeros ones rand randn empty full tensor Tensor FloatTensor LongTensor from_numpy as_tensor eye
    arange randint normal zeros_like ones_like rand_like randn_like empty_like full_like Variable
    new_zeros new_ones new_empty new_tensor new meshgrid randperm logspace full_like diag
    """.split()
)
_ANYTHING = ("softmax", "dropout", "max_unpool2d", "masked_fill", "masked_fill_")
"""Functions whose other arguments change nothing that is counted."""

_BINARY: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "sub": ast.Sub,
    "subtract": ast.Sub,
    "mul": ast.Mult,
    "multiply": ast.Mult,
    "div": ast.Div,
    "true_divide": ast.Div,
}


class PyTorch:
    """Follows PyTorch's functions, and methods of its tensors, by their names."""

    def __init__(
        self,
        python: Interpreter,
        tensors: Tensors,
        making: Making,
        constants: Constants,
        modules: Modules,
        containers: Containers,
    ) -> None:
        self.machine, self.known, self.operations = python.machine, python.known, python.operations
        self.imports, self.calls, self.outside = python.imports, python.calls, python.outside
        self.weights, self.meetings = tensors.weights, tensors.meetings
        self.nodes, self.shapes = tensors.nodes, tensors.shapes
        self.joins, self.moves, self.products = tensors.joins, tensors.moves, tensors.products
        self.making, self.constants = making, constants
        self.modules, self.containers = modules, containers

    def call_framework(self, path: str, places: Places, names: Names) -> Value | None:
        """Return what a function or class of PyTorch's gives; None for none of theirs."""
        parts = path.split(".")
        name = parts[-1]
        if parts[0] == "einops":
            return self._rearranged(name, places, names)
        if not {"torch", "nn", "F", "torchvision", "timm", "pl"} & set(parts) and (
            "lightning" not in path
        ):
            return None
        if "init" in parts[:-1]:
            return places[0] if places else NOTHING
        if "functional" in parts[:-1] or "F" in parts[:-1]:
            return self.functional(name, places, names)
        if name in _MODULE_LIKE or name in MODULES:
            made = Instance(External(path))
            made.place = self.machine.here
            self.making.make_outside(made, made.cls, places, names)  # type: ignore[arg-type]
            return made
        if (block := self.imports.block(path)) is not None:
            return self.calls.call(block, places, names)
        return self._torch(name, path, places, names)

    def _torch(self, name: str, path: str, places: Places, names: Names) -> Value | None:
        """Return what one of PyTorch's functions gives."""
        if name == "einsum" and places:
            several = places[1] if isinstance(places[1], list | tuple) else places[1:]
            return self.products.einsum(places[0], several)
        if name == "Parameter":
            return self.constants.parameter(places, names)
        if name in ("is_available", "is_tracing", "is_scripting", "is_grad_enabled"):
            return False
        if name in ("finfo", "iinfo"):
            most = 3.4e38 if name == "finfo" else 2**31 - 1
            return Namespace({"max": most, "min": -most, "eps": 1.2e-7, "tiny": 1.2e-38})
        if name == "is_tensor" and places and not isinstance(places[0], Unknown):
            return isinstance(places[0], Tensor | Learned)
        if name in ("device_count", "manual_seed", "set_default_dtype", "set_num_threads"):
            return 0
        if name in ("DataParallel", "DistributedDataParallel", "spectral_norm", "compile"):
            return places[0] if places else None
        if name in ("weight_norm", "remove_weight_norm"):
            return self.containers.normed_weights(name, places, names)
        if name in ("checkpoint", "checkpoint_sequential"):
            function, *rest = places
            return self.calls.call(function, rest, {})
        if name in ("device", "no_grad", "Size", "set_grad_enabled", "inference_mode", "autocast"):
            return tuple(places[0]) if name == "Size" and places else Namespace({"type": "cpu"})
        if name in ("pack_padded_sequence", "pad_packed_sequence"):
            return places[0] if name.startswith("pack") else (places[0], None)
        if name == "linspace":
            steps = [names[each] for each in ("start", "end", "steps") if each in names]
            return self.meetings.numbers_of("linspace", [*places, *steps])
        if name in _MAKES:
            return self.constants.constant(name, places, names)
        if name in ("trunc_normal_", "constant_", "kaiming_normal_", "xavier_uniform_"):
            return places[0]
        return self.functional(name, places, names, path)

    def functional(self, name: str, places: Places, names: Names, path: str = "") -> Value | None:
        """Return what a function of tensors gives; None for none that is known."""
        names = dict(names)
        if not places:
            for word in ("input", "tensors", "x", "tensor"):
                if word in names:
                    places = [names.pop(word)]
                    break
        if not places:
            return None
        first, *rest = places
        if isinstance(first, Unknown):
            return first
        if name == "unfold":  # a tensor's own method is another
            name = "im2col"
        if name in ("cat", "concat", "concatenate"):
            axis = argument(rest, names, 0, "dim", "axis", default=0)
            return self.joins.concatenated(self.known.items(first), axis)
        if name == "stack":
            axis = argument(rest, names, 0, "dim", default=0)
            return self.moves.stacked(self.known.items(first), axis)
        if not isinstance(first, Tensor | Learned):
            if name in ("add", "mul") and len(rest) == 1 and isinstance(rest[0], Tensor | Learned):
                return self.operations.operate(_BINARY[name], first, rest[0])
            known = name in ("prod", "sqrt")
            return self.outside.of_numbers(name, name, places) if known else None
        found = self.tensor_function(name, first, rest, names)
        if found is not None:
            return found
        return self.machine.unknown(_("{name} is not followed", name=quoted(path or name)))

    def tensor_function(self, name: str, tensor: Value, rest: Places, names: Names) -> Value | None:
        """Return what a function or a method of a tensor gives; None for none that is known.

        One whose name ends in '_' changes the tensor itself.
        """
        if name.endswith("_") and isinstance(tensor, Tensor):
            made = self.tensor_function(name[:-1], tensor, rest, names)
            if isinstance(made, Tensor):
                tensor.become(made)
                return tensor
            if made is not None:
                return made
        for each in (*rest, *names.values()):
            if isinstance(each, Unknown) and name not in _ANYTHING:
                return each
        if isinstance(tensor, Learned) and tensor.values is not None and not names:
            known = self.machine.guarded(arrays.worked_out, name, [tensor, *rest])
            if known is not None:
                return known
        of = TENSOR.get(name)
        if of is not None:
            return of(self, TensorCall(tensor, rest, names))
        if name in _SAME:
            return tensor
        word = name.rstrip("_")
        if word in _BINARY and rest:
            return self.operations.operate(_BINARY[word], tensor, rest[0])
        if isinstance(tensor, Learned) and name in _ELEMENTWISE:
            return tensor
        if name in ("maximum", "minimum") and rest and isinstance(rest[0], Tensor):
            return self.joins.joined("max", "" if name == "maximum" else name, [tensor, rest[0]])
        if name in _ELEMENTWISE:
            return self.nodes.alike(tensor, self.nodes.graph.skip_as_identity(tensor.node, name))
        entry = FUNCTIONS.get(word.replace("_", ""))
        if entry is None or entry.kind not in _LEARN_NOTHING:
            return None
        spec = self._function_spec(entry, rest, names)
        if isinstance(tensor, Learned):
            return self.constants.sized(tensor, lambda stand_in: self.modules.apply(spec, stand_in))
        return self.modules.apply(spec, tensor)

    def _function_spec(self, entry: Module, rest: Places, names: Names) -> Spec:
        """Return the module that a function is: they have other arguments behind the first."""
        if entry.kind == "dropout":
            return self.making.bound(entry, rest[:1], {"p": names["p"]} if "p" in names else {})
        if entry.kind == "maxpool" and len(rest) > 4:
            rest = [*rest[:4], False, rest[4]]
        if entry.takes is None:
            rest = []
        elif len(rest) > len(entry.takes):
            rest = rest[: len(entry.takes)]
        return self.making.bound(entry, rest, names)

    def _rearranged(self, name: str, places: Places, names: Names) -> Value | None:
        """Follow einops: `rearrange`, `repeat` and `reduce` of a pattern."""
        from cnncalc.importing.python import patterns

        if name in ("Rearrange", "Reduce"):
            return Partial(External(f"einops.{name.lower()}"), (), {**names, "": places})
        return patterns.follow(self, name, places, names)
