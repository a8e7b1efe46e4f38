"""What people and files wrote leaves as text: nothing of it acts on a terminal, in any format."""

import io
import json
import os
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.cli import main

ACTING = re.compile(
    r"[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
FORMATS = ("table", "csv", "jsonl", "json", "markdown", "latex", "html", "svg")
PIECES = ("\x1b]0;boss\x07", "\x1b[2J", "\x9b31m", "\u202e", "\u2066", "\x7f", "\r", "\b", "\u200f")
HOSTILE = st.lists(st.sampled_from([*PIECES, "ab", "한", "=1+1", "<b>", "`", "|"]), min_size=1).map(
    "".join
)


def printed(*words):
    """Run a command line; return what it prints and says."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main([*words])
    assert (end.value.code or 0) in (0, 1, 2), err.getvalue()
    return out.getvalue(), err.getvalue()


def sheet_of(name, network="8x8x3 -> relu", claim="output=8x8x3"):
    """Return a sheet of one question."""
    fields = {"name": name, "network": network, "claims": [claim]}
    lines = (f"{key} = {json.dumps(value)}" for key, value in fields.items())
    return "[[question]]\n" + "\n".join(lines).replace("\x7f", "\\u007f") + "\n"


def cell(text):
    """Return a cell of CSV."""
    return '"' + text.replace('"', '""') + '"'


@given(HOSTILE, st.sampled_from(FORMATS))
def test_nothing_acts(text, form):
    """Students, questions, claims, comments and names of files, in an answer and in a fault."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("key.toml").write_text(sheet_of(text, claim=f"output={text}"), "utf-8")
            Path("class.csv").write_text(f"name,{cell(text)}\n{cell(text)},{cell(text)}\n", "utf-8")
            Path(f"{text.replace('/', '')}.cnn").write_text(f"8x8x3 -> relu # {text}\n-> cnv")
            Path("net.cnn").write_text(f"# {text}\n8x8x3 -> relu # {text}\n")
            asked = [
                ("check", "key.toml", "class.csv", "--format", form),
                ("check", "key.toml", "--format", form),
                ("check", "8x8x3 -> relu", f"output={text}"),
                ("stack", f"./{text.replace('/', '')}.cnn", "--format", form),
                ("stack", "net.cnn", "--format", form),
                ("stack", text),
                ("export", "net.cnn"),
                ("stack", "8x8x3 -> relu", "--columns", text),
                (text,),
            ]
            for words in asked:
                out, err = printed(*words)
                assert not ACTING.search(out + err), (words, out, err)
        finally:
            os.chdir(here)


@given(HOSTILE)
def test_data_keeps_what_was_written(text):
    """In JSON a name is the same text to who reads it."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.toml"
        key.write_text(sheet_of(text), "utf-8")
        found = json.loads(printed("check", str(key), "--json")[0])
    assert found["verdicts"][0]["question"] == text
