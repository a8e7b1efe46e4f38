"""A formula is mapped by an engine: a local cluster of Dask gives what one process gives."""

from itertools import product

import pytest

from cnncalc import formula

distributed = pytest.importorskip("distributed")

VGG = "NxNx3 -> [conv W k3 p1 -> relu]*2 -> maxpool 2 -> [conv 2*W k3 p1]*2 -> maxpool 2 -> fc M"


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # its own
def test_a_million_over_a_cluster():
    """A million points, in pieces, over two processes."""
    costs = formula(VGG, "params", "macs", "peak")
    points = [*product(range(4, 104), range(1, 101), range(1, 101))]
    pieces = [points[start : start + 50_000] for start in range(0, len(points), 50_000)]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = client.gather(client.map(costs.map, pieces, pure=False))
    assert len(points) == 1_000_000
    assert [each for piece in found for each in piece] == costs.map(points)
