"""What jobs say of a tracker's run: one run, in whatever order the words come."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from trainboard.counterparts import Counterpart, find_counterpart
from trainboard.facts import RecordRun
from trainboard.read import Home
from trainboard.runs import ExperimentName, Links, RunFacts, RunReport, RunStatus
from trainboard.store import run_words, runs
from trainboard.store.link_models import RunCommitRow
from trainboard.store.models import RunRow
from trainboard.store.run_words import Identity

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
COMMIT, OTHER = "a" * 40, "b" * 40
X1 = Counterpart("mlflow", "x1")


def word(source, run_id, status, experiment, **more):
    run = RunFacts(id=run_id, status=RunStatus(status), **more.pop("run", {}))
    return RunReport(source=source, run=run, experiment=ExperimentName(name=experiment), **more)


def job(status="finished", run_id="9/train", named="x1", **more):
    """A job of GitHub Actions that names a run of MLflow, None: it does not."""
    tags = {"tags": {"mlflow.run_id": named}} if named else {}
    return word("gha:acme/churn", run_id, status, "ci", **tags, **more)


def kept(status="finished", run_id="x1", **more):
    """What MLflow says of its run."""
    return word("mlflow:prod", run_id, status, "churn", **more)


def note(connection, *reports, project="churn"):
    """The reports are recorded, those of jobs for a project whose MLflow is read."""
    for report in reports:
        runs.record(
            connection,
            RecordRun(
                project=project,
                number=3,
                planned=True,
                at=NOW,
                report=report,
                code="github:acme/churn",
                counterpart=find_counterpart(report),
            ),
        )


def known(connection):
    """The runs that count: source, id, status, metrics and commit."""
    rows = connection.execute(select(RunRow.document).order_by(RunRow.source, RunRow.run_id)).scalars()
    found = [runs._decode(row) for row in rows]
    return [
        (each.source, each.run.id, each.run.status.value, each.metrics or {}, (each.links or Links()).commit)
        for each in found
    ]


def commits(connection):
    """The commits that runs are evidence of, with the runs."""
    rows = connection.execute(select(RunCommitRow.source, RunCommitRow.run_id, RunCommitRow.commit)).all()
    return [tuple(row) for row in rows]


WORDS = (
    job("running", links=Links(repo="acme/churn", commit=COMMIT)),
    job(metrics={"auc": 0.1, "tests/total": 4.0}, named=None),
    kept("running", links=Links(commit=OTHER)),
    kept(metrics={"auc": 0.9}),
)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_the_two_are_one_run_in_any_order(write, order):
    """The tracker's numbers, the job's commit, and no run of the job's own."""
    note(write, *(WORDS[number] for number in order))
    run = ("mlflow:prod", "x1", "finished", {"auc": 0.9, "tests/total": 4.0}, COMMIT)
    assert [run] == known(write)
    assert [("mlflow:prod", "x1", COMMIT)] == commits(write)


def test_a_job_stands_by_itself_until_the_run_is_known(write):
    """Its word is kept, and counts once."""
    note(write, *WORDS[:2])
    run = ("gha:acme/churn", "9/train", "finished", {"auc": 0.1, "tests/total": 4.0}, COMMIT)
    assert [run] == known(write)
    assert [("ci", 3)] == run_words.list_alone(write, "churn", X1)
    assert runs.find_home(write, "churn", X1) is None
    note(write, *WORDS[2:])
    assert [] == run_words.list_alone(write, "churn", X1)
    assert Home("churn", 3, planned=True) == runs.find_home(write, "churn", X1)


def test_the_same_again_changes_nothing(write):
    """Deliveries come twice."""
    note(write, *WORDS)
    once = known(write)
    note(write, *WORDS)
    assert once == known(write)


def test_a_run_of_another_project_is_not_touched(write):
    """What is told of one project stays there."""
    note(write, kept(), project="fraud")
    note(write, job(links=Links(commit=COMMIT)))
    assert [("gha:acme/churn", "9/train"), ("mlflow:prod", "x1")] == [each[:2] for each in known(write)]
    assert [("gha:acme/churn", "9/train", COMMIT)] == commits(write)


def test_a_job_that_nobody_reads_for_is_its_own_run(write):
    """Without a tracker to read, a tag is a tag."""
    note(write, kept())
    fact = RecordRun(project="churn", number=3, planned=True, at=NOW, report=job())
    runs.record(write, fact)
    assert 2 == len(known(write))


def test_a_job_that_begins_anew_is_another_run(write):
    """The second attempt of a job trains another run: that gets its word, and the first one loses it."""
    first = job(links=Links(commit=COMMIT), run={"attempt": 1})
    second = job(links=Links(commit=COMMIT), run={"attempt": 2}, named="x2")
    for order in permutations([first, second, kept(), kept(run_id="x2")]):
        savepoint = write.begin_nested()
        note(write, *order)
        assert [("x1", None), ("x2", COMMIT)] == [(each[1], each[4] or None) for each in known(write)]
        savepoint.rollback()


def test_two_jobs_of_one_run_are_one(write):
    """One trains and one evaluates."""
    note(write, job(run_id="9/train"), kept(), job(run_id="9/evaluate", metrics={"f1": 0.8}))
    assert [("mlflow:prod", "x1", {"f1": 0.8})] == [(each[0], each[1], each[3]) for each in known(write)]


def test_a_flood_of_jobs_makes_no_run_larger(write):
    """Those beyond a bound are kept and not read; the tracker's own word is never left out."""
    words = [job(run_id=f"{number}/train", metrics={f"m{number}": 1.0}) for number in range(60)]
    note(write, kept(metrics={"auc": 0.8}), *words, kept(metrics={"auc": 0.9}))
    [run] = known(write)
    assert (run_words.MOST_JOBS, 0.9) == (len(run[3]), run[3]["auc"])


def test_people_may_call_the_run_by_the_job(write):
    """What somebody said of the job's run before the two were one still finds it."""
    note(write, *WORDS)
    assert "x1" == runs.find_latest(write, "churn", "9/train")[0].run.id
    assert runs.find_latest(write, "churn", "8/train") is None
    assert (find_counterpart(WORDS[0])) == run_words.find(write, Identity.of("churn", WORDS[0]))[1]


def test_a_tag_that_falls_out_leaves_the_job_where_it_is(write):
    """A run holds a bounded number of tags."""
    note(write, kept(), job(), replace(job(named=None), tags={f"t{n}": "" for n in range(200)}))
    assert 1 == len(known(write))
