"""Functions and methods of tensors as they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.values import argument
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.importing.python.values import Names, Places, Value


class TensorCall(NamedTuple):
    """A call of a tensor's function or method: the tensor, and the rest by place and by name."""

    tensor: Value
    rest: Places = []  # noqa: RUF012 - never changed
    names: Names = {}  # noqa: RUF012 - never changed

    def get(self, place: int, *words: str, default: Value = None) -> Value:
        """Return an argument by one of its names, or else by its place behind the tensor."""
        return argument(self.rest, self.names, place, *words, default=default)

    def axis(self, place: int, default: Value) -> Value:
        """Return a dimension that is given."""
        return self.get(place, "dim", "axis", default=default)

    def several(self, *words: str) -> Places:
        """Return numbers that are given one by one, or as one argument by a name."""
        return self.rest or [self.names[word] for word in words if word in self.names]

    def bound(self, *words: str) -> Names:
        """Return the arguments by their names, of which those by place have these."""
        return {**dict(zip(words, self.rest, strict=False)), **self.names}
