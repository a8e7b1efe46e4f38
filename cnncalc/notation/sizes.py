"""Volumes as they are typed.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc import notation
from cnncalc.notation.expressions import Placeholder, Symbol
from cnncalc.notation.tokens import ARGUMENT_END, rule
from cnncalc.notation.tree import Given, Shape
from cnncalc.notation.values import read_digits
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.notation.expressions import Expression
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import FromCall
    from cnncalc.speech.problem import Span

MOST_AXES = BUDGET.axes


def at_volume(reader: Reader) -> bool:
    """Return whether a volume comes, not a layer."""
    if reader.at_digit() or reader.next() == "?":
        return True
    if reader.next() in ("(", "["):
        return _at_shape(reader)
    symbol = reader.check("SYMBOL")
    if not symbol:
        return False
    return bool(reader.check("SIZE_BY", symbol.end())) or (
        len(symbol[0]) <= 2
        and not reader.is_layer(symbol[0])
        and reader.text[symbol.end() : symbol.end() + 1] not in (":", "(")
    )


def at_input(reader: Reader, *, labelled: bool = False) -> bool:
    """Return whether a volume comes where an item stands: one of two sizes, or with a label.

    A bare number is one where nothing comes in.
    """
    first = reader.next()
    if not (first.isdigit() or first.isupper() or first in ("?", "(", "[")):
        return False
    is_free = labelled or not reader.comes
    if first in ("(", "["):
        shape = reader.check("SHAPE")
        return bool(
            shape
            and _at_shape(reader)
            and reader.check("VOLUME_END", shape.end())
            and (is_free or "," in shape[0].rstrip(" )],"))
        )
    if reader.check("SIZES"):
        return at_volume(reader)
    return is_free and at_volume(reader) and bool(reader.check("SIZE") or reader.check("RUN"))


def _at_shape(reader: Reader) -> bool:
    """Return whether brackets come that hold sizes alone."""
    found = reader.check("SHAPE")
    if not found or reader.check("TIMES", found.end()):
        return False
    words = rule("SYMBOL").findall(found[0])
    return not any(reader.is_layer(word) for word in words)


def read_volume(reader: Reader) -> Given | Shape:
    """volume = size { "x" size }; or sizes in brackets, or a run of numbers with commas."""
    start = reader.position
    if reader.next() in ("(", "["):
        return _shape(reader, start, "SHAPE", may_have_batch=True)
    if "," in reader.text and reader.check("RUN"):
        return _shape(reader, start, "RUN", may_have_batch=False)
    sizes = _sizes(reader, start)
    if not reader.check("VOLUME_END"):
        notation.wrong_volumes.refuse(reader)
    return _volume(reader, sizes, start)


def read_output(reader: Reader) -> Given:
    """Read a volume behind which branches may stand: what an item without formulas puts out."""
    start = reader.position
    return _volume(reader, _sizes(reader, start), start)


def _sizes(reader: Reader, start: int) -> list[Expression]:
    sizes = [_size(reader, start)]
    while reader.read("SIZE_BY"):
        sizes.append(_size(reader, start))
    return sizes


def _volume(reader: Reader, sizes: list[Expression], start: int) -> Given:
    if not reader.ends(ARGUMENT_END):
        raise _malformed(reader, start)
    return given(sizes, reader.span(start), channels_first=reader.channels_first)


def given(sizes: Iterable[Expression], span: Span, *, channels_first: bool) -> Given:
    """Return a volume of sizes, channels last."""
    sizes = tuple(sizes)
    if len(sizes) > MOST_AXES + 1:
        raise Problem(
            "too-many-axes",
            _("a volume has at most {most} spatial axes", most=MOST_AXES),
            [Label(span)],
            helps=[_("write height x width x channels, as in 32x32x3")],
        )
    return Given((*sizes[1:], sizes[0]) if channels_first else sizes, span)


def _shape(reader: Reader, start: int, token: str, *, may_have_batch: bool) -> Shape:
    """Return sizes with commas between them, each read as a size is."""
    found = reader.check(token)
    end = found.end() if found else start
    sizes: list[Expression | None] = []
    while reader.position < end:
        if not reader.check("IN_SHAPE"):
            reader.position += 1
        elif reader.consume("None"):
            sizes.append(None)
        else:
            sizes.append(_size(reader, start))
    return Shape(tuple(sizes), may_have_batch, reader.span(start))


def settle(reader: Reader, shape: Given | Shape) -> Given:
    """Return a volume whose batch is read off, its channels last: the calls behind it say how."""
    if isinstance(shape, Given):
        return shape
    calls = [call for call in reader.calls if call.start >= shape.span.start]
    batch, volume = _settled(shape, calls, channels_first=reader.channels_first)
    if batch not in (1, None):
        reader.warnings.append(batch_read_off(batch, shape.span))
    return volume


def settle_for(shape: Shape, calls: Sequence[FromCall]) -> Given:
    """Return a volume that stands apart, as the calls say that it goes through."""
    return _settled(shape, calls, channels_first=False)[1]


def _settled(
    shape: Shape, calls: Sequence[FromCall], *, channels_first: bool
) -> tuple[Expression | None, Given]:
    """Return the batch that a shape begins with, None for none, and the volume that is left."""
    rank = next((call.rank for call in calls if call.rank is not None), None)
    first = channels_first or any(call.channels_first for call in calls[:1])
    sizes = list(shape.sizes)
    has_batch = shape.may_have_batch and len(sizes) > 1 and _has_batch(sizes, rank)
    batch = sizes.pop(0) if has_batch else None
    known = [Placeholder("", shape.span) if size is None else size for size in sizes]
    volume = given(known, shape.span, channels_first=first)
    return batch, volume._replace(label=shape.label)


def _has_batch(sizes: list[Expression | None], rank: int | None) -> bool:
    """Return whether a shape begins with a batch."""
    if rank is not None and rank >= 0:
        return len(sizes) == rank + 2
    return len(sizes) >= 4 or sizes[0] is None


def batch_read_off(batch: Expression, span: Span) -> Problem:
    """Return the warning of a batch that is not 1."""
    number = batch if isinstance(batch, int) else span.text
    return Problem(
        "batch-read-off",
        _("the first number of this shape is taken for a batch"),
        [Label(span, _("a batch of {number}", number=number))],
        helps=[_("the answer is for one input; '--batch {number}' counts them all", number=number)],
        severity="warning",
    )


def _size(reader: Reader, start: int) -> Expression:
    """size = number | SYMBOL."""
    here = reader.position
    if reader.at_digit():
        number = read_digits(reader)
        if number == 0:
            raise Problem(
                "size-too-small",
                _("a size is at least 1"),
                [Label(reader.span(here))],
                helps=[_("write height x width x channels, as in 32x32x3")],
            )
        return number
    if unknown := reader.read("UNKNOWN"):
        return Placeholder(unknown[0][1:], reader.span(here))
    if symbol := reader.read("SYMBOL"):
        return Symbol(symbol[0], reader.span(here))
    raise _malformed(reader, start)


def _malformed(reader: Reader, start: int) -> Problem:
    """Return the problem of a volume that is not written as it should be."""
    at_end = reader.ends(ARGUMENT_END)
    return Problem(
        "volume-malformed",
        _("a volume is sizes with x between them"),
        [Label(reader.span(start) if at_end else reader.here())],
        helps=[_("as in '{sample}'", sample="32x32x3")],
    )
