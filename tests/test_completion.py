"""Completion: what click hands to the shell, for commands, layers, options and formats."""

import pytest
from command import printed


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("cnncalc sta", {"stack"}),
        ("cnncalc ups", {"upsample"}),
        ("cnncalc dw", {"dwconv"}),
        ("cnncalc stack 8x8x3, relu --form", {"--format"}),
        ("cnncalc stack 8x8x3, relu --format ma", {"markdown"}),
        ("cnncalc stack 8x8x3, relu --get bi", {"biases"}),
        ("cnncalc stack 8x8x3, relu --columns output,bi", {"output,biases"}),
        ("cnncalc layers dep", {"depthwise"}),
        ("cnncalc conv 8x8x3 --dil", {"--dilation"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell, words, completed):
    """Each shell is given the words that go on from what is typed."""
    typed = words.split(" ")
    environment = {
        "_CNNCALC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words if shell != "fish" else " ".join(typed[:-1]),
        "COMP_CWORD": str(len(typed) - 1) if shell != "fish" else typed[-1],
    }
    _, out, _ = printed([], **environment)
    lines = out.splitlines()
    if shell == "zsh":
        assert completed <= set(lines[1::3])
    else:
        assert completed <= {line.partition(",")[2].partition("\t")[0] for line in lines}
