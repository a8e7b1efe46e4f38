"""What expressions of a source are worth: literals, names, arithmetic, comprehensions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import operators
from cnncalc.importing.python.machine import CAUGHT
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.scopes import Function, LexicalScope
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import Builtin, External, Unknown, Value, first_unknown
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.importing.python.calls import Calls
    from cnncalc.importing.python.operations import Operations


class Expressions:
    """Works out expressions, by the kinds of their nodes."""

    def __init__(self, operations: Operations, calls: Calls) -> None:
        self.known = operations.known
        self.machine, self.above = calls.machine, calls.above
        self.attributes, self.builtins = calls.attributes, calls.builtins
        self.operations, self.calls = operations, calls

    def evaluate(self, node: ast.expr) -> Value:
        """Return what an expression is worth."""
        before, self.machine.node = self.machine.node, node
        self.machine.spend(1)
        of = _RULES.get(type(node))
        if of is None:
            raise self.machine.fault(_("this kind of expression is not followed"))
        try:
            value = of(self, node)
        except CAUGHT:  # values that no such operation takes
            raise self.machine.fault(_("these values are not known"), node=node) from None
        self.machine.node = before
        return value

    # ------------------------------------------------------------ names and literals

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, bytes | complex):
            raise self.machine.fault(_("this kind of expression is not followed"))
        return self.machine.hold(node.value)

    def _name(self, node: ast.Name) -> Value:
        return self.look_up(node.id)

    def look_up(self, name: str) -> Value:
        """Return what a name is bound to."""
        found = self.machine.frame.scope.find(name)
        if found is not None:
            return found.names[name]
        built_in = self.builtins.builtin(name)
        if built_in is not None:
            return built_in
        for star in self.machine.frame.scope.module.stars:
            if isinstance(star, Unknown):
                return star
            return External(f"{star.path}.{name}")
        raise self.machine.raised("NameError", _("{name} is not defined", name=quoted(name)))

    def _joined(self, node: ast.JoinedStr) -> Value:
        parts: list[str] = []
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                value = self.evaluate(each.value)
                if isinstance(value, Unknown):
                    return value
                spec = self.evaluate(each.format_spec) if each.format_spec else ""
                how = chr(each.conversion) if each.conversion > 0 else ""
                parts.append(self.machine.guarded(operators.format_one, value, spec, how))
            else:
                parts.append(str(self.evaluate(each)))
        return self.machine.hold("".join(parts))

    def _several(self, nodes: list[ast.expr]) -> list[Value]:
        found: list[Value] = []
        for each in nodes:
            if isinstance(each, ast.Starred):
                found += self.known.items(self.evaluate(each.value))
            else:
                found.append(self.evaluate(each))
        return found

    def _tuple(self, node: ast.Tuple) -> Value:
        return self.machine.hold(tuple(self._several(node.elts)))

    def _list(self, node: ast.List) -> Value:
        return self.machine.hold(self._several(node.elts))

    def _set(self, node: ast.Set) -> Value:
        found = self._several(node.elts)
        self.machine.look_up_by(*found)
        return self.machine.guarded(set, found)

    def _dict(self, node: ast.Dict) -> Value:
        made: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.machine.need(self.evaluate(value))
                if not isinstance(inner, dict):
                    raise self.machine.fault(_("what is gone through here is not known"))
                made.update(inner)
            else:
                found = self.machine.need(self.evaluate(key))
                self.machine.look_up_by(found)
                self.machine.guarded(made.__setitem__, found, self.evaluate(value))
        return self.machine.hold(made)

    def _slice(self, node: ast.Slice) -> Value:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if each is None else self.evaluate(each) for each in parts))

    def _lambda(self, node: ast.Lambda) -> Value:
        return self.made_function(node)

    def made_function(self, node: ast.FunctionDef | ast.Lambda) -> Function:
        """Return the function of a node, with the defaults of its parameters."""
        scope = self.machine.frame.scope
        around = scope
        while around.is_class and around.around is not None:
            around = around.around
        function = Function(node, around, self.machine.frame.file)
        takes = node.args
        places = [*takes.posonlyargs, *takes.args]
        defaults = takes.defaults
        for each, default in zip(places[len(places) - len(defaults) :], defaults, strict=True):
            function.defaults[each.arg] = self.evaluate(default)
        for each, default_of in zip(takes.kwonlyargs, takes.kw_defaults, strict=True):
            if default_of is not None:
                function.defaults[each.arg] = self.evaluate(default_of)
        return function

    # ------------------------------------------------------------ operators

    def _binary(self, node: ast.BinOp) -> Value:
        return self.operations.operate(
            type(node.op), self.evaluate(node.left), self.evaluate(node.right)
        )

    def _unary(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            return not self.known.truth(value)
        if isinstance(value, Unknown | Tensor | Learned):
            return value
        if not isinstance(value, int | float):
            raise self.machine.raised("TypeError", _("bad operand type"))
        if isinstance(node.op, ast.Invert):
            if isinstance(value, int):
                return ~value
            return self.machine.unknown(_("these values are not known"))
        return -value if isinstance(node.op, ast.USub) else +value

    def _boolean(self, node: ast.BoolOp) -> Value:
        value: Value = None
        for each in node.values:
            value = self.evaluate(each)
            if each is not node.values[-1] and self.known.truth(value) is isinstance(
                node.op, ast.Or
            ):
                return value
        return value

    def _compare(self, node: ast.Compare) -> Value:
        left = self.evaluate(node.left)
        for how, each in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(each)
            if (unknown := first_unknown((left, right))) is not None:
                return unknown
            if isinstance(how, _BY_VALUE) and (
                isinstance(left, Tensor | Learned) or isinstance(right, Tensor | Learned)
            ):
                return self.operations.mask(left, right)
            if not self.operations.compared(how, left, right):
                return False
            left = right
        return True

    def _choice(self, node: ast.IfExp) -> Value:
        return self.evaluate(
            node.body if self.known.truth(self.evaluate(node.test)) else node.orelse
        )

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.machine.frame.scope.bind(node.target.id, value)
        return value

    # ------------------------------------------------------------ attributes and items

    def _attribute(self, node: ast.Attribute) -> Value:
        value = self.evaluate(node.value)
        return value if isinstance(value, Unknown) else self.attributes.attribute(value, node.attr)

    def _subscript(self, node: ast.Subscript) -> Value:
        return self.item(self.evaluate(node.value), self.evaluate(node.slice))

    def item(self, value: Value, index: Value) -> Value:
        """Return an item of a value, or a part."""
        if (unknown := first_unknown((value, index))) is not None:
            return unknown
        if isinstance(value, Tensor | Learned):
            return self.above.tensor_item(value, index)
        if isinstance(value, Instance):
            return self.above.instance_item(value, index)
        if isinstance(value, External | Builtin | Class):
            return value  # a type hint
        self.machine.look_up_by(index)
        if isinstance(value, str | list | tuple | dict | range):
            return self.machine.guarded(lambda: value[index])
        if value is None:
            raise self.machine.raised("TypeError", _("None has no items"))
        raise self.machine.fault(_("its items are not known"))

    # ------------------------------------------------------------ comprehensions

    def _comprehended(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Value:
        found = [self.evaluate(node.elt) for _turn in self._rounds(node.generators)]
        if not isinstance(node, ast.SetComp):
            return self.machine.hold(found)
        self.machine.look_up_by(*found)
        return self.machine.guarded(set, found)

    def _dict_comprehended(self, node: ast.DictComp) -> Value:
        made: dict[Value, Value] = {}
        for _turn in self._rounds(node.generators):
            key = self.evaluate(node.key)
            self.machine.look_up_by(key)
            self.machine.guarded(made.__setitem__, key, self.evaluate(node.value))
        return self.machine.hold(made)

    def _rounds(self, generators: list[ast.comprehension]) -> Iterator[None]:
        """Go through the rounds of a comprehension, in a scope of its own."""
        before = self.machine.frame.scope
        self.machine.frame.scope = LexicalScope(before)
        if before.is_class:
            self.machine.frame.scope.names.update(before.names)
        try:
            yield from self._inner_rounds(generators)
        finally:
            self.machine.frame.scope = before

    def _inner_rounds(self, generators: list[ast.comprehension]) -> Iterator[None]:
        first, *rest = generators
        for each in self.known.items(self.evaluate(first.iter)):
            self.above.assign(first.target, each)
            if all(self.known.truth(self.evaluate(test)) for test in first.ifs):
                if rest:
                    yield from self._inner_rounds(rest)
                else:
                    yield None

    def _call(self, node: ast.Call) -> Value:
        function = self.evaluate(node.func)
        places = self._several(node.args)
        names: dict[str, Value] = {}
        for each in node.keywords:
            value = self.evaluate(each.value)
            if each.arg is not None:
                names[each.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                names.update(value)
            else:
                self.machine.need(value)
                raise self.machine.fault(_("these arguments are not known"))
        self.machine.node = node
        return self.calls.call(function, places, names)

    def _yield(self, node: ast.Yield) -> Value:
        made = self.machine.frame.made
        if made is None:
            raise self.machine.fault(_("this kind of expression is not followed"))
        made.append(self.evaluate(node.value) if node.value else None)
        return None


_BY_VALUE = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)

_RULES: dict[type[ast.expr], Callable[[Any, Any], Value]] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.JoinedStr: Expressions._joined,
    ast.Tuple: Expressions._tuple,
    ast.List: Expressions._list,
    ast.Set: Expressions._set,
    ast.Dict: Expressions._dict,
    ast.Slice: Expressions._slice,
    ast.Lambda: Expressions._lambda,
    ast.BinOp: Expressions._binary,
    ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._choice,
    ast.NamedExpr: Expressions._walrus,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.ListComp: Expressions._comprehended,
    ast.GeneratorExp: Expressions._comprehended,
    ast.SetComp: Expressions._comprehended,
    ast.DictComp: Expressions._dict_comprehended,
    ast.Call: Expressions._call,
    ast.Yield: Expressions._yield,
}
"""What works out each kind of expression; all others are not followed."""
