"""A flat tree as a person would have written it: equal runs are repeats, equal blocks definitions.

fold.py        a network folded, pass by pass
parts.py       items as they are compared: what they are, their numbers, what stands in them
survey.py      where parts stand, which are alike, and which read what
runs.py        runs of equal parts to repeats
blocks.py      blocks that are equal but for numbers, and which are worth a definition
arguments.py   the numbers in which such blocks differ, as parameters
items.py       parts as items again, and blocks as definitions
naming.py      what repeats, calls and definitions are called, from the labels in them
"""
