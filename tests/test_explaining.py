"""Every line of working that is shown is evaluated, and comes to the value beside it."""

import math
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, stack
from cnncalc.kinds.reference import letter
from cnncalc.kinds.table import KINDS
from cnncalc.numbers.working import write
from cnncalc.output.explanation import write as write_explanation
from cnncalc.report.explanation import explain, explain_each, explain_totals
from cnncalc.report.legend import legend
from cnncalc.report.steps import UNASKED
from cnncalc.speech.signs import ASCII, LATEX, PEOPLE, UNICODE

UNKNOWN = ("pad", "crop", "upsample", "pixelshuffle", "pixelunshuffle")  # N, r: other than below
PDFLATEX = shutil.which("pdflatex")
NETS = (
    "31x20x4 -> conv 8 k1x7 s1x2 p0x3 g2 -> conv 8 k3 s2 same -> concat[conv 4 k1 | conv 4 k5 p2]",
    "16x16x8 -> add[conv 8 k3 p1 | identity] -> deconv 4 k4 s2 p1 -> maxpool k3 s2 same -> fc 10",
    "100x8 -> conv 16 k3 p2:0 d2 -> add[conv 16 k5 p2 | identity] -> flatten -> fc 10 -> fc 5",
    "8x9x10x2 -> conv 4 k3x3x1 p1 -> mul[identity | gap -> conv 4 k1 -> sigmoid] -> conv 2 k2",
    "100x8 -> add[conv 8 k3 causal | identity] -> conv 4 k3 -> fc 2",
    "16x64 -> lstm 32 -> attention 4 -> linear 8 nobias -> concat axis=1[identity | relu]",
)


