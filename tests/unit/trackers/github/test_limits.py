"""GitHub's limits: seen in every shape, told at once with the time to wait, and kept to."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from trainboard.errors import LimitedError, PermanentError
from trainboard.trackers.github import GitHubTracker, TokenCredential
from trainboard.trackers.github.calls import Answer
from trainboard.trackers.github.limits import Limiter
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


def test_shorter_wait_does_not_undo_a_longer(clock):
    """Answers overtake each other between threads; the longest wait holds."""
    limiter = Limiter()
    waits = [
        limiter.note(Answer(status=429, headers={"retry-after": seconds}, text=""), clock())
        for seconds in ("90", "5")
    ]
    assert [90, 5] == waits
    with pytest.raises(LimitedError, match=r"Did not look yet: .* 90 more seconds"):
        limiter.admit("look", clock(), writes=False)


def test_empty_hourly_budget_stops_the_next_call(fake, tracker, clock):
    """After the last request of the hour nothing is sent before the reset, by any tracker of the token."""
    fake.remaining = 1
    create(tracker)
    other = GitHubTracker(repository="acme/other", credential=tracker._credential, clock=clock)
    assert (3601, 1) == wait_of(other, fake)
    fake.remaining = 5000
    clock.forward(seconds=3601)
    create(tracker)


def test_credentials_do_not_share_a_limit(fake, tracker, clock):
    """Another token has its own budget."""
    fake.next_fault(429, headers={"Retry-After": "90"}, body={"message": "slow"})
    wait_of(tracker, fake)
    other = GitHubTracker(repository="acme/churn", credential=TokenCredential(fake.token), clock=clock)
    create(other)
    other.close()


def test_writes_of_a_minute(fake, tracker, clock):
    """The sixty-first write of a minute waits for the first to be a minute old; reads go on."""
    create(tracker)
    clock.forward(seconds=20)
    for _ in range(59):
        create(tracker)
    assert (40, 60) == wait_of(tracker, fake)
    tracker.get_item("1")
    clock.forward(seconds=40)
    create(tracker)


def test_writes_of_an_hour(clock):
    """450 writes go out in an hour and no more, however evenly they come."""
    limiter = Limiter()
    for _ in range(450):
        limiter.admit("write", clock(), writes=True)
        clock.forward(seconds=2)
    with pytest.raises(LimitedError) as caught:
        limiter.admit("write", clock(), writes=True)
    assert 2700 == caught.value.retry_after_seconds
    clock.forward(seconds=2700)
    limiter.admit("write", clock(), writes=True)
