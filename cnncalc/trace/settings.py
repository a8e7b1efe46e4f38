"""Settings: what a question says beside its network, in one value that travels."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnncalc.speech.budget import BUDGET, Budget
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.trace.counters import Counter


class Settings(NamedTuple):
    """How many inputs go through at once, values of what type, which windows, whose count.

    `batch` inputs of values of type `dtype`, as `dtypes.find_types` reads it; `strict` refuses
    windows that do not tile their input; `like` is the counter that counts in place of ours;
    `planner` plans memory, by its name in `planners.PLANNERS`;
    `channels_first` reads and writes volumes as CxHxW. To `fold` is to count a network as it is
    deployed, batch norms in the weights before them; what `freeze` names is not trained.
    On a `device`, by its name in `devices.DEVICES`, rows take time. What is looked for is held to a
    `budget`.
    """

    batch: int = 1
    dtype: str = "float32"
    strict: bool = False
    like: Counter | None = None
    channels_first: bool = False
    planner: str = "ours"
    device: str = ""
    fold: bool = False
    freeze: tuple[str, ...] = ()
    budget: Budget = BUDGET


ENTRIES = {
    "like": ("counters", "find_counter"),
    "dtype": ("dtypes", "find_types"),
    "planner": ("planners", "find_planner"),
    "device": ("devices", "find_device"),
}
"""Where the entry is found that a setting names: a table here, read once it is named."""


def entry_named(setting: str, *words: str) -> Any:
    """Return the entry that a setting names, and what a fault says that it was typed behind."""
    table, find = ENTRIES[setting]
    return getattr(import_module(f"cnncalc.trace.{table}"), find)(*words)
