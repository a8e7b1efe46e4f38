"""What a reading is at: where in which file, and how much of what it may cost is spent."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import faults, operators
from cnncalc.importing.python.scopes import (
    MOST_BITS,
    MOST_CALLS,
    MOST_SIGNS,
    MOST_STEPS,
    LexicalScope,
    StackFrame,
)
from cnncalc.importing.python.values import Raised, Unknown
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.importing.python.files import File, Files
    from cnncalc.importing.python.values import Value

CAUGHT = (
    *(TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError),
    AttributeError,
)
"""What Python's own operations raise on values that do not fit."""

NO_LINE = (ast.Module, ast.ClassDef, ast.Pass)
"""What a reading is at where no line of the source calls a model."""

_INNER = (str, list, tuple, dict, set)


class Machine:
    """What a reading is at: the frame, and the steps and calls that it has taken."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.steps = 0
        self.depth = 0
        self.returned: tuple[File, ast.AST] | None = None  # the last line that returned
        self.generators: dict[ast.AST, bool] = {}  # whether a function yields, once it is called
        self.words: dict[str, Problem] = {}  # what was typed that is no name of the source
        self.frame = StackFrame(LexicalScope(), files.first)
        self.applying: tuple[File, ast.AST] | None = None  # where the layer at work was made
        self.node: ast.AST = ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)

    @property
    def here(self) -> tuple[File, ast.AST]:
        """Where the reading is: in which file, at which node."""
        return self.frame.file, self.node

    def spend(self, steps: int) -> None:
        """Count steps; refuse what takes too many."""
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise faults.too_long(*self.here, MOST_STEPS)

    def fault(self, why: str, *notes: str, node: ast.AST | None = None) -> Problem:
        """Return the problem of what cannot be followed, where the reading is at."""
        return faults.not_followed(self.frame.file, node or self.node, why, notes)

    def outside(self, path: str) -> Unknown:
        """Return what lies outside the source, as a value that cannot be known."""
        return Unknown(self.fault(_("{name} lies outside this source", name=quoted(path))), path)

    def unknown(self, why: str) -> Unknown:
        """Return a value that cannot be known from here on."""
        return Unknown(self.fault(why))

    def need(self, value: Value) -> Value:
        """Return a value that must be known."""
        if isinstance(value, Unknown):
            raise value.fault
        return value

    @contextmanager
    def inside(self, frame: StackFrame) -> Iterator[None]:
        """Follow what comes in another frame."""
        before, self.frame = self.frame, frame
        node = self.node
        self.depth += 1
        try:
            if self.depth > MOST_CALLS:
                raise faults.too_deep(frame.file, node, MOST_CALLS)
            yield
        except (Problem, Raised) as error:
            if self.files.is_own(before.file) and not self.files.is_own(frame.file):
                problem = error.fault if isinstance(error, Raised) else error
                faults.move(problem, before.file, node)  # to what called a known block
            raise
        finally:
            self.frame = before
            self.node = node
            self.depth -= 1

    def go_through(self, *values: Any) -> None:
        """Count the steps of going through values, and what is in them, as Python itself does.

        What holds a list twice has all that is in it twice.
        """
        waiting = [*values]
        while waiting:
            value = waiting.pop()
            self._weigh(value)
            if isinstance(value, list | tuple | set):
                waiting += [each for each in value if isinstance(each, _INNER)]
            elif isinstance(value, dict):
                waiting += [each for each in value.values() if isinstance(each, _INNER)]

    def look_up_by(self, *keys: Any) -> None:
        """Count the steps of looking keys up: tuples are gone through."""
        self.go_through(*(key for key in keys if isinstance(key, tuple)))

    def _weigh(self, value: Any) -> None:
        if isinstance(value, str):
            self.spend(len(value) // 100)
        elif isinstance(value, list | tuple | dict | set):
            self.spend(len(value))

    def hold(self, value: Any) -> Any:
        """Return a value that was made; refuse one that is too large, and count what it holds."""
        self._weigh(value)
        if isinstance(value, str):
            if len(value) > MOST_SIGNS:
                raise faults.too_large(*self.here)
        elif isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise faults.too_large(*self.here)
        return value

    def guarded(self, of: Callable[..., Any], *values: Any) -> Any:
        """Return what one of Python's own operations makes; what it raises, the source raises."""
        try:
            return self.hold(of(*values))
        except operators.TooLarge:
            raise faults.too_large(*self.here) from None
        except KeyError as error:
            raise self.raised("KeyError", repr(operators.shown(*error.args))) from None
        except CAUGHT as error:
            raise self.raised(type(error).__name__, str(error)) from None

    def raised(self, kind: str, why: str) -> Raised:
        """Return an exception as the source raises it."""
        return Raised(kind, faults.raises(*self.here, kind, _uncapped(why[:80])))


def _uncapped(text: str) -> str:
    """Return what an exception says as a message does: its first word is no sentence's.

    >>> _uncapped("Division by zero"), _uncapped("RNN is no name")
    ('division by zero', 'RNN is no name')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
