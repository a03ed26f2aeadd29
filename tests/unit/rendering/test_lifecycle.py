"""The way of a model in one line, and the alerts that came of it."""

from fakes.experiments import START, run, view
from trainboard.experiment_view import LinkedAlert
from trainboard.rendering.lifecycle import alerts_block, render_lifecycle


def alert(ref="12", **fields):
    """A bug about the model."""
    known = {"title": "Drift", "url": f"https://github.com/acme/churn/issues/{ref}", "model": "churn"}
    return LinkedAlert(ref=ref, version="7", began_at=START, **known | fields)


def test_ticks_links_and_where_it_stands():
    """What is not reached has neither."""
    assert (
        "plan → ✓ [train](https://mlflow.example.com/#/experiments/7) → package → validate → deploy"
        " → **✓ [monitor](https://github.com/acme/churn/issues/12)** → retrain"
    ) == render_lifecycle(view([run("a", "running")], alerts=(alert(),)))


def test_only_the_trackers_own_bugs_are_referred_to():
    """A run tracker's address of an issue is no link: the issue would show a reference."""
    known = view([run("a")], experiment_url="https://github.com/acme/churn/issues/1")
    assert "plan → **✓ train** → package" in render_lifecycle(known)


def test_an_alert_has_its_bug_its_version_and_its_days():
    """The newest is first."""
    block = alerts_block(view(alerts=(alert("1", closed_at=START.replace(hour=11)), alert("2"))))
    issues = "https://github.com/acme/churn/issues"
    since = "of `churn` version 7: since 2026-03-04 09:00"
    assert (
        f"- [2: Drift]({issues}/2), {since} UTC",
        f"- [1: Drift]({issues}/1), {since}, closed 2026-03-04 11:00 UTC",
    ) == block.rows


def test_many_alerts_are_counted_and_none_shows_nothing():
    """Ten are shown."""
    block = alerts_block(view(alerts=tuple(alert(str(number)) for number in range(12))))
    assert (10, "2 earlier alerts not shown.") == (len(block.rows), block.tail)
    assert "" == alerts_block(view()).head
