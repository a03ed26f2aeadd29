"""Which runs are counted, grouped, shown, and in which order."""

import msgspec
import pytest
from msgspec import UNSET

from fakes.experiments import loss, run, view
from trainboard.rendering.summary import KnownMetric, summarise
from trainboard.runs import Group, RunStatus


def names(summary):
    """The rows' names, in their order."""
    return [row.name for row in summary.rows]


def test_runs_are_counted_by_status():
    """Every status has its own number."""
    statuses = ["finished", "finished", "running", "queued", "failed", "killed"]
    summary = summarise(view(run(f"r{i}", status) for i, status in enumerate(statuses)))
    assert (6, 2, 1, 1, 1, 1, 0) == (
        summary.total,
        summary.finished,
        summary.running,
        summary.queued,
        summary.failed,
        summary.killed,
        summary.sweeps,
    )


@pytest.mark.parametrize(
    ("target", "expected"),
    [("auc >= 0.5", ["c", "b", "a", "f", "n"]), ("auc <= 0.5", ["a", "b", "c", "f", "n"])],
)
def test_the_first_target_orders_the_rows(target, expected):
    """Best first in the target's direction; failed runs and those without a finite value last."""
    runs = [
        run("n", metrics={"auc": None}),
        run("f", "failed", metrics={"auc": 0.99}),
        run("a", metrics={"auc": 0.1}),
        run("b", "running", metrics={"auc": 0.2}),
        run("c", metrics={"auc": 0.3}),
    ]
    assert expected == names(summarise(view(runs, target)))


def test_equal_rows_are_ordered_by_name_and_id():
    """The order never hangs on the order in which runs came in."""
    runs = [run("2", name="a"), run("1", name="b"), run("1", name="a")]
    assert [("a", "1"), ("a", "2"), ("b", "1")] == [
        (row.name, row.id) for row in summarise(view(runs, "auc > 1")).rows
    ]


def test_without_a_target_the_latest_end_is_first():
    """Runs that have not ended come after those that have."""
    late = msgspec.structs.replace(run("q", "queued"), run=run("q", "queued", url=UNSET).run)
    unstarted = msgspec.structs.replace(late, run=msgspec.structs.replace(late.run, started_at=UNSET, id="u"))
    runs = [unstarted, run("r", "running"), run("a", minutes=5), run("b", "failed", minutes=9)]
    assert ["b", "a", "r", "u"] == names(summarise(view(runs)))


def test_a_sweep_is_one_row():
    """Its row tells the best of the finished runs, how many are done and how many failed."""
    runs = [run(f"r{i}", metrics={"auc": i / 10}, sweep="s", planned=9) for i in range(1, 5)]
    runs += [run("bad", "failed", sweep="s"), run("on", "running", sweep="s", metrics={"auc": 0.99})]
    summary = summarise(view([*runs, run("alone", metrics={"auc": 0.2})], "auc >= 0.5"))
    row = summary.rows[0]
    assert (["s", "alone"], 7, 1) == (names(summary), summary.total, summary.sweeps)
    assert (0.4, 0.1) == (row.best("auc", "max"), row.best("auc", "min"))
    assert (5, 9, 1, RunStatus.RUNNING) == (row.done, row.planned, row.failed, row.status)


def test_the_parent_of_a_sweep_is_no_row_and_no_run():
    """It lends the row its name, link and status."""
    parent = run("s", "killed", name="tune depth", minutes=99)
    summary = summarise(view([parent, run("a", sweep="s"), run("b", sweep="s")]))
    row = summary.rows[0]
    assert (["tune depth"], 2, 0) == (names(summary), summary.total, summary.killed)
    assert (parent.run.url, RunStatus.KILLED, parent.run.ended_at) == (row.url, row.status, row.ended_at)


def test_a_parent_that_names_itself_as_its_group_is_still_the_parent():
    """A run is no child of itself."""
    own = run("s", sweep="s")
    assert (1, 1) == (summarise(view([own, run("a", sweep="s")])).total, summarise(view([own])).total)


def test_a_sweep_is_called_by_the_name_that_its_runs_tell():
    """The group's own name comes first, its id last."""
    named = Group(id="s", name="tune depth")
    assert ["tune depth"] == names(summarise(view([run("a", sweep=named), run("s", name="parent")])))
    assert ["s"] == names(summarise(view([run("a", sweep="s")])))


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["queued", "queued"], RunStatus.QUEUED),
        (["queued", "finished"], RunStatus.RUNNING),
        (["failed", "finished"], RunStatus.FINISHED),
    ],
)
def test_without_a_parent_the_runs_tell_how_a_sweep_stands(statuses, expected):
    """It is over when all of its runs are."""
    runs = [run(f"r{i}", status, sweep="s") for i, status in enumerate(statuses)]
    assert [expected] == [row.status for row in summarise(view(runs)).rows]


def test_groups_of_different_trackers_are_different():
    """An id means something only where it was given."""
    other = msgspec.structs.replace(run("b", sweep="s"), source="mlflow:other")
    assert 2 == summarise(view([run("a", sweep="s"), other])).sweeps


def test_ten_rows_are_shown_and_the_runs_of_the_others_counted():
    """A sweep that is not shown counts with all its runs."""
    best = [run(f"r{i:02}", metrics={"auc": 1.0}) for i in range(10)]
    rest = [run("worse", metrics={"auc": 0.5}), *(run(f"s{i}", sweep="s") for i in range(3))]
    summary = summarise(view([*best, *rest], "auc > 0"))
    assert (10, 4) == (len(summary.rows), summary.hidden_runs)


def test_metrics_stand_by_what_is_known_of_them():
    """Targeted ones first, then those with a direction, then by how many runs logged them, then by name."""
    runs = [
        run("a", metrics={"z": 1, "often": 1, "few": 1, "loss": loss(1), "auc": 1}),
        run("b", metrics={"often": 1}),
        run("c"),
    ]
    assert [
        KnownMetric("auc", "max", True),
        KnownMetric("loss", "min", False),
        KnownMetric("often", None, False),
        KnownMetric("few", None, False),
        KnownMetric("z", None, False),
    ] == list(summarise(view(runs, "auc >= 1")).metrics)


def test_a_direction_is_never_guessed():
    """Two targets or two runs that disagree tell no direction."""
    up = {"loss": msgspec.structs.replace(loss(1), goal="max")}
    disagreeing = summarise(view([run("a", metrics={"loss": loss(1)}), run("b", metrics=up)]))
    between = summarise(view([], "drift > 0.1\ndrift < 0.2"))
    assert [None, None] == [disagreeing.metrics[0].goal, between.metrics[0].goal]


def test_the_last_failure_is_the_one_that_ended_last():
    """A failed run that does not tell its end comes first."""
    endless = msgspec.structs.replace(
        run("x", "failed"), run=msgspec.structs.replace(run("x", "failed").run, ended_at=UNSET)
    )
    runs = [run("a", "failed", minutes=2), run("b", "failed", minutes=3), run("c", minutes=9), endless]
    assert ("b", None) == (summarise(view(runs)).last_failure.run.id, summarise(view()).last_failure)
