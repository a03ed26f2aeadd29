"""However news arrive, the report is the same."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.plans import AFTER, POLICY, SPRINT
from fakes.read import CHURN, FakeRead
from trainboard.events import WorkItemChanged
from trainboard.handlers.history import react
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.rows import render_csv
from trainboard.report.building import History, build
from trainboard.report.happenings import Past
from trainboard.store.item_history import name_key

PROJECT = replace(CHURN, tracker="github:acme/churn", sprint=replace(POLICY, started_labels=("doing",)))
READ = FakeRead(projects=[PROJECT], refs={1: "1", 2: "2"})
SECONDS = st.one_of(st.integers(0, 3), st.integers(0, 20 * 86_400))
ACTIONS = st.sampled_from(
    [
        ("opened", {}),
        ("milestoned", {"iteration": "1"}),
        ("milestoned", {"iteration": "2"}),
        ("demilestoned", {"iteration": None}),
        ("labeled", {"label": "tb:points-3", "labels": ("tb:points-3",)}),
        ("labeled", {"label": "tb:points-8", "labels": ("tb:points-8",)}),
        ("unlabeled", {"label": "tb:points-3"}),
        ("labeled", {"label": "doing", "labels": ("doing",)}),
        ("edited", {"fields": ("title",), "title": "/close @ada"}),
        ("closed", {"state": "closed", "closed_as": "done"}),
        ("closed", {"state": "closed", "closed_as": "not planned"}),
        ("reopened", {}),
        ("transferred", {}),
        ("deleted", {}),
    ]
)


def told(ref, seconds, action):
    """A delivery of GitHub."""
    name, fields = action
    usual = {"title": f"Item {ref}", "state": "open", "actor": "ana", "by_bot": False, "iteration": "1"}
    return WorkItemChanged(
        tracker=PROJECT.tracker,
        ref=ref,
        action=name,
        at=SPRINT.starts_at - timedelta(days=2) + timedelta(seconds=seconds),
        **(usual | fields),
    )


def report(events):
    """What people read after the deliveries came in that order, each thing written down once."""
    known = {}
    for event in events:
        for fact in react(event, READ):
            known.setdefault(name_key(fact.happening), fact.happening)
    rows = [replace(each, order=n, source=key) for n, (key, each) in enumerate(known.items(), 1)]
    history = History(project="churn", past=Past(rows), known_since=SPRINT.starts_at - timedelta(days=9))
    made = build(history, POLICY, 1, AFTER)
    scope = made.scope
    assert (
        scope.committed.points + scope.added.points + scope.re_estimated - scope.removed.points == scope.final
    )
    return render_report(made), render_csv(made)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.builds(told, st.sampled_from(["1", "2", "3"]), SECONDS, ACTIONS), max_size=25),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_and_repetition_make_no_difference(events, chance):
    """Also of what happened at one moment."""
    others = [*events, *events]
    chance.shuffle(others)
    assert report(events) == report(others)


@pytest.mark.parametrize("seed", range(5))
def test_an_item_that_moves_five_times(seed):
    """It stands where it went last, whoever tells of it first; it is one that came and went."""
    moves = [
        told("1", 3 * 86_400 + hour * 3600, ("milestoned", {"iteration": "12"[hour % 2]}))
        for hour in range(5)
    ]
    shuffled = random.Random(seed).sample(moves, len(moves))
    assert report(moves) == report(shuffled)
    out = told("1", 4 * 86_400, ("demilestoned", {"iteration": None}))
    assert "1 item came and went." in report([out, *shuffled])[0]
