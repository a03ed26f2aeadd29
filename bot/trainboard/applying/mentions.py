"""A pull request whose description shall name a work item."""

import structlog

from trainboard.applying import Outside
from trainboard.effects import EnsureExperimentItem, EnsureMention
from trainboard.errors import MissingError, NotYetError
from trainboard.fingerprints import mention_key
from trainboard.rendering.mentions import ensure_mention
from trainboard.store import history, items

APPLIES = EnsureMention

SOON_SECONDS = 5.0

_log = structlog.get_logger(__name__)


def apply(effect: EnsureMention, outside: Outside) -> None:
    """Read the description, and add the name where it is not there.

    Which pull request it is was said by a run: one that is not there is left alone, and so is a work item
    that is not there and is not going to be.
    """
    repository = outside.repositories.get(effect.project)
    mention = outside.projects[effect.project].mention
    ref = _find_ref(effect, outside)
    if repository is None or mention is None or ref is None:
        return
    try:
        standing = repository.get_pull_request(effect.pull_request).text
    except MissingError:
        _log.warning("no such pull request", code=repository.name, pull_request=effect.pull_request)
        return
    markers = outside.markers_in(repository.name)
    body = ensure_mention(standing, mention.format(ref=ref), markers, mention_key(effect.project))
    if body != standing:
        repository.describe(effect.pull_request, body)
        _log.info("work item named", code=repository.name, pull_request=effect.pull_request, item=ref)


def _find_ref(effect: EnsureMention, outside: Outside) -> str | None:
    ensure = EnsureExperimentItem(project=effect.project, experiment=effect.experiment, number=effect.number)
    with outside.database.read() as connection:
        known = items.find(connection, effect.project, effect.experiment, effect.number)
        standing = history.find_standing(connection, ensure.key) if known is None else None
    if standing is not None and standing.state == "pending":
        raise NotYetError(
            f"the work item of {effect.experiment} is not made yet", retry_after_seconds=SOON_SECONDS
        )
    return None if known is None or known.item.state == items.GONE else known.item.ref
