"""Signing in with a token or an App, and knowing what is ours."""

import threading

import jwt
import pytest

from fakes.github.keys import make_key, make_pem
from fakes.github.state import Actor, App
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import DoubtError, LimitedError, TransientError
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.trackers.github import PERMISSIONS, GitHubTracker
from trainboard.work_items import NewWorkItem, WorkItemChange

NEW = NewWorkItem(title="t", body="b")
INSTALLATION = "GET /repos/acme/churn/installation"
ACCESS_TOKEN = "POST /app/installations/100/access_tokens"


@pytest.fixture
def app_tracker(fake, clock):
    made = GitHubTracker(
        repository="acme/churn",
        credential=AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS),
        clock=clock,
    )
    yield made
    made.close()


def test_app_signs_in(fake, app_tracker):
    """The App finds its installation, gets a token that may do little in one repository, and uses it."""
    app_tracker.create_item(NEW)
    assert [INSTALLATION, ACCESS_TOKEN, "POST /repos/acme/churn/issues"] == fake.calls()
    wanted = {"repositories": ["churn"], "permissions": {"issues": "write", "metadata": "read"}}
    assert wanted == fake.requests[1].json
    assert fake.requests[2].headers["Authorization"].startswith("token ghs_")


def test_app_proves_itself(fake, app_tracker):
    """The request for the token is signed by the App's key and names the App."""
    app_tracker.create_item(NEW)
    kind, _, signed = fake.requests[0].headers["Authorization"].partition(" ")
    claims = jwt.decode(signed, make_key().public_key(), algorithms=["RS256"], options={"verify_exp": False})
    assert ("Bearer", "4711") == (kind, claims["iss"])


