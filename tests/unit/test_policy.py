"""Which experiments a source plans."""

import pytest

from trainboard.policy import Door


@pytest.mark.parametrize(
    ("globs", "planned"),
    [
        ((), False),
        (("churn-*",), True),
        (("Churn-*",), False),
        (("scratch", "churn-xg?"), True),
        (("churn",), False),
        (("*",), True),
        (("[!c]*",), False),
    ],
)
def test_experiments_are_chosen_by_globs(globs, planned):
    """Case counts, one match is enough, and without globs nothing is planned."""
    assert planned == Door(name="runs/ci", project="churn", experiments=globs).plans("churn-xgb")
