"""Memory: what must be held at each row, against a search that keeps what later rows read."""

from itertools import count, pairwise
from math import prod

from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc import stack
from cnncalc.trace.arena import Buffer, lay

VIEWS = {"reference", "identity", "output", "dropout", "flatten"}
IN_PLACE = {"relu", "bn", "lrn", "softmax", "shuffle", "prelu"}
PLAIN = (
    *("relu", "bn", "identity", "dropout 0.5", "lrn", "softmax", "shuffle", "output", "prelu"),
    *("conv 4 k3 p1", "conv 4 k1 nobias", "maxpool 3 s1 p1", "dwconv k3 p1"),
    *("conv 9 k1 -> conv 4 k1", "upsample 2 -> avgpool 2", "pad 1 -> conv 4 k3"),
)
"""Items that keep a volume, or bring it back."""


@st.composite
def graphs(draw):
    """Draw a graph of joins, repeats, side branches and labels, all on 6x6x4."""
    names = []  # the labels that are seen
    numbers = count(1)

    def sequence(depth, head=()):
        items = [*head, *(item(depth) for _ in range(draw(st.integers(1, 4))))]
        return " -> ".join(items)

    def branch(depth):
        if draw(st.booleans()) and names:
            name = draw(st.sampled_from(names))
            return f"@{name}" if draw(st.booleans()) else sequence(depth, [f"@{name}"])
        return sequence(depth)

    def item(depth):
        how = draw(st.sampled_from(["plain", "label", "add", "mul", "concat", "aux", "repeat"]))
        if how == "label":
            text = item(depth - 1) if depth else draw(st.sampled_from(["relu", "conv 4 k1"]))
            if "->" in text and not text.endswith("]"):
                text = f"[{text}]"
            names.append(f"l{next(numbers)}")
            return f"{names[-1]}: {text}"
        if how == "plain" or not depth:
            return draw(st.sampled_from(PLAIN))
        if how in ("aux", "repeat"):
            outside = [*names]
            inner = sequence(depth - 1)
            names[:] = outside
            return f"aux[{inner}]" if how == "aux" else f"[{inner}]*2"
        parts = " | ".join(branch(depth - 1) for _ in range(draw(st.integers(2, 3))))
        return f"concat[{parts}] -> conv 4 k1" if how == "concat" else f"{how}[{parts}]"

    return f"6x6x4 -> {sequence(2)}"


def held(rows, sums=False):
    """Return what each main row needs at once: what it reads and writes, and what later rows read.

    A view is the tensor of its input. What works in place writes over its input, unless that is
    read later; a sum may do so over one branch. The end, and what is marked as an output, is
    read after all rows.
    """
    rows = [row for row in rows if not row.aux]
    size = {row.index: prod(row.output) for row in rows}
    tensor = {}
    for row in rows:
        tensor[row.index] = tensor[row.inputs[0]] if row.kind in VIEWS else row.index
    ends = {tensor[rows[-1].index]} | {tensor[row.index] for row in rows if row.kind == "output"}
    found = {}
    for step, row in enumerate(rows):
        written = {tensor[each.index] for each in rows[: step + 1]}
        later = {tensor[each] for other in rows[step + 1 :] for each in other.inputs} | ends
        read = {tensor[each] for each in row.inputs}
        keep = (written & later) | read | {tensor[row.index]}
        if row.kind in IN_PLACE:
            keep -= read - later
        if sums and row.kind == "add" and read - later:
            keep -= {next(tensor[each] for each in row.inputs if tensor[each] not in later)}
        found[row.index] = sum(size[each] for each in keep)
    return found


@given(text=graphs())
def test_peak_is_what_later_rows_read(text):
    """At each row of any graph: exactly the tensors that it or a later row needs."""
    report = stack(text)
    wanted = held(report.rows)
    for row in report.rows:
        assert row.peak == 4 * wanted.get(row.index, 0), (text, row)
    assert report.peak == 4 * max(wanted.values())
    assert wanted[report.forward.fullest] == max(wanted.values())
    for row in report.rows:
        if not row.aux:
            assert sum(size for _, size in report.forward.at(row.index)) == wanted[row.index]


@example("6x6x4 -> relu -> l2: l1: output -> add[@l1 | relu]")
@example("6x6x4 -> a: conv 4 k1 -> output -> add[@a | conv 4 k1]")
@given(text=graphs())
def test_sums_in_place(text):
    """A sum takes the place of the first branch that nothing reads later."""
    report = stack(text, planner="inplace-add")
    wanted = held(report.rows, sums=True)
    assert [row.peak for row in report.rows] == [
        4 * wanted.get(row.index, 0) for row in report.rows
    ]


@given(text=graphs())
def test_arena_keeps_what_is_read(text):
    """No two buffers overlap while both are alive; every op has what it reads and writes."""
    report = stack(text, planner="tflm", dtype="int8")
    ops, buffers, places = report.forward.laid()
    ends = [place + each.size for place, each in zip(places, buffers, strict=True)]
    for op in range(ops.count):
        held = sorted(
            (place, end)
            for place, end, each in zip(places, ends, buffers, strict=True)
            if each.first <= op <= each.last
        )
        assert all(one[1] <= other[0] for one, other in pairwise(held)), (text, op)
    assert report.peak == report.arena_head == max(ends)


@given(
    buffers=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 6), st.integers(0, 3)), max_size=9)
)
def test_greedy_plan(buffers):
    """As a search byte by byte lays them: the first place where nothing alive with it is."""
    buffers = [Buffer(size, first, first + more) for size, first, more in buffers]
    taken = {}
    order = sorted(range(len(buffers)), reverse=True, key=lambda each: (buffers[each].size, each))
    for each in order:
        size, first, last, _ = buffers[each]
        at = next(
            at
            for at in count()
            if not any(
                (op, byte) in taken
                for op in range(first, last + 1)
                for byte in range(at, at + size)
            )
        )
        taken |= {
            (op, byte): each for op in range(first, last + 1) for byte in range(at, at + size)
        }
        assert lay(buffers)[each] == at


@given(
    text=graphs(),
    batch=st.integers(1, 1000),
    dtype=st.sampled_from([("float32", 4), ("float16", 2), ("bfloat16", 2), ("int8", 1)]),
)
def test_batch_and_type_scale(text, batch, dtype):
    """A batch multiplies what is computed for each input; the type multiplies bytes alone."""
    one, many = stack(text), stack(text, batch=batch, dtype=dtype[0])
    for name in ("macs", "flops", "activations"):
        assert getattr(many, name) == batch * getattr(one, name)
    for name in ("params", "weights", "biases", "output", "rf", "depth", "nonlinearities"):
        assert getattr(many, name) == getattr(one, name)
    width = dtype[1]
    assert many.peak * 4 == batch * width * one.peak
    assert many.memory == batch * width * one.activations
    assert many.params_memory == width * one.params
    assert many.training_sgd == 2 * batch * width * one.activations + 2 * width * one.params
    assert many.training_momentum == many.training_sgd + width * one.params
    assert many.training_adam == many.training_sgd + 2 * width * one.params
