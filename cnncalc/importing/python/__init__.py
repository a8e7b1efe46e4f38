"""A model's source in Python, read and never run: what its syntax tree says of the network.

Four parts are put together, and each is given those that it stands on. What one asks of those
above it is declared in the interface.

What all of them speak of:

values.py      what names stand for: what is outside, what is not known, methods
objects.py     classes, objects and modules, and functions that belong to them
tensor_values.py tensors that depend on what comes in, and that do not
scopes.py      names and what they are bound to, functions, and the limits of a reading
files.py       the file, and those of its package
faults.py      what cannot be followed, at its line
operators.py   arithmetic and comparisons of known values
arrays.py      rows of known numbers, and arithmetic on each
layouts.py     tensors whose dimensions hold the axes of a volume
interface.py   what parts ask of those above them

Python itself:

machine.py     where a reading is, and what it has spent
known.py       what is known of values: whether they are true, what is in them
attributes.py  attributes of objects and classes
operations.py  what operators and comparisons make of values of any kind
type_checks.py isinstance and its like
builtins.py    what Python itself offers
calls.py       calls of functions and classes
methods.py     methods of strings, lists and dictionaries
records.py     records of settings: dataclasses, and dictionaries with attributes
outside.py     what packages offer that a model's sizes are worked out with
expressions.py what expressions are worth
matching.py    patterns of match
definitions.py functions, classes and their decorators
imports.py     imports, and the files that they load
statements.py  what statements do
interpreter.py these as one

Tensors:

weights.py     whose weights are which, and which are counted
nodes.py       the graph: tensors settled as volumes, and layers behind them
shapes.py      sizes of tensors, other dimensions and other orders of them
meetings.py    learned tensors and constants that meet what depends on the input
joins.py       sums and products value by value, and tensors one behind another
moves.py       slices, cuts and stacks of tensors
products.py    products of tensors, and what operators make of them
tensors.py     these as one

Frameworks:

incoming.py    what comes into the network
making.py      layers and containers, made of their arguments
constants.py   tensors that do not depend on the input, and layers on them
modules.py     what PyTorch's modules make of tensors
containers.py  methods and items of modules, attributes of layers
pytorch.py     PyTorch's functions
tensor_calls.py functions and methods of tensors as they are called
functions.py   the one table of functions and methods of tensors
borders.py     borders, resizes, windows of values and unpooling
patterns.py    patterns of einops
tensor_run.py  what those functions ask of the reading
keras_older.py names of Keras', and those of Keras 1
keras_tensors.py TensorFlow's functions of tensors
keras_models.py Keras' models as objects
keras.py       Keras' layers
calling.py     which framework something is of, and modules and layers that are called
frameworks.py  these as one

The reading:

entry.py       the classes and functions that may be the network
choosing.py    which of them is read, with which arguments
inputs.py      the input that a source may be meant for
outputs.py     what several outputs are called
trees.py       which modules stand in which, by what names
uncalled_modules.py what is made and never called
reading.py     a source as a network in notation
"""
