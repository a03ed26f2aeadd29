"""Which merged pull requests came along with a commit that was deployed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus, FindContained
from trainboard.errors import MissingError, PermanentError
from trainboard.pull_requests import PullRequest
from trainboard.repositories import Repository
from trainboard.store import contained_commits, item_links, items, pull_requests

APPLIES = FindContained

LOOKED_BACK = timedelta(days=30)
MOST_ASKED = 50

_log = structlog.get_logger(__name__)


def apply(effect: FindContained, outside: Outside) -> None:
    """Ask the platform about each merge commit of the last 30 days, once for ever.

    What lies in the history of another commit that does is not asked about. A commit that is not there, of
    another repository or taken away by a force push, lies nowhere and holds nothing. Where the platform does
    not let us ask, pull requests show what they show without.
    """
    repository = outside.repositories.get(effect.project)
    if repository is None:
        return
    asking = _Asking(effect, repository, outside)
    try:
        for pull_request in asking.list_open():
            if pull_request.merged_as not in asking.answers:
                asking.ask(pull_request.merged_as or "")
    except PermanentError as error:
        _log.warning("may not ask what came along with a commit", code=effect.code, error=str(error))


class _Asking:
    """What is known to lie in the history of one commit, and what is found out."""

    def __init__(self, effect: FindContained, repository: Repository, outside: Outside) -> None:
        self._effect = effect
        self._repository = repository
        self._outside = outside
        with outside.database.read() as connection:
            since = outside.clock() - LOOKED_BACK
            self._merged = pull_requests.list_merged(connection, effect.code, since, MOST_ASKED)
            self._known = contained_commits.list_all(connection, effect.code)
            self.answers = dict(contained_commits.get_answers(connection, effect.code, effect.within))

    def list_open(self) -> Sequence[PullRequest]:
        """The pull requests to ask about, the latest first: what it holds tells of earlier ones too."""
        own = {None, self._effect.within}
        return [each for each in self._merged if each.merged_as not in own and each.head not in own]

    def ask(self, commit: str) -> None:
        """Find out whether that commit lies there, remember it, and let it be shown."""
        try:
            contained = self._repository.contains(commit, self._effect.within)
        except MissingError:
            contained = False
        implied = set(self._known.get(commit, ())) - self.answers.keys() if contained else set()
        told = {commit, *implied} - {self._effect.within}
        self.answers |= dict.fromkeys(told, contained)
        found = [each for each in self._merged if contained and each.merged_as in told]
        code, within, now = self._effect.code, self._effect.within, self._outside.clock()
        with self._outside.database.write() as connection:
            contained_commits.note(connection, code, told, within, now, contained=contained)
            shown = [effect for each in found for effect in self._list_shown(connection, each)]
            due = ask(connection, shown, self._outside)
        wake(due, self._outside)
        numbers = [each.number for each in found]
        _log.info("asked what came along with a commit", commit=within, pull_requests=numbers)

    def _list_shown(
        self, connection: Connection, pull_request: PullRequest
    ) -> Iterator[EnsurePullRequestStatus | EnsureExperimentItem]:
        """The pull request and its work items."""
        yield EnsurePullRequestStatus(
            project=self._effect.project, code=pull_request.code, pull_request=pull_request.number
        )
        for tracker, ref in item_links.list_of(connection, pull_request.code, pull_request.number):
            known = items.find_by_ref(connection, tracker, ref)
            if known is not None and known.item.state != items.GONE:
                item = known.item
                yield EnsureExperimentItem(
                    project=item.project, experiment=item.experiment, number=item.number
                )
