"""What a layer is given: the values of its arguments, under their names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


class Arguments(SimpleNamespace):
    """One layer's arguments by name, `-` as `_`: a.kernel, a.output_padding.

    What a kind does not take stands at what leaves a window as it is, so that one rule of windows
    serves them all.

    >>> Arguments(kernel=(3,), output_padding=(1,)).dilation
    (1,)
    """

    padding: tuple[Any, ...] = (0,)
    dilation: tuple[Any, ...] = (1,)
    groups: Any = 1
    rank = 0
    same = full = causal = ceil = nobias = noscale = reflect = circular = False

    def but(self, **values: Any) -> Arguments:
        """Return the same arguments with other values for some."""
        return type(self)(**{**vars(self), **values})


def is_literal(value: Any, depth: int = 3) -> bool:
    """Return whether a value is as it may be typed: a number, a text, None, or a few of them."""
    if type(value) in (tuple, list):
        return depth > 0 and len(value) < 9 and all(is_literal(each, depth - 1) for each in value)
    return value is None or type(value) in (int, float, str, bool)
