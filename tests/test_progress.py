"""Long answers on a terminal: how far they have come is seen, and Ctrl-C ends them at once."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress

import pytest
from command import printed
from variations import variations

CODE = """
import os, sys
os.open(os.ttyname(2), os.O_RDWR)  # it controls the process: its Ctrl-C is an interruption
from cnncalc import __main__
from cnncalc.cli import streams
streams.PATIENCE = -1  # a bar at once, however quick the machine is
__main__.main()
"""
AT_ONCE = CODE.replace("0.01", "-1")
QUESTION = "[[question]]\nnetwork = '8x8x3 -> conv {} k3'\nclaims = ['params=3']\n"
LONG = "64x64x3 -> [conv 8 k3 p1 -> relu]*400000"
VARIED = "64x64x3 -> [conv 8+i k3 p1]*5000"  # rounds that are alike are added up at once
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"  # the cursor


@pytest.fixture
def terminal():
    """Open a terminal; yield both of its sides."""
    sides = pty.openpty()
    yield sides
    for side in sides:
        with suppress(OSError):  # closed already
            os.close(side)


def read_until(side, seen=None):
    """Return what comes out of a terminal until something is seen; else to its end."""
    out = b""
    with suppress(OSError):  # nobody writes any more
        while (seen is None or seen not in out) and (more := os.read(side, 4096)):
            out += more
    return out


@variations(
    "words",
    [["stack"], ["rf"], ["stack", "-o", "x.csv"]]
    + [["stack", "--format", each] for each in ("json", "jsonl", "markdown", "latex", "csv")]
    + [["check"], ["counts"], ["compare", "vgg11"], ["export"]],
    2,
    ids=" ".join,
)
def test_progress_and_its_end(words, terminal, tmp_path):
    """In every format it is seen while rows are written elsewhere; Ctrl-C leaves nothing behind."""
    main, side = terminal
    long = VARIED if words[0] in ("counts", "compare", "export") else LONG
    if words == ["check"]:
        long = str(tmp_path / "a.toml")
        (tmp_path / "a.toml").write_text("".join(map(QUESTION.format, range(1, 1_500))))
    run = subprocess.Popen(
        [sys.executable, "-c", CODE, *words, long],
        stdin=side,
        stdout=subprocess.DEVNULL,
        stderr=side,
        start_new_session=True,
        cwd=tmp_path,
    )
    os.close(side)
    out = read_until(main, b"%")
    start = time.monotonic()
    os.write(main, b"\x03")
    out += read_until(main)
    assert run.wait(10) == 130
    assert time.monotonic() - start < 8
    assert b"%" in out
    assert out.count(HIDDEN) == out.count(SHOWN) == 1
    assert out.index(HIDDEN) < out.index(SHOWN)
    assert b"Traceback" not in out
    assert {each.name for each in tmp_path.iterdir()} <= {"a.toml"}


@variations("words", [["--format", "csv"], ["--json"], ["--format", "markdown"]], 1, ids=" ".join)
def test_what_is_written_beside_progress(words, terminal, tmp_path):
    """A file has every line, whatever a terminal shows meanwhile."""
    main, side = terminal
    words = ["stack", LONG.replace("400000", "300"), *words]
    with (tmp_path / "out").open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, *words], stdin=side, stdout=out, stderr=side
        )
    os.close(side)
    shown = read_until(main)
    assert run.wait(60) == 0
    assert b"%" in shown
    assert (tmp_path / "out").read_text() == printed(words)[1]


@variations("words", [["--format", "csv"], ["--json"]], 1, ids=" ".join)
def test_what_is_written_in_place_of_progress(words, terminal, tmp_path):
    """A narrow terminal has every line as it is, whatever a bar showed there before."""
    main, side = terminal
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    (tmp_path / "a.toml").write_text(QUESTION.format(4).replace("claims", "ask").replace("=3", ""))
    names = [f"Student {number} with [bold]quite a long name[/bold]" for number in range(50)]
    rows = "".join(f"{name},{number}\n" for number, name in enumerate(names))
    (tmp_path / "a.csv").write_text(f"name,1\n{rows}")
    words = ["check", "a.toml", "a.csv", *words]
    streams = {"stdin": side, "stdout": side, "stderr": side}
    run = subprocess.Popen([sys.executable, "-c", AT_ONCE, *words], cwd=tmp_path, **streams)
    os.close(side)
    shown = read_until(main).decode().replace("\r\n", "\n")
    assert run.wait(60) == 0
    assert "%" in shown
    plain = re.sub(r"\x1b\[\??[0-9;]*[A-Za-z]", "", shown)
    lines = {line.rpartition("\r")[2] for line in plain.split("\n")}  # as each is seen at last
    assert {*printed(words, tmp_path)[1].splitlines()} <= lines
