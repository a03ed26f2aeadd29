"""Is the bot ready, and how is it doing: for probes and Prometheus."""

import math
from collections.abc import Callable, Collection
from datetime import datetime
from http import HTTPStatus

import flask
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trainboard.deliveries import DeliveryState
from trainboard.hooks import HookState
from trainboard.store import budgets, cursors, gaps, hook_states, inbox, outbox
from trainboard.store.database import Database
from trainboard.store.migrations import is_current
from trainboard.telemetry import Telemetry
from trainboard.web.alert_counts import AlertCounter
from trainboard.web.problems import answer, problem

LONGEST_WAIT_SECONDS = 300
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CHECKS = frozenset({"database", "schema", "queue"})
EFFECT_STATES = ("pending", "applied", "dead")

_OK = "ok"
_log = structlog.get_logger(__name__)


def health(  # noqa: PLR0913  whom it asks
    database: Database,
    telemetry: Telemetry,
    clock: Callable[[], datetime],
    monitors: Collection[str] = (),
    run_trackers: Collection[str] = (),
    *,
    is_storing: Callable[[], bool] = lambda: True,
    guard_metrics: Callable[[], None] = lambda: None,
) -> flask.Blueprint:
    """`GET /readyz` and `/metrics`, for everybody who reaches the port, or whom `guard_metrics` lets pass.

    `monitors` are the kinds of sources that tell of alerts, `run_trackers` the sources that are asked
    for runs. `is_storing` tells whether what arrives can be stored, as far as this process knows.
    """
    made = flask.Blueprint("health", __name__)
    probe = _Probe(database, telemetry, clock, monitors, run_trackers, is_storing)
    made.add_url_rule("/readyz", "ready", probe.ready)

    def metrics() -> flask.Response:
        guard_metrics()
        return probe.metrics()

    made.add_url_rule("/metrics", "metrics", metrics)
    return made


