"""Work items of a project in Azure Boards, sprints as iterations of one of its teams.

Labels are tags, a parent is a hierarchy link, and whether an item is open is told by the category of its
state. An iteration has no description.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote

from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.ids import to_id
from trainboard.azure_devops.locations import name_organization
from trainboard.azure_devops.people import is_by, to_person
from trainboard.diagnosis import Finding
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.grades import find_estimate, find_priority
from trainboard.item_changes import ChangePage
from trainboard.trackers import Traits
from trainboard.trackers.azure_boards.boards import Boards, Clock
from trainboard.trackers.azure_boards.capacity import Capacity, read_capacity
from trainboard.trackers.azure_boards.changes import Changes
from trainboard.trackers.azure_boards.comments import Comments
from trainboard.trackers.azure_boards.escaping import TEXT_CHARACTERS, TITLE_CHARACTERS, split_tags
from trainboard.trackers.azure_boards.examination import examine
from trainboard.trackers.azure_boards.items import Items
from trainboard.trackers.azure_boards.iterations import Iterations
from trainboard.trackers.azure_boards.links import Link, to_parent
from trainboard.trackers.azure_boards.plan_template import PlanTemplate
from trainboard.trackers.azure_boards.process import Process
from trainboard.trackers.azure_boards.texts import is_html, to_body
from trainboard.trackers.azure_boards.values import ItemJson
from trainboard.trackers.azure_boards.writing import Writing
from trainboard.work_items import (
    Comment,
    NewIteration,
    NewWorkItem,
    TrackerIteration,
    WorkItem,
    WorkItemChange,
)

__all__ = ["AzureBoardsTracker"]


class AzureBoardsTracker:
    """The work items of one project, made for one of its teams. May be used from any number of threads.

    Keeps `trainboard.trackers.Tracker`. Calls to Azure DevOps: one for each method, but `list_items` makes
    one to find 20,000 items and one to read 200, `list_comments` one for 200, `add_child` makes two and a
    sprint is made with three. What the project and the team define costs a few more once a day; `update_item`
    costs one more where nothing was seen of the item yet, and two more each time that somebody else changed
    it meanwhile.

    Args:
        organization: shared by all trackers that live there.
        project: the project's name.
        team: the team's name; its backlog, its area and its iterations are used.
        clock: the time now, aware.
        work_item_type: what experiments are made as; None lets the team's requirement backlog decide.

    Raises:
        ValueError: a name cannot be that of a project or a team.
    """

    traits = Traits(
        max_body_bytes=TEXT_CHARACTERS,
        iteration_has_start=True,
        iteration_has_description=False,
        iteration_closes=False,
        max_title_characters=TITLE_CHARACTERS,
        max_assignees=1,
    )

    def __init__(
        self,
        *,
        organization: Organization,
        project: str,
        team: str,
        clock: Clock,
        work_item_type: str | None = None,
    ) -> None:
        self.name = f"azure-boards:{name_organization(organization.url)}"
        self._organization = organization
        self._boards = Boards(organization, project, team, clock)
        self._process = Process(self._boards, work_item_type, clock)
        self._iterations = Iterations(self._boards, clock)
        self._items = Items(self._boards)
        self._changes = Changes(self._boards, self._process, self._iterations)
        self._clock = clock
        self._comments = Comments(self._boards)
        self.plan_template = PlanTemplate(self._boards, self._process)
        self._writing = Writing(self._boards, self._process, self._iterations, self._items)

    def close(self) -> None:
        """Close the organisation's connections. New ones are opened if it is used again."""
        self._organization.close()

    def create_item(self, new: NewWorkItem, links: Iterable[Link] = ()) -> WorkItem:
        """Make a work item, complete with tags, sprint and links, in one call. It is in its first state.

        Source: "Work Items - Create".
        """
        self._boards.get_me()  # what is needed to tell of the item is asked for before it is made
        return self._tell_of_written(self._writing.create(new, links))

    def get_item(self, ref: str) -> WorkItem:
        """The work item of that number."""
        return self._tell_of(self._items.get(to_id(ref, "work item")))

    def update_item(self, ref: str, change: WorkItemChange) -> WorkItem:
        """All in one patch. Tags, state and description only if nobody changed the item meanwhile.

        Source: "Work Items - Update".
        """
        self._boards.get_me()
        return self._tell_of_written(self._writing.update(ref, change))

    def list_items(self, *, label: str, since: datetime) -> Iterator[WorkItem]:
        """Items with the tag, whoever made them. This is a search: it settles a doubt and nothing else."""
        yield from map(self._tell_of_listed, self._items.find_tagged(label, since))

    def list_iteration_items(self, ref: str) -> Iterator[WorkItem]:
        """Items of the types of the team's backlog and of bugs, in that iteration alone."""
        path = self._iterations.read_path(ref)
        yield from map(
            self._tell_of_listed, self._items.find_in_iteration(path, self._process.list_planned_types())
        )

    def list_backlog(self) -> Iterator[WorkItem]:
        """Items of the same types in the team's backlog iteration that are in its area itself."""
        types = self._process.list_planned_types()
        states = self._process.list_open_states(types)
        area = self._boards.get_area()
        found = self._items.find_in_backlog(self._boards.get_backlog(), types, states, area)
        yield from (item for item in map(self._tell_of_listed, found) if item.state == "open")

    def list_changes(self, mark: str) -> Iterator[ChangePage]:
        """The revisions of items of those types, a thousand a call."""
        return self._changes.list_since(mark, self._clock())

    def create_comment(self, ref: str, body: str) -> Comment:
        """Add to the item's discussion.

        Source: "Comments - Add Work Item Comment".
        """
        return self._comments.create(ref, body)

    def update_comment(self, ref: str, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        return self._comments.update(ref, comment_ref, body)

    def list_comments(self, ref: str, *, since: datetime) -> Iterator[Comment]:
        """Comments of the item, oldest first; those that changed before `since` are read and left out."""
        return self._comments.list_since(ref, since)

    def create_iteration(self, new: NewIteration) -> TrackerIteration:
        """Make an iteration below the team's backlog iteration and add it to the team's.

        What an attempt before left half-done is taken up.

        Source: "Classification Nodes - Create Or Update", "Iterations - Post Team Iteration".
        """
        return self._iterations.create(new)

    def update_iteration(self, ref: str, new: NewIteration) -> TrackerIteration:
        """Give the iteration another name and other days."""
        return self._iterations.update(ref, new)

    def close_iteration(self, ref: str) -> None:
        """Nothing: an iteration is over when its last day is. One that is not there is missing."""
        self._iterations.read_path(ref)

    def describe_iteration(self, ref: str, description: str) -> None:  # noqa: ARG002  it has no such thing
        """Nothing: an iteration has no description. One that is not there is missing."""
        self._iterations.read_path(ref)

    def list_iterations(self) -> Iterator[TrackerIteration]:
        """The team's iterations. One is open until its last day is over in UTC, whatever its time frame says.

        Source: "Iterations - List".
        """
        return self._iterations.list_all()

    def add_child(self, parent_ref: str, child_ref: str) -> None:
        """Link the child to its parent, unless it is linked already."""
        link, child = to_parent(self._organization.url, parent_ref), to_id(child_ref, "work item")
        parent = self._items.find_parent(child)
        if parent is None:
            self._items.link(child, link)
        elif parent != parent_ref:
            raise PermanentError(
                f"Work item {child_ref} of {self._boards.project} is the child of {parent} already: take "
                f"that link off before it becomes the child of {parent_ref}."
            )

    def get_capacity(self, iteration: str) -> Capacity:
        """What the team means to work in a sprint, and its days off."""
        return read_capacity(self._boards, iteration)

    def examine(self) -> Iterator[Finding]:
        """Whether Azure DevOps lets us in, and whether the project takes what we make."""
        return examine(self._boards, self._process)

    def _tell_of(self, item: ItemJson) -> WorkItem:
        text_field = self._process.get_text_field(item.fields.type)
        return self._to_item(item, text_field, is_markdown=item.is_markdown(text_field))

    def _tell_of_listed(self, item: ItemJson) -> WorkItem:
        """What lists tell says nothing of how a text is written."""
        text_field = self._process.get_text_field(item.fields.type)
        return self._to_item(item, text_field, is_markdown=not is_html(item.get_text(text_field)))

    def _tell_of_written(self, item: ItemJson) -> WorkItem:
        try:
            return self._tell_of(item)
        except TransientError as error:
            raise DoubtError(
                f"Work item {item.id} of {self._boards.project} was written, but: {error}",
                retry_after_seconds=error.retry_after_seconds,
            ) from error

    def _to_item(self, item: ItemJson, text_field: str, *, is_markdown: bool) -> WorkItem:
        fields, project = item.fields, quote(self._boards.project, safe="")
        tags = split_tags(fields.tags)
        return WorkItem(
            ref=str(item.id),
            title=fields.title,
            body=to_body(item.get_text(text_field), is_markdown=is_markdown),
            state=self._process.to_state(fields.type, fields.state),
            url=f"{self._organization.url}/{project}/_workitems/edit/{item.id}",
            created_at=fields.created_at,
            updated_at=fields.updated_at,
            labels=tags,
            assignees=(fields.assignee.unique_name,) if fields.assignee else (),
            iteration=self._iterations.find_ref(fields.iteration),
            type=fields.type,
            closed_as=self._process.get_closing(fields.type, fields.state),
            ours=is_by(fields.creator, self._boards.get_me()),
            author=to_person(fields.creator),
            priority=find_priority(tags) if fields.priority is None else fields.priority,
            estimate=find_estimate(tags) if fields.estimate is None else fields.estimate,
        )
