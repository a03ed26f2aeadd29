"""Sprints end: what is open goes into the next, once and with its count, and the old one is closed."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from fakes.clock import FakeClock
from fakes.conversation import SPRINT, run
from fakes.github import FakeGitHub
from fakes.mortal import outlives_steps
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.applying.ended_iterations import AT_ONCE
from trainboard.applying.ended_iterations import apply as end
from trainboard.effects import EndIteration
from trainboard.errors import PermanentError, ReadOnlyError
from trainboard.iterations import iteration
from trainboard.store import iterations, reports
from trainboard.work_items import NewWorkItem, WorkItemChange

WORLDS = {"github": on_github, "azure devops": on_azure_devops, "local": on_local_board}
MOST_STEPS = 120


class Ending:
    """A team near the end of its first sprint. The bot looks at what stands in the sprints every hour."""

    def __init__(self, kind, team):
        self.kind, self.team, self.bot = kind, team, team.bot
        self.bot.forward(minutes=1)

    @property
    def outside(self):
        """What the bot reaches."""
        return self.bot.bot.outside

    @property
    def tracker(self):
        """Where the items stand."""
        return self.outside.trackers["churn"]

    def find_sprint(self, number):
        """The ref of that sprint."""
        return self.sprints[f"Sprint {number}"].ref

    @property
    def sprints(self):
        """Those of the tracker, by name."""
        return {each.name: each for each in self.tracker.list_iterations()}

    @property
    def closed(self):
        """The names of the sprints that nobody can take for open ones."""
        return sorted(name for name, each in self.sprints.items() if not each.open)

    def makes(self, *titles, sprint=1):
        """Somebody plans items."""
        where = None if sprint is None else self.find_sprint(sprint)
        made = [
            self.tracker.create_item(NewWorkItem(title=title, body="", iteration=where)) for title in titles
        ]
        return made[0].ref if len(made) == 1 else [each.ref for each in made]

    def changes(self, ref, **change):
        """Somebody changes the item."""
        self.tracker.update_item(ref, WorkItemChange(**change))

    def where(self, *refs):
        """The names of the sprints that the items stand in, None for none."""
        names = {each.ref: name for name, each in self.sprints.items()}
        found = [names.get(self.tracker.get_item(ref).iteration) for ref in refs]
        return found[0] if len(found) == 1 else found

    def deletes_sprint(self, number):
        """Somebody deletes it; nobody tells the bot."""
        ref = self.find_sprint(number)
        if self.kind == "github":
            del self.team.github.churn.milestones[int(ref)]
            for issue in self.team.github.churn.issues.values():
                issue.milestone = None if issue.milestone == int(ref) else issue.milestone
        elif self.kind == "local":
            with self.outside.database.write() as connection:
                connection.execute(text("DELETE FROM local_iterations WHERE id = :id"), {"id": int(ref)})
        else:
            pytest.skip("the stand-in cannot delete an iteration")

    def looks(self):
        """The bot looks at what stands in the sprints."""
        self.bot.bot.schedule.tick_history()
        self.bot.settle()

    def passes(self, **time):
        """Time goes by, and the bot does what is due, also what it puts off."""
        self.bot.forward(**time)
        self.rests()

    def rests(self):
        """The bot comes to rest."""
        for _ in range(4):
            self.bot.forward(minutes=2)

    def report(self, number):
        """What the sprint came to."""
        project = self.outside.projects["churn"]
        with self.outside.database.read() as connection:
            return reports.make(connection, project, number, self.bot.clock())

    def counts(self, number):
        """What was carried, by title, with how often."""
        return {each.item.title: each.times for each in self.report(number).carry}

    def writes(self, ref):
        """Requests that changed the item."""
        asked = {
            "github": lambda: self.team.github.requests,
            "azure devops": lambda: self.team.azure.requests,
        }
        ends = (f"/issues/{ref}", f"/workItems/{ref}", f"/workitems/{ref}")
        made = asked[self.kind]() if self.kind in asked else ()
        return [str(each) for each in made if each.method == "PATCH" and each.path.endswith(ends)]


@pytest.fixture(params=WORLDS)
def team(request, talk):
    with WORLDS[request.param](
        talk, FakeClock(), sprint=SPRINT | {"carry_over": "all", "create_ahead": 2}
    ) as made:
        yield Ending(request.param, made)


@pytest.fixture(params=["experiments", "none"])
def frugal(request, talk):
    with on_github(talk, FakeClock(), sprint=SPRINT | {"carry_over": request.param}) as made:
        yield request.param, Ending("github", made)


def test_two_sprint_changes(team):
    """What is open moves each time, is counted, and the sprint behind it is closed; the next is there."""
    team.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    first, second, third = team.makes("Clean the labels", "Train", "Serve")
    team.changes(third, estimate=3.0)
    team.looks()
    team.changes(first, state="closed")
    assert [] == team.closed
    team.passes(days=5)
    assert ["Sprint 1", "Sprint 2", "Sprint 2"] == team.where(first, second, third)
    [experiment] = team.bot.items()
    assert "Sprint 2" == team.where(experiment.ref)
    assert ["Sprint 1"] == team.closed
    assert "Sprint 3" in team.sprints
    assert {"Train": 1, "Serve": 1} == {t: n for t, n in team.counts(1).items() if "churn" not in t}
    scope = team.report(1).scope
    assert (1, 3, 3) == (scope.completed.count, scope.carried.count, scope.carried.points)

    team.looks()
    team.changes(second, state="closed")
    team.passes(days=14)
    assert ["Sprint 1", "Sprint 2", "Sprint 3"] == team.where(first, second, third)
    assert ["Sprint 1", "Sprint 2"] == team.closed
    assert {"Serve": 2} == {t: n for t, n in team.counts(2).items() if "churn" not in t}
    assert team.report(2).carry[0].is_often


def test_a_quiet_day_after_the_end_costs_nothing(team):
    """What is closed is not looked at again."""
    ref = team.makes("Train")
    team.passes(days=5)
    before = len(team.writes(ref))
    team.changes(ref, iteration=team.find_sprint(1))
    changed = len(team.writes(ref))
    team.passes(hours=1)
    assert "Sprint 1" == team.where(ref)
    assert changed == len(team.writes(ref))
    assert team.kind == "local" or 1 == before


def test_people_move_items_in_the_meantime(team, monkeypatch):
    """Somebody's move to the backlog or elsewhere stands, and so does an end; only what is left is moved."""
    backlog, elsewhere, done, left = team.makes("Backlog", "Elsewhere", "Done", "Left")
    team.makes("Far", sprint=2)
    find = type(team.tracker).list_iteration_items

    def list_and_act(tracker, ref):
        found = list(find(tracker, ref))
        if ref == old and not acted:
            acted.append(True)
            team.changes(backlog, iteration=None)
            team.changes(elsewhere, iteration=team.find_sprint(3))
            team.changes(done, state="closed")
        return iter(found)

    old, acted = team.find_sprint(1), [True]
    team.bot.clock.forward(days=5)
    team.bot.bot.schedule.tick_sprints()
    with monkeypatch.context() as patch:
        patch.setattr(type(team.tracker), "list_iteration_items", list_and_act)
        patch.setattr("trainboard.applying.ended_iterations.sprint_items.apply", lambda *_: acted.clear())
        team.bot.settle()
    team.rests()
    assert [None, "Sprint 3", "Sprint 1", "Sprint 2"] == team.where(backlog, elsewhere, done, left)
    assert ["Sprint 1"] == team.closed


