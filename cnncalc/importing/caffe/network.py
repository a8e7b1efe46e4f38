"""A .prototxt as a graph: layers that read and make blobs by name, to notation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing import refusals
from cnncalc.importing.caffe.layers import LAYERS, TITLED, kind_of
from cnncalc.importing.caffe.text import TextMessage, read_message
from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import channels_from, make
from cnncalc.importing.remarks import Lost
from cnncalc.kinds.modules import ModuleError
from cnncalc.notation.tokens import Tokenizer
from cnncalc.numbers.digits import is_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Span, quoted

if TYPE_CHECKING:
    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Source

_RGB = 3

_JOINS = {"SUM": "add", "1": "add", "PROD": "mul", "0": "mul", "MAX": "max", "2": "max"}
_DROPPED = re.compile(r"(?i).*loss|accuracy|silence|data|.*data|input|annotated.*")
"""Layers that a network ends or begins with, and that cost nothing when it is used."""

_PASSED = frozenset(("absval", "bnll", "exp", "log", "power", "split", "threshold", "normalize"))


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of a .prototxt in notation, and what is to be said of it."""
    Tokenizer(source)  # refuses a text that is too long
    model = read_message(source)
    layers = [each for name in ("layer", "layers") for each in model.get(name, [])]
    layers = [each for each in layers if isinstance(each, TextMessage) and not _trains(each)]
    return _CaffeNetwork(source, model, layers, given).written()


def _trains(layer: TextMessage) -> bool:
    """Return whether a layer is there in training alone."""
    return any(
        isinstance(each, TextMessage) and each.first("phase") in ("TRAIN", "0")
        for each in layer.get("include", [])
    )


class _CaffeNetwork:
    """The layers of a file as nodes, by the blobs that they make."""

    def __init__(
        self, source: Source, model: TextMessage, layers: list[TextMessage], given: Volume | None
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

    def _volume(self, model: TextMessage) -> Volume:
        """Return what comes in: the file's own shape, or that of its first layer of data."""
        dims = model.get("input_dim") or model.inner("input_shape").get("dim")
        for layer in self.layers:
            if dims is None and kind_of(layer) == "input":
                dims = layer.inner("input_param").inner("shape").get("dim")
            crop = layer.inner("transform_param").first("crop_size") or next(
                (param.first("crop_size") for name in layer if (param := layer.inner(name))), None
            )
            if dims is None and _is_source(layer) and crop:
                dims = [1, _RGB, crop, crop]
        sizes = [int(size) for size in dims or [] if is_whole(str(size))]
        if len(sizes) < 2 or min(sizes[1:]) < 1:
            raise refusals.size_left_open(self.source, "layer")
        return (*sizes[2:], sizes[1])

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the layers in notation, and its warnings."""
        if len(self.layers) > refusals.MOST_NODES:
            raise refusals.too_many_nodes(Span(self.source, 0, 0), len(self.layers))
        for layer in self.layers:
            kind, tops = kind_of(layer), [str(top) for top in layer.get("top", [])]
            if _is_source(layer) or (_DROPPED.fullmatch(kind) and not kind.startswith("softmax")):
                continue
            names = [str(name) for name in layer.get("bottom", [])]
            if kind.startswith("softmax"):
                names = names[:1]
            self.read |= set(names) - set(tops)
            for name in names:
                if name not in self.made:
                    about = _("no layer before it makes {name}", name=quoted(name))
                    raise refusals.option_not_read(layer.span, about)
            for top in tops:
                if top in self.made and top not in names:
                    about = _("{tensor} is made before", tensor=quoted(top))
                    raise refusals.option_not_read(layer.span, about)
            nodes = [self.made[name] for name in names]
            known = [node for node in nodes if node is not None]
            self.graph.here = layer.span
            try:
                found = self._nodes(layer, kind, known, tops) if len(known) == len(nodes) else None
            except (ValueError, ModuleError, ZeroDivisionError):
                about = _("no such layer can be made")
                raise refusals.option_not_read(layer.span, about) from None
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
        self, layer: TextMessage, kind: str, nodes: list[int], tops: list[str]
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
                raise refusals.not_joined(
                    how, [self.graph.volume(node) for node in nodes], layer.span
                )
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
        of = LAYERS.get(kind)
        if of is None:
            return None
        for each in of(layer, volume):
            node = self.graph.layer(each, node, name if each.kind.name in TITLED else "")
        return [node]

    def _scaled(self, layer: TextMessage, node: int) -> int:
        """Return a scale for each channel, and a shift: the ones that a norm before it lacks."""
        if not self.graph.learn(node, "noscale"):
            node = self.graph.layer(make("layerscale"), node)
            self.graph.learns_no(node, "nobias")
        if layer.inner("scale_param").first("bias_term") == "true" and not self.graph.learn(
            node, "nobias"
        ):
            node = self.graph.layer(make("bn", noscale=True), node)
        return node

    def _slices(self, param: TextMessage, node: int, count: int) -> list[int] | None:
        channels = self.graph.volume(node)[-1]
        points = param.numbers("slice_point")
        points = points or [channels // count * each for each in range(1, count)]
        if param.number("axis", 1) != 1 or len(points) != count - 1:
            return None
        slices = map(channels_from, [0, *points], [*points, channels])
        return [self.graph.layer(each, node) for each in slices]


def _is_source(layer: TextMessage) -> bool:
    return not layer.get("bottom") and bool(layer.get("top"))
