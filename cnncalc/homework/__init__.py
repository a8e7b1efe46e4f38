"""What somebody says of a network: right, wrong, and what went wrong.

claims.py      the grammar of claims, and what holds
verdicts.py    verdicts on claims, and the slips that lead to wrong ones
variations.py  what another way to an answer is
conventions.py the one table of conventions: other people's right answers
slips.py       the one table of slips: the ways in which people go wrong
namesakes.py   networks that go by one name: another input, a stride moved
sheets.py      questions in TOML, the answers of a class in CSV
quizzes.py     exercises, whose wrong choices are the slips
"""
