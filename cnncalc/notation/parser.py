"""Text to tree: a text, its definitions and its network.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from cnncalc import notation
from cnncalc.kinds.table import FLAGS, LETTERS, NAMES
from cnncalc.notation.items import read_network
from cnncalc.notation.reader import Reader
from cnncalc.notation.sizes import read_volume, settle
from cnncalc.notation.tree import JOINS, Definition, Formal, Network, Shape
from cnncalc.notation.values import read_value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.notation.expressions import Value
    from cnncalc.notation.tree import Given
    from cnncalc.speech.problem import Source, Span


@contextmanager
def _full_width_told() -> Iterator[None]:
    """Retell what is stumbled over where that is a full-width sign."""
    try:
        yield
    except Problem as problem:
        from cnncalc.speech.full_width import retold

        raise retold(problem) from None


def parse(source: Source, *, channels_first: bool = False, recalls: bool = False) -> Network:
    """Return the network that a text describes.

    Where it `recalls`, what stood word for word in a text before is that of that text, and stands
    there: such a network is for numbers, and not for messages.
    """
    with _full_width_told():
        reader = Reader(source, definition_in_library, channels_first=channels_first)
        return _text(reader, recalls=recalls)


def parse_definitions(source: Source) -> dict[str, Definition]:
    """Return the definitions that are all of a text, by their names."""
    reader = Reader(source, definition_in_library)
    _definitions(reader)
    reader.finish(_("definitions are all that can stand here"))
    return reader.definitions


def parse_volume(source: Source, *, channels_first: bool = False, start: int = 0) -> Given:
    """Return the volume that is all of a text from a place on: the value of `--input`, say."""
    reader = Reader(source, definition_in_library, channels_first=channels_first)
    reader.position = start
    reader.skip()
    with _full_width_told():
        volume = read_volume(reader)
        reader.finish(_("a volume is all that can stand here"))
    settled = settle(reader, volume)
    if isinstance(volume, Shape) and not channels_first:
        return settled._replace(shape=volume)
    return settled


def parse_value(source: Source) -> Value:
    """Return the value that is all of a text: that of a flag on the command line."""
    reader = Reader(source, definition_in_library)
    reader.skip()
    if not reader.next():
        raise Problem(
            "value-missing",
            _("there is no number here"),
            [Label(reader.here())],
            helps=[_("write one, as in '3' or '3x5'")],
        )
    with _full_width_told():
        value = read_value(reader)
        reader.skip()
        while reader.consume(","):
            reader.skip()
            value += read_value(reader)
            reader.skip()
        reader.finish(_("a value is all that can stand here"))
    return value


def definition_in_library(name: str) -> Definition | None:
    """Return the definition of a block or a model by its name, in lower case."""
    from cnncalc.notation import library

    return _blocks()[name] if name in library.block_names() else model_definition(name)


@cache
def _blocks() -> dict[str, Definition]:
    """Return the definitions of the library's blocks."""
    from cnncalc.notation import library

    return parse_definitions(library.read_blocks())


@cache
def model_definition(name: str) -> Definition | None:
    """Return the definition of a model by its name, in lower case."""
    from cnncalc.notation import library

    may_be = "_" in name or name[-1:].isdigit() or name in library.names()
    found = library.read(name) if may_be else None
    return parse(found).definitions[-1] if found else None


def _text(reader: Reader, *, recalls: bool) -> Network:
    """text = { definition } [ network ]."""
    _definitions(reader, recalls=recalls)
    if recalls:
        from cnncalc.notation.recalled import behind

        reader.recalls = behind(reader)
    start = reader.position
    if not reader.next():
        raise _network_missing(reader)
    reader.comes = False
    volume, sequence = read_network(reader)
    reader.skip()
    if reader.next():
        raise notation.wrong_items.after_item(reader, closes=False)
    definitions = tuple(reader.definitions.values())
    warnings = tuple(reader.warnings)
    return Network(
        definitions,
        volume,
        sequence,
        reader.span(start),
        warnings,
        reader.said,
        calls=tuple(reader.calls),
    )


def _definitions(reader: Reader, *, recalls: bool = False) -> None:
    """{ definition }."""
    reader.skip()
    while (word := reader.check("NAME")) and word[0].lower() == "def":
        definition = _recalled(reader) if recalls else _definition(reader)
        reader.definitions[definition.name.lower()] = definition
        reader.skip()


def _recalled(reader: Reader) -> Definition:
    """Return a definition that stood in a text before, or as it is read."""
    from cnncalc.notation.recalled import read_definition

    return read_definition(reader, _definition)


def _network_missing(reader: Reader) -> Problem:
    """Return the problem of a text without a network."""
    last = next(reversed(reader.definitions.values())) if reader.definitions else None
    return Problem(
        "network-missing",
        _("there are definitions here, and no network that uses them")
        if last
        else _("there is no network here"),
        [Label(reader.here())],
        helps=[
            _("end with a network, as in '32x32x3 -> {name}'", name=last.name)
            if last
            else _("write one, as in '32x32x3 -> conv 10 k5 p2 -> relu'")
        ],
    )


