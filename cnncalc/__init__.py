"""Shapes, parameters, MACs and receptive fields of convolutional networks, from a line of text.

>>> import cnncalc
>>> report = cnncalc.stack("32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10")
>>> report.output, report.params, report.macs
((10,), 26370, 793600)
>>> [row.layer for row in report.rows]
['input', 'conv 10 k5 p2', 'relu', 'maxpool 2', 'fc 10']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.api.report import NetworkWarning, Report, stack
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.rows import Row

__all__ = ["NetworkWarning", "Problem", "Report", "Row", "stack"]

_HOMES = {
    "NetworkWarning": "api.report",
    "Problem": "speech.problem",
    "Report": "api.report",
    "Row": "trace.rows",
    "stack": "api.report",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `--help` needs none of them."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"cnncalc.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*(name for name in globals() if name.startswith("__")), *__all__]
