"""What is known of rows before they are walked: norms folded away, parts that are frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cnncalc.notation.tree import Layer


TAKES_NORMS = ("conv", "dwconv", "deconv", "fc", "linear")
"""What a norm can be folded into, as torch.nn.utils.fusion and TensorFlow Lite's converter do."""


class Adapted(NamedTuple):
    """What is known of a network's rows before they are walked, by steps: rows as they are written.

    `numbers` are the rows that steps become: a norm the one that it is folded `into`, which then
    has a bias. `names` are the labels of norms, by these steps. The rows that are `frozen` are not
    trained, and what each row writes training has `kept` so often: where none is frozen, nothing.
    """

    numbers: Sequence[int] = ()
    into: Mapping[int, int] = {}
    names: Mapping[int, str | None] = {}
    frozen: Collection[int] = ()
    kept: bytes = b""

    def number(self, step: int) -> int:
        """Return the number of the row that a step becomes."""
        return self.numbers[step] if step < len(self.numbers) else step - len(self.into)


AS_WRITTEN = Adapted()


def with_bias(layer: Layer) -> Layer:
    """Return a layer that has a bias, whether or not it had one."""
    if not layer.named["nobias"]:
        return layer
    return layer.having(nobias=False)
