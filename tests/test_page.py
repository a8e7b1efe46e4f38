"""Pages: what is typed is text, the numbers are the report's, and a browser loads nothing more."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from chromium import PROGRAM, Chromium
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import check, compare, fits, rf, stack
from cnncalc.output.html import write
from cnncalc.output.page.document import read
from cnncalc.output.page.markup import VOID, element
from cnncalc.output.parts import Card, Passage, PassageLine
from cnncalc.report.listing import Listing
from cnncalc.report.nested import MOST_LINES, nest
from cnncalc.speech.columns import Column

NETWORKS = [
    "8x8x3 -> conv 4 k3 -> relu -> gap -> fc 10",
    "56x56x64 -> add[ conv 64 k3 p1 -> relu | conv 64 k1 ] -> relu",
    "16x16x3 -> a: [b: [conv 8 k3 p1 -> relu]*2 -> bn]*2 -> aux[gap -> fc 10] -> fc 10",
    "def f(n) { conv n k3 p1 -> [relu -> bn]*2 } 8x8x3 -> f 4 -> a: f 8 -> concat[ f 2 | @a ]",
    "HxWx3 -> conv 8 k3 p1 -> gap -> fc 10",
]

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "'-alert(1)-'",
            "</title></style></pre><b onclick=x>",
            "<!-- -->]]>&lt;&#60;&amp",
            "<svg/onload=x>{{x}}${x}",
        ]
    ),
    st.text(st.sampled_from("<>&\"'/=` ab!-;#x"), max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),  # quicker than UTF-8
)


class Reader(HTMLParser):
    """What a page holds: its tags with the names of their attributes, and its texts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.values, self._open = [], {}, [], []
        self.feed(text)
        self.close()
        assert not self._open or self._open == ["html"]

    def handle_starttag(self, tag, attrs):
        """Keep a tag."""
        self.tags.append((tag, tuple(name for name, _value in attrs)))
        self.values += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Keep a tag of a figure that ends at once."""
        self.tags.append((tag, tuple(name for name, _value in attrs)))

    def handle_endtag(self, tag):
        """See that tags are closed in order."""
        assert self._open.pop() == tag

    def handle_data(self, data):
        """Keep a text."""
        tag = self._open[-1] if self._open else ""
        self.texts.setdefault(tag, []).append(data)


def page(answer):
    """Return an answer as a page."""
    return "\n".join(write(answer.listing()))


@given(HOSTILE, HOSTILE)
def test_a_text_is_no_markup(name, value):
    """An element whose texts and values are anything has those, and nothing else."""
    text = element("b", name, title=value)
    found = Reader(text)
    assert found.tags == [("b", ("title",))]
    assert "".join(found.texts.get("b", [])) == name
    assert found.values == [("title", value)]


@given(HOSTILE, HOSTILE)
def test_what_is_listed_is_no_markup(one, other):
    """Rows, headings, lines around them and prose have the tags that plain words have."""

    def skeleton(one, other):
        columns = [Column("a", one, "code"), Column("b", "b")]
        rows = [{"a": one, "b": other}, {"a": "x", "b": one}]
        plain = Listing(one, columns, rows, above=[other], below=[one + ".", "y"])
        card = Card([(one, other, [one])], other, one, [other], [one], (one, other, one))
        lines = [
            PassageLine(one),
            PassageLine(other, 2, "code"),
            PassageLine(f"{one}\n{other} z", 0, "source"),
        ]
        pages = [plain, plain._replace(parts=[card, Passage(other, lines), Passage(f"{one} z")])]
        return [Reader("\n".join(write(each))).tags for each in pages]

    assert skeleton(f"{one}1", f"{other}1") == skeleton("w", "w")


WRITTEN = {
    "html": "lang",
    "meta": "charset http-equiv content name",
    "script": "",
    "style": "",
    "body": "data-copy data-copied data-open data-close data-sort",
    "title": "",
    "main": "",
    **dict.fromkeys(("h1", "h2", "dt", "dd", "caption", "thead", "tbody", "tfoot"), ""),
    **dict.fromkeys(("section", "dl", "pre", "span", "i", "p", "details", "article"), "class"),
    "div": "class tabindex",
    "figure": "tabindex",
    "tr": "class",
    "td": "class colspan",
    "table": "",
    "th": "scope class",
    "label": "for title",
    "code": "",
    "input": "type id class checked aria-label",
    "summary": "",
    "b": "",
    "svg": "xmlns viewbox width height font-family stroke-width stroke-linejoin role",
    "rect": "class x y width height rx stroke-dasharray stroke-width fill",
    "path": "class d fill stroke-width stroke-dasharray",
    "g": "",
    "text": "class x y font-size text-anchor font-weight transform textlength lengthadjust",
}
"""The tags that a page has, and the attributes of each."""


def holds(text, name=""):
    """Assert that a page has our tags and our script alone, and its policy their hashes."""
    found = Reader(text)
    for tag, names in found.tags:
        assert set(names) <= set(WRITTEN[tag].split()), tag
    assert found.texts["script"] == [read("page.js")]
    assert [tag for tag, _ in found.tags].count("style") == 1
    (rule,) = (value for name, value in found.values if name == "content" and "src" in value)
    for tag in ("script", "style"):
        digest = hashlib.sha256("".join(found.texts[tag]).encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in rule
    assert rule.startswith("default-src 'none'; ")
    assert rule.count("src") == 3
    assert "url(" not in found.texts["style"][0]
    whole = "".join("".join(each) for tag, each in found.texts.items() if tag != "script")
    assert name in whole
    return found


@given(HOSTILE.map(lambda text: re.sub(r'["\\\0-\x1f\x7f-\x9f\ud800-\udfff\n\r]', "", text)))
def test_names_and_claims_are_no_markup(name):
    """A layer of any name, and a claim of any words, are texts of a page that does nothing."""
    if not name.strip() or not name.isprintable():
        name = "<b>"
    name = name.strip()
    network = f'8x8x3 -> conv 4 k1 -> opaque "{name}" 8x8x4 -> relu'
    answers = (
        stack(network),
        check(network, f"params={name}"),
        compare(network, "8x8x3 -> relu"),
    )
    for answer in answers:
        holds(page(answer), name)
        held = Reader(answer._repr_html_())
        assert all(set(names) <= set(WRITTEN[tag].split()) for tag, names in held.tags)
        assert held.texts["style"] == [read("notebook.css")]
        assert name in "".join(map("".join, held.texts.values()))


@pytest.mark.parametrize(
    "ask", [stack, rf, lambda net: rf(net, at=1), lambda net: fits(net, "1GB")]
)
@pytest.mark.parametrize("network", NETWORKS[:4])
def test_a_notebook_has_what_is_printed(network, ask):
    """A cell of a notebook holds each word of the text, in elements that are closed in order."""
    answer = ask(network)
    held = Reader(answer._repr_html_())
    texts = " ".join(" ".join(each) for tag, each in held.texts.items() if tag != "style")
    printed_words = [word for word in str(answer).split() if word.strip("\u2500")]
    assert "table" in [tag for tag, _names in held.tags]
    assert {*printed_words} <= {*texts.split()}


def test_pictures_of_a_terminal_are_text_in_a_notebook():
    """What is drawn in signs stands in a notebook as it is drawn."""
    drawn = rf("9x9x3 -> conv 8 k3 -> conv 8 k3", draw=True)
    assert Reader(drawn._repr_html_()).texts["pre"] == [str(drawn)]


@variations("network", NETWORKS, 3)
def test_the_same_numbers(network):
    """Each row and its numbers are on the page, once, and the folds around it are its own."""
    report = stack(network)
    found = holds(page(report))
    body = re.search(r"<tbody>(.*?)</tbody>", page(report), re.DOTALL)[1]
    seen = []
    for line in re.findall(r"<tr(?: class=\"(?!w)[^\"]*\")?>.*?</tr>", body):
        cells = [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<td.*?</td>", line)]
        if not cells[0].isdigit():
            continue
        row = report.rows[int(cells[0])]
        seen.append(row.index)
        assert cells[2].replace(",", "") == "x".join(map(str, row.output))
        for cell, name in zip(cells[3:5], ("params", "macs"), strict=True):
            assert cell == f"{getattr(row, name):,}"
    assert sorted(seen) == [row.index for row in report.rows]
    assert report.text in "".join(found.texts["pre"])


@variations("network", [*NETWORKS, "resnet50", "densenet121", "googlenet_paper"], 4)
@pytest.mark.parametrize("depth", [None, 0, 1, 9])
def test_rows_in_folds(network, depth):
    """A fold's rows follow it, each once; what it adds up to is what they do."""
    report = stack(network)
    lines = nest(report.rows, depth)
    leaves = [each.row for each in lines if each.number is None]
    assert [row.index for row in leaves] == [row.index for row in report.rows]
    below = {each.number: 0 for each in lines if each.number is not None}
    for each in lines:
        assert all(number in below for number in each.inside)
        if each.number is None:
            for number in each.inside:
                below[number] += each.row.params
    for each in lines:
        if each.number is not None:
            assert below[each.number] == sum(row.params for row in each.row.rows)
            assert depth is None or each.is_open == (len(each.inside) < depth)


