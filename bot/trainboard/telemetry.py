"""What the bot tells Prometheus. One registry for a process; labels never hold text from outside."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from trainboard.alert_telemetry import AlertCollector
from trainboard.budgets import Lane
from trainboard.budgets.accounts import Account

ACKNOWLEDGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
EFFECT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400)

_VERIFIED = frozenset({"stored", "in progress", "duplicate", "again", "greeting", "ignored", "unavailable"})
_REFUSED = "unauthorized"


class Telemetry:
    """Counters and times of one process. The gauges say how the store stands, whoever worked on it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests: dict[tuple[str, str], Callable[[float], None]] = {}
        self._add_counters()
        self._add_times()
        self._add_gauges_of_work()
        self._add_gauges_of_listening()
        self.budgets = BudgetCollector()
        self.registry.register(self.budgets)
        self.alerts = AlertCollector()
        self.registry.register(self.alerts)

    def note_request(self, source: str, outcome: str, seconds: float) -> None:
        """A webhook's request was answered after that time."""
        note = self._requests.get((source, outcome))
        if note is None:
            note = self._requests[source, outcome] = self._make_note(source, outcome)
        note(seconds)

    def _make_note(self, source: str, outcome: str) -> Callable[[float], None]:
        """Notes a request; what has these labels is looked up once, which takes longer than to count."""
        received = self.received.labels(source, outcome)
        accepted = self.verified.labels(source, "accepted") if outcome in _VERIFIED else None
        refused = self.verified.labels(source, "refused") if outcome == _REFUSED else None
        acknowledged = self.acknowledge_seconds.labels(source) if outcome in _VERIFIED else None

        def note(seconds: float) -> None:
            received.inc()
            if accepted is not None and acknowledged is not None:
                accepted.inc()
                acknowledged.observe(seconds)
            if refused is not None:
                refused.inc()

        return note

    def note_effect(self, source: str, seconds: float) -> None:
        """What a delivery of `source` asked for became true that long after it was received."""
        self.time_to_effect_seconds.labels(source.split("/", 1)[0]).observe(seconds)

    def expose(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _add_counters(self) -> None:
        self.received = self._counter(
            "deliveries_received", "Webhook requests by source and answer.", "source", "outcome"
        )
        self.verified = self._counter(
            "deliveries_verified",
            "Webhook requests that reached the check of who sent them: accepted, refused.",
            "source",
            "result",
        )
        self.worked = self._counter(
            "deliveries_worked",
            "Stored deliveries by source and what became of the attempt: done, postponed, dead.",
            "source",
            "outcome",
        )
        self.applied = self._counter(
            "effects_worked",
            "Effects by kind and what became of the attempt: applied, postponed, dead.",
            "kind",
            "outcome",
        )

    def _add_times(self) -> None:
        self.acknowledge_seconds = self._histogram(
            "acknowledge_seconds",
            "Time from a webhook's request to its answer, of those that were stored or known.",
            "source",
            buckets=ACKNOWLEDGE_SECONDS,
        )
        self.time_to_effect_seconds = self._histogram(
            "time_to_effect_seconds",
            "Time from the receipt of the oldest delivery that asked for an effect until it was true.",
            "source",
            buckets=EFFECT_SECONDS,
        )
        self.effect_seconds = self._histogram(
            "effect_apply_seconds", "Time to apply one effect, calls to the tracker included.", "kind"
        )

    def _add_gauges_of_work(self) -> None:
        self.queue_age_seconds = self._gauge(
            "inbox_oldest_due_seconds", "Age of the oldest delivery that is due and has no outcome."
        )
        self.queue_age_by_source_seconds = self._gauge(
            "inbox_queue_age_seconds", "The same for each source; 0 where nothing is due.", "source"
        )
        self.deliveries = self._gauge("inbox_deliveries", "Deliveries by state.", "state")
        self.effects = self._gauge("outbox_effects", "Effects by state.", "state")
        self.effect_queue_age_seconds = self._gauge(
            "outbox_oldest_due_seconds", "Age of the oldest effect that is due and not true yet."
        )
        self.failing_effects = self._gauge(
            "outbox_failing_effects",
            "Effects whose last try failed, limits apart, and that will be tried again.",
            "kind",
        )
        self.tick_age_seconds = self._gauge(
            "scheduler_tick_age_seconds", "Time since a clock ticked last; +Inf if no tick is known."
        )

    def _add_gauges_of_listening(self) -> None:
        self.gaps = self._gauge(
            "listener_gaps", "Times in which deliveries did not come in, as far as they are kept.", "source"
        )
        self.missed = self._gauge(
            "missed_deliveries",
            "Deliveries that did not come in, by what became of them: recovered, expired, unreadable.",
            "source",
            "outcome",
        )
        self.recovery_failing_seconds = self._gauge(
            "recovery_failing_seconds",
            "For how long a sender could not be asked what it sent; 0 while it answers.",
            "source",
        )
        self.reading_age_seconds = self._gauge(
            "run_tracker_read_age_seconds", "Time since a run tracker was last read to its end.", "source"
        )
        self.reading_failing_seconds = self._gauge(
            "run_tracker_failing_seconds",
            "For how long a run tracker could not be read; 0 while it answers.",
            "source",
        )
        self.hooks = self._gauge(
            "hooks",
            "Hooks that feed us, by how the last look found them: working, failing, stopped, wrong, missing, "
            "switched off.",
            "source",
            "state",
        )
        self.hook_repairs = self._gauge(
            "hook_repairs", "How often hooks that feed us were mended, of those that are needed.", "source"
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"trainboard_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"trainboard_{name}", text, labels, registry=self.registry)

    def _histogram(
        self, name: str, text: str, label: str, buckets: tuple[float, ...] = Histogram.DEFAULT_BUCKETS
    ) -> Histogram:
        return Histogram(f"trainboard_{name}", text, [label], registry=self.registry, buckets=buckets)


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
