"""Names that we give to things, stable over restarts and machines."""

import hashlib


def fingerprint(*parts: str) -> str:
    """24 hex digits that are the same for the same parts, in this order, and for no others."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()[:24]


def experiment_key(project: str, experiment: str, number: int) -> str:
    """The key of an experiment's work item in one sprint."""
    return "experiment:" + fingerprint(project, experiment, str(number))


def plan_key(tracker: str, ref: str) -> str:
    """The key of the comment that tells why a plan is not taken."""
    return "plan:" + fingerprint(tracker.casefold(), ref)


def status_key(code: str, number: int) -> str:
    """The key of the bot's one comment on a pull request."""
    return "status:" + fingerprint(code.casefold(), str(number))


def announcement_key(code: str, approval: str) -> str:
    """The key of the comment that tells of an awaited approval."""
    return "approval:" + fingerprint(code.casefold(), approval)


def milestones_key(tracker: str, ref: str, batch: int) -> str:
    """The key of a comment that tells what happened to the work item's experiment."""
    return "milestones:" + fingerprint(tracker.casefold(), ref, str(batch))


def mention_key(project: str) -> str:
    """The key of the names of a project's work items in one description."""
    return "mention:" + fingerprint(project)


def card_key(board: str, tracker: str, ref: str) -> str:
    """The key of a work item's card on a board."""
    return "card:" + fingerprint(board.casefold(), tracker.casefold(), ref)


def iteration_key(project: str, number: int) -> str:
    """The key of a sprint in a project's tracker."""
    return "iteration:" + fingerprint(project, str(number))


def report_key(project: str, number: int) -> str:
    """The key of the work item, or page, that holds the report of a sprint."""
    return "report:" + fingerprint(project, str(number))


def digest_key(effect: str) -> str:
    """The key of the comment that a digest is."""
    return "digest:" + fingerprint(effect)


def answer_key(place: str, ref: str, comment: str) -> str:
    """The key of the bot's answer to a comment."""
    return "answer:" + fingerprint(place.casefold(), ref, comment)


def refactoring_key(project: str, code: str, path: str) -> str:
    """The key of the work item of a notebook."""
    return "refactor:" + fingerprint(project, code.casefold(), path)


def merge_key(refactoring: str, pull_request: int) -> str:
    """The key of the comment that tells of a merge on the work item of a notebook, by the key of that."""
    return "merge:" + fingerprint(refactoring, str(pull_request))


def part_key(asked: str, place: int) -> str:
    """The key of a part of a work item that somebody split."""
    return "part:" + fingerprint(asked, str(place))
