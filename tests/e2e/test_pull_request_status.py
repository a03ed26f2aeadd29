"""What stands on a pull request, over its life and over the mishaps of a platform."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from fakes.mortal import Killed
from fakes.pull_requests import (
    HEAD,
    MERGED,
    OPENED,
    approval,
    check,
    deployment,
    pull_request,
)
from fakes.stories import NEW_HEAD, Story
from trainboard import events
from trainboard.engine.work import Worker
from trainboard.errors import DoubtError, LimitedError, MissingError, PermanentError
from trainboard.events import ApprovalReported, CheckReported, DeploymentReported, PullRequestChanged
from trainboard.store.pull_request_models import CheckRow
from trainboard.waivers import waive, withdraw

TRAILER = "Work-Item: 1"
PATIENCE_SECONDS = 20


@pytest.fixture
def bot(tmp_path):
    story = Story(f"sqlite:///{tmp_path}/trainboard.db")
    yield story
    story.close()


def test_a_pull_request_of_which_nothing_is_known_has_a_gate_and_no_comment(bot):
    """A gate that is required must not hang; a comment that says nothing would be noise."""
    bot.opens()

    assert ([("abc1234", "neutral")], []) == (bot.gates, bot.repository.pull.comments)


def test_red_then_green_then_the_gate_then_production(bot):
    """One comment tells the whole story, and the work item tells it too."""
    bot.plans()
    bot.opens(text=TRAILER)
    bot.hears(CheckReported(check=check("unit tests", "failed", summary="2 failed")))
    assert "| unit tests | ✗ 1 failed | unit tests failed: 2 failed |" in bot.comment
    assert "Metric gate waiting" in bot.comment

    bot.opens(text=TRAILER, head=NEW_HEAD, at=OPENED.replace(hour=10))
    bot.hears(CheckReported(check=check("unit tests", commit=NEW_HEAD)))
    bot.trains("bad", NEW_HEAD, val_auc=0.91)
    assert "| `val_auc >= 0.92` | 0.91 | ✗ not met | 0.9 (best of other runs) | 0.01 better |" in bot.comment
    bot.trains("good", NEW_HEAD, val_auc=0.93)
    waiting, failed = [(commit, "waiting") for commit in ("abc1234", "bead567")], ("bead567", "failure")
    assert [*waiting, failed, ("bead567", "success")] == bot.gates
    assert "1 of 1 target met on bead567" in bot.comment

    merged = {"text": TRAILER, "head": NEW_HEAD, "at": OPENED.replace(hour=11)}
    bot.opens(state="merged", merged_as=MERGED, **merged)
    bot.hears(
        DeploymentReported(deployment=deployment()),
        ApprovalReported(approval=approval(approvers=("ada", "grace"))),
    )
    assert (
        "`staging` ✓ succeeded\n\n- `production` waits for an approval by one of: ada, grace" in bot.comment
    )
    [item] = bot.items()
    line = "open, ✓ 1 check: 1 passed · `staging` ✓ succeeded · `production` waits for an approval by one of"
    assert f"pull/7): {line.replace('open', 'merged')}: ada, grace" in item.body

    bot.hears(
        ApprovalReported(approval=approval(state="approved", by="ada")),
        DeploymentReported(deployment=deployment("production", minutes=90)),
    )
    assert (
        "`staging` ✓ succeeded → `production` ✓ succeeded\n\n- `production` was approved by ada"
        in bot.comment
    )
    assert 4 == len(bot.gates)


def test_a_target_that_somebody_changes_has_the_gate_judged_anew(bot):
    """Without a push and without another run."""
    bot.plans("val_auc >= 0.95")
    bot.opens(text=TRAILER)
    bot.trains("r1", val_auc=0.93)
    assert ("abc1234", "failure") == bot.gates[-1]

    bot.aims("0.95", "0.92")
    assert ("abc1234", "success") == bot.gates[-1]

    bot.opens(text=TRAILER, state="closed", at=OPENED.replace(hour=11))
    bot.aims("0.92", "0.95")
    assert ("abc1234", "success") == bot.gates[-1]


def test_nothing_is_written_where_nothing_changed(bot):
    """The same said again, and what does not show."""
    bot.opens(text=TRAILER)
    bot.hears(CheckReported(check=check("test")))
    before = list(bot.repository.calls)
    bot.hears(CheckReported(check=check("test", at=OPENED.replace(hour=12), reporter="Actions")))
    bot.hears(PullRequestChanged(pull_request=pull_request(text=TRAILER, author="ada"), action="labeled"))

    assert ["list_files", "set_gate", "create_comment"] == before == bot.repository.calls


def test_many_checks_are_one_edit(bot):
    """They fold until it is the pull request's turn again."""
    bot.opens()
    bot.hears(*(CheckReported(check=check(f"test {n}", "running")) for n in range(15)))
    bot.hears(*(CheckReported(check=check(f"test {n}")) for n in range(15)))

    assert ["create_comment", "update_comment"] == bot.repository.calls[2:]
    assert "15 checks: 15 passed" in bot.comment


