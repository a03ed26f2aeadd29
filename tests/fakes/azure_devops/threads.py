"""Threads of comments on pull requests."""

from dataclasses import dataclass, field
from datetime import datetime

from fakes.azure_devops import pull_requests as pulls
from fakes.azure_devops.refusals import bad_argument, forbidden, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links
from fakes.azure_devops.state import Identity

STATES = {"unknown", "active", "fixed", "wontFix", "closed", "byDesign", "pending"}
SETTLED = {"fixed", "wontFix", "closed", "byDesign"}
EVENT = "ms.vss-code.git-pullrequest-comment-event"


@dataclass(eq=False)
class PullComment:
    """A comment; `changed_at` moves when its text does."""

    id: int
    by: Identity
    content: str
    at: datetime
    changed_at: datetime
    parent: int = 0
    kind: str = "text"
    is_deleted: bool = False
    likes: set = field(default_factory=set)


@dataclass(eq=False)
class Thread:
    """A thread; one without a status asks for nothing."""

    id: int
    at: datetime
    changed_at: datetime
    status: str | None = None
    properties: dict = field(default_factory=dict)
    context: dict | None = None
    comments: list[PullComment] = field(default_factory=list)


def _find(org, asked):
    pull = pulls.find(org, asked)
    found = next((each for each in pull.threads if str(each.id) == asked.values["threadId"]), None)
    if found is None:
        text = f"The thread {asked.values['threadId']} does not exist."
        raise not_found("GitPullRequestCommentThreadNotFoundException", text)
    return pull, found


def _find_comment(thread, asked):
    found = next((each for each in thread.comments if str(each.id) == asked.values["commentId"]), None)
    if found is None:
        text = f"The comment {asked.values['commentId']} does not exist."
        raise not_found("GitPullRequestCommentNotFoundException", text)
    return found


def _check_status(status):
    if status not in {None, *STATES}:
        raise bad_argument(f"The status '{status}' is not valid.")
    return status


def add_comment(org, pull, thread, content, who, *, parent=0, kind="text"):
    """A further comment; it opens a thread again that was settled."""
    if not content:
        raise bad_argument("The comment needs content.", "GitPullRequestCommentInvalidException")
    number = max((each.id for each in thread.comments), default=0) + 1
    comment = PullComment(number, who, content, org.now, org.now, parent, kind)
    if thread.comments and thread.status in SETTLED and kind == "text":
        thread.status = "active"
    thread.comments.append(comment)
    thread.changed_at = org.now
    tell(org, pull, thread, comment)
    return comment


def tell(org, pull, thread, comment):
    facts = {"repository": pull.repository.id, "branch": pull.target, "projectId": pull.repository.project.id}
    org.announce(EVENT, (pull, thread, comment), **facts)


@route("GET", "git.threads")
def get(org, asked):
    if "threadId" in asked.values:
        return render(org, *_find(org, asked))
    pull = pulls.find(org, asked)
    return [render(org, pull, each) for each in pull.threads]


@route("POST", "git.threads")
def create(org, asked):
    pull, wanted = pulls.find(org, asked), asked.json or {}
    thread = Thread(org.new_id("thread"), org.now, org.now, _check_status(wanted.get("status")))
    thread.properties = _type(wanted.get("properties") or {})
    thread.context = wanted.get("threadContext")
    if not wanted.get("comments"):
        raise bad_argument("A thread needs a comment.", "GitPullRequestCommentInvalidException")
    for each in wanted["comments"]:
        parent, kind = each.get("parentCommentId") or 0, each.get("commentType") or "text"
        add_comment(org, pull, thread, each.get("content"), asked.who, parent=parent, kind=kind)
    pull.threads.append(thread)
    return render(org, pull, thread)


def _type(properties):
    """Plain values come back with their type."""
    return {
        name: value if isinstance(value, dict) else {"$type": "System.String", "$value": str(value)}
        for name, value in properties.items()
    }


def _read_change(asked):
    """A change that does not touch authors, as one that sends back what it read would."""
    wanted = asked.json or {}
    if "author" in wanted or any("author" in each for each in wanted.get("comments") or ()):
        raise bad_argument("An author of a comment cannot be updated.\r\nParameter name: Author")
    return wanted


@route("PATCH", "git.threads")
def update(org, asked):
    pull, thread = _find(org, asked)
    wanted = _read_change(asked)
    thread.status = _check_status(wanted.get("status", thread.status))
    thread.properties |= _type(wanted.get("properties") or {})
    thread.changed_at = org.now
    return render(org, pull, thread)


@route("GET", "git.comments")
def get_comments(org, asked):
    pull, thread = _find(org, asked)
    if "commentId" in asked.values:
        return render_comment(org, pull, thread, _find_comment(thread, asked))
    return [render_comment(org, pull, thread, each) for each in thread.comments]


@route("POST", "git.comments")
def create_comment(org, asked):
    pull, thread = _find(org, asked)
    wanted = asked.json or {}
    parent = wanted.get("parentCommentId") or 0
    made = add_comment(org, pull, thread, wanted.get("content"), asked.who, parent=parent)
    return render_comment(org, pull, thread, made)


@route("PATCH", "git.comments")
def update_comment(org, asked):
    """Only whoever wrote a comment may change it."""
    pull, thread = _find(org, asked)
    comment, wanted = _find_comment(thread, asked), _read_change(asked)
    if comment.by != asked.who:
        raise forbidden("You can only change your own comments.")
    comment.content = wanted.get("content", comment.content)
    comment.changed_at = thread.changed_at = org.now
    tell(org, pull, thread, comment)
    return render_comment(org, pull, thread, comment)


@route("POST", "git.likes")
def like(org, asked):
    """One of each account."""
    _, thread = _find(org, asked)
    _find_comment(thread, asked).likes.add(asked.who.id)
    return Answer(None, 200)


@route("DELETE", "git.comments")
def delete_comment(org, asked):
    pull, thread = _find(org, asked)
    comment = _find_comment(thread, asked)
    comment.is_deleted, comment.changed_at = True, org.now
    tell(org, pull, thread, comment)
    return Answer(None, 200)


def url_of(org, pull, thread):
    return f"{pulls.url_of(org, pull)}/threads/{thread.id}"


def render(org, pull, thread):
    url = url_of(org, pull, thread)
    answer = {
        "id": thread.id,
        "publishedDate": iso(thread.at),
        "lastUpdatedDate": iso(thread.changed_at),
        "comments": [render_comment(org, pull, thread, each) for each in thread.comments],
        "threadContext": thread.context,
        "properties": dict(thread.properties),
        "identities": None,
        "isDeleted": all(each.is_deleted for each in thread.comments),
        "_links": links(self=url),
    }
    return answer | ({"status": thread.status} if thread.status else {})


def render_comment(org, pull, thread, comment):
    answer = {
        "id": comment.id,
        "parentCommentId": comment.parent,
        "author": identity_ref(org, comment.by),
        "publishedDate": iso(comment.at),
        "lastUpdatedDate": iso(comment.changed_at),
        "lastContentUpdatedDate": iso(comment.changed_at),
        "commentType": comment.kind,
        "usersLiked": [],
        "_links": links(self=f"{url_of(org, pull, thread)}/comments/{comment.id}"),
    }
    if comment.is_deleted:
        return answer | {"isDeleted": True}
    return answer | {"content": comment.content}
