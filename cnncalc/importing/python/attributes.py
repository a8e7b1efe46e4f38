"""Attributes of objects and classes, and what super() sees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import operators
from cnncalc.importing.python.objects import (
    Bound,
    Class,
    Instance,
    Partial,
    SourceRecord,
    Spec,
    Super,
    Wrapped,
    opened,
)
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import (
    NOTHING,
    Builtin,
    External,
    Method,
    Namespace,
    Parser,
    Places,
    Unknown,
    Value,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.known import Known

READ_WHEN_CALLED = frozenset(
    """
    stride padding dilation groups kernel_size output_padding ceil_mode output_size scale_factor
    size mode
    """.split()
)
"""Attributes of layers that PyTorch reads each time that one is called."""


_OF_NUMBERS = ("math", "numpy", "np")
_CONSTANTS = {"pi": math.pi, "inf": math.inf, "e": math.e, "newaxis": None}
"""What such packages call numbers."""


def is_read_when_called(spec: Spec, name: str) -> bool:
    """Return whether a layer reads an attribute when it is called: a conv's kernel is as made."""
    is_kernel = name == "kernel_size" and spec.entry.kind in ("conv", "deconv")
    return name in READ_WHEN_CALLED & spec.values.keys() and not is_kernel


class Attributes:
    """Looks attributes up, and sets them."""

    def __init__(self, known: Known) -> None:
        self.machine, self.above = known.machine, known.above
        self.known = known

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, External):
            if value.path in _OF_NUMBERS and name in _CONSTANTS:
                return _CONSTANTS[name]
            return External(f"{value.path}.{name}")
        if isinstance(value, Instance):
            return self.attribute_of(value, name)
        if isinstance(value, Class):
            return value.names if name == "__dict__" else self.attribute_of_class(value, name)
        if isinstance(value, Super):
            return self._above(value, name)
        if isinstance(value, Namespace):
            if name == "__dict__":
                return value.attributes
            if name in value.attributes:
                return value.attributes[name]
            return Method(value, name)
        if isinstance(value, SourceRecord):
            return self._attribute_of_record(value, name)
        if isinstance(value, Tensor | Learned):
            found = self.above.attribute_outside(value, name)
            return Method(value, name) if found is None else found
        if isinstance(value, Partial):
            parts: dict[str, Value] = {
                "func": value.function,
                "args": value.places,
                "keywords": value.names,
            }
            if name in parts:
                return parts[name]
        if isinstance(value, Function | Builtin) and name in ("__name__", "__qualname__"):
            return value.name
        if isinstance(value, slice) and name in ("start", "stop", "step"):
            return {"start": value.start, "stop": value.stop, "step": value.step}[name]
        if isinstance(value, (*operators.PLAIN, Parser)) and value is not None:
            return Method(value, name)
        if value is None:
            raise self.machine.raised("AttributeError", _("None has no {name}", name=quoted(name)))
        return self.machine.unknown(_("{name} is not known", name=quoted(name)))

    def _attribute_of_record(self, value: SourceRecord, name: str) -> Value:
        """Return an attribute of a dictionary of a class: its class's, its own, or an item."""
        if value.cls is not None and (found := value.cls.find(name)):
            return self.bound(found[0], value)
        if name in value and value.is_open("__getattr__"):
            return value[name]
        return Method(value, name)

    def attribute_of(self, value: Instance, name: str) -> Value:
        """Return an attribute of an object: its own, one of its classes, or the framework's."""
        if name in value.attributes:
            return value.attributes[name]
        if name in value.items and isinstance(name, str):
            return value.items[name]
        if name == "__class__":
            return value.cls
        if name == "__dict__":
            return dict(value.attributes)
        if isinstance(value.cls, Class) and (found := value.cls.find(name)):
            return self.bound(found[0], value)
        special = self.above.attribute_outside(value, name)
        if special is not None:
            return None if special is NOTHING else special
        if isinstance(value.cls, Class) and value.cls.fields and name in ("_replace", "_asdict"):
            return Method(value, name)
        if isinstance(value.cls, Class) and value.outside is None:
            if found := value.cls.find("__getattr__"):
                return self.above.call(found[0], [value, name], {})
            raise self.machine.raised("AttributeError", _("it has no {name}", name=quoted(name)))
        return Method(value, name)

    def bound(self, found: Value, to: Any) -> Value:
        """Return what a class holds, as an object has it."""
        if isinstance(found, Wrapped):
            if found.how == "property":
                return self.above.call(found.function, [to], {})
            if found.how == "class":
                return Bound(found.function, to.cls if isinstance(to, Instance) else to)
            return found.function
        return Bound(found, to) if isinstance(found, Function) else found

    def attribute_of_class(self, value: Class, name: str) -> Value:
        """Return an attribute of a class."""
        if name in ("__name__", "__qualname__"):
            return value.name
        if found := value.find(name):
            if isinstance(found[0], Wrapped) and found[0].how == "class":
                return Bound(found[0].function, value)
            return found[0].function if isinstance(found[0], Wrapped) else found[0]
        if (base := value.outside()) is not None:
            if name == "apply" and base.name == "Function" and (found := value.find("forward")):
                context = self.machine.unknown(_("{name} is not known", name=quoted("ctx")))
                return Bound(self.bound(found[0], value), context)
            return External(f"{base.path}.{name}")
        raise self.machine.raised("AttributeError", _("it has no {name}", name=quoted(name)))

    def _above(self, value: Super, name: str) -> Value:
        """Return what `super()` has by a name."""
        to = value.to
        cls = to.cls if isinstance(to, Instance) else to
        if isinstance(cls, Class) and (found := cls.find(name, value.after)):
            return self.bound(found[0], to)
        return Method(value, name)

    def set_attribute(self, value: Value, name: Any, to: Value) -> None:
        """Set an attribute of an object, a class or a namespace."""
        if not isinstance(name, str):
            raise self.machine.fault(_("this name is not known"))
        if isinstance(value, Instance):
            found = value.cls.find(name) if isinstance(value.cls, Class) else None
            if found and isinstance(found[0], Wrapped) and found[0].how == "property":
                raise self.machine.fault(_("a property is set"))
            if value.spec is not None and name in ("weight", "bias", "kernel"):
                self._set_weights(value, name, to)
            elif value.spec is not None and is_read_when_called(value.spec, name):
                value.spec = value.spec.changed(name, self.above.literal(self.machine.need(to)))
                return
            is_item = isinstance(to, Instance) and to.outside and self.known.is_container(value)
            if name in value.items or is_item:
                value.items[name] = to
            else:
                value.attributes[name] = to
        elif isinstance(value, SourceRecord) and value.is_open("__setattr__"):
            value[name] = to if value.cls else opened(to)
        elif isinstance(value, Class):
            value.names[name] = to
        elif isinstance(value, Namespace):
            value.attributes[name] = to
        elif not isinstance(value, External | Unknown | Learned | Function | Method):
            raise self.machine.fault(_("its attributes are not set here"))

    def _set_weights(self, value: Instance, name: str, to: Value) -> None:
        """Take a bias away; refuse weights that are another layer's, which both would count."""
        assert value.spec is not None  # noqa: S101
        if to is None and name == "bias":
            value.spec = value.spec.changed("bias", to=False)
        elif isinstance(to, Learned) and any(key < 0 for key in to.keys):
            raise self.machine.fault(_("weights of another layer are not followed"))

    def super_of(self, places: Places) -> Value:
        """Return `super()`, of the frame, or of a class and an object."""
        owner, first = (places[0], places[1]) if len(places) == 2 else self._owner()
        if isinstance(owner, Class) and isinstance(first, Instance | Class):
            return Super(first, owner)
        raise self.machine.fault(_("what 'super' is here is not known"))

    def _owner(self) -> tuple[Value, Value]:
        return self.machine.frame.owner, self.machine.frame.first
