"""What functions of tensors ask of the reading that follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cnncalc.importing.python.constants import Constants
    from cnncalc.importing.python.joins import Joins
    from cnncalc.importing.python.machine import Machine
    from cnncalc.importing.python.making import Making
    from cnncalc.importing.python.modules import Modules
    from cnncalc.importing.python.moves import Moves
    from cnncalc.importing.python.nodes import TensorNodes
    from cnncalc.importing.python.operations import Operations
    from cnncalc.importing.python.products import Products
    from cnncalc.importing.python.shapes import Shapes
    from cnncalc.importing.python.values import Names, Places, Value
    from cnncalc.importing.python.weights import LayerWeights


class TensorRun(Protocol):
    """The parts of a reading that tensors go through, and functions that are made of others."""

    machine: Machine
    operations: Operations
    weights: LayerWeights
    nodes: TensorNodes
    shapes: Shapes
    joins: Joins
    moves: Moves
    products: Products
    making: Making
    constants: Constants
    modules: Modules

    def functional(self, name: str, places: Places, names: Names) -> Value | None:
        """Return what a function of tensors gives; None for none that is known."""

    def tensor_function(self, name: str, tensor: Value, rest: Places, names: Names) -> Value | None:
        """Return what a function or a method of a tensor gives; None for none that is known."""
