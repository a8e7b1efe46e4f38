"""What is assumed of letters on the way to formulas, to be held to the numbers they stand for.

A comparison of letters is proved, or taken not to hold; a division is taken to come out whole.
Where that is recorded, formulas say for which numbers they are those of the numbers themselves.
With a sample of numbers for the letters, these decide what letters leave open.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING, Any

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Assumed(NamedTuple):
    """A number with letters in it that is `least`, at least 0; `equal` to 0; `differs`; `whole`."""

    how: str
    number: Any


class Assumptions:
    """What is assumed: `facts`, on which formulas rest, and `remarks`, without which all is quiet.

    What is compared for a warning alone is a remark. A `sample` has numbers for letters.
    """

    def __init__(self, sample: Mapping[str, int] | None) -> None:
        self.sample = sample
        self.facts: dict[Assumed, None] = {}
        self.remarks: dict[Assumed, None] = {}
        self.open = self.facts


class _Recorded(local):
    """What is recorded in this thread, the innermost last."""

    def __init__(self) -> None:
        self.records: list[Assumptions] = []


_RECORDED = _Recorded()


def assume(how: str, number: Any) -> None:
    """Record what is assumed of a number with letters in it, where that is recorded."""
    if _RECORDED.records:
        _RECORDED.records[-1].open[Assumed(how, number)] = None


def is_recorded() -> bool:
    """Return whether what is assumed is recorded."""
    return bool(_RECORDED.records)


def sample() -> Mapping[str, int] | None:
    """Return the numbers that decide what letters leave open, where there are some."""
    return _RECORDED.records[-1].sample if _RECORDED.records else None


@contextmanager
def recording(sample: Mapping[str, int] | None = None) -> Iterator[Assumptions]:
    """Record what is assumed meanwhile."""
    record = Assumptions(sample)
    _RECORDED.records.append(record)
    try:
        yield record
    finally:
        _RECORDED.records.remove(record)


@contextmanager
def remarking() -> Iterator[None]:
    """Record what is assumed meanwhile as remarks."""
    if not _RECORDED.records:
        yield
        return
    record = _RECORDED.records[-1]
    before, record.open = record.open, record.remarks
    try:
        yield
    finally:
        record.open = before
