"""Keras' `model.to_json()`, of Keras 2 and 3, to notation: Sequential, Functional, nested."""

from __future__ import annotations

from itertools import zip_longest
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing import refusals
from cnncalc.importing.graph import Graph
from cnncalc.importing.json_text import read_json
from cnncalc.importing.keras.calls import (
    KerasCall,
    Tensor,
    calls_of,
    config_of,
    entries_of,
    maker_of,
    name_of,
    tensors_in,
)
from cnncalc.importing.keras.layers import KerasLayers
from cnncalc.importing.keras.shapes import CONFIG, ENTRY, fits
from cnncalc.importing.labels import label_of
from cnncalc.importing.ordering import in_order
from cnncalc.importing.remarks import Lost
from cnncalc.kinds.volumes import Volume, times
from cnncalc.notation.tokens import Tokenizer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MOST_NESTED = 20

_MODELS = ("Sequential", "Functional", "Model")

Translated: TypeAlias = tuple[Source, list[Problem], str, int]
_Plan: TypeAlias = tuple[list[KerasCall], dict[str, int], list[int]]


def translate(
    source: Source, given: Volume | None = None, named: Mapping[str, Volume] | None = None
) -> Translated:
    """Return the model of Keras' JSON in notation, what is to be said of it, and its name.

    Last is how many numbers its layers hold that are not learned and no batch norm's.

    `given` is what comes in first, `named` what does by the names of inputs.
    """
    Tokenizer(source)  # refuses a text that is too long
    try:
        content = read_json(source.text)
    except JSONDecodeError as error:
        damaged = _unreadable(source, error.pos, _("here its JSON breaks off"))
        damaged.message = _("the JSON of this model cannot be read")
        raise damaged from None
    except ValueError as error:
        raise _unreadable(source, 0, str(error)) from None
    model = content if isinstance(content, dict) else {}
    config = model.get("config")
    if model.get("class_name") not in _MODELS or not isinstance(config, dict | list):
        raise _unreadable(source, 0, _("no model's 'class_name' and 'config' stand here"))
    if name := _misshapen(model):
        place = refusals.label_in(source, name).span.start
        raise _unreadable(source, place, _("this is not written so in a model"))
    made = _Translation(source, model, given, named or {})
    return *made.written(), name_of(model), sum(made.layers.held.values())


def _misshapen(model: dict[str, Any]) -> str:
    """Return what a part of a model is called that is not written as Keras does; '' for none."""
    waiting = [model]
    while waiting:
        entry = waiting.pop()
        if not fits(entry, ENTRY):
            return name_of(entry)
        if entry.get("class_name") in _MODELS:
            if not fits(entry.get("config"), CONFIG):
                return name_of(entry)
            waiting += entries_of(entry)
    return ""


def _unreadable(source: Source, place: int, why: str) -> Problem:
    return Problem(
        "file-not-keras",
        _("this is not what Keras' to_json writes"),
        [Label(Span(source, place, place), why)],
        helps=[_("write it with 'model.to_json()', all of it")],
    )