def test_progress_waits_ten_seconds_and_the_last_state_is_sent(bot):
    """However long the pace of other edits is."""
    bot.opens()
    bot.forward(seconds=10)
    for state in ("queued", "running", "passed"):
        bot.hears(CheckReported(check=check("test", state)), seconds=1)
    assert "1 queued" in bot.comment

    bot.forward(seconds=8)
    assert "1 passed" in bot.comment


def starts(bot, *names):
    """Checks begin now, and the comment says so."""
    bot.opens()
    bot.hears(*(CheckReported(check=check(name, "running", at=bot.clock())) for name in names), seconds=15)
    assert 1 == bot.repository.calls.count("create_comment")


def test_checks_that_pass_one_by_one_are_one_edit(bot):
    """The comment waits until the last one ended, and not longer than its pace."""
    names = [f"test {n}" for n in range(20)]
    starts(bot, *names)
    for name in names:
        assert "update_comment" not in bot.repository.calls
        bot.hears(CheckReported(check=check(name, at=bot.clock())), seconds=12)

    assert 1 == bot.repository.calls.count("update_comment")
    assert "20 checks: 20 passed" in bot.comment


def test_jobs_that_follow_each_other_are_one_edit(bot):
    """Their workflow goes on while one has ended and the next has not begun."""
    bot.opens()
    for number in range(4):
        whole = check("CI", "running", suite="1", series="ci", at=bot.clock())
        job = check(f"job {number}", suite="1", at=bot.clock())
        bot.hears(CheckReported(check=whole), CheckReported(check=job), seconds=12)
    assert ["create_comment"] == bot.repository.calls[2:]
    bot.hears(CheckReported(check=check("CI", suite="1", series="ci", at=bot.clock())), seconds=12)

    assert "4 checks: 4 passed" in bot.comment
    assert ["create_comment", "update_comment"] == bot.repository.calls[2:]


def test_a_failed_check_does_not_wait_for_the_others(bot):
    """It is told at the comment's next turn, ten seconds later at most."""
    starts(bot, "lint", "test")
    bot.hears(CheckReported(check=check("lint", "failed", at=bot.clock())), seconds=10)

    assert "1 failed, 1 running" in bot.comment


def test_what_passed_is_told_while_a_long_check_runs(bot):
    """A training takes hours: after a minute without news the comment says what is known."""
    starts(bot, "lint", "train")
    bot.hears(CheckReported(check=check("lint", at=bot.clock())), seconds=50)
    assert "2 running" in bot.comment
    bot.forward(seconds=25)

    assert "1 running, 1 passed" in bot.comment


def test_a_push_without_checks_is_told_after_a_minute(bot):
    """Nobody knows whether checks will come."""
    starts(bot, "lint")
    pushed = pull_request(head=NEW_HEAD, at=bot.clock())
    bot.hears(PullRequestChanged(pull_request=pushed, action="synchronize"), seconds=50)
    assert "The head commit is `abc1234`." in bot.comment
    bot.forward(seconds=25)

    assert "The head commit is `bead567`." in bot.comment


def test_a_comment_whose_making_is_in_doubt_is_found_again(bot):
    """Not the copy that somebody made of it, and not made twice."""
    bot.opens()
    bot.repository.fails("create_comment", DoubtError("no answer"), after=True)
    bot.hears(CheckReported(check=check("test", "running")))
    bot.repository.person_comments(7, bot.comment)
    bot.forward(hours=1)
    bot.hears(CheckReported(check=check("test")))

    assert 1 == bot.repository.calls.count("create_comment")
    assert [True, False] == ["1 passed" in comment.body for comment in bot.repository.pull.comments]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", ["list_files", "set_gate", "create_comment", "update_comment"])
