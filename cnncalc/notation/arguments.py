"""A layer and its arguments.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.kinds.table import FLAGS, LETTERS, NAMES, Kind
from cnncalc.notation.expressions import is_known
from cnncalc.notation.tokens import MOST_NESTING, too_deep
from cnncalc.notation.tree import JOINS, Argument, Call, Definition, bind
from cnncalc.notation.values import read_value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.expressions import Value
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item

Owner: TypeAlias = "Kind | Definition"


def read_layer(reader: Reader, word: str, start: int) -> Item:
    """layer = NAME { argument }; the name has been read."""
    name = word.lower()
    owner = NAMES.get(name) or reader.definitions.get(name)
    if not reader.check("HEAD_END"):
        from cnncalc.notation import wrong_items

        raise wrong_items.after_head(reader, word, start, reader.is_layer(word))
    if owner is None:
        from cnncalc.notation import wrong_items

        names = [*NAMES, *reader.definitions, *JOINS]
        raise wrong_items.unknown_layer(reader, word, start, names)
    arguments = []
    end = reader.position
    takes = _takes(owner)
    reader.skip()
    while not reader.check("ITEM_END"):
        arguments.append(_argument(reader, word, owner, takes))
        end = reader.position
        reader.skip()
    reader.position = end
    span = reader.span(start)
    if isinstance(owner, Kind):
        return bind(owner, owner.names.get(name, {}), tuple(arguments), span)
    height = reader.depth + owner.height
    reader.deepest = max(reader.deepest, height)
    if height > MOST_NESTING:
        raise too_deep(span)
    return Call(owner, tuple(arguments), span)


def _argument(reader: Reader, word: str, owner: Owner, takes: Callable[[str], bool]) -> Argument:
    """argument = value | OPTION | NAME "=" value | FLAG | "..."."""
    start = reader.position
    if isinstance(owner, Kind) and owner.parameters and owner.parameters[0].form == "words":
        words = reader.read("DECIMALS")
        if words:
            return Argument("", (0,), reader.span(start), words[0])
    plain = reader.check("PLAIN_ARGUMENT")
    if plain and (known := reader.values.get((owner.name, plain[0]))):
        reader.position = plain.end()
        return Argument(*known, reader.span(start), plain[0])
    if reader.consume("..."):
        return _rest(reader, start)
    name, value = _named_value(reader, word, owner, takes)
    if not reader.check("ARGUMENT_END"):
        from cnncalc.notation import wrong_arguments

        raise wrong_arguments.after_value(reader, start)
    span = reader.span(start)
    if plain and is_known(value):
        reader.values[owner.name, plain[0]] = name, value
    return Argument(name, value, span, span.text)


def _rest(reader: Reader, start: int) -> Argument:
    """ "..." in a definition that has it among its parameters."""
    span = reader.span(start)
    if not reader.rest:
        sample = "def f(...) { }"
        raise Problem(
            "nothing-to-pass-on",
            _("'...' passes on what a definition's own '...' took"),
            [Label(span)],
            helps=[
                _("write '...' last among the definition's parameters: {sample}", sample=sample)
            ],
        )
    return Argument("...", (), span)


def _named_value(
    reader: Reader, word: str, owner: Owner, takes: Callable[[str], bool]
) -> tuple[str, Value]:
    """Return an argument's name, '' where it has none, and its value."""
    from_keyword = _keyword(reader, owner) or _option(reader, takes)
    if from_keyword:
        return from_keyword, read_value(reader)
    found = reader.check("NAME")
    if found and found[0] not in reader.formals:
        lower = found[0].lower()
        if lower in FLAGS and takes(lower):
            reader.position = found.end()
            return lower, (1,)
        if not (reader.check("SYMBOL") or found[0] == "cin"):
            from cnncalc.notation import wrong_arguments

            is_layer = reader.is_layer(lower)
            raise wrong_arguments.unknown_argument(
                reader, found, word, owner, is_layer, reader.formals
            )
    elif not found and not reader.check("DIGITS") and reader.next() not in "?(":
        from cnncalc.notation import wrong_arguments

        raise wrong_arguments.no_argument(reader, word)
    return "", read_value(reader)


def _keyword(reader: Reader, owner: Owner) -> str:
    """NAME "=": return the name; '' where none comes."""
    start = reader.position
    keyword = reader.read("KEYWORD")
    if not keyword:
        return ""
    if reader.check("ARGUMENT_END"):
        from cnncalc.notation import wrong_arguments

        raise wrong_arguments.spaces_in_argument(reader, start)
    return keyword[1] if isinstance(owner, Definition) else keyword[1].lower()


def _option(reader: Reader, takes: Callable[[str], bool]) -> str:
    """Return the letters of an OPTION, where the owner has that option; '' where none comes."""
    option = reader.check("OPTION")
    if not option:
        return ""
    letters = (option[1] or option[2]).lower()
    whole = reader.check("NAME")
    names = (
        whole
        and whole[0] in reader.formals
        and reader.text[whole.end() : whole.end() + 1] not in ("?", "(")
    )
    if names or not takes(letters):
        return ""
    reader.position = option.end()
    return letters


def _takes(owner: Owner) -> Callable[[str], bool]:
    """Return a test for the letters and flags that an owner takes."""
    if isinstance(owner, Kind):
        return lambda name: owner.parameter(name) is not None
    letters = {formal.name for formal in owner.formals}
    if owner.rest:
        return lambda name: name in letters or name in LETTERS or name in FLAGS
    return lambda name: len(name) == 1 and name in letters
