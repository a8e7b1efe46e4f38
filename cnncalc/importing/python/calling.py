"""Which framework something is of, and what its modules and their methods give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras import MERGING, is_input
from cnncalc.importing.python.keras_older import is_keras, is_of_keras
from cnncalc.importing.python.objects import Class, Instance, Spec
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.kinds.modules import KERAS
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.keras import Keras
    from cnncalc.importing.python.keras_models import KerasModels
    from cnncalc.importing.python.pytorch import PyTorch
    from cnncalc.importing.python.values import External, Names, Places, Value


class Calling:
    """Chooses the framework that something is of, and calls its modules, layers and methods."""

    def __init__(self, pytorch: PyTorch, keras_models: KerasModels, keras: Keras) -> None:
        self.machine, self.calls = pytorch.machine, pytorch.calls
        self.attributes = self.calls.attributes
        self.shapes, self.making, self.modules = pytorch.shapes, pytorch.making, pytorch.modules
        self.containers, self.pytorch = pytorch.containers, pytorch
        self.keras_tensors, self.keras_models, self.keras = keras.keras_tensors, keras_models, keras

    # ------------------------------------------------------------ which framework

    def call_framework(self, path: str, places: Places, names: Names) -> Value | None:
        """Return what a function or class of a framework gives; None for none of theirs."""
        of = self.keras if is_keras(path) else self.pytorch
        return of.call_framework(path, places, names)

    def make_outside(self, value: Instance, base: External, places: Places, names: Names) -> None:
        """Make an object what its base outside the source makes of it."""
        of = self.keras if is_keras(base.path) else self.making
        of.make_outside(value, base, places, names)

    # ------------------------------------------------------------ calls

    def call_instance(self, value: Instance, places: Places, names: Names) -> Value:
        """Return what an object gives that is called; a layer of Keras is built at its first."""
        cls = value.cls
        if not isinstance(cls, Class):
            return self.call_base(value, places, names)
        of_keras = is_of_keras(value)
        if of_keras:
            names = self._built(value, cls, places, names)
        for name in ("__call__", "forward", "call"):
            own = None if name == "__call__" else value.attributes.get(name)
            if found := cls.find(name):
                own = own or self.attributes.bound(found[0], value)
            if own is not None:
                made = self.calls.call(own, places, names)
                break
        else:
            made = self.call_base(value, places, names)
        return self.keras_models.keep(value, made) if of_keras else made

    def _built(self, value: Instance, cls: Class, places: Places, names: Names) -> dict[str, Value]:
        """Build a layer at its first call; return the names that its `call` takes."""
        found = cls.find("build")
        first = places[0] if places else None
        if found and not value.calls and isinstance(first, Tensor):
            value.calls += 1
            self.calls.call(found[0], [value, self.shapes.shape_of(first)], {})
        call = cls.find("call")
        if call and isinstance(call[0], Function):
            takes = call[0].node.args
            known = {each.arg for each in (*takes.args, *takes.kwonlyargs)}
            if takes.kwarg is None:
                return {key: each for key, each in names.items() if key in known}
        return names

    def call_base(self, value: Instance, places: Places, names: Names) -> Value:
        """Return what a framework's module, layer or model gives."""
        base = value.outside
        if base is not None and is_of_keras(value):
            names = {key: each for key, each in names.items() if key not in ("training", "mask")}
            several = [*places, *names.values()]
            if not several:
                raise self.machine.fault(_("what this layer is called on is not known"))
            flow = several[0]
            if value.model is not None:
                return self.keras_models.again(value, flow)
            if base.name == "Sequential":
                several = [each for each in value.items.values() if not is_input(each)]
                return self._in_turn(several, flow)
            if base.name in MERGING:
                return self.keras_models.keep(
                    value,
                    self.keras_tensors.merged(
                        base.name.lower(), [flow], {"axis": value.attributes["axis"]}
                    ),
                )
            if base.name == "Lambda":
                return self.keras_models.keep(
                    value, self.calls.call(value.attributes["function"], [flow], {})
                )
        elif base is not None and base.name == "Sequential":
            (flow,) = places or list(names.values()) or [None]
            return self._in_turn(list(value.items.values()), flow)
        if value.spec is not None:
            return self._applied(value, value.spec, places, names)
        if "?" in getattr(value.cls, "names", {}):
            return value.cls.names["?"]  # type: ignore[union-attr]
        raise self.machine.fault(_("it says nowhere what it does when it is called"))

    def _in_turn(self, several: list[Value], flow: Value) -> Value:
        """Return what the last of several modules gives, each called on what the one before did."""
        before = self.machine.node
        for each in several:
            self.machine.node = before
            flow = self.calls.call(each, [flow], {})
        return flow

    def _applied(self, value: Instance, spec: Spec, places: Places, names: Names) -> Value:
        """Return what a module of the table makes of what it is called on."""
        several = [*places, *names.values()]
        if spec.entry.framework != KERAS:
            return self.modules.applied(value, spec, several)
        return self.keras_models.keep(value, self.keras.applied(value, spec, several))

    def apply_any(self, spec: Spec, tensor: Tensor) -> Value:
        """Return what a layer of any framework makes of a tensor."""
        if spec.entry.framework == KERAS:
            return self.keras.apply_keras(spec, tensor)
        return self.modules.apply(spec, tensor)

    def method_of_framework(self, value: Value, name: str, places: Places, names: Names) -> Value:
        """Return what a method gives that a framework has."""
        if isinstance(value, Tensor | Learned):
            found = self.pytorch.tensor_function(name, value, places, names)
            if found is None:
                return self.machine.unknown(_("{name} is not followed", name=quoted(name)))
            return found
        if isinstance(value, int | float) and name in ("item", "tolist", "detach", "astype"):
            return value
        if isinstance(value, Instance):
            of = self.keras_models if is_of_keras(value) else self.containers
            return of.method_of_module(value, name, places, names)
        return self.machine.unknown(_("{name} is not followed", name=quoted(name)))
