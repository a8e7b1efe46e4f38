"""A listing as text: one file a format, and the table, the one user of rich.

formats.py     the formats by name and by the ending of a file
csv.py          rows as CSV
json.py         an answer as JSON
jsonl.py        a row a line
html.py         a page of HTML, made in `page`
latex.py        a table for papers
markdown.py     a table for pages
mermaid.py      boxes and arrows
schema.py      the schema of what JSON holds
explanation.py a working as text, Markdown and LaTeX
papers.py      sheets of exercises
verdicts.py    verdicts for people
sheets.py      marked sheets and keys, in parts
solutions.py   solutions, in parts
fields.py      fields of rows and units, as cards
field_pictures.py fields and weights drawn
pixels.py      fields on their input, and profiles of weights, as text
layout.py      how rows lie under columns where there is so much room
table.py       tables and other parts for people, drawn as text
terminal.py    what rich draws: colours and folding, pictures, progress
long_table.py  tables of many rows
patterns.py    rows as lines: what they share is written once
cards.py       a layer, totals and what fits, as cards
parts.py       what people are shown, in parts: cards, passages, verdicts
curve.py       points with bars, for people
"""
