"""What real Alertmanagers sent, replayed by HTTP at the pace of their defaults."""

import pytest

from fakes.alert_traces import Replay, cut, each_for_itself, joining, read_trace


@pytest.fixture
def replay(tmp_path):
    """A bot with an Alertmanager, and a tracker that counts."""
    made = Replay(f"sqlite:///{tmp_path}/t.db")
    yield made
    made.close()


def test_what_real_alertmanagers_sent(replay_of):
    """Each problem is one bug that closes, with few calls in its whole life and none to look for it."""
    name, bugs, most_calls, replay = replay_of
    replay.plays(read_trace(name))
    replay.goes_by(hours=2)
    calls, searches = replay.count()
    assert (["closed"] * bugs, 0, 0) == (replay.states(), searches, replay.false_closes)
    assert calls <= most_calls, replay.tracker.calls


@pytest.fixture(
    params=[
        ("basic_lifecycle", 1, 10),
        ("flapping", 1, 5),
        ("route_change_groupkey", 1, 3),
        ("storm200_one_group", 1, 3),
        ("storm200_by_service", 2, 6),
    ],
    ids=lambda each: each[0],
)
def replay_of(request, replay):
    """A recording, how many bugs it is, with how many calls at most, and who gets it replayed."""
    return (*request.param, replay)


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_groups_at_once_are_one_bug(replay, seed):
    """In whatever order they come."""
    replay.plays(each_for_itself(seed))
    replay.goes_by(hours=2)
    calls, searches = replay.count()
    assert (["closed"], 0, 0) == (replay.states(), searches, replay.false_closes)
    assert calls <= 10, replay.tracker.calls


@pytest.mark.parametrize(
    "made", [lambda: each_for_itself(0, every=0.3), joining], ids=["groups", "one group"]
)
def test_what_comes_one_by_one_is_one_bug_soon(replay, made):
    """It is edited once a minute at most."""
    replay.plays(made())
    replay.goes_by(hours=2)
    assert ["closed"] == replay.states()
    assert replay.count()[0] <= 5, replay.tracker.calls


def test_what_was_cut_closes_nothing(replay):
    """A message that leaves alerts out says that all is resolved while a hundred fire."""
    replay.plays(cut("storm200_one_group"), read_trace("storm200_one_group"))
    replay.goes_by(hours=2)
    assert (["open"], 0) == (replay.states(), replay.false_closes)


def test_what_was_silenced_closes_when_nobody_tells_of_it(replay):
    """Its end is never sent."""
    replay.plays(read_trace("silenced_then_resolved"))
    replay.goes_by(hours=7)
    assert {"closed"} == set(replay.states())


def test_fewer_alerts_are_told_within_the_hour(replay):
    """Nobody has to do more; whoever looks at the page sees it at once."""
    first, *_, half, _ = read_trace("storm200_one_group")
    replay.plays([first, (300, half[1])])
    [bug] = replay.talk.items()
    assert "200" in bug.body
    replay.goes_by(hours=1)
    [bug] = replay.talk.items()
    assert "100" in bug.body
