"""See that the default tests stay short: a plugin, `PYTHONPATH=tests pytest -p pace`.

What they take of the processor is told as a multiple of a fixed piece of work, done between them
all along, so that both meet the same machine at the same moments. Above MOST the run fails: what
has grown is found with `--durations=50`, and variations of a promise are marked `long`
(variations.py).
"""

import itertools
import resource
import subprocess
import sys

MOST = 1200
"""README's command takes 490 to 740 of them, and up to 860 beside other work."""

EVERY = 100
"""A piece is done behind each so many tests."""

_pieces = []
_ended = itertools.count(1)


def spent():
    """Return the seconds of the processor that this process and those it waited for took."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def piece():
    """Do the piece of work once, of the sorts that tests do, a process too; return its seconds."""
    start = spent()
    made = {}
    for number in range(200_000):
        made[number % 997, "x"] = f"{number} of {len(made)}"
    subprocess.run([sys.executable, "-c", "import click"], check=True)
    return spent() - start


def pytest_runtest_logfinish():
    """Do a piece now and then."""
    if next(_ended) % EVERY == 0:
        _pieces.append(piece())


def pytest_sessionfinish(session, exitstatus):
    """Fail where the tests took too many."""
    _pieces.append(piece())
    unit = sum(_pieces) / len(_pieces)
    took = spent() - sum(_pieces)
    _pieces[:] = [f"{took:.0f} s of the processor, {took / unit:.0f} pieces of {unit:.3f} s"]
    if took > MOST * unit and not exitstatus:
        _pieces.append(f"the default tests have grown: at most {MOST} pieces")
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    """Say what they took."""
    for line in _pieces:
        terminalreporter.write_line(str(line))
