"""Tables of many rows look as short ones do, byte for byte, and hold no rows."""

import subprocess
import sys
from collections import deque
from unittest.mock import patch

import pytest
from command import WEIGHED, printed
from hypothesis import assume, given
from hypothesis import strategies as st
from properties.strategies import few, networks
from variations import variations

from cnncalc import read
from cnncalc.cli import output, rf
from cnncalc.importing.sources import read_network
from cnncalc.output import table
from cnncalc.output.formats import export
from cnncalc.output.layout import Style
from cnncalc.output.parts import Card
from cnncalc.report.listing import Listing
from cnncalc.report.people import drawn
from cnncalc.report.quantities import FIELDS, QUANTITIES
from cnncalc.report.quantity import column
from cnncalc.report.report import Report
from cnncalc.report.stack import listed
from cnncalc.report.view import View, whole
from cnncalc.speech.columns import Column
from cnncalc.speech.problem import Problem
from cnncalc.trace.settings import Settings

WORDS = st.text("ab \u250c\u2502합-", max_size=14).map(str.strip)
VALUES = {
    "number": st.integers(0, 10**6) | st.none(),
    "count": st.integers(-5, 10**9) | st.none(),
    "axes": st.sampled_from([(3, 3), (3, 5), (427, 427), (), "all", None]),
    "volume": st.sampled_from([(8, 8, 64), (1024, 7, 3)]),
    "ratio": st.floats(0, 99),
    "code": WORDS,
    "text": WORDS,
}
STYLES = st.builds(
    Style, st.none() | st.integers(8, 120), color=st.booleans(), unicode=st.booleans()
)


@st.composite
def listings(draw):
    """Draw rows under columns, with lines around them and totals."""
    forms = draw(st.lists(st.sampled_from([*VALUES]), min_size=1, max_size=6))
    columns = [
        Column(
            f"c{place}",
            draw(st.sampled_from(["a", "receptive field", "MACs of all", "1  "])),
            form,
            short=draw(st.sampled_from(["", "field"])) if form == "axes" else "",
            is_free=draw(st.booleans()),
        )
        for place, form in enumerate(forms)
    ]

    def row():
        found = {each.name: draw(VALUES[each.form]) for each in columns if draw(st.integers(0, 4))}
        if draw(st.booleans()):
            found[f"{columns[0].name}-short"] = "s"
        return found

    rows = [row() for _each in range(draw(st.integers(2, 8)))]
    lines = st.lists(WORDS.filter(bool), max_size=2)
    feet = [row() for _each in range(draw(st.integers(0, 2)))]
    return Listing("rows", columns, rows, feet=feet, above=draw(lines), below=draw(lines))


@given(listings(), STYLES)
def test_a_long_table_is_drawn_as_a_short_one(listing, style):
    """Line by line what rich draws of all rows, at every width, is what we write row by row."""
    assert [*table.lines(listing, style, few=1)] == [*table.lines(listing, style, few=None)]


FACTS = st.tuples(WORDS.filter(bool), WORDS, st.lists(WORDS, max_size=3))
CARDS = st.builds(
    Card,
    title=WORDS,
    says=WORDS,
    above=st.lists(WORDS, max_size=1),
    lines=st.lists(FACTS, min_size=1, max_size=4),
    below=st.lists(WORDS, max_size=2),
)


@given(listings(), CARDS, st.none() | st.integers(8, 120), st.booleans())
def test_without_colours_is_as_rich_draws(listing, card, width, unicode):
    """What we write of tables, lists and cards is what rich draws of them, at every width."""
    style = Style(width, color=False, unicode=unicode)
    ours = [*table.lines(listing, style)], table.draw_card(card, style)
    with patch.object(table, "_in_plain", lambda _parts, _style: None):
        assert ours == ([*table.lines(listing, style)], table.draw_card(card, style))


NET = "def b(n) { conv n k3 p1 -> add[relu | identity] } 32x32x3 -> a: [b 8]*90 -> [conv 8 k1]*9"


def test_rows_that_are_traced_again_are_the_rows():
    """Of more rows than are kept each is as it was, whatever is asked of it and how often."""
    net = read(NET)
    kept, again = Report(net.tree), Report(net.tree, most_rows=300)
    assert len(again.rows) == len(kept.rows) == len([*again.rows])
    assert not isinstance(again.rows, list)
    for one, other in zip(again.rows, kept.rows, strict=True):
        assert one == other
        assert (one.peak, one.is_first, one.rf) == (other.peak, other.is_first, other.rf)
    assert again.rows[-1] == kept.rows[-1]
    assert again.rows[5:9] == kept.rows[5:9]
    assert next(iter(again.rows)) == kept.rows[0]  # and the walk is left


