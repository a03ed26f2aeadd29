"""Comments of issues and pull requests, and reactions to them."""

from fakes.github.routes import check_body, find_comment, find_issue, route
from fakes.github.shapes import REACTIONS, iso
from fakes.github.state import Comment, Refused


def need_unlocked(issue, asked):
    """An App without a role of its own may say nothing on a locked item."""
    if issue.is_locked:
        raise Refused(403, "Unable to create comment because issue is locked.")


@route("GET", r"/issues/(\d+)/comments")
def list_comments(hub, repository, asked, number):
    issue = find_issue(repository, number)
    since = asked.query.get("since", "")
    found = [comment for comment in issue.comments if iso(comment.updated_at) >= since]
    return 200, [hub.shapes.comment(repository, issue, comment) for comment in found]


@route("POST", r"/issues/(\d+)/comments")
def create_comment(hub, repository, asked, number):
    issue = find_issue(repository, number)
    need_unlocked(issue, asked)
    check_body("IssueComment", asked.json["body"])
    comment = Comment(hub.new_id(), asked.actor, asked.json["body"], hub.now, hub.now)
    issue.comments.append(comment)
    issue.updated_at = hub.now
    return 201, hub.shapes.comment(repository, issue, comment)


@route("GET", "/issues/comments")
def list_all_comments(hub, repository, asked):
    since = asked.query.get("since", "")
    found = [
        (issue, comment)
        for issue in repository.issues.values()
        for comment in issue.comments
        if iso(comment.updated_at) >= since
    ]
    found.sort(key=lambda each: each[1].updated_at)
    return 200, [hub.shapes.comment(repository, *each) for each in found]


@route("GET", r"/issues/comments/(\d+)")
def get_comment(hub, repository, asked, number):
    return 200, hub.shapes.comment(repository, *find_comment(repository, number))


@route("PATCH", r"/issues/comments/(\d+)")
def update_comment(hub, repository, asked, number):
    issue, comment = find_comment(repository, number)
    check_body("IssueComment", asked.json["body"])
    comment.body, comment.updated_at = asked.json["body"], hub.now
    return 200, hub.shapes.comment(repository, issue, comment)


@route("POST", r"/issues/comments/(\d+)/reactions")
def create_reaction(hub, repository, asked, number):
    """Each of an account once: the second time GitHub answers 200."""
    issue, comment = find_comment(repository, number)
    need_unlocked(issue, asked)
    content = asked.json["content"]
    assert content in REACTIONS
    said = (asked.actor.login, content)
    is_new = said not in comment.reactions
    if is_new:
        comment.reactions.append(said)
    reaction = {
        "id": comment.reactions.index(said) + 1,
        "node_id": "R1",
        "user": hub.shapes.user(asked.actor.login, asked.actor.id),
        "content": content,
        "created_at": iso(hub.now),
    }
    return (201 if is_new else 200), reaction
