"""What a check is about, told by its name."""

import pytest

from fakes.pull_requests import check
from trainboard.check_groups import Group, group_checks, group_of


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("CI / lint", Group.LINT),
        ("ruff", Group.LINT),
        ("type_check (3.12)", Group.LINT),
        ("test (3.12, ubuntu-latest)", Group.UNIT_TESTS),
        ("codecov/patch", Group.UNIT_TESTS),
        ("Unit_Tests", Group.UNIT_TESTS),
        ("data-tests", Group.DATA_TESTS),
        ("Great Expectations", Group.DATA_TESTS),
        ("validate data schema", Group.DATA_TESTS),
        ("train-model", Group.TRAINING),
        ("churn / Training", Group.TRAINING),
        ("evaluate", Group.EVALUATION),
        ("model validation", Group.EVALUATION),
        ("CodeQL", Group.SECURITY),
        ("security / secrets", Group.SECURITY),
        ("Terraform plan", Group.INFRASTRUCTURE),
        ("bicep what-if", Group.INFRASTRUCTURE),
        ("tflint", Group.INFRASTRUCTURE),
        ("build", Group.OTHER),
        ("constraint", Group.OTHER),
        ("latest", Group.OTHER),
        ("\u200b", Group.OTHER),
    ],
)
def test_a_name_tells_the_group(name, group):
    """By the beginnings of its words."""
    assert group is group_of(check(name))


def test_groups_stand_in_one_order_and_their_checks_by_name():
    """A group without a check is left out."""
    checks = [check(name) for name in ("build", "test b", "test a", "ruff")]
    found = {group: [each.name for each in some] for group, some in group_checks(checks).items()}

    assert {Group.LINT: ["ruff"], Group.UNIT_TESTS: ["test a", "test b"], Group.OTHER: ["build"]} == found
    assert [Group.LINT, Group.UNIT_TESTS, Group.OTHER] == list(found)
