"""Run the tests on each Python at hand with the newest click and rich, on the oldest with both.

`python tests/floors.py [PYTEST ARGUMENTS]`, with nothing for the default run; an environment for
each Python is made in a folder that goes away. The oldest click and rich are those that are
declared. What is not at hand, and what ran, is said.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")


def floors():
    """Return the oldest version of each package that pyproject allows, as pip takes them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["dependencies"]
    return [re.sub(">=", "==", each) for each in declared]


def python_of(version):
    """Return the interpreter of a version: this one, one on the path, or one that pyenv keeps."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [
        shutil.which(f"python{version}"),
        *sorted(map(str, kept.glob(f"{version}.*/bin/python"))),
    ]
    for each in filter(None, found):
        if subprocess.run([each, "-c", ""], capture_output=True, check=False).returncode == 0:
            return each
    return None


def passes(python, packages):
    """Return whether the tests pass on a Python with some packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        own = str(Path(folder) / "bin" / "python")
        wanted = [*packages, f"{ROOT}[dev]"]
        subprocess.run([own, "-m", "pip", "install", "-q", *wanted], check=True)
        words = ["-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]]
        path = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([own, *words], cwd=ROOT, env={**os.environ, **path}, check=False)
    return done.returncode == 0


def main():
    """Run the tests on each Python; end with 1 where any fails."""
    ran, failed = [], []
    for version in VERSIONS:
        python = python_of(version)
        if python is None:
            print(f"Python {version}: not at hand")
            continue
        for packages in ([], floors()) if not ran else ([],):
            ran.append(f"Python {version}, {', '.join(packages) or 'the newest'}")
            print(ran[-1], flush=True)
            failed += [] if passes(python, packages) else ran[-1:]
    print(f"ran: {'; '.join(ran)}")
    print(f"failed: {'; '.join(failed)}" if failed else "all is well, oldest and newest")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
