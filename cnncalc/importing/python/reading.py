"""A model's source as a network in notation: its entry is made, and called on what comes in."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from cnncalc.importing.graph import Graph
from cnncalc.importing.labels import label_of
from cnncalc.importing.python import entry, faults, layouts, trees
from cnncalc.importing.python.choosing import Choosing
from cnncalc.importing.python.files import File, Files
from cnncalc.importing.python.frameworks import Frameworks
from cnncalc.importing.python.incoming import Incoming
from cnncalc.importing.python.inputs import usual_volumes
from cnncalc.importing.python.interpreter import Interpreter
from cnncalc.importing.python.machine import CAUGHT, NO_LINE
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.outputs import labels_of, returned_names
from cnncalc.importing.python.scopes import MOST_CALLS, StackFrame
from cnncalc.importing.python.tensor_values import Tensor
from cnncalc.importing.python.tensors import Tensors
from cnncalc.importing.python.uncalled_modules import (
    called_for_nothing,
    never_called,
    not_registered,
)
from cnncalc.importing.python.values import Raised, Unknown, Value
from cnncalc.kinds.volumes import write_volume
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from cnncalc.importing.files import Choice
    from cnncalc.importing.remarks import Place
    from cnncalc.kinds.volumes import Volume


_OF_INPUT = ("size-left-open", "source-does-not-fit")
"""Faults that another input may mend."""

_MOST_TRIED = BUDGET.source_tries  # steps, in looking for an input that fits
_EACH = 2_000  # steps, of reading the file once more
_PAIR = 2
_DEEP = 8000  # frames of the reader's own
_ORDERS = {2: ("first", "last", "steps")}
"""How a volume may come in, by its number of sizes, where it is not channels first."""


def translate(
    source: Source, given: Volume | None, choice: Choice, spent: list[int] | None = None
) -> tuple[Source, list[Problem]]:
    """Return the network of a source in notation, and what is to be said of it.

    Where the steps that it takes are `spent`, another input is not looked for.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        if spent is not None:
            return _in_orders(source, given, choice, spent)
        return _translated(source, given, choice)
    finally:
        sys.setrecursionlimit(before)


def translate_open(
    source: Source, sizes: Sequence[int | None], choice: Choice
) -> tuple[Source, list[Problem]]:
    """Return the network of a source for sizes of which some are letters, None here.

    It is read with numbers in their place: with two that fit it must be the same.
    """
    found: list[tuple[Volume, Source, list[Problem]]] = []
    spent: list[int] = []
    fault: Problem | None = None
    stand_in = tuple(1 if size is None else size for size in sizes)
    for volume in usual_volumes(File(source).tree, stand_in):
        pairs = zip(volume, sizes, strict=True)
        if any(size not in (None, number) for number, size in pairs) or sum(spent) > _MOST_TRIED:
            continue
        try:
            found.append((volume, *translate(source, volume, choice, spent)))
        except Problem as problem:
            fault = fault or problem
        if len(found) == _PAIR:
            break
    if not found and fault is not None:
        raise fault
    texts = {made.text.replace(write_volume(volume), "", 1) for volume, made, _said in found}
    if len(found) < _PAIR or len(texts) > 1:
        raise faults.depends_on_size(source, [volume for volume, *_made in found])
    return found[0][1:]


def _translated(
    source: Source, given: Volume | None, choice: Choice
) -> tuple[Source, list[Problem]]:
    """Return what a source is; where it is another input that it takes, say which."""
    spent: list[int] = []
    try:
        return _in_orders(source, given, choice, spent)
    except Problem as problem:
        if problem.code not in _OF_INPUT:
            raise
        for volume in usual_volumes(File(source).tree, given):
            if sum(spent) > _MOST_TRIED:
                break
            with suppress(Problem):
                _in_orders(source, volume, choice, spent)
                problem.inputs = (write_volume(volume),)
                break
        raise


def _in_orders(
    source: Source, given: Volume | None, choice: Choice, spent: list[int]
) -> tuple[Source, list[Problem]]:
    """Return what a source is in the first order of axes in which it can be followed.

    How many steps that takes is put to what was `spent`.
    """
    first: Problem | None = None
    most = 0
    found: tuple[Source, list[Problem]] | None = None
    orders = _ORDERS.get(len(given or ()), ("first",))
    has_numbers = (1,) in dict(choice.inputs).values()
    if has_numbers or (given is not None and len(given) == 2 and given[-1] == 1):
        orders = (*orders, "flat")
    for order in orders:
        reading = SourceReading(source, given, choice, order)
        try:
            made = reading.written()
        except Problem as problem:
            if first is None or reading.machine.steps > most:  # what was followed furthest
                first, most = problem, reading.machine.steps
            continue
        finally:
            spent.append(reading.machine.steps + _EACH)
        if not any(each.code == "stands-for-another" for each in made[1]):
            return made
        found = found or made
    if found is None:
        assert first is not None  # noqa: S101
        raise first
    return found


