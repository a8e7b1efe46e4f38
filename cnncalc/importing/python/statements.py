"""What statements of a source do: assignments, choices, loops, functions, classes, imports."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python.attributes import READ_WHEN_CALLED
from cnncalc.importing.python.calls import Returned
from cnncalc.importing.python.imports import MUTATES
from cnncalc.importing.python.machine import CAUGHT
from cnncalc.importing.python.objects import Instance
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import External, Raised, Unknown, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.python.definitions import DefinitionReading
    from cnncalc.importing.python.imports import Imports
    from cnncalc.importing.python.matching import Matching


_BREAK, _CONTINUE = object(), object()

_WALKS = ("modules", "named_modules", "parameters", "named_parameters", "state_dict")
"""What goes through all modules: weights are set and frozen there, and nothing is counted."""


class Statements:
    """Follows statements, by the kinds of their nodes."""

    def __init__(
        self, imports: Imports, matching: Matching, definitions: DefinitionReading
    ) -> None:
        self.known, self.attributes = matching.known, matching.attributes
        self.operations = matching.operations
        self.machine, self.calls = definitions.machine, definitions.calls
        self.expressions = definitions.expressions
        self.imports, self.matching, self.definitions = imports, matching, definitions

    def execute(self, body: Sequence[ast.stmt]) -> object:
        """Follow statements; return what ends them early, if anything does."""
        for node in body:
            self.machine.node = node
            self.machine.spend(1)
            of = _RULES.get(type(node))
            if of is None:
                raise self.machine.fault(_("this kind of statement is not followed"))
            try:
                done = of(self, node)
            except CAUGHT:  # values that no such statement takes
                raise self.machine.fault(_("these values are not known"), node=node) from None
            if done is not None:
                return done
        return None

    # ------------------------------------------------------------ assignments

    def _assign(self, node: ast.Assign) -> None:
        value = self.expressions.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if self.machine.frame.scope.is_class and isinstance(node.target, ast.Name):
            self.machine.frame.scope.names.setdefault("", []).append(node.target.id)
        if node.value is not None:
            self.assign(node.target, self.expressions.evaluate(node.value))

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind what stands on the left of an assignment."""
        if isinstance(target, ast.Name):
            self.machine.frame.scope.bind(target.id, value)
        elif isinstance(target, ast.Attribute):
            self.attributes.set_attribute(
                self.expressions.evaluate(target.value), target.attr, value
            )
        elif isinstance(target, ast.Subscript):
            self._set_item(target, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value)
        else:
            raise self.machine.fault(_("this kind of statement is not followed"))

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        if isinstance(value, Unknown):
            for target in targets:
                self.assign(target.value if isinstance(target, ast.Starred) else target, value)
            return
        found = self.known.items(value)
        stars = [place for place, each in enumerate(targets) if isinstance(each, ast.Starred)]
        if stars:
            (star,) = stars
            rest = len(found) - len(targets) + 1
            if rest >= 0:
                found[star : star + rest] = [list(found[star : star + rest])]
        if len(found) != len(targets):
            raise self.machine.raised(
                "ValueError",
                _("{count} are given, and {takes} are taken", count=len(found), takes=len(targets)),
            )
        for target, each in zip(targets, found, strict=True):
            self.assign(target.value if isinstance(target, ast.Starred) else target, each)

    def _set_item(self, target: ast.Subscript, value: Value) -> None:
        several = self.expressions.evaluate(target.value)
        index = self.machine.need(self.expressions.evaluate(target.slice))
        self.machine.look_up_by(index)
        if isinstance(several, list | dict):
            self.machine.guarded(several.__setitem__, index, value)
            self.machine.spend(len(several) if isinstance(index, slice) else 1)
        elif isinstance(several, Instance) and several.items is not None:
            keys = list(several.items)
            key = index if isinstance(index, str) else self.machine.guarded(lambda: keys[index])
            several.items[key] = value
        elif isinstance(several, Unknown):
            return
        elif isinstance(several, Learned):
            several.values = None
        else:
            raise self.machine.fault(_("its items are not set here"))

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        left = self.expressions.evaluate(target)
        right = self.expressions.evaluate(node.value)
        self.machine.node = node
        if (
            isinstance(left, list)
            and isinstance(node.op, ast.Add)
            and not isinstance(right, Unknown)
        ):
            left += self.known.items(right)
            self.machine.hold(left)
            self.assign(target, left)
            return
        if (
            isinstance(left, Instance)
            and self.known.is_container(left)
            and isinstance(node.op, ast.Add)
        ):
            self.calls.call(self.attributes.attribute(left, "extend"), [right], {})
            return
        if isinstance(left, dict) and isinstance(right, dict) and isinstance(node.op, ast.BitOr):
            left.update(right)
            return
        self.assign(target, self.operations.operate(type(node.op), left, right))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.machine.frame.scope.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                value = self.expressions.evaluate(target.value)
                if isinstance(value, Instance):
                    value.attributes.pop(target.attr, None)
            elif isinstance(target, ast.Subscript):
                several = self.expressions.evaluate(target.value)
                index = self.expressions.evaluate(target.slice)
                if isinstance(several, Instance):
                    several.items.pop(list(several.items)[index], None)
                elif isinstance(several, list | dict):
                    self.machine.guarded(several.__delitem__, index)

    # ------------------------------------------------------------ choices and loops

    def _if(self, node: ast.If) -> object:
        if isinstance(node.body[-1], ast.Raise) and not node.orelse:
            test = self.expressions.evaluate(node.test)
            # what only guards is passed over where it is not known
            unknown = isinstance(test, Unknown | Tensor | Learned)
            return None if unknown or not self.known.truth(test) else self.execute(node.body)
        return self.execute(
            node.body if self.known.truth(self.expressions.evaluate(node.test)) else node.orelse
        )

    def _for(self, node: ast.For) -> object:
        if _passes_over(node):
            return None
        for each in self.known.items(self.expressions.evaluate(node.iter)):
            self.assign(node.target, each)
            done = self.execute(node.body)
            if done is not None and done is not _CONTINUE:
                return None if done is _BREAK else done
        return self.execute(node.orelse)

    def _while(self, node: ast.While) -> object:
        while self.known.truth(self.expressions.evaluate(node.test)):
            done = self.execute(node.body)
            if done is not None and done is not _CONTINUE:
                return None if done is _BREAK else done
        return self.execute(node.orelse)

    def _with(self, node: ast.With) -> object:
        for each in node.items:
            value = self.expressions.evaluate(each.context_expr)
            if each.optional_vars is not None:
                self.assign(each.optional_vars, value)
        return self.execute(node.body)

    def _try(self, node: ast.Try) -> object:
        before, self.imports.tries = self.imports.tries, True
        try:
            done = self.execute(node.body)
            self.imports.tries = before
            if done is None:
                done = self.execute(node.orelse)
        except Raised as raised:
            self.imports.tries = before
            handler = next((each for each in node.handlers if self._catches(each, raised)), None)
            if handler is None:
                self.execute(node.finalbody)
                raise
            if handler.name:
                self.machine.frame.scope.bind(handler.name, Unknown(raised.fault))
            done = self.execute(handler.body)
        ended = self.execute(node.finalbody)
        return done if ended is None else ended

    def _catches(self, handler: ast.ExceptHandler, raised: Raised) -> bool:
        if handler.type is None:
            return True
        several = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        names = {getattr(each, "id", getattr(each, "attr", "")) for each in several}
        alike = {"ModuleNotFoundError": "ImportError", "KeyError": "LookupError"}
        return bool(names & {raised.kind, "Exception", "BaseException", alike.get(raised.kind, "")})

    def _return(self, node: ast.Return) -> object:
        value = self.expressions.evaluate(node.value) if node.value else None
        self.machine.returned = self.machine.frame.file, node
        return Returned(value)

    def _expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.expressions.evaluate(node.value)

    def _assert(self, node: ast.Assert) -> None:
        value = self.expressions.evaluate(node.test)
        if not isinstance(value, Unknown | Tensor | Learned | External) and not self.known.truth(
            value
        ):
            self.machine.node = node
            raise self.machine.raised("AssertionError", self._words(node.msg))

    def _raise(self, node: ast.Raise) -> None:
        raised = node.exc
        kind = raised.func if isinstance(raised, ast.Call) else raised
        name = getattr(kind, "id", getattr(kind, "attr", "Exception"))
        words = raised.args[0] if isinstance(raised, ast.Call) and raised.args else None
        text = self._words(words)
        self.machine.node = node
        raise self.machine.raised(name, text)

    def _words(self, node: ast.expr | None) -> str:
        """Return what an exception says, where it is known."""
        try:
            value = self.expressions.evaluate(node) if node else ""
        except (Problem, Raised):
            return ""
        return value if isinstance(value, str) else ""

    # ------------------------------------------------------------ what is defined, and imported

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        scope = self.machine.frame.scope
        for name in node.names:
            if isinstance(node, ast.Global):
                scope.elsewhere[name] = scope.module
            elif scope.around is not None and (found := scope.around.find(name)):
                scope.elsewhere[name] = found

    def _pass(self, _node: ast.Pass) -> None:
        return None

    def _break(self, _node: ast.Break) -> object:
        return _BREAK

    def _continue(self, _node: ast.Continue) -> object:
        return _CONTINUE


