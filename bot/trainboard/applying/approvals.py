"""A person's word on an approval shall reach its platform, or it shall be known why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import ask, wake
from trainboard.approvals import Decision, DecisionState, Standing, name_desk
from trainboard.effects import DecideApproval, EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.errors import DoubtError, NotYetError, PermanentError, TrainboardError
from trainboard.facts import RecordApproval
from trainboard.pipelines import ApprovalDesk
from trainboard.pull_requests import Approval
from trainboard.rendering.approvals import explain_decision, say_decision
from trainboard.store import (
    approvals,
    deployment_history,
    intents,
    item_links,
    items,
    pull_requests,
)

APPLIES = DecideApproval

DEADLINE = timedelta(hours=1)
"""What could not be passed on so long after it was said is not passed on any more."""
LOOK_AGAIN_SECONDS = 10.0

_log = structlog.get_logger(__name__)


def apply(effect: DecideApproval, outside: Outside) -> None:
    """Pass the word on, unless that was done; note what came of it, and show it.

    Raises:
        NotYetError: it is looked soon whether the platform heard it.
        TransientError: it could not be passed on yet; nothing was done.
    """
    with outside.database.read() as connection:
        known = approvals.find_decision(connection, effect.key)
        approval = approvals.find(connection, effect.code, effect.approval, outside.clock())
    if known is not None and known.state is not DecisionState.ASKED:
        return
    decision = known or _begin(effect, approval)
    step = _Step(effect, decision, outside)
    try:
        step.pass_on(approval)
    except PermanentError as error:
        step.settle(DecisionState.REFUSED, str(error))


@dataclass
class _Step:
    """One word; `decision` is kept in step with its row."""

    effect: DecideApproval
    decision: Decision
    outside: Outside

    def pass_on(self, approval: Approval | None) -> None:
        """Look whether it still may be, then answer."""
        desk = self._find_desk(approval)
        if approval is None or desk is None:
            return
        with self.outside.database.write() as connection:
            in_doubt = intents.is_in_doubt(connection, [self.decision.key])
            approvals.put_decision(connection, self.decision)
        try:
            standing = desk.look(approval, self.effect.person)
        except PermanentError:
            raise
        except TrainboardError as error:
            self._put_off(error)
            raise
        if in_doubt and self._was_heard(standing):
            self._note_answered(approval)
            return
        objection = self._object(approval, standing)
        if objection:
            self._refuse(objection, in_doubt=in_doubt)
            return
        self._answer(approval, desk)

    def settle(self, state: DecisionState, reason: str = "") -> None:
        """What came of it is known, and it is shown."""
        self.decision = replace(self.decision, state=state, reason=reason)
        with self.outside.database.write() as connection:
            intents.settle(connection, self.decision.key)
            approvals.put_decision(connection, self.decision)
            due = self._show(connection) | self._tell_end(connection)
        wake(due, self.outside)
        _log.info("a word on an approval", key=self.decision.key, state=str(state), reason=reason)

    def _find_desk(self, approval: Approval | None) -> ApprovalDesk | None:
        """None where the word is refused at once."""
        desk = self.outside.desks.get(name_desk(approval)) if approval else None
        if approval is None:
            self.settle(DecisionState.REFUSED, "Nobody told of that approval.")
        elif desk is None:
            self.settle(DecisionState.REFUSED, "Only the people whom the platform asks can answer it, there.")
        return desk

    def _object(self, approval: Approval, standing: Standing) -> str:
        """Why the word is not passed on; empty where nothing speaks against it."""
        if standing.state != "pending":
            return f"It is {standing.state} already."
        if standing.commit is not None and standing.commit != approval.commit:
            return "The run that waits is of another commit."
        return standing.objection or self._object_to_change(approval)

    def _object_to_change(self, approval: Approval) -> str:
        """What the person saw must be what is let through."""
        effect, origin = self.effect, self.effect.origin
        if origin.is_pull_request:
            repository = self.outside.repositories.get(effect.project)
            told = repository.get_pull_request(int(origin.ref)) if repository else None
            if told is None or told.head != effect.head:
                return "Something was pushed after it was said."
            if approval.commit not in {told.head, told.merged_as}:
                return "It is of a commit that this pull request has no more."
        with self.outside.database.read() as connection:
            versions = deployment_history.list_versions_of(
                connection, effect.project, effect.code, approval.commit or ""
            )
        if versions != effect.versions:
            return f"The commit has other model versions now: {', '.join(versions) or 'none'}."
        return ""

    def _was_heard(self, standing: Standing) -> bool:
        """After a doubt: the bot's own answer is told, or what it asked for has become true."""
        return self.effect.verdict in {standing.answer, standing.state}

    def _refuse(self, objection: str, *, in_doubt: bool) -> None:
        if in_doubt:
            self.settle(DecisionState.UNSURE, f"Whether the platform heard it was not told. {objection}")
        else:
            self.settle(DecisionState.REFUSED, objection)

    def _answer(self, approval: Approval, desk: ApprovalDesk) -> None:
        with self.outside.database.write() as connection:
            intents.begin(connection, self.decision.key, self.outside.clock())
        comment = explain_decision(self.decision)
        try:
            desk.answer(approval, self.effect.verdict, comment)
        except DoubtError as error:
            raise NotYetError(str(error), retry_after_seconds=LOOK_AGAIN_SECONDS) from error
        except PermanentError:
            raise
        except TrainboardError as error:
            with self.outside.database.write() as connection:
                intents.settle(connection, self.decision.key)
            self._put_off(error)
            raise
        self._note_answered(approval)

    def _note_answered(self, approval: Approval) -> None:
        """The answer is known at once, also where the platform tells it later or never."""
        answered = replace(
            approval, state=self.effect.verdict, by=self.effect.person.name, at=self.outside.clock()
        )
        with self.outside.database.write() as connection:
            pull_requests.record(connection, RecordApproval(approval=answered))
        self.settle(DecisionState.PASSED_ON)

    def _put_off(self, error: TrainboardError) -> None:
        """Nothing was done. It is tried again, but not for ever."""
        if self.outside.clock() - self.decision.at >= DEADLINE:
            raise PermanentError(f"It could not be passed on within an hour. {error}") from error

    def _show(self, connection: Connection) -> dict[str, datetime]:
        """On the pull requests of the commit, and on their work items."""
        shown = {each.key: each for each in self._list_shown(connection)}
        return ask(connection, shown.values(), self.outside)

    def _list_shown(self, connection: Connection) -> Iterator[EnsurePullRequestStatus | EnsureExperimentItem]:
        code = self.effect.code
        approval = approvals.find(connection, code, self.effect.approval, self.outside.clock())
        project = next((each for each in self.outside.projects.values() if each.lives_in(code)), None)
        if project is None or approval is None or approval.commit is None:
            return
        for each in pull_requests.list_of_commit(connection, code, approval.commit):
            yield EnsurePullRequestStatus(project=project.name, code=each.code, pull_request=each.number)
            for tracker, ref in item_links.list_of(connection, each.code, each.number):
                known = items.find_by_ref(connection, tracker, ref)
                if known is not None and known.item.state != items.GONE:
                    item = known.item
                    yield EnsureExperimentItem(
                        project=item.project, experiment=item.experiment, number=item.number
                    )

    def _tell_end(self, connection: Connection) -> dict[str, datetime]:
        """To whoever said it in a comment."""
        effect = self.effect
        is_done = self.decision.state is DecisionState.PASSED_ON
        refusal = "" if is_done else say_decision(self.decision)
        return tell_end(connection, effect.project, effect.asked, effect.key, self.outside, refusal=refusal)


def _begin(effect: DecideApproval, approval: Approval | None) -> Decision:
    return Decision(
        key=effect.key,
        code=effect.code,
        approval=effect.approval,
        environment=approval.environment if approval else "",
        verdict=effect.verdict,
        person=effect.person,
        origin=effect.origin,
        at=effect.at,
        url=approval.url if approval else "",
    )
