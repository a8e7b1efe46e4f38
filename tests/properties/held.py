"""What holds of whatever is typed: how a command line ends, and what it says beside another.

As a script, for as many command lines as are asked for:
`PYTHONPATH=tests python tests/properties/held.py 20000 [SEED]`.
"""

import csv
import json
import random
import re
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from command import printed
from parameters import fill, lines
from test_schema import validator

from cnncalc.cli.schema import schemas
from cnncalc.output.formats import ENDINGS
from cnncalc.speech.visible import ACTS
from cnncalc.tuples import NamedTuple

OF_PYTHON = re.compile(
    r"Traceback|internal-error|내부 오류|<class|<function|<built-in|<generator|<cnncalc"
    r"|object at 0x|dict_keys|dict_values|NoneType|\bNone\b|OrderedDict"
    r"|\b(?:Key|Value|Type|Attribute|Index)Error\b|mappingproxy|Fraction\(|\bTrue\b|(?<!_\()\bFalse\b|\bnan\b|\binf\b|<bound|<Row"
)
"""Words of Python, which no answer has but code."""

HEAD = re.compile(r"(error|오류|warning|경고|note|참고)\[([a-z0-9-]+)\]: (.*)")


class Tags(HTMLParser):
    """Looks whether the elements of a page are closed in their order."""

    EMPTY = frozenset(("meta", "link", "br", "hr", "img", "input", "col"))
    LEFT = frozenset(("html", "head", "body"))

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.feed(text)
        self.close()
        assert not {*self.open} - self.LEFT, self.open

    def handle_starttag(self, tag, _attributes):
        """Open an element."""
        self.open += [] if tag in self.EMPTY else [tag]

    def handle_startendtag(self, tag, attributes):
        """Pass over an element of nothing."""

    def handle_endtag(self, tag):
        """Close an element: the last."""
        assert self.open, tag
        assert self.open.pop() == tag


def cells_of(line, sign):
    """Return how many cells a line of a table has."""
    return len(re.findall(rf"(?<!\\)(?:\\\\)*{re.escape(sign)}", line))


def hold_json(text):
    """Assert that JSON is of a shape that the schema has."""
    data = json.loads(text)
    errors = {}
    for name in schemas():
        found = next(validator(name).iter_errors(data), None)
        if found is None:
            return
        errors[name] = found
    least = max(errors.values(), key=lambda each: len(each.absolute_path))
    raise AssertionError(f"of no shape: {least.message[:300]} at {list(least.absolute_path)}")


def hold_jsonl(text):
    """Assert that each line is an object."""
    for row in text.splitlines():
        assert isinstance(json.loads(row), dict)


def hold_csv(text):
    """Assert that each row has as many cells as the first."""
    rows = list(csv.reader(text.splitlines(keepends=True)))
    assert len({len(row) for row in rows}) <= 1, rows[:3]
    assert len(set(rows[0])) == len(rows[0]), rows[0]


def hold_markdown(text):
    """Assert that tables have as many cells in each row."""
    before = None
    for row in text.splitlines():
        is_row = row.lstrip().startswith("|")
        assert not (is_row and before) or cells_of(row, "|") == before, row
        before = cells_of(row, "|") if is_row else None


def hold_latex(text):
    """Assert that groups and environments are closed, and rows of a table have as many cells."""
    bare = re.sub(r"\\[\\{}%]", "", re.sub(r"(?<!\\)%.*", "", text))
    assert bare.count("{") == bare.count("}")
    open_ = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        open_.append(name) if kind == "begin" else None
        assert kind == "begin" or open_.pop() == name
    assert not open_
    for table in re.findall(r"\\begin\{tabular\}(.*?)\\end\{tabular\}", text, re.DOTALL):
        rows = [row for row in table.split(r"\\") if "&" in row and "multicolumn" not in row]
        assert len({cells_of(row, "&") for row in rows}) <= 1


