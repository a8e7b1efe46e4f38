"""What `match` does: the first case whose pattern a value has, with the names that it binds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.tensor_values import Tensor
from cnncalc.importing.python.values import Builtin, Unknown, Value
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.expressions import Expressions
    from cnncalc.importing.python.type_checks import TypeChecks


class Matching:
    """Matches values with patterns."""

    def __init__(self, type_checks: TypeChecks, expressions: Expressions) -> None:
        self.machine, self.above = expressions.machine, expressions.above
        self.known, self.attributes = expressions.known, expressions.attributes
        self.operations = expressions.operations
        self.type_checks, self.expressions = type_checks, expressions

    def match(self, node: ast.Match) -> object:
        """Follow the first case that a value matches."""
        value = self.machine.need(self.expressions.evaluate(node.subject))
        for case in node.cases:
            self.machine.spend(1)
            found: dict[str, Value] = {}
            if not self._matches(case.pattern, value, found):
                continue
            for name, each in found.items():
                self.machine.frame.scope.bind(name, each)
            if case.guard is None or self.known.truth(self.expressions.evaluate(case.guard)):
                return self.above.execute(case.body)
        return None

    def _matches(self, pattern: ast.pattern, value: Value, found: dict[str, Value]) -> bool:
        """Return whether a value has a pattern; the names that it binds are put to `found`."""
        self.machine.spend(1)
        self.machine.need(value)
        if isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None and not self._matches(pattern.pattern, value, found):
                return False
            if pattern.name is not None:
                found[pattern.name] = value
            return True
        if isinstance(pattern, ast.MatchOr):
            return any(self._matches(each, value, found) for each in pattern.patterns)
        if isinstance(pattern, ast.MatchSingleton):
            return value is pattern.value
        if isinstance(pattern, ast.MatchValue):
            return self.known.truth(
                self.operations.compared(ast.Eq(), value, self.expressions.evaluate(pattern.value))
            )
        if isinstance(pattern, ast.MatchSequence):
            return isinstance(value, list | tuple) and self._each(pattern.patterns, value, found)
        if isinstance(pattern, ast.MatchMapping):
            return isinstance(value, dict) and self._items(pattern, value, found)
        if isinstance(pattern, ast.MatchClass):
            return self._of_class(pattern, value, found)
        raise self.machine.fault(_("this kind of statement is not followed"))

    def _each(
        self, patterns: Sequence[ast.pattern], value: Sequence[Value], found: dict[str, Value]
    ) -> bool:
        """Match the items of a sequence, of which one pattern may take several."""
        stars = [at for at, each in enumerate(patterns) if isinstance(each, ast.MatchStar)]
        if not stars:
            return len(value) == len(patterns) and all(
                self._matches(each, item, found) for each, item in zip(patterns, value, strict=True)
            )
        (star,) = stars
        rest = len(value) - len(patterns) + 1
        taken = patterns[star]
        if rest < 0 or not isinstance(taken, ast.MatchStar):
            return False
        if taken.name is not None:
            found[taken.name] = list(value[star : star + rest])
        others = [*patterns[:star], *patterns[star + 1 :]]
        return self._each(others, [*value[:star], *value[star + rest :]], found)

    def _items(
        self, pattern: ast.MatchMapping, value: dict[Value, Value], found: dict[str, Value]
    ) -> bool:
        """Match the items of a dictionary."""
        keys = [self.expressions.evaluate(each) for each in pattern.keys]
        if not all(key in value for key in keys):
            return False
        if pattern.rest is not None:
            found[pattern.rest] = {key: each for key, each in value.items() if key not in keys}
        return all(
            self._matches(each, value[key], found)
            for key, each in zip(keys, pattern.patterns, strict=True)
        )

    def _of_class(self, pattern: ast.MatchClass, value: Value, found: dict[str, Value]) -> bool:
        """Match an object of a class, with its attributes."""
        kind = self.machine.need(self.expressions.evaluate(pattern.cls))
        is_of = self.type_checks.is_of(value, kind)
        if isinstance(is_of, Unknown) or isinstance(value, Tensor):
            raise self.machine.fault(_("these values are not known"))
        if not is_of:
            return False
        if isinstance(kind, Builtin) and len(pattern.patterns) == 1:
            return self._matches(pattern.patterns[0], value, found)
        names: Sequence[str] = (kind.fields or ()) if isinstance(kind, Class) else ()
        if isinstance(kind, Class) and (own := kind.find("__match_args__")):
            names = own[0]
        if len(pattern.patterns) > len(names) or not isinstance(value, Instance):
            raise self.machine.fault(_("this kind of statement is not followed"))
        pairs = [
            *zip(names, pattern.patterns, strict=False),
            *zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True),
        ]
        return all(
            self._matches(each, self.attributes.attribute(value, name), found)
            for name, each in pairs
        )
