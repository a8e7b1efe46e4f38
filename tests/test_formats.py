"""Every format holds the same rows; a file is written whole or not at all."""

import csv
import io
import json
import re
import subprocess
from shutil import which

import pytest
from command import printed
from variations import variations

from cnncalc import Problem, stack
from cnncalc.cli.streams import put
from cnncalc.output import terminal
from cnncalc.output.formats import FORMATS, export
from cnncalc.output.layout import Style
from cnncalc.output.table import draw
from cnncalc.report.diagram import Cluster, Vertex, graph
from cnncalc.report.folds import fold, gather
from cnncalc.report.listing import Listing, Schema
from cnncalc.report.quantities import COLUMNS, QUANTITIES
from cnncalc.report.stack import listed
from cnncalc.report.view import View
from cnncalc.speech.columns import Column, field
from cnncalc.trace.trace import Trace

NETWORKS = [
    "8x8x3 -> conv 4 k3 -> relu -> gap -> fc 10",
    "56x56x64 -> add[ conv 64 k3 p1 -> relu | conv 64 k1 ] -> relu",
    "16x16x3 -> a: [conv 8 k3 p1]*2 -> aux[gap -> fc 10] -> fc 10",
    "28x28x192 -> concat[conv 64 k1 | conv 96 k1 -> conv 128 k3 p1 | maxpool 3 s1 p1]",
    "1000x16 -> deconv 4 k3 s2 -> dwconv k3",
]


def cells_of(name, text):
    """Return the rows of a format's text as lists of cells, without their numbers' commas."""
    if name == "csv":
        return list(csv.reader(io.StringIO(text)))[1:]
    lines = text.split("\n\n")[0].splitlines()
    if name == "markdown":
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines[2:]]
    elif name == "latex":
        rows = [re.split(r"(?<!\\)&", line.removesuffix(r" \\")) for line in lines if "&" in line]
        rows = rows[1:]
    else:
        rows = [re.split(r"  +", line.strip()) for line in lines[1:]]
    return [[cell.strip() for cell in row] for row in rows]


def test_csv_has_the_memory_that_json_has():
    """What a batch and a type bear on stands in the rows of CSV too."""
    line = ["counts", "9x9x3 -> conv 4 k3 -> bn", "--batch", "4", "--dtype", "int8"]
    told = json.loads(printed([*line, "--json"])[1])["memory"]
    rows = [*csv.DictReader(printed([*line, "--format", "csv"])[1].splitlines())]
    found = {(row["quantity"], row["total"]) for row in rows if row["prints"] == "bytes"}
    assert found == {(each["quantity"], str(each["total"])) for each in told} != set()
    said = " ".join(printed([*line, "--format", "jsonl"])[2].split())
    assert "--batch, --dtype have no bearing on the totals of counters" in said


@pytest.mark.parametrize(
    ("options", "is_refused"),
    [
        ("--json -o x.csv", True),
        ("--format csv -o x.json", True),
        ("--format csv -o x.csv", False),
        ("--format latex -o x.txt", False),
        ("--json -o x.data", False),
    ],
)
def test_a_format_and_an_ending_are_of_one_kind(options, is_refused, tmp_path, monkeypatch):
    """A file that is named as one format is not written in another."""
    monkeypatch.chdir(tmp_path)
    status, _out, err = printed(["stack", "8x8x3, relu", *options.split()])
    assert (status, "different formats" in err) == ((2, True) if is_refused else (0, False))
    assert bool([*tmp_path.iterdir()]) is not is_refused


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", ["csv", "markdown", "latex", "table"])
def test_the_same_numbers(network, name):
    """Each row's quantities, read back from each format, are the report's own."""
    report = stack(network)
    listing = listed(View(report, report.rows, COLUMNS))
    text = (
        draw(listing, Style(None, color=False, unicode=True))
        if name == "table"
        else "\n".join(export(listing, name))
    )
    rows = [row for row in cells_of(name, text) if row[0].isdigit()]
    assert len(rows) == len(report.rows)
    for cells, row in zip(rows, report.rows, strict=True):
        assert int(cells[0]) == row.index
        numbers = [
            cell.replace(",", "").replace(r"{\times}", "x").strip("$")
            for cell in cells[-len(COLUMNS) :]
        ]
        assert numbers == [
            "x".join(map(str, row.output)),
            str(row.params),
            str(row.macs),
            "x".join(map(str, row.rf)) if isinstance(row.rf, tuple) else row.rf,
            str(row.activations),
        ]


