"""Whatever is typed ends in an answer or a fault with a code, soon."""

import fuzz


def test_random_and_mutated_texts():
    """20,000 texts: no other exception, no picture that cannot be drawn, none that takes long."""
    outcomes, (seconds, text) = fuzz.run(20_000)
    assert sum(outcomes.values()) == 20_000
    assert len(outcomes) > 40
    assert outcomes["answer"] > 1000
    assert seconds < 20, text  # a million layers, which are allowed, take some seconds


def test_command_lines():
    """300 command lines of all commands: a status, a code, JSON that can be read, no traceback."""
    outcomes, (seconds, text) = fuzz.run_lines(300)
    assert sum(outcomes.values()) == 300
    assert len(outcomes) > 30
    assert outcomes["answer"] > 30
    assert seconds < 20, text
