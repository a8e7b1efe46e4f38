"""What users of Python and of notebooks hold; it shows itself.

report.py a report with its table and HTML
"""