def test_many_rows_stay_folded():
    """A page has no more lines than can be read, whatever is folded in them; all is added up."""
    report = stack("8x8x1 -> [a: [b: [relu]*20]*40]*3")
    lines = nest(report.rows)
    assert len(lines) <= MOST_LINES
    assert sum(len(each.row.rows) for each in lines if each.number is None) == len(report.rows)
    plain = stack(f"8x8x1 -> conv 1 k1 -> [relu]*{MOST_LINES}")
    assert len(nest(plain.rows)) == MOST_LINES
    text = page(plain)
    assert f"{MOST_LINES} of {MOST_LINES + 2} rows; totals are of all." in text


def test_every_answer_is_a_page():
    """Whatever prints a listing has a page of it: fields, verdicts, fits, totals, one layer."""
    net = "32x32x3 -> a: [conv 8 k3 -> relu]*2 -> maxpool 2 -> fc 10"
    assert 'lang="ko"' in printed(["stack", net, "--lang", "ko", "--format", "html"])[1]
    for words in (
        ["stack", net, "--by", "kind", "--chart"],
        ["stack", net, "--sort", "macs", "--top", "2"],
        ["stack", net, "--at", "a"],
        ["stack", net, "--at", "1"],
        ["stack", net, "--totals"],
        ["stack", net, "--fits", "1GiB"],
        ["stack", net, "--columns", "params-share,output,start"],
        ["stack", "vgg16", "--lang", "ko"],
        ["conv", "32x32x3", "--filters", "10", "--k", "5"],
        ["rf", net, "--unit", "0,0"],
        ["rf", net, "--draw"],
        ["rf", net, "--unit", "0,0", "--effective"],
        ["rf", net, "--outputs"],
        ["counts", "lenet5"],
        ["solve", "63x63x16 -> conv 32 k7 s1 p?", "output=63x63x32"],
        ["compare", net, "--sweep", "input=32..64:16"],
        ["layers", "conv"],
        ["quantities"],
    ):
        _status, text, _ = printed([*words, "--format", "html"])
        holds(text)


