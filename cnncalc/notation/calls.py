"""Layers written as code has them: a call of PyTorch, of Keras, or ours."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cnncalc.kinds import filled, frameworks, modules
from cnncalc.kinds.modules import KERAS, PYTORCH, ModuleError
from cnncalc.kinds.table import NAMES
from cnncalc.notation.literals import MOST_CALL, Called, not_closed, not_read, read_arguments
from cnncalc.notation.sizes import batch_read_off
from cnncalc.notation.tree import FromCall, Join, Layer, Said, Sequence, Shape
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.modules import Module, Wanted
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item
    from cnncalc.speech.problem import Span

CONTAINERS = ("Sequential", "Model", "OrderedDict", "ModuleList", "add")


def is_call(reader: Reader) -> bool:
    """Return whether a call comes that is not ours, or a printed name of one."""
    if reader.check("PRINTED") or reader.check("PAIR"):
        return True
    assigned = reader.check("ASSIGNED")
    found = reader.check("CALL", assigned.end() if assigned else None)
    if not found:
        return False
    name = found[1]
    if "." in found[0] or name in CONTAINERS:
        return True
    if assigned:
        return frameworks.find(name) is not None
    is_ours = name.lower() in NAMES or reader.definition(name.lower()) is not None
    return not (is_ours and (name.islower() or not frameworks.find(name)))


def read_call(reader: Reader, sequence: Callable[[Reader], tuple[Item, ...]]) -> list[Item | Shape]:
    """Return the items of a call, or the shape that an input's is; `sequence` reads a list's.

    Before it may stand what a print, a dictionary or an assignment calls it, behind it what it is
    applied to: this is what the line before it was assigned to, or a network's input.
    """
    reader.read("PRINTED")
    opening = reader.position
    pair = reader.read("PAIR")
    assigned = reader.read("ASSIGNED")
    items = _read(reader, sequence)
    if pair:
        reader.skip()
        reader.consume(",")
        reader.skip()
        _close(reader, ")", opening)
    applied = reader.read("APPLIED")
    if applied and applied[1] != reader.variable and reader.variable:
        raise not_read(
            reader.span(applied.start(1), applied.end(1)),
            _(
                "this takes {name}, and {other} comes in",
                name=quoted(applied[1]),
                other=quoted(reader.variable),
            ),
        )
    if assigned and assigned[1].startswith("self.") and not reader.layers_kept:
        reader.layers_kept = True
        reader.warnings.append(in_this_order(reader.span(opening, assigned.end(1))))
    if assigned or applied:
        reader.variable = assigned[1] if assigned else ""
    return items


def in_this_order(span: Span) -> Problem:
    """Return the warning of layers that a class keeps, whose order its `forward` says."""
    return Problem(
        "order-of-lines",
        _("the layers are taken in the order of their lines, which forward may change"),
        [Label(span)],
        severity="warning",
    )


def _read(reader: Reader, sequence: Callable[[Reader], tuple[Item, ...]]) -> list[Item | Shape]:
    """Return the items of a call by itself."""
    start = reader.position
    found = reader.read("CALL")
    if not found:
        raise not_read(reader.here(), _("a call is expected here"))
    name = found[1]
    if name in CONTAINERS and (name != "add" or found[0] != "add("):
        return [*_contained(reader, start, sequence)]
    known = _modules(reader, found[0][: -len(name) - 1], name, reader.span(start, found.end(1)))
    places, names, spans = read_arguments(reader, start)
    span = reader.span(start)
    try:
        module = _one_of(known, places, names, span)
        values = _bound(module, places, names)
        first = module.framework == PYTORCH
        reader.calls.append(FromCall(start, module.framework, first, _rank(module)))
        shape = modules.input_shape(module, values)
        if shape is None and module.takes and module.takes[0].ours == modules.SHAPE:
            raise not_read(span, _("a shape has sizes of 1 and more"))
        layers = [_item(reader, each, span) for each in modules.translate(module, values)]
        if said := modules.incoming(module, values):
            reader.said[start] = Said(*said, spans.get(said[0], span))
    except ModuleError as error:
        raise not_read(spans.get(error.argument, span), error.message) from None
    return [_shape(reader, shape, span), *layers] if shape is not None else [*layers]


def _bound(module: Module, places: list[Any], names: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a call by their names; a call in it that is a layer is one there."""
    values = modules.bind(module, places, names)
    for takes in module.takes or ():
        value = values[takes.name]
        holds = takes.ours in (modules.LAYER, modules.STEPPED) and isinstance(value, Called)
        if holds and (inner := frameworks.find(value, module.framework)):
            own = _bound(inner, *value.arguments()[:2])
            values[takes.name] = modules.InnerModule(inner, own)
    return values


