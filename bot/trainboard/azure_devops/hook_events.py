"""The events of service hooks that we ask for: in which version of their resource, and with which filters.

Versions differ in shape, not in age alone: only 5.1-preview.3 says by its id who changed a work item, and
build.complete 1.0 is the shape of XAML builds.

Source: "Service hooks events" of Azure DevOps.
"""

import msgspec

TFS, PIPELINES, RELEASE = "tfs", "pipelines", "rm"

NOTIFICATION_TYPE = "notificationType"
"""The filter that tells subscriptions to one event apart: the event itself does not say what changed."""

FILTERS = frozenset(
    {
        NOTIFICATION_TYPE,
        "areaPath",
        "branch",
        "buildStatus",
        "changedFields",
        "commentPattern",
        "definitionName",
        "environmentName",
        "jobNameId",
        "jobResultId",
        "jobStateId",
        "linksChanged",
        "mergeResult",
        "pipelineId",
        "pullrequestCreatedBy",
        "pullrequestReviewersContains",
        "pushedBy",
        "releaseDefinitionId",
        "releaseEnvironmentId",
        "repository",
        "runResultId",
        "runStateId",
        "stageName",
        "stageNameId",
        "stageResultId",
        "stageStateId",
        "tag",
        "workItemType",
    }
)
"""Inputs of publishers that narrow what is sent. The service adds others itself, like `tfsSubscriptionId`."""


class HookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription that every project needs. `notification_type` is empty but for one event."""

    publisher: str
    event: str
    version: str
    notification_type: str = ""

    @property
    def name(self) -> str:
        """The event, and what of it: unique among those that we need."""
        return f"{self.event} {self.notification_type}".rstrip()

    @property
    def filters(self) -> dict[str, str]:
        """The inputs that narrow what is sent; all others are left empty, which means any."""
        return {NOTIFICATION_TYPE: self.notification_type} if self.notification_type else {}


def _events(publisher: str, version: str, *names: str) -> tuple[HookEvent, ...]:
    return tuple(HookEvent(publisher=publisher, event=name, version=version) for name in names)


PULL_REQUEST_UPDATES = (
    "PushNotification",
    "ReviewersUpdateNotification",
    "StatusUpdateNotification",
    "ReviewerVoteNotification",
)

HOOK_EVENTS = (
    *_events(
        TFS,
        "5.1-preview.3",
        "workitem.created",
        "workitem.updated",
        "workitem.commented",
        "workitem.deleted",
        "workitem.restored",
    ),
    *_events(TFS, "1.0-preview.1", "git.repo.renamed", "git.repo.statuschanged", "git.repo.deleted"),
    *_events(TFS, "1.0", "git.push", "git.pullrequest.created", "git.pullrequest.merged"),
    *(
        HookEvent(publisher=TFS, event="git.pullrequest.updated", version="1.0", notification_type=kind)
        for kind in PULL_REQUEST_UPDATES
    ),
    *_events(TFS, "2.0", "ms.vss-code.git-pullrequest-comment-event", "build.complete"),
    *_events(
        PIPELINES,
        "5.1-preview.1",
        "ms.vss-pipelines.run-state-changed-event",
        "ms.vss-pipelines.stage-state-changed-event",
        "ms.vss-pipelines.job-state-changed-event",
        "ms.vss-pipelinechecks-events.approval-pending",
        "ms.vss-pipelinechecks-events.approval-completed",
    ),
    *_events(
        RELEASE,
        "3.0-preview.1",
        "ms.vss-release.release-created-event",
        "ms.vss-release.release-abandoned-event",
        "ms.vss-release.deployment-started-event",
        "ms.vss-release.deployment-completed-event",
        "ms.vss-release.deployment-approval-pending-event",
        "ms.vss-release.deployment-approval-completed-event",
    ),
)
"""All that a project needs, where its organisation offers it: classic releases may be switched off."""
