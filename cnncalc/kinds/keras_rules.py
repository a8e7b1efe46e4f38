"""How Keras' layers become ours, where there is more to it than names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import (
    ACTIVATIONS,
    ModuleError,
    Values,
    Wanted,
    axes_from,
    not_read,
    pair_from,
    sides_from,
)
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Rule


def conv(ours: Values, _given: Values, _rank: int | None) -> list[Wanted]:
    """Return a convolution of Keras."""
    return [Wanted("conv", _causal(ours))]


def _causal(ours: Values) -> dict[str, Any]:
    """Return a convolution's arguments with a causal padding in numbers."""
    if ours.pop("causal", False):
        (kernel,), (dilation,) = ours["kernel"], ours["dilation"]
        ours["padding"] = sides_from([(dilation * (kernel - 1), 0)])
    return ours


def depthwise(ours: Values, _given: Values, _rank: int | None) -> list[Wanted]:
    """Return a depthwise convolution, with a multiplier where it is not 1."""
    if ours["multiplier"] == 1:
        del ours["multiplier"]
    return [Wanted("dwconv", _causal(ours))]


def separable(ours: Values, given: Values, rank: int | None) -> list[Wanted]:
    """Return a separable convolution: the depthwise part has no bias."""
    last = {"filters": ours.pop("filters"), "kernel": (1,), "nobias": ours["nobias"]}
    first = depthwise({**ours, "nobias": True}, given, rank)
    return [*first, Wanted("conv", last)]