def test_what_came_in_the_last_hour_is_in_the_report(team):
    """It was made after the last look and is moved before the next one: its sprint had it when it ended."""
    team.looks()
    team.bot.clock.forward(days=4, hours=13, minutes=30)
    ref = team.makes("Late")
    team.changes(ref, estimate=8.0)
    done = team.makes("Done at the end")
    team.bot.clock.forward(minutes=10)
    team.changes(done, state="closed")
    team.passes(minutes=25)
    assert "Sprint 2" == team.where(ref)
    scope = team.report(1).scope
    assert (["Late"], 8) == ([each.title for each in scope.carried.items], scope.carried.points)
    assert ["Done at the end"] == [each.title for each in scope.completed.items]


def test_a_death_between_any_two_steps_carries_once(team, monkeypatch):
    """Each item is moved with one write, whichever step was the last; the sprint is closed after."""
    for fatal in range(1, MOST_STEPS):
        current = fatal
        refs = team.makes("One", "Two", sprint=current)
        team.bot.clock.forward(days=14 if fatal > 1 else 5)
        team.bot.bot.schedule.tick_sprints()
        has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
        team.bot.restart()
        for _ in range(3):
            team.bot.clock.forward(minutes=5)
            team.bot.bot.schedule.tick_sprints()
            team.bot.settle()
        assert [f"Sprint {current + 1}"] * 2 == team.where(*refs)
        assert team.kind == "azure devops" or f"Sprint {current}" in team.closed
        assert team.kind == "local" or [1, 1] == [len(team.writes(ref)) for ref in refs]
        for ref in refs:
            team.changes(ref, state="closed")
        if has_lived:
            break
    assert 5 < fatal < MOST_STEPS - 1