def test_warnings_stand_on_the_page():
    """What a network is warned of is told, with its place underlined."""
    text = page(stack("30x30x3 -> conv 8 k3 s2"))
    assert 'class="told"' in text
    assert "^^^^" in text
    assert 'class="told"' not in page(rf("9x9x3 -> conv 8 k3"))


@pytest.mark.long
@pytest.mark.skipif(not PROGRAM, reason="needs Chromium")
def test_a_browser_reads_it(tmp_path):
    """Folds, workings, sorting and copying work, the first two without a script; all is quiet."""
    net = "32x32x3 -> a: [conv 8 k3 p1 -> b: [relu -> conv 16 k3]]*2 -> fc 10 -> fc 1000"
    file = tmp_path / "net.html"
    assert printed(["stack", net, "--depth", "1", "-o", str(file)])[0] == 0
    with Chromium() as browser:
        origin = "file://"
        browser.ask("Browser.grantPermissions", permissions=["clipboardReadWrite"], origin=origin)
        for width in (360, 1280):
            browser.open(file, width)
            assert browser.run("document.documentElement.scrollWidth") <= width
            rows = "[...document.querySelectorAll('tbody tr:not(.w)')].filter(e => e.offsetParent)"
            layers = f"{rows}.map(e => e.cells[1].textContent.trim())"
            before = browser.run(layers)
            assert "conv 8 k3 p1" in before
            assert "relu" not in before
            browser.press("input.f", 1)
            assert "relu" in browser.run(layers)
            browser.press("input.f", 0)
            assert [each.split(":")[0] for each in browser.run(layers)] == [
                *("input", "a", "fc 10", "fc 1000"),
            ]
            browser.press("th:nth-child(4) span")
            named = "[...document.querySelectorAll('tbody tr:not(.w)')].map(e => e.id || "
            named += "e.cells[1].textContent.trim().split(':')[0])"
            found = browser.run(named)
            report = stack(net)
            top = {"a": sum(row.params for row in report.rows[1:7])}
            top |= {row.layer: row.params for row in (report.rows[0], *report.rows[7:])}
            ordered = sorted(top, key=lambda name: -top[name])
            assert [each for each in found if each in top] == ordered
            browser.press("th:nth-child(4) span")
            assert [each for each in browser.run(named) if each in top] == ordered[::-1]
            browser.press("th:nth-child(4) span")
            assert browser.run(f"{layers}")[0] == "input"
            browser.press(".tools button", 0)
            assert len(browser.run(rows)) == len(browser.run(named))
            working = "[...document.querySelectorAll('tr.w')].filter(e => e.offsetParent).length"
            assert browser.run(working) == 0
            browser.press("tbody td:nth-child(4) label", 1)
            assert browser.run(working) == 1
            browser.press(".tools:has(+ pre) button")
            browser.wait(
                "document.querySelector('.tools:has(+ pre) button').textContent == 'Copied'"
            )
            assert browser.run("navigator.clipboard.readText()") == report.text
            for media, ground in (("screen", "rgb(20, 23, 26)"), ("print", "rgb(255, 255, 255)")):
                browser.show(width, dark=True, media=media)
                for part, name in (("body", "backgroundColor"), ("svg > rect", "fill")):
                    look = f"getComputedStyle(document.querySelector('{part}')).{name}"
                    assert browser.run(look) == ground
            assert browser.run("document.querySelector('.tools').offsetParent") is None
            browser.ask("Emulation.setScriptExecutionDisabled", value=True)
            browser.open(file, width)
            assert browser.run("document.querySelector('button')") is None
            assert "relu" not in browser.run(layers)
            browser.press("input.f", 1)
            assert "relu" in browser.run(layers)
            browser.press("tbody td:nth-child(4) label", 1)
            assert browser.run(working) == 1
            browser.ask("Emulation.setScriptExecutionDisabled", value=False)
            assert browser.requests() == []
            assert browser.complaints() == []


