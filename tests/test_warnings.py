"""Warnings go with the answer: every command and the API carry what stack warns of."""

import json
import warnings

from command import printed
from variations import variations

import cnncalc
from cnncalc import NetworkWarning

WARNED = (
    "32x32 -> conv 10 k5",
    "3x224x224 -> conv 8 k3",
    "9x9x3 -> conv 4 k2 s2",
    "8x8x3 -> add[ conv 3 k3 p1 -> maxpool 2 -> upsample 2 | conv 3 k3 p1 ]",
    "8x8x3 -> conv 4 k3",
)


@variations("text", WARNED, 2)
def test_every_command_warns_as_stack_does(text):
    """In JSON a list, beside every other format on standard error; in Python as its own."""
    _status, out, _err = printed(["stack", text, "--json"])
    wanted = [each["code"] for each in json.loads(out)["warnings"]]
    for words in (
        ["check", text, "params=1"],
        ["compare", text, "8x8x3 -> conv 1 k1"],
        ["solve", text, "in_features=?"],
    ):
        _status, out, err = printed([*words, "--json"])
        assert [each["code"] for each in json.loads(out)["warnings"]] == wanted, words
        assert not err, words
        _status, out, err = printed([*words, "--format", "csv"])
        assert all(f"[{code}]" in err for code in wanted), words
        assert bool(err) == bool(wanted)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        cnncalc.stack(text)
    assert [each.category for each in told] == [NetworkWarning] * len(wanted)
    for each, code in zip(told, wanted, strict=True):
        assert f"[{code}]" in str(each.message)


def test_an_output_of_a_definition_is_one():
    """A definition that ends in `output` warns of no more than the same layers in its place."""
    called = "def a { conv 4 k3 p1 -> output } 8x8x3 -> x: conv 4 k1 -> a -> @x -> conv 2 k1"
    inline = "8x8x3 -> x: conv 4 k1 -> conv 4 k3 p1 -> output -> @x -> conv 2 k1"
    for text in (called, inline):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert cnncalc.stack(text).output == (8, 8, 2)


def test_a_pool_to_its_own_size_works_in_place():
    """Behind an output that is kept it needs memory of its own, as a relu does."""
    peaks = [
        cnncalc.stack(f"4x4x1 -> conv 2 k1 -> output -> {layer} -> conv 1 k1").peak
        for layer in ("relu", "adaptiveavgpool 4", "adaptivemaxpool 4")
    ]
    assert len(set(peaks)) == 1


def test_options_go_with_sheets(tmp_path):
    """A sheet takes conventions, an input and the order of axes as a network does."""
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(
        '[[question]]\nnetwork = "3x32x32 -> conv 10 k5 p2"\nclaims = ["params=750"]\n'
    )
    for words, verdict in (
        (["--channels-first"], "convention"),
        (["--channels-first", "--accept", "no-bias"], "right"),
        (["--channels-first", "--input", "30x32x32"], "wrong"),
    ):
        _status, out, _err = printed(["check", str(sheet), "--json", *words])
        assert [each["verdict"] for each in json.loads(out)["verdicts"]] == [verdict], words
