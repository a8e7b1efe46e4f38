"""Random command lines in processes of their own, in random surroundings: each ends as it should.

Environments, encodings, streams that are full, closed or left, signals at any time. As a script:
`python tests/properties/processes.py 2000 [SEED]`.
"""

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from fuzz import bent, line, mutated

ENVIRONMENT = {
    "COLUMNS": ("", "0", "1", "7", "40", "80", "²", "-5", "1e9", "5" * 5000, "x"),
    "LANG": ("", "C", "C.UTF-8", "ko_KR.UTF-8", "ko", "xx_YY", "en_US.ISO-8859-1", "\udcff"),
    "LC_ALL": ("", "C", "ko_KR.UTF-8", "POSIX"),
    "PYTHONIOENCODING": ("ascii", "latin-1", "utf-8", "cp949", "utf-16", "ascii:strict"),
    "PYTHONUTF8": ("0", "1"),
    "NO_COLOR": ("", "1"),
    "FORCE_COLOR": ("", "1"),
    "TERM": ("dumb", "xterm", "", "nosuch"),
    "PYTHONOPTIMIZE": ("1", "2"),
    "PYTHONWARNINGS": ("error",),
    "_CNNCALC_COMPLETE": ("bash_source", "zsh_complete", "nosuch"),
    "COMP_WORDS": ("cnncalc stack vg", ""),
    "COMP_CWORD": ("1", "²", ""),
    "HOME": ("/nosuch",),
    "TMPDIR": ("/nosuch",),
}
STREAMS = ("pipe", "pipe", "pipe", "full", "left", "closed", "file", "null")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOST_SECONDS = 60


def surroundings(chance):
    """Return an environment with some variables as nobody would set them."""
    chosen = chance.sample(sorted(ENVIRONMENT), chance.choice([0, 1, 1, 2, 3, 5]))
    weird = {name: chance.choice(ENVIRONMENT[name]) for name in chosen}
    if chance.random() < 0.9:
        weird.pop("_CNNCALC_COMPLETE", None)
    return {**os.environ, **weird}, weird


def opened(kind, folder):
    """Return a descriptor that a stream goes to; None for a pipe that is read."""
    if kind == "full":
        return os.open("/dev/full", os.O_WRONLY)
    if kind == "null":
        return os.open(os.devnull, os.O_WRONLY)
    if kind == "file":
        return os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    if kind == "left":
        read, write = os.pipe()
        os.close(read)
        return write
    return None


def ended(chance, folder):
    """Run a command line; return what is to be said of it, and how it ended."""
    words = [word for word in line(chance) if "\0" not in word]
    words = [
        word.encode(
            "utf-8",
            "surrogateescape" if "\udc80" <= max(word, default="") <= "\udcff" else "replace",
        )
        for word in words
    ]
    suffix, data = bent(chance)
    (folder / f"net{suffix}").write_bytes(data)
    (folder / "net").write_bytes(data)
    (folder / "net.cnn").write_bytes(mutated(chance).encode("utf-8", "replace"))
    environment, weird = surroundings(chance)
    kinds = chance.choice(STREAMS), chance.choice(("pipe", "pipe", "full", "closed", "left"))
    out, err = (opened(kind, folder) for kind in kinds)
    begin = [sys.executable, "-m", "cnncalc", *words]
    shut = "".join(f" {n}>&-" for n, kind in enumerate(kinds, 1) if kind == "closed")
    if chance.random() < 0.1:
        shut += " 0<&-"
    if shut:
        begin = ["sh", "-c", f'exec "$@"{shut}', "sh", *begin]
    before = set(folder.iterdir())
    process = subprocess.Popen(
        begin,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL if chance.random() < 0.5 else subprocess.PIPE,
        stdout=subprocess.PIPE if out is None else out,
        stderr=subprocess.PIPE if err is None else err,
    )
    for each in (out, err):
        if each is not None:
            os.close(each)
    sent = chance.choice(SIGNALS) if chance.random() < 0.25 else None
    if sent:
        time.sleep(chance.random() * 0.5)
        process.send_signal(sent)
    try:
        _printed, said = process.communicate(
            b"8x8x3 -> relu" if process.stdin else None, MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return (words, weird, kinds), "slow"
    about = (words, weird, kinds, sent, process.returncode, (said or b"")[-2000:])
    if sent == signal.SIGINT and re.search(b"runpy|init_import_site|init_sys_streams", said or b""):
        return about, "Python's own start"
    allowed = {0, 1, 2} | ({-sent} | ({130} if sent == signal.SIGINT else set()) if sent else set())
    assert process.returncode in allowed, about
    assert b"Traceback" not in (said or b""), about
    assert b"internal-error" not in (said or b""), about
    left = [
        each.name for each in set(folder.iterdir()) - before if each.name.startswith(".cnncalc")
    ]
    assert not left, (*about, left)
    found = re.search(rb"(?:error|\xec\x98\xa4\xeb\xa5\x98)\[([a-z-]+)\]", said or b"")
    return about, f"signal {-process.returncode}" if process.returncode < 0 else (
        found[1].decode() if found else f"status {process.returncode}"
    )


def run(count, seed=0):
    """Run so many; return how often each ended so."""
    chance = random.Random(seed)
    outcomes = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            about, outcome = ended(chance, Path(folder))
            if outcome == "slow":
                print("slow:", about, file=sys.stderr)
            outcomes[outcome] += 1
    return outcomes


if __name__ == "__main__":
    for outcome, times in run(*map(int, sys.argv[1:] or ["2000"])).most_common():
        print(f"{times:>7,}  {outcome}")
