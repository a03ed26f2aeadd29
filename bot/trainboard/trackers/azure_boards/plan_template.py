"""A team's template of work items with the headings of an experiment's plan.

Source: "Work Item Tracking", "Templates" of the Azure DevOps Services REST API reference.
"""

from collections.abc import Mapping

import msgspec

from trainboard.azure_devops.calls import Many
from trainboard.azure_devops.models import work_item_tracking as models
from trainboard.plan_sections import HINTS, Heading
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.html import to_markdown
from trainboard.trackers.azure_boards.process import Process
from trainboard.trackers.azure_boards.texts import to_stored_html
from trainboard.work_items import EXPERIMENT_LABEL

NAME = "Trainboard experiment"

# Only under this name a template adds tags to those that the item has.
_TAGS = "System.Tags-Add"


class TemplateJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A template; lists leave the fields out."""

    id: str
    name: str
    work_item_type_name: str
    fields: dict[str, object] = {}


class KnownTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """How the template stands: `id` is None where there is none, `is_right` says that it needs no change."""

    id: str | None = None
    is_right: bool = False


class PlanTemplate:
    """The template, of which a team has one.

    Args:
        boards: the project and the team.
        process: says which type of work items experiments are.
    """

    def __init__(self, boards: Boards, process: Process) -> None:
        self._boards = boards
        self._process = process

    @property
    def place(self) -> str:
        """The project and the team, as people see them."""
        return f"{self._boards.project}/{self._boards.team}"

    def find(self) -> KnownTemplate:
        """How it stands; one of that name for another type of work items is another's."""
        kind = self._process.get_type(None)
        listed = self._boards.ask(
            f"list the templates of team {self._boards.team}",
            lambda to: to.work_item_tracking.get_templates(self._boards.to_context(), kind),
            Many[TemplateJson],
        ).value
        mine = next((each for each in listed if (each.name, each.work_item_type_name) == (NAME, kind)), None)
        if mine is None:
            return KnownTemplate()
        found = self._boards.ask(
            f"read the template {NAME}",
            lambda to: to.work_item_tracking.get_template(self._boards.to_context(), mine.id),
            TemplateJson,
        )
        return KnownTemplate(id=mine.id, is_right=self._is_right(found.fields, kind))

    def write(self, known: KnownTemplate) -> None:
        """Make it, or put it right."""
        kind, to_context = self._process.get_type(None), self._boards.to_context
        template = models.WorkItemTemplate(
            name=NAME,
            description="Plan an experiment. Its runs are shown on the work item by themselves.",
            work_item_type_name=kind,
            fields=self._make_fields(kind),
        )
        doing = f"{'change' if known.id else 'make'} the template {NAME}"
        if known.id is None:
            self._boards.ask(
                doing,
                lambda to: to.work_item_tracking.create_template(template, to_context()),
                TemplateJson,
                writes=True,
            )
            return
        self._boards.ask(
            doing,
            lambda to: to.work_item_tracking.replace_template(template, to_context(), known.id),
            TemplateJson,
            writes=True,
        )

    def _make_fields(self, kind: str) -> dict[str, str]:
        """HTML, which every server takes; an editor for Markdown turns it into that."""
        text = "\n\n".join(f"### {each}\n\n*{HINTS[each]}*" for each in Heading)
        return {self._process.get_text_field(kind): to_stored_html(text), _TAGS: EXPERIMENT_LABEL}

    def _is_right(self, fields: Mapping[str, object], kind: str) -> bool:
        """Servers may write HTML in another way; what it says is compared."""
        return all(
            to_markdown(str(fields.get(name, ""))) == to_markdown(value)
            for name, value in self._make_fields(kind).items()
        )
