"""Seconds of the processor that tests bound, for tests in time.

A machine's other work, and its memory, only ever add to what something takes: once in some hundred
turns tenfold. So it is done in several turns until one is quick enough, and what is slow in itself
is slow in each.
"""

import time

TURNS = 5


def timed(run, *given):
    """Return what a call gives, and the seconds of the processor that it takes."""
    start = time.process_time()
    found = run(*given)
    return found, time.process_time() - start


def within(most, run, *given):
    """Return what a call gives once it takes less than so many seconds; fail after all turns."""
    for _turn in range(TURNS):
        found, took = timed(run, *given)
        if took < most:
            return found
    raise AssertionError(f"{took:.3f} s and as much before, where less than {most} s are allowed")


def in_proportion(make, count, more, most):
    """Say whether what `make(more)` returns takes less than `most` times that of `make(count)`.

    The least of the turns is compared, but for 50 ms in the last of them.
    """
    least = [float("inf")] * 2
    for _turn in range(TURNS):
        took = (timed(make(number))[1] for number in (count, more))
        least = [*map(min, least, took)]
        if least[1] < most * least[0]:
            return True
    return least[1] < most * least[0] + 0.05
