"""See that the default tests stay short: a plugin, `PYTHONPATH=tests pytest -p pace`.

What they take of the processor is told as a multiple of a fixed piece of work, done before and
behind them in the same process, so that a slow or a busy machine changes it little. Above MOST the
run fails: what has grown is found with `--durations=50`, and variations of a promise are marked
`long` (variations.py).
"""

import resource

MOST = 290
"""README's command takes 154 to 170 of them; 211 where the processor was quicker for the pieces."""

_pieces = []


def spent():
    """Return the seconds of the processor that this process and those it waited for took."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def piece():
    """Do the piece of work once, of the sort that tests do; return its seconds."""
    start = spent()
    made = {}
    for number in range(1_000_000):
        made[number % 997, "x"] = f"{number} of {len(made)}"
    return spent() - start


def pytest_configure():
    """Do some pieces of work before the tests."""
    _pieces.extend(piece() for _ in range(3))


def pytest_sessionfinish(session, exitstatus):
    """Do some behind them; fail where the tests took too many."""
    took = spent() - sum(_pieces)
    _pieces.extend(piece() for _ in range(3))
    unit = sum(sorted(_pieces)[1:5]) / 4
    _pieces[:] = [f"{took:.0f} s of the processor, {took / unit:.0f} pieces of {unit:.2f} s"]
    if took > MOST * unit and not exitstatus:
        _pieces.append(f"the default tests have grown: at most {MOST} pieces")
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    """Say what they took."""
    for line in _pieces:
        terminalreporter.write_line(str(line))
