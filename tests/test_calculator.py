"""The calculator in a browser: one file that holds all it needs, and answers as the command."""

import base64
import gzip
import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from chromium import PROGRAM, Chromium
from command import Written, printed, run
from test_page import Reader
from test_sessions import OURS, PAGES, blocks, commands, environment

from cnncalc.cli import browser
from cnncalc.output.page.calculator import CARRIED, EXAMPLES, KEPT, archive
from cnncalc.output.page.runtime import BEGINS

ROOT = Path(__file__).parent.parent
RUNTIME = os.environ.get("CNNCALC_RUNTIME", "")
LINES = 60
"""How many command lines of the sessions are asked in a browser."""

FILES = re.compile(r"\.\w+\b|/|(?:^|\s)-(?:\s|$)|-o\b")
"""What names a file, or standard input."""


def made(folder, **files):
    """Return a folder that looks as a runtime does, some files otherwise."""
    folder.mkdir(exist_ok=True)
    plain = {
        **{name: begin + b"\r\n</script><b>" for name, begin in BEGINS.items()},
        "package.json": b'{"name": "pyodide", "version": "1.2.3"}',
        "pyodide-lock.json": b'{"info": {"abi_version": "2026"}, "packages": {"numpy": {}}}',
    }
    for name, content in (plain | files).items():
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def test_the_page_holds_what_it_needs(tmp_path):
    """The runtime's files and the packages stand in it, whole; it may run them and load nothing."""
    folder = made(tmp_path / "package")
    file = tmp_path / "cnncalc.html"
    assert printed(["page", "--runtime", str(folder), "-o", str(file)]) == (0, "", "")
    text = file.read_text()
    found = Reader(text)
    (rule,) = (value for name, value in found.values if name == "content" and "src" in value)
    assert rule.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in rule
    assert "unsafe-inline" not in rule
    assert " 'unsafe-eval'" not in rule
    carried = {
        name: gzip.decompress(base64.b64decode(content))
        for name, content in re.findall(r'octet-stream" id="([^"]*)">([^<]*)</script>', text)
    }
    for name in CARRIED:
        assert carried[name] == (folder / name).read_bytes()
    assert json.loads(carried["lock.json"]) == {"info": {"abi_version": "2026"}, "packages": {}}
    assert carried["packages.zip"] == archive()
    with zipfile.ZipFile(io.BytesIO(carried["packages.zip"])) as packages:
        names = set(packages.namelist())
        for path in (ROOT / "cnncalc").rglob("*"):
            if path.suffix in KEPT:
                name = str(path.relative_to(ROOT))
                assert packages.read(name) == path.read_bytes()
    assert {"click/__init__.py", "rich/table.py"} <= names
    assert not any("__pycache__" in name for name in names)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, None) for name in BEGINS),
        *((name, b"") for name, begin in BEGINS.items() if begin),
        *(("package.json", each) for each in (b"{", b"[]", b'{"name": "x"}', b"{" * 100_000)),
        ("pyodide-lock.json", b'{"info": 3}'),
    ],
)
def test_what_a_folder_lacks(tmp_path, name, content):
    """A folder that is no runtime is a fault that names the file, and nothing is written."""
    folder = made(tmp_path / "package", **{name: content})
    words = ["page", "-o", str(tmp_path / "page.html"), "--runtime", str(folder)]
    status, out, err = printed(words)
    assert (status, out) == (1, "")
    assert err.startswith("error[not-a-runtime]: this folder is no unpacked package 'pyodide'\n")
    assert f"^ {name}: " in err or f"| {name}: " in err
    assert not (tmp_path / "page.html").exists()


