"""Each way in which Azure DevOps can fail is the error that says what to do about it."""

import ssl
from datetime import timedelta

import pytest
import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.faults import ConflictError, ExistsError, MissingTeamError
from trainboard.azure_devops.models import work_item_tracking
from trainboard.errors import DoubtError, LimitedError, MissingError, PermanentError, TransientError

ITEM = "https://dev.azure.com/acme/churn/_apis/wit/workItems/7"
READ = Call(doing="read work item 7", thing="work item 7")
WRITE = Call(doing="change work item 7", writes=True, thing="work item 7")
CREATE = Call(doing="create a work item", writes=True)
PATCH = [work_item_tracking.JsonPatchOperation(op="test", path="/rev", value=3)]
SIGN_IN = "<!DOCTYPE html><title>Azure DevOps Services | Sign In</title>"


def read(organization):
    return organization.ask(
        READ, lambda clients: clients.work_item_tracking.get_work_item(7, project="churn")
    )


def write(organization, call=WRITE):
    return organization.ask(
        call, lambda clients: clients.work_item_tracking.update_work_item(PATCH, 7, project="churn")
    )


@pytest.fixture
def refuse(organization, web):
    """The error of a write that is answered so."""

    def refused(status, message="", type_key="", call=WRITE, **more):
        web.patch(ITEM, status=status, json={"message": message, "typeKey": type_key} | more)
        with pytest.raises(Exception) as caught:
            write(organization, call)
        return caught.value

    return refused


def give_reason(reason, kind=requests.ConnectionError):
    return kind(MaxRetryError(None, "/x", reason))


UNREACHABLE = [
    give_reason(NewConnectionError(None, "Connection refused")),
    give_reason(NameResolutionError("dev.azure.com", None, OSError("no name"))),
    give_reason(ConnectTimeoutError("too slow"), requests.ConnectTimeout),
    requests.exceptions.ProxyError("no proxy"),
    requests.exceptions.InvalidURL("no URL"),
]
UNKNOWN = [
    requests.ReadTimeout("secret"),
    requests.ConnectionError("Connection aborted."),
    requests.exceptions.SSLError("handshake"),
    requests.exceptions.ChunkedEncodingError("half an answer"),
    give_reason(SSLError("bad record"), requests.exceptions.SSLError),
]


@pytest.mark.parametrize("call", [read, write])
@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: type(error).__name__)
def test_unreachable(organization, web, error, call):
    """Where no connection came about, nothing was done, also by a write."""
    web.get(ITEM, body=error)
    web.patch(ITEM, body=error)
    with pytest.raises(
        TransientError, match=r"^Could not .* work item 7: Azure DevOps is out of reach"
    ) as caught:
        call(organization)
    assert not isinstance(caught.value, DoubtError)


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
def test_no_answer(organization, web, error):
    """A write without an answer may have been done; a read did nothing. The vendor's words are left out."""
    web.get(ITEM, body=error)
    web.patch(ITEM, body=error)
    with pytest.raises(DoubtError, match="look before trying again") as doubt:
        write(organization)
    with pytest.raises(TransientError, match="Nothing was changed") as caught:
        read(organization)
    assert not isinstance(caught.value, DoubtError)
    assert "secret" not in f"{doubt.value}{caught.value}"


def test_a_certificate_of_ones_own(organization, web):
    """A server behind a company's own authority is the usual case: the sentence says what to set."""
    error = SSLError(ssl.SSLCertVerificationError("self-signed certificate in certificate chain"))
    web.patch(ITEM, body=give_reason(error, requests.exceptions.SSLError))
    with pytest.raises(TransientError, match="REQUESTS_CA_BUNDLE") as caught:
        write(organization)
    assert not isinstance(caught.value, DoubtError)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401, "body": ""},
        {"status": 401, "json": {"message": "TF400813: The user is not authorized."}},
        {"status": 203, "body": SIGN_IN, "content_type": "text/html; charset=utf-8"},
        {"status": 200, "body": SIGN_IN, "content_type": "text/html"},
        {
            "status": 302,
            "headers": {"Location": "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev"},
        },
        {"status": 302, "headers": {"Location": "https://login.microsoftonline.com/common"}},
    ],
    ids=lambda answer: str(answer["status"]),
)
def test_not_signed_in(organization, web, answer):
    """A token that expired, was revoked or is global: each waits for a new one, and nothing is lost."""
    web.patch(ITEM, **answer)
    with pytest.raises(TransientError) as caught:
        write(organization)
    assert not isinstance(caught.value, DoubtError)
    said = str(caught.value)
    assert said.startswith(f"Could not change work item 7: Azure DevOps answered {answer['status']}")
    assert "2026-12-01. Make one for this organisation alone" in said
    assert "pat-of-acme" not in said


