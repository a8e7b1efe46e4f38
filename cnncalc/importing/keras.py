"""Keras' `model.to_json()`, of Keras 2 and 3, to notation: Sequential, Functional, nested."""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.graph import KEEP_SHAPE, Graph, Lost, in_order
from cnncalc.importing.keras_calls import (
    Call,
    Tensor,
    calls_of,
    entries_of,
    maker_of,
    name_of,
    tensors_in,
)
from cnncalc.importing.layers import each_axis, from_module, make
from cnncalc.importing.refusals import (
    MOST_NODES,
    circle,
    label_in,
    several_inputs,
    size_left_open,
    too_many_nodes,
)
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import ACTIVATIONS, KERAS, ModuleError, Wanted
from cnncalc.kinds.volumes import Volume, times
from cnncalc.notation.tokens import Tokenizer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_NESTED = 20

_MODELS = ("Sequential", "Functional", "Model")
_OPERATORS = {
    "add": "Add",
    "multiply": "Multiply",
    "mul": "Multiply",
    "subtract": "Subtract",
    "sub": "Subtract",
    "truediv": "Multiply",
}
_JOINS = {
    **dict.fromkeys(("Add", "Subtract", "Average"), "add"),
    **dict.fromkeys(("Maximum", "Minimum"), "max"),
    "Multiply": "mul",
}
"""Layers that merge several inputs, and the join that stands for each."""

_FAULTS = (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError)