def test_app_token_is_fetched_once(fake, clock):
    """Eight threads that start together, on two trackers, fetch one token."""
    credential = AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    trackers = [GitHubTracker(repository="acme/churn", credential=credential, clock=clock) for _ in range(2)]
    barrier = threading.Barrier(8)

    def work(tracker):
        barrier.wait()
        tracker.create_item(NEW)
        tracker.close()

    threads = [threading.Thread(target=work, args=(trackers[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (1, 8) == (fake.calls().count(ACCESS_TOKEN), len(fake.churn.issues))


def test_app_token_is_renewed_early(fake, app_tracker, clock):
    """A token is renewed five minutes before it ends and not sooner."""
    app_tracker.create_item(NEW)
    clock.forward(minutes=54)
    app_tracker.create_item(NEW)
    clock.forward(minutes=1)
    app_tracker.create_item(NEW)
    assert 2 == fake.calls().count(ACCESS_TOKEN)


def test_revoked_app_token_is_replaced(fake, app_tracker):
    """An App that was installed anew works with the next call, not with the next hour."""
    app_tracker.create_item(NEW)
    fake.tokens.clear()
    with pytest.raises(TransientError, match="401"):
        app_tracker.create_item(NEW)
    app_tracker.create_item(NEW)
    assert (2, 2) == (fake.calls().count(ACCESS_TOKEN), len(fake.churn.issues))


def test_each_repository_has_its_token(fake, clock):
    """A token for one repository is not used on another."""
    fake.add_repository("acme/fraud")
    credential = AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    for name in ("acme/churn", "acme/fraud"):
        tracker = GitHubTracker(repository=name, credential=credential, clock=clock)
        tracker.create_item(NEW)
        tracker.close()
    assert [["churn"], ["fraud"]] == [
        asked.json["repositories"] for asked in fake.requests if str(asked) == ACCESS_TOKEN
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401, "body": {"message": "A JSON web token could not be decoded"}},
        {"status": 404, "body": {"message": "Not Found"}},
        {"status": 502, "body": "<html>", "method": "POST"},
        {"status": 422, "body": {"message": "The permissions requested are not granted"}, "method": "POST"},
    ],
)
def test_failed_sign_in_did_nothing(fake, app_tracker, fault):
    """Whatever happens before the token is there, the write itself was not sent."""
    fake.next_fault(**fault)
    with pytest.raises(TransientError, match="Is the App installed on acme/churn") as caught:
        app_tracker.create_item(NEW)
    assert not isinstance(caught.value, DoubtError)
    assert "POST /repos/acme/churn/issues" not in fake.calls()


def test_permissions_that_lack_are_named(fake, app_tracker):
    """GitHub would refuse the token without a name; it is not asked for one."""
    fake.granted["issues"] = "read"
    with pytest.raises(TransientError, match=r"it lacks issues: write\. Grant it") as caught:
        app_tracker.create_item(NEW)
    assert (False, ["GET /repos/acme/churn/installation"]) == (
        isinstance(caught.value, DoubtError),
        fake.calls(),
    )


@pytest.mark.parametrize("granted", [{"issues": "admin", "metadata": "read"}, None])
def test_more_than_needed_or_not_told(fake, app_tracker, granted):
    """An App with higher permissions signs in; on a server that tells none, it is tried."""
    shape = fake.shapes.installation(fake.app, fake.churn, granted)
    fake.next_fault(200, body=shape)
    app_tracker.create_item(NEW)
    assert "POST /repos/acme/churn/issues" in fake.calls()


def test_limited_sign_in(fake, app_tracker):
    """A limit met while signing in is a limit."""
    fake.next_fault(429, headers={"Retry-After": "5"}, body={"message": "slow"})
    with pytest.raises(LimitedError):
        app_tracker.create_item(NEW)


def test_broken_private_key(fake, clock):
    """A key that is none is told without showing it."""
    tracker = GitHubTracker(
        repository="acme/churn",
        credential=AppCredential(1, "no key", MemoryBudgets(clock), PERMISSIONS),
        clock=clock,
    )
    with pytest.raises(TransientError, match=r"check github\.private_key") as caught:
        tracker.create_item(NEW)
    assert "no key" not in str(caught.value)


@pytest.mark.parametrize("token", ["", "  ", "two words", "schlüssel"])
def test_broken_token(token, clock):
    """A token that no header can hold is refused at once, without showing it."""
    with pytest.raises(ValueError, match=r"github\.token") as caught:
        TokenCredential(token, MemoryBudgets(clock))
    assert (token.strip() or "schl") not in str(caught.value)


def test_token_from_a_file(fake, clock):
    """The line end of a file is no part of the token."""
    tracker = GitHubTracker(
        repository="acme/churn", credential=TokenCredential("ghp_bot\n", MemoryBudgets(clock)), clock=clock
    )
    tracker.create_item(NEW)
    tracker.close()
    assert "token ghp_bot" == fake.requests[0].headers["Authorization"]


def test_token_owner_is_asked_once(fake, tracker):
    """Who the token belongs to is asked at the first look and then known."""
    mine = tracker.create_item(NEW)
    theirs = fake.person_opens(fake.churn, "theirs")
    assert (True, False) == (tracker.get_item(mine.ref).ours, tracker.get_item(str(theirs.number)).ours)
    assert 1 == fake.calls().count("GET /user")


def test_failed_question_who_we_are(fake, tracker):
    """If it cannot be found out who we are, nothing is answered and nothing is written."""
    fake.person_opens(fake.churn, "one")
    fake.next_fault(502)
    with pytest.raises(TransientError) as caught:
        tracker.update_item("1", WorkItemChange(body="x"))
    assert (False, ["GET /user"]) == (isinstance(caught.value, DoubtError), fake.calls())


def test_token_that_may_not_ask(fake, tracker):
    """A workflow's token may not ask who it is; then the marker alone decides."""
    fake.may_ask_user = False
    fake.person_opens(fake.churn, "theirs")
    assert tracker.get_item("1").ours
    assert tracker.get_item("1").ours
    assert 1 == fake.calls().count("GET /user")


@pytest.mark.parametrize("login", ["Churn-Bot", "churn-bot"])
def test_login_in_other_case(fake, tracker, login):
    """GitHub's logins ignore case."""
    issue = fake.person_opens(fake.churn, "one")
    issue.author = Actor(login, 3)
    assert tracker.get_item("1").ours


def test_deleted_account_is_not_us(fake, tracker):
    """Of an issue whose author is gone GitHub shows no user; it is not ours."""
    issue = fake.person_opens(fake.churn, "one")
    shape = fake.shapes.issue(fake.churn, issue) | {"user": None}
    tracker.get_item("1")
    fake.next_fault(200, body=shape)
    assert not tracker.get_item("1").ours


@pytest.mark.parametrize(
    ("author", "ours"),
    [
        (Actor("anybody", 9, App(4711, "trainboard")), True),
        (Actor("anybody", 9, App(15368, "github-actions")), False),
        (Actor("trainboard[bot]", 5), True),
        (Actor("dependabot[bot]", 6), False),
        (Actor("ana", 2), False),
    ],
)
def test_what_the_app_made(fake, app_tracker, author, ours):
    """The App's own work is known by the App's id, and by its bot's login where GitHub names no App."""
    fake.person_opens(fake.churn, "one").author = author
    assert ours == app_tracker.get_item("1").ours


def test_app_by_client_id(fake, clock):
    """An App may be named by its client id."""
    tracker = GitHubTracker(
        repository="acme/churn",
        credential=AppCredential(fake.app.client_id, make_pem(), MemoryBudgets(clock), PERMISSIONS),
        clock=clock,
    )
    fake.person_opens(fake.churn, "one").author = Actor("x", 9, fake.app)
    assert tracker.get_item("1").ours
    tracker.close()


def test_app_without_slug(fake, app_tracker, clock):
    """An old server does not tell the App's name; then only the App's id proves that it is ours."""
    fake.person_opens(fake.churn, "one").author = Actor("trainboard[bot]", 5)
    fake.next_fault(200, body={"id": 100})
    assert not app_tracker.get_item("1").ours


def test_comments_know_their_author(fake, tracker):
    """A comment that is changed stays its author's."""
    tracker.create_item(NEW)
    made = tracker.create_comment("1", "x")
    fake.churn.issues[1].comments[0].author = Actor("ana", 2)
    changed = tracker.update_comment("1", made.ref, "y")
    assert (True, False) == (made.ours, changed.ours)


def test_revoked_token_of_the_question(fake, tracker):
    """A revoked token is told as such and not taken for one that may not ask."""
    fake.tokens.clear()
    with pytest.raises(TransientError, match="401"):
        tracker.get_item("1")
    with pytest.raises(TransientError, match="401"):
        tracker.get_item("1")
