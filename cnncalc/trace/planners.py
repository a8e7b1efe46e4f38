"""The one table of planners: what shares memory in a pass, and in which order it is laid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Writes
from cnncalc.numbers.working import are_numbers, product
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source, Span, quoted
from cnncalc.trace.dtypes import find_types
from cnncalc.trace.memory import Pass
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.trace.rows import Row


class Planner(NamedTuple):
    """A planner: what it says of itself, and the kinds whose rows take the place of what they read.

    Those beside them write where ours do. One that `is_laid` lays its buffers out by a plan. Where
    it comes to what one that it is `like` does, that one is meant.
    """

    name: str
    says: str
    over: tuple[str, ...] = ()
    is_laid: bool = False
    like: tuple[str, ...] = ()

    def start(self, batch: int, dtype: str, device: str = "") -> Pass:
        """Return a forward pass to be planned, which runs on a device."""
        forward = self._start(batch, dtype)
        if device:
            from cnncalc.trace.devices import find_device

            found = find_device(device)
            forward.rates = found.peak(forward.types), found.bandwidth
        return forward

    def _start(self, batch: int, dtype: str) -> Pass:
        if not self.is_laid:
            return Pass(batch, dtype)
        if (batch, find_types(dtype).name) != (1, "int8"):
            raise Problem(
                "planner-needs-int8",
                _("the planner {name} lays one input in int8", name=quoted(self.name)),
                helps=[_("add '--dtype int8'") if batch == 1 else _("leave '--batch' out")],
                status=2,
            )
        from cnncalc.trace.arena import Arena

        return Arena(batch, dtype)

    def lay(self, row: Row) -> None:
        """Give a row whole to the pass that it is of, which `is_laid` and needs more of it."""
        from cnncalc.trace.arena import Arena

        if isinstance(row.forward, Arena):
            row.forward.take(row)

    def writes(self, row: Row) -> Writes:
        """Return where the output of a row goes."""
        if row.aux:
            return Writes.AUX
        if self.over and row.kind in self.over:
            size = product(row.output)
            if all(_holds(product(each), size) for each in row.reads):
                return Writes.OVER
        return row.writes


def _holds(one: object, other: object) -> bool:
    """Whether a tensor has room for another, as far as letters tell."""
    return one == other or (are_numbers(one, other) and one >= other)  # type: ignore[operator]


PLANNERS = {
    each.name: each
    for each in (
        Planner("ours", "norms and activations take the place of what they read"),
        Planner("inplace-add", "sums that take the place of a branch", ("add",)),
        Planner(
            "inplace-depthwise", "depthwise convs that take the place of their input", ("dwconv",)
        ),
        Planner(
            "inplace-both",
            "sums and depthwise convs that take the place of what they read",
            ("add", "dwconv"),
            like=("inplace-add", "inplace-depthwise"),
        ),
        Planner(
            "tflm",
            "TensorFlow Lite Micro's arena: nothing in place, the largest buffer laid first",
            is_laid=True,
        ),
    )
}
"""Planners by their names."""


def find_planner(name: str) -> Planner:
    """Return the planner of a name; a `Problem` where there is none."""
    found = PLANNERS.get(name.strip().lower().replace("_", "-"))
    if found is None:
        from cnncalc.speech.names import no_such

        fact = _("no planner is called {name}", name=quoted(name))
        span = Span(Source("--planner", name), 0, len(name))
        raise no_such("unknown-planner", fact, name.lower(), span, PLANNERS)
    return found
