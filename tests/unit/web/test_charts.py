"""The geometry of the drawings."""

import pytest

from fakes.board import finished
from fakes.experiments import run
from trainboard.metrics import Judgement, Verdict
from trainboard.targets import Target
from trainboard.web import charts
from trainboard.web.charts import Bar, bar_of, chart_of

AUC = Target("val_auc", ">=", 0.9)
LOSS = Target("loss", "<=", 0.5)


@pytest.mark.parametrize(
    ("best", "target", "bar"),
    [
        (0.45, AUC, Bar(start=0, width=50, bound=100)),
        (1.8, AUC, Bar(start=0, width=100, bound=50)),
        (-1.0, Target("r2", ">=", 1.0), Bar(start=0, width=50, bound=100)),
        (-2.0, Target("elbo", ">=", -4.0), Bar(start=50, width=50, bound=0)),
        (0.0, Target("gap", "<=", 0.0), Bar(start=0, width=0, bound=0)),
    ],
)
def test_a_bar_begins_at_zero(best, target, bar):
    """Lengths compare as the numbers do, also below zero."""
    assert bar_of(Judgement(target, Verdict.MET, best)) == bar


def test_no_value_has_no_bar():
    """There is nothing to draw."""
    assert bar_of(Judgement(AUC, Verdict.UNKNOWN)) is None


def test_points_stand_in_the_order_of_their_ends():
    """Left to right over the drawing's whole width; larger values higher."""
    chart = chart_of(AUC, [finished("b", 0.95, minutes=60), finished("a", 0.85, minutes=0)])

    first, last = chart.points
    assert (charts.LEFT, charts.WIDTH - charts.RIGHT) == (first.x, last.x)
    assert (False, True) == (first.reached, last.reached)
    assert last.y < chart.bound_y < first.y
    assert f"M{first.x} {first.y}H{last.x}V{last.y}" == chart.best_path


def test_the_line_keeps_the_best_so_far():
    """A worse run leaves it where it was; lower is better where the target says so."""
    values = (0.6, 0.8, 0.4)
    chart = chart_of(LOSS, [finished(str(n), value, "loss", minutes=n) for n, value in enumerate(values)])

    first, second, third = chart.points
    assert f"M{first.x} {first.y}H{second.x}V{first.y}H{third.x}V{third.y}" == chart.best_path


def test_one_point_stands_in_the_middle():
    """Also where it lies on the bound, and where that is zero."""
    chart = chart_of(Target("gap", "<=", 0), [finished("a", 0.0, "gap")])

    [point] = chart.points
    assert ((charts.LEFT + charts.WIDTH - charts.RIGHT) / 2, chart.bound_y) == (point.x, point.y)


def test_the_largest_numbers_can_be_drawn():
    """No scale overflows."""
    chart = chart_of(AUC, [finished("a", 1.7e308), finished("b", -1.7e308, minutes=20)])

    assert all(charts.TOP <= point.y <= charts.HEIGHT - charts.BOTTOM for point in chart.points)


def test_only_the_latest_points_are_drawn():
    """The others are counted."""
    reports = [finished(str(number), 0.5, minutes=number) for number in range(charts.MAX_POINTS + 3)]

    chart = chart_of(AUC, reports)
    assert (charts.MAX_POINTS, 3) == (len(chart.points), chart.hidden)


def test_runs_without_a_result_are_not_drawn():
    """Failed ones, running ones, and those that never logged the metric."""
    reports = [run("a", "failed", metrics={"val_auc": 1}), run("b", "running"), run("c")]

    assert chart_of(AUC, reports) is None
