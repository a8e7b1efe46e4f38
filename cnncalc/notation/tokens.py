"""The tokens of the notation, named once, and a tokenizer that goes over them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span

if TYPE_CHECKING:
    from cnncalc.speech.problem import Source

MOST_TEXT = BUDGET.text  # characters
MOST_NESTING = BUDGET.nesting

ARROWS = ("->", "→", ",")

# the signs that end an argument, the name of an item and an item, as '->' and the text's end do
ARGUMENT_END = " ,]|})#→"
HEAD_END = " ,]|}#:[@→"
ITEM_END = ",]|}→"


def _one_of(signs: str) -> str:
    """Return what ends at these signs as a regular expression: a blank is any white space."""
    return "[" + signs.replace("]", r"\]").replace(" ", r"\s") + r"]|->|\Z"


_ENDS = _one_of(ARGUMENT_END)
_TIMES = r"[*×]|[xX](?=\s*[0-9(?]|\s+[A-Za-z])"
_SYMBOL = r"[A-Z][A-Z0-9]*(?![a-wyz_])"
_DECIMAL = r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"

_COUNT = r"(?:[0-9]+|\?(?:[a-wyz][0-9]*)?)(?![0-9A-Za-z_x×*X.])"
_SIZE = rf"(?:{_COUNT}|None|{_SYMBOL})"

_VOLUME_END = r"(?=\s*(?:->|→|,|[\]}#|]|\Z))"
_BARE = r"(?:[0-9]++|\?(?:[a-wyz][0-9]*)?|[A-Z][A-Z0-9]*+)"

RULES = {
    "NAME": r"[A-Za-z_][A-Za-z0-9_]*",
    "STRING": r'"([^"\n]+)"',
    "DIGITS": r"[0-9]+",
    "PLAIN_NUMBER": r"[0-9]{1,17}(?![0-9.*/^=+-])",  # nothing is done to it outside of ( )
    "DECIMAL": r"[0-9]+\.[0-9]+",
    "NAME_OR_DIGITS": r"[A-Za-z0-9_]+",
    "UNKNOWN": r"\?(?:[a-wyz][0-9]*)?",
    "SYMBOL": _SYMBOL + r"(?!x[a-z_])",
    "BY": r"[x×](?=[0-9?(A-Z])",
    "SIZE_BY": r"[ \t]*[xX×*][ \t]*(?=[0-9?A-Z])",
    "SHAPE": rf"[(\[]\s*{_SIZE}(?:\s*,\s*{_SIZE})*\s*+(?:,\s*+)?[)\]]",
    "RUN": rf"{_COUNT}(?:\s*,\s*{_COUNT})+(?=\s*(?:{_ENDS}))",
    "IN_SHAPE": rf"{_SIZE}",
    "CALL": r"(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)\(",
    "PRINTED": r"\(\w+\):\s*",
    "ASSIGNED": r"((?:self\.)?[A-Za-z_]\w*)\s*=\s*(?=(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\()",
    "PAIR": r"\(\s*([\"'])[^\"'\n]*\1\s*,\s*(?=[A-Za-z_])",
    "APPLIED": r"\(\s*([A-Za-z_]\w*)\s*\)",
    "IN_CALL": r"\\.|[\"'()\[\]{}]",
    "TIMES": _TIMES,
    # an argument's letters with a value at once behind them, and a name with =
    "OPTION": rf"([A-Za-z]+)(?=[0-9?(])|([a-z]{{1,2}})(?={_SYMBOL})",
    "KEYWORD": r"([A-Za-z_][A-Za-z0-9_-]*)\s*=(?![=>])\s*",
    "DECIMALS": rf"(?:(?:[A-Za-z_]+(?:\s*=\s*)?)?{_DECIMAL}|[a-z_]+=(?:True|False))(?={_ENDS})",
    "NAMED": r"([a-z_][a-z0-9_]*)\s+(?=[0-9?(A-Za-z_])",
    "WORD": rf"([\"']?)([A-Za-z]+)\1(?={_ENDS})",
    "PER_AXIS": r"\((?=[^()]*,)",
    # where things end
    "ARGUMENT_END": _ENDS,
    "VOLUME_END": _VOLUME_END,
    "SIZES": rf"{_BARE}(?:[ \t]*[xX×*][ \t]*{_BARE})+{_VOLUME_END}",
    "SIZE": _BARE + _VOLUME_END,
    # what is read once: an item, and an argument, without a bracket in it
    "PLAIN_ITEM": rf"[A-Za-z_](?:[\w\s.=*+/%<>~]++|-(?!>))*+(?={_one_of(ITEM_END)})",
    "PLAIN_ARGUMENT": rf"[A-Za-z]*=?[0-9][0-9A-Za-z:]*+(?={_ENDS})",
    "LETTERED_NUMBER": rf"([A-Za-z]*)([0-9]{{1,17}})(?={_ENDS})",
    # a word or a sign, to point at
    "CHUNK": r"[^\W_][\w.]*|_\w*|->|=>|==|\.\.\.|[^\s\w]",
    "COUNTED": r'"[^"\n]*"|#[^\n]*|\[|\](?:(?:\s|#[^\n]*+)*+(?:' + _TIMES + r"))?",
}
"""Each token by its name, as a regular expression."""

_CODE = ("PAIR", "CALL", "PRINTED", "ASSIGNED")  # the first alone says which group it means
RULES["CODE"] = "|".join(RULES[each] for each in _CODE)
"""What an item as code has it begins with."""


class _Patterns(dict[str, re.Pattern[str]]):
    """The rules, each compiled when it is first asked for: start-up needs few of them."""

    def __missing__(self, name: str) -> re.Pattern[str]:
        self[name] = pattern = re.compile(RULES[name])
        return pattern


_COMPILED = _Patterns()


def rule(name: str) -> re.Pattern[str]:
    """Return a token's pattern."""
    return _COMPILED[name]