def _definition(reader: Reader) -> Definition:
    """definition = "def" NAME [ "(" [ param { "," param } ] [ "..." ] ")" ] "{" network "}"."""
    start = reader.position
    reader.read("NAME")
    reader.skip()
    name_start = reader.position
    expected = _("the name of the definition is expected here")
    name = reader.expect("NAME", expected, "def block(n) { conv n k3 p1 }")
    name_end = reader.position
    _refuse_taken(reader, name, reader.span(name_start))
    reader.skip()
    formals, rest = _parameters(reader) if reader.consume("(") else ((), False)
    reader.name_parameters(frozenset(formal.name for formal in formals), rest=rest)
    reader.skip()
    if not reader.consume("{"):
        expected = _("'{sign}' and what the definition stands for is expected here", sign="{")
        raise reader.expected(expected, "def f { relu }")
    reader.deeper(reader.position - 1)
    reader.labels.append({})
    outer_deepest, reader.deepest = reader.deepest, reader.depth
    reader.skip()
    if reader.next() == "}":
        expected = _("what the definition stands for is expected here")
        raise reader.expected(expected, "def f { relu }")
    reader.comes = True  # at a call
    volume, sequence = read_network(reader)
    reader.skip()
    if not reader.consume("}"):
        from cnncalc.notation.blocks import not_closed

        raise not_closed(reader, "{", "}", reader.span(start, name_end))
    reader.depth -= 1
    reader.labels.pop()
    height, reader.deepest = reader.deepest, outer_deepest
    reader.name_parameters(frozenset())
    return Definition(name.lower(), formals, rest, volume, sequence, height, reader.span(start))


def _refuse_taken(reader: Reader, name: str, span: Span) -> None:
    """Refuse a definition that takes the name of something else."""
    taken = name.lower()
    labels = [Label(span)]
    if taken in NAMES:
        message = _("{name} is the name of a layer", name=quoted(name))
    elif taken in JOINS or taken in ("def", "again", "shared"):
        message = _("{name} is the name of a join", name=quoted(name))
    elif taken in reader.definitions:
        message = _("{name} is the name of an earlier definition", name=quoted(name))
        labels.insert(0, Label(reader.definitions[taken].span))
    else:
        return
    raise Problem(
        "name-taken",
        message,
        labels,
        helps=[_("choose another name, as '{name}2' or 'my_{name}'", name=name)],
    )


def _parameters(reader: Reader) -> tuple[tuple[Formal, ...], bool]:
    """[ param { "," param } ] [ "..." ] ")": also return whether there is a `...`."""
    formals: list[Formal] = []
    reader.name_parameters(frozenset())
    while True:
        reader.skip()
        if reader.consume(")"):
            return tuple(formals), False
        if reader.consume("..."):
            reader.skip()
            reader.consume(",")
            reader.skip()
            if reader.consume(")"):
                return tuple(formals), True
            expected = _("')' after '...', which comes last is expected here")
            raise reader.expected(expected, "def f(n, ...) { relu }")
        formals.append(_parameter(reader, formals))
        reader.name_parameters(reader.formals | {formals[-1].name})
        reader.skip()
        if not reader.consume(",") and not (reader.at(")") or reader.at("...")):
            expected = _("',' or ')' in the parameters is expected here")
            raise reader.expected(expected, "def f(n, s=1) { relu }")


def _parameter(reader: Reader, before: list[Formal]) -> Formal:
    """param = NAME [ "=" value ]."""
    start = reader.position
    expected = _("the name of a parameter is expected here")
    name = reader.expect("NAME", expected, "def f(n, s=1) { conv n k3 s=s }")
    span = reader.span(start)
    if _reads_as_option(name):
        raise Problem(
            "name-reads-as-option",
            _(
                "{name} reads as an option or a flag, so no parameter can be called so",
                name=quoted(name),
            ),
            [Label(span)],
            helps=[_("call it 'n_{name}', say", name=name)],
        )
    if name in reader.formals:
        first = next(formal for formal in before if formal.name == name)
        raise Problem(
            "parameter-twice",
            _("two parameters are called {name}", name=quoted(name)),
            [Label(first.span), Label(span)],
            helps=[_("give one of them another name")],
        )
    reader.skip()
    default = None
    if reader.consume("="):
        reader.skip()
        reader.has_fractions = True
        default = read_value(reader)
        reader.has_fractions = False
    elif before and before[-1].default is not None:
        raise Problem(
            "default-missing",
            _("{name} has no default and follows one that has", name=quoted(name)),
            [Label(span)],
            helps=[_("put it before those with defaults, or give it one")],
        )
    return Formal(name, default, span)


def _reads_as_option(name: str) -> bool:
    """Return whether a name is an option's letters with a number behind them, or a flag."""
    letters = name.lower().rstrip("0123456789")
    return name.lower() in FLAGS or (letters in LETTERS and len(letters) < len(name))
