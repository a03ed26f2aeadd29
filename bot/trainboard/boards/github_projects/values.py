"""GitHub's JSON of a project, as far as it is needed, and what it means in our words.

Source: GraphQL reference, "ProjectV2", "ProjectV2Item", "ProjectV2IterationFieldConfiguration".
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from trainboard.board_layout import (
    BoardIteration,
    BoardPolicy,
    IterationField,
    Layout,
    Option,
    StatusField,
)
from trainboard.boards import Card


class IterationJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An iteration; `duration` counts days."""

    id: str
    title: str
    start_date: date
    duration: int


class ConfigurationJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a field of iterations holds."""

    iterations: Sequence[IterationJson] = ()
    completed_iterations: Sequence[IterationJson] = ()


class OptionJson(msgspec.Struct, frozen=True, kw_only=True):
    """An option of a single select."""

    id: str
    name: str


class FieldJson(msgspec.Struct, frozen=True, kw_only=True):
    """A field of any kind."""

    id: str = ""
    name: str = ""
    configuration: ConfigurationJson | None = None
    options: Sequence[OptionJson] | None = None


class FieldsJson(msgspec.Struct, frozen=True, kw_only=True):
    """All fields; one that we may not see is null."""

    nodes: Sequence[FieldJson | None] = ()


class ProjectJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A project."""

    id: str
    title: str = ""
    url: str = ""
    closed: bool = False
    viewer_can_update: bool = True
    fields: FieldsJson = FieldsJson()


class OwnerJson(msgspec.Struct, frozen=True, kw_only=True):
    """A user or an organisation; GitHub's own key is `projectV2`."""

    project: ProjectJson | None = msgspec.field(default=None, name="projectV2")


class IterationValueJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which iteration a card has."""

    iteration_id: str | None = None


class OptionValueJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which option a card has."""

    option_id: str | None = None


class IdentifiedJson(msgspec.Struct, frozen=True):
    """Anything of which its id matters."""

    id: str


class CardJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An issue on a project, whichever."""

    id: str
    project: IdentifiedJson
    is_archived: bool = False
    iteration: IterationValueJson | None = None
    status: OptionValueJson | None = None


class CardsJson(msgspec.Struct, frozen=True, kw_only=True):
    """An issue on all its projects; one that we may not see is null."""

    nodes: Sequence[CardJson | None] = ()


class IssueJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An issue."""

    id: str
    project_items: CardsJson = CardsJson()


class RepositoryJson(msgspec.Struct, frozen=True, kw_only=True):
    """A repository with the issue that was asked for."""

    issue: IssueJson | None = None


class LookJson(msgspec.Struct, frozen=True, kw_only=True):
    """What a look brings."""

    owner: OwnerJson | None = None
    repository: RepositoryJson | None = None


class AddedJson(msgspec.Struct, frozen=True, kw_only=True):
    """A card."""

    item: IdentifiedJson


class AddJson(msgspec.Struct, frozen=True, kw_only=True):
    """What to add brings."""

    added: AddedJson


def to_layout(project: ProjectJson, policy: BoardPolicy) -> Layout:
    """The project in our words, with the fields that the policy names."""
    fields = [field for field in project.fields.nodes if field is not None]
    return Layout(
        ref=project.id,
        title=project.title,
        url=project.url,
        closed=project.closed,
        writable=project.viewer_can_update,
        fields=tuple(field.name for field in fields),
        iteration_field=next(
            (
                _to_iteration_field(field.id, field.configuration)
                for field in fields
                if field.configuration is not None and _is_named(field, policy.iteration_field)
            ),
            None,
        ),
        status_field=next(
            (
                _to_status_field(field.id, field.options)
                for field in fields
                if field.options is not None and _is_named(field, policy.status_field)
            ),
            None,
        ),
    )


def find_card(issue: IssueJson, project: str) -> Card | None:
    """The issue on the project of that id."""
    cards = (card for card in issue.project_items.nodes if card is not None)
    card = next((each for each in cards if each.project.id == project), None)
    if card is None:
        return None
    return Card(
        ref=card.id,
        archived=card.is_archived,
        iteration=card.iteration.iteration_id if card.iteration else None,
        option=card.status.option_id if card.status else None,
    )


def _is_named(field: FieldJson, name: str) -> bool:
    return field.name.casefold() == name.casefold()


def _to_iteration_field(ref: str, held: ConfigurationJson) -> IterationField:
    return IterationField(
        ref=ref,
        iterations=tuple(
            BoardIteration(ref=each.id, title=each.title, start=each.start_date, days=each.duration)
            for each in (*held.completed_iterations, *held.iterations)
        ),
    )


def _to_status_field(ref: str, held: Sequence[OptionJson]) -> StatusField:
    return StatusField(ref=ref, options=tuple(Option(ref=each.id, name=each.name) for each in held))
