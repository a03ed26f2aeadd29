"""What the bot tells operators while it works: log lines that name their delivery, and metrics."""

import pytest
import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from fakes.conversation import run
from trainboard.errors import PermanentError
from trainboard.trackers.local import LocalTracker
from trainboard_webhooks import runs

_log = structlog.get_logger("a library")


def told(bot, name, **labels):
    """The value of a metric, None if it has none."""
    bot.http.get("/metrics")
    return bot.bot.worker.means.telemetry.registry.get_sample_value(f"trainboard_{name}", labels)


@pytest.fixture
def bot(talk):
    """A bot with the local board."""
    return talk()


def test_lines_of_a_delivery_name_it(bot, monkeypatch):
    """While it is understood; afterwards nothing of it is left."""

    def parse(*args):
        _log.info("parsed")
        return real_parse(*args)

    real_parse = runs.parse
    monkeypatch.setattr(runs, "parse", parse)
    with capture_logs(processors=[merge_contextvars]) as lines:
        bot.reports(run("r1"), delivery="d1")

    [parsed] = [line for line in lines if line["event"] == "parsed"]
    assert ("runs/ci", "d1") == (parsed["source"], parsed["delivery"])
    assert {} == structlog.contextvars.get_contextvars()


def test_lines_of_an_effect_name_it_and_who_asked(bot):
    """The delivery that asked for it last stands for all of them."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        bot.reports(run("r1"), delivery="d1")

    [made] = [line for line in lines if line["event"] == "work item made"]
    assert ("runs/ci", "d1") == (made["source"], made["delivery"])
    assert "ensure-experiment:churn/1/churn-xgb" == made["key"]
    assert isinstance(made["effect"], int)


def test_a_failed_effect_names_who_asked(bot, monkeypatch):
    """An operator goes from the line to the delivery."""

    def refuse(*_):
        raise PermanentError("refused")

    monkeypatch.setattr(LocalTracker, "create_item", refuse)
    with capture_logs(processors=[merge_contextvars]) as lines:
        bot.reports(run("r1"), delivery="d1")

    [failed] = [line for line in lines if line["event"] == "effect failed" and line["log_level"] == "warning"]
    assert ("d1", "ensure-experiment:churn/1/churn-xgb") == (failed["delivery"], failed["key"])


def test_the_time_from_receipt_to_effect_is_told(bot):
    """Of the oldest delivery that an application answers: what waited longest for it."""
    bot.reports(run("r1"), settle=False)
    bot.clock.forward(seconds=4)
    bot.settle()
    assert (2.0, 8.0) == (
        told(bot, "time_to_effect_seconds_count", source="runs"),
        told(bot, "time_to_effect_seconds_sum", source="runs"),
    )

    for number in (2, 3):
        bot.clock.forward(seconds=5)
        bot.reports(run(f"r{number}"))
    bot.clock.forward(seconds=20)
    bot.settle()
    assert (3.0, 8.0 + 25.0) == (
        told(bot, "time_to_effect_seconds_count", source="runs"),
        told(bot, "time_to_effect_seconds_sum", source="runs"),
    )


def test_what_was_answered_before_does_not_count_again(bot, monkeypatch):
    """News that comes while an effect is applied is answered by the next application, and only it."""
    update = LocalTracker.update_item
    bot.reports(run("r1"))
    bot.clock.forward(minutes=1)

    def news(*args):
        monkeypatch.setattr(LocalTracker, "update_item", update)
        bot.reports(run("r3"), settle=False)
        bot.bot.worker.drain(["in:runs/mlflow:prod/churn-xgb"])
        return update(*args)

    monkeypatch.setattr(LocalTracker, "update_item", news)
    bot.reports(run("r2"))
    before = told(bot, "time_to_effect_seconds_sum", source="runs")
    bot.clock.forward(seconds=30)
    bot.settle()

    assert before + 30.0 == told(bot, "time_to_effect_seconds_sum", source="runs")


def test_the_age_of_what_waits_is_told_by_source(bot):
    """It is 0 again when nothing waits any more."""
    bot.reports(run("r1"), settle=False)
    bot.clock.forward(seconds=7)
    assert 7.0 == told(bot, "inbox_queue_age_seconds", source="runs")

    bot.settle()
    assert 0.0 == told(bot, "inbox_queue_age_seconds", source="runs")


def test_requests_are_counted_by_source_and_timed(bot):
    """Believed, refused, and how long an answer took."""
    bot.reports(run("r1"), delivery="d1")
    bot.reports(run("r1"), delivery="d1")
    bot.http.post("/webhooks/runs", data=b"{}", content_type="application/json")

    assert 2.0 == told(bot, "deliveries_verified_total", source="runs", result="accepted")
    assert 1.0 == told(bot, "deliveries_verified_total", source="runs", result="refused")
    assert 1.0 == told(bot, "deliveries_received_total", source="runs", outcome="duplicate")
    assert 2.0 == told(bot, "acknowledge_seconds_count", source="runs")
    assert 1.0 == told(bot, "deliveries_worked_total", source="runs", outcome="done")
