"""A printed PyTorch model, as `print(model)` writes it, to notation.

A print holds the modules in the order in which they were made, each with its arguments. Of a
Sequential that is the order in which they run. Of any other module it is not known: it is read as
printed, with a warning, where its channels fit; where they do not, or where the map is pooled away
before a layer that needs it, the print does not say enough and is refused.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.importing.graph import (
    MOST_NODES,
    Labels,
    Measurer,
    label_of,
    made_of,
    nothing_to_read,
    too_many_nodes,
)
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import lay_out
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.volumes import Volume

MOST_NESTED = 50

_LINE = re.compile(
    r"(?m)^[ \t]*(?:\((?P<name>[^)\n]*)\): )?(?:(?P<times>\d+) x )?(?P<kind>[A-Za-z_][\w.]*)"
    r"\((?P<rest>[^\n]*)$|^[ \t]*(?P<close>\))[ \t]*$"
)
_ARGUMENT = re.compile(r"\s*(?:(\w+)=)?(\([^()]*\)|\[[^\[\]]*\]|'[^']*'|[^,]+)\s*(?:,|$)")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e-?\d+)?")
_RANK = re.compile(r"[123]d$")


class _Module:
    """A module: its name in its parent, its class, its arguments, and its children."""

    def __init__(self, name: str, kind: str, rest: str, times: int, span: Span) -> None:
        self.name = name
        self.kind = kind
        self.rest = rest
        self.times = times
        self.span = span
        self.children: list[_Module] = []

    @property
    def runs_in_order(self) -> bool:
        """Whether its children run one after another: a Sequential, or one by another name."""
        if self.kind in ("ModuleList", "ModuleDict"):
            return False
        numbered = all(child.name[:1].isdigit() for child in self.children)
        return self.kind == "Sequential" or numbered


class _Arguments:
    """What stands in a module's parentheses: values by position and by name."""

    def __init__(self, text: str) -> None:
        self.places: list[Any] = []
        self.names: dict[str, Any] = {}
        for name, value in _ARGUMENT.findall(text[:2000]):
            if name:
                self.names[name] = _value(value)
            else:
                self.places.append(_value(value))

    def get(self, name: str, place: int | None, default: Any = None) -> Any:
        """Return an argument by its name, or by its place."""
        if name in self.names:
            return self.names[name]
        if place is not None and place < len(self.places):
            return self.places[place]
        return default


