"""What happened to the issues of a repository, noted when it happens."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class IssueEvent:
    """Something that happened to an issue; `about` is a member of the event and of the webhook, `body`."""

    id: int
    event: str
    issue: object
    actor: object
    at: datetime
    about: dict = field(default_factory=dict)
    body: dict = field(default_factory=dict)


def watch(hub, repository, issue, actor):
    """A moment of the issue to compare with later ones."""
    return hub, repository, issue, actor, _look(issue)


def open_(hub, repository, issue, actor):
    """An issue is made, of which only the webhook tells."""
    return *watch(hub, repository, issue, actor)[:-1], None


def tell(watched):
    """Note what is another than it was, the latest at the end, in the order of GitHub."""
    hub, repository, issue, actor, before = watched
    for event, about in _compare(repository, before, _look(issue)):
        made = IssueEvent(hub.new_id(), event, issue, actor, hub.now, about)
        made.body = hub.shapes.told(repository, made)
        repository.events.append(made)


def _look(issue):
    return {
        "title": issue.title,
        "labels": list(issue.labels),
        "milestone": issue.milestone,
        "state": issue.state,
        "reason": issue.reason,
    }


_NEW = {"title": "", "labels": [], "milestone": None, "state": "open", "reason": None}


def _compare(repository, before, after):
    if before is None:
        yield "opened", {}
    yield from _list_changes(repository, before or _NEW, after)


def _list_changes(repository, before, after):
    if before["title"] != after["title"]:
        yield "renamed", {"rename": {"from": before["title"], "to": after["title"]}}
    for event, one, other in (("unlabeled", before, after), ("labeled", after, before)):
        for name in one["labels"]:
            if name not in other["labels"]:
                yield event, {"label": {"name": name, "color": "ededed"}}
    if before["milestone"] != after["milestone"]:
        for event, number in (("demilestoned", before["milestone"]), ("milestoned", after["milestone"])):
            if number is not None:
                yield event, {"milestone": {"title": repository.milestones[number].title}}
    if before["state"] != after["state"]:
        if after["state"] == "closed":
            yield "closed", {}
        else:
            yield "reopened", {}
