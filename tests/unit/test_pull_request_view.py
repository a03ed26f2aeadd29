"""What is known of a pull request: what there is to say, and what may wait to be said."""

from datetime import timedelta

import pytest

from fakes.pull_requests import OPENED, approval, check, deployment, pull_request
from trainboard.metric_gate import judge_gate
from trainboard.pull_request_view import PullRequestView


def view(*checks, **known):
    told = known.pop("pull_request", pull_request())
    verdict = judge_gate(told, [], touched=known.pop("touched", False))
    return PullRequestView(pull_request=told, verdict=verdict, checks=checks, **known)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (view(), True),
        (view(check("test", "queued"), check("lint")), True),
        (view(check("test", "running")), True),
        (view(check("job"), suites=(check("CI", "running"),)), True),
        (view(check("test"), check("lint", "failed")), False),
        (view(check("review", "waiting for somebody")), False),
        (view(check("test", "without news")), False),
        (view(pull_request=pull_request(state="merged")), False),
        (view(check("test", "running"), pull_request=pull_request(state="merged")), False),
        (view(later_checks=(check("build", "queued"),), pull_request=pull_request(state="merged")), True),
        (view(check("test", "running"), pull_request=pull_request(state="closed")), False),
    ],
)
def test_what_is_on_its_way(known, expected):
    """Checks that run, or that a push has not started yet; nobody knows how long a person takes."""
    assert expected == known.is_on_its_way


def test_what_changed_last():
    """The pull request itself, or one of its checks."""
    later = OPENED + timedelta(minutes=5)
    assert OPENED == view().changed_at
    assert later == view(check("test", at=later), check("lint")).changed_at


@pytest.mark.parametrize(
    ("news", "presses"),
    [
        (view(check("test", "running"), check("lint", "queued")), False),
        (view(check("test"), check("lint")), False),
        (view(pull_request=pull_request(head="bead567" + "0" * 33)), False),
        (view(check("test", "failed")), True),
        (view(check("test", "timed out")), True),
        (view(check("test", "without news")), True),
        (view(deployments=(deployment(),)), True),
        (view(approvals=(approval(),)), True),
        (view(pull_request=pull_request(state="merged")), True),
    ],
)
def test_what_presses(news, presses):
    """What failed, where it went, who is waited for, and its end; not that something goes well."""
    assert presses == (view().pressing != news.pressing)
