"""What joins give: the volumes of tensors that PyTorch joins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.kinds.joins import JOIN_KINDS

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
        alike = len(set(volumes if name == "add" else map(len, volumes))) == 1
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
