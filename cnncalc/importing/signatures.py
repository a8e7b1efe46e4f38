"""What a file is by its first bytes, where it is not what its name says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEAD = 512
"""How many of a file's bytes are looked at."""


class KnownFile(NamedTuple):
    """What a file is, and what is to be done with it; its `ending` where it is read under one."""

    what: str
    help: str = ""
    ending: str = ""

    def cure(self) -> str:
        """Return what is to be done with it."""
        if self.ending:
            return _("give it a name that ends in {ending}", ending=quoted(self.ending))
        export = _("save one of these: torch.onnx.export, model.to_json(), or a print as .txt")
        return self.help or export


def mistaken(path: str, format_: str, in_zip: Mapping[str, tuple[str, ...]]) -> Problem | None:
    """Return the problem of a file that is another than its name says; None where none is known.

    A zip that holds a file called as `in_zip` says is a model, whose name has the ending there.
    """
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
        head = file.read(HEAD)
    found = _in_zip(path, in_zip) if head.startswith(_ZIP) else kind_of(head) or _text(head)
    if found is None or (found.ending and path.lower().endswith(found.ending)):
        return None
    return _another(path, found, _("{what}, no {format}", what=found.what, format=format_))


def mistaken_source(source: Source) -> Problem | None:
    """Return the problem of a file of text that is a source in Python; None of other text."""
    if source.name.startswith("<") or not re.search(_PYTHON, source.text):
        return None
    found = KnownFile(_("a source in Python"), ending=".py")
    return _another(source.name, found, found.what)


_PYTHON = r"(?m)^(?:import [A-Za-z_][\w.]*|from [A-Za-z_][\w.]* import )"


def _another(path: str, found: KnownFile, said: str) -> Problem:
    span = Span(Source("<stack>", path), 0, len(path))
    fact = _("this file is not what its name says")
    return Problem("file-not-read", fact, [Label(span, said)], helps=[found.cure()])


def kind_of(head: bytes) -> KnownFile | None:
    """Return what a file is whose first bytes say so.

    >>> kind_of(b"%PDF-1.7").what
    'a PDF'
    """
    if head[4:8] == b"TFL3":
        return KnownFile(_("a model of TensorFlow Lite"), ending=".tflite")
    if head[8:9] == b"{" and 0 < int.from_bytes(head[:8], "little") < BUDGET.header:
        return KnownFile(_("a file of safetensors"), _weights())
    return next((known for begins, known in _beginnings() if head.startswith(begins)), None)


def _beginnings() -> Iterator[tuple[tuple[bytes, ...], KnownFile]]:
    """Yield what the first bytes of files are, and which files those are."""
    unpack = _("unpack it first")
    yield (b"\x89PNG",), KnownFile(_("a PNG picture"))
    yield (b"\xff\xd8\xff",), KnownFile(_("a JPEG picture"))
    yield (b"GIF8",), KnownFile(_("a GIF picture"))
    yield (b"%PDF",), KnownFile(_("a PDF"))
    versions = (b"\x08%c" % version for version in range(3, 32))  # and the next field of a model
    begins = tuple(each + field for each in versions for field in (b"\x12", b":", b"B"))
    yield begins, KnownFile(_("an ONNX model"), ending=".onnx")
    yield (b"\x89HDF",), KnownFile(_("a file in HDF5"), ending=".h5")
    yield tuple(b"\x80%c" % n for n in range(2, 6)), KnownFile(_("a pickle of Python"), _weights())
    yield (
        (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"),
        KnownFile(_("a compressed file"), unpack),
    )
    yield (_ZIP,), KnownFile(_("a zip"), unpack)
    yield (
        (b"version https://git-lfs",),
        KnownFile(
            _("what Git keeps in place of a large file"),
            _("'git lfs pull' fetches the file itself"),
        ),
    )
    yield (
        (b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML"),
        KnownFile(_("a web page"), _("download the file itself, not the page that shows it")),
    )


_ZIP = b"PK\x03\x04"


def _weights() -> str:
    return _("it holds no layers in their order: write them with torch.onnx.export")


def _in_zip(path: str, in_zip: Mapping[str, tuple[str, ...]]) -> KnownFile | None:
    """Return what a zip is by the files in it; None for one that is damaged."""
    from cnncalc.importing.zips import names_in

    try:
        names = [f"/{name}" for name in names_in(path)]
    except ValueError:
        return None

    def holds(*ends: str) -> bool:
        return any(name.endswith(ends) for name in names)

    saved_by = {
        ".keras": _("a model that Keras saved"),
        ".pt2": _("a model that torch.export saved"),
    }
    for ending, ends in in_zip.items():
        if holds(*(f"/{end}" for end in ends)):
            return KnownFile(saved_by[ending], ending=ending)
    if holds("/data.pkl"):
        script = any("/code/" in name for name in names)
        what = _("a model of TorchScript") if script else _("weights that torch.save wrote")
        return KnownFile(what, _weights())
    return KnownFile(_("a zip"), _("unpack it first"))


def _text(head: bytes) -> KnownFile | None:
    """Return that a file is text, where its beginning is."""
    try:
        text = head.decode("utf-8-sig") if len(head) < HEAD else head.decode("utf-8-sig", "ignore")
    except UnicodeDecodeError:
        return None
    if not text.strip() or any(sign < " " and not sign.isspace() for sign in text):
        return None
    if text.lstrip().startswith("{"):
        return KnownFile(_("a text in JSON"), ending=".json")
    return KnownFile(_("a text"), ending=".txt")
