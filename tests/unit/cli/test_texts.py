"""Deliveries and histories as text for people."""

from datetime import UTC, datetime

import msgspec
import pytest

from fakes.read import item
from trainboard.cli._deliveries_text import readable, render_details, render_list, render_plan
from trainboard.cli._history_text import history_values, render_history
from trainboard.effects import EnsureExperimentItem
from trainboard.engine.rehearsal import Asked, Noted, Rehearsal
from trainboard.events import WorkItemChanged
from trainboard.facts import RecordWorkItem
from trainboard.store.changes import Change
from trainboard.store.delivery_log import CausedEffect, DeliveryDetails, DeliveryLine
from trainboard.store.history import PastEffect, PastEvent, Standing, Subject

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LINE = DeliveryLine(
    number=7,
    source="github",
    id="g7",
    kind="issues",
    entity="github:acme/churn#1",
    state="waiting",
    attempts=2,
    received_at=NOW,
    run_at=NOW,
    finished_at=None,
    error="TransientError: away",
    effects=(("ReadRuns", "applied", 3),),
)
EFFECT = EnsureExperimentItem(project="churn", experiment="xgb", number=1)
CLOSED = WorkItemChanged(
    tracker="local:churn",
    ref="1",
    action="closed",
    title="T",
    state="closed",
    at=NOW,
    actor="ana",
    by_bot=False,
)


def test_a_long_outcome_is_cut():
    """A line of the table stays a line; equal effects are counted."""
    long = msgspec.structs.replace(LINE, error="x" * 100)
    [_, row] = render_list([long]).splitlines()

    assert row.endswith("ReadRuns applied x3; " + "x" * 36 + "...")


def test_a_delivery_that_waits_tells_when_it_is_tried_next():
    """And why it was not done the last time."""
    details = DeliveryDetails(line=LINE, body=b"", events=(), effects=())
    text = render_details(details, "", cut=False)

    assert "  next try  2026-11-18 10:00:00 UTC\n" in text
    assert "  error     TransientError: away\n" in text
    assert "Events: none\nEffects: none\nBody:\n" in text


def test_effects_that_wait_and_that_failed_are_told_apart():
    """With the reason."""
    pending = CausedEffect(
        kind="ReadRuns", key="k", state="pending", attempts=1, run_at=NOW, applied_at=None, error="away"
    )
    done = msgspec.structs.replace(LINE, state="done", finished_at=NOW, error="nothing in it for us")
    text = render_details(
        DeliveryDetails(line=done, body=b"", events=(), effects=(pending,)), None, cut=False
    )

    assert "pending, due 2026-11-18 10:00:00, 1 failed tries: k\n    away\n" in text
    assert "note      nothing in it for us\n" in text
    assert text.endswith("Body: kept no longer")


@pytest.mark.parametrize(
    ("body", "text"),
    [(b'{"a":1}', '{\n  "a": 1\n}'), (b"no json \xff", "no json \ufffd"), (b"[" * 5000, "[" * 5000)],
    ids=["JSON", "no JSON", "too deep"],
)
def test_a_body_is_read_as_what_it_is(body, text):
    """JSON is indented, the rest stays as it came."""
    assert text == readable(body)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (None, "asked for anew; there was none like it"),
        (Standing(state="pending", at=NOW), "folds into the one that is due 2026-11-18 10:00:00"),
        (Standing(state="dead", at=NOW), "asked for anew; the last one was given up 2026-11-18 10:00:00"),
        (Standing(state="applied", at=NOW), "the last one was applied 2026-11-18 10:00:00"),
    ],
    ids=["new", "pending", "dead", "applied"],
)
def test_a_plan_tells_how_the_last_one_ended(standing, said):
    """What is pending is one with it, what is true is not done again."""
    fact = RecordWorkItem(tracker="local:churn", ref="1", title="T", state="closed", at=NOW)
    change = Change(table="work_items", column="state", before="open", after="closed")
    plan = Rehearsal(
        events=(CLOSED,),
        facts=(Noted(fact=fact, changes=(change,)),),
        effects=(Asked(effect=EFFECT, before=False, standing=standing),),
        dropped=(),
    )

    text = render_plan(7, plan)
    assert said in text
    assert "event   ana closed #1 of local:churn, closed then\n" in text
    assert "          work_items.state: open -> closed\n" in text


def test_a_history_is_told_in_the_order_of_time():
    """What people did stands between what the bot did; what nobody asked for is told as well."""
    past = PastEffect(
        number=1,
        effect=EFFECT,
        state="applied",
        attempts=0,
        asked_at=NOW,
        run_at=NOW,
        at=NOW.replace(minute=5),
        error=None,
        causes=(),
    )
    by_ana = PastEvent(event=CLOSED, at=NOW, delivery=7)
    subject = Subject(project="churn", experiment="xgb", items=(item("xgb", url="/items/1"),))
    text = render_history(subject, [past], [by_ana, msgspec.structs.replace(by_ana, delivery=None)])

    assert [
        "Experiment xgb of project churn; times in UTC",
        "  #1 of local:churn, open, sprint 1: /items/1",
        "2026-11-18 10:00:00  told: ana closed #1 of local:churn, closed then (delivery 7)",
        "2026-11-18 10:00:00  told: ana closed #1 of local:churn, closed then",
        "2026-11-18 10:05:00  made true: the work item of xgb in sprint 1 shows its runs",
        "    because something else needed it, or of deliveries that are kept no longer",
    ] == text.splitlines()
    values = history_values(subject, [past], [by_ana])
    assert ("EnsureExperimentItem", EFFECT.key) == (values["effects"][0]["kind"], values["effects"][0]["key"])
    assert "ana closed #1 of local:churn, closed then" == values["events"][0]["words"]
