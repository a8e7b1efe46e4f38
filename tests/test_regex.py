"""Regular expressions: each takes time in proportion to its text, whatever stands in it.

Every use of one in the package is found in its source, with the method that is called; texts that
are made of the signs that stand in it are doubled in length twice.
"""

import ast
import re
import time
from importlib import import_module
from pathlib import Path

from cnncalc.notation.tokens import RULES

ROOT = Path(__file__).parent.parent
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "split")
LENGTH = 4_000  # of a text: in proportion it takes less than a thousandth of a second
MOST_SECONDS = 0.04  # of the processor; what is quadratic takes longer


def uses():
    """Yield the regular expressions of the package, with the file and the method of each use."""
    for name in RULES:
        yield "notation/tokens.py", "match", re.compile(RULES[name])
    for path in sorted((ROOT / "cnncalc").rglob("*.py")):
        place = path.relative_to(ROOT / "cnncalc")
        dotted = ".".join(("cnncalc", *place.with_suffix("").parts)).removesuffix(".__init__")
        if place.name == "__main__.py":
            continue
        known = vars(import_module(dotted))
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of, method = node.func.value, node.func.attr
            if method not in METHODS:
                continue
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


def seconds(pattern, method, text):
    """Return the seconds of the processor that a use takes."""
    call = getattr(pattern, method)
    start = time.process_time()
    found = call("", text) if method == "sub" else call(text)
    for _each in found if method == "finditer" else ():
        pass
    return time.process_time() - start


USES = {(pattern.pattern, pattern.flags, method): (p, pattern) for p, method, pattern in uses()}


def test_all_are_found():
    """The package has this many uses at least, in many files."""
    assert len(USES) > 80
    assert len({place for place, _pattern in USES.values()}) > 25


def test_time_in_proportion():
    """None takes long for a text of some thousand signs: the least of three turns counts."""
    slow = []
    for (_text, _flags, method), (place, pattern) in USES.items():
        for text in texts(pattern):
            turns = (seconds(pattern, method, text) for _turn in range(3))
            if not any(taken < MOST_SECONDS for taken in turns):
                slow.append((place, method, pattern.pattern, text[:8]))
                break
    assert not slow
