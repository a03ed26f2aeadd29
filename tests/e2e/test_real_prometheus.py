"""A real Prometheus scrapes the bot, with the rules and for the dashboard that we ship."""

import pytest

from fakes import dashboards
from fakes.promql import list_metrics
from peers.prometheus import JOB, watching
from peers.service import TAKES_RUNS, free_port, report_run, running_service

pytestmark = pytest.mark.peer

FROM_THE_START = {
    "trainboard_inbox_deliveries",
    "trainboard_inbox_oldest_due_seconds",
    "trainboard_outbox_effects",
    "trainboard_outbox_oldest_due_seconds",
    "trainboard_scheduler_tick_age_seconds",
}
RUN = {"version": 1, "experiment": "churn-xgb", "run": "r1", "state": "finished"}


def test_rules_and_dashboard_are_answered(tmp_path):
    """Every rule is evaluated, every panel's expression is one, and what always has a value has it."""
    port = free_port()
    with running_service(tmp_path, TAKES_RUNS, port) as service, watching(port) as prometheus:
        report_run(service.url, RUN, "d1")
        prometheus.wait_for(
            "a scrape of the delivery",
            lambda: prometheus.query('trainboard_deliveries_received_total{source="runs"} > 0'),
        )
        answers = {query: prometheus.query(query) for query in dashboards.list_queries(JOB)}
        unhealthy = [
            rule for rule in prometheus.list_rules() if rule["health"] != "ok" or "lastError" in rule
        ]
        [silence] = prometheus.query("max(trainboard_scheduler_tick_age_seconds)")
        exposed = service.metrics()

    assert [] == unhealthy
    assert 0 <= float(silence["value"][1]) < 60
    assert [] == [
        metric for query in answers for metric in list_metrics(query) if name_of(metric) not in exposed
    ]
    assert [] == [
        query for query, answer in answers.items() if list_metrics(query) <= FROM_THE_START and not answer
    ]


def name_of(metric):
    """The metric as its line of help has it."""
    return f"# HELP {metric.removesuffix('_bucket')} "
