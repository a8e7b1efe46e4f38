"""PyTorch and Keras, put together of what they offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.calling import Calling
from cnncalc.importing.python.constants import Constants
from cnncalc.importing.python.containers import Containers
from cnncalc.importing.python.keras import Keras
from cnncalc.importing.python.keras_models import KerasModels
from cnncalc.importing.python.keras_tensors import KerasTensors
from cnncalc.importing.python.making import Making
from cnncalc.importing.python.modules import Modules
from cnncalc.importing.python.pytorch import PyTorch

if TYPE_CHECKING:
    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.tensors import Tensors


class Frameworks:
    """What a source's modules, layers and functions of tensors are in their frameworks."""

    def __init__(
        self, python: Interpreter, tensors: Tensors, incoming: Incoming, *, train: bool
    ) -> None:
        on = python, tensors
        self.making = Making(*on)
        self.constants = Constants(*on, incoming)
        self.modules = Modules(*on, self.constants)
        self.containers = Containers(*on, train=train)
        self.pytorch = PyTorch(*on, self.making, self.constants, self.modules, self.containers)
        self.keras_tensors = KerasTensors(*on, incoming, self.constants, self.pytorch)
        self.keras_models = KerasModels(*on, incoming, self.constants, self.containers)
        self.keras = Keras(
            *on, incoming, self.making, self.constants, self.modules, self.keras_tensors
        )
        self.calling = Calling(self.pytorch, self.keras_models, self.keras)
        above = python.above
        above.attribute_outside = self.keras_models.attribute_outside
        above.instance_item = self.containers.instance_item
        above.instance_items = self.containers.instance_items
        above.literal = self.making.literal
        above.copied = self.containers.copied
        above.make_outside = self.calling.make_outside
        above.apply_any = self.calling.apply_any
        above.call_base = self.calling.call_base
        above.call_instance = self.calling.call_instance
        above.call_framework = self.calling.call_framework
        above.method_of_framework = self.calling.method_of_framework
