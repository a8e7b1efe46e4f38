"""Text of people and files leaves as text: nothing of it acts on a terminal, a page or a sheet."""

import csv
import json
import re
from io import StringIO

import pytest
from command import printed
from hypothesis import example, given
from hypothesis import strategies as st
from variations import variations

from cnncalc.output.csv import inert
from cnncalc.output.json import line
from cnncalc.output.markdown import _prose
from cnncalc.speech.visible import harmless

NAMES = (
    "\x1b]0;boss\x07",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "a\u202eb",
    "\u2066x\u2069",
    "a\bb",
    "=1+1",
    "@SUM(A1)",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "\tx",
    "<script>",
    "`x`",
    "[a](http://b)",
    "![a][b]",
    "\\<b>",
    "김\u200b미나",
)
ACTS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]")
WORDS = st.text(st.sampled_from("\x1b[]0;m\x07\x9b\u202e\u2066\t ab=+-@`<>()*\\|한\n"), max_size=20)


@pytest.fixture
def sheets(tmp_path):
    """Return a sheet whose questions have such names and claims, and answers of such students."""
    lines = []
    for name in NAMES:
        quoted = json.dumps(name).replace("\\u007f", "")
        lines += ["[[question]]", f"name = {quoted}", 'network = "8x8x3 -> relu"']
        lines += [f"claims = [{quoted}]", 'ask = "params"']
    (tmp_path / "a.toml").write_text("\n".join(lines))
    with (tmp_path / "a.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["name", *(name.strip() for name in NAMES)])
        rows.writerows([name, *NAMES] for name in NAMES)
    return [str(tmp_path / "a.toml"), str(tmp_path / "a.csv")]


@variations("form", ["table", "csv", "json", "jsonl", "latex", "markdown"], 3)
@pytest.mark.parametrize("color", ["", "1"])
def test_names(sheets, form, color, tmp_path):
    """Names of questions and students, claims and answers, in each format."""
    for words in (["check", sheets[0]], ["check", *sheets]):
        for more in ([], ["-o", str(tmp_path / "out")])[not color :]:
            _status, out, err = printed([*words, "--format", form, *more], FORCE_COLOR=color)
            out += (tmp_path / "out").read_text() if more else ""
            assert out
            left = re.sub(r"\x1b\[[0-9;]*m", "", out + err) if color else out + err
            assert not ACTS.search(left)
            assert "\x1b[31mred" not in out
            if form == "csv":
                cells = [cell for row in csv.reader(StringIO(out)) for cell in row]
                assert not [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d+$)", cell)]
            if form == "markdown":
                bare = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", out)
                assert not re.search(r"(?<!\\)<[a-z]|\]\(http", bare)


def test_names_as_they_are(sheets):
    """Programs have each name as it is: JSON always, CSV where that is asked for."""
    raw = printed(["check", *sheets, "--format", "csv", "--raw"])[1]
    assert "\n=1+1," in raw
    names = [
        each["student"] for each in json.loads(printed(["check", *sheets, "--json"])[1])["students"]
    ]
    assert names == [name.strip() for name in NAMES]


@given(WORDS)
@example("\\<b>")
def test_each_text(text):
    """What acts is spelled out, what does not stays; JSON holds the same text."""
    assert not ACTS.search(harmless(text))
    assert not ACTS.search(re.sub(r"\x1b\[[0-9;]*m", "", harmless(text, color=True)))
    if not ACTS.search(text):
        assert harmless(text) == text
    assert json.loads(line(text)) == text
    assert not ACTS.search(line(text))
    assert inert(text).lstrip("'") == text.lstrip("'")
    assert not re.match(r"[=+\-@\t](?!\d)", inert(text))
    bare = re.sub(r"\\[\\*`<(\[]", "\0", _prose(text))
    assert not re.search(r"[*`]|<[a-z]|\]\(", bare)


@variations("name", NAMES, 6)
def test_elsewhere(name, tmp_path):
    """Networks, labels, options and files with such names."""
    if "\n" in name:
        return
    for words in (
        ["stack", name],
        ["stack", f"8x8x3 -> relu # {name}"],
        ["check", "8x8x3 -> relu", name, f"params={name}", f"{name}=3"],
        ["compare", f"8x8x3 -> relu # {name}", "8x8x3 -> fc 2"],
        ["compare", f"8x8x3 -> relu # {name}", "8x8x3 -> fc 2", "--format", "csv"],
        ["stack", "lenet5", "--at", name],
        ["stack", "lenet5", f"--{name}"],
        [name],
        ["stack", f"./{name}.cnn"],
    ):
        _status, out, err = printed(words, tmp_path)
        assert not ACTS.search(out + err), words
