"""Types of values: how many bits each has, and which the weights and which the maps are of.

Two values of int4 share a byte, in each tensor anew: of an odd number the last byte is half empty,
as in ONNX (TensorProto), TensorFlow Lite and ONNX Runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number

BITS = {"float32": 32, "float16": 16, "bfloat16": 16, "int16": 16, "int8": 8, "int4": 4}
"""The bits of one value, by its type."""

_SUMS = {"int32": 32, "int64": 64}  # of products of integers

PARTS = ("weights", "activations")
"""What may have types of their own."""


class Types(NamedTuple):
    """The type of learned numbers, and that of what goes in, on and out."""

    weights: str = "float32"
    activations: str = "float32"

    @property
    def name(self) -> str:
        """How they are typed: the one name of both, or each under its own.

        >>> Types("int4", "int8").name, Types("int8", "int8").name
        ('weights=int4,activations=int8', 'int8')
        """
        if self.weights == self.activations:
            return self.weights
        return ",".join(f"{part}={name}" for part, name in zip(PARTS, self, strict=True))

    @property
    def biases(self) -> str:
        """The type that biases are stored in beside weights in integers, as TensorFlow Lite has it.

        https://ai.google.dev/edge/litert/conversion/tensorflow/quantization/quantization_spec
        """
        if self.weights not in ("int8", "int4"):
            return self.weights
        return "int64" if self.activations == "int16" else "int32"

    @property
    def compute(self) -> str:
        """The type that is multiplied in: the wider of the two, a float before an integer."""
        return max(self, key=lambda name: (BITS[name], "float" in name))


def bytes_of(values: Number, name: str) -> Number:
    """Return the bytes of a tensor of so many values of a type.

    >>> bytes_of(7, "float32"), bytes_of(7, "int4"), bytes_of(8, "int4")
    (28, 4, 4)
    """
    bits = BITS.get(name) or _SUMS[name]
    return values * (bits // 8) if bits >= 8 else (values + 1) // 2


def find_types(text: str, place: str = "--dtype") -> Types:
    """Return the types that a text names, one for all or one for each part; float32 by default.

    >>> find_types("weights=int4, activations=int8")
    Types(weights='int4', activations='int8')
    """
    known = _NAMED.get(text)
    if known:
        return known
    found: dict[str, str] = {}
    at = 0
    for piece in text.split(","):
        part, equals, name = piece.partition("=") if "=" in piece else ("", "", piece)
        word, part = name.strip().lower(), part.strip().lower()
        start = at + len(piece) - len(name.lstrip())
        span = Span(Source(place, text), start, start + max(len(word), 1))
        at += len(piece) + 1
        names = ({part} & {*PARTS}) if equals else {*PARTS}
        if word not in BITS:
            from cnncalc.speech.names import no_such

            fact = _("no type of values is called {name}", name=quoted(word))
            raise no_such("unknown-type", fact, word, span, BITS)
        if not names or names & {*found}:
            raise Problem(
                "unknown-type",
                _("types are of weights and of activations, each once"),
                [Label(span)],
                helps=[_("as in '--dtype weights=int4,activations=int8'")],
                status=2,
            )
        found |= dict.fromkeys(names, word)
    return Types(**found)


_NAMED = {name: Types(name, name) for name in BITS}
