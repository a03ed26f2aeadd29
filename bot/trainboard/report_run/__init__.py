"""`trainboard report-run`: a job tells the service of its training run.

It runs inside of people's training jobs: it needs the standard library only, starts fast, and ends well
where the service does not. `python -m trainboard.report_run` needs nothing but this folder and its parent.
"""

WRONG_USAGE = 2
FAILED = 1


class UsageError(Exception):
    """What was asked for cannot be meant: a sentence for whoever wrote the step."""
