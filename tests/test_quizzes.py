"""Quizzes: the same seed, the same sheet; every choice is distinct, and one is right."""

import pytest

from cnncalc import stack
from cnncalc.homework.quizzes import LEVELS, exercises, write_key, write_text


@pytest.mark.parametrize("level", LEVELS)
def test_quizzes(level):
    """The right choice is the network's own; the wrong ones say which slip they are."""
    made = list(exercises(7, 12, level))
    assert len(made) == 12
    assert made == list(exercises(7, 12, level))
    assert made != list(exercises(8, 12, level))
    for each in made:
        assert len({choice.text for choice in each.choices}) == 4
        assert [choice.is_right for choice in each.choices].count(True) == 1
        report = stack(each.network)
        found = getattr(report, each.quantity)
        said = f"{found:,}" if isinstance(found, int) else "x".join(map(str, found))
        assert said == each.right
        assert all(choice.says for choice in each.choices if not choice.is_right)
        assert each.steps


def test_more_than_there_are():
    """A sheet that asks for more exercises than there are ends all the same."""
    assert 20 < len(list(exercises(1, 100, 3))) <= 100


def test_written():
    """Text and key hold the same exercises."""
    made = list(exercises(3, 4, 1))
    text = write_text(made, answers=True)
    assert all(each.network in text and each.network in write_key(made) for each in made)
    assert "Answer" not in write_text(made, answers=False)
