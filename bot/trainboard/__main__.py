"""`python -m trainboard`."""

from trainboard.cli import main

main(prog_name="trainboard")
