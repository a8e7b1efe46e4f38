"""An operator of a .tflite as it is read, and what is known of the file's tensors."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.as_onnx import Made
from cnncalc.importing.onnx.model import MOST_VALUES, Constant
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.flatbuffers import FlatTable

_TYPES = {0: 1, 1: 10, 2: 6, 3: 2, 4: 7, 6: 9, 7: 5, 9: 3, 10: 11, 17: 3}
"""Data types as ONNX numbers them; bits of four as bytes."""

_WIDTHS = {6: 4, 7: 8}
_MOST_RANK = 32


class TfliteNode(NamedTuple):
    """An operator: its kind, the tensors that it reads and makes, its options and its title."""

    kind: str
    reads: list[str]
    makes: list[str]
    options: FlatTable | None
    title: str
    file: TfliteFile

    def option(self, field: int, size: int = 4, default: int = 0) -> int:
        """Return an option that is a whole number."""
        return self.options.integer(field, size, default) if self.options else default

    def add(
        self,
        kind: str,
        reads: Sequence[str] | None = None,
        makes: Sequence[str] | None = None,
        **given: Any,
    ) -> None:
        """Add an operator of ONNX, of what this one reads and makes where nothing else is said."""
        reads, makes = reads or self.reads, makes or self.makes
        self.file.made.add(kind, self.title, reads, makes, **given)

    def whole(self, values: Sequence[int] | int) -> str:
        """Return the name of a new tensor of whole numbers."""
        return self.file.made.whole(values)

    def told(self) -> list[int]:
        """Return the sizes that a file says of what is made first; -1 for those it leaves open."""
        return [-1 if size is None else size for size in self.file.shapes[self.makes[0]]]

    def values(self, place: int) -> tuple[int, ...]:
        """Return the values of an input that the file holds."""
        return self.file.values[self.reads[place]]

    def move(
        self, kind: str, reads: Sequence[str], makes: Sequence[str] | None = None, **given: Any
    ) -> None:
        """Add an operator that makes nothing of this one's name."""
        self.file.made.add(kind, "", reads, makes or self.makes, **given)


class TfliteFile:
    """What is known of a file as it is read: its tensors' sizes and values, and what is made."""

    def __init__(self, graph: FlatTable, buffers: list[FlatTable]) -> None:
        self.names: list[str] = []
        self.dims: dict[str, tuple[int, ...]] = {}
        self.shapes: dict[str, list[int | None]] = {}
        self.values: dict[str, tuple[int, ...]] = {}
        constants: dict[str, Constant] = {}
        for index, each in enumerate(graph.tables(0)):
            title = each.text(3)
            name = f"{title}#{index}"
            sizes, signed = (each.integers(field)[:_MOST_RANK] for field in (0, 7))
            dims = tuple(size if size > 0 else 1 for size in sizes)
            self.shapes[name] = _shape(sizes, signed)
            kind = _TYPES.get(each.integer(1, 1), 0)
            self.names.append(name)
            self.dims[name] = dims
            buffer = each.integer(2, 4)
            if 0 < buffer < len(buffers) and _size(buffers[buffer]):
                values = _values(buffers[buffer], dims, kind)
                constants[name] = Constant(dims, values, title, kind)
                if values is not None:
                    self.values[name] = values
        self.made: Made = Made(self.shapes, channels_last=True)
        self.made.model.constants.update(constants)
        self.same: dict[str, str] = {}
        self.readers: dict[str, list[str]] = {}  # the kinds of operators that read each tensor
        self.spread: dict[str, tuple[str, list[int], list[int]]] = {}  # from where, gaps and sides
        self.gathered: dict[str, str] = {}

    def constant(self, name: str) -> Constant | None:
        """Return a tensor that the file holds; None for one that is worked out."""
        return self.made.model.constants.get(self.same.get(name, name))

    def turned(self, name: str, order: tuple[int, ...]) -> str:
        """Return weights with their dimensions in another order; what is worked out is turned."""
        held = self.constant(name)
        title = f"{self.same.get(name, name)}/turned"
        if held is None or held.dims is None:
            self.made.add("Transpose", "", [name], [title], perm=list(order))
            return title
        dims = tuple(held.dims[axis] for axis in order)
        self.made.model.constants[title] = held._replace(dims=dims, values=None)
        return title


def _shape(sizes: Sequence[int], signed: Sequence[int]) -> list[int | None]:
    """Return a tensor's sizes, None behind the batch where its signature leaves one open.

    There its sizes are 1.
    """
    wide = signed if len(signed) == len(sizes) else sizes
    return [
        None if place and wide[place] < 0 else max(size, 0 if place else 1)
        for place, size in enumerate(sizes)
    ]


def _size(buffer: FlatTable) -> int:
    """Return how many bytes a buffer holds: in it, or elsewhere in the file."""
    return buffer.stretch(0)[1] or (buffer.integer(2, 8) if buffer.integer(1, 8) > 1 else 0)


def _values(buffer: FlatTable, dims: tuple[int, ...], kind: int) -> tuple[int, ...] | None:
    """Return the values of a small tensor of whole numbers."""
    width, count = _WIDTHS.get(kind), prod(dims)
    if width is None or count > MOST_VALUES or buffer.stretch(0)[1] < count * width:
        return None
    return tuple(buffer.wholes(0, count, width))
