"""What packages offer that sizes are worked out with: math, functools, collections, argparse."""

from __future__ import annotations

import ast
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import arrays, operators
from cnncalc.importing.python.objects import Class, Partial
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import (
    NOTHING,
    Builtin,
    Names,
    Namespace,
    Parser,
    Places,
    Value,
    first_unknown,
)
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.python.operations import Operations
    from cnncalc.importing.python.records import Records

_OF_MATH = "ceil floor sqrt log log2 log10 exp fabs gcd prod pow cos sin trunc isqrt"
_NUMBERS: dict[str, Callable[..., Any]] = {
    **operators.named(math, _OF_MATH),
    **dict.fromkeys(("abs", "absolute"), abs),
    **dict.fromkeys(("int64", "int32"), int),
    **dict.fromkeys(("float32", "float64"), float),
    "round": round,
    "maximum": max,
    "minimum": min,
}
"""Functions of math and numpy, on known numbers."""

_RE: dict[str, Callable[..., Any]] = {"split": re.split, "sub": re.sub, "findall": re.findall}
_NESTED = re.compile(r"\)[*+?{]")
MOST_REPEATS = 3  # of a pattern: each multiplies its time by the length of the text

_MOST_COUNTED = BUDGET.source_counted
_PASSES = frozenset(("wraps", "lru_cache", "total_ordering", "singledispatch"))
"""Decorators that change nothing here."""


class Outside:
    """Calls what is outside the source and of no framework."""

    def __init__(self, operations: Operations, records: Records) -> None:
        self.above, self.known = operations.above, operations.known
        self.machine, self.builtins, self.calls = records.machine, records.builtins, records.calls
        self.operations, self.records = operations, records

    def call_outside(self, path: str, places: Places, names: Names) -> Value:
        """Return what a function or class outside the source gives."""
        package, _dot, rest = path.partition(".")
        name = path.rpartition(".")[2]
        if package in ("math", "np", "numpy", "cmath"):
            return self.of_numbers(name, rest, places, names)
        if package == "re" and name in _RE:
            return self._of_text(name, places)
        if package in ("functools", "collections", "itertools", "copy", "typing", "argparse"):
            return self._of_python(path, name, places, names)
        if package in ("operator", "six") and name == "reduce":
            return self._reduce(places)
        found = self.records.call_record(path, places, names)
        if found is not None:
            return found
        found = self.above.call_framework(path, places, names)
        if found is not None:
            return None if found is NOTHING else found
        return self.machine.outside(path)

    def of_numbers(self, name: str, rest: str, places: Places, names: Names | None = None) -> Value:
        """Return what a function of math or numpy gives."""
        if (unknown := first_unknown(places)) is not None:
            return unknown
        if name == "unique" and names and names.get("return_counts"):
            places = [*places, True]
        if (found := self.machine.guarded(arrays.worked_out, name, places)) is not None:
            return found
        if name in ("array", "asarray", "tile", "arange", "linspace", "zeros", "ones", "eye"):
            return self.above.numbers_of(name, places)
        if places and isinstance(places[0], Learned) and name in ("mean", "std", "var", "median"):
            return self.above.reduced(places[0], name, (names or {}).get("axis"), False)
        if rest.startswith("random") or name not in _NUMBERS:
            return self.machine.outside(name)
        if any(isinstance(each, Tensor | Learned) for each in places):
            return self.machine.unknown(_("it depends on the values of a tensor"))
        if name == "prod":
            items = self.known.items(places[0])
            made = 1
            for each in items:
                made = self.operations.operate(ast.Mult, made, each)
            return made
        plain = all(isinstance(each, int | float) for each in places)
        if not plain:
            return self.machine.unknown(_("these values are not known"))
        return self.machine.guarded(_NUMBERS[name], *places)

    def _of_text(self, name: str, places: Places) -> Value:
        """Return what a regular expression finds in a short string; a slow one is not followed."""
        if not all(isinstance(each, str) and len(each) <= 100 for each in places):
            return self.machine.outside(f"re.{name}")
        if _NESTED.search(places[0]) or sum(map(places[0].count, "*+?{")) > MOST_REPEATS:
            return self.machine.outside(f"re.{name}")
        try:
            return self.machine.guarded(_RE[name], *places)
        except re.error:
            raise self.machine.raised("error", _("this pattern is not followed")) from None

    def _of_python(self, path: str, name: str, places: Places, names: Names) -> Value:
        if name == "partial" and places:
            return Partial(places[0], tuple(places[1:]), dict(names))
        if name == "reduce":
            return self._reduce(places)
        if name in _PASSES:
            return Builtin("identity") if not places or name == "wraps" else places[0]
        if name in ("OrderedDict", "dict"):
            return self.builtins.dictionary(places, names)
        if name == "defaultdict":
            return {}
        if name == "namedtuple":
            return self._named_tuple(places)
        if name in ("copy", "deepcopy"):
            return self.above.copied(places[0])
        if name == "ArgumentParser":
            return Parser()
        if name == "Namespace":
            return Namespace(dict(names))
        if name in ("chain", "product", "repeat", "count", "accumulate", "pairwise"):
            return self._of_iterations(path, name, places, names)
        if name == "from_iterable":
            return [
                each
                for several in self.known.items(places[0])
                for each in self.known.items(several)
            ]
        if path.startswith("typing"):
            return places[1] if name == "cast" and len(places) > 1 else None
        return self.machine.outside(path)

    def _of_iterations(self, path: str, name: str, places: Places, names: Names) -> Value:
        if name == "chain":
            return [each for several in places for each in self.known.items(several)]
        if name == "repeat" and len(places) == 2 and isinstance(places[1], int):
            if places[1] > 100_000:
                raise self.machine.fault(_("{name} is not followed", name=quoted(path)))
            return self.machine.hold([places[0]] * max(places[1], 0))
        if name == "count" and all(isinstance(each, int) for each in places):
            start, step = (*places, *(0, 1)[len(places) :])[:2]
            last = self.machine.unknown(_("{name} is not followed", name=quoted(path)))
            return [*(start + step * each for each in range(_MOST_COUNTED)), last]
        if name == "pairwise" and places:
            return list(pairwise(self.known.items(places[0])))
        if name == "product":
            found: list[tuple[Value, ...]] = [()]
            for several in [self.known.items(each) for each in places] * names.get("repeat", 1):
                found = [(*before, each) for before in found for each in several]
                self.machine.hold(found)
            return found
        return self.machine.unknown(_("{name} is not followed", name=quoted(path)))

    def _reduce(self, places: Places) -> Value:
        function, several, *start = places
        items = [*start, *self.known.items(several)]
        if not items:
            raise self.machine.raised("TypeError", _("there is nothing to reduce"))
        made = items[0]
        for each in items[1:]:
            made = self.calls.call(function, [made, each], {})
        return made

    def _named_tuple(self, places: Places) -> Value:
        name, fields = places[0], places[1]
        if isinstance(fields, str):
            fields = fields.replace(",", " ").split()
        cls = Class(str(name), None, None)
        cls.fields = tuple(str(each) for each in self.known.items(fields))
        return cls
