"""Caffe's .prototxt files: layers that read and make blobs by name, to notation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import each_axis, make
from cnncalc.importing.refusals import (
    MOST_NODES,
    not_joined,
    option_not_read,
    size_left_open,
    too_many_nodes,
)
from cnncalc.importing.remarks import Lost
from cnncalc.kinds.modules import ModuleError
from cnncalc.notation.tokens import Tokenizer
from cnncalc.numbers.digits import is_whole, whole_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.speech.problem import Source

_WORD = re.compile(
    r"""\s*(?:\#[^\n]*)?(?:("[^"\n]*"|'[^'\n]*')|([{}:<>;,\[\]])|([^\s{}:<>;,\[\]"'#]+))?"""
)
_MOST_NESTED = 20
_RGB = 3

_JOINS = {"SUM": "add", "1": "add", "PROD": "mul", "0": "mul", "MAX": "max", "2": "max"}
_DROPPED = re.compile(r"(?i).*loss|accuracy|silence|data|.*data|input|annotated.*")
"""Layers that a network ends or begins with, and that cost nothing when it is used."""

_PASSED = frozenset(("absval", "bnll", "exp", "log", "power", "split", "threshold", "normalize"))


class _TextMessage(dict[str, list[Any]]):
    """The fields of a message by their names: each has values, numbers, texts or messages.

    `span` is where its own name stands.
    """

    span: Span

    def first(self, name: str, default: Any = None) -> Any:
        """Return the first value of a field."""
        return self.get(name, [default])[0]

    def number(self, name: str, default: int) -> int:
        """Return a field that is a whole number, none below 0."""
        return self._whole(name, self.first(name, default))

    def numbers(self, name: str) -> list[int]:
        """Return the values of a field that are whole numbers."""
        return [self._whole(name, each) for each in self.get(name, [])]

    def _whole(self, name: str, value: Any) -> int:
        try:
            found = whole_of(str(value))
        except ValueError:
            found = -1
        if found < 0 and name != "axis":
            raise option_not_read(self.span, _("{name} is no whole number", name=quoted(name)))
        return found

    def inner(self, name: str) -> _TextMessage:
        """Return a field that is a message; an empty one where it is not there."""
        found = self.first(name)
        if not isinstance(found, _TextMessage):
            found = _TextMessage()
            found.span = self.span
        return found


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of a .prototxt in notation, and what is to be said of it."""
    Tokenizer(source)  # refuses a text that is too long
    model = _read(source)
    layers = [each for name in ("layer", "layers") for each in model.get(name, [])]
    layers = [each for each in layers if isinstance(each, _TextMessage) and not _trains(each)]
    return _CaffeNetwork(source, model, layers, given).written()


def _read(source: Source) -> _TextMessage:
    """Return the message that a text is."""
    root = _TextMessage()
    root.span = Span(source, 0, 0)
    stack, name, place, begun, before = [root], "", 0, 0, ""
    while True:
        found = _WORD.match(source.text, place)
        if found is None or found.end() == place:
            break
        place = found.end()
        quoted, sign, word = found.groups()
        if sign in ("{", "<"):
            inner = _TextMessage()
            inner.span = Span(source, begun, begun + len(name))
            stack[-1].setdefault(name, []).append(inner)
            stack.append(inner)
            name = ""
            if len(stack) > _MOST_NESTED:
                raise _unreadable(source, found.start(2))
        elif sign in ("}", ">"):
            stack.pop()
            if not stack:
                raise _unreadable(source, found.start(2))
            name = ""
        elif word or quoted:
            if name and before in (":", "[", ","):
                stack[-1].setdefault(name, []).append(quoted[1:-1] if quoted else word)
            else:
                name, begun = word or "", found.start(3)
        before = sign or word or quoted or before
    if len(stack) > 1 or not root:
        raise _unreadable(source, len(source.text.rstrip()))
    return root


def _unreadable(source: Source, place: int) -> Problem:
    return Problem(
        "file-not-caffe",
        _("this is no network of Caffe"),
        [Label(Span(source, place, place), _("here its braces do not match"))],
        helps=[_("take the whole file: a '}' for each '{'")],
    )


def _trains(layer: _TextMessage) -> bool:
    """Return whether a layer is there in training alone."""
    return any(
        isinstance(each, _TextMessage) and each.first("phase") in ("TRAIN", "0")
        for each in layer.get("include", [])
    )


class _CaffeNetwork:
    """The layers of a file as nodes, by the blobs that they make."""

    def __init__(
        self, source: Source, model: _TextMessage, layers: list[_TextMessage], given: Volume | None
    ) -> None:
        self.source = source
        self.layers = layers
        self.lost: list[Lost] = []
        self.graph = Graph(given or self._volume(model))
        self.made: dict[str, int | None] = {}
        self.read: set[str] = set()
        begins = [name for name in model.get("input", []) if isinstance(name, str)]
        begins += [top for each in layers if _is_source(each) for top in each.get("top", [])[:1]]
        self.made.update(dict.fromkeys(begins[1:], None))
        for each in layers:
            if _is_source(each):  # labels and the like
                self.made.update(dict.fromkeys(map(str, each.get("top", [])), None))
        self.made.update(dict.fromkeys(begins[:1], 0))

    def _volume(self, model: _TextMessage) -> Volume:
        """Return what comes in: the file's own shape, or that of its first layer of data."""
        dims = model.get("input_dim") or model.inner("input_shape").get("dim")
        for layer in self.layers:
            if dims is None and _kind(layer) == "input":
                dims = layer.inner("input_param").inner("shape").get("dim")
            crop = layer.inner("transform_param").first("crop_size") or next(
                (param.first("crop_size") for name in layer if (param := layer.inner(name))), None
            )
            if dims is None and _is_source(layer) and crop:
                dims = [1, _RGB, crop, crop]
        sizes = [int(size) for size in dims or [] if is_whole(str(size))]
        if len(sizes) < 2 or min(sizes[1:]) < 1:
            raise size_left_open(self.source, "layer")
        return (*sizes[2:], sizes[1])

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the layers in notation, and its warnings."""
        if len(self.layers) > MOST_NODES:
            raise too_many_nodes(Span(self.source, 0, 0), len(self.layers))
        for layer in self.layers:
            kind, tops = _kind(layer), [str(top) for top in layer.get("top", [])]
            if _is_source(layer) or (_DROPPED.fullmatch(kind) and not kind.startswith("softmax")):
                continue
            names = [str(name) for name in layer.get("bottom", [])]
            if kind.startswith("softmax"):
                names = names[:1]
            self.read |= set(names) - set(tops)
            for name in names:
                if name not in self.made:
                    about = _("no layer before it makes {name}", name=quoted(name))
                    raise option_not_read(layer.span, about)
            nodes = [self.made[name] for name in names]
            known = [node for node in nodes if node is not None]
            self.graph.here = layer.span
            try:
                found = self._nodes(layer, kind, known, tops) if len(known) == len(nodes) else None
            except (ValueError, ModuleError, ZeroDivisionError):
                about = _("no such layer can be made")
                raise option_not_read(layer.span, about) from None
            except Problem as problem:
                raise problem.at(layer.span) from None
            nothing: list[int | None] = [None] * len(tops)
            if not found:
                words = f"{layer.first('type')} {layer.first('name', '')}".strip()
                kind = str(layer.first("type"))
                self.lost.append(Lost(kind, words, tuple(known), place=self.graph.here))
            self.made.update(zip(tops, found or nothing, strict=False))
        ends = [node for top, node in self.made.items() if node and top not in self.read]
        self.graph.outputs = list(dict.fromkeys(ends))
        return self.graph.written(self.source, self.lost, len(self.layers))

    def _nodes(
        self, layer: _TextMessage, kind: str, nodes: list[int], tops: list[str]
    ) -> list[int] | None:
        """Return the nodes of a layer's blobs; None where it is no layer of ours."""
        if not nodes:
            return None
        node, volume, name = nodes[0], self.graph.volume(nodes[0]), str(layer.first("name", ""))
        if kind in ("eltwise", "concat", "scale") and len(nodes) > 1:
            param = layer.inner("eltwise_param")
            how = {"scale": "mul", "concat": "concat"}.get(
                kind, _JOINS.get(str(param.first("operation", "SUM")), "")
            )
            axis = layer.inner("concat_param").number("axis", 1)
            joined = self.graph.join(how, nodes, name, max(axis - 1, 0))
            if joined is None and how:
                raise not_joined(how, [self.graph.volume(node) for node in nodes], layer.span)
            return None if joined is None else [joined]
        if len(nodes) > 1:
            return None
        if kind == "slice":
            return self._slices(layer.inner("slice_param"), node, len(tops))
        if kind in _PASSED:
            passed = node if kind == "split" else self.graph.skip_as_identity(node, kind, name)
            return [passed] * len(tops)
        if kind == "batchnorm":
            made = self.graph.layer(make("bn"), node)
            self.graph.learns_no(made, "noscale", "nobias")
            return [made]
        if kind == "scale":
            return [self._scaled(layer, node)]
        of = _LAYERS.get(kind)
        if of is None:
            return None
        for each in of(layer, volume):
            node = self.graph.layer(each, node, name if each.kind.name in _TITLED else "")
        return [node]

    def _scaled(self, layer: _TextMessage, node: int) -> int:
        """Return a scale for each channel, and a shift: the ones that a norm before it lacks."""
        if not self.graph.learn(node, "noscale"):
            node = self.graph.layer(make("layerscale"), node)
            self.graph.learns_no(node, "nobias")
        if layer.inner("scale_param").first("bias_term") == "true" and not self.graph.learn(
            node, "nobias"
        ):
            node = self.graph.layer(make("bn", noscale=True), node)
        return node

    def _slices(self, param: _TextMessage, node: int, count: int) -> list[int] | None:
        channels = self.graph.volume(node)[-1]
        points = param.numbers("slice_point")
        points = points or [channels // count * each for each in range(1, count)]
        if param.number("axis", 1) != 1 or len(points) != count - 1:
            return None
        ends = zip([0, *points], [*points, channels], strict=True)
        slices = (make("slice", **{"from": start, "to": end}) for start, end in ends)
        return [self.graph.layer(each, node) for each in slices]


def _kind(layer: _TextMessage) -> str:
    """Return a layer's type in one spelling: INNER_PRODUCT and InnerProduct are one."""
    return str(layer.first("type", "")).replace("_", "").lower()


def _is_source(layer: _TextMessage) -> bool:
    return not layer.get("bottom") and bool(layer.get("top"))


# ---------------------------------------------------------------- layers


def _window(param: _TextMessage, volume: Volume, kernel: str = "kernel_size") -> dict[str, Any]:
    """Return kernel, stride and padding: one number, one an axis, or height and width."""
    rank = len(volume) - 1
    found = {}
    for ours, name, short, default in (
        ("kernel", kernel, "kernel", 0),
        ("stride", "stride", "stride", 1),
        ("padding", "pad", "pad", 0),
        ("dilation", "dilation", "dilation", 1),
    ):
        values = param.numbers(name)
        sides = [param.first(f"{short}_{side}") for side in ("h", "w")]
        if any(side is not None for side in sides):
            values = [whole_of(str(side or default)) for side in sides]
        values = values or [default]
        found[ours] = each_axis(values if len(values) == rank else values[:1] * rank)
    return found


def _conv(layer: _TextMessage, volume: Volume) -> list[Layer]:
    param = layer.inner("convolution_param")
    filters, groups = param.number("num_output", 0), param.number("group", 1)
    window = _window(param, volume)
    kind = _kind(layer)
    if kind in ("convolutiondepthwise", "depthwiseconvolution"):
        groups = volume[-1]
    window["nobias"] = param.first("bias_term") == "false"
    if kind == "deconvolution":
        return [make("deconv", filters=filters, groups=groups, **window)]
    if groups == volume[-1] > 1:
        return [make("dwconv", filters=None if filters == groups else filters, **window)]
    return [make("conv", filters=filters, groups=groups, **window)]


def _pool(layer: _TextMessage, volume: Volume) -> list[Layer]:
    param = layer.inner("pooling_param")
    largest = str(param.first("pool", "MAX")) in ("MAX", "0")
    if param.first("global_pooling") == "true":
        return [make("gmp" if largest else "gap")]
    window = _window(param, volume)
    del window["dilation"]
    ceil = str(param.first("round_mode", "CEIL")) in ("CEIL", "0")
    return [make("maxpool" if largest else "avgpool", ceil=ceil, **window)]


def _full(layer: _TextMessage, _volume: Volume) -> list[Layer]:
    param = layer.inner("inner_product_param")
    nobias = param.first("bias_term") == "false"
    return [make("fc", units=param.number("num_output", 0), nobias=nobias)]


def _prelu(layer: _TextMessage, _volume: Volume) -> list[Layer]:
    shared = layer.inner("prelu_param").first("channel_shared") == "true"
    return [make("prelu", count=1) if shared else make("prelu")]


def _relu(layer: _TextMessage, _volume: Volume) -> list[Layer]:
    slope = float(layer.inner("relu_param").first("negative_slope", 0))
    return [make("leakyrelu", numbers=(f"{slope:.6g}",)) if slope else make("relu")]


def _numbered(kind: str, param: str, name: str, default: str) -> Callable[..., list[Layer]]:
    """Return a reader of a layer whose one number is kept as it is given."""

    def read(layer: _TextMessage, _volume: Volume) -> list[Layer]:
        return [make(kind, numbers=(str(layer.inner(param).first(name, default)),))]

    return read


_LAYERS: dict[str, Callable[[_TextMessage, Volume], list[Layer]]] = {
    **dict.fromkeys(("convolution", "convolutiondepthwise", "depthwiseconvolution"), _conv),
    "bn": lambda *_of: [make("bn")],
    "concat": lambda *_of: [],
    "deconvolution": _conv,
    "dropout": _numbered("dropout", "dropout_param", "dropout_ratio", "0.5"),
    "elu": lambda *_of: [make("elu")],
    "flatten": lambda *_of: [make("flatten")],
    "innerproduct": _full,
    "lrn": _numbered("lrn", "lrn_param", "local_size", "5"),
    "pooling": _pool,
    "prelu": _prelu,
    "relu": _relu,
    "relu6": lambda *_of: [make("relu6")],
    "shufflechannel": _numbered("shuffle", "shuffle_channel_param", "group", "1"),
    "sigmoid": lambda *_of: [make("sigmoid")],
    "softmax": lambda *_of: [make("softmax")],
    "softmaxwithloss": lambda *_of: [make("softmax")],
    "swish": lambda *_of: [make("silu")],
    "tanh": lambda *_of: [make("tanh")],
}
"""What each type of layer is, from its parameters and what comes in."""

_TITLED = frozenset(("conv", "dwconv", "deconv", "fc", "maxpool", "avgpool", "gap", "gmp"))