SHARING = (
    NET,
    "def f(n) { conv n k3 p1 -> relu } NxNx3 -> l: f W -> [f W -> maxpool 2]*2 -> gap -> relu",
    "1x1x8 -> conv 8 k1 -> a: conv 8 k1 -> conv 8 k1 -> gap -> conv 8 k1 -> again a",
    "9x9x8 -> conv 8 k1 -> a: conv 8 k1 -> conv 8 k1 -> c: [conv 8 k1]*2 -> aux[ gap -> fc 2 ]",
    "6x6x1 -> conv 1 k1x2 s1x1 p1",
    'x: 9x9x3 -> relu -> opaque "5% of %(index)s|`" 9x9x3 -> 9x9x3 -> relu -> add[ @x | identity ]',
)
"""Labels, calls, inputs and fields of rows that are alike in all else; signs that patterns have."""

FORMATS = ("csv", "json", "jsonl", "markdown", "latex")


VIEWS = (whole, lambda report: View(report, report.rows, FIELDS))


@few
@given(networks(), st.sampled_from(VIEWS), st.booleans())
def test_rows_that_share_are_written_as_whole_rows(text, view, first):
    """What rows share, written once, is in every format what each row has, written row by row."""
    try:
        hold_as_whole_rows(text, view, first=first)
    except Problem:
        assume(False)


@variations("view", VIEWS, 1)
@pytest.mark.parametrize("text", SHARING)
def test_rows_that_share_all_but_little(text, view):
    """So it is of rows that differ in their labels, their fields or their inputs alone."""
    hold_as_whole_rows(text, view, first=False)


def hold_as_whole_rows(text, view, *, first):
    """Hold what is written of a network to what is written of rows that share nothing."""
    network = read_network(text, channels_first=first)
    report = Report(network, Settings(channels_first=first))
    shown = view(report)
    listing = listed(shown)
    for each, row in zip(listing.rows, report.rows, strict=True):
        asked = [QUANTITIES[name] for name in each if name in QUANTITIES]
        names = ("index", "stage", "label", "layer", "kind", "shared")
        has = {name: getattr(row, name) for name in names if name in each}
        has |= {"seen": row.seen and row.seen[0]} if len(report.inputs) > 1 else {}
        assert each == {**has, **shown.values(asked, row)}
    people = drawn(
        shown._replace(rows=deque(report.rows)), [column(each) for each in shown.columns]
    )
    halved = listing._replace(drawn=lambda: people)
    whole_rows = people._replace(rows=[*people.rows])
    plain = listing._replace(rows=[*listing.rows], drawn=lambda: whole_rows)
    for name in FORMATS:
        assert [*export(halved, name)] == [*export(plain, name)]
    style = Style(80, color=False, unicode=True)
    assert [*table.lines(halved, style, few=1)] == [*table.lines(plain, style, few=None)]


@variations(
    "words",
    [["stack", NET, "--depth", "9"], ["rf", NET, "--depth", "9"], ["stack", NET]]
    + [["stack", NET, "--format", each] for each in ("csv", "json", "jsonl", "markdown")],
    4,
    ids=" ".join,
)
def test_what_is_printed_of_many_rows(words, monkeypatch):
    """Every format has of rows that are traced again what it has of rows that are kept."""
    long = printed(words)
    monkeypatch.setattr(output, "FEW", None)
    monkeypatch.setattr(rf, "FEW", None)
    assert printed(words) == long
    assert long[0] == 0
    assert len(long[1].split("\n")) > 300 or "--depth" not in words


@pytest.mark.long
@pytest.mark.parametrize(
    "words", [["stack"], ["rf"], ["stack", "--json"], ["stack", "--format=csv"]]
)
def test_memory_does_not_grow_with_the_rows(words):
    """Of ten times as many rows no more is held than some bytes a row."""
    held = []
    for count in (5_000, 50_000):
        text = f"64x64x3 -> [conv 8 k3 p1 -> relu]*{count}"
        done = subprocess.run(
            [sys.executable, "-c", WEIGHED, *words, text],
            capture_output=True,
            text=True,
            check=True,
        )
        assert len(done.stdout.splitlines()) > 2 * count
        held.append(int(done.stderr) * 1024)
    assert held[1] - held[0] < 90_000 * 100