def test_what_the_answer_says_is_kept(refuse):
    """The package loses the message of most errors."""
    said = (
        "Could not change work item 7: Azure DevOps answered 401 (TF400813: Not you). We are not signed in."
    )
    assert str(refuse(401, "TF400813: Not you.")).startswith(said)


def test_an_organization_that_moved(organization, web):
    """What follows the address in the answer may be secret, and is left out."""
    web.get(ITEM, status=302, headers={"Location": "https://dev.azure.com/new/x?token=secret"})
    with pytest.raises(
        TransientError, match=r"stands at https://dev\.azure\.com/new/x now\. Put the"
    ) as caught:
        read(organization)
    assert "secret" not in str(caught.value)


# fmt: off
REFUSALS = [
    (412, "VS403351: Test failed.", "TestPatchOperationFailedException", ConflictError, "read it again"),
    (409, "TF26071: Changed.", "WorkItemRevisionMismatchException", ConflictError, "read it again"),
    (409, "Busy", "", ConflictError, "read it again"),
    (412, "The page has changed", "", ConflictError, "read it again"),
    (409, "VS402371", "ClassificationNodeDuplicateNameException", ExistsError, "There is one already"),
    (400, "TF201036: Relation already exists.", "", ExistsError, "There is one already"),
    (404, "TF200016", "ProjectDoesNotExistWithNameException", TransientError, "Check the project's name"),
    (400, "VS800075: churn", "ProjectDoesNotExistException", TransientError, "Check the project's name"),
    (404, "No team red", "TeamNotFoundException", MissingTeamError, "Check the team's name"),
    (404, "VS402323: Bug", "WorkItemTypeNotFoundException", PermanentError, "no such type of work item"),
    (400, "TF401326: System.BoardColumn", "RuleValidationException", PermanentError, "field is read-only"),
    (400, "TF401320: Rule Error for Effort.", "RuleValidationException", PermanentError, "relax them"),
    (400, "TF401347: Sprint 9", "WorkItemFieldInvalidTreeNameException", PermanentError, "no such area or"),
    (400, "Too many", "WorkItemTagLimitExceededException", PermanentError, "100 tags: take some away"),
    (400, "Only work items with up to 10000 revisions are supported.", "", PermanentError, "let a new one"),
    (400, "TF400497", "InvalidTeamSettingsException", TransientError, "Give the team a backlog iteration"),
    (408, "VS402335", "WorkItemTrackingQueryTimeoutException", TransientError, "tried again"),
    (403, "TF50309: You lack View", "AccessCheckException", PermanentError, "Give the token the scope"),
    (413, "Too large", "", PermanentError, "Send less"),
    (400, "Value cannot be null.", "ArgumentNullException", PermanentError, "Correct what it names"),
    (404, "TF401232: None", "WorkItemUnauthorizedAccessException", MissingError, "or we may not see it"),
    (410, "Gone", "BuildNotFoundException", MissingError, "Either work item 7 is not there"),
    (503, "TF24668: The organization was deactivated.", "", TransientError, "Wake the organisation up"),
]
# fmt: on


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case[0]} {case[1]}")
def test_refusals(refuse, case):
    """Nothing was done, and the sentence holds what was tried, what came back and what to do."""
    status, message, type_key, error, advice = case
    refused = refuse(status, message, type_key)
    assert error is type(refused)
    said = str(refused)
    assert said.startswith(
        f"Could not change work item 7: Azure DevOps answered {status} ({message.rstrip('.')})."
    )
    assert advice in said


def test_which_field_breaks_which_rule(refuse):
    """The message names the field for people, and the properties name it for whoever must change it."""
    fault = {"fieldReferenceName": "Custom.Cost", "fieldStatusFlags": "required, invalidEmpty"}
    refused = refuse(
        400,
        "TF401320: Rule Error for field Cost.",
        "RuleValidationException",
        customProperties={"RuleValidationErrors": [fault]},
    )
    assert "Rule Error for field Cost; Custom.Cost: required, invalidEmpty)." in str(refused)


