"""What the bot tells Prometheus of alerts. It is read from the store, not counted in a process."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from trainboard.alert_figures import AlertFigures, Lengths

OUTCOMES = ("made", "reopened", "resolved", "stale", "done", "not planned")
"""What may become of a bug, each counted by itself."""


class AlertCounts(msgspec.Struct, frozen=True, kw_only=True):
    """By kind of source: what came in and what became of it since some moment, and how it stands.

    Attributes:
        received: alerts by source, each as often as it was told.
        bugs: by source and outcome, one of `OUTCOMES`.
        firing: problems of which an alert fires, by source.
        open: bugs that are open, by source.
    """

    received: Mapping[str, int] = {}
    bugs: Mapping[tuple[str, str], int] = {}
    firing: Mapping[str, int] = {}
    open: Mapping[str, int] = {}


class AlertCollector(Collector):
    """Shows what it was told last."""

    def __init__(self) -> None:
        self._sources: tuple[str, ...] = ()
        self._counts = AlertCounts()
        self._figures = AlertFigures()

    def show(self, sources: tuple[str, ...], counts: AlertCounts, figures: AlertFigures) -> None:
        """Tell of these kinds of sources, also where nothing came of one, from here on."""
        self._sources, self._counts, self._figures = sources, counts, figures

    def collect(self) -> Iterator[Metric]:
        """The metrics; none before anything was shown."""
        yield from self._counters()
        yield from self._gauges()
        for name, doing in (("acknowledge", "was answered by a person"), ("resolve", "was over")):
            yield _times(name, doing, getattr(self._figures, name))

    def _counters(self) -> Iterator[Metric]:
        received = CounterMetricFamily(
            "trainboard_alerts_received", "Alerts by source, each as often as it was told.", labels=["source"]
        )
        bugs = CounterMetricFamily(
            "trainboard_alert_bugs",
            "What became of bugs of alerts: " + ", ".join(OUTCOMES) + ".",
            labels=["source", "outcome"],
        )
        for source in self._sources:
            received.add_metric([source], self._counts.received.get(source, 0))
            for outcome in OUTCOMES:
                bugs.add_metric([source, outcome], self._counts.bugs.get((source, outcome), 0))
        yield from (received, bugs)

    def _gauges(self) -> Iterator[Metric]:
        firing = GaugeMetricFamily(
            "trainboard_alert_problems_firing", "Problems of which an alert fires.", labels=["source"]
        )
        still = GaugeMetricFamily(
            "trainboard_alert_bugs_open", "Bugs of alerts that are open.", labels=["source"]
        )
        for source in self._sources:
            firing.add_metric([source], self._counts.firing.get(source, 0))
            still.add_metric([source], self._counts.open.get(source, 0))
        yield from (firing, still)


def _times(name: str, doing: str, lengths: Lengths) -> Metric:
    """Quantiles without those that are not known."""
    times = GaugeMetricFamily(
        f"trainboard_alert_time_to_{name}_seconds",
        f"Time from when a problem fired until it {doing}, of the last 30 days.",
        labels=["quantile"],
    )
    for quantile, length in (("0.5", lengths.median), ("0.9", lengths.p90)):
        if length is not None:
            times.add_metric([quantile], _seconds(length))
    return times


def _seconds(length: timedelta) -> float:
    return length.total_seconds()
