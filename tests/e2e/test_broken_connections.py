"""A bot whose connections to a GitHub that others wrote break in every way: each thing is made once."""

from datetime import UTC, datetime

import pytest

from crashes.worlds import EmulateWorld
from fakes import proxy as faults
from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.proxy import running_proxy
from trainboard.errors import DoubtError

pytestmark = pytest.mark.peer

FAULTS = [
    faults.reset_before,
    faults.reset_after,
    faults.never_answer,
    faults.bad_gateway,
    faults.answer_slowly,
    faults.cut_short,
]


@pytest.fixture
def proxy(emulate_server, monkeypatch):
    """What stands between the bot and emulate; the bot loses its patience soon."""
    monkeypatch.setattr("trainboard.github.client.TIMEOUT_SECONDS", 1)
    with running_proxy(emulate_server.url) as proxy:
        yield proxy


@pytest.fixture
def team(talk, proxy, emulate_server):
    """A team with a new repository behind the proxy; `seen` tells what is in it, `began` when it was made."""
    world = EmulateWorld(proxy.url, emulate_server.token)
    began = datetime.now(UTC).replace(microsecond=0)
    with world.opened(talk, FakeClock(began)) as team:
        team.seen, team.began = lambda: world.look(team, None), began
        yield team
        team.bot.bot.outside.trackers["churn"].close()


@pytest.fixture
def bot(team):
    """The team's bot."""
    return team.bot


def reports(bot, run_id):
    """A job reports a run that has just ended; then time goes by."""
    now = bot.clock().isoformat()
    bot.reports(run(run_id, run={"started_at": now, "ended_at": now}))
    for _ in range(6):
        bot.clock.forward(seconds=60)
        bot.settle()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("method", "ending"), [("POST", "/milestones"), ("POST", "/issues")])
def test_what_was_made_in_doubt_is_made_once(fault, method, ending, bot, team, proxy):
    """One milestone and one issue, whichever of the two it was that broke; the next run finds them."""
    proxy.break_next(method, ending, fault)
    reports(bot, "r1")
    reports(bot, "r2")

    [(_, _, _, body)] = team.seen()["items"]
    assert "**2 runs: 2 finished**" in body
    assert ["Sprint 1"] == team.seen()["milestones"]
    assert proxy.all_met


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("method", "ending"), [("GET", "/issues/1"), ("PATCH", "/issues/1")])
def test_an_update_in_doubt_comes_out_true(fault, method, ending, bot, team, proxy):
    """Whether or not GitHub has done it, the last state stands in the end."""
    reports(bot, "r1")
    proxy.break_next(method, ending, fault)
    reports(bot, "r2")

    [(_, _, _, body)] = team.seen()["items"]
    assert "**2 runs: 2 finished**" in body
    assert proxy.all_met


@pytest.mark.parametrize("fault", [each for each in FAULTS if each is not faults.answer_slowly])
def test_a_comment_in_doubt_is_sent_once(fault, bot, team, proxy):
    """The tracker says that it does not know, and leaves it to others to look."""
    reports(bot, "r1")
    tracker = bot.bot.outside.trackers["churn"]
    proxy.break_next("POST", "/comments", fault)
    with pytest.raises(DoubtError):
        tracker.create_comment("1", "Look here.")

    found = [comment.body for comment in tracker.list_comments("1", since=team.began)]
    assert ([] if fault is faults.reset_before else ["Look here."]) == found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_look_after_a_doubt_may_break_too(fault, bot, team, proxy):
    """The search for what may have been made fails: nothing is made before it has succeeded."""
    proxy.break_next("POST", "/issues", faults.never_answer)
    proxy.break_next("GET", "/issues", fault)
    reports(bot, "r1")

    assert 1 == len(team.seen()["items"])
    assert proxy.all_met
