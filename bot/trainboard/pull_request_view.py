"""What is known of a pull request, in one value: all that its comment and its gate show."""

from datetime import datetime

import msgspec

from trainboard.changed_paths import ChangedPaths
from trainboard.fingerprints import fingerprint
from trainboard.metric_gate import GateVerdict
from trainboard.pull_requests import Approval, Check, CheckState, Deployment, PullRequest
from trainboard.results import Numbers


class PullRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request with the verdict on its head commit.

    `checks` are those of the head commit, `later_checks` those of another one that it was merged as, and
    `suites` those that only say how some of either stand together. `deployments` and `approvals` are of both
    commits, `numbers` are of the head. All stand in any order.
    """

    pull_request: PullRequest
    verdict: GateVerdict
    paths: ChangedPaths = ChangedPaths()
    checks: tuple[Check, ...] = ()
    later_checks: tuple[Check, ...] = ()
    suites: tuple[Check, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    numbers: Numbers = Numbers()

    @property
    def is_news(self) -> bool:
        """True if there is more to say than what the platform shows by itself."""
        paths = self.paths.infrastructure or self.paths.lone_notebooks
        told = (self.verdict.items, paths, self._all_checks, self.deployments, self.approvals)
        return any(told) or self.numbers.are_known

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
        failed = [check for check in self.checks + self.later_checks if check.state in bad]
        told = (self.pull_request.state, self.verdict.state, failed, self.deployments, self.approvals)
        return fingerprint(msgspec.json.encode(told).decode())

    @property
    def _all_checks(self) -> tuple[Check, ...]:
        return self.checks + self.later_checks + self.suites
