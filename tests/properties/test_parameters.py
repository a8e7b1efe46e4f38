"""No option, format or kind of answer is untried: command lines from each command's parameters."""

import parameters
import pytest
from held import run_many

from cnncalc.cli.commands import COMMANDS


def test_every_parameter_has_values():
    """An option or an argument that is added is tried, too: what may be meant by it is known."""
    for name in [*COMMANDS, *parameters.LAYERS]:
        for parameter in parameters.command_of(name).params:
            assert parameters.good(parameter, of_layer=name not in COMMANDS), (name, parameter)


@pytest.mark.parametrize("count", [16, pytest.param(1_000, marks=pytest.mark.long)])
def test_whatever_is_typed(count):
    """Each ends in an answer that its format's readers read, or in one fault, and in no other way.

    It says the same again, in Korean, into a file and in colours.
    """
    ended = run_many(count, related=count > 100)
    assert ended.keys() <= {0, 1, 2}
    assert ended[0] > count // 8
