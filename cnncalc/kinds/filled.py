"""What a layer that a module makes is given: a value for each parameter of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import ModuleError
from cnncalc.kinds.table import NAMES, REQUIRED
from cnncalc.numbers.lettered import Lettered
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.kinds.modules import Wanted
    from cnncalc.kinds.table import Kind


def fill(wanted: Wanted) -> tuple[Kind, tuple[Any, ...]]:
    """Return the kind of a layer that is wanted, and a value for each of its parameters."""
    kind = NAMES.get(wanted.kind)
    if kind is None:
        raise ModuleError(_("{name} is no layer here", name=quoted(wanted.kind)))
    if kind.parameters and kind.parameters[0].form == "words":
        return kind, (wanted.arguments.get("numbers", ()),)
    values = {
        parameter.name: wanted.arguments.get(parameter.name, parameter.default)
        for parameter in kind.parameters
    }
    for name, value in wanted.arguments.items():
        if name not in values and value:
            message = _("{kind} takes no {argument} here", kind=quoted(wanted.kind), argument=name)
            raise ModuleError(message, name)
    for name, value in values.items():
        if value is REQUIRED:
            fact = _("{kind} lacks its {argument}", kind=quoted(wanted.kind), argument=name)
            raise ModuleError(fact, name)
    for parameter in kind.parameters:
        if parameter.like and values[parameter.name] is None:
            values[parameter.name] = values[parameter.like]
    return kind, tuple(values.values())


def checked(wanted: Wanted) -> tuple[Kind, tuple[Any, ...]]:
    """Return what `fill` does; refuse values that no text could give to these parameters."""
    kind, values = fill(wanted)
    for parameter, value in zip(kind.parameters, values, strict=False):
        if parameter.form in ("flag", "words", "rank", "text") or value == parameter.default:
            continue
        if not _fits(value, parameter.least):
            fact = _(
                "the {name} of {kind} must be at least {least}",
                name=_(parameter.name),
                kind=quoted(kind.name),
                least=parameter.least,
            )
            raise ModuleError(fact, parameter.name)
    return kind, values


def _fits(value: Any, least: int) -> bool:
    """Return whether numbers are not below a least one; letters may be anything."""
    if isinstance(value, tuple):
        return all(_fits(each, least) for each in value)
    is_number = hasattr(value, "denominator") and type(value) is not bool
    return isinstance(value, Lettered) or bool(is_number and value >= least)
