"""What goes on from a word that is being typed: files, models, labels, claims, names."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

SHEETS = (".toml",)
ANSWERS = (".csv",)
MOST_FILES = BUDGET.folder  # of a folder that are looked at


LISTS = {
    "quantities": ("report.quantities", "QUANTITIES"),
    "workings": ("report.steps", "EXPLAINED"),
    "quizzes": ("homework.quizzes", "EXERCISES"),
    "counters": ("trace.counters", "COUNTERS"),
    "devices": ("trace.devices", "DEVICES"),
    "planners": ("trace.planners", "PLANNERS"),
    "types": ("trace.dtypes", "BITS"),
    "claimed": ("report.claim_names", "NAMES"),
}
"""What is completed from a table: its module, and its name there."""


def complete(what: str, ctx: click.Context, start: str) -> list[str]:
    """Complete a name of a table, the last of several, or what a function here completes."""
    if what in LISTS:
        module, name = LISTS[what]
        return among(getattr(import_module(f"cnncalc.{module}"), name), start)
    found: list[str] = globals()[f"complete_{what}"](ctx, start)
    return found


def among(names: Iterable[str], start: str) -> list[str]:
    """Return the names that begin so; of several with commas between them the last does."""
    before, comma, last = start.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


def complete_models(_ctx: click.Context, start: str) -> list[str]:
    """Complete the name of a model."""
    from cnncalc.notation import library

    return [name for name in library.names() if name.startswith(start)]


def complete_network(ctx: click.Context, start: str) -> list[str]:
    """Complete a network: a model, or a file; for `check` a sheet as well."""
    found = complete_sources(ctx, start)
    if ctx.info_name == "check":
        found = sorted({*found, *files(start, SHEETS)})
    return [*complete_models(ctx, start), *found]


def complete_files(_ctx: click.Context, start: str) -> list[str]:
    """Complete the path of a file that may be written over."""
    return files(start, ("",))


def complete_conventions(_ctx: click.Context, start: str) -> list[str]:
    """Complete the name of a convention."""
    from cnncalc.homework.conventions import convention_names

    return among(convention_names(), start)


def complete_labels(ctx: click.Context, start: str) -> list[str]:
    """Complete a label of the network that stands before."""
    return [label for label in _labels(ctx) if label.startswith(start)]


def complete_sources(_ctx: click.Context, start: str) -> list[str]:
    """Complete the path of a file that is read as a network."""
    from cnncalc.importing.files import ENDINGS

    return files(start, (".cnn", *ENDINGS))


def complete_entries(ctx: click.Context, start: str) -> list[str]:
    """Complete the name of a class or function of the source in Python that stands before."""
    import ast

    from cnncalc.importing.python.files import File
    from cnncalc.importing.sources import read_file
    from cnncalc.speech.problem import Problem

    found: list[str] = []
    with suppress(Problem, RecursionError, MemoryError):
        if (path := _typed(ctx)).endswith(".py"):
            body = File(read_file(path)).tree.body
            found = [each.name for each in body if isinstance(each, ast.ClassDef | ast.FunctionDef)]
    is_own = start.startswith("_")
    return [name for name in found if name.startswith(start) and (is_own or name[0] != "_")]


def complete_claims(ctx: click.Context, start: str) -> list[str]:
    """Complete the quantity of a claim, up to its sign, and the place before it.

    Behind a sheet there are the answers of a class in place of claims.
    """
    from cnncalc.report.claim_names import NAMES

    if _typed(ctx).endswith(SHEETS):
        return files(start, ANSWERS)
    place, dot, start = start.rpartition(".")
    found = [f"{place}{dot}{name}=" for name in NAMES if name.startswith(start)]
    if start and not dot:
        found += [f"{label}." for label in _labels(ctx) if label.startswith(start)]
    return found


def complete_layers(_ctx: click.Context, start: str) -> list[str]:
    """Complete the name of a layer, or of a block of the library."""
    from cnncalc.kinds.table import NAMES
    from cnncalc.notation import library

    return among(sorted({*NAMES, *library.block_names()}), start)


def files(start: str, endings: tuple[str, ...]) -> list[str]:
    """Return the folders, and the files that end so, whose paths begin with what is typed."""
    from itertools import islice

    folder, slash, start = start.rpartition("/")
    found = []
    with suppress(OSError, ValueError):
        with os.scandir(os.path.expanduser(folder + slash) or ".") as entries:  # noqa: PTH111
            among_them = sorted(islice(entries, MOST_FILES), key=lambda each: each.name)
        for each in among_them:
            if not each.name.startswith(start or "") or (each.name[0] == "." and not start):
                continue
            if each.is_dir():
                found.append(f"{folder}{slash}{each.name}/")
            elif each.name.lower().endswith(endings):
                found.append(f"{folder}{slash}{each.name}")
    return found


def _typed(ctx: click.Context) -> str:
    """Return the network that is typed already; nothing where there is none."""
    found = (ctx.params.get(name) for name in ("words", "network", "file"))
    words = next(filter(None, found), "")
    return words if isinstance(words, str) else " ".join(words).strip()


def _labels(ctx: click.Context) -> list[str]:
    """Return the labels of the network that is typed already; none where it cannot be read."""
    from cnncalc.importing.files import Choice
    from cnncalc.importing.sources import read_input, read_network
    from cnncalc.report.report import Report
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.labels import labels

    word = _typed(ctx)
    if word in ("", "-"):
        return []
    with suppress(Problem, RecursionError, MemoryError):
        given = read_input(ctx.params.get("input"))
        arguments, names = (ctx.params.get(each) or () for each in ("arguments", "names"))
        choice = Choice(ctx.params.get("class_") or "", arguments, names)
        return labels(Report(read_network(word, given=given, choice=choice), given=given.head).rows)
    return []