class _Probe:
    def __init__(
        self,
        database: Database,
        telemetry: Telemetry,
        clock: Callable[[], datetime],
        monitors: Collection[str],
        run_trackers: Collection[str],
        is_storing: Callable[[], bool],
    ) -> None:
        self._alerts = AlertCounter(telemetry.alerts, monitors)
        self._run_trackers = run_trackers
        self._is_storing = is_storing
        self._database = database
        self._telemetry = telemetry
        self._clock = clock
        self._schema_is_current = False
        self._seen_waiting: set[str] = set()
        self._seen_failing: set[str] = set()

    def ready(self) -> flask.Response:
        """200, or 503 with the check that fails: database, schema, or a queue that nobody works on.

        `?exclude=queue` leaves a check out, as Kubernetes' own probes do: a balancer that asks for all of
        them would send no webhook to a server that only waits for workers.
        """
        left_out = set(flask.request.args.getlist("exclude"))
        if strangers := left_out - CHECKS:
            known = ", ".join(sorted(CHECKS))
            return problem(
                HTTPStatus.BAD_REQUEST, f"{len(strangers)} of exclude are no checks; they are {known}."
            )
        checks = {name: state for name, state in self._look().items() if name not in left_out}
        failing = [name for name, state in checks.items() if state != _OK]
        if not failing:
            return answer({"status": _OK, "checks": checks})
        detail = "Not ready: " + ", ".join(f"{name} {checks[name]}" for name in failing) + "."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, checks=checks)

    def metrics(self) -> flask.Response:
        """Everything in Prometheus' text format, the gauges as the store stands now."""
        try:
            self._refresh()
        except SQLAlchemyError:
            _log.warning("the gauges could not be read", exc_info=True)
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer.")
        return flask.Response(self._telemetry.expose(), content_type=METRICS_TYPE)

    def _look(self) -> dict[str, str]:
        try:
            return self._checks()
        except SQLAlchemyError:
            _log.warning("the database does not answer", exc_info=True)
            return {"database": "does not answer", "schema": "unknown", "queue": "unknown"}

    def _checks(self) -> dict[str, str]:
        waited_seconds = self._waited_seconds()
        self._schema_is_current = self._schema_is_current or is_current(self._database)
        overdue = f"has waited {waited_seconds:.0f} seconds, is a worker running?"
        return {
            "database": _OK if self._is_storing() else "could not store a delivery just now",
            "schema": _OK if self._schema_is_current else "is not this version's, run trainboard db upgrade",
            "queue": _OK if waited_seconds <= LONGEST_WAIT_SECONDS else overdue,
        }

    def _waited_seconds(self) -> float:
        now = self._clock()
        with self._database.read() as connection:
            oldest = inbox.oldest_waiting(connection, now)
        return 0.0 if oldest is None else (now - oldest).total_seconds()

    def _refresh(self) -> None:
        with self._database.read() as connection:
            deliveries = inbox.count_states(connection)
            effects = outbox.count_states(connection)
            accounts = budgets.list_all(connection)
            self._refresh_ages(connection)
            self._refresh_outbox(connection)
            self._refresh_clock(connection)
            self._refresh_recovery(connection)
            self._refresh_hooks(connection)
            self._refresh_readings(connection)
            self._alerts.look(connection, self._clock())
        self._telemetry.budgets.show(accounts, self._clock())
        for delivery_state in DeliveryState:
            self._telemetry.deliveries.labels(delivery_state.value).set(deliveries.get(delivery_state, 0))
        for effect_state in EFFECT_STATES:
            self._telemetry.effects.labels(effect_state).set(effects.get(effect_state, 0))
        self._telemetry.queue_age_seconds.set(self._waited_seconds())

    def _refresh_ages(self, connection: Connection) -> None:
        """Sources by their kind; one that waited once is shown from then on."""
        now = self._clock()
        ages = dict.fromkeys(self._seen_waiting, 0.0)
        for source, oldest in inbox.oldest_by_source(connection, now).items():
            kind = source.split("/", 1)[0]
            ages[kind] = max(ages.get(kind, 0.0), (now - oldest).total_seconds())
        self._seen_waiting = set(ages)
        for kind, seconds in ages.items():
            self._telemetry.queue_age_by_source_seconds.labels(kind).set(seconds)

    def _refresh_outbox(self, connection: Connection) -> None:
        """Kinds that failed once are shown from then on."""
        now = self._clock()
        oldest = outbox.oldest_due(connection, now)
        waited_seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
        self._telemetry.effect_queue_age_seconds.set(waited_seconds)
        failing = dict.fromkeys(self._seen_failing, 0) | outbox.count_failing(connection)
        self._seen_failing = set(failing)
        for kind, count in failing.items():
            self._telemetry.failing_effects.labels(kind).set(count)

    def _refresh_clock(self, connection: Connection) -> None:
        ticked = inbox.find_last_tick(connection)
        age_seconds = math.inf if ticked is None else (self._clock() - ticked).total_seconds()
        self._telemetry.tick_age_seconds.set(age_seconds)

    def _refresh_recovery(self, connection: Connection) -> None:
        now = self._clock()
        found, fates = gaps.count_gaps(connection), gaps.count_missed(connection)
        for source, look in gaps.list_looks(connection).items():
            failing_seconds = (now - (look.unreachable_since or now)).total_seconds()
            self._telemetry.recovery_failing_seconds.labels(source).set(failing_seconds)
            self._telemetry.gaps.labels(source).set(found.get(source, 0))
            for fate in gaps.Fate:
                self._telemetry.missed.labels(source, fate.value).set(fates.get((source, fate), 0))

    def _refresh_hooks(self, connection: Connection) -> None:
        found = hook_states.count_states(connection)
        for source, repairs in hook_states.count_repairs(connection).items():
            self._telemetry.hook_repairs.labels(source).set(repairs)
            for state in HookState:
                self._telemetry.hooks.labels(source, state.value).set(found.get((source, state), 0))

    def _refresh_readings(self, connection: Connection) -> None:
        now = self._clock()
        for source, reading in cursors.list_readings(connection, self._run_trackers).items():
            failing_seconds = (now - (reading.unreachable_since or now)).total_seconds()
            self._telemetry.reading_failing_seconds.labels(source).set(failing_seconds)
            if reading.read_at is not None:
                age_seconds = (now - reading.read_at).total_seconds()
                self._telemetry.reading_age_seconds.labels(source).set(age_seconds)
