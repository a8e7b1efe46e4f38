"""Items that are no layers: they stand where they are, count nothing, and totals say so."""

from __future__ import annotations

import json

import pytest
from command import printed
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import lay_out, write
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace.settings import Settings

NAMES = st.text(
    st.characters(exclude_characters='"', exclude_categories=("C", "Z")), min_size=1, max_size=20
)
VOLUMES = st.lists(st.integers(1, 40), min_size=3, max_size=3).map(tuple)


def _times(volume: tuple[int, ...]) -> str:
    return "x".join(map(str, volume))


@example("a[b", (4, 4, 2), (4, 4, 2), 3, True)
@given(NAMES, VOLUMES, VOLUMES, st.integers(1, 9), st.booleans())
def test_what_stands_around_it_is_counted(
    name: str, volume: tuple[int, ...], output: tuple[int, ...], filters: int, joins: bool
) -> None:
    """A conv behind it is counted on the volume that it says, one before it as without it."""
    branches = " [ identity | conv 2 k1 ]" if joins else ""
    text = f'{_times(volume)} -> opaque "{name}" {_times(output)}{branches} -> conv {filters} k1'
    network = parse(Source("", text))
    report = Report(network)
    more = 2 * volume[-1] + 2 if joins else 0
    assert report.total("params") == filters * (output[-1] + 1) + more
    assert report.rows[-1].input == output
    assert not report.is_whole
    assert [each.code for each in report.warnings if each.code == "not-counted"] == ["not-counted"]
    assert write(parse(Source("", write(network)))) == write(network)
    for width in (20, 80):
        assert write(parse(Source("", lay_out(network, width=width)))) == write(network)
    with pytest.raises(Problem) as refused:
        Report(network, Settings(strict=True))
    assert refused.value.code == "not-whole"
    with pytest.raises(Problem) as refused:
        write_pytorch(network)
    assert refused.value.code == "no-counterpart"


def test_programs_and_people_are_told() -> None:
    """JSON says that the totals are not whole; a table marks them; --get is a bare number."""
    text = '8x8x3 -> opaque "Odd" 8x8x2 -> conv 4 k1'
    assert json.loads(printed(["stack", text, "--json"])[1])["whole"] is False
    assert "12+" in printed(["stack", text])[1]
    assert "12+" in printed(["stack", text, "--format", "markdown"])[1]
    _status, out, err = printed(["stack", text, "--get", "params"])
    assert (out, "not-counted" in err) == ("12\n", True)
    assert "whole" not in json.loads(printed(["stack", "8x8x3 -> relu", "--json"])[1])


@pytest.mark.parametrize(
    ("name", "whole"), [("Pad", True), ("Transpose", True), ("Deform", False), ("our.Pad", False)]
)
def test_what_moves_values_alone_is_whole(name: str, whole: bool) -> None:
    """A name of what moves values says that it costs nothing; any other leaves totals open."""
    text = f'8x8x3 -> opaque "{name}" 9x9x3 -> conv 2 k1'
    assert Report(parse(Source("", text))).is_whole is whole