class _Layer(NamedTuple):
    """A module as notation, and the channels that it takes and gives, where it says so.

    `needs` says what it works on: 'map', 'values' (whatever is flattened), 'pooled' (a map that a
    pool which is not printed makes 1x1), or '' (anything).
    """

    text: str
    takes: int | None = None
    gives: int | None = None
    needs: str = ""


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return a printed model in notation, behind a volume if it is given, and its warnings."""
    return _Print(source, given).written()


def _value(text: str) -> Any:
    """Return an argument: a number, a tuple of numbers, or its text."""
    text = text.strip()
    if text[:1] in ("(", "["):
        return tuple(_word(part.strip()) for part in text[1:-1].split(",") if part.strip())
    return _word(text)


def _word(text: str) -> Any:
    """Return a number, what Python calls True, False and None, or a text."""
    if text in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[text]
    if _NUMBER.fullmatch(text) and len(text) <= 18:
        return float(text) if "." in text or "e" in text else int(text)
    return text.strip("'")


def _tree(source: Source) -> _Module:
    """Return the outermost module of a print."""
    root: _Module | None = None
    open_modules: list[_Module] = []
    for count, found in enumerate(_LINE.finditer(source.text)):
        if count > MOST_NODES:
            raise too_many_nodes(Span(source, found.start(), found.end()), count)
        if found["close"]:
            if open_modules:
                open_modules.pop()
            if root and not open_modules:
                break
            continue
        begin = found.start("name") - 1 if found["name"] is not None else found.start("kind")
        span = Span(source, begin, found.end("kind"))
        times = int(found["times"] or 1) if len(found["times"] or "") < 10 else MOST_NODES
        rest = found["rest"].rstrip()
        module = _Module(found["name"] or "", found["kind"], rest.removesuffix(")"), times, span)
        if open_modules:
            open_modules[-1].children.append(module)
        elif root is None:
            root = module
        if not rest.endswith(")"):
            open_modules.append(module)
            if len(open_modules) > MOST_NESTED:
                raise _too_nested(span)
        elif not open_modules:
            break
    if root is None or open_modules:
        end = len(source.text.rstrip())
        raise Problem(
            "print-not-read",
            _("this print of a model ends before its modules do")
            if root
            else _("this is no print of a model"),
            [Label(open_modules[-1].span if root else Span(source, end, end))],
            helps=[_("print the whole model: 'print(model)'")],
        )
    return root


def _too_nested(span: Span) -> Problem:
    return Problem(
        "modules-too-deep",
        _("modules stand at most {most} deep in one another", most=MOST_NESTED),
        [Label(span)],
        helps=[_("print or export an inner module by itself")],
    )


class _Print:
    """One walk over the modules of a print, in their order."""

    def __init__(self, source: Source, given: Volume | None) -> None:
        self.source = source
        self.given = given
        self.volume = given
        self.measure = Measurer()
        self.channels: int | None = given[-1] if given else None
        self.pooled = False  # the map is 1x1
        self.flat = bool(given) and len(given or ()) == 1
        self.gate: _Module | None = None  # a module that pooled its map away
        self.turned = False  # a Permute has put the channels last
        self.unpooled: list[_Module] = []
        self.unordered: dict[str, list[_Module]] = {}
        self.uncounted: dict[str, list[_Module]] = {}
        self.labels = Labels()

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the model in notation, and what is to be said of it."""
        root = _tree(self.source)
        body = self._module(root, "")
        if not body:
            raise nothing_to_read(self.source, root.span.text)
        text = f"{write_volume(self.given)} -> {body}" if self.given else body
        name = made_of(self.source)
        return Source(name, lay_out(parse(Source(name, text)))), list(self._warnings())

    def _warnings(self) -> list[Problem]:
        found = []
        for kind, modules in self.unordered.items():
            found.append(
                Problem(
                    "order-not-printed",
                    _(
                        "the order inside {kind} is not printed",
                        kind=quoted(kind),
                    ),
                    [Label(modules[0].span, _first_of(modules))],
                    notes=[
                        _("they are read one after another, as printed"),
                        _("joins, and numbers that it learns itself, are not printed"),
                    ],
                    severity="warning",
                )
            )
        if self.unpooled:
            found.append(
                Problem(
                    "pool-not-printed",
                    _("the pool before this layer is not printed"),
                    [Label(self.unpooled[0].span, _first_of(self.unpooled))],
                    notes=[_("it takes the channels of a map alone: 'gap' stands before it")],
                    severity="warning",
                )
            )
        for kind, modules in self.uncounted.items():
            found.append(
                Problem(
                    "not-counted",
                    _(
                        "{kind} is no layer here: its cost is not counted",
                        kind=quoted(kind),
                    ),
                    [Label(modules[0].span, _first_of(modules))],
                    notes=[_("it is passed over, as if it kept the shape of its input")],
                    severity="warning",
                )
            )
        return found

    def _module(self, module: _Module, path: str) -> str:
        """Return a module in notation."""
        name = f"{path}_{module.name}" if path and module.name else module.name or path
        if not module.children:
            return self._leaf(module, name) if module.name or not path else ""
        if not module.runs_in_order:
            self.unordered.setdefault(module.kind, []).append(module)
        before, began, volume = self.pooled, self.channels, self.volume
        parts = []
        for child in module.children:
            text = self._module(child, name)
            parts += [text] if text else []
        if not module.runs_in_order and self.pooled and not before and path + module.name:
            self.gate = module
        if not parts:
            return ""
        body = " -> ".join(parts)
        if module.times > 1:
            if self.channels is not None and began is not None and self.channels != began:
                raise self._misfit(module, began, self.channels)
            body = f"[{body}]*{module.times}"
            if self.volume != volume:
                self.volume = None  # the trace works it out, round by round
        elif module.name:
            body = f"[{body}]"
        return f"{self._label(name)}{body}" if module.name else body

    def _label(self, name: str) -> str:
        label = label_of(name)
        return f"{self.labels.give(label)}: " if label else ""

    def _leaf(self, module: _Module, name: str) -> str:
        """Return a module without children: a layer, or what is passed over."""
        arguments = _Arguments(module.rest)
        kind = _RANK.sub("", module.kind.rpartition(".")[2])
        try:
            layer = _LEAVES[kind](arguments, self) if kind in _LEAVES else None
        except (TypeError, ValueError, IndexError, AttributeError):
            layer = None
        if layer is None or not {type(layer.takes), type(layer.gives)} <= {int, type(None)}:
            self.uncounted.setdefault(module.kind, []).append(module)
            return ""
        if not layer.text:
            return ""
        if layer.takes is not None and self.channels is not None:
            fits = layer.takes == self.channels
            if layer.needs == "values" and not self.flat and not self.pooled:
                fits = layer.takes % self.channels == 0
            if not fits:
                raise self._misfit(module, layer.takes, self.channels)
        if layer.needs == "map" and self.gate and self.pooled:
            raise self._gated(module)
        label = self._label(name) if layer.gives and layer.needs else ""
        if layer.needs == "pooled":
            self.unpooled.append(module)
            self._advance(module, _Layer("gap", needs="map"))
            layer = layer._replace(text=layer.text.removeprefix("gap -> "), needs="values")
            self._advance(module, layer)
            return f"gap -> {label}{layer.text}"
        self._advance(module, layer)
        return label + (f"[{layer.text}]*{module.times}" if module.times > 1 else layer.text)

    def _advance(self, module: _Module, layer: _Layer) -> None:
        """Go on behind a layer."""
        words = layer.text.split()
        if self.volume is not None:
            if layer.needs == "values" and layer.takes not in (None, prod(self.volume)):
                raise self._misfit(module, layer.takes or 0, prod(self.volume))
            try:
                self.volume = self.measure(layer.text, self.volume).output
            except Problem as problem:
                raise problem.at(module.span) from None
            self.pooled = set(self.volume[:-1]) == {1}
        if layer.gives is not None:
            self.channels = layer.gives
        if words[0] in ("gap", "gmp"):
            self.pooled = True
        if words[0] == "flatten":
            self.channels = self.channels if self.pooled or self.flat else None
            self.flat = True
        if words[0] == "fc":
            self.flat = True

    def _misfit(self, module: _Module, takes: int, arrives: int) -> Problem:
        """Return the problem of a module that does not take what comes before it in the print."""
        return Problem(
            "print-does-not-fit",
            _("what arrives is not what this module takes"),
            [
                Label(
                    module.span,
                    _("takes {takes:,}, and {count:,} arrive", takes=takes, count=arrives),
                )
            ],
            notes=[_("the print is not the order: it leaves out how a module joins branches")],
            helps=[_("export the model to ONNX, which holds the order, and read that file")],
        )

    def _gated(self, module: _Module) -> Problem:
        """Return the problem of a module that pools its map away before a layer that needs it."""
        pooled = self.gate or module
        return Problem(
            "print-does-not-fit",
            _("what arrives is not what this module takes"),
            [
                Label(pooled.span, _("pools the map to one")),
                Label(module.span, _("works on a map")),
            ],
            notes=[_("the print is not the order: it leaves out how a module joins branches")],
            helps=[_("export the model to ONNX, which holds the order, and read that file")],
        )


