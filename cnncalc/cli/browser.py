"""What a page in a browser asks: command lines, run in the one process that it has."""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout

from cnncalc.cli import main
from cnncalc.speech import language

TEXTS = frozenset(("--json", "--format", "--get", "--explain", "--help", "-h", "-o", "--version"))
"""The options of command lines whose answers are texts."""


def answer(network: str, claims: str, spoken: str) -> str:
    """Return the answer to what was typed, as JSON: status, a page or a text, what went wrong.

    A text that begins with `cnncalc` is a command line; claims are checked, and unknowns solved.
    """
    try:
        words = _words(network.strip(), claims)
    except ValueError:  # a quote that does not end
        words = ["stack", network]
    words += ["--lang", spoken]
    if not TEXTS & {word.partition("=")[0] for word in words}:
        page = run([*words, "--format", "html"])
        if page[1] or page[0] == 1:
            return json.dumps(page)
    return json.dumps(run(words))


def _words(network: str, claims: str) -> list[str]:
    if network.startswith("cnncalc "):
        return shlex.split(network)[1:]
    if claims.strip():
        return ["solve" if "?" in network else "check", network, *shlex.split(claims)]
    return ["stack", network]


def run(words: list[str], environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Return the status of a command line, what it prints, and what it says beside it."""
    before = dict(os.environ)
    os.environ.update(environment or {})
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    stdin, sys.stdin = sys.stdin, io.StringIO()
    status: int | str | None = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(words)
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdin = stdin
        os.environ.clear()
        os.environ.update(before)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.detach().getvalue().decode())
    return int(status or 0), texts[0], texts[1]


def labels(spoken: str) -> str:
    """Return what the page says in a language, as JSON."""
    from cnncalc.output.page.calculator import labels

    language.use(spoken)
    return json.dumps(labels())


def asked(words: str, environment: str) -> str:
    """Return what a command line prints in an environment; all of them are JSON."""
    return json.dumps(run(json.loads(words), json.loads(environment)))
