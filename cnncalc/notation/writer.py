"""Tree to text: canonical notation, that parses to the same tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.expressions import (
    Channels,
    Equal,
    Name,
    Pair,
    Placeholder,
    Power,
    Product,
    Rounded8,
    Sum,
    Symbol,
    is_fraction,
)
from cnncalc.notation.tree import (
    Again,
    Argument,
    Call,
    Definition,
    Given,
    Group,
    Join,
    Labelled,
    Layer,
    Network,
    Pending,
    Reference,
    Sequence,
    sequences_of,
    unlabel,
)

if TYPE_CHECKING:
    from cnncalc.kinds.table import Kind, Parameter
    from cnncalc.notation.expressions import Expression
    from cnncalc.notation.tree import Item


def write(network: Network, *, channels_first: bool = False) -> str:
    """Return a network in canonical notation, its definitions a line each."""
    lines = [_definition(definition, channels_first) for definition in network.definitions]
    lines.append(_network(network.volume, network.sequence, channels_first))
    return "\n".join(lines)


def lay_out(network: Network, *, width: int = 80) -> str:
    """Return a network in canonical notation, its volume and then its items over several lines.

    A line is wider than `width` only where one layer is.
    """
    lines = []
    for definition in network.definitions:
        lines += _definition_lines(definition, width)
    if network.volume:
        lines.append(_given(network.volume, False))
    if network.sequence.items:
        lines += _lines(network.sequence, width, arrow=bool(network.volume))
    return "\n".join(lines) + "\n"


_SPELLED: dict[tuple[int, bool], tuple[Layer, str]] = {}
"""Layers as they are written, each with its layer, so that no other can have its identity."""

_TEXTS: dict[tuple[str, str, bool], str] = {}
"""The same by what they are, as numbers that show their working are not those that they equal."""


def spell_layer(layer: Layer, channels_first: bool) -> str:
    """Return a layer in canonical notation, written once for all that are alike."""
    found = _SPELLED.get((id(layer), channels_first))
    if found is None:
        for known in (_SPELLED, _TEXTS):
            if len(known) > 4096:
                known.clear()
        key = layer.kind.name, repr(layer.values), channels_first
        text = _TEXTS.get(key)
        if text is None:
            text = _TEXTS[key] = write_layer(layer, channels_first=channels_first)
        found = _SPELLED[id(layer), channels_first] = layer, text
    return found[1]


def write_layer(layer: Layer, *, channels_first: bool = False) -> str:
    """Return a layer with what differs from its defaults."""
    kind = layer.kind
    words = [_name(kind, layer.values)]
    values = {
        parameter.name: value
        for parameter, value in zip(kind.parameters, layer.values, strict=True)
    }
    for parameter in kind.parameters:
        value = values[parameter.name]
        default = values[parameter.like] if parameter.like else parameter.default
        if parameter.form == "rank" or (value == default and not parameter.place):
            continue
        if parameter.form == "words":
            words += value
        elif parameter.form == "volume" and channels_first:
            words.append(_argument(parameter, (value[-1], *value[:-1])))
        elif value is not None:
            words.append(_argument(parameter, value))
    return " ".join(words)


def write_item(item: Item) -> str:
    """Return an item in canonical notation."""
    return _item(item)


def _name(kind: Kind, values: tuple[Any, ...]) -> str:
    """Return the name of a kind that stands for what the layer's values hold: conv2d, say."""
    held = {
        parameter.name: value
        for parameter, value in zip(kind.parameters, values, strict=True)
        if parameter.form == "rank" and value
    }
    return next((name for name, preset in kind.names.items() if held and preset == held), kind.name)


def _argument(parameter: Parameter, value: Any) -> str:
    if parameter.form == "flag":
        return parameter.name
    if parameter.form == "text":
        return f'"{value}"'
    text = write_value(value)
    if isinstance(value, str) and not (parameter.place and parameter.form == "number"):
        return f"{parameter.letter or parameter.name}={text}"
    return text if parameter.place else f"{parameter.letter}{text}"


def write_value(value: Any) -> str:
    """Return a number, one for each axis, or the text of an expression."""
    return _value(value) if isinstance(value, tuple) else str(value)


def _network(volume: Given | None, sequence: Sequence, channels_first: bool) -> str:
    parts = [_given(volume, channels_first)] if volume else []
    if sequence.items:
        parts.append(_sequence(sequence, channels_first))
    return " -> ".join(parts)


def _given(given: Given, channels_first: bool) -> str:
    sizes = tuple(_expression(size) for size in given.sizes)
    label = f"{given.label}: " if given.label else ""
    return label + write_volume(sizes, channels_first=channels_first)


def _definition_lines(definition: Definition, width: int) -> list[str]:
    """Return a definition in one line that holds it, or its body over several."""
    line = _definition(definition, False)
    if len(line) <= width or definition.volume:
        return [line]
    head, _brace, _body = line.partition("{ ")
    return [f"{head}{{", *(f"  {each}" for each in _lines(definition.sequence, width - 2)), "}"]


def _definition(definition: Definition, channels_first: bool) -> str:
    formals = [
        formal.name if formal.default is None else f"{formal.name}={_value(formal.default)}"
        for formal in definition.formals
    ]
    if definition.rest:
        formals.append("...")
    head = f"{definition.name}({', '.join(formals)})" if formals else definition.name
    body = _network(definition.volume, definition.sequence, channels_first)
    return f"def {head} {{ {body} }}"


