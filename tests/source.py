"""What stands in the package's source, each file of which is parsed once for all tests."""

import ast
from functools import cache
from pathlib import Path

from cnncalc.tuples import NamedTuple

PACKAGE = Path(__file__).parent.parent / "cnncalc"
FILES = sorted(PACKAGE.rglob("*.py"))
MESSAGES = {"_": 0, "Sentence": 0, "plural": 1}
"""What takes a message, and where it stands among the arguments."""

PATTERNS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "split")
"""Methods of a regular expression."""

TYPING = "TYPE_CHECKING"


class Parsed(NamedTuple):
    """The names that a file imports, and whether hints alone see them; what it defines; some calls.

    Functions have their lines; calls are those with messages, and of what may be a pattern.
    """

    imports: list[tuple[str, bool]]
    classes: list[str]
    functions: list[tuple[str, int]]
    calls: list[ast.Call]


LEAVES = {int, str, type(None), ast.Name, ast.Constant, ast.Load, ast.Store, ast.arg}
"""What holds nothing that is looked for: most of a tree."""


@cache
def parsed(path):
    """Return what is looked at in a file: the rest of its tree is not kept."""
    found = Parsed([], [], [], [])
    waiting = [(ast.parse(path.read_text()), False)]
    while waiting:
        node, hinted = waiting.pop()
        kind = type(node)
        if kind is list:
            waiting += [(each, hinted) for each in node if type(each) not in LEAVES]
            continue
        if kind is ast.Import:
            found.imports.extend((name.name, hinted) for name in node.names)
        elif kind is ast.ImportFrom:
            names = (f"{node.module}.{name.name}" for name in node.names)
            found.imports.extend((name, hinted) for name in names)
        elif kind is ast.ClassDef:
            found.classes.append(node.name)
        elif kind is ast.FunctionDef:
            found.functions.append((node.name, node.end_lineno - node.lineno))
        elif kind is ast.Call:
            of = node.func
            if getattr(of, "id", "") in MESSAGES or getattr(of, "attr", "") in PATTERNS:
                found.calls.append(node)
        is_hint = kind is ast.If and getattr(node.test, "id", "") == TYPING
        for name, part in vars(node).items():
            if type(part) not in LEAVES:
                waiting.append((part, hinted or (is_hint and name == "body")))
    return found
