"""GitHub's limits: seen in every shape, told at once with the time to wait, and kept to."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from fakes.github.keys import make_pem
from trainboard.budgets import Lane, Quota, in_lane
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import LimitedError, PermanentError
from trainboard.github.calls import Answer, Call
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.github.limits import find_quota, is_limit, read
from trainboard.trackers.github import PERMISSIONS, GitHubTracker
from trainboard.work_items import NewWorkItem

NEW = NewWorkItem(title="t", body="b")
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
START = 1767603600  # 2026-01-05 09:00 UTC


def create(tracker):
    tracker.create_item(NEW)


def date_of(clock, **span):
    return format_datetime(clock.now + timedelta(**span), usegmt=True)


def wait_of(tracker, fake):
    """The seconds that an answer asks to wait, and how many requests it took."""
    with pytest.raises(LimitedError) as caught:
        create(tracker)
    return caught.value.retry_after_seconds, len(fake.requests)


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (403, {"Retry-After": "90"}, SECONDARY, 90),
        (403, {"gh-limited-by": "search-elapsed-time", "X-RateLimit-Remaining": "4000"}, "Forbidden", 60),
        (403, {"X-RateLimit-Remaining": "4000"}, SECONDARY, 60),
        (403, {}, "You have triggered an abuse detection mechanism.", 60),
        (403, {}, "This endpoint is busy. Please retry your request again later.", 60),
        (
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(START + 300)},
            "API rate limit exceeded",
            301,
        ),
        (403, {"X-RateLimit-Remaining": "0"}, "API rate limit exceeded for installation ID 1.", 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(START - 300)}, "late", 1),
        (429, {"Retry-After": "45"}, SECONDARY, 45),
        (429, {"Retry-After": "0"}, SECONDARY, 1),
        (429, {}, SECONDARY, 60),
        (429, {"Retry-After": "soon"}, SECONDARY, 60),
        (429, {"Retry-After": "1e999"}, SECONDARY, 60),
        (429, {"Retry-After": "99999999999999999999"}, SECONDARY, 86_400),
        (
            429,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(START + 10)},
            "API rate limit exceeded",
            11,
        ),
    ],
)
def test_shapes(fake, tracker, status, headers, message, seconds):
    """Each shape of a limit is one, with the time that it names or a minute; it is sent once."""
    fake.next_fault(status, headers=headers, body={"message": message})
    assert (seconds, 1) == wait_of(tracker, fake)


def test_limit_as_page(fake, tracker):
    """A limit that comes as a page instead of JSON is one too."""
    fake.next_fault(403, body="<p>You have exceeded a secondary rate limit</p>")
    assert (60, 1) == wait_of(tracker, fake)


def test_retry_after_as_date(fake, tracker, clock):
    """Retry-After may be a date; without a Date header it is reckoned by our clock."""
    fake.next_fault(429, headers={"Retry-After": date_of(clock, seconds=120)}, body={"message": "slow"})
    assert (120, 1) == wait_of(tracker, fake)


def test_dates_by_the_servers_clock(fake, tracker, clock):
    """With a Date header the server's clock counts, however wrong ours is."""
    headers = {"Retry-After": date_of(clock, hours=2), "Date": date_of(clock, hours=2, seconds=-30)}
    fake.next_fault(429, headers=headers, body={"message": "slow"})
    assert (30, 1) == wait_of(tracker, fake)


def test_permission_is_no_limit(fake, tracker):
    """403 with requests left and other words is a refusal."""
    fake.next_fault(
        403, headers={"X-RateLimit-Remaining": "4000"}, body={"message": "Must have admin rights"}
    )
    with pytest.raises(PermanentError):
        create(tracker)


def test_nothing_is_sent_while_limited(fake, tracker, clock):
    """Until the time has come calls fail before they are sent; then they go out."""
    fake.next_fault(429, headers={"Retry-After": "90"}, body={"message": "slow"})
    wait_of(tracker, fake)
    clock.forward(seconds=30)
    assert (60, 1) == wait_of(tracker, fake)
    clock.forward(seconds=60)
    create(tracker)
    assert 2 == len(fake.requests)


def test_waits_without_a_named_time_double(fake, tracker, clock):
    """Limits in a row that name no time are waited for longer each time, up to an hour."""
    waits = []
    for _ in range(8):
        fake.next_fault(403, body={"message": SECONDARY})
        waits.append(wait_of(tracker, fake)[0])
        clock.forward(hours=2)
    assert [60, 120, 240, 480, 960, 1920, 3600, 3600] == waits
    create(tracker)
    fake.next_fault(403, body={"message": SECONDARY})
    assert 60 == wait_of(tracker, fake)[0]


def test_empty_hourly_budget_stops_the_next_call(fake, tracker, clock):
    """After the last request of the hour nothing is sent before the reset, by any tracker of the token."""
    fake.remaining = 1
    create(tracker)
    other = GitHubTracker(repository="acme/other", credential=tracker._credential, clock=clock)
    assert (3601, 1) == wait_of(other, fake)
    fake.remaining = 5000
    clock.forward(seconds=3601)
    create(tracker)