SHEET = """
[[question]]
name = "1a"
network = "32x32x3 -> conv 10 k5 p2"
{}
"""


@variations(
    "words",
    [
        ["solve", "63x63x16 -> conv 32 k? s1 p?", "output=63x63x32"],
        ["solve", "63x63x16 -> conv 32 k7 p?", "output=3x3x3"],
        ["counts", "alexnet"],
        ["check", "key.toml"],
        ["check", "sheet.toml"],
        ["rf", "lenet5", "--unit", "0,0"],
        ["stack", "lenet5", "--totals"],
        ["stack", "lenet5", "--fits", "1GiB"],
        ["stack", "lenet5", "--fits", "ram=256KiB,flash=1MiB"],
        ["layers", "conv"],
    ],
    4,
    ids=" ".join,
)
def test_a_page_has_what_the_terminal_shows(words, tmp_path, monkeypatch):
    """Every word of the text is on the page, in elements, and no drawing of a terminal is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.toml").write_text(SHEET.format('ask = "params"'))
    (tmp_path / "sheet.toml").write_text(SHEET.format('claims = ["params=750", "macs=1"]'))
    _status, text, _told = printed(words)
    printed([*words, "-o", "a.html"])
    found = Reader((tmp_path / "a.html").read_text())
    shown = {
        word
        for tag, parts in found.texts.items()
        if tag not in ("script", "style")
        for part in parts
        for word in re.findall(r"[^\s:;,=]+", part)
    }
    assert set(re.findall(r"[^\s:;,=]+", text)) <= shown
    drawn = [part for part in found.texts.get("pre", []) if "   " in part.strip()]
    assert not drawn
