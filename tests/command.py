"""The program run in this process, as a shell would run it: its status, its bytes, their order."""

import io
import os
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout

from cnncalc.cli import main


class Written(io.RawIOBase):
    """A file that keeps what is written."""

    data = b""

    def writable(self):
        """Return that it can be written to."""
        return True

    def write(self, more):
        """Keep some bytes."""
        self.data += bytes(more)
        return len(more)


@contextmanager
def surroundings(environment, stdin):
    """Have these variables alone, and this standard input, for a while.

    What is the same stays as it is, which is nearly all: to clear and set all takes a tenth of a
    command's time.
    """
    before, own = dict(os.environ), sys.stdin
    sys.stdin = stdin
    _change(before, environment)
    try:
        yield
    finally:
        sys.stdin = own
        _change(dict(os.environ), before)


def _change(now, then):
    """Have other variables in place of those of now."""
    for name in now.keys() - then.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in then.items() if now.get(name) != value})


def run(words, out, err, environment=None, stdin=b"", *, begin=main):
    """Run a command line; return its status. What it prints is written to two raw files, or one.

    `environment` is all that there is of one, without it this process's own. What else is to
    `begin` with the words takes the program's place.
    """
    environment = dict(os.environ) if environment is None else environment
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    printed = io.TextIOWrapper(io.BufferedWriter(out), encoding, "strict")
    said = io.TextIOWrapper(io.BufferedWriter(err), encoding, "backslashreplace")
    said.reconfigure(line_buffering=True)
    status = 0
    with (
        surroundings(environment, io.TextIOWrapper(io.BytesIO(stdin))),
        redirect_stdout(printed),
        redirect_stderr(said),
    ):
        try:
            begin(words)
        except SystemExit as end:
            status = end.code or 0
        _settle(printed)
        _settle(said)
    printed.detach().detach()
    said.detach().detach()
    return status


def _settle(stream):
    """Hand on what a stream holds; where that is not taken, which the program told, let it go."""
    try:
        stream.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), stream.fileno())
        stream.flush()


def printed(words, folder=".", **environment):
    """Return status, standard output and standard error of a command line run in a folder."""
    out, err = Written(), Written()
    with chdir(folder):
        status = run(words, out, err, {**os.environ, **environment})
    return status, out.data.decode(), err.data.decode()


WEIGHED = """
import re, sys
from cnncalc import cli
try: cli.main(sys.argv[1:])
finally:
    with open("/proc/self/status") as file:
        print(re.search(r"VmHWM:\\s+(\\d+)", file.read())[1], file=sys.stderr)
"""
"""Code that runs a command line and tells how much memory it held, in kB, on standard error.

What `resource` tells of a process begins with what its parent held.
"""
