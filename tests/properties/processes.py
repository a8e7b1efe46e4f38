"""Random command lines in processes of their own, in random surroundings: each ends as it should.

Environments, encodings, limits, flags of Python, streams that are full, closed or left, files that
are none or change while they are read, signals at any time. As a script:
`python tests/properties/processes.py 2000 [SEED]`.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
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
    "PYTHONWARNINGS": ("error", "default"),
    "PYTHONUNBUFFERED": ("1",),
    "_CNNCALC_COMPLETE": ("bash_source", "zsh_complete", "nosuch"),
    "COMP_WORDS": ("cnncalc stack vg", ""),
    "COMP_CWORD": ("1", "²", ""),
    "HOME": ("/nosuch",),
    "TMPDIR": ("/nosuch",),
}
STREAMS = (
    *("pipe", "pipe", "pipe", "full", "left", "closed", "file", "null"),
    *("socket", "reading", "never blocks"),
)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)
PASSING = (signal.SIGSTOP, signal.SIGCONT, signal.SIGWINCH)
"""Signals after which a program goes on."""
FLAGS = ("-O", "-OO", "-u", "-bb", "-Xdev", "-Wdefault", "-Xutf8=0")
SMALL = "export PYTHONDONTWRITEBYTECODE=1; ulimit -f"  # else Python keeps modules cut short
LIMITS = ("ulimit -n 10", f"{SMALL} 0", f"{SMALL} 1", "mkdir lost; cd lost; rmdir ../lost")
TROUBLES = ("gone", "folder", "null", "zero", "loop", "pipe", "changing", "changing")
"""What a file can be in place of itself."""
PLAIN = (
    *(["stack", "lenet5"], ["stack", "net.cnn", "--json"], ["check", "lenet5", "params=3"]),
    *(["stack", "resnet18", "--format", "csv"], ["rf", "lenet5", "--draw"], ["--help"]),
    *(["stack", "-"], ["import", "net.cnn"], ["draw", "lenet5", "-o", "-"], ["schema"]),
    *(["stack", "lenet5", "-o", "out.csv"], ["stack", "lenet5", "-o", "/dev/stdout", "--json"]),
    *(["stack", "8x8x3 -> [conv 3 k3 p1]*500", "--json"], ["stack", "net", "-o", "net.csv"]),
)
"""Lines that most surroundings are answered in."""
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
    if kind in ("null", "reading"):
        return os.open(os.devnull, os.O_WRONLY if kind == "null" else os.O_RDONLY)
    if kind == "file":
        return os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    if kind == "left":
        read, write = os.pipe()
        os.close(read)
        return write
    if kind == "socket":
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours.detach()
    if kind == "never blocks":
        read, write = os.pipe()
        os.set_blocking(write, False)
        threading.Thread(target=drain, args=(read,), daemon=True).start()
        return write
    return None


def drain(read):
    """Read what comes through a pipe, slowly, to its end."""
    while os.read(read, 3000):
        time.sleep(0.0002)
    os.close(read)


def spoil(path, trouble, data, done, seed):
    """Let a file be what it should not be; return the thread that goes on with it, if any."""
    path.unlink(missing_ok=True)
    if trouble == "folder":
        path.mkdir()
    elif trouble in ("null", "zero", "loop"):
        path.symlink_to({"null": "/dev/null", "zero": "/dev/zero", "loop": path.name}[trouble])
    elif trouble in ("pipe", "changing"):
        if trouble == "pipe":
            os.mkfifo(path)
        else:
            path.write_bytes(data)
        chance = random.Random(seed)
        going = threading.Thread(target=change, args=(path, data, done, chance), daemon=True)
        going.start()
        return going
    return None


def change(path, data, done, chance):
    """Write a file again and again, shorter, longer, as another or as it was."""
    while not done.is_set():
        with suppress(OSError):
            how = chance.choice(["again", "shorter", "noise", "longer", "replaced"])
            if how == "again" or path.is_fifo():
                path.write_bytes(data)
            elif how == "replaced":
                (path.parent / "other").write_bytes(data[::-1])
                (path.parent / "other").rename(path)
            else:
                with path.open("ab" if how == "longer" else "r+b") as file:
                    file.write(chance.randbytes(100))
                    file.truncate(chance.randrange(len(data) + 100) if how == "shorter" else None)
        time.sleep(0.0005)


def put(chance, folder, done):
    """Write the files that command lines name; return what goes on with them, and its trouble."""
    for path in folder.glob("net*"):
        path.rmdir() if path.is_dir() else path.unlink()
    suffix, data = bent(chance)
    contents = {f"net{suffix}": data, "net": data}
    contents["net.cnn"] = mutated(chance).encode("utf-8", "replace")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    if chance.random() < 0.8:
        return None, "", None
    name, trouble = chance.choice(sorted(contents)), chance.choice(TROUBLES)
    going = spoil(folder / name, trouble, contents[name], done, chance.random())
    return going, trouble, folder / name


def begun(chance, words, kinds):
    """Return the words that start a process: with flags of Python, within limits, streams shut."""
    flags = [chance.choice(FLAGS)] if chance.random() < 0.2 else []
    begin = [sys.executable, *flags, "-m", "cnncalc", *words]
    shut = "".join(f" {n}>&-" for n, kind in enumerate(kinds, 1) if kind == "closed")
    shut += " 0<&-" if chance.random() < 0.1 else ""
    limit = f"{chance.choice(LIMITS)}; " if chance.random() < 0.1 else ""
    return ["sh", "-c", f'{limit}exec "$@"{shut}', "sh", *begin] if shut or limit else begin


def encoded(words):
    """Return words as a shell hands them on, some in no encoding."""
    for word in words:
        is_bytes = "\udc80" <= max(word, default="") <= "\udcff"
        if "\0" not in word:
            yield word.encode("utf-8", "surrogateescape" if is_bytes else "replace")


def ended(chance, folder):
    """Run a command line; return what is to be said of it, and how it ended."""
    words = [*encoded(chance.choice(PLAIN) if chance.random() < 0.4 else line(chance))]
    done = threading.Event()
    going, trouble, path = put(chance, folder, done)
    environment, weird = surroundings(chance)
    kinds = chance.choice(STREAMS), chance.choice(("pipe", "pipe", "full", "closed", "left"))
    begin = begun(chance, words, kinds)
    out, err = (opened(kind, folder) for kind in kinds)
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
    for number in (sent,) if sent else PASSING if chance.random() < 0.1 else ():
        time.sleep(chance.random() * 0.5 / (1 if sent else 10))
        process.send_signal(number)
    try:
        _printed, said = process.communicate(
            b"8x8x3 -> relu" if process.stdin else None, MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return (begin, weird, kinds, trouble), "slow"
    finally:
        done.set()
        if going:
            with suppress(OSError):  # a pipe that nobody reads is waited for
                os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            going.join()
    said = said or b""
    about = (begin, weird, kinds, trouble, sent, process.returncode, said[-2000:])
    if sent == signal.SIGINT and re.search(b"runpy|init_import_site|init_sys_streams", said):
        return about, "Python's own start"
    allowed = {0, 1, 2} | ({-sent} | ({130} if sent == signal.SIGINT else set()) if sent else set())
    assert process.returncode in allowed, about
    assert b"Traceback" not in said, about
    assert b"internal-error" not in said, about
    assert b"ResourceWarning" not in said, about
    new = {each.name for each in set(folder.iterdir()) - before}
    left = [name for name in new if name.startswith(".cnncalc")]
    assert not left, (*about, left)
    if (written := folder / "out.csv").exists():
        assert written.read_text().count("\n") == 13, about
        written.unlink()
    found = re.search(rb"(?:error|\xec\x98\xa4\xeb\xa5\x98)\[([a-z-]+)\]", said)
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
