"""The discussion of a work item."""

from datetime import UTC, datetime

import pytest

from trainboard.errors import MissingError, PermanentError

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def bodies(tracker, since=LONG_AGO):
    return [comment.body for comment in tracker.list_comments("1", since=since)]


def test_comment_is_markdown(azure, warm):
    """A comment is sent as Markdown, and its hidden mark is kept."""
    body = "**one**\n\n<!-- trainboard:begin v1 key=comment:0 mac=1 -->\nx\n<!-- trainboard:end -->"
    made = warm.create_comment("1", body)
    kept = azure.items[1].comments[0]
    assert ("markdown", body, True) == (kept.format, made.body, made.ours)
    assert "<!--" not in kept.text


def test_comments_over_several_pages(azure, warm):
    """A discussion is whole, however many pages it has."""
    azure.limits.page = 3
    wanted = [f"c{number}" for number in range(8)]
    for body in wanted:
        azure.person_comments(1, body, kind="markdown")
    assert wanted == bodies(warm)
    assert 3 == azure.calls().count("GET wit.comments")


def test_edited_comment_counts_as_new(azure, warm, clock):
    """A comment that was changed since is listed, although it was made before."""
    first, _ = (azure.person_comments(1, body) for body in ("one", "two"))
    clock.forward(minutes=1)
    azure.person_edits_comment(1, first.id, "one, better")
    assert ["one, better"] == bodies(warm, since=clock())


def test_deleted_comment_is_gone(azure, warm):
    """What somebody took back is not read."""
    azure.person_comments(1, "one").is_deleted = True
    assert [] == bodies(warm)


def test_html_comment_of_a_person_is_read_as_text(azure, warm):
    """A comment from the editor of HTML reads as what was typed."""
    azure.person_comments(1, "<div>/promote staging</div><div>now &amp; here</div>")
    assert ["/promote staging\nnow & here"] == bodies(warm)


def test_comment_of_somebody_else_is_not_changed(azure, warm):
    """Only whoever wrote a comment may change it."""
    theirs = azure.person_comments(1, "theirs")
    with pytest.raises(PermanentError, match="permission"):
        warm.update_comment("1", str(theirs.id), "ours")


def test_comment_that_is_none(azure, warm):
    """Text is no number of a comment."""
    with pytest.raises(MissingError):
        warm.update_comment("1", "1/../2", "x")
    assert [] == azure.calls()
