"""What happens to work items is written down once and with its own time, whoever dies when."""

from itertools import count

import pytest

from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.mortal import outlives_steps
from fakes.teams import on_azure_devops, on_github
from trainboard.store import history_readings, item_history
from trainboard.work_items import NewWorkItem, WorkItemChange

WORLDS = {"github": on_github, "azure devops": on_azure_devops}


class Story:
    """A team that plans an item and is done with it some minutes later, again and again."""

    def __init__(self, team):
        self.team = team
        self.bot = team.bot
        self.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
        self.bot.forward(minutes=1)
        team.tells()
        self.passes()

    @property
    def tracker(self):
        """Where the items stand."""
        return self.bot.bot.outside.trackers["churn"]

    def ends_one(self):
        """An item is made, and is done three minutes later; answers its number and when."""
        sprint = next(each.ref for each in self.tracker.list_iterations() if each.name == "Sprint 1")
        made = self.tracker.create_item(NewWorkItem(title="Train", body="", iteration=sprint))
        self.tracker.update_item(made.ref, WorkItemChange(estimate=8.0))
        self.bot.clock.forward(minutes=3)
        self.tracker.update_item(made.ref, WorkItemChange(state="closed"))
        at = self.bot.clock()
        self.bot.clock.forward(minutes=4)
        return made.ref, at

    def passes(self):
        """An hour goes by, and the bot looks."""
        self.bot.clock.forward(hours=1)
        self.bot.bot.schedule.tick_history()
        self.bot.settle()

    def check(self, ref, at):
        """It is known once that the item was done, and when."""
        with self.bot.bot.database.read() as connection:
            known = [each for each in item_history.list_of(connection, "churn") if each.item == ref]
            gaps = history_readings.list_gaps(connection, "churn", self.bot.clock())
        assert [at] == [each.at for each in known if each.state == "done"]
        assert {1} == {each.sprint for each in known if isinstance(each.sprint, int)}
        assert 8 in {each.points for each in known}
        assert [] == gaps


@pytest.fixture(params=WORLDS)
def story(request, talk):
    with WORLDS[request.param](talk, FakeClock()) as team:
        yield Story(team)


def test_a_process_may_die_while_it_asks(story, monkeypatch):
    """Between any two steps: what it did not store is asked for again, what it stored is not told twice."""
    for fatal in count(1):
        ref, at = story.ends_one()
        story.bot.clock.forward(hours=1)
        story.bot.bot.schedule.tick_history()
        has_lived = outlives_steps(story.bot.settle, monkeypatch, fatal)
        story.bot.restart()
        story.passes()
        story.check(ref, at)
        if has_lived:
            break
    assert fatal > 8


def test_a_process_may_die_while_it_hears(story, monkeypatch):
    """Deliveries wait in the inbox; whoever comes after understands them."""
    for fatal in count(1):
        ref, at = story.ends_one()
        story.team.sends()
        has_lived = outlives_steps(story.bot.settle, monkeypatch, fatal)
        story.bot.restart()
        story.team.tells()
        story.passes()
        story.check(ref, at)
        if has_lived:
            break
    assert fatal > 4


def test_deliveries_that_come_twice_are_told_once(story):
    """Also by another subscription, or after the tracker was asked."""
    ref, at = story.ends_one()
    story.passes()
    story.check(ref, at)
    story.team.tells()
    story.team.tells_again()
    story.passes()
    story.check(ref, at)


def test_nobody_is_asked_for_all_items_every_hour(story):
    """A quiet hour is one call about what happened, and none about items that did not change."""
    story.ends_one()
    story.team.tells()
    story.passes()
    story.passes()
    story.team.platform.requests.clear()
    story.passes()
    asked = [each for each in story.team.platform.calls() if "events" in each or "reporting" in each]
    assert 1 == len(asked)
    queries = [each.json["query"] for each in story.team.platform.requests if "wiql" in str(each)]
    assert [] == [each for each in queries if "[System.ChangedDate] >=" not in each]
