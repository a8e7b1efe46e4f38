"""What operators and comparisons make of values of any kind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.python import operators
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import Builtin, External, Value, first_unknown
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.attributes import Attributes

_SPECIAL: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
}


class Operations:
    """Works out operators and comparisons: of plain values, of objects, and of tensors."""

    def __init__(self, attributes: Attributes) -> None:
        self.machine, self.above = attributes.machine, attributes.above
        self.known = attributes.known
        self.attributes = attributes

    def operate(self, kind: type[ast.operator], left: Value, right: Value) -> Value:
        """Return what an operator makes of two values."""
        if (unknown := first_unknown((left, right))) is not None:
            return unknown
        if isinstance(left, Tensor | Learned) or isinstance(right, Tensor | Learned):
            return self.above.tensor_operator(kind, left, right)
        if isinstance(left, operators.PLAIN) and isinstance(right, operators.PLAIN):
            return self.machine.guarded(operators.work_out, kind, left, right)
        if isinstance(left, Instance) or isinstance(right, Instance):
            for value, other, side in ((left, right, ""), (right, left, "r")):
                special = f"__{side}{_SPECIAL.get(kind, '')}__"
                cls = value.cls if isinstance(value, Instance) else None
                if isinstance(cls, Class) and cls.find(special):
                    return self.above.call(self.attributes.attribute(value, special), [other], {})
        return self.machine.unknown(_("these values are not known"))

    def mask(self, left: Value, right: Value) -> Value:
        """Return what is true of each value of a constant, and false; of others it is not known."""
        constants = [each for each in (left, right) if isinstance(each, Learned)]
        plain = all(isinstance(each, Learned | int | float) for each in (left, right))
        if not plain or any(each.keys for each in constants):
            return self.machine.unknown(_("it depends on the values of a tensor"))
        return Learned(max((each.sizes for each in constants), key=len))

    def compared(self, how: ast.cmpop, left: Value, right: Value) -> bool:
        """Return whether a comparison holds."""
        if isinstance(how, ast.In | ast.NotIn):
            found = self._contains(right, left)
            return found if isinstance(how, ast.In) else not found
        if isinstance(how, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
            if isinstance(left, External | Builtin) or isinstance(right, External | Builtin):
                return (left == right) is isinstance(how, ast.Is | ast.Eq)
            if not isinstance(left, operators.PLAIN) or not isinstance(right, operators.PLAIN):
                if isinstance(left, Tensor | Learned) and isinstance(how, ast.Eq | ast.NotEq):
                    raise self.machine.fault(_("it depends on the values of a tensor"))
                return (left is right) is isinstance(how, ast.Is | ast.Eq)
        if isinstance(left, operators.PLAIN) and isinstance(right, operators.PLAIN):
            self.machine.go_through(left, right)
            return bool(self.machine.guarded(operators.COMPARISONS[type(how)], left, right))
        raise self.machine.fault(_("it depends on the values of a tensor"))

    def _contains(self, several: Value, one: Value) -> bool:
        if isinstance(several, Instance):
            return one in several.items
        if isinstance(several, str | list | tuple | dict | set | range):
            if isinstance(several, range) and type(one) is not int:  # would be gone through
                several = self.known.items(several)
            if isinstance(several, dict | set):
                self.machine.look_up_by(one)
            else:
                self.machine.go_through(several)
            if isinstance(several, list | tuple):
                return any(alike(each, one) for each in several)
            return bool(self.machine.guarded(lambda: one in several))
        raise self.machine.fault(_("what is gone through here is not known"))


def alike(one: Value, other: Value) -> bool:
    """Return whether two values are one, or are equal where they are plain."""
    plain = (*operators.PLAIN, External, Builtin)
    return one is other or (
        isinstance(one, plain) and isinstance(other, plain) and bool(one == other)
    )
