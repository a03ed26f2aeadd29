"""Hours of GPUs and what they cost; the worked example is that of docs/reports.md."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from fakes.experiments import run
from fakes.plans import AFTER, SPRINT, day
from trainboard.prices import Prices
from trainboard.report.usage import Usage, Used, measure
from trainboard.runs import Cost, ExperimentName

PRICES = Prices(currency="EUR", gpu_hour=(("*A100*", Decimal("2.40")), ("T4", Decimal("0.35"))))


def ran(id_, started_at, experiment="train", *, hours=1.0, status="finished", gpus=None, gpu=None, **said):
    """A run of so many hours on so many devices."""
    made = run(id_, status, sweep=said.pop("sweep", None))
    ended_at = started_at + timedelta(hours=hours) if made.run.status.ended else UNSET
    tags = {name: str(value) for name, value in (("gpu_count", gpus), ("gpu_type", gpu)) if value is not None}
    return replace(
        made,
        experiment=ExperimentName(name=experiment),
        run=replace(made.run, started_at=started_at, ended_at=said.pop("ended_at", ended_at)),
        tags=tags,
        **said,
    )


WORKED = (
    ran("a", day(2), hours=1.5, gpus=2, gpu="A100"),
    ran("b", day(3), hours=1 / 3, gpus=1, gpu="T4"),
    ran("c", SPRINT.ends_at - timedelta(hours=3), "large", hours=5, gpus=4, gpu="A100"),
    ran("d", day(4), "other"),
    ran("e", day(4), "other", gpus=1, gpu="H100"),
    ran("f", SPRINT.starts_at - timedelta(hours=1), hours=9, gpus=8, gpu="A100"),
)


def test_the_worked_example():
    """Two A100 for 90 minutes are 3 hours; what goes on after the sprint counts until its end."""
    assert Usage(
        currency="EUR",
        experiments=(
            Used(experiment="large", runs=1, run_ids=("c",), hours=Decimal("12.00"), cost=Decimal("28.80")),
            Used(experiment="train", runs=2, run_ids=("a", "b"), hours=Decimal("3.33"), cost=Decimal("7.32")),
            Used(
                experiment="other",
                runs=2,
                run_ids=("d", "e"),
                hours=Decimal("1.00"),
                without_hours=1,
                without_cost=2,
            ),
        ),
        total=Used(runs=5, hours=Decimal("16.33"), cost=Decimal("36.12"), without_hours=1, without_cost=2),
    ) == measure(WORKED, PRICES, SPRINT, AFTER)


def test_the_sprint_is_half_open():
    """A run that starts with it counts, one that starts with the next one does not."""
    runs = [ran("a", SPRINT.starts_at, gpus=1), ran("b", SPRINT.ends_at, gpus=1)]
    assert (1, Decimal("1.00")) == (
        measure(runs, PRICES, SPRINT, AFTER).total.runs,
        measure(runs, PRICES, SPRINT, AFTER).total.hours,
    )


def test_a_run_that_goes_on_counts_until_now():
    """And is told apart."""
    going = ran("a", day(2), status="running", gpus=2, gpu="T4")
    used = measure([going], PRICES, SPRINT, day(2, hour=15)).total
    assert (Decimal("6.00"), Decimal("2.10"), 1) == (used.hours, used.cost, used.going)


def test_a_sweep_is_counted_once():
    """By its members, and not by the run that stands for it."""
    runs = [ran("sweep", day(2), hours=9, gpus=1), ran("a", day(2), gpus=1, sweep="sweep")]
    used = measure(runs, PRICES, SPRINT, AFTER).total
    assert (1, Decimal("1.00")) == (used.runs, used.hours)


@pytest.mark.parametrize(
    ("report", "hours", "cost"),
    [
        (ran("a", day(2), cost=Cost(gpu_seconds=1800.0), gpus=8, gpu="T4"), "0.50", "0.18"),
        (ran("a", day(2), cost=Cost(amount=3.505, currency="EUR")), None, "3.51"),
        (ran("a", day(2), cost=Cost(amount=3.5, currency="USD")), None, None),
        (ran("a", day(2), cost=Cost(amount=1e300, currency="EUR", gpu_seconds=1e300)), None, None),
        (ran("a", SPRINT.ends_at - timedelta(hours=1), hours=4, cost=Cost(gpu_seconds=7200.0)), "0.50", None),
        (ran("a", day(2), ended_at=UNSET, gpus=1), None, None),
        (ran("a", day(2), hours=-1, gpus=1), None, None),
        (ran("a", day(2), hours=0, gpus=1, gpu="T4"), "0.00", "0.00"),
        (ran("a", day(2), hours=0, cost=Cost(gpu_seconds=36.0)), "0.01", None),
        (ran("a", day(2), gpus=0, gpu="T4"), "0.00", "0.00"),
    ],
)
def test_what_a_run_measured_itself_goes_before_what_is_reckoned(report, hours, cost):
    """Of a run that goes beyond the sprint as much as its time within; what is odd is not known."""
    used = measure([report], PRICES, SPRINT, AFTER).total
    expected = tuple(None if each is None else Decimal(each) for each in (hours, cost))
    assert expected == (used.hours, used.cost)


def test_nothing_is_not_zero():
    """Neither without runs nor without prices."""
    assert (None, None) == (
        measure([], PRICES, SPRINT, AFTER).total.hours,
        measure([], PRICES, SPRINT, AFTER).total.cost,
    )
    assert None is measure(WORKED, Prices(), SPRINT, AFTER).total.cost


reports = st.builds(
    ran,
    st.sampled_from("abcdef"),
    st.floats(-40, 400).map(lambda hours: SPRINT.starts_at + timedelta(hours=hours)),
    st.sampled_from(["train", "large"]),
    hours=st.floats(0, 100),
    status=st.sampled_from(["finished", "failed", "running"]),
    gpus=st.none() | st.integers(0, 16),
    gpu=st.sampled_from([None, "A100", "T4", "H100"]),
)


@given(st.lists(reports, max_size=8), st.randoms(use_true_random=False))
def test_the_sum_is_that_of_the_experiments_in_whatever_order(runs, random):
    """No run costs more hours than its devices have in the sprint."""
    usage = measure(runs, PRICES, SPRINT, AFTER)
    assert usage == measure(random.sample(runs, len(runs)), PRICES, SPRINT, AFTER)
    for name in ("hours", "cost"):
        parts = [value for each in usage.experiments if (value := getattr(each, name)) is not None]
        assert getattr(usage.total, name) == (sum(parts) if parts else None)
    most = 16 * len(runs) * Decimal((SPRINT.ends_at - SPRINT.starts_at) / timedelta(hours=1))
    assert 0 <= (usage.total.hours or 0) <= most
    assert usage.total.without_hours <= usage.total.without_cost <= usage.total.runs
