"""The calculator as one file for a browser: this package, its runtime, and a box to type in.

Nothing is loaded: what it needs stands in it, compressed, and its policy lets it ask for nothing.
"""

from __future__ import annotations

import os
from base64 import b64encode
from typing import TYPE_CHECKING

from cnncalc.output.page.document import hashed, head, read, words
from cnncalc.output.page.markup import Markup, element, joined
from cnncalc.speech.language import LANGUAGES, _, code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.output.page.runtime import Runtime

PACKAGES = ("cnncalc", "click", "rich")
"""What runs in the browser, as it is installed here."""

KEPT = (".py", ".cnn", ".mo", ".css", ".js")
"""The endings of the files that are taken along."""

CARRIED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
"""The files of the runtime that are taken along as they are."""

EXAMPLES = (
    ("32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10", ""),
    ("32x32x3 -> conv 10 k5 p2", "output=32x32x10 params=750"),
    ("56x56x64 -> add[ conv 64 k3 p1 -> relu -> conv 64 k3 p1 | identity ] -> relu", ""),
    ("HxWxC -> conv N k3 p1", ""),
    ("resnet50", ""),
    ('cnncalc compare "56x56x64 -> [conv 64 k3 p1]*3" "56x56x64 -> conv 64 k7 p3"', ""),
    ("63x63x16 -> conv 32 k7 s1 p?", "output=63x63x32"),
)
"""What can be tried with a press: a network or a command line, and claims."""


def labels() -> dict[str, str]:
    """Return what the page says around answers, in the language that is spoken."""
    return {
        "network": _("Network, or a command line"),
        "claims": _("Claims to check, as params=760"),
        "examples": _("Examples"),
        "language": _("Language"),
        "waiting": _("Starting, which takes some seconds ..."),
        "note": _("All of this runs here: nothing leaves this page."),
        "data_failed": _("This browser does not run it: {why}", why="%"),
        **words(),
    }


def calculator(runtime: Runtime) -> Iterator[str]:
    """Yield the lines of the page."""
    looks = read("page.css") + read("calculator.css")
    scripts = [read("page.js"), read("calculator.js")]
    ran = f"script-src {' '.join(map(hashed, scripts))} blob: 'wasm-unsafe-eval'"
    said = labels()
    yield from head("cnncalc", looks, ran)
    body = element("main", element("h1", "cnncalc"), _form(said), _answer(said, runtime))
    ends = [*_carried(runtime), *(element("script", Markup(each)) for each in scripts)]
    held = {name: says for name, says in said.items() if name.startswith("data_")}
    yield element("body", body, ends, **held)


def _form(said: dict[str, str]) -> Markup:
    """Return the boxes to type in, the examples, and the choice of a language."""
    names = {"en": "English", "ko": "\ud55c\uad6d\uc5b4"}
    chosen = [
        element("option", names[each], value=each, selected=each == code()) for each in LANGUAGES
    ]
    examples = [
        element("button", network, type="button", data_network=network, data_claims=claims)
        for network, claims in EXAMPLES
    ]
    plain = {"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}
    return element(
        "form",
        element("label", _said(said, "network"), for_="network"),
        element("textarea", EXAMPLES[0][0], id="network", rows="3", **plain),
        element("label", _said(said, "claims"), for_="claims"),
        element("input", id="claims", type="text", **plain),
        element("details", element("summary", _said(said, "examples")), examples, open=True),
        element("label", _said(said, "language"), " ", element("select", chosen, id="language")),
    )


def _answer(said: dict[str, str], runtime: Runtime) -> Markup:
    """Return where the answer stands, and what stands below it."""
    made = f"Pyodide {runtime.version} (MPL-2.0)"
    return joined(
        element("div", element("p", _said(said, "waiting")), id="answer", aria_live="polite"),
        element("noscript", element("p", said["data_failed"].replace("%", "script"))),
        element("footer", _said(said, "note"), f" {made}", class_="said"),
    )


def _said(said: dict[str, str], name: str) -> Markup:
    """Return a text that changes with the language."""
    return element("span", said[name], data_says=name)


def _carried(runtime: Runtime) -> Iterator[Markup]:
    """Yield what the page carries, compressed, each in an element that nothing runs."""
    import json

    for name in CARRIED:
        yield _data(name, runtime.files[name])
    yield _data("lock.json", json.dumps({"info": runtime.info, "packages": {}}).encode())
    yield _data("packages.zip", archive())


def _data(name: str, content: bytes) -> Markup:
    from gzip import compress

    text = b64encode(compress(content, 9, mtime=0)).decode()
    return element("script", Markup(text), type="application/octet-stream", id=name)


def archive() -> bytes:
    """Return the packages that run, as they stand here, in a ZIP that is not compressed."""
    from importlib.util import find_spec
    from io import BytesIO
    from zipfile import ZipFile, ZipInfo

    made = BytesIO()
    with ZipFile(made, "w") as out:
        for package in PACKAGES:
            spec = find_spec(package)
            folder = os.path.dirname(spec.origin or "") if spec else ""  # noqa: PTH120
            for path in _files(folder):
                with open(path, "rb") as file:  # noqa: PTH123
                    name = package + path.removeprefix(folder).replace(os.sep, "/")
                    out.writestr(ZipInfo(name), file.read())
        out.writestr(ZipInfo("cnncalc-0.dist-info/METADATA"), _metadata())
    return made.getvalue()


def _files(folder: str) -> Iterator[str]:
    """Yield the files of a package that are taken along, in the order of their names."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry.path)
        elif entry.name.endswith(KEPT):
            yield entry.path


def _metadata() -> str:
    """Return what says which version of this package it is."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"Metadata-Version: 2.1\nName: cnncalc\nVersion: {version('cnncalc')}\n"
    except PackageNotFoundError:
        return "Metadata-Version: 2.1\nName: cnncalc\nVersion: 0\n"
