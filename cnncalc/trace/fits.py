"""What fits into a memory: the largest batch, for inference and for training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.working import shown
from cnncalc.trace.memory import STATES
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number, Working


def largest_batch(budget: Number, fixed: Number, each: Number) -> Number:
    """Return how many inputs fit: what is left of a budget beside what is held once.

    >>> largest_batch(1000, 100, 250), largest_batch(1000, 1100, 250)
    (3, -1)
    """
    return (budget - fixed) // each


class Fit(NamedTuple):
    """The largest batch that fits, for a use: what is held once, and again for each input."""

    use: str
    fixed: int
    each: int
    batch: int
    working: Working


def fits(budget: int, params: int, peak: int, sgd: int, momentum: int) -> list[Fit]:
    """Return the largest batches for inference and for training; the bytes are of one input.

    Those of training with plain SGD and with momentum tell what is trained: states are of that. A
    step of training goes forward, too, and holds what that does at its peak.
    """
    trained = momentum - sgd
    kept = max(sgd - STATES["sgd"] * trained - (params - trained), peak)
    uses = {"inference": (params, peak)}
    uses |= {
        f"training-{name}": (times * trained + params - trained, kept)
        for name, times in STATES.items()
    }
    found = []
    for use, (fixed, each) in uses.items():
        working = shown(largest_batch(shown(budget), shown(fixed), shown(each)))
        found.append(Fit(use, fixed, each, max(int(working.value), 0), working))
    return found
