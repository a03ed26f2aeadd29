"""Each way in which GitHub can fail is the error that says what to do about it."""

from datetime import date

import pytest
import requests
import responses
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from fakes.github import read_timeout
from trainboard.errors import (
    DoubtError,
    LimitedError,
    MissingError,
    PermanentError,
    ReadOnlyError,
    TrainboardError,
    TransientError,
)
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange

SPRINT = NewIteration(name="S", start=date(2026, 1, 5), end=date(2026, 1, 18))
NEW = NewWorkItem(title="t", body="b")
HTML = "<html>Sign in</html>"


def create(tracker):
    tracker.create_item(NEW)


def read(tracker):
    list(tracker.list_iterations())


def give_reason(reason, kind=requests.ConnectionError):
    return kind(MaxRetryError(None, "/x", reason))


UNREACHABLE = [
    give_reason(NewConnectionError(None, "Connection refused")),
    give_reason(NameResolutionError("api.github.com", None, OSError("no name"))),
    give_reason(ConnectTimeoutError("too slow"), requests.ConnectTimeout),
    requests.exceptions.ProxyError("no proxy"),
]
UNKNOWN = [
    read_timeout(),
    requests.ConnectionError("Connection aborted."),
    requests.exceptions.SSLError("handshake"),
    requests.exceptions.ChunkedEncodingError("half an answer"),
]


@pytest.mark.parametrize("call", [create, read])
@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: type(error).__name__)
def test_unreachable(fake, tracker, error, call):
    """Where no connection came about, nothing was done, also by a write."""
    fake.next_fault(error=error)
    with pytest.raises(
        TransientError, match=r"^Could not .* in acme/churn: GitHub is out of reach"
    ) as caught:
        call(tracker)
    assert not isinstance(caught.value, DoubtError)
    assert 1 == len(fake.requests)


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
def test_no_answer_to_a_write(fake, tracker, error):
    """A write without an answer may have been done, and is not sent again."""
    fake.next_fault(error=error, after_commit=True)
    with pytest.raises(DoubtError, match="look before trying again"):
        create(tracker)
    assert (1, 1) == (len(fake.requests), len(fake.churn.issues))


@pytest.mark.parametrize("error", UNKNOWN, ids=lambda error: type(error).__name__)
def test_no_answer_to_a_read(fake, tracker, error):
    """A read without an answer did nothing."""
    fake.next_fault(error=error)
    with pytest.raises(TransientError, match="Nothing was changed") as caught:
        read(tracker)
    assert not isinstance(caught.value, DoubtError)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
@pytest.mark.parametrize(
    ("method", "write"),
    [
        ("POST", create),
        ("PATCH", lambda tracker: tracker.update_item("1", WorkItemChange(body="x"))),
        ("DELETE", lambda tracker: tracker.update_item("1", WorkItemChange(remove_labels=("x",)))),
    ],
)
def test_server_error_on_a_write(fake, tracker, status, method, write):
    """A 5xx to a write leaves it open whether it was done; the client sends it once."""
    fake.person_opens(fake.churn, "one", labels=["x"])
    fake.next_fault(status, body=HTML, headers={"Retry-After": "7"}, after_commit=True, method=method)
    with pytest.raises(DoubtError, match=f"GitHub answered {status}") as caught:
        write(tracker)
    assert 7 == caught.value.retry_after_seconds
    assert 1 == len(fake.calls(method))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_error_on_a_read(fake, tracker, status):
    """A 5xx to a read did nothing, and is not asked again by the client."""
    fake.next_fault(status, body=HTML)
    with pytest.raises(TransientError, match=f"GitHub answered {status}") as caught:
        read(tracker)
    assert (False, None) == (isinstance(caught.value, DoubtError), caught.value.retry_after_seconds)
    assert 1 == len(fake.requests)


@pytest.mark.parametrize("body", [HTML, "", "[", {"message": "a mapping"}, [{"number": "one"}]])
def test_success_without_the_promised_json(fake, tracker, body):
    """A proxy's page is never an empty list."""
    fake.next_fault(200, body=body)
    with pytest.raises(TransientError, match="not the JSON that GitHub promises"):
        read(tracker)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_write_without_the_promised_json(fake, tracker, status):
    """What a proxy says to a write leaves it open whether it was done."""
    fake.next_fault(status, body=HTML)
    with pytest.raises(DoubtError):
        create(tracker)