@pytest.mark.parametrize("network", NETWORKS)
def test_json_and_its_lines(network):
    """JSON has each quantity of each row, and JSON lines are its rows; totals are the report's."""
    report = stack(network)
    listing = listed(View(report, report.rows, COLUMNS))
    data = json.loads("\n".join(export(listing, "json")))
    assert data["rows"] == [json.loads(line) for line in export(listing, "jsonl")]
    for found, row in zip(data["rows"], report.rows, strict=True):
        assert found["output"] == list(row.output)
        for name in ("params", "weights", "biases", "macs", "flops", "activations"):
            assert found[name] == getattr(row, name)
        if isinstance(row.rf, tuple):
            assert found["rf"]["size"] == list(row.rf)
            assert found["rf"]["start"] == list(row.start)
    for name in ("params", "macs", "activations"):
        assert data["totals"][name] == getattr(report, name)


def test_what_is_asked_for_is_in_every_format():
    """Shares and depth are in JSON where they are columns; rows can be gathered in each format."""
    report = stack(NETWORKS[1])
    columns = [QUANTITIES["params-share"], QUANTITIES["depth"]]
    rows = json.loads("\n".join(export(listed(View(report, report.rows, columns)), "json")))["rows"]
    assert [row["params-share"] for row in rows] == [0.0, 89.9, 0.0, 10.1, 0.0, 0.0]
    assert [row["depth"] for row in rows] == [0, 1, 1, 1, 1, 1]
    by = listed(View(report, gather(report.rows, "kind"), columns[:1], "kind"))
    lines = list(export(by, "csv"))
    assert lines[:3] == ["rows,kind,params-share", "1,input,0.0", "2,conv,100.0"]
    assert json.loads("\n".join(export(by, "json")))["rows"][1]["rows"] == 2


def test_rows_stream():
    """JSON lines, CSV and JSON are written as rows come: no row is asked for before its turn."""
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield {"n": number, "word": None if number else 'a "b", c'}

    columns = [Column("n", "n", "count"), Column("word", "word")]
    for name, before in (("jsonl", 0), ("csv", 1), ("json", 2)):
        taken.clear()
        shape = Schema("points", columns, tail=[field("complete", "boolean")])
        late = {}
        lines = export(shape.listing(columns, rows(), late), name)
        for _ in range(before):
            next(lines)
        assert taken == []
        next(lines)
        assert taken == [0]
        late["complete"] = True
        rest = list(lines)
        assert taken == [0, 1, 2]
    assert rest[-2] == '  "complete": true'


@pytest.mark.parametrize("cell", ["a\nb", "a\r\nb", "\n", "a,b", 'a"b', ""])
def test_a_cell_of_several_lines(cell):
    """A cell of CSV is read back as it is, whatever lines it has."""
    columns = [Column("n", "n", "count"), Column("word", "word")]
    lines = export(Listing("points", columns, [{"n": 1, "word": cell}], raw=True), "csv")
    assert list(csv.reader(io.StringIO("\n".join(lines), newline="")))[1:] == [["1", cell]]


