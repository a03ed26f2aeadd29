"""A run that somebody asked for shall be started once, or it shall be known why not."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import ask, wake
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus, StartPipeline
from trainboard.errors import (
    DoubtError,
    LimitedError,
    NotYetError,
    PermanentError,
    TrainboardError,
    TransientError,
)
from trainboard.pipelines import PipelineStarter, StartedRun
from trainboard.pull_requests import Check
from trainboard.rendering.triggers import say_trigger
from trainboard.store import alert_lineages, intents, items, triggers
from trainboard.triggers import Order, Pipeline, Trigger, TriggerState, make_marker

APPLIES = StartPipeline

CLOCK_SLACK = timedelta(minutes=10)
PATIENCE = timedelta(minutes=5)
"""So long after a start that ended in doubt, or without a run's number, the run is looked for."""
DEADLINE = timedelta(hours=1)
"""What could not be started so long after it was asked for is not wanted any more."""
LOOK_AGAIN_SECONDS = 20.0

_log = structlog.get_logger(__name__)


def apply(effect: StartPipeline, outside: Outside) -> None:
    """Start the run, unless that was done or tried before; note what came of it where it was asked for.

    Raises:
        NotYetError: the run is looked for again soon.
        TransientError: it could not be started yet; nothing was done.
    """
    with outside.database.read() as connection:
        known = triggers.find(connection, effect.key)
    if known is not None and known.state is not TriggerState.ASKED and not _is_looked_for(known, outside):
        return
    project = outside.projects.get(effect.project)
    pipeline = project.find_pipeline(effect.pipeline) if project else None
    starter = outside.starters.get(pipeline.place) if pipeline else None
    trigger = known or _ask(effect)
    if pipeline is None:
        _refuse(trigger, f"The settings name no pipeline {effect.pipeline} of {effect.project}.", outside)
    elif starter is None:
        _refuse(trigger, f"The settings name no way into {pipeline.place}.", outside)
    else:
        order = _order(effect, pipeline, outside)
        _Start(trigger, order, starter, outside).make_true()


@dataclass
class _Start:
    """One run that shall be started; `trigger` is kept in step with its row."""

    trigger: Trigger
    order: Order
    starter: PipelineStarter
    outside: Outside

    def make_true(self) -> None:
        """Look where an earlier attempt ended in doubt; or start."""
        if self.trigger.state is TriggerState.STARTED:
            self._look_for_number()
            return
        with self.outside.database.write() as connection:
            doubt_since = intents.begin(connection, self.trigger.key, self.outside.clock())
            if triggers.find(connection, self.trigger.key) is None:
                _note(connection, self.trigger, self.outside)
        if doubt_since is None:
            self._start()
        else:
            self._look(doubt_since)

    def _start(self) -> None:
        try:
            started = self.starter.start(self.order)
        except DoubtError as error:
            raise NotYetError(str(error), retry_after_seconds=LOOK_AGAIN_SECONDS) from error
        except PermanentError as error:
            self._settle(state=TriggerState.REFUSED, reason=str(error))
        except TrainboardError as error:
            self._put_off(error)
        else:
            self._note_started(started)

    def _put_off(self, error: TrainboardError) -> None:
        """Nothing was done, and people see why. It is tried again, but not for ever."""
        if self._is_over(self.trigger.at, DEADLINE):
            self._settle(state=TriggerState.REFUSED, reason=f"Not within an hour. {error}")
            return
        reason = self.trigger.reason if isinstance(error, LimitedError) else str(error)
        self._settle(reason=reason)
        raise error

    def _look(self, doubt_since: datetime) -> None:
        """An attempt began whose end is not known."""
        try:
            found = self.starter.find(self.order, doubt_since - CLOCK_SLACK)
        except TrainboardError as error:
            if isinstance(error, TransientError) and not self._is_over(self.trigger.at, DEADLINE):
                raise
            self._say_unsure(str(error))
            return
        if found is not None:
            self._note_started(found)
        elif not self._is_over(doubt_since, PATIENCE):
            raise self._not_yet()
        elif not self.starter.proves_absence(self.order.pipeline):
            listed = (
                "no run that carries our mark is listed" if self._shows_mark else "its runs carry no mark"
            )
            self._say_unsure(f"What came of the start was not told, and {listed}.")
        elif self._is_over(self.trigger.at, DEADLINE):
            self._settle(state=TriggerState.REFUSED, reason="It could not be started within an hour.")
        else:
            _log.info("a run was surely not started: it is started anew", key=self.trigger.key)
            self._start_anew()

    def _start_anew(self) -> None:
        with self.outside.database.write() as connection:
            intents.settle(connection, self.trigger.key)
            intents.begin(connection, self.trigger.key, self.outside.clock())
        self._start()

    def _say_unsure(self, reason: str) -> None:
        """It is not started again: two runs are worse than one that somebody has to start by hand."""
        url = self.starter.page_of(self.order.pipeline)
        self._settle(state=TriggerState.UNSURE, reason=reason, url=url)

    def _note_started(self, started: StartedRun) -> None:
        url = started.url or self.starter.page_of(self.order.pipeline)
        self._settle(state=TriggerState.STARTED, run=started.name, url=url)
        if started.name is None and self._shows_mark:
            raise self._not_yet()

    def _look_for_number(self) -> None:
        """It was started, and which run it became was not told."""
        with suppress(PermanentError):
            found = self.starter.find(self.order, self.trigger.at - CLOCK_SLACK)
            if found is not None:
                self._note_started(found)
                return
        raise self._not_yet()

    @property
    def _shows_mark(self) -> bool:
        return self.order.pipeline.kind == "repository-dispatch" or bool(self.order.pipeline.marker)

    def _settle(self, **changes: object) -> None:
        """The attempt's end is known, and it is shown where it was asked for."""
        trigger = replace(self.trigger, **{"reason": ""} | changes)
        with self.outside.database.write() as connection:
            for check in self._list_told(connection, trigger):
                trigger = trigger.follow(check)
            intents.settle(connection, trigger.key)
            due = _note(connection, trigger, self.outside)
        self.trigger = trigger
        wake(due, self.outside)
        _log.info("a run was asked for", key=trigger.key, state=str(trigger.state), url=trigger.url)

    def _list_told(self, connection: Connection, trigger: Trigger) -> list[Check]:
        """The run of a repository is told as that's, one of Azure Pipelines as that of the project's code."""
        name = trigger.run
        if name is None:
            return []
        codes = {name.place, (self.outside.projects[trigger.project].code or "").casefold()}
        since = trigger.at - CLOCK_SLACK
        return [told for code in codes for told in triggers.list_told(connection, code, name, since)]

    def _is_over(self, since: datetime, span: timedelta) -> bool:
        return self.outside.clock() - since >= span

    def _not_yet(self) -> NotYetError:
        return NotYetError(
            f"the run of {self.order.pipeline.name} is looked for again",
            retry_after_seconds=LOOK_AGAIN_SECONDS,
        )


