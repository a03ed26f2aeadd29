"""What people plan for an experiment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.plans import PlanWord, list_baselines, make_plan, read_baseline, read_numbers, write_key
from trainboard.targets import find_target

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
WRITTEN = """Deeper trees may help.

### Targets
- val_auc >= 0.92
- p95 <= 50 ms

### Baseline
`champion`

### Budget
- runs <= 50
- gpu_hours<=20, cost <= 300 EUR
Ask Ada before you use more.

f1 >= 0.5

### Notes
cost < 400
"""

WRITTEN_TARGETS = ["val_auc >= 0.92", "p95 <= 50 ms", "f1 >= 0.5", "cost < 400"]


def word(subject, value, minutes=0, **fields):
    return PlanWord(subject=subject, value=value, by="ada", at=NOW + timedelta(minutes=minutes), **fields)


def target_word(text, value=None, minutes=0):
    key = write_key(find_target(text))
    return word("target", text if value is None else value, minutes, key=key)


def test_a_plan_is_read_from_what_people_wrote():
    """A limit is none of the targets, though a line of its form is one elsewhere; other lines may be."""
    plan = make_plan(WRITTEN, [])
    assert ["val_auc >= 0.92", "p95 <= 50 ms", "f1 >= 0.5", "cost < 400"] == [
        str(each) for each in plan.targets
    ]
    assert ["runs <= 50", "gpu_hours <= 20", "cost <= 300 EUR"] == [str(each) for each in plan.budget]
    assert ("champion", None) == (plan.baseline, plan.conclusion)


@pytest.mark.parametrize("text", ["", "### Budget\n_No response_\n### Baseline\n_No response_", "### budget"])
def test_an_empty_form_plans_nothing(text):
    """As GitHub fills in what was left out of a form."""
    plan = make_plan(text, [])
    assert ((), "", ()) == (plan.targets, plan.baseline, plan.budget)


def test_what_was_commanded_counts_before_what_is_written():
    """In the place of what it replaces, and until it is taken back."""
    words = [target_word("val_auc >= 0.95"), target_word("mae < 3"), word("baseline", "run:7")]
    words += [word("budget", "runs <= 9")]
    plan = make_plan(WRITTEN, words)
    shown = ["val_auc >= 0.95", "p95 <= 50 ms", "f1 >= 0.5", "cost < 400", "mae < 3"]
    assert shown == [str(each) for each in plan.targets]
    assert ("run:7", ["runs <= 9"]) == (plan.baseline, [str(each) for each in plan.budget])
    back = [target_word("val_auc >= 0.95", "", 1), target_word("mae < 3", "", 1), word("baseline", "", 1)]
    plan = make_plan(WRITTEN, [*words, *back])
    assert ["val_auc >= 0.92", "p95 <= 50 ms", "f1 >= 0.5", "cost < 400"] == [
        str(each) for each in plan.targets
    ]
    assert "champion" == plan.baseline


@given(
    st.permutations([target_word("m > 1"), target_word("m > 2", minutes=1), target_word("m > 3", minutes=2)])
)
def test_the_last_word_counts_in_whatever_order_they_come(words):
    """By when it was said."""
    assert ["m > 3"] == [str(each) for each in make_plan("", words).targets]


def test_a_conclusion_stands_until_it_is_taken_back():
    """With its reason and who drew it."""
    drawn = word("conclusion", "concluded", reason="It works.")
    assert drawn == make_plan("", [drawn]).conclusion
    assert None is make_plan("", [drawn, word("conclusion", "", 1)]).conclusion


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("champion", "champion"),
        ("- `alias:prod`", "alias:prod"),
        ("run:4f2a", "run:4f2a"),
        ("val_auc=0.91, rmse = -3.2", "val_auc=0.91, rmse = -3.2"),
        ("the old one", ""),
        ("val_auc=high", ""),
        ("val_auc=1e999", ""),
        ("val_auc=0.91,", ""),
        ("0.91", ""),
        ("run:", ""),
        ("alias:@ada x", ""),
    ],
)
def test_what_a_baseline_may_be(text, kept):
    """Nothing is guessed of anything else."""
    assert kept == read_baseline(text)


def test_numbers_stand_for_a_baseline():
    """By metric; a baseline that was not found stands for nothing."""
    assert {"val_auc": 0.91, "rmse": -3.2} == read_numbers("val_auc=0.91, rmse = -3.2")
    plan = make_plan("### Baseline\nval_auc=0.9", [])
    assert {"baseline": {"val_auc": 0.9}} == list_baselines(plan, {})
    assert {"champion": 1} == list_baselines(make_plan("### Baseline\nrun:7", []), {"champion": 1})
    assert {"run:7": 1, "baseline": 1} == list_baselines(make_plan("### Baseline\nrun:7", []), {"run:7": 1})


def test_only_what_a_target_is_reckoned_from_is_looked_for():
    """The chosen baseline where a target improves it, and what targets name themselves."""
    written = "- val_auc improves {} by >= 0.01, higher is better\n\n### Baseline\nalias:prod"
    assert [set(), {"run:7"}, {"alias:prod"}] == [
        make_plan(text, []).compared_with
        for text in (
            "- val_auc >= 0.9\n\n### Baseline\nchampion",
            written.format("run:7"),
            written.format("baseline"),
        )
    ]


@given(st.text(alphabet=st.sampled_from("# budgetlinoruns<=>5.,`-\n\t"), max_size=120))
def test_any_text_is_read(text):
    """Nothing that people write fails."""
    make_plan(text, [])


def test_guard_rails_are_targets_that_come_last():
    """Wherever they stand, so that the first target is what the experiment is for."""
    text = "### Guard-rails\n\nlatency <= 50 ms\n\n### Targets\n\nval_auc >= 0.9\n"
    told = [(str(each), each.is_guard_rail) for each in make_plan(text, ()).targets]
    assert [("val_auc >= 0.9", False), ("latency <= 50 ms", True)] == told


def test_a_guard_rail_that_is_commanded_anew_stays_one():
    """The command says how much, and not what for."""
    text = "### Targets\n\nval_auc >= 0.9\n\n### Guard-rails\n\nlatency <= 50 ms"
    key = write_key(find_target("latency <= 60 ms"))
    word = PlanWord(subject="target", key=key, value="latency <= 60 ms", by="ana", at=NOW)
    last = make_plan(text, [word]).targets[-1]
    assert ("latency <= 60 ms", True) == (str(last), last.is_guard_rail)