def test_missing_where_nothing_was_named(refuse):
    """A parent or a type that is not there does not mean that the item is gone."""
    refused = refuse(404, "TF401232: None", "WorkItemUnauthorizedAccessException", CREATE)
    assert (PermanentError, True) == (type(refused), "Something that it names is not there" in str(refused))


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_trouble(organization, web, status):
    """What happens on their side leaves a doubt after a write; their message and their time are kept."""
    web.patch(ITEM, status=status, json={"message": "TF400898: Broken."}, headers={"Retry-After": "7"})
    with pytest.raises(DoubtError, match=rf"for sure: .* {status} \(TF400898: Broken\)\.") as doubt:
        write(organization)
    assert 7 == doubt.value.retry_after_seconds


@pytest.mark.parametrize("status", [408, 500])
def test_trouble_of_a_read(organization, web, status):
    """A read did nothing."""
    web.get(ITEM, status=status, body="<html>Bad gateway</html>", content_type="text/html")
    with pytest.raises(TransientError, match=f"answered {status}. Nothing was changed") as caught:
        read(organization)
    assert not isinstance(caught.value, DoubtError)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", "<html>"),
        (404, "text/plain", "Page not found."),
        (403, "text/html", "<html>Blocked by policy"),
        (400, "text/html", ""),
        (404, "application/json", '{"message":"no route matched"}'),
        (404, "application/json", '{"count":1,"value":{"Message":"No HTTP resource was found"}}'),
    ],
)
def test_somebody_else_answers(organization, web, status, kind, body):
    """A wrong address or a proxy is mended by an operator, and does not mean that the item is gone."""
    web.get(ITEM, status=status, body=body, content_type=kind)
    with pytest.raises(TransientError, match=r"Check azure_devops\.organization_url"):
        read(organization)


def test_no_body_at_all(organization, web):
    """What has no body, as the answer to HEAD, is as good as null."""
    web.get(ITEM, status=404, content_type="application/json")
    with pytest.raises(MissingError):
        read(organization)


@pytest.mark.parametrize("status", [420, 499])
def test_a_status_of_their_own(refuse, status):
    """Not every status is in the books."""
    assert PermanentError is type(refuse(status, "Enhance your calm"))


BLOCKED = "TF400733: Request was blocked due to exceeding usage of resource 'RateLimit'."


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [(429, {"Retry-After": "300"}, 300), (429, {}, 60), (403, {"Retry-After": "5"}, 5), (503, {}, 60)],
)
def test_too_fast(organization, web, clock, status, headers, seconds):
    """A limit is no failure: nothing was done, and nobody asks before the time has passed."""
    web.patch(ITEM, status=status, json={"message": BLOCKED}, headers=headers)
    with pytest.raises(
        LimitedError, match=rf"answered {status}, slow down for {seconds} seconds\.$"
    ) as caught:
        write(organization)
    assert seconds == caught.value.retry_after_seconds
    with pytest.raises(LimitedError, match="Did not read work item 7 yet"):
        read(organization)
    assert 1 == len(web.calls)
    clock.forward(seconds=seconds)
    web.get(ITEM, json={"id": 7})
    assert 7 == read(organization).id


def test_too_fast_in_plain_text(organization, web):
    """429 alone is enough, whatever stands in it."""
    web.patch(ITEM, status=429, body="<html>", content_type="text/html")
    with pytest.raises(LimitedError):
        write(organization)


def test_a_server_that_gave_up(organization, web):
    """The code of a limit stands for a time-out of theirs too: that leaves a doubt."""
    web.patch(ITEM, status=500, json={"message": "TF400733: The request has exceeded request timeout"})
    with pytest.raises(DoubtError):
        write(organization)


def test_slow_down_after_it_was_done(organization, web, clock):
    """Retry-After beside 200: the call counts, the next must wait until the usage is back at nothing."""
    reset = str(int((clock() + timedelta(seconds=240)).timestamp()))
    web.get(
        ITEM,
        json={"id": 7},
        headers={"Retry-After": "30", "X-RateLimit-Reset": reset, "X-RateLimit-Delay": "5.2"},
    )
    assert 7 == read(organization).id
    with pytest.raises(LimitedError) as caught:
        read(organization)
    assert 240 == caught.value.retry_after_seconds
