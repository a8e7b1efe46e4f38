"""PyTorch's functions, methods and attributes: what they are of modules and tensors."""

from __future__ import annotations

import ast
import copy
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.python import layouts, trees
from cnncalc.importing.python.functions import TENSOR
from cnncalc.importing.python.modules import Modules
from cnncalc.importing.python.values import (
    BATCH,
    NOTHING,
    Class,
    External,
    Instance,
    Learned,
    Namespace,
    Partial,
    Parts,
    Spec,
    Tensor,
    Unknown,
    Value,
)
from cnncalc.kinds import modules
from cnncalc.kinds.modules import Wanted
from cnncalc.kinds.pytorch import MODULES
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Module

_MODULE_LIKE = ("Module", "LightningModule", "Sequential", "ModuleList", "ModuleDict")
FUNCTIONS = {name.lower().replace("_", ""): module for name, module in MODULES.items()}
"""PyTorch's modules by the names of its functions, without their underscores."""

_LEARN_NOTHING = frozenset(
    (
        *("relu", "maxpool", "avgpool", "gap", "adaptiveavgpool", "adaptivemaxpool", "dropout"),
        *("identity", "softmax", "sigmoid", "tanh", "elu", "gelu", "silu", "mish", "relu6"),
        *("leakyrelu", "hardswish", "hardsigmoid", "pixelshuffle", "pixelunshuffle", "lrn"),
        "shuffle",
    )
)

_SAME = frozenset(
    (
        *("contiguous", "cuda", "cpu", "to", "float", "half", "double", "detach", "clone", "type"),
        *("requires_grad_", "data", "byte", "long", "int", "bfloat16", "type_as", "eval", "train"),
        *("zero_", "copy_", "fill_", "retain_grad", "pin_memory", "numpy", "masked_fill"),
        *("masked_fill_", "astype", "index_fill", "share_memory", "normal_", "uniform_", "item_"),
    )
)
"""Methods of tensors that give a tensor of the same shape, and cost nothing."""

_ELEMENTWISE = frozenset(
    (
        *("exp", "log", "sqrt", "rsqrt", "abs", "neg", "sign", "sin", "cos", "pow", "square"),
        *("clamp", "clamp_", "clip", "floor", "ceil", "round", "reciprocal", "erf", "log1p"),
        *("cumsum", "nan_to_num", "flip", "roll", "sort", "normalize", "cumprod", "softplus"),
        *("softsign", "logsigmoid", "gumbel_softmax", "tril", "triu", "lerp", "sub_", "exp_"),
    )
)
"""Functions of PyTorch that keep the shape of a tensor, and learn nothing."""

_MAKES = frozenset(
    (
        *("zeros", "ones", "rand", "randn", "empty", "full", "tensor", "Tensor", "FloatTensor"),
        *("LongTensor", "from_numpy", "as_tensor", "eye", "arange", "randint", "normal"),
        *("zeros_like", "ones_like", "rand_like", "randn_like", "empty_like", "full_like"),
        *("Variable", "new_zeros", "new_ones", "new_empty", "new_tensor", "new", "meshgrid"),
        *("randperm", "logspace", "full_like", "diag"),
    )
)
_BINARY: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "sub": ast.Sub,
    "subtract": ast.Sub,
    "mul": ast.Mult,
    "multiply": ast.Mult,
    "div": ast.Div,
    "true_divide": ast.Div,
}
_PASSED_ON = frozenset(
    (
        *("cuda", "to", "eval", "train", "half", "float", "cpu", "double", "apply", "type"),
        *("requires_grad_", "share_memory", "init_weights", "load_state_dict", "zero_grad"),
        "compile",
    )
)


