"""How long answers take, as ratios side by side in one run: `python tests/benchmarks/bench.py`.

Start-up is compared with the bare imports that it cannot do without, with the real interpreter and
compiled modules; the best of many rounds, taken in turns. Times are the processor's, so that what
else a machine does counts little.
Says where a ratio is over its bound; ends with status 1 where one is over twice that, as a busy
machine alone does not make it. Beside them stand what other tools take for the same network, where
they are installed: torch's FlopCounterMode, torchinfo, onnx-tool. No part of the test run.
"""

import compileall
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import cnncalc
from cnncalc.api import text_templates
from cnncalc.importing.sources import read_network
from cnncalc.notation import recalled
from cnncalc.notation.parser import parse
from cnncalc.numbers.ranges import read_range
from cnncalc.output import table
from cnncalc.output.layout import Style
from cnncalc.report.report import Report
from cnncalc.solving.goals import read_goal
from cnncalc.solving.search import Search
from cnncalc.solving.sweeps import Sweep
from cnncalc.speech.problem import Source
from cnncalc.trace import outline, resolutions

PYTHON = os.path.realpath(sys.executable) if sys.prefix == sys.base_prefix else sys.executable
MAIN = [PYTHON, "-c", "from cnncalc.__main__ import main; main()"]
STACK = "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> flatten -> fc 10"
RESNET = (
    "def cb(...) { conv ... nobias -> bn } "
    "def block(n, s=1, keep=(s==1)*(cin==4*n)) { add[ cb n k1 "
    "-> relu -> cb n k3 p1 s=s -> relu -> cb 4*n k1 | [cb 4*n k1 s=s]*(1-keep) ] -> relu } "
    "224x224x3 -> cb 64 k7 s2 p3 -> relu -> maxpool 3 s2 p1 -> [block 64]*3 -> block 128 s2 -> "
    "[block 128]*3 -> block 256 s2 -> [block 256]*5 -> block 512 s2 -> [block 512]*2 "
    "-> gap -> fc 1000"
)
WIDE = RESNET.replace("224x224", "NxN").replace("cb 64 k7", "cb 64*W k7")
for _width in (64, 128, 256, 512):
    WIDE = WIDE.replace(f"block {_width}", f"block {_width}*W")
