"""Every kind of layer, and what joins them, through memory, letters and files."""

from math import prod

import pytest
from evaluation import at

from cnncalc import Problem, stack
from cnncalc.importing.sources import read_imported
from cnncalc.kinds.measure import Writes
from cnncalc.kinds.table import KINDS
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Source

JOINED = [
    "8x8x4 -> max[ conv 6 k3 | conv 6 k3 ] -> conv 2 k1",
    "8x8x4 -> concat axis=1[ conv 6 k3 p1 | maxpool 2x1 s2x1 -> conv 6 k1 ]",
    "8x8x4 -> concat[ conv 6 k3 p1 | identity ] -> relu",
    "8x8x4 -> add[ conv 4 k3 p1 | identity ] -> mul[ gap -> fc 4 -> sigmoid | identity ]",
    "8x8x4 -> a: conv 4 k3 p1 -> again a -> aux[ gap -> fc 2 ] -> add[ @a | identity ]",
    "8x8x4 -> [conv 4 k3 p1 -> bn]*3 shared -> output -> conv 2 k1",
    "8x8x4 -> a: gap -> b: 9x9x2 -> conv 4 k3 -> mul[ @a -> flatten | gap -> flatten ]",
    "8x8x16 -> mbconv 16 -> se r4 -> bottleneck 4",
]
"""Joins, labels, shared weights, inputs and blocks."""

ALL = pytest.mark.parametrize("text", [*(kind.example for kind in KINDS.values()), *JOINED])


@ALL
def test_memory(text):
    """A row holds what it reads and writes at least, where these take memory of their own."""
    report = stack(text)
    for row in report.rows:
        if not row.aux:
            read = sum(prod(size) for size in row.reads) if row.writes == Writes.NEW else 0
            assert row.peak >= 4 * max(prod(row.output), read + prod(row.output) * bool(read))
    assert report.peak == max(row.peak for row in report.rows)


@ALL
def test_letters(text):
    """In letters it answers what it answers in numbers, or says which letters it cannot bear."""
    head, arrow, rest = text.partition(" -> ")
    sizes = dict(zip("HWDL", head.split("x")[:-1], strict=False))
    if not sizes:
        pytest.skip("its input has no spatial axis")
    *_sizes, channels = head.split("x")
    try:
        report = stack(f"{'x'.join(sizes)}x{channels}{arrow}{rest}")
    except Problem as problem:
        assert problem.code.startswith("letter") or "x" in rest, problem
        return
    plain = stack(text)
    numbers = {name: int(size) for name, size in sizes.items()}
    for name in ("params", "macs", "activations"):
        assert at(getattr(report, name), numbers) == getattr(plain, name), name
    assert [at(size, numbers) for size in report.output] == [*plain.output]


@ALL
def test_import(text, tmp_path):
    """A file of it is read as it is typed."""
    file = tmp_path / "net.cnn"
    file.write_text(text)
    assert write(parse(read_imported(str(file)).source)) == write(parse(Source("", text)))
