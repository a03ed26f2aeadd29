"""What happened is kept with what it is about and when."""

import pytest
from sqlalchemy import select

from fakes.code import HEAD, NOW, approval, check, deployment, pull_request
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    InstallationChanged,
    PullRequestChanged,
    RemovalDue,
)
from trainboard.store import log
from trainboard.store.models import EventRow


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (
            PullRequestChanged(pull_request=pull_request(code="github:Acme/Churn"), action="opened"),
            "pull-request:github:acme/churn#7",
        ),
        (CheckReported(check=check(code="github:Acme/Churn")), f"commit:github:acme/churn@{HEAD}"),
        (DeploymentReported(deployment=deployment()), "deployment:github:acme/churn/1"),
        (ApprovalReported(approval=approval()), "approval:github:acme/churn/1"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_said_of_code_has_a_history(write, event, subject):
    """Under one name in whatever letters a repository is written, at the sender's time."""
    log.append(write, [(event, None)], NOW.replace(year=2027))

    told = select(EventRow.subject, EventRow.at)
    assert [(subject, NOW)] == [tuple(row) for row in write.execute(told)]


def test_what_says_no_time_happened_when_it_was_heard(write):
    """And what is about nothing that has a history is known by its account."""
    log.append(write, [(InstallationChanged(account="acme", action="created"), None)], NOW)

    told = select(EventRow.subject, EventRow.at)
    assert [("InstallationChanged:acme", NOW)] == [tuple(row) for row in write.execute(told)]


def test_the_bots_own_clock_is_no_history(write):
    """It ticks all day."""
    log.append(write, [(RemovalDue(), 1)], NOW)

    assert [] == write.execute(select(EventRow.id)).all()
