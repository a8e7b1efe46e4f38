"""The answer: quantities, totals, and which rows are shown.

quantities.py  the one table of quantities, from which every output follows
report.py      rows, totals and warnings of one network
listing.py     rows under columns: what every command answers with
view.py        what of a report is shown: which rows, which quantities of them
folds.py       rows folded by label and definition, or gathered by what they share
diagram.py     boxes and arrows of rows, rounds that are alike drawn once
comparison.py  networks side by side
explanation.py the working, step by step
"""
