"""Sprints that end and begin where clocks change, while people plan, move and close items, and jobs train."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from fakes.clock import FakeClock
from fakes.conversation import Conversation, run
from trainboard.iterations import iteration_at
from trainboard.work_items import NewWorkItem, WorkItemChange

BEGIN = datetime(2027, 3, 26, 10, tzinfo=UTC)
"""A Friday; in the night to Sunday the clocks change in Berlin, and in Beirut at midnight."""
SPRINT = {"length_days": 2, "first_start": "2027-03-24", "carry_over": "all", "create_ahead": 2}


class Life(RuleBasedStateMachine):
    """A team on the local board, with sprints of two days."""

    template: bytes
    folder = None

    @initialize(timezone=st.sampled_from(["Europe/Berlin", "Asia/Beirut", "Pacific/Kiritimati"]))
    def begins(self, timezone):
        """A team of that place."""
        for each in self.folder.glob("t.db*"):
            each.unlink()
        file = self.folder / "t.db"
        file.write_bytes(self.template)
        project = {"name": "churn", "tracker": "local", "sprint": SPRINT | {"timezone": timezone}}
        self.bot = Conversation(f"sqlite:///{file}", clock=FakeClock(BEGIN), projects=[project])
        self.open: set[str] = set()
        self.closed: dict[str, str] = {}
        self.comes_to_rest()

    def teardown(self):
        """Nothing is left in a sprint that is long over."""
        try:
            self.passes(hours=24 * 5)
            self.everything_stands_where_it_should()
        finally:
            self.bot.close()

    @property
    def tracker(self):
        """Where the items stand."""
        return self.bot.bot.outside.trackers["churn"]

    @property
    def sprints(self):
        """Those of the board, by the days on which they begin."""
        return sorted(self.tracker.list_iterations(), key=lambda each: each.start)

    @property
    def now(self):
        """The sprint that should be under way."""
        return iteration_at(self.bot.bot.outside.projects["churn"].sprint, self.bot.clock())

    @rule(ahead=st.integers(0, 1))
    def somebody_plans(self, ahead):
        """For this sprint, or for the next."""
        where = next(each.ref for each in self.sprints if each.start == self.now.start)
        later = [each.ref for each in self.sprints if each.start > self.now.start]
        number = len(self.open) + len(self.closed)
        made = self.tracker.create_item(
            NewWorkItem(title=f"Item {number}", body="", iteration=[where, *later][ahead])
        )
        self.open.add(made.ref)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def somebody_closes(self, data):
        """An item; it stays where it is."""
        ref = data.draw(st.sampled_from(sorted(self.open)))
        self.tracker.update_item(ref, WorkItemChange(state="closed", closed_as="done"))
        self.open.remove(ref)
        self.closed[ref] = self.tracker.get_item(ref).iteration

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def somebody_moves(self, data):
        """An item, into any sprint that is not over."""
        ref = data.draw(st.sampled_from(sorted(self.open)))
        going_on = [each.ref for each in self.sprints if each.start >= self.now.start]
        self.tracker.update_item(ref, WorkItemChange(iteration=data.draw(st.sampled_from(going_on))))

    @rule(number=st.integers(1, 3), status=st.sampled_from(["running", "finished", "failed"]))
    def a_job_trains(self, number, status):
        """One of three experiments."""
        ended = self.bot.clock().isoformat()
        assert 202 == self.bot.reports(run(f"r{number}", f"churn-{number}", status, ended=ended))
        self.comes_to_rest()

    @rule(hours=st.sampled_from([1, 11, 24, 47, 49, 120]))
    def passes(self, hours):
        """Time goes by."""
        self.bot.forward(hours=hours)
        self.comes_to_rest()

    @rule()
    def restarts(self):
        """The process ends, and another one goes on."""
        self.bot.restart()

    @invariant()
    def sprints_touch(self):
        """Each begins the day after the one before has ended, has its own name, and is there in time."""
        days = [(each.start, each.end) for each in self.sprints]
        assert all((after[0] - before[1]).days == 1 for before, after in pairwise(days))
        assert len(days) == len({each.name for each in self.sprints})
        assert [self.now.name] == [each.name for each in self.sprints if each.start == self.now.start]

    @invariant()
    def everything_stands_where_it_should(self):
        """What is open in a sprint that is not over, what was closed where it was, an experiment once."""
        over = {each.ref for each in self.sprints if each.end < self.now.start}
        assert set() == over & {self.tracker.get_item(ref).iteration for ref in self.open}
        assert self.closed == {ref: self.tracker.get_item(ref).iteration for ref in self.closed}
        experiments = [each for each in self.bot.items() if each.state == "open"]
        assert len(experiments) == len({each.title for each in experiments})
        assert set() == over & {each.iteration for each in experiments}

    def comes_to_rest(self):
        """The bot looks at what stands in the sprints, and does what it puts off."""
        self.bot.bot.schedule.tick_history()
        for _ in range(4):
            self.bot.forward(minutes=2)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """The machine; each example begins with a copy of the same database."""
    folder = tmp_path_factory.mktemp("life")
    Conversation(f"sqlite:///{folder}/new.db").close()
    made = {"template": (folder / "new.db").read_bytes(), "folder": folder, "TestCase": None}
    return type("Life", (Life,), made)


def test_whatever_happens_to_sprints(life):
    """They follow each other, and nobody's work is lost, doubled or left behind."""
    most = max(settings.default.max_examples // 15, 1)
    run_machine(
        life,
        settings=settings(max_examples=most, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )
