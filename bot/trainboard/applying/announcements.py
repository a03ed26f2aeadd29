"""A work item on which a comment shall say once that an approval is awaited."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from trainboard.applying import Outside
from trainboard.approvals import name_desk
from trainboard.budgets import Lane, in_lane
from trainboard.effects import AnnounceApproval
from trainboard.errors import MissingError, PermanentError
from trainboard.fingerprints import announcement_key
from trainboard.pull_requests import Approval
from trainboard.rendering.approvals import announce
from trainboard.store import approvals, items

APPLIES = AnnounceApproval

CLOCK_SLACK = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


def apply(effect: AnnounceApproval, outside: Outside) -> None:
    """Look whether the comment stands, and add it if it does not; nothing for an approval that was answered.

    To look is one call, and makes sure that a process that died after it wrote does not write twice.
    """
    with outside.database.read() as connection:
        approval = approvals.find(connection, effect.code, effect.approval, outside.clock())
        known = items.find(connection, effect.project, effect.experiment, effect.number)
    if approval is None or approval.state != "pending" or known is None or known.item.state == items.GONE:
        return
    tracker, ref = outside.trackers[effect.project], known.item.ref
    markers = outside.markers_in(tracker.name)
    key = announcement_key(approval.code, approval.ref)
    try:
        said = tracker.list_comments(ref, since=approval.at - CLOCK_SLACK)
        if markers.find_ours(said, key) is not None:
            return
        body = markers.wrap(key, announce(approval, _list_approvers(approval, outside)))
        with in_lane(Lane.CREATE):
            tracker.create_comment(ref, body)
    except MissingError:
        _log.warning("no such work item any more", tracker=tracker.name, item=ref)
    else:
        _log.info("approval announced", tracker=tracker.name, item=ref, approval=approval.ref)


def _list_approvers(approval: Approval, outside: Outside) -> Sequence[str]:
    """As they were told, or else as the platform lists them."""
    desk = outside.desks.get(name_desk(approval))
    if approval.approvers or desk is None:
        return approval.approvers
    try:
        return desk.list_approvers(approval)
    except PermanentError as error:
        _log.warning("cannot see who may approve", approval=approval.ref, error=str(error))
        return ()
