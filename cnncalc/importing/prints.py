"""The text that `print(model)` writes, as the modules that stand in it."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

MOST_NESTED = 50

_LINE = re.compile(
    r"(?m)^[ \t]*(?:\((?P<name>[^)\n]*)\): )?(?:(?P<times>[0-9]+) x )?(?P<kind>[A-Za-z_][\w.]*)"
    r"\((?P<rest>[^\n]*)$|^[ \t]*(?P<close>\))[ \t]*$"
)
_ARGUMENT = re.compile(r"\s*(?:(\w+)=)?(\([^()]*\)|\[[^\[\]]*\]|'[^']*'|[^,]+)\s*(?:,|$)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:e-?[0-9]+)?")


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
        numbered = all(child.name[:1].isdigit() for child in self.children)
        return self.kind == "Sequential" or numbered

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """Return what stands in its parentheses: values by position, and by name."""
        places: list[Any] = []
        names: dict[str, Any] = {}
        for name, value in _ARGUMENT.findall(self.rest[:2000]):
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


def read_modules(source: Source) -> PrintedModule:
    """Return the outermost module of a print."""
    root: PrintedModule | None = None
    open_modules: list[PrintedModule] = []
    for count, found in enumerate(_LINE.finditer(source.text)):
        if count > MOST_NODES:
            raise too_many_nodes(Span(source, found.start(), found.end()), count)
        if found["close"]:
            if open_modules:
                open_modules.pop()
            if root and not open_modules:
                break
            continue
        begin = found.start("name") - 1 if found["name"] is not None else found.start("kind")
        span = Span(source, begin, found.end("kind"))
        times = int(found["times"] or 1) if len(found["times"] or "") < 10 else MOST_NODES
        rest = found["rest"].rstrip()
        module = PrintedModule(
            found["name"] or "", found["kind"], rest.removesuffix(")"), times, span
        )
        if open_modules:
            open_modules[-1].children.append(module)
        elif root is None:
            root = module
        if not rest.endswith(")"):
            open_modules.append(module)
            if len(open_modules) > MOST_NESTED:
                raise _too_nested(span)
        elif not open_modules:
            break
    if root is None or open_modules:
        end = len(source.text.rstrip())
        raise Problem(
            "print-not-read",
            _("this print of a model ends before its modules do")
            if root
            else _("this is no print of a model"),
            [Label(open_modules[-1].span if root else Span(source, end, end))],
            helps=[_("print the whole model: 'print(model)'")],
        )
    return root


def _too_nested(span: Span) -> Problem:
    return Problem(
        "modules-too-deep",
        _("modules stand at most {most} deep in one another", most=MOST_NESTED),
        [Label(span)],
        helps=[_("print or export an inner module by itself")],
    )
