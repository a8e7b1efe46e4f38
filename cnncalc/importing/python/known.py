"""What is known of values: whether they are true, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python import faults, layouts, operators
from cnncalc.importing.python.objects import Instance
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import External, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.interface import Interface
    from cnncalc.importing.python.machine import Machine

MOST_PARTS = 100  # of a tensor that is gone through


class Known:
    """Asks values what every part has to know of them."""

    def __init__(self, machine: Machine, above: Interface) -> None:
        self.machine, self.above = machine, above

    def truth(self, value: Value) -> bool:
        """Return whether a value is true; refuse what is not known."""
        self.machine.need(value)
        if isinstance(value, operators.PLAIN):
            return bool(value)
        if isinstance(value, Instance):
            return bool(value.items) if value.items or self.is_container(value) else True
        if isinstance(value, Tensor | Learned):
            raise self.machine.fault(_("it depends on the values of a tensor"))
        if isinstance(value, External):
            if value.name[:1].isupper() and not value.name.isupper():
                return True  # a class
            raise self.machine.fault(_("{name} lies outside this source", name=quoted(value.path)))
        return True

    def is_container(self, value: Instance) -> bool:
        """Return whether an object is a container of modules."""
        base = value.outside
        return base is not None and base.name in ("Sequential", "ModuleList", "ModuleDict")

    def items(self, value: Value) -> list[Value]:
        """Return what a loop goes over."""
        self.machine.need(value)
        if isinstance(value, range) and len(value) > 100_000:
            raise faults.too_large(*self.machine.here)
        if isinstance(value, list | tuple | range | str | dict | set):
            self.machine.spend(len(value))
            return sorted(value, key=str) if isinstance(value, set) else list(value)
        if isinstance(value, Instance):
            return self.above.instance_items(value)
        if isinstance(value, Learned) and value.values is not None:
            return list(value.values)
        if isinstance(value, Tensor):
            count = layouts.sizes(value.view)[0]
            if layouts.has_batch(value.view[0]) or count > MOST_PARTS:
                raise self.machine.fault(_("the parts of a tensor are not gone through"))
            return [self.above.tensor_item(value, at) for at in range(count)]
        raise self.machine.fault(_("what is gone through here is not known"))
