"""What is said to people, in which language, and the place that it points at.

budget.py   the one table of limits
problem.py  Source, Span, Problem: one class for every fault
picture.py  how a fault is drawn: what is said around its source lines, underlined
visible.py  what cannot be seen, or acts on a terminal, spelled out
full_width.py full-width signs, as a Korean keyboard types them
spelling.py slips of the pen: the word that is meant
particles.py Korean particles by the sound before them
language.py messages in the language that is spoken; locale/ holds the catalogues
system.py   why the operating system refused, and what Python lacks
names.py      names with commas between them
columns.py  what is told under a name: to people under a heading, to programs as data
lines.py    lines in a terminal: cells, where they break, colours
own_files.py what the package holds beside its code, in a folder or an archive
signs.py    how arithmetic is written: ASCII, for people, LaTeX
"""
