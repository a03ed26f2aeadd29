"""An approval is awaited: say so once where people plan. And what it means that somebody answers one."""

from collections.abc import Iterator

from trainboard.approvals import Answer, choose
from trainboard.effects import AnnounceApproval, DecideApproval
from trainboard.events import ApprovalReported
from trainboard.pull_requests import PullRequest
from trainboard.read import Read
from trainboard.run_requests import Asking

HANDLES = (ApprovalReported,)


def react(event: ApprovalReported, read: Read) -> Iterator[AnnounceApproval]:
    """An announcement on each work item of ours that the commit belongs to, unless it was made before."""
    approval = event.approval
    if approval.state != "pending" or approval.commit is None:
        return
    if not read.list_projects_of_code(approval.code):
        return
    links = dict.fromkeys(
        link
        for each in read.list_pull_requests_of_commit(approval.code, approval.commit)
        for link in read.list_links(each.code, each.number)
    )
    for tracker, ref in links:
        item = read.find_item_by_ref(tracker, ref)
        if item is None or item.state == "gone":
            continue
        effect = AnnounceApproval(
            project=item.project,
            experiment=item.experiment,
            number=item.number,
            code=approval.code,
            approval=approval.ref,
        )
        if not read.was_applied(effect.key):
            yield effect


def decide(
    project: str, pull_request: PullRequest, answer: Answer, asking: Asking, read: Read
) -> Iterator[DecideApproval]:
    """What passes a person's word on to each approval that waits in the environment.

    Args:
        project: whose model versions are looked at.
        pull_request: the one whose commits wait, as the person saw it.
        answer: the word.
        asking: where and when it was said.
        read: what is known.

    Raises:
        ApprovalError: nothing waits there, or it must be said which is meant.
    """
    commits = dict.fromkeys(filter(None, [pull_request.head, pull_request.merged_as]))
    waiting = [each for commit in commits for each in read.list_approvals(pull_request.code, commit)]
    for approval in choose(waiting, answer.environment):
        yield DecideApproval(
            project=project,
            code=approval.code,
            approval=approval.ref,
            verdict=answer.verdict,
            person=answer.person,
            origin=asking.origin,
            asked=asking.key,
            at=asking.at,
            head=pull_request.head,
            environment=approval.environment,
            versions=tuple(read.list_versions_of(project, approval.code, approval.commit or "")),
        )
