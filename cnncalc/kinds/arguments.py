"""What a layer is given: the values of its arguments, under their names."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def _attribute(name: str) -> str:
    """Return the attribute that a parameter's name is."""
    return name.replace("-", "_")


class Arguments(SimpleNamespace):
    """One layer's arguments by name, `-` as `_`: a.kernel, a.output_padding.

    What a kind does not take stands at what leaves a window as it is, so that one rule of windows
    serves them all.

    >>> Arguments.of(("kernel", "output-padding"), ((3,), (1,))).output_padding
    (1,)
    """

    padding: tuple[Any, ...] = (0,)
    dilation: tuple[Any, ...] = (1,)
    groups: Any = 1
    rank = 0
    same = full = causal = ceil = nobias = noscale = reflect = circular = False

    @classmethod
    def of(cls, names: Iterable[str], values: Iterable[Any]) -> Arguments:
        """Return values under the names of their parameters."""
        return cls(**dict(zip(map(_attribute, names), values, strict=True)))

    def but(self, **values: Any) -> Arguments:
        """Return the same arguments with other values for some."""
        return type(self)(**{**vars(self), **values})
