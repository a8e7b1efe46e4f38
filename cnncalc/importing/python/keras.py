"""Keras' layers and models: what they make of tensors, by the one table of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.pytorch import PyTorch

if TYPE_CHECKING:
    from cnncalc.importing.python.values import Instance, Tensor, Value


class Keras(PyTorch):
    """Follows Keras."""

    def entry_tensor(self) -> Tensor:
        """Return what comes in."""
        raise NotImplementedError

    def run_model(self, value: Instance) -> Value:
        """Return what a model gives for what comes in."""
        return self.call(value, [self.entry_tensor()], {})

    def finish_inputs(self) -> None:
        """Take the inputs that a functional model has for what comes in."""
