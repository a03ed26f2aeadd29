"""A look at Azure Boards: are we let in, and does the project take what we make there."""

from collections.abc import Callable, Iterator

import msgspec

from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import LimitedError, TrainboardError
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.patches import set_fields
from trainboard.trackers.azure_boards.process import Process
from trainboard.trackers.azure_boards.values import ITERATION, TAGS, TITLE
from trainboard.work_items import EXPERIMENT_LABEL


class Nothing(msgspec.Struct, frozen=True):
    """An answer of which only matters that it came."""


def examine(boards: Boards, process: Process) -> Iterator[Finding]:
    """Who we are, and whether an item could be made, closed and opened again as we do it; none is made.

    Args:
        boards: the project and the team.
        process: what the project defines.
    """
    looks: tuple[Callable[[Boards, Process], str], ...] = (_look_at_access, _look_at_type, _look_at_rules)
    for look in looks:
        try:
            yield Finding(message=look(boards, process))
        except LimitedError as error:
            yield note(str(error), "Ask again later. The bot waits by itself.")
            return
        except TrainboardError as error:
            yield failing(str(error), f"Mend the way into {boards.project}: see docs/azure-devops.md.")
            return


def _look_at_access(boards: Boards, process: Process) -> str:  # noqa: ARG001  all looks are alike
    me = boards.get_me()
    return f"Azure DevOps lets us in as {me.provider_display_name or me.id}."


def _look_at_type(boards: Boards, process: Process) -> str:
    name = process.get_type(None)
    opened, closed = process.get_state(name, "open"), process.get_state(name, "closed")
    return f"Work items are made as {name} in {boards.project}, opened as {opened} and closed as {closed}."


def _look_at_rules(boards: Boards, process: Process) -> str:
    """Have the server check an item without making it: it names missing rights, required fields and all.

    Source: "Work Items - Create", `validateOnly`.
    """
    name, area = process.get_type(None), boards.get_area()
    fields = {
        TITLE: "A look whether work items can be made",
        area.field.reference_name: area.default_value,
        ITERATION: boards.get_backlog(),
        TAGS: EXPERIMENT_LABEL,
    }
    patch = set_fields(fields)
    boards.ask(
        f"see whether a {name} could be made",
        lambda to: to.work_item_tracking.create_work_item(patch, boards.project, name, validate_only=True),
        Nothing,
    )
    return f"A {name} of team {boards.team} would be taken in {area.default_value}."
