"""What somebody says of a network: right, wrong, and what went wrong.

written.py        values as people write them
claims.py         the grammar of claims
answers.py        what rows have of a quantity that can be claimed
truth.py          whether a claim is true of that
verdicts.py       what became of a claim
judge.py          judges of claims about one network
retrace.py        a network traced again, in another way or on other numbers
remeasure.py      what layers measure in other ways, each once
other_rows.py     the rows that a network has otherwise, as far as they are asked for
own_numbers.py    a student's own numbers, which later answers go on from
follow_through.py answers marked on the student's own numbers
reasons.py        the ways that give what was claimed
listings.py       verdicts as rows
workings.py       the arithmetic of an answer
alternative.py    what another way gives
alternatives.py   what other ways give: every variation, put through the trace
at_rows.py        ways that are gone at some rows alone
miscounts.py      rows that an answer leaves out or counts twice
variations.py     what another way to an answer is
conventions.py    the one table of conventions: other people's right answers
slips.py          the one table of slips: the ways in which people go wrong
ways.py            the ways of both tables by name, and what other rows are called
wrong_sizes.py    the wrong ways to sizes and depths
wrong_counts.py   the wrong ways to parameters, MACs and bytes
wrong_sequences.py the wrong ways to attention, recurrent layers and embeddings
wrong_fields.py   the wrong ways to receptive fields
typed.py          what a layer's text says itself, which excludes its contrary
digits.py         slips of the pen
namesakes.py      networks that go by one name: another input, a stride moved
other_networks.py what the namesakes of a network have
sheets.py         sheets of questions in TOML
sheet_faults.py   what is wrong with a sheet, and where
keys.py           the right answers to them, with their working
classes.py        the answers of a class in CSV, judged as they are read
marking.py        the answers of students judged, one network after another
grids.py          a class as a grid of signs
exercises.py      what is asked of a network
wrong_choices.py  the wrong choices of an exercise: what slips give
drawn_networks.py networks that are drawn by chance
quizzes.py        sheets of exercises
"""
