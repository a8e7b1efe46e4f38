"""Tensors, put together of what is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.joins import Joins
from cnncalc.importing.python.meetings import Meetings
from cnncalc.importing.python.moves import Moves
from cnncalc.importing.python.nodes import TensorNodes
from cnncalc.importing.python.products import Products
from cnncalc.importing.python.shapes import Shapes
from cnncalc.importing.python.weights import LayerWeights

if TYPE_CHECKING:
    from cnncalc.importing.graph import Graph
    from cnncalc.importing.python.interpreter import Interpreter


class Tensors:
    """Tensors: each operation is a node of the graph, or another view of one."""

    def __init__(self, python: Interpreter, graph: Graph) -> None:
        self.weights = LayerWeights(python.machine)
        self.nodes = TensorNodes(python.machine, graph)
        self.shapes = Shapes(self.nodes)
        self.meetings = Meetings(self.weights, self.shapes)
        self.joins = Joins(self.meetings)
        self.moves = Moves(self.joins)
        self.products = Products(self.joins)
        above = python.above
        above.numbers_of = self.meetings.numbers_of
        above.reduced = self.moves.reduced
        above.tensor_item = self.moves.tensor_item
        above.tensor_operator = self.products.tensor_operator
        above.tensor_sizes = self.shapes.tensor_sizes
