"""The graph of a file of another kind, in ONNX's operators, to be read as an ONNX file's is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.functions import Operation
from cnncalc.importing.onnx.model import INT64, Constant, OnnxModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def as_kind(word: str) -> str:
    """Return what ONNX, and Keras, call an operator of a name in words.

    >>> as_kind("log_softmax")
    'LogSoftmax'
    """
    return "".join(part.capitalize() for part in word.split("_"))


def pairs(text: str) -> dict[str, str]:
    """Return what is written `theirs=ours`: operators, and what each is called in ONNX.

    >>> pairs("eq=Equal gt=Greater")
    {'eq': 'Equal', 'gt': 'Greater'}
    """
    return dict(pair.split("=") for pair in text.split())


_WORDS = (
    "abs ceil celu cos elu erf exp floor gelu hard_swish leaky_relu log log_sigmoid log_softmax "
    "mish neg reciprocal relu round selu sigmoid sign sin softmax softplus softsign sqrt tan tanh"
)
EACH_VALUE = {word: as_kind(word) for word in _WORDS.split()}
"""Operators of one tensor that keep its shape, by the words that other frameworks have for them."""

REDUCTIONS = {word: f"Reduce{word.capitalize()}" for word in ["max", "mean", "min", "prod", "sum"]}
"""Operators that make one value of those along some axes."""

OF_TWO = {
    **{word: as_kind(word) for word in ["add", "sub", "mul", "div"]},
    "maximum": "Max",
    "minimum": "Min",
}
"""Operators of two tensors, value by value."""


class Made:
    """A graph that is made operator by operator; `shapes` are what its file tells of tensors."""

    def __init__(
        self, shapes: Mapping[str, Sequence[int | None]], *, channels_last: bool = False
    ) -> None:
        told = {name: list(dims) for name, dims in shapes.items()}
        self.model = OnnxModel([], {}, {}, [], told, channels_last)
        self._count = 0

    def add(
        self, kind: str, title: str, reads: Sequence[str | None], makes: Sequence[str], **given: Any
    ) -> None:
        """Add an operator with its attributes."""
        names = tuple(each or "" for each in reads)
        self.model.operations.append(Operation(kind, title, names, tuple(makes), given))

    def whole(self, values: Sequence[int] | int) -> str:
        """Return the name of a new tensor of whole numbers."""
        self._count += 1
        name = f"whole_{self._count}"
        held = (values,) if isinstance(values, int) else tuple(values)
        dims = () if isinstance(values, int) else (len(held),)
        self.model.constants[name] = Constant(dims, held, "", INT64)
        return name