def _sequence(sequence: Sequence, channels_first: bool = False) -> str:
    return " -> ".join(_item(item, channels_first) for item in sequence.items)


def _item(item: Item, channels_first: bool = False) -> str:
    if isinstance(item, Layer):
        return write_layer(item, channels_first=channels_first)
    if isinstance(item, Pending):
        name = next((name for name, preset in item.kind.names.items() if preset == item.preset), "")
        return _words(name if item.preset else item.kind.name, item.arguments)
    if isinstance(item, Call):
        return _words(item.definition.name, item.arguments)
    if isinstance(item, Reference):
        return f"@{item.label}"
    if isinstance(item, Again):
        return f"again {item.label}"
    if isinstance(item, Labelled):
        return f"{item.label}: {_item(item.item, channels_first)}"
    if isinstance(item, Given):
        return _given(item, channels_first)
    if isinstance(item, Join):
        head = item.head
        if item.layer:
            head = f"{write_layer(item.layer, channels_first=channels_first)} "
        return (
            f"{head}[{' | '.join(_sequence(branch, channels_first) for branch in item.branches)}]"
        )
    count = _count(item)
    if item.times is not None and (only := _only_join(item)):
        return f"{_item(only, channels_first)}{count}"
    return f"[{_sequence(item.sequence, channels_first)}]{count}"


def _count(group: Group) -> str:
    """Return what stands behind a group: how often, and whether with the same weights."""
    if group.times is None:
        return ""
    return f"*{_factor(group.times)}{' shared' if group.shared else ''}"


def _lines(sequence: Sequence, width: int, *, arrow: bool = False) -> list[str]:
    """Return a sequence in lines: as many items on each as it holds, a wide block by itself."""
    lines: list[str] = []
    full = True
    for item in sequence.items:
        words = ("-> " if arrow else "") + _item(item)
        arrow = True
        block = unlabel(item)
        if isinstance(block, Join | Group) and len(words) > width:
            count = _count(block) if isinstance(block, Group) else ""
            if isinstance(block, Group) and count and (only := _only_join(block)):
                block = only
            layer = write_layer(block.layer) if isinstance(block, Join) and block.layer else ""
            begins = words.index("[", words.index(layer) + len(layer))
            lines += _block(words[: begins + 1], block, count, width)
            full = True
        elif full or len(lines[-1]) + 1 + len(words) > width:
            lines.append(words)
            full = False
        else:
            lines[-1] += f" {words}"
    return lines


def _only_join(group: Group) -> Join | None:
    """Return the join that is all that stands in a group: its count stands behind it."""
    inner = group.sequence.items
    return inner[0] if len(inner) == 1 and isinstance(inner[0], Join) else None


def _block(head: str, block: Join | Group, count: str, width: int) -> list[str]:
    """Return a block in lines, one branch under another, with a count behind it."""
    margin = len(head) + 1 if len(head) < _LONG_HEAD else 5
    lines = [] if len(head) < _LONG_HEAD else [head]
    before = f"{head} " if not lines else " " * margin
    for branch in sequences_of(block):
        for line in _lines(branch, max(width - margin - 2, 20)):
            lines.append(before + line)
            before = " " * margin
        before = " " * (margin - 2) + "| "
    lines[-1] += f" ]{count}"
    return lines


_LONG_HEAD = 16  # characters: the branches of a longer one begin below it


def _words(name: str, arguments: tuple[Argument, ...]) -> str:
    return " ".join([name, *(_written(argument) for argument in arguments)])


def _written(argument: Argument) -> str:
    """Return an argument as it was typed: its words are kept."""
    return argument.words or argument.name


def _value(value: tuple[Any, ...]) -> str:
    """Return a value; a name beside an x stands in parentheses."""
    if len(value) == 1:
        return _side(value[0])
    return "x".join(_side(side, beside=True) for side in value)


def _side(side: Any, *, beside: bool = False) -> str:
    if isinstance(side, Pair) or type(side) is tuple:
        return f"{_beside(side[0], beside=beside)}:{_beside(side[1], beside=beside)}"
    return _beside(side, beside=beside)


def _beside(expression: Expression, *, beside: bool) -> str:
    text = _expression(expression)
    return text if not beside or isinstance(expression, int | Placeholder | Symbol) else f"({text})"


def _expression(expression: Expression) -> str:
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Channels):
        return "cin"
    if isinstance(expression, Symbol):
        return expression.symbol
    if isinstance(expression, Placeholder):
        return f"?{expression.letter}"
    if isinstance(expression, Sum):
        return _signed(expression.terms)
    if isinstance(expression, Product):
        return _signed(expression.factors)
    if isinstance(expression, Power):
        base, exponent = (
            f"({_expression(each)})" if isinstance(each, Power) else _factor(each)
            for each in (expression.base, expression.exponent)
        )
        return f"{base}^{exponent}"
    if isinstance(expression, Rounded8):
        return f"round8({_expression(expression.inside)})"
    if isinstance(expression, Equal):
        return f"{_expression(expression.left)}=={_expression(expression.right)}"
    return str(expression)


def _signed(parts: tuple[tuple[str, Expression], ...]) -> str:
    first, *rest = parts
    return _factor(first[1]) + "".join(sign + _factor(part) for sign, part in rest)


def _factor(expression: Expression) -> str:
    text = _expression(expression)
    plain = not (isinstance(expression, Sum | Product | Equal) or is_fraction(expression))
    return text if plain and not text.startswith("-") else f"({text})"
