"""All that changed in a project since a moment."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import structlog

from trainboard.azure_devops.changes import Change, Place, approvals, builds, repositories, work_items
from trainboard.azure_devops.client import Organization
from trainboard.errors import PermanentError

ListArea = Callable[[Organization, Place, datetime], Iterator[Change]]

_log = structlog.get_logger(__name__)


def list_changes(
    organization: Organization, place: Place, since: datetime, names: tuple[str, ...]
) -> Iterator[Change]:
    """What each area tells; `names` are those of repositories. An area that is closed to us is left out."""
    areas: dict[str, ListArea] = {
        "work items": work_items.list_changes,
        "builds": builds.list_changes,
        "pull requests": partial(repositories.list_changes, names=names),
        "approvals": approvals.list_changes,
    }
    for area, list_area in areas.items():
        try:
            yield from list_area(organization, place, since)
        except PermanentError as error:
            _log.warning(f"what changed in {area} is not known", project=place.project, reason=str(error))
