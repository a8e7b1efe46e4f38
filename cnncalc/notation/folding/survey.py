"""Where parts stand, which are alike, and which read what: worked out anew in each pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.folding.parts import layer_of, path_of
from cnncalc.notation.writer import write_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.notation.folding.parts import Part


class Survey:
    """Numbers the parts of some sequences in the order of the text, and says which are alike."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._lengths: dict[int, int] = {}
        self.sequences: list[list[Part]] = []

    def measure(self, roots: Iterable[list[Part]]) -> int:
        """Work out all that is known of the parts of the roots; return how many there are."""
        roots = list(roots)
        count = 0
        readers: list[Part] = []
        for root in roots:
            count = self._number(root, count, readers)
        for reader in readers:
            self._read(reader)
        self.sequences = []
        for root in roots:
            self._compare(root)
        return count

    def _number(self, parts: list[Part], count: int, readers: list[Part]) -> int:
        for part in parts:
            part.first = part.low = count
            part.read = part.high = -1
            count += 1
            if part.target is not None:
                readers.append(part)
            for branch in part.branches:
                count = self._number(branch, count, readers)
            part.end = count
        return count

    def _read(self, reader: Part) -> None:
        """Take down that a reference or an `again` reads something."""
        assert reader.target is not None  # noqa: S101
        read = reader.target.read_by()
        reader.low = read.first
        if reader.head[0] == "Again":
            read.high = max(read.high, reader.first)
        else:
            read.read = max(read.read, reader.first)

    def _compare(self, parts: list[Part]) -> None:
        self.sequences.append(parts)
        for part in parts:
            head = part.head
            if part.target is not None:  # alike where it reads as far back
                head = (*head, part.first - part.target.read_by().first)
            if part.fixed:
                part.low = -1
            for branch in part.branches:
                self._compare(branch)
                for each in branch:
                    part.low = min(part.low, each.low) if each.low < part.first else part.low
                    part.high = max(part.high, each.high, each.read)
            if part.head[0] == "join" or part.is_plain:
                inside = [each for branch in part.branches for each in branch]
                part.path, part.stands = path_of((*inside, *part.own))
            shapes = tuple(tuple(each.shape for each in branch) for branch in part.branches)
            equals = tuple(tuple(each.equal for each in branch) for branch in part.branches)
            part.shape = self._of(("shape", head, shapes))
            part.equal = self._of(("equal", head, part.numbers, equals))
            part.length = self._length(part)

    def _of(self, key: tuple[Any, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _length(self, part: Part) -> int:
        """Return how many letters it takes, without labels."""
        found = self._lengths.get(part.equal)
        if found is None:
            inside = sum(each.length + 4 for branch in part.branches for each in branch)
            if part.head[0] == "call":
                found = len(" ".join((part.head[1].name, *part.head[1].words(part.numbers))))
            elif part.head[0] == "layer":
                found = len(write_layer(layer_of(part)))
            else:
                found = 8
            found = self._lengths[part.equal] = found + inside
        return found


def is_closed(parts: Sequence[Part]) -> bool:
    """Return whether parts read nothing outside, and only the last of them is read there."""
    start, end = parts[0].first, parts[-1].end
    return all(
        part.low >= start and part.high < end and (part.read < end or part is parts[-1])
        for part in parts
    )


def is_read_outside(parts: Sequence[Part]) -> bool:
    """Return whether the last of some parts is read behind them."""
    return parts[-1].read >= parts[-1].end


def windows_of(
    parts: list[Part], size: int, starts: Iterable[int]
) -> Iterator[tuple[int, list[Part]]]:
    """Yield the closed windows of a size that begin at some places, none of which overlap."""
    free = 0
    for start in starts:
        window = parts[start : start + size]
        if start >= free and len(window) == size and is_closed(window):
            free = start + size
            yield start, window
