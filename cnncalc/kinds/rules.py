"""How modules become ours, where those of PyTorch and of Keras do alike."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import Wanted, is_size, not_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Rule, Values


def adaptive_pool(kind: str, whole: str) -> Rule:
    """Return a rule for an adaptive pool: to one place it is a global pool."""

    def rule(ours: Values, _given: Values, _rank: int | None) -> list[Wanted]:
        return [Wanted(whole) if ours["size"] == (1,) else Wanted(kind, ours)]

    return rule


def over_several(shape: Sequence[Any], times: int) -> list[Wanted]:
    """Return a norm over several axes, which learns some numbers for each of their values."""
    if not all(map(is_size, shape)) or not shape:
        raise not_read("normalized_shape", tuple(shape))
    if not times:
        return [Wanted("identity", stands_for="LayerNorm")]
    return [Wanted("position", {"count": times * prod(shape)})]


def rms_norm(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a norm without a mean: a scale for each channel and no shift."""
    shape = given.get("normalized_shape")
    learns = given.get("elementwise_affine", True)
    if isinstance(shape, tuple | list) and len(shape) != 1:
        return over_several(shape, int(bool(learns)))
    return [Wanted("ln", {"noscale": not learns, "nobias": True})]


def stands_for(name: str) -> Rule:
    """Return a rule for what is no layer of ours and keeps the shape of its input."""
    return lambda _ours, _given, _rank: [Wanted("identity", stands_for=name)]
