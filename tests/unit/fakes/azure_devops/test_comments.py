"""The stand-in keeps comments as Azure DevOps does."""

import pytest
from azure.devops.v7_1.work_item_tracking.models import CommentCreate, CommentUpdate

from fakes.azure_devops.asking import op, refuse


@pytest.fixture
def number(org):
    return org.person_creates("Churn", "An item").id


def add(wit, number, text, kind="markdown"):
    return wit.add_work_item_comment(CommentCreate(text=text), "Churn", number, kind)


def test_comment_is_a_revision(org, wit, number):
    """A comment counts as a change of its item, with its text as that revision's history only."""
    comment = add(wit, number, "*a*")
    assert ("markdown", 1, org.bot.id) == (comment.format, comment.version, comment.created_by.id)
    item = wit.get_work_item(number)
    assert (2, 1, "*a*") == (item.rev, item.fields["System.CommentCount"], item.fields["System.History"])
    assert comment.id == item.comment_version_ref.comment_id
    org.person_retitles(number, "b")
    assert "System.History" not in wit.get_work_item(number).fields


def test_history_is_a_comment(org, wit, number):
    """A patch of the history adds one."""
    wit.update_work_item([op("/fields/System.History", "a")], number)
    assert [("a", "html")] == [(each.text, each.format) for each in org.items[number].comments]


def test_comment_is_changed_by_its_writer(org, wit, number):
    """Nobody else may; a change is a version of the comment, no revision of the item."""
    ours, theirs = add(wit, number, "a"), org.person_comments(number, "b")
    changed = wit.update_work_item_comment(CommentUpdate(text="c"), "Churn", number, ours.id, "html")
    assert ("c", 2, "html", 3) == (changed.text, changed.version, changed.format, org.items[number].rev)
    refuse(
        "CommentUpdateException",
        wit.update_work_item_comment,
        CommentUpdate(text="d"),
        "Churn",
        number,
        theirs.id,
        "markdown",
    )
    org.person_edits_comment(number, theirs.id, "e")
    assert ("e", 2) == (wit.get_comment("Churn", number, theirs.id).text, theirs.version)


@pytest.mark.parametrize("text", ["", " ", "x" * 1_000_001])
def test_bad_text_is_refused(org, wit, number, text):
    """An empty or endless comment is not kept."""
    with pytest.raises(Exception, match="comment text"):
        add(wit, number, text)
    assert 1 == org.items[number].rev


def test_unknown_format_is_refused(wit, number):
    """There are two formats."""
    refuse("ArgumentException", add, wit, number, "a", "rst")


def test_comments_come_in_pages(org, wit, number):
    """The newest come first, and new ones shift no page."""
    org.limits.page = 2
    for text in "abc":
        org.person_comments(number, text)
    first = wit.get_comments("Churn", number)
    assert (3, ["c", "b"]) == (first.total_count, [each.text for each in first.comments])
    org.person_comments(number, "d")
    second = wit.get_comments("Churn", number, continuation_token=first.continuation_token)
    assert (["a"], None) == ([each.text for each in second.comments], second.continuation_token)
    assert ["a", "b"] == [
        each.text for each in wit.get_comments("Churn", number, top=5, order="asc").comments
    ]
    refuse("ArgumentException", wit.get_comments, "Churn", number, continuation_token="odd")


def test_deleted_comment_is_hidden(org, wit, number):
    """It is only shown to whoever asks for deleted ones, and without its text."""
    comment = add(wit, number, "a")
    wit.delete_comment("Churn", number, comment.id)
    refuse("CommentNotFoundException", wit.get_comment, "Churn", number, comment.id)
    assert 0 == wit.get_comments("Churn", number).total_count
    found = wit.get_comment("Churn", number, comment.id, include_deleted=True)
    assert (True, "") == (found.is_deleted, found.text)


def test_comment_belongs_to_its_item(org, wit, number):
    """It is found with its item and its project only."""
    comment = add(wit, number, "a")
    other = org.person_creates("Churn", "Other").id
    org.add_project("Ranking")
    refuse("CommentNotFoundException", wit.get_comment, "Churn", other, comment.id)
    refuse("WorkItemUnauthorizedAccessException", wit.get_comment, "Ranking", number, comment.id)


def test_comment_is_rendered(wit, number):
    """HTML of it comes on demand."""
    comment = add(wit, number, "<a>")
    assert (
        "<p>&lt;a&gt;</p>"
        == wit.get_comment("Churn", number, comment.id, expand="renderedText").rendered_text
    )
    assert None is wit.get_comment("Churn", number, comment.id).rendered_text


def test_reactions(wit, number):
    """A comment can be liked, and the like taken back."""
    comment = add(wit, number, "a")
    assert 1 == wit.create_comment_reaction("Churn", number, comment.id, "like").count
    shown = wit.get_comment("Churn", number, comment.id, expand="reactions").reactions
    assert [("like", 1, True)] == [(each.type, each.count, each.is_current_user_engaged) for each in shown]
    assert 0 == wit.delete_comment_reaction("Churn", number, comment.id, "like").count
    refuse("ArgumentException", wit.create_comment_reaction, "Churn", number, comment.id, "odd")
