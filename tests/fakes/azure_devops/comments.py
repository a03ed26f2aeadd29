"""Comments on work items."""

from html import escape

from fakes.azure_devops.patches import Draft, keep
from fakes.azure_devops.refusals import Refused, bad_argument, missing_comment
from fakes.azure_devops.relations import url_of
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso
from fakes.azure_devops.state import Comment

REACTIONS = ("like", "dislike", "heart", "hooray", "smile", "confused")


def _item_of(org, asked):
    """Comments are only found with their project."""
    return org.find_item(asked.values["workItemId"], org.project_of(asked))


def _find(item, asked):
    number = asked.values["commentId"]
    found = next((each for each in item.comments if str(each.id) == number), None)
    if found is None or (found.is_deleted and not asked.flag("includeDeleted")):
        raise missing_comment(number)
    return found


def add_comment(org, draft, text, who, kind="html"):
    """Keep a draft together with a comment: one revision, whose history is the comment."""
    comment = Comment(org.new_id("comment"), text, kind, who, org.now, org.now)
    draft.fields["System.History"] = text
    draft.fields["System.CommentCount"] = draft.fields.get("System.CommentCount", 0) + 1
    draft.formats["System.History"] = kind
    item = keep(org, draft, who, comment.id)
    item.comments.append(comment)
    org.announce_item(draft.is_new, item)
    org.announce("workitem.commented", item)
    return item


def _read_text(org, asked):
    text = (asked.json or {}).get("text")
    if not text or not text.strip():
        raise bad_argument("The comment text cannot be empty.", "ArgumentNullException")
    if len(text) > org.limits.long_text:
        raise bad_argument("The comment text is too long.", "CommentUpdateException")
    return text


def _read_kind(org, asked):
    """Without a format in the query, HTML; Markdown only where the server knows it."""
    kind = asked.query.get("format", "html").lower()
    if kind not in {"html", "markdown"}:
        raise bad_argument(f"The format '{kind}' is not valid.")
    return kind if org.edition.knows_markdown else "html"


@route("POST", "wit.comments")
def create(org, asked):
    item, text = _item_of(org, asked), _read_text(org, asked)
    draft = Draft(org, item, item.project, item.type)
    add_comment(org, draft, text, asked.who, _read_kind(org, asked))
    return render(org, asked, item, item.comments[-1])


@route("PATCH", "wit.comments")
def update(org, asked):
    """Only whoever wrote a comment may change it; the item's revision stays."""
    item = _item_of(org, asked)
    comment, text = _find(item, asked), _read_text(org, asked)
    if comment.by != asked.who:
        text = "You do not have permission to update this comment."
        raise Refused(403, "CommentUpdateException", text)
    change(comment, text, org.now)
    if "format" in asked.query:
        comment.format = _read_kind(org, asked)
    return render(org, asked, item, comment)


def change(comment, text, at):
    comment.versions.append(comment.text)
    comment.text, comment.modified_at = text, at
    comment.version += 1


@route("DELETE", "wit.comments")
def delete(org, asked):
    comment = _find(_item_of(org, asked), asked)
    comment.is_deleted, comment.modified_at = True, org.now
    return Answer(None, 204)


@route("GET", "wit.comments")
def get(org, asked):
    """One comment, or all in pages: the newest first unless `order` says `asc`."""
    item = _item_of(org, asked)
    if "commentId" in asked.values:
        return render(org, asked, item, _find(item, asked))
    shown = [each for each in item.comments if asked.flag("includeDeleted") or not each.is_deleted]
    if asked.query.get("order", "desc").lower() != "asc":
        shown.reverse()
    size = min(asked.number("$top", org.limits.page), org.limits.page)
    start = _read_token(shown, asked.query.get("continuationtoken"))
    page = shown[start : start + size]
    answer = {"totalCount": len(shown), "count": len(page)}
    if start + size < len(shown):
        token = f"c{shown[start + size].id}"
        answer |= {"continuationToken": token}
        answer["nextPage"] = f"{url_of(org, item)}/comments?$top={size}&continuationToken={token}"
    return answer | {"comments": [render(org, asked, item, each) for each in page]}


def _read_token(shown, token):
    """A token names the first comment of its page, so that new ones shift nothing."""
    if not token:
        return 0
    places = [place for place, comment in enumerate(shown) if f"c{comment.id}" == token]
    if not places:
        raise bad_argument("The continuation token is not valid.")
    return places[0]


def render(org, asked, item, comment):
    url = f"{url_of(org, item)}/comments/{comment.id}"
    answer = {
        "mentions": [],
        "workItemId": item.id,
        "id": comment.id,
        "version": comment.version,
        "text": "" if comment.is_deleted else comment.text,
        "createdBy": identity_ref(org, comment.by),
        "createdDate": iso(comment.created_at),
        "modifiedBy": identity_ref(org, comment.by),
        "modifiedDate": iso(comment.modified_at),
        **({"format": comment.format} if org.edition.knows_markdown else {}),
        "url": url,
    }
    if comment.is_deleted:
        answer["isDeleted"] = True
    if asked.expands("renderedtext"):
        answer["renderedText"] = (
            comment.text if comment.format == "html" else f"<p>{escape(comment.text)}</p>"
        )
    if asked.expands("reactions"):
        answer["reactions"] = [
            render_reaction(comment, url, kind, asked.who) for kind in sorted(comment.reactions)
        ]
    return answer


def render_reaction(comment, url, kind, who):
    people = comment.reactions.get(kind, set())
    return {
        "type": kind,
        "count": len(people),
        "isCurrentUserEngaged": who.id in people,
        "commentId": comment.id,
        "url": f"{url}/reactions/{kind}",
    }


@route("PUT", "wit.reactions")
def react(org, asked):
    item = _item_of(org, asked)
    comment, kind = _find(item, asked), asked.values["reactionType"]
    if kind not in REACTIONS:
        raise bad_argument(f"The reaction '{kind}' is not valid.")
    comment.reactions.setdefault(kind, set()).add(asked.who.id)
    return render_reaction(comment, f"{url_of(org, item)}/comments/{comment.id}", kind, asked.who)


@route("DELETE", "wit.reactions")
def take_back(org, asked):
    item = _item_of(org, asked)
    comment, kind = _find(item, asked), asked.values["reactionType"]
    comment.reactions.get(kind, set()).discard(asked.who.id)
    return render_reaction(comment, f"{url_of(org, item)}/comments/{comment.id}", kind, asked.who)
