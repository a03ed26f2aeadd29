"""What the bot tells Prometheus. One registry for a process; labels never hold text from outside."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from trainboard.budgets import Lane
from trainboard.budgets.accounts import Account


class Telemetry:
    """Counters and times of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "trainboard_deliveries_received",
            "Webhook requests by source and answer.",
            ["source", "outcome"],
            registry=self.registry,
        )
        self.worked = Counter(
            "trainboard_deliveries_worked",
            "Stored deliveries by source and what became of the attempt: done, postponed, dead.",
            ["source", "outcome"],
            registry=self.registry,
        )
        self.applied = Counter(
            "trainboard_effects_worked",
            "Effects by kind and what became of the attempt: applied, postponed, dead.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.effect_seconds = Histogram(
            "trainboard_effect_apply_seconds",
            "Time to apply one effect, calls to the tracker included.",
            ["kind"],
            registry=self.registry,
        )
        self.queue_age_seconds = Gauge(
            "trainboard_inbox_oldest_due_seconds",
            "Age of the oldest delivery that is due and has no outcome.",
            registry=self.registry,
        )
        self.deliveries = Gauge(
            "trainboard_inbox_deliveries", "Deliveries by state.", ["state"], registry=self.registry
        )
        self.effects = Gauge(
            "trainboard_outbox_effects", "Effects by state.", ["state"], registry=self.registry
        )

        self.budgets = BudgetCollector()
        self.registry.register(self.budgets)

    def expose(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class BudgetCollector(Collector):
    """What all processes together have spent: it is read from the store, not counted here."""

    def __init__(self) -> None:
        self._accounts: Mapping[str, Account] = {}
        self._now = datetime.min.replace(tzinfo=UTC)

    def show(self, accounts: Mapping[str, Account], now: datetime) -> None:
        """Tell of these accounts, as they stand at `now`, from here on."""
        self._accounts = accounts
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The metrics of every account that was used in the last days."""
        remaining = GaugeMetricFamily(
            "trainboard_budget_calls_remaining", "Calls that a platform still grants.", labels=["account"]
        )
        blocked = GaugeMetricFamily(
            "trainboard_budget_blocked_seconds", "Time for which nothing may be sent.", labels=["account"]
        )
        used = GaugeMetricFamily(
            "trainboard_budget_window_used", "What is used of a window.", labels=["account", "window"]
        )
        limit = GaugeMetricFamily(
            "trainboard_budget_window_limit", "What a window holds.", labels=["account", "window"]
        )
        calls = CounterMetricFamily(
            "trainboard_budget_calls",
            "Calls by lane and whether they were admitted or deferred.",
            labels=["account", "lane", "outcome"],
        )
        for name, state in self._accounts.items():
            left = state.find_remaining(self._now)
            if left is not None:
                remaining.add_metric([name], left)
            blocked.add_metric([name], state.blocked_seconds(self._now))
            for each in state.list_used(self._now):
                used.add_metric([name, each.window.name], each.used)
                limit.add_metric([name, each.window.name], each.window.most)
            for lane in Lane:
                calls.add_metric([name, lane.name.lower(), "admitted"], state.admitted[lane])
                calls.add_metric([name, lane.name.lower(), "deferred"], state.deferred[lane])
        yield from (remaining, blocked, used, limit, calls)
