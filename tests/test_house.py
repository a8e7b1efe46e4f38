"""The house: which way imports point, what start-up imports, and that the table of kinds holds."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.cli.commands import cnncalc

ROOT = Path(__file__).parent.parent
ROOMS = [
    "speech",
    "numbers",
    "kinds",
    "notation",
    "importing",
    "trace",
    "report",
    "homework",
    "solving",
    "codegen",
    "drawing",
    "output",
    "api",
    "cli",
]
GROUND = "tuples"
"""What all rooms stand on: a file beside them."""


def imports(path):
    """Yield the modules that a file imports anywhere in it, type hints apart."""
    tree = ast.parse(path.read_text())
    hints = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            if node.module == "cnncalc":
                yield from (f"cnncalc.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", sorted((ROOT / "cnncalc").rglob("*.py")), ids=str)
def test_imports_point_down(path):
    """A file imports only from its own room and those below; rich and click have one home each."""
    room, *rest = path.relative_to(ROOT / "cnncalc").with_suffix("").parts
    if not rest:
        assert room in ("__init__", "__main__", GROUND)
        return
    floor = ROOMS.index(room)
    for module in imports(path):
        first, *rest = module.split(".")
        if first == "cnncalc" and rest:
            assert rest[0] == GROUND or ROOMS.index(rest[0]) <= floor, module
        assert first != "rich" or path.name == "table.py", module
        assert first != "click" or room == "cli", module


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent for path in (ROOT / "cnncalc").rglob("__init__.py"))[1:],
    ids=lambda folder: folder.name,
)
def test_rooms_say_what_they_hold(folder):
    """A room's docstring, and that of a room in it, is a sentence, and a line for each file."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    named = re.findall(r"^(\w+)\.py(?: |$)", said, re.MULTILINE)
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert sorted(named) == files


def test_rooms_are_in_the_readme():
    """README draws the house as it is: its rooms in their order."""
    drawn = re.findall(r"^      (\w+)/  ", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert drawn == ROOMS


def loaded(*words):
    """Return the modules that a command line has imported when it ends."""
    code = (
        "import sys\nfrom cnncalc.cli import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split("MODULES ")[1].split())


HEAVY = {
    *("rich", "dataclasses", "importlib.metadata", "pathlib", "shutil", "fractions", "decimal"),
    *("difflib", "unicodedata", "argparse", "logging", "tempfile", "subprocess", "email"),
}


def test_start_up():
    """JSON, a bare number and help load no table library, nor anything else that takes its time."""
    line = "32x32x3 -> conv 10 k5 p2 -> relu -> fc 10"
    plain = subprocess.run(
        [
            sys.executable,
            "-c",
            "import click, sys; click.HelpFormatter(width=80); print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = HEAVY - set(plain.stdout.split())
    assert heavy
    for words in (
        ["stack", line, "--json"],
        ["stack", line, "--get", "params"],
        ["conv", "32x32x3", "--filters", "10", "--k", "5", "--json"],
        ["--help"],
        ["conv", "--help"],
    ):
        assert not heavy & loaded(*words), words
    assert "json" not in loaded("stack", line, "--get", "params")
    assert "cnncalc.trace.trace" not in loaded("--help")
    assert "rich" not in loaded("stack", "32x32x3 -> covn 10 k5")
    assert "rich" in loaded("stack", line)


def test_readme_names_every_option():
    """README, or the index of the sessions, and the help of `stack` know the same options."""
    pages = (ROOT / "README.md", ROOT / "tests" / "sessions" / "README.md")
    page = "".join(each.read_text() for each in pages)
    for name in ("stack", "layers", "pool"):
        for parameter in cnncalc.get_command(None, name).params:
            for option in parameter.opts:
                assert not option.startswith("--") or option in page or name == "pool", option
    for name in cnncalc.list_commands(None):
        assert f"`{name}`" in page or f"cnncalc {name}" in page, name
