"""What users of Python and of notebooks hold; commands print the same answers.

answer.py      what every answer is: a table for people, plain data for programs
network.py     a network that is read, and reported
proposals.py   what a fault offers, tried
misuse.py      what a call does not take
options.py     what goes beside a network, by the names of arguments
closed_form_cache.py closed forms of a network that is asked often
text_templates.py texts that are alike but for their numbers, many read as one
report.py      the rows and totals of one network
formulas.py    what a network has as a compiled function of its letters
comparison.py  networks side by side
curves.py      networks at each point of a sweep
verdicts.py    claims, judged
sheets.py      sheets of questions, and the answers of a class
solutions.py   the numbers in place of `?`
fields.py      receptive fields, and what one unit reads
pictures.py    figures as texts, which notebooks show
motion.py      how windows go over a map
fits.py        the largest batches in a memory, and whether one input fits where it is to run
"""