class Tokenizer:
    """A source and a position in it: check what comes, read it, or expect it."""

    def __init__(self, source: Source) -> None:
        if len(source.text) > MOST_TEXT:
            raise Problem(
                "text-too-long",
                _("a network's text is at most 4 MiB, and this one is longer"),
                [Label(Span(source, 0, 0))],
                helps=[_("write what repeats as [...]*N, or as a definition")],
            )
        self.source = source
        self.text = source.text
        self.position = 0
        self.depth = 0
        self.depth_inside = 0

    def skip(self) -> None:
        """Go over white space and comments."""
        text, here = self.text, self.position
        while not "#" < (sign := text[here : here + 1]) <= "~" and (sign == "#" or sign.isspace()):
            here = here + 1 if sign != "#" else text.find("\n", here) + 1 or len(text)
        self.position = here

    def at(self, signs: str) -> bool:
        """Return whether the text goes on with these characters."""
        return self.text.startswith(signs, self.position)

    def next(self) -> str:
        """Return the next character, or '' at the end."""
        return self.text[self.position : self.position + 1]

    def ends(self, signs: str, position: int | None = None) -> bool:
        """Return whether what stands before ends: at one of these signs, '->' or the text's end."""
        here = self.position if position is None else position
        sign = self.text[here : here + 1]
        is_blank = sign.isspace() and " " in signs
        return sign in signs or is_blank or self.text.startswith("->", here)

    def at_digit(self) -> bool:
        """Return whether a digit comes next."""
        return "0" <= self.text[self.position : self.position + 1] <= "9"

    def at_arrow(self) -> bool:
        """Return whether an arrow comes next: a comma is one."""
        return self.text.startswith(ARROWS, self.position)

    def read_arrow(self) -> bool:
        """Go past an arrow if it comes next."""
        return self.consume("->") or self.consume("→") or self.consume(",")

    def check(self, name: str, position: int | None = None) -> re.Match[str] | None:
        """Return the token of a name if it comes next, without going past it."""
        return _COMPILED[name].match(self.text, self.position if position is None else position)

    def read(self, name: str) -> re.Match[str] | None:
        """Go past the token of a name if it comes next, and return it."""
        found = _COMPILED[name].match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def consume(self, signs: str) -> bool:
        """Go past these characters if they come next."""
        if self.text.startswith(signs, self.position):
            self.position += len(signs)
            return True
        return False

    def expect(self, name: str, message: str, sample: str) -> str:
        """Go past the token of a name, which must come next, and return its text."""
        found = self.read(name)
        if not found:
            raise self.expected(message, sample)
        return found[0]

    def expected(self, message: str, sample: str) -> Problem:
        """Return the problem of something else standing where the message expects a thing."""
        return Problem(
            "something-expected",
            message,
            [Label(self.here())],
            helps=[_("as in '{sample}'", sample=sample)],
        )

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the span from a position to another, or to here."""
        return Span(self.source, start, self.position if end is None else end)

    def here(self) -> Span:
        """Return the span of the word or sign that comes next; an empty one at the end."""
        found = self.check("CHUNK")
        return self.span(self.position, found.end() if found else self.position)

    def deeper(self, start: int) -> None:
        """Count a bracket that opens; `depth` goes down again where it closes."""
        self.depth += 1
        if self.depth > MOST_NESTING:
            raise too_deep(self.span(start, start + 1))


def too_deep(span: Span) -> Problem:
    """Return the problem of brackets or calls that stand too deep in one another."""
    return Problem(
        "nesting-too-deep",
        _("brackets and calls stand at most {most} deep in one another", most=MOST_NESTING),
        [Label(span)],
        helps=[_("take an inner part out, as a definition or a sequence of its own")],
    )
