"""What parts of the reader ask of those that stand above them, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from cnncalc.importing.python.objects import Instance, Spec
    from cnncalc.importing.python.tensor_values import Tensor
    from cnncalc.importing.python.values import External, Names, Places, Value

    Call: TypeAlias = Callable[[Value, Places, Names], Value]
    CallByName: TypeAlias = Callable[[str, Places, Names], Value]


class Interface:
    """What parts ask of those above them, which put it here when they are made.

    What is called has its arguments by place and by name.
    """

    # expressions, statements, calls
    evaluate: Callable[[ast.expr], Value]
    execute: Callable[[Sequence[ast.stmt]], object]
    assign: Callable[[ast.expr, Value], None]
    call: Call
    call_method: Callable[[Value, str, Places, Names], Value]
    call_outside: CallByName

    # tensors
    numbers_of: Callable[[str, Places], Value]
    reduced: Callable[[Value, str, Value, bool], Value]
    tensor_item: Callable[[Value, Value], Value]
    tensor_operator: Callable[[type[ast.operator], Value, Value], Value]
    tensor_sizes: Callable[[Value], tuple[int, ...]]

    # modules, layers and functions of frameworks
    attribute_outside: Callable[[Value, str], Value | None]
    instance_item: Callable[[Instance, Value], Value]
    instance_items: Callable[[Instance], list[Value]]
    literal: Callable[[Value], Value]
    copied: Callable[[Value], Value]
    make_outside: Callable[[Instance, External, Places, Names], None]
    apply_any: Callable[[Spec, Tensor], Value]
    call_base: Callable[[Instance, Places, Names], Value]
    call_instance: Callable[[Instance, Places, Names], Value]
    call_framework: Callable[[str, Places, Names], Value | None]
    method_of_framework: Callable[[Value, str, Places, Names], Value]
