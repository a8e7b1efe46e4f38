"""The house: which way imports point, what start-up imports, and that the table of kinds holds."""

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from source import FILES, PACKAGE, parsed

from cnncalc.cli.commands import cnncalc
from cnncalc.importing.files import Choice
from cnncalc.importing.python.interface import Interface
from cnncalc.importing.python.reading import SourceReading
from cnncalc.kinds.table import NAMES
from cnncalc.speech.problem import Source

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


def test_imports_point_down():
    """A file imports only from its own room and those below, for hints too.

    rich and click have one home each.
    """
    for path in FILES:
        room, *rest = path.relative_to(PACKAGE).with_suffix("").parts
        if not rest:
            assert room in ("__init__", "__main__", GROUND)
            continue
        floor = ROOMS.index(room)
        for name, hinted in parsed(path).imports:
            said = f"{path} imports {name}"
            first, *rest = name.split(".")
            if first == "cnncalc" and rest:
                assert rest[0] == GROUND or ROOMS.index(rest[0]) <= floor, said
            assert hinted or first != "rich" or path.name == "terminal.py", said
            assert hinted or first != "click" or room == "cli", said


def file_of(name):
    """Return the file of a name that is imported: a file's own, or that of what stands in one."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    homes = (
        home for at in (path, path.parent) for home in (at.with_suffix(".py"), at / "__init__.py")
    )
    return next(home for home in homes if home.exists())


def test_imports_go_in_no_circle():
    """No file imports itself by way of others: not inside functions, and for hints neither.

    Not seen is what is imported by a name that is made: commands, formats, the writers of figures.
    """
    of_ours = {
        path: {file_of(name) for name, _hint in parsed(path).imports if name.startswith("cnncalc.")}
        for path in FILES
    }
    TopologicalSorter(of_ours).prepare()  # raises an error that names a circle


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent for path in (PACKAGE).rglob("__init__.py"))[1:],
    ids=lambda folder: folder.name,
)
def test_rooms_say_what_they_hold(folder):
    """A room's docstring, and that of a room in it, is a sentence, and a line for each file."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    named = re.findall(r"^(\w+)\.py(?: |$)", said, re.MULTILINE)
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert sorted(named) == files


def test_a_function_is_seen_at_once():
    """No function is longer than a screen is high."""
    for path in FILES:
        for name, lines in parsed(path).functions:
            assert lines < 75, f"{path}: {name}"


TABLES = {"kinds/table.py", "report/quantities.py", "trace/counters.py", "homework/slips.py"}
"""The files that are one table each, and as long as it takes."""


def test_a_file_holds_one_concept():
    """No file but a table has more than 350 lines."""
    long = {path for path in FILES if len(path.read_text().splitlines()) > 350}
    assert {path.relative_to(PACKAGE).as_posix() for path in long} == TABLES


def test_tests_bound_time_by_the_clock():
    """No test measures seconds but by `clock`, in turns; fuzzers say the slowest of many."""
    found = {
        path.name
        for folder in (ROOT / "tests", ROOT / "tests" / "properties")
        for path in folder.glob("*.py")
        if re.search(r"\b(process_time|perf_counter|timeit)\(", path.read_text())
    }
    assert found == {"clock.py", "fuzz.py", "files.py"}


FACES = {"Network", "Report"}
"""What users hold, in `api`, goes by the name of what stands behind it."""


def test_a_name_is_one_class():
    """No two classes share a name, but for the faces of `api`; a private one is as another."""
    found = {}
    for path in FILES:
        for name in parsed(path).classes:
            found.setdefault(name.strip("_"), []).append(path.relative_to(PACKAGE).parts[0])
    twice = {name for name, rooms in found.items() if len(rooms) > 1}
    faces = {name for name in FACES if "api" in found[name] and len(found[name]) == 2}
    assert not twice - faces


def test_what_parts_of_a_reader_ask_for_is_there():
    """All that a part of the reader of Python asks of those above it is put there, and no more."""
    reading = SourceReading(Source("net.py", ""), None, Choice(), "first")
    asked = Interface.__annotations__
    assert len(asked) > 20
    assert vars(reading.imports.above).keys() == asked.keys()