def test_budgets_do_not_share_a_limit(fake, tracker, clock):
    """Who counts elsewhere is not held back."""
    fake.next_fault(429, headers={"Retry-After": "90"}, body={"message": "slow"})
    wait_of(tracker, fake)
    other = GitHubTracker(
        repository="acme/churn", credential=TokenCredential(fake.token, MemoryBudgets(clock)), clock=clock
    )
    create(other)
    other.close()


def test_installations_do_not_share_a_limit(fake, clock):
    """An App has one budget for each owner of repositories, whatever the repository and its spelling."""
    budgets = Names()
    credential = AppCredential(4711, make_pem(), budgets, PERMISSIONS)
    for repository in ("acme/churn", "ACME/fraud", "beta/churn"):
        GitHubTracker(repository=repository, credential=credential, clock=clock)
    app = "github:api.github.com/app:4711"
    assert {app, f"{app}/acme", f"{app}/beta"} == set(budgets.asked)


def test_a_token_has_one_budget(clock):
    """The token's name does not tell the token."""
    budgets = Names()
    credential = TokenCredential("ghp_secret", budgets)
    for api_url in ("https://api.github.com", "https://hub.example:8443/api/v3"):
        GitHubTracker(repository="acme/churn", credential=credential, api_url=api_url, clock=clock)
    assert ["github:api.github.com/token", "github:hub.example:8443/token"] == budgets.asked


class Names:
    """Budgets that remember what they were asked for."""

    def __init__(self):
        self.asked = []

    def of(self, account, _windows):
        self.asked.append(account)


def test_writes_of_a_minute(fake, tracker, clock):
    """The sixty-first write of a minute waits for the first to be a minute old, and a call may be late."""
    with in_lane(Lane.COMMAND):
        create(tracker)
        clock.forward(seconds=20)
        for _ in range(59):
            create(tracker)
        assert (55, 60) == wait_of(tracker, fake)
        tracker.get_item("1")
        clock.forward(seconds=55)
        create(tracker)


def test_the_lane_reaches_the_budget(fake, tracker):
    """Calls go in the lane that the engine set; those of none are chatter and leave a reserve."""
    for _ in range(42):
        create(tracker)
    with pytest.raises(LimitedError, match=r"Did not create an issue in .*: the writes of one minute"):
        create(tracker)
    with in_lane(Lane.COMMAND):
        create(tracker)
    assert 43 == len(fake.requests)


@pytest.mark.parametrize(
    ("limited", "body"),
    [
        (True, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}),
        (True, {"data": None, "errors": [{"message": SECONDARY}]}),
        (False, {"errors": [{"type": "NOT_FOUND", "message": "Could not resolve to a node."}]}),
        (False, {"title": 'errors: "RATE_LIMITED"', "errors": "rate limit"}),
        (False, {"title": "rate limit"}),
    ],
)
def test_graphql_answers_200(limited, body):
    """GraphQL says that it was too much, and did nothing, with 200; other answers may speak of limits."""
    assert limited == is_limit(Answer(status=200, headers={}, text=json.dumps(body)))


def test_graphql_limit_of_the_client(fake, tracker):
    """A call that GraphQL did not do for its pace is one that was limited."""
    headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(START + 9)}
    fake.next_fault(200, headers=headers, body={"errors": [{"type": "RATE_LIMITED"}]})
    with pytest.raises(LimitedError, match="GitHub answered 200, slow down for 10 seconds"):
        tracker._client.send(Call(doing="look", path="/user"))


RATE = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "17", "x-ratelimit-reset": str(START + 300)}


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        (RATE, Quota(limit=5000, remaining=17, resets_in_seconds=301)),
        (RATE | {"x-ratelimit-resource": "core"}, Quota(limit=5000, remaining=17, resets_in_seconds=301)),
        (RATE | {"x-ratelimit-resource": "search"}, None),
        (RATE | {"x-ratelimit-remaining": "many"}, None),
        (RATE | {"x-ratelimit-reset": "-1"}, Quota(limit=5000, remaining=17, resets_in_seconds=1)),
        ({}, None),
    ],
)
def test_quota(clock, headers, quota):
    """What is left of the hour is told by every answer; that of searches is another one."""
    assert quota == find_quota(Answer(status=200, headers=headers, text=""), clock())


def test_an_answer_of_success_names_no_wait(clock):
    """Retry-After beside 201 is nothing that GitHub documents, and 304 costs nothing."""
    answers = [Answer(status=status, headers={"retry-after": "5"}, text="") for status in (201, 304)]
    assert [(False, None)] * 2 == [
        (notice.limited, notice.wait_seconds) for notice in (read(answer, clock()) for answer in answers)
    ]
