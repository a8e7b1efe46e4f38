"""The answer: quantities, totals, and which rows are shown.

quantity.py    a quantity of one row and of several, and in which order a value is printed
claim_names.py what can be claimed, and the names of it
quantities.py  the one table of quantities, from which every output follows
roofline.py    bytes moved, and the least time on a device
several.py     several rows as one, and how what they have is made
workings.py    the arithmetic by which a row comes to a quantity
options.py     the one table of options beside a network, and what each bears on
asked.py       what is asked of an answer: what bears on nothing in it, what is said of others
captions.py    headings for people, and the line that says what is counted
lines.py       what a print's lines add up to, without shapes
long_rows.py   rows that are too many to keep, traced again
collected_rows.py what a report takes of rows as they come
report.py      rows, totals and warnings of one network
outlined.py    what a network has in all, by its outline
targets.py     what a network needs of a memory to run in, and the largest input that fits
places.py      the rows that a label or a number names
fields.py      receptive fields of rows
unit.py        what one unit reads
listing.py     rows under columns: what every command answers with
view.py        what of a report is shown: which rows, which quantities of them
stack.py       the rows of a network as every format has them
people.py      what people are shown of it: branches drawn, totals below
charts.py      rows as a chart: bars, and the rows that have none left out
ordering.py    rows and answers, the largest first
folds.py       rows folded by label and definition, or gathered by what they share
nested.py      rows in their folds, to open and close
diagram.py     boxes and arrows of rows, rounds that are alike drawn once
comparison.py  networks side by side
explanation.py the working, step by step
steps.py       what a step is, and which can be asked for
legend.py      what the letters of formulas stand for
remarks.py     what else is worth a word about a row
trials.py      what a fault offers, tried
"""
