"""Regular expressions: each takes time in proportion to its text, whatever stands in it.

Every use of one in the package is found in its source, with the method that is called; texts that
are made of the signs that stand in it, and such as each of its repeats goes on with behind what
stands before it, are thousands of signs long.
"""

import ast
import re
from functools import cache
from importlib import import_module
from itertools import pairwise
from re import _constants as kinds
from re import _parser as reader

import clock
import pytest
from source import FILES, PACKAGE, parsed

from cnncalc.notation.tokens import RULES

LENGTH = 4_000  # of a text: in proportion it takes less than a thousandth of a second
MOST_SECONDS = 0.06  # of the processor; what is quadratic takes longer


def uses():
    """Yield the regular expressions of the package, with the file and the method of each use."""
    for name in RULES:
        yield "notation/tokens.py", "match", re.compile(RULES[name])
    for path in FILES:
        place = path.relative_to(PACKAGE)
        calls = [each for each in parsed(path).calls if isinstance(each.func, ast.Attribute)]
        if not calls or place.name == "__main__.py":
            continue
        dotted = ".".join(("cnncalc", *place.with_suffix("").parts)).removesuffix(".__init__")
        known = vars(import_module(dotted))
        for node in calls:
            of, method = node.func.value, node.func.attr
            written, flags = of, 0
            if isinstance(of, ast.Name) and of.id == "re":
                written = node.args[0]
                given = [
                    ast.unparse(each) for each in (*node.args, *(k.value for k in node.keywords))
                ]
                flags = next((eval(each) for each in given if re.match(r"re\.[A-Z]", each)), 0)
            try:
                found = eval(ast.unparse(written), dict(known))
            except (NameError, TypeError, AttributeError):
                continue  # of a name inside a function: a word, put in as it stands
            if isinstance(found, str) and written is not of:
                found = re.compile(found, flags)
            if isinstance(found, re.Pattern):
                yield str(place), method, found


def texts(pattern):
    """Yield texts that a pattern may take long for: of signs that stand in it, and others."""
    literal = [*dict.fromkeys(re.sub(r"\\.|\(\?[<!=:PimsxaLu]+", "", pattern.pattern))]
    parts = [" ", "0", "a", "A", "(", ",", "\n", *literal, "0,", "a ", "a_", "0 ", "a-", "0x"]
    for part in dict.fromkeys([*parts, "(0", "a.", " ,", "0.", "->", "a=0,", "a(", "a:"]):
        yield part * (LENGTH // len(part)) + "!"


REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
SIGNS = [chr(number) for number in range(32, 127)] + ["\n", "한", "\t"]


def takes(node, sign):
    """Return whether a part of a pattern that stands for one sign takes it."""
    how, what = node
    if how in (kinds.LITERAL, kinds.NOT_LITERAL):
        return (ord(sign) == what) == (how is kinds.LITERAL)
    if how is kinds.RANGE:
        return what[0] <= ord(sign) <= what[1]
    if how is kinds.CATEGORY:
        name = str(what).rpartition("_")[2]
        is_one = {"DIGIT": sign.isdigit(), "SPACE": sign.isspace()}.get(name, sign.isalnum())
        return is_one != ("NOT" in str(what))
    if how is kinds.IN:
        denied = what[0][0] is kinds.NEGATE
        return any(takes(each, sign) for each in what[denied:]) != denied
    return how is kinds.ANY and sign != "\n"


def inside(node):
    """Return the sequences of parts that a part is made of."""
    how, what = node
    if how in REPEATS or how in (kinds.ASSERT, kinds.SUBPATTERN):
        return [what[-1]]
    if how is kinds.BRANCH:
        return what[1]
    return [what] if how is kinds.ATOMIC_GROUP else []


def sample(parts):
    """Return a text that parts take, but for what they look for behind and ahead."""
    text = ""
    for node in parts:
        if node[0] in REPEATS:
            text += sample(node[1][2]) * max(node[1][0], 1)
        elif inner := inside(node):
            text += "" if node[0] is kinds.ASSERT else sample(inner[0])
        else:
            text += next((sign for sign in SIGNS if takes(node, sign)), "")
    return text


def pumped(parts, pieces, before=""):
    """Yield texts in which a repeat has much to go on with, behind what stands before it."""
    for node in parts:
        for inner in inside(node):
            yield from pumped(inner, pieces, before)
        if node[0] in REPEATS and node[1][1] > 100:
            body = node[1][2]
            for piece in dict.fromkeys([sample(body), *pieces]):
                if piece == sample(body) or all(takes(body[0], sign) for sign in piece):
                    yield before + piece * (LENGTH // max(len(piece), 1))
        before += sample([node])


def pumps(pattern):
    """Yield such texts for a pattern, of signs that stand in it beside one another."""
    literal = re.sub(r"\\[a-zA-Z]|\(\?[<!=:PimsxaLu]+|\\", "", pattern.pattern)
    pieces = [*literal, *map("".join, pairwise(literal)), "0", "a ", " "]
    parts = reader.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    for text in dict.fromkeys(pumped(parts, [*dict.fromkeys(pieces)])):
        yield from (text, f"{text}!")


def use(pattern, method, text):
    """Use an expression to the end of what it finds."""
    call = getattr(pattern, method)
    found = call("", text) if method == "sub" else call(text)
    for _each in found if method == "finditer" else ():
        pass


@cache
def each_use():
    """Return each use once: its method, the file that it was found in first, the expression."""
    found = {(each.pattern, each.flags, method): (place, each) for place, method, each in uses()}
    return [(method, *where) for (*_each, method), where in found.items()]


def test_all_are_found():
    """The package has this many uses at least, in many files."""
    assert len(each_use()) > 80
    assert len({place for _method, place, _pattern in each_use()}) > 25


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_time_in_proportion(step):
    """None of them, or of a part, takes long for thousands of signs."""
    slow = []
    for method, place, pattern in each_use()[::step]:
        for text in (*texts(pattern), *pumps(pattern)):
            turns = (clock.timed(use, pattern, method, text)[1] for _turn in range(clock.TURNS))
            if not any(taken < MOST_SECONDS for taken in turns):
                slow.append((place, method, pattern.pattern, text[:20]))
                break
    assert not slow
