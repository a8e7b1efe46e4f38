"""What somebody says of a network: right, wrong, and what went wrong.

written.py      values as people write them
claims.py       the grammar of claims, and what holds
places.py       the rows that a claim is about
own_numbers.py  a student's own numbers, which later answers go on from
verdicts.py     verdicts on claims
listings.py     verdicts as rows
workings.py     the arithmetic of an answer
alternatives.py what other ways give: every variation, put through the trace
miscounts.py    rows that an answer leaves out or counts twice
variations.py   what another way to an answer is
conventions.py  the one table of conventions: other people's right answers
slips.py        the one table of slips: the ways in which people go wrong
wrong_sizes.py  the wrong ways to sizes and depths
wrong_counts.py the wrong ways to parameters, MACs and bytes
wrong_fields.py the wrong ways to receptive fields
typed.py        what a layer's text says itself, which excludes its contrary
digits.py       slips of the pen
namesakes.py    networks that go by one name: another input, a stride moved
sheets.py       sheets of questions in TOML
classes.py       the answers of a class in CSV, judged as they are read
quizzes.py      exercises, whose wrong choices are the slips
"""
