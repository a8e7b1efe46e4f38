"""Rough command lines: each ends in an answer or a fault, with a status, and no traceback."""

import shlex

import clock
import pytest
from variations import variations

from cnncalc.cli import main

ROUGH = """
check "8x8x3 -> relu" "params=9^9^9^9"
check "8x8x3 -> relu" "params=((((((((((((((((((((((((((((((((((1"
check "8x8x3 -> covn 3" params=1
check "8x8x3" output=8x8x3
check "8x8x3" params=3 rf=1
check "4096" output=4096 rf=1 size=3 channels=4096
check "relu" params=1
check vgg16 conv1.params=38720 conv9.params=3 999.params=4
check "8x8x3 -> conv 4 k9 -> relu" params=3 2.params=3 1.params=3
check nosuch.toml
check /dev/null params=1
check - params=1
check "8x8x3 -> relu" "=" "" "params"
check "HxWxC -> relu" params=1
check "8x8x3 -> conv 4 k?" params=1
check "16x16x3 -> deconv 4 k3 s2 -> conv 4 k3" rf=3 jump=1 start=-1 start=-1x-1
check "16x16x8 -> concat[conv 8 k2 s2 -> pad 4 | conv 8 k3 p1]" rf=3
stack vgg16 --at 0
stack vgg16 --at 99999999999999999999
stack vgg16 --at ""
stack vgg16 --by kind --json
stack vgg16 --by size --format markdown
stack vgg16 --depth 0 --json
stack vgg16 --totals --by kind
stack vgg16 --totals --at conv1
stack vgg16 --totals --explain
stack googlenet_paper --explain
stack "8x8x3 -> x: aux[gap]" --at x
stack "8x8x3 -> x: aux[gap]" --at x --explain --format latex
stack "8x8x3 -> [relu]*0"
stack "8x8x3 -> [relu]*0" --explain
stack "8x8x3 -> [relu]*0" --by label
stack 8x8x3 --totals --json
stack 8x8x3 --explain
check lenet5 output=32x32x10
solve "8x8x3 -> conv ? k3" rf=3 --range N=1..9 --max depth
solve "8x8x3 -> conv ? k3" rf=3 --max centre
compare vgg16 -
compare vgg16 8x8x3
compare 8x8x3 8x8x3 4096
compare "4096 -> fc 10" "32x32x3 -> fc 10" --channels-first
quiz --count 0
quiz --seed -5 --count 1
quiz --seed 99999999999999999999999 --count 1
quiz --seed x
layers 합성곱
models 합성곱
models ""
stack ""
--lang xx stack vgg16
stack vgg16 --lang xx
--lang
conv
conv 8x8x3 --filters 4 --k 3 --at 1
conv "8x8x3 # hi" --filters 4 --k 3
conv "8x8x3" --filters "4 # x" --k 3
conv "8x8x3" --filters "4" --k "3 -> relu"
conv "8x8x3" --filters "4" --k "-3"
conv "8x8x3" --filters "cin*2" --k "cin"
pool 8x8x3 --type min
pool 8x8x3 --type avg --d 2
dropout 8x8x3 0.5 abc
stack x.cnn y.cnn
stack vgg16 resnet50
stack vgg16, relu
stack "vgg16 -> softmax"
stack ../x
"""

ODD = [
    "\0",
    "\ud800",
    "\u202e8x8x3",
    "８x8x3",
    "8x8x3 -> \x1b[31mrelu",
    "(" * 5000 + "1",
    "-",
    "--",
    "'",
]


def ends(words, capsys, monkeypatch):
    """Run a command line; return its status and what it printed."""
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SystemExit) as left:
        main(words)
    printed = capsys.readouterr()
    return left.value.code or 0, printed.out, printed.err


@variations("line", ROUGH.strip().splitlines(), 20)
def test_rough_lines(line, capsys, monkeypatch):
    """Whatever is typed, the status is 0, 1 or 2, and a fault says its code."""
    status, out, err = ends(shlex.split(line), capsys, monkeypatch)
    assert status in (0, 1, 2)
    assert "Traceback" not in out + err
    if status and not out:
        assert "error[" in err


@variations("text", ODD, 4, ids=lambda text: ascii(text[:40]))
@variations(
    "words",
    [
        ["stack", "?"],
        ["stack", "8x8x3", "--input", "?"],
        ["conv", "?", "--filters", "3", "--k", "3"],
        ["conv", "8x8x3", "--filters", "?", "--k", "3"],
        ["check", "8x8x3 -> relu", "?"],
        ["check", "8x8x3 -> relu", "params=?"],
        ["compare", "vgg16", "?"],
        ["models", "x?"],
        ["layers", "?"],
        ["stack", "vgg16", "--at", "?"],
        ["stack", "vgg16", "--get", "?"],
        ["stack", "vgg16", "--columns", "?"],
        ["export", "vgg16", "-o", "no/?"],
        ["?"],
    ],
    10,
    ids=" ".join,
)
def test_odd_texts(text, words, capsys, monkeypatch):
    """So it is for odd signs in every place of a command line, within four seconds."""
    line = [text if word == "?" else word.replace("?", text) for word in words]
    status, out, err = clock.within(4, ends, line, capsys, monkeypatch)
    assert status in (0, 1, 2)
    assert "Traceback" not in out + err


def test_white_space_behind_a_bracket(capsys, monkeypatch):
    """However much white space stands behind a bracket, it is passed over once."""
    text = f"8x8x3 -> [relu]{' ' * 5000}-> [relu] # no count: *2\n{' ' * 5000}"
    status, out, _ = ends(["stack", text, "--get", "nonlinearities"], capsys, monkeypatch)
    assert (status, out) == (0, "2\n")