def test_accepted_read_is_not_waited_for(fake, tracker):
    """202 to a read is no answer; PyGithub would sleep and ask again for ever."""
    fake.next_fault(202, body={})
    with pytest.raises(TransientError):
        read(tracker)
    assert 1 == len(fake.requests)


def test_bad_credentials(fake, tracker):
    """A token that is wrong can be mended, and nothing is lost meanwhile."""
    fake.tokens.clear()
    with pytest.raises(
        TransientError, match=r"GitHub answered 401 \(Bad credentials\)\. Check github\.token"
    ):
        create(tracker)


def test_missing_permission_is_named(fake, tracker):
    """A refusal names the permission that GitHub wants."""
    fake.churn.push = False
    with pytest.raises(
        PermanentError, match=r"personal access token; it needs issues=write\)\. Give"
    ) as caught:
        tracker.create_iteration(SPRINT)
    assert not isinstance(caught.value, MissingError)


def test_field_messages_are_told(fake, tracker):
    """422 says which field is wrong and why."""
    with pytest.raises(PermanentError, match=r"Issue\.body body is too long \(maximum is 65536 characters\)"):
        tracker.create_item(NewWorkItem(title="t", body="x" * 65_537))


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (["Name is taken"], "No; Name is taken"),
        ("Title is odd", "No; Title is odd"),
        ([{"code": "invalid"}], "No; invalid"),
    ],
)
def test_other_forms_of_field_messages(fake, tracker, errors, words):
    """GitHub's errors are objects, texts, or one text."""
    fake.next_fault(422, body={"message": "No", "errors": errors})
    with pytest.raises(PermanentError, match=words):
        create(tracker)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413])
def test_refusal_of_a_proxy(fake, tracker, status):
    """A 4xx that is not GitHub's JSON says nothing about the item."""
    fake.next_fault(status, body=HTML)
    with pytest.raises(TransientError, match=r"github\.api_url"):
        read(tracker)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_other_redirects_of_writes(fake, tracker, status):
    """A write goes nowhere that it was not sent to."""
    fake.next_fault(status, headers={"Location": "https://elsewhere.example/x"})
    with pytest.raises(PermanentError, match=r"it stands at https://elsewhere\.example/x now"):
        create(tracker)
    assert 1 == len(fake.requests)


def test_a_read_is_led_to_no_other_host(fake, tracker):
    """Whoever stands between us and GitHub gets no token by a redirect: it is not even asked."""
    with responses.RequestsMock() as network:
        fake.join(network)
        network.assert_all_requests_are_fired = False
        network.get("https://elsewhere.example/x", json=[])
        fake.next_fault(301, headers={"Location": "https://elsewhere.example/x"})
        with pytest.raises(TrainboardError):
            read(tracker)
        asked = [call.request.url for call in network.calls]
    assert [] == [url for url in asked if "elsewhere" in url]
    assert asked


def test_redirect_to_nowhere(fake, tracker):
    """A redirect of a read without an address finds nothing that is ours."""
    fake.next_fault(301)
    with pytest.raises(PermanentError):
        read(tracker)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401, "body": {"message": "Bad credentials"}},
        {"status": 502, "body": HTML},
        {"error": requests.exceptions.InvalidHeader("bad value: 'token ghp_bot'")},
        {"status": 429, "body": {}},
    ],
)
def test_no_sentence_holds_the_token(fake, tracker, fault):
    """Errors are shown and stored; the vendor's text may quote a header and is left out."""
    fake.next_fault(**fault)
    with pytest.raises((TransientError, LimitedError)) as caught:
        create(tracker)
    assert fake.token not in str(caught.value)


def test_an_archived_repository_takes_no_writes(fake, tracker):
    """That is told apart from a missing permission, and reading goes on."""
    fake.churn.archived = True

    with pytest.raises(ReadOnlyError, match="Unarchive it"):
        create(tracker)
    read(tracker)
