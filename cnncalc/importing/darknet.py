"""Darknet's .cfg files: sections one after another, each a layer, to notation.

Sizes are Darknet's: `pad=1` is half the kernel, a pool is padded by its kernel less one, most of it
at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.importing import refusals
from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import channels_from, conv_of, make, side
from cnncalc.importing.remarks import Lost
from cnncalc.kinds.modules import ModuleError
from cnncalc.notation.tokens import Tokenizer
from cnncalc.numbers.digits import whole_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.speech.problem import Source

_LINE = re.compile(
    r"(?m)^[ \t]*(?:\[(?P<section>\w+)\]|(?P<name>\w+)[ \t]*=[ \t]*(?P<value>[^#;\n]*)"
    r"|(?P<other>[^\s#;][^\n]*))"
)
_ACTIVATIONS = {
    **dict.fromkeys(("elu", "gelu", "mish", "relu", "relu6", "tanh"), ""),
    "hard_mish": "mish",
    "leaky": "leakyrelu",
    "logistic": "sigmoid",
    "swish": "silu",
}
_NET = frozenset(("net", "network"))
"""The first section: what comes in, and how the network is trained."""

_JOINS = frozenset(("route", "shortcut", "scale_channels", "sam"))
_HEADS = frozenset(("yolo", "region", "detection", "cost", "softmax"))
"""Sections that say what the network's outputs are for."""


