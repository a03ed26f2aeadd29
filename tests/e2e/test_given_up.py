"""What cannot succeed is given up with its reason, and holds nobody back for longer than that."""

import pytest
from sqlalchemy import text

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub

MINUTES = 60


@pytest.fixture
def bot(talk):
    """A bot whose project lives in acme/churn, with its sprints made; `bot.github` is that GitHub."""
    bot = talk(
        projects=[PROJECT | {"tracker": "github:acme/churn"}],
        github={"token": FakeGitHub.token, "webhook_secrets": ["github webhook secret"]},
    )
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        bot.ticks()
        yield bot
    bot.bot.outside.trackers["churn"].close()


def rows(bot, query):
    """The rows of a query as tuples."""
    with bot.bot.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def bodies(bot):
    """The texts of all issues, by title."""
    return {issue.title: issue.body for issue in bot.github.churn.issues.values()}


def goes_on(bot):
    """Time enough for every retry."""
    for _ in range(MINUTES):
        bot.clock.forward(minutes=1)
        bot.settle()


@pytest.mark.parametrize("status", [404, 410, 422])
def test_a_refusal_for_good_is_dead_with_its_reason_and_blocks_nobody(status, bot):
    """Not tried again; another experiment goes on at once, the same one when a run asks for it anew."""
    bot.github.next_fault(status, body={"message": "Nothing doing"}, method="POST")
    bot.reports(run("r1", "churn-a"))
    bot.reports(run("r2", "churn-b"))

    [(kind, state, attempts, reason)] = rows(
        bot, "SELECT kind, state, attempts, error FROM effects WHERE error IS NOT NULL"
    )
    assert ("EnsureExperimentItem", "dead", 0) == (kind, state, attempts)
    assert f"GitHub answered {status} (Nothing doing)" in reason
    assert ["Experiment: churn-b"] == list(bodies(bot))

    bot.reports(run("r3", "churn-a"))
    goes_on(bot)
    assert "**2 runs: 2 finished**" in bodies(bot)["Experiment: churn-a"]


@pytest.mark.parametrize("status", [404, 410, 422])
def test_an_edit_that_is_refused_for_good_does_not_hold_back_the_next(status, bot):
    """A text that GitHub did not take is not sent for ever; the text of the next run is."""
    bot.reports(run("r1"))
    bot.clock.forward(minutes=1)
    bot.github.next_fault(status, body={"message": "Nothing doing"}, method="PATCH")
    bot.reports(run("r2"))
    goes_on(bot)
    assert ["dead"] == [state for (state,) in rows(bot, "SELECT state FROM effects WHERE error IS NOT NULL")]
    assert 1 == len(bot.github.calls("PATCH"))

    bot.reports(run("r3"))
    goes_on(bot)
    assert "**3 runs: 3 finished**" in bodies(bot)["Experiment: churn-xgb"]


def test_a_body_that_cannot_be_read_is_dead_with_its_reason_among_others_that_are_done(bot):
    """Its sender could prove itself and is told 202; what is wrong stands with the delivery."""
    bot.reports(run("r1"), settle=False)
    issue = {"number": 7, "title": "t", "state": "open", "updated_at": "2026-11-18T10:00:00Z"}
    poison = {"action": "edited", "issue": issue, "repository": {"full_name": "acme/churn"}}
    assert 202 == bot.github_says("issues", poison, settle=False)
    bot.reports(run("r2"), settle=False)
    bot.settle()

    [first, (source, state, attempts, reason), last] = rows(
        bot, "SELECT source, state, attempts, error FROM deliveries WHERE source <> 'clock' ORDER BY id"
    )
    assert [("runs/ci", "done", 0, None)] * 2 == [first, last]
    assert ("github", "dead", 0) == (source, state, attempts)
    assert "$.sender is missing" == reason
    assert "**2 runs: 2 finished**" in bodies(bot)["Experiment: churn-xgb"]
