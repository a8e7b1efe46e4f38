"""Screens of any width: words are never broken, lines fit, colours can be read."""

import io
import re
import unicodedata
from contextlib import redirect_stderr, redirect_stdout, suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, stack
from cnncalc.cli import main
from cnncalc.homework.judge import Judge
from cnncalc.notation.parser import parse
from cnncalc.output.layout import Style
from cnncalc.output.table import draw as draw_table
from cnncalc.output.verdicts import draw
from cnncalc.report.listing import Listing
from cnncalc.speech.columns import Column
from cnncalc.speech.lines import COLORS, cells, wrap
from cnncalc.speech.problem import Source

WIDTHS = st.integers(20, 200)
WORDS = st.text("ab1,'=가×", min_size=1, max_size=30)

XTERM = {  # red, green and blue of xterm's palette: XTerm-col.ad
    31: (205, 0, 0),
    32: (0, 205, 0),
    33: (205, 205, 0),
    34: (0, 0, 238),
    35: (205, 0, 205),
    36: (0, 205, 205),
    90: (127, 127, 127),
    91: (255, 0, 0),
    92: (0, 255, 0),
    93: (255, 255, 0),
    94: (92, 92, 255),
    95: (255, 0, 255),
    96: (0, 255, 255),
}


def fits(lines, width):
    """Return whether each line fits, but for those of one word that does not."""
    return all(
        cells(line) <= width or (len(line.split()) == 1 and cells(line.strip()) > width)
        for line in lines
    )


@given(
    indent=st.integers(0, 30),
    words=st.lists(WORDS, min_size=1),
    width=WIDTHS,
    hang=st.integers(0, 60),
)
def test_wrap(indent, words, width, hang):
    """Every word is there, whole and in order; lines fit, and hold as much as they can."""
    lines = wrap(" " * indent + " ".join(words), width, hang)
    assert " ".join(lines).split() == words
    assert fits(lines, width)
    for line, after in pairwise(lines):
        assert cells(line) + 1 + cells(after.split()[0]) > width


FAULTS = (
    "32x32x3 -> [conv 8 k3 s2]*3 -> conv 16 k7",
    "56x56x64 -> add[ conv 256 k1 | identity ]",
    "32x32x3, covn 10 k5",
    "32x32x3, conv 10 k5 k3, relu",
    "8x8x3 -> conv 8 k3 s2 -> " + "relu -> " * 30 + "roialign 7 -> 합성곱",
    "def cb(n) { conv n k3 -> bn } 9x9x3 -> cb 8 -> cb 16 s=2",
    "",
)


def problem_of(text):
    """Return the problem that a text has."""
    with pytest.raises(Problem) as caught:
        stack(text)
    return caught.value


PROBLEMS = [problem_of(text) for text in FAULTS]


@given(problem=st.sampled_from(PROBLEMS), width=WIDTHS)
def test_faults(problem, width):
    """A fault's words are whole at any width, and its lines fit."""
    drawn = problem.draw(width)
    prose = [problem.message, *problem.notes, *problem.helps_with(problem.offered())]
    found = drawn.split()
    for text in prose:
        assert all(word in found for word in text.split())
    # what is no prose is a place, or a source line that is cut to fit
    assert fits([line for line in drawn.split("\n") if "-->" not in line], width)


JUDGE = Judge(parse(Source("<stack>", "32x32x1 -> conv1: conv 10 k5 p2 -> conv 20 k3 p1 -> fc 10")))
CLAIMS = ("params=250", "conv1.output=28x28x10", "macs=1", "output=10", "params=x", "rf=33x7")
VERDICTS = [JUDGE.judge(Source("<claim>", claim)) for claim in CLAIMS]


@given(verdict=st.sampled_from(VERDICTS), width=WIDTHS, indent=st.sampled_from([0, 2]))
def test_verdicts(verdict, width, indent):
    """A verdict says the same words at any width, in lines that fit."""
    wide = list(draw(verdict, Style(None, color=False, unicode=True), indent))
    lines = list(draw(verdict, Style(width, color=False, unicode=True), indent))
    assert " ".join(lines).split() == " ".join(wide).split()
    assert fits(lines, width)


# ---------------------------------------------------------------- tables

NAMES = st.lists(st.text("abk3", min_size=1, max_size=9), min_size=1, max_size=6).map(" ".join)
NUMBERS = st.integers(0, 10**13)
SIDES = st.tuples(st.integers(1, 5000)).map(lambda side: side * 2)


@st.composite
def listings(draw_):
    """Draw rows with a name and numbers, some of whose columns nobody asked for."""
    free = draw_(st.lists(st.booleans(), min_size=1, max_size=6))
    forms = [draw_(st.sampled_from(["count", "axes"])) for _ in free]
    columns = [Column("layer", "layer", "code")]
    columns += [
        Column(f"c{place}", f"a heading {place}", form, short=f"h{place}", is_free=is_free)
        for place, (form, is_free) in enumerate(zip(forms, free, strict=True))
    ]
    rows = [
        {"layer": draw_(NAMES)}
        | {each.name: draw_(NUMBERS if each.form == "count" else SIDES) for each in columns[1:]}
        for _ in range(draw_(st.integers(1, 5)))
    ]
    return Listing("rows", columns, rows)


