"""A model's source in Python, read and never run: what its syntax tree says of the network.

values.py      what names stand for: functions, classes, modules, tensors, what is outside
interface.py   what parts of the reader ask of those that stand on them
scopes.py      names and what they are bound to, and the limits of a reading
files.py       the file, and those of its package
faults.py      what cannot be followed, at its line
known.py       what is known of values: whether they are true, what is in them
operations.py  what operators and comparisons make of values of any kind
expressions.py what expressions are worth
operators.py   arithmetic and comparisons of known values
attributes.py  attributes of objects and classes
calls.py       calls of functions and classes
imports.py     imports, and the files that they load
definitions.py functions, classes and their decorators
statements.py  what statements do
type_checks.py isinstance and its like
matching.py    patterns of match
builtins.py    what Python itself offers
methods.py     methods of strings, lists and dictionaries
arrays.py      rows of known numbers, and arithmetic on each
records.py     records of settings: dataclasses, and dictionaries with attributes
outside.py     what packages offer that a model's sizes are worked out with
layouts.py     tensors whose dimensions hold the axes of a volume
reshapes.py    reshapes, and tensors settled as volumes
tensors.py     what operators and joins make of tensors
moves.py       slices, cuts and stacks of tensors
meetings.py    learned tensors and constants that meet what depends on the input
making.py      layers and containers, made of their arguments
constants.py   layers on tensors that do not depend on the input
modules.py     PyTorch's modules as objects, and what they make of tensors
states.py      the last states of recurrent layers
products.py    products of tensors
borders.py     borders, resizes, windows of values and unpooling
functions.py   the one table of functions and methods of tensors
containers.py  methods and items of modules, attributes of layers
pytorch.py     PyTorch's functions
patterns.py    patterns of einops
keras.py       Keras' layers
keras_tensors.py TensorFlow's functions of tensors
keras_models.py Keras' models as objects
keras_older.py names of Keras', and those of Keras 1
uncalled_modules.py what is made and never called
trees.py       which modules stand in which, by what names
inputs.py      the input that a source may be meant for
outputs.py     what several outputs are called
entry.py       the classes and functions that may be the network
choosing.py    which of them is read, with which arguments
reading.py     a source as a network in notation
"""
