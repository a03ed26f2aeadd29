"""What the doctor hears of Azure Boards."""

import pytest

from fakes.azure_devops.faults import Fault
from trainboard.diagnosis import Examinable, Grade


def look(tracker):
    return [(finding.grade, finding.message) for finding in tracker.examine()]


def test_all_is_well(azure, tracker):
    """Who we are, what items are made as, and that one would be taken; none is made."""
    assert isinstance(tracker, Examinable)
    assert [
        (Grade.OK, "Azure DevOps lets us in as Trainboard Bot."),
        (Grade.OK, "Work items are made as User Story in Churn, opened as New and closed as Closed."),
        (Grade.OK, "A User Story of team Churn ML would be taken in Churn."),
    ] == look(tracker)
    assert {} == azure.items


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"token": "wrong"}, "see who we are"),
        ({"project": "Nowhere"}, "Check the project's name"),
        ({"work_item_type": "Incident"}, "choose one of"),
    ],
)
def test_what_is_in_the_way(azure, open_tracker, options, sentence):
    """A wrong token, project or type is found, and nothing is asked after it."""
    *fine, (grade, message) = look(open_tracker(azure, **options))
    assert (Grade.FAILING, True) == (grade, sentence in message)
    assert {Grade.OK} >= {grade for grade, _ in fine}


def test_rule_that_stands_in_the_way(azure, tracker):
    """What the process would refuse is told before the first item."""
    refusal = '{"message": "TF401320: Rule Error for field Risk.", "typeKey": "RuleValidationException"}'
    azure.faults.add(Fault(status=400, body=refusal), method="POST")
    *_, (grade, message) = look(tracker)
    assert (Grade.FAILING, True) == (grade, "Rule Error for field Risk" in message)


def test_slow_down_is_no_fault(azure, tracker):
    """Being asked to wait is something to know."""
    azure.faults.add(Fault(status=429, body="{}", headers={"Retry-After": "30"}))
    assert [Grade.NOTE] == [grade for grade, _ in look(tracker)]
