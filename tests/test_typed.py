"""What people type before they have read anything: answered, or helped on in one step."""

import json
from functools import cache
from pathlib import Path

from command import printed
from variations import variations

DATA = Path(__file__).parent / "data" / "typed.jsonl"
LINES = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
FIGURES = ("output", "params", "macs")


@cache
def answer(*words):
    """Return the figures of a command line, None without, and the lines that it offers to try."""
    status, out, err = printed([words[0], "--json", *words[1:]])
    said = json.loads(err if status else out)
    problems = [said["error"]] if status else said["warnings"]
    offered = [line[1:] for problem in problems for line in problem["try"]]
    return None if status else [said["totals"][name] for name in FIGURES], offered


@variations("line", LINES, 16, ids=lambda line: " ".join(line["type"])[:60])
def test_typed(line):
    """A line gives the figures of what is meant, or offers one that does."""
    meant, _ = answer("stack", line["means"])
    assert meant
    found, offered = answer(*line["type"])
    assert found == meant or any(answer(*words)[0] == meant for words in offered), found
