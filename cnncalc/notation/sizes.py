"""Volumes as they are typed.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.expressions import Symbol, Unknown
from cnncalc.notation.tree import Given
from cnncalc.notation.values import read_digits
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from cnncalc.notation.expressions import Expression
    from cnncalc.notation.reader import Reader

MOST_AXES = 8


def at_volume(reader: Reader) -> bool:
    """Return whether a volume comes, not a layer."""
    if reader.check("DIGITS") or reader.next() == "?":
        return True
    symbol = reader.check("SYMBOL")
    if not symbol:
        return False
    return bool(reader.check("BY", symbol.end())) or (
        len(symbol[0]) <= 2
        and not reader.is_layer(symbol[0])
        and reader.text[symbol.end() : symbol.end() + 1] != ":"
    )


def read_volume(reader: Reader) -> Given:
    """volume = size { "x" size }."""
    start = reader.position
    sizes = _sizes(reader, start)
    if not reader.check("VOLUME_END"):
        from cnncalc.notation import wrong_volumes

        wrong_volumes.refuse(reader, start)
    return _volume(reader, sizes, start)


def read_output(reader: Reader) -> Given:
    """Read a volume behind which branches may stand: what an item without formulas puts out."""
    start = reader.position
    return _volume(reader, _sizes(reader, start), start)


def _sizes(reader: Reader, start: int) -> list[Expression]:
    sizes = [_size(reader, start)]
    while reader.read("BY"):
        sizes.append(_size(reader, start))
    return sizes


def _volume(reader: Reader, sizes: list[Expression], start: int) -> Given:
    if not reader.check("ARGUMENT_END"):
        raise _malformed(reader, start)
    if len(sizes) > MOST_AXES + 1:
        raise Problem(
            "too-many-axes",
            _("a volume has at most {most} spatial axes", most=MOST_AXES),
            [Label(reader.span(start))],
            helps=[_("write height x width x channels, as in 32x32x3")],
        )
    if reader.channels_first:
        sizes = [*sizes[1:], sizes[0]]
    return Given(tuple(sizes), reader.span(start))


def _size(reader: Reader, start: int) -> Expression:
    """size = number | SYMBOL."""
    here = reader.position
    if reader.check("DIGITS"):
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
        return Unknown(unknown[0][1:], reader.span(here))
    if symbol := reader.read("SYMBOL"):
        return Symbol(symbol[0], reader.span(here))
    raise _malformed(reader, start)


def _malformed(reader: Reader, start: int) -> Problem:
    """Return the problem of a volume that is not written as it should be."""
    at_end = not reader.next() or reader.check("ARGUMENT_END")
    return Problem(
        "volume-malformed",
        _("a volume is sizes with x between them"),
        [Label(reader.span(start) if at_end else reader.here())],
        helps=[_("as in '{sample}'", sample="32x32x3")],
    )