def _first_of(modules: Sequence[_Module]) -> str:
    if len(modules) == 1:
        return ""
    return _("the first of {modules}", modules=plural(len(modules), "module"))


# ---------------------------------------------------------------- what each module is


def _sizes(value: Any) -> str:
    """Return one size for all axes, or one for each."""
    values = value if isinstance(value, tuple) else (value,)
    if not values or not all(type(each) is int and each >= 0 for each in values):
        raise ValueError
    return "x".join(map(str, values if len(set(values)) > 1 else values[:1]))


def _option(letter: str, value: Any, default: str) -> str:
    text = _sizes(value)
    return "" if text == default else f" {letter}{text}"


def _geometry(arguments: _Arguments) -> str:
    """Return kernel, stride, padding and dilation of a convolution as options."""
    padding = arguments.get("padding", None, 0)
    words = f" k{_sizes(arguments.get('kernel_size', 2))}"
    words += _option("s", arguments.get("stride", 3, 1), "1")
    words += (
        " same" if padding == "same" else "" if padding == "valid" else _option("p", padding, "0")
    )
    return words + _option("d", arguments.get("dilation", None, 1), "1")


def _conv(arguments: _Arguments, _at: _Print) -> _Layer:
    takes, gives = arguments.get("in_channels", 0), arguments.get("out_channels", 1)
    groups = arguments.get("groups", None, 1)
    if groups == takes > 1:
        text = "dwconv" + (f" {gives}" if gives != takes else "") + _geometry(arguments)
    else:
        text = f"conv {gives}{_geometry(arguments)}" + (f" g{groups}" if groups != 1 else "")
    return _Layer(text + _bias(arguments), takes, gives, "map")


