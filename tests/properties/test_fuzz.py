"""Whatever is typed ends in an answer or a fault with a code, soon."""

import os

import files
import fuzz
import processes
import pytest

from cnncalc.notation import library

COUNT = int(os.environ.get("CNNCALC_FUZZ", "0"))  # of all that is made here; 0: as many as stand


@pytest.mark.parametrize("count", [60, pytest.param(5_000, marks=pytest.mark.long)])
def test_random_and_mutated_texts(count):
    """No other exception, no picture that cannot be drawn, no text that takes long."""
    outcomes, (seconds, text) = fuzz.run(COUNT or count)
    assert sum(outcomes.values()) == (COUNT or count)
    assert len(outcomes) > 15
    assert outcomes["answer"] > count // 20
    assert seconds < 20, text  # a million layers, which are allowed, take some seconds


@pytest.mark.parametrize("count", [8, pytest.param(300, marks=pytest.mark.long)])
def test_command_lines(count, monkeypatch):
    """Command lines of all commands: a status, a code, JSON that can be read, no traceback."""
    if count < 100:  # to work out the whole library takes as long as all the others
        some = library.models()[::20]
        monkeypatch.setattr(library, "models", lambda: some)
    outcomes, (seconds, text) = fuzz.run_lines(COUNT or count)
    assert sum(outcomes.values()) == (COUNT or count)
    assert len(outcomes) > count // 20
    assert outcomes["answer"] > count // 20
    assert seconds < 20, text


@pytest.mark.parametrize("count", [2, pytest.param(100, marks=pytest.mark.long)])
def test_processes(count):
    """Command lines in processes of their own: odd environments, streams that are gone, signals."""
    assert sum(processes.run(COUNT or count).values()) == (COUNT or count)


@pytest.mark.parametrize("kind", sorted(files.MAKERS))
@pytest.mark.parametrize("count", [2, pytest.param(100, marks=pytest.mark.long)])
def test_files(kind, count):
    """Files of every kind that is read, mutated: a status, a code, no traceback, soon."""
    outcomes, (seconds, text) = files.run(COUNT or count, kind)
    assert outcomes.total() == (COUNT or count)
    assert seconds < 20, text
