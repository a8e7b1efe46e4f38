"""Installed: where nothing can be written, by pipx, and by uv, the command answers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONV = ("conv", "32x32x3", "--filters", "10", "--k", "5", "--p", "2", "--get", "params")


def answer(words, **more):
    """Return what a process prints that must succeed and say nothing else."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_where_nothing_can_be_written(tmp_path):
    """A package without write bits, never compiled: the same answer, and not a file more."""
    folder = tmp_path / "site"
    shutil.copytree(
        ROOT / "cnncalc", folder / "cnncalc", ignore=shutil.ignore_patterns("__pycache__")
    )
    before = sorted(folder.rglob("*"))
    for each in before:
        each.chmod(0o555 if each.is_dir() else 0o444)
    begin = [sys.executable, "-m", "cnncalc"]
    if os.getuid() == 0:  # who writes whatever the bits say, so the folder is mounted to be read
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        begin = ["unshare", "-m", "sh", "-c", mount, str(folder), *begin]
        if subprocess.run([*begin[:6], "true"], capture_output=True, check=False).returncode:
            pytest.skip("this user writes everywhere, and nothing can be mounted")
    environment = {name: each for name, each in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONPATH"] = str(folder)
    try:
        assert answer([*begin, *CONV], cwd=tmp_path, env=environment) == "760\n"
        assert sorted(folder.rglob("*")) == before
    finally:
        for each in (folder / "cnncalc").rglob("*"):
            each.chmod(0o755)


@pytest.mark.long
@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("pipx", ["install", "--python", sys.executable, str(ROOT)]),
        ("uv", ["tool", "install", "--no-config", "--python", sys.executable, str(ROOT)]),
    ],
)
def test_installed_by(tool, words, tmp_path):
    """A tool that keeps commands in environments of their own installs this one from its folder."""
    if not (program := shutil.which(tool)):
        pytest.skip(f"{tool} is not at hand")
    kept = {"PIPX_HOME": "pipx", "UV_TOOL_DIR": "uv", "UV_CACHE_DIR": "cache"}
    kept |= {"PIPX_BIN_DIR": "bin", "PIPX_MAN_DIR": "man", "UV_TOOL_BIN_DIR": "bin"}
    environment = os.environ | {name: str(tmp_path / each) for name, each in kept.items()}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [tmp_path / "bin" / "cnncalc", *CONV]
    assert answer(found, cwd=tmp_path, env=environment) == "760\n"
