"""`/why`: why the bot did here what it did."""

from collections.abc import Iterator

from trainboard.comments import Role
from trainboard.effects import EnsureAlertItem, EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.grammar.declaration import Answer, Asking, Call, Command, Outcome
from trainboard.rendering.commands import render_reasons

_MOST = 5


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """What it did last, and what made it do so."""
    mailbox = _find_mailbox(asking)
    yield Answer(render_reasons(asking.read.list_reasons(mailbox, _MOST) if mailbox else ()))


def _find_mailbox(asking: Asking) -> str:
    """Where what is done here is asked for, empty where nothing is."""
    project, item = asking.project.name, asking.item
    if asking.pull_request is not None:
        pull = asking.pull_request
        return EnsurePullRequestStatus(project=project, code=pull.code, pull_request=pull.number).mailbox
    if item is not None:
        return EnsureExperimentItem(
            project=item.project, experiment=item.experiment, number=item.number
        ).mailbox
    problem = asking.read.find_problem_by_ref(asking.board, asking.origin.ref)
    return EnsureAlertItem(project=project, problem=problem.key).mailbox if problem else ""


COMMAND = Command(
    name="why",
    summary="tell why the bot did here what it did last",
    role=Role.ANYONE,
    in_place=True,
    examples=("/why",),
    run=run,
)
