"""Experiments end by the rules that people write, and by nothing else that they write."""

from datetime import date

import pytest

from fakes.experiments import START, run, view
from trainboard.decision_rules import Rule, find_end, parse_rules
from trainboard.metrics import judge
from trainboard.outages import Outage
from trainboard.plans import make_plan
from trainboard.prices import Prices
from trainboard.spending import measure, parse_budget
from trainboard.targets import parse_targets

BOTH = (Rule.TARGETS_MET, Rule.MISSED)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("conclude when targets met", Rule.TARGETS_MET),
        ("- [ ] Conclude if all targets are met.", Rule.TARGETS_MET),
        ("* `inconclusive once the budget is used up`", Rule.MISSED),
        ("CONCLUDE WHEN BUDGET USED", Rule.BUDGET_USED),
    ],
)
def test_a_line_that_says_so_is_a_rule(line, rule):
    """With the words that people put between."""
    assert (rule,) == parse_rules(f"We ship at 0.92.\n{line}\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "ship when targets met",
        "inconclusive when targets met",
        "do not conclude when targets met",
        "conclude when targets met and Ada agrees",
        "/conclude when targets met",
        "inconclusive results are discussed",
        "",
    ],
)
def test_other_lines_are_for_people(line):
    """What is not understood whole does nothing."""
    assert () == parse_rules(line)


def test_only_what_stands_below_its_heading_counts():
    """The same words elsewhere are somebody's thoughts."""
    line = "conclude when targets met"
    assert (Rule.TARGETS_MET,) == make_plan(f"### Decision rule\n{line}", []).rules
    assert () == make_plan(f"### Hypothesis\n{line}\n\n### Decision rule\n_No response_", []).rules


def end(rules, auc, *, targets="val_auc >= 0.92", budget="runs<=2", runs=2):
    reports = [run(str(number), metrics={"val_auc": auc}) for number in range(runs)]
    judgements = tuple(judge(parse_targets(targets), reports))
    days = (date(2026, 11, 9), date(2026, 11, 18))
    return find_end(rules, judgements, tuple(measure(parse_budget(budget), reports, Prices(), days, START)))


def test_the_first_rule_that_holds_ends_it():
    """Of what missed its targets and what did not."""
    assert Rule.TARGETS_MET is end(BOTH, 0.95)
    assert Rule.MISSED is end(BOTH, 0.9)
    assert None is end(BOTH, 0.9, runs=1)
    assert Rule.BUDGET_USED is end((Rule.BUDGET_USED, *BOTH), 0.95)


def test_who_met_the_targets_has_missed_nothing():
    """Though the budget is used up, and no rule says what that is."""
    assert None is end((Rule.MISSED,), 0.95)


def test_without_a_target_none_is_met():
    """Nor is one that no run tells of."""
    assert None is end((Rule.TARGETS_MET,), 0.95, targets="")
    assert None is end((Rule.TARGETS_MET,), 0.95, targets="val_auc >= 0.92\nf1 >= 0.1")


def test_it_is_settled_once_nothing_goes_on_and_nothing_is_missing():
    """A run of which nothing is heard any more is waited for no longer."""
    going = run("2", "running")
    key = (going.source, going.run.id)
    assert view([run("1")]).is_settled
    assert not view([run("1"), going]).is_settled
    assert view([run("1"), going], unheard={key: START}).is_settled
    outage = Outage(door="mlflow/prod", since=START, reason="refused")
    assert not view([run("1")], outages=(outage,)).is_settled
