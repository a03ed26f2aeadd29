"""Sprints as iterations of a team. Their refs are GUIDs, which stay when a sprint is renamed or moved.

An iteration is a node in the project's tree, which must then be added to the team's. It has no
description. Which one is under way is a question of its days: the service calls one current long after
it ended, and one without days too.
"""

from collections.abc import Iterator
from datetime import date, datetime
from threading import Lock

from trainboard.azure_devops.calls import Many
from trainboard.azure_devops.faults import ExistsError
from trainboard.azure_devops.kept import DAY
from trainboard.azure_devops.models import work, work_item_tracking
from trainboard.errors import MissingError, PermanentError
from trainboard.trackers.azure_boards.boards import Boards, Clock
from trainboard.trackers.azure_boards.escaping import check_guid, check_node_name
from trainboard.trackers.azure_boards.values import Days, IterationJson, NodeJson
from trainboard.work_items import NewIteration, TrackerIteration

TREE = "iterations"


class Iterations:
    """The team's sprints.

    Args:
        boards: the project and the team.
        clock: the time now, aware.
    """

    def __init__(self, boards: Boards, clock: Clock) -> None:
        self._boards = boards
        self._clock = clock
        self._lock = Lock()
        self._paths: dict[str, str] = {}
        self._forget_at: datetime | None = None

    def list_all(self) -> Iterator[TrackerIteration]:
        """All of the team's, in one call."""
        found = self._boards.ask(
            f"list the iterations of team {self._boards.team}",
            lambda to: to.work.get_team_iterations(self._boards.to_context()),
            Many[IterationJson],
        )
        for each in found.value:
            self._note(each.id, each.path)
            yield self._to_iteration(each.id, each.name, each.attributes)

    def get_path(self, ref: str) -> str:
        """The path of a sprint; asked for if it is not known.

        Raises:
            MissingError: the team has no such sprint.
        """
        known = self._recall()
        return known[ref] if ref in known else self.read_path(ref)

    def read_path(self, ref: str) -> str:
        """The path as it is now, after somebody renamed the sprint.

        Raises:
            MissingError: the team has no such sprint.
        """
        thing = f"iteration {ref} of team {self._boards.team}"
        check_guid(ref, "iteration")
        try:
            found = self._boards.ask(
                f"read {thing}",
                lambda to: to.work.get_team_iteration(self._boards.to_context(), ref),
                IterationJson,
                thing=thing,
            )
        except MissingError as error:
            raise MissingError(
                f"{error} Add the iteration to the team in the project's settings, Team configuration."
            ) from error
        self._note(ref, found.path)
        return found.path

    def find_ref(self, path: str) -> str | None:
        """The ref of the sprint at that path; None for the backlog, and for a place that was moved away."""
        if path.casefold() in {self._boards.project.casefold(), self._boards.get_backlog().casefold()}:
            return None
        for ref, known in self._recall().items():
            if known.casefold() == path.casefold():
                return ref
        node = self._find_node(path)
        if node is None:
            return None
        self._note(node.identifier, path)
        return node.identifier

    def create(self, new: NewIteration) -> TrackerIteration:
        """Make the node, or take the one that an attempt before left, and add it to the team."""
        path = f"{self._boards.get_backlog()}\\{check_node_name(new.name)}"
        node = self._find_node(path) or self._make_node(path, new)
        if not _has_days(node, new):
            if node.attributes is not None and node.attributes != Days():
                raise PermanentError(
                    f"{self._boards.project} has an iteration {path!r} with other days than "
                    f"{new.start} to {new.end}: change its days there, or name_template here."
                )
            node = self._change_node(path, new)
        self._add_to_team(node)
        self._note(node.identifier, path)
        return self._to_iteration(node.identifier, node.name, node.attributes)

    def update(self, ref: str, new: NewIteration) -> TrackerIteration:
        """Give the sprint another name and other days."""
        check_node_name(new.name)
        path = self.read_path(ref)
        node = self._change_node(path, new)
        parent = path.rpartition("\\")[0]
        self._note(ref, f"{parent}\\{node.name}")
        return self._to_iteration(ref, node.name, node.attributes)

    def _find_node(self, path: str) -> NodeJson | None:
        thing = f"iteration {path}"
        try:
            return self._boards.ask(
                f"read {thing}",
                lambda to: to.work_item_tracking.get_classification_node(
                    self._boards.project, TREE, _below_project(path)
                ),
                NodeJson,
                thing=thing,
            )
        except MissingError:
            return None

    def _make_node(self, path: str, new: NewIteration) -> NodeJson:
        parent = path.rpartition("\\")[0]
        try:
            return self._boards.ask(
                f"create iteration {path}",
                lambda to: to.work_item_tracking.create_or_update_classification_node(
                    _to_node(new), self._boards.project, TREE, _below_project(parent)
                ),
                NodeJson,
                writes=True,
            )
        except ExistsError:
            node = self._find_node(path)  # somebody was faster
            if node is None:
                raise
            return node

    def _change_node(self, path: str, new: NewIteration) -> NodeJson:
        thing = f"iteration {path}"
        return self._boards.ask(
            f"change {thing}",
            lambda to: to.work_item_tracking.update_classification_node(
                _to_node(new), self._boards.project, TREE, _below_project(path)
            ),
            NodeJson,
            writes=True,
            thing=thing,
        )

    def _add_to_team(self, node: NodeJson) -> None:
        iteration = work.TeamSettingsIteration(id=node.identifier)
        self._boards.ask(
            f"add iteration {node.name} to team {self._boards.team}",
            lambda to: to.work.post_team_iteration(iteration, self._boards.to_context()),
            IterationJson,
            writes=True,
        )

    def _to_iteration(self, ref: str, name: str, days: Days | None) -> TrackerIteration:
        start, end = _to_days(days)
        is_open = end is None or end >= self._clock().date()
        return TrackerIteration(ref=ref, name=name, start=start, end=end, open=is_open)

    def _note(self, ref: str, path: str) -> None:
        with self._lock:
            self._recall_here()[ref] = path

    def _recall(self) -> dict[str, str]:
        """The paths by ref that were read within a day."""
        with self._lock:
            return dict(self._recall_here())

    def _recall_here(self) -> dict[str, str]:
        now = self._clock()
        if self._forget_at is None or now >= self._forget_at:
            self._paths, self._forget_at = {}, now + DAY
        return self._paths


def _below_project(path: str) -> str | None:
    return path.partition("\\")[2] or None


def _to_days(days: Days | None) -> tuple[date | None, date | None]:
    start, finish = (days.start_date, days.finish_date) if days else (None, None)
    return (start.date() if start else None), (finish.date() if finish else None)


def _has_days(node: NodeJson, new: NewIteration) -> bool:
    return _to_days(node.attributes) == (new.start, new.end)


def _to_node(new: NewIteration) -> object:
    days = {"startDate": _to_midnight(new.start), "finishDate": _to_midnight(new.end)}
    return work_item_tracking.WorkItemClassificationNode(name=new.name, attributes=days)


def _to_midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
