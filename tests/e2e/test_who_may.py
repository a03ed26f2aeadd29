"""Who may command is what the platform says of roles and teams, for each environment."""

from contextlib import contextmanager

import pytest

from e2e.test_commands import PIPELINES, WORLDS, read_confirmation
from fakes.clock import FakeClock


@pytest.fixture(params=WORLDS)
def opens(request, talk):
    """Opens a team with an experiment and a pull request, of whose commands these rules hold."""
    opened, kind = WORLDS[request.param]

    @contextmanager
    def open_team(pipelines=PIPELINES, **rules):
        with opened(talk, FakeClock(), pipelines=pipelines, commands=rules) as made:
            talking = kind(made)
            talking.begins()
            yield talking

    open_team.kind = kind
    return open_team


@pytest.fixture
def leads(opens):
    """The rule that lets the team of the leads, which has nobody in it yet."""
    if opens.kind.leads is None:
        pytest.skip("there are no teams")
    return opens.kind.leads


def test_a_command_is_for_members_of_a_team(opens, leads):
    """As they are when it is given: whoever left may not, and is told the rule."""
    with opens(roles={"sprint": [leads]}) as team:
        denied = team.says("/sprint next")
        team.puts_into_leads(team.ben)
        team.goes_by()
        [said] = team.answers(denied)
        assert f"is for members of the team `{leads.removeprefix('team:')}`" in said
        assert "is not in that team, as the platform says." in said
        assert "Sprint 1" == team.sprint
        team.says("/sprint next", team.ben)
        team.goes_by()
        assert "Sprint 2" == team.sprint
        team.takes_out_of_leads(team.ben)
        team.says("/sprint current", team.ben)
        team.goes_by()
        assert "Sprint 2" == team.sprint


def test_production_has_rules_of_its_own(opens, leads):
    """A maintainer promotes to staging, a lead to production; and the lead is asked about twice."""
    placed = {"production": {"promote": [leads], "rollback": "nobody"}}
    with opens(environments=placed) as team:
        team.puts_into_leads(team.ben)
        for who, place, is_let in (
            (team.ana, "staging", True),
            (team.ana, "production", False),
            (team.ben, "staging", False),
            (team.ben, "PRODUCTION", True),
        ):
            comment = team.says(f"/promote {place}", who, on_pull=True)
            team.goes_by()
            [said] = team.answers(comment)
            assert is_let == ("/confirm " in said)
        team.takes_out_of_leads(team.ben)
        late = team.says(read_confirmation(said), team.ben, on_pull=True)
        team.goes_by()
        assert any("You may not do that any more" in each for each in team.answers(late))
        team.says("/rollback production", on_pull=True)
        team.goes_by()
        assert [] == team.started


def test_what_cannot_be_found_out_lets_nobody_in(opens, leads):
    """The reason says what is missing; nothing that needs no team is hindered."""
    with opens(roles={"sprint": [leads]}) as team:
        team.puts_into_leads(team.ben)
        missing = team.hides_leads()
        comment = team.says("/sprint next\n\n/label data")
        other = team.says("/sprint next", team.ben)
        team.goes_by()
        for each in (comment, other):
            [said] = team.answers(each)
            assert "Whether you may could not be found out." in said
            assert missing in said
        assert "Sprint 1" == team.sprint
        assert "data" in team.labels


def test_a_team_that_is_not_there_lets_nobody_in(opens, leads):
    """It is told at once, for nobody is going to make it meanwhile."""
    with opens(roles={"sprint": [opens.kind.lost_team]}) as team:
        comment = team.says("/sprint next")
        team.goes_by()
        [said] = team.answers(comment)
        assert "Whether you may could not be found out." in said
        assert opens.kind.lost_team.removeprefix("team:") in said
        assert "Sprint 1" == team.sprint


def test_silence_about_a_team_is_waited_for(opens, leads):
    """And then told; nothing is done meanwhile."""
    with opens(roles={"sprint": [leads]}) as team:
        team.puts_into_leads(team.ben)
        comment = team.says("/sprint next", team.ben, settles=False)
        team.is_silent_of_leads()
        team.bot.settle()
        assert ([], "Sprint 1") == (team.answers(comment), team.sprint)
        team.goes_by()
        assert ([], "Sprint 2") == (team.answers(comment), team.sprint)


def test_a_command_may_be_off_in_an_environment(opens):
    """For everybody, and nowhere else."""
    with opens(environments={"prod*": {"promote": "nobody", "rollback": ["user:nobody-knows"]}}) as team:
        off, named, on = (
            team.says(text) for text in ("/promote Production", "/rollback production", "/promote staging")
        )
        team.goes_by()
        assert "is turned off in `prod*`" in team.answers(off)[0]
        assert ["refused"] == team.reactions(named)
        assert "/confirm " in team.answers(on)[0]
        assert [] == team.started


def test_help_names_no_command_that_starts_nothing(opens):
    """It says what to declare."""
    with opens(pipelines=[]) as team:
        comment = team.says("/help")
        team.goes_by()
        said = "\n".join(team.answers(comment))
        assert "- `/promote" not in said
        assert "No pipeline is declared here for `/promote`, `/retrain`, `/rollback`" in said


def test_status_tells_of_the_runs(opens):
    """Their number, what they reached, and the last one."""
    with opens() as team:
        comment = team.says("/status")
        team.goes_by()
        [said] = team.answers(comment, "/status")
        assert "2 runs (2 finished)." in said
        assert "- Target `val_auc >= 0.92`: 0.9, ✗ not met" in said
