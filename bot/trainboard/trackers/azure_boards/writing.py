"""Work items made complete in one call, and changed in one that no other change can slip into.

What depends on how the item stands is sent with its revision: its tags, of which people's must stay, its
state, and its description, which was written from one that somebody may have changed since. When the
revision is another by then, the item is read and what is to be changed is decided again.
"""

from collections.abc import Iterable

import structlog
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trainboard.alerts import Severity
from trainboard.azure_devops.faults import ConflictError
from trainboard.azure_devops.ids import to_id
from trainboard.errors import MissingError, PermanentError, TrainboardError, TransientError
from trainboard.grades import label_grades
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.escaping import check_title, join_tags
from trainboard.trackers.azure_boards.items import Items, to_seen
from trainboard.trackers.azure_boards.iterations import Iterations
from trainboard.trackers.azure_boards.links import Link
from trainboard.trackers.azure_boards.patches import (
    Patch,
    add_links,
    change_tags,
    set_fields,
    set_markdown,
    test_rev,
    to_assignee,
)
from trainboard.trackers.azure_boards.process import Process
from trainboard.trackers.azure_boards.remembered import Seen
from trainboard.trackers.azure_boards.texts import to_stored_html, to_stored_markdown
from trainboard.trackers.azure_boards.values import (
    AREA,
    ASSIGNEE,
    ESTIMATES,
    ITERATION,
    PRIORITY,
    SEVERITY,
    STATE,
    TAGS,
    TITLE,
    ItemJson,
)
from trainboard.work_items import NewWorkItem, WorkItemChange

ATTEMPTS = 4

_SEVERITIES = {
    Severity.CRITICAL: "1 - Critical",
    Severity.ERROR: "2 - High",
    Severity.WARNING: "3 - Medium",
    Severity.INFO: "4 - Low",
}

_log = structlog.get_logger(__name__)


