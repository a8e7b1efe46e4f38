"""The one table of what others count: classes of operations, and the counters that choose of them.

A counter is data: a sum of classes with weights, which the tool itself bears out, its version,
the word that it prints, and the faults of the tool that are not imitated. What a tool sees of a
network depends on whether a layer is a module or a function, which no notation carries: here each
is a module of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.arithmetic import window
from cnncalc.kinds.table import KINDS
from cnncalc.kinds.volumes import sides, spread
from cnncalc.notation.tree import Join
from cnncalc.numbers.digits import is_whole
from cnncalc.numbers.lettered import ratio
from cnncalc.numbers.working import exact, known, plain, product
from cnncalc.speech.language import Sentence, _
from cnncalc.speech.names import no_such
from cnncalc.speech.problem import Source, Span, quoted
from cnncalc.tuples import NamedTuple, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row

LEARNED = ("conv", "dwconv", "deconv", "local", "fc", "linear")
ALONE = (*LEARNED, "deformconv")
RECURRENT = ("lstm", "gru", "rnn")
ATTENTION = ("attention", "sdpa")
PRODUCT = "product"
SEQUENCES = ("attention", *RECURRENT)
MULTIPLIED = (*ALONE, *SEQUENCES)
NORMS = ("bn", "ln", "gn", "in")
ADAPTIVE = ("gap", "adaptiveavgpool")
POOLS = ("maxpool", "avgpool", *ADAPTIVE, "gmp", "adaptivemaxpool")


WEIGHTED = "{count} for {what}"
NOTHING = "nothing that is here"


class OpClass(NamedTuple):
    """A class of operations: what is counted of a row, and the kinds of rows that have it.

    `of` takes a row whose measure and input may be numbers that show their arithmetic.
    """

    name: str
    says: str
    of: Callable[[Row], Number]
    kinds: tuple[str, ...]


class Term(NamedTuple):
    """A class with a weight; of some of its kinds, where they are named."""

    weight: int
    name: str
    only: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of rows that it counts."""
        return self.only or CLASSES[self.name].kinds

    @property
    def is_ours(self) -> bool:
        """Whether we count it alike."""
        is_usual = not self.only or "deconv" in self.only or {*self.only} <= {*SEQUENCES, PRODUCT}
        return self.weight == 1 and self.name in ("mac", "product", "params") and is_usual

    def of(self, row: Row) -> Number:
        """Return what it comes to for a row of its kinds."""
        number = CLASSES[self.name].of(row)
        return number if self.weight == 1 else self.weight * number

    def says(self, kinds: Iterable[str]) -> Sentence:
        """Return what it counts, of the kinds that there are."""
        what = Sentence(CLASSES[self.name].says, kinds=", ".join(kinds))
        return what if self.weight == 1 else Sentence(WEIGHTED, count=self.weight, what=what)


Amount: TypeAlias = tuple[Term, "Number", tuple[str, ...]]
"""A part with what it comes to, and the kinds that have it."""


class Fault(NamedTuple):
    """What a tool gets wrong by no convention, and by how much at a row of some kinds."""

    says: str
    kinds: tuple[str, ...]
    of: Callable[[Row], Number]


