"""The JSON schema of what commands print: made from the columns that they print.

Each command's file has its `shapes`; what they share stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.json import SCHEMA
from cnncalc.report.lines import COLUMNS as LEARNED
from cnncalc.report.quantities import QUANTITIES, SUMMED
from cnncalc.report.quantity import column
from cnncalc.report.several import highest
from cnncalc.report.view import GATHERED, NUMBERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.report.listing import Column

TEXT = {"type": "string"}
TEXT_OR_NONE = {"type": ["string", "null"]}
FLAG = {"type": "boolean"}
RATIO = {"type": ["number", "null"]}
NUMBER = {"$ref": "#/$defs/number"}
TOLD = {"warnings": {"type": "array", "items": {"$ref": "#/$defs/problem"}}}
SIZES = {"$ref": "#/$defs/sizes"}
MAYBE_NUMBER = {"anyOf": [NUMBER, {"type": "null"}]}
PLACES = {"$ref": "#/$defs/places"}
AXES = {"$ref": "#/$defs/axes"}
SETTING = {"batch": {"type": "integer"}, "dtype": TEXT}
"""What memory is counted for."""

ASKED = {
    "like": {"$ref": "#/$defs/like"},
    "planner": TEXT,
    "device": TEXT,
    "fold": {"const": True},
    "freeze": {"type": "array", "items": TEXT},
}
"""What stands before an answer only where it was asked for."""

BESIDE = {**SETTING, **ASKED}
"""What stands so before an answer that has them only where they are not the usual."""

SHARED = {
    "number": {
        "description": "a whole number; with letters, or where it is not whole, a text: 9*C^2, 2/3",
        "type": ["integer", "string"],
    },
    "sizes": {"description": "a number for each axis", "type": "array", "items": NUMBER},
    "places": {
        "description": "pixels along each axis, which need not be whole",
        "type": "array",
        "items": {"type": ["number", "string"]},
    },
    "axes": {
        "description": "all: the whole input; null: there is no one answer",
        "anyOf": [PLACES, {"enum": ["all", None]}],
    },
}
"""What shapes refer to."""

FORMS: dict[str, Any] = {
    "text": TEXT_OR_NONE,
    "name": TEXT_OR_NONE,
    "code": TEXT_OR_NONE,
    "figure": TEXT_OR_NONE,
    "number": NUMBER,
    "count": NUMBER,
    "share": RATIO,
    "ratio": RATIO,
    "volume": SIZES,
    "axes": AXES,
    "words": {"type": "array", "items": TEXT},
    "word": TEXT_OR_NONE,
}
"""What values are, by the form of their column."""

VERSION = "https://json-schema.org/draft/2020-12/schema"


def whole(shapes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of all that is printed, from the shapes of commands by their names."""
    fault = of({"schema": {"const": SCHEMA}, "error": {"$ref": "#/$defs/problem"}})
    return {
        "$schema": VERSION,
        "title": "What cnncalc prints as JSON",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in (*shapes, "error")],
        "$defs": {**shapes, "error": fault, "problem": _problem(), "like": _like(), **SHARED},
    }


def _like() -> dict[str, Any]:
    """Return the schema of a counter that counts in place of ours."""
    return of(dict.fromkeys(("counter", "title", "prints", "counts"), TEXT))


def of(
    properties: Mapping[str, Any], optional: Iterable[str] = (), more: Any = None
) -> dict[str, Any]:
    """Return the schema of an object; `more` is what stands under names that are not known."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in set(optional)],
        **({"additionalProperties": more} if more is not None else {}),
    }


def listed(
    name: str,
    columns: Iterable[Column],
    *,
    head: Mapping[str, Any] | None = None,
    tail: Mapping[str, Any] | None = None,
    known: Mapping[str, Any] | None = None,
    optional: Iterable[str] = (),
    more: Any = None,
) -> dict[str, Any]:
    """Return the shape of a listing: what stands before its rows, in them, and behind them.

    `known` are the schemas of values that their form does not tell; what is `optional` need not
    be there, and `more` is what columns hold that depend on the input.
    """
    row = of(_fields(columns, known or {}), optional, more)
    return of(
        {
            "schema": {"const": SCHEMA},
            **(head or {}),
            name: {"type": "array", "items": row},
            **(tail or {}),
        },
        optional,
    )


def _fields(columns: Iterable[Column], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a row: nested where the path of a column says so."""
    found: dict[str, Any] = {}
    nested: dict[str, dict[str, Any]] = {}
    for each in columns:
        quantity = QUANTITIES.get(each.name)
        field = known.get(each.name, FORMS.get(each.form, {}))
        if quantity:
            field = {**field, "description": f"{quantity.counts} ({quantity.unit})"}
        if len(each.path) < 2:
            found[each.name] = field
            continue
        first, second = each.path
        is_field = each.form == "axes"
        nested.setdefault(first, {})[second] = {**field, **(PLACES if is_field else {})}
        all_of = of(nested[first])
        found[first] = {"anyOf": [all_of, {"enum": ["all", None]}]} if is_field else all_of
    return found


def network(tail: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the shape of a network's rows; quantities without a path stand in them if asked."""
    names = {each.name for each in NUMBERED}
    gathered = [each for each in GATHERED if each.name not in names]
    kept = [each for each in QUANTITIES.values() if each.path]
    asked = [column(each) for each in QUANTITIES.values() if not each.path]
    columns = [*NUMBERED, *map(column, kept), *asked, *gathered]
    shares = {"anyOf": [{"type": "array", "items": RATIO}, {"enum": ["all", None]}]}
    peaks = {
        each.name: MAYBE_NUMBER for each in kept if each.several is highest
    }  # letters decide it
    whole_of = [each for each in QUANTITIES.values() if each.of_all]
    totals = _fields(map(column, whole_of), peaks)
    aux = _fields([column(each) for each in SUMMED if each.path], {})
    entry = of({"name": TEXT, "index": {"type": "integer"}, "output": SIZES})
    entries = {"type": "array", "items": entry}
    return listed(
        "rows",
        columns,
        head={
            "network": TEXT,
            "input": SIZES,
            "inputs": entries,
            **SETTING,
            **ASKED,
        },
        tail={
            "totals": of(
                {**totals, "aux": of(aux)}, [each.name for each in whole_of if not each.path]
            ),
            "whole": {"const": False},
            **TOLD,
            **(tail or {}),
        },
        known={"rf-share": shares, **peaks},
        optional=[*ASKED, "whole", *(each.name for each in (*asked, *gathered))],
    )


def lines() -> dict[str, Any]:
    """Return the shape of a print's lines, which have no shapes themselves."""
    columns = [each for each in NUMBERED if each.name in ("index", "label", "layer", "kind")]
    sums = of(_fields(LEARNED, {}), ["weights", "biases"])
    return listed(
        "rows",
        [*columns, *LEARNED],
        tail={"totals": sums, "whole": {"const": False}, **TOLD},
        optional=["whole", *(each.name for each in LEARNED)],
    )


def _problem() -> dict[str, Any]:
    place = {
        "name": TEXT,
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "text": TEXT,
        "label": TEXT,
    }
    texts = {"type": "array", "items": TEXT}
    return of(
        {
            "severity": {"enum": ["error", "warning", "note"]},
            "code": TEXT,
            "message": TEXT,
            "places": {"type": "array", "items": of(place)},
            "notes": texts,
            "helps": texts,
            "try": {"type": "array", "items": texts},
        }
    )
