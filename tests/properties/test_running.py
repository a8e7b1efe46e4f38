"""Random networks, exported and run: their layers are those that are counted."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import networks

from cnncalc import Problem, stack
from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.importing.sources import read_network

ANY = st.sampled_from([1, 2, 2, 2, 3]).flatmap(networks)


@pytest.mark.long
@settings(suppress_health_check=list(HealthCheck))
@given(ANY)
def test_is_python(text):
    """What is counted is written, or has no counterpart; and it compiles."""
    try:
        stack(text)
    except Problem:
        assume(False)
    try:
        code = write_pytorch(read_network(text))[0]
    except Problem as problem:
        assert problem.code == "no-counterpart"
        return
    compile(code, text, "exec")


@pytest.mark.long
@settings(suppress_health_check=list(HealthCheck))
@given(ANY)
def test_runs_as_counted(text):
    """Each layer gives the shape and has the parameters of its row."""
    pytest.importorskip("torch", reason="the extra 'torch' is not installed")
    from running import run

    try:
        stack(text)
        write_pytorch(read_network(text))
    except Problem:
        assume(False)
    run(text)