def test_no_rows():
    """A listing of no rows is one in every format."""
    empty = Listing("points", [Column("n", "n", "count")], [])
    for name in set(FORMATS) - {"mermaid"}:
        assert "None" not in "".join(export(empty, name))
    assert json.loads("\n".join(export(empty, "json"))) == {"schema": 1, "points": []}
    assert list(export(empty, "csv")) == ["n"]
    assert list(export(empty, "jsonl")) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    """Where a row fails the file stays as it was, and nothing is left beside it."""
    path = tmp_path / "rows.csv"
    path.write_text("before\n")
    path.chmod(0o640)

    def lines(*, good):
        yield "one"
        if not good:
            raise ZeroDivisionError
        yield "two"

    with pytest.raises(ZeroDivisionError):
        put(lines(good=False), str(path))
    assert path.read_text() == "before\n"
    assert [each.name for each in tmp_path.iterdir()] == ["rows.csv"]
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    put(lines(good=True), str(link))
    assert path.read_text() == "one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.csv", "rows.csv"]


@pytest.mark.parametrize("place", ["/dev/full", "nowhere/a.csv", ".", "loop.csv", "x" * 300])
def test_a_file_that_cannot_be_written(tmp_path, monkeypatch, place):
    """A full disk, no folder, a folder, a circle of links, a name too long: each is a fault."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(Problem) as caught:
        put(["1"], place)
    assert caught.value.code == "file-not-written"
    assert [each.name for each in tmp_path.iterdir()] == ["loop.csv"]


@pytest.mark.parametrize("name", ["draw", "stack", "quiz", "export"])
def test_a_stream_needs_no_ending(name, tmp_path):
    """What stands for an open stream is written as standard output is."""
    words = [name, "8x8x3 -> conv 4 k3"]
    with (tmp_path / "log").open("w+b") as log:
        assert printed([*words, "-o", f"/dev/fd/{log.fileno()}"]) == (0, "", "")
    assert (0, (tmp_path / "log").read_text(), "") == printed(words)
    assert "-o names no file" in printed([*words, "-o", " "])[2]


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("json", "{\n"),
        ("jsonl", '{"index": 0'),
        ("csv", "index,"),
        ("md", "| # |"),
        ("tex", "\\begin{tabular}"),
        ("mmd", "%%{init"),
        ("txt", "#  layer"),
        ("svg", "<svg"),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_the_ending_chooses(tmp_path, ending, begins):
    """-o writes in the format of its ending, and prints nothing."""
    path = tmp_path / f"net.{ending}"
    words = ["stack", "8x8x3 -> conv 4 k3", "-o", str(path)]
    assert printed(words) == (0, "", "")
    assert path.read_text().startswith(begins)
    assert "112" in path.read_text() or ending == "mmd"


def test_blocks_are_ground_in_pictures():
    """A glyph has gaps around it: full blocks are coloured ground, and no letter is lost."""
    drawn = terminal.picture("\x1b[36m\u2588\u2588\x1b[90m\u2588\x1b[0m conv 4 \u258c")
    grounds = re.findall(r'<rect fill="(#\w+)" x="([\d.]+)"', drawn)
    assert [float(x) for _, x in grounds] == [0, 24.4]
    assert len({fill for fill, _ in grounds}) == 2
    assert "\u2588" not in drawn
    assert "conv" in drawn
    assert "\u258c" in drawn


def weighed(members, times=1):
    """Yield boxes with how many times each is gone through, frames around it counted."""
    for each in members:
        if isinstance(each, Vertex):
            yield each, times * each.times
        else:
            yield from weighed(each.members, times * getattr(each, "times", 1))


@pytest.mark.parametrize("depth", [None, 0, 2, 99])
@variations("name", ["vgg16", "resnet50", "googlenet_paper", "unet", "fpn_resnet50"], 2)
def test_the_graph_holds_each_row(name, depth):
    """Boxes times their rounds add up to the network's own sums, auxiliary ones apart."""
    report = stack(name)
    drawn = graph(fold(report.rows, depth), lambda _box: [])
    boxes = list(weighed(drawn.members))
    for quantity in ("params", "macs", "activations"):
        main = sum(
            times * QUANTITIES[quantity].of(box.row) for box, times in boxes if not box.row.aux
        )
        assert main == getattr(report, quantity)
    numbers = {box.number for box, _ in boxes}
    assert all(start in numbers and end in numbers for start, end in drawn.arrows)
    assert {end for _, end in drawn.arrows} == numbers - {0}


