"""Completion, in the shells that are there: commands, files, models, labels, claims, names."""

import os
import shlex
import subprocess
import sys
from shutil import which

import pytest
from command import printed
from variations import variations

from cnncalc.cli import completion

FILES = ("mynet.cnn", "my net.cnn", "model.onnx", "keras.json", "print.txt", "notes.md", "key.toml")
SOURCE = """
from torch import nn
class Alpha(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3)
    def forward(self, x):
        return self.first(x)
def make(): return nn.Sequential(Alpha(), Alpha())
def _own(): return Alpha()
"""
COMPLETED = [
    ("sta", {"stack"}),
    ("ups", {"upsample"}),
    ("dw", {"dwconv"}),
    ("vgg1", {"vgg11", "vgg13", "vgg16", "vgg19"}),
    ("mynet.c", {"mynet.cnn"}),
    ("stack 8x8x3, relu --form", {"--format"}),
    ("stack 8x8x3, relu --format ma", {"markdown"}),
    ("stack 8x8x3, relu --get bi", {"biases"}),
    ("stack 8x8x3, relu --columns output,bi", {"output,biases"}),
    ("stack 8x8x3, relu --by la", {"label"}),
    ("stack 8x8x3, relu --like fv", {"fvcore"}),
    ("stack 8x8x3, relu --check para", {"params="}),
    ("stack 8x8x3, relu -o not", {"notes.md"}),
    ("layers dep", {"depthwise"}),
    ("conv 8x8x3 --dil", {"--dilation"}),
    ("stack lenet", {"lenet5"}),
    ("stack nets/", {"nets/deep.cnn", "nets/more/"}),
    ("stack n", {"nets/"}),
    ("compare vgg16 k", {"keras.json"}),
    ("check k", {"keras.json", "key.toml"}),
    ("check --json resnet1", {"resnet18", "resnet101", "resnet152"}),
    ("import k", {"keras.json"}),
    ("draw vgg16 --style l", {"levels"}),
    ("draw vgg16 --at conv4", {"conv4_1", "conv4_2", "conv4_3"}),
    ("quiz --kind in", {"in-features"}),
    ("quiz --kind rf,par", {"rf,params"}),
    ("stack source.py --class Al", {"Alpha"}),
    ("check source.py --class ", {"Alpha", "make"}),
    ("stack source.py --input 8x8x3 --class Alpha --at f", {"first"}),
    ("rf vgg16 --at conv4", {"conv4_1", "conv4_2", "conv4_3"}),
    ("rf mynet.cnn --at ea", {"early"}),
    ("check vgg16 para", {"params=", "params-memory="}),
    ("check vgg16 conv4_3", {"conv4_3."}),
    ("check vgg16 conv4_3.jum", {"conv4_3.jump="}),
    ("check vgg16 --accept no-b", {"no-bias"}),
    ("check key.toml a", {"answers.csv"}),
    ("solve vgg16 outp", {"output="}),
    ("solve vgg16 --min mac", {"macs"}),
]


@pytest.fixture
def folder(tmp_path):
    """Return a folder with files in it, and a program of the name that shells complete for."""
    for name in (*FILES, "answers.csv"):
        (tmp_path / name).write_text("8x8x3 -> early: conv 4 k3 -> relu")
    (tmp_path / "source.py").write_text(SOURCE)
    (tmp_path / "nets" / "more").mkdir(parents=True)
    for name in ("deep.cnn", ".hidden.cnn", "read.me"):
        (tmp_path / "nets" / name).touch()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cnncalc"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cnncalc "$@"\n')
    program.chmod(0o755)
    return tmp_path


