"""Python: the public names, and what shows itself in one line."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc

NAMED = ["resnet50", "googlenet_paper", "unet", "mobilenet_v2"]


def test_the_names_are_shown():
    """`dir` shows each public name, and nothing else but what Python itself adds."""
    shown = [name for name in dir(cnncalc) if not name.startswith("__")]
    assert sorted(shown) == sorted(cnncalc.__all__)
    for name in cnncalc.__all__:
        assert isinstance(getattr(cnncalc, name), type | FunctionType)
        assert getattr(cnncalc, name).__doc__


@pytest.mark.parametrize("name", NAMED)
def test_a_row_is_a_line(name):
    """A row's text is one line, however much stands behind it, with what people look for."""
    report = cnncalc.stack(name)
    for row in [*report.rows, report.whole]:
        assert len(repr(row)) < 160
        assert "\n" not in repr(row)
        assert str(row) == repr(row)
    for row in report.rows:
        numbers = re.findall(r"([\d,]+) (params|MACs)", repr(row))
        assert [int(number.replace(",", "")) for number, _ in numbers] == [row.params, row.macs]


@given(st.sampled_from(["8x8x3 -> relu", "relu", "not a network"]))
def test_a_str_never_opens_a_file(tmp_path_factory, text):
    """A str that is the path of a file is told so, whatever the file holds; a path is read."""
    path = tmp_path_factory.mktemp("nets") / "mynet.cnn"
    path.write_text(text)
    with pytest.raises(cnncalc.Problem) as caught:
        cnncalc.stack(str(path))
    assert caught.value.code == "path-as-text"
    assert "pathlib.Path" in caught.value.helps[0]
    try:
        assert cnncalc.stack(path).output == (8, 8, 3)
    except cnncalc.Problem as problem:
        assert problem.code != "path-as-text"


def test_no_room_is_called_as_a_function():
    """A room that is imported does not take the place of a public name."""
    rooms = {path.parent.name for path in Path(cnncalc.__file__).parent.glob("*/__init__.py")}
    assert not rooms & set(cnncalc.__all__)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"dtype": "float23"}, "unknown-type"),
        ({"batch": 0}, "misuse"),
        ({"batch": True}, "misuse"),
        ({"batch": 2.0}, "misuse"),
        ({"like": "nobody"}, "unknown-counter"),
        ({"input": "8x"}, "volume-malformed"),
    ],
)
def test_what_is_asked_for_is_checked(more, code):
    """An option that means nothing is a fault of the input in Python too."""
    with pytest.raises(cnncalc.Problem) as caught:
        cnncalc.stack("8x8x3 -> conv 4 k3", **more)
    assert caught.value.code == code
    for number in (True, "3"):
        with pytest.raises(TypeError, match="W is a number"):
            cnncalc.read("8x8x3 -> conv W k3").report(W=number)


def test_a_fault_shows_the_text_that_answers():
    """What a fault offers in Python was read and traced, and is the text to give."""
    for text, mended in (
        ("32x32x3 -> 6 filters of size 5 -> covn 8 k3", "32x32x3 -> conv 6 k5 -> conv 8 k3"),
        ("nn.Linear(784, 10)", "784 -> nn.Linear(784, 10)"),
    ):
        with pytest.raises(cnncalc.Problem) as caught:
            cnncalc.stack(text)
        assert f'stack("{mended}")' in str(caught.value)
        assert caught.value.as_data()["try"] == [["cnncalc", "stack", mended]]
    joined = "61x61x3 -> a: conv 4 k3 p1 -> maxpool 2 -> deconv 4 k2 s2 -> concat[@a | identity]"
    with pytest.raises(cnncalc.Problem) as caught:
        cnncalc.compare(joined, joined)
    for cure in ("deconv 4 k2 s2 op1", "resize like=a", 'input="62x62x3"'):
        assert cure in str(caught.value)


@pytest.mark.parametrize("number", [32.5, -1, "8", True, float("nan")])
def test_sizes_are_whole(number):
    """What stands for an unknown or a letter is a whole number; a width may be a fraction."""
    net = cnncalc.read("?nx?nx3 -> conv W k3 p1")
    for numbers in ({"n": number, "W": 3}, {"n": 8, "W": number}):
        with pytest.raises((TypeError, cnncalc.Problem)):
            net.report(**numbers)
    assert cnncalc.read("mobilenet_v2").report(w=0.75).params == 2_636_424


@pytest.mark.parametrize(
    ("call", "name", "sample"),
    [
        (lambda: cnncalc.compare("vgg16", sweep=3), "sweep", "sweep='input=32..512:32'"),
        (lambda: cnncalc.compare("vgg16"), "networks", "compare('vgg16', 'resnet50')"),
        (lambda: cnncalc.compare("vgg16", "vgg11", top=2), "top", "sweep='input=32..512:32'"),
        (lambda: cnncalc.check("vgg16", ["params=1"]), "claims", "'params=138M'"),
        (lambda: cnncalc.check("vgg16", 3), "claims", "'params=138M'"),
        (lambda: cnncalc.check("vgg16", "params=1", accept=3), "accept", "accept=['no-bias']"),
        (lambda: cnncalc.solve("8x8x3 -> conv 4 k?", 3), "goals", "'size=30'"),
        (lambda: cnncalc.read("8x8x3 -> conv W k3").report(W=True), "W", ""),
    ],
)
def test_a_call_says_what_it_takes(call, name, sample):
    """What a call does not take is a fault at its argument, with a call that is taken."""
    with pytest.raises(cnncalc.Problem) as caught:
        call()
    assert (caught.value.code, caught.value.labels[0].span.source.name) == ("misuse", name)
    assert sample in "".join(caught.value.helps)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("names", ["no-bias", ["no-bias"], ("no-bias",)])
def test_one_name_is_a_list_of_one(names):
    """A convention is accepted by its name as in a list."""
    assert cnncalc.check("8x8x3 -> conv 4 k3", "params=108", accept=names).right


@pytest.mark.long  # a process
def test_what_is_asked_first_says_as_much(tmp_path):
    """A warning holds what cures it, whichever function is the first that a program calls."""
    (tmp_path / "a.toml").write_text(
        "[[question]]\nnetwork = '6x6x1 -> add[[dwconv k1 s2]*2 | identity]'\n"
    )
    code = "import cnncalc; print(cnncalc.mark('a.toml').to_dict()['warnings'][0]['notes'])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(cnncalc.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "3 -> 2, 2 * 2 = 4" in done.stdout
