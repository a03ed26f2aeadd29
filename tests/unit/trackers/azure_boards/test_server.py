"""Azure DevOps Server, which knows no Markdown: texts are HTML, and the adapter learns it by itself."""

import pytest

from fakes.azure_devops.faults import Fault
from trainboard.markers import Markers
from trainboard.trackers.azure_boards.texts import to_stored_html
from trainboard.work_items import NewWorkItem, WorkItemChange

KEY = "experiment:0123456789abcdef01234567"
TEXT = "System.Description"


@pytest.fixture
def tracker(server, open_tracker):
    return open_tracker(server)


def test_description_becomes_html(server, tracker):
    """A text is stored as HTML and read as the Markdown that it was made of."""
    made = tracker.create_item(NewWorkItem(title="t", body="## Runs\n\n- **one**"))
    assert "<h2>Runs</h2>\n<ul>\n<li><strong>one</strong></li>\n</ul>\n" == server.items[1].fields[TEXT]
    assert "## Runs\n\n- **one**" == made.body == tracker.get_item(made.ref).body
    assert 1 == len(server.items)


def test_it_is_learnt_once(server, tracker):
    """The refused format costs one call more, once."""
    tracker.create_item(NewWorkItem(title="t", body="x"))
    server.requests.clear()
    tracker.create_item(NewWorkItem(title="t", body="x"))
    assert ["POST wit.newWorkItem"] == server.calls()


def test_it_is_learnt_from_a_change(server, open_tracker, tracker):
    """After a restart a change of a text may be the first to be refused; it is made all the same."""
    ref = tracker.create_item(NewWorkItem(title="t", body="x")).ref
    changed = open_tracker(server).update_item(ref, WorkItemChange(body="*y*", title="u"))
    assert ("u", "*y*", "<p><em>y</em></p>\n") == (changed.title, changed.body, server.items[1].fields[TEXT])


def test_unchanged_text_is_not_written(server, tracker):
    """What people wrote stays to the letter, and the same part of ours makes no revision."""
    markers = Markers(b"secret", tracker.name)
    ref = tracker.create_item(NewWorkItem(title="t", body=markers.wrap(KEY, "ours"))).ref
    theirs = "<div style='color:red'>auc &gt;= 0.9</div>"
    server.person_describes(1, theirs + server.items[1].fields[TEXT])
    body = tracker.get_item(ref).body
    assert "auc >= 0.9" == markers.outside(body).strip()
    rev = server.items[1].rev
    for text, grown in (("ours", 0), ("ours, new", 1), ("ours, new", 1)):
        changed = tracker.update_item(ref, WorkItemChange(body=markers.replace(body, KEY, text)))
        assert KEY == markers.find_key(changed.body)
        assert rev + grown == server.items[1].rev
    assert server.items[1].fields[TEXT].startswith(theirs)


def test_comments_become_html(server, tracker):
    """A comment is HTML too, which is learnt from the first one."""
    ref = tracker.create_item(NewWorkItem(title="t", body="x")).ref
    first = tracker.create_comment(ref, "**one**")
    server.requests.clear()
    second = tracker.create_comment(ref, "two")
    changed = tracker.update_comment(ref, second.ref, "*two*")
    assert ["**one**", "*two*"] == [first.body, changed.body]
    assert ["<p><strong>one</strong></p>\n", "<p><em>two</em></p>\n"] == [
        each.text for each in server.items[1].comments
    ]
    assert 2 == len(server.calls())


def test_comment_that_could_not_be_written_again_stands(server, tracker):
    """A comment that shows its Markdown is better than one that is made twice."""
    ref = tracker.create_item(NewWorkItem(title="t", body="x")).ref
    server.faults.add(Fault(status=503, body="{}"), method="PATCH", path="comments")
    made = tracker.create_comment(ref, "**one**")
    assert ["**one**"] == [each.text for each in server.items[1].comments]
    assert "**one**" == made.body


def test_server_that_ignores_the_format(azure, open_tracker, monkeypatch):
    """A server that takes the format and forgets it gets its text again as HTML."""
    from fakes.azure_devops.patches import Draft

    monkeypatch.setattr(Draft, "_apply_format", lambda *_: None)
    tracker = open_tracker(azure)
    made = tracker.create_item(NewWorkItem(title="t", body="*x*"))
    assert "<p><em>x</em></p>\n" == azure.items[1].fields[TEXT]
    assert "*x*" == made.body
    azure.faults.add(Fault(status=503, body="{}"), method="PATCH")
    other = open_tracker(azure)
    assert "*y*" == other.create_item(NewWorkItem(title="t", body="*y*")).body
    assert ["t", "t"] == [item.title for item in azure.items.values()]


def test_html_of_people_is_read_where_markdown_is_known(azure, open_tracker):
    """An item that somebody wrote with the editor of HTML is read as Markdown."""
    azure.person_creates("Churn", "theirs", System_Description="<div>auc &gt;= 0.9</div>")
    assert "auc >= 0.9" == open_tracker(azure).get_item("1").body


def test_stored_html_keeps_what_it_replaces_nothing_of():
    """Without marks, a text that reads the same is the same."""
    assert "<b>x</b>" == to_stored_html("**x**", "<b>x</b>")
