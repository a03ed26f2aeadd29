"""When the metric gate opens, when it waits, and what counts as evidence."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from fakes.pull_requests import HEAD, OLD_HEAD, OPENED, evidence, pull_request, run
from trainboard.experiment_view import ModelVersion
from trainboard.metric_gate import Baseline, Waiver, is_evidence, judge_gate
from trainboard.plans import make_plan
from trainboard.rendering.metric_gate import render_gate_summary, render_gate_title
from trainboard.runs import Metric

TARGETS = "val_auc >= 0.92\nlatency_ms <= 50"


def gate(*linked, touched=True):
    return judge_gate(pull_request(), linked, touched=touched)


def state(*runs, targets=TARGETS):
    return gate(evidence(targets, runs)).state


def test_without_a_target_there_is_nothing_to_judge():
    """No linked experiment, or one for which nobody wrote a target."""
    assert ("neutral", "neutral") == (gate().state, state(run("a", {"val_auc": 0.1}), targets=""))


def test_a_change_that_touches_no_model_is_not_judged():
    """Also where runs of the commit fall short."""
    assert "neutral" == gate(evidence(TARGETS, [run("a", {"val_auc": 0.1})]), touched=False).state


def test_the_gate_waits_for_a_run_of_the_head_commit():
    """A run of an earlier push, a dirty tree or another repository is no evidence."""
    good = {"val_auc": 0.99, "latency_ms": 10.0}
    runs = [
        run("old", good, commit=OLD_HEAD),
        run("dirty", good, dirty=True),
        run("fork", good, repo="mallory/churn"),
        run("going", status="running"),
    ]
    verdict = gate(evidence(TARGETS, runs))

    assert ("waiting", 1, 1) == (verdict.state, verdict.items[0].runs, verdict.items[0].going)


def test_all_targets_met_open_the_gate():
    """Each by the best run of the commit, which need not be the same."""
    runs = [
        run("train", {"val_auc": 0.93}),
        run("load", {"latency_ms": 41.0}, dirty=False, repo="ACME/churn"),
    ]

    assert "success" == state(*runs)


def test_a_guard_rail_that_does_not_hold_closes_the_gate():
    """Though all targets are met; the title counts the two apart, and the table marks it."""
    plan = make_plan("### Targets\n\nval_auc >= 0.92\n\n### Guard-rails\n\nlatency_ms <= 50", ())
    linked = replace(evidence("", [run("a", {"val_auc": 0.95, "latency_ms": 60.0})]), targets=plan.targets)
    verdict = gate(linked)
    assert "failure" == verdict.state
    assert "1 of 1 target met, 0 of 1 guard-rail held on" in render_gate_title(verdict, HEAD)
    assert "| Guard-rail `latency_ms <= 50` | 60 | ✗ not met |" in render_gate_summary(verdict, HEAD, 5_000)


WAIVER = Waiver(by="ada", reason="The data of May is known to be bad.", at=OPENED)


@pytest.mark.parametrize(
    ("metrics", "touched", "expected"),
    [
        ({"val_auc": 0.1}, True, ("success", WAIVER)),
        ({}, True, ("success", WAIVER)),
        ({"val_auc": 0.93, "latency_ms": 41.0}, True, ("success", None)),
        ({"val_auc": 0.1}, False, ("neutral", None)),
    ],
)
def test_a_waiver_opens_a_gate_that_is_closed(metrics, touched, expected):
    """And changes nothing of one that is open by itself, or that judges nothing."""
    linked = [evidence(TARGETS, [run("a", metrics)])]
    verdict = judge_gate(pull_request(), linked, touched=touched, waiver=WAIVER)
    assert expected == (verdict.state, verdict.waiver)


@pytest.mark.parametrize(
    "metrics",
    [{"val_auc": 0.93}, {"val_auc": 0.93, "latency_ms": 51.0}, {"val_auc": 0.93, "latency_ms": None}],
)
def test_a_target_that_is_missed_or_missing_closes_it(metrics):
    """A metric that no run has logged does not meet its target."""
    assert "failure" == state(run("a", metrics))


def test_a_failed_run_closes_it_and_a_good_one_after_it_opens_it():
    """Every run of the commit is looked at anew."""
    failed, good = run("a", status="failed"), run("b", {"val_auc": 0.93, "latency_ms": 41.0})

    assert ("failure", "success") == (state(failed), state(failed, good))


def test_every_linked_experiment_counts():
    """One that waits holds the gate, one that falls short closes it."""
    good, bad = {"val_auc": 0.93}, {"val_auc": 0.5}
    met, unmet, waits = evidence(runs=[run("a", good)]), evidence(runs=[run("b", bad)]), evidence()

    assert "waiting" == gate(met, waits).state
    assert "failure" == gate(met, waits, unmet).state


def baselines(models=(), *runs, targets="val_auc >= 0.92"):
    verdict = gate(evidence(targets, [run("new", {"val_auc": 0.93}), *runs], models))
    return [finding.baseline for finding in verdict.items[0].findings]


def test_a_result_is_compared_with_the_model_in_use():
    """Of two aliases the champion wins; a version without the metric is passed over."""
    models = [
        ModelVersion(name="churn", version="4", aliases=("production",), run_id="p"),
        ModelVersion(name="churn", version="3", aliases=("champion",), run_id="c"),
        ModelVersion(name="churn", version="5", aliases=("champion",), run_id="gone"),
    ]
    runs = [
        run("p", {"val_auc": 0.97}, commit=OLD_HEAD),
        run("c", {"val_auc": 0.9}, commit=OLD_HEAD),
        run("other", {"val_auc": 0.99}, commit=OLD_HEAD),
    ]

    assert [Baseline(0.9, "champion, version 3")] == baselines(models, *runs)
    assert [Baseline(0.97, "production, version 4")] == baselines(models[:1], *runs)


def test_without_a_model_in_use_it_is_compared_with_the_best_of_other_commits():
    """The direction is that of the target."""
    runs = [
        run("a", {"val_auc": 0.91, "loss": 0.4}, commit=OLD_HEAD),
        run("b", {"val_auc": Metric(value=0.1, best=0.92), "loss": 0.3}, commit=OLD_HEAD),
    ]
    targets = "val_auc >= 0.92\nloss <= 0.35\nother > 1"

    expected = [Baseline(0.92, "best of other runs"), Baseline(0.3, "best of other runs"), None]
    assert expected == baselines((), *runs, targets=targets)


def test_a_result_is_compared_within_the_split_of_its_target():
    """A better value of another split is no measure for it, neither the model's nor another run's."""
    models = [ModelVersion(name="churn", version="3", aliases=("champion",), run_id="c")]
    runs = [
        run("c", {"val_auc": Metric(value=0.99, split="train")}, commit=OLD_HEAD),
        run("other", {"val_auc": Metric(value=0.9, split="test")}, commit=OLD_HEAD),
    ]

    expected = [Baseline(0.9, "best of other runs")]
    assert expected == baselines(models, *runs, targets="val_auc >= 0.8 on split=test")


def test_a_run_without_links_is_no_evidence():
    """Nobody said which commit it is of."""
    unlinked = run("a", commit=HEAD)

    assert is_evidence(unlinked, pull_request())
    assert not is_evidence(run("a", commit=UNSET), pull_request())


def test_a_run_of_another_repository_is_no_evidence():
    """Also at a commit of that name: who reports runs of one project opens no gate of another."""
    mine = pull_request().code.partition(":")[2]
    for repo, expected in ((mine.upper(), True), ("acme/other", False)):
        linked = run("a", commit=HEAD)
        linked = replace(linked, links=replace(linked.links, repo=repo))
        assert expected == is_evidence(linked, pull_request())
