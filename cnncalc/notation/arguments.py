"""A layer and its arguments.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc import notation
from cnncalc.kinds.table import FLAGS, KINDS, LETTERS, NAMES, Kind
from cnncalc.notation.binding import bind
from cnncalc.notation.expressions import ROUND, Equal, Name, is_known, sizes_name
from cnncalc.notation.reader import read_label
from cnncalc.notation.tokens import ARGUMENT_END, HEAD_END, ITEM_END, MOST_NESTING, too_deep
from cnncalc.notation.tree import JOINS, Argument, Call, Definition
from cnncalc.notation.values import read_value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from cnncalc.kinds.table import Parameter
    from cnncalc.notation.expressions import Value
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item

Owner: TypeAlias = "Kind | Definition"


def read_layer(reader: Reader, word: str, start: int) -> Item:
    """layer = NAME { argument }; the name has been read."""
    name = word.lower()
    owner = NAMES.get(name) or reader.definition(name) or _of_framework(word)
    if owner is not None and reader.consume("("):
        return _made(reader, owner, name, _in_parentheses(reader, word, owner, start), start)
    if not reader.ends(HEAD_END):
        raise notation.wrong_items.after_head(reader, word, start, reader.is_layer(word))
    if owner is None:
        from cnncalc.notation import library

        names = [*NAMES, *reader.definitions, *library.block_names(), *JOINS]
        raise notation.wrong_items.unknown_layer(reader, word, start, names)
    arguments = []
    end = reader.position
    takes = _Accepts(owner)
    reader.skip()
    while not reader.ends(ITEM_END):
        arguments.append(_argument(reader, word, owner, takes))
        end = reader.position
        reader.skip()
    reader.position = end
    if word != name and sum(not argument.name for argument in arguments) > 1:
        notation.wrong_items.refuse_call_without_parentheses(reader, word, arguments, start)
    return _made(reader, owner, name, arguments, start)


def _of_framework(word: str) -> Kind | None:
    """Return the kind of a name as a framework spells it, in any case: MaxPool2d, BatchNorm2d."""
    if word[-1:].lower() != "d" or not word[-2:-1].isdigit():
        return None
    from cnncalc.notation import vocabulary

    return NAMES.get(vocabulary.kind_named(word) or "")


def _in_parentheses(reader: Reader, word: str, owner: Owner, start: int) -> list[Argument]:
    """ "(" [ argument { "," argument } ] ")": a call of ours; the ( has been read."""
    arguments = []
    takes = _Accepts(owner)
    reader.deeper(reader.position - 1)
    reader.depth_inside += 1
    reader.skip()
    while not reader.consume(")"):
        arguments.append(_argument(reader, word, owner, takes))
        reader.skip()
        if not reader.consume(",") and not reader.at(")"):
            raise notation.wrong_items.call_not_closed(reader, start)
        reader.skip()
    reader.depth_inside -= 1
    reader.depth -= 1
    return arguments


def _made(reader: Reader, owner: Owner, name: str, arguments: list[Argument], start: int) -> Item:
    """Return what a name and its arguments are: a layer, or the call of a definition."""
    span = reader.span(start)
    if isinstance(owner, Kind):
        try:
            return bind(owner, owner.names.get(name, {}), tuple(arguments), span)
        except Problem as problem:
            if problem.code == "argument-missing":
                raise notation.wrong_items.lacking(reader, start) or problem from None
            raise
    height = reader.depth + owner.height
    reader.deepest = max(reader.deepest, height)
    if height > MOST_NESTING:
        raise too_deep(span)
    return Call(owner, tuple(arguments), span)


def _argument(reader: Reader, word: str, owner: Owner, takes: _Accepts) -> Argument:
    """argument = value | OPTION | NAME [ "=" ] ( value | WORD ) | FLAG | "..."."""
    start = reader.position
    if isinstance(owner, Kind) and owner.parameters and owner.parameters[0].form == "words":
        words = reader.read("DECIMALS")
        if words:
            return Argument("", (0,), reader.span(start), words[0])
    if number := _number(reader, takes):
        return number
    plain = reader.check("PLAIN_ARGUMENT") if reader.is_long else None
    if plain and (known := reader.values.get((owner.name, plain[0]))):
        reader.position = plain.end()
        return Argument(*known, reader.span(start), plain[0])
    if reader.consume("..."):
        return _rest(reader, start)
    reader.has_fractions = isinstance(owner, Definition)
    name, value = _named_value(reader, word, owner, takes)
    reader.has_fractions = False
    if reader.channels_first and isinstance(owner, Kind) and _is_volume(owner, name):
        value = (*value[1:], value[0])
    if not reader.ends(ARGUMENT_END):
        raise notation.wrong_arguments.after_value(reader, start)
    span = reader.span(start)
    if plain and is_known(value):
        reader.values[owner.name, plain[0]] = name, value
    return Argument(name, value, span, span.text)


def _number(reader: Reader, takes: _Accepts) -> Argument | None:
    """Return an argument that is digits, behind the letters of an option or none, at once."""
    found = None if reader.depth_inside else reader.check("LETTERED_NUMBER")
    if not found:
        return None
    letters, digits = found.groups()
    name = letters.lower()
    if name:
        is_option = takes.letters(name) or (len(name) > 1 and takes(name))
        if not is_option or found[0] in reader.formals:
            return None
        if found.end() <= reader.last_equals and reader.check("KEYWORD"):
            return None
    start, reader.position = reader.position, found.end()
    return Argument(name, (int(digits),), reader.span(start), found[0])


def _is_volume(owner: Kind, name: str) -> bool:
    """Return whether an argument, the first where it has no name, is a volume."""
    parameter = owner.parameter(name) if name else next(iter(owner.parameters), None)
    return parameter is not None and parameter.form == "volume"


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


def _named_value(reader: Reader, word: str, owner: Owner, takes: _Accepts) -> tuple[str, Value]:
    """Return an argument's name, '' where it has none, and its value."""
    start = reader.position
    if keyword := reader.read("KEYWORD"):
        if reader.ends(ARGUMENT_END):
            raise notation.wrong_arguments.nothing_after_equals(reader, start)
        if keyword[1].lower() == "like" and isinstance(owner, Kind) and owner.name == "resize":
            return "size", (_sizes_of_label(reader),)
        return _value_of(reader, keyword[1], owner)
    if option := _option(reader, takes):
        return option, read_value(reader)
    found = reader.check("NAME")
    if found and found[0] in reader.formals and isinstance(owner, Kind):
        _refuse_both(reader, owner, found[0])
    if found and not (found[0] in reader.formals or (found[0] == ROUND and reader.counts)):
        lower = found[0].lower()
        if lower in FLAGS and takes(lower):
            reader.position = found.end()
            return lower, (1,)
        if named := _named(reader, owner, takes):
            return named
        if not (reader.check("SYMBOL") or found[0].lower() in ("cin", ROUND, "round8")):
            is_layer = reader.is_layer(lower)
            raise notation.wrong_arguments.unknown_argument(
                reader, found, word, owner, is_layer, reader.formals
            )
    elif not found and not reader.at_digit() and reader.next() not in "?(":
        raise notation.wrong_arguments.no_argument(reader, word)
    return "", read_value(reader)


def _refuse_both(reader: Reader, owner: Kind, name: str) -> None:
    """Refuse a parameter that is an option of the layer too, with a value behind it."""
    named = reader.check("NAMED")
    value = named and reader.check("NAME_OR_DIGITS", named.end())
    parameter = owner.parameter(name)
    if not (named and value and parameter and name in (parameter.letter, parameter.name)):
        return
    if not reader.ends(ARGUMENT_END, value.end()):
        return
    if value[0].isdigit() or value[0] in reader.formals:
        raise notation.wrong_arguments.parameter_and_option(reader, name, value[0], value.end())


def _sizes_of_label(reader: Reader) -> Name:
    """LABEL behind `like=`: a name that stands for the sizes of its map."""
    start = reader.position
    label, _item = read_label(reader, "like=early")
    return Name(sizes_name(label), reader.span(start))


def _named(reader: Reader, owner: Owner, takes: _Accepts) -> tuple[str, Value] | None:
    """NAME ( value | WORD ): return None where the words that come are not a named argument."""
    named = reader.check("NAMED")
    if not named or not takes(named[1]) or named[1] in FLAGS:
        return None
    follows = reader.check("NAME", named.end())
    known = (
        not follows
        or reader.check("SYMBOL", named.end())
        or reader.is_number(follows[0])
        or word_value(owner, named[1], follows[0])
    )
    if not known:
        return None
    reader.position = named.end()
    return _value_of(reader, named[1], owner)


def _value_of(reader: Reader, name: str, owner: Owner) -> tuple[str, Value]:
    """( value | WORD ): return the argument that a name and what stands behind it are."""
    start = reader.position
    word = reader.check("WORD")
    if word and word[0] not in reader.formals and (said := word_value(owner, name, word[2])):
        reader.position = word.end()
        return said
    value = read_value(reader)
    if isinstance(owner, Definition) and name in {formal.name for formal in owner.formals}:
        return name, value
    parameter = _parameter(owner, name)
    if parameter and _normal(name) in map(_normal, parameter.opposite):
        side: Any = value[0]
        denied = int(not side) if isinstance(side, int) else Equal(side, 0, reader.span(start))
        return parameter.name, (denied,)
    return name if isinstance(owner, Definition) else name.lower(), value


def word_value(owner: Owner, name: str, word: str) -> tuple[str, Value] | None:
    """Return the argument that a word is as the value of a name: padding=same, bias=False.

    None where the name takes no such word.
    """
    parameter = _parameter(owner, name)
    if parameter is None:
        return None
    word = word.lower()
    if word in parameter.words and (not isinstance(owner, Kind) or owner.parameter(word)):
        return word, (1,)
    if parameter.form == "flag" and word in ("true", "false"):
        denied = _normal(name) in map(_normal, parameter.opposite)
        return parameter.name, (int((word == "true") != denied),)
    return None


def _parameter(owner: Owner, name: str) -> Parameter | None:
    """Return the parameter of a layer, or of any where a definition passes arguments on."""
    if isinstance(owner, Kind):
        return owner.parameter(name)
    if not owner.rest:
        return None
    return next((found for kind in KINDS.values() if (found := kind.parameter(name))), None)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _option(reader: Reader, takes: _Accepts) -> str:
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
    if names or not (takes.letters(letters) or (len(letters) > 1 and takes(letters))):
        return ""
    reader.position = option.end()
    return letters


class _Accepts:
    """A test for the names, letters and flags that an owner takes."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.formals = (
            frozenset() if isinstance(owner, Kind) else {formal.name for formal in owner.formals}
        )

    def __call__(self, name: str) -> bool:
        owner = self.owner
        if isinstance(owner, Kind):
            return owner.parameter(name) is not None
        if name in self.formals:
            return True
        return owner.rest and (name in LETTERS or _parameter(owner, name) is not None)

    def letters(self, letters: str) -> bool:
        """Return whether the owner has an option of these letters."""
        owner = self.owner
        if isinstance(owner, Kind):
            return letters in owner.letters_of_options
        return letters in self.formals or (owner.rest and letters in LETTERS)
