"""What is said to people, in which language, and the place that it points at.

problem.py  Source, Span, Problem: one class for every fault, that draws itself
language.py messages in the language that is spoken; locale/ holds the catalogues
names.py      names with commas between them
lines.py    lines in a terminal: cells, where they break, colours
signs.py    how arithmetic is written: ASCII, for people, LaTeX
"""
