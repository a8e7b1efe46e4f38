"""Small ONNX files with one hard thing each: read whole and exact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnncalc.api.report import stack

FILES = Path(__file__).parent / "data" / "onnx"
TRUTH = {
    row["file"]: row for row in map(json.loads, (FILES / "truth.jsonl").read_text().splitlines())
}


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@pytest.mark.parametrize("name", sorted(TRUTH))
def test_small_files(name):
    """Parameters, MACs and outputs are those of the file's own weights and shapes."""
    truth = TRUTH[name]
    report = stack(FILES / name)
    assert report.is_whole
    assert "read-in-part" not in [each.code for each in report.warnings]
    outputs = [
        sorted(size for size in row.output if size > 1)
        for row in report.rows
        if row.kind == "output"
    ] or [sorted(size for size in report.output if size > 1)]
    assert outputs == [sorted(size for size in each if size > 1) for each in truth["outputs"]]
    assert (report.params, report.macs) == (truth["params"], truth["macs"])
