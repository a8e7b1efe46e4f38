"""Tensors that do not depend on the input: constants, parameters, and layers on them."""

from __future__ import annotations

from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.graph import Graph
from cnncalc.importing.python import layouts
from cnncalc.importing.python.tensor_values import BATCH, Learned, Tensor
from cnncalc.importing.python.values import Names, Places, Unknown, Value, argument, first_unknown
from cnncalc.kinds import filled, modules
from cnncalc.kinds.modules import ModuleError
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.python.incoming import Incoming
    from cnncalc.importing.python.interpreter import Interpreter
    from cnncalc.importing.python.objects import Instance
    from cnncalc.importing.python.tensors import Tensors


class Constants:
    """Makes tensors that do not depend on the input, and follows layers on them.

    A pass of zeros through some layers, as `__init__` makes to see their output, shows its sizes;
    what is learned on the way counts where the result meets what does depend on the input.
    """

    def __init__(self, python: Interpreter, tensors: Tensors, incoming: Incoming) -> None:
        self.machine, self.above, self.known = python.machine, python.above, python.known
        self.weights, self.meetings = tensors.weights, tensors.meetings
        self.nodes, self.shapes = tensors.nodes, tensors.shapes
        self.incoming = incoming

    def on_learned(self, value: Instance, tensor: Learned) -> Value:
        """Return what a layer makes of a tensor that does not depend on the input."""
        assert value.spec is not None  # noqa: S101
        entry, values, _places = value.spec
        learned = learned_by(value)
        if entry.kind == "embedding":
            units = values.get("embedding_dim", values.get("output_dim"))
            if not isinstance(units, int):
                return self.machine.unknown(_("this size is not known"))
            made: Value = Learned((*tensor.sizes, units), tensor.of)
        else:
            spec = value.spec
            made = self.sized(tensor, lambda stand_in: self.above.apply_any(spec, stand_in))
        if not learned or not isinstance(made, Learned):
            return made
        key = -2 * int(self.weights.serial(value)) - 1
        return Learned(made.sizes, {**made.of, key: learned})

    def sized(self, tensor: Learned, of: Callable[[Tensor], Value]) -> Value:
        """Return a tensor of the sizes that are made of another one's, which is put in its place.

        It goes through a network of its own, of which nothing is kept.
        """
        batch, *rest = tensor.sizes if len(tensor.sizes) > 1 else (1, *tensor.sizes)
        if not rest or min(rest) < 1:
            return tensor
        last = self.incoming.is_last()
        volume = tuple(rest) if last else (*rest[1:], rest[0])
        with self.nodes.beside(Graph(volume)):
            made = of(Tensor(0, layouts.entry_view(volume, "last" if last else "first"), last=last))
        if not isinstance(made, Tensor):
            return made
        sizes = [n if n % BATCH else n // BATCH * batch for n in layouts.sizes(made.view)]
        if len(tensor.sizes) == 1:
            sizes = sizes[1:]
        return Learned(tuple(sizes), tensor.of)

    def parameter(self, places: Places, names: Names) -> Value:
        """Return a learned tensor of its own."""
        value = argument(places, names, 0, "data")
        if isinstance(value, int | float):
            value = Learned(())
        if not isinstance(value, Learned):
            unknown = self.machine.unknown(_("its size is not known"))
            return value if isinstance(value, Unknown) else unknown
        if names.get("requires_grad") is False or (len(places) > 1 and places[1] is False):
            return Learned(value.sizes)
        return Learned(value.sizes, {self.weights.fresh(): prod(value.sizes)})

    def constant(self, name: str, places: Places, names: Names) -> Value:
        """Return a tensor that does not depend on the input."""
        if places and isinstance(places[0], Unknown):
            return places[0]
        if name == "Variable" and places:
            return places[0]
        if name.endswith("_like") and places:
            if isinstance(places[0], Tensor | Learned):
                return Learned(self.shapes.tensor_sizes(places[0]))
            return self.machine.unknown(_("its size is not known"))
        if name in ("tensor", "from_numpy", "as_tensor", "new_tensor", "arange", "randperm"):
            if places and isinstance(places[0], Learned):
                return places[0]
            if name == "arange":
                places = [*places, *(names[each] for each in ("start", "end") if each in names)]
                if "step" in names:
                    places = [*([0] if len(places) == 1 else []), *places, names["step"]]
            return self.meetings.numbers_of(
                "arange" if name in ("arange", "randperm") else "array", places
            )
        if name == "meshgrid":
            several = places[0] if len(places) == 1 else places
            lengths = tuple(
                prod(self.shapes.tensor_sizes(each)) for each in self.known.items(several)
            )
            return tuple(Learned(lengths) for _each in lengths)
        if name.endswith("Tensor") and len(places) == 1 and isinstance(places[0], list | tuple):
            return self.meetings.numbers_of("array", places)
        if name == "eye":
            return self.meetings.numbers_of("eye", places)
        if name == "full":
            places = places[:1]
        if name in ("randint", "normal", "logspace", "diag"):
            places = (
                [names["size"]]
                if "size" in names
                else [each for each in places if isinstance(each, tuple | list)]
            )
        several = [names["size"]] if "size" in names and not places else places
        if (unknown := first_unknown(several)) is not None:
            return unknown
        if len(several) == 1 and isinstance(several[0], Learned):
            return several[0]
        if not several and name not in ("Tensor", "FloatTensor", "empty"):
            return self.machine.unknown(_("its size is not known"))
        return Learned(tuple(self.shapes.whole_sizes(several)))


def learned_by(module: Instance) -> int:
    """Return how many numbers a layer learns, from its arguments alone."""
    assert module.spec is not None  # noqa: S101
    entry, values, _places = module.spec
    said = modules.incoming(entry, values)
    rank = {"linear": 0, "embedding": 0}.get(entry.kind, entry.rank or 1)
    volume = (*(10_000,) * rank, said[1] if said else 1)
    total = 0
    with suppress(ModuleError, Problem, ValueError, TypeError):
        for wanted in modules.translate(entry, values, rank or 1):
            kind, arguments = filled.checked(wanted)
            measured = kind.measure(volume, *arguments)
            total += int(measured.params)
            volume = measured.output
    return total
