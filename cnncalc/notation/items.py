"""Networks and their items: sequences, blocks, labels.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc import notation
from cnncalc.kinds.table import OPAQUE
from cnncalc.notation.arguments import read_layer
from cnncalc.notation.reader import read_label, set_label
from cnncalc.notation.sizes import at_input, at_volume, read_volume, settle
from cnncalc.notation.tree import (
    Again,
    Given,
    Labelled,
    Layer,
    Reference,
    Sequence,
    Shape,
    items_in,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item
    from cnncalc.speech.problem import Span


def read_network(reader: Reader) -> tuple[Given | None, Sequence]:
    """network = [ volume ARROW ] sequence | volume."""
    start = reader.position
    label = _label_of_head(reader)
    if not at_volume(reader):
        sequence = read_sequence(reader)
        return settle(reader, reader.shape) if reader.shape else None, sequence
    volume = read_volume(reader)._replace(label=label)
    if label:
        set_label(reader, label, reader.span(start, start + len(label)), settle(reader, volume))
    reader.skip()
    reader.comes = True
    if reader.read_arrow():
        _after_arrow(reader)
        sequence = read_sequence(reader)
        return settle(reader, volume), sequence
    if reader.next() and reader.next() != "}":
        raise notation.wrong_volumes.after_volume(reader, start)
    return settle(reader, volume), Sequence((), reader.span(start, reader.position))


def _label_of_head(reader: Reader) -> str:
    """[ LABEL ":" ] before the volume of a network."""
    start = reader.position
    word = reader.read("NAME")
    if word:
        reader.skip()
        if reader.consume(":"):
            reader.skip()
            if at_input(reader, labelled=True):
                return word[0]
    reader.position = start
    return ""


def read_sequence(reader: Reader) -> Sequence:
    """sequence = item { ARROW item }."""
    reader.skip()
    start = reader.position
    items = [*_items(reader)]
    reader.comes = True
    end = reader.position
    reader.skip()
    while reader.read_arrow() or _next_line(reader, end):
        if _list_ends(reader):
            break
        _after_arrow(reader)
        items += _items(reader)
        end = reader.position
        reader.skip()
    settled = (settle(reader, item) if isinstance(item, Shape) else item for item in items)
    return Sequence(tuple(settled), reader.span(start, end))


def _next_line(reader: Reader, end: int) -> bool:
    """Return whether a call stands on the line after a call, which is as an arrow."""
    return bool(
        (reader.calls or reader.text[end - 2 : end] == "()")
        and "\n" in reader.text[end : reader.position]
        and reader.text[end - 1] in ")]"
        and reader.check("CODE")
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


def _items(reader: Reader) -> tuple[Item | Shape, ...]:
    """Return an item; or those of a call, which may be several."""
    if known := _read_before(reader):
        return (known,)
    if reader.position <= reader.last_opened and reader.check("CODE"):
        from cnncalc.notation import calls

        if calls.is_call(reader):
            return _called(reader)
    return (_item(reader),)


def _read_before(reader: Reader) -> Item | None:
    """Go past an item that was read before, word for word, and return it."""
    start = reader.position
    plain = reader.check("PLAIN_ITEM") if reader.layers or reader.recalls else None
    if plain is None:
        return None
    if reader.recalls and (recalled := reader.recalls.find(reader, plain[0])):
        return recalled
    known = reader.layers.get(plain[0])
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
            reader.position = start
            raise notation.wrong_items.no_item(reader, start)
    return tuple(items)


def _after_arrow(reader: Reader) -> None:
    """Refuse an arrow that nothing follows."""
    arrow = reader.position
    reader.skip()
    sign = reader.next()
    if sign and sign not in "]|})" and not (sign in "-→," and reader.at_arrow()):
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


def _item(reader: Reader) -> Item | Shape:
    """item = [ LABEL ":" ] ( block | layer | opaque | "@" LABEL | "again" LABEL | volume )."""
    start = reader.position
    if at_input(reader):
        return _input(reader)
    word = reader.read("NAME")
    if not word:
        return _nameless(reader, start)
    here = reader.position
    reader.skip()
    if reader.next() == ":":
        return _labelled(reader, word[0], start)
    if reader.next() == "[" or word[0].lower() in ("concat", OPAQUE.name):
        from cnncalc.notation import blocks

        if reader.next() == '"' and word[0].lower() == OPAQUE.name:
            return blocks.read_opaque(reader, start, read_sequence)
        axis = blocks.read_axis(reader) if word[0].lower() == "concat" else 0
        if axis or reader.next() == "[":
            return blocks.read_block(reader, word[0], start, read_sequence, axis)
    if word[0].lower() == "again" and reader.check("NAME"):
        named, target = read_label(reader, "again early")
        _refuse_input_inside(target, reader.span(start))
        return Again(named, target, reader.span(start))
    reader.position = here
    item = read_layer(reader, word[0], start)
    if reader.recalls or (isinstance(item, Layer) and reader.is_long):
        plain = reader.check("PLAIN_ITEM", start)
        if plain and not reader.text[reader.position : plain.end()].strip():
            if reader.recalls:
                reader.recalls.keep(reader, plain[0], item, reader.position - start)
            if isinstance(item, Layer):
                reader.layers[plain[0]] = item, reader.position - start
    return item


def _input(reader: Reader, label: str = "", start: int | None = None) -> Given | Shape:
    """Read a volume where an item stands: one more input, which no group with a count may hold."""
    start = reader.position if start is None else start
    if reader.comes and not label and (said := _kernel_behind_comma(reader)):
        raise said
    volume = read_volume(reader)._replace(label=label)
    if reader.counts:
        raise Problem(
            "input-inside",
            _("an input cannot stand inside a group with a count"),
            [Label(reader.span(start))],
            helps=[_("write it before the group, and read its label inside")],
        )
    return volume


def _kernel_behind_comma(reader: Reader) -> Problem | None:
    """Return the problem of `conv 10, 5x5`, where what looks as a volume is none."""
    if reader.text[: reader.position].rstrip().endswith(("->", "→")):
        return None
    return notation.wrong_items.from_habit(reader, reader.position)


def _refuse_input_inside(target: Item, span: Span) -> None:
    """Refuse to go again through what holds an input."""
    alone = Sequence((target,), span)
    given = next((each for each in items_in(alone) if isinstance(each, Given)), None)
    if given:
        raise Problem(
            "input-inside",
            _("an input cannot stand inside what is used again"),
            [Label(span), Label(given.span)],
            helps=[_("label what stands behind the input")],
        )


def _nameless(reader: Reader, start: int) -> Item:
    """Return an item that begins with a sign: a group, or a reference to a label."""
    if reader.next() == "[":
        from cnncalc.notation.blocks import read_block

        return read_block(reader, "", start, read_sequence)
    if reader.consume("@"):
        return _reference(reader, start)
    raise notation.wrong_items.no_item(reader, start)


def _labelled(reader: Reader, label: str, start: int) -> Item | Shape:
    """[ LABEL ":" ] before an item."""
    span = reader.span(start, start + len(label))
    reader.position += 1
    reader.skip()
    if not reader.next() or reader.next() in "]|}),:" or reader.at_arrow():
        raise Problem(
            "nothing-after-label",
            _("a label stands before an item, and none is here"),
            [Label(span)],
            helps=[_("write '{label}: identity' to name what comes in", label=label)],
        )
    if at_input(reader, labelled=True):
        given = _input(reader, label, start)
        set_label(reader, label, span, settle(reader, given))
        return given
    item = cast("Item", _item(reader))
    set_label(reader, label, span, item)
    return Labelled(label, item, reader.span(start))


def _reference(reader: Reader, start: int) -> Item:
    """ "@" LABEL."""
    word, _item = read_label(reader, "@early", start)
    return Reference(word, reader.span(start))
