"""The edges of a process: streams that are full, closed or gone, signals, files that are in use."""

import copy
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import clock
import pytest
from command import printed
from test_calculator import made
from variations import variations

from cnncalc import cli
from cnncalc.cli import files, streams
from cnncalc.importing import pages
from cnncalc.importing.files import BINARY
from cnncalc.importing.json_text import read_json
from cnncalc.importing.sources import read_network
from cnncalc.importing.torch_export import entries
from cnncalc.importing.torch_export.entries import keeper
from cnncalc.importing.torch_export.program import read_model
from cnncalc.importing.zips import texts_in
from cnncalc.speech import language
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Problem

ROOT = Path(__file__).parent.parent
LINES = (
    (["--help"], 0),
    ([], 2),
    (["stack", "--help"], 0),
    (["--version"], 0),
    (["stack", "vgg16"], 0),
    (["stack", "vgg16", "--format", "csv"], 0),
    (["check", "alexnet", "params=3"], 1),
    (["conv", "32x32x3", "--filters", "4", "--k", "3", "--json"], 0),
)


def run(words, **more):
    """Run a command line in a process of its own."""
    given = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **more}
    return subprocess.run(  # noqa: PLW1510 - its status is what is looked at
        [sys.executable, "-m", "cnncalc", *words], timeout=60, **given
    )


