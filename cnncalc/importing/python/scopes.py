"""Names and what they are bound to, functions that look them up, and what a reading may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    import ast

    from cnncalc.importing.python.files import File
    from cnncalc.importing.python.objects import Class
    from cnncalc.importing.python.values import External, Unknown, Value

MOST_STEPS = BUDGET.source_steps
MOST_CALLS = 100  # one in another
MOST_ITEMS = BUDGET.source_items
MOST_SIGNS = BUDGET.source_signs  # of a string
MOST_BITS = BUDGET.source_bits  # of a number


class LexicalScope:
    """The names of a module, a class or a function, and the scope around it."""

    def __init__(self, around: LexicalScope | None = None, *, is_class: bool = False) -> None:
        self.names: dict[str, Value] = {}
        self.around = around
        self.is_class = is_class
        self.elsewhere: dict[str, LexicalScope] = {}  # global and nonlocal names
        self.stars: list[External | Unknown] = []  # `from x import *`, outside the files

    def find(self, name: str) -> LexicalScope | None:
        """Return the scope in which a name is bound, this one or one around it."""
        if name in self.elsewhere:
            scope = self.elsewhere[name]
            return scope if name in scope.names else None
        scope_of: LexicalScope | None = self
        while scope_of is not None:
            if name in scope_of.names and (scope_of is self or not scope_of.is_class):
                return scope_of
            scope_of = scope_of.around
        return None

    def bind(self, name: str, value: Value) -> None:
        """Bind a name."""
        self.elsewhere.get(name, self).names[name] = value

    @property
    def module(self) -> LexicalScope:
        """The scope of the module that it stands in."""
        scope = self
        while scope.around is not None:
            scope = scope.around
        return scope


class Function:
    """A function of the source: its node, where its names are looked up, and its class.

    `defaults` are those of its parameters, by name.
    """

    def __init__(
        self,
        node: ast.FunctionDef | ast.Lambda,
        scope: LexicalScope,
        file: File,
        owner: Class | None = None,
    ) -> None:
        self.node = node
        self.scope = scope
        self.file = file
        self.owner = owner
        self.defaults: dict[str, Value] = {}

    @property
    def name(self) -> str:
        """What it is called."""
        return getattr(self.node, "name", "<lambda>")


class StackFrame:
    """One call at work: its names, its file, the class it belongs to and its first argument."""

    def __init__(
        self, scope: LexicalScope, file: File, owner: Class | None = None, first: Value = None
    ) -> None:
        self.scope = scope
        self.file = file
        self.owner = owner
        self.first = first
        self.made: list[Value] | None = None  # what a generator yields
