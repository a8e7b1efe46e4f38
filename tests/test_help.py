"""What help offers works: every replacement that a fault offers is made, and tried."""

import json
import re
import shlex
from pathlib import Path

import pytest
from command import printed
from variations import variations

from cnncalc import Problem, stack
from cnncalc.cli import main

PAGE = (Path(__file__).parent / "sessions" / "errors.md").read_text()
STACKS = re.findall(r'^\$ cnncalc stack "(.*)" --get output$', PAGE, re.MULTILINE)


def fault(text):
    """Return the problem of a text, or None."""
    try:
        report = stack(text)
    except Problem as problem:
        return problem
    return next(iter(report.warnings), None)


OFFERED = [text for text in STACKS if (problem := fault(text)) and problem.fix]


@pytest.mark.parametrize("text", OFFERED)
def test_offered_replacement_works(text):
    """The replacement leads to an answer; '?' alone then asks for its number."""
    problem = fault(text)
    mended = problem.fix.apply()
    assert mended != text
    after = fault(mended)
    while after and after.fix and after.code == problem.code and len(mended) < 200:
        again = after.fix.apply()
        assert again != mended  # the same slip, further on
        mended, after = again, fault(again)
    if problem.code == "space-missing":
        assert after.code == "unknown-needs-number"
    elif problem.code == "nothing-after-arrow" and mended.count(",") > 1:
        assert stack(mended.replace(", ,", ","))
    else:
        assert after is None or after.code not in (problem.code, "something-expected"), after


def test_replacements_are_offered():
    """Most slips of typing have one."""
    assert len(OFFERED) > 25


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("3x3x8 -> conv 16 k7", ["3x3x8 -> conv 16 k3", "3x3x8 -> conv 16 k7 p2"]),
        ("7x7x3 -> conv 8 k3 d4", ["7x7x3 -> conv 8 k2 d4", "7x7x3 -> conv 8 k3 d4 p1"]),
        ("7x7x3 -> maxpool 8", ["7x7x3 -> maxpool 7", "7x7x3 -> maxpool 8 s1 p1"]),
        ("32x32x4 -> conv 6 k3 g4", ["32x32x4 -> conv 6 k3 g2"]),
        ("32x32x4 -> dwconv 6 k3", ["32x32x4 -> dwconv 4 k3", "32x32x4 -> dwconv 8 k3"]),
        ("8x8x4 -> deconv 8 k3 op1", ["8x8x4 -> deconv 8 k3 op0"]),
        ("1x1x4 -> deconv 8 k3 p2", ["1x1x4 -> deconv 8 k3 p1"]),
        ("8x8x4 -> crop 4", ["8x8x4 -> crop 3"]),
        ("8x8x4 -> gn 3", ["8x8x4 -> gn 2"]),
        ("4096 -> conv 8 k1", ["1x1x4096 -> conv 8 k1"]),
        ("8x8x4 -> conv 8 k=cin/3", ["9x9x3 -> conv 8 k=cin/3"]),
        ("32x32x3 -> conv1d 8 k3", ["32x32x3 -> conv 8 k3"]),
    ],
)
def test_what_geometry_helps_say(text, mended):
    """The numbers that a help names are those that work, and the next ones do not."""
    problem = fault(text)
    assert problem.helps
    for right in mended:
        assert fault(right) is None, right
    for number in re.findall(r"at most (\d+)", problem.helps[0]):
        assert any(re.search(rf"[a-z ]{number}\b", right) for right in mended)


def test_most_kernel_and_least_padding_are_tight():
    """A kernel one larger than help says does not fit, nor does a padding one smaller."""
    for text in ("3x3x8 -> conv 16 k4", "3x3x8 -> conv 16 k7 p1"):
        assert fault(text).code == "kernel-does-not-fit"