@variations(("words", "status"), LINES, 2, ids=str)
def test_streams_that_take_nothing(words, status):
    """A reader that left changes no status; a full disk is one fault; none is no fault at all."""
    read, write = os.pipe()
    os.close(read)
    done = run(words, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (status, b"")
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run(words, stdout=full)
        assert done.returncode == 1
        assert done.stderr.count(b"output-not-written") == 1
        assert b"Traceback" not in done.stderr
        assert run([*words, "--none"], stdout=full, stderr=full).returncode == 2
    shut = f'exec "$0" -m cnncalc {" ".join(words)} >&-'
    done = subprocess.run(["sh", "-c", shut, sys.executable], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (status, b"")


def test_a_shell_that_left():
    """A shell that asks how a line goes on may leave before it is told."""
    read, write = os.pipe()
    os.close(read)
    done = run([], stdout=write, env={**os.environ, "_CNNCALC_COMPLETE": "bash_source"})
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_last_resort(monkeypatch, capsys):
    """Whatever goes wrong inside is one drawn fault with a code, and a status of its own."""
    for error, code, status in (
        (KeyError("x"), "internal-error", 70),
        (MemoryError(), "not-enough-memory", 1),
        (RecursionError(), "nesting-too-deep", 1),
        (OSError(1, "of a file"), "internal-error", 70),
    ):

        def fail(*_words, error=error, **_options):
            raise error

        monkeypatch.setattr("cnncalc.cli.stack.answer", fail)
        for more in ([], ["--json"]):
            with pytest.raises(SystemExit) as left:
                cli.main(["stack", "8x8x1 -> relu", *more])
            said = capsys.readouterr()
            assert (left.value.code, said.out) == (status, "")
            assert code in said.err
            assert "Traceback" not in said.err


@pytest.mark.parametrize("columns", ["²", "1e3", "-5", "0", "000", "9" * 5000, "100000000"])
def test_columns(columns):
    """A width that no terminal has is no fault, and fills no disk."""
    status, out, _err = printed(["stack", "lenet5"], COLUMNS=columns)
    assert status == 0
    assert len(out) < 30 * streams.WIDEST


@pytest.mark.parametrize("columns", ["1", "2", "3"])
def test_narrow_pictures(columns):
    """A terminal of hardly a column has its picture."""
    for network, unit in (("9x9x1 -> conv 1 k3", "3,3"), ("90x1 -> conv 1 k3", "3")):
        for more in ([], ["--effective"], ["--unit", unit]):
            status, out, err = printed(["rf", network, "--draw", *more], COLUMNS=columns)
            assert (status, err, bool(out)) == (0, "", True)


def test_standard_output_by_name(tmp_path):
    """`-o /dev/stdout` goes where the output goes: to the end of a log, or through a pipe."""
    log = tmp_path / "log"
    log.write_text("before\n")
    words = ["stack", "lenet5", "--format", "csv"]
    plain = run(words, stdout=subprocess.PIPE).stdout
    with log.open("ab") as out:
        assert run([*words, "-o", "/dev/stdout"], stdout=out).returncode == 0
    assert log.read_bytes() == b"before\n" + plain
    assert run([*words, "-o", "/dev/stdout"], stdout=subprocess.PIPE).stdout == plain
    for words in (["stack", "lenet5"], ["draw", "lenet5"], ["export", "lenet5"]):
        assert printed([*words, "-o", "-"], tmp_path) == printed(words)
    assert [*tmp_path.iterdir()] == [log]


def test_files_stay_whose_they_are(tmp_path, monkeypatch):
    """A file that is written anew keeps its rights, its owner and its other names."""
    path = tmp_path / "a"
    path.write_text("long before\n" * 9)
    path.chmod(0o666)
    if os.getuid() == 0:
        os.chown(path, 1234, 1234)
    files.write(str(path), ["new"], streams.flush)
    there = path.stat()
    assert (path.read_text(), there.st_mode & 0o777) == ("new\n", 0o666)
    assert there.st_uid == (1234 if os.getuid() == 0 else os.getuid())
    other = tmp_path / "b"
    other.hardlink_to(path)
    files.write(str(path), ["newer"], streams.flush)
    assert other.read_text() == "newer\n"
    monkeypatch.setattr(os, "fchown", lambda *_: (_ for _ in ()).throw(PermissionError))
    files.write(str(path), ["newest"], streams.flush)
    assert other.read_text() == "newest\n"
    old = os.umask(0o027)
    files.write(str(tmp_path / "c"), ["made"], streams.flush)
    os.umask(old)
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "b", "c"]


def test_streams_that_are_numbers(tmp_path):
    """A descriptor that a shell opened is written to where it stands, and is no file to replace."""
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("ab") as out:
        files.write(f"/dev/fd/{out.fileno()}", ["after"], streams.flush)
    assert log.read_text() == "before\nafter\n"


def test_a_name_that_is_empty():
    """As of a variable of a shell that is not set: it is no file, and not the folder."""
    with pytest.raises(Problem) as found:
        files.write("", ["x"], streams.flush)
    assert "no such file" in found.value.labels[0].text


def test_files_that_none_can_replace(tmp_path, monkeypatch):
    """What is mounted, or has further rights, is written over; without room it stays as it was."""
    path = tmp_path / "a"
    path.write_text("before\n" * 300)
    there = path.stat().st_ino
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(16, "busy")))
        files.write(str(path), ["mounted"], streams.flush)
    assert (path.read_text(), path.stat().st_ino) == ("mounted\n", there)
    with suppress(OSError):
        os.setxattr(path, "user.a", b"1")
        files.write(str(path), ["right"], streams.flush)
        assert (os.getxattr(path, "user.a"), path.read_text()) == (b"1", "right\n")
    monkeypatch.setattr(files, "_created", lambda *_: None)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most[1]))
    before = path.read_text()
    try:
        with pytest.raises(Problem):
            files.write(str(path), ["x" * 5000], streams.flush)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert path.read_text() == before
    files.write(str(path), ["shorter"], streams.flush)
    assert path.read_text() == "shorter\n"


@pytest.mark.parametrize("words", ["--help", "check lenet5 params=61706 " + "rf=32x32 " * 70])
def test_a_disk_that_is_full_half_way(words, tmp_path):
    """What no longer fits is told, also where Python writes without a buffer, as in containers."""
    limited = f"ulimit -f 1; exec {sys.executable} -B -u -m cnncalc {words} > {tmp_path / 'out'}"
    done = subprocess.run(["sh", "-c", limited], capture_output=True, check=False)
    assert (done.returncode, done.stderr.count(b"output-not-written")) == (1, 1)


@variations("most", [34_000, 60_000, 75_000], 1)
def test_too_little_memory(most):
    """What needs more memory than there is ends in one fault, told with what is kept for that.

    Python itself fell in every other turn where click closed its contexts without any; elsewhere
    it may fall once in many.
    """
    line = "stack '8x8x3 -> [conv 3 k3 p1 -> relu]*49000' --sort macs --top 3"
    limited = f"ulimit -c 0; ulimit -v {most}; exec {sys.executable} -m cnncalc {line}"
    for _turn in range(3):
        done = subprocess.run(["sh", "-c", limited], capture_output=True, check=False)
        if done.returncode != -signal.SIGSEGV:
            break
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"error[not-enough-memory]" in done.stderr
    assert b"Traceback" not in done.stderr


