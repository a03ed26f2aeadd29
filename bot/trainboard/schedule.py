"""The alarm clock: puts ticks into the inbox. What is due is decided from the database, not here.

A tick's id is the second in which its time slot began, so that any number of processes with a
clock make it once, and no other length of slots ever makes the same.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import msgspec
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from trainboard import events
from trainboard.deliveries import CLOCK_SOURCE, Delivery
from trainboard.events import (
    AlertsDue,
    CommentsDue,
    Event,
    HistoryDue,
    HooksDue,
    PollDue,
    RecoveryDue,
    RemovalDue,
    ReportsDue,
    SilenceDue,
    SprintsDue,
)

SPRINTS_EVERY = timedelta(minutes=5)
FULL_EVERY = timedelta(days=1)
RECOVERY_EVERY = timedelta(minutes=5)
HOOKS_EVERY = timedelta(minutes=10)
REMOVAL_EVERY = timedelta(hours=1)
SILENCE_EVERY = timedelta(hours=1)
HISTORY_EVERY = timedelta(hours=1)
HISTORY_AFTER = timedelta(seconds=30)
"""So long after the start the sprints are made, and the first look at them finds something."""
REPORTS_EVERY = timedelta(minutes=1)
ALERTS_EVERY = timedelta(seconds=30)
COMMENTS_EVERY = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to look at, by the names of the sources.

    `doors` are polled for runs; the senders of `senders` remember what they sent; the hooks of `hooked` are
    kept working by us; `alerting` tells whether any source tells of alerts. In the places `talked_in` can be
    found comments of which nobody told.
    """

    doors: Collection[str] = ()
    senders: Collection[str] = ()
    hooked: Collection[str] = ()
    alerting: bool = False
    talked_in: Collection[str] = ()


class Schedule:
    """Ticks for the sprints, for what is kept too long or went silent, for run trackers and for senders.

    Args:
        accept: stores a delivery.
        watched: what there is to look at.
        clock: answers the present moment, aware, in UTC.
        poll_every: time between two looks at a run tracker.
    """

    def __init__(
        self,
        accept: Callable[[Delivery], object],
        watched: Watched,
        clock: Callable[[], datetime],
        poll_every: timedelta,
    ) -> None:
        self._accept = accept
        self._clock = clock
        self._watched = watched
        self._poll_every = poll_every
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            jobstores={"default": _Jobs()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Tick at once, then regularly. What was missed while we were away cannot wait for its slot."""
        self._add(self.tick_sprints, SPRINTS_EVERY)
        self._add(self.tick_removal, REMOVAL_EVERY)
        self._add(self.tick_silence, SILENCE_EVERY)
        self._add(self.tick_history, HISTORY_EVERY, first=self._clock() + HISTORY_AFTER)
        self._add(self.tick_reports, REPORTS_EVERY)
        if self._watched.senders:
            self._scheduler.add_job(self._put_recoveries, args=("recover-at-start", SECOND))
            self._add(self.tick_recovery, RECOVERY_EVERY, first=self._clock() + RECOVERY_EVERY)
        if self._watched.hooked:
            self._scheduler.add_job(self._put_hooks, args=("hooks-at-start", SECOND))
            self._add(self.tick_hooks, HOOKS_EVERY, first=self._clock() + HOOKS_EVERY)
        if self._watched.alerting:
            self._add(self.tick_alerts, ALERTS_EVERY)
        if self._watched.talked_in:
            self._add(self.tick_comments, COMMENTS_EVERY)
        if self._watched.doors:
            self._add(self.tick_polls, self._poll_every)
        self._scheduler.start()

    def stop(self) -> None:
        """No tick comes after this, if any came before."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def tick_sprints(self) -> None:
        """It is time to look at the sprints."""
        now = self._clock()
        self._put("sprints", SprintsDue(at=now), now, SPRINTS_EVERY)

    def tick_polls(self) -> None:
        """It is time to look at the run trackers; once a day at all of the sprint."""
        now = self._clock()
        for door in self._watched.doors:
            self._put(f"poll-full/{door}", PollDue(door=door, full=True), now, FULL_EVERY)
            self._put(f"poll/{door}", PollDue(door=door), now, self._poll_every)

    def tick_recovery(self) -> None:
        """It is time to see whether all that was sent has come in."""
        self._put_recoveries("recover", RECOVERY_EVERY)

    def tick_hooks(self) -> None:
        """It is time to see whether hooks work."""
        self._put_hooks("hooks", HOOKS_EVERY)

    def tick_removal(self) -> None:
        """It is time to remove what is kept no longer."""
        self._put("remove", RemovalDue(), self._clock(), REMOVAL_EVERY)

    def tick_silence(self) -> None:
        """It is time to look for checks without news."""
        self._put("silence", SilenceDue(), self._clock(), SILENCE_EVERY)

    def tick_history(self) -> None:
        """It is time to look at what stands in the sprints."""
        self._put("history", HistoryDue(), self._clock(), HISTORY_EVERY)

    def tick_reports(self) -> None:
        """It is time to see which reports are due."""
        self._put("reports", ReportsDue(), self._clock(), REPORTS_EVERY)

    def tick_alerts(self) -> None:
        """It is time to look for alerts that are over."""
        if self._watched.alerting:
            self._put("alerts", AlertsDue(), self._clock(), ALERTS_EVERY)

    def tick_comments(self) -> None:
        """It is time to look for comments of which nobody told."""
        now = self._clock()
        for place in self._watched.talked_in:
            self._put(f"comments/{place}", CommentsDue(place=place), now, COMMENTS_EVERY)

    def _put_recoveries(self, name: str, every: timedelta) -> None:
        now = self._clock()
        for source in self._watched.senders:
            self._put(f"{name}/{source}", RecoveryDue(source=source), now, every)

    def _put_hooks(self, name: str, every: timedelta) -> None:
        now = self._clock()
        for source in self._watched.hooked:
            self._put(f"{name}/{source}", HooksDue(source=source), now, every)

    def _add(self, tick: Callable[[], None], every: timedelta, first: datetime | None = None) -> None:
        at = first or self._clock()
        self._scheduler.add_job(tick, "interval", seconds=every.total_seconds(), jitter=1, next_run_time=at)

    def _put(self, name: str, event: Event, now: datetime, every: timedelta) -> None:
        seconds = int(every.total_seconds())
        slot = int(now.timestamp()) // seconds * seconds
        self._accept(
            Delivery(
                source=CLOCK_SOURCE,
                id=f"{name}/{slot}",
                kind=type(event).__name__,
                entity=f"clock/{name}",
                body=events.encode(event),
            )
        )


class _Jobs(MemoryJobStore):  # type: ignore[misc]  # APScheduler has no types
    """Jobs that do not wait until it is as late again as it was before the clock was set back."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: datetime | None = None

    def get_due_jobs(self, now: datetime) -> list[Job]:
        if self._seen is not None and now < self._seen:
            for job in self.get_all_jobs():
                job.modify(next_run_time=now)
        self._seen = now
        due: list[Job] = super().get_due_jobs(now)
        return due
