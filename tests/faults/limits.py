"""The tracker fails, or asks the bot to slow down, for an hour of the bot's clock."""

from itertools import groupby, pairwise

from fakes.azure_devops import faults as azure_faults
from fakes.github import Fault
from faults import fault
from faults.answers import all_answered, end
from faults.stages import AZURE, GITHUB, MINUTE

HOUR_SECONDS = 3600
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
PRIMARY = "API rate limit exceeded for installation ID 100."


@fault("the tracker answers 5xx", places=(GITHUB, AZURE))
def server_errors(stage):
    """GitHub with the page of its gateway, Azure DevOps in its own words."""
    gateway = Fault(502, body="<html>Bad gateway</html>")
    with all_answered(stage.platform, gateway, azure_faults.unavailable()):
        yield


@fault("GitHub's secondary limit, with a time", places=(GITHUB,))
def secondary_limit(stage):
    """Each refusal names a minute, which is kept."""
    yield from _limited(stage, {"Retry-After": str(MINUTE)}, SECONDARY, apart_seconds=MINUTE)


@fault("GitHub's secondary limit, without a time", places=(GITHUB,))
def silent_secondary_limit(stage):
    """The bot waits a minute, then longer and longer."""
    yield from _limited(stage, {}, SECONDARY, apart_seconds=MINUTE)


@fault("GitHub's hourly limit is used up", places=(GITHUB,))
def primary_limit(stage):
    """Until the moment at which it is renewed nobody asks again."""
    reset = str(int(stage.platform.now.timestamp()) + HOUR_SECONDS)
    headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset,
        "X-RateLimit-Resource": "core",
    }
    yield from _limited(stage, headers, PRIMARY, apart_seconds=HOUR_SECONDS - MINUTE)


@fault("Azure DevOps answers 429", places=(AZURE,))
def throttled(stage):
    """Each refusal names five minutes, which are kept."""
    apart_seconds = 300
    before = len(stage.platform.requests)
    with all_answered(stage.platform, None, azure_faults.throttled(apart_seconds)):
        yield
        _expect_patience(stage, stage.platform.requests[before:], apart_seconds)


@fault("Azure DevOps delays what it does", places=(AZURE,))
def delayed(stage):
    """Each answer is a right one and asks for half a minute."""

    def slow_down():
        end(stage.platform)
        stage.platform.faults.add(azure_faults.delayed(stage.platform.now, 30), times=MINUTE)

    with stage.every(1, slow_down):
        yield
    end(stage.platform)


def _limited(stage, headers, message, *, apart_seconds):
    before = len(stage.platform.requests)
    with all_answered(stage.platform, Fault(403, headers, {"message": message}), None):
        yield
        _expect_patience(stage, stage.platform.requests[before:], apart_seconds)


def _expect_patience(stage, asked, apart_seconds):
    """The platform was asked, and not again with the same credential before its time."""
    by_credential = groupby(sorted(asked, key=_credential), _credential)
    gaps = [
        (later.at - earlier.at).total_seconds()
        for _, each in by_credential
        for earlier, later in pairwise(each)
    ]
    stage.expect("it meets the limit", bool(asked))
    stage.expect(
        f"it waits {apart_seconds} s, not {sorted(gaps)[:3]}", all(gap >= apart_seconds for gap in gaps)
    )


def _credential(asked):
    names = {name.lower(): value for name, value in asked.headers.items()}
    return names["authorization"].partition(" ")[0]
