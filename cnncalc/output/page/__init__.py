"""An answer as a page of HTML: one file, which reads without its script and loads nothing.

markup.py     elements, in which every text is escaped
document.py   the page around an answer: what it may do, how it looks
networks.py   a network: its totals, its figure, its rows, its notation
rows.py       rows in their folds, and the working of each
tables.py     rows under columns
verdicts.py   verdicts, and what went wrong
parts.py      the parts of an answer: cards, passages, verdicts of questions
calculator.py the calculator as one file for a browser
runtime.py    what runs Python there
"""