class PyTorch(Modules):
    """Follows PyTorch."""

    # ------------------------------------------------------------ functions

    def call_framework(
        self, path: str, places: list[Value], names: dict[str, Value]
    ) -> Value | None:
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
            made.place = self.frame.file, self.node
            self.make_outside(made, made.cls, places, names)  # type: ignore[arg-type]
            return made
        if (block := self.block(path)) is not None:
            return self.call(block, places, names)
        return self._torch(name, path, places, names)

    def _torch(
        self, name: str, path: str, places: list[Value], names: dict[str, Value]
    ) -> Value | None:
        """Return what one of PyTorch's functions gives."""
        if name == "Parameter":
            return self.parameter(places, names)
        if name in ("is_available", "is_tracing", "is_scripting", "is_grad_enabled"):
            return False
        if name in ("device_count", "manual_seed", "set_default_dtype", "set_num_threads"):
            return 0
        if name in ("DataParallel", "DistributedDataParallel", "spectral_norm", "compile"):
            return places[0] if places else None
        if name in ("checkpoint", "checkpoint_sequential"):
            function, *rest = places
            return self.call(function, rest, {})
        if name in ("device", "no_grad", "Size", "set_grad_enabled", "inference_mode", "autocast"):
            return tuple(places[0]) if name == "Size" and places else Namespace({"type": "cpu"})
        if name in ("pack_padded_sequence", "pad_packed_sequence"):
            return places[0] if name.startswith("pack") else (places[0], None)
        if name == "linspace" and all(isinstance(each, int | float) for each in places[:3]):
            return self._linspace(places, names)
        if name in _MAKES:
            return self.constant(name, places, names)
        if name in ("trunc_normal_", "constant_", "kaiming_normal_", "xavier_uniform_"):
            return places[0]
        return self.functional(name, places, names, path)

    def _linspace(self, places: list[Value], names: dict[str, Value]) -> Value:
        start, end, *rest = places
        count = rest[0] if rest else names.get("steps", 100)
        if not isinstance(count, int) or not 0 <= count <= 10_000:
            raise self.fault(_("this size is not known"))
        step = (end - start) / max(count - 1, 1)
        return Learned((count,), values=[start + step * each for each in range(count)])

    def parameter(self, places: list[Value], names: dict[str, Value]) -> Value:
        """Return a learned tensor of its own."""
        value = places[0] if places else names.get("data")
        if isinstance(value, int | float):
            value = Learned(())
        if not isinstance(value, Learned):
            return value if isinstance(value, Unknown) else self.unknown(_("its size is not known"))
        if names.get("requires_grad") is False or (len(places) > 1 and places[1] is False):
            return Learned(value.sizes)
        self.parameters += 1
        return Learned(value.sizes, frozenset([self.parameters]), prod(value.sizes))

    parameters: int

    def constant(self, name: str, places: list[Value], names: dict[str, Value]) -> Value:
        """Return a tensor that does not depend on the input."""
        if places and isinstance(places[0], Unknown):
            return places[0]
        if name == "Variable" and places:
            return places[0]
        if name.endswith("_like") and places:
            value = places[0]
            known = isinstance(value, Tensor | Learned)
            return (
                Learned(self.tensor_sizes(value))
                if known
                else self.unknown(_("its size is not known"))
            )
        if name in ("tensor", "from_numpy", "as_tensor", "new_tensor", "arange", "randperm"):
            if places and isinstance(places[0], Learned):
                return places[0]
            return self.numbers_of("arange" if name in ("arange", "randperm") else "array", places)
        if name == "eye":
            return self.numbers_of("eye", places)
        if name == "full":
            places = places[:1]
        if name in ("randint", "normal", "meshgrid", "logspace", "diag"):
            places = (
                [names["size"]]
                if "size" in names
                else [each for each in places if isinstance(each, tuple | list)]
            )
        several = [names["size"]] if "size" in names and not places else places
        unknown = next((each for each in several if isinstance(each, Unknown)), None)
        if unknown is not None:
            return unknown
        if len(several) == 1 and isinstance(several[0], Learned):
            return several[0]
        if not several and name not in ("Tensor", "FloatTensor", "empty"):
            return self.unknown(_("its size is not known"))
        return Learned(tuple(self.whole_sizes(several)))

    def functional(
        self, name: str, places: list[Value], names: dict[str, Value], path: str = ""
    ) -> Value | None:
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
        if name in ("cat", "concat", "concatenate"):
            axis = rest[0] if rest else names.get("dim", names.get("axis", 0))
            return self.concatenated(self.items(first), axis)
        if name == "stack":
            axis = rest[0] if rest else names.get("dim", 0)
            return self.stacked(self.items(first), axis)
        if not isinstance(first, Tensor | Learned):
            if name in ("add", "mul") and len(rest) == 1 and isinstance(rest[0], Tensor | Learned):
                return self.operate(_BINARY[name], first, rest[0])
            return self._on_numbers(name, places) if name in ("prod", "sqrt") else None
        found = self.tensor_function(name, first, rest, names)
        if found is not None:
            return found
        return self.unknown(_("{name} is not followed", name=quoted(path or name)))

    def _on_numbers(self, name: str, places: list[Value]) -> Value:
        return self._of_numbers(name, name, places)

    def tensor_function(
        self, name: str, tensor: Value, rest: list[Value], names: dict[str, Value]
    ) -> Value | None:
        """Return what a function or a method of a tensor gives; None for none that is known."""
        for each in (*rest, *names.values()):
            if isinstance(each, Unknown) and name not in ("softmax", "dropout"):
                return each
        of = TENSOR.get(name)
        if of is not None:
            return of(self, tensor, rest, names)
        if name in _SAME:
            return tensor
        word = name.rstrip("_")
        if word in _BINARY and rest:
            return self.operate(_BINARY[word], tensor, rest[0])
        if isinstance(tensor, Learned):
            return tensor if name in _ELEMENTWISE or word in FUNCTIONS else None
        if name in ("maximum", "minimum") and rest and isinstance(rest[0], Tensor):
            return self.joined("max", "" if name == "maximum" else name, [tensor, rest[0]])
        if name in _ELEMENTWISE:
            return self.with_view(
                tensor, tensor.view, self.graph.skip_as_identity(tensor.node, name)
            )
        entry = FUNCTIONS.get(word.replace("_", ""))
        if entry is None or entry.kind not in _LEARN_NOTHING:
            return None
        return self.apply(self._function_spec(entry, rest, names), tensor)

    def _function_spec(self, entry: Module, rest: list[Value], names: dict[str, Value]) -> Spec:
        """Return the module that a function is: they have other arguments behind the first."""
        if entry.kind == "dropout":
            return self.bound(entry, rest[:1], {"p": names["p"]} if "p" in names else {})
        if entry.kind == "maxpool" and len(rest) > 4:
            rest = [*rest[:4], False, rest[4]]
        if entry.takes is None:
            rest = []
        elif len(rest) > len(entry.takes):
            rest = rest[: len(entry.takes)]
        return self.bound(entry, rest, names)

    # ------------------------------------------------------------ methods and attributes

    def method_of_framework(
        self, value: Value, name: str, places: list[Value], names: dict[str, Value]
    ) -> Value:
        """Return what a method gives that a framework has."""
        if isinstance(value, Tensor | Learned):
            found = self.tensor_function(name, value, places, names)
            if found is None:
                return self.unknown(_("{name} is not followed", name=quoted(name)))
            return found
        if isinstance(value, int | float) and name in ("item", "tolist", "detach"):
            return value
        if isinstance(value, Instance):
            return self.method_of_module(value, name, places, names)
        if isinstance(value, Parts):
            return value.method(name, places)
        return self.unknown(_("{name} is not followed", name=quoted(name)))

    def method_of_module(
        self, value: Instance, name: str, places: list[Value], names: dict[str, Value]
    ) -> Value:
        """Return what a method of a module gives that the source does not define."""
        if name in ("forward", "__call__", "call"):
            return self.call_base(value, places, names)
        if name in ("add_module", "register_module"):
            self.set_attribute(value, places[0], places[1]) if not self.is_container(value) else (
                value.items.__setitem__(str(places[0]), places[1])
            )
            return None
        if name in ("append", "add"):
            value.items[str(len(value.items))] = places[0]
            return value
        if name == "extend":
            for each in self.items(places[0]):
                value.items[str(len(value.items))] = each
            return value
        if name == "insert":
            several = list(value.items.values())
            several.insert(self.need(places[0]), places[1])
            value.items = {str(place): each for place, each in enumerate(several)}
            return None
        if name == "pop":
            keys = list(value.items)
            key = places[0] if isinstance(places[0], str) else keys[places[0]]
            return self.guarded(value.items.pop, key)
        if name in ("register_buffer", "register_parameter"):
            to = places[1] if len(places) > 1 else names.get("tensor", names.get("param"))
            self.set_attribute(value, places[0], to)
            return None
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
        if name == "named_modules":
            return [(key, each) for key, each in trees.held(value) if isinstance(each, Instance)]
        if name == "get_submodule":
            found: Value = value
            for part in str(places[0]).split("."):
                found = self.attribute(found, part)
            return found
        return self.unknown(_("{name} is not known", name=quoted(name)))

    def instance_items(self, value: Instance) -> list[Value]:
        """Return the items of a container of modules, or what the class says."""
        if isinstance(value.cls, Class):
            if value.cls.fields is not None:
                return [value.attributes[each] for each in value.cls.fields]
            if found := value.cls.find("__iter__"):
                return self.items(self.call(found[0], [value], {}))
        if value.outside is not None and value.outside.name == "ModuleDict":
            return list(value.items)
        return list(value.items.values())

    def instance_item(self, value: Instance, index: Value) -> Value:
        """Return an item of a container of modules, or what the class says."""
        if isinstance(value.cls, Class) and (found := value.cls.find("__getitem__")):
            return self.call(found[0], [value, index], {})
        if isinstance(value.cls, Class) and value.cls.fields is not None:
            return self.guarded(lambda: self.instance_items(value)[index])
        if isinstance(index, str):
            return self.guarded(lambda: value.items[index])
        keys = list(value.items)
        if isinstance(index, slice):
            made = Instance(
                value.cls if isinstance(value.cls, External) else External("torch.nn.Sequential")
            )
            made.items = {key: value.items[key] for key in self.guarded(lambda: keys[index])}
            return made
        return self.guarded(lambda: value.items[keys[index]])

    def attribute_outside(self, value: Value, name: str) -> Value | None:
        """Return an attribute that a framework gives a value; None where it has none."""
        if isinstance(value, Tensor | Learned):
            if name == "shape":
                return self.shape_of(value)
            if name in ("data", "real", "grad"):
                return value
            if name == "T":
                return self.permuted(value, list(range(len(self.tensor_sizes(value))))[::-1])
            if name == "ndim":
                return len(self.tensor_sizes(value))
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
            return value.items if self.is_container(value) else trees.children(value)
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
        key = -2 * int(self.serial(value)) - (1 if name == "weight" else 2)
        if name == "bias" and values.get("bias") is False:
            return NOTHING
        sizes: tuple[int, ...] = (1,)
        if entry.kind in ("conv", "deconv"):
            groups = values["groups"]
            one, other = values["out_channels"], values.get("in_channels", groups)
            if not all(isinstance(each, int) for each in (one, other, groups)) or not groups:
                return self.unknown(_("its size is not known"))
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
            return self.unknown(_("its size is not known"))
        return Learned(sizes, frozenset([key]), whole_of)

    # ------------------------------------------------------------ others

    def product(self, left: Value, right: Value) -> Value:
        """Return the product of two stacks of matrices: no layer here, but its shape is known."""
        if isinstance(left, Learned) or isinstance(right, Learned):
            if isinstance(left, Learned) and isinstance(right, Learned):
                return Learned((*left.sizes[:-1], right.sizes[-1]))
            if isinstance(right, Learned):
                return self.times_learned(left, right)
        one, other = self.tensor_sizes(left), self.tensor_sizes(right)
        if len(one) < 2 or len(other) < 2 or one[-1] != other[-2]:
            raise self._misfit([one, other])
        rank = max(len(one), len(other))
        stacks = [(1,) * (rank - len(each)) + each[:-2] for each in (one, other)]
        sizes = (*(max(pair) for pair in zip(*stacks, strict=True)), one[-2], other[-1])
        nodes = [each.node for each in (left, right) if isinstance(each, Tensor)]
        macs = prod(size for size in sizes if size != BATCH) * one[-1]
        return self.opaque("matmul", nodes, sizes, learned=0, macs=macs)

    def opaque(
        self,
        kind: str,
        nodes: list[int],
        sizes: Sequence[int],
        learned: int | None = None,
        macs: int = 0,
    ) -> Value:
        """Return a tensor of known sizes that something makes which is no layer here."""
        batch = next((place for place, size in enumerate(sizes) if size == BATCH), None)
        if batch is None:
            raise self.fault(_("the batch is mixed with the values of one input here"))
        rest = [place for place in range(len(sizes)) if place != batch]
        channels = 1 if len(sizes) > 3 and batch == 0 else len(sizes) - 1
        order = [*(place for place in rest if place != channels), channels]
        volume = tuple(sizes[place] for place in order)
        if not volume or any(size % BATCH == 0 for size in volume):
            raise self.fault(_("the batch is mixed with the values of one input here"))
        node = self.graph.opaque(kind, list(dict.fromkeys(nodes)), volume, "", learned, macs)
        return Tensor(node, layouts.laid_out(volume, order, len(sizes), batch))

    def times_learned(self, tensor: Tensor, other: Learned) -> Value:
        """Return the product of a tensor and a learned matrix: a linear layer without bias."""
        if len(other.sizes) != 2 or other.whole != prod(other.sizes) or len(other.keys) != 1:
            raise self.fault(_("this product is not followed"))
        (key,) = other.keys
        return self.linear(tensor, other.sizes[0], other.sizes[1], f"p{key}", nobias=True)

    def linear(
        self, tensor: Tensor, takes: int, gives: int, weights: str, *, nobias: bool
    ) -> Tensor:
        """Return a linear layer of weights of its own behind a tensor."""
        settled = self.settled(tensor, len(tensor.view) - 1)
        if self.volume(settled.tensor)[-1] != takes:
            raise self.misfit(takes, settled.tensor)
        made = [Wanted("linear", {"units": gives, "nobias": nobias})]
        node = self.layers_behind(made, settled.tensor.node, weights)
        return self.laid_out(settled, node)

    def _rearranged(self, name: str, places: list[Value], names: dict[str, Value]) -> Value | None:
        """Follow einops: `rearrange`, `repeat` and `reduce` of a pattern."""
        from cnncalc.importing.python import patterns

        if name in ("Rearrange", "Reduce"):
            made = Partial(
                External(f"einops.{name.lower()[: -2 if name == 'Rearrange' else None]}"), (), {}
            )
            made.function = External("einops.rearrange" if name == "Rearrange" else "einops.reduce")
            made.names = {**names, "": places}
            return made
        return patterns.follow(self, name, places, names)

    def copied(self, value: Value) -> Value:
        """Return a copy of a value: of an object, with weights of its own."""
        if isinstance(value, list | tuple):
            return type(value)(self.copied(each) for each in value)
        if isinstance(value, dict):
            return {key: self.copied(each) for key, each in value.items()}
        if isinstance(value, Instance):
            self.spend(10)
            made = copy.copy(value)
            made.attributes = {key: self.copied(each) for key, each in value.attributes.items()}
            made.items = {key: self.copied(each) for key, each in value.items.items()}
            return made
        if isinstance(value, Learned) and value.keys:
            self.parameters += 1
            return Learned(value.sizes, frozenset([self.parameters]), value.whole)
        return value
