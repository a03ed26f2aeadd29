"""Reports of one run become one: whatever comes twice, late, or in another order."""

import math
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from fakes.experiments import run
from trainboard.runs import (
    ExperimentName,
    Metric,
    RunFacts,
    RunFailure,
    RunReport,
    RunStatus,
    finite,
    list_working,
    merge,
)

START = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LARGEST = 1.7976931348623157e308
EXPERIMENT = ExperimentName(name="churn-xgb")


def report(status="running", *, metrics=UNSET, params=UNSET, tags=UNSET, **facts):
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id="r1", status=RunStatus(status), **facts),
        experiment=EXPERIMENT,
        metrics=metrics,
        params=params,
        tags=tags,
    )


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
names = st.sampled_from(["auc", "loss"])
times = st.sampled_from([START, START + timedelta(hours=1), START + timedelta(hours=2)])


def maybe(strategy):
    return st.just(UNSET) | strategy


facts = st.builds(
    RunFacts,
    id=st.just("r1"),
    status=st.sampled_from(RunStatus),
    attempt=maybe(st.integers(1, 3)),
    started_at=maybe(times),
    ended_at=maybe(times),
    name=maybe(st.sampled_from(["a", "b"])),
    error=maybe(st.builds(RunFailure, message=st.sampled_from(["x", "y"]))),
)
reports = st.builds(
    RunReport,
    source=st.just("mlflow:prod"),
    run=facts,
    experiment=st.just(EXPERIMENT),
    metrics=maybe(st.dictionaries(names, numbers | st.builds(Metric, value=numbers), max_size=2)),
    params=maybe(st.dictionaries(names, st.booleans(), max_size=2)),
)


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, LARGEST, -LARGEST])
def test_what_is_no_number_is_none(value):
    """Also infinity as MLflow's store clamps it."""
    assert None is finite(value)


@pytest.mark.parametrize("value", [0.0, -1.5, 1.7976931348623155e308, 5e-324, 3])
def test_a_number_is_itself(value):
    """However large or small."""
    assert value == finite(value)


def test_the_first_report_is_all_that_is_known():
    """Nothing is merged with nothing."""
    said = report()

    assert said is merge(None, said)


@settings(max_examples=40)
@given(reports)
def test_a_report_that_comes_twice_says_it_once(said):
    """Merging a report with itself gives the same report."""
    assert said == merge(said, said)


@settings(max_examples=40)
@given(reports, reports)
def test_merging_the_same_news_again_changes_nothing(known, news):
    """A delivery that is worked on twice does what it does once."""
    once = merge(known, news)

    assert once == merge(once, news)


@settings(max_examples=40)
@given(reports, reports)
def test_what_either_says_of_metrics_is_known(known, news):
    """No metric is lost, and each has one of the two values."""
    values = [each.metrics for each in (known, news) if each.metrics is not UNSET]
    merged = merge(known, news).metrics

    assert {name for said in values for name in said} == set(merged or ())
    assert all(any(name in said and said[name] == merged[name] for said in values) for name in merged or ())


def test_a_field_that_is_left_out_stays():
    """A later report may tell of nothing but what changed."""
    known = report(
        name="xgb", url="https://e.com/1", metrics={"auc": 0.9}, params={"a": 1.0}, tags={"t": "1"}
    )

    merged = merge(known, report("finished", ended_at=START))

    assert msgspec.structs.replace(known, run=merged.run) == merged
    assert ("xgb", "https://e.com/1", START) == (merged.run.name, merged.run.url, merged.run.ended_at)


def test_metrics_parameters_and_tags_are_joined_by_name():
    """The news overwrites what it names and adds what is new."""
    known = report(metrics={"auc": 0.9, "f1": 0.5}, params={"a": 1.0}, tags={"t": "1"})

    merged = merge(known, report(metrics={"auc": 0.95, "loss": 0.1}, params={"b": True}, tags={"t": "2"}))

    assert {"auc": 0.95, "f1": 0.5, "loss": 0.1} == merged.metrics
    assert {"a": 1.0, "b": True} == merged.params
    assert {"t": "2"} == merged.tags


@pytest.mark.parametrize(("name", "most"), [("metrics", 500), ("params", 500), ("tags", 200)])
def test_what_reports_say_together_can_be_read_again(name, most):
    """A run has as many members as one report may have; what was said last goes first."""
    old, new = ({f"{which}{n}": value for n in range(most)} for which, value in (("a", "1"), ("b", "2")))
    if name == "metrics":
        old, new = ({key: float(value) for key, value in each.items()} for each in (old, new))
    merged = merge(report(**{name: old | {"b0": old["a0"]}}), report(**{name: new}))
    again = msgspec.json.decode(msgspec.json.encode(merged), type=RunReport)
    assert new == getattr(again, name)
    half = merge(report(**{name: old}), report(**{name: {"b0": new["b0"]}}))
    assert (most, new["b0"]) == (len(getattr(half, name)), getattr(half, name)["b0"])


