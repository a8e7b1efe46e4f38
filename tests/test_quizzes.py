"""Quizzes: the same seed, the same sheet; every choice is distinct, and one is right."""

import pytest

from cnncalc import stack
from cnncalc.homework import alternatives
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.judge import Judge
from cnncalc.homework.namesakes import INPUTS
from cnncalc.homework.quizzes import LEVELS, WRONG, exercises, write_key, write_text
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.variations import SHAPES, Variation, closed
from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Source


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


def test_another_slip_changes_no_sheet(monkeypatch):
    """What a seed gives does not depend on how many slips the table holds, nor on their order."""
    sheets = [list(exercises(seed, 6, level)) for seed in (1, 7) for level in LEVELS]
    more = Variation(
        "of-this-test",
        "a value that nobody gives",
        frozenset({"params", "macs", "output", "rf"}),
        answer=lambda _row, quantity, _rows: (3, 1, 4) if quantity == "output" else 31_415,
    )
    monkeypatch.setattr(alternatives, "SLIPS", (more, *reversed(SLIPS)))
    judge = Judge(parse(Source("", "8x8x1 -> conv 1 k3")))
    assert 31_415 in [each.value for each in judge.alternatives.of(None, "macs")]
    assert sheets == [list(exercises(seed, 6, level)) for seed in (1, 7) for level in LEVELS]


def test_wrong_choices_are_in_the_tables():
    """Each way that wrong choices come from is one of the tables, a namesake or an earlier row."""
    known = {way.name for way in (*CONVENTIONS, *SLIPS)}
    known |= {"layers-left-out", *(f"input-{size}" for size in INPUTS)}
    assert not {name for names in WRONG.values() for name in names} - known


@pytest.mark.parametrize(
    "entry",
    [
        Variation("none", "says", SHAPES),
        Variation("two", "says", SHAPES, factor=(2, 1), change_layer=lambda layer: layer),
        Variation("silent", "", SHAPES, factor=(2, 1)),
        Variation("idle", "says", frozenset(), factor=(2, 1)),
    ],
    ids=lambda entry: entry.name,
)
def test_an_entry_that_is_not_whole_does_not_load(entry):
    """It has a sentence, what it bears on, and exactly one way to the answer."""
    with pytest.raises(ValueError, match="must be set"):
        closed(entry)
