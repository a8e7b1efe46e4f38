"""Wrong answers whose mistake is known: worked out by hand, with nothing of the program.

A network is a chain of layers as plain dictionaries, and `work` works through it as a student does
on paper, with one mistake or none. What it gives is exact, as sizes may be fractions.
"""

# ruff: noqa: ARG002, ARG005 - mistakes of one sort take the same arguments, used or not

from fractions import Fraction

WINDOWS = ("conv", "dwconv", "maxpool", "avgpool")


def chain(chance):
    """Return a random chain: the side and the depth of what comes in, and its layers."""
    side, depth = (
        chance.choice([12, 15, 16, 20, 27, 28, 28, 32, 32, 47]),
        chance.choice([1, 3, 3, 4]),
    )
    layers = []
    for _ in range(chance.randint(1, 4)):
        layers.append(_window(chance))
        if layers[-1]["kind"] == "conv" and chance.random() < 0.2:
            layers[-1]["bias"] = False
            layers.append({"kind": "bn"})
        if layers[-1]["kind"] in ("conv", "bn") and chance.random() < 0.4:
            layers.append({"kind": "relu"})
    if chance.random() < 0.5:
        if chance.random() < 0.2:
            layers.append({"kind": "gap"})
        if chance.random() < 0.3:
            layers.append({"kind": "flatten"})
        units = [chance.choice([5, 10, 16]) for _ in range(chance.randint(1, 2))]
        layers += [{"kind": "fc", "units": each, "bias": True} for each in units]
    return side, depth, layers