def test_a_metric_that_is_null_was_logged():
    """It is known and is no number, which is another thing than not known."""
    assert {"auc": None} == merge(report(metrics={"auc": 0.9}), report(metrics={"auc": None})).metrics


@pytest.mark.parametrize("last", ["finished", "failed", "killed"])
@pytest.mark.parametrize("attempt", [UNSET, 1, 2])
def test_status_is_the_same_in_every_order(last, attempt):
    """Queued, running and ended of one attempt may come in any order."""
    said = [report(status, attempt=attempt) for status in ("queued", "running", last)]

    for order in permutations(said):
        known = None
        for each in order:
            known = merge(known, each)
        assert RunStatus(last) == known.run.status


@settings(max_examples=40)
@given(reports, reports)
def test_status_goes_back_only_for_a_new_beginning(known, news):
    """A status of lower rank is taken only with a higher attempt or a later start."""
    rank = {RunStatus.QUEUED: 0, RunStatus.RUNNING: 1}
    merged = merge(known, news)

    if rank.get(merged.run.status, 2) < rank.get(known.run.status, 2):
        higher = (news.run.attempt or 0) > (known.run.attempt or 1)
        both = known.run.started_at is not UNSET and news.run.started_at is not UNSET
        assert higher or (both and news.run.started_at > known.run.started_at)


def test_what_comes_late_fills_what_is_not_known():
    """The report that the run began adds its name, and nothing else changes."""
    known = report("finished", metrics={"auc": 0.9}, ended_at=START)

    merged = merge(known, report("running", name="xgb", metrics={"auc": 0.1, "loss": 1.0}))

    assert report("finished", metrics={"auc": 0.9, "loss": 1.0}, ended_at=START, name="xgb") == merged


def test_a_higher_attempt_begins_anew():
    """When and why the earlier attempt ended is not said of this one."""
    failed = report(
        "failed",
        attempt=1,
        started_at=START,
        ended_at=START,
        error=RunFailure(type="OSError"),
        name="xgb",
    )

    assert report("queued", attempt=2, name="xgb") == merge(failed, report("queued", attempt=2))


def test_a_later_start_begins_anew():
    """A run that was resumed under its own name goes on."""
    later = START + timedelta(hours=1)
    failed = report("failed", started_at=START, ended_at=START, error=RunFailure(type="OSError"))

    assert report(started_at=later) == merge(failed, report(started_at=later))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"attempt": 1}, {"attempt": 2}),
        ({"started_at": START}, {"started_at": START + timedelta(hours=1)}),
    ],
)
def test_an_earlier_attempt_that_is_told_late_overwrites_nothing(earlier, later):
    """The order of beginnings counts, not the order of arrival."""
    first = report(
        "failed", ended_at=START, error=RunFailure(type="OSError"), metrics={"auc": 0.1}, **earlier
    )
    second = report("running", metrics={"auc": 0.9}, **later)

    assert second == merge(second, first)


def test_an_attempt_that_is_left_out_is_the_known_one():
    """A sender that named the attempt once is still heard."""
    known = report("running", attempt=2)

    assert report("finished", attempt=2) == merge(known, report("finished"))


@pytest.mark.parametrize("status", RunStatus)
def test_ended_is_what_does_no_more_work(status):
    """Finished, failed and killed, not queued and running."""
    assert (status in {"finished", "failed", "killed"}) == status.ended


@settings(max_examples=40)
@given(reports)
def test_a_report_is_the_same_after_json(said):
    """What is stored is what was said."""
    assert said == msgspec.json.decode(msgspec.json.encode(said), type=RunReport)


def test_a_run_that_stands_for_others_does_not_work_itself():
    """One that is its own group, or of another source, does."""
    told = [run("s"), run("a", sweep="s"), run("own", sweep="own")]
    foreign = replace(run("s"), source="wandb:acme")
    assert ["a", "own", "s"] == [each.run.id for each in list_working([*told, foreign])]


def test_the_name_alone_takes_nothing_from_an_experiment():
    """Who tells more of it may come first or last."""
    page = ExperimentName(name="churn-xgb", id="7", url="https://mlflow.example.com/#/experiments/7")
    told, heard = replace(report(), experiment=page), report("finished")
    assert page == merge(told, heard).experiment == merge(heard, told).experiment
    moved = replace(report("finished"), experiment=ExperimentName(name="fraud"))
    assert ExperimentName(name="fraud") == merge(told, moved).experiment