class _Section(dict[str, str]):
    """A section: its options, as they are written."""

    def __init__(self, kind: str, span: Span) -> None:
        super().__init__()
        self.kind = kind
        self.span = span
        self.spans: dict[str, Span] = {}

    def number(self, name: str, default: int, least: int = 0) -> int:
        """Return an option that is a whole number, none below a least one."""
        try:
            found = whole_of(self.get(name, str(default)))
        except ValueError:
            found = -1
        if found < least:
            raise refusals.option_not_read(self.spans.get(name, self.span))
        return found

    def numbers(self, name: str) -> list[int]:
        """Return an option that is whole numbers with commas between them."""
        try:
            return [whole_of(each.strip()) for each in self[name].split(",") if each.strip()]
        except KeyError:
            raise refusals.option_not_read(
                self.span, _("it lacks {name}", name=quoted(name))
            ) from None
        except ValueError:
            raise refusals.option_not_read(self.spans[name]) from None


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of a .cfg in notation, and what is to be said of it."""
    Tokenizer(source)  # refuses a text that is too long
    odd: list[Span] = []
    sections = _sections(source, odd)
    known = {*_LAYERS, *_HEADS, *_JOINS, *_NET}
    if not any(section.kind in known for section in sections):
        raise refusals.nothing_to_read(source, sections[0].span.text.strip() if sections else "")
    if odd:
        raise refusals.option_not_read(odd[0], _("this is no section and no option"))
    sizes: Volume = ()
    head = sections[0]
    if head.kind in _NET:
        del sections[0]
        if given is None:
            sizes = tuple(head.number(name, 0) for name in ("height", "width", "channels"))
    if given is None and min(sizes, default=0) < 1:
        raise refusals.size_left_open(source, head.span.text.strip())
    return _DarknetNetwork(source, given or sizes).written(sections)


def _sections(source: Source, odd: list[Span]) -> list[_Section]:
    """Return the sections of a text; lines that are none, and no options, are `odd`."""
    found: list[_Section] = []
    for line in _LINE.finditer(source.text):
        start = line.end() - len(line[0].lstrip())
        span = Span(source, start, start + len(line[0].strip()))
        if line["section"]:
            found.append(_Section(line["section"], span))
            if len(found) > refusals.MOST_NODES:
                raise refusals.too_many_nodes(span, len(found))
        elif line["other"]:
            odd.append(span)
        elif found:
            found[-1][line["name"]] = line["value"].strip()
            found[-1].spans[line["name"]] = span
    return found


class _DarknetNetwork:
    """The sections of a file as nodes: a section is known by its number, or from the end."""

    def __init__(self, source: Source, volume: Volume) -> None:
        self.source = source
        self.graph = Graph(volume)
        self.made: list[int | None] = []
        self.lost: list[Lost] = []

    def written(self, sections: list[_Section]) -> tuple[Source, list[Problem]]:
        """Return the sections in notation, and its warnings."""
        for number, section in enumerate(sections):
            before = self.made[-1] if self.made else 0
            self.graph.here = section.span
            try:
                node = None if before is None else self._node(section, before, number)
            except Problem as problem:
                raise problem.at(section.span) from None
            except (ValueError, ModuleError, ZeroDivisionError):
                about = _("no such layer can be made")
                raise refusals.option_not_read(section.span, about) from None
            if node is None:
                reads = (before,) if before is not None else ()
                words = f"[{section.kind}] {number}"
                self.lost.append(Lost(section.kind, words, reads, place=section.span))
            self.made.append(node)
        read = {each for node in self.graph.nodes for each in node.inputs}
        ends = [node for node in self.made if node is not None and node not in read]
        self.graph.outputs = list(dict.fromkeys(ends))
        return self.graph.written(self.source, self.lost, len(sections))

    def _node(self, section: _Section, before: int, number: int) -> int | None:
        """Return the node of a section; None where it is no layer of ours."""
        if section.kind in _HEADS:
            softmax = section.kind == "softmax"
            return self.graph.layer(make("softmax"), before) if softmax else before
        if section.kind in _JOINS:
            return self._join(section, before, number)
        of = _LAYERS.get(section.kind)
        if of is None:
            return None
        node = before
        for layer in of(section, self.graph.volume(before)):
            node = self.graph.layer(layer, node)
        if section.kind.startswith("reorg"):
            self.graph.tell_stand_in(section.kind, node)
        return self._activated(section, node)

    def _activated(self, section: _Section, node: int) -> int:
        name = section.get("activation", "logistic" if section.kind in _WEIGHED else "linear")
        if name == "linear":
            return node
        if name not in _ACTIVATIONS:
            return self.graph.skip_as_identity(node, name)
        return self.graph.layer(make(_ACTIVATIONS[name] or name), node)

    def _join(self, section: _Section, before: int, number: int) -> int | None:
        """Return sections put together, by their numbers or how far back they stand."""
        wanted = section.numbers("layers" if section.kind == "route" else "from")
        places = [each if each >= 0 else number + each for each in wanted]
        if not all(0 <= place < number for place in places):
            about = _("no section stands there before it")
            span = section.spans["layers" if section.kind == "route" else "from"]
            raise refusals.option_not_read(span, about)
        nodes = [self.made[place] for place in places]
        if None in nodes:
            return None
        known = [node for node in nodes if node is not None]
        if section.kind == "route":
            groups = section.number("groups", 1)
            if groups > 1:
                known = [self._group(node, groups, section.number("group_id", 0)) for node in known]
            return known[0] if len(known) == 1 else self._joined("concat", known, section)
        how = "add" if section.kind == "shortcut" else "mul"
        return self._activated(section, self._joined(how, [before, *known], section))

    def _joined(self, how: str, nodes: list[int], section: _Section) -> int:
        """Return a join; a problem where outputs do not fit together."""
        node = self.graph.join(how, nodes)
        if node is None:
            raise refusals.not_joined(
                how, [self.graph.volume(each) for each in nodes], section.span
            )
        return node

    def _group(self, node: int, groups: int, group: int) -> int:
        each = self.graph.volume(node)[-1] // groups
        return self.graph.layer(channels_from(each * group, each * (group + 1)), node)


# ---------------------------------------------------------------- layers


def _conv(section: _Section, volume: Volume) -> list[Layer]:
    size, groups = section.number("size", 1, 1), section.number("groups", 1, 1)
    filters = section.number("filters", 1, 1)
    padding = size // 2 if section.number("pad", 0) else section.number("padding", 0)
    step = section.number("stride", 1, 1)
    strides = tuple(section.number(name, step, 1) for name in ("stride_y", "stride_x"))
    normed = bool(section.number("batch_normalize", 0))
    window: dict[str, Any] = {
        "kernel": (size,),
        "stride": strides[:1] if strides[0] == strides[1] else strides,
        "padding": (padding,),
        "dilation": (section.number("dilation", 1, 1),),
        "nobias": normed,
    }
    if section.kind == "deconvolutional":
        layer = make("deconv", filters=filters, **window)
    elif section.kind == "local":
        del window["dilation"]
        layer = make("local", filters=filters, **window)
    else:
        layer = conv_of(volume[-1], filters, groups, **window)
    return [layer, make("bn")] if normed else [layer]


def _connected(section: _Section, _volume: Volume) -> list[Layer]:
    normed = bool(section.number("batch_normalize", 0))
    layer = make("fc", units=section.number("output", 1, 1), nobias=normed)
    return [layer, make("bn")] if normed else [layer]


def _maxpool(section: _Section, volume: Volume) -> list[Layer]:
    stride = section.number("stride", 1, 1)
    size = section.number("size", stride, 1)
    around = section.number("padding", size - 1)
    plain = make("maxpool", kernel=(size,), stride=(stride,))
    sides = (side(around // 2, around - around // 2),)
    layer = make("maxpool", kernel=(size,), stride=(stride,), padding=sides)
    fits = all(n >= size for n in volume[:-1])
    if fits and plain.measure(volume).output == layer.measure(volume).output:
        return [plain]
    return [layer]


def _chance(section: _Section) -> tuple[str, ...]:
    try:
        return (f"{float(section.get('probability', 0.5)):.6g}",)
    except ValueError:
        return ()


_LAYERS: dict[str, Callable[[_Section, Volume], list[Layer]]] = {
    **dict.fromkeys(("convolutional", "conv", "deconvolutional", "local"), _conv),
    **dict.fromkeys(("connected", "conn"), _connected),
    **dict.fromkeys(("maxpool", "max"), _maxpool),
    **dict.fromkeys(("avgpool", "avg"), lambda *_of: [make("gap")]),
    "activation": lambda *_of: [],
    "batchnorm": lambda *_of: [make("bn")],
    "dropout": lambda section, _volume: [make("dropout", numbers=_chance(section))],
    **dict.fromkeys(
        ("lrn", "normalization"),
        lambda section, _volume: [make("lrn", numbers=(str(section.number("size", 5, 1)),))],
    ),
    **dict.fromkeys(
        ("reorg", "reorg3d"),
        lambda section, _volume: [make("pixelunshuffle", block=section.number("stride", 2, 1))],
    ),
    "upsample": lambda section, _volume: [
        make("upsample", factor=(section.number("stride", 2, 1),))
    ],
}
"""What each section is, from its options and what comes in."""

_WEIGHED = frozenset(("convolutional", "conv", "deconvolutional", "local", "connected", "conn"))
"""Sections that are followed by a logistic curve where they name no activation."""