class _Translation:
    """One walk over the layers of a model, nested models among them."""

    def __init__(
        self,
        source: Source,
        model: dict[str, Any],
        given: Volume | None,
        named: Mapping[str, Volume],
    ) -> None:
        self.source = source
        self.model = model
        self.shapes: dict[Tensor, list[Any]] = {}
        self.lost: list[Lost] = []
        self.calls = 0
        self._work = 0
        self._steps: Volume = ()  # before the volume of what is read at each step
        self._plans: dict[int, _Plan] = {}
        self.channels_first = "channels_first" in self._formats(model)
        self._is_resized = given is not None or bool(named)
        inputs = self._inputs(given, named)
        self.graph = Graph(inputs[0][1])
        self.entered = [0]
        if len(inputs) > 1:
            self.entered = [
                self.graph.enter(volume, name, first=not place)
                for place, (name, volume) in enumerate(inputs)
            ]
        self.layers = KerasLayers(self.graph, self.channels_first)

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and its warnings."""
        outputs = self._model(self.model, self.entered, 0)
        self.graph.outputs = [node for node in outputs if node is not None]
        return self.graph.written(self.source, self.lost, self.calls)

    def _formats(self, model: dict[str, Any]) -> set[str]:
        return {str(config_of(entry).get("data_format")) for entry in entries_of(model)}

    def _inputs(
        self, given: Volume | None, named: Mapping[str, Volume]
    ) -> list[tuple[str, Volume]]:
        """Return what comes in, with its name: by the input layers, or by the first layer."""
        model = self.model
        while True:
            entries = entries_of(model)
            inputs = [entry for entry in entries if entry.get("class_name") == "InputLayer"]
            if inputs or not entries or entries[0].get("class_name") not in _MODELS:
                break
            model = entries[0]
        if model.get("class_name") == "Sequential" or not inputs:
            return [("", given or self._settled(self._shape(model, inputs or entries[:1])))]
        places = {name: place for place, name in enumerate(_starts(model))}
        inputs.sort(key=lambda entry: places.get(name_of(entry), len(places)))
        found = []
        for place, entry in enumerate(inputs):
            name = name_of(entry)
            volume = named.get(label_of(name), None if place else given)
            shape = volume or self._settled(
                self._shape(model, [entry]), label_of(name) if len(inputs) > 1 else ""
            )
            found.append((name, shape))
        return found

    def _shape(self, model: dict[str, Any], entries: Sequence[dict[str, Any]]) -> list[Any]:
        """Return the shape of an input, its batch left out, as its layer or its model says it."""
        builds = [entry.get("build_config") or {} for entry in entries]
        for place in (*map(config_of, entries), *builds, config_of(model)):
            for key in ("batch_shape", "batch_input_shape", "input_shape", "build_input_shape"):
                shape = place.get(key)
                if isinstance(shape, list) and len(shape) > 1:
                    return shape[1:]
        raise refusals.size_left_open(self.source, "class_name")

    def _settled(self, sizes: list[Any], name: str = "") -> Volume:
        """Return the sizes of an input as a volume; a problem where one is open."""
        if not all(type(size) is int and size > 0 for size in sizes):
            words = times(tuple("?" if size is None else size for size in sizes))
            raise refusals.size_left_open(
                Source(self.source.name, ""), words, name=name, like=self._turned(sizes)
            )
        return self._turned(sizes)

    def _turned(self, sizes: Sequence[Any]) -> Volume:
        return tuple([*sizes[1:], sizes[0]] if self.channels_first else sizes)

    # ------------------------------------------------------------ models and calls

    def _model(
        self, model: dict[str, Any], inputs: Sequence[int | None], depth: int
    ) -> list[int | None]:
        """Return the outputs of a model for its inputs; None for what could not be read."""
        if depth > MOST_NESTED:
            raise refusals.too_nested(refusals.label_in(self.source, name_of(model)), MOST_NESTED)
        entries = entries_of(model)
        if model.get("class_name") == "Sequential":
            node = inputs[0] if inputs else None
            for entry, following in zip_longest(entries, entries[1:]):
                if entry.get("class_name") != "InputLayer":
                    outputs = self._call(entry, [node], depth, None, following)
                    (node, *_rest) = outputs or [None]
            return [node]
        calls, counts, found = self._plan(model, entries)
        made: dict[tuple[str, int], list[int | None]] = {}
        for name, node in zip(_starts(model), inputs, strict=False):
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
            for tensor, *_rest in tensors_in(config_of(model).get("output_layers"))
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
            for tensor, shape, _role in tensors_in(entry.get("inbound_nodes")):
                if shape:
                    self.shapes[tensor] = shape
        found = in_order(
            [{maker_of(tensor, counts) for tensor in call.reads} for call in calls],
            [{(call.name, call.number)} for call in calls],
        )
        if len(found) < len(calls):
            stuck = min(set(range(len(calls))) - set(found))
            raise refusals.circle(self.source, calls[stuck].name)
        self._plans[id(model)] = calls, counts, found
        return calls, counts, found

    def _value(
        self, made: dict[tuple[str, int], list[int | None]], tensor: Tensor, counts: dict[str, int]
    ) -> int | None:
        outputs = made.get(maker_of(tensor, counts), [])
        return outputs[tensor[2]] if 0 <= tensor[2] < len(outputs) else None

    def _call(
        self,
        entry: dict[str, Any],
        read: list[int | None],
        depth: int,
        call: KerasCall | None = None,
        following: dict[str, Any] | None = None,
    ) -> list[int | None]:
        """Return the outputs of a layer for what it reads; None for what could not be read."""
        self.calls += 1
        self._work += 1
        if self._work > refusals.MOST_NODES:
            raise refusals.too_many_nodes(Span(self.source, 0, 0), self._work)
        kind, name = str(entry.get("class_name")), name_of(entry)
        if kind in _MODELS and isinstance(entry.get("config"), dict | list):
            return self._model(entry, read, depth + 1)
        if (inner := _at_each_step(entry)) and read and read[0] is not None and not self._steps:
            self._steps = self.graph.volume(read[0])[:1]
            made = self._model(inner, read[:1], depth + 1)
            self._steps = ()
            return made
        self.graph.here = f'"{name}"'
        call = call or KerasCall(entry, name, 0, ())
        told = self._told(call, following)
        nodes = [node for node in read if node is not None]
        outputs: list[int | None] | None = None
        if nodes and len(nodes) == len(read):
            try:
                outputs = self.layers.outputs(call, nodes, told, self._steps)
            except Problem as problem:
                raise problem.at(refusals.label_in(self.source, name).span) from None
            if outputs is None:
                outputs = [None] * len(told)
            for place, volume in enumerate(told):
                if volume is not None and not self._stands(outputs, place, volume):
                    outputs += [None] * (place + 1 - len(outputs))
                    outputs[place] = self.graph.opaque(kind, nodes, volume, name)
        if not outputs or outputs[0] is None:
            here = self.graph.here
            self.lost.append(Lost(kind, f"{kind} {name}", tuple(nodes), place=here))
        return outputs or [None]

    def _stands(self, outputs: Sequence[int | None], place: int, volume: Volume) -> bool:
        """Return whether an output was read, and has the volume that the file says."""
        node = outputs[place] if place < len(outputs) else None
        is_told = self._is_resized or self.channels_first
        return node is not None and (is_told or self.graph.volume(node) == volume)

    def _told(self, call: KerasCall, following: dict[str, Any] | None) -> list[Volume | None]:
        """Return what the outputs of a call are, by the file's own words; None for one unknown."""
        shapes: list[Any] = []
        while (shape := self.shapes.get((call.name, call.number, len(shapes)))) is not None or (
            len(shapes) < _MOST_OUTPUTS and (call.name, call.number, len(shapes) + 1) in self.shapes
        ):
            shapes.append(shape)
        if not shapes and following is not None:
            built = following.get("build_config")
            shapes.append(built.get("input_shape") if isinstance(built, dict) else None)
        found: list[Volume | None] = []
        for each in shapes:
            sizes = each[1:] if isinstance(each, list) else []
            whole = bool(sizes) and all(type(size) is int and size > 0 for size in sizes)
            found.append((*self._steps, *self._turned(sizes)) if whole else None)
        return found


_MOST_OUTPUTS = 64


def _starts(model: dict[str, Any]) -> list[str]:
    """Return the names of a model's inputs in their order."""
    layers = config_of(model).get("input_layers")
    return [tensor[0] for tensor, *_rest in tensors_in(layers)]


def _at_each_step(entry: dict[str, Any]) -> dict[str, Any] | None:
    """Return the model that a TimeDistributed runs at each step; None for all else."""
    inner = config_of(entry).get("layer")
    if entry.get("class_name") != "TimeDistributed" or not isinstance(inner, dict):
        return None
    return inner if inner.get("class_name") in _MODELS and not _misshapen(inner) else None
