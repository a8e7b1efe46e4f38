"""The wrong choices of an exercise: what slips give, and people who make them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import random

CHOICES = 4
FEWEST = 3  # choices of an exercise that has any

_COUNTS = (
    *("depth-forgotten", "one-bias", "groups-ignored", "depthwise-full", "kernel-forgotten"),
    *("one-filter", "weights-twice", "weight-per-pixel", "channels-added", "colours-forgotten"),
    *("side-forgotten", "colours-assumed", "filters-alone", "no-bias"),
)
_SIZES = (
    *("padding-on-one-side", "padding-forgotten", "padding-twice", "stride-ignored"),
    *("dilation-ignored", "plus-one-forgotten", "plus-one-divided", "kernel-ignored"),
    *("size-kept", "kernel-as-size", "kernel-twice", "times-stride", "plus-one-twice"),
    *("one-stride-more", "as-a-conv", "stride-alone", "times-kernel"),
)
WRONG = {
    "output": (
        *_SIZES,
        *("depth-of-input", "depth-multiplied", "channels-pooled", "only-channels-pooled"),
        *("total-padding", "layers-left-out"),
    ),
    "params": _COUNTS,
    "macs": (
        *("depth-forgotten", "groups-ignored", "depthwise-full", "positions-forgotten"),
        *("input-grid", "flops-as-macs", "bias-as-mac"),
    ),
    "rf": (
        *("strides-forgotten", "kernels-added", "whole-kernels", "own-stride", "pools-double"),
        *("pools-left-out", "one-lost", "dilation-ignored"),
    ),
    "in_features": ("colours-forgotten", "side-forgotten", *_SIZES, "layers-left-out"),
    "memory": ("bytes-forgotten", "bits", "forward-and-backward"),
    "params-memory": ("bytes-forgotten", "bits"),
    "padding": ("padding-is-kernel", "padding-of-both-sides", "padding-rounded-up"),
}
"""The ways that wrong choices come from, by name and in this order: the sheet of a seed is the
same whatever else the tables hold."""

BACKWARDS = (
    *("padding-on-one-side", "padding-forgotten", "padding-twice", "stride-ignored"),
    *("dilation-ignored", "plus-one-forgotten", "plus-one-twice", "kernel-twice", "times-stride"),
)
"""The ways by which a number that is sought comes out wrong."""


class Option(NamedTuple):
    """An answer to choose: its text, whether it is right, and the slip that leads to it."""

    text: str
    is_right: bool
    says: str


def choices_of(right: str, wrong: dict[str, str], chance: random.Random) -> tuple[Option, ...]:
    """Return the right answer among wrong ones, in any order; none where there are too few."""
    wrong.pop(right, None)
    if len(wrong) < FEWEST - 1:
        return ()
    chosen = chance.sample(list(wrong.items()), min(CHOICES - 1, len(wrong)))
    choices = [Option(right, is_right=True, says="")]
    choices += [Option(said, is_right=False, says=says) for said, says in chosen]
    chance.shuffle(choices)
    return tuple(choices)
