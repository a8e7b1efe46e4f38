"""Command lines that may be meant where that of a layer gives no answer; those that work are told.

Each is a list of words, from the layer's command on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SIZES = r"(?i)\d+(?:[x×]\d+){1,3}"
_SIDES = r"(?i)(\d+)(?:x(\d+))?"


def lines_meant(
    words: Sequence[str], volume: str, incoming: str, inputs: Iterable[str]
) -> Iterator[list[str]]:
    """Yield the lines that may be meant by one, with the volume that it begins with.

    `incoming` are the channels that it says come in, and `inputs` other volumes to try.
    """
    yield from _volume_first(words)
    yield from _in_letters(words)
    if incoming and (sides := re.fullmatch(_SIDES, volume)):
        yield from _with(words, volume, f"{sides[1]}x{sides[2] or sides[1]}x{incoming}")
    for each in inputs:
        yield from _with(words, volume, each)


def _volume_first(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield a line with a volume before its arguments that stands behind them."""
    places = [at for at, word in enumerate(words) if at and re.fullmatch(_SIZES, word)]
    if places and places[-1] > 1:
        rest = [word for at, word in enumerate(words[1:], 1) if at != places[-1]]
        yield [words[0], words[places[-1]], *rest]


def _in_letters(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the line of what CS231n's letters say: K filters of F on WxWxD, by S and P."""
    pairs = [re.fullmatch(r"([A-Za-z])=(\d+)", word) for word in words]
    found = {pair[1].lower(): pair[2] for pair in pairs if pair}
    if not {"w", "f", "k"} <= found.keys():
        return
    volume = f"{found['w']}x{found['w']}x{found.get('d', 1)}"
    more = [word for name in "sp" if name in found for word in (f"--{name}", found[name])]
    more += [word for word, pair in zip(words[1:], pairs[1:], strict=True) if not pair]
    yield [words[0], volume, "--filters", found["k"], "--k", found["f"], *more]


def _with(words: Sequence[str], volume: str, other: str) -> Iterator[list[str]]:
    """Yield the line with another volume in place of the one that is typed."""
    if volume in words[1:]:
        place = words.index(volume, 1)
        yield [*words[:place], other, *words[place + 1 :]]
