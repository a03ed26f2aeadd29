"""A merge queue that requires the metric gate gets it on the commit that it made."""

import json
from pathlib import Path

import pytest

from fakes.conversation import PROJECT
from fakes.troubled_repository import TroubledRepository
from trainboard.errors import LimitedError, MissingError
from trainboard_webhooks import github

FIXTURES = Path(github.__file__).parent / "fixtures"


def delivery(name):
    """A fixture, told of pull request 7."""
    return json.loads((FIXTURES / f"{name}.json").read_text().replace("/pr-57-", "/pr-7-")) | {"number": 7}


OPENED, QUEUED = delivery("pull_request__opened"), delivery("merge_group__checks_requested")
OPENED["pull_request"]["number"] = 7
HEAD, COMMIT = OPENED["pull_request"]["head"]["sha"], QUEUED["merge_group"]["head_sha"]


@pytest.fixture
def bot(talk):
    """A bot whose repository is a fake one."""
    bot = talk(projects=[PROJECT | {"code": "github:acme/churn"}])
    bot.repository = TroubledRepository(HEAD, COMMIT, clock=bot.clock)
    bot.bot.outside.repositories["churn"] = bot.repository
    return bot


def gates(bot):
    return [(gate.commit, gate.state) for gate in bot.repository.pull.gates]


def test_the_gate_of_the_head_stands_on_the_queued_commit(bot):
    """As it is judged on the head commit; a delivery that comes again changes nothing."""
    bot.github_says("pull_request", OPENED)
    bot.github_says("merge_group", QUEUED, delivery="once")
    bot.github_says("merge_group", QUEUED, delivery="once")

    assert [(HEAD, "neutral"), (COMMIT, "neutral")] == gates(bot)
    assert 1 == len({gate.title for gate in bot.repository.pull.gates})


def test_a_queue_of_an_unknown_pull_request_gets_none(bot):
    """There is nothing to judge, and nothing is stuck for it."""
    bot.github_says("merge_group", QUEUED)
    bot.forward(hours=1)

    assert [] == gates(bot)


def test_a_commit_that_is_gone_needs_no_gate(bot):
    """The queue gave the group up meanwhile."""
    bot.github_says("pull_request", OPENED)
    bot.repository.fails("set_gate", MissingError("no such commit"))
    bot.github_says("merge_group", QUEUED)
    bot.forward(hours=1)

    assert [(HEAD, "neutral")] == gates(bot)


def test_a_busy_platform_is_asked_again(bot):
    """The queue waits for the gate, and gets it."""
    bot.github_says("pull_request", OPENED)
    bot.repository.fails("set_gate", LimitedError("later", retry_after_seconds=60))
    bot.github_says("merge_group", QUEUED)
    bot.forward(minutes=2)

    assert [(HEAD, "neutral"), (COMMIT, "neutral")] == gates(bot)
