"""A network traced again: measured in another way, or going on from other numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cnncalc.notation.inputs import settled
from cnncalc.report.collected_rows import hold
from cnncalc.speech.problem import Problem
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Layer, Network
    from cnncalc.trace.course import Course
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings
    from cnncalc.trace.trace import Instead


class Retrace:
    """Traces a network on what it is given, as often as it is asked."""

    def __init__(self, network: Network, given: Given | None, settings: Settings) -> None:
        self.network = network
        self.given = given
        self.settings = settings

    def __call__(
        self,
        network: Network | None = None,
        measure: Callable[[Layer, Volume], Measure] | None = None,
        *,
        given: Given | None = None,
        strict: bool = False,
        unfold: bool = False,
        warnings: list[Problem] | None = None,
        instead: Instead | None = None,
        course: Course | None = None,
    ) -> tuple[list[Row], Problem | None]:
        """Return the rows of a network, measured in a way, up to the fault that ends them.

        What would be folded stays where they are to `unfold`; `warnings` are added to, and what
        decides on the way to the `course`.
        """
        rows: list[Row] = []
        given = given or self.given
        if given is None:
            return rows, None

        trace = Trace(
            partial(hold, rows=rows, most=self.settings.budget.held),
            self.settings._replace(
                strict=strict or self.settings.strict, fold=self.settings.fold and not unfold
            ),
            measure=measure,
            instead=instead,
            course=course,
        )
        try:
            trace.run(network or self.network, settled(given), given.span)
        except Problem as problem:
            return rows, problem
        finally:
            if warnings is not None:
                warnings.extend(trace.warnings)
        return rows, None
