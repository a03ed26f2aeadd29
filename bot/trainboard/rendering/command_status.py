"""What `/status` answers, in a few lines."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET

from trainboard.alert_life import Problem
from trainboard.metrics import Judgement
from trainboard.pull_requests import Approval, PullRequest
from trainboard.read import TrackedItem
from trainboard.rendering.approvals import say_approval
from trainboard.rendering.experiment_tables import run_link, say_judgement
from trainboard.rendering.inert import inert, inert_code, link
from trainboard.rendering.numbers import count, minute
from trainboard.runs import RunReport, RunStatus

_MOST = 10
_TITLE_CHARACTERS = 100


def render_item(
    item: TrackedItem,
    sprint: str,
    runs: Sequence[RunReport],
    judgements: Sequence[Judgement],
    pulls: Sequence[PullRequest],
) -> str:
    """An experiment's work item: its runs, what they reached, and its pull requests."""
    carried = f", carried over {count(item.carries, 'time')}" if item.carries else ""
    said = f"Experiment {inert(item.experiment)}: {item.state}, in {inert(sprint)}{carried}."
    rows = [f"- {say_judgement(each)}" for each in judgements[:_MOST]]
    rows += [f"- {_name(pull)}: {pull.state}" for pull in pulls[:_MOST]]
    return "\n".join([f"{said} {_say_runs(runs)}", *([""] if rows else []), *rows])


def render_pull_request(
    pull: PullRequest, links: Sequence[tuple[str, str]], waiting: Sequence[Approval]
) -> str:
    """A pull request; its checks are in the bot's own comment."""
    said = f"Pull request {pull.number} is {pull.state}, at commit {inert_code(pull.head[:12])}."
    items = ", ".join(inert_code(ref) for _, ref in links[:_MOST])
    rows = [f"- It belongs to work item {items}." if items else "- It belongs to no work item."]
    rows += [f"- {say_approval(each)}." for each in waiting[:_MOST]]
    return "\n".join([said, "", *rows])


def render_problem(problem: Problem, now: datetime) -> str:
    """The bug of a problem."""
    rule = inert(problem.rule) or "without a name"
    said = f"Alert {rule} of {inert_code(problem.door)}: the bug is {problem.state}."
    rows = [
        f"It began at {minute(problem.began_at)} UTC, and was told of last at {minute(problem.last_seen_at)}."
    ]
    if problem.quiet_until is not None and problem.quiet_until > now:
        rows.append(f"It is left alone until {minute(problem.quiet_until)} UTC.")
    return "\n\n".join([said, *rows])


def render_unknown() -> str:
    """An item that is not the bot's."""
    return "The bot keeps nothing of this item: it is yours alone."


def _say_runs(runs: Sequence[RunReport]) -> str:
    """How many there are, and how the last one stands."""
    if not runs:
        return "No run of it is known yet."
    counts = Counter(report.run.status for report in runs)
    parts = ", ".join(f"{counts[status]:,} {status}" for status in RunStatus if counts[status])
    last, link_to_last = runs[-1].run, run_link(runs[-1])
    ended_at = last.ended_at if last.status.ended and last.ended_at is not UNSET else None
    ended = f" at {minute(ended_at)} UTC" if ended_at else ""
    return f"{count(len(runs), 'run')} ({parts}). The last one, {link_to_last}: {last.status}{ended}."


def _name(pull: PullRequest) -> str:
    return link(f"{pull.number} {pull.title}", pull.url, _TITLE_CHARACTERS, may_refer=True)
