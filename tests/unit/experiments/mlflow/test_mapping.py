"""An MLflow run as a report: every field in its place, everything cut to size."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from fakes.mlflow import a_run
from trainboard.experiments.mlflow.answers import (
    DatasetFacts,
    DatasetInput,
    MetricPoint,
    Pair,
    Run,
    RunData,
    RunInfo,
    RunInputs,
)
from trainboard.experiments.mlflow.mapping import parse_run
from trainboard.runs import RunReport

URL = "https://mlflow.acme.io/ml"


def report(parent=None, experiment="churn-eu", **facts):
    run = msgspec.convert(a_run(facts.pop("run_id", "r1"), **facts), Run)
    return parse_run("mlflow:prod", URL, experiment, run, parent)


def test_whole_run():
    """Each thing that MLflow tells of a run has its place in the report."""
    run = a_run(
        "r1",
        run_name="deep",
        user_id="ada",
        start_time=1795435200123,
        end_time=1795435260000,
        metrics={"auc": 0.9, "loss": "NaN", "top": 1.7976931348623157e308, "odd": "?", "none": None},
        params={"depth": "7"},
        tags={
            "team": "growth",
            "mlflow.note.content": "hidden",
            "mlflow.source.git.commit": "ABCDEF1234",
            "mlflow.source.git.branch": "exp/42",
            "mlflow.source.git.dirty": "true",
            "mlflow.source.git.repoURL": "https://user:token@github.com/acme/churn.git",
            "plan.issue": "#42",
            "plan.pr": "7",
            "plan.sprint": "Sprint 3",
        },
        inputs={
            "dataset_inputs": [
                {
                    "dataset": {
                        "name": "events",
                        "digest": "abc",
                        "source": '{"uri": "s3://key:secret@bucket/x.parquet?sig=1#f"}',
                        "profile": '{"num_rows": 12}',
                    },
                    "tags": [{"key": "mlflow.data.context", "value": "training"}],
                }
            ]
        },
    )
    mapped = parse_run("mlflow:prod", URL, "churn-eu", msgspec.convert(run, Run), None)
    page = f"{URL}/#/experiments/1"
    assert {
        "source": "mlflow:prod",
        "stage": "train",
        "experiment": {"name": "churn-eu", "id": "1", "url": page},
        "run": {
            "id": "r1",
            "status": "finished",
            "name": "deep",
            "user": "ada",
            "url": f"{page}/runs/r1",
            "started_at": "2026-11-23T12:00:00.123000Z",
            "ended_at": "2026-11-23T12:01:00Z",
        },
        "links": {
            "repo": "acme/churn",
            "issue": "#42",
            "pr": 7,
            "sprint": "Sprint 3",
            "commit": "abcdef1234",
            "branch": "exp/42",
            "dirty": True,
        },
        "metrics": {"auc": 0.9, "loss": None, "none": None, "odd": None, "top": None},
        "params": {"depth": "7"},
        "tags": {"plan.issue": "#42", "plan.pr": "7", "plan.sprint": "Sprint 3", "team": "growth"},
        "datasets": [
            {
                "name": "events",
                "digest": "abc",
                "uri": "s3://bucket/x.parquet",
                "context": "training",
                "rows": 12,
            }
        ],
    } == msgspec.to_builtins(mapped)


def test_bare_run():
    """What MLflow does not tell is absent, not empty."""
    mapped = report(start_time=0)
    absent = (mapped.links, mapped.metrics, mapped.params, mapped.tags, mapped.datasets, mapped.run.group)
    assert [UNSET] * 6 == list(absent)
    assert [UNSET] * 3 == [mapped.run.started_at, mapped.run.name, mapped.run.user]


def test_name_and_user_in_tags():
    """Old servers tell name and user only in tags."""
    mapped = report(tags={"mlflow.runName": "deep", "mlflow.user": "ada"})
    assert ("deep", "ada") == (mapped.run.name, mapped.run.user)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("SCHEDULED", "queued"),
        ("RUNNING", "running"),
        ("FINISHED", "finished"),
        ("FAILED", "failed"),
        ("KILLED", "killed"),
    ],
)
def test_status(status, told):
    """Each of MLflow's words for a state has one of ours."""
    assert told == report(status=status).run.status.value


def test_deleted_run():
    """A deleted run is reported as killed whatever state it was in."""
    assert "killed" == report(lifecycle_stage="deleted").run.status.value


@pytest.mark.parametrize("facts", [{"status": "DREAMING"}, {"run_id": ""}, {"experiment": ""}])
def test_untold(facts):
    """A run without identity, experiment or known state has no report."""
    assert None is report(**facts)


@pytest.mark.parametrize(
    ("tag", "planned"),
    [("20", 20), ("0", UNSET), ("-3", UNSET), ("٣", UNSET), ("9" * 5000, UNSET), ("x", UNSET)],
)
def test_planned(tag, planned):
    """A sweep's plan counts if it is a positive whole number."""
    mapped = report(tags={"mlflow.parentRunId": "p", "plan.sweep.planned": tag})
    assert planned == mapped.run.group.planned


