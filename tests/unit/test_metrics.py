"""What runs say of targets."""

import math

import msgspec
import pytest
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.metrics import Judgement, Verdict, best_run, judge, value_of
from trainboard.runs import ExperimentName, Metric, RunFacts, RunReport, RunStatus
from trainboard.targets import Target, find_target

AUC = Target("val_auc", ">=", 0.92)


def run(id_="r1", status="finished", **metrics):
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id=id_, status=RunStatus(status)),
        experiment=ExperimentName(name="churn-xgb"),
        metrics=metrics or UNSET,
    )


@pytest.mark.parametrize(
    ("logged", "value"),
    [
        (0.5, 0.5),
        (None, None),
        (math.inf, None),
        (Metric(value=0.5), 0.5),
        (Metric(value=0.5, best=0.7), 0.7),
        (Metric(value=0.5, best=None), 0.5),
        (Metric(value=0.5, best=math.nan), 0.5),
        (Metric(value=None, best=0.7), 0.7),
        (Metric(value=None), None),
    ],
)
def test_the_number_to_compare(logged, value):
    """The best where the run tells it, else the last; none where there is no number."""
    assert value == value_of(run(auc=logged), "auc")
    assert (None, None) == (value_of(run(auc=logged), "loss"), value_of(run(), "auc"))


def test_the_best_finished_run():
    """The largest or the smallest, as the goal says; the first of equals."""
    reports = [run("a", auc=0.5), run("b", auc=0.9), run("c", auc=0.9), run("d", auc=0.1), run("e", auc=0.1)]

    assert (reports[1], 0.9) == best_run(reports, "auc", "max")
    assert (reports[3], 0.1) == best_run(reports, "auc", "min")
    assert None is best_run(reports, "loss", "min")


@pytest.mark.parametrize("status", ["queued", "running", "failed", "killed"])
def test_only_finished_runs_count(status):
    """A run that goes on or broke off has no result."""
    assert None is best_run([run(status=status, auc=0.99)], "auc", "max")


@pytest.mark.parametrize(
    ("reports", "verdict"),
    [
        ([], Verdict.UNKNOWN),
        ([run(status="queued"), run(status="running", val_auc=0.99)], Verdict.UNKNOWN),
        ([run(status="failed", val_auc=0.99)], Verdict.NOT_MET),
        ([run(status="killed")], Verdict.NOT_MET),
        ([run(other=1.0)], Verdict.NOT_MET),
        ([run(val_auc=None)], Verdict.NOT_MET),
        ([run(val_auc=math.nan)], Verdict.NOT_MET),
    ],
)
def test_a_verdict_without_a_number(reports, verdict):
    """Nobody knows until a run ended; then a missing number meets no target."""
    assert [Judgement(AUC, verdict)] == judge([AUC], reports)


def test_a_verdict_of_the_best_run():
    """Each target has its own verdict, with the value and the run that has it."""
    loss = Target("loss", "<", 0.2)
    reports = [run("a", val_auc=0.93, loss=0.4), run("b", val_auc=0.92, loss=0.2), run("c", status="running")]

    expected = [Judgement(AUC, Verdict.MET, 0.93, "a"), Judgement(loss, Verdict.NOT_MET, 0.2, "b")]
    assert expected == judge([AUC, loss], reports)
    assert [] == judge([], reports)


RMSE = Target("rmse", ">=", 10.0, "%", baseline="champion")


def seeded(id_, value, **params):
    report = run(id_, val_auc=value)
    return replace(report, params=params)


def test_only_the_split_that_is_asked_for_counts():
    """A number of which nobody says of what split it is does not."""
    target = find_target("val_auc >= 0.9 on split=test")
    reports = [run("a", val_auc=0.99), run("b", val_auc=Metric(value=0.95, split="train"))]
    assert "no run tells val_auc of split test" == judge([target], reports)[0].reason
    assert Verdict.NOT_MET is judge([target], reports)[0].verdict
    reports.append(run("c", val_auc=Metric(value=0.91, split="test")))
    assert (Verdict.MET, 0.91, "c") == judged(target, reports)


def judged(target, reports, **baselines):
    judgement = judge([target], reports, baselines)[0]
    return judgement.verdict, judgement.best, judgement.run_id


