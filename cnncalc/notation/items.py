"""Networks and their items: sequences, blocks, labels.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.table import OPAQUE
from cnncalc.notation.arguments import read_layer
from cnncalc.notation.blocks import read_axis, read_block, read_opaque
from cnncalc.notation.labels import read_label
from cnncalc.notation.sizes import Shape, at_volume, read_volume, settle
from cnncalc.notation.tree import (
    Again,
    Labelled,
    Layer,
    Reference,
    Sequence,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, quoted

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Given, Item


_CODE = ("CALL", "PRINTED", "ASSIGNED", "PAIR")
"""Tokens that an item as code has it begins with."""


def read_network(reader: Reader) -> tuple[Given | None, Sequence]:
    """network = [ volume ARROW ] sequence | volume."""
    start = reader.position
    if not at_volume(reader):
        sequence = read_sequence(reader)
        return settle(reader, reader.shape) if reader.shape else None, sequence
    volume = read_volume(reader)
    reader.skip()
    if reader.read("ARROW"):
        _after_arrow(reader)
        sequence = read_sequence(reader)
        return settle(reader, volume), sequence
    if reader.next() and reader.next() != "}":
        from cnncalc.notation import wrong_volumes

        raise wrong_volumes.after_volume(reader, start)
    return settle(reader, volume), Sequence((), reader.span(start, reader.position))


def read_sequence(reader: Reader) -> Sequence:
    """sequence = item { ARROW item }."""
    reader.skip()
    start = reader.position
    items = [*_items(reader)]
    end = reader.position
    reader.skip()
    while reader.read("ARROW") or _next_line(reader, end):
        if _list_ends(reader):
            break
        _after_arrow(reader)
        items += _items(reader)
        end = reader.position
        reader.skip()
    return Sequence(tuple(items), reader.span(start, end))


def _next_line(reader: Reader, end: int) -> bool:
    """Return whether a call stands on the line after a call, which is as an arrow."""
    return bool(
        (reader.calls or reader.text[end - 2 : end] == "()")
        and "\n" in reader.text[end : reader.position]
        and reader.text[end - 1] in ")]"
        and any(map(reader.check, _CODE))
    )


def _list_ends(reader: Reader) -> bool:
    """Return whether a list of calls closes here, behind a comma as Python allows."""
    if not reader.calls:
        return False
    here = reader.position
    reader.skip()
    if reader.text[here - 1] == "," and reader.next() in ("]", ")"):
        return True
    reader.position = here
    return False


def _items(reader: Reader) -> tuple[Item, ...]:
    """Return an item; or those of a call, which may be several."""
    if known := _read_before(reader):
        return (known,)
    if any(map(reader.check, _CODE)):
        from cnncalc.notation import calls

        if calls.is_call(reader):
            return _called(reader)
    return (_item(reader),)


def _read_before(reader: Reader) -> Layer | None:
    """Go past a layer that was read before, word for word, and return it."""
    start = reader.position
    plain = reader.check("PLAIN_ITEM")
    known = reader.layers.get(plain[0]) if plain else None
    if known is None:
        return None
    layer, length = known
    reader.position = start + length
    return Layer(layer.kind, layer.values, reader.span(start))


def _called(reader: Reader) -> tuple[Item, ...]:
    """Return the items of a call; the shape of an input goes to the head of the network."""
    from cnncalc.notation import calls

    start = reader.position
    items: list[Item] = []
    for item in calls.read_call(reader, lambda reader: read_sequence(reader).items):
        if not isinstance(item, Shape):
            items.append(item)
        elif reader.shape is None:
            reader.shape = item
        else:
            from cnncalc.notation import wrong_items

            reader.position = start
            raise wrong_items.no_item(reader, start)
    return tuple(items)


def _after_arrow(reader: Reader) -> None:
    """Refuse an arrow that nothing follows."""
    arrow = reader.position
    reader.skip()
    if reader.next() and reader.next() not in "]|})" and not reader.check("ARROW"):
        return
    while reader.text[arrow - 1] not in ">→,":
        arrow -= 1
    span = reader.span(arrow - (2 if reader.text[arrow - 1] == ">" else 1), arrow)
    raise Problem(
        "nothing-after-arrow",
        _("a layer follows an arrow, and none is here"),
        [Label(span)],
        helps=[_("take the arrow away, or write a layer after it")],
        fix=Fix(span, ""),
    )


def _item(reader: Reader) -> Item:
    """item = [ LABEL ":" ] ( block | layer | opaque | "@" LABEL | "again" LABEL )."""
    start = reader.position
    word = reader.read("NAME")
    if not word:
        return _nameless(reader, start)
    here = reader.position
    reader.skip()
    if reader.next() == ":":
        return _labelled(reader, word[0], start)
    if reader.next() == "[":
        return read_block(reader, word[0], start, read_sequence)
    axis = read_axis(reader) if word[0].lower() == "concat" else 0
    if axis:
        return read_block(reader, word[0], start, read_sequence, axis)
    if word[0].lower() == "again" and reader.check("NAME"):
        named, target = read_label(reader, "again early")
        return Again(named, target, reader.span(start))
    if reader.next() == '"' and word[0].lower() == OPAQUE.name:
        return read_opaque(reader, start, read_sequence)
    reader.position = here
    item = read_layer(reader, word[0], start)
    if isinstance(item, Layer):
        plain = reader.check("PLAIN_ITEM", start)
        if plain and not reader.text[reader.position : plain.end()].strip():
            reader.layers[plain[0]] = item, reader.position - start
    return item


def _nameless(reader: Reader, start: int) -> Item:
    """Return an item that begins with a sign: a group, or a reference to a label."""
    if reader.next() == "[":
        return read_block(reader, "", start, read_sequence)
    if reader.consume("@"):
        return _reference(reader, start)
    from cnncalc.notation import wrong_items

    raise wrong_items.no_item(reader, start)


def _labelled(reader: Reader, label: str, start: int) -> Item:
    """[ LABEL ":" ] before an item."""
    span = reader.span(start, start + len(label))
    reader.position += 1
    reader.skip()
    if not reader.next() or reader.next() in "]|}),:" or reader.check("ARROW"):
        raise Problem(
            "nothing-after-label",
            _("a label stands before an item, and none is here"),
            [Label(span)],
            helps=[_("write '{label}: identity' to name what comes in", label=label)],
        )
    item = _item(reader)
    scope = reader.labels[-1]
    if label in scope:
        raise Problem(
            "label-twice",
            _("the label {label} is set twice", label=quoted(label)),
            [Label(scope[label][0]), Label(span)],
            helps=[_("give one of them another name")],
        )
    scope[label] = span, item
    return Labelled(label, item, reader.span(start))


def _reference(reader: Reader, start: int) -> Item:
    """ "@" LABEL."""
    word, _item = read_label(reader, "@early", start)
    return Reference(word, reader.span(start))
