"""Printed modules by the one table of modules: what each takes, and which layers of ours it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import PYTORCH

if TYPE_CHECKING:
    from cnncalc.importing.prints.text import PrintedModule
    from cnncalc.kinds.modules import Wanted

_RANK = re.compile(r"[123]d$")


def entry_of(module: PrintedModule) -> modules.Module | None:
    """Return the entry of a module's class, whose name may say the axes or not."""
    kind = module.kind.rpartition(".")[2]
    return find(kind, PYTORCH) or find(_RANK.sub("", kind), PYTORCH)


def layers_of(
    entry: modules.Module, module: PrintedModule
) -> tuple[tuple[Wanted, ...], int | None]:
    """Return the layers that a module is, and how many channels it takes, where it says so."""
    places, names = module.arguments()
    values = modules.bind(entry, places, names, strict=False)
    said = modules.incoming(entry, values)
    return modules.translate(entry, values), said[1] if said else None