def test_a_bot_that_dies_at_a_call_leaves_one_comment_and_one_gate(bot, call, after):
    """The next process takes up its work, and looks before it makes anything again."""
    bot.repository.fails(call, Killed(), after=after)
    deaths = 0
    for step in (
        bot.opens,
        lambda: bot.hears(CheckReported(check=check("test", "failed"))),
        lambda: bot.hears(CheckReported(check=check("test", run=2))),
    ):
        try:
            step()
        except Killed:
            deaths += 1
            bot.restart()
            bot.forward(minutes=5)

    assert (1, [("abc1234", "neutral")]) == (deaths, bot.gates)
    assert "1 check: 1 passed" in bot.comment


def test_a_comment_that_was_surely_not_made_is_made_later(bot):
    """Nothing has to be looked for."""
    bot.opens()
    bot.repository.fails("create_comment", LimitedError("slow down", retry_after_seconds=30))
    bot.hears(CheckReported(check=check("test")))
    bot.forward(minutes=5)

    assert "1 passed" in bot.comment
    assert "list_comments" not in bot.repository.calls


def test_a_comment_that_somebody_deleted_is_not_made_again(bot):
    """The gate is still set."""
    bot.opens()
    bot.hears(CheckReported(check=check("test", "running")))
    bot.repository.pull.comments.clear()
    bot.hears(CheckReported(check=check("test")))
    bot.opens(head=NEW_HEAD, at=OPENED.replace(hour=10))
    bot.hears(CheckReported(check=check("test", commit=NEW_HEAD)))

    assert [] == bot.repository.pull.comments
    assert [("abc1234", "neutral"), ("bead567", "neutral")] == bot.gates


def test_a_gate_that_is_refused_keeps_no_comment_from_being_written(bot):
    """And the reason is kept where people look for what went wrong."""
    bot.repository.fails("set_gate", PermanentError("not allowed"))
    bot.hears(CheckReported(check=check("test")))
    bot.opens()

    assert ("dead", True) == (bot.standing, "1 passed" in bot.comment)


def test_a_gate_on_a_commit_that_a_push_took_away_is_not_missed(bot):
    """The push is told by itself."""
    bot.repository.fails("set_gate", MissingError("no such commit"))
    bot.opens()
    bot.opens(head=NEW_HEAD, at=OPENED.replace(hour=10))

    assert [("bead567", "neutral")] == bot.gates


def test_paths_are_read_once_for_each_push(bot):
    """What they tell is remembered: also that the pull request touches no model."""
    bot.repository.pull.paths[:] = ["infra/main.tf", "README.md"]
    bot.plans()
    bot.opens(text=TRAILER)
    bot.hears(CheckReported(check=check("terraform plan", summary="1 to add")))
    assert "- Terraform: `infra/main.tf`\n\nPlan or what-if: terraform plan passed: 1 to add." in bot.comment
    bot.repository.pull.paths[:] = ["train.py"]
    bot.opens(text=TRAILER, head=NEW_HEAD, at=OPENED.replace(hour=10))

    assert [("abc1234", "neutral"), ("bead567", "waiting")] == bot.gates
    assert 2 == bot.repository.calls.count("list_files")


def test_a_build_that_fails_after_the_merge_is_told(bot):
    """A merge that made no new commit has no further checks."""
    bot.opens()
    bot.hears(CheckReported(check=check("test")))
    bot.opens(state="merged", merged_as=HEAD, at=OPENED.replace(hour=11))
    assert "Checks of the merge commit" not in bot.comment

    bot.opens(state="merged", merged_as=MERGED, at=OPENED.replace(hour=12))
    bot.hears(CheckReported(check=check("build", "failed", commit=MERGED)))
    assert "#### Checks of the merge commit" in bot.comment
    assert "| other | ✗ 1 failed | build failed |" in bot.comment


def test_a_closed_pull_request_has_no_gate_to_set(bot):
    """One that was never seen open is shown as it ended."""
    bot.opens(state="closed")
    bot.hears(CheckReported(check=check("test")))

    assert ["create_comment"] == bot.repository.calls
    assert "Closed at `abc1234` without a merge." in bot.comment


def test_a_project_without_a_way_in_is_left_alone(bot):
    """Its pull requests are known, and nothing is written."""
    bot.bot.outside.repositories.clear()
    bot.opens()

    assert "applied" == bot.standing


