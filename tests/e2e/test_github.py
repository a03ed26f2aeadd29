"""The whole bot with a GitHub repository as its tracker: one experiment, one issue, whatever fails."""

from datetime import date

import pytest

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub, read_timeout
from trainboard.applying import experiment_items
from trainboard.work_items import NewIteration

ON_GITHUB = PROJECT | {"tracker": "github:acme/churn"}


@pytest.fixture
def bot(talk):
    """A bot whose project lives in acme/churn; `bot.github` is the GitHub behind it."""
    bot = talk(
        projects=[ON_GITHUB], github={"token": FakeGitHub.token, "webhook_secrets": ["github webhook secret"]}
    )
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        bot.ticks()
        yield bot
    bot.bot.outside.trackers["churn"].close()


def issues(bot):
    """The issues of the repository, in order."""
    return list(bot.github.churn.issues.values())


def goes_on(bot, minutes=120):
    """Time enough for every retry."""
    for _ in range(minutes // 5):
        bot.forward(minutes=5)


def test_an_experiment_becomes_an_issue_of_its_milestone(bot):
    """Title, label, milestone and the runs in one POST; the sprints are milestones, made ahead."""
    bot.reports(run(metrics={"val_auc": 0.93}))

    [issue] = issues(bot)
    assert "Experiment: churn-xgb" == issue.title
    assert ["tb:experiment"] == list(issue.labels)
    milestones = bot.github.churn.milestones.values()
    assert ["Sprint 1", "Sprint 2"] == [each.title for each in milestones]
    assert "**1 run: 1 finished**" in issue.body
    assert 1 == bot.github.calls("POST").count("POST /repos/acme/churn/issues")


def test_an_update_costs_one_read_and_one_write(bot):
    """Nothing is searched, nothing is listed."""
    for run_id in ("r1", "r2", "r3"):
        before = len(bot.github.requests)
        bot.reports(run(run_id))
        bot.clock.forward(seconds=31)

    assert ["GET /repos/acme/churn/issues/1", "PATCH /repos/acme/churn/issues/1"] == bot.github.calls()[
        before:
    ]


def test_an_update_that_changes_nothing_writes_nothing(bot):
    """A person's edit is looked at; the bot's part is right already."""
    bot.reports(run("r1"))
    bot.clock.forward(minutes=1)
    bot.github_says("issues", webhook(bot, "edited"))

    assert [] == bot.github.calls("PATCH")


def test_a_target_written_on_github_is_judged(bot):
    """The webhook of the edit is enough: no new run is needed."""
    bot.reports(run("r1", metrics={"val_auc": 0.95}))
    [issue] = issues(bot)
    issue.body = issue.body.replace("### Targets", "### Targets\n\n- [ ] `val_auc >= 0.92`", 1)
    bot.clock.forward(minutes=1)
    bot.github_says("issues", webhook(bot, "edited"))

    assert "✓ met" in issues(bot)[0].body


@pytest.mark.parametrize(
    ("fault", "retried"),
    [
        ({"status": 401, "body": {"message": "Bad credentials"}}, True),
        (
            {
                "status": 403,
                "headers": {"Retry-After": "60"},
                "body": {"message": "You have exceeded a secondary rate limit."},
            },
            True,
        ),
        ({"status": 403, "body": {"message": "Resource not accessible by integration"}}, False),
        ({"status": 422, "body": {"message": "Validation Failed", "errors": [{"code": "invalid"}]}}, False),
        ({"status": 429, "headers": {"Retry-After": "30"}, "body": {"message": "slow down"}}, True),
        ({"status": 429, "body": {"message": "slow down"}}, True),
        ({"status": 502, "body": "<html>Bad gateway</html>"}, True),
        ({"status": 502, "body": "<html>Bad gateway</html>", "after_commit": True}, True),
        ({"error": read_timeout()}, True),
        ({"error": read_timeout(), "after_commit": True}, True),
    ],
    ids=[
        "401",
        "403 secondary limit",
        "403 forbidden",
        "422",
        "429 with a time",
        "429 without",
        "502",
        "502 after the issue was made",
        "time-out",
        "time-out after the issue was made",
    ],
)
def test_exactly_one_issue_whatever_the_creation_meets(bot, fault, retried):
    """However the first call ends, the next runs bring it to one issue that shows them all."""
    bot.github.next_fault(**fault, method="POST")
    bot.reports(run("r1"))
    goes_on(bot)
    if not retried:
        assert [] == issues(bot)
    bot.reports(run("r2", ended="2026-11-18T12:00:00Z"))
    goes_on(bot)

    [issue] = issues(bot)
    assert "2 runs: 2 finished" in issue.body


@pytest.mark.parametrize("status", [404, 410])
def test_an_issue_that_somebody_deleted_is_not_made_again(bot, status):
    """Gone is gone, in its sprint."""
    bot.reports(run("r1"))
    issues(bot)[0].gone = "deleted"
    for number in range(2):
        bot.github.next_fault(status, body={"message": "gone"}, method="GET")
        bot.clock.forward(minutes=1)
        bot.reports(run(f"more-{number}"))
    goes_on(bot)

    assert 1 == bot.github.calls("POST").count("POST /repos/acme/churn/issues")


def test_a_crash_between_making_and_noting_makes_no_second_issue(bot, monkeypatch):
    """The process dies after GitHub has made the issue and before the store knows it."""

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(experiment_items, "_note", die)
        with pytest.raises(Killed):
            bot.reports(run("r1"))
    assert 1 == len(issues(bot))

    bot.restart()
    goes_on(bot)
    assert 1 == len(issues(bot))
    assert "1 run: 1 finished" in issues(bot)[0].body


def test_a_copy_of_the_bots_part_by_somebody_else_is_not_adopted(bot):
    """A forged or copied mark does not divert the runs."""
    bot.reports(run("r1"))
    original = issues(bot)[0]
    bot.github.person_opens(bot.github.churn, "mine", body=original.body, labels=["tb:experiment"])
    bot.clock.forward(minutes=1)
    bot.reports(run("r2"))

    assert "2 runs" in issues(bot)[0].body
    assert "2 runs" not in issues(bot)[1].body


def test_a_milestone_of_that_name_is_adopted(talk):
    """A sprint that people made before is the sprint."""
    bot = talk(projects=[ON_GITHUB], github={"token": FakeGitHub.token})
    github = FakeGitHub(clock=bot.clock)
    with github.running():
        tracker = bot.bot.outside.trackers["churn"]
        tracker.create_iteration(
            NewIteration(name="Sprint 1", start=date(2026, 11, 9), end=date(2026, 11, 22))
        )
        bot.ticks()
        bot.forward(minutes=5)
        tracker.close()

    assert ["Sprint 1", "Sprint 2"] == [each.title for each in github.churn.milestones.values()]


def test_a_sprint_that_fails_to_be_made_holds_the_item_back_and_no_longer(talk):
    """A milestone cannot be made for an hour: the issue waits, and comes with its milestone."""
    bot = talk(projects=[ON_GITHUB], github={"token": FakeGitHub.token})
    github = FakeGitHub(clock=bot.clock)
    with github.running():
        for _ in range(3):
            github.next_fault(502, method="POST")
        bot.reports(run("r1"))
        goes_on(bot)
        bot.bot.outside.trackers["churn"].close()

    [issue] = github.churn.issues.values()
    assert issue.milestone is not None


def test_a_sprint_that_github_refuses_does_not_become_a_loop(talk):
    """No right to make milestones: the item waits for it, and GitHub is asked now and then only."""
    bot = talk(projects=[ON_GITHUB], github={"token": FakeGitHub.token})
    github = FakeGitHub(clock=bot.clock)
    refusal = {"message": "Resource not accessible by personal access token"}
    with github.running():
        for _ in range(100):
            github.next_fault(403, body=refusal, method="POST")
        bot.reports(run("r1"))
        for _ in range(600):
            bot.clock.forward(seconds=1)
            bot.settle()
        bot.bot.outside.trackers["churn"].close()

    assert 2 >= github.calls("POST").count("POST /repos/acme/churn/milestones")


def test_an_experiment_that_is_carried_moves_to_the_next_milestone(bot):
    """Open in the ended sprint, open in the next one, one issue."""
    bot.reports(run("r1"))
    bot.forward(days=7)
    bot.forward(minutes=5)

    [issue] = issues(bot)
    assert "Sprint 2" == bot.github.churn.milestones[2].title
    assert 2 == getattr(issue.milestone, "number", issue.milestone)
    assert "Carried once, from Sprint 1" in issue.body


def test_a_renamed_milestone_keeps_its_new_name(bot):
    """People may call a sprint what they like."""
    milestone = bot.github.churn.milestones[1]
    document = {
        "action": "edited",
        "milestone": {
            "number": 1,
            "title": "The big one",
            "state": "open",
            "updated_at": "2026-11-18T10:00:00Z",
        },
        "repository": {"full_name": "acme/churn", "owner": {"login": "acme"}},
        "sender": {"login": "ana", "type": "User"},
    }
    milestone.title = "The big one"
    bot.github_says("milestone", document)
    bot.reports(run("r1"))

    assert "In The big one (" in issues(bot)[0].body


def webhook(bot, action):
    """What GitHub sends when ana did `action` to issue 1."""
    issue = issues(bot)[0]
    return {
        "action": action,
        "issue": {
            "number": issue.number,
            "title": issue.title,
            "state": issue.state,
            "labels": [{"name": "tb:experiment"}],
            "milestone": {"number": 1, "title": "Sprint 1"},
            "updated_at": bot.clock().isoformat(),
        },
        "changes": {"body": {"from": "before"}},
        "repository": {"full_name": "acme/churn", "owner": {"login": "acme"}},
        "sender": {"login": "ana", "type": "User"},
    }
