"""The JSON schema of what commands print, from what they print it by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.json import SCHEMA
from cnncalc.report.asked import LIKE
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.several import highest
from cnncalc.speech.columns import PROBLEM, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.report.listing import Schema
    from cnncalc.speech.columns import Column

TEXT = {"type": "string"}
TEXT_OR_NONE = {"type": ["string", "null"]}
RATIO = {"type": ["number", "null"]}
NUMBER = {"$ref": "#/$defs/number"}
PLACES = {"$ref": "#/$defs/places"}
INTEGER = {"type": "integer"}

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
"""What schemas refer to."""

FORMS: dict[str, Any] = {
    **dict.fromkeys(("text", "name", "code", "figure", "word"), TEXT_OR_NONE),
    **dict.fromkeys(("number", "count"), NUMBER),
    **dict.fromkeys(("share", "ratio"), RATIO),
    "volume": {"$ref": "#/$defs/sizes"},
    "axes": {"$ref": "#/$defs/axes"},
    "words": {"type": "array", "items": TEXT},
    "string": TEXT,
    "integer": INTEGER,
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
    "true": {"const": True},
    "false": {"const": False},
    "value": {},
    "version": {"const": SCHEMA},
    "like": {"$ref": "#/$defs/like"},
    "problems": {"type": "array", "items": {"$ref": "#/$defs/problem"}},
    "problem": {"$ref": "#/$defs/problem"},
    "ends": {"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 2},
}
"""What values are, by the form of their column."""

VERSION = "https://json-schema.org/draft/2020-12/schema"


def whole(schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """Return the schema of all that is printed, from that of each answer, by its name."""
    fault = of_fields([field("schema", "version"), field("error", "problem")])
    defs = {name: of_answer(schema) for name, schema in schemas.items()}
    return {
        "$schema": VERSION,
        "title": "What cnncalc prints as JSON",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in (*schemas, "error")],
        "$defs": {
            **defs,
            "error": fault,
            "problem": of_fields(PROBLEM),
            "like": of_fields(LIKE),
            **SHARED,
        },
    }


def of_answer(schema: Schema) -> dict[str, Any]:
    """Return the schema of an answer: what stands before its rows, in them, and behind them."""
    row = of_fields(schema.fields, more=FORMS[schema.more] if schema.more else None)
    rows = field(schema.rows, "row[]")
    return of_fields([field("schema", "version"), *schema.head, rows, *schema.tail], row=row)


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


def of_fields(columns: Iterable[Column], *, more: Any = None, row: Any = None) -> dict[str, Any]:
    """Return the schema of an object with fields: nested where the path of a column says so."""
    found: dict[str, Any] = {}
    nested: dict[str, dict[str, Any]] = {}
    optional = [each.name for each in columns if each.is_optional]
    for each in columns:
        schema = _of_field(each, row)
        if len(each.path) < 2:
            found[each.name] = schema
            continue
        first, second = each.path
        is_field = each.form == "axes"
        nested.setdefault(first, {})[second] = {**schema, **(PLACES if is_field else {})}
        all_of = of(nested[first])
        found[first] = {"anyOf": [all_of, {"enum": ["all", None]}]} if is_field else all_of
    return of(found, optional, more)


def _of_field(column: Column, row: Any) -> Any:
    """Return the schema of a field; of a quantity with what it counts."""
    quantity = QUANTITIES.get(column.name)
    if not quantity or column.form != quantity.form:
        return _of_form(column.form, column.of, row)
    found = FORMS[column.form]
    if quantity.share_of == "input":
        found = {"anyOf": [{"type": "array", "items": RATIO}, {"enum": ["all", None]}]}
    elif quantity.several is highest:  # letters decide it
        found = _or_none(NUMBER)
    return {**found, "description": f"{quantity.counts} ({quantity.unit})"}


def _of_form(form: str, parts: Any, row: Any) -> Any:
    """Return the schema of a form, of objects with their fields, or of one of some words."""
    if form.endswith("?"):
        return _or_none(_of_form(form[:-1], parts, row))
    if form == "names" or form.endswith("[]"):
        inner = form.removesuffix("[]").replace("names", "object")
        return {"type": "array", "items": _of_form(inner, parts, row)}
    if form.endswith("{}"):
        return {"type": "object", "additionalProperties": _of_form(form[:-2], parts, row)}
    if form == "object":
        return of_fields(parts)
    if form == "row":
        return row
    return {"enum": [*parts]} if parts and form != "like" else FORMS[form]


def _or_none(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str) and len(schema) == 1:
        return {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
