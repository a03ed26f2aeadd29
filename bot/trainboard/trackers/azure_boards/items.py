"""Work items as Azure Boards holds them: made, read, changed and found."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b

from trainboard.azure_devops.calls import Many
from trainboard.azure_devops.faults import ExistsError
from trainboard.azure_devops.models import work_item_tracking as models
from trainboard.errors import MissingError
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.escaping import quote_wiql, split_tags
from trainboard.trackers.azure_boards.links import PARENT, Link, find_target
from trainboard.trackers.azure_boards.patches import Patch, add_links
from trainboard.trackers.azure_boards.remembered import Seen, Sightings
from trainboard.trackers.azure_boards.values import (
    ESTIMATES,
    ID,
    ITERATION,
    NEEDED,
    PRIORITY,
    PROJECT,
    STATE,
    TAGS,
    TYPE,
    UPDATED_AT,
    Found,
    ItemJson,
    TeamFieldJson,
)

BATCH = 200
AT_ONCE = 20_000 - BATCH


class Items:
    """The project's work items. What was seen of each is remembered.

    Args:
        boards: the project.
    """

    def __init__(self, boards: Boards) -> None:
        self._boards = boards
        self._sightings = Sightings()

    def find_seen(self, number: int) -> Seen | None:
        """What the last answer told of the item, None if there was none."""
        return self._sightings.find(number)

    def create(self, type_name: str, patch: Patch) -> ItemJson:
        """Make one."""
        made = self._boards.ask(
            f"create a work item of type {type_name}",
            lambda to: to.work_item_tracking.create_work_item(patch, self._boards.project, type_name),
            ItemJson,
            writes=True,
        )
        return self._note(made)

    def get(self, number: int) -> ItemJson:
        """One as it stands, with all its fields.

        Raises:
            MissingError: the project has no such item.
        """
        thing = f"work item {number}"
        found = self._boards.ask(
            f"read {thing}",
            lambda to: to.work_item_tracking.get_work_item(number, project=self._boards.project),
            ItemJson,
            thing=thing,
        )
        if found.fields.project.casefold() != self._boards.project.casefold():
            raise MissingError(f"Could not read {thing}: it belongs to the project {found.fields.project}.")
        return self._note(found)

    def change(self, number: int, patch: Patch) -> ItemJson:
        """One after the patch."""
        thing = f"work item {number}"
        changed = self._boards.ask(
            f"change {thing}",
            lambda to: to.work_item_tracking.update_work_item(patch, number, project=self._boards.project),
            ItemJson,
            writes=True,
            thing=thing,
        )
        return self._note(changed)

    def find_parent(self, number: int) -> str | None:
        """The ref of the item's parent, None if it has none."""
        thing = f"work item {number}"
        found = self._boards.ask(
            f"read the links of {thing}",
            lambda to: to.work_item_tracking.get_work_item(
                number, project=self._boards.project, expand="Relations"
            ),
            ItemJson,
            thing=thing,
        )
        parents = (each.url for each in found.relations if each.rel == PARENT)
        return next(filter(None, map(find_target, parents)), None)

    def link(self, number: int, link: Link) -> None:
        """Add a relation, unless somebody was faster. It makes no revision."""
        with suppress(ExistsError):
            self.change(number, add_links([link]))

    def find_tagged(self, tag: str, since: datetime) -> Iterator[ItemJson]:
        """Items with the tag that changed since, by id, of which descriptions come as they are stored."""
        asked = [
            f"[{TAGS}] CONTAINS {quote_wiql(tag)}",
            f"[{UPDATED_AT}] >= {quote_wiql(_iso(since))}",
        ]
        yield from self._find(f"tagged {tag}", asked)

    def find_in_iteration(self, path: str, types: Sequence[str]) -> Iterator[ItemJson]:
        """Items of these types in the iteration of that path, by id."""
        asked = [
            f"[{ITERATION}] = {quote_wiql(path)}",
            f"[{TYPE}] IN ({', '.join(map(quote_wiql, types))})",
        ]
        yield from self._find(f"in {path}", asked)

    def find_in_backlog(
        self, path: str, types: Sequence[str], states: Sequence[str], area: TeamFieldJson
    ) -> Iterator[ItemJson]:
        """Items of these types and states in the iteration of that path that are the team's, by id."""
        asked = [
            f"[{ITERATION}] = {quote_wiql(path)}",
            f"[{area.field.reference_name}] = {quote_wiql(area.default_value)}",
            f"[{TYPE}] IN ({', '.join(map(quote_wiql, types))})",
            f"[{STATE}] IN ({', '.join(map(quote_wiql, states))})",
        ]
        yield from self._find(f"in the backlog {path}", asked)

    def _find(self, what: str, asked: Sequence[str]) -> Iterator[ItemJson]:
        last: int | None = None
        while numbers := self._find_numbers(what, asked, last):
            for start in range(0, len(numbers), BATCH):
                yield from self._read_batch(numbers[start : start + BATCH])
            last = numbers[-1]
            if len(numbers) < AT_ONCE:
                return

    def _find_numbers(self, what: str, asked: Sequence[str], last: int | None) -> list[int]:
        """The next ids above `last`. A query may tell of 20,000 items, and must not find more.

        Source: "Work tracking, process, and project limits", "Queries"; "Wiql - Query By Wiql".
        """
        conditions = [
            f"[{PROJECT}] = {quote_wiql(self._boards.project)}",
            *asked,
            *([f"[{ID}] > {last}"] if last is not None else []),
        ]
        query = f"SELECT [{ID}] FROM WorkItems WHERE {' AND '.join(conditions)} ORDER BY [{ID}] ASC"  # noqa: S608
        found = self._boards.ask(
            f"look for work items {what}",
            lambda to: to.work_item_tracking.query_by_wiql(
                models.Wiql(query=query),
                models.TeamContext(project=self._boards.project),
                time_precision=True,
                top=AT_ONCE,
            ),
            Found,
        )
        return [each.id for each in found.work_items]

    def _read_batch(self, numbers: Sequence[int]) -> list[ItemJson]:
        request = models.WorkItemBatchGetRequest(
            ids=list(numbers), fields=[*NEEDED, PRIORITY, *ESTIMATES], error_policy="omit"
        )
        found = self._boards.ask(
            f"read {len(numbers)} work items",
            lambda to: to.work_item_tracking.get_work_items_batch(request, project=self._boards.project),
            Many[ItemJson | None],
        )
        return [self._note(each) for each in found.value if each is not None]

    def _note(self, item: ItemJson) -> ItemJson:
        self._sightings.note(item.id, to_seen(item))
        return item


def to_seen(item: ItemJson) -> Seen:
    """What is remembered of the item."""
    fields = item.fields
    return Seen(
        rev=item.rev,
        type=fields.type,
        state=fields.state,
        tags=split_tags(fields.tags),
        text=blake2b(f"{fields.text}\0{fields.steps}".encode(), digest_size=16).digest(),
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
