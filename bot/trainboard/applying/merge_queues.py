"""The commit as which a merge queue tries a pull request shall show the metric gate of its head."""

import structlog

from trainboard.applying import Outside
from trainboard.applying.pull_requests import gate_of
from trainboard.effects import EnsureQueuedGate
from trainboard.errors import MissingError
from trainboard.store import pull_request_status, pull_requests
from trainboard.views.pull_requests import view_of

APPLIES = EnsureQueuedGate

_log = structlog.get_logger(__name__)


def apply(effect: EnsureQueuedGate, outside: Outside) -> None:
    """Set the gate as it is judged now. A commit that the queue gave up meanwhile needs none.

    Only a pull request whose checks passed gets into a queue, so that the verdict is there.
    """
    repository = outside.repositories.get(effect.project)
    with outside.database.read() as connection:
        pull_request = pull_requests.find(connection, effect.code, effect.pull_request)
        if repository is None or pull_request is None:
            return
        shown = pull_request_status.get(connection, effect.code, effect.pull_request)
        project = outside.projects[effect.project]
        view = view_of(connection, pull_request, shown.paths, outside.clock(), project)
    gate = gate_of(view, effect.commit)
    try:
        repository.set_gate(effect.pull_request, gate)
    except MissingError:
        _log.warning("no such commit any more", code=repository.name, pull_request=effect.pull_request)
    else:
        _log.info("metric gate set in the merge queue", pull_request=effect.pull_request, state=gate.state)
