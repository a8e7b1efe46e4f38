"""What joins give: the volumes of tensors that PyTorch joins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.api.report import Report
from cnncalc.importing.sources import read_network
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Problem

SIZES = st.sampled_from([1, 2, 3])
VOLUMES = st.lists(st.lists(SIZES, min_size=1, max_size=3).map(tuple), min_size=2, max_size=4)
ALIKE = st.tuples(SIZES, SIZES).flatmap(
    lambda axes: st.lists(SIZES.map(lambda channels: (*axes, channels)), min_size=2, max_size=4)
)


@pytest.mark.parametrize("name", JOIN_KINDS)
@given(st.one_of(VOLUMES, ALIKE, SIZES.map(lambda size: [(size, 2, 3)] * 3)))
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
            joined = torch.cat(tensors, -1) if name == "concat" else sum(tensors)
        except RuntimeError:
            return None
        return tuple(joined.shape) if alike else None

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
    assert Report(read_network(text)).output == tuple(wanted)
    assert write(read_network(text)) == write(read_network(write(read_network(text))))
