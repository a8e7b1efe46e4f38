"""How long answers take, as ratios side by side in one run: `python tests/benchmarks/bench.py`.

Start-up is compared with the bare imports that it cannot do without, with the real interpreter and
compiled modules; the best of many rounds, taken in turns. Times are the processor's, so that what
else a machine does counts little.
Says where a ratio is over its bound; ends with status 1 where one is over twice that, as a busy
machine alone does not make it. No part of the test run.
"""

import compileall
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import cnncalc
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.solving.goals import read_goal
from cnncalc.solving.search import Search
from cnncalc.speech.problem import Source

PYTHON = os.path.realpath(sys.executable) if sys.prefix == sys.base_prefix else sys.executable
MAIN = [PYTHON, "-c", "from cnncalc.cli import main; main()"]
STACK = "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> flatten -> fc 10"
RESNET = (
    "def cb(...) { conv ... nobias -> bn } "
    "def block(n, s=1, keep=(s==1)*(cin==4*n)) { add[ cb n k1 "
    "-> relu -> cb n k3 p1 s=s -> relu -> cb 4*n k1 | [cb 4*n k1 s=s]*(1-keep) ] -> relu } "
    "224x224x3 -> cb 64 k7 s2 p3 -> relu -> maxpool 3 s2 p1 -> [block 64]*3 -> block 128 s2 -> "
    "[block 128]*3 -> block 256 s2 -> [block 256]*5 -> block 512 s2 -> [block 512]*2 "
    "-> gap -> fc 1000"
)
PLAIN_ROWS = """
import click, sys
from rich.console import Console
from rich.table import Table
from rich.text import Text
table = Table(box=None)
for head in ("#", "layer", "output", "params", "MACs", "receptive field", "activations"):
    table.add_column(head)
row = "conv 256 k3 p1 nobias", "14x14x256", "589,824", "115,605,504", "427x427", "50,176"
for i in range(176):
    table.add_row(*(Text(cell) for cell in (str(i), *row)))
Console(width=120, markup=False, highlight=False, emoji=False).print(table)
"""


def of_children():
    """Return the seconds of the processor that ended processes have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(commands, rounds):
    """Return the least seconds of each command, run in turns."""
    environment = {**os.environ, "COLUMNS": "120"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    found = dict.fromkeys(commands, float("inf"))
    for _ in range(rounds):
        for name, command in commands.items():
            start = of_children()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)
            found[name] = min(found[name], of_children() - start)
    return found


def traced(text, rounds=3):
    """Return the least seconds that totals of a text take."""
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        Report(parse(Source("<stack>", text)), keep_rows=False)
        least = min(least, time.process_time() - start)
    return least


def solved(text, *goals):
    """Return the seconds that a search to its end takes, and how many solutions it finds."""
    start = time.process_time()
    search = Search(parse(Source("<stack>", text)), [read_goal(Source("", each)) for each in goals])
    count = len(list(search.solutions()))
    return time.process_time() - start, count


def memory(text):
    """Return the most bytes held while totals of a text are worked out, besides the text."""
    tracemalloc.start()
    Report(parse(Source("<stack>", text)), keep_rows=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def main():
    """Print every figure with its bound; return the most that one is of its bound."""
    compileall.compile_dir(str(Path(cnncalc.__file__).parent), quiet=1)
    conv = ["conv", "32x32x3", "--filters", "10", "--k", "5", "--p", "2"]
    seconds = best(
        {
            "import click": [PYTHON, "-c", "import click"],
            "import click, rich": [PYTHON, "-c", "import click, rich.console, rich.table"],
            "176 plain rows": [PYTHON, "-c", PLAIN_ROWS],
            "conv --json": [*MAIN, *conv, "--json"],
            "--help": [*MAIN, "--help"],
            "stack, a table": [*MAIN, "stack", STACK],
            "resnet-50, 176 rows": [*MAIN, "stack", RESNET, "--depth", "9"],
        },
        rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 30,
    )
    shares = []
    for name, base, bound in (
        ("conv --json", "import click", 1.5),
        ("--help", "import click", 1.4),
        ("stack, a table", "import click, rich", 1.4),
        ("resnet-50, 176 rows", "176 plain rows", 1.3),
    ):
        ratio = seconds[name] / seconds[base]
        shares.append(ratio / bound)
        print(
            f"{name:<22} {seconds[name] * 1000:6.1f} ms / {base:<20} {seconds[base] * 1000:6.1f} ms"
            f" = {ratio:.2f}  (at most {bound})"
        )
    layer = "conv 8 k3 p1"
    few, many = f"32x32x3 -> [{layer}]*10000", f"32x32x3 -> [{layer}]*100000"
    rate = 100_000 / traced(many)
    shares.append(100_000 / rate)
    print(f"[{layer}]*100000: {rate:,.0f} layers a second  (at least 100,000)")
    growth = traced(many) / traced(few)
    shares.append(growth / 13)
    print(f"  time against *10000: {growth:.1f}  (linear: about 10)")
    growth = (memory(many) - memory(few)) / 90_000
    shares.append(growth / 8)
    print(f"  memory: {growth:.1f} bytes a layer  (at most 8: the kinds of rows, for the peak)")
    few, many = (f"32x32x3 -> {' -> '.join([layer] * count)}" for count in (10_000, 100_000))
    rate = 100_000 / traced(many)
    shares.append(30_000 / rate)
    print(f"the same written out: {rate:,.0f} layers a second  (at least 30,000)")
    growth = memory(many) / memory(few)
    shares.append(growth / 13)
    print(f"  memory against 10,000: {growth:.1f}  (linear in the text: about 10)")
    body = " -> ".join(["conv 8 k3 p1 -> relu"] * 4)
    for unknowns, goal in (
        ("conv 8 k? s? p?", "1.params=224"),
        ("conv ? k? s? p1", "params<=3000"),
    ):
        text = f"32x32x3 -> {unknowns} -> relu -> {body}"
        least, count = min(solved(text, "size=16", goal) for _ in range(3))
        shares.append(least)
        print(f"{unknowns} on ten layers: {least:.2f} s, {count} solutions  (at most 1 s)")
    print(f"{sum(share > 1 for share in shares)} of {len(shares)} over their bounds")
    return max(shares)


if __name__ == "__main__":
    sys.exit(main() > 2)
