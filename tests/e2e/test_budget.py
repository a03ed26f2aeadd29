"""The whole bot when GitHub's budget is used up: what is urgent goes out, all else waits and is not lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub
from trainboard.budgets import Lane
from trainboard.effects import CarryExperimentItem, EnsureIteration
from trainboard.store import outbox
from trainboard.store.models import EffectRow

ON_GITHUB = PROJECT | {"tracker": "github:acme/churn"}
NAMES = [f"churn-{number}" for number in range(30)]
MILESTONES = "POST /repos/acme/churn/milestones"


@pytest.fixture
def start(talk):
    """Starts a bot whose project lives in acme/churn, on a database that may be shared."""
    return lambda **more: talk(projects=[ON_GITHUB], github={"token": FakeGitHub.token}, **more)


@pytest.fixture
def bot(start):
    """A bot with thirty experiments on GitHub, and nothing spent in the last minutes."""
    bot = start()
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        bot.ticks()
        report(bot, "r1")
        bot.forward(minutes=2)
        yield bot
        bot.bot.outside.trackers["churn"].close()


@pytest.fixture
def crowded(bot):
    """Chatter has taken all that it may take of the minute, and some of it waits."""
    report(bot, "r2")
    bot.clock.forward(seconds=31)
    report(bot, "r3")
    assert 42 == count_writes(bot.github, seconds=75)
    assert 18 == len(waiting(bot))
    return bot


def report(bot, run_id, names=NAMES):
    """A run of each experiment has ended."""
    for name in names:
        bot.reports(run(f"{name}-{run_id}", name), settle=False)
    bot.settle()


def want(bot, effect):
    """Somebody asks for an effect; the bot does what is due."""
    with bot.bot.database.write() as connection:
        outbox.put(connection, effect, bot.clock(), pace=timedelta(0))
    bot.settle()


def waiting(bot):
    """The effects that wait for the budget."""
    with bot.bot.database.read() as connection:
        held = select(EffectRow).where(EffectRow.state == "pending", EffectRow.error.is_not(None))
        return connection.execute(held).all()


def count_writes(github, seconds):
    """How many writes GitHub got in the last `seconds`."""
    since = github.now - timedelta(seconds=seconds)
    return sum(asked.method != "GET" and asked.at > since for asked in github.requests)


def test_a_command_goes_out_while_chatter_waits(crowded, monkeypatch):
    """The reserve is there when it is needed."""
    monkeypatch.setattr(EnsureIteration, "lane", Lane.COMMAND)
    want(crowded, EnsureIteration(project="churn", number=9))
    assert ("Sprint 9", 18) == (
        list(crowded.github.churn.milestones.values())[-1].title,
        len(waiting(crowded)),
    )


def test_what_waits_is_done_when_the_budget_is_back(crowded):
    """Nothing is dropped, no try is used up, and each item shows the last state."""
    assert {(0, True)} == {
        (row.attempts, row.error.startswith("LimitedError: Did not change issue")) for row in waiting(crowded)
    }
    crowded.forward(minutes=2)
    assert [] == waiting(crowded)
    bodies = [issue.body for issue in crowded.github.churn.issues.values()]
    assert [True] * 30 == ["3 runs: 3 finished" in body for body in bodies]


def test_what_waits_costs_nothing(crowded):
    """Until its time has come nobody asks GitHub, nor the budget."""
    before = len(crowded.github.requests)
    for _ in range(10):
        crowded.clock.forward(seconds=4)
        crowded.settle()
    assert before == len(crowded.github.requests)


def test_what_waits_goes_out_for_what_is_behind_it(crowded):
    """The work of one item is serial: chatter in front of something more urgent goes in its lane."""
    name = waiting(crowded)[0].key.rpartition("/")[2]
    want(crowded, CarryExperimentItem(project="churn", experiment=name, origin=1, number=2))
    [issue] = [each for each in crowded.github.churn.issues.values() if each.title.endswith(f" {name}")]
    assert ("3 runs: 3 finished" in issue.body, 17) == (True, len(waiting(crowded)))
    assert 2 == getattr(issue.milestone, "number", issue.milestone)


def test_the_most_urgent_are_first_when_a_block_ends(bot, monkeypatch):
    """GitHub says stop; when it is over, commands are due some seconds before chatter."""
    monkeypatch.setattr(EnsureIteration, "lane", Lane.COMMAND)
    bot.github.next_fault(429, headers={"Retry-After": "60"}, body={"message": "slow"})
    report(bot, "r2")
    want(bot, EnsureIteration(project="churn", number=9))
    blocked = len(bot.github.requests)
    bot.clock.forward(seconds=60)
    bot.settle()
    urgent = bot.github.calls()[blocked:]
    bot.clock.forward(seconds=4)
    bot.settle()
    assert (["GET /repos/acme/churn/milestones", MILESTONES], 30) == (
        urgent,
        len(bot.github.calls("PATCH")),
    )


def test_two_bots_share_one_budget(start, postgresql_url):
    """Together they write no more than one may, and in the end all is written."""
    bots = [start(database=postgresql_url) for _ in range(2)]
    github, most = FakeGitHub(clock=bots[0].clock), 0
    with github.running():
        for number in range(70):
            bots[number % 2].reports(run(f"r{number}", f"churn-{number}"))
        for _ in range(60):
            for each in bots:
                each.clock.forward(seconds=5)
                each.settle()
            most = max(most, count_writes(github, seconds=60))
        for each in bots:
            each.bot.outside.trackers["churn"].close()
    assert (70, 54) == (len(github.churn.issues), most)
