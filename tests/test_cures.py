"""What a join that does not fit is told: each cure, tried again through the commands."""

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout

import pytest
from variations import variations

from cnncalc.cli import main

UNET = (
    "{size} -> d1: [conv 4 k3 p1] -> maxpool 2 -> d2: [conv 8 k3 p1] -> maxpool 2"
    " -> d3: [conv 8 k3 p1] -> maxpool 2 -> conv 8 k3 p1"
    " -> deconv 8 k2 s2 -> concat[@d3 | identity] -> deconv 8 k2 s2 -> concat[@d2 | identity]"
    " -> deconv 4 k2 s2 -> concat[@d1 | identity] -> conv 2 k1"
)
FPN = (
    "{size} -> [conv 4 k3 s2 p1] -> c: [conv 4 k3 s2 p1] -> d: [conv 4 k3 s2 p1]"
    " -> upsample 2 -> add[@c | identity]"
)


def run(*words):
    """Return what a command line writes to both streams, and its status."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as left:
            status = left.code
    return out.getvalue(), err.getvalue(), status


def fits(network, height, width):
    """Return whether the halvings of a network come out whole: by hand, without the program."""
    down = 8 if network is UNET else 0
    if down:
        return height % down == 0 and width % down == 0
    # an FPN's two maps agree where the smaller is half of the larger, each rounded up
    return all(half(half(size)) % 2 == 0 for size in (height, width))


def half(size):
    """Return the size of a map behind a 3x3 window of stride 2 and padding 1."""
    return (size + 1) // 2


@pytest.mark.parametrize("network", [UNET, FPN])
@variations("size", [(358, 358), (100, 100), (201, 77), (33, 50), (61, 61)], 2)
def test_inputs_that_fit(network, size):
    """The inputs that are offered are the nearest whose maps agree, smaller and larger."""
    height, width = size
    text = network.format(size=f"{height}x{width}x3")
    _out, err, status = run("stack", text, "--json")
    if fits(network, height, width):
        assert status == 0
        return
    error = json.loads(err)["error"]
    assert status == 1
    tried = [words for words in error["try"] if "--input" in words]
    found = [tuple(map(int, words[-1].split("x")))[:2] for words in tried]
    wanted = [
        tuple(
            next(side + step * far for far in range(200) if fits(network, *[side + step * far] * 2))
            for side in size
        )
        for step in (-1, 1)
    ]
    assert found == wanted
    for words in error["try"]:
        assert run(*words[1:])[2] == 0
    halved = [re.search(r": (\d+) -> (\d+), 2 \* \2 = (\d+)$", note) for note in error["notes"]]
    for size_, to, back in (map(int, found.groups()) for found in halved if found):
        assert back == 2 * to != size_
    assert any(halved)


def test_output_padding():
    """The transposed convs that are named, with op1, give back what was left over."""
    text = UNET.format(size="100x100x3")
    error = json.loads(run("stack", text, "--json")[1])["error"]
    told = next(each for each in error["helps"] if each.startswith("op1 on "))
    (layer,) = set(re.findall("'(deconv [^']*)'", told))
    before, _, after = text.partition(layer)
    mended = f"{before}{layer} op1{after}"
    assert run("stack", mended, "--get", "output")[0] == "100x100x2\n"


def test_far_maps_have_no_cure():
    """Maps that differ by far are not cropped to fit, and no input is made up."""
    text = "64x64x4 -> concat[conv 4 k3 s2 p1 | identity]"
    error = json.loads(run("stack", text, "--json")[1])["error"]
    assert not [words for words in error["try"] if "--input" in words]
    assert not any("crop" in each for each in error["helps"])


@pytest.mark.parametrize(
    ("text", "said", "comes"),
    [
        ("4x4x3 -> nn.Conv2d(3, 8, 3) -> nn.Flatten() -> nn.Linear({}, 10)", 100, 2 * 2 * 8),
        ("5x5x16 -> nn.Linear(in_features={}, out_features=120)", 256, 5 * 5 * 16),
        ("32x32x16 -> nn.Conv2d({}, 10, 5)", 3, 16),
    ],
)
def test_what_comes_in(text, said, comes):
    """A call that says what does not come in is told what does, and the line with it works."""
    error = json.loads(run("stack", text.format(said), "--json")[1])["error"]
    assert error["try"] == [["cnncalc", "stack", text.format(comes), "--json"]]
    assert run(*error["try"][0][1:])[2] == 0
    assert all(note.endswith(f" = {comes}") for note in error["notes"])


@pytest.mark.parametrize(
    "sign",
    ["\u2013>", "\u2014>", "\u2212>", "\u2013", "\u2014", "\u21d2", "\u27f6", "\u2794", "~>"],
)
def test_arrows_of_word_processors(sign):
    """What is meant as an arrow is told with the line that is right, at the first and at all."""
    for text in ("{sign} conv 2 k3", "-> conv 2 k3 {sign} relu"):
        _out, err, status = run("stack", f"8x8x3 {text.format(sign=sign)}")
        assert (status, "error[not-an-arrow]" in err) == (1, True)
        assert f'cnncalc stack "8x8x3 {text.format(sign="->")}"' in err


def test_what_a_default_lacks_is_told_at_its_call():
    """A default that a call cannot work out names the call, which its line does not show."""
    _out, err, _status = run("stack", "8x8x3 -> relu -> mbconv 24")
    assert "error[division-not-whole]" in err
    assert "in 'mbconv', called at <stack>:1:18" in err