def test_rows_where_no_thread_can_be_started(monkeypatch):
    """A long table is the same in a browser, and where the system allows no thread more."""
    lines = [["stack", "8x8x3 -> [conv 3 k3 p1 -> relu]*300", *more] for more in ([], ["--json"])]
    threaded = [printed(words) for words in lines]

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert [printed(words) for words in lines] == threaded
    assert threaded[0][0] == 0


def test_catalogues_that_cannot_be_read(tmp_path, monkeypatch):
    """Where a language's catalogue is lacking, cut short or damaged, English is spoken."""
    path = ROOT / "cnncalc/speech/locale/ko/LC_MESSAGES/cnncalc.mo"
    monkeypatch.setattr(language, "_FOLDER", str(tmp_path))
    (tmp_path / "ko" / "LC_MESSAGES").mkdir(parents=True)
    whole, noise = path.read_bytes(), random.Random(3).randbytes(5000)
    for content in (None, b"", noise, whole[:28], whole[:-9], whole[:4] + noise):
        if content is not None:
            (tmp_path / "ko" / "LC_MESSAGES" / path.name).write_bytes(content)
        status, out, err = printed(["--lang", "ko", "stack", "covn"])
        assert (status, out) == (1, "")
        assert err.startswith("error[unknown-layer]: no layer is called 'covn'")