def hold_mermaid(text):
    """Assert that frames are closed."""
    rows = [row.strip() for row in text.splitlines()]
    assert sum(row.startswith("subgraph") for row in rows) == rows.count("end")


def hold_html(text):
    """Assert that elements are closed in their order."""
    Tags(text)
    for picture in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ET.fromstring(picture)  # noqa: S314 - ours


def hold_svg(text):
    """Assert that it is well-formed."""
    ET.fromstring(text)  # noqa: S314 - ours


HELD = {
    name.removeprefix("hold_"): hold for name, hold in globals().items() if name.startswith("hold_")
}


class Told(NamedTuple):
    """What a command line did: its status, standard output, standard error, and its file."""

    status: int
    out: str
    err: str
    file: str | None = None


def run(words, folder, **environment):
    """Run a command line in a folder; return what it did. What it wrote there goes."""
    before = {*folder.iterdir()}
    status, out, err = printed(words, folder, **environment)
    files = [*{*folder.iterdir()} - before]
    text = files[0].read_text() if files else None
    for each in files:
        each.unlink()
    return Told(status, out, err, text)


def answer_of(told):
    """Return what was answered, on standard output or in a file."""
    return told.file if told.file is not None else told.out


def hold(line, told):
    """Assert what is true of whatever is typed."""
    status, _out, err, _file = told
    assert status in (0, 1, 2), "status"
    answer = answer_of(told)
    is_code = line.command in ("export", "page") or "--help" in line.words
    own = " ".join(line.words)
    said = err if is_code else f"{answer}\n{err}"
    found = [each[0] for each in OF_PYTHON.finditer(said) if each[0] not in own]
    assert not found, f"words of Python: {found}"
    assert not re.search(ACTS, f"{answer}{err}"), "control characters"
    as_json = line.after("--format") == "json" or "--json" in line.words
    heads = [HEAD.match(row) for row in err.splitlines() if re.match(r"\w+\[[\w-]+\]: ", row)]
    if as_json and status and not answer:
        validator("error").validate(json.loads(err))
        return
    if as_json:
        assert {each[2] for each in heads if each} <= {"nothing-to-change"}, "said beside JSON"
    errors = [each for each in heads if each and each[1] in ("error", "오류")]
    if status == 2 or errors:
        is_sheet = any(word.endswith(".toml") for word in line.words)
        assert is_sheet or not answer, "an answer beside an error"
        assert len(errors) == 1 or is_sheet, f"{len(errors)} errors"
    if status == 1 and not errors:
        assert answer or line.format == "jsonl", "no word"
    if status == 0:
        assert answer or is_code or line.file, "no answer"
    for row in err.splitlines():
        assert row[:1] in " 0123456789|" or heads or not row, f"odd line: {row[:80]}"
    for head in heads:
        message = head[3]
        assert message, "no message"
        assert not message.endswith("."), f"full stop: {message}"
        assert not re.search(r"\b(?:invalid|illegal|unexpected)\b", message), message
    if answer and "--help" not in line.words:
        HELD.get(form_of(line, answer), str)(answer)


def form_of(line, answer):
    """Return the format that an answer is in."""
    if answer.startswith("<svg"):
        return "svg"
    if line.command in ("draw", "schema", "export", "import"):  # which have their own
        return ""
    return line.format


# ---------------------------------------------------------------- a line beside another

FILES = {name: ending for ending, name in ENDINGS.items()}
NUMBER = re.compile(r"[0-9][0-9,.]*[0-9]")
COLOR = re.compile(r"\x1b\[[0-9;]*m")


def codes(told):
    """Return the codes of what is said on standard error."""
    return re.findall(r"^\w+\[([a-z0-9-]+)\]: |\"code\": (\"[a-z-]+\")", told.err, re.MULTILINE)