def _deconv(arguments: _Arguments, _at: _Print) -> _Layer:
    takes, gives = arguments.get("in_channels", 0), arguments.get("out_channels", 1)
    groups = arguments.get("groups", None, 1)
    text = f"deconv {gives}{_geometry(arguments)}"
    text += _option("op", arguments.get("output_padding", None, 0), "0")
    text += f" g{groups}" if groups != 1 else ""
    return _Layer(text + _bias(arguments), takes, gives, "map")


def _bias(arguments: _Arguments) -> str:
    return " nobias" if arguments.get("bias", None, True) is False else ""


def _linear(arguments: _Arguments, at: _Print) -> _Layer:
    """Read a Linear: behind a Permute it is a 1x1 convolution, else it takes all values.

    Where it takes as many values as a map has channels, a pool of the whole map is not printed.
    """
    takes, gives = arguments.get("in_features", 0), arguments.get("out_features", 1)
    if takes == at.channels and takes is not None and not at.flat and not at.pooled:
        if at.turned:
            return _Layer(f"conv {gives} k1{_bias(arguments)}", takes, gives, "map")
        return _Layer(f"gap -> fc {gives}{_bias(arguments)}", takes, gives, "pooled")
    return _Layer(f"fc {gives}{_bias(arguments)}", takes, gives, "values")


def _permute(_arguments: _Arguments, at: _Print) -> _Layer:
    at.turned = not at.turned
    return _Layer("")


def _max_pool(arguments: _Arguments, _at: _Print) -> _Layer:
    kernel = arguments.get("kernel_size", 0)
    stride = arguments.get("stride", 1, kernel)
    text = f" {_sizes(kernel)}" + _option("s", stride, _sizes(kernel))
    text += _option("p", arguments.get("padding", 2, 0), "0")
    text += _option("d", arguments.get("dilation", 3, 1), "1")
    ceil = " ceil" if arguments.get("ceil_mode", None, False) is True else ""
    return _Layer(f"maxpool{text}{ceil}", needs="map")


def _avg_pool(arguments: _Arguments, at: _Print) -> _Layer:
    return _Layer("avg" + _max_pool(arguments, at).text[3:], needs="map")


def _adaptive(name: str, pooled: str) -> _Reader:
    def read(arguments: _Arguments, _at: _Print) -> _Layer:
        size = _sizes(arguments.get("output_size", 0))
        return _Layer(pooled if size == "1" else f"{name} {size}", needs="map")

    return read


def _norm(text: str, name: str = "num_features") -> _Reader:
    """Return a reader of a norm; one that learns nothing is passed over."""

    def read(arguments: _Arguments, _at: _Print) -> _Layer | None:
        channels = arguments.get(name, 0)
        if isinstance(channels, tuple):
            (channels,) = channels
        learns = arguments.get("affine", None, True) and arguments.get(
            "elementwise_affine", None, True
        )
        return _Layer(text if learns else "identity", channels, channels)

    return read


def _group_norm(arguments: _Arguments, _at: _Print) -> _Layer:
    channels = arguments.get("num_channels", 1)
    learns = arguments.get("affine", None, True)
    return _Layer(
        f"gn {arguments.get('num_groups', 0)}" if learns else "identity", channels, channels
    )


