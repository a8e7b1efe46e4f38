"""What modules of frameworks take: signatures as the frameworks' documentation writes them."""

from __future__ import annotations

from functools import cache
from typing import Any

from cnncalc.kinds.table import REQUIRED
from cnncalc.tuples import NamedTuple


class Takes(NamedTuple):
    """An argument of a module.

    `ours` is the argument of our layer that it gives; '' where it changes nothing that is counted.
    `only` are the values that can be read; none: all. `also` are its older names. `named` says
    that it goes by its name alone.
    """

    name: str
    ours: str = ""
    default: Any = REQUIRED
    only: tuple[Any, ...] = ()
    also: tuple[str, ...] = ()
    named: bool = False


@cache
def arguments_of(signature: str) -> tuple[Takes, ...]:
    """Return the arguments of a signature, which is Python's.

    An annotation is the argument of ours that an argument gives, with its older names behind a
    `|`; or, as a tuple, the values that can be read.

    >>> arguments_of("p: numbers | rate | drop = 0.5, *, axis: (-1,) = -1")[0]
    Takes(name='p', ours='numbers', default=0.5, only=(), also=('rate', 'drop'), named=False)
    """
    import ast

    made: Any = ast.parse(f"def module({signature}): ...").body[0]
    placed, named = made.args.args, made.args.kwonlyargs
    lacking = len(placed) - len(made.args.defaults)
    defaults = [*[None] * lacking, *made.args.defaults, *made.args.kw_defaults]
    read = []
    for each, default in zip([*placed, *named], defaults, strict=True):
        said = ast.unparse(each.annotation) if each.annotation else ""
        only = ast.literal_eval(said) if said.startswith("(") else ()
        ours, *also = [""] if only else said.split(" | ")
        value = REQUIRED if default is None else ast.literal_eval(default)
        takes = Takes(each.arg, ours.replace("_", "-"), value, only, tuple(also), each in named)
        read.append(takes)
    return tuple(read)
