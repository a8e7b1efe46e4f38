"""Whatever file the system refuses, whenever it is asked: a fault with a code, nothing lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
REFUSED = """
import contextlib, errno, io, json, os, shutil, sys
from pathlib import Path
from cnncalc import cli

folder, lines = sys.argv[1], json.loads(sys.argv[2])
count, at, number, is_on = 0, 0, 0, False

def refuse(event, given):
    global count
    path = str(given[0]) if given else ""
    if is_on and event in ("open", "os.rename", "os.remove", "os.listdir") and folder in path:
        count += 1
        if count == at:
            raise OSError(number, os.strerror(number), path)

sys.addaudithook(refuse)
turns = 0
for words in lines:
    for number in (getattr(errno, name) for name in sys.argv[3:]):
        at, count = 0, 0
        while count >= at:
            at, turns = at + 1, turns + 1
            shutil.rmtree(f"{folder}/work", ignore_errors=True)
            shutil.copytree(f"{folder}/files", f"{folder}/work")
            os.chdir(f"{folder}/work")
            os.link("old.csv", "linked.csv")
            before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
            count, is_on, err, status = 0, True, io.StringIO(), 0
            with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
                try:
                    cli.main([word.replace("HERE", folder + "/work") for word in words])
                except SystemExit as end:
                    status = end.code or 0
            is_on = False
            told = (words, number, at, status, err.getvalue())
            assert status in (0, 1), told
            assert "internal-error" not in told[-1] and "Traceback" not in told[-1], told
            after = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
            assert not [name for name in after if name.startswith(".cnncalc")], told
            assert status == 0 or {**after, **before} == after, told
            assert before.keys() <= after.keys(), told
print(turns)
"""
READ = [["HERE/n.cnn"], ["HERE/k.json"], ["HERE/o.onnx"], ["HERE/p.py", "--input", "8x8x3"]]
LINES = [["stack", *each, "--totals"] for each in READ]
LINES += [["check", "HERE/key.toml", "HERE/a.csv"], ["stack", "HERE/nosuch"]]
for name in ("new.csv", "old.csv", "linked.csv"):
    LINES.append(["stack", "lenet5", "-o", f"HERE/{name}"])
TEXTS = {
    "n.cnn": "8x8x3 -> conv 4 k3",
    "p.py": "from torch import nn\nfrom beside import f\nnet = nn.Sequential(f())\n",
    "beside.py": "from torch import nn\ndef f(): return nn.ReLU()\n",
    "key.toml": "[[question]]\nnetwork = '8x8x3 -> conv 4 k3'\nask = 'params'\n",
    "a.csv": "name,1\nMina,112\n",
    "old.csv": "old\n",
}


@pytest.mark.skipif(not hasattr(os, "link"), reason="it is of Unix")
@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        (LINES[3:5] + LINES[-2:], ["EACCES"]),
        pytest.param(LINES, ["EACCES", "EMFILE", "EIO", "ENOENT"], marks=pytest.mark.long),
    ],
    ids=len,
)
def test_files_that_the_system_refuses(tmp_path, lines, reasons):
    """At each opening, renaming and removing in turn: status 0 or 1, and what was there."""
    (tmp_path / "files").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "files" / name).write_text(text)
    for name, file in (("k.json", "keras3_functional.json"), ("o.onnx", "resnet18.onnx")):
        (tmp_path / "files" / name).write_bytes((DATA / "imports" / file).read_bytes())
    done = subprocess.run(
        [sys.executable, "-P", "-c", REFUSED, tmp_path, json.dumps(lines), *reasons],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 2 * len(reasons) * len(lines)
