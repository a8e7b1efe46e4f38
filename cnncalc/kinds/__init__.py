"""What each kind of layer is and does: the small arithmetic core.

arithmetic.py      the formulas, one axis at a time, on anything that adds and multiplies
receptive_field.py size, jump and start per axis, through windows and joins
alignment.py       branches that see their input about the same centres, or do not
arguments.py       what a layer is given: its values under the names of its arguments
joins.py           the one table of joins: what volumes give together
volumes.py         sizes, the names of their axes, how they are written
measure.py         what one layer does to one volume
formulas.py        what layers with windows, weights or norms do
shapes.py          what layers do that move values about and learn nothing
sequences.py       what layers over sequences do
descriptions.py    what a card says of a layer, in words
late.py            the functions of these files by their names, before a file is loaded
table.py           the one table of kinds: names, arguments, formulas, help
signatures.py      what a module of a framework takes, read from its signature
modules.py         what a module of a framework is: its arguments, the layers of ours
filled.py          what a layer that a module makes is given, for each parameter
rules.py           what entries of both frameworks need beside names
pytorch.py         the table of PyTorch's modules
pytorch_rules.py   what its entries need beside names
keras.py           the table of Keras' layers
keras_rules.py     what its entries need beside names
frameworks.py      both, by name
reference.py       what a kind's entry says of it, its formulas in letters
"""
