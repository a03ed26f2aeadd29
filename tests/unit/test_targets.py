"""Targets as people write them."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.targets import MAX_TARGETS, Target, find_target, identify, parse_targets

AUC = Target("val_auc", ">=", 0.92)


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
metrics = st.from_regex(r"[A-Za-z_][\w./@-]{0,20}", fullmatch=True)
splits = st.just("") | st.from_regex(r"[\w.-]{1,20}", fullmatch=True)
thresholds = st.builds(
    Target,
    metrics,
    st.sampled_from([">=", ">", "<=", "<"]),
    bounds,
    st.sampled_from(["", "ms", "%", "rows/s"]),
    splits,
    st.integers(0, 999),
)
improvements = st.builds(
    Target,
    metrics,
    st.sampled_from([">=", ">"]),
    bounds.map(abs),
    st.sampled_from(["", "%"]),
    splits,
    st.integers(0, 999),
    st.sampled_from(["champion", "baseline", "alias:prod", "run:0a1b/2"]),
    st.sampled_from([None, "max", "min"]),
)
targets = thresholds | improvements


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
    "spaces before conditions": lambda size: "a > 1" + " " * size + "on split=x" + " " * size + "!",
    "improvements": lambda size: "a improves " * (size // 11),
    "spaces in an improvement": lambda size: (
        "a improves" + " " * size + "champion by >= 1" + " " * size + "!"
    ),
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
    ("line", "target"),
    [
        ("gap <= 0.05 on split=test", Target("gap", "<=", 0.05, split="test")),
        ("p95 <= 50 ms on split=test", Target("p95", "<=", 50.0, "ms", "test")),
        ("val_auc >= 0.92 over n>=3 seeds", Target("val_auc", ">=", 0.92, seeds=3)),
        ("val_auc >= 0.92 over n >= 1 seed", Target("val_auc", ">=", 0.92, seeds=1)),
        ("val_auc improves champion", Target("val_auc", ">", 0.0, baseline="champion")),
        ("val_auc improves champion by >= 0.005", Target("val_auc", ">=", 0.005, baseline="champion")),
        ("rmse improves baseline by > 2%", Target("rmse", ">", 2.0, "%", baseline="baseline")),
        ("rmse improves run:a-1 by >= 2 %", Target("rmse", ">=", 2.0, "%", baseline="run:a-1")),
        (
            "rmse improves alias:prod by >= 2% on split=test over n>=5 seeds, lower is better",
            Target("rmse", ">=", 2.0, "%", "test", 5, "alias:prod", "min"),
        ),
    ],
)
def test_conditions_and_improvements(line, target):
    """What a line adds is read to its end, and shown again as it is meant."""
    assert [target] == parse_targets(line)
    assert target == find_target(str(target))


@pytest.mark.parametrize(
    "line",
    [
        "gap <= 0.05 on split=",
        "gap <= 0.05 on split=a b",
        "gap <= 0.05 on test",
        "gap <= 0.05 over n>=0 seeds",
        "gap <= 0.05 over n>3 seeds",
        "gap <= 0.05 over n>=1000 seeds",
        "val_auc improves everything",
        "val_auc improves champion by 0.005",
        "val_auc improves champion by <= 0.005",
        "val_auc improves champion by >= -0.005",
        "val_auc improves champion by >= 5 ms",
        "val_auc improves champion, better is better",
        "val_auc >= 0.9, higher is better",
        "val_auc improves run: by >= 1",
    ],
)
def test_what_is_nearly_a_target_is_none(line):
    """Nothing is guessed of it."""
    assert [] == parse_targets(line)


def test_an_improvement_tells_no_direction_unless_the_line_does():
    """The word `improves` says that better is meant, and not which way that is."""
    assert None is find_target("rmse improves champion").goal
    assert "min" == find_target("rmse improves champion, lower is better").goal


@pytest.mark.parametrize(
    ("line", "baseline", "goal", "wanted"),
    [
        ("m improves champion by >= 0.5", 2.0, "max", "m >= 2.5"),
        ("m improves champion by >= 0.5", 2.0, "min", "m <= 1.5"),
        ("m improves champion by > 10%", 2.0, "max", "m > 2.2"),
        ("m improves champion by >= 10%", -2.0, "max", "m >= -1.8"),
        ("m improves champion by >= 10%", -2.0, "min", "m <= -2.2"),
        ("m improves champion by >= 10%", 0.0, "max", "m > 0"),
        ("m improves champion by >= 10%", 0.0, "min", "m < 0"),
        ("m improves champion", 2.0, "min", "m < 2"),
        (
            "m improves champion on split=test over n>=2 seeds",
            2.0,
            "max",
            "m > 2 on split=test over n>=2 seeds",
        ),
    ],
)
def test_what_an_improvement_comes_to(line, baseline, goal, wanted):
    """Percentages are of the baseline's size; of nothing no percentage can be taken, so it must be better."""
    assert wanted == str(find_target(line).improve(baseline, goal))


def test_another_baseline_or_split_is_another_target():
    """And the same one again replaces it, whatever it now asks for."""
    lines = ["m > 1", "m > 2 on split=test", "m improves champion", "m improves run:1", "m >= 3"]
    assert 4 == len({identify(find_target(line)) for line in lines})
    assert "m >= 3" == str(parse_targets("\n".join(lines))[0])