def deconv(ours: Values, _given: Values, rank: int | None) -> list[Wanted]:
    """Return a transposed convolution: with padding 'same', the output is the stride times larger.

    Without an output padding of its own, what is over is taken off, half of it before; what is
    missing is added at the end.
    """
    same = ours.pop("same", False)
    axes = rank or max(len(ours[name]) for name in ("kernel", "stride", "dilation"))
    kernel, stride, dilation = (
        _spread(ours[name], axes) for name in ("kernel", "stride", "dilation")
    )
    extras = ours.pop("output-padding", None)
    pads, adds = [], []
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
        over = d * (k - 1) + 1 - s
        if extras is not None:
            pads.append((k // 2, k // 2) if same else (0, 0))
            adds.append(_spread(extras, axes)[axis])
        else:
            cut = max(over, 0) if same else 0
            pads.append((cut // 2, cut - cut // 2))
            adds.append(max(-over, 0))
    ours["padding"] = sides_from(pads)
    if any(adds):
        ours["output-padding"] = tuple(adds[:1] if len(set(adds)) == 1 else adds)
    return [Wanted("deconv", ours)]


def _spread(sizes: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """Return one size for each axis, from one for all or one for each."""
    return sizes * rank if len(sizes) == 1 else sizes


def global_pool(kind: str) -> Rule:
    """Return a rule for Keras' global pools: they give a vector unless they keep the axes."""

    def rule(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
        return [Wanted(kind)] if given["keepdims"] else [Wanted(kind), Wanted("flatten")]

    return rule


def group_norm(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a group norm; with -1 groups, each channel is one."""
    if given["groups"] == -1:
        if ours["noscale"] != ours["nobias"]:
            raise not_read("groups", -1)
        return [Wanted("in", {"affine": not ours["noscale"]})]
    return [Wanted("gn", {**ours, "groups": given["groups"]})]


def relu(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a ReLU of Keras, by its bound and its slope."""
    most, slope = given["max_value"], given["negative_slope"] or 0
    if slope:
        return [Wanted("leakyrelu")]
    if most is not None and most != 6:
        return [Wanted("identity", stands_for="ReLU")]
    return [Wanted("relu" if most is None else "relu6")]


def prelu(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
    """Return a PReLU: a slope for each channel where all other axes share it."""
    shared = sorted(given["shared_axes"] or ())
    if rank is not None and shared != list(range(1, rank + 1)):
        raise not_read("shared_axes", given["shared_axes"])
    return [Wanted("prelu")]


def reshape(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a reshape to sizes that are all said."""
    sizes = given["target_shape"]
    if not isinstance(sizes, tuple | list):
        raise not_read("target_shape", sizes)
    return [Wanted("reshape", {"volume": tuple(sizes)})]


def upsample(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return what makes maps larger by whole factors."""
    linear = given.get("interpolation", "nearest") == "bilinear"
    return [Wanted("upsample", {**ours, **({"bilinear": True} if linear else {})})]


def resizing(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return what brings maps to a size."""
    size = axes_from("height", (given["height"], given["width"]), 2)
    how = {"bilinear": True} if given["interpolation"] == "bilinear" else {}
    return [Wanted("resize", {"size": size, **how})]


def around(kind: str, name: str) -> Rule:
    """Return a rule for a padding or a crop of Keras: a number, one an axis, or pairs."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        value = given[name]
        values = list(value) if isinstance(value, tuple | list) else [value] * (rank or 1)
        if rank == 1 and len(values) == 2:
            values = [values]
        if rank and len(values) != rank:
            raise not_read(name, value)
        return [Wanted(kind, {"size": sides_from([pair_from(name, each) for each in values])})]

    return rule


def _recurrent(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a recurrent layer of Keras, which gives its last step alone unless it is asked."""
    kind = given[""]
    arguments = {"units": given["units"], "last": not given["return_sequences"]}
    arguments["onebias"] = bool(given["use_bias"]) and not given.get("reset_after", False)
    return [Wanted(kind, {**arguments, "nobias": not given["use_bias"]})]


def permute(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a transpose, where the last two axes alone change places."""
    dims = given["dims"]
    order = list(dims) if isinstance(dims, list | tuple) else []
    axes = list(range(1, len(order) + 1))
    if order == axes:
        return [Wanted("identity")]
    if order != [*axes[:-2], *axes[:-3:-1]]:
        raise not_read("dims", dims)
    return [Wanted("transpose")]


def recurrent(kind: str) -> Rule:
    """Return a rule for a recurrent layer of Keras."""

    def rule(ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        return _recurrent(ours, {**given, "": kind}, rank)

    return rule


def bidirectional(_ours: Values, given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a recurrent layer in both directions, side by side, added up or multiplied."""
    (inner,), merge = given["layer"], given["merge_mode"]
    if given["backward_layer"] not in (None, (inner,)):
        raise ModuleError(_("the two directions are no layers alike"), "backward_layer")
    if merge is None:
        fact = _("both directions go on by themselves, and a layer has one output here")
        raise ModuleError(fact, "merge_mode")
    both = inner._replace(arguments={**inner.arguments, "bi": True})
    if merge == "concat":
        return [both]
    if merge not in MERGED:
        raise not_read("merge_mode", merge)
    half = inner.arguments["units"]
    slices = (Wanted("slice", {"from": at, "to": at + half}) for at in (0, half))
    joined = Wanted(MERGED[merge], branches=tuple((each,) for each in slices))
    return [both, joined, *([Wanted("identity", stands_for="Average")] if merge == "ave" else [])]


MERGED = {"sum": "add", "ave": "add", "mul": "mul"}
"""How a Bidirectional joins its directions where they do not stand side by side."""


def time_distributed(_ours: Values, given: Values, rank: int | None) -> Sequence[Wanted]:
    """Return a layer at each step: a window of 1 along the steps; `layer` is what was read."""
    made = []
    for inner in given["layer"]:
        if inner.kind in _SLIDING:
            made += spread_over_steps([inner], max((rank or 3) - 1, 1))
        elif inner.kind in _EACH_PLACE:
            made.append(inner)
        else:
            raise ModuleError(_("{name} at each step has no spelling here", name=inner.kind))
    return made


def spread_over_steps(layers: Sequence[Wanted], rank: int) -> list[Wanted]:
    """Return what slides over maps of so many axes as it does at each of several steps."""
    made = []
    for inner in layers:
        spread = dict(inner.arguments)
        for name, one in _ALONG_STEPS:
            sizes = spread.get(name, ())
            if sizes and sizes != (one,):
                spread[name] = (one, *(sizes * rank if len(sizes) == 1 else sizes))
        made.append(inner._replace(arguments=spread))
    return made


_SLIDING = ("conv", "dwconv", "deconv", "maxpool", "avgpool", "upsample", "pad", "crop")
_ALONG_STEPS = (
    *(("kernel", 1), ("stride", 1), ("dilation", 1), ("factor", 1)),
    *(("padding", 0), ("output-padding", 0), ("size", 0)),
)
_EACH_PLACE = (*("linear", "bn", "ln", "dropout", "identity", "softmax"), *ACTIVATIONS.values())


def attention(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return an attention whose keys and values are as wide."""
    if given["value_dim"] not in (None, given["key_dim"]):
        raise not_read("value_dim", given["value_dim"])
    return [Wanted("attention", ours)]
