"""Branches and labels: the attributes of a class, and the statements of its forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.codegen.bindings import Env, enter_call
from cnncalc.codegen.flow import NOTHING, Stream, enter, join_flows
from cnncalc.codegen.layout import STEP, WIDTH, Bracket, Node, Operands, call, flat
from cnncalc.codegen.names import Names
from cnncalc.codegen.numbers import NotAlike
from cnncalc.codegen.structure import (
    has_join,
    is_module,
    is_output,
    is_trivial,
    references,
    reused,
    ungrouped,
)
from cnncalc.codegen.walk import not_again
from cnncalc.notation.inputs import settled
from cnncalc.notation.tree import (
    Again,
    Call,
    Given,
    Group,
    Item,
    Join,
    Labelled,
    Layer,
    Reference,
    unlabel,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.codegen.classes import Body
    from cnncalc.codegen.walk import Walk
    from cnncalc.notation.tree import Sequence


def _branch_names(item: Join, whole: str) -> list[str]:
    """Return names for branches: a body and its shortcut, a gate, or numbers."""
    before = f"{whole}_" if whole else ""
    names = [f"{before}branch{number + 1}" for number in range(len(item.branches))]
    trivial = [is_trivial(branch) for branch in item.branches]
    if len(names) == 2:
        if item.how == "concat":
            names = [f"{before}body"] * 2 if any(trivial) else names
        elif item.how == "add":
            first = 1 if trivial[0] and not trivial[1] else 0
            names[first], names[1 - first] = f"{before}body", f"{before}shortcut"
        elif any(trivial):
            names[trivial.index(False) if False in trivial else 0] = f"{before}gate"
    return names


class Forward:
    """Writes forward: a statement for each part, a variable for what is needed again."""

    def __init__(self, walk: Walk, body: Body, sequence: Sequence) -> None:
        self.walk = walk
        self.body = body
        self.wanted = frozenset(references(sequence))
        self.reused = reused(sequence)
        self.modules: dict[int, tuple[str, str, Env]] = {}
        self.names = Names(walk.taken)
        self.variables = Names(walk.reserved)
        self.kept: set[str] = set()
        self.entries: list[str] = []
        self.outputs: list[str] = []
        self.sides: list[str] = []

    def begin(self, label: str, env: Env, flow: Stream, *, among: bool) -> str:
        """Return the argument of forward that holds what comes in; `among` others, by its name."""
        if not among and not label:
            return "x"
        name = self.variable(label or f"input{len(self.entries) + 1}")
        self.entries.append(name)
        self.body.takes = self.entries
        self.kept.add(name)
        if label:
            env.labels[label] = name, flow
            env.name_sizes(label, flow)
        return name

    def enter(self, given: Given, env: Env) -> tuple[str, Stream]:
        """Return one more input."""
        flow = enter(settled(given))
        return self.begin(given.label, env, flow, among=True), flow

    def end(self, cur: Node) -> None:
        """Return what comes out: the outputs, and in training what auxiliary parts give."""
        outputs = list(self.outputs)
        if self.sides or (outputs and cur != outputs[-1]):
            cur = self.bind(cur, "x")
        if not outputs or cur not in outputs:
            outputs.append(cast("str", cur))
        if self.sides:
            self.body.lines.append((f"if {self.walk.training}:", ""))
            self.body.lines.append(("    return ", ", ".join([*outputs, *self.sides])))
        if len(outputs) == 1:
            self.body.lines.append(("return ", outputs[0] if self.outputs else cur))
        else:
            text = ", ".join(outputs)
            is_long = len(f"{2 * STEP}return {text}") > WIDTH
            whole = Bracket("(", tuple(outputs), ")", tall=True) if is_long else text
            self.body.lines.append(("return ", whole))

    def bind(self, cur: Node, variable: str) -> str:
        """Return the variable that holds what comes, a new statement where it has none."""
        if isinstance(cur, str) and cur.isidentifier():
            return cur
        self.body.lines.append((f"{variable} = ", cur))
        return variable

    def attribute(self, name: str, node: Node) -> str:
        """Keep a module under a name, or the next that is free; return the name."""
        found = self.names.free(name)
        self.body.attributes.append((found, node))
        return found

    def keep(self, cur: Node, name: str) -> str:
        """Return a variable that is assigned once, and holds what comes."""
        if isinstance(cur, str) and cur in self.kept:
            return cur
        found = self.variable(name)
        self.kept.add(found)
        self.body.lines.append((f"{found} = ", cur))
        return found

    def variable(self, name: str) -> str:
        """Return a variable of a name that is free."""
        return self.variables.free(name)

    def sequence(
        self, items: Iterable[Item], env: Env, flow: Stream, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Stream]:
        """Write items one after another; `whole` names what stands for all of them."""
        items = [*ungrouped(items)]
        first = unlabel(items[0]) if items else None
        if flow is NOTHING and isinstance(first, Call) and first.definition.volume:
            cur, flow = self.enter(first.definition.volume, env.inner())
        run: list[Item] = []
        alone = self.is_run(items)
        for number, item in enumerate(items):
            labelled = isinstance(item, Labelled)
            if self.is_module(item) and (not labelled or (whole and alone)):
                run.append(item)
                continue
            cur, flow = self.run(run, env, flow, cur, variable, whole, alone=alone)
            run = []
            kept = number + 1 < len(items) and is_output(items[number + 1])
            cur, flow = self.item(item, env, flow, cur, variable, whole, kept=kept)
        return self.run(run, env, flow, cur, variable, whole, alone=alone)

    def is_run(self, items: list[Item]) -> bool:
        """Return whether items are modules one after another, behind a reference or not."""
        start = 1 if items and isinstance(items[0], Reference | Given) else 0
        return all(self.is_module(item) for item in items[start:])

    def run(
        self,
        items: list[Item],
        env: Env,
        flow: Stream,
        cur: Node,
        variable: str,
        whole: str,
        *,
        alone: bool = True,
    ) -> tuple[Node, Stream]:
        """Write modules one after another as one, by the name of the whole if they are that."""
        if not items:
            return cur, flow
        pieces, flow = self.walk.pieces(items, env, flow)
        if self.walk.collecting:
            return cur, flow
        if not pieces or all(piece.node == self.walk.sequential([]) for piece in pieces):
            return cur, flow
        name = pieces[0].name if len(pieces) == 1 else "layers"
        if whole:
            name = whole if alone else f"{whole}_{name}"
        held = self.attribute(name, self.walk.sequential(pieces))
        return call(f"self.{held}", self.bind(cur, variable)), flow

    def is_module(self, item: Item) -> bool:
        """Return whether an item is a module by itself."""
        return is_module(item, self.wanted, self.walk.sides) and not has_join(item)

    def item(
        self,
        item: Item,
        env: Env,
        flow: Stream,
        cur: Node,
        variable: str,
        whole: str,
        *,
        kept: bool = False,
    ) -> tuple[Node, Stream]:
        """Write what is not a module by itself, or has a label."""
        if isinstance(item, Again):
            return self.again(item, flow, cur, variable)
        if isinstance(item, Labelled):
            if item.label in self.reused:
                cur, flow = self.first(item, env, flow, cur, variable)
            elif isinstance(item.item, Join) and item.item.how == "aux":
                cur, flow = self.side(item.item, env, flow, cur, variable, item.label)
            elif self.is_module(item.item):
                cur, flow = self.run([item.item], env, flow, cur, variable, item.label)
            else:
                cur, flow = self.item(item.item, env, flow, cur, variable, item.label)
            env.name_sizes(item.label, flow)
            if item.label in self.wanted or kept:
                cur = self.keep(cur, item.label)
                env.labels[item.label] = cur, flow
            return cur, flow
        if isinstance(item, Given):
            return self.enter(item, env)
        if isinstance(item, Reference):
            return env.labels[item.label]
        if isinstance(item, Layer):  # an output
            held = self.keep(cur, "output")
            if held not in self.outputs:
                self.outputs.append(held)
            return held, flow
        if isinstance(item, Group):
            return self.group(item, env, flow, cur, variable, whole)
        if isinstance(item, Call):
            inner = enter_call(item, env, flow)
            name = whole or item.definition.name
            items = item.definition.sequence.items
            outer, outer_reused = self.wanted, self.reused
            self.wanted = frozenset(references(item.definition.sequence))
            self.reused = reused(item.definition.sequence)
            cur, flow = self.sequence(items, inner, flow, cur, variable, name)
            self.wanted, self.reused = outer, outer_reused
            return cur, flow
        join = cast("Join", item)
        if join.how == "aux":
            name = f"{whole}_aux" if whole else "aux"
            return self.side(join, env, flow, cur, variable, name)
        return self.join(join, env, flow, cur, variable, whole)

    def first(
        self, item: Labelled, env: Env, flow: Stream, cur: Node, variable: str
    ) -> tuple[Node, Stream]:
        """Write what is used again as a module of its own."""
        if not is_module(item.item, self.wanted, self.walk.sides):
            raise not_again(item)
        pieces, flow = self.walk.pieces([item.item], env, flow)
        node = self.walk.sequential(pieces)
        name = "" if self.walk.collecting else self.attribute(item.label, node)
        self.modules[id(item.item)] = name, flat(node), env
        return call(f"self.{name}", self.bind(cur, variable)), flow

    def again(self, item: Again, flow: Stream, cur: Node, variable: str) -> tuple[Node, Stream]:
        """Write the use of a module that is there already."""
        name, text, env = self.modules[id(item.target)]
        pieces, flow = self.walk.pieces([item.target], env, flow)
        if flat(self.walk.sequential(pieces)) != text:
            raise not_again(item)
        return call(f"self.{name}", self.bind(cur, variable)), flow

    def group(
        self, group: Group, env: Env, flow: Stream, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Stream]:
        """Write a group in place; its rounds one by one, where it is repeated."""
        if group.times is None:
            return self.sequence(group.sequence.items, env, flow, cur, variable, whole)
        if group.shared:
            raise not_again(group)
        count, counts = self.walk.count(group, env, flow)
        if count.literal is None and len(counts) > 1:
            raise NotAlike
        for turn in range(counts[0]):
            self.walk.count_part(group)
            name = f"{whole}_{turn + 1}" if whole else ""
            items = group.sequence.items
            inner = env.round(group, turn)
            cur, flow = self.sequence(items, inner, flow, cur, variable, name)
        return cur, flow

    def side(
        self, item: Join, env: Env, flow: Stream, cur: Node, variable: str, name: str
    ) -> tuple[Node, Stream]:
        """Write an auxiliary part, whose output is given in training alone."""
        cur = self.bind(cur, variable)
        branch = item.branches[0]
        held = self.variable(name)
        if all(is_module(each, self.wanted, self.walk.sides) for each in branch.items):
            pieces, _out = self.walk.pieces(branch.items, env.inner(), flow)
            if not self.walk.collecting:
                module = self.attribute(name, self.walk.sequential(pieces))
                text = f"self.{module}({cur}) if {self.walk.training} else None"
                self.body.lines.append((f"{held} = ", text))
        else:
            out, _flow = self.sequence(branch.items, env.inner(), flow, cur, held, name)
            if out != held:
                self.body.lines.append((f"{held} = ", out))
        self.sides.append(held)
        return cur, flow

    def join(
        self, item: Join, env: Env, flow: Stream, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Stream]:
        """Write branches side by side, and what puts them together."""
        if flow is not NOTHING:
            cur = self.bind(cur, variable)
        names = _branch_names(item, whole)
        simple = all(self.is_run([*ungrouped(branch.items)]) for branch in item.branches)
        results: list[Node] = []
        outs = []
        for branch, name in zip(item.branches, names, strict=True):
            held = name if simple else self.variable(name)
            result, out = self.sequence(branch.items, env, flow, cur, held, name)
            if not simple:
                result = self.bind(result, held)
            results.append(result)
            outs.append(out)
        now = join_flows(item, outs)
        if item.how == "concat":
            return self.walk.stack(results, item.axis), now
        if item.how == "max":
            return self.walk.largest(results), now
        if item.how == "product":
            return self.walk.multiplied(results), now
        results = [
            self.walk.widen(result, now.rank) if out.rank < now.rank else result
            for result, out in zip(results, outs, strict=True)
        ]
        return Operands("+" if item.how == "add" else "*", tuple(results)), now
