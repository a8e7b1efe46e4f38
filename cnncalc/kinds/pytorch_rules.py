"""How PyTorch's modules become layers of ours, where there is more to it than names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import (
    ModuleError,
    Values,
    Wanted,
    axes_from,
    not_read,
    pair_from,
    sides_from,
)
from cnncalc.kinds.rules import over_several
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Rule


def conv(ours: Values, given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a convolution of PyTorch: a depthwise one where each channel is a group."""
    if ours.get("same") and ours["stride"] != (1,):
        message = _("PyTorch pads to the same size where the stride is 1 alone")
        raise ModuleError(message, "padding")
    channels = given.get("in_channels")
    if ours["groups"] != channels or channels == 1:
        return [Wanted("conv", ours)]
    left = {name: value for name, value in ours.items() if name not in ("filters", "groups")}
    if ours["filters"] != channels:
        left["filters"] = ours["filters"]
    return [Wanted("dwconv", left)]


def deconv(ours: Values, _given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a transposed convolution of PyTorch, whose output padding is 0 where none is given."""
    left = {
        name: value for name, value in ours.items() if (name, value) != ("output-padding", (0,))
    }
    return [Wanted("deconv", left)]


def norm(kind: str) -> Rule:
    """Return a rule for a norm of PyTorch, which learns both or neither, or no shift."""

    def rule(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
        shape = given.get("normalized_shape")
        learns = given.get("affine", True) and given.get("elementwise_affine", True)
        if isinstance(shape, tuple | list) and len(shape) != 1:
            return over_several(shape, 0 if not learns else 1 if ours["nobias"] else 2)
        arguments = {**ours, "noscale": not learns, "nobias": not learns or ours["nobias"]}
        return [Wanted(kind, arguments)]

    return rule


def instance_norm(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return an instance norm; one that learns no shift is a group norm of a group a channel."""
    if given["affine"] and not given["bias"]:
        return [Wanted("gn", {"groups": given["num_features"], "nobias": True})]
    return [Wanted("in", ours)]


def flatten(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a flatten: from the second axis on it leaves the channels."""
    if given["start_dim"] not in (1, 2) or given["end_dim"] != -1:
        raise not_read("start_dim", given["start_dim"])
    return [Wanted("flatten" if given["start_dim"] == 1 else "tokens")]


def unflatten(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a reshape of a vector to a map; PyTorch says its channels first."""
    sizes = given["unflattened_size"]
    if given["dim"] != 1 or not isinstance(sizes, tuple | list) or not sizes:
        raise not_read("dim", given["dim"])
    return [Wanted("reshape", {"volume": (*sizes[1:], sizes[0])})]


def upsample(mode: str = "") -> Rule:
    """Return a rule for a module that makes maps larger: by whole factors, or to a size."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        name = mode or given["mode"]
        if name not in ("nearest", "nearest-exact", "linear", "bilinear", "trilinear"):
            raise not_read("mode", name)
        how: dict[str, Any] = {} if name.startswith("nearest") else {"bilinear": True}
        if given["size"] is not None:
            return [Wanted("resize", {"size": axes_from("size", given["size"], rank), **how})]
        factor = given["scale_factor"]
        factors = factor if isinstance(factor, tuple | list) else (factor,)
        if any(not isinstance(each, int | float) or each % 1 for each in factors):
            raise not_read("scale_factor", factor)
        whole = axes_from("scale_factor", tuple(int(each) for each in factors), rank)
        return [Wanted("upsample", {"factor": whole, **how})]

    return rule


def pool(kind: str) -> Rule:
    """Return a rule for a pool, which PyTorch pads by half its kernel at most."""

    def rule(ours: Values, _given: Values, rank: int | None) -> list[Wanted]:
        kernel, padding = (ours[name] * (rank or 1) for name in ("kernel", "padding"))
        if any(2 * pad > size for pad, size in zip(padding, kernel, strict=False)):
            raise ModuleError(_("PyTorch pads a pool by half its kernel at most"), "padding")
        return [Wanted(kind, ours)]

    return rule


def around(flag: str = "") -> Rule:
    """Return a rule for a padding: the last axis goes first, before and after; crops below 0."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        value = given["padding"]
        numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * 2 * (rank or 1)
        if len(numbers) % 2 or (rank and len(numbers) != 2 * rank):
            raise not_read("padding", value)
        crops = all(number <= 0 for number in numbers) and any(numbers)
        sizes = [-number if crops else number for number in numbers]
        pairs = [pair_from("padding", sizes[at : at + 2]) for at in range(0, len(sizes), 2)][::-1]
        size = {"size": sides_from(pairs)}
        return [
            Wanted("crop", size) if crops else Wanted("pad", {**size, flag: True} if flag else size)
        ]

    return rule


def gained(ours: Values, given: Values, rank: int | None) -> Sequence[Wanted]:
    """Return a convolution of standardized weights with a learned gain for each filter."""
    return [*conv(ours, given, rank), Wanted("layerscale")]


def same(rule: Rule) -> Rule:
    """Return a rule for what pads as TensorFlow does, whatever its padding says."""

    def padded(ours: Values, given: Values, rank: int | None) -> Sequence[Wanted]:
        made = rule({**ours, "padding": (0,)}, given, rank)
        return [
            each._replace(arguments={**each.arguments, "same": True})
            if "padding" in each.arguments
            else each
            for each in made
        ]

    return padded


def selected_pool(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return the pool before a classifier, which flattens unless it is told not to."""
    kinds = {"avg": ["gap"], "max": ["gmp"], "": []}
    if given["pool_type"] not in kinds:
        raise not_read("pool_type", given["pool_type"])
    flat = str(given["flatten"]).startswith(("Flatten", "True"))
    return [Wanted(each) for each in [*kinds[given["pool_type"]], *(["flatten"] * flat)]]
