"""What print(model) and summary() show: modules in their order, and lines where there is none.

text.py      the text of a print as modules
modules.py   modules by the one table
order.py     modules as layers in their order
misfits.py   what is wrong with a print, or left out of it
lines.py     what its lines hold, whatever their order
summaries.py tables that summary() prints
tables.py    those tables as rows
rows.py      a row as it is solved
candidates.py the layers that a row may be
sliding.py   those that slide over maps
chains.py    a table's rows as a network
"""
