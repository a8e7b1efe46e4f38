"""Keras' `model.to_json()`, of Keras 2 and 3, to notation: Sequential, Functional, nested."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.importing.graph import (
    MOST_NODES,
    Graph,
    Lost,
    circle,
    in_order,
    label_in,
    several_inputs,
    size_left_open,
    too_many_nodes,
)
from cnncalc.kinds.volumes import Volume, times
from cnncalc.notation.tokens import Tokenizer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_NESTED = 20

Tensor: TypeAlias = tuple[str, int, int]
"""A tensor as Keras names it: its layer, which call of it, and which output."""

_MODELS = ("Sequential", "Functional", "Model")
_SAME_SHAPE = (
    *("ActivityRegularization", "GaussianNoise", "Masking", "Normalization", "Rescaling"),
    *("UnitNormalization", "RandomFlip", "RandomRotation", "RandomContrast", "RandomBrightness"),
)
_ACTIVATIONS = {
    "elu": "elu",
    "gelu": "gelu",
    "hard_sigmoid": "hardsigmoid",
    "hard_silu": "hardswish",
    "hard_swish": "hardswish",
    "leaky_relu": "leakyrelu",
    "log_softmax": "softmax",
    "mish": "mish",
    "relu": "relu",
    "relu6": "relu6",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "softmax": "softmax",
    "swish": "silu",
    "tanh": "tanh",
}
_OPERATORS = {
    "add": "Add",
    "multiply": "Multiply",
    "mul": "Multiply",
    "subtract": "Subtract",
    "sub": "Subtract",
    "truediv": "Multiply",
}
_FAULTS = (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError)


class _Call(NamedTuple):
    """One call of a layer: the layer's entry, its number among the calls, and what it reads."""

    entry: dict[str, Any]
    name: str
    number: int
    reads: tuple[Tensor, ...]


_Plan: TypeAlias = tuple[list[_Call], dict[str, int], list[int]]


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the model of Keras' JSON in notation, and what is to be said of it."""
    Tokenizer(source)  # refuses a text that is too long
    try:
        content = json.loads(source.text)
    except RecursionError:
        raise _unreadable(source, 0, _("brackets stand too deep in one another")) from None
    except json.JSONDecodeError as error:
        raise _unreadable(source, error.pos, _("here its JSON breaks off")) from None
    except ValueError:
        raise _unreadable(source, 0, _("a number has too many digits")) from None
    model = content if isinstance(content, dict) else {}
    config = model.get("config")
    if model.get("class_name") not in _MODELS or not isinstance(config, dict | list):
        raise _unreadable(source, 0, _("no model's 'class_name' and 'config' stand here"))
    return _Translation(source, model, given).written()


def _unreadable(source: Source, place: int, why: str) -> Problem:
    return Problem(
        "file-not-keras",
        _("this is not what Keras' to_json writes"),
        [Label(Span(source, place, place), why)],
        helps=[_("write it with 'model.to_json()', all of it")],
    )


