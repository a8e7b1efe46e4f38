"""What is to be said of an ONNX file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.onnx.model import FLOATS
from cnncalc.importing.onnx.reading import named
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural, quoted

if TYPE_CHECKING:
    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.reading import Reading


def tell_size(reading: Reading, tensor: str, crossed: Operation) -> None:
    """Tell that what comes in has no batch, where its first dimension may be taken for one."""
    size, *_rest = reading.model.inputs[tensor] or [None]
    if size and size > 1:
        reading.graph.remark(
            0,
            "no-batch",
            _("the first dimension of this input is no batch: it is counted as a size"),
            notes=[_("{node} works along it", node=quoted(named(crossed)))],
        )


def tell_idle(reading: Reading) -> None:
    """Tell of learned numbers that no operator reads: those of parts that are not run."""
    idle = [
        each
        for name, each in reading.model.constants.items()
        if name not in reading.readers and each.type in FLOATS and (each.size or 0) > 1
    ]
    if idle:
        numbers = plural(sum(each.size or 0 for each in idle), "learned number")
        reading.graph.remark(
            0,
            "not-counted",
            _("what no operator reads is not counted"),
            _("this file holds {tensor}, and no operator reads it", tensor=quoted(idle[0].name))
            if len(idle) == 1
            else _(
                "this file holds {tensor} and {count:,} more, and no operator reads them",
                tensor=quoted(idle[0].name),
                count=len(idle) - 1,
            ),
            [_("it holds {numbers}", numbers=numbers)],
        )
