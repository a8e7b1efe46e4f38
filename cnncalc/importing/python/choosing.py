"""Which network of a source is read: by its options, or by what the source says itself."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from cnncalc.importing.python import entry, faults
from cnncalc.importing.python.files import File
from cnncalc.importing.python.objects import Bound, Class, Partial
from cnncalc.importing.python.scopes import Function, StackFrame
from cnncalc.importing.python.values import Namespace, Raised, Unknown, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.files import Choice
    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.scopes import LexicalScope
    from cnncalc.importing.python.tensors import Tensors

_MODEL = re.compile(r"(?i)model|net|cnn")
_SHELLS = {"true": True, "false": False, "none": None}
"""Words of shells and files of settings that Python writes otherwise."""
_WORD = re.compile(r"[\w.-]+")
_INPUTS = ("inputs", "input", "input_tensor", "x", "img_input", "inp", "image", "images", "img")


class Choosing:
    """Finds the entry of a source, and calls it."""

    def __init__(
        self, python: Interpreter, tensors: Tensors, incoming: Incoming, choice: Choice
    ) -> None:
        self.machine, self.imports = python.machine, python.imports
        self.attributes, self.calls = python.attributes, python.calls
        self.expressions = python.expressions
        self.nodes, self.incoming = tensors.nodes, incoming
        self.choice = choice
        self.begun = 0  # how many nodes the file had made before its entry was called

    def refuse_unknown(self, scope: LexicalScope) -> None:
        """Refuse a variable that is given and that nothing in the file is called."""
        tree = self.machine.files.first.tree
        known = entry.free_in(self.machine.files.first.source.text) | {*scope.names} - {
            *self.imports.given
        }
        for text, name in zip(self.choice.names, self.imports.given, strict=False):
            if name not in known:
                has = [each for each in scope.names if each in entry.assigned(tree)]
                raise faults.no_such_variable(text, name, has)

    def typed(self, text: str, option: str) -> tuple[str, Value]:
        """Return the name and the value of an option, as `depth=40`; '' without a name."""
        name, sign, rest = text.partition("=")
        if not sign or not name.strip().replace(".", "_").isidentifier() or rest.startswith("="):
            name, rest = "", text
        file = File(Source(option, rest.strip()))
        body = file.tree.body[0] if len(file.tree.body) == 1 else None
        if not isinstance(body, ast.Expr):
            raise faults.not_python(file.span(1, 0, None), _("a value is wanted"))
        scope = self.imports.loaded.get("", self.machine.frame.scope)
        try:
            with self.machine.inside(StackFrame(scope, file)):
                return name.strip(), self.expressions.evaluate(body.value)
        except Raised as raised:
            if raised.kind != "NameError" or not _WORD.fullmatch(rest.strip()):
                raise
            word = rest.strip()  # no name of the file: a word, as a shell has it
            span = Span(Source(option, text), len(text) - len(rest.lstrip()), len(text))
            self.machine.words[word] = faults.no_such_name(span, self._names())
            return name.strip(), _SHELLS.get(word.lower(), word)

    def _names(self) -> list[str]:
        """Return the classes and functions that a source has."""
        scope = self.machine.frame.scope
        return [name for name, each in scope.names.items() if isinstance(each, Class | Function)]

    def mistyped(self) -> Problem | None:
        """Return the problem of a word that was typed and is nearly a name of the source."""
        return next((each for each in self.machine.words.values() if each.fix), None)

    def entered(self) -> Value:
        """Return the network that the entry makes, or what it is."""
        scope = self.machine.frame.scope
        file = self.machine.files.first
        if self.choice.name:
            value = self._named(self.choice.name)
            return self._called(self.choice.name, value)
        found = entry.classes(scope, file)
        given = {text.rpartition("=")[2].strip() for text in self.choice.arguments}
        top = [name for name in entry.outermost(found) if name not in given]
        if not any(map(entry.is_whole, map(found.get, top))) and entry.builders(scope, file, top):
            top = []  # layers of Keras', and functions that make models of them
        plain = [name for name in top if not entry.needed(found[name])]
        built = entry.builders(scope, file, top)
        apart = [
            name
            for name, value in built.items()
            if entry.makes_itself(value) and not entry.named_in(value.node) & set(top)
        ]
        if len(top) == 1 and (plain or self.choice.arguments) and not apart:
            return self._called(top[0], found[top[0]])
        models = entry.models(scope)
        if len(models) == 1 and not self.choice.arguments:
            return next(iter(models.values()))
        if not self.choice.arguments and (made := self._as_used(top)) is not None:
            return made
        free = [name for name in built if not entry.needed(built[name])]
        if len(free) == 1 and not plain:
            return self._called(free[0], built[free[0]])
        if len(built) == 1 and self.choice.arguments and not plain:
            (name,) = built
            return self._called(name, built[name])
        if len(models) > 1 and not top and not free:
            return list(models.values())[-1]
        if len(top) + len(built) == 1:
            (name,) = [*top, *built]
            return self._called(name, {**found, **built}[name])
        if not top and not built:
            self._explain_lost()
        names = [*free, *plain, *(each for each in (*top, *built) if each not in {*free, *plain})]
        names.sort(key=lambda name: not _MODEL.search(name))
        values = {**found, **built}
        said = [entry.signature(name, values[name]) for name in names]
        nodes = [getattr(values[name], "node", None) or file.tree for name in names]
        raise faults.not_chosen(file, nodes, said)

    def _as_used(self, names: Sequence[str]) -> Value | None:
        """Return one of some classes as the source itself makes it, where it does so in one way.

        None where what that takes is not known where it stands alone.
        """
        tree = self.machine.files.first.tree
        used = {ast.dump(each): each for each in entry.uses(tree, names)}
        if len(used) == 1:
            with suppress(Problem, Raised):
                return self.expressions.evaluate(next(iter(used.values())))
        return None

    def _explain_lost(self) -> None:
        """Raise why a model that the module makes could not be followed, if that is so."""
        for name, value in self.machine.frame.scope.names.items():
            if isinstance(value, Unknown) and _MODEL.search(name):
                raise value.fault

    def _named(self, name: str) -> Value:
        """Return what a name of the source is: a class, a function, a method, or a model."""
        first, *rest = name.split(".")
        found = self.machine.frame.scope.find(first)
        if found is None:
            scope, file = self.machine.frame.scope, self.machine.files.first
            known = {**entry.classes(scope, file), **entry.builders(scope, file, ())}
            said = [entry.signature(each, value) for each, value in known.items()]
            if name == "<module>":
                if models := entry.models(scope):
                    return list(models.values())[-1]
                self._explain_lost()
            raise faults.no_such_entry(name, first, known, said)
        value = self.machine.need(found.names[first])
        for part in rest:
            value = self.attributes.attribute(value, part)
        return value

    def _called(self, name: str, value: Value) -> Value:
        """Return what a class or function gives for the arguments that are typed."""
        if not isinstance(value, Class | Function | Bound | Partial):
            if self.choice.arguments:
                raise faults.argument_not_taken(self.choice.arguments[0], "", name, ())
            return value
        places: list[Value] = []
        names: dict[str, Value] = {}
        for text in self.choice.arguments:
            if text in _INPUTS and self.machine.frame.scope.find(text) is None:
                places.append(self.incoming.entry_tensor())
                continue
            key, given = self.typed(text, "--arg")
            if "." in key:
                owner, _dot, attribute = key.partition(".")
                names.setdefault(owner, Namespace({})).attributes[attribute] = given
            elif key:
                names[key] = given
            else:
                places.append(given)
        inner = value.function if isinstance(value, Bound) else value
        self._refuse_arguments(name, inner, len(places), [*names])
        filled = len(places) + (1 if isinstance(value, Bound) else 0)
        missing = [each for each in entry.needed(inner)[filled:] if each not in names]
        is_open = missing and isinstance(inner, Class) and not self.choice.arguments
        if is_open and (made := self._as_used([name])) is not None:
            return made
        for each in missing:
            if each in _INPUTS and isinstance(inner, Function):
                names[each] = self.incoming.entry_tensor()
            else:
                said = entry.signature(name, inner)
                node = getattr(inner, "node", None) or self.machine.files.first.tree
                made_in = getattr(inner, "file", None) or self.machine.files.first
                raise faults.arguments_missing(made_in, node, said, each)
        self.machine.node = getattr(inner, "node", None) or self.machine.node
        self.begun = len(self.nodes.graph.nodes)
        return self.calls.call(value, places, names)

    def _refuse_arguments(self, name: str, entered: Value, count: int, names: list[str]) -> None:
        """Refuse arguments that the entry does not take, where they are typed."""
        takes, filled, _defaults = entry.parameters(entered)
        if takes is None:
            return
        formals = [*takes.posonlyargs, *takes.args][filled:]
        known = [each.arg for each in (*takes.args[filled:], *takes.kwonlyargs)]
        for text in self.choice.arguments:
            key = next((each for each in names if text.strip().startswith(each)), "")
            if key and key not in known and not takes.kwarg:
                raise faults.argument_not_taken(text, key, entry.signature(name, entered), known)
        if count > len(formals) and not takes.vararg:
            last = [text for text in self.choice.arguments if "=" not in text][-1]
            raise faults.argument_not_taken(last, "", entry.signature(name, entered), known)
