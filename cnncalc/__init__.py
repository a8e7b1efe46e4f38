"""Shapes, parameters, MACs and receptive fields of convolutional networks, from a line of text.

>>> import cnncalc
>>> report = cnncalc.stack("32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10")
>>> report.output, report.params, report.macs
((10,), 26370, 793600)
>>> [row.layer for row in report.rows]
['input', 'conv 10 k5 p2', 'relu', 'maxpool 2', 'fc 10']
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer than all the rest

if TYPE_CHECKING:
    from cnncalc.api.answer import NetworkWarning
    from cnncalc.api.comparison import Comparison, compare
    from cnncalc.api.curves import Curves
    from cnncalc.api.fields import Fields, rf
    from cnncalc.api.fits import Batches, Fits, fits
    from cnncalc.api.formulas import Formula, formula
    from cnncalc.api.motion import motion
    from cnncalc.api.network import Network, read, stack
    from cnncalc.api.pictures import Picture
    from cnncalc.api.report import Report
    from cnncalc.api.sheets import ClassMarks, Key, Marks, mark
    from cnncalc.api.solutions import Solutions, solve
    from cnncalc.api.verdicts import Verdicts, check
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.rows import Row

__all__ = [
    "Batches",
    "ClassMarks",
    "Comparison",
    "Curves",
    "Fields",
    "Fits",
    "Formula",
    "Key",
    "Marks",
    "Network",
    "NetworkWarning",
    "Picture",
    "Problem",
    "Report",
    "Row",
    "Solutions",
    "Verdicts",
    "check",
    "compare",
    "fits",
    "formula",
    "mark",
    "motion",
    "read",
    "rf",
    "solve",
    "stack",
]

_HOMES = {
    "Batches": "api.fits",
    "ClassMarks": "api.sheets",
    "Comparison": "api.comparison",
    "Curves": "api.curves",
    "Fields": "api.fields",
    "Fits": "api.fits",
    "Formula": "api.formulas",
    "Key": "api.sheets",
    "Marks": "api.sheets",
    "Network": "api.network",
    "NetworkWarning": "api.answer",
    "Picture": "api.pictures",
    "Problem": "speech.problem",
    "Report": "api.report",
    "Row": "trace.rows",
    "Solutions": "api.solutions",
    "Verdicts": "api.verdicts",
    "check": "api.verdicts",
    "compare": "api.comparison",
    "fits": "api.fits",
    "formula": "api.formulas",
    "mark": "api.sheets",
    "motion": "api.motion",
    "read": "api.network",
    "rf": "api.fields",
    "solve": "api.solutions",
    "stack": "api.network",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `--help` needs none of them."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"cnncalc.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*(name for name in globals() if name.startswith("__")), *__all__]
