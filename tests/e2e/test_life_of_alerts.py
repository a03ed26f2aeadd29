"""Alerts told in any order, late, twice or not at all, while people and processes do as they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fakes.alerts import AlertTalk, alert
from trainboard.alert_policy import AlertPolicy

MODELS = st.sampled_from(["a", "b", "c"])
POLICY = AlertPolicy()
SURELY_OVER = timedelta(days=2)
"""Longer than the longest hold of what comes and goes."""


@dataclass
class Known:
    """What the model knows of a problem: when it began last, whether it fires, and when that was told."""

    start: datetime
    firing: bool
    told_at: datetime
    changed_at: datetime
    closed_by_person: bool = False


class Life(RuleBasedStateMachine):
    """A monitor, a bot, somebody who closes bugs, and a clock."""

    template: bytes
    folder = None

    def __init__(self):
        super().__init__()
        file = self.folder / "t.db"
        for each in self.folder.glob("t.db*"):
            each.unlink()
        file.write_bytes(self.template)
        self.talk = AlertTalk(f"sqlite:///{file}")
        self.known: dict[str, Known] = {}
        self.told: list = []

    def teardown(self):
        """What nobody tells of any more is closed, whatever was before."""
        try:
            self.passes(minutes=60 * 24)
            self.passes(minutes=60 * 24 * 2)
            assert [] == [title for state, title in self.talk.bugs() if state == "open"]
        finally:
            self.talk.close()

    @rule(model=MODELS)
    def fires(self, model):
        """A monitor tells that something fires: it begins, later than anything before, or goes on."""
        self.talk.clock.forward(seconds=1)
        known, now = self.known.get(model), self.talk.clock()
        goes_on = known is not None and known.firing
        start = known.start if goes_on else now
        self.tells(alert(model=model, starts=start))
        if goes_on:
            known.told_at = now
        else:
            self.known[model] = Known(start, firing=True, told_at=now, changed_at=now)

    @precondition(lambda self: any(each.firing for each in self.known.values()))
    @rule(data=st.data())
    def resolves(self, data):
        """A monitor tells that it is over."""
        model = data.draw(st.sampled_from([name for name, each in self.known.items() if each.firing]))
        known = self.known[model]
        self.tells(alert(model=model, starts=known.start, firing=False))
        known.firing, known.changed_at = False, self.talk.clock()

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def tells_again(self, data):
        """A message comes late or twice: only a word on what fires now counts as one."""
        old = data.draw(st.sampled_from(self.told))
        model = old.labels["model"]
        known, open_before = self.known[model], self.count_open(model)
        self.talk.tells(old)
        self.talk.forward(seconds=61)
        assert known.firing or self.count_open(model) <= open_before
        if known.firing and old.firing and old.starts_at == known.start:
            known.told_at = self.talk.clock()

    @rule(minutes=st.sampled_from([1, 9, 12, 45, 150, 60 * 7]))
    def passes(self, minutes):
        """Time goes by."""
        self.talk.forward(minutes=minutes)
        self.talk.forward(seconds=61)

    @rule()
    def restarts(self):
        """The process ends, and another one goes on."""
        self.talk.restart()

    @precondition(lambda self: any(state == "open" for state, _ in self.talk.bugs()))
    @rule(data=st.data(), closed_as=st.sampled_from(["done", "not planned"]))
    def is_closed_by_a_person(self, data, closed_as):
        """Somebody closes a bug; until the problem begins anew it is theirs."""
        item = data.draw(st.sampled_from([each for each in self.talk.items() if each.state == "open"]))
        self.talk.closes(item, closed_as)
        for model, known in self.known.items():
            if f"model={model}" in item.title:
                known.closed_by_person = True

    @invariant()
    def a_problem_has_one_bug(self):
        """Of one problem no two bugs are open; what never fired has none."""
        open_ = [title for state, title in self.talk.bugs() if state == "open"]
        assert len(open_) == len(set(open_))
        assert all(any(f"model={model}" in title for model in self.known) for _, title in self.talk.bugs())

    @invariant()
    def what_fires_has_an_open_bug(self):
        """From the debounce on, as long as it is told of; a person who closed it apart."""
        now = self.talk.clock()
        for model, known in self.known.items():
            is_ripe = now - known.changed_at > POLICY.debounce + timedelta(seconds=60)
            is_fresh = now - known.told_at < POLICY.stale_after
            if known.firing and is_ripe and is_fresh and not known.closed_by_person:
                assert 1 == self.count_open(model)

    @invariant()
    def what_is_over_has_none(self):
        """Once its hold is over too."""
        now = self.talk.clock()
        for model, known in self.known.items():
            if not known.firing and now - known.changed_at > SURELY_OVER:
                assert 0 == self.count_open(model)

    def tells(self, told):
        """Tell it, and remember it."""
        self.told.append(told)
        self.talk.tells(told)

    def count_open(self, model):
        """How many bugs of that model are open."""
        return sum(state == "open" and f"model={model}" in title for state, title in self.talk.bugs())


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """The machine; each example begins with a copy of the same database."""
    folder = tmp_path_factory.mktemp("life")
    AlertTalk(f"sqlite:///{folder}/new.db").close()
    made = {"template": (folder / "new.db").read_bytes(), "folder": folder, "TestCase": None}
    return type("Life", (Life,), made)


def test_whatever_happens_to_alerts(life):
    """One bug for each problem, open as long as it fires, and closed only when it is gone."""
    most = max(settings.default.max_examples // 10, 1)
    run_state_machine_as_test(
        life,
        settings=settings(max_examples=most, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )
