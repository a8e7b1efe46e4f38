"""The graph of a file of another kind, in ONNX's operators, to be read as an ONNX file's is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.model import INT64, Constant, OnnxModel, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Made:
    """A graph that is made operator by operator; `shapes` are what its file tells of tensors."""

    def __init__(
        self, shapes: Mapping[str, Sequence[int | None]], *, channels_last: bool = False
    ) -> None:
        told = {name: list(dims) for name, dims in shapes.items()}
        self.model = OnnxModel([], {}, {}, [], told, channels_last)
        self._count = 0

    def add(
        self, kind: str, title: str, reads: Sequence[str | None], makes: Sequence[str], **given: Any
    ) -> None:
        """Add an operator with its attributes."""
        names = tuple(each or "" for each in reads)
        self.model.operations.append(Operation(kind, title, names, tuple(makes), given))

    def whole(self, values: Sequence[int] | int) -> str:
        """Return the name of a new tensor of whole numbers."""
        self._count += 1
        name = f"whole_{self._count}"
        held = (values,) if isinstance(values, int) else tuple(values)
        dims = () if isinstance(values, int) else (len(held),)
        self.model.constants[name] = Constant(dims, held, "", INT64)
        return name
