"""The last states of recurrent layers."""

from __future__ import annotations

from cnncalc.importing.python.values import Tensor, Value


class States(Tensor):
    """States of several layers or directions: layers x batch x units.

    `known` are those of its last layer, by their places from the end: they are the last of its
    steps. No layer makes the others, which the recurrent layer holds.
    """

    __slots__ = ("known",)

    def __init__(self, tensor: Tensor, known: dict[int, Value]) -> None:
        super().__init__(tensor.node, tensor.view, last=tensor.last)
        self.known = known

    def one(self, index: Value) -> Value:
        """Return one of them by its place, None where it is not known by itself."""
        at, *rest = index if isinstance(index, tuple) else (index,)
        if type(at) is not int or any(each != slice(None) for each in rest):
            return None
        return self.known.get(at - self.view[0][0][2] if at >= 0 else at)
