"""Alerts become bugs: one for each problem, closed when it is gone."""

from datetime import timedelta

import pytest

from fakes.alerts import AlertTalk, alert


@pytest.fixture
def talk(tmp_path):
    """A bot with an Alertmanager and a local board."""
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db")
    yield talk
    talk.close()


def test_an_alert_becomes_a_bug_that_closes_when_it_is_gone(talk):
    """One bug, made after the debounce, closed after the hold, whatever is repeated."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.tells(alert())
    assert [("open", "Alert: FeatureDrift (model=churn)")] == talk.bugs()
    talk.tells(alert(firing=False))
    talk.forward(minutes=9)
    assert [("open", "Alert: FeatureDrift (model=churn)")] == talk.bugs()
    talk.forward(minutes=2)
    assert [("closed", "Alert: FeatureDrift (model=churn)")] == talk.bugs()


def test_what_comes_back_opens_the_same_bug_again(talk):
    """Within the time that the settings name; later it is another bug."""
    talk.lives_once()
    talk.tells(alert(starts=talk.clock()))
    talk.forward(seconds=3)
    assert ["open"] == [state for state, _ in talk.bugs()]
    talk.tells(alert(firing=False, starts=talk.clock() - timedelta(seconds=3)))
    talk.forward(hours=3)
    assert ["closed"] == [state for state, _ in talk.bugs()]
    talk.forward(days=8)
    talk.tells(alert(starts=talk.clock()))
    talk.forward(seconds=3)
    assert ["closed", "open"] == [state for state, _ in talk.bugs()]


def test_a_stale_firing_after_the_end_opens_nothing(talk):
    """As the second of two Alertmanagers sends it."""
    began = talk.clock()
    talk.lives_once()
    talk.tells(alert(starts=began))
    talk.forward(minutes=1)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_many_problems_of_one_rule_are_one_bug(talk):
    """A storm, closed when the last of them is over."""
    for number in range(200):
        talk.tells(alert(model=f"m{number}"), settle=False)
    talk.settle()
    talk.forward(seconds=3)
    assert [("open", "Alert storm: 200 problems of FeatureDrift from alertmanager/prod")] == talk.bugs()
    for number in range(200):
        talk.tells(alert(model=f"m{number}", firing=False), settle=False)
    talk.settle()
    talk.forward(minutes=11)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_what_left_alerts_out_closes_nothing(talk):
    """A message that was cut says nothing of what it leaves out."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.tells(alert(firing=False), truncated=190)
    talk.forward(hours=2)
    assert ["open"] == [state for state, _ in talk.bugs()]


def test_what_nobody_tells_of_any_more_is_closed_as_stale(talk):
    """After the time that the settings name."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.forward(hours=5)
    assert ["open"] == [state for state, _ in talk.bugs()]
    talk.forward(hours=1, minutes=20)
    assert ["closed"] == [state for state, _ in talk.bugs()]
    assert "tb:stale" in talk.items()[0].labels
