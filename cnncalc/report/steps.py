"""The steps of a working: what one is, and the quantities whose working can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.claim_names import NAMED
from cnncalc.speech.names import names_in
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number, Working

ROW = ("memory", "params-memory", "peak")
"""The memory of a row; training is of a network."""

HELD = (*ROW, "training-sgd", "training-momentum", "training-adam")

EXPLAINED: dict[str, tuple[str, ...]] = {
    "output": ("output", "padding"),
    "padding": ("padding",),
    "params": ("params",),
    "macs": ("macs",),
    "rf": ("rf", "jump"),
    "jump": ("jump",),
    "start": ("start", "jump"),
    **{name: (name,) for name in HELD},
}
"""The quantities whose working can be asked for, and the steps that each takes."""

BEARS_ON = {
    **dict.fromkeys(("size", "height", "width"), "output"),
    **dict.fromkeys(("weights", "biases"), "params"),
    "flops": "macs",
    "last-field": "rf",
}
"""Which step bears on a quantity, where it is not its own."""

UNEXPLAINED = "no working is shown of {name}"

UNASKED = ("output", "padding", "params", "macs", "rf", "jump")
"""The steps that are shown where no quantity is named."""


def steps_of(names: str) -> tuple[str, ...]:
    """Return the steps that the quantities of `--explain` take; refuse one that has none."""
    if not names:
        return UNASKED
    found = names_in(names, "--explain", EXPLAINED, "unknown-quantity", UNEXPLAINED, NAMED)
    return tuple(step for name in found for step in EXPLAINED[name])


class Step(NamedTuple):
    """One step: what is worked out, by which formula, in letters and in numbers.

    `more` says the value in other units.
    """

    quantity: str
    name: str
    source: str
    letters: Working | None
    numbers: Working
    more: str = ""

    @property
    def value(self) -> Number:
        """What the numbers come to."""
        return self.numbers.value
