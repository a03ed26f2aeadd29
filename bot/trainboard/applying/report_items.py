"""The work item that holds the report of a sprint, and the digests that are comments on it."""

import hashlib

import structlog
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.applying.doubts import comment_once, find_made, settles_if_undone
from trainboard.applying.experiment_items import iteration_ref
from trainboard.applying.report_letters import Written, write_report
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EnsureReport
from trainboard.errors import MissingError
from trainboard.fingerprints import digest_key, report_key
from trainboard.rendering.report.kept import fit_report, render_report_title
from trainboard.store import intents, report_places
from trainboard.store.report_places import ReportPlace
from trainboard.work_items import REPORT_LABEL, NewWorkItem, WorkItem, WorkItemChange

MOST_BYTES = 60_000
MARKS_BYTES = 500
GONE = "Somebody deleted the work item of this sprint's report: no other one is made."
IS_FINAL = "The sprint is over, and its report final."

_TARGET = "tracker"
_log = structlog.get_logger(__name__)


def keep_item(effect: EnsureReport, written: Written, outside: Outside) -> tuple[str, str]:
    """The item shows the report: one call, where the tracker tells of changes and nobody made one; else two.

    What people write into it stays, but for what they wrote within the seconds before and was not told yet.
    Answers what came of it, and why.
    """
    place = _find(effect, outside)
    if place is None:
        place = _find_or_make(effect, written, outside)
    if place.state == "gone":
        return "refused", GONE
    if place.state == "closed" and not effect.is_final:
        return "skipped", IS_FINAL
    text = _fit(written, effect, outside)
    if place.digest != _digest(text) or (effect.is_final and place.state != "closed"):
        return _write(effect, place, text, outside)
    return "delivered", ""


def keep_comment(effect: EnsureReport, written: Written, outside: Outside) -> tuple[str, str]:
    """The digest is a comment on the item, which is made first if it is not there."""
    place = _find(effect, outside) or _find_or_make(effect, write_report(effect, outside), outside)
    if place.state == "gone":
        return "refused", GONE
    key = digest_key(effect.key)
    try:
        comment_once(effect.project, place.ref, key, written.text, outside, lane=Lane.CREATE)
    except MissingError:
        return _lose(place, outside, key)
    return "delivered", ""


def _find(effect: EnsureReport, outside: Outside) -> ReportPlace | None:
    with outside.database.read() as connection:
        return report_places.find(connection, effect.project, effect.number, _TARGET)


def _find_or_make(effect: EnsureReport, written: Written, outside: Outside) -> ReportPlace:
    """The item, which an attempt may have made whose end is not known."""
    ref = iteration_ref(effect.project, effect.number, outside)
    key, tracker = report_key(effect.project, effect.number), outside.trackers[effect.project]
    item, text = find_made(effect.project, key, REPORT_LABEL, outside), _fit(written, effect, outside)
    made = item is None
    if item is None:
        new = NewWorkItem(
            title=render_report_title(written.sprint),
            body=outside.markers(effect.project).wrap(key, text),
            labels=(REPORT_LABEL,),
            iteration=ref,
        )
        with settles_if_undone(key, outside), in_lane(Lane.CREATE):
            item = tracker.create_item(new)
    _log.info("report made" if made else "report found again", tracker=tracker.name, item=item.ref)
    place = ReportPlace(
        project=effect.project,
        number=effect.number,
        target=_TARGET,
        place=tracker.name,
        ref=item.ref,
        url=item.url,
        digest=_digest(text) if made else "",
        written_at=item.updated_at,
    )
    with outside.database.write() as connection:
        report_places.put(connection, place)
        intents.settle(connection, key)
    return place


def _write(effect: EnsureReport, place: ReportPlace, text: str, outside: Outside) -> tuple[str, str]:
    tracker, markers = outside.trackers[effect.project], outside.markers(effect.project)
    key = report_key(effect.project, effect.number)
    try:
        body = markers.wrap(key, text)
        if not place.is_known:
            body = markers.replace(tracker.get_item(place.ref).body, key, text)
        change = WorkItemChange(body=body, state="closed" if effect.is_final else UNSET)
        with in_lane(Lane.CLOSE if effect.is_final else Lane.EDIT):
            item = tracker.update_item(place.ref, change)
    except MissingError:
        return _lose(place, outside)
    _note_written(effect, place, item, _digest(text), outside)
    return "delivered", ""


def _note_written(
    effect: EnsureReport, place: ReportPlace, item: WorkItem, digest: str, outside: Outside
) -> None:
    state = "closed" if effect.is_final else "open"
    with outside.database.write() as connection:
        report_places.put(
            connection, replace(place, digest=digest, state=state, written_at=item.updated_at, url=item.url)
        )
    _log.info("report updated", tracker=place.place, item=place.ref, final=effect.is_final)


def _lose(place: ReportPlace, outside: Outside, *settled: str) -> tuple[str, str]:
    with outside.database.write() as connection:
        report_places.put(connection, replace(place, state="gone"))
        intents.settle(connection, *settled)
    return "refused", GONE


def _fit(written: Written, effect: EnsureReport, outside: Outside) -> str:
    most = min(MOST_BYTES, outside.trackers[effect.project].traits.max_body_bytes)
    return fit_report(written.text, most - MARKS_BYTES, written.ending)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