LINES = re.findall(
    r"^ *= help: (cnncalc (?!.*\.py ).*)$",  # a session's own source is there alone
    "".join(page.read_text() for page in sorted((Path(__file__).parent / "sessions").glob("*.md"))),
    re.MULTILINE,
)


@variations("line", sorted(set(LINES)), 14)
def test_lines_that_help_offers_work(line, capsys, tmp_path, monkeypatch):
    """Each command line that a help offers, run as it is typed, ends with an answer."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(line)[1:])
    assert ended.value.code in (0, None), capsys.readouterr().err


def test_lines_are_offered():
    """Most faults of typing offer one."""
    assert len(LINES) > 30


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("stack '224 x 224 RGB -> conv 64 k7 s2'", "stack '224x224x3 -> conv 64 k7 s2'"),
        ("stack '28x28 grayscale image, conv 6 k5'", "stack '28x28x1, conv 6 k5'"),
        ("stack 'conv 4 k3 -> relu -> 8x8x3'", "stack '8x8x3 -> conv 4 k3 -> relu'"),
        ("conv 10 k5 32x32x3 --p 2", "conv 32x32x3 10 k5 --p 2"),
        ("maxpool 2 32x32x3", "maxpool 32x32x3 2"),
        ("layers alexnet", "models alexnet"),
    ],
)
def test_what_stands_elsewhere_is_put_in_its_place(line, answers):
    """A volume behind its layers or in words, and a model for a layer, have the line to type."""
    _status, _out, err = printed([*shlex.split(line), "--json"])
    found = json.loads(err)["error"]["try"]
    lines = [[word for word in line if word != "--json"] for line in found]
    assert ["cnncalc", *shlex.split(answers)] in lines


def test_faults_in_sheets_are_answered(tmp_path):
    """A network at fault in a sheet has the line that answers it, at its place in its question."""
    joined = "9x9x1 -> a: conv 1 k3 p1 -> maxpool 2 -> deconv 1 k2 s2 -> concat[@a | identity]"
    networks = ["8x8x3 -> conv 4 k3", "conv 4 k3", "8x8x3 -> covn 4 k3", joined]
    path = tmp_path / "sheet.toml"
    path.write_text("".join(f"[[question]]\nnetwork = '{each}'\n" for each in networks))
    told = json.loads(printed(["check", str(path), "--json"])[1])["warnings"]
    missing, unknown, _left_over, join = told
    for each, line in ((missing, 4), (unknown, 6), (join, 8)):
        assert each["places"][0]["line"] == line
    assert missing["try"] == [["cnncalc", "stack", "32x32x3 -> conv 4 k3", "--json"]]
    assert unknown["try"] == [["cnncalc", "stack", "8x8x3 -> conv 4 k3", "--json"]]
    assert ["cnncalc", "stack", joined, "--input", "8x8x1"] in join["try"]
    for line in join["try"]:
        assert printed(line[1:])[0] == 0


@pytest.mark.parametrize(
    ("words", "network"),
    [
        (["se", "32x32x16"], "32x32x16 -> se"),
        (["mbconv", "56x56x24", "24", "s=2"], "56x56x24 -> mbconv 24 s=2"),
    ],
)
def test_blocks_in_a_commands_place(words, network):
    """A block is no command: the line that has it in a network is offered."""
    status, out, err = printed([*words, "--json"])
    assert (status, out) == (2, "")
    assert json.loads(err)["error"]["try"] == [["cnncalc", "stack", network, "--json"]]


@pytest.mark.parametrize("channels", [3, 8, 12, 24, 97])
def test_a_ratio_that_does_not_divide_has_its_help(channels):
    """Where the ratio of `se` does not divide, the largest that does is offered, and works."""
    best = max(each for each in range(1, 17) if channels % each == 0)
    line = f"8x8x{channels} -> se r{best}"
    assert f'cnncalc stack "{line}"' in printed(["stack", f"8x8x{channels} -> se"])[2]
    assert printed(["stack", line, "--get", "output"])[1] == f"8x8x{channels}\n"
