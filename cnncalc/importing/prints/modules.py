"""Printed modules by the one table of modules: what each takes, and which layers of ours it is."""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import each_axis
from cnncalc.importing.prints.text import PARAMETER, arguments_in
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import PYTORCH, Wanted, is_size
from cnncalc.numbers.digits import whole_of
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from cnncalc.importing.prints.text import PrintedModule
    from cnncalc.kinds.volumes import Volume

LEARNING = frozenset(
    """
    conv dwconv deconv local fc linear bn ln gn in prelu layerscale embedding token position
    attention lstm gru rnn deformconv
    """.split()
)
"""Kinds of layers that may learn numbers."""

_NOTHING = frozenset(
    (
        *("CosineSimilarity", "Fold", "GLU", "PairwiseDistance", "Unfold", "Upsample"),
        *(
            f"{name}{rank}d"
            for name in ("FractionalMaxPool", "LPPool", "MaxUnpool")
            for rank in (1, 2, 3)
        ),
        *("CrossMapLRN2d", "UpsamplingBilinear2d", "UpsamplingNearest2d"),
        *(f"Adaptive{name}Pool{rank}d" for name in ("Avg", "Max") for rank in (1, 2, 3)),
    )
)
"""Classes of PyTorch that learn nothing, whatever their arguments are."""

_GATES = {"RNNCell": 1, "GRUCell": 3, "LSTMCell": 4}


def numbers_of(module: PrintedModule) -> tuple[int, int] | None:
    """Return how many numbers a class of PyTorch learns that is no layer here, and its weights.

    None for another class, and for arguments that it does not have.
    """
    kind = module.kind.rpartition(".")[2]
    if kind in _NOTHING:
        return 0, 0
    if kind == PARAMETER:
        count = prod(whole_of(size) for size in module.rest.split("x"))
        return count, count
    places, names = module.arguments()
    if kind == "LSTM" and names.get("proj_size"):
        return _projected(places, names)
    if kind == "Bilinear":
        given = [names.get(f"{name}_features") for name in ("in1", "in2", "out")]
    elif kind == "EmbeddingBag" or kind in _GATES:
        given = places[:2]
    else:
        return None
    sizes = [int(size or 0) for size in given if is_size(size)]
    if len(sizes) < (_PAIR if kind != "Bilinear" else _PAIR + 1):
        return None
    bias = bool(names.get("bias", True))
    if kind in _GATES:
        (takes, units), gates = sizes, _GATES[kind]
        weights = gates * units * (takes + units)
        return weights + 2 * gates * units * bias, weights
    weights = prod(sizes)
    return weights + (sizes[-1] * bias if kind == "Bilinear" else 0), weights


def _projected(places: list[Any], names: dict[str, Any]) -> tuple[int, int] | None:
    """Return what an LSTM learns whose states are projected, before a step reads them again."""
    *given, layers, narrow = (*places[:2], names.get("num_layers", 1), names["proj_size"])
    if len(given) < _PAIR or not all(map(is_size, (*given, layers, narrow))):
        return None
    takes, units = given
    ways = 1 + bool(names.get("bidirectional"))
    gates = ways * _GATES["LSTMCell"] * units
    first, later = (gates * (width + narrow) for width in (takes, ways * narrow))
    weights = first + (layers - 1) * later + layers * ways * narrow * units
    return weights + 2 * gates * layers * bool(names.get("bias", True)), weights


_PAIR = 2
_RANK = re.compile(r"[123]d$")


def entry_of(module: PrintedModule) -> modules.Module | None:
    """Return the entry of a module's class, whose name may say the axes or not."""
    kind = module.kind.rpartition(".")[2]
    return find(kind, PYTORCH) or find(_RANK.sub("", kind), PYTORCH)


def resized(module: PrintedModule, volume: Volume) -> tuple[Wanted, ...] | None:
    """Return an Upsample by a fraction as the size that it comes to; None for another module."""
    _places, names = module.arguments()
    factor = names.get("scale_factor")
    factors = factor if isinstance(factor, tuple) else (factor,) * (len(volume) - 1)
    known = len(factors) == len(volume) - 1 and all(isinstance(f, int | float) for f in factors)
    if not known or module.kind.rpartition(".")[2] not in _NOTHING:
        return None
    sizes = [int(n * f) for n, f in zip(volume, factors, strict=False)]
    if not all(map(is_size, sizes)) or 0 in sizes:
        return None
    how = {} if str(names.get("mode", "nearest")).startswith("nearest") else {"bilinear": True}
    return (Wanted("resize", {"size": each_axis(sizes), **how}),)


def layers_of(
    entry: modules.Module, module: PrintedModule
) -> tuple[tuple[Wanted, ...], int | None]:
    """Return the layers that a module is, and how many channels it takes, where it says so."""
    return _layers_of(entry, module.rest)


@lru_cache(BUDGET.remembered)
def _layers_of(entry: modules.Module, rest: str) -> tuple[tuple[Wanted, ...], int | None]:
    places, names = arguments_in(rest)
    values = modules.bind(entry, places, names, strict=False)
    said = modules.incoming(entry, values)
    return modules.translate(entry, values), said[1] if said else None
