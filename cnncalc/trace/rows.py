"""Rows: what a trace hands on, a layer, a join or a reference each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.kinds import receptive_field
from cnncalc.kinds.measure import Writes
from cnncalc.kinds.receptive_field import along_axes
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import Join, Layer, Reference
from cnncalc.notation.writer import spell_layer, write_layer
from cnncalc.numbers.lettered import largest
from cnncalc.numbers.working import plain, product
from cnncalc.trace.dtypes import bytes_of
from cnncalc.trace.memory import Pass, training
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item
    from cnncalc.numbers.working import Number

    class RowCounter(Protocol):
        """What counts rows in place of us."""

        def cost(self, quantity: str, row: Row) -> Number:
            """Return the params, macs or flops of a row, as it counts them."""


class Place(NamedTuple):
    """A bracket that a row stands in: `how` is branch, aux, repeat, or fold.

    A fold is a call, or what has a label: it can be shown as one row. `node` is its item.
    """

    how: str
    number: int
    of: int
    serial: int
    node: Item | None = None
    label: str | None = None


class Several(NamedTuple):
    """The rows that one stands for, in order, and how that one is written.

    `name` is what it goes by in place of a number: 3-7. Where the rows are too many to keep,
    `sums` holds what they add up to, by the names of quantities, and `rows` the last finite field's
    row and the last.
    """

    rows: Sequence[Row]
    text: str = ""
    name: str = ""
    sums: Mapping[str, Number] | None = None


class Row(NamedTuple):
    """A row of a trace: the input (row 0), a layer, a join, a reference, or `several` as one.

    `longest` is the depth of its longest path, and the non-linearities on it. `node` is what stands
    in the tree, None for the input; `input` the volume that came in (to a join, before its
    branches); `inputs` the rows that it reads, and `reads` their volumes; `places` the brackets
    around it, outermost first. What grows with the batch, or with the type of a value, does so by
    the `forward` pass that it is of. With `like` its params, MACs and FLOPs are as that counter
    counts them; those that it has `shared` with an earlier row are counted there; they are learned
    unless it `is_frozen`. `seen` is the input that it sees, its row and its volume; None for
    several inputs. Volumes in it are written `channels_first` where they are typed so. Of several
    rows the first gives the index and the input; what they have of a quantity is asked of the
    quantity, which owns how it is made, and they themselves refuse.
    """

    index: int  # type: ignore[assignment] # the name that JSON has
    label: str | None
    node: Layer | Join | Reference | None
    input: Volume
    measure: Measure
    field: Field
    inputs: tuple[int, ...]
    places: tuple[Place, ...]
    aux: bool
    forward: Pass
    longest: tuple[int, int] = (0, 0)
    like: RowCounter | None = None
    reads: tuple[Volume, ...] = ()
    several: Several | None = None
    shared: int | None = None
    seen: tuple[int, Volume] | None = None
    channels_first: bool = False
    is_frozen: bool = False

    def __repr__(self) -> str:
        label = f"{self.label} " if self.label else ""
        if self.several:
            return f"<Row {self.number} {label}{self.layer!r}, several in one>"
        size = write_volume(self.output)
        costs = f"{self.params:,} params, {self.macs:,} MACs"
        return f"<Row {self.number} {label}{self.layer!r}: {size}, {costs}>"

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that it stands for: itself, if it is one."""
        return self.several.rows if self.several else (self,)

    @property
    def number(self) -> int | str:
        """What it goes by: its number; of several rows those of the first and the last."""
        return self.several.name if self.several else self.index

    @property
    def stage(self) -> str | None:
        """The labels around it, outermost first: layer1/block2; None for none."""
        return "/".join([place.label for place in self.places if place.label]) or None

    @property
    def depth(self) -> int:
        """The conv, transposed conv, local and fc layers on the longest path up to here."""
        return self.longest[0]

    @property
    def nonlinearities(self) -> int:
        """The activation layers on that path."""
        return self.longest[1]

    @property
    def layer(self) -> str:
        """The layer in canonical notation."""
        if self.several:
            return self.several.text
        if isinstance(self.node, Layer):
            return spell_layer(self.node, self.channels_first)
        if isinstance(self.node, Reference):
            return f"@{self.node.label}"
        if self.node and self.node.layer:
            return write_layer(self.node.layer, channels_first=self.channels_first)
        return self.node.head.strip() if isinstance(self.node, Join) else self.kind

    @property
    def kind(self) -> str:
        """The name of the layer's kind; that of a join; 'input', 'reference' or 'fold'."""
        if self.several:
            return "fold"
        if isinstance(self.node, Layer):
            return self.node.kind.name
        if isinstance(self.node, Join):
            return self.node.how
        return "reference" if self.node else "input"

    @property
    def output(self) -> Volume:
        """The volume that goes out, channels last."""
        return self.measure.output

    @property
    def params(self) -> Number:
        """The learned numbers."""
        return plain(self.measure.params if self.like is None else self.cost("params"))

    @property
    def weights(self) -> Number:
        """The learned numbers less the biases."""
        return plain(self.measure.weights)

    @property
    def biases(self) -> Number:
        """The learned numbers that are added."""
        return plain(self.measure.biases)

    @property
    def macs(self) -> Number:
        """Multiply-accumulates of the weights."""
        cost = self.measure.macs if self.like is None else self.cost("macs")
        return self.forward.of_all(plain(cost))

    @property
    def products(self) -> Number:
        """Those of the MACs that multiply two maps, and no weights."""
        return self.forward.of_all(plain(self.measure.products))

    @property
    def is_first(self) -> bool:
        """Whether nothing is learned before it, so that no gradient goes on to what it reads."""
        return not self.forward.is_learned(self.inputs)

    @property
    def learns(self) -> bool:
        """Whether it has weights that are trained, its own or another row's."""
        return not self.is_frozen and (self.shared is not None or bool(self.measure.params))

    @property
    def trainable(self) -> Number:
        """The learned numbers that are trained."""
        return 0 if self.is_frozen else plain(self.measure.params)

    @property
    def frozen(self) -> Number:
        """The learned numbers that are not trained."""
        params = plain(self.measure.params)
        return params if self.is_frozen else 0

    @property
    def training_macs(self) -> Number:
        """The MACs of a forward and a backward pass: the gradients of weights and of inputs.

        What multiplies two maps has a gradient for each.
        """
        macs, products = plain(self.measure.macs), plain(self.measure.products)
        goes_on = not self.is_first or (bool(products) and self.learns)
        of_inputs = macs + products if goes_on else 0
        of_weights = macs - products if self.learns else 0
        return self.forward.of_all(macs + of_weights + of_inputs)

    @property
    def flops(self) -> Number:
        """Two for each MAC."""
        if self.like is None:
            return 2 * self.macs
        return self.forward.of_all(plain(self.cost("flops")))

    def cost(self, quantity: str) -> Number:
        """Return the params, macs or flops, with their arithmetic where the measure shows it."""
        if self.like is not None:
            return self.like.cost(quantity, self)
        return 2 * self.measure.macs if quantity == "flops" else getattr(self.measure, quantity)

    @property
    def writes(self) -> Writes:
        """Where the output goes."""
        node = self.node
        if node is None and not self.several:
            return Writes.INPUT
        if isinstance(node, Layer):
            changes_nothing = "adaptive" in node.kind.name and self.input == self.output
            return Writes.OVER if changes_nothing else node.kind.writes
        return Writes.VIEW if isinstance(node, Reference) else Writes.NEW

    @property
    def activations(self) -> Number:
        """The values of the output, where it takes memory of its own."""
        if self.writes not in (Writes.NEW, Writes.INPUT):
            return 0
        return self.forward.of_all(plain(product(self.measure.output)))

    @property
    def memory(self) -> Number:
        """The bytes of these values."""
        return bytes_of(self.activations, self.forward.types.activations)

    @property
    def params_memory(self) -> Number:
        """The bytes of the learned numbers."""
        weights = plain(self.measure.weights)
        return self.forward.bytes_learned(weights, plain(self.measure.params) - weights)

    @property
    def flash(self) -> Number:
        """The bytes of the learned numbers as they are stored."""
        weights = plain(self.measure.weights)
        return self.forward.bytes_stored(weights, plain(self.measure.params) - weights)

    @property
    def peak(self) -> Number:
        """The bytes that a forward pass must hold at once while it works; 0 if it is auxiliary."""
        if self.several:
            raise TypeError("several rows have no peak of their own: ask a quantity of them")
        return 0 if self.aux else self.forward.bytes_at(self.index)

    @property
    def fullest(self) -> int | None:
        """Index of the row with the highest peak; None where letters decide which."""
        if self.several is None:
            return self.index
        if self.several.sums is not None:
            return self.forward.fullest
        peaks = [each.peak for each in self.rows]
        highest = largest(peaks)
        return self.rows[peaks.index(highest)].index if highest in peaks else None

    @property
    def training_sgd(self) -> Number:
        """The bytes that training with plain SGD holds for it."""
        return self._training("sgd")

    @property
    def training_momentum(self) -> Number:
        """The bytes that training with momentum holds for it."""
        return self._training("momentum")

    @property
    def training_adam(self) -> Number:
        """The bytes that training with Adam holds for it."""
        return self._training("adam")

    def _training(self, optimizer: str) -> Number:
        """Return what training holds: less of what is not trained, or what no gradient needs."""
        kept = self.forward.kept
        held = training(0, self.params_memory, None if self.is_frozen else optimizer)
        return held + (kept[self.index] if kept else 2) * self.memory

    @property
    def rf(self) -> Any:
        """Pixels that a unit sees along each axis; 'all'; or None."""
        return along_axes(receptive_field.size, self.field)

    @property
    def jump(self) -> Any:
        """Pixels between neighbouring units along each axis; 'all'; or None."""
        return along_axes(receptive_field.jump, self.field)

    @property
    def start(self) -> Any:
        """The first pixel that unit 0 sees along each axis; 'all'; or None."""
        return along_axes(receptive_field.start, self.field)

    @property
    def centre(self) -> Any:
        """The pixel that the field of unit 0 is centred on along each axis; 'all'; or None."""
        return along_axes(receptive_field.centre, self.field)

    @property
    def padding(self) -> Any:
        """The pixels that the field of unit 0 begins before pixel 0; 'all'; or None."""
        return along_axes(receptive_field.padding, self.field)

    def window(self, axis: int, unit: int) -> tuple[int, int] | None:
        """Return the first and last pixel that a unit sees along an axis; None for none."""
        if self.field is None or isinstance(self.field, str):
            return None
        return receptive_field.edges(self.field[axis], unit)
