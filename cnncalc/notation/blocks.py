"""Blocks: brackets with a word before them, branches in them and a count behind.

A function a line of the grammar, which its docstring quotes; `sequence` reads a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc import notation
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import OPAQUE
from cnncalc.notation.inputs import settled
from cnncalc.notation.sizes import read_output
from cnncalc.notation.tokens import ARGUMENT_END
from cnncalc.notation.tree import JOINS, Group, Join, Layer, Sequence
from cnncalc.notation.values import read_digits, read_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from cnncalc.notation.expressions import Expression
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item
    from cnncalc.speech.problem import Span

    Branch: TypeAlias = Callable[[Reader], Sequence]


def read_opaque(reader: Reader, start: int, sequence: Branch) -> Item:
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
    branches = _branches(reader, reader.position, sequence)
    return Join(OPAQUE.name, branches, reader.span(start), layer)


def read_axis(reader: Reader) -> int:
    """[ "axis=" number ] "[": return the spatial axis, from 1; 0 where none is named."""
    here = reader.position
    named = reader.read("KEYWORD")
    if named and named[1].lower() == "axis" and reader.at_digit():
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


def read_block(reader: Reader, how: str, start: int, sequence: Branch, axis: int = 0) -> Item:
    """block = [ JOIN ] "[" sequence { "|" sequence } "]" [ count [ "shared" ] ].

    count = ( "*" | "×" | "x" ) expression.
    """
    join = how.lower()
    if how and join not in JOINS:
        raise notation.wrong_blocks.not_a_join(reader, how, start)
    opening = reader.position
    own_scope = join == "aux" or reader.has_count(opening)
    counted = reader.has_count(opening)
    if own_scope:
        reader.labels.append({})
    if counted:
        reader.counts.append(False)
    branches = _branches(reader, opening, sequence)
    by_round = counted and reader.counts.pop()
    if own_scope:
        reader.labels.pop()
    here = reader.position
    count = _count(reader)
    shared = count is not None and _shared(reader)
    if not join:
        if len(branches) > 1:
            raise notation.wrong_blocks.branches_without_join(reader, opening)
        return Group(branches[0], count, reader.span(start), by_round, shared)
    _check_branches(join, branches, reader.span(start, here))
    item = Join(join, branches, reader.span(start, here), axis=axis)
    if count is None:
        return item
    return Group(Sequence((item,), item.span), count, reader.span(start), by_round, shared)


def _branches(reader: Reader, opening: int, sequence: Branch) -> tuple[Sequence, ...]:
    """ "[" sequence { "|" sequence } "]"."""
    reader.position += 1
    reader.deeper(opening)
    reader.deepest = max(reader.deepest, reader.depth)
    branches = []
    comes = reader.comes
    while True:
        reader.comes = comes
        reader.skip()
        if not reader.next() or reader.next() in "]|":
            raise _empty_branch(reader, opening)
        branches.append(sequence(reader))
        if not reader.consume("|"):
            break
    if not reader.consume("]"):
        raise not_closed(reader, "[", "]", reader.span(opening, opening + 1))
    reader.depth -= 1
    return tuple(branches)


def _count(reader: Reader) -> Expression | None:
    """[ ( "*" | "×" | "x" ) expression ] behind a block."""
    here = reader.position
    reader.skip()
    if reader.read("TIMES"):
        reader.skip()
        count = read_whole(reader)
        if not reader.ends(ARGUMENT_END):
            raise notation.wrong_arguments.after_value(reader, here)
        return count
    reader.position = here
    if not reader.ends(ARGUMENT_END):
        raise notation.wrong_items.after_bracket(reader)
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
    kind = JOIN_KINDS.get(join)
    if kind and kind.two and len(branches) > _TWO:
        raise Problem(
            "product-takes-two",
            _("a product multiplies two matrices"),
            [Label(branches[_TWO].span)],
            helps=[_("write one product in the other: product[ product[ ... | ... ] | ... ]")],
        )
    if join != "aux" and len(branches) < _TWO:
        raise notation.wrong_blocks.one_branch(join, span)


_TWO = 2


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
        problem: Problem = notation.wrong_items.after_item(reader, closes=True)
        return problem
    return Problem(
        "bracket-not-closed",
        _("'{sign}' is not closed", sign=opening),
        [Label(span)],
        helps=[_("write '{sign}' where it ends", sign=closing)],
    )