def test_two_processes_at_once_carry_once(team):
    """Both may look; every item ends where it should, and the sprint is closed."""
    refs = team.makes("One", "Two", "Three")
    team.bot.clock.forward(days=5)
    effect = EndIteration(project="churn", number=1)
    threads = [Thread(target=end, args=(effect, team.outside)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    team.rests()
    assert ["Sprint 2"] * 3 == team.where(*refs)
    assert ["Sprint 1"] == team.closed


def test_an_item_that_cannot_be_moved_holds_back_nothing(team, monkeypatch):
    """It stays, which is logged; all others go on, and the sprint is closed."""
    refused, other = team.makes("Refused", "Other")
    update = type(team.tracker).update_item

    def refuse(tracker, ref, change):
        if ref == refused:
            raise PermanentError("A rule of the process says no.")
        return update(tracker, ref, change)

    with monkeypatch.context() as patch:
        patch.setattr(type(team.tracker), "update_item", refuse)
        team.passes(days=5)
    assert ["Sprint 1", "Sprint 2"] == team.where(refused, other)
    assert ["Sprint 1"] == team.closed


def test_an_archived_place_lets_go_of_nothing(team, monkeypatch):
    """Where nothing can be written, an item is not given up: it is carried when that is over."""
    ref = team.makes("Train")

    def refuse(*_):
        raise ReadOnlyError("It is archived.")

    with monkeypatch.context() as patch:
        patch.setattr(type(team.tracker), "update_item", refuse)
        team.passes(days=5)
    assert ("Sprint 1", "Sprint 1" in team.closed) == (team.where(ref), team.kind == "azure devops")
    team.passes(days=1, hours=1)
    assert ("Sprint 2", ["Sprint 1"]) == (team.where(ref), team.closed)


def test_a_history_that_cannot_be_written_stops_nothing(team, monkeypatch):
    """What is carried is more than what is told of it."""
    ref = team.makes("Train")

    def refuse(*_):
        raise PermanentError("A sprint is gone.")

    monkeypatch.setattr("trainboard.applying.ended_iterations.sprint_items.apply", refuse)
    team.passes(days=5)
    assert ("Sprint 2", ["Sprint 1"]) == (team.where(ref), team.closed)


def test_more_items_than_are_moved_at_once(team):
    """The rest follows."""
    refs = team.makes(*(f"Item {number}" for number in range(AT_ONCE + 3)))
    team.bot.forward(days=5)
    assert {"Sprint 1", "Sprint 2"} == set(team.where(*refs))
    assert [] == team.closed or team.kind == "azure devops"
    team.rests()
    assert {"Sprint 2"} == set(team.where(*refs))
    assert ["Sprint 1"] == team.closed


def test_somebody_deletes_the_sprint_that_ended(team):
    """Nothing is left to close; what stood in it is nobody's, and the bot goes on."""
    team.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    ref = team.makes("Train")
    team.deletes_sprint(1)
    team.passes(days=5)
    assert None is team.where(ref)
    assert "Sprint 1" not in team.sprints
    [experiment] = team.bot.items()
    assert "Sprint 2" == team.where(experiment.ref)
    with team.outside.database.read() as connection:
        assert None is iterations.find(connection, "churn", 1)


def test_somebody_deletes_the_sprint_that_items_are_carried_into(team):
    """It is made anew, and they go there."""
    ref = team.makes("Train")
    team.deletes_sprint(2)
    team.passes(days=5)
    assert "Sprint 2" == team.where(ref)
    assert ["Sprint 1"] == team.closed


def test_somebody_renames_the_sprint(team):
    """It is the same one."""
    ref, old = team.makes("Train"), team.find_sprint(1)
    if team.kind == "github":
        team.team.github.churn.milestones[int(old)].title = "Autumn"
    elif team.kind == "azure devops":
        team.team.azure.person_renames_iteration("Churn", old, "Autumn")
    else:
        with team.outside.database.write() as connection:
            connection.execute(
                text("UPDATE local_iterations SET name = 'Autumn' WHERE id = :id"), {"id": int(old)}
            )
    team.passes(days=5)
    assert "Sprint 2" == team.where(ref)
    assert ["Autumn"] == team.closed


def test_the_tracker_is_down_through_the_whole_change(team):
    """What was left is carried when it is back, into the sprint that goes on by then."""
    if team.kind == "local":
        pytest.skip("the board is the database")
    ref = team.makes("Train")
    platform = team.team.github if team.kind == "github" else team.team.azure
    platform.is_down = True
    for _ in range(12):
        team.bot.forward(days=1, hours=12)
    platform.is_down = False
    for _ in range(3):
        team.passes(hours=2)
    assert "Sprint 2" == team.where(ref)
    assert ["Sprint 1"] == team.closed


def test_what_is_not_to_be_carried_stays(frugal):
    """Of all items only experiments go on, or nothing does; the sprint is closed all the same."""
    policy, team = frugal
    team.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    ref = team.makes("Train")
    team.passes(days=5)
    [experiment] = team.bot.items()
    assert "Sprint 1" == team.where(ref)
    assert ("Sprint 2" if policy == "experiments" else "Sprint 1") == team.where(experiment.ref)
    assert ["Sprint 1"] == team.closed


@pytest.mark.parametrize("first", ["2026-10-24", "2027-03-27"])
def test_sprints_of_one_day_where_the_clocks_change(talk, first):
    """The day has 25 hours, or 23: its sprint ends with it, and each end is counted once."""
    sprint = {"length_days": 1, "first_start": first, "timezone": "Europe/Berlin", "carry_over": "all"}
    clock = FakeClock(datetime.fromisoformat(f"{first}T12:00:00+00:00"))
    with on_local_board(talk, clock, sprint=SPRINT | sprint) as made:
        team = Ending("local", made)
        ref = team.makes("Train")
        team.looks()
        for number in (2, 3, 4):
            ends_at = iteration(team.outside.projects["churn"].sprint, number - 1).ends_at
            clock.now = ends_at - timedelta(minutes=1)
            team.bot.ticks()
            assert f"Sprint {number - 1}" == team.where(ref)
            clock.now = ends_at
            team.rests()
            assert f"Sprint {number}" == team.where(ref)
            assert {"Train": number - 1} == team.counts(number - 1)
        assert ["Sprint 1", "Sprint 2", "Sprint 3"] == team.closed


def test_a_sprint_without_working_days_ends_too(talk):
    """Nobody works on it; what stands in it is carried, and its report has no ideal line."""
    sprint = {"working_days": ["sun"], "holidays": ["2026-11-15", "2026-11-22"], "carry_over": "all"}
    with on_local_board(talk, FakeClock(), sprint=SPRINT | sprint) as made:
        team = Ending("local", made)
        ref = team.makes("Train")
        team.looks()
        team.passes(days=5)
        assert ("Sprint 2", ["Sprint 1"]) == (team.where(ref), team.closed)
        assert {None} == {each.ideal for each in team.report(1).days}


def test_a_sprint_that_goes_on_for_another_project_stays_open(talk):
    """Two teams share a repository, and by their names the same milestones."""
    clock, place = FakeClock(), {"tracker": "github:acme/churn"}
    sprints = {"churn": SPRINT | {"carry_over": "all"}, "fraud": SPRINT | {"length_days": 28}}
    with FakeGitHub(clock=clock).running() as github:
        bot = talk(
            clock=clock,
            projects=[place | {"name": name, "sprint": each} for name, each in sprints.items()],
            github={"token": github.token},
        )
        bot.forward(minutes=1)
        tracker = bot.bot.outside.trackers["churn"]
        first, *_ = tracker.list_iterations()
        theirs = tracker.create_item(NewWorkItem(title="Theirs", body="", iteration=first.ref)).ref
        for days in (5, 14):
            bot.forward(days=days)
            bot.forward(minutes=2)
            assert first.ref == tracker.get_item(theirs).iteration
            assert days == 14 or next(tracker.list_iterations()).open
        assert not next(tracker.list_iterations()).open


def test_whoever_opens_a_sprint_again_means_it(frugal):
    """It is closed once."""
    _, team = frugal
    team.passes(days=5)
    team.team.github.churn.milestones[int(team.find_sprint(1))].state = "open"
    team.passes(hours=1)
    assert [] == team.closed


def test_an_experiment_that_somebody_moved_stays_there(team):
    """Its runs of the new sprint are shown where it stands."""
    team.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    [experiment] = team.bot.items()
    team.changes(experiment.ref, iteration=None)
    team.passes(days=5)
    assert None is team.where(experiment.ref)
    ended = (team.bot.clock() - timedelta(minutes=5)).isoformat()
    team.bot.reports(run("r2", "churn-xgb", metrics={"val_auc": 0.91}, ended=ended))
    team.rests()
    [experiment] = team.bot.items()
    assert None is team.where(experiment.ref)
    assert "0.91" in experiment.body
    assert ["Sprint 1"] == team.closed