def test_a_work_item_that_was_deleted_takes_its_targets_along(bot):
    """Nothing is left to be judged by."""
    bot.plans()
    [item] = bot.items()
    gone = events.WorkItemChanged(
        tracker="local:churn",
        ref=item.ref,
        action="deleted",
        title="",
        state="open",
        at=bot.clock(),
        actor="",
        by_bot=False,
    )
    bot.hears(gone)
    bot.opens(text=TRAILER)

    assert [("abc1234", "neutral")] == bot.gates


def test_what_speaks_for_a_whole_suite_gives_way_to_its_checks(bot):
    """A workflow is not counted beside its own jobs."""
    whole = check("CI", suite="1", series="ci")
    bot.opens()
    bot.hears(CheckReported(check=whole))
    assert "1 check: 1 passed" in bot.comment
    bot.hears(*(CheckReported(check=replace(check(name), suite="1")) for name in ("lint", "test")))

    assert "2 checks: 2 passed" in bot.comment


def test_a_check_whose_pipeline_vanished_is_not_pending_for_ever(bot):
    """Nothing is told of it any more, and the comment says so by itself, once; late news still counts."""
    bot.plans()
    bot.opens(text=TRAILER)
    bot.hears(CheckReported(check=check("train", "running")))
    bot.forward(days=5)
    bot.forward(seconds=1)
    assert "train without news since 2026-11-18 09:00 UTC" in bot.comment
    assert "No news of 1 check. Waiting for a run on abc1234 of churn-xgb" in bot.comment
    assert "1 check: 1 without news" in bot.items()[0].body

    effects = bot.count_effects()
    bot.forward(hours=1)
    bot.forward(hours=1)
    assert effects == bot.count_effects()
    bot.hears(CheckReported(check=check("train", at=bot.clock())))
    assert "1 check: 1 passed" in bot.comment


class UncommittedDatabase:
    """A database on which the transaction that notes checks is committed when the test says so."""

    def __init__(self, database):
        self._database = database
        self.noted, self.may_commit = Event(), Event()

    def __getattr__(self, name):
        return getattr(self._database, name)

    @contextmanager
    def write(self):
        with self._database.write() as connection:
            yield connection
            if connection.execute(select(CheckRow.id)).first() and not self.noted.is_set():
                self.noted.set()
                assert self.may_commit.wait(PATIENCE_SECONDS)


def is_somebody_waiting(database):
    """True if a transaction waits for the lock of another one."""
    with database.read() as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return connection.execute(waiting).scalar_one() > 0


def test_a_check_that_is_told_beside_its_pull_request_is_shown(postgresql_url):
    """By two processes whose transactions overlap: neither sees the other's."""
    bot = Story(postgresql_url)
    database = UncommittedDatabase(bot.bot.database)
    means = bot.bot.worker.means
    outside = dataclasses.replace(means.outside, database=database)
    other = Worker(dataclasses.replace(means, outside=outside, owner="other"))
    bot.says(CheckReported(check=check("unit tests", "failed")), entity="check")
    with ThreadPoolExecutor(2) as pool:
        checks = pool.submit(bot.lease_and_drain, other)
        assert database.noted.wait(PATIENCE_SECONDS)
        bot.says(PullRequestChanged(pull_request=pull_request(), action="opened"), entity="pull request")
        pulls = pool.submit(bot.settle)
        while not pulls.done() and not is_somebody_waiting(bot.bot.database):
            wait([pulls], timeout=0.01)
        database.may_commit.set()
        checks.result()
        pulls.result()
    bot.forward(seconds=61)

    assert "1 check: 1 failed" in bot.comment
    bot.close()


def test_a_waiver_opens_the_gate_until_a_push(bot):
    """Who gave it and why stands on the gate and in the comment; taken back, the gate is closed again."""
    bot.plans()
    bot.opens(text=TRAILER)
    bot.trains("bad", val_auc=0.1)
    bot.notes(waive(pull_request(), "The data of May is known to be bad.", by="ada", at=OPENED))
    assert "**Metric gate waived" in bot.comment
    said = "Waived on abc1234 by ada: The data of May is known to be bad."
    assert said in bot.comment
    assert said == bot.repository.pull.gates[-1].title
    bot.notes(withdraw(pull_request(), by="ada", at=OPENED + timedelta(minutes=1)))
    bot.notes(waive(pull_request(), "Once more.", by="bob", at=OPENED + timedelta(minutes=2)))
    bot.opens(text=TRAILER, head=NEW_HEAD, at=OPENED.replace(hour=10))

    states = [state for _, state in bot.gates]
    assert ["waiting", "failure", "success", "failure", "success", "waiting"] == states
