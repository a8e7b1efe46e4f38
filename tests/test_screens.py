"""Screens on a terminal and of a class."""

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest

from cnncalc.cli import main


def terminal(*lines, piped=()):
    """Return what command lines write to a terminal; a stream that is piped goes elsewhere."""
    import pty

    code = (
        "import json, sys\n"
        "from cnncalc.cli import main\n"
        "for words in json.loads(sys.argv[1]):\n"
        "    try: main(words)\n"
        "    except SystemExit as end: assert not end.code\n"
        "    for each in sys.stdout, sys.stderr: print(NEXT, file=each, flush=True)\n"
    ).replace("NEXT", repr(NEXT))
    leader, follower = pty.openpty()
    streams = {
        name: subprocess.DEVNULL if name in piped else follower for name in ("stdout", "stderr")
    }
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(lines)],
        **streams,
        env={**os.environ, "COLUMNS": "80", "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        check=False,
        timeout=60,
    )
    os.close(follower)
    text = b""
    with suppress(OSError):  # a terminal that nobody holds any more
        while part := os.read(leader, 65536):
            text += part
    os.close(leader)
    assert done.returncode == 0
    return text.decode().replace("\r\n", "\n").split(f"{NEXT}\n")


NEXT = "-- next"
HINT = "More: --totals, with memory in MB"


def test_terminal_says_what_else_there_is(tmp_path):
    """Below a table on a terminal one line says what else there is; nowhere else."""
    words = ("stack", "8x8x3 -> conv 4 k3")
    shown, _, pictured, *others = terminal(
        words,
        (*words, "--totals", "-o", str(tmp_path / "totals.svg")),
        (*words, "--json"),
        (*words, "--totals"),
        ("conv", "8x8x3", "--filters", "4", "--k", "3"),
    )
    assert HINT in shown.splitlines()[-1]
    assert shown.count(HINT) == 1
    assert "a page of the same, whose tables sort" in pictured
    for name in ("stdout", "stderr"):
        others += terminal(words, piped=(name,))
    assert len("".join(others)) > 100
    assert not [each for each in others if HINT in each]


NETWORK = "32x32x3 -> conv 10 k5 p2 -> conv 16 k5"
ASKED = ("1.output", "1.params", "1.macs", "output", "params", "rf", "macs", "jump")
ANSWERS = (
    ("32x32x10",),
    ("760", "750", "260"),
    ("768000", "", "zzz"),
    ("28x28x16", "24x24x16"),
    ("4776", "4760"),
    ("9x9",),
    ("3904000",),
    ("1", "2"),
)


@pytest.fixture
def class_of_30(tmp_path):
    """Write a sheet of 8 questions, and the answers of 30; return what reads them."""
    rand = random.Random(7)
    key = tmp_path / "key.toml"
    key.write_text(
        "\n".join(
            f'[[question]]\nname = "{number}"\nnetwork = "{NETWORK}"\nask = "{asked}"'
            for number, asked in enumerate(ASKED, 1)
        )
    )
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["name", *range(1, 9)])
    several = [[rand.choice(each) for each in ANSWERS] for _ in range(8)]
    for number in range(30):
        rows.writerow([f"student {number}", *several[number % 8]])
    answers = tmp_path / "answers.csv"
    answers.write_text(out.getvalue())
    return ("check", str(key), str(answers))


def test_class_is_a_grid(class_of_30, monkeypatch):
    """A class of 30 has a line for each student at 80 columns, whose signs are the verdicts."""
    monkeypatch.setenv("COLUMNS", "80")
    out = {}
    for form in ("table", "json"):
        text = io.StringIO()
        with redirect_stdout(text), redirect_stderr(io.StringIO()), suppress(SystemExit):
            main([*class_of_30, "--follow", "none", "--format", form])
        out[form] = text.getvalue()
    students = json.loads(out["json"])["students"]
    lines = out["table"].splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 30 + 7
    legend = dict(
        re.findall(r"([^\w ]) ([a-z]+)", next(line for line in lines if "+ right" in line))
    )
    common = " ".join(out["table"].partition("Most frequent: ")[2].split())
    slips = {}
    for part in common.removesuffix(").").split("), "):
        sign, name, count = re.fullmatch(r"(.) (.*) \((\d+)", part).groups()
        slips[sign] = (name, int(count))
    kinds = {"right", "convention", "wrong", "unreadable", "blank"}
    found = [
        cell for student in students for cell in list(student.values())[2:] if cell not in kinds
    ]
    for name, count in slips.values():
        assert found.count(name) == count
    for line, student in zip(lines[1:31], students, strict=True):
        cells = line.split()
        assert " ".join(cells[:2]) == student["student"]
        assert cells[-1] == f"{student['score']}/8"
        for sign, verdict in zip(cells[2:-1], list(student.values())[2:], strict=True):
            assert (
                verdict == slips[sign][0]
                if sign in slips
                else verdict == legend[sign] or sign == "-"
            )
    mean = sum(student["score"] for student in students) / 30
    assert f"{mean:.1f}/8" in lines[32]
