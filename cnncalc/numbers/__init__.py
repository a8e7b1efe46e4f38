"""Exact numbers: with letters in them, with their working, as people write them.

letters.py numbers with letters in them: 27*C^2
working.py numbers that remember how they were worked out
figures.py figures as people publish them: 138M
ranges.py  ranges as they are typed: n=32..512:32
"""
