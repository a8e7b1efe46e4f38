"""JSON, in the schema that the README documents: whole numbers are exact, names are stable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cnncalc.quantities import QUANTITIES, SUMMED, Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.export import View
    from cnncalc.problem import Problem
    from cnncalc.report import Report

SCHEMA = 1


def write(view: View) -> str:
    """Return a report as a JSON text of one object."""
    return dumps(data(view.report, view.rows))


def write_problem(problem: Problem) -> str:
    """Return a fault as a JSON text of one object."""
    return dumps({"schema": SCHEMA, "error": problem.as_data()})


def dumps(content: dict[str, Any]) -> str:
    """Return plain data as JSON, a line for each row of a list of objects."""
    lines = []
    for name, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"    {_line(row)}" for row in value)
            lines.append(f"  {_line(name)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {_line(name)}: {_line(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def data(report: Report, rows: Sequence[Any]) -> dict[str, Any]:
    """Return a report as plain data, with these of its rows."""
    return {
        "schema": SCHEMA,
        "network": report.text,
        "input": _volume(report, report.input),
        "rows": [_row(report, row) for row in rows],
        "totals": {
            **{
                quantity.name: _value(report, quantity, report.totals[quantity.name])
                for quantity in QUANTITIES.values()
                if quantity.form != "axes" and quantity.path
            },
            "aux": {quantity.name: report.aux[quantity.name] for quantity in SUMMED},
        },
        "warnings": [warning.as_data() for warning in report.warnings],
    }


def _row(report: Report, row: Any) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "index": row.index,
        "label": row.label,
        "layer": row.layer,
        "kind": row.kind,
    }
    for quantity in QUANTITIES.values():
        if not quantity.path:
            continue
        value = _value(report, quantity, quantity.of(row))
        if len(quantity.path) == 1 or not isinstance(value, list):
            cells[quantity.path[0]] = value
        else:
            cells.setdefault(quantity.path[0], {})[quantity.path[1]] = value
    return cells


def _value(report: Report, quantity: Quantity, value: Any) -> Any:
    if quantity.form == "volume":
        return _volume(report, value)
    return list(value) if isinstance(value, tuple) else value


def _volume(report: Report, volume: tuple[Any, ...]) -> list[Any]:
    return [volume[-1], *volume[:-1]] if report.channels_first else list(volume)
