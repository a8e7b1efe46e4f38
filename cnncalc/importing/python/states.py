"""The last states of recurrent layers, by their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.values import Parts, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.moves import Moves


class States(Parts):
    """The last states of a recurrent layer: those of its last layer are known."""

    def __init__(self, reading: Moves, last: Value, layers: int, *, both: bool) -> None:
        self.reading = reading
        self.last = last
        self.count = layers * (2 if both else 1)
        self.both = both

    def item(self, index: Value) -> Value:
        """Return one of them."""
        rest = index[1:] if isinstance(index, tuple) else ()
        at = index[0] if isinstance(index, tuple) else index
        if not isinstance(at, int) or any(each != slice(None) for each in rest):
            return self.reading.unknown(_("these places depend on the values of a tensor"))
        at -= self.count if at >= 0 else 0
        if not self.both:
            return self.last if at == -1 else self.reading.unknown(_("this state is not known"))
        if at not in (-1, -2):
            return self.reading.unknown(_("this state is not known"))
        size = self.reading.tensor_sizes(self.last)[-1]
        start = 0 if at == -2 else size // 2
        return self.reading.cut(self.last, 1, start, start + size // 2)

    def method(self, name: str, places: list[Value]) -> Value:
        """Return what a method of them gives."""
        if name == "squeeze" and self.count == 1 and places in ([], [0]):
            return self.last
        if name in ("detach", "contiguous", "to", "cuda"):
            return self
        return self.reading.unknown(_("{name} is not followed", name=quoted(name)))
