"""The one comment of the bot on a pull request, as Markdown that GitHub and Azure Repos both show."""

from collections.abc import Mapping, Sequence

from trainboard.check_groups import Group, group_checks
from trainboard.item_links import Item, Link
from trainboard.metric_gate import ItemFindings
from trainboard.pull_request_view import PullRequestView
from trainboard.pull_requests import GateState, PullRequest
from trainboard.read import TrackedItem
from trainboard.rendering.approvals import list_approvals
from trainboard.rendering.checks import (
    checks_block,
    count_checks,
    name_checks,
    render_deployments,
)
from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code
from trainboard.rendering.links import say_link
from trainboard.rendering.metric_gate import SHORT_COMMIT, item_link, metric_blocks, render_gate_title
from trainboard.rendering.notebooks import notebooks_block
from trainboard.rendering.numbers import count
from trainboard.rendering.results import results_block
from trainboard.rendering.triggers import triggers_block

_NAME_CHARACTERS = 80
_PATH_CHARACTERS = 120
_MAX_PATHS = 5
_MAX_ITEMS = 20

_GATE: dict[GateState, str] = {
    "waiting": "waiting",
    "success": "✓ met",
    "failure": "✗ not met",
    "neutral": "neutral",
}


def render_pull_request(view: PullRequestView, max_bytes: int) -> str:
    """All that is known of the pull request, in at most `max_bytes` of UTF-8.

    Raises:
        ValueError: `max_bytes` is too small for the headline; 2,000 are always enough.
    """
    blocks = [
        _headline(view),
        *metric_blocks(view.verdict),
        checks_block(view.checks),
        results_block(view.numbers, view.checks),
        checks_block(view.queued_checks, "Checks in the merge queue"),
        checks_block(view.later_checks, "Checks of the merge commit"),
        _deployments(view),
        triggers_block(view.triggers),
        _infrastructure(view),
        notebooks_block(view, _paths(view.paths.lone_notebooks)),
        _items(view.verdict.items, {link.item: link for link in view.links}),
        _footer(view),
    ]
    return fit(blocks, max_bytes)


def _headline(view: PullRequestView) -> Block:
    pull_request, verdict = view.pull_request, view.verdict
    gate = f"Metric gate {'waived' if verdict.waiver else _GATE[verdict.state]}"
    sentence = " · ".join(filter(None, [gate, count_checks(view.checks)]))
    reason = inert(render_gate_title(verdict, pull_request.head, view.silent))
    text = f"### Trainboard\n\n**{sentence}**\n\n{reason}. {_standing(pull_request)}"
    return Block(name="headline", head=text)


def _standing(pull_request: PullRequest) -> str:
    head = inert_code(pull_request.head[:SHORT_COMMIT])
    match pull_request.state:
        case "merged":
            merged_as = inert_code((pull_request.merged_as or "")[:SHORT_COMMIT])
            return f"Merged as {merged_as}." if merged_as else "Merged."
        case "closed":
            return f"Closed at {head} without a merge."
        case _:
            return f"The head commit is {head}."


def _deployments(view: PullRequestView) -> Block:
    line = render_deployments(view.deployments)
    text = "\n\n".join(filter(None, [line, list_approvals(view.approvals, view.decisions)]))
    return Block(name="Deployments", head=f"#### Deployments\n\n{text}" if text else "")


def _infrastructure(view: PullRequestView) -> Block:
    kinds = view.paths.infrastructure
    if not kinds:
        return Block(name="Infrastructure", head="")
    plans = group_checks(view.checks).get(Group.INFRASTRUCTURE, ())
    plan = (
        f"Plan or what-if: {name_checks(plans)}." if plans else "No plan or what-if check has reported yet."
    )
    lines = "\n".join(f"- {kind}: {_paths(paths)}" for kind, paths in kinds.items())
    return Block(name="Infrastructure", head=f"#### Infrastructure\n\n{lines}\n\n{plan}")


def _items(items: Sequence[ItemFindings], links: Mapping[Item, Link]) -> Block:
    rows = tuple(_item_row(found.item, links) for found in items[:_MAX_ITEMS])
    hidden = len(items) - len(rows)
    tail = f"{count(hidden, 'more work item')} not shown." if hidden else ""
    return Block(name="Work items", head="#### Work items\n" if rows else "", rows=rows, tail=tail)


def _item_row(item: TrackedItem, links: Mapping[Item, Link]) -> str:
    link = links.get((item.tracker, item.ref))
    said = say_link(link) if link else ""
    return f"- {item_link(item)}: {item.state}{f', {said}' if said else ''}"


def _footer(view: PullRequestView) -> Block:
    address = find_address(view.page_url)
    return Block(name="Links", head=f"[All pull requests]({address})" if address else "")


def _paths(paths: Sequence[str]) -> str:
    names = [inert_code(path, _PATH_CHARACTERS) or NO_NAME for path in paths[:_MAX_PATHS]]
    hidden = len(paths) - len(names)
    return ", ".join(names) + (f" and {hidden:,} more" if hidden else "")
