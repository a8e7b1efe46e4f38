"""The input that a source may be meant for: what it says itself, and what is usual."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.kinds.volumes import Volume

_USUAL = (32, 224, 28, 64, 96, 128, 227, 256, 299, 512, 84, 100, 48)
_MOST_CHANNELS = 4


def usual_volumes(tree: ast.Module, given: Volume | None) -> Iterator[Volume]:
    """Yield volumes to try, each once: those that a source names, then squares and lengths.

    They have the rank and the channels of the one that is given, and then 3 channels or 1.
    """
    rank = len(given) if given else 3
    seen = {given}
    named = list(_named_volumes(tree))
    channels = [given[-1]] if given else []
    channels += [each[-1] for each in named]
    if given:
        named += [(*given[:-1], each) for each in (3, 1)]
    for each in (*channels, 3, 1):
        named += [(*(size,) * (rank - 1), each) for size in _USUAL]
    for volume in named:
        if len(volume) == rank and volume not in seen:
            seen.add(volume)
            yield volume


def _named_volumes(tree: ast.Module) -> Iterator[Volume]:
    """Yield what a source says of its input: `torch.randn(1, 3, 32, 32)`, `(3, 32, 32)`.

    >>> list(_named_volumes(ast.parse("x = torch.randn(1, 3, 32, 48); summary(net, (1, 28, 28))")))
    [(32, 48, 3), (28, 28, 1)]
    """
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call):
            parts = node.args
        elif isinstance(node, ast.Tuple | ast.List):
            parts = node.elts
        sizes = tuple(
            each.value
            for each in parts
            if isinstance(each, ast.Constant) and type(each.value) is int and each.value > 0
        )
        if len(sizes) != len(parts) or len(sizes) not in (3, 4):
            continue
        first, *rest = sizes[-3:]
        if first <= _MOST_CHANNELS and min(rest) > _MOST_CHANNELS:
            yield (*rest, first)
        elif rest[-1] <= _MOST_CHANNELS and min(first, rest[0]) > _MOST_CHANNELS:
            yield (first, *rest)