def test_rounds_that_are_alike_are_drawn_once():
    """Three equal rounds are one frame of three; where sizes differ each is drawn."""
    rows = stack("8x8x4 -> [conv 4 k3 p1 -> relu]*3 -> gap").rows
    drawn = graph(rows, lambda _box: [])
    assert [type(each) for each in drawn.members] == [Vertex, Cluster, Vertex]
    assert drawn.members[1].times == 3
    assert drawn.arrows == [(0, 1), (1, 2), (2, 7)]
    rows = stack("8x8x4 -> [conv 4 k3 -> relu]*3 -> gap").rows
    assert len(graph(rows, lambda _box: []).members) == len(rows)
    first = stack("8x8x2 -> a: [conv 4 k3 p1 -> relu]*3 -> fc 2")
    drawn = graph(first.rows, lambda _box: [])
    assert [(each.label, each.times) for each in drawn.members[1].members[2:]] == [("", 2)]


def test_paths_that_pass_by_are_arrows():
    """An identity is an arrow past the branch; a label that is read, an arrow from it."""
    rows = stack("8x8x4 -> a: relu -> add[conv 4 k1 | identity] -> concat[conv 2 k1 | @a]").rows
    drawn = graph(rows, lambda _box: [])
    assert drawn.arrows == [(0, 1), (1, 2), (2, 4), (1, 4), (4, 5), (5, 7), (1, 7)]


@pytest.mark.parametrize(
    "words",
    [
        ["models"],
        ["compare", "vgg16", "resnet18", "--sweep", "input=32..96"],
        ["solve", "?nx?nx3 -> conv 8 k?", "size=9"],
        ["check", "vgg16", "params=1"],
        ["rf", "vgg16"],
        ["counts", "vgg16"],
    ],
    ids=lambda words: words[0],
)
def test_a_diagram_of_no_network_is_refused_at_once(words, monkeypatch):
    """Nothing is worked out before."""
    monkeypatch.setattr(Trace, "run", None)
    status, out, err = printed([*words, "--format", "mermaid"])
    assert (status, out) == (2, "")
    assert err.startswith("error[misuse]: mermaid draws the layers of one network")


def test_mermaid():
    """Words are escaped, frames closed, and side branches marked."""
    report = stack("8x8x4 -> x: [conv 4 k1 -> relu]*2 -> aux[gap -> fc 2] -> fc 3")
    lines = list(export(listed(View(report, report.rows, COLUMNS[:1])), "mermaid"))
    assert lines[1] == "flowchart TB"
    assert '  subgraph g1_2 ["x \u00d72"]' in lines
    assert '    n1["conv 4 k1<br/>8x8x4"]' in lines
    assert lines.count("  end") == 1
    assert lines[-1] == "  class n5,n6 side"
    folded = listed(View(report, fold(report.rows, 0), COLUMNS[:1]))
    assert '  n1["x: [conv 4 k1 -#gt; relu]*2<br/>8x8x4"]' in list(export(folded, "mermaid"))


def test_bars_of_letters():
    """Where letters cancel, a bar is drawn; where they decide, the number stands in its place."""
    report = stack("HxWx3 -> conv 8 k3 p1 -> conv 8 k3 p1 -> gap -> fc 10")
    lines = draw(
        listed(View(report, report.rows, COLUMNS[1:3], chart=True)),
        Style(None, color=False, unicode=True),
    ).splitlines()
    (second,) = (line for line in lines if line.startswith("2 "))
    assert "792" not in second
    assert "576\u00b7H\u00b7W" in second
    report = stack("HxWx3 -> conv 8 k3 p1 nobias -> conv 8 k3 p1 nobias")
    shares = [
        row["macs-bar"][0]
        for row in listed(View(report, report.rows, COLUMNS[1:3], chart=True)).for_people().rows
    ]
    assert shares == [27.3, 72.7]  # 216 and 576 of 792


