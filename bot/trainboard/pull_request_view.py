"""What is known of a pull request, in one value: all that its comment and its gate show."""

import msgspec

from trainboard.changed_paths import ChangedPaths
from trainboard.metric_gate import GateVerdict
from trainboard.pull_requests import Approval, Check, Deployment, PullRequest


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
