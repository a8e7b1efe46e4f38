"""The stage of a row: the labels around it, as random networks are built around them."""

import csv
import io
import json

from command import printed
from hypothesis import given
from hypothesis import strategies as st


@st.composite
def sequences(draw, depth=3, names=None):
    """Draw a sequence that keeps its volume; return its text, and the labels around each row.

    A label is given once: `names` are those that are given.
    """
    names = [] if names is None else names
    texts, rows = [], []
    for _ in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from(["layer", "bracket", "add"] if depth else ["layer"]))
        label = f"at{len(names)}" if draw(st.booleans()) else None
        names.append(label)
        name = f"{label}: " if label else ""
        if shape == "layer":
            texts.append(f"{name}relu")
            rows.append(())
            continue
        around = (label,) if label else ()
        text, inner = draw(sequences(depth - 1, names))
        if shape == "bracket":
            times = draw(st.integers(1, 3))
            texts.append(f"{name}[{text}]*{times}")
            rows += [(*around, *stage) for stage in inner] * times
        else:
            other, more = draw(sequences(depth - 1, names))
            texts.append(f"{name}add[{text} | {other}]")
            rows += [(*around, *stage) for stage in (*inner, *more)]
            rows.append(around)
    return " -> ".join(texts), rows


@given(sequences())
def test_rows_carry_their_stage(drawn):
    """JSON, its lines and CSV name the labels around each row, outermost first; none is null."""
    text, rows = drawn
    wanted = ["", *("/".join(stage) for stage in rows)]
    words = ["stack", f"4x4x2 -> {text}"]
    out = printed([*words, "--json"])[1]
    assert [row["stage"] or "" for row in json.loads(out)["rows"]] == wanted
    assert '"stage": ""' not in out
    in_lines = map(json.loads, printed([*words, "--format", "jsonl"])[1].splitlines())
    assert [row["stage"] or "" for row in in_lines] == wanted
    in_csv = csv.DictReader(io.StringIO(printed([*words, "--format", "csv"])[1]))
    assert [row["stage"] for row in in_csv] == wanted
