"""Layers and containers of modules, made of their arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Instance, Spec
from cnncalc.importing.python.values import External, Names, Places, Unknown, Value
from cnncalc.kinds import modules
from cnncalc.kinds.modules import KERAS, InnerModule, ModuleError
from cnncalc.kinds.pytorch import MODULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors
    from cnncalc.kinds.modules import Module

_UNSEEN = frozenset(
    """
    device dtype inplace eps momentum p dropout name padding_mode track_running_stats
    align_corners value trainable seed
    """.split()
)
_UNSEEN_ENDS = ("_initializer", "_regularizer", "_constraint", "_size_hint")
"""Arguments that change nothing that is counted, known or not."""


_CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict")

_FRAMEWORKS = ("torch", "keras", "tensorflow", "tf", "nn", "F")


class Making:
    """Makes modules and layers of what a source gives them."""

    def __init__(self, python: Interpreter, tensors: Tensors) -> None:
        self.machine, self.known = python.machine, python.known
        self.weights = tensors.weights

    def make_outside(self, value: Instance, base: External, places: Places, names: Names) -> None:
        """Make an object what its base outside the source makes of it."""
        name = base.name
        if name in _CONTAINERS:
            self._hold(value, places, names)
            return
        if entry := MODULES.get(name):
            value.spec = self.bound(entry, places, names)

    def _hold(self, value: Instance, places: Places, names: Names) -> None:
        """Fill a container of modules: with one after another, or with those of a list."""
        several = [*places, *(names[each] for each in ("modules", "layers") if each in names)]
        (first,) = several if len(several) == 1 else (None,)
        if isinstance(first, dict):
            value.items.update({str(key): each for key, each in first.items()})
            return
        is_by_name = value.outside is not None and value.outside.name == "ModuleDict"
        if is_by_name and isinstance(first, list | tuple):
            value.items.update((str(key), each) for key, each in map(self.known.items, first))
            return
        is_list = isinstance(first, list | tuple | Unknown) or (
            isinstance(first, Instance)
            and self.known.is_container(first)
            and value.outside is not None
            and value.outside.name != "Sequential"
        )
        for each in self.known.items(first) if is_list else several:
            value.items[str(len(value.items))] = each

    def bound(self, entry: Module, places: Sequence[Value], names: Names) -> Spec:
        """Return a module of the table with its arguments."""
        places = [self.literal(each) for each in places]
        names = {name: self.literal(value) for name, value in names.items()}
        try:
            values = modules.bind(entry, places, names, strict=False)
        except ModuleError as error:
            raise self.machine.fault(error.message) from None
        for takes in entry.takes or ():
            value = values.get(takes.name)
            if isinstance(value, Unknown):
                if takes.ours or not self.unseen(takes.name):
                    raise value.fault
                values[takes.name] = None
        return Spec(entry, values, tuple(places))

    def unseen(self, name: str) -> bool:
        """Return whether an argument changes nothing that is counted, known or not."""
        return name in _UNSEEN or name.endswith(_UNSEEN_ENDS)

    def literal(self, value: Value) -> Value:
        """Return an argument as the table takes it: what is outside by its name, and layers.

        Keras' layers alone have others as arguments.
        """
        if isinstance(value, Instance) and value.spec and value.spec.entry.framework == KERAS:
            self.weights.called.add(id(value))
            return InnerModule(value.spec.entry, value.spec.values)
        if isinstance(value, External):
            if value.path.split(".")[0] in _FRAMEWORKS:
                return value.name
            return self.machine.outside(value.path)
        if isinstance(value, list | tuple):
            return tuple(self.literal(each) for each in value)
        return value