VGG = (
    "NxNx3 -> "
    + " -> ".join(
        f"[conv {width}*W k3 p1 -> relu]*{times} -> maxpool 2"
        for width, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    )
    + " -> fc 4096 -> relu -> fc 4096 -> relu -> fc 1000"
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


def least(work, rounds):
    """Return the least seconds of the processor that some work takes; it is given its round."""
    found = float("inf")
    for turn in range(rounds):
        start = time.process_time()
        work(turn)
        found = min(found, time.process_time() - start)
    return found


def by_hand(rows):
    """Return a loop that somebody would write for these rows: its totals for a size of the input.

    A row is what it reads, and of a conv or a pool its filters, kernel, stride and padding.
    """
    steps = []
    for row in rows[1:]:
        named = row.node.named if row.kind in ("conv", "maxpool", "fc") else {}
        (kernel,), (stride,), (pad,) = (
            (named.get(name) or (0,))[:1] for name in ("kernel", "stride", "padding")
        )
        filters = named.get("filters", named.get("units", 0))
        steps.append((row.kind, row.inputs[0], filters, kernel, stride or kernel, pad))

    def loop(size):
        outs = [(size, size, 3)]
        params = macs = held = 0
        for kind, source, filters, kernel, stride, pad in steps:
            height, width, channels = outs[source]
            if kind in ("conv", "maxpool"):
                height = (height + 2 * pad - kernel) // stride + 1
                width = (width + 2 * pad - kernel) // stride + 1
            if kind == "conv":
                weights = kernel * kernel * channels * filters
                channels = filters
                params += weights
                macs += weights * height * width
            elif kind == "bn":
                params += 2 * channels
            elif kind == "gap":
                height = width = 1
            elif kind == "fc":
                params += (height * width * channels + 1) * filters
                macs += height * width * channels * filters
                height, width, channels = 1, 1, filters
            if kind not in ("bn", "relu"):
                held += height * width * channels
            outs.append((height, width, channels))
        return params, macs, held + size * size * 3

    return loop


def others():
    """Yield the names of other tools that are installed, and what counts ResNet-50 with them."""
    try:
        import torch
        from torchvision.models import resnet50
    except ImportError:
        return
    with torch.device("meta"):
        model, image = resnet50(), torch.empty(1, 3, 224, 224)
    with suppress(ImportError):
        from torch.utils.flop_counter import FlopCounterMode

        def counted(_turn):
            with FlopCounterMode(display=False):
                model(image)

        yield "FlopCounterMode, on meta", counted
    with suppress(ImportError):
        from torchinfo import summary

        def summed(_turn):
            with redirect_stdout(StringIO()):
                summary(model, input_size=(1, 3, 224, 224), device="meta", verbose=0)

        yield "torchinfo, on meta", summed
    with suppress(ImportError):
        import onnx_tool

        file = Path("resnet50.onnx")
        if file.exists():
            yield "onnx-tool", lambda _turn: onnx_tool.model_profile(str(file), save_profile=None)


def search():
    """Print what the inner loop of a search takes; yield how much of its bound each figure is."""
    loop = by_hand(cnncalc.stack(RESNET).rows)
    report = cnncalc.stack(RESNET)
    assert loop(224) == (report.params, report.macs, report.activations)
    unit = least(lambda turn: loop(224 + turn), 200)
    print(f"a loop by hand over the {len(report.rows)} rows of ResNet-50: {unit * 1000:.3f} ms")

    def text(turn):
        return WIDE.replace("NxN", f"{200 + turn}x{200 + turn}").replace("*W", f"*{1 + turn % 7}")

    def asked(found):
        return found.params, found.macs, found.activations

    def cold(turn, *memories):
        for memory in (text_templates, *memories):
            memory.forget()
        return asked(cnncalc.stack(text(1000 + turn) + "#" * turn))

    new = least(lambda turn: cold(turn, outline, recalled, resolutions), 12) / unit
    print(f"  stack of a text none of whose words were read before: {new:.0f} times the loop")
    network = cnncalc.read(WIDE)
    for name, bound, work in (
        ("stack of a text like none before, of words that others had", 35, cold),
        ("stack of texts with other numbers", 35, lambda turn: asked(cnncalc.stack(text(turn)))),
        (
            "report(N=, W=) of a network that was read",
            18,
            lambda turn: asked(network.report(N=200 + turn, W=1 + turn % 7)),
        ),
    ):
        ratio = least(work, 60) / unit
        print(f"  {name}: {ratio:.1f} times the loop  (at most {bound})")
        yield ratio / bound
    for name, work in others():
        print(f"  {name}: {least(work, 3) / unit:.0f} times the loop")
    points = [(size, width) for size in range(64, 264) for width in range(1, 51)]
    for name, network in (("ResNet-50", WIDE), ("VGG-16", VGG)):
        formula = cnncalc.formula(network, "params", "macs", "peak")
        one = len(points) / least(lambda _turn, one=formula: [one(*each) for each in points], 8)
        many = len(points) / least(lambda _turn, one=formula: one.map(points), 8)
        rate = max(one, many)
        print(f"formula of {name}: {rate:,.0f} networks a second  (at least 500,000)")
        yield 500_000 / rate
    points *= 100
    rate = len(points) / least(lambda _turn: formula.map(points), 1)
    print(f"  {len(points):,} points: {rate:,.0f} a second  (at least 100,000)")
    yield 100_000 / rate

    def swept(numbers, is_closed):
        sweep = Sweep(read_network("resnet50"), read_range(Source("--sweep", f"input={numbers}")))
        for point in sweep.points() if is_closed else map(sweep.traced, sweep.numbers.numbers()):
            if point.report:
                point.report.total("macs")

    share = least(lambda _turn: swept("32..536", is_closed=True), 3)
    share /= least(lambda _turn: swept("32..536:21", is_closed=False), 3) * 505 / 25
    print(f"a sweep of 505 ResNet-50s: {share:.3f} of tracing each  (at most 0.15)")
    yield share / 0.15


def tables():
    """Print what long tables take, beside what rich does; yield how much of its bound each is."""
    rows = "stack", "64x64x3 -> [conv 8 k3 p1]*{}"
    short = cnncalc.stack(rows[1].format(299)).listing()
    style = Style(None, color=True, unicode=True)  # without colours it is not rich that draws
    rich = least(lambda _turn: [*table.lines(short, style, few=None)], 3) / 300
    formats = ("--format=csv", "--format=markdown", "--json")
    for words in (rows, ("rf", rows[1]), *((*rows, each) for each in formats)):
        took = []
        for count in (400, 25_000):
            start = of_children()
            command = [*MAIN, *(word.format(count) for word in words)]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            took.append(of_children() - start)
        each = (took[1] - took[0]) / (25_000 - 400)
        name = words[-1].removeprefix("--") if len(words) > 2 else words[0]
        print(
            f"25,000 rows, {name}: {1 / each:,.0f} a second, {each / rich:.3f} of what rich takes"
            "  (at most 0.1)"
        )
        yield each / rich / 0.1


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
            "stack --get": [*MAIN, "stack", STACK, "--get", "params"],
            "check, a right answer": [*MAIN, "check", STACK, "params=26370"],
            "stack, a table": [*MAIN, "stack", STACK],
            "resnet-50, 176 rows": [*MAIN, "stack", RESNET, "--depth", "9"],
        },
        rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 30,
    )
    shares = []
    for name, base, bound in (
        ("conv --json", "import click", 1.4),
        ("--help", "import click", 1.15),
        ("stack --get", "import click", 1.45),
        ("check, a right answer", "import click", 1.7),
        ("stack, a table", "import click, rich", 1.0),
        ("resnet-50, 176 rows", "176 plain rows", 0.6),
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
    shares += [*search(), *tables()]
    print(f"{sum(share > 1 for share in shares)} of {len(shares)} over their bounds")
    return max(shares)


if __name__ == "__main__":
    sys.exit(main() > 2)
