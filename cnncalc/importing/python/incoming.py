"""What comes into a network: in which sizes and which order of its axes, and by what names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python import entry, layouts
from cnncalc.importing.python.keras_older import is_keras
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.tensor_values import Tensor
from cnncalc.importing.python.values import External, Value
from cnncalc.importing.refusals import size_left_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors
    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Problem


class Incoming:
    """The inputs of a reading: the volume that is given, and the nodes that take it."""

    def __init__(
        self,
        python: Interpreter,
        tensors: Tensors,
        given: Volume | None,
        order: str,
        named: Mapping[str, Volume],
        title: str,
    ) -> None:
        self.machine, self.imports = python.machine, python.imports
        self.nodes = tensors.nodes
        self.given_volume = given
        self.order = order
        self.named = named  # volumes, by the parameters that are given them
        self.title = title  # of the network
        self.inputs: list[int] = []

    def is_last(self) -> bool:
        """Return whether a source imports Keras and not PyTorch."""
        scope = self.imports.loaded[""]
        paths = [each.path for each in scope.names.values() if isinstance(each, External)]
        paths += [each.path for each in scope.stars if isinstance(each, External)]
        torch = any(path.split(".")[0] == "torch" for path in paths)
        return not torch and any(map(is_keras, paths))

    def entry_tensor(self) -> Tensor:
        """Return what comes in."""
        if self.given_volume is None:
            raise self.size_open()
        if self.is_last():
            return self.input_tensor(self.given_volume)
        view = layouts.entry_view(self.given_volume, self.order)
        return Tensor(0, view)

    def entry_tensors(self, value: Instance) -> list[Value]:
        """Return what comes in, one for each parameter that must be given.

        Each has the volume that is given for its name, or else the one that is given.
        """
        found = value.cls.find("forward") if isinstance(value.cls, Class) else None
        function = found[0] if found else None
        names = entry.needed(function)[1:] if isinstance(function, Function) else []
        if len(names) < 2:
            return [self.entry_tensor()]
        tensors: list[Value] = []
        for name in names:
            volume = self.named.get(name, self.given_volume)
            if volume is None:
                raise self.size_open()
            node = self.nodes.graph.enter(volume, name, first=not tensors)
            order = self.order
            if order == "flat" and volume != (1,) and (1,) in self.named.values():
                order = "first"  # what is one number is a number, and what is a map is one
            tensors.append(Tensor(node, layouts.entry_view(volume, order)))
        return tensors

    def input_tensor(self, shape: Sequence[Value], name: str = "") -> Tensor:
        """Return one more input of a shape without its batch; the first may be given instead."""
        sizes = [self.machine.need(each) for each in shape]
        given = self.given_volume if not self.inputs else None
        if given is not None and len(given) == len(sizes):
            sizes = list(given)
        if not sizes or not all(isinstance(each, int) and each > 0 for each in sizes):
            raise self.size_open()
        volume = tuple(sizes)
        node = self.nodes.graph.enter(volume, name, first=not self.inputs)
        self.inputs.append(node)
        return Tensor(node, layouts.entry_view(volume, "last"), last=True)

    def size_open(self) -> Problem:
        """Return the problem of an input whose size is not said."""
        name = getattr(self.machine.node, "name", "") or self.title or "Input"
        return size_left_open(self.machine.files.first.source, name, is_tried=True)