@pytest.mark.skipif(not which("pdflatex"), reason="needs TeX")
def test_latex_compiles(tmp_path):
    """Tables with branches, labels, percent signs and formulas compile with booktabs alone."""
    report = stack("8x8x4 -> a_1: add[conv 4 k1 | identity] -> aux[gap -> fc 2] -> prelu")
    columns = [*COLUMNS, QUANTITIES["params-share"]]
    letters = stack("HxWxC -> conv 2*C k3 s2 -> relu -> conv C k1 -> fc 10")
    kinds = [Column(each, f"{each} & more", "code") for each in ("a", "b")]
    odd = [{"a": 'x^2 ~ {y} \\ <z> | "q" #1 $', "b": "3\u00d73 \u2192 \u230an/2\u230b \u2265 1"}]
    tables = [
        *export(listed(View(report, report.rows, columns)), "latex"),
        *export(listed(View(report, report.rows, columns, chart=True)), "latex"),
        *export(listed(View(letters, letters.rows, columns)), "latex"),
        *export(listed(View(letters, letters.rows, columns, chart=True)), "latex"),
        *export(Listing("odd", kinds, odd, above=["100 %"], below=["_"]), "latex"),
    ]
    page = "\n".join(
        [
            r"\documentclass{article}\usepackage{booktabs}",
            r"\begin{document}",
            *tables,
            r"\end{document}",
        ]
    )
    (tmp_path / "page.tex").write_text(page)
    subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "page.pdf").stat().st_size > 1000


@pytest.mark.parametrize("unicode", [True, False])
def test_bars_are_as_long_as_their_values(unicode):
    """The longest bar is the most; the others are in proportion, to a cell; totals are exact."""
    report = stack("vgg16")
    rows = gather(report.rows, "label")
    listing = listed(View(report, rows, COLUMNS, "label", chart=True))
    lines = draw(listing, Style(120, color=False, unicode=unicode)).splitlines()
    charted = ("params", "macs", "activations")
    rows = [row for row in rows if any(QUANTITIES[name].of(row) for name in charted)]
    starts = [lines[0].index(word) for word in ("params", "MACs", "activations")]
    for name, start in zip(charted, starts, strict=True):
        most = max(QUANTITIES[name].of(row) for row in rows)
        bars = {}
        for row, line in zip(rows, lines[1:], strict=False):
            percent, _, bar = line[start : start + 40].partition("%")
            assert float(percent) == pytest.approx(
                100 * QUANTITIES[name].of(row) / report.total(name), abs=0.051
            )
            bars[row.layer] = len(bar[1:].split(" ")[0])
        longest = max(bars.values())
        assert longest >= 8
        for row in rows:
            value = QUANTITIES[name].of(row)
            assert abs(bars[row.layer] - longest * value / most) <= 1
            assert bool(value) == bool(bars[row.layer])
        assert f"{getattr(report, name):,}" in lines[len(rows) + 2]


@variations("name", ["vgg16_bn", "resnet50", "vit_b_16", "densenet121", "unet"], 2)
@pytest.mark.parametrize("depth", ["0", "1", "2"])
def test_mermaid_runs_through_no_title(name, depth):
    """A title is in the middle of its frame: what comes from one source ends at the frame."""
    text = printed(["stack", name, "--depth", depth, "--format", "mermaid"])[1]
    around, stack_, inside = {}, [], {}
    for line in text.splitlines():
        if frame := re.match(r" *subgraph (\w+)", line):
            stack_.append(frame[1])
        elif line.strip() == "end":
            stack_.pop()
        elif node := re.match(r" *(\w+)[(\[]", line):
            around[node[1]] = list(stack_)
            for each in stack_:
                inside.setdefault(each, set()).add(node[1])
    arrows = re.findall(r"(\w+) --> (\w+)", text)
    for frame, nodes in inside.items():
        first = next(node for node, frames in around.items() if frame in frames)
        entering = [(one, two) for one, two in arrows if two in nodes and one not in nodes]
        if len({one for one, _ in entering}) == 1:
            assert frame != around[first][0], (frame, entering)