def test_member_of_an_unknown_sweep():
    """A nested run belongs to its parent also if nothing else is known of the parent."""
    mapped = report(tags={"mlflow.parentRunId": "p"})
    assert ("p", "p", "sweep", UNSET) == (
        mapped.run.parent_id,
        mapped.run.group.id,
        mapped.run.group.kind,
        mapped.run.group.name,
    )


@pytest.mark.parametrize(
    ("remote", "repo"),
    [
        ("git@github.com:acme/churn.git", "acme/churn"),
        ("ssh://git@github.com/acme/churn", "acme/churn"),
        ("https://dev.azure.com/acme/Churn/_git/churn", "acme/Churn/churn"),
        ("http://[broken", UNSET),
        ("https://github.com", UNSET),
    ],
)
def test_repo_of_a_remote(remote, repo):
    """The repository is a remote's path, without host and credentials."""
    links = report(tags={"mlflow.source.git.repoURL": remote, "plan.issue": "1"}).links
    assert repo == links.repo


def test_planned_repo_wins():
    """What the plan says of the repository goes before what git says."""
    links = report(tags={"mlflow.source.git.repoURL": "git@h:a/b.git", "plan.repo": "acme/churn"}).links
    assert "acme/churn" == links.repo


@pytest.mark.parametrize(("told", "dirty"), [("False", False), ("true", True), ("perhaps", UNSET)])
def test_dirty(told, dirty):
    """Whether the working tree was changed is told by MLflow as a word."""
    assert dirty == report(tags={"mlflow.source.git.dirty": told, "plan.issue": "1"}).links.dirty


@pytest.mark.parametrize("start_time", [-5, 10**15 * 9, 2**63])
def test_impossible_time(start_time):
    """A time that no calendar has is absent."""
    assert UNSET is report(start_time=start_time).run.started_at


def test_long_url():
    """An address that is too long is left out, as a cut one leads elsewhere."""
    assert UNSET is report(run_id="ä" * 256, experiment_id="ö" * 256).run.url


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ('{"url": "https://h/x?sig=1"}', "https://h/x"),
        ('{"path": "/data/x.csv"}', "/data/x.csv"),
        ('{"uri": "http://[broken"}', UNSET),
        ("no JSON", UNSET),
    ],
)
def test_dataset_source(source, uri):
    """A dataset's source is read where MLflow's kinds of sources keep it, without its secrets."""
    inputs = {"dataset_inputs": [{"dataset": {"name": "d", "source": source, "profile": '{"num_rows": -1}'}}]}
    [dataset] = report(inputs=inputs).datasets
    assert (uri, UNSET) == (dataset.uri, dataset.rows)


def test_counts_are_cut():
    """Of too many things the first by name are kept, always the same ones."""
    mapped = report(
        metrics={f"m{n:04}": n for n in reversed(range(600))},
        params={f"p{n:04}": "x" for n in range(600)},
        tags={f"t{n:04}": "x" for n in range(600)},
    )
    assert (500, 500, 200) == (len(mapped.metrics), len(mapped.params), len(mapped.tags))
    assert ["m0000", "m0499"] == [min(mapped.metrics), max(mapped.metrics)]


LONG = st.sampled_from(["", "x", "ä" * 251, "\0", "y" * 9000, "http://[", "{}", "7"])
TEXT = st.text(max_size=9) | LONG
NAMES = st.sampled_from(
    ["mlflow.parentRunId", "plan.sweep.planned", "plan.repo", "plan.pr", "plan.issue", "plan.sprint"]
    + [f"mlflow.source.git.{part}" for part in ("commit", "branch", "dirty", "repoURL")]
    + ["mlflow.data.context", "mlflow.user"]
)
PAIRS = st.lists(st.builds(Pair, NAMES | TEXT, TEXT), max_size=9).map(tuple)
JSON_TEXT = TEXT | st.sampled_from(
    ['{"num_rows": -1}', '{"num_rows": 99999999999999999999}', '{"url": "http://a/b"}']
)
VALUES = st.none() | st.floats() | TEXT | st.sampled_from(["NaN", "Infinity", "-Infinity"])
RUNS = st.builds(
    Run,
    st.builds(
        RunInfo,
        TEXT,
        TEXT,
        st.sampled_from(["FINISHED", "RUNNING", "?"]),
        run_name=TEXT,
        user_id=TEXT,
        start_time=st.none() | st.integers(-(2**63), 2**63 - 1),
    ),
    st.builds(
        RunData,
        metrics=st.lists(st.builds(MetricPoint, TEXT, VALUES), max_size=9).map(tuple),
        params=PAIRS,
        tags=PAIRS,
    ),
    st.builds(
        RunInputs,
        st.lists(
            st.builds(DatasetInput, st.builds(DatasetFacts, TEXT, TEXT, JSON_TEXT, JSON_TEXT), PAIRS),
            max_size=60,
        ).map(tuple),
    ),
)


@settings(max_examples=40, deadline=None)
@given(RUNS, st.none() | RUNS, TEXT)
def test_any_run_fits(run, parent, experiment):
    """Whatever a tracker holds, the report of it is read back as it was written."""
    mapped = parse_run("mlflow:prod", URL, experiment, run, parent)
    if mapped is not None:
        assert mapped == msgspec.json.decode(msgspec.json.encode(mapped), type=RunReport)