def _one_of(known: list[Module], places: list[Any], names: dict[str, Any], span: Span) -> Module:
    """Return the module that a call can be; refuse one that is another layer in each framework."""
    if len(known) == 1:
        return known[0]
    made: list[tuple[Module, list[Any]]] = []
    for module in known:
        with suppress(ModuleError):
            layers = modules.translate(module, modules.bind(module, places, names))
            made.append((module, [filled.checked(each) for each in layers]))
    if len(made) == 2 and made[0][1] != made[1][1]:
        fixes = [Fix(span, f"{prefix}.{span.text}") for prefix in ("nn", "layers")]
        problem = Problem(
            "spelled-alike",
            _("PyTorch and Keras spell this alike, and it is not the same layer"),
            [Label(span)],
            helps=[_("write '{text}' or '{other}'", text=fixes[0].text, other=fixes[1].text)],
            fix=fixes[0],
        )
        problem.also = (fixes[1],)
        raise problem
    return made[0][0] if made else known[0]


def _modules(reader: Reader, prefix: str, name: str, span: Span) -> list[Module]:
    """Return the modules of a name: the prefix says whose it is, then the other calls do."""
    parts = prefix.split(".")
    framework = (
        PYTORCH
        if "torch" in parts or "nn" in parts
        else KERAS
        if {"keras", "layers", "tf"} & set(parts)
        else ""
    )
    if not framework:
        others = [call.framework for call in reader.calls[-1:]] or [_of_others(reader)]
        framework = others[0] if others[0] and frameworks.find(name, others[0]) else ""
    whose = [framework] if framework else [PYTORCH, KERAS]
    if known := [found for each in whose if (found := frameworks.find(name, each))]:
        return known
    from cnncalc.kinds import keras, pytorch

    close = nearest(name, [*pytorch.MODULES, *keras.MODULES])
    raise Problem(
        "unknown-layer",
        _("no layer is called {name}", name=quoted(name)),
        [Label(span)],
        helps=[
            meant(
                _as_spelled(close, [*pytorch.MODULES, *keras.MODULES]),
                _("'cnncalc layers' lists them; a definition stands above what calls it"),
            )
        ],
    )


_CALLED = re.compile(r"(?<!\w)([A-Za-z_]\w*)\(")


def _of_others(reader: Reader) -> str:
    """Return the framework that alone has a name which the text calls; '' where none is known."""
    for found in _CALLED.finditer(reader.text, reader.position, reader.position + MOST_CALL):
        known = [each for each in (PYTORCH, KERAS) if frameworks.find(found[1], each)]
        if len(known) == 1:
            return known[0]
    return ""


def _as_spelled(close: str | None, names: list[str]) -> str | None:
    return next((name for name in names if close and name.lower() == close.lower()), None)


def _rank(module: Module) -> int | None:
    """Return the number of spatial axes that a call works on; 0 for a Linear."""
    return {"linear": 0, "flatten": -1}.get(module.kind, module.rank)


def _item(reader: Reader, wanted: Wanted, span: Span) -> Layer | Join:
    """Return what a call is; what is no layer of ours is passed over with a warning."""
    if wanted.branches:
        branches = [tuple(_item(reader, each, span) for each in one) for one in wanted.branches]
        return Join(wanted.kind, tuple(Sequence(items, span) for items in branches), span)
    if wanted.stands_for:
        reader.warnings.append(
            Problem(
                "not-counted",
                _(
                    "{kind} is no layer here: its cost is not counted",
                    kind=quoted(wanted.stands_for),
                ),
                [Label(span)],
                notes=[_("it is passed over, as if it kept the shape of its input")],
                severity="warning",
            )
        )
    kind, values = filled.checked(wanted)
    return Layer(kind, values, span)


def _shape(reader: Reader, sizes: tuple[Any, ...], span: Span) -> Shape:
    """Return the shape of an input, whose batch stands first."""
    if not sizes[1:] or not all(
        size is None or (type(size) is int and 0 < size < 10**18) for size in sizes
    ):
        raise not_read(span, _("a shape has sizes of 1 and more"))
    batch, *rest = sizes
    if batch not in (None, 1):
        reader.warnings.append(batch_read_off(batch, span))
    return Shape(tuple(rest), may_have_batch=False, span=span)


def _contained(
    reader: Reader, start: int, sequence: Callable[[Reader], tuple[Item, ...]]
) -> tuple[Item, ...]:
    """Return the items between the parentheses of a Sequential, which may hold them in a list."""
    reader.deeper(start)
    reader.skip()
    if reader.at(")") and ".add(" in reader.text[reader.position :]:
        reader.consume(")")  # what it holds comes in the lines below
        reader.depth -= 1
        return ()
    bracket = reader.consume("[")
    reader.skip()
    items = sequence(reader)
    reader.skip()
    if bracket:
        _close(reader, "]", start)
        reader.skip()
        reader.consume(",")
        reader.skip()
    _close(reader, ")", start)
    reader.depth -= 1
    return items


def _close(reader: Reader, sign: str, start: int) -> None:
    if not reader.consume(sign):
        raise (
            not_closed(reader.span(start, start + 1))
            if not reader.next()
            else not_read(reader.here(), _("a call is expected here"))
        )
