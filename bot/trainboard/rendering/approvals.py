"""Approvals in words: who may answer one or did, and what became of a word that the bot was to pass on."""

from collections.abc import Sequence

from trainboard.approvals import Decision, DecisionState
from trainboard.pull_requests import Approval
from trainboard.rendering.inert import find_address, inert, inert_code, plain

_NAME_CHARACTERS = 80
_REASON_CHARACTERS = 400
_COMMENT_CHARACTERS = 500
_MAX_APPROVERS = 5
_MAX_ANNOUNCED = 20
_MAX_APPROVALS = 10
_MAX_DECISIONS = 5

_ANSWERS = {
    "approved": "was approved",
    "rejected": "was rejected",
    "skipped": "needed no approval",
    "timed out": "got no approval in time",
}
_VERBS = {"approved": "approve", "rejected": "reject"}


def say_approval(approval: Approval) -> str:
    """Who answered it, or who may."""
    what = _name(approval) or "A run"
    if approval.state != "pending":
        by = inert(approval.by, _NAME_CHARACTERS)
        return f"{what} {_ANSWERS[approval.state]}{f' by {by}' if by else ''}"
    who = _list_names(approval.approvers, _MAX_APPROVERS)
    return f"{what} waits for an approval{f' by one of: {who}' if who else ''}"


def list_approvals(approvals: Sequence[Approval], decisions: Sequence[Decision]) -> str:
    """A line for each approval, those that wait first, and the last words that were not passed on."""
    wanted = sorted(approvals, key=lambda each: (each.state != "pending", each.at, each.ref))
    rows = [f"- {say_approval(each)}" for each in wanted[:_MAX_APPROVALS]]
    told = [each for each in decisions if each.state is not DecisionState.PASSED_ON]
    return "\n".join([*rows, *(f"- {say_decision(each)}" for each in told[-_MAX_DECISIONS:])])


def announce(approval: Approval, approvers: Sequence[str]) -> str:
    """What a comment on a work item says of one that is awaited. It begins with our own words."""
    who = _list_names(approvers, _MAX_ANNOUNCED)
    by = f" It may be given by one of: {who}." if who else ""
    commit = inert_code((approval.commit or "")[:7])
    address = find_address(approval.url)
    look = f" [Look at the run]({address})." if address else ""
    of_commit = f" of {commit}" if commit else ""
    what = _name(approval) or "a run"
    return f"Somebody is needed: {what} waits for an approval{of_commit}.{by}{look}"


def explain_decision(decision: Decision) -> str:
    """What the platform is told of a word that is passed on: plain text of one line."""
    where = "pull request" if decision.origin.is_pull_request else "work item"
    place = f"{where} {decision.origin.ref}"
    name = decision.person.name
    return plain(f"{decision.verdict.capitalize()} as {name} asked on {place}.", _COMMENT_CHARACTERS)


def say_decision(decision: Decision) -> str:
    """What became of a person's word that was not passed on."""
    who = inert(decision.person.name, _NAME_CHARACTERS)
    what = inert_code(decision.environment, _NAME_CHARACTERS) or "a run"
    reason = inert(decision.reason, _REASON_CHARACTERS)
    wish = f"{who} wanted to {_VERBS[decision.verdict]} {what}"
    address = find_address(decision.url)
    there = f" [Answer it there]({address})." if address else ""
    match decision.state:
        case DecisionState.ASKED:
            return f"{wish}: it is being passed on."
        case DecisionState.UNSURE:
            return f"{wish}: it may have been passed on. {reason}{there}"
        case _:
            return f"{wish}: ✗ not passed on. {reason}{there}"


def _name(approval: Approval) -> str:
    return inert_code(approval.environment or approval.run, _NAME_CHARACTERS)


def _list_names(names: Sequence[str], most: int) -> str:
    shown = [inert(name, _NAME_CHARACTERS) for name in names[:most]]
    more = len(names) - len(shown)
    return ", ".join([*filter(None, shown), *([f"{more:,} more"] if more else [])])
