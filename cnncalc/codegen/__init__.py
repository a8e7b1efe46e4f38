"""Code out: a network as the Python module that a person would have written.

What follows is the same whatever library code is written for; pytorch/ is PyTorch's own.

definitions.py definitions as classes, one for all of their calls
walk.py        items as modules one after another, at all calls at once
forward.py     branches and labels, as statements
uses.py        a layer where it is used, and the channels that it gives
bindings.py    what names stand for inside a definition
folded.py      norms folded into the layers before them, in the tree
flow.py        the volumes on the way, with parameters
numbers.py     expressions as Python writes them
structure.py   which parts of the tree are written once and called
rounds.py      the rounds of a repeat as loops
classes.py     classes that are written, and their docstrings
names.py       names that are free
layout.py      lines, as a formatter would break them
"""
