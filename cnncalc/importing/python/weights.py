"""The weights of layers: whose they are, which are read, and which are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.machine import Machine
    from cnncalc.importing.python.tensor_values import Learned
    from cnncalc.importing.python.values import Value


class LayerWeights:
    """Learned tensors by their keys, and layers by what their weights are called."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.used: set[int] = set()  # keys of the learned tensors that are read
        self.counted: set[int] = set()  # and of those that some layer counts
        self.called: set[int] = set()  # layers, by their `id`
        self.through: set[int] = set()  # those of them that were called on constants alone
        self.numbers: dict[int, int] = {}  # of objects that have weights, by their `id`
        self.kept: list[Value] = []  # these objects, so that no other has their `id`
        self.parameters = 0  # how many learned tensors there are that no layer has

    def fresh(self) -> int:
        """Return the key of one more learned tensor."""
        self.parameters += 1
        return self.parameters

    def serial(self, value: Value) -> str:
        """Return a name of an object's weights, that no other has."""
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.numbers)
            self.kept.append(value)
        return str(self.numbers[id(value)])

    def use(self, learned: Learned) -> None:
        """Count learned tensors as used, and the layers that they are of as called."""
        self.used |= learned.keys
        self.counted |= learned.keys
        for key in learned.keys:
            if key < 0:  # of a layer, by its number
                self.called.add(id(self.kept[(-key - 1) // 2]))

    def meet(self, learned: Learned) -> None:
        """Count learned tensors as used where they meet what comes in, and their layers as called.

        What a layer learns is counted there: it may not be called on what comes in as well.
        """
        self.used |= learned.keys
        for key in learned.keys:
            if key < 0:  # of a layer, by its number
                layer = self.kept[(-key - 1) // 2]
                if id(layer) in self.called and id(layer) not in self.through:
                    raise self.machine.fault(_("weights of another layer are not followed"))
                self.called.add(id(layer))
                self.through.add(id(layer))
