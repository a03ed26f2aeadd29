"""What makes or changes a work item, as JSON patches."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from trainboard.azure_devops.models import work_item_tracking as models
from trainboard.errors import PermanentError
from trainboard.trackers.azure_boards.escaping import check_field, join_tags, path_of_field
from trainboard.trackers.azure_boards.links import LINKS, Link

Patch = list[Any]


def set_fields(fields: Mapping[str, str | UnsetType]) -> Patch:
    """Give the fields these values; an unset one stays as it is, an empty one is emptied."""
    return [_add(path_of_field(name), value) for name, value in fields.items() if value is not UNSET]


def set_markdown(text_field: str) -> Patch:
    """Have the field shown as Markdown; it is set beside its text, for alone it changes nothing."""
    return [_add(f"/multilineFieldsFormat/{check_field(text_field)}", "Markdown")]


def add_links(links: Iterable[Link]) -> Patch:
    """Add relations.

    Raises:
        PermanentError: they are more than one item holds.
    """
    patch = [_add("/relations/-", link.to_patch()) for link in links]
    if len(patch) > LINKS:
        raise PermanentError(f"A work item of Azure Boards holds at most {LINKS} links, not {len(patch)}.")
    return patch


def test_rev(rev: int) -> Patch:
    """Do nothing of the patch unless the item is still at that revision."""
    return [models.JsonPatchOperation(op="test", path="/rev", value=rev)]


def to_assignee(assignees: tuple[str, ...]) -> str:
    """Whom the item is given to, empty for nobody.

    Raises:
        PermanentError: it is given to several people.
    """
    if len(assignees) > 1:
        raise PermanentError(
            f"A work item of Azure Boards is given to one person, not to {', '.join(assignees)}: choose one."
        )
    return assignees[0] if assignees else ""


def change_tags(tags: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> str | UnsetType:
    """The tags with some added and some taken off, unset where nothing changes; case makes no difference."""
    tags, gone = tuple(tags), {tag.casefold() for tag in remove}
    there = {tag.casefold() for tag in tags}
    left = [tag for tag in tags if tag.casefold() not in gone]
    left += [tag for tag in add if tag.casefold() not in there | gone]
    return UNSET if left == list(tags) else join_tags(left)


def _add(path: str, value: object) -> Any:
    return models.JsonPatchOperation(op="add", path=path, value=value)
