"""What layers make of tensors that do not depend on the input: sizes, and what they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.graph import Graph
from cnncalc.importing.python import layouts
from cnncalc.importing.python.making import Making
from cnncalc.importing.python.values import BATCH, Instance, Learned, Tensor, Value
from cnncalc.kinds import modules
from cnncalc.kinds.modules import ModuleError
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable


class Constants(Making):
    """Follows layers on tensors that do not depend on the input.

    A pass of zeros through some layers, as `__init__` makes to see their output, shows its sizes;
    what is learned on the way counts where the result meets what does depend on the input.
    """

    called: set[int]
    through: set[int]
    kept: list[Value]

    def on_learned(self, value: Instance, tensor: Learned) -> Value:
        """Return what a layer makes of a tensor that does not depend on the input."""
        assert value.spec is not None  # noqa: S101
        entry, values, _places = value.spec
        learned = learned_by(value)
        if entry.kind == "embedding":
            units = values.get("embedding_dim", values.get("output_dim"))
            if not isinstance(units, int):
                return self.unknown(_("this size is not known"))
            made: Value = Learned((*tensor.sizes, units), tensor.of)
        else:
            spec = value.spec
            made = self.sized(tensor, lambda stand_in: self.apply_any(spec, stand_in))
        if not learned or not isinstance(made, Learned):
            return made
        key = -2 * int(self.serial(value)) - 1
        return Learned(made.sizes, {**made.of, key: learned})

    def sized(self, tensor: Learned, of: Callable[[Tensor], Value]) -> Value:
        """Return a tensor of the sizes that are made of another one's, which is put in its place.

        It goes through a network of its own, of which nothing is kept.
        """
        batch, *rest = tensor.sizes if len(tensor.sizes) > 1 else (1, *tensor.sizes)
        if not rest or min(rest) < 1:
            return tensor
        last = self.is_last()
        volume = tuple(rest) if last else (*rest[1:], rest[0])
        before, self.graph = self.graph, Graph(volume)
        try:
            made = of(Tensor(0, layouts.entry_view(volume, "last" if last else "first"), last=last))
        finally:
            self.graph = before
        if not isinstance(made, Tensor):
            return made
        sizes = [n if n % BATCH else n // BATCH * batch for n in layouts.sizes(made.view)]
        if len(tensor.sizes) == 1:
            sizes = sizes[1:]
        return Learned(tuple(sizes), tensor.of)

    def meet(self, learned: Learned) -> None:
        """Count learned tensors as used where they meet what comes in, and their layers as called.

        What a layer learns is counted there: it may not be called on what comes in as well.
        """
        self.used |= learned.keys
        for key in learned.keys:
            if key < 0:  # of a layer, by its number
                layer = self.kept[(-key - 1) // 2]
                if id(layer) in self.called and id(layer) not in self.through:
                    raise self.fault(_("weights of another layer are not followed"))
                self.called.add(id(layer))
                self.through.add(id(layer))


def learned_by(module: Instance) -> int:
    """Return how many numbers a layer learns, from its arguments alone."""
    assert module.spec is not None  # noqa: S101
    spec_entry, values, _places = module.spec
    said = modules.incoming(spec_entry, values)
    rank = {"linear": 0, "embedding": 0}.get(spec_entry.kind, spec_entry.rank or 1)
    volume = (*(10_000,) * rank, said[1] if said else 1)
    total = 0
    try:
        for wanted in modules.translate(spec_entry, values, rank or 1):
            kind, arguments = modules.fill(wanted)
            measured = kind.measure(volume, *arguments)
            total += int(measured.params)
            volume = measured.output
    except (ModuleError, Problem, ValueError, TypeError):
        return total
    return total
