"""A model's source in Python, read and never run: what its syntax tree says of the network.

values.py      what names stand for: functions, classes, modules, tensors, what is outside
scopes.py      names and what they are bound to, and the limits of a reading
files.py       the file and its siblings in the folder
faults.py      what cannot be followed, at its line
expressions.py what expressions are worth
operators.py   arithmetic and comparisons of known values
calls.py       calls of functions and classes, and attributes
statements.py  what statements do
builtins.py    what Python itself offers
methods.py     methods of strings, lists and dictionaries
outside.py     what packages offer that a model's sizes are worked out with
layouts.py     tensors whose dimensions hold the axes of a volume
tensors.py     what tensors can do
moves.py       slices, cuts and stacks of tensors
modules.py     PyTorch's modules as objects, and what they make of tensors
states.py      the last states of recurrent layers
functions.py   the one table of functions and methods of tensors
pytorch.py     PyTorch's functions, methods and attributes
patterns.py    patterns of einops
keras.py       Keras' layers and models
keras_older.py Keras 1's names of layers and arguments
trees.py       which modules stand in which, by what names
inputs.py      the input that a source may be meant for
entry.py       the class or function that a network is
reading.py     a source as a network in notation
"""
