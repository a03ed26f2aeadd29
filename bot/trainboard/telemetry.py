"""What the bot tells Prometheus. One registry for a process; labels never hold text from outside."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


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

    def expose(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