class SourceReading:
    """One reading of a source, with what comes in in one order of its axes."""

    def __init__(self, source: Source, given: Volume | None, choice: Choice, order: str) -> None:
        python = Interpreter(Files(source))
        tensors = Tensors(python, Graph(given or (1,)))
        incoming = Incoming(python, tensors, given, order, dict(choice.inputs), choice.name)
        frameworks = Frameworks(python, tensors, incoming, train=choice.train)
        self.machine, self.imports = python.machine, python.imports
        self.nodes, self.weights = tensors.nodes, tensors.weights
        self.modules, self.keras_models = frameworks.modules, frameworks.keras_models
        self.choosing = Choosing(python, tensors, incoming, choice)
        self.source = source
        self.root: Value = None
        self.nodes.graph.find_here = self.find_here

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and its warnings."""
        try:
            outputs = self._outputs()
        except Raised as raised:
            raise self.choosing.mistyped() or raised.fault from None
        except CAUGHT:
            raise self.machine.fault(_("these values are not known")) from None
        except RecursionError:
            raise faults.too_deep(*self.machine.here, MOST_CALLS) from None
        self.nodes.graph.outputs = [self._ready(each).node for _name, each in outputs]
        self.nodes.graph.output_names = labels_of([name for name, _each in outputs])
        self.nodes.graph.classes = {
            label_of(name): each.cls.name
            for name, each in trees.held(self.root)
            if isinstance(each, Instance) and isinstance(each.cls, Class)
        }
        span = faults.span_of(*self._of_root())
        idle = called_for_nothing(self.nodes.graph, span, self.choosing.begun)
        made, warnings = self.nodes.graph.written(self.source)
        return made, [
            *warnings,
            *idle,
            *never_called(
                self.root, self.weights.used | self.weights.counted, self.weights.called, span
            ),
            *not_registered(self.root, self._called_layers(), span),
        ]

    def _called_layers(self) -> list[Instance]:
        """Return the layers of a framework that are called."""
        layers = [each for each in self.weights.kept if isinstance(each, Instance) and each.spec]
        return [each for each in layers if id(each) in self.weights.called]

    # ------------------------------------------------------------ the entry

    def _outputs(self) -> list[tuple[str, Tensor]]:
        for text in self.choosing.choice.names:
            name, value = self.choosing.typed(text, "--set")
            self.imports.given[name] = value
        if other := entry.other_framework(self.machine.files.first.tree):
            raise faults.not_of_here(self.machine.files.first, *other)
        scope = self.imports.load("", self.machine.files.first)
        self.choosing.refuse_unknown(scope)
        scope.names.update(self.imports.given)
        self.machine.frame = StackFrame(scope, self.machine.files.first)
        value = self.choosing.entered()
        return self._run(value)

    # ------------------------------------------------------------ what it does

    def find_here(self) -> Place:
        """Return the line that is followed, or the last that returned; nothing in known blocks."""
        file, node = self.machine.here
        if isinstance(node, NO_LINE) and self.machine.returned:
            file, node = self.machine.returned
        return faults.span_of(file, node) if self.machine.files.is_own(file) else ""

    def _run(self, value: Value) -> list[tuple[str, Tensor]]:
        """Return the outputs of what the entry made, called on what comes in, with their names."""
        if isinstance(value, tuple | list) and value and isinstance(value[0], Instance):
            value = value[0]
        self.root = value
        if isinstance(value, Instance):
            if value.model is not None:
                return self._tensors(value.model[1])
            self.modules.paths = {id(each): name for name, each in trees.held(value)}
            if isinstance(value.cls, Class) and value.cls.node:
                self.machine.node = value.cls.node
            names = returned_names(value)
            return self._tensors(self.keras_models.run_model(value), names)
        return self._tensors(value)

    def _tensors(self, value: Value, names: Sequence[str] = ()) -> list[tuple[str, Tensor]]:
        """Return the tensors in what a network gives, by the names that it is returned by."""
        found: list[tuple[str, Tensor]] = []
        waiting: list[tuple[str, Value]] = [(names[0] if len(names) == 1 else "", value)]
        if isinstance(value, list | tuple) and len(value) == len(names):
            waiting = list(zip(names, value, strict=True))
        waiting.reverse()
        while waiting:
            name, each = waiting.pop()
            self.machine.spend(1)
            if isinstance(each, Unknown):
                raise each.fault
            if isinstance(each, Tensor):
                found.append((name, each))
            elif isinstance(each, list | tuple):
                waiting += [(name, inner) for inner in reversed(each)]
            elif isinstance(each, dict):
                waiting += [(f"{key}", inner) for key, inner in reversed(each.items())]
            elif isinstance(each, Instance) and isinstance(each.cls, Class) and each.cls.fields:
                waiting += reversed(each.attributes.items())
        if not found:
            raise self.machine.fault(_("it gives no tensor that depends on what comes in"))
        return found

    def _ready(self, tensor: Tensor) -> Tensor:
        """Return an output whose node has its volume."""
        view, volume = tensor.view, self.nodes.volume(tensor)
        if layouts.batch_at(view) is None:
            return tensor
        place = layouts.channels_at(view, volume)
        rank = len(view)
        if place is None:
            place = 1 if rank > 3 and not tensor.last else rank - 1
        if layouts.batch_at(view) == place:
            return tensor
        return self.nodes.settled(tensor, place).tensor

    def _of_root(self) -> tuple[File, ast.AST]:
        """Return where the class of the network stands, or its file."""
        cls = self.root.cls if isinstance(self.root, Instance) else None
        if isinstance(cls, Class) and cls.node is not None and cls.file is not None:
            return cls.file, cls.node
        return self.machine.files.first, self.machine.files.first.tree