def shell(name, script, folder):
    """Return the lines that a shell prints, in a folder, with the program on its path."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [name, *quiet, "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert not done.stderr
    return done.stdout.splitlines()


IN_BASH = """
compopt() { echo "nospace"; }
COMP_LINE=%s
COMP_POINT=${#COMP_LINE}
_cnncalc_completion cnncalc
printf '%%s\\n' "${COMPREPLY[@]}"
echo END
"""
IN_ZSH = """
words=(${(z)LINE})
CURRENT=${#words}
_cnncalc_completion
echo END
"""


STEPS = pytest.mark.parametrize("step", [14, pytest.param(1, marks=pytest.mark.long)])
"""Which lines a shell completes: some by default, as each starts a process, or all."""


@pytest.mark.skipif(not which("bash"), reason="needs bash")
@STEPS
def test_bash(folder, step):
    """Bash completes lines; what goes on itself has no space behind it."""
    script = 'eval "$(_CNNCALC_COMPLETE=bash_source cnncalc)"\n'
    tried = COMPLETED[::step]
    lines = [f"cnncalc {line}" for line, _ in tried] + ["cnncalc stack my\\ "]
    script += "".join(IN_BASH % shlex.quote(line) for line in lines)
    found = "\n".join(shell("bash", script, folder)).split("END")
    wanted = [completed for _, completed in tried] + [{"my\\ net.cnn"}]
    for line, out, completed in zip(lines, found, wanted, strict=False):
        said = out.split("\n")
        given = {each for each in said if each not in ("", "nospace")}
        assert completed <= given, line
        assert not given & {"nets/read.me", "nets/.hidden.cnn"}
        assert ("nospace" in said) == any(each[-1] in "=/." for each in given), line


@pytest.mark.skipif(not which("fish"), reason="needs fish")
@STEPS
def test_fish(folder, step):
    """Fish completes lines."""
    script = "_CNNCALC_COMPLETE=fish_source cnncalc | source\n"
    for line, _ in COMPLETED[::step]:
        script += f"complete -C {shlex.quote(f'cnncalc {line}')}; echo END\n"
    found = "\n".join(shell("fish", script, folder)).split("END")
    for (line, completed), out in zip(COMPLETED[::step], found, strict=False):
        assert completed <= {each.partition("\t")[0] for each in out.split("\n")}, line


@pytest.mark.skipif(not which("zsh"), reason="needs zsh")
@STEPS
def test_zsh(folder, step):
    """Zsh is given each word; what goes on itself has no space behind it."""
    script = """
compdef() { true }
_describe() { print -l -- "${(@P)3%%:*}" }
compadd() { [[ $2 == -S ]] && echo nospace; print -l -- "${(@P)@[-1]}" }
eval "$(_CNNCALC_COMPLETE=zsh_source cnncalc)"
"""
    for line, _ in COMPLETED[::step]:
        script += f"LINE={shlex.quote(f'cnncalc {line}')}\n{IN_ZSH}"
    found = "\n".join(shell("zsh", script, folder)).split("END")
    for (line, completed), out in zip(COMPLETED[::step], found, strict=False):
        said = out.split("\n")
        assert completed <= set(said), line
        assert ("nospace" in said) == any(each[-1] in "=/." for each in completed), line


@variations(("line", "completed"), COMPLETED, 6, ids=[line for line, _ in COMPLETED])
@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_what_shells_are_given(folder, name, line, completed):
    """Each shell is given the words that go on from what is typed, whether it is here or not."""
    typed = f"cnncalc {line}".split(" ")
    environment = {
        "_CNNCALC_COMPLETE": f"{name}_complete",
        "COMP_WORDS": " ".join(typed[:-1] if name == "fish" else typed),
        "COMP_CWORD": typed[-1] if name == "fish" else str(len(typed) - 1),
    }
    _, out, _ = printed([], folder, **environment)
    lines = out.splitlines()
    if name == "zsh":
        assert completed <= set(lines[1::3])
    else:
        assert completed <= {each.partition(",")[2].partition("\t")[0] for each in lines}


@pytest.mark.parametrize("what", completion.LISTS)
def test_every_list_is_there(what):
    """What is completed from a table has one, by the name that it has in its file."""
    assert completion.complete(what, None, "")


def test_what_cannot_be_read_completes_to_nothing(folder):
    """A network that is at fault, is not there, or would be read from a terminal has no labels."""
    for network in ("8x8x3 -> covn 4", "nothing.cnn", "-", "[" * 500, ""):
        line = f"cnncalc rf {shlex.quote(network)} --at ''"
        environment = {"_CNNCALC_COMPLETE": "bash_complete", "COMP_WORDS": line}
        assert printed([], folder, **environment) == (0, "\n", "")
