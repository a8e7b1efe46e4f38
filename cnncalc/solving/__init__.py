"""Backwards, from what is wanted to the numbers; and along a range.

unknowns.py   where ? stands, and the tree with numbers in its place
candidates.py what an unknown may be, and which numbers people choose first
goals.py      what is wanted: claims, or quantities to be told
question.py   what is asked: unknowns, goals, where to look; and the network with numbers in it
findings.py   what a search has found, and what came nearest
search.py     the numbers in place of ? for which claims hold
listings.py   solutions as rows
sentences.py  what is said of a search: its arithmetic, and why there is no solution
cures.py      what brings branches together whose maps differ by a few pixels
closed_forms.py what a network has as functions of its letters
sweeps.py     a network for each number of a range
"""
