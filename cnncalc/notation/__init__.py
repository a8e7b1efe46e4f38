"""The layer-stack notation: text to tree, and back.

text       = { definition } [ network ]
definition = "def" NAME [ "(" [ param { "," param } ] [ "..." ] ")" ] "{" network "}"
param      = NAME [ "=" value ]
network    = [ volume ARROW ] sequence | volume
sequence   = item { ARROW item }                 ARROW is "->", "→" or ","
item       = [ LABEL ":" ] ( block | layer | "@" LABEL )
block      = [ JOIN ] "[" sequence { "|" sequence } "]" [ ( "*" | "×" ) expression ]
JOIN       = "concat" | "add" | "mul" | "aux"    none: a plain group, of one sequence
layer      = NAME { argument }                   a built-in layer, or a definition
argument   = value | OPTION | NAME "=" value | FLAG | "..."
OPTION     = letters and a value in one word: k5  k3x5  s2  p1x0  p1:2  d2  g32  op1
value      = side { "x" side }
side       = expression [ ":" expression ]       before:after, for paddings
expression = sum [ "==" sum ]                    1 or 0
sum        = term { ( "+" | "-" ) term }
term       = factor { ( "*" | "/" ) factor }
factor     = number | NAME | SYMBOL | "cin" | "(" expression ")"
volume     = size { "x" size }
size       = number | SYMBOL
number     = digits | "?" [ a lower-case letter other than x, then digits or none ]
"""

from cnncalc.notation.parser import parse, parse_value, parse_volume
from cnncalc.notation.writer import lay_out, write, write_item, write_layer

__all__ = ["lay_out", "parse", "parse_value", "parse_volume", "write", "write_item", "write_layer"]
