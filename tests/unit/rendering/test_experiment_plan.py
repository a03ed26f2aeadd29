"""The plan of an experiment as its work item shows it."""

from datetime import date

from msgspec.structs import replace

from fakes.experiments import START, run, view
from trainboard.metrics import judge
from trainboard.plans import PlanWord
from trainboard.prices import Prices
from trainboard.rendering.experiment import render_experiment
from trainboard.rendering.experiment_plan import budget_block
from trainboard.rendering.experiment_tables import targets_block
from trainboard.runs import Cost
from trainboard.spending import measure, parse_budget
from trainboard.targets import parse_targets

MOST_BYTES = 60_000


def budget(text, *reports, today=date(2026, 11, 18)):
    usage = tuple(measure(parse_budget(text), reports, Prices(), (date(2026, 11, 9), today), START))
    return budget_block(usage).rows


def test_a_budget_says_what_is_used_and_what_is_over():
    """In the unit of each limit; what no run tells is not nothing."""
    paid = replace(run("1"), cost=Cost(amount=2.5, currency="EUR"))
    assert ("| `runs <= 2` | 2 | 100 %: nearly all |",) == budget("runs<=2", paid, run("2"))
    assert ("| `cost <= 2 EUR` | 2.5 EUR and 1 run without word of it | 125 %: over |",) == budget(
        "cost<=2 EUR", paid, run("2")
    )
    assert ("| `gpu_hours <= 2` | n/a (no run tells its GPU time) | n/a |",) == budget("gpu_hours<=2", paid)
    assert ("| `until 2026-11-18` | 9 days | 90 %: nearly all |",) == budget("until 2026-11-18")


def test_what_people_made_of_it_stands_at_the_top():
    """With what they compared with; nothing of both where they said nothing."""
    word = PlanWord(subject="conclusion", value="concluded", reason="It *works*.", by="@ada", at=START)
    said = render_experiment(view([run("1")], baseline="run:7", conclusion=word), MOST_BYTES)
    assert "**Concluded** by the word of \u200b@\u200bada: It \\*works\\*." in said
    assert "Compared with `run:7`." in said
    silent = render_experiment(view([run("1")]), MOST_BYTES)
    assert "by the word of" not in silent
    assert "Compared with" not in silent


def rows(targets, reports, baselines=None):
    judgements = judge(parse_targets(targets), reports, baselines)
    return targets_block(replace(view(reports), judgements=judgements)).rows


def test_an_improvement_says_what_it_comes_to():
    """Beside what people wrote, with the gap to that."""
    reports = [run("1", metrics={"rmse": 0.44})]
    [row] = rows("rmse improves champion by >= 10%, lower is better", reports, {"champion": {"rmse": 0.5}})
    assert (
        "| `rmse improves champion by >= 10 %, lower is better`, that is `<= 0.45` | 0.44 | 0.01 better |"
        in row
    )
    [row] = rows("rmse improves champion by >= 10%", reports)
    assert "| no verdict: say which way is better" in row


def test_a_mean_over_seeds_has_its_error_beside_it():
    """And how many runs it is of."""
    made = [run(str(seed), metrics={"auc": 0.9 + seed / 100}) for seed in range(3)]
    reports = [replace(report, params={"seed": report.run.id}) for report in made]
    [row] = rows("auc >= 0.9 over n>=3 seeds", reports)
    assert "| 0.91 ± 0.005774 (n=3) | 0.004226 better | ▁▅█ 0.92 | ✓ met |" in row
