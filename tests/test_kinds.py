"""Each kind of layer serves every output from its one entry; one that lacks a part is refused."""

import json
import shlex

import pytest
from variations import variations

from cnncalc import stack
from cnncalc.cli import cnncalc, main
from cnncalc.kinds.table import KINDS, Parameter
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Source

EACH = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))

CONV = KINDS["conv"]
FORMATS = ("table", "json", "jsonl", "csv", "markdown", "latex", "mermaid")


def run(capsys, *words):
    """Return the status of a command line, and what it prints."""
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return left.value.code, *capsys.readouterr()


def said(capsys, *words):
    """Return what a command line that succeeds prints."""
    status, out, err = run(capsys, *words)
    assert status == 0, (words, err)
    assert out, words
    return out


@EACH
def test_example(kind):
    """An entry's example works, and is in canonical notation."""
    assert stack(kind.example).rows[-1].kind == kind.name
    assert write(parse(Source("", kind.example))) == kind.example


@variations("kind", KINDS.values(), 19, ids=list(KINDS))
def test_command(kind, capsys):
    """Each layer, by each of its names, answers as a command what its notation answers."""
    whole = json.loads(said(capsys, "stack", kind.example, "--json"))
    for name in (kind.name, *kind.names):
        command = cnncalc.get_command(None, name)
        assert command.name == name
        assert command.example.startswith(f"cnncalc {name} ")
        _program, *words = shlex.split(command.example)
        card = said(capsys, *words)
        if not kind.names.get(name):  # conv2d is more than conv
            assert card.startswith(kind.example.partition(" -> ")[2])
            assert json.loads(said(capsys, *words, "--json"))["rows"] == whole["rows"]


@EACH
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.long)])
def test_outputs(kind, step, capsys):
    """It has a stack, a card, an entry, working, a receptive field and data, in every format.

    Three of these by default, and others for the next kind.
    """
    first, text = list(KINDS).index(kind.name) % step, kind.example
    lines = [
        ["layers", kind.name],
        *(["stack", text, "--format", form] for form in FORMATS),
        *(["stack", text, "--explain", "--format", form] for form in ("table", "markdown")),
        ["stack", text, "--explain", "--format", "latex"],
        ["rf", text],
        ["rf", text, "--json"],
        ["check", text, f"params={stack(text).params}"],
        ["layers", kind.name, "--json"],
    ]
    for words in lines[first::step]:
        if words[0] == "rf" and len(stack(text).input) == 1:
            assert run(capsys, *words)[2].startswith(("error[field-without-axes]:", "{"))
        else:
            said(capsys, *words)


@variations("kind", KINDS.values(), 29, ids=list(KINDS))
def test_code(kind, capsys):
    """It has code, which is Python; or an error that names it as what PyTorch lacks."""
    status, out, err = run(capsys, "export", kind.example, "--to", "pytorch")
    if status == 0:
        compile(out, kind.name, "exec")
    else:
        assert err.startswith("error[no-counterpart]:")
        assert f"'{kind.name}'" in err.splitlines()[0]


@EACH
def test_entry_is_whole(kind):
    """No entry lacks what an output needs; without one part of it, it says which."""
    assert not kind.missing
    assert kind._replace(says="").missing
    assert kind._replace(family="flat").missing
    assert kind._replace(example="8x8x4").missing
    for parameter in kind.parameters:
        if parameter.form in ("number", "axes", "sides"):
            bare = parameter._replace(letter="", symbol="")
            assert kind._replace(parameters=(bare,)).missing == (
                f"{kind.name} {parameter.name}: a sentence, and a letter"
            )


def test_open_entry_is_refused():
    """An argument that stands in no formula in letters is found before anything is answered."""
    bare = Parameter("taps", "axes", "t", says="taps")
    assert CONV._replace(parameters=(bare,)).missing == (
        "conv taps: a sample for formulas in letters"
    )


JOINED = [
    "8x8x4 -> max[ conv 6 k3 | conv 6 k3 ] -> concat axis=1[ identity | maxpool 2x1 s2x1 ]",
    "8x8x4 -> add[ conv 4 k3 p1 | identity ] -> mul[ gap -> fc 4 -> sigmoid | identity ]",
    "8x8x4 -> a: conv 4 k3 p1 -> again a -> aux[ gap -> fc 2 ] -> add[ @a | identity ]",
    "8x8x4 -> [conv 4 k3 p1 -> bn]*3 shared -> output -> b: 9x9x2 -> conv 2 k1",
    "8x8x16 -> mbconv 16 -> se r4 -> bottleneck 4",
]
"""Joins, labels, shared weights, inputs and blocks."""


@pytest.mark.parametrize("text", JOINED)
def test_outputs_of_joins(text, capsys):
    """What joins kinds has every output that kinds have; formats in turn."""
    for form in FORMATS[JOINED.index(text) % 3 :: 3]:
        said(capsys, "stack", text, "--format", form)
    said(capsys, "stack", text, "--explain")
    said(capsys, "rf", text, "--json")
    said(capsys, "rf", text, "--outputs")
    said(capsys, "counts", text)
    said(capsys, "check", text, f"params={stack(text).params}")
    compile(said(capsys, "export", text), "exported", "exec")
