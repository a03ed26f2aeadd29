"""Targets as people write them, and what the runs say of them."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from trainboard.metrics import (
    MAX_TARGETS,
    Judgement,
    Target,
    Verdict,
    best_run,
    judge,
    parse_targets,
    value_of,
)
from trainboard.runs import ExperimentName, Metric, RunFacts, RunReport, RunStatus

AUC = Target("val_auc", ">=", 0.92)


def run(id_="r1", status="finished", **metrics):
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id=id_, status=RunStatus(status)),
        experiment=ExperimentName(name="churn-xgb"),
        metrics=metrics or UNSET,
    )


@pytest.mark.parametrize(
    "line",
    [
        "val_auc >= 0.92",
        "val_auc>=0.92",
        "  val_auc  >=  .92  ",
        "val_auc >= +0.92",
        "val_auc >= 92e-2",
        "val_auc >= 9.2E-1",
        "- val_auc >= 0.92",
        "* val_auc >= 0.92",
        "+ val_auc >= 0.92",
        "1. val_auc >= 0.92",
        "12) val_auc >= 0.92",
        "- [ ] val_auc >= 0.92",
        "- [x] val_auc >= 0.92",
        "   - [X] val_auc >= 0.92",
        "`val_auc >= 0.92`",
        "- [ ] ``val_auc >= 0.92``",
        "val_auc >= 0.92\r",
    ],
)
def test_a_line_that_is_a_target(line):
    """List marks, check boxes and backticks do not matter, nor does how the number is written."""
    assert [AUC] == parse_targets(line)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("loss < 1.", Target("loss", "<", 1.0)),
        ("loss <= -3", Target("loss", "<=", -3.0)),
        ("val/f1@10 > 0", Target("val/f1@10", ">", 0.0)),
        ("latency.p95-x < 200 ms", Target("latency.p95-x", "<", 200.0, "ms")),
        ("latency < 200ms", Target("latency", "<", 200.0, "ms")),
        ("error < 5%", Target("error", "<", 5.0, "%")),
        ("speed > 1e3 rows/s", Target("speed", ">", 1000.0, "rows/s")),
        ("_x > 1", Target("_x", ">", 1.0)),
    ],
)
def test_metrics_bounds_and_units(line, target):
    """What stands in a line is what the target says."""
    assert [target] == parse_targets(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "val_auc",
        "We want val_auc >= 0.92",
        "val_auc >= 0.92, please",
        "val_auc >= 0.92 in all countries",
        "> val_auc >= 0.92",
        "| val_auc >= 0.92 |",
        "val_auc ≥ 0.92",
        "val_auc => 0.92",
        "val_auc = 0.92",
        "val_auc == 0.92",
        "val_auc >= high",
        "val_auc >= 0,92",
        "val_auc >= nan",
        "val_auc >= 1.2.3",
        "val_auc >= .",
        "0.92 <= val_auc",
        "1auc >= 0.92",
        "val_auc >= 1e999",
        "val_auc >= -1e999",
        "val_auc >= 1e1000",
        "val_auc >= 1e" + "9" * 50_000,
        "m" * 251 + " > 1",
        "x > 1 " + "u" * 33,
    ],
)
def test_a_line_that_is_no_target(line):
    """Prose, tables, quotations, and numbers that are none are left alone."""
    assert [] == parse_targets(line)


@pytest.mark.parametrize(
    "text",
    [
        "    val_auc >= 0.92",
        "\tval_auc >= 0.92",
        "```\nval_auc >= 0.92\n```",
        "```python\nval_auc >= 0.92\n```",
        "~~~\nval_auc >= 0.92\n~~~",
        "````\n```\nval_auc >= 0.92\n````",
        "```\n~~~\nval_auc >= 0.92",
        "```\n``` not the end\nval_auc >= 0.92",
        "<!-- val_auc >= 0.92 -->",
        "<!--\nval_auc >= 0.92\n-->",
        "<!--\nval_auc >= 0.92",
        "<!-- a --> <!--\nval_auc >= 0.92",
    ],
)
def test_code_and_comments_hold_no_targets(text):
    """Also where they are never closed."""
    assert [] == parse_targets(text)


@pytest.mark.parametrize(
    "text",
    [
        "```\ncode\n```\nval_auc >= 0.92",
        "```\ncode\n`````  \nval_auc >= 0.92",
        "<!-- a -->\nval_auc >= 0.92",
        "val_auc >= <!-- for now --> 0.92",
        "`` `x` ``\nval_auc >= 0.92",
    ],
)
def test_what_follows_code_and_comments_counts(text):
    """A block ends where it says so."""
    assert [AUC] == parse_targets(text)


def test_the_last_word_on_a_metric_and_direction_holds():
    """It stays at the place of the first; the other direction is another target."""
    text = "auc > 0.8\nloss < 1\nauc < 0.99\nauc >= 0.9"

    assert ["auc >= 0.9", "loss < 1", "auc < 0.99"] == [str(target) for target in parse_targets(text)]


def test_no_more_than_twenty_are_read():
    """The first ones, in order."""
    found = parse_targets("\n".join(f"m{number} > 1" for number in range(50)))

    assert [f"m{number}" for number in range(MAX_TARGETS)] == [target.metric for target in found]


bounds = st.floats(min_value=-1e12, max_value=1e12).map(lambda number: float(format(number, ".10g")))
targets = st.builds(
    Target,
    st.from_regex(r"[A-Za-z_][\w./@-]{0,20}", fullmatch=True),
    st.sampled_from([">=", ">", "<=", "<"]),
    bounds,
    st.sampled_from(["", "ms", "%", "rows/s"]),
)


@given(targets)
def test_a_target_is_read_as_it_is_shown(target):
    """What the bot writes back means the same."""
    assert [target] == parse_targets(str(target))


@given(st.text(alphabet=st.sampled_from("ab_ .>=<`~-*[]x01e+%\n\t!"), max_size=80))
def test_any_text_is_read(text):
    """Nothing that people write fails, and what is found is a number."""
    assert all(math.isfinite(target.bound) for target in parse_targets(text))


HOSTILE = {
    "backticks": lambda size: "`" * size,
    "fences": lambda size: "```\n" * (size // 4),
    "rising fences": lambda size: "\n".join("`" * length for length in range(3, int((2 * size) ** 0.5))),
    "open comments": lambda size: "<!--" * (size // 4),
    "half comments": lambda size: "<!-" * (size // 3),
    "digits": lambda size: "a>" + "1" * size + "!",
    "fraction": lambda size: "a>1." + "1" * size + "!",
    "exponent": lambda size: "a>1e" + "1" * size + "!",
    "zeros": lambda size: "a>0." + "0" * size + "1",
    "compares": lambda size: "a>" * (size // 2),
    "long name": lambda size: "a" * size,
    "spaces": lambda size: "a" + " " * size + "> 1",
    "spaces at the end": lambda size: "a > 1" + " " * size + "!",
    "list marks": lambda size: "- " * (size // 2),
    "list spaces": lambda size: "-" + " " * size + "x",
    "check boxes": lambda size: "- " + "[ ] " * (size // 4),
    "empty lines": lambda size: "\n" * size,
}


def seconds_of(text):
    best = math.inf
    for _ in range(3):
        began = time.thread_time()
        parse_targets(text)
        best = min(best, time.thread_time() - began)
    return best


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_no_more_than_its_length(make):
    """Eight times the text takes far less than the 64 times that a quadratic reading would take."""
    floor = 0.001

    assert seconds_of(make(64_000)) < 32 * max(seconds_of(make(8_000)), floor)


def test_a_megabyte_of_open_comments_is_read():
    """The size that GitHub allows many times over."""
    assert [] == parse_targets("<!-- a > 1 " * 100_000)


@pytest.mark.parametrize(
    ("compare", "below", "at", "above", "goal"),
    [
        (">=", False, True, True, "max"),
        (">", False, False, True, "max"),
        ("<=", True, True, False, "min"),
        ("<", True, False, False, "min"),
    ],
)
def test_bounds(compare, below, at, above, goal):
    """What holds on which side of the bound, and which way is better."""
    target = Target("m", compare, 1.0)

    assert (below, at, above) == (target.holds(0.5), target.holds(1.0), target.holds(1.5))
    assert goal == target.goal
    assert not any(target.holds(none) for none in (None, math.nan, math.inf, -math.inf))


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
