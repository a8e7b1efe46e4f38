"""A formula is mapped by an engine: a local cluster of Dask gives what one process gives."""

import subprocess
import sys

import pytest

pytest.importorskip("distributed")

PROGRAM = """
from array import array
from itertools import chain, product

from distributed import Client, LocalCluster

from cnncalc import formula

NET = "NxNx3 -> [conv W k3 p1 -> relu]*2 -> maxpool 2 -> [conv 2*W k3 p1]*2 -> maxpool 2 -> fc M"

if __name__ == "__main__":
    costs = formula(NET, "params", "macs", "peak")

    def piece(size):
        found = costs.map(product([size], range(1, 101), range(1, 101)))
        return array("q", chain.from_iterable(found))

    sizes = range(4, 104)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        found = client.gather(client.map(piece, sizes, pure=False))
    assert found == [piece(size) for size in sizes]
    print(sum(map(len, found)) // 3)
"""


@pytest.mark.long
def test_a_million_over_a_cluster(tmp_path):
    """A million points, in pieces, over two processes."""
    program = tmp_path / "cluster.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.stdout == "1000000\n", done.stderr[-2000:]
