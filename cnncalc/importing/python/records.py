"""Records of settings: dataclasses, and the dictionaries of packages whose items are attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Class, Factory, Instance, SourceRecord, opened
from cnncalc.importing.python.values import Names, Namespace, Places, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.methods import Methods
    from cnncalc.importing.python.scopes import LexicalScope

_OPEN = frozenset(
    """
    easydict attrdict munch box addict dotmap bunch yacs ml_collections omegaconf mmcv mmengine
    """.split()
)
"""Packages whose dictionaries have their items as attributes."""

_MAKES = frozenset(
    """
    EasyDict AttrDict Munch Box Dict DotMap Bunch CfgNode ConfigDict FrozenConfigDict DictConfig
    ListConfig Config create munchify to_container clone structured DefaultMunch
    """.split()
)
"""What such packages make one with."""

_SAME = frozenset(("freeze", "defrost", "lock", "unlock", "to_dict", "toDict", "clone", "copy"))
"""Methods of such dictionaries that give them as they are, or a copy."""

_DATACLASSES = ("dataclasses", "attr", "attrs", "pydantic")


class Records:
    """Follows records of settings."""

    def __init__(self, methods: Methods) -> None:
        self.machine, self.builtins, self.calls = methods.machine, methods.builtins, methods.calls
        self.methods = methods

    def call_record(self, path: str, places: Places, names: Names) -> Value | None:
        """Return what a package of records makes; None for what is none of theirs."""
        package, name = path.partition(".")[0], path.rpartition(".")[2]
        if package == "types" and name == "SimpleNamespace":
            return Namespace(dict(names))
        if package in _DATACLASSES:
            return self._of_dataclass(name, places, names)
        if package not in _OPEN:
            return None
        if name == "merge":
            made: dict[Value, Value] = {}
            for each in places:
                made = _merged(made, self.builtins.dictionary([each], {}))
            return opened(made)
        if name not in _MAKES:
            return None
        if places and isinstance(places[0], list | Instance):
            return opened(places[0])
        return opened(
            self.builtins.dictionary([each for each in places[:1] if each is not None], names)
        )

    def _of_dataclass(self, name: str, places: Places, names: Names) -> Value | None:
        """Return what functions of dataclasses give."""
        if name in ("field", "Field", "attrib", "ib", "Factory"):
            if name == "Factory" and places:
                return Factory(places[0])
            made = names.get("default_factory", names.get("factory"))
            if made is not None:
                return Factory(made)
            if name != "field" and places and places[0] is not ...:
                return places[0]
            if "default" in names:
                return names["default"]
            return Factory(None, given=names.get("init", True) is not False)
        of = places[0] if places else None
        if not isinstance(of, Instance) or not isinstance(of.cls, Class) or of.cls.fields is None:
            return None
        values = {each: of.attributes.get(each) for each in of.cls.fields}
        if name == "replace":
            return self.calls.call(of.cls, [], {**values, **names})
        return values if name == "asdict" else tuple(values.values()) if name == "astuple" else None

    def call_method(self, value: Value, name: str, places: Places, names: Names) -> Value:
        """Return what a method of a value gives that is no object of the source."""
        if isinstance(value, SourceRecord) and value.cls is None:
            if name in _SAME:
                return opened(dict(value)) if name in ("clone", "copy") else value
            if name.startswith("merge_from"):
                raise self.machine.fault(_("{name} is not followed", name=quoted(name)))
            if name == "update":
                names = {key: opened(each) for key, each in names.items()}
                places = [opened(each) for each in places]
        return self.methods.call_method(value, name, places, names)

    def keep_arguments(
        self, model: Instance, scope: LexicalScope, places: Places, ignored: Value = ()
    ) -> None:
        """Keep what a Lightning module is made with as its `hparams`: all of it, or what is named.

        One dictionary or namespace in its place gives its own items.
        """
        found = {
            name: each
            for name, each in scope.names.items()
            if each is not model and name != "__class__"
        }
        if len(places) == 1 and isinstance(places[0], dict | Namespace):
            (given,) = places
            found = given if isinstance(given, dict) else given.attributes
        elif places:
            found = {name: found[name] for name in places if name in found}
        left_out = (ignored,) if isinstance(ignored, str) else ignored or ()
        found = {name: each for name, each in found.items() if name not in left_out}
        rest = found.pop("kwargs", None)
        model.attributes["hparams"] = opened({**found, **(rest if isinstance(rest, dict) else {})})


def _merged(one: dict[Value, Value], other: dict[Value, Value]) -> dict[Value, Value]:
    """Return two dictionaries as one, those in them too; the second has the last word."""
    made = dict(one)
    for key, value in other.items():
        own = made.get(key)
        both = isinstance(own, dict) and isinstance(value, dict)
        made[key] = _merged(own, value) if both else value  # type: ignore[arg-type]
    return made
