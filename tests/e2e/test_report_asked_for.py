"""People ask for a report in a comment, and the schedule goes its way."""

import pytest

from e2e.test_commands import WORLDS
from fakes.clock import FakeClock

MORNING = [{"project": "churn", "cron": "0 9 * * mon-fri", "deliver": ["tracker"]}]


@pytest.fixture(params=WORLDS)
def team(request, talk):
    opened, kind = WORLDS[request.param]
    with opened(lambda **sections: talk(reports=MORNING, **sections), FakeClock()) as made:
        talking = kind(made)
        talking.begins()
        yield talking


def looks(team):
    """The bot looks at what stands in the sprints."""
    team.bot.bot.schedule.tick_history()
    team.bot.settle()


def test_a_report_is_an_answer(team):
    """And one that is asked for again takes its place."""
    comment = team.says("/report")
    team.goes_by()
    assert ["refused"] == team.reactions(comment)
    assert "Nothing is known yet" in team.answers(comment)[0]

    looks(team)
    team.says("/report")
    team.goes_by()
    said = [each for each in team.answers(comment, "/report") if "## Sprint 1 of churn" in each]
    assert 1 == len(said)
    assert "0 of 1 item done" in said[0]

    team.says("/report 1")
    team.goes_by()
    assert 1 == len([each for each in team.answers(comment, "/report") if "## Sprint 1 of churn" in each])


def test_a_digest_is_an_answer(team):
    """What changed since the last working day began."""
    looks(team)
    comment = team.says("/report --daily")
    team.goes_by()
    assert any("1 item left" in each for each in team.answers(comment, "/report"))


def test_a_sprint_that_is_none(team):
    """It is said which there are."""
    looks(team)
    comment = team.says("/report 99")
    team.goes_by()
    assert ["refused"] == team.reactions(comment)
    assert "Known are" in team.answers(comment)[0]


def test_who_asks_does_not_take_the_place_of_the_schedule(team):
    """The item of the report is made in the morning all the same, and the answer names it from then on."""
    looks(team)
    comment = team.says("/report")
    team.goes_by()
    team.bot.forward(hours=23)
    comment = team.says("/report")
    team.goes_by()
    assert any("Kept as" in each for each in team.answers(comment, "/report"))