def _window(chance):
    kind = chance.choice(["conv"] * 5 + ["dwconv", "maxpool", "maxpool", "avgpool"])
    if kind in ("maxpool", "avgpool"):
        k = chance.choice([2, 2, 3])
        return {"kind": kind, "k": k, "s": chance.choice([k, 2]), "p": 0}
    k = chance.choice([1, 3, 3, 3, 5, 7])
    layer = {"kind": kind, "k": k, "s": chance.choice([1, 1, 1, 2, 3]), "bias": True}
    layer["p"] = chance.choice([0, 0, k // 2, k // 2, 1, 2])
    if kind == "conv":
        layer["filters"] = chance.choice([2, 4, 6, 8, 10])
    return layer


def text(side, depth, layers):
    """Return a chain in notation."""
    return " -> ".join([f"{side}x{side}x{depth}", *map(_text, layers)])


def _text(layer):
    kind = layer["kind"]
    if kind == "fc":
        return f"fc {layer['units']}"
    if kind not in WINDOWS:
        return kind
    head = f"{kind} {layer['filters']}" if kind == "conv" else kind
    tail = f" p{layer['p']}" if layer["p"] else ""
    bias = "" if layer.get("bias", True) else " nobias"
    return f"{head} k{layer['k']} s{layer['s']}{tail}{bias}"


class Paper:
    """How a student works through a chain; each method is a place where a mistake can be made.

    `at` is the row of the mistake, 0 for every row that it bears on.
    """

    def __init__(self, side, depth, layers, at=0):
        self.given, self.layers, self.at = (side, depth), layers, at
        self.rows = []

    def here(self, row):
        """Whether the mistake is made at a row."""
        return self.at in (0, row)

    def size(self, n, layer, row):
        """Return (n + 2p - k)/s + 1, rounded down."""
        return (n + 2 * layer["p"] - layer["k"]) // layer["s"] + 1

    def depth(self, n, c, layer, row):
        """Return as many channels as filters."""
        return layer.get("filters", c)

    def weights(self, n, c, layer, row):
        """Return k*k*Cin*N, one filter a channel, or as many as a unit sees."""
        if layer["kind"] == "conv":
            return layer["k"] ** 2 * c * layer["filters"]
        if layer["kind"] == "dwconv":
            return layer["k"] ** 2 * c
        return {"bn": c, "fc": self.seen(n, c, row) * layer.get("units", 0)}.get(layer["kind"], 0)

    def biases(self, c, layer, row):
        """Return one a filter or unit."""
        if not layer.get("bias", layer["kind"] == "bn"):
            return 0
        return {"conv": layer.get("filters"), "fc": layer.get("units")}.get(layer["kind"], c)

    def seen(self, n, c, row):
        """Return what a unit sees: all values."""
        return n * n * c

    def macs(self, weights, n, out, layer, row):
        """Count each weight at each position."""
        return {"fc": weights, "bn": 0}.get(layer["kind"], weights * out * out)

    def work(self):
        """Return what each row has; None where a window does not fit."""
        n, c = self.given
        rf, jump = 1, 1
        self.rows = [{"n": n, "c": c, "rf": 1, "jump": 1, "params": 0, "macs": 0, "kind": "input"}]
        for row, layer in enumerate(self.layers, 1):
            kind, before = layer["kind"], n
            found = {"in": n, "cin": c, "kind": kind}
            weights, biases = self.weights(n, c, layer, row), self.biases(c, layer, row)
            if kind in WINDOWS:
                n_out, c_out = self.size(n, layer, row), self.depth(n, c, layer, row)
                if n_out < 1 or c_out < 1:
                    return None
                n, c = n_out, c_out
                rf, jump = self.field(rf, jump, layer)
            elif kind == "gap":
                n, rf = 1, "all"
            elif kind == "flatten":
                n, c, rf = 1, self.seen(n, c, row), "all"
            elif kind == "fc":
                found["seen"] = self.seen(n, c, row)
                n, c, rf = 1, layer["units"], "all"
            found.update(n=n, c=c, rf=rf, jump=jump, weights=weights, biases=biases)
            found["params"] = weights + biases
            found["macs"] = self.macs(weights, before, n, layer, row)
            self.rows.append(found)
        return self

    def field(self, rf, jump, layer):
        """Return r + (k - 1)*j, and j*s."""
        if rf == "all":
            return rf, jump
        return rf + (layer["k"] - 1) * jump, jump * layer["s"]

    def answers(self):
        """Return every claim that can be made of the rows and of the whole, with its value."""
        found = {}
        for row, each in enumerate(self.rows):
            if row == 0:
                continue
            if each["kind"] in WINDOWS:
                found[f"{row}.output"] = (each["n"], each["n"], each["c"])
                if each["rf"] != "all":
                    found[f"{row}.rf"] = each["rf"]
            if each["kind"] in ("conv", "dwconv", "fc"):
                found[f"{row}.params"] = each["params"]
                found[f"{row}.macs"] = each["macs"]
                found[f"{row}.flops"] = 2 * each["macs"]
            if "seen" in each:
                found[f"{row}.in_features"] = each["seen"]
        last = self.rows[-1]
        found["output"] = (last["n"], last["n"], last["c"]) if last["n"] != 1 else (last["c"],)
        if last["rf"] != "all":
            found["rf"] = last["rf"]
        for name in ("params", "macs"):
            found[name] = sum(each[name] for each in self.rows)
        kept = ("relu", "bn", "flatten")
        values = [each["n"] ** 2 * each["c"] for each in self.rows if each["kind"] not in kept]
        found["activations"] = sum(values)
        found["memory"] = 4 * sum(values)
        return found


# ---------------------------------------------------------------- mistakes


def _sizes(change):
    """Return a mistake in the size of what a window gives: from n, k, s and p."""

    class Mistaken(Paper):
        def size(self, n, layer, row):
            if not self.here(row):
                return super().size(n, layer, row)
            return change(n, layer["k"], layer["s"], layer["p"])

    return Mistaken


def _depths(change, *kinds):
    """Return a mistake in the depth of what layers of some kinds give: from Cin, N and s."""

    class Mistaken(Paper):
        def depth(self, n, c, layer, row):
            if not self.here(row) or layer["kind"] not in kinds:
                return super().depth(n, c, layer, row)
            return change(c, layer.get("filters", c), layer["s"])

    return Mistaken


def _counts(change, *kinds):
    """Return a mistake in weights and biases: from the layer, n, Cin, and what is right."""

    class Mistaken(Paper):
        def weights(self, n, c, layer, row):
            own = super().weights(n, c, layer, row)
            if not self.here(row) or layer["kind"] not in kinds:
                return own
            return change(layer, n, c, own, super().biases(c, layer, row))[0]

        def biases(self, c, layer, row):
            own = super().biases(c, layer, row)
            if not self.here(row) or layer["kind"] not in kinds:
                return own
            return change(layer, 1, c, super().weights(1, c, layer, row), own)[1]

    return Mistaken


def _seen(change):
    """Return a mistake in what a unit sees: from n and Cin."""

    class Mistaken(Paper):
        def seen(self, n, c, row):
            return change(n, c) if self.here(row) and n > 1 else super().seen(n, c, row)

    return Mistaken


def _costs(change):
    """Return a mistake in the MACs of convs: from the weights, the sides in and out."""

    class Mistaken(Paper):
        def macs(self, weights, n, out, layer, row):
            own = super().macs(weights, n, out, layer, row)
            if not self.here(row) or layer["kind"] not in ("conv", "dwconv"):
                return own
            return change(weights, n, out)

    return Mistaken


def _fields(change):
    """Return a mistake in fields at every row: from r, j, the layer."""

    class Mistaken(Paper):
        def field(self, rf, jump, layer):
            return (rf, jump) if rf == "all" else change(rf, jump, layer)

    return Mistaken


def _other(change):
    """Return a mistake in what is copied from the exercise: another side, or other layers."""

    class Mistaken(Paper):
        def __init__(self, side, depth, layers, at=0):
            layers = [
                {**each, **change(each)} if at in (0, row) and each["kind"] in WINDOWS else each
                for row, each in enumerate(layers, 1)
            ]
            super().__init__(side, depth, layers, at)

    return Mistaken


CONVS = ("conv", "dwconv", "fc")
SIZES = {
    "padding-forgotten": _sizes(lambda n, k, s, p: (n - k) // s + 1),
    "padding-on-one-side": _sizes(lambda n, k, s, p: (n + p - k) // s + 1),
    "padding-twice": _sizes(lambda n, k, s, p: (n + 4 * p - k) // s + 1),
    "stride-ignored": _sizes(lambda n, k, s, p: n + 2 * p - k + 1),
    "plus-one-forgotten": _sizes(lambda n, k, s, p: (n + 2 * p - k) // s),
    "plus-one-divided": _sizes(lambda n, k, s, p: (n + 2 * p - k + 1) // s),
    "size-kept": _sizes(lambda n, k, s, p: n),
    "kernel-ignored": _sizes(lambda n, k, s, p: -(-n // s)),
    "kernel-twice": _sizes(lambda n, k, s, p: n - 2 * k + 2),
    "kernel-as-size": _sizes(lambda n, k, s, p: k),
    "rounded-up": _sizes(lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1),
    "floor-forgotten": _sizes(lambda n, k, s, p: Fraction(n + 2 * p - k, s) + 1),
    "another-kernel": _other(lambda layer: {"k": {2: 3, 3: 5, 5: 3, 7: 5, 1: 3}[layer["k"]]}),
}
DEPTHS = {
    "depth-of-input": _depths(lambda c, f, s: c, "conv"),
    "depth-multiplied": _depths(lambda c, f, s: c * f, "conv"),
    "channels-pooled": _depths(lambda c, f, s: c // s, "maxpool", "avgpool"),
}
COUNTS = {
    "no-bias": _counts(lambda layer, n, c, w, b: (w, 0), *CONVS),
    "one-bias": _counts(lambda layer, n, c, w, b: (w, min(b, 1)), *CONVS),
    "depth-forgotten": _counts(lambda layer, n, c, w, b: (w // c, b), "conv"),
    "depth-forgotten, no-bias": _counts(lambda layer, n, c, w, b: (w // c, 0), "conv"),
    "depth-forgotten, one-bias": _counts(lambda layer, n, c, w, b: (w // c, min(b, 1)), "conv"),
    "depthwise-full": _counts(lambda layer, n, c, w, b: (w * c, b), "dwconv"),
    "kernel-forgotten": _counts(lambda layer, n, c, w, b: (w // layer["k"] ** 2, b), "conv"),
    "one-filter": _counts(lambda layer, n, c, w, b: (w // layer["filters"], min(b, 1)), "conv"),
    "one-unit": _counts(lambda layer, n, c, w, b: (w // layer["units"], min(b, 1)), "fc"),
    "weights-twice": _counts(lambda layer, n, c, w, b: (2 * w, b), *CONVS),
    "bias-counted": _counts(lambda layer, n, c, w, b: (w, b or layer.get("filters", c)), "conv"),
}
SEEN = {
    "colours-forgotten": _seen(lambda n, c: n * n),
    "side-forgotten": _seen(lambda n, c: n * c),
    "linear-for-fc": _seen(lambda n, c: c),
}
COSTS = {
    "positions-forgotten": _costs(lambda w, n, out: w),
    "input-grid": _costs(lambda w, n, out: w * n * n),
    "side-not-squared": _costs(lambda w, n, out: w * out),
}
FIELDS = {
    "kernels-added": _fields(lambda r, j, e: (r + e["k"] if r > 1 else e["k"], j)),
    "strides-forgotten": _fields(lambda r, j, e: (r + e["k"] - 1, 1)),
    "own-stride": _fields(lambda r, j, e: (r + (e["k"] - 1) * j * e["s"], j * e["s"])),
    "whole-kernels": _fields(lambda r, j, e: ((0 if r == j == 1 else r) + e["k"] * j, j * e["s"])),
    "pools-left-out": _fields(
        lambda r, j, e: (r + (0 if "pool" in e["kind"] else (e["k"] - 1) * j), j * e["s"])
    ),
}


def other_rows(chance, side, depth, layers):
    """Return the answers to the whole of a student with other rows; None where none can be."""
    name = chance.choice(["layer-left-out", "one-layer-more", "another-input"])
    at = chance.randrange(len(layers))
    if name == "another-input":
        side = {28: 32, 32: 28}.get(side)
        if side is None:
            return name, None
        return name, Paper(side, depth, layers).work()
    if layers[at]["kind"] in ("relu", "flatten", "gap", "bn") or at == len(layers) - 1:
        return name, None
    if name == "layer-left-out":
        return name, Paper(side, depth, layers[:at] + layers[at + 1 :]).work()
    return name, Paper(side, depth, layers[: at + 1] + layers[at:]).work()


def part_of_rows(chance, right):
    """Return the name and the value of a sum of which only a part is counted."""
    quantity = chance.choice(["params", "macs"])
    rows = [row for row in right.rows if row[quantity]]
    if len(rows) < 2:
        return None
    parts = {
        "last-alone": rows[-1:],
        "first-left-out": rows[1:],
        "last-left-out": rows[:-1],
        "convs-alone": [row for row in rows if "conv" in row["kind"]],
        "fc-alone": [row for row in rows if row["kind"] == "fc"],
    }
    name = chance.choice(sorted(parts))
    return name, quantity, sum(row[quantity] for row in parts[name])


TABLES = dict(
    zip(
        ("size", "depth", "count", "seen", "cost", "field"),
        (SIZES, DEPTHS, COUNTS, SEEN, COSTS, FIELDS),
        strict=True,
    )
)


CALLED = {
    "side-not-squared": {"side-alone"},
    "one-unit": {"one-filter"},
    "linear-for-fc": {"at-each-place", "channels-seen"},
    "rounded-up": {"rounded-up", "ceil", "same", "kernel-ignored"},
    "kernel-ignored": {"kernel-ignored", "same"},
    "size-kept": {"size-kept", "same", "pool-left-out"},
    "another-kernel": {f"another-kernel-{k}" for k in (1, 2, 3, 5, 7)},
    "layer-left-out": {"layer-left-out", "layers-left-out", "row-left-out", "one-row-alone"},
    "one-layer-more": {"one-layer-more", "row-twice"},
    "last-alone": {"one-row-alone", "one-kind-alone", "first-rows-alone", "row-left-out"},
    "first-left-out": {"one-row-alone", "one-kind-alone", "row-left-out"},
    "last-left-out": {"one-row-alone", "one-kind-alone", "first-rows-alone", "row-left-out"},
    "convs-alone": {"convs-alone", "one-row-alone", "one-kind-alone", "row-left-out"},
    "fc-alone": {"one-row-alone", "one-kind-alone", "row-left-out"},
    "depth-forgotten, no-bias": {"depth-forgotten", "no-bias"},
    "depth-forgotten, one-bias": {"depth-forgotten", "one-bias"},
}
"""What the program calls mistakes that have other names there."""


def write(value):
    """Return a value as a student writes it."""
    if isinstance(value, tuple):
        return "x".join(f"{float(each):g}" for each in value)
    return str(value)


def wrong_answers(chance, family=None):
    """Return a network, a claim about it that is wrong, and what went wrong: (family, name, at).

    The mistake is made at every row or at one; None where nothing comes of it.
    """
    given = chain(chance)
    right = Paper(*given).work()
    if right is None:
        return None
    truth = right.answers()
    family = family or chance.choice([*TABLES, "size", "count", "rows", "part"])
    at = 0
    if family == "part":
        found = part_of_rows(chance, right)
        if found is None or found[2] in (0, truth[found[1]]):
            return None
        return text(*given), f"{found[1]}={found[2]}", (family, found[0], 0), truth[found[1]]
    if family == "rows":
        name, other = other_rows(chance, *given)
        if other is None:
            return None
        mine = {key: each for key, each in other.answers().items() if "." not in key}
    else:
        name = chance.choice(sorted(TABLES[family]))
        at = 0 if family == "field" else chance.choice([0, chance.randint(1, len(given[2]))])
        if name == "another-kernel":
            at = at or chance.randint(1, len(given[2]))
        other = TABLES[family][name](*given, at).work()
        if other is None:
            return None
        mine = other.answers()
    wrong = [key for key in truth if key in mine and mine[key] != truth[key]]
    wrong = [key for key in wrong if whole(mine[key]) or isinstance(mine[key], tuple)]
    if name == "weights-twice":
        wrong = [key for key in wrong if "params" in key]
    if not wrong:
        return None
    key = chance.choice(wrong)
    return text(*given), f"{key}={write(mine[key])}", (family, name, at), truth[key]


def wrong_sheet(chance):
    """Return a network, what is right and what a student has of every row, and what went wrong."""
    given = chain(chance)
    right = Paper(*given).work()
    tables = {**SIZES, **DEPTHS, **SEEN}
    name, at = (
        chance.choice(sorted(tables)),
        chance.choice([0, 0, chance.randint(1, len(given[2]))]),
    )
    other = tables[name](*given, at or int(name == "another-kernel")).work()
    if right is None or other is None:
        return None
    truth, mine = right.answers(), other.answers()
    asked = ("output", "params", "in_features", "macs")
    keys = [key for key in truth if key in mine and key.split(".")[-1] in asked]
    keys = [key for key in keys if whole(mine[key]) or isinstance(mine[key], tuple)]
    if all(truth[key] == mine[key] for key in keys):
        return None
    return text(*given), truth, {key: mine[key] for key in keys}, (name, at)


def whole(value):
    """Whether a value is written without a fraction."""
    values = value if isinstance(value, tuple) else (value,)
    return all(Fraction(each).denominator == 1 for each in values)
