"""Every console block of README.md and tests/sessions is run, and compared whole."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "tests" / "sessions").glob("*.md"))]
MARK = "----8<----"
FILES = sorted((ROOT / "tests" / "data" / "imports").glob("*.*"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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


def run(block, folder):
    """Return a block with the output that its commands give now, errors among it."""
    script = [f'mark() {{ status=$?; printf "%s\\n" "{MARK}"; return $status; }}']
    for command in commands(block):
        script += ["mark", command]
    done = subprocess.run(
        ["sh", "-c", "\n".join(script)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    outputs = done.stdout.decode().split(f"{MARK}\n")[1:]
    lines = []
    for command, output in zip(commands(block), outputs, strict=True):
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_sessions(page, tmp_path, request):
    """A page shows what its commands print, to the letter."""
    text = page.read_text()
    found = list(blocks(page))
    assert found
    for file in FILES:
        if file.name in text:  # a session finds the files that it names
            (tmp_path / file.name).symlink_to(file)
    now = [run(each[1], tmp_path) for each in found]
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
    codes -= {"internal-error", "not-enough-memory"}  # of which no line is known
    missing = {
        code for code in codes if f"[{code}]" not in shown and f'"code": "{code}"' not in shown
    }
    assert len(codes) > 50
    assert not missing
