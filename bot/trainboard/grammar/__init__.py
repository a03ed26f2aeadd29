"""How commands are written into comments: `/name` at the beginning of a line.

A comment's text becomes lines (`lines`), each a command with arguments of its types (`reading`). A command
itself is declared (`declaration`) in `trainboard.commands`. Nothing here asks who may command what.
"""
