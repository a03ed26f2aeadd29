"""What an answer that refuses says, in each form in which Azure DevOps says it."""

import pytest

from trainboard.azure_devops.calls import Answer
from trainboard.azure_devops.refusals import FieldFault, Refusal, parse_refusal

EFFORT = "Microsoft.VSTS.Scheduling.Effort"

MISSING = (
    '{"$id":"1","innerException":null,"message":"TF401232: Work item 7 does not exist.",'
    '"typeName":"X.WorkItemUnauthorizedAccessException, X",'
    '"typeKey":"WorkItemUnauthorizedAccessException","errorCode":0,"eventId":3200}'
)


def refuse(text, kind="application/json; charset=utf-8"):
    return parse_refusal(Answer(status=400, headers={"content-type": kind}, text=text))


@pytest.mark.parametrize(
    ("text", "kind", "refusal"),
    [
        (
            MISSING,
            "application/json",
            Refusal(
                message="TF401232: Work item 7 does not exist.",
                type_key="WorkItemUnauthorizedAccessException",
            ),
        ),
        (
            '{"count":1,"value":{"Message":"No\\r\\n controller."}}',
            "application/json",
            Refusal(message="No controller."),
        ),
        (
            '{"ClassName":"System.Exception","Message":"Broken."}',
            "application/json",
            Refusal(message="Broken."),
        ),
        ("Page  not\nfound.", "text/plain; charset=utf-8", Refusal(message="Page not found.")),
        ("<html>Sign in</html>", "text/html", Refusal()),
        ("null", "application/json", Refusal()),
        ("", "", Refusal()),
        ("{", "application/json", Refusal()),
        ('{"message": 5}', "application/json", Refusal()),
        ('{"count":2,"value":[]}', "application/json", Refusal()),
    ],
)
def test_forms(text, kind, refusal):
    """Each form is read; what has none is a refusal without reasons, never an error."""
    assert refusal == refuse(text, kind)


def test_fields():
    """Which fields break which rules of the process stands in the reasons."""
    refusal = refuse(
        '{"message":"TF401320: Rule Error for field Effort.","typeKey":"RuleValidationException",'
        '"customProperties":{"RuleValidationErrors":['
        f'{{"fieldReferenceName":"{EFFORT}","fieldStatusFlags":"required, invalidEmpty","errorMessage":"x"}},'
        '{"fieldReferenceName":"System.State","errorMessage":"TF401320: State."},'
        '{"fieldReferenceName":"System.Title"},{}]}}'
    )
    assert FieldFault(EFFORT, "required, invalidEmpty", "x") == refusal.faults[0]
    assert (
        f"TF401320: Rule Error for field Effort; {EFFORT}: required, invalidEmpty; "
        "System.State: TF401320: State; System.Title"
    ) == refusal.render_reasons()


def test_long_reasons():
    """A message may quote a whole description: it is cut."""
    assert 500 == len(refuse(f'{{"message":"{"x" * 2000}"}}').render_reasons())
