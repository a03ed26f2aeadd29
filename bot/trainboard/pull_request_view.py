"""What is known of a pull request, in one value: all that its comment and its gate show."""

from datetime import datetime

import msgspec

from trainboard.approvals import Decision
from trainboard.changed_paths import ChangedPaths
from trainboard.fingerprints import fingerprint
from trainboard.item_links import Link
from trainboard.metric_gate import GateVerdict
from trainboard.notebooks import LONG_OUTSIDE, NotebookReview
from trainboard.pull_requests import Approval, Check, CheckState, Deployment, PullRequest
from trainboard.refactoring import Refactoring
from trainboard.results import Numbers
from trainboard.triggers import Trigger


class PullRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request with the verdict on its head commit.

    `checks` are those of the head commit, `later_checks` those of another one that it was merged as, and
    `suites` those that only say how some of either stand together. `queued_checks` are those of the commit as
    which a merge queue tried an open one last. `deployments` and `approvals` are of both commits, and
    `deployments` also of later ones that it came along with; `numbers` are of the head. All stand in any
    order. `decisions` are what people said of the approvals, for the bot to pass on. `triggers` are runs that
    people asked for there, the first at the beginning; `links` say by whose word it belongs to which work
    items; `notebooks` are those that could be looked at so far, and `refactorings` the work items that they
    have. With more lines than `long_outside` outside of functions one is offered for a notebook.
    `page_url` is the address of our page that shows it, None where there is no public one.
    """

    pull_request: PullRequest
    verdict: GateVerdict
    paths: ChangedPaths = ChangedPaths()
    checks: tuple[Check, ...] = ()
    later_checks: tuple[Check, ...] = ()
    queued_checks: tuple[Check, ...] = ()
    suites: tuple[Check, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    decisions: tuple[Decision, ...] = ()
    numbers: Numbers = Numbers()
    triggers: tuple[Trigger, ...] = ()
    links: tuple[Link, ...] = ()
    notebooks: tuple[NotebookReview, ...] = ()
    refactorings: tuple[Refactoring, ...] = ()
    long_outside: int = LONG_OUTSIDE
    page_url: str | None = None

    @property
    def is_news(self) -> bool:
        """True if there is more to say than what the platform shows by itself."""
        paths = self.paths.infrastructure or self.paths.lone_notebooks
        told = (self._all_checks, self.deployments, self.approvals, self.triggers, self.numbers.are_known)
        notebooks = any(each.review.brought or each.review.trouble for each in self.notebooks)
        return any((self.verdict.items, paths, notebooks, self.refactorings, *told))

    @property
    def offered(self) -> tuple[NotebookReview, ...]:
        """The notebooks of which scripts would serve better, by path."""
        return tuple(each for each in self.notebooks if each.review.outside > self.long_outside)

    @property
    def is_on_its_way(self) -> bool:
        """True while checks run that count for it now, and while an open one has none on its head commit."""
        if self.pull_request.state == "closed":
            return False
        is_open = self.pull_request.state == "open"
        now = self.checks if is_open else self.later_checks
        going = any(check.state in {CheckState.QUEUED, CheckState.RUNNING} for check in now + self.suites)
        return going or (is_open and not now)

    @property
    def silent(self) -> int:
        """How many checks nobody has told of for too long."""
        return sum(check.state is CheckState.SILENT for check in self.checks)

    @property
    def changed_at(self) -> datetime:
        """When the pull request or a check of it was told of last, by its platform's clock."""
        return max([self.pull_request.at, *(check.at for check in self._all_checks)])

    @property
    def pressing(self) -> str:
        """A fingerprint of what nobody should wait to be told: what failed, the verdict, where it went."""
        bad = {CheckState.FAILED, CheckState.TIMED_OUT, CheckState.SILENT}
        told_of = self.checks + self.later_checks + self.queued_checks
        failed = [check for check in told_of if check.state in bad]
        stands = (self.pull_request.state, self.verdict.state, failed)
        secrets = [(each.notebook.path, each.review.pressing) for each in self.notebooks]
        refactorings = [(each.ref, each.state) for each in self.refactorings]
        told = (
            *stands,
            self.deployments,
            self.approvals,
            self.decisions,
            self.triggers,
            secrets,
            refactorings,
        )
        return fingerprint(msgspec.json.encode(told).decode())

    @property
    def _all_checks(self) -> tuple[Check, ...]:
        return self.checks + self.later_checks + self.queued_checks + self.suites
