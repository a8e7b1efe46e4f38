"""What parts of the reader ask of those that stand on them, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from cnncalc.importing.python.values import External, Instance, Learned, Spec, Tensor, Value
    from cnncalc.speech.problem import Problem

    Places: TypeAlias = list[Value]
    Names: TypeAlias = dict[str, Value]
    Call: TypeAlias = Callable[[Value, Places, Names], Value]
    CallByName: TypeAlias = Callable[[str, Places, Names], Value]


class Interface:
    """What every part of a reading may ask for: `SourceReading`, which has all parts, has it all.

    What is called has its arguments by place and by name.
    """

    # expressions, statements, patterns of match
    evaluate: Callable[[ast.expr], Value]
    execute: Callable[[Sequence[ast.stmt]], object]
    assign: Callable[[ast.expr, Value], None]
    match: Callable[[ast.Match], object]

    # attributes, items, and what Python has by a name
    attribute: Callable[[Value, str], Value]
    attribute_outside: Callable[[Value, str], Value | None]
    instance_item: Callable[[Instance, Value], Value]
    instance_items: Callable[[Instance], list[Value]]
    builtin: Callable[[str], Value | None]

    # calls: of the source, of Python, of what is outside both
    call: Call
    call_instance: Callable[[Instance, Places, Names], Value]
    call_method: Callable[[Value, str, Places, Names], Value]
    call_builtin: CallByName
    call_outside: CallByName
    make_outside: Callable[[Instance, External, Places, Names], None]
    call_framework: Callable[[str, Places, Names], Value | None]
    method_of_framework: Callable[[Value, str, Places, Names], Value]
    numbers_of: Callable[[str, Places], Value]

    # tensors, and what is learned
    reduced: Callable[[Value, str, Value, bool], Value]
    tensor_sizes: Callable[[Value], tuple[int, ...]]
    tensor_item: Callable[[Value, Value], Value]
    tensor_operator: Callable[[type[ast.operator], Value, Value], Value]
    product: Callable[[Tensor, Tensor], Value]
    times_learned: Callable[[Tensor, Learned], Value]
    with_learned: Callable[[type[ast.operator], Tensor, Learned], Value]
    behind_token: Callable[[Sequence[Value], int], Value]
    opaque: Callable[[str, list[int], Sequence[int], int], Value]
    meet: Callable[[Learned], None]

    # modules, and the input
    literal: Callable[[Value], Value]
    apply_any: Callable[[Spec, Tensor], Value]
    serial: Callable[[Value], str]
    copied: Callable[[Value], Value]
    is_last: Callable[[], bool]
    entry_tensor: Callable[[], Tensor]
    entry_tensors: Callable[[Instance], list[Value]]
    size_open: Callable[[], Problem]
