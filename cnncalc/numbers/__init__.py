"""Exact numbers: with letters in them, with their working, as people write them.

lettered.py  what is asked of every number, with letters in it or without
letters.py   numbers with letters in them: 27*C^2
terms.py     what such a number is made of: coefficients, letters and their powers
spelling.py  how such a number is written
assumptions.py what is assumed of letters on the way to formulas
compiled.py  such numbers as functions in Python
certainty.py what is certain of such numbers, whatever the letters are
bounds.py    what letters, and what is made of them, are at least
one_letter.py which sign a number with one letter has, exactly
runs.py      where a polynomial in one number is below 0, is 0, is above 0
working.py   numbers that remember how they were worked out
figures.py   figures as people publish them: 138M
digits.py    whole numbers as people write them
ranges.py    ranges as they are typed: n=32..512:32
"""
