"""A node of an exported program, and what is known of the tensors that it reads and makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.as_onnx import Made
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExportedGraph:
    """Tensors by their sizes and stored names, those that are read, and what is made of them."""

    def __init__(self, sizes: dict[str, list[int | None]]) -> None:
        self.sizes = sizes
        self.names: dict[str, str] = {}
        self.used: set[str] = set()
        self.made = Made(sizes)


class ExportedNode(NamedTuple):
    """A node: its operator's name, its arguments by name, and the tensors that it makes."""

    kind: str
    arguments: dict[str, Any]
    outputs: list[str]
    title: str
    graph: ExportedGraph

    def get(self, *names: str, default: Any = None) -> Any:
        """Return an argument by the first of its names that is given; a number is itself."""
        for name in names:
            if name.isdecimal():
                return int(name)
            if self.arguments.get(name) is not None:
                return self.arguments[name]
        return default

    def add(
        self, kind: str, reads: Sequence[Any], makes: Sequence[str] | None = None, **given: Any
    ) -> None:
        """Add an operator of ONNX, which makes what this node makes where it says no other."""
        names = [self.graph.names.get(each, each) if each else "" for each in reads]
        self.graph.made.add(kind, self.title, names, makes or self.outputs, **given)

    def whole(self, values: list[int] | int) -> str:
        """Return the name of a new tensor of whole numbers."""
        return self.graph.made.whole(values)

    def rank(self, tensor: str) -> int:
        """Return how many dimensions a tensor has."""
        return len(self.graph.sizes[tensor])

    def told(self, size_left_open: int = 1) -> list[int]:
        """Return the sizes that a file says of what is made first."""
        return [size or size_left_open for size in self.graph.sizes[self.outputs[0]]]

    def tensors(self) -> list[str]:
        """Return the tensors among the arguments, in lists too."""
        found = []
        for each in self.arguments.values():
            several = each if isinstance(each, list) else [each]
            found += [one for one in several if isinstance(one, str) and one in self.graph.sizes]
        return found
