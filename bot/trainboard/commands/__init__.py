"""Commands that people write into comments: `/name` at the beginning of a line.

A comment's text becomes lines (`lines`), each a command with arguments of its types (`reading`). What there
is to command stands in `catalogue`, one module for each. All of it is values and text: who may command, what
comes of it and who is told are others' to know.
"""
