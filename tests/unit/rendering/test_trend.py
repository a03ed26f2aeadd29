"""How a metric went in the last runs."""

import pytest

from fakes.experiments import run
from trainboard.rendering.trend import render_trend
from trainboard.runs import Metric


def ran(*values, status="finished"):
    """Runs that ended one after the other."""
    return [run(str(i), status, metrics={"auc": value}, minutes=i) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((0.1, 0.2, 0.3), "▁▅█ 0.3"),
        ((9.0, 9.0, 0.1, 0.2, 0.3, 0.1, 0.1), "▁▅█▁▁ 0.1"),
        ((0.5, 0.5), "▄▄ 0.5"),
        ((-1.7e308, 1.7e308), "▁█ 1.7e+308"),
        ((0.5,), ""),
        ((0.5, float("nan"), None), ""),
        ((), ""),
    ],
)
def test_the_last_five_have_a_bar_each(values, shown):
    """One run is no trend, and what is not finite has no bar."""
    assert shown == render_trend(ran(*values), "auc")


def test_runs_stand_in_the_order_of_their_end():
    """Whatever came first."""
    assert "▁█ 0.9" == render_trend(list(reversed(ran(0.1, 0.9))), "auc")


def test_only_finished_runs_count():
    """A run that failed may have logged anything."""
    assert "" == render_trend(ran(0.1, 0.9, status="failed"), "auc")


def test_a_split_has_a_trend_of_its_own():
    """Numbers without a split are of another."""
    told = [Metric(value=value, split="test") for value in (0.1, 0.2)]
    assert "▁█ 0.2" == render_trend(ran(*told, 0.7), "auc", "test")