def _passes_over(node: ast.For) -> bool:
    """Return whether a loop goes through all modules, to set their weights alone."""
    called = node.iter
    while isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.args:
        called = called.args[0]  # what 'enumerate' is given
    if not isinstance(called, ast.Call) or not isinstance(called.func, ast.Attribute):
        return False
    if called.func.attr not in _WALKS:
        return False
    return not any(_changes(each) for statement in node.body for each in ast.walk(statement))


def _changes(node: ast.AST) -> bool:
    """Return whether a node may change what modules are: puts one in, or sets how one is called."""
    if isinstance(node, ast.Call):
        called = node.func
        word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return word in MUTATES or word == "setattr"
    if isinstance(node, ast.Attribute) and node.attr not in READ_WHEN_CALLED:
        return False
    return isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)


_RULES: dict[type[ast.stmt], Callable[[Any, Any], object]] = {
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Delete: Statements._delete,
    ast.If: Statements._if,
    ast.For: Statements._for,
    ast.While: Statements._while,
    ast.With: Statements._with,
    ast.Try: Statements._try,
    ast.Match: lambda run, node: run.matching.match(node),
    ast.Return: Statements._return,
    ast.Expr: Statements._expression,
    ast.Assert: Statements._assert,
    ast.Raise: Statements._raise,
    ast.FunctionDef: lambda run, node: run.definitions.define_function(node),
    ast.ClassDef: lambda run, node: run.definitions.define_class(node),
    ast.Import: lambda run, node: run.imports.bring(node),
    ast.ImportFrom: lambda run, node: run.imports.bring_from(node),
    ast.Global: Statements._global,
    ast.Nonlocal: Statements._global,
    ast.Pass: Statements._pass,
    ast.Break: Statements._break,
    ast.Continue: Statements._continue,
}
"""What follows each kind of statement; all others are not followed."""