def test_a_mean_over_seeds_must_reach_the_bound_less_its_error():
    """0.95, 0.93 and 0.91 are 0.93 ± 0.0115: enough for 0.918 and not for 0.92."""
    reports = [seeded("a", 0.95, depth=3, seed=1), seeded("b", 0.93, depth=3, seed=2)]
    reports += [seeded("c", 0.91, depth=3, seed=3), seeded("d", 0.99, depth=9, seed=1)]
    judgement = judge([find_target("val_auc >= 0.92 over n>=3 seeds")], reports)[0]
    assert (Verdict.NOT_MET, 3) == (judgement.verdict, judgement.count)
    assert judgement.best == pytest.approx(0.93)
    assert judgement.stderr == pytest.approx(0.02 / math.sqrt(3))
    assert Verdict.MET is judge([find_target("val_auc >= 0.918 over n>=3 seeds")], reports)[0].verdict


def test_too_few_seeds_meet_no_target():
    """However good they are; the verdict says how many there are."""
    judgement = judge([find_target("val_auc >= 0.5 over n>=3 seeds")], [seeded("a", 0.9), seeded("b", 0.9)])[
        0
    ]
    assert Verdict.NOT_MET is judgement.verdict
    assert "needs 3 seeds, and the most with one configuration are 2" == judgement.reason


def test_a_run_may_tell_a_mean_over_seeds_itself():
    """With how many there were, and its error."""
    report = run("a", val_auc=Metric(value=0.93, stderr=0.005, n=5))
    judgement = judge([find_target("val_auc >= 0.92 over n>=3 seeds")], [report])[0]
    assert (Verdict.MET, 0.93, 0.005, 5) == (
        judgement.verdict,
        judgement.best,
        judgement.stderr,
        judgement.count,
    )


def test_an_improvement_is_reckoned_from_its_baseline():
    """Ten percent less than 0.5 is 0.45, where lower is better by what a run says."""
    reports = [run("a", rmse=Metric(value=0.44, goal="min"))]
    judgement = judge([RMSE], reports, {"champion": run("old", rmse=0.5)})[0]
    assert (Verdict.MET, 0.45, "min") == (judgement.verdict, judgement.level, judgement.goal)
    assert "rmse <= 0.45" == str(judgement.wanted)
    assert Verdict.NOT_MET is judge([RMSE], reports, {"champion": {"rmse": 0.48}})[0].verdict


def test_the_direction_of_an_improvement_is_never_guessed():
    """Another target or the runs may tell it; where they do not, or do not agree, the line must."""
    reports = [run("a", rmse=0.4)]
    known = {"champion": run("old", rmse=0.5)}
    silent = judge([RMSE], reports, known)[0]
    assert (Verdict.UNKNOWN, None) == (silent.verdict, silent.wanted)
    assert "say which way is better" in silent.reason
    assert Verdict.MET is judge([RMSE, find_target("rmse < 1")], reports, known)[0].verdict
    torn = [run("b", rmse=Metric(value=0.4, goal="min")), run("c", rmse=Metric(value=0.4, goal="max"))]
    assert Verdict.UNKNOWN is judge([RMSE], torn, known)[0].verdict


def test_without_the_baseline_there_is_no_verdict():
    """It says which one is missing, also where that has no such metric or no finite one."""
    target = find_target("rmse improves champion, lower is better")
    for known in ({}, {"champion": run("old")}, {"champion": {"rmse": math.nan}}, {"champion": {"mae": 1.0}}):
        judgement = judge([target], [run("a", rmse=0.4)], known)[0]
        assert (Verdict.UNKNOWN, "no rmse of champion is known") == (judgement.verdict, judgement.reason)


def test_a_run_of_the_experiment_can_be_the_baseline():
    """By its id, without anybody looking for it."""
    target = find_target("val_auc improves run:a by >= 0.01, higher is better")
    assert (Verdict.MET, 0.93, "b") == judged(target, [run("a", val_auc=0.9), run("b", val_auc=0.93)])


def test_a_judgement_of_before_is_read():
    """As it was written when there were no baselines."""
    old = {
        "target": {"metric": "m", "compare": ">=", "bound": 1.0, "unit": ""},
        "verdict": "met",
        "best": 2.0,
    }
    assert Judgement(Target("m", ">=", 1.0), Verdict.MET, 2.0) == msgspec.convert(old, Judgement)