def evaluated(text, letters=()):
    """Work a shown line out, by Python alone; letters stand for numbers."""
    text = text.replace("·", "*").replace("−", "-").replace("{,}", "")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\\mathrm\{(\w+?)(?:_\{(\w+)\})?\}", r"\1\2", text)
    text = text.replace(r"\left(", "(").replace(r"\right)", ")")
    text = text.replace(r"\max", "max").replace(r"\min", "min")
    while match := re.search(r"[⌊⌈]([^⌊⌈⌋⌉]*)[⌋⌉]", text):
        name = "floor" if match[0][0] == "⌊" else "ceil"
        text = text[: match.start()] + f"{name}({match[1]})" + text[match.end() :]
    text = re.sub(r"\\left\\lfloor|\\left\\lceil", lambda m: m[0][6:11] + "(", text)
    text = re.sub(r"\\right\\r(floor|ceil)", ")", text).replace("lfloo(", "floor(")
    while match := re.search(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", text):
        text = text[: match.start()] + f"(({match[1]})/({match[2]}))" + text[match.end() :]
    text = text.replace(r"\cdot", "*").replace("lceil(", "ceil(")
    names = {"floor": math.floor, "ceil": math.ceil, "max": max, "min": min}
    return eval(text, names | dict(letters))


def numbers_by_letter(row, rows):
    """Return what letters stand for in the formulas of a row, looked up in the row itself."""
    before = rows[row.inputs[0]]
    given = row.node.named if hasattr(row.node, "named") else {}
    maps = len(row.input) > 1
    found = {"Cin": row.input[-1], "L": row.input[0], "N": row.output[-1]}
    along = {
        "n": row.input[:-1] if maps else row.input,
        "out": row.output[:-1],
        "r": before.rf if isinstance(before.rf, tuple) else (),
        "j": before.jump if isinstance(before.jump, tuple) else (),
        **{name[0]: given.get(name) or () for name in ("kernel", "stride", "dilation")},
        "p": given.get("padding") or (),
    }
    rank = max(len(row.input) - 1, 1)
    for name, values in along.items():
        axes = tuple(values) * (rank if len(values) == 1 else 1)
        named = (name + axis for axis in {2: "HW", 3: "DHW"}.get(rank, ""))
        found |= dict(zip(named, axes, strict=False))
        found |= {name: axes[0]} if axes else {}
    if isinstance(found.get("p"), tuple):
        found["before"], found["after"] = found["p"]
    for parameter in row.node.kind.parameters if given else ():
        value = given[parameter.name]
        if isinstance(value, int) and letter(parameter) != "r":
            found[letter(parameter)] = value
    return found


def check(report):
    """Evaluate every step of a report, in all three ways of writing; return how many."""
    count = 0
    for row in report.rows:
        for step in explain(row, report.rows):
            for signs in (ASCII, UNICODE, LATEX, PEOPLE):
                assert evaluated(write(step.numbers, signs)) == step.value, step
                known = step.quantity not in ("padding", "start") and row.kind not in UNKNOWN
                if step.letters is not None and known:
                    names = numbers_by_letter(row, report.rows)
                    assert evaluated(write(step.letters, signs), names) == step.value, step
            count += 1
            if step.quantity in ("params", "macs"):
                assert step.value == getattr(row, step.quantity)
            if step.quantity in ("rf", "jump", "start"):
                assert step.value in getattr(row, step.quantity)
            if step.quantity == "output":
                assert step.value in row.output
    for step in explain_totals(report.rows):
        assert evaluated(write(step.numbers, PEOPLE)) == getattr(report, step.quantity)
    return count


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_examples(kind):
    """The working of each kind's example holds."""
    check(stack(kind.example))


@pytest.mark.parametrize("text", NETS)
def test_networks(text):
    """And that of joins, several axes, sequences and paddings of two sides."""
    report = stack(text)
    assert check(report) >= 7
    for row in report.rows:
        same = [step for step in explain(row, report.rows) if step.quantity == "padding"]
        if same:
            total, before, after = (step.value for step in same[:3])
            (axis, *_rest) = row.measure.reach
            assert before + after == total
            assert before == -axis.first


@pytest.mark.parametrize("like", [None, "fvcore"])
@pytest.mark.parametrize("text", ["resnet18", "8x8x4 -> [conv 4 k3 p1 -> relu]*3 -> conv 4 k1"])
def test_rows_beside_others(text, like):
    """A row's steps are the same, whichever rows of layers alike are asked for before it."""
    rows = stack(text, like=like, batch=2).rows
    for row, steps in explain_each(rows, rows):
        assert repr(steps) == repr(explain(row, rows))


@variations("name", ["vgg16", "resnet50", "mobilenet_v2", "googlenet_paper"], 2)
def test_models(name):
    """So does that of whole networks."""
    assert check(stack(name)) > 70


@given(
    n=st.tuples(st.integers(5, 40), st.integers(5, 40), st.sampled_from([2, 4])),
    k=st.integers(1, 5),
    s=st.integers(1, 3),
    p=st.integers(0, 3),
    d=st.integers(1, 2),
    g=st.sampled_from([1, 2]),
    flag=st.sampled_from(["", "same", "full", "nobias"]),
)
def test_convs(n, k, s, p, d, g, flag):
    """And that of any conv, whatever its options."""
    pad = "" if flag in ("same", "full") else f"p{p}:{p + 1}"
    text = f"{n[0]}x{n[1]}x{n[2]} -> conv 4 k{k} s{s} {pad} d{d} g{g} {flag}"
    try:
        report = stack(text)
    except Problem:
        return
    assert check(report) >= 3


def test_letters_are_said_once():
    """Every letter of the formulas is explained once; d, g and p that do nothing are not there."""
    report = stack("32x32x3 -> conv 8 k5 -> conv 8 k3 p1 -> maxpool 2 -> fc 10")
    steps = [(row, step) for row in report.rows for step in explain(row, report.rows)]
    said = legend((row, step) for row, step in steps if step.quantity in UNASKED)
    names = [name for letters, _says in said for name in letters]
    assert sorted(names) == sorted({"n", "k", "s", "p", "Cin", "N", "out", "r", "j"})
    assert all(says for _letters, says in said)
    text = write_explanation(report, report.rows[1:], "table")
    assert text.count("the size of the kernel") == 1
    first = text.split("\n\n")[1]
    assert "⌊(n − k)/s⌋ + 1" in first
    assert "(k·k·Cin + 1)·N" in first
    assert "MACs in all" in text.split("\n\n")[-1]


def test_one_quantity():
    """`--explain params` shows the steps of parameters alone, and their total."""
    report = stack("lenet5")
    text = write_explanation(report, report.rows[1:], "table", steps=("params",))
    assert "MACs" not in text
    assert "receptive" not in text
    assert "= 61,706" in text


@pytest.mark.skipif(PDFLATEX is None, reason="no TeX")
@pytest.mark.long
def test_latex_compiles_in_a_frame(tmp_path):
    """What is written for LaTeX stands in a beamer frame as it is, with nothing fragile in it."""
    frames = []
    for text in (*NETS, "8x8x3 -> a_b: conv 4 k3 -> relu"):
        report = stack(text)
        for row in report.rows[1:]:
            written = write_explanation(report, [row], "latex", held=row, steps=UNASKED)
            frames.append(f"\\begin{{frame}}\n{written}\n\\end{{frame}}")
    head = "\\documentclass{beamer}\n\\usepackage{amsmath}\n\\begin{document}\n"
    (tmp_path / "a.tex").write_text(head + "\n".join(frames) + "\n\\end{document}\n")
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
