"""Streams that never block or that another closes, and files that are read and written at once."""

import errno
import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest
from command import printed
from test_edges import LINES, run
from variations import variations

from cnncalc import cli
from cnncalc.cli import files, outlets
from cnncalc.speech.problem import Problem

SHEET = "[[question]]\nname = '1'\nnetwork = '8x8x3 -> conv 4 k3'\nask = 'params'\n"


def never_blocking():
    """Return the ends of a small pipe whose writing end never blocks."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETFL, fcntl.fcntl(write, fcntl.F_GETFL) | os.O_NONBLOCK)
    with suppress(AttributeError):  # of Linux
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    return read, write


@variations("words", [["schema"], ["stack", "--help"], ["stack", "resnet18", "--json"]], 1, ids=str)
@pytest.mark.parametrize("way", ["", "-u", "-o"])
def test_pipes_that_never_block(words, way):
    """A reader that is slower has every byte, from a pipe that does not wait for it too."""
    plain = run(words, stdout=subprocess.PIPE)
    read, write = never_blocking()
    parts = []

    def take():
        while part := os.read(read, 3000):
            parts.append(part)
            time.sleep(0.001)

    reader = threading.Thread(target=take)
    reader.start()
    python = [sys.executable, "-u"] if way == "-u" else [sys.executable]
    more = ["-o", "/dev/stdout"] if way == "-o" and "--help" not in words else []
    done = subprocess.run(
        [*python, "-m", "cnncalc", *words, *more],
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    reader.join()
    os.close(read)
    assert (done.returncode, done.stderr, b"".join(parts)) == (0, b"", plain.stdout)


@variations(("words", "status"), LINES, 2, ids=str)
def test_connections_that_are_reset(words, status):
    """Who reads through a connection may leave as who reads through a pipe does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _address = server.accept()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        theirs.close()  # which resets it
        done = run(words, stdout=ours)
        ours.close()
    assert (done.returncode, done.stderr) == (status, b"")


def test_networks_that_come_late():
    """A standard input that never blocks is read to its end, and one that gives none is told."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.write(write, b"8x8x3 -> ")
    ended = threading.Timer(0.6, lambda: (os.write(write, b"conv 4 k3"), os.close(write)))
    ended.start()
    done = run(["stack", "-", "--get", "params"], stdin=read, stdout=subprocess.PIPE)
    ended.join()
    os.close(read)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"112\n", b"")
    with open(os.devnull, "wb") as other:  # noqa: PTH123 - which cannot be read
        done = run(["stack", "-"], stdin=other, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"standard input cannot be read" in done.stderr


@pytest.mark.parametrize("way", ["itself", "link", "links", "hard link", "folder"])
def test_what_is_read_is_not_written_over(tmp_path, way):
    """Answers, sheets and networks that a command reads are refused as the file that it writes."""
    texts = {"key.toml": SHEET, "a.csv": "name,1\nMina,112\n", "net.cnn": "8x8x3 -> relu\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "answers").write_text(texts["a.csv"])
    texts["answers"] = texts["a.csv"]
    lines = [["check", "key.toml", "a.csv"], ["check", "key.toml", "answers"]]
    lines += [["stack", "net.cnn"], ["compare", "lenet5", "net.cnn"], ["rf", "net.cnn"]]
    lines += [["check", "net.cnn", "params=0"], ["counts", "net.cnn"]]
    for words in lines:
        for name in {*words} & {*texts}:
            other = {"itself": name, "folder": f"../{tmp_path.name}/{name}"}.get(way, f"{name}.x")
            (tmp_path / f"{name}.x").unlink(missing_ok=True)
            if way == "hard link":
                (tmp_path / other).hardlink_to(tmp_path / name)
            elif "link" in way:
                (tmp_path / "b").unlink(missing_ok=True)
                (tmp_path / "b").symlink_to(name)
                (tmp_path / other).symlink_to(name if way == "link" else "b")
            status, out, err = printed([*words, "-o", other, "--format", "csv"], tmp_path)
            assert (status, out) == (1, ""), (words, name)
            assert "file-not-written" in err
    assert {name: (tmp_path / name).read_text() for name in texts} == texts
    words = ["stack", "lenet5", "--by", "kind", "--format", "csv", "-o"]
    for name in ("lenet5", "kind", "lenet5", "kind"):  # no file, whatever stands there
        assert printed([*words, name], tmp_path) == (0, "", "")
    words = ["import", "net.cnn", "-o", "net.cnn"]  # which lays it out anew
    assert printed(words, tmp_path) == (0, "", "")
    assert printed(["check", "key.toml", "a.csv", "-o", "b.csv"], tmp_path)[0] == 0


@pytest.mark.parametrize(
    "name", ["new/.", "new/", "new/..", ".", "..", "none/../new", "link", "down", "old/../new"]
)
def test_names_that_are_no_files(name, tmp_path, monkeypatch):
    """What Python could not open to write is no file here either, and makes none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old").write_text("old")
    (tmp_path / "link").symlink_to("new/.")
    (tmp_path / "down").symlink_to("none/../new")
    there = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="Errno"):
        open(name, "w")  # noqa: SIM115, PTH123
    with pytest.raises(Problem):
        files.write(name, ["x"], list)
    assert sorted(tmp_path.iterdir()) == there


