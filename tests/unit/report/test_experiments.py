"""How experiments stand against their targets; the worked example is that of docs/reports.md."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.experiments import run
from trainboard.metrics import judge
from trainboard.report.experiments import BestRun, Leaderboard, RunTally, Tracked, find_margin, rank
from trainboard.runs import Metric
from trainboard.targets import parse_targets


def tried(id_, seed, depth=6, **metrics):
    """A finished run with that seed."""
    return replace(run(id_, metrics=metrics), params={"seed": seed, "depth": depth})


def tracked(name, targets="", *runs, **known):
    """An experiment of which that is known."""
    return Tracked(name=name, judged=tuple(judge(parse_targets(targets), runs)), runs=runs, **known)


WORKED = (
    tracked("later", "val_auc >= 0.9", run("q", "queued")),
    tracked("idea", "", run("i", metrics={"val_auc": 0.7}), is_closed=True),
    tracked(
        "fast",
        "latency_ms <= 50 ms",
        run("f1", metrics={"latency_ms": 56.0}),
        run("f2", metrics={"latency_ms": None}),
        run("f3", "failed", metrics={"latency_ms": 20.0}),
    ),
    tracked("tree", "val_auc >= 0.92", tried("t1", 1, val_auc=0.922), tried("t2", 2, val_auc=0.917)),
    tracked(
        "xgb",
        "val_auc >= 0.92",
        tried("x1", 1, val_auc=0.929),
        tried("x2", 2, val_auc=0.931),
        tried("x3", 3, val_auc=0.93),
        tried("x4", 4, depth=9, val_auc=0.5),
    ),
)


def test_people_may_say_that_nothing_can_be_said():
    """Whatever the runs reached; that they concluded something changes no verdict."""
    met = run("r1", metrics={"val_auc": 0.95})
    [silent] = rank([tracked("a", "val_auc >= 0.92", met, conclusion="inconclusive")]).experiments
    [said] = rank([tracked("a", "val_auc >= 0.92", met, conclusion="concluded")]).experiments
    [idea] = rank([tracked("a", conclusion="concluded")]).experiments
    assert ["inconclusive", "met", "concluded"] == [each.outcome for each in (silent, said, idea)]


def test_the_worked_example():
    """The furthest ahead first, those without a margin last, then by name."""
    board = rank(WORKED)
    assert ["xgb", "tree", "fast", "idea", "later"] == [each.name for each in board.experiments]
    assert ["met", "inconclusive", "not met", "concluded", "not started"] == [
        each.outcome for each in board.experiments
    ]
    margins = [each.margin for each in board.experiments]
    assert [0.012, 0.0022, -0.12] == [round(each, 4) for each in margins[:3]]
    assert [None, None] == margins[3:]
    spreads = [(each.seeds, each.spread and round(each.spread, 6)) for each in board.experiments]
    assert [(3, 0.002), (2, 0.005), (0, None)] == spreads[:3]
    assert (1, 1) == (board.concluded, board.count("met"))


def test_what_did_not_finish_or_has_no_finite_value_counts_apart():
    """And is never the best."""
    fast = rank(WORKED).experiments[2]
    assert RunTally(finished=1, no_value=1, failed=1) == fast.runs
    assert BestRun(id="f1", source="mlflow:main", name="f1", value=56.0, url=fast.best.url) == fast.best
    assert fast.best.url.endswith("/runs/f1")


@pytest.mark.parametrize(
    ("target", "best", "expected"),
    [
        ("a >= 0.8", 0.9, 0.125),
        ("a <= 50", 40.0, 0.2),
        ("a >= -2", -1.0, 0.5),
        ("a >= 0", 0.3, 0.3),
        ("a <= 0", 0.3, -0.3),
        ("a >= -1e308", 1e308, None),
        ("a >= 5e-324", 1e308, None),
    ],
)
def test_the_margin_is_a_share_of_the_bound(target, best, expected):
    """Of a bound of 0 the difference; one that no number holds is not known."""
    [parsed] = parse_targets(target)
    found = find_margin(best, parsed)
    assert expected == (found and round(found, 9))


def test_an_experiment_whose_runs_still_go_on_is_under_way():
    """Nothing that ended tells of it yet."""
    assert "under way" == rank([tracked("a", "x > 1", run("r", "running"))]).experiments[0].outcome
    assert "under way" == rank([tracked("a", "", run("r", "running"), run("s"))]).experiments[0].outcome


def test_ended_runs_without_a_verdict_are_inconclusive():
    """Nobody wrote what they should reach, and nobody closed the item."""
    assert "inconclusive" == rank([tracked("a", "", run("r"))]).experiments[0].outcome
    assert "not started" == rank([tracked("a", "x > 1")]).experiments[0].outcome


def test_a_person_who_closes_the_item_decides_what_runs_cannot():
    """A target that is missed stays missed."""
    doubtful = replace(WORKED[3], is_closed=True)
    missed = replace(WORKED[2], is_closed=True)
    assert ["concluded", "not met"] == [each.outcome for each in rank([doubtful, missed]).experiments]


def test_every_target_must_be_met():
    """The first gives the margin."""
    known = tracked("a", "x >= 1\ny >= 1", run("r", metrics={"x": 2.0, "y": 0.5}))
    [found] = rank([known]).experiments
    assert ("not met", 1.0, 2) == (found.outcome, found.margin, len(found.judgements))


def test_the_parent_of_a_sweep_is_no_run():
    """It only stands for its trials."""
    known = tracked("a", "x >= 1", run("s", metrics={"x": 9.0}), run("t", metrics={"x": 1.0}, sweep="s"))
    [found] = rank([known]).experiments
    assert ("t", 1) == (found.best.id, found.runs.finished)


def test_one_seed_tried_twice_is_no_spread():
    """Nor are runs that tell no seed."""
    twice = tracked("a", "x >= 1", tried("r", 1, x=2.0), tried("s", 1, x=1.0))
    silent = tracked("b", "x >= 1", run("r", metrics={"x": 2.0}), run("s", metrics={"x": 1.0}))
    assert [None, None] == [each.spread for each in rank([twice, silent]).experiments]


values = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
experiments = st.builds(
    lambda name, compare, bound, found: tracked(
        name, f"x {compare} {bound!r}", *(run(str(n), metrics={"x": each}) for n, each in enumerate(found))
    ),
    st.text("abc", min_size=1, max_size=3),
    st.sampled_from([">=", "<="]),
    st.sampled_from([0.0, 1.0, -1.0, 0.5]),
    st.lists(values | st.none(), max_size=4),
)


@given(st.lists(experiments, max_size=6), st.randoms(use_true_random=False))
def test_a_margin_of_nothing_or_more_is_a_target_that_is_met(known, random):
    """In whatever order they come; none is lost, and margins fall."""
    board = rank(known)
    names = [each.name for each in board.experiments]
    assert sorted(each.name for each in known) == sorted(names)
    assert [each.margin for each in rank(random.sample(known, len(known))).experiments] == [
        each.margin for each in board.experiments
    ]
    margins = [each.margin for each in board.experiments if each.margin is not None]
    assert margins == sorted(margins, reverse=True)
    assert all(each.margin is None for each in board.experiments[len(margins) :])
    for each in board.experiments:
        if each.margin is not None:
            assert (each.margin >= 0) == (each.outcome == "met")
            assert math.isfinite(each.margin)


def test_only_runs_of_the_split_that_the_target_names_are_ranked():
    """A better value of another split is neither the best nor a seed, and its run told no value."""
    values = {"a": ("test", 0.91), "b": ("test", 0.92), "c": ("train", 0.99)}
    runs = [
        tried(id_, seed, val_auc=Metric(value=value, split=split))
        for seed, (id_, (split, value)) in enumerate(values.items())
    ]
    [found] = rank([tracked("a", "val_auc >= 0.8 on split=test", *runs)]).experiments
    assert ("b", 0.92, 0.15) == (found.best.id, found.best.value, round(found.margin, 4))
    assert (2, 0.01, 1) == (found.seeds, round(found.spread, 4), found.runs.no_value)


def test_the_margin_of_a_target_over_seeds_is_that_of_their_mean():
    """Not of the luckiest seed."""
    runs = [tried(f"r{seed}", seed, val_auc=value) for seed, value in enumerate((0.94, 0.96, 0.98))]
    [found] = rank([tracked("a", "val_auc >= 0.8 over n>=3 seeds", *runs)]).experiments
    assert (0.96, 0.2) == (round(found.best.value, 4), round(found.margin, 4))


def test_a_target_over_seeds_says_itself_when_their_spread_is_small_enough():
    """The board says what the work item says, also where the seeds lie further apart than the bound is."""
    runs = [tried(f"r{seed}", seed, val_auc=value) for seed, value in enumerate((0.94, 0.96, 0.98))]
    [found] = rank([tracked("a", "val_auc >= 0.94 over n>=3 seeds", *runs)]).experiments
    assert ("met", 0.04) == (found.outcome, round(found.spread, 4))


def test_nothing_is_an_empty_board():
    """Without experiments."""
    assert Leaderboard() == rank([])
