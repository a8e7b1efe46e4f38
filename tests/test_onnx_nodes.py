"""ONNX's own tests of its operators: each is read with the sizes that onnx says it puts out.

The first input comes in, all others are stored. A volume has its channels last and no batch, so
that sizes are held in any order, those of 1 left out.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cnncalc.importing.onnx.translation import translate
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "onnx" / "nodes.jsonl").read_text().splitlines()
]

REFUSED = {"nothing-to-read": {"Shape", "Size"}, "size-left-open": set()}
"""True reasons: sizes alone are put out, and what comes in, or what is put out, holds nothing."""


def _sizes(dims: Sequence[int]) -> list[int]:
    return sorted(size for size in dims if size > 1)


def _fits(output: Sequence[int], dims: Sequence[int]) -> bool:
    """Return whether a volume has the sizes of a tensor, its batch left out or not."""
    batches = range(min(len(dims), 3))
    wanted = [list(dims), *([*dims[:at], *dims[at + 1 :]] for at in batches)]
    return _sizes(output) in map(_sizes, wanted)


def _read(data: bytes, outputs: Sequence[Sequence[int]]) -> str:
    """Return how a file is read: 'exact', 'named' with what it costs, or 'wrong'."""
    source, _warnings = translate("node.onnx", data)
    report = Report(parse(source))
    rows = [row for row in report.rows if row.kind == "output"] or report.rows[-1:]
    left = iter(outputs)
    if not all(any(_fits(row.output, dims) for dims in left) for row in rows):
        return "wrong"
    return "exact" if report.is_whole else "named"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_nodes(case):
    """An operator by itself is a row with the sizes that onnx works out."""
    assert _read(base64.b64decode(case["file"]), case["outputs"]) in ("exact", "named")


def _all_nodes() -> Iterator[tuple[str, bytes, list[tuple[int, ...]]]]:
    """Yield each test of one operator: its name, its file and the sizes that it puts out."""
    onnx = pytest.importorskip("onnx")
    node = pytest.importorskip("onnx.backend.test.case.node")
    for case in node.collect_testcases(None):
        if case.model is None or len(case.model.graph.node) != 1 or not case.data_sets:
            continue
        given, made = case.data_sets[0]
        model = onnx.ModelProto()
        model.CopyFrom(case.model)
        graph = model.graph
        tensors = [*given, *made]
        if not given or any(not hasattr(each, "shape") for each in tensors) or given[0].ndim < 2:
            continue
        first, *rest = [each.name for each in graph.input]
        if first not in graph.node[0].input:
            continue
        graph.initializer.extend(
            onnx.numpy_helper.from_array(value, name)
            for name, value in zip(rest, given[1:], strict=True)
        )
        kind = graph.input[0].type.tensor_type.elem_type
        del graph.input[:]
        graph.input.append(onnx.helper.make_tensor_value_info(first, kind, given[0].shape))
        yield graph.node[0].op_type, model.SerializeToString(), [each.shape for each in made]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_all_nodes():
    """None is wrong; few hold what is not counted, and what is refused is for a true reason."""
    found: Counter[str] = Counter()
    for kind, data, outputs in _all_nodes():
        try:
            found[_read(data, outputs)] += 1
        except Problem as problem:
            is_empty = any(0 in dims for dims in outputs) or b"empty" in data
            assert is_empty or kind in REFUSED[problem.code], (kind, problem.code)
            found["refused"] += 1
    assert not found["wrong"]
    assert found["exact"] > 3 * (found["named"] + found["refused"])
