"""Methods of strings, lists, dictionaries and command lines' parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import operators
from cnncalc.importing.python.objects import Instance, Super
from cnncalc.importing.python.operations import alike
from cnncalc.importing.python.values import Names, Namespace, Parser, Places, Value, first_unknown
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.python.calls import Calls
    from cnncalc.importing.python.known import Known

_STRING_METHODS = """
    capitalize count endswith find index isalpha isdigit isnumeric isupper islower lower lstrip
    partition replace rpartition rsplit rstrip split splitlines startswith strip title upper
"""
_SET_METHODS = """
    add discard remove union intersection difference update copy issubset issuperset isdisjoint
"""


_OF_STRINGS = operators.named(str, _STRING_METHODS)
_OF_LISTS = operators.named(list, "append clear copy extend insert pop reverse")
_OF_SETS = operators.named(set, _SET_METHODS)
_OF_DICTS: dict[str, Callable[..., Any]] = {
    **operators.named(dict, "clear copy get pop setdefault update"),
    "items": lambda of: list(of.items()),
    "keys": lambda of: list(of.keys()),
    "values": lambda of: list(of.values()),
}


class Methods:
    """Calls methods of plain values; those of objects go to their framework."""

    def __init__(self, known: Known, calls: Calls) -> None:
        self.machine, self.above, self.builtins = calls.machine, calls.above, calls.builtins
        self.known, self.calls = known, calls

    def call_method(self, value: Value, name: str, places: Places, names: Names) -> Value:
        """Return what a method of a value gives that is no object of the source."""
        if isinstance(value, str):
            return self._of_string(value, name, places, names)
        if isinstance(value, list | tuple):
            return self._of_list(value, name, places, names)
        if isinstance(value, dict) and name in _OF_DICTS:
            self.machine.spend(len(value))
            self.machine.look_up_by(*places[:1])
            if name == "update" and places and not isinstance(places[0], dict):
                places = [self.machine.need(places[0]) and self.builtins.dictionary(places, {})]
            return self.machine.hold(
                self.machine.guarded(lambda: _OF_DICTS[name](value, *places, **names))
            )
        if isinstance(value, set) and name in _OF_SETS:
            self.machine.look_up_by(*places)
            if name not in ("add", "discard", "remove"):
                self.machine.go_through(value, *places)
            return self.machine.guarded(lambda: _OF_SETS[name](value, *places))
        if isinstance(value, Super):
            return self.calls.call_above(value, name, places, names)
        if isinstance(value, Parser):
            return self._of_parser(value, name, places, names)
        if isinstance(value, float) and name == "is_integer":
            return value.is_integer()
        if isinstance(value, int) and name == "bit_length":
            return value.bit_length()
        if isinstance(value, Namespace):
            if name in ("add_argument", "parse_args", "parse_known_args"):
                return self.machine.unknown(_("{name} is not followed", name=quoted(name)))
            raise self.machine.raised("AttributeError", _("it has no {name}", name=quoted(name)))
        if isinstance(value, Instance) and name == "_replace":
            made = Instance(value.cls)
            made.attributes = {**value.attributes, **names}
            return made
        if isinstance(value, Instance) and name == "_asdict":
            return dict(value.attributes)
        return self.above.method_of_framework(value, name, places, names)

    def _of_string(self, value: str, name: str, places: Places, names: Names) -> Value:
        if (unknown := first_unknown((*places, *names.values()))) is not None:
            return unknown
        if name == "format":
            return self.machine.guarded(operators.put_in, value, places, names)
        if name == "join":
            return self.machine.guarded(value.join, self.known.items(places[0]))
        if name == "replace" and len(value) > 1000:
            raise self.machine.fault(_("{name} is not followed", name=quoted(name)))
        if name in _OF_STRINGS:
            self.machine.go_through(value, *places)
            return self.machine.guarded(lambda: _OF_STRINGS[name](value, *places, **names))
        return self.machine.unknown(_("{name} is not followed", name=quoted(name)))

    def _of_list(
        self, value: list[Value] | tuple[Value, ...], name: str, places: Places, names: Any
    ) -> Value:
        if name in ("index", "count", "remove"):
            self.machine.go_through(value)
            found = [place for place, each in enumerate(value) if alike(each, places[0])]
            if name == "count":
                return len(found)
            if not found:
                raise self.machine.raised("ValueError", _("it is not in the list"))
            if name == "index":
                return found[0]
            return self.machine.guarded(lambda: value.pop(found[0]))  # type: ignore[union-attr]
        if isinstance(value, list) and name == "sort":
            value[:] = self.builtins.of_items("sorted", [value], names)
            return None
        if isinstance(value, list) and name in _OF_LISTS:
            if name == "extend":
                places = [self.known.items(places[0])]
                self.machine.spend(len(places[0]))
            if name in ("copy", "reverse", "insert", "pop"):
                self.machine.spend(len(value) // 100)
            return self.machine.guarded(lambda: _OF_LISTS[name](value, *places))
        return self.machine.unknown(_("{name} is not followed", name=quoted(name)))

    def _of_parser(self, value: Parser, name: str, places: Places, names: Names) -> Value:
        """Follow argparse: what its arguments are where the command line gives none."""
        if name == "add_argument":
            words = [each for each in places if isinstance(each, str)]
            word = next((each for each in words if each.startswith("--")), (words or [""])[0])
            key = names.get("dest") or word.lstrip("-").replace("-", "_")
            action = names.get("action")
            default = {"store_true": False, "store_false": True}.get(str(action))
            value.defaults[str(key)] = names.get("default", default)
            return None
        if name in ("parse_args", "parse_known_args"):
            made = Namespace(dict(value.defaults))
            return (made, []) if name == "parse_known_args" else made
        if name == "set_defaults":
            value.defaults.update(names)
            return None
        if name in ("add_argument_group", "add_mutually_exclusive_group"):
            return value
        return self.machine.unknown(_("{name} is not followed", name=quoted(name)))
