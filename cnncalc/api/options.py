"""What goes beside a network, by the names of arguments that functions share: one value of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.api.misuse import read_count, read_flag, read_texts, read_word, refuse_unknown
from cnncalc.speech.language import _
from cnncalc.trace.settings import Settings, entry_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypedDict

    class Seen(TypedDict, total=False):
        """What bears on the rows of a network and on what they see."""

        strict: bool
        channels_first: bool
        fold: bool

    class Beside(Seen, total=False):
        """All that goes beside a network: what bears on what rows cost, too."""

        like: str | None
        batch: int
        dtype: str
        planner: str
        freeze: str | Iterable[str | int]
        device: str | None


def _read_names(name: str, value: Any) -> tuple[str, ...]:
    """Return the names of rows: labels, blocks or numbers."""
    is_many = isinstance(value, list | tuple | set | frozenset)
    names = value if is_many else (value,)
    found = [str(read_count(name, each)) if type(each) is int else each for each in names]
    return tuple(read_texts(name, found, "freeze=['layer1', 'layer2']"))


def _read_batch(name: str, value: Any) -> int:
    return read_count(name, value, 1, _("a batch is a whole number of inputs, 1 or more"))


def _named(find: Callable[[str], Any], sample: str, *, none: Any = None) -> Callable[..., Any]:
    """Return what reads the name of an entry of a table; None where that is for none."""

    def read(name: str, value: Any) -> Any:
        return none if value is None and none is not ... else find(read_word(name, value, sample))

    return read


READERS: dict[str, Callable[[str, Any], Any]] = {
    "batch": _read_batch,
    "dtype": _named(
        lambda text: entry_named("dtype", text, "dtype").name, "dtype='int8'", none=...
    ),
    "strict": read_flag,
    "like": _named(lambda text: entry_named("like", text) if text else None, "like='fvcore'"),
    "channels_first": read_flag,
    "planner": _named(lambda text: entry_named("planner", text).name, "planner='tflm'", none=...),
    "fold": read_flag,
    "freeze": _read_names,
    "device": _named(
        lambda text: entry_named("device", text, "device").name if text else "",
        "device='t4'",
        none="",
    ),
}
"""What reads each argument, by its name."""

COSTS = tuple(name for name in READERS if name != "channels_first")
"""The names of those that go beside a network that is read."""

_USUAL = Settings()


def read_settings(
    function: str, options: Mapping[str, Any], known: Iterable[str] = tuple(READERS)
) -> Settings:
    """Return the settings that arguments of a function name, which are among those it knows."""
    if not options:
        return _USUAL
    refuse_unknown(function, options, tuple(known))
    return _USUAL._replace(**{name: READERS[name](name, options[name]) for name in options})