def alike(one, two):
    """Return whether two values of JSON are the same but for words in Korean."""
    if isinstance(one, dict) and isinstance(two, dict):
        return [*one] == [*two] and all(alike(one[name], two[name]) for name in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(alike, one, two))
    return one == two or (isinstance(one, str) and isinstance(two, str) and not two.isascii())


def again(line, told, folder):
    """Assert that the same line says the same."""
    assert run(line.words, folder) == told


def in_korean(line, told, folder):
    """Assert that in Korean the status, codes and numbers are the same; in JSON all but words."""
    if any("lang" in word for word in line.words):
        return
    korean = run([*line.words, "--lang", "ko"], folder)
    if told.out.startswith("<svg") or line.file:
        return
    assert (korean.status, codes(korean)) == (told.status, codes(told)), "in Korean"
    one, two = (answer_of(each) for each in (told, korean))
    if line.format == "json" and "--help" not in line.words:
        assert not one or alike(json.loads(one), json.loads(two)), "in Korean"
    elif line.command != "quantities" and "--help" not in line.words and one[:1] != "<":
        wide = (run([*line.words, *more], folder, COLUMNS="300") for more in ([], ["--lang=ko"]))
        one, two = (answer_of(each) for each in wide)
        one, two = (Counter(NUMBER.findall(each)) for each in (one, two))
        assert one == two, f"numbers in Korean: {one - two}, {two - one}"


def to_a_file(line, told, folder):
    """Assert that what -o writes is what is printed."""
    if line.file or told.status == 2 or not told.out or "--help" in line.words:
        return
    name = {"export": ".py", "import": ".cnn", "draw": ".svg", "schema": ".json"}.get(line.command)
    name = name or FILES.get(line.format) or ".txt"
    if line.command == "quiz":
        name = {"toml": ".toml", "": ".txt"}.get(line.format, name)
    if told.out.startswith("<svg"):
        name = ".svg"
    written = run([*line.words, "-o", f"out{name}"], folder)
    assert (written.status, written.out, written.err) == (told.status, "", told.err)
    if name == ".txt":  # which has room, and is laid out in another way
        wide = run(line.words, folder, COLUMNS="")
        one, two = (Counter(NUMBER.findall(each)) for each in (written.file, wide.out))
        assert one == two, f"numbers in a file: {one - two}, {two - one}"
    else:
        assert written.file == told.out


def in_colors(line, told, folder):
    """Assert that FORCE_COLOR adds colours alone, and NO_COLOR takes them away."""
    colored = run(line.words, folder, FORCE_COLOR="1")
    for one, two in zip(told[1:], colored[1:], strict=True):
        assert re.sub(" +\n", "\n", COLOR.sub("", two or "")) == (one or ""), "in colours"
    assert colored.status == told.status
    assert run(line.words, folder, FORCE_COLOR="1", NO_COLOR="1") == told


RELATIONS = (again, in_korean, to_a_file, in_colors)


# ---------------------------------------------------------------- many


def run_many(count, seed=0, *, related=True):
    """Try command lines; return how many ended with each status. What fails is told of at the end.

    One that is answered has another one beside it, and some of those that are refused have, too.
    """
    chance = random.Random(seed)
    ended, failed = Counter(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        for line in lines(count, seed):
            relation, may = chance.choice(RELATIONS), chance.random()
            try:
                told = run(line.words, folder)
                ended[told.status] += 1
                hold(line, told)
                if related and may < (0.1 if told.status == 2 else 1):
                    relation(line, told, folder)
            except Exception as error:  # noqa: BLE001 - the others are run, too
                words = [word if len(word) < 200 else f"{word[:200]}..." for word in line.words]
                about = f"{relation.__name__}? {type(error).__name__} {error!s:.300}"
                failed.append(f"{words!r}: {about}")
    assert not failed, f"{len(failed)} of {count}:\n" + "\n".join(failed)
    return ended


if __name__ == "__main__":
    print(run_many(*map(int, sys.argv[1:] or ["20000"])))
