"""What is known of a pull request, in one value: all that its comment and its gate show."""

from datetime import datetime

import msgspec

from trainboard.changed_paths import ChangedPaths
from trainboard.fingerprints import fingerprint
from trainboard.metric_gate import GateVerdict
from trainboard.pull_requests import Approval, Check, CheckState, Deployment, PullRequest


class PullRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request with the verdict on its head commit.

    `checks` are those of the head commit, `deployments` and `approvals` also those of the commit that it
    was merged as, in any order.
    """

    pull_request: PullRequest
    verdict: GateVerdict
    paths: ChangedPaths = ChangedPaths()
    checks: tuple[Check, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def is_news(self) -> bool:
        """True if there is more to say than what the platform shows by itself."""
        paths = self.paths.infrastructure or self.paths.lone_notebooks
        return any((self.verdict.items, paths, self.checks, self.deployments, self.approvals))

    @property
    def is_on_its_way(self) -> bool:
        """True while checks of an open pull request run, or none has been told of its head commit."""
        running = {CheckState.QUEUED, CheckState.RUNNING}
        awaited = not self.checks or any(check.state in running for check in self.checks)
        return self.pull_request.state == "open" and awaited

    @property
    def silent(self) -> int:
        """How many checks nobody has told of for too long."""
        return sum(check.state is CheckState.SILENT for check in self.checks)

    @property
    def changed_at(self) -> datetime:
        """When the pull request or a check of it was told of last, by its platform's clock."""
        return max([self.pull_request.at, *(check.at for check in self.checks)])

    @property
    def pressing(self) -> str:
        """A fingerprint of what nobody should wait to be told: what failed, the verdict, where it went."""
        bad = {CheckState.FAILED, CheckState.TIMED_OUT, CheckState.SILENT}
        failed = [check for check in self.checks if check.state in bad]
        told = (self.pull_request.state, self.verdict.state, failed, self.deployments, self.approvals)
        return fingerprint(msgspec.json.encode(told).decode())