def test_what_a_page_asks(tmp_path, monkeypatch):
    """A text is a network, with claims a check, or a command line; the answer is a page or text."""
    monkeypatch.chdir(tmp_path)
    net = "8x8x3 -> conv 4 k3"
    page = printed(["stack", net, "--format", "html"])
    assert browser.answer(f" {net} ", "", "en") == json.dumps(page)
    line = f'cnncalc stack "{net}"'
    assert browser.answer(line, "params=1", "en") == json.dumps(page)
    checked = printed(["check", net, "params=112", "--format", "html"])
    assert browser.answer(net, " params=112 ", "en") == json.dumps(checked)
    assert json.loads(browser.answer(f"{line} --get params", "", "en")) == [0, "112\n", ""]
    status, out, err = json.loads(browser.answer("8x8x3 -> covn", "", "en"))
    assert (status, out, err[:20]) == (1, "", "error[unknown-layer]")
    assert json.loads(browser.answer('cnncalc stack "', "", "en"))[0] == 1
    assert json.loads(browser.answer("cnncalc quiz --seed 1", "", "en"))[:2] == [
        *printed(["quiz", "--seed", "1"])[:2],
    ]
    assert 'lang="ko"' in json.loads(browser.answer(net, "", "ko"))[1]
    for network, claims in EXAMPLES:
        assert json.loads(browser.answer(network, claims, "en"))[1].startswith("<!DOCTYPE html>")
    assert json.loads(browser.labels("ko"))["language"] == "언어"
    assert json.loads(browser.labels("en"))["language"] == "Language"


def lines():
    """Return command lines of the sessions, from all pages alike, that read and write no file."""
    pages = [each for each in PAGES if each.stem not in ("limits", "millions")]
    sessions = [each for page in pages for block in blocks(page) for each in commands(block[1])]
    ours = [each for each in map(OURS.fullmatch, sessions) if each]
    found = [
        each["words"].replace("\\\n", " ")
        for each in ours
        if not (each["redirected"].strip() or each["set"] or FILES.search(each["words"]))
    ]
    found = list(dict.fromkeys(found))
    return found[:: max(len(found) // LINES, 1)]


@pytest.mark.long
@pytest.mark.skipif(not PROGRAM, reason="needs Chromium")
@pytest.mark.skipif(not RUNTIME, reason="needs CNNCALC_RUNTIME, an unpacked package of pyodide")
def test_a_browser_calculates(tmp_path):
    """In Chromium it answers to the byte as the command does; what is typed is in the address."""
    import shlex

    file = tmp_path / "cnncalc.html"
    assert printed(["page", "--runtime", RUNTIME, "-o", str(file)]) == (0, "", "")
    assert file.stat().st_size < 11_000_000
    asked = [shlex.split(each) for each in lines()]
    assert len(asked) >= 50
    around = environment() | {"LANG": "C.UTF-8"}
    with Chromium() as page:
        page.open(file, 1280)
        page.wait("Boolean(globalThis.cnncalc) && document.querySelectorAll('table').length", 90)
        for words in asked:
            out, err = Written(), Written()
            status = run(words, out, err, around)
            answer = page.run(f"cnncalc({json.dumps(words)}, {json.dumps(around)})")
            assert answer == [status, out.data.decode(), err.data.decode()], words
        type_in = "(name, text) => {const e = document.getElementById(name);"
        type_in += "e.value = text; e.dispatchEvent(new Event('input', {bubbles: true}))}"
        page.run(f"({type_in})('network', '9x9x1 -> conv 2 k3 -> <b>')")
        page.wait("document.querySelectorAll('pre.fault').length")
        page.run(f"({type_in})('network', '9x9x1 -> conv 2 k3')")
        page.run(f"({type_in})('claims', 'params=20 rf=<i>x</i>')")
        page.wait("document.querySelectorAll('article').length == 2")
        assert page.run("document.querySelectorAll('article.right, article i').length") == 1
        address = page.run("location.hash")
        page.press("button[data-network]", 4)
        page.wait("document.querySelectorAll('input.f').length > 20")
        page.press("input.f", 0)
        page.press("th:nth-child(4) span")
        assert page.run("document.querySelectorAll('[aria-sort]').length") == 1
        page.run(f"location.hash = {json.dumps(address)}")
        page.wait("document.querySelectorAll('article').length == 2")
        page.run(
            "(() => {const e = document.getElementById('language'); e.value = 'ko';"
            "e.dispatchEvent(new Event('change', {bubbles: true}))})()"
        )
        page.wait("document.querySelector('article b').textContent == '맞음'")
        assert page.run("document.querySelector('[data-says=language]').textContent") == "언어"
        for width in (360, 1280):
            page.show(width)
            assert page.run("document.documentElement.scrollWidth") <= width
        assert [each for each in page.requests() if not each.startswith("blob:")] == []
        assert page.complaints() == []