class _Translation:
    """One walk over the layers of a model, nested models among them."""

    def __init__(self, source: Source, model: dict[str, Any], given: Volume | None) -> None:
        self.source = source
        self.model = model
        self.shapes: dict[Tensor, list[Any]] = {}
        self.lost: list[Lost] = []
        self.calls = 0
        self._work = 0
        self._plans: dict[int, _Plan] = {}
        self.channels_first = "channels_first" in self._formats(model)
        self.graph = Graph(given or self._volume())

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and its warnings."""
        outputs = self._model(self.model, [0], 0)
        self.graph.outputs = [node for node in outputs if node is not None]
        return self.graph.written(self.source, self.lost, self.calls)

    def _formats(self, model: dict[str, Any]) -> set[str]:
        return {
            str(entry["config"].get("data_format"))
            for entry in _entries(model)
            if isinstance(entry.get("config"), dict)
        }

    def _volume(self) -> Volume:
        """Return what comes in: the shape of the input layer, or of the first."""
        model = self.model
        while True:
            entries = _entries(model)
            inputs = [entry for entry in entries if entry.get("class_name") == "InputLayer"]
            if inputs or not entries or entries[0].get("class_name") not in _MODELS:
                break
            model = entries[0]
        if len(inputs) > 1 and model.get("class_name") != "Sequential":
            raise several_inputs(self.source, [_name_of(entry) for entry in inputs])
        entries = inputs or entries[:1]
        config = model.get("config")
        places = [entry.get("config") for entry in entries] + [
            entry.get("build_config") for entry in entries
        ]
        places.append(config if isinstance(config, dict) else None)
        for place in places:
            for key in ("batch_shape", "batch_input_shape", "input_shape", "build_input_shape"):
                shape = place.get(key) if isinstance(place, dict) else None
                if isinstance(shape, list) and len(shape) > 1:
                    return self._settled(shape[1:])
        raise size_left_open(self.source, "class_name")

    def _settled(self, sizes: list[Any]) -> Volume:
        if not all(type(size) is int and size > 0 for size in sizes):
            words = times(tuple("?" if size is None else size for size in sizes))
            raise size_left_open(Source(self.source.name, ""), words)
        return tuple([*sizes[1:], sizes[0]] if self.channels_first else sizes)

    # ------------------------------------------------------------ models and calls

    def _model(
        self, model: dict[str, Any], inputs: Sequence[int | None], depth: int
    ) -> list[int | None]:
        """Return the outputs of a model for its inputs; None for what could not be read."""
        if depth > MOST_NESTED:
            raise Problem(
                "modules-too-deep",
                _("modules stand at most {most} deep in one another", most=MOST_NESTED),
                [label_in(self.source, _name_of(model))],
                helps=[_("print or export an inner module by itself")],
            )
        entries = _entries(model)
        if model.get("class_name") == "Sequential":
            node = inputs[0] if inputs else None
            for entry in entries:
                if entry.get("class_name") != "InputLayer":
                    (node, *_rest) = self._call(entry, [node], depth) or [None]
            return [node]
        config = model.get("config")
        config = config if isinstance(config, dict) else {}
        calls, counts, found = self._plan(model, entries)
        made: dict[tuple[str, int], list[int | None]] = {}
        waiting = list(inputs)
        starts = [tensor[0] for tensor, _shape in _tensors(config.get("input_layers"))]
        for name, node in zip(starts, waiting, strict=False):
            made[name, 0] = [node]
        for index in found:
            call = calls[index]
            if (call.name, call.number) in made:
                continue
            self._work += len(call.reads)
            read = [self._value(made, tensor, counts) for tensor in call.reads]
            made[call.name, call.number] = self._call(call.entry, read, depth, call)
        return [
            self._value(made, tensor, counts)
            for tensor, _shape in _tensors(config.get("output_layers"))
        ]

    def _plan(self, model: dict[str, Any], entries: list[dict[str, Any]]) -> _Plan:
        """Return the calls of a model's layers, in an order in which they can be made."""
        if plan := self._plans.get(id(model)):
            return plan
        calls = [call for entry in entries for call in _calls(entry)]
        counts: dict[str, int] = {}
        for call in calls:
            counts[call.name] = call.number + 1
        for entry in entries:
            for tensor, shape in _tensors(entry.get("inbound_nodes")):
                if shape:
                    self.shapes[tensor] = shape
        found = in_order(
            [{_maker(tensor, counts) for tensor in call.reads} for call in calls],
            [{(call.name, call.number)} for call in calls],
        )
        if len(found) < len(calls):
            stuck = min(set(range(len(calls))) - set(found))
            raise circle(self.source, calls[stuck].name)
        self._plans[id(model)] = calls, counts, found
        return calls, counts, found

    def _value(
        self,
        made: dict[tuple[str, int], list[int | None]],
        tensor: Tensor,
        counts: dict[str, int],
    ) -> int | None:
        outputs = made.get(_maker(tensor, counts), [])
        return outputs[tensor[2]] if 0 <= tensor[2] < len(outputs) else None

    def _call(
        self, entry: dict[str, Any], read: list[int | None], depth: int, call: _Call | None = None
    ) -> list[int | None]:
        """Return the outputs of a layer for what it reads; None for what could not be read."""
        self.calls += 1
        self._work += 1
        if self._work > MOST_NODES:
            raise too_many_nodes(Span(self.source, 0, 0), self._work)
        kind, name = str(entry.get("class_name")), _name_of(entry)
        if call and call.number == 1:
            self.graph.serve(name)
            self.graph.serve(name)
        if kind in _MODELS and isinstance(entry.get("config"), dict | list):
            return self._model(entry, read, depth + 1)
        nodes = [node for node in read if node is not None]
        made = None
        if nodes and len(nodes) == len(read):
            try:
                made = self._layer(kind, entry["config"], nodes, name)
            except Problem as problem:
                raise problem.at(label_in(self.source, name).span) from None
            except _FAULTS:
                made = None
            if made is None and self._keeps_shape(kind, nodes, call):
                made = self.graph.pass_over(nodes[0], kind, name)
        if made is None:
            self.lost.append(Lost(kind, f"{kind} {name}", tuple(nodes)))
        return [made]

    def _keeps_shape(self, kind: str, nodes: list[int], call: _Call | None) -> bool:
        """Return whether what is no layer gives the shape that it takes."""
        if len(nodes) > 1:
            return False
        if kind in _SAME_SHAPE:
            return True
        shape = self.shapes.get((call.name, call.number, 0)) if call else None
        if shape is None:
            return False
        sizes = [*shape[2:], shape[1]] if self.channels_first and len(shape) > 2 else shape[1:]
        return tuple(sizes) == self.graph.volume(nodes[0])

    # ------------------------------------------------------------ layers

    def _layer(self, kind: str, config: dict[str, Any], nodes: list[int], name: str) -> int | None:
        """Return the node of a layer; None for one that is none of ours."""
        if kind == "TFOpLambda":  # an operator of TensorFlow's: by a number, it costs nothing here
            word = str(config["function"]).rpartition(".")[2]
            kind = _OPERATORS.get(word, kind)
            if word in _ACTIVATIONS:
                return self.activated(nodes[0], {"activation": word}, name)
        if kind in ("Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum"):
            if len(nodes) == 1:
                return nodes[0]
            node = self.graph.join("mul" if kind == "Multiply" else "add", nodes, name)
            if node is not None and kind not in ("Add", "Multiply"):
                self.graph.tell(kind, node)
            return node
        if kind == "Concatenate":
            rank = len(self.graph.volume(nodes[0]))
            if config.get("axis", -1) not in (-1, 1 if self.channels_first else rank):
                return None
            return nodes[0] if len(nodes) == 1 else self.graph.join("concat", nodes, name)
        if len(nodes) > 1:
            return None
        of = _LAYERS.get(_plain_name(kind))
        return of(self, config, nodes[0], name) if of else None

    def behind(self, node: int, text: str, name: str = "") -> int:
        """Add a layer behind a node."""
        return self.graph.layer(text, node, name)

    def activated(self, node: int, config: dict[str, Any], name: str) -> int:
        """Add the activation that a layer ends with, if it has one."""
        given = config.get("activation")
        if isinstance(given, dict):
            inner = given.get("config")
            given = inner if isinstance(inner, str) else given.get("class_name")
        if given in (None, "linear"):
            return node
        word = str(given).lower()
        text = _ACTIVATIONS.get(word) or _ACTIVATIONS.get(word.replace("relu", "_relu"))
        return self.behind(node, text) if text else self.graph.pass_over(node, str(given), name)