@entry_of("cnncalc.trace.counters", "COUNTERS")
class Counter:
    """A tool that counts: what it prints, as which of our quantities, and what is in it.

    `version` is the one that was measured; `tool` names it where its name here does not. `prints`
    is its own word; one that counts MACs and prints FLOPs gives one FLOP a MAC.
    """

    def __init__(
        self,
        name: str,
        version: str,
        prints: str,
        parts: Sequence[Term],
        faults: Sequence[Fault] = (),
        quantity: str = "macs",
        tool: str = "",
    ) -> None:
        self.name = name
        self.version = version
        self.tool = tool or name
        self.prints = prints
        self.parts = parts
        self.faults = faults
        self.quantity = quantity
        self._by_kind: dict[str, list[Term]] = {}
        for part in parts:
            for kind in part.kinds:
                self._by_kind.setdefault(kind, []).append(part)

    @property
    def label(self) -> str:
        """Its name and its version."""
        return f"{self.name} {self.version}".rstrip()

    @property
    def title(self) -> str:
        """The tool and its version."""
        return f"{self.tool} {self.version}".rstrip()

    @property
    def is_plain(self) -> bool:
        """Whether it counts but the weights, as we do, or no operations at all."""
        return self.quantity == "params" or all(
            part.name in ("mac", "product") for part in self.parts
        )

    def bears_on(self, quantity: str) -> bool:
        """Return whether a quantity of ours is what it prints."""
        return quantity in (self.quantity, self.prints.lower())

    def count(self, row: Row) -> Number:
        """Return what it counts of a row."""
        numbers = [part.of(row) for part in self._by_kind.get(kind_of(row), ())]
        counted = [number for number in numbers if number]
        return sum(counted[1:], counted[0]) if counted else 0

    def cost(self, quantity: str, row: Row) -> Number:
        """Return the params, macs or flops of a row, as it counts them."""
        if quantity == self.quantity:
            return self.count(row)
        if quantity != "flops":
            return getattr(row.measure, quantity)
        macs = self.cost("macs", row)
        return macs if self.prints == "FLOPs" else 2 * macs

    def amounts(self, alike: Iterable[tuple[Row, int]]) -> list[Amount]:
        """Return what each part comes to in rows, each so many times, and its kinds."""
        found: dict[Term, dict[str, Number]] = {part: {} for part in self.parts}
        for row, count in alike:
            kind = kind_of(row)
            for part in self._by_kind.get(kind, ()):
                amount = count * plain(part.of(row))
                if amount:
                    found[part][kind] = found[part].get(kind, 0) + amount
        return [(part, sum(of.values()), tuple(of)) for part, of in found.items() if of]

    def says(self, kinds: Collection[str] | None) -> Sentence:
        """Return what it counts of the kinds that there are, in words; of all, if not known."""
        asked = [
            (part, [kind for kind in part.kinds if kinds is None or kind in kinds])
            for part in self.parts
        ]
        words = [part.says(found) for part, found in asked if found]
        return Sentence.joined(words) if words else Sentence(NOTHING)


def kind_of(row: Row) -> str:
    """Return the kind of a row; an upsampling goes by how it is done, an input by what it holds.

    The first input stands for what layers hold and do not learn.
    """
    kind = row.kind
    if kind == "input":
        return "held" if row.index == 0 and row.forward.unlearned else kind
    if kind != "upsample":
        return kind
    return "bilinear" if _value(row, "bilinear") else "nearest"


def _value(row: Row, name: str) -> Any:
    """Return the value that a row's layer has for a parameter; None where it has none."""
    return row.node.named.get(name)  # type: ignore[union-attr]


# ---------------------------------------------------------------- the classes


def _macs(row: Row) -> Number:
    measure = row.measure
    return measure.macs - measure.products if measure.products else measure.macs


def _products(row: Row) -> Number:
    return row.measure.products


def _params(row: Row) -> Number:
    return row.measure.params


def _outputs(row: Row) -> Number:
    return product(known(size, "out") for size in row.measure.output)


def _inputs(row: Row) -> Number:
    return product(row.input)


def _biased(row: Row) -> Number:
    return _outputs(row) if row.measure.biases else 0


def _running(row: Row) -> Number:
    return 2 * row.input[-1] if row.shared is None else 0


def _held(row: Row) -> Number:
    return row.forward.unlearned


def _joined(row: Row) -> Number:
    return _outputs(row) if len(row.inputs) == 2 else (len(row.inputs) - 1) * _outputs(row)


def _axes(row: Row) -> Number:
    return len(row.input) - 1


def _softmax(row: Row) -> Number:
    """Return an exponential and a division for each value, and the adds of their sum."""
    return 3 * _outputs(row) - product(row.measure.output[:-1])


def _lrn(row: Row) -> Number:
    """Return what PyTorch's lrn calls: three products and adds, and a pool of padded channels."""
    words = _value(row, "numbers")
    size = int(words[0]) if words and is_whole(str(words[0])) else 5
    channels = row.input[-1]
    return product(row.input[:-1]) * (3 * channels + channels + size - 1)


