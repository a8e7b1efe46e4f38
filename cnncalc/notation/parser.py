"""Text to tree: one method for each line of the grammar, which its docstring quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import FLAGS, LETTERS, NAMES, Kind
from cnncalc.notation.expressions import (
    Channels,
    Equal,
    Expression,
    Name,
    Pair,
    Product,
    Sum,
    Symbol,
    Unknown,
    Value,
    bounded,
    divide,
)
from cnncalc.notation.reader import MOST_NESTING, Reader, too_deep
from cnncalc.notation.tree import (
    JOINS,
    Argument,
    Call,
    Definition,
    Formal,
    Given,
    Group,
    Item,
    Join,
    Labelled,
    Layer,
    Network,
    Reference,
    Sequence,
    bind,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

MOST_DIGITS = 18
MOST_AXES = 8

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS = re.compile(r"[0-9]+")
_UNKNOWN = re.compile(r"\?(?:[a-wyz][0-9]*)?")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]*(?![a-wyz_]|x[a-z_])")
_PLAIN_OPTION = re.compile(r"([A-Za-z]*)([0-9]{1,18})(?=[\s,\]|}]|->|→|\Z)")
_PLAIN_LAYER = re.compile(r"[A-Za-z_]\w*(?: [A-Za-z]*[0-9]+)*(?= ?(?:->|,|→|[\]|]|\Z))", re.ASCII)
_OPTION = re.compile(r"([A-Za-z]+)(?=[0-9?(])|([a-z]{1,2})(?=[A-Z][A-Z0-9]*(?![a-wyz_]))")
_OPENS = re.compile(r"[?(]")
_KEYWORD = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)=(?![=>])")
_BY = re.compile(r"[x×](?=[0-9?(A-Z])")
_ARROW = re.compile(r"->|→|,")
_END_OF_WORD = re.compile(r"[\s,\]|})#]|->|→|\Z")
_AFTER_VOLUME = re.compile(r"\s*(?:->|→|,|[\]}#]|\Z)")
_HEAD_END = re.compile(r"[\s,\]|}#:\[@]|->|→|\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORDS = re.compile(r"(?:[A-Za-z_]+=?)?" + _DECIMAL.pattern + r"(?=[\s,\]|}#]|->|→|\Z)")
_RESERVED = re.compile(rf"(?:{'|'.join(sorted(LETTERS))})[0-9]+", re.IGNORECASE)


def habits() -> ModuleType:
    """Return the module of right spellings, which only what is misspelled needs."""
    from cnncalc.notation import spellings as module

    return module


def parse(source: Source, *, channels_first: bool = False) -> Network:
    """Return the network that a text describes."""
    return _Parser(source, channels_first=channels_first).network_text()


def parse_volume(source: Source, *, channels_first: bool = False) -> Given:
    """Return the volume that is all of a text: the value of `--input`, say."""
    parser = _Parser(source, channels_first=channels_first)
    parser.reader.skip()
    volume = parser.volume()
    parser.finish(_("a volume is all that can stand here"))
    return volume


def parse_value(source: Source) -> Value:
    """Return the value that is all of a text: that of a flag on the command line."""
    parser = _Parser(source)
    parser.reader.skip()
    if not parser.reader.next():
        raise Problem(
            "value-missing",
            _("there is no number here"),
            [Label(parser.reader.here())],
            helps=[_("write one, as in '3' or '3x5'")],
        )
    value = parser.value()
    parser.finish(_("a value is all that can stand here"))
    return value


class _Parser:
    """A reader, and what names stand for at its place."""

    def __init__(self, source: Source, *, channels_first: bool = False) -> None:
        self.reader = Reader(source)
        self.channels_first = channels_first
        self.definitions: dict[str, Definition] = {}
        self.formals: frozenset[str] = frozenset()
        self.rest = False
        self.labels: list[dict[str, Span]] = [{}]
        self.deepest = 0
        self.read_before: dict[str, Layer] = {}  # by their text: what is typed again is not re-read

    # ------------------------------------------------------------ text and definitions

    def network_text(self) -> Network:
        """text = { definition } [ network ]."""
        reader = self.reader
        reader.skip()
        while (word := reader.look(_WORD)) and word[0].lower() == "def":
            definition = self.definition()
            self.definitions[definition.name.lower()] = definition
            reader.skip()
        start = reader.position
        if not reader.next():
            raise self.nothing_here()
        volume, sequence = self.network()
        reader.skip()
        if reader.next():
            raise self.unexpected_after_item()
        return Network(tuple(self.definitions.values()), volume, sequence, reader.span(start))

    def nothing_here(self) -> Problem:
        """Return the problem of a text without a network."""
        here = Label(self.reader.here())
        if self.definitions:
            last = next(reversed(self.definitions.values()))
            return Problem(
                "network-missing",
                _("there are definitions here, and no network that uses them"),
                [here],
                helps=[_("end with a network, as in '32x32x3 -> {name}'", name=last.name)],
            )
        return Problem(
            "network-missing",
            _("there is no network here"),
            [here],
            helps=[_("write one, as in '32x32x3 -> conv 10 k5 p2 -> relu'")],
        )

    def definition(self) -> Definition:
        """definition = "def" NAME [ "(" [ param { "," param } ] [ "..." ] ")" ] "{" network "}"."""
        reader = self.reader
        start = reader.position
        reader.take(_WORD)
        reader.skip()
        name_start = reader.position
        name = reader.take(_WORD)
        if not name:
            raise self.expected(
                _("the name of the definition is expected here"), "def block(n) { conv n k3 p1 }"
            )
        span = reader.span(name_start)
        self.refuse_taken_name(name[0], span)
        reader.skip()
        formals: tuple[Formal, ...] = ()
        if reader.accept("("):
            formals = self.formal_parameters()
        else:
            self.formals, self.rest = frozenset(), False
        reader.skip()
        if not reader.accept("{"):
            raise self.expected(
                _("'{sign}' and what the definition stands for is expected here", sign="{"),
                "def f { relu }",
            )
        reader.deeper(reader.position - 1)
        self.labels.append({})
        outer_deepest, self.deepest = self.deepest, reader.depth
        reader.skip()
        if reader.next() == "}":
            raise self.expected(
                _("what the definition stands for is expected here"), "def f { relu }"
            )
        volume, sequence = self.network()
        reader.skip()
        if not reader.accept("}"):
            raise (
                self.unexpected_after_item()
                if reader.next()
                else self.unclosed("{", "}", reader.span(start, name_start + len(name[0])))
            )
        reader.depth -= 1
        self.labels.pop()
        height, self.deepest = self.deepest, outer_deepest
        rest, self.rest, self.formals = self.rest, False, frozenset()
        return Definition(
            name[0].lower(), formals, rest, volume, sequence, height, reader.span(start)
        )

    def refuse_taken_name(self, name: str, span: Span) -> None:
        """Refuse a definition that takes the name of something else."""
        taken = name.lower()
        labels = [Label(span)]
        if taken in NAMES:
            message = _("{name} is the name of a layer", name=quoted(name))
        elif taken in JOINS or taken == "def":
            message = _("{name} is the name of a join", name=quoted(name))
        elif taken in self.definitions:
            message = _("{name} is the name of an earlier definition", name=quoted(name))
            labels.insert(0, Label(self.definitions[taken].span))
        else:
            return
        raise Problem(
            "name-taken",
            message,
            labels,
            helps=[_("choose another name, as '{name}2' or 'my_{name}'", name=name)],
        )

    def formal_parameters(self) -> tuple[Formal, ...]:
        """param = NAME [ "=" value ], separated by commas, `...` last."""
        reader = self.reader
        formals: list[Formal] = []
        self.formals, self.rest = frozenset(), False
        while True:
            reader.skip()
            if reader.accept(")"):
                return tuple(formals)
            if reader.accept("..."):
                self.rest = True
                reader.skip()
                reader.accept(",")
                reader.skip()
                if reader.accept(")"):
                    return tuple(formals)
                raise self.expected(
                    _("')' after '...', which comes last is expected here"),
                    "def f(n, ...) { relu }",
                )
            formals.append(self.formal_parameter(formals))
            self.formals |= {formals[-1].name}
            reader.skip()
            if not reader.accept(",") and not (reader.at(")") or reader.at("...")):
                raise self.expected(
                    _("',' or ')' in the parameters is expected here"), "def f(n, s=1) { relu }"
                )

    def formal_parameter(self, before: list[Formal]) -> Formal:
        """param = NAME [ "=" value ]."""
        reader = self.reader
        start = reader.position
        word = reader.take(_WORD)
        if not word:
            raise self.expected(
                _("the name of a parameter is expected here"), "def f(n, s=1) { conv n k3 s=s }"
            )
        span = reader.span(start)
        name = word[0]
        if _RESERVED.fullmatch(name) or name.lower() in FLAGS:
            raise Problem(
                "name-reads-as-option",
                _(
                    "{name} reads as an option or a flag, so no parameter can be called so",
                    name=quoted(name),
                ),
                [Label(span)],
                helps=[_("call it 'n_{name}', say", name=name)],
            )
        if name in self.formals:
            first = next(formal for formal in before if formal.name == name)
            raise Problem(
                "parameter-twice",
                _("two parameters are called {name}", name=quoted(name)),
                [Label(first.span), Label(span)],
                helps=[_("give one of them another name")],
            )
        reader.skip()
        default = None
        if reader.accept("="):
            reader.skip()
            default = self.value()
        elif before and before[-1].default is not None:
            raise Problem(
                "default-missing",
                _("{name} has no default and follows one that has", name=quoted(name)),
                [Label(span)],
                helps=[_("put it before those with defaults, or give it one")],
            )
        return Formal(name, default, span)

    # ------------------------------------------------------------ networks, items, blocks

    def network(self) -> tuple[Given | None, Sequence]:
        """network = [ volume ARROW ] sequence | volume."""
        reader = self.reader
        start = reader.position
        volume = None
        if self.at_volume():
            volume = self.volume()
            reader.skip()
            if not reader.take(_ARROW):
                if reader.next() and reader.next() != "}":
                    raise habits().after_volume(reader, start)
                return volume, Sequence((), reader.span(start, reader.position))
            self.after_arrow()
        return volume, self.sequence()

    def at_volume(self) -> bool:
        """Return whether a volume comes, not a layer."""
        reader = self.reader
        if reader.look(_DIGITS) or reader.next() == "?":
            return True
        symbol = reader.look(_SYMBOL)
        if not symbol:
            return False
        by = _BY.match(reader.text, symbol.end())
        return bool(by) or (
            len(symbol[0]) <= 2
            and not self.is_layer(symbol[0])
            and reader.text[symbol.end() : symbol.end() + 1] != ":"
        )

    def is_layer(self, word: str) -> bool:
        """Return whether a word names a layer or a definition."""
        word = word.lower()
        return word in NAMES or word in self.definitions or word in JOINS

    def volume(self) -> Given:
        """volume = size { "x" size }."""
        reader = self.reader
        start = reader.position
        sizes = [self.size(start)]
        while reader.take(_BY):
            sizes.append(self.size(start))
        if not reader.look(_AFTER_VOLUME):
            habits().refuse_wrong_volume(reader, start)
        if not reader.look(_END_OF_WORD):
            raise self.unexpected(start, _("a volume is sizes with x between them"), "32x32x3")
        if len(sizes) > MOST_AXES + 1:
            raise Problem(
                "too-many-axes",
                _("a volume has at most {most} spatial axes", most=MOST_AXES),
                [Label(reader.span(start))],
                helps=[_("write height x width x channels, as in 32x32x3")],
            )
        if self.channels_first:
            sizes = [*sizes[1:], sizes[0]]
        return Given(tuple(sizes), reader.span(start))

    def size(self, start: int) -> Expression:
        """size = number | SYMBOL."""
        reader = self.reader
        here = reader.position
        if reader.look(_DIGITS):
            number = self.digits()
            if number == 0:
                raise Problem(
                    "size-too-small",
                    _("a size is at least 1"),
                    [Label(reader.span(here))],
                    helps=[_("write height x width x channels, as in 32x32x3")],
                )
            return number
        if unknown := reader.take(_UNKNOWN):
            return Unknown(unknown[0][1:], reader.span(here))
        if symbol := reader.take(_SYMBOL):
            return Symbol(symbol[0], reader.span(here))
        raise self.unexpected(start, _("a volume is sizes with x between them"), "32x32x3")

    def after_arrow(self) -> None:
        """Refuse an arrow that nothing follows."""
        reader = self.reader
        arrow = reader.position
        while arrow and reader.text[arrow - 1] not in ">→,":
            arrow -= 1
        reader.skip()
        if not reader.next() or reader.next() in "]|})" or reader.look(_ARROW):
            start = arrow - (2 if reader.text[arrow - 1] == ">" else 1)
            raise Problem(
                "nothing-after-arrow",
                _("a layer follows an arrow, and none is here"),
                [Label(reader.span(start, arrow))],
                helps=[_("take the arrow away, or write a layer after it")],
                fix=Fix(reader.span(start, arrow), ""),
            )

    def sequence(self) -> Sequence:
        """sequence = item { ARROW item }."""
        reader = self.reader
        reader.skip()
        start = reader.position
        items = [self.item()]
        end = reader.position
        reader.skip()
        while reader.take(_ARROW):
            self.after_arrow()
            items.append(self.item())
            end = reader.position
            reader.skip()
        return Sequence(tuple(items), reader.span(start, end))

    def item(self) -> Item:
        """item = [ LABEL ":" ] ( block | layer | "@" LABEL )."""
        reader = self.reader
        start = reader.position
        plain = reader.look(_PLAIN_LAYER)
        if plain and (layer := self.read_before.get(plain[0])):
            reader.position = plain.end()
            return Layer(layer.kind, layer.values, reader.span(start))
        word = reader.take(_WORD)
        if word:
            after = reader.next()
            if after in " \t\n:[" and after:
                here = reader.position
                reader.skip()
                if reader.next() == ":":
                    return self.labelled(word[0], start)
                if reader.next() == "[":
                    return self.block(word[0], start)
                reader.position = here
            item = self.layer(word[0], start)
            if plain and isinstance(item, Layer) and plain.end() == reader.position:
                self.read_before[plain[0]] = item
            return item
        if reader.next() == "[":
            return self.block("", start)
        if reader.accept("@"):
            return self.reference(start)
        raise habits().no_item(reader, start)

    def labelled(self, label: str, start: int) -> Item:
        """[ LABEL ":" ] before an item."""
        reader = self.reader
        span = reader.span(start, start + len(label))
        reader.position += 1
        reader.skip()
        if not reader.next() or reader.next() in "]|}),:" or reader.look(_ARROW):
            raise Problem(
                "nothing-after-label",
                _("a label stands before an item, and none is here"),
                [Label(span)],
                helps=[_("write '{label}: identity' to name what comes in", label=label)],
            )
        item = self.item()
        scope = self.labels[-1]
        if label in scope:
            raise Problem(
                "label-twice",
                _("the label {label} is set twice", label=quoted(label)),
                [Label(scope[label]), Label(span)],
                helps=[_("give one of them another name")],
            )
        scope[label] = span
        return Labelled(label, item, reader.span(start))

    def reference(self, start: int) -> Item:
        """ "@" LABEL."""
        reader = self.reader
        word = reader.take(_WORD)
        if not word:
            raise self.expected(_("the name of a label is expected here"), "@early")
        span = reader.span(start)
        if not any(word[0] in scope for scope in self.labels):
            close = nearest(word[0], [name for scope in self.labels for name in scope])
            raise Problem(
                "unknown-label",
                _("no label is called {label} here", label=quoted(word[0])),
                [Label(span)],
                notes=[
                    _("a label is set before it is read, and not inside a call, a repeat or aux")
                ],
                helps=[
                    _("did you mean '{name}'?", name=f"@{close}")
                    if close
                    else _("set it, as in '{label}: relu'", label=word[0])
                ],
                fix=Fix(span, f"@{close}") if close else None,
            )
        return Reference(word[0], span)

    def block(self, how: str, start: int) -> Item:
        """block = [ JOIN ] "[" sequence { "|" sequence } "]" [ ( "*" | "×" ) expression ]."""
        reader = self.reader
        join = how.lower()
        if how and join not in JOINS:
            raise habits().not_a_join(reader, how, start)
        opening = reader.position
        reader.position += 1
        reader.deeper(opening)
        self.deepest = max(self.deepest, reader.depth)
        closed = self.own_scope(opening, join)
        branches = []
        while True:
            reader.skip()
            if not reader.next() or reader.next() in "]|":
                raise self.empty_branch(opening)
            branches.append(self.sequence())
            if not reader.accept("|"):
                break
        if not reader.accept("]"):
            if reader.next():
                raise self.unexpected_after_item()
            raise self.unclosed("[", "]", reader.span(opening, opening + 1))
        reader.depth -= 1
        if closed:
            self.labels.pop()
        here = reader.position
        reader.skip()
        count: Expression | None = None
        if reader.next() in ("*", "×"):
            reader.position += 1
            reader.skip()
            count = self.whole()
            self.check_word_ends(here)
        else:
            reader.position = here
            if not reader.look(_END_OF_WORD):
                raise habits().after_bracket(reader)
        span = reader.span(start)
        if not join:
            if len(branches) > 1:
                raise habits().branches_without_join(reader, opening)
            return Group(branches[0], count, span)
        self.check_branches(join, branches, reader.span(start, here))
        item = Join(join, tuple(branches), reader.span(start, here))
        if count is None:
            return item
        return Group(Sequence((item,), item.span), count, span)

    def own_scope(self, opening: int, join: str) -> bool:
        """Open a scope for the labels of a block that has a count, or is an aux."""
        if join == "aux" or self.has_count(opening):
            self.labels.append({})
            return True
        return False

    def has_count(self, opening: int) -> bool:
        """Return whether the bracket that opens here closes with a count behind it."""
        counts = self.__dict__.get("counts")
        if counts is None:
            counts = self.counts = _counted_brackets(self.reader.text)
        return opening in counts

    def check_branches(self, join: str, branches: list[Sequence], span: Span) -> None:
        """Refuse a join of one branch, an aux of several, and an output that is taken up."""
        if join == "aux" and len(branches) > 1:
            raise Problem(
                "aux-has-one-branch",
                _("an auxiliary classifier is one side branch"),
                [Label(branches[1].span)],
                helps=[_("write two of them: aux[ ... ] -> aux[ ... ]")],
            )
        if join != "aux" and len(branches) < 2:
            raise Problem(
                "join-needs-two",
                _("{join} takes two branches or more, with | between them", join=join),
                [Label(span)],
                helps=[_("write {join}[ ... | identity ], or take '{join}' away", join=join)],
            )

    # ------------------------------------------------------------ layers and arguments

    def layer(self, word: str, start: int) -> Item:
        """layer = NAME { argument }."""
        reader = self.reader
        name = word.lower()
        owner: Kind | Definition | None = NAMES.get(name) or self.definitions.get(name)
        if not reader.look(_HEAD_END):
            raise habits().after_head(reader, word, start, self.is_layer(word))
        if owner is None:
            raise habits().unknown_layer(reader, word, start, [*NAMES, *self.definitions, *JOINS])
        arguments = []
        end = reader.position
        takes = _takes(owner)
        while True:
            reader.skip()
            if not reader.next() or reader.next() in "]|},→" or reader.at("->"):
                break
            arguments.append(self.argument(word, owner, takes))
            end = reader.position
        reader.position = end
        span = reader.span(start)
        if isinstance(owner, Kind):
            return bind(owner, owner.names.get(name, {}), tuple(arguments), span)
        height = reader.depth + owner.height
        self.deepest = max(self.deepest, height)
        if height > MOST_NESTING:
            raise too_deep(span)
        return Call(owner, tuple(arguments), span)

    def argument(
        self, word: str, owner: Kind | Definition, takes: Callable[[str], bool]
    ) -> Argument:
        """argument = value | OPTION | NAME "=" value | FLAG | "..."."""
        reader = self.reader
        start = reader.position
        if isinstance(owner, Kind) and owner.parameters and owner.parameters[0].form == "words":
            words = reader.take(_WORDS)
            if words:
                return Argument("", (0,), reader.span(start), words[0])
        plain = reader.look(_PLAIN_OPTION)
        if plain and (not plain[1] or takes(plain[1].lower())):
            reader.position = plain.end()
            return Argument(plain[1].lower(), (int(plain[2]),), reader.span(start), plain[0])
        if reader.accept("..."):
            span = reader.span(start)
            if not self.rest:
                raise Problem(
                    "nothing-to-pass-on",
                    _("'...' passes on what a definition's own '...' took"),
                    [Label(span)],
                    helps=[
                        _(
                            "write '...' last among the definition's parameters: {sample}",
                            sample="def f(...) { }",
                        )
                    ],
                )
            return Argument("...", (), span)
        name, value = self.named_value(word, owner, takes, start)
        self.check_word_ends(start)
        span = reader.span(start)
        return Argument(name, value, span, span.text)

    def named_value(
        self, word: str, owner: Kind | Definition, takes: Callable[[str], bool], start: int
    ) -> tuple[str, Value]:
        """Return an argument's name, '' where it has none, and its value."""
        reader = self.reader
        if keyword := reader.take(_KEYWORD):
            if not _END_OF_WORD.match(reader.text, reader.position):
                return keyword[1] if isinstance(owner, Definition) else keyword[1].lower(), (
                    self.value()
                )
            raise habits().spaces_in_argument(reader, start)
        option = reader.look(_OPTION)
        if option:
            letters = option[1] or option[2]
            whole = reader.look(_WORD)
            is_name = (
                whole and whole[0] in self.formals and not _OPENS.match(whole.string, whole.end())
            )
            if not is_name and takes(letters.lower()):
                reader.position = option.end()
                return letters.lower(), self.value()
        found = reader.look(_WORD)
        if found and found[0] not in self.formals:
            lower = found[0].lower()
            if lower in FLAGS and takes(lower):
                reader.position = found.end()
                return lower, (1,)
            if not (_SYMBOL.match(found[0]) or found[0] == "cin"):
                raise habits().unknown_argument(
                    reader, found, word, owner, self.is_layer(lower), self.formals
                )
        elif not found and not reader.look(_DIGITS) and reader.next() not in "?(":
            raise habits().no_argument(reader, word)
        return "", self.value()

    def check_word_ends(self, start: int) -> None:
        """Refuse what is stuck to the end of a value."""
        if not self.reader.look(_END_OF_WORD):
            raise habits().after_value(self.reader, start)

    # ------------------------------------------------------------ values and expressions

    def value(self) -> Value:
        """value = side { "x" side }."""
        reader = self.reader
        sides = [self.side()]
        while reader.take(_BY):
            sides.append(self.side())
        return tuple(sides)

    def side(self) -> Any:
        """side = expression [ ":" expression ]."""
        reader = self.reader
        before = self.whole()
        if not reader.accept(":"):
            return before
        after = self.whole()
        if isinstance(before, int) and isinstance(after, int):
            return (before, after)
        return Pair(before, after)

    def whole(self) -> Expression:
        """Return an expression; where it is a number already, one that is not negative."""
        start = self.reader.position
        expression = self.expression()
        if isinstance(expression, int) and expression < 0:
            raise habits().negative(self.reader.span(start), expression)
        return expression

    def expression(self) -> Expression:
        """expression = sum [ "==" sum ]."""
        reader = self.reader
        start = reader.position
        left = self.sum()
        self.blank_inside()
        if not reader.accept("=="):
            return left
        self.blank_inside()
        right = self.sum()
        if isinstance(left, int) and isinstance(right, int):
            return int(left == right)
        return Equal(left, right, reader.span(start))

    def sum(self) -> Expression:
        """sum = term { ( "+" | "-" ) term }."""
        reader = self.reader
        start = reader.position
        terms = [("+", self.term())]
        while True:
            here = reader.position
            self.blank_inside()
            sign = reader.next()
            if sign not in ("+", "-") or reader.at("->"):
                reader.position = here
                break
            reader.position += 1
            self.blank_inside()
            terms.append((sign, self.term()))
            left, right = terms[0][1], terms[-1][1]
            if len(terms) == 2 and isinstance(left, int) and isinstance(right, int):
                total = left + right if sign == "+" else left - right
                terms = [("+", bounded(total, reader.span(start)))]
        if len(terms) == 1:
            return terms[0][1]
        return Sum(tuple(terms), reader.span(start))

    def term(self) -> Expression:
        """term = factor { ( "*" | "/" ) factor }."""
        reader = self.reader
        start = reader.position
        factors = [("*", self.factor())]
        while True:
            here = reader.position
            self.blank_inside()
            sign = reader.next()
            if sign not in ("*", "/"):
                reader.position = here
                break
            reader.position += 1
            self.blank_inside()
            factors.append((sign, self.factor()))
            left, right = factors[0][1], factors[-1][1]
            if len(factors) == 2 and isinstance(left, int) and isinstance(right, int):
                span = reader.span(start)
                result = bounded(left * right, span) if sign == "*" else divide(left, right, span)
                factors = [("*", result)]
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors), reader.span(start))

    def factor(self) -> Expression:
        """factor = number | NAME | SYMBOL | "cin" | "(" expression ")"."""
        reader = self.reader
        start = reader.position
        if reader.look(_DIGITS):
            return self.digits()
        if unknown := reader.take(_UNKNOWN):
            return Unknown(unknown[0][1:], reader.span(start))
        if reader.accept("("):
            reader.deeper(start)
            reader.depth_inside += 1
            self.blank_inside()
            expression = self.expression()
            self.blank_inside()
            if not reader.accept(")"):
                raise self.expected(_("')' is expected here"), "(n+1)*2")
            reader.depth_inside -= 1
            reader.depth -= 1
            return expression
        word = reader.look(_WORD)
        symbol = reader.look(_SYMBOL)
        if word and word[0] in self.formals:
            reader.position = word.end()
            return Name(word[0], reader.span(start))
        if symbol and symbol[0] in self.formals:
            reader.position = symbol.end()
            return Name(symbol[0], reader.span(start))
        if symbol:
            reader.position = symbol.end()
            return Symbol(symbol[0], reader.span(start))
        if word and word[0] == "cin":
            reader.position = word.end()
            return Channels(reader.span(start))
        raise habits().no_number(reader, start, word, self.formals)

    def digits(self) -> int:
        """number = digits."""
        reader = self.reader
        start = reader.position
        found = reader.take(_DIGITS)
        digits = found[0] if found else ""
        if len(digits) > MOST_DIGITS:
            raise Problem(
                "too-many-digits",
                _(
                    "a number has at most {most} digits, and this one has {count}",
                    most=MOST_DIGITS,
                    count=len(digits),
                ),
                [Label(reader.span(start))],
                helps=[_("write a smaller number")],
            )
        return int(digits)

    def blank_inside(self) -> None:
        """Go over white space inside ( ): outside, it ends the word."""
        if self.reader.depth_inside:
            self.reader.skip()

    # ------------------------------------------------------------ what was expected

    def finish(self, message: str) -> None:
        """Refuse what follows the one thing that a text should be."""
        reader = self.reader
        reader.skip()
        if reader.next():
            raise Problem(
                "more-than-expected",
                message,
                [Label(reader.here())],
                helps=[_("take away what follows")],
                fix=Fix(reader.span(reader.position, len(reader.text)), ""),
            )

    def expected(self, message: str, sample: str) -> Problem:
        """Return the problem of something else standing where the message expects a thing."""
        return Problem(
            "something-expected",
            message,
            [Label(self.reader.here())],
            helps=[_("as in '{sample}'", sample=sample)],
        )

    def unexpected(self, start: int, fact: str, sample: str) -> Problem:
        """Return the problem of a thing that is not written as it should be."""
        reader = self.reader
        if not reader.next() or reader.look(_END_OF_WORD):
            span = reader.span(start)
        else:
            span = reader.here()
        return Problem(
            "volume-malformed", fact, [Label(span)], helps=[_("as in '{sample}'", sample=sample)]
        )

    def unclosed(self, opening: str, closing: str, span: Span) -> Problem:
        """Return the problem of a bracket that does not close."""
        return Problem(
            "bracket-not-closed",
            _("'{sign}' is not closed", sign=opening),
            [Label(span)],
            helps=[_("write '{sign}' where it ends", sign=closing)],
        )

    def empty_branch(self, opening: int) -> Problem:
        """Return the problem of brackets or a branch with nothing in them."""
        reader = self.reader
        if not reader.next():
            return self.unclosed("[", "]", reader.span(opening, opening + 1))
        end = reader.position
        return Problem(
            "branch-empty",
            _("there is nothing in this branch"),
            [Label(reader.span(end, end + 1))],
            helps=[_("write 'identity' for a branch that passes its input on")],
            fix=Fix(reader.span(end, end), "identity "),
        )

    def unexpected_after_item(self) -> Problem:
        """Return the problem of something that cannot follow an item."""
        problem: Problem = habits().after_item(self.reader, closes=self.reader.depth > 0)
        return problem


def _takes(owner: Kind | Definition) -> Callable[[str], bool]:
    """Return a test for the letters and flags that an owner takes."""
    if isinstance(owner, Kind):
        return lambda name: owner.parameter(name) is not None
    letters = {formal.name for formal in owner.formals}
    if owner.rest:
        return lambda name: name in letters or name in LETTERS or name in FLAGS
    return lambda name: len(name) == 1 and name in letters


def _counted_brackets(text: str) -> frozenset[int]:
    """Return where the brackets open that have a count behind them."""
    counted, opened = set(), []
    for found in _BRACKETS.finditer(text):
        sign = found[0][0]
        if sign == "[":
            opened.append(found.start())
        elif sign == "]" and opened:
            start = opened.pop()
            if found[0][-1] in "*×":
                counted.add(start)
    return frozenset(counted)


_BRACKETS = re.compile(r"#[^\n]*|\[|\](?:(?:\s|#[^\n]*+)*+[*×])?")
