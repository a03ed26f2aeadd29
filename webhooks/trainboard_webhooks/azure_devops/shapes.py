"""Where the resource of each kind says what it is about, and what tells its events apart.

Source: Microsoft, "Service hook events".
"""

from typing import NamedTuple

from trainboard_webhooks.azure_devops.places import find_word
from trainboard_webhooks.payload import Payload

Path = tuple[str, ...]

_RUN: tuple[Path, ...] = (("run", "id"), ("runId",))


class Shape(NamedTuple):
    """What is about one thing.

    `place` and the number are the thing's name, `{}` is the organisation. `numbers` are the places where
    the number may be, the first that is there counts; `marks` are what tells one event about the thing
    from another, together. Without the first of them, or without any, the event's own id does.
    """

    place: str
    numbers: tuple[Path, ...]
    marks: tuple[Path, ...] = ()


def find_number(kind: str, payload: Payload) -> str | None:
    """The number of the thing that a notification of `kind` is about, None if it does not say."""
    places = SHAPES[kind].numbers if kind in SHAPES else ()
    found = (find_word(payload, "resource", *place) for place in places)
    return next(filter(None, found), None)


_ITEM = Shape("azure-boards:{}#", (("id",),), (("rev",),))
_REPOSITORY = Shape(
    "azure-repos:{}/",
    (("repository", "id"), ("repositoryId",)),
    (("utcTimestamp",), ("newName",), ("disabled",)),
)
_REQUEST = "azure-repos:{}#"
_PIPELINE = "azure-pipelines:{}#"
_APPROVAL = Shape(
    _PIPELINE,
    (*_RUN, ("approval", "pipeline", "owner", "id"), ("approvalId",), ("approval", "id")),
    (("approval", "lastModifiedOn"), ("approval", "id"), ("approval", "status")),
)

SHAPES = {
    "workitem.created": Shape(_ITEM.place, _ITEM.numbers, _ITEM.numbers),
    "workitem.commented": _ITEM,
    "workitem.deleted": _ITEM,
    "workitem.restored": _ITEM,
    # `id` of an update counts the updates of the work item.
    # A change of links alone raises no revision.
    "workitem.updated": Shape(_ITEM.place, (("workItemId",), ("revision", "id")), (("rev",), ("id",))),
    "git.repo.renamed": _REPOSITORY,
    "git.repo.deleted": _REPOSITORY,
    "git.repo.statuschanged": _REPOSITORY,
    "git.push": Shape("azure-repos:{}/", (("repository", "id"),), (("pushId",),)),
    "git.pullrequest.created": Shape(_REQUEST, (("pullRequestId",),), (("pullRequestId",),)),
    "git.pullrequest.merged": Shape(
        _REQUEST, (("pullRequestId",),), (("mergeId",), ("status",), ("mergeStatus",))
    ),
    # It does not say what was updated, and the same may be updated to and fro.
    "git.pullrequest.updated": Shape(_REQUEST, (("pullRequestId",),)),
    "ms.vss-code.git-pullrequest-comment-event": Shape(
        _REQUEST,
        (("pullRequest", "pullRequestId"),),
        (
            ("comment", "lastUpdatedDate"),
            ("comment", "lastContentUpdatedDate"),
            ("comment", "_links", "threads", "href"),
            ("comment", "id"),
            ("comment", "isDeleted"),
        ),
    ),
    "build.complete": Shape(_PIPELINE, (("id",),), (("finishTime",), ("result",))),
    "ms.vss-pipelines.run-state-changed-event": Shape(
        _PIPELINE, _RUN, (("run", "finishedDate"), ("run", "state"), ("run", "result"))
    ),
    "ms.vss-pipelines.stage-state-changed-event": Shape(
        _PIPELINE,
        _RUN,
        (("stage", "attempt"), ("stage", "id"), ("stage", "name"), ("stage", "state"), ("stage", "result")),
    ),
    "ms.vss-pipelines.job-state-changed-event": Shape(
        _PIPELINE,
        _RUN,
        (("job", "attempt"), ("job", "id"), ("job", "name"), ("job", "state"), ("job", "result")),
    ),
    "ms.vss-pipelinechecks-events.approval-pending": _APPROVAL,
    "ms.vss-pipelinechecks-events.approval-completed": _APPROVAL,
}