def test_pipes_by_name_whose_reader_leaves(tmp_path):
    """As `-o >(head -1)`: who left had what was wanted."""
    words = "stack resnet152 --depth 9 --format csv"
    line = f'exec "$0" -m cnncalc {words} -o >(head -c 9 >{tmp_path}/a)'
    done = subprocess.run(
        ["bash", "-c", line, sys.executable], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")


@variations("name", ["click", "rich", "zlib"], 2)
def test_libraries_that_are_not_there(name, tmp_path):
    """What Python lacks is named in one line, in the language that is spoken."""
    code = (
        "import sys\n"
        f"sys.modules[{name!r}] = None\n"
        "sys.argv = ['cnncalc', *sys.argv[1:]]\n"
        "from cnncalc.__main__ import main\n"
        "main()\n"
    )
    (tmp_path / "a.keras").write_bytes(b"PK\5\6" + bytes(18))
    line = ["stack", str(tmp_path / "a.keras")] if name == "zlib" else ["stack", "lenet5", "-o"]
    words = [*line, *([str(tmp_path / "a.svg"), "--by", "kind"] if name != "zlib" else [])]
    for spoken, said in (("C", "which this Python does not have"), ("ko_KR.UTF-8", name)):
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": spoken, "PYTHONIOENCODING": "utf-8"},
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "[library-missing]" in done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_memory_that_ends_before_the_start():
    """Where there is none to begin with, that is told without any more."""
    code = (
        "import sys\n"
        "from cnncalc import __main__, cli\n"
        "def main(): raise MemoryError\n"
        "cli.main = main\n"
        "__main__.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"error[not-enough-memory]")


@pytest.mark.parametrize("error", [ZeroDivisionError, RecursionError, MemoryError])
def test_helps_that_cannot_be_tried(error, monkeypatch, capsys):
    """A fault is told as ever where what it offers fails in a way of its own."""

    def fail(*_words):
        raise error

    monkeypatch.setattr("cnncalc.cli.proposals.try_out", fail)
    with pytest.raises(SystemExit) as end:
        cli.main(["stack", "8x8x3 -> cov 3 k3"])
    assert end.value.code == 1
    assert "error[unknown-layer]" in capsys.readouterr().err


def test_signals_end_a_pipe_that_waits():
    """What waits for a reader ends as anything else does."""
    _read, write = never_blocking()
    process = subprocess.Popen(
        [sys.executable, "-m", "cnncalc", "schema"], stdout=write, stderr=subprocess.PIPE
    )
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) in (130, -signal.SIGINT)
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    os.close(_read)
    os.close(write)


def raising(error, *names):
    """Return a stream of a caller's own which raises an error as it is asked."""

    def fail(*_given):
        raise error

    return type("Odd", (io.StringIO,), dict.fromkeys(names, fail))("8x8x3 -> relu")


def closed(stream):
    """Return a stream that is closed."""
    stream.close()
    return stream


SOME = (errno.EPIPE, errno.ECONNRESET, errno.ENOSPC, errno.EBADF, errno.EAGAIN)
ERRORS = [OSError(number, os.strerror(number)) for number in SOME]
ERRORS += [ValueError("I/O operation on closed file"), io.UnsupportedOperation("write")]
ERRORS += [RuntimeError(), KeyError("x"), OSError(), UnicodeEncodeError("ascii", "x", 0, 1, "no")]


@pytest.mark.parametrize("name", ["write", "flush"])
def test_streams_that_raise(name):
    """Whatever standard output raises is told in one line; one that has left is not told."""
    for error in ERRORS:
        for words in (["stack", "8x8x1 -> relu"], ["--help"]):
            err = io.StringIO()
            out = raising(error, name)
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
                cli.main(words)
            left = getattr(error, "errno", None) in (errno.EPIPE, errno.ECONNRESET)
            assert end.value.code == (0 if left else 1)
            assert err.getvalue().count("error[output-not-written]") == (not left)
    for error in ERRORS:  # standard error can wait
        with redirect_stderr(raising(error, name)), pytest.raises(SystemExit) as end:
            cli.main(["stack", "8x8x1 -> covn"])
        assert end.value.code == 1


@pytest.mark.parametrize(
    "odd",
    [
        *(5, object(), io.BytesIO(), closed(io.StringIO())),
        raising(ValueError("closed"), "isatty", "fileno"),
        *(type("Odd", (io.StringIO,), {"encoding": each})() for each in ("rot13", "nosuch", 5)),
        type("Odd", (io.StringIO,), {"isatty": lambda _: True, "fileno": lambda _: 10**30})(),
    ],
    ids=lambda odd: type(odd).__name__,
)
def test_streams_that_are_none(odd):
    """Whatever stands for a stream is written to, or told; and it stands there afterwards."""
    for words in (["stack", "8x8x1 -> relu"], ["stack", "covn"], ["--help"]):
        for out, err in ((odd, io.StringIO()), (io.StringIO(), odd), (odd, odd)):
            with redirect_stdout(out), redirect_stderr(err):
                with pytest.raises(SystemExit) as end:
                    cli.main(words)
                assert sys.stdout is out
            assert end.value.code in (0, 1)
            assert err is odd or "internal-error" not in err.getvalue()


def test_standard_inputs_that_are_none(monkeypatch, capsys):
    """What stands for standard input is read, whether it gives texts or bytes, or told."""
    text = "8x8x3 -> relu"
    reads = [
        io.StringIO(text),
        io.BytesIO(text.encode()),
        io.TextIOWrapper(io.BytesIO(text.encode())),
    ]
    told = [raising(each, "read") for each in ERRORS]
    told += [None, 5, object(), closed(io.StringIO()), io.StringIO("relu\ud800")]
    for status, streams in enumerate((reads, told)):
        for stream in streams:
            monkeypatch.setattr(sys, "stdin", stream)
            with pytest.raises(SystemExit) as end:
                cli.main(["stack", "-", "--get", "output"])
            said = capsys.readouterr()
            assert (end.value.code or 0, said.out) == (status, "" if status else "8x8x3\n")
            assert ("error[file-not-" in said.err) == bool(status)


def test_streams_of_several_threads():
    """What one writes is not lost as another ends, and the last puts the stream back."""
    with redirect_stdout(io.StringIO()) as out:
        first, second = outlets.taken_over(), outlets.taken_over()
        first.__enter__()
        second.__enter__()
        stream = sys.stdout
        first.__exit__(None, None, None)
        stream.write("still written")
        stream.flush()
        second.__exit__(None, None, None)
        assert sys.stdout is out
    assert out.getvalue() == "still written"
