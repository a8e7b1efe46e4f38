"""Every console block of README.md and tests/sessions is run, and compared whole."""

import doctest
import os
import re
import runpy
import shlex
import subprocess
import sys
from contextlib import ExitStack, chdir
from pathlib import Path

import command as program
import pytest
from command import Written

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "tests" / "sessions").glob("*.md"))]
DATA = ROOT / "tests" / "data"
FILES = sorted([*(DATA / "imports").glob("*.*"), *(DATA / "sessions").glob("*.*")])
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PIECE = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|>&|[^;|&"'\\])+|;|&&|\|""", re.DOTALL)
"""What stands between the signs of a command line, or one of the signs."""

OURS = re.compile(
    r"""\s*(?P<set>(?:[A-Z_]+=[\w.-]*\s+)*)cnncalc
    (?P<words>(?:(?:\s|\\\n)+(?![12]?>)(?:[^\s"'$`\\<>(){}#]|"[^"$`\\]*"|'[^']*'|(?<=\S)[{}#])+)*)
    (?P<redirected>(?:\s*[12]?>\s*(?:[\w./]+|&[12]))*)\s*""",
    re.VERBOSE,
)
"""A command of ours with plain words: those that mean something to a shell go to a shell."""

SCRIPT = re.compile(r"\s*(?P<set>)python (?P<words>\w+\.py)(?P<redirected>)\s*")
"""Code in Python that a page shows."""

REDIRECTED = re.compile(r"([12]?)>\s*([\w./]+|&[12])")
SETTLED = ("pip install", "pytest", "git ", "eval ")  # set-up, not sessions


def commands(block):
    """Split a block into commands: each begins with `$ `, and goes on in lines with `> `."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif line[:2] in ("> ", ">") and found:
            found[-1] += f"\n{line[2:]}"
    return found


def environment():
    """Return what the sessions run in: this Python's cnncalc, 80 columns, no colour."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("HOME", "PYTHONPATH", "TMPDIR") or name.startswith("COVERAGE")
    }
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return {**kept, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}


def sequence(command):
    """Return the parts of a command line, each ours or a shell's, and the sign before each."""
    pieces = PIECE.findall(command)
    if "<<" in command or "{ " in command or "".join(pieces) != command:
        return [(";", command)]
    found = [(";", pieces[0])]
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if OURS.fullmatch(piece) or OURS.fullmatch(found[-1][1]):
            found.append((sign, piece))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}{sign}{piece}")
    return found


def run(command, folder):
    """Return what a command line prints: our command and code run in this process, others in sh."""
    shown, piped, status = Written(), b"", 0
    parts = sequence(command)
    for (sign, part), (after, _) in zip(parts, [*parts[1:], (";", "")], strict=True):
        if sign == "&&" and status:
            continue
        out = Written() if after == "|" else shown
        if found := OURS.fullmatch(part) or SCRIPT.fullmatch(part):
            status = run_here(found, folder, piped, {"1": out, "2": shown})
        else:
            done = subprocess.run(
                ["sh", "-c", f"(exit {status})\n{part}"],
                cwd=folder,
                env=environment(),
                input=piped,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=60,
                check=False,
            )
            status = done.returncode
            out.write(done.stdout)
        piped = out.data if after == "|" else b""
    return shown.data.decode()


def run_here(found, folder, piped, files):
    """Run a command or code of ours, its redirections made; return its status."""
    added = dict(each.split("=", 1) for each in found["set"].split())
    with chdir(folder), ExitStack() as opened:
        for number, name in REDIRECTED.findall(found["redirected"]):
            files[number or "1"] = (
                files[name[1:]]
                if name.startswith("&")
                else opened.enter_context(Path(name).open("wb", buffering=0))
            )
        words = shlex.split(found["words"].replace("\\\n", " "))
        begin = run_script if found.re is SCRIPT else program.main
        return program.run(words, files["1"], files["2"], environment() | added, piped, begin=begin)


def run_script(words):
    """Run a file of Python as Python does."""
    runpy.run_path(*words, run_name="__main__")


def answered(block, folder):
    """Return a block with the output that its commands give now, errors among it."""
    lines = []
    for command in commands(block):
        output = run(command, folder)
        first, *more = command.split("\n")
        lines += [f"$ {first}\n", *(f"> {line}".rstrip() + "\n" for line in more), output]
        if output and not output.endswith("\n"):
            lines.append("\n")
    return "".join(lines)


def blocks(page):
    """Yield the console blocks of a page that are sessions."""
    for found in BLOCK.finditer(page.read_text()):
        if not any(word in found[1] for word in SETTLED):
            yield found


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.long] if page.stem == "millions" else [])
        for page in PAGES
    ],
    ids=lambda page: page.name,
)
def test_sessions(page, tmp_path, request):
    """A page shows what its commands print, to the letter."""
    text = page.read_text()
    found = list(blocks(page))
    assert found
    for file in FILES:
        if file.name in text:  # a session finds the files that it names
            (tmp_path / file.name).symlink_to(file)
    now = [answered(each[1], tmp_path) for each in found]
    if request.config.getoption("--rewrite"):
        for each, output in reversed(list(zip(found, now, strict=True))):
            text = text[: each.start(1)] + output + text[each.end(1) :]
        page.write_text(text)
    for each, output in zip(found, now, strict=True):
        assert output == each[1] or request.config.getoption("--rewrite")
        assert "Traceback" not in output


def test_python_in_readme():
    """README's Python session gives what it shows."""
    failed, tried = doctest.testfile(str(PAGES[0]), module_relative=False)
    assert tried > 3
    assert failed == 0


def test_every_code_has_a_session():
    """Each code that a fault, a warning or a note can have is shown in a session."""
    codes = set()
    for source in (ROOT / "cnncalc").rglob("*.py"):
        codes |= set(
            re.findall(
                r"(?:[Pp]roblem|_at_word|_disagree)\(\s*\"([a-z0-9-]+)\"", source.read_text()
            )
        )
        codes |= set(re.findall(r"\"(shapes-do-not-[a-z]+)\"", source.read_text()))
    shown = "".join(page.read_text() for page in PAGES)
    codes -= {"internal-error", "library-missing", "not-enough-memory"}  # of which no line is known
    missing = {
        code for code in codes if f"[{code}]" not in shown and f'"code": "{code}"' not in shown
    }
    assert len(codes) > 50
    assert not missing
