"""Networks and their items: sequences, blocks, labels.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.table import OPAQUE
from cnncalc.notation.arguments import read_layer
from cnncalc.notation.sizes import Shape, at_volume, read_output, read_volume, settle
from cnncalc.notation.tree import (
    JOINS,
    Again,
    Group,
    Join,
    Labelled,
    Layer,
    Reference,
    Sequence,
    settled,
)
from cnncalc.notation.values import read_digits, read_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, nearest, quoted

if TYPE_CHECKING:
    from cnncalc.notation.expressions import Expression
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Given, Item
    from cnncalc.speech.problem import Span


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
        return _block(reader, word[0], start)
    axis = _axis(reader) if word[0].lower() == "concat" else 0
    if axis:
        return _block(reader, word[0], start, axis)
    if word[0].lower() == "again" and reader.check("NAME"):
        named, target = read_label(reader, "again early")
        return Again(named, target, reader.span(start))
    if reader.next() == '"' and word[0].lower() == OPAQUE.name:
        return _opaque(reader, start)
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
        return _block(reader, "", start)
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


def read_label(reader: Reader, sample: str, start: int | None = None) -> tuple[str, Item]:
    """Return a label that is set and what it labels; a fault points at it, or from `start` on."""
    start = reader.position if start is None else start
    word = reader.expect("NAME", _("the name of a label is expected here"), sample)
    span = reader.span(start)
    sign = "@" if sample[0] == "@" else ""
    for scope in reversed(reader.labels):
        if word in scope:
            return word, scope[word][1]
    close = nearest(word, [name for scope in reader.labels for name in scope])
    raise Problem(
        "unknown-label",
        _("no label is called {label} here", label=quoted(word)),
        [Label(span)],
        notes=[_("a label is set before it is read, and not inside a call, a repeat or aux")],
        helps=[
            _("did you mean '{name}'?", name=f"{sign}{close}")
            if close
            else _("set it, as in '{label}: relu'", label=word)
        ],
        fix=Fix(span, f"{sign}{close}") if close else None,
    )


def _opaque(reader: Reader, start: int) -> Item:
    """opaque = "opaque" STRING volume [ "[" sequence { "|" sequence } "]" ]."""
    name = reader.expect("STRING", _("a name in quotes is expected here"), 'opaque "Name" 7x7x64')
    reader.skip()
    sizes = settled(read_output(reader))
    layer = Layer(OPAQUE, (name.strip('"'), sizes), reader.span(start))
    here = reader.position
    reader.skip()
    if reader.next() != "[":
        reader.position = here
        return layer
    branches = _branches(reader, reader.position)
    return Join(OPAQUE.name, branches, reader.span(start), layer)


def _axis(reader: Reader) -> int:
    """[ "axis=" number ] "[": return the spatial axis, from 1; 0 where none is named."""
    here = reader.position
    named = reader.read("KEYWORD")
    if named and named[1].lower() == "axis" and reader.check("DIGITS"):
        axis = read_digits(reader)
        reader.skip()
        if axis and reader.next() == "[":
            return axis
        if not axis:
            raise Problem(
                "number-too-small",
                _("a spatial axis is counted from 1"),
                [Label(reader.span(here))],
                helps=[_("write concat[ ... ] to stack along the channels")],
            )
    reader.position = here
    return 0


def _block(reader: Reader, how: str, start: int, axis: int = 0) -> Item:
    """block = [ JOIN ] "[" sequence { "|" sequence } "]" [ count [ "shared" ] ].

    count = ( "*" | "×" ) expression.
    """
    join = how.lower()
    if how and join not in JOINS:
        from cnncalc.notation import wrong_items

        raise wrong_items.not_a_join(reader, how, start)
    opening = reader.position
    own_scope = join == "aux" or reader.has_count(opening)
    counted = reader.has_count(opening)
    if own_scope:
        reader.labels.append({})
    if counted:
        reader.counts.append(False)
    branches = _branches(reader, opening)
    by_round = counted and reader.counts.pop()
    if own_scope:
        reader.labels.pop()
    here = reader.position
    count = _count(reader)
    shared = count is not None and _shared(reader)
    if not join:
        if len(branches) > 1:
            from cnncalc.notation import wrong_items

            raise wrong_items.branches_without_join(reader, opening)
        return Group(branches[0], count, reader.span(start), by_round, shared)
    _check_branches(join, branches, reader.span(start, here))
    item = Join(join, branches, reader.span(start, here), axis=axis)
    if count is None:
        return item
    return Group(Sequence((item,), item.span), count, reader.span(start), by_round, shared)


def _branches(reader: Reader, opening: int) -> tuple[Sequence, ...]:
    """ "[" sequence { "|" sequence } "]"."""
    reader.position += 1
    reader.deeper(opening)
    reader.deepest = max(reader.deepest, reader.depth)
    branches = []
    while True:
        reader.skip()
        if not reader.next() or reader.next() in "]|":
            raise _empty_branch(reader, opening)
        branches.append(read_sequence(reader))
        if not reader.consume("|"):
            break
    if not reader.consume("]"):
        raise not_closed(reader, "[", "]", reader.span(opening, opening + 1))
    reader.depth -= 1
    return tuple(branches)


def _count(reader: Reader) -> Expression | None:
    """[ ( "*" | "×" ) expression ] behind a block."""
    here = reader.position
    reader.skip()
    if reader.read("TIMES"):
        reader.skip()
        count = read_whole(reader)
        if not reader.check("ARGUMENT_END"):
            from cnncalc.notation import wrong_arguments

            raise wrong_arguments.after_value(reader, here)
        return count
    reader.position = here
    if not reader.check("ARGUMENT_END"):
        from cnncalc.notation import wrong_items

        raise wrong_items.after_bracket(reader)
    return None


def _shared(reader: Reader) -> bool:
    """[ "shared" ] behind a count."""
    here = reader.position
    reader.skip()
    word = reader.read("WORD")
    if word and word[0].lower() == "shared":
        return True
    reader.position = here
    return False


def _check_branches(join: str, branches: tuple[Sequence, ...], span: Span) -> None:
    """Refuse a join of one branch, and an aux of several."""
    if join == "aux" and len(branches) > 1:
        raise Problem(
            "aux-has-one-branch",
            _("an auxiliary classifier is one side branch"),
            [Label(branches[1].span)],
            helps=[_("write two of them: aux[ ... ] -> aux[ ... ]")],
        )
    if join != "aux" and len(branches) < 2:
        from cnncalc.notation import wrong_items

        raise wrong_items.one_branch(join, span)


def _empty_branch(reader: Reader, opening: int) -> Problem:
    """Return the problem of brackets or a branch with nothing in them."""
    if not reader.next():
        return not_closed(reader, "[", "]", reader.span(opening, opening + 1))
    end = reader.position
    return Problem(
        "branch-empty",
        _("there is nothing in this branch"),
        [Label(reader.span(end, end + 1))],
        helps=[_("write 'identity' for a branch that passes its input on")],
        fix=Fix(reader.span(end, end), "identity "),
    )


def not_closed(reader: Reader, opening: str, closing: str, span: Span) -> Problem:
    """Return the problem of a bracket that does not close: at the end, or at what stands there."""
    if reader.next():
        from cnncalc.notation import wrong_items

        problem: Problem = wrong_items.after_item(reader, closes=True)
        return problem
    return Problem(
        "bracket-not-closed",
        _("'{sign}' is not closed", sign=opening),
        [Label(span)],
        helps=[_("write '{sign}' where it ends", sign=closing)],
    )