def test_files_that_cannot_be_opened_any_more(tmp_path):
    """Without a descriptor to load what tells a fault with, it is told in one line all the same."""
    code = (
        "import os, resource, sys\n"
        "from cnncalc import cli\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "while os.dup(0) < 63: pass\n"
        "cli.main(['stack', 'lenet5'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (70, b"")
    assert done.stderr.startswith(b"error[internal-error]: OSError(24, ")
    assert b"Traceback" not in done.stderr


@variations("number", [*files.ENDS, signal.SIGINT], 3)
def test_signals_leave_nothing(tmp_path, number):
    """A signal while a file is written ends the program by that signal, and leaves no half file."""
    code = (
        "import resource, sys, time\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "from cnncalc.cli import files, streams\n"
        "def lines():\n"
        "    yield 'one'\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(60)\n"
        f"files.write({str(tmp_path / 'a')!r}, lines(), streams.flush)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == -number
    assert list(tmp_path.iterdir()) == []


INTERRUPTED = """
import os, signal, sys
from cnncalc.cli import files
number, kind, step = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
texts, lines, at, is_over = {None if kind == "new" else "old", "new\\n"}, [0], 0, False

def trace(frame, event, _given):
    if frame.f_code.co_filename.endswith(("cli/files.py", "contextlib.py")):
        lines[0] += 1
        if lines[0] == at:
            os.kill(os.getpid(), number)
        return trace

while not is_over:
    at += step
    for name in os.listdir():
        os.unlink(name)
    if kind != "new":
        open("a", "w").write("old")
    if kind == "linked":
        os.link("a", "b")
    if not os.fork():
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.settrace(trace)
        try:
            files.write("a", ["new"], list)
        except BaseException:
            os._exit(130)
        os._exit(77 if lines[0] < at else 0)
    status = os.waitstatus_to_exitcode(os.wait()[1])
    is_over = status == 77
    found = open("a").read() if os.path.exists("a") else None
    assert found in texts, (at, found)
    assert set(os.listdir()) <= {"a", "b"}, (at, os.listdir())
    assert status in (0, 77, -number, 130), (at, status)
assert at > 70, at
"""


@variations(
    ("number", "kind"),
    [(number, kind) for kind in ("linked", "old", "new") for number in ("15", "2", "1")],
    2,
)
@pytest.mark.parametrize("step", ["7", pytest.param("1", marks=pytest.mark.long)])
def test_signals_at_every_line(tmp_path, number, kind, step):
    """Whenever a signal comes there is the old file or the new one, and nothing beside it."""
    code = [sys.executable, "-c", INTERRUPTED, number, kind, step]
    done = subprocess.run(code, capture_output=True, check=False, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_signals_that_are_passed_over(tmp_path):
    """Where a terminal that closes ends nothing, as under nohup, the file is written on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        files.write(
            str(tmp_path / "a"), (str(signal.getsignal(signal.SIGHUP)) for _ in "a"), streams.flush
        )
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (tmp_path / "a").read_text() == f"{signal.SIG_IGN}\n"


def test_many_warnings(capfd):
    """Of very many warnings the first are drawn, and the rest counted."""
    text = "65x65x1 -> " + " -> ".join(["maxpool 2 -> upsample 2 -> pad 0:1"] * 70)
    with pytest.raises(SystemExit):
        cli.main(["stack", text, "--totals"])
    said = capfd.readouterr().err
    warned = said.count("warning[")
    assert warned == 20
    assert re.search(r"and [\d,]+ more", said)


def test_archive(tmp_path):
    """Run from an archive it answers as from its folder; what packs that folder says so."""
    with zipfile.ZipFile(tmp_path / "cnncalc.pyz", "w") as archive:
        for path in sorted((ROOT / "cnncalc").rglob("*[!c]")):
            compiled = Path(cache_from_source(path)) if path.suffix == ".py" else path
            is_new = compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime
            if compiled != path and is_new:  # to compile it again takes a second
                archive.write(compiled, path.relative_to(ROOT).with_suffix(".pyc"))
            else:
                archive.write(path, path.relative_to(ROOT))
        archive.writestr("__main__.py", "from cnncalc.__main__ import main\nmain()\n")
    (tmp_path / "net.py").write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU())\n")
    code = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from cnncalc.cli import main\n"
        "for line in sys.argv[2:]:\n"
        "    try: main(line.split(' '))\n"
        "    except SystemExit as end: print('ends with', end.code)\n"
    )
    lines = (
        "stack lenet5 --get params",
        f"stack {tmp_path / 'net.py'} --input 8x8x3 --get output",
        "stack sepconv(8,k=3) --input 8x8x3 --get params",
        "stack covn(3,k=3) --input 8x8x3",
        f"stack 8x8x3 -o {tmp_path / 'a.html'}",
        "--lang ko stack covn",
        f"page --runtime {made(tmp_path / 'runtime')} -o {tmp_path / 'b.html'}",
    )
    words = [sys.executable, "-I", "-c", code, tmp_path / "cnncalc.pyz", *lines]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    ends = [line for line in done.stdout.splitlines() if "ends" not in line]
    assert ends == ["61706", "8x8x3", "59"]
    assert re.findall("ends with (.)", done.stdout) == [*"0001011"]
    assert re.findall(r"(\w+)\[([a-z-]+)\]", done.stderr) == [
        ("error", "unknown-layer"),
        ("\uc624\ub958", "unknown-layer"),
        ("error", "library-missing"),
    ]


@pytest.mark.parametrize("reads", [0, 1, 2, 7, 40])
def test_files_cut_while_they_are_read(tmp_path, monkeypatch, reads):
    """A file that another shortens as it is read is a fault, and ends no process."""
    path = tmp_path / "net.onnx"
    path.write_bytes((ROOT / "tests/data/imports/resnet18.onnx").read_bytes())
    turn, left = pages.Pages.turn, [reads]

    def cut(self, *place):
        if not left[0]:
            os.truncate(path, 10)
        left[0] -= 1
        turn(self, *place)

    monkeypatch.setattr(pages, "PAGE", 64)
    monkeypatch.setattr(pages.Pages, "turn", cut)
    with pytest.raises(Problem) as found:
        read_network(str(path))
    assert found.value.code == "file-not-read"
    assert "shorter" in found.value.labels[0].text


def test_pages(tmp_path, monkeypatch):
    """The bytes of a file are those that it has, wherever they are asked for."""
    data = random.Random(1).randbytes(1000)
    (tmp_path / "a").write_bytes(data)
    for size in (1, 7, 64, 5000):
        monkeypatch.setattr(pages, "PAGE", size)
        chance = random.Random(size)
        with (tmp_path / "a").open("rb") as file:
            read = pages.Pages(file)
            assert len(read) == len(data)
            for _ in range(300):
                start, stop = sorted(chance.choices(range(1000), k=2))
                assert read[start] == data[start]
                assert read[start:stop] == data[start:stop]


@variations("wait", [0.1, 0.02, 0.05, 0.4, 0.2], 2)
def test_interrupted_while_it_starts(wait):
    """Ctrl-C at any time once our code runs: no traceback, and the status that says so."""
    code = (
        "import sys, signal, builtins, threading, os, time\n"
        "from cnncalc import __main__\n"
        f"threading.Timer({wait}, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "sys.argv = ['cnncalc', 'stack', '8x8x3 -> [conv 3 k3 p1 -> relu]*400000', '--totals']\n"
        "__main__.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("asked", ["bash_complete", "zsh_complete", "fish_complete", "nosuch"])
@pytest.mark.parametrize("word", [None, "\u00b2", "", "9" * 5000])
def test_completion_that_no_shell_asks_for(asked, word):
    """What a shell leaves unsaid ends in a status, and in no fault of the program."""
    told = {} if word is None else {"COMP_WORDS": "cnncalc stack", "COMP_CWORD": word}
    status, _out, err = printed([], _CNNCALC_COMPLETE=asked, **told)
    assert status in (0, 1)
    assert not err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["rf", "8x8x4 -> mul[ gap -> sigmoid | identity ]", "--draw"], 0),
        (["check", "HxWxC -> conv N kK -> fc M", "rf>=31"], 1),
        (["models", "mobilenetv2", "--json"], 0),
        (["check", "8x8x3 -> conv 4 kK", "output=3x3x4"], 1),
        (["rf", "1000x16 -> gap -> v: 3"], 0),
        (["compare", "8x8x3 -> conv N k3", "lenet5", "--format", "html"], 0),
    ],
    ids=str,
)
def test_what_fuzzing_found(words, status, capsys):
    """A picture of no field, a bound in letters on one that sees all, a name, a vector's field."""
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert (end.value.code or 0) == status
    assert "internal-error" not in capsys.readouterr().err


BROKEN_FILES = {
    "a.cfg": "[net]\nheight=4s\nwidth=9\nchannels=3\n[maxpool]\nsize=2",
    "b.cfg": f"[net]\nheight={'9' * 5000}\nwidth=9\nchannels=3\n[maxpool]\nsize=2",
    "a.prototxt": 'input: "d" input_dim: 1 input_dim: ² layer { bottom: "d" top: "e" }',
    "a.txt": "Layer (type)  Output Shape  Param #\nconv (Conv2D)  (1, 2)  ²\n"
    f"Total params: {'9' * 5000}",
    "a.json": json.dumps(
        {
            "class_name": "Sequential",
            "config": [
                {"class_name": "InputLayer", "config": {"batch_shape": [None, 4, 4, 3]}},
                {"class_name": "LayerNormalization", "config": {"axis": None}},
            ],
        }
    ),
    "b.json": json.dumps(
        {
            "class_name": "Sequential",
            "config": [
                {"class_name": "InputLayer", "config": {"batch_shape": [None, 4, 4, 3]}},
                {"class_name": "GroupNormalization", "config": {"groups": "abc"}},
            ],
        }
    ),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_what_fuzzing_found_in_files(name, tmp_path, capsys):
    """Numbers that are none, too long or null are answered, or a fault of the file."""
    (tmp_path / name).write_text(BROKEN_FILES[name])
    with pytest.raises(SystemExit) as end:
        cli.main(["stack", str(tmp_path / name)])
    assert (end.value.code or 0) in (0, 1)
    assert "internal-error" not in capsys.readouterr().err


@pytest.mark.parametrize("name", [["a"], {}, None, 3])
def test_exported_names_that_are_none(name, tmp_path, capsys):
    """A tensor whose name is no text is of no node; what reads it is told, nothing counted."""
    tree = json.loads((Path(__file__).parent / "data" / "files" / "exported.json").read_text())
    whole = read_model("a.pt2", copy.deepcopy(tree))
    tree["graph_module"]["graph"]["nodes"][0]["outputs"] = [{"as_tensor": {"name": name}}]
    assert read_model("a.pt2", copy.deepcopy(tree)).operations == whole.operations[1:]
    with zipfile.ZipFile(tmp_path / "a.pt2", "w") as file:
        file.writestr("a/archive_format", "pt2")
        file.writestr("a/models/model.json", json.dumps(tree))
    with pytest.raises(SystemExit) as end:
        cli.main(["stack", str(tmp_path / "a.pt2")])
    told = capsys.readouterr()
    assert (end.value.code, told.out, "internal-error" in told.err) == (1, "", False)


def test_long_files_of_caffe(tmp_path):
    """A .prototxt takes time in proportion to its length."""
    text = 'input: "a" input_dim: 1 input_dim: 3 input_dim: 9 input_dim: 9\n'
    layer = 'layer { type: "ReLU" bottom: "a" top: "a" }\n'
    (tmp_path / "a.prototxt").write_text(text + layer + "words " * 100_000)
    clock.within(2, read_network, str(tmp_path / "a.prototxt"))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="it is of Unix")
@pytest.mark.parametrize("ending", BINARY)
def test_what_is_no_file_by_the_name_of_one(ending, tmp_path, capsys):
    """What gives bytes for ever, or none until somebody writes them, is not waited for."""
    (tmp_path / f"zero{ending}").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / f"pipe{ending}")
    for name in ("zero", "pipe"):
        with pytest.raises(SystemExit) as end:
            cli.main(["stack", str(tmp_path / f"{name}{ending}")])
        assert end.value.code == 1
        assert "it is a pipe or a device" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["cnn", "txt", "json", "prototxt"])
def test_texts_that_come_through_a_pipe(ending, tmp_path, capsys):
    """A pipe by a name gives a network, an empty text, or what is named by what stands in it."""
    path = tmp_path / f"a.{ending}"
    os.mkfifo(path)
    onnx = (ROOT / "tests/data/imports/resnet18.onnx").read_bytes()
    for given, said in ((b"8x8x3 -> conv 4 k3", ""), (b"", "network-missing"), (onnx, "'.onnx'")):
        writer = threading.Thread(target=_put, args=(path, given))
        writer.start()
        with pytest.raises(SystemExit) as end:
            cli.main(["stack", str(path), "--get", "params"])
        writer.join()
        told = capsys.readouterr()
        assert (end.value.code, told.out) == ((1, "") if said else (0, "112\n"))
        assert said in told.err


def _put(path, given):
    with suppress(BrokenPipeError):  # as much as is read of it
        path.write_bytes(given)


@pytest.mark.parametrize(
    ("ending", "name", "content", "method", "said"),
    [
        (
            "pt2",
            "m/models/model.json",
            " " * 10_000_000,
            zipfile.ZIP_BZIP2,
            "no model that torch.export",
        ),
        ("keras", "config.json", " " * 10_000_000, zipfile.ZIP_LZMA, "no model that Keras saved"),
        ("pt2", "m/models/model.json", "," * 900_001, zipfile.ZIP_DEFLATED, "900,001 values"),
        ("pt2", "m/models/model.json", "[" * 900_001, zipfile.ZIP_DEFLATED, "900,001 values"),
        (
            "pt2",
            "m/models/model.json",
            " " * 2**25 + "{}",
            zipfile.ZIP_DEFLATED,
            "33,554,432 bytes",
        ),
    ],
)
def test_zips_that_unpack_too_much(ending, name, content, method, said, tmp_path, capsys):
    """What would be unpacked all at once is not unpacked, and many values are no model."""
    path = tmp_path / f"a.{ending}"
    with zipfile.ZipFile(path, "w", method) as saved:
        saved.writestr(name, content)
    with pytest.raises(SystemExit) as end:
        cli.main(["stack", str(path)])
    assert end.value.code == 1
    assert said in capsys.readouterr().err


def test_zips_that_list_too_much(tmp_path):
    """What a zip holds is listed up to a bound, a model in it or none."""
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w") as saved:
        for number in range(80):
            saved.writestr(f"{number}" * 30_000, "")
        saved.writestr("config.json", "{}")
    assert texts_in(str(path), ("config.json",)) == [None]


def test_objects_that_are_kept(monkeypatch):
    """So many objects of a .pt2 are held as are not alike, and of those what is read."""
    monkeypatch.setattr(entries, "BUDGET", BUDGET._replace(objects=100))
    alike = '{"as_int": 3}, {"as_tensor": {"name": "x"}}'
    found = read_json(f"[{', '.join([alike] * 900)}]", keeper())
    assert found == [{"as_int": 3}, {"as_tensor": {"name": "x"}}] * 900
    tensor = '{"dtype": 7, "strides": [{"as_int": 1}], "sizes": [{"as_int": 8}]}'
    assert read_json(f"[{tensor}, {tensor}]", keeper()) == [{"sizes": [{"as_int": 8}]}] * 2
    for each in (tensor, '{"as_ints": []}'):
        with pytest.raises(ValueError, match="more than 100 objects"):
            read_json(f"[{', '.join([each] * 101)}]", keeper())
