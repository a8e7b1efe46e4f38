"""Backwards, from what is wanted to the numbers; and along a range.

unknowns.py   where ? stands, and the tree with numbers in its place
candidates.py what an unknown may be, and which numbers people choose first
search.py     the numbers in place of ? for which claims hold
sweeps.py     a network for each number of a range
"""
