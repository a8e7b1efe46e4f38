"""The layer-stack notation: text to tree, and back; and the library written in it.

folding/ puts repeats and definitions into a flat tree.

expressions.py  values with names in them
evaluation.py   what they come to
printed.py      expressions as they are printed: 27C², max(4·C, 3,200·N)
tree.py         layers, calls, groups, joins, references, definitions
changes.py      the parts of a tree, and a tree in which some are others
inputs.py       the volumes that a network begins with, by their names
library.py      models/*.cnn, blocks among them, and what their comments say
recalled.py     what stood word for word in texts before
tokens.py       the tokens, named once, and a tokenizer that goes over them
reader.py       what is known at a place: tokens, labels, and what names stand for
values.py       numbers and expressions, one for all axes or one for each
sizes.py        volumes as they are typed
arguments.py    a layer and its arguments
binding.py      arguments to the parameters of a layer
calls.py        layers as code has them: calls of PyTorch, of Keras, and ours
literals.py     what stands between the parentheses of such a call
items.py        networks and their items: sequences, layers, labels set
blocks.py       blocks: a join, its branches, a count
parser.py       a text, its definitions and its network
flattens.py     flattens that the number of a call says, put into the tree
vocabulary.py   words that people have for layers and their arguments
phrases.py      what an item in words and numbers says of a layer
habits.py       what people write for an item, where it stands
rewrites.py     what they write for more than an item: volumes, joins, repeats
wrong_volumes.py    volumes as people write them from habit, and the right spelling
wrong_places.py     the fault of one place, with what to put there
wrong_items.py      what stands where a layer or an arrow should
wrong_blocks.py     what stands wrong about brackets
wrong_numbers.py    what is no number, where one is expected
wrong_arguments.py  what people type among arguments from habit
writer.py       tree to text

The grammar, without what is of one function alone:

text       = { definition } [ network ]
definition = "def" NAME [ "(" [ param { "," param } ] [ "..." ] ")" ] "{" network "}"
param      = NAME [ "=" value ]
network    = [ volume ARROW ] sequence | volume
sequence   = item { ARROW item }                 ARROW is "->", "→" or ","
item       = [ LABEL ":" ] ( block | layer | call | "@" LABEL | "again" LABEL
             | volume )
block      = [ JOIN ] "[" sequence { "|" sequence } "]"
             [ ( "*" | "×" | "x" ) expression [ "shared" ] ]
call       = a layer as PyTorch, Keras or we would call it
JOIN       = "concat" [ "axis=" number ]
           | "add" | "mul" | "max" | "product" | "aux"    none: a plain group, of one sequence
layer      = NAME { argument }                   a built-in layer, or a definition
argument   = value | OPTION | NAME [ "=" ] ( value | WORD ) | FLAG | "..."
OPTION     = letters and a value in one word: k5  k3x5  s2  p1x0  p1:2  d2  g32  op1
value      = side { "x" side } | "(" side { "," side } ")"
side       = expression [ ":" expression ]       before:after, for paddings
expression = sum [ "==" sum ]                    1 or 0
sum        = term { ( "+" | "-" ) term }
term       = power { ( "*" | "/" ) power }
power      = factor [ "^" factor ]
factor     = number | NAME | SYMBOL | "cin" | "i" | [ "round8" ] "(" expression ")"
volume     = size { "x" size } | "(" size { "," size } ")" | size "," size { "," size }
size       = number | SYMBOL
number     = digits | "?" [ a lower-case letter other than x, then digits or none ]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["wrong_arguments", "wrong_blocks", "wrong_items", "wrong_numbers", "wrong_volumes"]

if TYPE_CHECKING:
    from cnncalc.notation import (
        wrong_arguments,
        wrong_blocks,
        wrong_items,
        wrong_numbers,
        wrong_volumes,
    )
else:

    def __getattr__(name: str) -> Any:
        """Load what is said of what stands wrong, once something does."""
        if name not in __all__:
            raise AttributeError(name)
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