def _is_looked_for(known: Trigger, outside: Outside) -> bool:
    """True while it is of use to look which run was started."""
    is_unknown = known.state is TriggerState.STARTED and known.run is None
    return is_unknown and outside.clock() - known.at < PATIENCE


def _ask(effect: StartPipeline) -> Trigger:
    return Trigger(
        key=effect.key,
        project=effect.project,
        pipeline=effect.pipeline,
        origin=effect.origin,
        by=effect.by,
        at=effect.at,
        environment=effect.environment,
    )


def _order(effect: StartPipeline, pipeline: Pipeline, outside: Outside) -> Order:
    return Order(
        pipeline=pipeline,
        marker=make_marker(outside.marker_secret, effect.key),
        arguments=effect.arguments,
        commit=effect.commit,
        skipped=effect.skipped,
        by=effect.by,
    )


def _refuse(trigger: Trigger, reason: str, outside: Outside) -> None:
    """Nothing is tried; what an earlier attempt came to is not known any more."""
    now = outside.clock()
    with outside.database.write() as connection:
        is_doubtful = intents.begin(connection, trigger.key, now) is not None
        intents.settle(connection, trigger.key)
        state = TriggerState.UNSURE if is_doubtful else TriggerState.REFUSED
        due = _note(connection, replace(trigger, state=state, reason=reason), outside)
    wake(due, outside)


def _note(connection: Connection, trigger: Trigger, outside: Outside) -> dict[str, datetime]:
    """Note what is known, and have it shown; answers which mailboxes to wake, and when."""
    triggers.put(connection, trigger)
    due = _tell_end(connection, trigger, outside)
    effect = _show(connection, trigger)
    return due if effect is None else due | ask(connection, [effect], outside)


def _tell_end(connection: Connection, trigger: Trigger, outside: Outside) -> dict[str, datetime]:
    """To whoever asked in a comment, once it is known."""
    if trigger.state is TriggerState.ASKED:
        return {}
    asked = trigger.key.removeprefix(f"start-pipeline:{trigger.project}/")
    refusal = "" if trigger.state is TriggerState.STARTED else say_trigger(trigger)
    return tell_end(connection, trigger.project, asked, trigger.key, outside, refusal=refusal)


def _show(connection: Connection, trigger: Trigger) -> EnsurePullRequestStatus | EnsureExperimentItem | None:
    """What shows it where it was asked for, or on the work item of the experiment that a bug is about.

    None for a work item that is not the bot's.
    """
    origin = trigger.origin
    if origin.is_pull_request:
        return EnsurePullRequestStatus(
            project=trigger.project, code=origin.place, pull_request=int(origin.ref)
        )
    known = items.find_by_ref(connection, origin.place, origin.ref)
    item = known.item if known else alert_lineages.find_item(connection, origin.place, origin.ref)
    if item is None or item.state == items.GONE:
        return None
    return EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
