"""How much of a budget is used."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.prices import Prices
from trainboard.runs import Cost, ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.spending import Limit, measure, parse_budget

BEGAN, TODAY = date(2026, 11, 9), date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
NO_PRICES = Prices()
PRICES = Prices(currency="EUR", gpu_hour=(("*A100*", Decimal("2.40")),))


def run(status="finished", **cost):
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id="r1", status=RunStatus(status)),
        experiment=ExperimentName(name="churn-xgb"),
        cost=Cost(**cost) if cost else UNSET,
    )


def use(limit, *reports, today=TODAY, prices=NO_PRICES):
    [found] = measure(parse_budget(limit), reports, prices, (BEGAN, today), NOW)
    return found


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("runs<=50", [Limit("runs", Decimal(50))]),
        ("gpu_hours <= 20.5", [Limit("gpu_hours", Decimal("20.5"))]),
        ("cost<=300 EUR", [Limit("cost", Decimal(300), "EUR")]),
        ("cost<=300EUR", [Limit("cost", Decimal(300), "EUR")]),
        ("until 2026-12-04", [Limit("until", day=date(2026, 12, 4))]),
        ("runs<=50, until 2026-12-04", [Limit("runs", Decimal(50)), Limit("until", day=date(2026, 12, 4))]),
        ("runs<=5;\nruns<=6", [Limit("runs", Decimal(6))]),
    ],
)
def test_a_budget_is_a_list_of_limits(text, limits):
    """And is read as it is shown."""
    assert limits == parse_budget(text)
    assert limits == parse_budget(", ".join(map(str, limits)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "runs",
        "runs<50",
        "runs<=-5",
        "runs<=5.5",
        "runs<=50 please",
        "runs<=٣",
        "runs<=" + "9" * 99,
        "cost<=300",
        "cost<=300 eur",
        "money<=3 EUR",
        "gpu_hours<=1e9",
        "until tomorrow",
        "until 2026-02-30",
    ],
)
def test_what_is_no_budget(text):
    """Nothing is guessed of it."""
    assert None is parse_budget(text)


@pytest.mark.parametrize(
    ("runs", "percent", "near", "over"),
    [(0, 0, False, False), (3, 75, False, False), (4, 100, True, False), (5, 125, True, True)],
)
def test_runs_are_counted(runs, percent, near, over):
    """Whatever became of them; one that is queued used nothing yet."""
    usage = use("runs<=4", *[run("failed")] * runs, run("queued"))
    assert (percent, near, over) == (usage.percent, usage.is_near, usage.is_over)


def test_the_least_more_than_all_is_over():
    """And not rounded away; nor is the least that is left."""
    assert (101, 99) == (
        use("cost<=300 EUR", paid(300.01)).percent,
        use("cost<=300 EUR", paid(299.99)).percent,
    )
    assert (100, 101) == (use("runs<=0").percent, use("runs<=0", run()).percent)


def paid(amount, currency="EUR"):
    return run(amount=amount, currency=currency)


def test_money_is_added_up_exactly_and_by_currency():
    """Runs in another one, and such as tell nothing, are counted beside."""
    usage = use("cost<=1 EUR", paid(0.1), paid(0.2), paid(5, "USD"), run())
    assert (Decimal("0.3"), 30, 2) == (usage.used, usage.percent, usage.untold)


def test_what_no_run_tells_is_not_known():
    """And never nothing; of no run at all nothing is used."""
    usage = use("gpu_hours<=20", run(), run())
    assert (None, None, 2) == (usage.used, usage.percent, usage.untold)
    assert (Decimal(0), 0) == (use("gpu_hours<=20").used, use("gpu_hours<=20").percent)
    assert Decimal("1.5") == use("gpu_hours<=20", run(gpu_seconds=5400)).used


@pytest.mark.parametrize(
    ("today", "percent"),
    [
        (date(2026, 11, 9), 0),
        (date(2026, 11, 14), 50),
        (date(2026, 11, 18), 90),
        (date(2026, 11, 19), 101),
        (date(2026, 11, 1), 0),
    ],
)
def test_days_go_by(today, percent):
    """From the first to the last, which is part of it."""
    assert percent == use("until 2026-11-18", today=today).percent


def test_a_last_day_before_the_first_leaves_nothing():
    """As somebody may write it."""
    assert 101 == use("until 2026-11-01").percent


def test_what_a_run_does_not_tell_is_reckoned_from_its_devices():
    """Two GPUs for an hour and a half are three hours, at their price; one that goes on counts until now."""
    began = NOW - timedelta(minutes=90)
    facts = RunFacts(id="r2", status=RunStatus.RUNNING, started_at=began)
    report = replace(run(), run=facts, tags={"plan.gpus": "2", "plan.gpu_type": "NVIDIA A100"})
    assert Decimal(3) == use("gpu_hours<=4", report).used
    assert Decimal("7.2") == use("cost<=10 EUR", report, prices=PRICES).used
    assert None is use("cost<=10 USD", report, prices=PRICES).used