def _instance_norm(arguments: _Arguments, _at: _Print) -> _Layer:
    """Read an instance norm: one that learns a scale is a group norm, each channel a group."""
    channels = arguments.get("num_features", 0)
    learns = arguments.get("affine", None, False)
    return _Layer(f"gn {channels}" if learns else "in", channels, channels)


def _prelu(arguments: _Arguments, at: _Print) -> _Layer | None:
    return _Layer("prelu") if arguments.get("num_parameters", 0) == at.channels else None


def _plain(text: str) -> _Reader:
    return lambda _arguments, _at: _Layer(text)


def _with(name: str, argument: str) -> _Reader:
    """Return a reader of a layer whose number is kept as it is printed."""

    def read(arguments: _Arguments, _at: _Print) -> _Layer:
        value = arguments.get(argument, 0)
        return _Layer(f"{name} {value}" if isinstance(value, int | float) and value >= 0 else name)

    return read


def _upsample(arguments: _Arguments, _at: _Print) -> _Layer | None:
    factor = arguments.get("scale_factor", None)
    factors = factor if isinstance(factor, tuple) else (factor,)
    if any(not isinstance(each, int | float) or each != int(each) for each in factors):
        return None
    mode = arguments.get("mode", None, "nearest")
    if mode not in ("nearest", "nearest-exact", "linear", "bilinear", "trilinear"):
        return None
    text = f"upsample {_sizes(tuple(int(each) for each in factors))}"
    return _Layer(text + ("" if mode.startswith("nearest") else " bilinear"), needs="map")


def _zero_pad(arguments: _Arguments, _at: _Print) -> _Layer:
    """Read a padding: PyTorch names the last axis first, before and after."""
    value = arguments.get("padding", 0)
    value = tuple(arguments.places) if len(arguments.places) > 1 else value
    if not isinstance(value, tuple):
        return _Layer(f"pad {_sizes(value)}", needs="map")
    pairs = list(zip(value[::2], value[1::2], strict=True))[::-1]
    return _Layer("pad " + "x".join(f"{int(b)}:{int(a)}" for b, a in pairs), needs="map")


_Reader: TypeAlias = "Callable[[_Arguments, _Print], _Layer | None]"

_LEAVES: dict[str, _Reader] = {
    "AdaptiveAvgPool": _adaptive("adaptiveavgpool", "gap"),
    "AdaptiveMaxPool": _adaptive("adaptivemaxpool", "gmp"),
    "AlphaDropout": _with("dropout", "p"),
    "AvgPool": _avg_pool,
    "BatchNorm": _norm("bn"),
    "ChannelShuffle": _with("shuffle", "groups"),
    "Conv": _conv,
    "ConvTranspose": _deconv,
    "Dropout": _with("dropout", "p"),
    "ELU": _plain("elu"),
    "Flatten": _plain("flatten"),
    "FrozenBatchNorm": _plain("identity"),
    "GELU": _plain("gelu"),
    "GroupNorm": _group_norm,
    "Hardsigmoid": _plain("hardsigmoid"),
    "Hardswish": _plain("hardswish"),
    "Identity": _plain("identity"),
    "InstanceNorm": _instance_norm,
    "LayerNorm": _norm("ln", "normalized_shape"),
    "LeakyReLU": _with("leakyrelu", "negative_slope"),
    "Linear": _linear,
    "LocalResponseNorm": _with("lrn", "size"),
    "LogSoftmax": _plain("softmax"),
    "MaxPool": _max_pool,
    "Mish": _plain("mish"),
    "PReLU": _prelu,
    "Permute": _permute,
    "ReLU": _plain("relu"),
    "ReLU6": _plain("relu6"),
    "ReflectionPad": _zero_pad,
    "ReplicationPad": _zero_pad,
    "SiLU": _plain("silu"),
    "Sigmoid": _plain("sigmoid"),
    "Softmax": _plain("softmax"),
    "StochasticDepth": _with("dropout", "p"),
    "SyncBatchNorm": _norm("bn"),
    "Tanh": _plain("tanh"),
    "Upsample": _upsample,
    "UpsamplingBilinear": _upsample,
    "UpsamplingNearest": _upsample,
    "ZeroPad": _zero_pad,
}
"""What reads each module, by its class without its rank."""