def test_parts_of_a_reader_are_put_together():
    """No part of the reader of Python inherits from another: each holds those it stands on."""
    reading = SourceReading(Source("net.py", ""), None, Choice(), "first")
    parts, waiting = {reading}, [reading]
    while waiting:
        held = {each for each in vars(waiting.pop()).values() if hasattr(each, "machine")}
        waiting += held - parts
        parts |= held
    assert len(parts) > 20
    assert {type(each).__bases__ for each in parts} == {(object,)}


def test_rooms_are_in_the_readme():
    """README draws the house as it is: its rooms in their order."""
    drawn = re.findall(r"^      (\w+)/  ", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert drawn == ROOMS


def loaded(*words, **environment):
    """Return the modules that a command line has imported when it ends."""
    code = (
        "import sys\nfrom cnncalc.cli import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split("MODULES ")[1].split())


HEAVY = {
    *("rich", "dataclasses", "importlib.metadata", "pathlib", "shutil", "fractions", "decimal"),
    *("difflib", "unicodedata", "argparse", "logging", "tempfile", "subprocess", "email"),
    *("locale", "array"),
}


LINE = "32x32x3 -> conv 10 k5 p2 -> relu -> fc 10"
CONV = ("conv", "32x32x3", "--filters", "10", "--k", "5")
MOST_LOADED = {
    ("stack", LINE): 88,
    ("stack", LINE, "--get", "params"): 82,
    (*CONV, "--json"): 78,
    ("check", LINE, "params=103170"): 115,
    ("conv", "--help"): 42,
    ("--help",): 27,
}
"""So many modules of ours a command line loads at most: start-up grows by none unseen."""

LATE = ("cli.misuse", "completion", "numbers.letters", "numbers.terms", "speech.picture")
"""Ends of the names of those that only faults, completion and letters need."""


def test_start_up(tmp_path):
    """Nothing without colours loads a table library, nor anything else that takes its time.

    So it is where the package is compiled, and where it is compiled as it is imported.
    """
    click = "import click, sys; click.HelpFormatter(width=80); print(*sys.modules)"
    plain = subprocess.run(
        [sys.executable, "-c", click], capture_output=True, text=True, check=True
    )
    heavy = HEAVY - set(plain.stdout.split())
    assert heavy
    found = {words: loaded(*words) for words in MOST_LOADED}
    for words, modules in found.items():
        ours = {name for name in modules if name.startswith("cnncalc.")}
        assert len(ours) <= MOST_LOADED[words], (len(ours), sorted(ours))
        assert not {name for name in ours if name.endswith(LATE)}
        assert not heavy & modules, words
    compiled_now = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(tmp_path)}
    assert not heavy & loaded("stack", LINE, "--json", **compiled_now)
    assert "json" not in found["stack", LINE, "--get", "params"]
    assert "cnncalc.trace.trace" not in found["--help",]
    assert "rich" not in loaded("stack", "32x32x3 -> covn 10 k5")
    assert "rich" in loaded("stack", LINE, FORCE_COLOR="1")


def test_reserve_is_never_touched():
    """What is kept to tell in that memory is short takes no memory, however much it is."""
    code = (
        "from cnncalc import cli\ncli.RESERVE = 256 << 20\n"
        "try: cli.main(['conv', '8x8x3', '4', 'k3', '--get', 'params'])\n"
        "except SystemExit: print(open('/proc/self/status').read())"  # rusage has the parent's most
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.partition("VmHWM:")[2].split()[0]) < 128 << 10


def test_no_option_comes_twice():
    """The options of a command have names that are all different, and so do their values."""
    for name in {*cnncalc.list_commands(None), *NAMES}:
        parameters = cnncalc.get_command(None, name).params
        options = [option for each in parameters for option in each.opts]
        assert len(options) == len({*options}), name
        names = [each.name for each in parameters if each.expose_value]
        assert len(names) == len({*names}), name


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