_Plan: TypeAlias = tuple[list[Call], dict[str, int], list[int]]


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
            for entry in entries_of(model)
            if isinstance(entry.get("config"), dict)
        }

    def _volume(self) -> Volume:
        """Return what comes in: the shape of the input layer, or of the first."""
        model = self.model
        while True:
            entries = entries_of(model)
            inputs = [entry for entry in entries if entry.get("class_name") == "InputLayer"]
            if inputs or not entries or entries[0].get("class_name") not in _MODELS:
                break
            model = entries[0]
        if len(inputs) > 1 and model.get("class_name") != "Sequential":
            raise several_inputs(self.source, [name_of(entry) for entry in inputs])
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
                [label_in(self.source, name_of(model))],
                helps=[_("print or export an inner module by itself")],
            )
        entries = entries_of(model)
        if model.get("class_name") == "Sequential":
            node = inputs[0] if inputs else None
            for entry, following in zip(entries, [*entries[1:], None], strict=True):
                if entry.get("class_name") != "InputLayer":
                    outputs = self._call(entry, [node], depth, None, following)
                    (node, *_rest) = outputs or [None]
            return [node]
        config = model.get("config")
        config = config if isinstance(config, dict) else {}
        calls, counts, found = self._plan(model, entries)
        made: dict[tuple[str, int], list[int | None]] = {}
        waiting = list(inputs)
        starts = [tensor[0] for tensor, _shape in tensors_in(config.get("input_layers"))]
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
            for tensor, _shape in tensors_in(config.get("output_layers"))
        ]

    def _plan(self, model: dict[str, Any], entries: list[dict[str, Any]]) -> _Plan:
        """Return the calls of a model's layers, in an order in which they can be made."""
        if plan := self._plans.get(id(model)):
            return plan
        calls = [call for entry in entries for call in calls_of(entry)]
        counts: dict[str, int] = {}
        for call in calls:
            counts[call.name] = call.number + 1
        for entry in entries:
            for tensor, shape in tensors_in(entry.get("inbound_nodes")):
                if shape:
                    self.shapes[tensor] = shape
        found = in_order(
            [{maker_of(tensor, counts) for tensor in call.reads} for call in calls],
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
        outputs = made.get(maker_of(tensor, counts), [])
        return outputs[tensor[2]] if 0 <= tensor[2] < len(outputs) else None

    def _call(
        self,
        entry: dict[str, Any],
        read: list[int | None],
        depth: int,
        call: Call | None = None,
        following: dict[str, Any] | None = None,
    ) -> list[int | None]:
        """Return the outputs of a layer for what it reads; None for what could not be read."""
        self.calls += 1
        self._work += 1
        if self._work > MOST_NODES:
            raise too_many_nodes(Span(self.source, 0, 0), self._work)
        kind, name = str(entry.get("class_name")), name_of(entry)
        if call and call.number == 1:
            self.graph.note_weight_use(name)
            self.graph.note_weight_use(name)
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
            if made is None and (volume := self._output(call, following)):
                made = self.graph.opaque(kind, nodes, volume, name)
        if made is None:
            self.lost.append(Lost(kind, f"{kind} {name}", tuple(nodes)))
        return [made]

    def _output(self, call: Call | None, following: dict[str, Any] | None) -> Volume | None:
        """Return what a layer puts out, by the file's own words; None where it has none."""
        shape = self.shapes.get((call.name, call.number, 0)) if call else None
        if shape is None and following is not None:
            built = following.get("build_config")
            shape = built.get("input_shape") if isinstance(built, dict) else None
        if not isinstance(shape, list) or len(shape) < 2:
            return None
        sizes = shape[1:]
        if not all(type(size) is int and size > 0 for size in sizes):
            return None
        return tuple([*sizes[1:], sizes[0]] if self.channels_first else sizes)

    # ------------------------------------------------------------ layers

    def _layer(self, kind: str, config: dict[str, Any], nodes: list[int], name: str) -> int | None:
        """Return the node of a layer; None for one that is none of ours."""
        if kind == "TFOpLambda":  # an operator of TensorFlow's: by a number, it costs nothing here
            word = str(config["function"]).rpartition(".")[2]
            kind = _OPERATORS.get(word, kind)
            if word in ACTIVATIONS:
                return self._behind(nodes[0], [Wanted(ACTIVATIONS[word])], name)
        if kind in _JOINS:
            if len(nodes) == 1:
                return nodes[0]
            node = self.graph.join(_JOINS[kind], nodes, name)
            if node is not None and kind in ("Subtract", "Average", "Minimum"):
                self.graph.tell_stand_in(kind, node)
            return node
        if kind == "Concatenate":
            rank = len(self.graph.volume(nodes[0]))
            if config.get("axis", -1) not in (-1, 1 if self.channels_first else rank):
                return None
            return nodes[0] if len(nodes) == 1 else self.graph.join("concat", nodes, name)
        if len(nodes) > 1:
            return None
        entry = find(kind.rpartition(">")[2], KERAS)
        if kind == "CenterCrop":
            return self._center_crop(config, nodes[0], name)
        if entry is None:
            return None
        if entry.kind == "reshape":
            return self._reshape(config, nodes[0])
        try:
            made = self._wanted(entry, config, len(self.graph.volume(nodes[0])) - 1)
            return self._behind(nodes[0], made, name)
        except ModuleError:
            if entry.kind not in KEEP_SHAPE:
                return None
            return self._with_numbers_of_places(kind, config, nodes[0], name)

    def _with_numbers_of_places(
        self, kind: str, config: dict[str, Any], node: int, name: str
    ) -> int:
        """Return what has learned numbers for places, not for channels alone, and keeps the shape.

        One number for each value is what `position` learns; what learns others is opaque.
        """
        volume = self.graph.volume(node)
        axes = set(range(1, len(volume) + 1))
        if kind == "PReLU":
            times, learns = 1, axes - set(config.get("shared_axes") or ())
        else:
            axis = config["axis"]
            times = bool(config.get("center", True)) + bool(config.get("scale", True))
            learns = {each % (len(volume) + 1) for each in _several(axis)}
        sizes = [volume[-1], *volume[:-1]] if self.channels_first else volume
        if learns != axes:
            learned = times * prod(sizes[each - 1] for each in learns)
            return self.graph.opaque(kind, [node], volume, name, learned)
        for _turn in range(times):
            node = self.graph.layer(make("position"), node, name)
        self.graph.tell_stand_in(kind, node)
        return node

    def _center_crop(self, config: dict[str, Any], node: int, name: str) -> int | None:
        """Return the middle of a map, the odd row or column left out at the end."""
        volume = self.graph.volume(node)
        over = [n - config[side] for n, side in zip(volume, ("height", "width"), strict=False)]
        if len(volume) != _MAP or min(over) < 0:
            return None
        sides = ((each // 2, each - each // 2) for each in over)
        around = each_axis(
            before if before == after else (before, after) for before, after in sides
        )
        return self.graph.layer(make("crop", size=around), node, name)

    def _wanted(
        self, entry: modules.Module, config: dict[str, Any], rank: int
    ) -> tuple[Wanted, ...]:
        """Return the layers that an entry's configuration makes on a map of so many axes."""
        given = dict(config)
        if entry.kind in ("ln", "gn") and given.get("axis") in (rank + 1, [rank + 1]):
            given["axis"] = -1
        if isinstance(inner := given.get("layer"), dict):
            inside = find(str(inner.get("class_name")), KERAS)
            if inside is None:
                raise ModuleError("", "layer")
            each_step = max(rank - 1, 0) if entry.name == "TimeDistributed" else rank
            given["layer"] = self._wanted(inside, inner["config"], each_step)
            if _is_the_same(inner, given.get("backward_layer")):
                given.pop("backward_layer", None)
        values = modules.bind(entry, (), given, strict=False)
        return modules.translate(entry, values, rank)

    def _behind(self, node: int, made: Sequence[Wanted], name: str) -> int:
        """Return the last of some layers behind a node; those that cost something have its name."""
        for place, wanted in enumerate(made):
            volume = self.graph.volume(node)
            if wanted.stands_for:
                node = self.graph.skip_as_identity(node, wanted.stands_for, name)
                continue
            flags = [flag for flag in ("noscale", "nobias") if wanted.arguments.get(flag)]
            if wanted.kind in _NORMS and flags:
                rest = {k: v for k, v in wanted.arguments.items() if k not in flags}
                layer = from_module(wanted._replace(arguments=rest), volume[-1])
                node = self.graph.layer(layer, node)
                self.graph.learns_no(node, *flags)
                continue
            before = wanted.kind == "dwconv" and place + 1 < len(made) and made[place + 1]
            title = f"{name}_depthwise" if before and before.kind == "conv" else name
            layer = from_module(_at_each_place(wanted, volume), volume[-1])
            node = self.graph.layer(layer, node, title if wanted.kind in _TITLED else "")
        return node

    def _reshape(self, config: dict[str, Any], node: int) -> int | None:
        """Return a reshape of a vector to one place, or of a map to a vector."""
        wanted = list(config["target_shape"])
        before = self.graph.nodes[node]
        volume = before.volume
        if len(wanted) == 1:
            return node if len(volume) == 1 else self.graph.layer(make("flatten"), node)
        one = [size for size in wanted if size != 1] in ([volume[-1]], [-1])
        if one and set(volume[:-1]) <= {1}:
            source = before.inputs[0] if before.item == make("flatten") else node
            alike = self.graph.volume(source)
            return source if len(alike) == len(wanted) else node
        if tuple(wanted) == volume:
            return node
        if self.channels_first or wanted.count(-1) > 1:
            return None
        rest = prod(size for size in wanted if size != -1)
        sizes = tuple(prod(volume) // rest if size == -1 else size for size in wanted)
        return self.graph.layer(make("reshape", volume=sizes), node)


def _at_each_place(wanted: Wanted, volume: Volume) -> Wanted:
    """Return a dense layer as it works on a volume: on a map, on the channels of each place."""
    if wanted.kind != "linear":
        return wanted
    if len(volume) == 1:
        return wanted._replace(kind="fc")
    units = wanted.arguments["units"]
    one = {"filters": units, "kernel": (1,), "nobias": wanted.arguments["nobias"]}
    return Wanted("conv", one)


_NORMS = ("bn", "ln", "gn")
_TITLED = frozenset(
    (
        *("conv", "dwconv", "deconv", "local", "linear", "maxpool", "avgpool", "gap", "gmp"),
        *("adaptiveavgpool", "adaptivemaxpool", "embedding", "lstm", "gru", "rnn", "attention"),
    )
)


_MAP = 3
"""Height, width and channels."""


def _several(value: Any) -> list[int]:
    """Return one number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_the_same(forward: dict[str, Any], backward: Any) -> bool:
    """Return whether the other direction is what it would be by itself: as many units, turned."""
    if not isinstance(backward, dict):
        return backward is None
    configs = [dict(each.get("config") or {}) for each in (forward, backward)]
    for each in configs:
        for name in ("name", "go_backwards"):
            each.pop(name, None)
    kinds = [each.get("class_name") for each in (forward, backward)]
    return kinds[0] == kinds[1] and configs[0] == configs[1]
