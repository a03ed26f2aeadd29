"""What is known of a pull request, in one value: all that its comment and its gate show."""

import msgspec

from trainboard.changed_paths import ChangedPaths
from trainboard.metric_gate import GateVerdict
from trainboard.pull_requests import Approval, Check, CheckState, Deployment, PullRequest


class PullRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request with the verdict on its head commit.

    `checks` are those of the head commit, in any order, and `suites` those that only say how some of them
    stand together. `deployments` and `approvals` are also those of the commit that it was merged as.
    """

    pull_request: PullRequest
    verdict: GateVerdict
    paths: ChangedPaths = ChangedPaths()
    checks: tuple[Check, ...] = ()
    suites: tuple[Check, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def is_news(self) -> bool:
        """True if there is more to say than what the platform shows by itself."""
        paths = self.paths.infrastructure or self.paths.lone_notebooks
        return any((self.verdict.items, paths, self.checks, self.deployments, self.approvals))

    @property
    def is_settled(self) -> bool:
        """True if there are checks and none of them goes on by itself."""
        going = {CheckState.QUEUED, CheckState.RUNNING}
        return bool(self.checks) and going.isdisjoint(check.state for check in (*self.checks, *self.suites))

    @property
    def failures(self) -> frozenset[str]:
        """The names of the checks that went wrong."""
        bad = {CheckState.FAILED, CheckState.TIMED_OUT}
        return frozenset(check.name for check in self.checks if check.state in bad)

    def without_progress(self) -> "PullRequestView":
        """The same without what every push and every check changes."""
        unnamed = msgspec.structs.replace(self.pull_request, head="")
        return msgspec.structs.replace(self, pull_request=unnamed, checks=(), suites=())
