"""The text that `print(model)` writes, as the modules that stand in it."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.importing.refusals import MOST_NODES, too_many_nodes, too_nested
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, plural

MOST_NESTED = 50

_LINE = re.compile(
    r"(?m)^[ \t]*(?:\((?P<name>[^)\n]*)\): )?(?:(?P<times>[0-9]+) x )?(?P<kind>[A-Za-z_][\w.]*)"
    r"\((?P<rest>[^\n]*)$|^[ \t]*(?P<close>\))[ \t]*$|^[ \t]*(?P<own>\d+, \w+=[^\n()]*)$"
    r"|^[ \t]*\((?P<given>[^)\n]*)\): Parameter containing: \[torch\.\w+ of size "
    r"(?P<sizes>[0-9]{1,9}(?:x[0-9]{1,9}){0,7})"
)
PARAMETER = "Parameter"
"""What stands in a ParameterList: no module, but numbers, with their sizes."""

_BEGINS = re.compile(
    r"(?m)^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?P<kind>[A-Za-z_][\w.]*)\([ \t]*\n"
    r"(?:[ \t]*\d+, \w+=[^\n()]*\n)?[ \t]*\([^()\n]*\): (?:\d+ x )?[A-Za-z_]"
)
MOST_MODELS = 100
_ARGUMENT = re.compile(r"\s*(?:(\w+)=)?(\([^()]*\)|\[[^\[\]]*\]|'[^']*'|[^,]+)\s*(?:,|$)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:e-?[0-9]+)?")


_WRAPPERS = ("DataParallel", "DistributedDataParallel", "OptimizedModule")
"""Modules that run the one module in them, and nothing else."""


class PrintedModule:
    """A module: its name in its parent, its class, its arguments, and its children."""

    def __init__(self, name: str, kind: str, rest: str, times: int, span: Span) -> None:
        self.name = name
        self.kind = kind
        self.rest = rest
        self.times = times
        self.span = span
        self.children: list[PrintedModule] = []

    @property
    def runs_in_order(self) -> bool:
        """Whether its children run one after another: a Sequential, or one by another name."""
        if self.kind in ("ModuleList", "ModuleDict"):
            return False
        if self.kind.rpartition(".")[2] in _WRAPPERS:
            return True
        if self.rest.strip():  # what it is itself, and then what it is followed by
            return True
        numbered = all(child.name[:1].isdigit() for child in self.children)
        return self.kind == "Sequential" or numbered

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """Return what stands in its parentheses: values by position, and by name."""
        return arguments_in(self.rest)


def arguments_in(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return what stands in parentheses: values by position, and by name."""
    places: list[Any] = []
    names: dict[str, Any] = {}
    for name, value in _ARGUMENT.findall(text[:2000]):
        if name:
            names[name] = _value(value)
        else:
            places.append(_value(value))
    return places, names


def _value(text: str) -> Any:
    """Return an argument: a number, a tuple of numbers, or its text."""
    text = text.strip()
    if text[:1] in ("(", "["):
        return tuple(_word(part.strip()) for part in text[1:-1].split(",") if part.strip())
    return _word(text)


def _word(text: str) -> Any:
    """Return a number, what Python calls True, False and None, or a text."""
    if text in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[text]
    if _NUMBER.fullmatch(text) and len(text) <= 18:
        return float(text) if "." in text or "e" in text else int(text)
    return text.strip("'")


def find_print(text: str, start: int = 0) -> re.Match[str] | None:
    """Return where a print of a model begins, behind whatever else was printed; None for none."""
    return _BEGINS.search(text, start)


def read_modules(source: Source) -> tuple[PrintedModule, tuple[Label, ...]]:
    """Return the outermost module of a print, and where other models begin behind it."""
    found = find_print(source.text)
    if found is None:
        end = len(source.text.rstrip())
        raise _cut_short(Span(source, end, end), _("this is no print of a model"))
    root, end = _read(source, found)
    others: list[Label] = []
    while len(others) < MOST_MODELS and (found := find_print(source.text, end)):
        others.append(Label(Span(source, found.start("kind"), found.end("kind"))))
        try:
            _root, end = _read(source, found)
        except Problem:
            break
    return root, tuple(others)


def second_model(others: tuple[Label, ...]) -> Problem:
    """Return the warning of models that stand behind the one that is read."""
    return Problem(
        "models-not-read",
        _("the first model of this text is read alone"),
        others[:1],
        notes=[_("{models} more", models=plural(len(others), "model"))],
        helps=[_("put each model into a file of its own")],
        severity="warning",
    )


def _read(source: Source, begins: re.Match[str]) -> tuple[PrintedModule, int]:
    """Return the module that begins at a place, and where it ends."""
    span = Span(source, begins.start("kind"), begins.end("kind"))
    root = PrintedModule("", begins["kind"], "", 1, span)
    open_modules = [root]
    start = source.text.index("\n", begins.end("kind")) + 1
    for count, found in enumerate(_LINE.finditer(source.text, start)):
        if count >= MOST_NODES:
            raise too_many_nodes(Span(source, found.start(), found.end()), count + 1)
        if found["close"]:
            open_modules.pop()
            if not open_modules:
                return root, found.end()
            continue
        if found["own"]:
            if not open_modules[-1].children:
                open_modules[-1].rest = found["own"].strip()
            continue
        if found["sizes"]:
            span = Span(source, found.start("given"), found.end("sizes"))
            each = PrintedModule(found["given"], PARAMETER, found["sizes"], 1, span)
            open_modules[-1].children.append(each)
            continue
        module = _module(source, found)
        open_modules[-1].children.append(module)
        if not found["rest"].rstrip().endswith(")"):
            open_modules.append(module)
            if len(open_modules) > MOST_NESTED:
                raise too_nested(Label(module.span), MOST_NESTED)
    raise _cut_short(open_modules[-1].span, _("this print of a model ends before its modules do"))


def _module(source: Source, found: re.Match[str]) -> PrintedModule:
    """Return the module of a line."""
    begin = found.start("name") - 1 if found["name"] is not None else found.start("kind")
    times = int(found["times"] or 1) if len(found["times"] or "") < 10 else MOST_NODES
    rest = found["rest"].rstrip().removesuffix(")")
    span = Span(source, begin, found.end("kind"))
    return PrintedModule(found["name"] or "", found["kind"], rest, times, span)


def _cut_short(span: Span, message: str) -> Problem:
    return Problem(
        "print-not-read", message, [Label(span)], helps=[_("print the whole model: 'print(model)'")]
    )
