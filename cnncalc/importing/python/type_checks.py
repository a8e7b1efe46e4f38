"""Types of values: isinstance, issubclass and type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Bound, Class, Instance, Partial
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import Builtin, External, Method, Places, Unknown, Value
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.known import Known

TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float,),
    "str": (str,),
    "bool": (bool,),
    "list": (list,),
    "tuple": (tuple,),
    "dict": (dict,),
    "set": (set,),
    "range": (range,),
    "slice": (slice,),
}

CALLED = (Function, Bound, Partial, Class, External, Builtin, Method, Instance)
"""What can be called."""


class TypeChecks:
    """Says what values are instances of."""

    def __init__(self, known: Known) -> None:
        self.machine = known.machine
        self.known = known

    def check(self, name: str, places: Places) -> Value:
        """Return what `type`, `isinstance` or `issubclass` gives."""
        if name == "type":
            return self._type(places)
        return self._isinstance(places) if name == "isinstance" else self._issubclass(places)

    def _type(self, places: Places) -> Value:
        if len(places) != 1:
            return self.machine.unknown(_("{name} is not followed", name="'type'"))
        return self.type_of(places[0])

    def type_of(self, value: Value) -> Value:
        """Return the class or type of a value."""
        if isinstance(value, Instance):
            return value.cls
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Tensor | Learned):
            return External("torch.Tensor")
        if isinstance(value, Partial):
            return External("functools.partial")
        for name, types in TYPES.items():
            if type(value) in types:
                return Builtin(name)
        return Builtin("type")

    def _isinstance(self, places: Places) -> Value:
        value, kinds = places
        if isinstance(value, Unknown):
            return value
        several = self.known.items(kinds) if isinstance(kinds, tuple | list) else [kinds]
        unknown: Value = False
        for kind in several:
            found = self.is_of(value, kind)
            if found is True:
                return True
            if isinstance(found, Unknown):
                unknown = found
        return unknown

    def is_of(self, value: Value, kind: Value) -> Value:
        """Return whether a value is an instance of a class or type, where that is known."""
        if isinstance(kind, Unknown):
            return kind
        if isinstance(kind, Builtin):
            types = TYPES.get(kind.name, ())
            return isinstance(value, types)
        if isinstance(kind, Class):
            return isinstance(value, Instance) and kind in value.order
        if not isinstance(kind, External):
            return False
        if isinstance(value, Instance):
            return self.is_kind(value, kind)
        if isinstance(value, Tensor | Learned):
            return kind.name in ("Tensor", "Parameter", "Variable", "KerasTensor")
        if isinstance(value, Partial):
            return kind.name == "partial"
        plain = {
            "Iterable": (list, tuple, dict, set, range, str),
            "Sequence": (list, tuple, range, str),
            "Number": (int, float),
            "Integral": (int,),
            "OrderedDict": (dict,),
            "Mapping": (dict,),
            "Tuple": (tuple,),
            "List": (list,),
            "Dict": (dict,),
            "Set": (set,),
        }
        if kind.name == "Callable":
            return isinstance(value, CALLED)
        return isinstance(value, plain.get(kind.name, ()))

    def is_kind(self, value: Instance, kind: External) -> bool:
        """Return whether an object is of a class of a framework, by its name."""
        names = {each.name for each in value.order if isinstance(each, External)}
        if kind.name in ("Module", "Layer"):
            return bool(names)
        ranked = {f"_{name[:-2]}Nd" for name in names if name.endswith("d")}
        ranked |= {"_BatchNorm"} if any(name.startswith("BatchNorm") for name in names) else set()
        return kind.name in names | ranked

    def _issubclass(self, places: Places) -> Value:
        one, other = places
        if isinstance(one, Class):
            return other in one.order
        return one == other
