"""Tensors as values: those that depend on what comes in, and those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.onnx.views import View
    from cnncalc.importing.python.values import Value

BATCH = 2**31 - 1
"""How many inputs come at once: a prime that no size is, so that it shows where it goes."""


class Tensor:
    """A tensor that depends on what comes in: the node that makes it, and how it holds its axes.

    `last` says that its channels come last, as in Keras; `narrow` is what it was before it was made
    wider.
    """

    __slots__ = ("last", "narrow", "node", "view")

    def __init__(self, node: int, view: View, *, last: bool = False) -> None:
        self.node = node
        self.view = view
        self.last = last
        self.narrow: Tensor | None = None

    def become(self, other: Tensor) -> None:
        """Be another tensor from here on."""
        self.node, self.view = other.node, other.view
        self.last, self.narrow = other.last, other.narrow


class Learned:
    """A tensor that does not depend on what comes in: its sizes, and the parameters it is made of.

    `of` are those, each with how many numbers it holds; none for a constant, whose `values` may be
    known.
    """

    __slots__ = ("of", "sizes", "values")

    def __init__(
        self,
        sizes: tuple[int, ...],
        of: dict[int, int] | None = None,
        values: list[float] | None = None,
    ) -> None:
        self.values = values
        self.sizes = sizes
        self.of = of or {}

    @property
    def keys(self) -> frozenset[int]:
        """The parameters that it is made of."""
        return frozenset(self.of)

    @property
    def whole(self) -> int:
        """How many numbers they hold."""
        return sum(self.of.values())


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
