"""The runtime of a calculator in a browser: what of an unpacked `pyodide` package it needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.speech.system import reason_of
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINS = {
    "package.json": b"{",
    "pyodide-lock.json": b"{",
    "pyodide.mjs": b"",
    "pyodide.asm.mjs": b"",
    "pyodide.asm.wasm": b"\0asm",
    "python_stdlib.zip": b"PK",
}
"""The files of a runtime, and what each begins with."""


class Runtime(NamedTuple):
    """The files of a runtime by their names, its version, and what its lock file says of it."""

    files: Mapping[str, bytes]
    version: str
    info: Mapping[str, Any]


def read_runtime(folder: str) -> Runtime:
    """Return the runtime that stands in a folder; a `Problem` that names what it lacks."""
    found = {}
    for name, begin in BEGINS.items():
        try:
            with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123 - see sources
                found[name] = file.read()
        except (OSError, ValueError) as error:  # \0 in a name
            raise _not_a_runtime(folder, name, reason_of(error)) from None
        if not found[name].startswith(begin):
            raise _not_a_runtime(folder, name, _("it does not begin as that file does"))
    version, lock = (
        _said(folder, name, key, found[name], kind)
        for name, key, kind in (
            ("package.json", "version", str),
            ("pyodide-lock.json", "info", dict),
        )
    )
    return Runtime(found, version, lock)


def _said(folder: str, name: str, key: str, content: bytes, kind: type) -> Any:
    """Return what a file of JSON says under a key, which is of some type."""
    import json

    try:
        found = json.loads(content)[key]
    except (ValueError, LookupError, TypeError, RecursionError):
        found = None
    if not isinstance(found, kind):
        raise _not_a_runtime(folder, name, _("it does not say what it says in that package"))
    return found


def _not_a_runtime(folder: str, name: str, why: str) -> Problem:
    """Return the problem of a folder that is no runtime; where it is in there, that is offered."""
    inside = os.path.join(folder, "package")  # noqa: PTH118
    helps = [_("unpack one: 'npm pack pyodide@314.0.7 && tar xzf pyodide-314.0.7.tgz'")]
    if name == "package.json" and os.path.isfile(os.path.join(inside, name)):  # noqa: PTH113, PTH118
        helps = [_("it is in there: '--runtime {folder}'", folder=inside)]
    return Problem(
        "not-a-runtime",
        _("this folder is no unpacked package 'pyodide'"),
        [Label(Span(Source("--runtime", folder), 0, len(folder)), f"{name}: {why}")],
        helps=helps,
    )