def _maker(tensor: Tensor, counts: dict[str, int]) -> tuple[str, int]:
    """Return the call that makes a tensor: a nested model counts its own making as one."""
    name, number, _place = tensor
    return name, max(min(number, counts.get(name, 1) - 1), 0)


def _entries(model: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of a model's layers."""
    config = model.get("config")
    layers = config.get("layers") if isinstance(config, dict) else config
    return [entry for entry in layers or [] if isinstance(entry, dict)]


def _name_of(entry: dict[str, Any]) -> str:
    config = entry.get("config")
    inner = config.get("name") if isinstance(config, dict) else None
    return str(entry.get("name") or inner or entry.get("class_name"))


def _calls(entry: dict[str, Any]) -> Iterator[_Call]:
    """Yield the calls of a layer: one that reads nothing, for an input."""
    inbound = entry.get("inbound_nodes")
    inbound = inbound if isinstance(inbound, list) else []
    if (
        inbound
        and isinstance(inbound[0], list)
        and inbound[0][:1]
        and isinstance(inbound[0][0], str)
    ):
        inbound = [inbound]
    name = _name_of(entry)
    if not inbound:
        yield _Call(entry, name, 0, ())
    for number, node in enumerate(inbound):
        yield _Call(entry, name, number, tuple(tensor for tensor, _shape in _tensors(node)))


def _tensors(node: object) -> Iterator[tuple[Tensor, list[Any] | None]]:
    """Yield the tensors that stand anywhere in a part of the JSON, with their shapes."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            history = each.get("keras_history")
            if isinstance(history, list) and _is_tensor(history):
                shape = each.get("shape")
                yield tuple(history[:3]), shape if isinstance(shape, list) else None
            else:
                waiting += list(each.values())[::-1]
        elif isinstance(each, list):
            if _is_tensor(each):
                yield tuple(each[:3]), None
                waiting += each[3:]
            else:
                waiting += each[::-1]


def _is_tensor(value: list[Any]) -> bool:
    return len(value) >= 3 and [type(each) for each in value[:3]] == [str, int, int]


# ---------------------------------------------------------------- what each layer is


def _plain_name(kind: str) -> str:
    """Return a class without its rank, and without the library that it is from.

    >>> _plain_name("Conv2DTranspose"), _plain_name("Custom>LayerScale")
    ('ConvTranspose', 'LayerScale')
    """
    name = kind.rpartition(">")[2]
    for rank in ("1D", "2D", "3D"):
        name = name.replace(rank, "")
    return name


def _each(value: Any, rank: int) -> list[int]:
    """Return one number for each axis."""
    values = list(value) if isinstance(value, list) else [value] * rank
    if len(values) != rank or not all(type(each) is int and each >= 0 for each in values):
        raise ValueError
    return values


def _option(letter: str, values: Sequence[Any], default: Any) -> str:
    """Return an option with one value for all axes, or one for each; nothing for its default."""
    if all(value == default for value in values):
        return ""
    words = [str(value) for value in values]
    return f" {letter}{words[0] if len(set(words)) == 1 else 'x'.join(words)}"


def _pairs(value: Any, rank: int) -> str:
    """Return what is put around a map: on all sides, an axis, or before and after."""
    values = value if isinstance(value, list) else [value] * rank
    if rank == 1 and len(values) == 2:
        values = [values]
    words = []
    for each in values:
        before, after = each if isinstance(each, list) else (each, each)
        if type(before) is not int or type(after) is not int or min(before, after) < 0:
            raise ValueError
        words.append(str(before) if before == after else f"{before}:{after}")
    if len(words) != rank:
        raise ValueError
    return words[0] if len(set(words)) == 1 else "x".join(words)


def _nobias(config: dict[str, Any]) -> str:
    return "" if config.get("use_bias", True) else " nobias"


def _window(config: dict[str, Any], rank: int, kernel: str = "kernel_size") -> str:
    """Return kernel, stride, padding and dilation as options."""
    size = _each(config[kernel], rank)
    strides = _each(config.get("strides", 1), rank)
    dilation = _each(config.get("dilation_rate", 1), rank)
    text = _option("k", size, None) + _option("s", strides, 1)
    padding = config.get("padding", "valid")
    if padding == "same":
        text += " same"
    elif padding == "causal":
        text += f" p{dilation[0] * (size[0] - 1)}:0"
    elif padding != "valid":
        raise ValueError
    return text + _option("d", dilation, 1)


def _conv(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    rank = len(at.graph.volume(node)) - 1
    groups = config.get("groups", 1)
    text = f"conv {config['filters']}{_window(config, rank)}" + _option("g", [groups], 1)
    return at.activated(at.behind(node, text + _nobias(config), name), config, name)


def _depthwise(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    text = f"dwconv{_window(config, len(at.graph.volume(node)) - 1)}"
    text += _option("m", [config.get("depth_multiplier", 1)], 1)
    return at.activated(at.behind(node, text + _nobias(config), name), config, name)


def _separable(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    """Read a separable convolution: the depthwise part has no bias."""
    text = f"dwconv{_window(config, len(at.graph.volume(node)) - 1)}"
    text += _option("m", [config.get("depth_multiplier", 1)], 1)
    node = at.behind(node, f"{text} nobias", f"{name}_depthwise")
    node = at.behind(node, f"conv {config['filters']} k1{_nobias(config)}", name)
    return at.activated(node, config, name)


def _deconv(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    """Read a transposed convolution: with padding 'same', the output is the stride times larger."""
    rank = len(at.graph.volume(node)) - 1
    size, strides = _each(config["kernel_size"], rank), _each(config.get("strides", 1), rank)
    dilation = _each(config.get("dilation_rate", 1), rank)
    same = config.get("padding") == "same"
    given = config.get("output_padding")
    extras = _each(given, rank) if given is not None else None
    pads, adds = [], []
    for axis, (k, s, d) in enumerate(zip(size, strides, dilation, strict=True)):
        reach = d * (k - 1) + 1
        if extras is not None:
            before = after = k // 2 if same else 0
            adds.append(extras[axis])
        else:
            before = max(reach - s, 0) // 2 if same else 0
            after = max(reach - s, 0) - before if same else 0
            adds.append(max(s - reach, 0))
        pads.append(str(before) if before == after else f"{before}:{after}")
    text = f"deconv {config['filters']}" + _option("k", size, None) + _option("s", strides, 1)
    text += _option("p", pads, "0") + _option("op", adds, 0) + _option("d", dilation, 1)
    return at.activated(at.behind(node, text + _nobias(config), name), config, name)


def _local(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    text = f"local {config['filters']}{_window(config, len(at.graph.volume(node)) - 1)}"
    return at.activated(at.behind(node, text + _nobias(config), name), config, name)


def _dense(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    """Read a dense layer: on a map it works on the channels of each place."""
    units = config["units"]
    text = f"fc {units}" if len(at.graph.volume(node)) == 1 else f"conv {units} k1"
    return at.activated(at.behind(node, text + _nobias(config), name), config, name)


def _pool(kind: str) -> _Reader:
    def read(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
        rank = len(at.graph.volume(node)) - 1
        strides = config.get("strides") or config["pool_size"]
        window = _window({**config, "strides": strides}, rank, "pool_size")
        if " s" not in window.replace(" same", ""):
            window += " s1"
        return at.behind(node, f"{kind}{window}", name)

    return read


def _global(kind: str) -> _Reader:
    def read(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
        node = at.behind(node, kind, name)
        return node if config.get("keepdims") else at.behind(node, "flatten")

    return read


def _reshape(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int | None:
    """Read a reshape of a vector to one place, or of a map to a vector."""
    wanted = list(config["target_shape"])
    before = at.graph.nodes[node]
    volume = before.volume
    if len(wanted) == 1:
        return node if len(volume) == 1 else at.behind(node, "flatten")
    if [size for size in wanted if size != 1] in ([volume[-1]], [-1]) and set(volume[:-1]) <= {1}:
        source = before.inputs[0] if before.text == "flatten" else node
        alike = at.graph.volume(source)
        return source if len(alike) == len(wanted) else node
    return node if tuple(wanted) == volume else None


def _batch_norm(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int:
    return _without(at, config, at.behind(node, "bn"))


def _without(at: _Translation, config: dict[str, Any], node: int) -> int:
    """Return a norm that learns a scale and a shift as its entry says."""
    for key, flag in (("scale", "noscale"), ("center", "nobias")):
        if config.get(key, True) is False:
            at.graph.learns_no(node, flag)
    return node


def _layer_norm(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int | None:
    axis = config.get("axis", -1)
    axes = axis if isinstance(axis, list) else [axis]
    if axes not in ([-1], [len(at.graph.volume(node))]):
        return None
    return _without(at, config, at.behind(node, "ln"))


def _group_norm(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int:
    groups = config.get("groups", 32)
    text = f"gn {at.graph.volume(node)[-1] if groups == -1 else groups}"
    return _without(at, config, at.behind(node, text))


def _activation(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    return at.activated(node, config, name)


def _relu(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int | None:
    most, slope = config.get("max_value"), config.get("negative_slope") or 0
    if slope:
        return at.behind(node, "leakyrelu")
    if most is not None and most != 6:
        return at.graph.pass_over(node, "ReLU")
    return at.behind(node, "relu" if most is None else "relu6")


def _prelu(at: _Translation, config: dict[str, Any], node: int, name: str) -> int:
    shared = config.get("shared_axes") or []
    rank = len(at.graph.volume(node))
    if len(shared) == rank - 1 and rank not in shared:
        return at.behind(node, "prelu")
    return at.graph.pass_over(node, "PReLU", name)


def _plain(text: str) -> _Reader:
    return lambda at, _config, node, _name: at.behind(node, text)


def _with(text: str, *keys: str) -> _Reader:
    """Return a reader of a layer whose number is kept as it is given."""

    def read(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int:
        values = [config[key] for key in keys if isinstance(config.get(key), int | float)]
        number = f" {values[0]:.6g}" if values and 0 <= values[0] < 10**6 else ""
        return at.behind(node, text + number)

    return read


def _around(kind: str, key: str) -> _Reader:
    def read(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int:
        return at.behind(node, f"{kind} {_pairs(config[key], len(at.graph.volume(node)) - 1)}")

    return read


def _upsample(at: _Translation, config: dict[str, Any], node: int, _name: str) -> int | None:
    size = _each(config["size"], len(at.graph.volume(node)) - 1)
    mode = config.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        return None
    text = f"upsample {size[0] if len(set(size)) == 1 else times(tuple(size))}"
    return at.behind(node, text + (" bilinear" if mode == "bilinear" else ""))


_Reader: TypeAlias = "Callable[[_Translation, dict[str, Any], int, str], int | None]"

_LAYERS: dict[str, _Reader] = {
    "Activation": _activation,
    "AlphaDropout": _with("dropout", "rate"),
    "AveragePooling": _pool("avgpool"),
    "BatchNormalization": _batch_norm,
    "Conv": _conv,
    "ConvTranspose": _deconv,
    "Cropping": _around("crop", "cropping"),
    "Dense": _dense,
    "DepthwiseConv": _depthwise,
    "Dropout": _with("dropout", "rate"),
    "ELU": _plain("elu"),
    "Flatten": _plain("flatten"),
    "GaussianDropout": _with("dropout", "rate"),
    "GlobalAveragePooling": _global("gap"),
    "GlobalMaxPooling": _global("gmp"),
    "GroupNormalization": _group_norm,
    "Identity": _plain("identity"),
    "LayerNormalization": _layer_norm,
    "LayerScale": _plain("layerscale"),
    "LeakyReLU": _with("leakyrelu", "negative_slope", "alpha"),
    "LocallyConnected": _local,
    "MaxPooling": _pool("maxpool"),
    "PReLU": _prelu,
    "ReLU": _relu,
    "Reshape": _reshape,
    "SeparableConv": _separable,
    "Softmax": _plain("softmax"),
    "SpatialDropout": _with("dropout", "rate"),
    "StochasticDepth": _with("dropout", "drop_path_rate"),
    "SyncBatchNormalization": _batch_norm,
    "UpSampling": _upsample,
    "ZeroPadding": _around("pad", "padding"),
}
"""What reads each layer, by its class without its rank."""