@given(listing=listings(), width=WIDTHS)
def test_tables(listing, width):
    """Whatever the width, lines fit and every number is there that is not said to be left out."""
    lines = draw_table(listing, Style(width, color=False, unicode=True)).split("\n")
    assert fits(lines, width)
    text = "\n".join(lines)
    said = " ".join(text.partition("No room for ")[2].split())
    gone = [each for each in listing.columns[1:] if each.heading in said]
    assert all(each.is_free for each in gone)
    assert f"{', '.join(each.heading for each in gone)}." == (said or ".")
    shown = [each for each in listing.columns if each not in gone]
    found = text.replace(",", " ").split()
    for row in listing.rows:
        for each in shown:
            value = row[each.name]
            if each.form == "count":
                assert f"{value:,}" in text
            elif each.form == "axes":
                assert f"{value[0]}x{value[0]}" in found or str(value[0]) in found
            else:
                assert all(word in found for word in value.split())
    if gone and lines[0].split()[0] == "layer":  # those that went are the last
        free = [each for each in listing.columns if each.is_free]
        assert gone == free[len(free) - len(gone) :]


@given(listing=listings(), width=WIDTHS)
def test_names_fold_last(listing, width):
    """A name is folded only where no column is left that can go."""
    lines = draw_table(listing, Style(width, color=False, unicode=True)).split("\n")
    text = "\n".join(lines)
    if lines[0].split()[0] != "layer":
        return  # a list
    free = [each for each in listing.columns if each.is_free]
    gone = sum(each.heading in " ".join(text.partition("No room for ")[2].split()) for each in free)
    if gone < len(free) - 1:
        assert all(row["layer"] in text for row in listing.rows)


@variations("name", ["resnet50", "googlenet_paper", "mobilenet_v2", "vgg16", "unet"], 2)
@pytest.mark.parametrize("width", [80, 120])
def test_a_line_a_block(name, width, monkeypatch):
    """Big networks have a line for each of their blocks at 80 columns, and one says what counts."""
    monkeypatch.setenv("COLUMNS", str(width))
    lines = screen(monkeypatch, ("stack", name), color=False).split("\n")
    rule = next(place for place, line in enumerate(lines) if line.startswith("\u2500"))
    assert all(re.match(r" *[0-9]+(-[0-9]+)? | +[^ ]+:$", line) for line in lines[1:rule])
    assert max(map(cells, lines)) <= width
    assert sum("Counted" in line for line in lines) == 1
    assert lines[-2].startswith("Counted")


def test_what_is_asked_for_stays(monkeypatch):
    """What --columns names is there at any width."""
    names = ("output", "params", "macs", "rf", "activations", "flops")
    for width in (20, 40, 60, 80, 100):
        monkeypatch.setenv("COLUMNS", str(width))
        words = ("stack", "resnet50", "--columns", ",".join(names))
        shown = screen(monkeypatch, words, color=False)
        assert "No room" not in shown
        for number in ("25,557,032", "4,089,184,256", "16,987,624", "8,178,368,512"):
            assert number in shown


# ---------------------------------------------------------------- colours


def luminance(color):
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [each / 255 for each in color]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_colors_can_be_read():
    """Each colour that is used has a contrast of 3 or more on white and on black."""
    readable = {
        code
        for code, color in XTERM.items()
        if min(contrast(color, ground) for ground in ((0, 0, 0), (255, 255, 255))) >= 3
    }
    assert readable >= set(COLORS.values())
    assert not readable & {32, 33, 36}  # green, yellow and cyan


CNN = "32x32x3 -> conv 10 k5 p2 -> relu -> conv 8 k3 -> fc 10"
COLORED = (
    ("stack", CNN),
    ("stack", CNN, "--chart"),
    ("stack", CNN, "--totals"),
    ("stack", "224x224x3, conv 8 k3, conv 8 k3 s2, covn"),
    ("stack", "224x224x3, conv 8 k3 p1 s2"),
    ("stack", "1x3x32x32, conv 8 k3"),
    ("conv", "32x32x3", "--filters", "10", "--k", "5"),
    ("check", CNN, "params=1", "output=10", "params=x", "weights=2e3", "macs=1.5M"),
    ("check", "32x32x1 -> conv 10 k5 p2", "params=250"),
    ("compare", CNN, "vgg16"),
    ("rf", CNN, "--draw"),
    ("rf", CNN, "--effective"),
    ("layers", "conv"),
    ("counts", CNN),
)


def screen(monkeypatch, words, *, color):
    """Return what a command line writes to both streams, and its status."""
    monkeypatch.setenv("FORCE_COLOR" if color else "NO_COLOR", "1")
    monkeypatch.delenv("NO_COLOR" if color else "FORCE_COLOR", raising=False)
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), suppress(SystemExit):
        main(list(words))
    return out.getvalue()


@variations("words", COLORED, 5, ids=" ".join)
def test_colors_alone_say_nothing(words, monkeypatch):
    """No other colours are written, and without them a screen is the same to the letter."""
    monkeypatch.setenv("COLUMNS", "80")
    colored = screen(monkeypatch, words, color=True)
    plain = screen(monkeypatch, words, color=False)
    codes = {
        int(code) for found in re.findall(r"\x1b\[([0-9;]*)m", colored) for code in found.split(";")
    }
    assert codes - {0} <= {1, *COLORS.values()}
    assert codes - {0}
    bare = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert [line.rstrip() for line in bare.split("\n")] == plain.split("\n")


def test_percent_have_no_color(monkeypatch):
    """In a chart bars have a colour, and percentages none."""
    monkeypatch.setenv("COLUMNS", "80")
    colored = screen(monkeypatch, ("stack", CNN, "--chart"), color=True)
    painted = re.findall(r"\x1b\[94m([^\x1b]*)\x1b", colored)
    assert painted
    assert not [text for text in painted if re.search("[0-9%]", text)]


def test_cells_of_every_sign():
    """A sign takes two cells where Unicode calls it wide, none where it combines, else one."""
    for sign in map(chr, range(0x80, 0x3100)):
        wide = unicodedata.east_asian_width(sign) in "WF"
        assert cells(sign) == (0 if unicodedata.combining(sign) else 2 if wide else 1), sign
