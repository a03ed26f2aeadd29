"""`/status`: how this stands, and a fresh look at it."""

from collections.abc import Iterator

from trainboard.comments import Role
from trainboard.effects import EnsureAlertItem, EnsureExperimentItem
from trainboard.grammar.declaration import Answer, Asking, Call, Command, Outcome
from trainboard.handlers.pull_requests import show_status
from trainboard.metrics import judge_again
from trainboard.rendering.command_status import (
    render_item,
    render_problem,
    render_pull_request,
    render_unknown,
)


def run(_: Call, asking: Asking) -> Iterator[Outcome]:
    """In a few lines; what the bot shows here is made anew beside."""
    read, origin = asking.read, asking.origin
    if asking.pull_request is not None:
        yield from _pull_request(asking)
    elif asking.item is not None:
        item = asking.item
        pulls = read.list_pull_requests_of_item(asking.board, origin.ref)
        name = read.find_iteration_name(item.project, item.number)
        runs = read.list_runs_of_item(item)
        judgements = judge_again(read.list_judgements_of_item(item), runs)
        yield Answer(render_item(item, name or f"sprint {item.number}", runs, judgements, pulls))
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
    elif problem := read.find_problem_by_ref(asking.board, origin.ref):
        yield Answer(render_problem(problem, read.now))
        yield EnsureAlertItem(project=problem.project, problem=problem.key)
    else:
        yield Answer(render_unknown())


def _pull_request(asking: Asking) -> Iterator[Outcome]:
    pull, read = asking.pull_request, asking.read
    if pull is None:
        return
    commits = dict.fromkeys(filter(None, [pull.head, pull.merged_as]))
    waiting = [
        each
        for commit in commits
        for each in read.list_approvals(pull.code, commit)
        if each.state == "pending"
    ]
    yield Answer(render_pull_request(pull, read.list_links(pull.code, pull.number), waiting))
    yield show_status(pull.code, pull.number, [asking.project])


COMMAND = Command(
    name="status",
    summary="tell how this stands, and look at it anew",
    role=Role.ANYONE,
    in_place=True,
    examples=("/status",),
    run=run,
)
