"""What is known of values: whether they are true, what is in them, and what they raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import faults, layouts, operators
from cnncalc.importing.python.scopes import Machine
from cnncalc.importing.python.values import (
    External,
    Instance,
    Learned,
    Raised,
    Tensor,
    Value,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

CAUGHT = (
    *(TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError),
    AttributeError,
)
"""What Python's own operations raise on values that do not fit."""


MOST_PARTS = 100  # of a tensor that is gone through


def _uncapped(text: str) -> str:
    """Return what an exception says as a message does: its first word is no sentence's.

    >>> _uncapped("Division by zero"), _uncapped("RNN is no name")
    ('division by zero', 'RNN is no name')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


class Known(Machine):
    """Asks values what every rule has to know of them."""

    def guarded(self, of: Callable[..., Any], *values: Any) -> Any:
        """Return what one of Python's own operations makes; what it raises, the source raises."""
        try:
            return self.hold(of(*values))
        except operators.TooLarge:
            raise faults.too_large(self.frame.file, self.node) from None
        except CAUGHT as error:
            raise self.raised(type(error).__name__, str(error)) from None

    def raised(self, kind: str, why: str) -> Raised:
        """Return an exception as the source raises it."""
        return Raised(kind, faults.raises(self.frame.file, self.node, kind, _uncapped(why[:80])))

    def truth(self, value: Value) -> bool:
        """Return whether a value is true; refuse what is not known."""
        self.need(value)
        if isinstance(value, operators.PLAIN):
            return bool(value)
        if isinstance(value, Instance):
            return bool(value.items) if value.items or self.is_container(value) else True
        if isinstance(value, Tensor | Learned):
            raise self.fault(_("it depends on the values of a tensor"))
        if isinstance(value, External):
            if value.name[:1].isupper() and not value.name.isupper():
                return True  # a class
            raise self.fault(_("{name} lies outside this source", name=quoted(value.path)))
        return True

    def is_container(self, value: Instance) -> bool:
        """Return whether an object is a container of modules."""
        base = value.outside
        return base is not None and base.name in ("Sequential", "ModuleList", "ModuleDict")

    def items(self, value: Value) -> list[Value]:
        """Return what a loop goes over."""
        self.need(value)
        if isinstance(value, range) and len(value) > 100_000:
            raise faults.too_large(self.frame.file, self.node)
        if isinstance(value, list | tuple | range | str | dict | set):
            self.spend(len(value))
            return sorted(value, key=str) if isinstance(value, set) else list(value)
        if isinstance(value, Instance):
            return self.instance_items(value)
        if isinstance(value, Learned) and value.values is not None:
            return list(value.values)
        if isinstance(value, Tensor):
            count = layouts.sizes(value.view)[0]
            if layouts.has_batch(value.view[0]) or count > MOST_PARTS:
                raise self.fault(_("the parts of a tensor are not gone through"))
            return [self.tensor_item(value, at) for at in range(count)]
        raise self.fault(_("what is gone through here is not known"))