def _window(row: Row) -> Number:
    """Return the comparisons in each window; for a mean the adds, and a division for each axis."""
    axes = len(row.input) - 1
    kernel = _value(row, "kernel")
    if kernel is None:
        outputs = row.output[:-1] or (1,) * axes  # a vector is of one window
        sizes = zip(map(plain, row.input[:-1]), map(plain, outputs), strict=True)
        left = [(n, to, n - n // to * to) for n, to in sizes]
        cells = product(n // to if rest == 0 else rest + 1 for n, to, rest in left)
    else:
        cells = product(kernel)
    means = axes if row.kind in ("avgpool", *ADAPTIVE) else 0
    return _outputs(row) * (cells - 1 + means)


def _after_attention(row: Row) -> Number:
    """Return the values that the biases of attention are added to: three maps, and the output."""
    if not row.measure.biases:
        return 0
    size = product(row.input[:-1])
    return size * row.measure.biases


def _scores(row: Row) -> Number:
    """Return the scores of all heads: how much each place attends to each."""
    length = product(row.input[:-1])
    return _value(row, "heads") * length * length


def _states(row: Row) -> Number:
    """Return the values of all hidden states: at each step, in each layer and direction."""
    ways = 2 if _value(row, "bi") else 1
    return ways * _value(row, "layers") * row.input[0] * _value(row, "units")


def _after_steps(row: Row) -> Number:
    return row.input[0] * row.measure.biases


_ACTIVATIONS = tuple(kind.name for kind in KINDS.values() if kind.nonlinear)

CLASSES = {
    each.name: each
    for each in (
        OpClass("mac", "each use of a weight ({kinds})", _macs, MULTIPLIED),
        OpClass("product", "the products of two maps ({kinds})", _products, (*ATTENTION, PRODUCT)),
        OpClass("bias", "the bias of each output value ({kinds})", _biased, LEARNED),
        OpClass("head-bias", "the biases of {kinds}", _after_attention, ("attention",)),
        OpClass("score", "the scores of {kinds}", _scores, ("attention",)),
        OpClass("query", "each value read by {kinds}", _inputs, ("attention",)),
        OpClass("step-bias", "the biases of {kinds} at each step", _after_steps, RECURRENT),
        OpClass("state", "each state of {kinds}", _states, RECURRENT),
        OpClass("norm", "each value of {kinds}", _outputs, NORMS),
        OpClass("activation", "each value of {kinds}", _outputs, _ACTIVATIONS),
        OpClass(
            "softmax", "the exponentials, adds and divisions of {kinds}", _softmax, ("softmax",)
        ),
        OpClass("pool-in", "each value read by {kinds}", _inputs, POOLS),
        OpClass("pool-out", "each value given by {kinds}", _outputs, POOLS),
        OpClass("window", "the comparisons and adds in each window of {kinds}", _window, POOLS),
        OpClass("join", "each value of {kinds}", _joined, ("add", "mul")),
        OpClass("scale", "each value of {kinds}", _outputs, ("layerscale",)),
        OpClass("upsample-in", "each value read by {kinds}", _inputs, ("nearest", "bilinear")),
        OpClass("upsample-out", "each value given by {kinds}", _outputs, ("nearest", "bilinear")),
        OpClass("lrn", "the products, adds and padded pool of {kinds}", _lrn, ("lrn",)),
        OpClass("axis", "each axis of {kinds}", _axes, ("deconv",)),
        OpClass(
            "params-once",
            "the parameters of {kinds}, once",
            _params,
            (*NORMS, "prelu", "linear", "attention"),
        ),
        OpClass("params", "weights and biases", _params, tuple(KINDS)),
        OpClass("running", "the running mean and variance of {kinds}", _running, ("bn",)),
        OpClass("held", "what other layers hold and do not learn", _held, ("held",)),
    )
}

# ---------------------------------------------------------------- the faults


def _at_outputs(row: Row) -> Number:
    return row.weights * (product(row.output[:-1]) - product(row.input[:-1]))


def _same_left_out(row: Row) -> Number:
    return -row.macs if _value(row, "same") else 0


def _outside_2d(row: Row) -> Number:
    return -product(row.input) if len(row.input) != 3 else 0


def _called_again(row: Row) -> Number:
    """Return what is left out where the activations of a residual block are one module."""
    nodes = [place.node for place in row.places if place.how == "branch"]
    is_inside = any(isinstance(node, Join) and node.how == "add" for node in nodes)
    return -product(row.output) if is_inside else 0


def _one_channel(row: Row) -> Number:
    return product(row.output[:-1]) - product(row.output)


def _one_a_group(row: Row) -> Number:
    """Return what is left out where a filter of a conv with groups reads one channel."""
    groups = _value(row, "groups")
    if groups == 1:
        return 0
    return exact(row.macs, exact(row.input[-1], groups)) - row.macs


def _groups_twice(row: Row) -> Number:
    """Return what is left out where the filters of a group are divided by the groups again."""
    each = exact(row.output[-1], _value(row, "groups"))
    return 2 * (exact(row.macs, each) * (each // _value(row, "groups")) - row.macs)


def _bias_of_a_conv(row: Row) -> Number:
    """Return what the bias of a transposed conv is off by where a conv's output is taken."""
    if not row.measure.biases:
        return 0
    values = (spread(_value(row, name), len(row.input) - 1, name) for name in _GEOMETRY)
    out = [
        window(n, *sides(p), k, s, d) for n, k, s, p, d in zip(row.input[:-1], *values, strict=True)
    ]
    filters = exact(row.output[-1], _value(row, "groups"))
    return filters * product(out) - product(row.output)


_GEOMETRY = ("kernel", "stride", "padding", "dilation")

_DECONV = Fault(
    "a transposed conv counts at its outputs, stride x stride too often", ("deconv",), _at_outputs
)
_SAME = Fault("a conv with padding='same' counts nothing", ("conv", "dwconv"), _same_left_out)

# ---------------------------------------------------------------- the counters

_TERM = re.compile(r"(?:(\d+) )?([a-z-]+)(?:\(([a-z0-9, ]+)\))?")
_SEVERAL = {"alone": ALONE, "adaptive": ADAPTIVE}
_COUNTED = frozenset(kind for each in CLASSES.values() for kind in each.kinds)


def _sum(text: str) -> tuple[Term, ...]:
    """Return the parts of a sum: of each its weight, its class and, in brackets, its kinds."""
    return tuple(map(_term, text.split(" + ")))


def _term(text: str) -> Term:
    """Return a part of a sum.

    >>> _term("2 norm(bn, gn)"), _term("mac")
    (Term(weight=2, name='norm', only=('bn', 'gn')), Term(weight=1, name='mac', only=()))
    """
    found = _TERM.fullmatch(text)
    weight, name, of = found.groups() if found else (None, "", None)
    kinds = [kind for each in of.split(", ") for kind in _SEVERAL.get(each, (each,))] if of else []
    if name not in CLASSES or not _COUNTED.issuperset(kinds):
        raise ValueError(text)  # a table that is not whole does not load
    return Term(int(weight or 1), name, tuple(kinds))


def _counter(
    name: str, version: str, prints: str, parts: str, faults: tuple[Fault, ...] = (), **more: str
) -> Counter:
    """Return a counter of what its parts add up to."""
    return Counter(name, version, prints, _sum(parts), faults, **more)


OURS = _counter("cnncalc", "", "MACs", "mac + product")

COUNTERS = {
    each.name: each
    for each in (
        _counter(
            "torchinfo",
            "1.8.0",
            "mult-adds",
            "mac(conv, dwconv, deconv, local, fc, deformconv, lstm, gru, rnn) + "
            "bias(conv, dwconv, deconv, local, fc) + params-once + step-bias",
            (_DECONV,),
        ),
        _counter(
            "ptflops",
            "0.7.5",
            "MACs",
            "mac + bias + head-bias + step-bias + 10 state(lstm) + 7 state(gru) + state(rnn) + "
            "2 norm(bn, gn) + norm(ln, in) + 2 activation(relu, prelu, elu, gelu) + "
            "activation(relu6, leakyrelu, silu, softmax) + 2 pool-in + 2 upsample-out + lrn",
        ),
        _counter(
            "ptflops-aten",
            "0.7.5",
            "MACs",
            "mac(alone, attention, gru, rnn) + bias + head-bias + step-bias(gru, rnn) + "
            "product(product)",
        ),
        _counter(
            "thop",
            "0.1.1",
            "MACs",
            "mac + step-bias + 8 state(lstm) + 7 state(gru) + state(rnn) + 4 norm(bn, ln) + "
            "2 norm(in) + activation(prelu) + softmax + pool-in(adaptive) + "
            "pool-out(avgpool, adaptive) + upsample-out(nearest) + 11 upsample-out(bilinear)",
            (_DECONV,),
        ),
        _counter(
            "fvcore",
            "0.1.5",
            "FLOPs",
            "mac(alone) + mac(attention) + product(product) + 2 norm(bn) + 5 norm(ln, gn) + "
            "4 norm(in) + pool-in(adaptive) + upsample-out(nearest) + 4 upsample-out(bilinear)",
            (_SAME, Fault("average pools to a size count in 2-D alone", ADAPTIVE, _outside_2d)),
        ),
        _counter(
            "torchprofile",
            "0.1.0",
            "MACs",
            "mac(alone) + mac(attention) + product + mac(lstm) + norm(bn, ln, gn) + "
            "3 norm(lrn) + activation(leakyrelu) + pool-out(avgpool, adaptive) + join(mul) + "
            "scale + 4 upsample-out(bilinear)",
            (_DECONV, _SAME),
        ),
        _counter(
            "calflops",
            "0.3.2",
            "FLOPs",
            "2 mac(alone, attention) + bias(conv, dwconv, deconv) + 2 norm(bn) + "
            "5 norm(ln, gn) + 4 norm(in) + "
            "activation(relu, prelu, elu, leakyrelu, silu, gelu, softmax) + pool-in + "
            "upsample-in + lrn",
            (
                Fault("a transposed conv divides by its groups twice", ("deconv",), _groups_twice),
                Fault(
                    "the bias of a transposed conv counts at a conv's outputs",
                    ("deconv",),
                    _bias_of_a_conv,
                ),
            ),
            quantity="flops",
        ),
        _counter(
            "flopth",
            "0.1.6",
            "FLOPs",
            "mac(alone) + mac(attention) + bias(conv, dwconv, deconv) + 2 norm(bn, gn) + "
            "norm(ln, in) + activation(relu, relu6, prelu, elu, leakyrelu, gelu, tanh, "
            "hardswish, hardsigmoid) + pool-in + upsample-out",
            (
                _DECONV,
                Fault(
                    "a module that is called again counts once, as a residual block's one relu is",
                    ("relu",),
                    _called_again,
                ),
                Fault("pools count in 2-D alone", POOLS, _outside_2d),
                Fault("upsampling counts one channel alone", ("upsample",), _one_channel),
            ),
        ),
        _counter(
            "torchscan", "0.2.0", "MACs", "mac(alone) + 4 axis + 2 norm(bn) + window", (_DECONV,)
        ),
        _counter(
            "flopco",
            "0.1.4",
            "MACs",
            "mac(conv, dwconv, fc, linear)",
            (
                Fault(
                    "a filter of a conv with groups reads one channel alone",
                    ("conv",),
                    _one_a_group,
                ),
            ),
        ),
        _counter(
            "flopcounter",
            "2.14.1",
            "FLOPs",
            "2 mac + 2 product",
            quantity="flops",
            tool="PyTorch's FlopCounterMode",
        ),
        _counter("paper", "", "FLOPs", "mac + product", tool="many papers"),
        _counter(
            "keras",
            "",
            "params",
            "params + running + held",
            quantity="params",
            tool="Keras' summary",
        ),
    )
}
"""The counters by name; `paper` calls MACs FLOPs, `keras` counts parameters.

Attention is counted as written with scaled_dot_product_attention, unless `WRITTEN` says how.
"""

MATMUL, SDPA, MODULE = "matmul", "sdpa", "module"


def _written(name: str, how: str, more: str = "", without: tuple[str, ...] = ()) -> Counter:
    """Return a counter as it counts attention that is written so: more parts, fewer kinds."""
    of = COUNTERS[name]
    parts = []
    for part in of.parts:
        kinds = tuple(kind for kind in part.kinds if kind not in without)
        if part.name != "product" and kinds:
            parts.append(part if kinds == part.kinds else Term(part.weight, part.name, kinds))
    return Counter(
        f"{name} ({how})",
        of.version,
        of.prints,
        (*parts, *(_sum(more) if more else ())),
        of.faults,
        of.quantity,
        of.tool if of.tool != name else "",
    )


_ATTENTION = ("attention",)
WRITTEN = {
    "torchinfo": (_written("torchinfo", MODULE, without=_ATTENTION),),
    "ptflops": (_written("ptflops", MODULE, "product + query + score"),),
    "ptflops-aten": (_written("ptflops-aten", MATMUL, "product"),),
    "thop": (_written("thop", MODULE, without=_ATTENTION),),
    "fvcore": (
        _written("fvcore", MATMUL, "product"),
        _written("fvcore", SDPA),
        _written("fvcore", MODULE),
    ),
    "torchprofile": (_written("torchprofile", MATMUL, "product + score"),),
    "flopcounter": (_written("flopcounter", SDPA), _written("flopcounter", MODULE)),
}
"""By tool, ways of writing attention that it counts unlike its own line.

`matmul` multiplies maps, `module` is nn.MultiheadAttention with its fast path switched off.
"""


class Tally(NamedTuple):
    """What a counter prints of a network, and why: its parts, and its faults that are left out.

    `ratio` is to our MACs (of parameters, to ours), in ten-thousandths; None where we have none.
    A part has its amount and the kinds that have it; a fault what it is off by, and its rows.
    """

    counter: Counter
    total: Number
    ratio: float | None
    parts: tuple[Amount, ...]
    faults: tuple[tuple[Fault, Number, tuple[int, ...]], ...]


def tallies(rows: Sequence[Row]) -> list[Tally]:
    """Return what each counter prints of rows, ours first."""
    alike: dict[int, tuple[Row, int]] = {}
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        alike[id(row.measure)] = row, alike.get(id(row.measure), (row, 0))[1] + 1
        by_kind.setdefault(row.kind, []).append(row)
    own = {
        name: sum(count * plain(getattr(row.measure, name)) for row, count in alike.values())
        for name in ("params", "macs")
    }
    counters = [OURS]
    for name, counter in COUNTERS.items():
        counters += [counter, *(WRITTEN.get(name, ()) if set(ATTENTION) & set(by_kind) else ())]
    return [_tally(counter, alike.values(), by_kind, own) for counter in counters]


def _tally(
    counter: Counter,
    alike: Iterable[tuple[Row, int]],
    by_kind: dict[str, list[Row]],
    own: dict[str, Number],
) -> Tally:
    """Return what a counter makes of rows: those alike once, all by their kinds, and our totals."""
    parts = counter.amounts(alike)
    total = sum(amount for _part, amount, _kinds in parts)
    ours = own["params" if counter.quantity == "params" else "macs"]
    faults = []
    for fault in counter.faults:
        rows = (row for kind in fault.kinds for row in by_kind.get(kind, ()))
        off = {row.index: amount for row in rows if (amount := fault.of(row))}
        if off:
            faults.append((fault, sum(off.values()), tuple(sorted(off))))
    found = ratio(total, ours) if ours else None
    rounded = None if found is None else (20_000 * found + 1) // 2 / 10_000
    return Tally(counter, total, rounded, tuple(parts), tuple(faults))


def find_counter(name: str) -> Counter:
    """Return the counter of a name, as `--like` gives it; a `Problem` where there is none."""
    wanted = name.strip().lower().replace("_", "-")
    found = COUNTERS.get(wanted) or next(
        (way for ways in WRITTEN.values() for way in ways if way.name == wanted), None
    )
    if found is None:
        fact = _("no counter is called {name}", name=quoted(name))
        span = Span(Source("--like", name), 0, len(name))
        raise no_such("unknown-counter", fact, name.lower(), span, COUNTERS)
    return found