class Writing:
    """Makes and changes the work items of a project.

    Args:
        boards: the project and the team.
        process: its types and states.
        iterations: the team's sprints.
        items: reads and sends.
    """

    def __init__(self, boards: Boards, process: Process, iterations: Iterations, items: Items) -> None:
        self._boards = boards
        self._process = process
        self._iterations = iterations
        self._items = items
        self._speaks_markdown = True

    def create(self, new: NewWorkItem, links: Iterable[Link]) -> ItemJson:
        """Make an item. What the server refuses for a reason that we can mend is sent once more."""
        bug = new.is_bug and new.type is None
        type_name = self._process.get_bug_type() if bug else self._process.get_type(new.type)
        relations = add_links(links)
        try:
            return self._send_new(type_name, new, relations)
        except PermanentError as refusal:
            if not self._mend(refusal, new.iteration):
                raise
        return self._send_new(type_name, new, relations)

    def update(self, ref: str, change: WorkItemChange) -> ItemJson:
        """Make `change` true."""
        number = to_id(ref, "work item")
        found: ItemJson | None = None
        seen = self._items.find_seen(number)
        if change == WorkItemChange() or (seen is None and _depends(change)) or self._is_html(change):
            found, seen = self._look_again(number, change, seen)
        for _ in range(ATTEMPTS):
            patch = self._plan(change, seen, found)
            if not patch and found is not None:
                return found
            written = self._try(number, patch, change) if patch else None
            if written is not None:
                return written
            found, seen = self._look_again(number, change, seen)
        raise TransientError(
            f"Could not change work item {ref} in {self._boards.project}: others changed it "
            f"{ATTEMPTS} times meanwhile. Nothing was done; try again."
        )

    def _try(self, number: int, patch: Patch, change: WorkItemChange) -> ItemJson | None:
        """The item after the patch, None if what to send has to be decided again."""
        try:
            return self._settle(self._items.change(number, patch), change.body)
        except ConflictError:
            return None
        except PermanentError as refusal:
            if isinstance(refusal, MissingError) or not self._mend(refusal, change.iteration):
                raise
            return None

    def _look_again(self, number: int, change: WorkItemChange, seen: Seen | None) -> tuple[ItemJson, Seen]:
        """The item as it stands now, of which a new text must not hide what somebody wrote since.

        Raises:
            TransientError: somebody did. The text has to be made anew, of theirs.
        """
        found = self._items.get(number)
        now = to_seen(found)
        if change.body is not UNSET and seen is not None and seen.text != now.text:
            raise TransientError(
                f"Could not change work item {number} in {self._boards.project}: somebody changed its "
                "description meanwhile. Nothing was done; it is made anew from theirs."
            )
        return found, now

    def _send_new(self, type_name: str, new: NewWorkItem, relations: Patch) -> ItemJson:
        area = self._boards.get_area()
        fields: dict[str, str | UnsetType] = {
            TITLE: check_title(new.title),
            area.field.reference_name: area.default_value,
            ITERATION: self._get_path(new.iteration),
            TAGS: join_tags(new.labels) or UNSET,
            ASSIGNEE: to_assignee(new.assignees) or UNSET,
            **self._grade(type_name, new.severity),
        }
        if new.area:
            fields[AREA] = new.area
        text_field = self._process.get_text_field(type_name)
        text = self._set_text(new.body, text_field) if new.body else []
        made = self._items.create(type_name, [*set_fields(fields), *text, *relations])
        return self._settle(made, new.body)

    def _plan(self, change: WorkItemChange, seen: Seen | None, found: ItemJson | None) -> Patch:
        """The patch that makes `change` true of an item as it was seen, empty if it is true."""
        patch = set_fields(
            {
                TITLE: UNSET if change.title is UNSET else check_title(change.title),
                ASSIGNEE: UNSET if change.assignees is UNSET else to_assignee(change.assignees),
                ITERATION: UNSET if change.iteration is UNSET else self._get_path(change.iteration),
            }
        )
        if seen is None or not _depends(change):
            return patch
        patch += self._plan_upon(seen, change, found)
        return [*test_rev(seen.rev), *patch] if patch else []

    def _plan_upon(self, seen: Seen, change: WorkItemChange, found: ItemJson | None) -> Patch:
        """The part of the patch that is right only while the item is as it was seen."""
        weight, change = self._weigh(seen, change)
        tags = change_tags(seen.tags, change.add_labels, change.remove_labels)
        grade = self._grade(seen.type, None if change.severity is UNSET else change.severity) | weight
        patch = set_fields({TAGS: tags, STATE: self._plan_state(change, seen), **grade})
        if change.body is UNSET:
            return patch
        text_field = self._process.get_text_field(seen.type)
        stored = "" if found is None else found.get_text(text_field)
        return [*patch, *self._set_text(change.body, text_field, stored)]

    def _plan_state(self, change: WorkItemChange, seen: Seen) -> str | UnsetType:
        if change.state is UNSET or self._process.to_state(seen.type, seen.state) == change.state:
            return UNSET
        return self._process.get_state(seen.type, change.state, change.closed_as)

    def _grade(self, type_name: str, severity: Severity | None) -> dict[str, str | UnsetType]:
        """Severity and priority in the fields that items of the type have.

        Source: "Query by build and test integration fields", "Microsoft.VSTS.Common.Severity".
        """
        if severity is None:
            return {}
        values = {SEVERITY: _SEVERITIES[severity], PRIORITY: str(severity.rank + 1)}
        return {field: value for field, value in values.items() if self._process.has_field(type_name, field)}

    def _weigh(self, seen: Seen, change: WorkItemChange) -> tuple[dict[str, str | UnsetType], WorkItemChange]:
        """Priority and estimate in the fields that items of the type have, and the rest of the change.

        What has no field there is in that as tags.

        Source: "Query by numeric field", "Effort, Story Points, and Size".
        """
        said: dict[str, str | UnsetType] = {}
        if change.priority is not UNSET and self._process.has_field(seen.type, PRIORITY):
            said[PRIORITY] = str(change.priority)
            change = replace(change, priority=UNSET)
        field = next((each for each in ESTIMATES if self._process.has_field(seen.type, each)), None)
        if change.estimate is not UNSET and field is not None:
            said[field] = "" if change.estimate is None else f"{change.estimate:g}"
            change = replace(change, estimate=UNSET)
        return said, label_grades(change, seen.tags)

    def _get_path(self, iteration: str | None) -> str:
        return self._boards.get_backlog() if iteration is None else self._iterations.get_path(iteration)

    def _set_text(self, body: str, text_field: str, stored: str = "") -> Patch:
        if self._speaks_markdown:
            return [*set_fields({text_field: to_stored_markdown(body)}), *set_markdown(text_field)]
        html = to_stored_html(body, stored)
        return [] if html == stored else set_fields({text_field: html})

    def _is_html(self, change: WorkItemChange) -> bool:
        return change.body is not UNSET and not self._speaks_markdown

    def _mend(self, refusal: PermanentError, iteration: str | UnsetType | None) -> bool:
        """True if it is worth another try: as HTML, or with the path that the sprint has by now."""
        if self._speaks_markdown and "multilineFieldsFormat" in str(refusal):
            self._turn_to_html()
            return True
        if not isinstance(iteration, str):
            return False
        return self._iterations.get_path(iteration) != self._iterations.read_path(iteration)

    def _turn_to_html(self) -> None:
        self._speaks_markdown = False
        _log.info("descriptions are written as HTML", project=self._boards.project)

    def _settle(self, written: ItemJson, body: str | UnsetType) -> ItemJson:
        """Write the description again, as HTML, if the server did not take it for Markdown."""
        if body is UNSET or not body or not self._speaks_markdown:
            return written
        text_field = self._process.get_text_field(written.fields.type)
        if written.is_markdown(text_field):
            return written
        self._turn_to_html()
        try:
            return self._items.change(written.id, set_fields({text_field: to_stored_html(body)}))
        except TrainboardError as error:
            # The item is made: to fail now would have it made again.
            _log.warning("a description shows its Markdown", item=written.id, reason=str(error))
            return written


def _depends(change: WorkItemChange) -> bool:
    """True if what is to be sent depends on how the item stands."""
    parts = (change.state, change.body, change.severity, change.priority, change.estimate)
    said = any(part is not UNSET for part in parts)
    return said or bool(change.add_labels or change.remove_labels)
