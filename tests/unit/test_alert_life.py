"""The life of a problem, as arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from trainboard.alert_life import Problem, Step, count_written, end_episode, judge_problem, merge_alert, plan
from trainboard.alert_policy import AlertPolicy
from trainboard.alerts import Alert, AlertLinks, Severity, identify_problem, problem_key, shorten_alert

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
POLICY = AlertPolicy()
PROBLEM = Problem(
    project="churn", door="alertmanager/prod", key="alert:x", rule="Drift", began_at=NOW, last_seen_at=NOW
)
OPEN = replace(PROBLEM, state="open", ref="1")


def told(*, firing=True, start=0, **more):
    return Alert(
        fingerprint="f", rule="Drift", firing=firing, starts_at=NOW + timedelta(minutes=start), **more
    )


def merged(messages):
    known = None
    for number, alert in enumerate(messages):
        known = merge_alert(known, alert, NOW + timedelta(hours=1, seconds=number)) or known
    return known


MESSAGES = [told(firing=firing, start=start) for start in (0, 10, 20) for firing in (True, False)]


@given(st.permutations(MESSAGES), st.lists(st.sampled_from(MESSAGES), max_size=6))
def test_the_last_episode_decides_in_any_order(messages, again):
    """Whatever comes late, or twice, ends in what the sender said last of its last episode."""
    found = merged([*messages, *again])
    assert (False, NOW + timedelta(minutes=20)) == (found.firing, found.starts_at)


@given(st.permutations(MESSAGES[:5]))
def test_what_fires_at_last_fires_in_any_order(messages):
    """The end of an earlier episode does not end a later one."""
    assert merged(messages).firing


def test_an_end_without_a_length_ends_what_fires():
    """As Alertmanager sends it for alerts whose sender names no start."""
    before = NOW - timedelta(minutes=10)
    end = replace(told(firing=False), starts_at=before, ends_at=before)
    ended = merge_alert(merged([told()]), end, NOW + timedelta(hours=2))
    assert (False, NOW) == (ended.firing, ended.starts_at)
    assert None is merge_alert(ended, told(), NOW + timedelta(hours=3))


def test_a_list_is_no_word_of_an_end():
    """What is told to fire after it was not on a list fires, also in the same episode."""
    ended = end_episode(merged([told()]), NOW + timedelta(hours=2))
    assert not ended.firing
    assert merge_alert(ended, told(), NOW + timedelta(hours=3)).firing


@pytest.mark.parametrize(
    ("problem", "minutes", "step"),
    [
        (PROBLEM, 0, Step.MAKE),
        (replace(PROBLEM, began_at=NOW + timedelta(hours=1)), 0, Step.NOTHING),
        (OPEN, 0, Step.SHOW),
        (replace(OPEN, state="closed", closed_by="bot", closed_at=NOW - timedelta(days=1)), 0, Step.REOPEN),
        (replace(OPEN, state="closed", closed_by="bot", closed_at=NOW - timedelta(days=9)), 0, Step.RENEW),
        (
            replace(OPEN, state="closed", closed_by="person", closed_as="not planned", closed_at=NOW),
            120,
            Step.NOTHING,
        ),
        (replace(OPEN, state="closed", closed_by="person", closed_at=NOW), 10, Step.NOTHING),
        (replace(OPEN, state="closed", closed_by="person", closed_at=NOW), 61, Step.REOPEN),
        (replace(OPEN, state="gone", closed_at=NOW), 0, Step.NOTHING),
        (replace(OPEN, state="gone", closed_at=NOW - timedelta(hours=1)), 0, Step.RENEW),
        (replace(PROBLEM, storm="storm:x"), 0, Step.NOTHING),
    ],
)
def test_what_becomes_of_a_bug_while_an_alert_fires(problem, minutes, step):
    """By what people did with it, and when; `minutes` after it began the alert is told again."""
    at = NOW + timedelta(minutes=minutes)
    episode = merge_alert(merge_alert(None, told(), NOW), told(), at)
    now = max(at, NOW + timedelta(seconds=10))
    stand = judge_problem(problem, [episode], POLICY, now)
    assert step == plan(problem, stand, POLICY, now).step


@pytest.mark.parametrize(
    ("problem", "minutes", "step"),
    [
        (OPEN, 9, Step.NOTHING),
        (OPEN, 11, Step.CLOSE),
        (replace(OPEN, keep_open=True), 60, Step.SHOW),
        (replace(OPEN, truncated=3), 60, Step.NOTHING),
        (replace(OPEN, truncated=3), 361, Step.CLOSE),
        (PROBLEM, 60, Step.NOTHING),
    ],
)
def test_what_becomes_of_a_bug_when_nothing_fires(problem, minutes, step):
    """`minutes` after the last alert ended."""
    episode = merge_alert(merge_alert(None, told(), NOW), told(firing=False), NOW)
    now = NOW + timedelta(minutes=minutes)
    stand = judge_problem(problem, [episode], POLICY, now)
    assert step == plan(problem, stand, POLICY, now).step


@given(st.integers(0, 5 * 24 * 60))
def test_nothing_is_closed_while_it_is_told_to_fire(minutes):
    """However long it fires, as long as somebody says so."""
    now = NOW + timedelta(minutes=minutes)
    episode = merge_alert(merge_alert(None, told(), NOW), told(), now)
    stand = judge_problem(OPEN, [episode], POLICY, now)
    assert Step.CLOSE != plan(OPEN, stand, POLICY, now).step


def test_problems_are_told_apart_by_what_the_sender_groups_by():
    """Or by the labels that the settings name, or by all that do not change by themselves."""
    alert = Alert(
        fingerprint="f", rule="Drift", firing=True, labels={"alertname": "Drift", "model": "m", "pod": "p-1"}
    )
    assert {"model": "m"} == identify_problem(alert, {"model": "m"})
    assert {"service": ""} == identify_problem(alert, {"model": "m"}, ("service",))
    assert {"alertname": "Drift", "model": "m"} == identify_problem(alert, alert.labels)
    keys = {problem_key("churn", "am/prod", "Drift", labels) for labels in ({}, {"a": "b"}, {"ab": ""})}
    assert 3 == len(keys)


@pytest.mark.parametrize(
    ("word", "severity"),
    [("page", Severity.CRITICAL), ("Sev2", Severity.WARNING), ("p1", Severity.ERROR), ("?", Severity.INFO)],
)
def test_words_of_severity(word, severity):
    """The usual ones are known, the settings' own win, and there is one for all others."""
    policy = AlertPolicy(severities={"p1": Severity.ERROR}, otherwise=Severity.INFO)
    assert severity is policy.severity_of(word)


@pytest.mark.parametrize(
    ("written", "count"),
    [("", None), ("3:abc", 3), ("0:abc", 0), ("abc", None), ("123", None), ("x:abc", None)],
)
def test_how_many_alerts_a_bug_tells_of_is_remembered(written, count):
    """Where it was kept; a fingerprint alone says nothing of it."""
    assert count == count_written(written)


def test_an_address_that_is_too_long_is_left_out():
    """Cut it would lead elsewhere; the others stay."""
    links = AlertLinks(
        runbook="https://runbooks.example/drift", generator="https://prometheus.example/?q=" + "x" * 2_048
    )
    kept = shorten_alert(Alert(fingerprint="f1", rule="Drift", firing=True, links=links)).links
    assert AlertLinks(runbook="https://runbooks.example/drift") == kept
