"""What joins give: the volumes of tensors that PyTorch joins."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import code_of, network_of

from cnncalc.importing.sources import read_network
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.writer import write
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem
from cnncalc.trace.settings import Settings

SIZES = st.sampled_from([1, 2, 3])
VOLUMES = st.lists(st.lists(SIZES, min_size=1, max_size=3).map(tuple), min_size=2, max_size=4)
ALIKE = st.tuples(SIZES, SIZES).flatmap(
    lambda axes: st.lists(SIZES.map(lambda channels: (*axes, channels)), min_size=2, max_size=4)
)
MATRICES = st.tuples(SIZES, SIZES, SIZES, SIZES).map(
    lambda sizes: [sizes[:3], (sizes[3], sizes[2], sizes[0])]
)


@pytest.mark.parametrize("name", JOIN_KINDS)
@given(st.one_of(VOLUMES, ALIKE, SIZES.map(lambda size: [(size, 2, 3)] * 3), MATRICES))
def test_joins_are_those_of_tensors(name, volumes):
    """A join gives the shape that PyTorch gives, and disagrees where PyTorch refuses."""
    torch = pytest.importorskip("torch", reason="the extra 'torch' is not installed")
    kind = JOIN_KINDS[name]

    def join(volumes):
        rank = max(map(len, volumes))
        if name == "mul":  # a vector is 1 wide
            volumes = [(1,) * (rank - 1) + v if len(v) == 1 else v for v in volumes]
        alike = len(set(volumes if name in ("add", "max") else map(len, volumes))) == 1
        tensors = [torch.empty(volume, device="meta") for volume in volumes]
        try:
            if name == "product":
                return tuple(torch.matmul(*tensors).shape) if alike and rank > 1 else None
            joined = torch.cat(tensors, -1) if name == "concat" else sum(tensors)
        except RuntimeError:
            return None
        return tuple(joined.shape) if alike else None

    volumes = volumes[:2] if kind.two else volumes
    pair = kind.misfit(volumes)
    assert (pair is None) == (join(volumes) is not None)
    if pair is None:
        assert kind.output(volumes) == join(volumes)
    else:
        assert join([volumes[place] for place in pair]) is None


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=3),
    st.integers(1, 5),
    st.lists(st.integers(0, 4), min_size=2, max_size=4),
    st.integers(1, 3),
)
def test_stacking_along_a_spatial_axis(sizes, channels, pads, axis):
    """Along an axis sizes are added, and nothing else is; where there is no such axis, a fault."""
    before = ["0"] * len(sizes)
    branches = []
    for more in pads:
        before[min(axis, len(sizes)) - 1] = f"0:{more}"
        branches.append(f"pad {'x'.join(before)}" if more else "identity")
    volume = "x".join(map(str, [*sizes, channels]))
    text = f"{volume} -> concat axis={axis}[ {' | '.join(branches)} ]"
    if axis > len(sizes):
        with pytest.raises(Problem, match="no spatial axis"):
            Report(read_network(text))
        return
    wanted = [*sizes, channels]
    wanted[axis - 1] = sum(sizes[axis - 1] + more for more in pads)
    assert Report(read_network(text)).rows[-1].output == tuple(wanted)
    assert write(read_network(text)) == write(read_network(write(read_network(text))))


@given(
    st.lists(st.integers(2, 3), max_size=2),
    st.tuples(*[st.integers(2, 5)] * 3),
    st.integers(1, 3),
)
def test_products_cost_what_pytorch_counts(stack, sizes, batch):
    """Two projections of a sequence multiplied: PyTorch's count of MACs, and the code gives it."""
    torch = pytest.importorskip("torch", reason="the extra 'torch' is not installed")
    from torch.utils.flop_counter import FlopCounterMode

    length, channels, inner = sizes
    volume = "x".join(map(str, [*stack, length, channels]))
    text = (
        f"{volume} -> s: product[ linear {inner} | linear {inner} -> transpose ] -> softmax "
        f"-> product[ identity | @s -> relu ]"
    )
    report = Report(read_network(text), Settings(batch=batch))
    model = network_of(code_of(text))()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        output = model(torch.zeros(batch, channels, *stack, length))
    *axes, last = report.rows[-1].output
    assert tuple(output.shape) == (batch, last, *axes)
    assert counter.get_total_flops() == report.total("flops")
    products = batch * (math.prod(stack) * length * length * (inner + length))
    assert report.total("products") == products
