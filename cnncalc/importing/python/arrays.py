"""Rows of known numbers, as numpy and PyTorch make them to work out sizes: arithmetic on each."""

from __future__ import annotations

import ast
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import operators
from cnncalc.importing.python.tensor_values import Learned
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.python.values import Value

MOST = BUDGET.source_array
"""How many numbers a row may have; longer ones have a size alone."""

_EACH: dict[str, Callable[[Any], Any]] = {
    **operators.named(math, "log log2 log10 exp sqrt"),
    "floor": lambda n: float(math.floor(n)),
    "ceil": lambda n: float(math.ceil(n)),
    **dict.fromkeys(("round", "around", "rint"), round),
    **dict.fromkeys(("int", "long"), int),
    "abs": abs,
    "float": float,
}
_PAIRS: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    **dict.fromkeys(("subtract", "sub"), ast.Sub),
    **dict.fromkeys(("multiply", "mul"), ast.Mult),
    **dict.fromkeys(("divide", "div", "true_divide"), ast.Div),
    "floor_divide": ast.FloorDiv,
    **dict.fromkeys(("power", "pow"), ast.Pow),
    "mod": ast.Mod,
}
_WHOLE: dict[str, Callable[[Sequence[Any]], Any]] = {
    **dict.fromkeys(("max", "amax"), max),
    **dict.fromkeys(("min", "amin"), min),
    "sum": sum,
    "prod": math.prod,
    "mean": lambda values: sum(values) / len(values),
}


def row(values: Sequence[Any]) -> Learned:
    """Return a row of numbers."""
    return Learned((len(values),), values=list(values))


def spaced(name: str, places: Sequence[Any]) -> Learned | None:
    """Return the row that `arange` or `linspace` makes; None where it is too long, or none."""
    if name == "linspace":
        start, stop, count = (*places, 50)[:3] if len(places) > 1 else (0, 0, 0)
        if not isinstance(count, int) or not 0 < count <= MOST:
            return None
        return row([start + (stop - start) * each / max(count - 1, 1) for each in range(count)])
    start, stop, step = (0, *places, 1) if len(places) == 1 else (*places, 1)[:3]
    if not step or not 0 < (stop - start) / step <= MOST:
        return None
    return row([start + step * each for each in range(math.ceil((stop - start) / step))])


def numbers(value: Value) -> list[Any] | None:
    """Return the numbers of a row or a list of them, one number by itself; None for none."""
    if isinstance(value, Learned) and value.values is not None and len(value.sizes) < 2:
        return value.values
    if isinstance(value, int | float):
        return [value]
    plain = isinstance(value, list | tuple) and 0 < len(value) <= MOST
    return list(value) if plain and all(isinstance(n, int | float) for n in value) else None


def combined(kind: type[ast.operator], left: Value, right: Value) -> Value | None:
    """Return what an operator makes of two rows, or a row and a number; None for other values."""
    one, other = numbers(left), numbers(right)
    if one is None or other is None or 1 < len(one) != len(other) > 1:
        return None
    count = max(len(one), len(other))
    pairs = zip(one * (count // len(one)), other * (count // len(other)), strict=True)
    return row([operators.work_out(kind, *pair) for pair in pairs])


def worked_out(name: str, places: Sequence[Value]) -> Value | None:
    """Return what a function of packages makes of rows; None for another, and for other values."""
    rows = (Learned,) if name in _WHOLE else (Learned, list, tuple)
    if not any(isinstance(each, rows) for each in places):
        return None
    if name in _PAIRS and len(places) == 2:
        return combined(_PAIRS[name], *places)
    values = numbers(places[0])
    if values is None:
        return None
    if name == "astype" and len(places) > 1:
        whole = "int" in str(getattr(places[1], "name", places[1]))
        return row([int(n) if whole else n for n in values])
    if name in _EACH and len(places) == 1:
        return row([_EACH[name](n) for n in values])
    if name == "unique" and len(places) == 2:  # with how often each stands there
        several = sorted(set(values))
        return row(several), row([values.count(each) for each in several])
    if name == "unique":
        return row(sorted(set(values)))
    if name == "cumsum":
        return row([sum(values[: at + 1]) for at in range(len(values))])
    if name == "diff":
        return row([b - a for a, b in pairwise(values)])
    if name in _WHOLE and len(places) == 1:
        return _WHOLE[name](values)
    return None
