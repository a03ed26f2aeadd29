"""What the tracker sends, how often, and what it makes of the answers."""

from datetime import UTC, date, datetime

import pytest
from structlog.testing import capture_logs

from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError, PermanentError, TransientError
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ISSUES = "/repos/acme/churn/issues"
SPRINT = NewIteration(name="Sprint 1", start=date(2026, 1, 5), end=date(2026, 1, 18), description="d")
SPRINT_2 = NewIteration(name="Sprint 2", start=date(2026, 1, 19), end=date(2026, 2, 1))
EVERYTHING = WorkItemChange(
    title="t",
    body="b",
    state="closed",
    iteration=None,
    assignees=(),
    add_labels=("x", "y"),
    remove_labels=("z", "w"),
)


@pytest.fixture
def warm(fake, tracker):
    """A tracker that knows who it is, with issue 1 and milestone 1, and an empty list of requests."""
    tracker.create_iteration(SPRINT)
    tracker.create_item(NewWorkItem(title="one", body="", labels=("z",), iteration="1"))
    tracker.create_comment("1", "first")
    tracker.get_item("1")
    fake.requests.clear()
    return tracker


def last_comment(fake):
    return str(fake.churn.issues[1].comments[-1].id)


@pytest.mark.parametrize(
    ("do", "calls"),
    [
        (lambda t: t.create_item(NewWorkItem(title="t", body="")), [f"POST {ISSUES}"]),
        (lambda t: t.get_item("1"), [f"GET {ISSUES}/1"]),
        (lambda t: t.update_item("1", WorkItemChange(body="x")), [f"PATCH {ISSUES}/1"]),
        (lambda t: t.update_item("1", WorkItemChange()), [f"GET {ISSUES}/1"]),
        (
            lambda t: t.update_item("1", WorkItemChange(add_labels=("x", "y"))),
            [f"POST {ISSUES}/1/labels", f"GET {ISSUES}/1"],
        ),
        (
            lambda t: t.update_item("1", EVERYTHING),
            [
                f"POST {ISSUES}/1/labels",
                f"DELETE {ISSUES}/1/labels/z",
                f"DELETE {ISSUES}/1/labels/w",
                f"PATCH {ISSUES}/1",
            ],
        ),
        (lambda t: list(t.list_items(label="z", since=LONG_AGO)), [f"GET {ISSUES}"]),
        (lambda t: t.create_comment("1", "x"), [f"POST {ISSUES}/1/comments"]),
        (lambda t: list(t.list_comments("1", since=LONG_AGO)), [f"GET {ISSUES}/1/comments"]),
        (lambda t: t.create_iteration(SPRINT_2), ["POST /repos/acme/churn/milestones"]),
        (lambda t: t.update_iteration("1", SPRINT), ["PATCH /repos/acme/churn/milestones/1"]),
        (lambda t: list(t.list_iterations()), ["GET /repos/acme/churn/milestones"]),
        (
            lambda t: t.add_child("1", t.create_item(NewWorkItem(title="c", body="")).ref),
            [f"POST {ISSUES}", f"GET {ISSUES}/2", f"POST {ISSUES}/1/sub_issues"],
        ),
    ],
)
def test_calls_per_method(fake, warm, do, calls):
    """Each method makes no more calls than it must."""
    do(warm)
    assert calls == fake.calls()


def test_update_comment_is_one_call(fake, warm):
    """A comment is changed in one call."""
    number = last_comment(fake)
    warm.update_comment("1", number, "better")
    assert [f"PATCH {ISSUES}/comments/{number}"] == fake.calls()


def test_new_item_names_only_what_is_asked(fake, tracker):
    """The body of the request holds nothing that was not asked for."""
    tracker.create_item(NewWorkItem(title="t", body=""))
    assert {"title": "t", "body": ""} == fake.requests[-1].json


def test_new_item_is_complete(fake, tracker):
    """Everything goes into the one request, in GitHub's words."""
    tracker.create_iteration(SPRINT)
    tracker.create_item(
        NewWorkItem(title="t", body="b", labels=("x",), assignees=("ana",), iteration="1", type="Task")
    )
    wanted = {
        "title": "t",
        "body": "b",
        "labels": ["x"],
        "assignees": ["ana"],
        "milestone": 1,
        "type": "Task",
    }
    assert wanted == fake.requests[-1].json
    assert "Task" == tracker.get_item("1").type


def test_change_names_only_what_changes(fake, warm):
    """Fields that stay are not sent, and leaving a sprint is a null."""
    warm.update_item("1", WorkItemChange(iteration=None))
    assert {"milestone": None} == fake.requests[-1].json


def test_list_asks_for_everything(fake, warm):
    """The list asks for open and closed, oldest first, a hundred a page, with the time in UTC."""
    moment = datetime.fromisoformat("2026-01-05T10:30:00.9+02:00")
    list(warm.list_items(label="tb:experiment", since=moment))
    wanted = {
        "labels": "tb:experiment",
        "since": "2026-01-05T08:30:00Z",
        "state": "all",
        "sort": "created",
        "direction": "asc",
        "per_page": "100",
    }
    assert wanted == fake.requests[-1].query


def test_pages_are_asked_for_when_needed(fake, warm):
    """205 items are three calls; who reads only the first item makes one."""
    for n in range(205):
        fake.person_opens(fake.churn, f"run {n}", labels=["x"])
    next(warm.list_items(label="x", since=LONG_AGO))
    assert 1 == len(fake.calls())
    assert 205 == len(list(warm.list_items(label="x", since=LONG_AGO)))
    assert 4 == len(fake.calls())


def test_pull_requests_are_no_items(fake, tracker):
    """GitHub lists pull requests as issues; they are left out."""
    fake.person_opens(fake.churn, "a change", labels=["x"], is_pull=True)
    fake.person_opens(fake.churn, "an issue", labels=["x"])
    assert ["an issue"] == [item.title for item in tracker.list_items(label="x", since=LONG_AGO)]


def test_due_date_is_the_day_that_people_see(fake, tracker):
    """Noon in UTC is sent, so that the day in GitHub's own time zone is the sprint's last."""
    tracker.create_iteration(SPRINT)
    wanted = {"title": "Sprint 1", "description": "d", "due_on": "2026-01-18T12:00:00Z"}
    assert wanted == fake.requests[-1].json
    assert datetime(2026, 1, 18, 8, tzinfo=UTC) == fake.churn.milestones[1].due_on


def test_second_milestone_of_a_title_is_refused(tracker):
    """GitHub's words about the field stand in the error."""
    tracker.create_iteration(SPRINT)
    with pytest.raises(PermanentError, match=r"Validation Failed; Milestone\.title already_exists"):
        tracker.create_iteration(SPRINT)


def test_dropped_fields_are_logged_once(fake, tracker):
    """Without push access GitHub drops labels, people, sprint and type; the operator hears it once."""
    tracker.create_iteration(SPRINT)
    fake.churn.push = False
    new = NewWorkItem(title="t", body="b", labels=("x",), assignees=("ana",), iteration="1", type="Bug")
    with capture_logs() as logs:
        made = tracker.create_item(new)
        tracker.create_item(new)
    assert ((), (), None, None) == (made.labels, made.assignees, made.iteration, made.type)
    assert [["label x", "assignee ana", "milestone 1", "type Bug"]] == [entry["dropped"] for entry in logs]


def test_other_case_is_not_dropped(fake, tracker):
    """GitHub answers with the first spelling of a label, which is the same label."""
    fake.add_label(fake.churn, "Bug")
    with capture_logs() as logs:
        tracker.create_item(NewWorkItem(title="t", body="", labels=("bug",)))
    assert [] == logs


def test_child_of_another_parent_is_refused(fake, warm):
    """A refused child is looked up: another parent is an error, with GitHub's words."""
    for title in ("two", "child"):
        fake.person_opens(fake.churn, title)
    fake.churn.issues[3].parent = 2
    with pytest.raises(PermanentError, match="only have one parent"):
        warm.add_child("1", "3")


def test_refused_child_without_parent(fake, warm):
    """A refusal for another reason stays one."""
    child = fake.person_opens(fake.churn, "child")
    fake.next_fault(422, body={"message": "Too deep"}, method="POST")
    with pytest.raises(PermanentError, match="Too deep"):
        warm.add_child("1", str(child.number))


def test_missing_parent(fake, warm):
    """A parent that is not there is missing, not refused."""
    with pytest.raises(MissingError):
        warm.add_child("99", "1")


@pytest.mark.parametrize("label", [".", ".."])
def test_label_that_is_a_path(fake, warm, label):
    """A label of dots would make a URL that takes all labels away; nothing is sent."""
    with pytest.raises(PermanentError, match="all labels"):
        warm.update_item("1", WorkItemChange(remove_labels=(label,)))
    assert [] == fake.calls("DELETE")


def test_label_name_is_quoted(fake, warm):
    """Slashes, blanks and letters of a label stay one step of the URL."""
    warm.update_item("1", WorkItemChange(add_labels=("tb:a/b é?",)))
    warm.update_item("1", WorkItemChange(remove_labels=("tb:a/b é?",)))
    assert f"DELETE {ISSUES}/1/labels/tb%3Aa%2Fb%20%C3%A9%3F" in fake.calls()
    assert ["z"] == fake.churn.issues[1].labels


def test_label_that_may_not_be_taken(fake, warm):
    """GitHub hides a forbidden removal behind 404; the label that is still there gives it away."""
    fake.next_fault(404, body={"message": "Not Found"}, method="DELETE")
    with pytest.raises(PermanentError, match="z"):
        warm.update_item("1", WorkItemChange(remove_labels=("Z",)))


def test_deleted_issue_is_missing(fake, warm):
    """410 of a deleted issue is missing, after a look at the repository."""
    fake.churn.issues[1].gone = "deleted"
    with pytest.raises(MissingError, match="This issue was deleted"):
        warm.get_item("1")
    assert [f"GET {ISSUES}/1", "GET /repos/acme/churn"] == fake.calls()


@pytest.mark.parametrize(
    "look",
    [
        lambda tracker: tracker.get_item("1"),
        lambda tracker: tracker.update_item("1", WorkItemChange(body="x")),
        lambda tracker: list(tracker.list_items(label="x", since=LONG_AGO)),
        lambda tracker: tracker.create_item(NewWorkItem(title="t", body="")),
        lambda tracker: tracker.update_iteration("1", SPRINT),
    ],
)
def test_invisible_repository_makes_nothing_missing(fake, warm, look):
    """Who loses sight of a private repository gets 404 for everything; no item is taken for deleted."""
    fake.churn.visible = False
    with pytest.raises(TransientError, match="We cannot see acme/churn"):
        look(warm)


def test_forbidden_change_is_not_missing(fake, warm):
    """404 to a change of what can be read means that we may not."""
    fake.next_fault(404, body={"message": "Not Found"}, method="PATCH")
    with pytest.raises(PermanentError, match="It is there") as caught:
        warm.update_item("1", WorkItemChange(body="x"))
    assert not isinstance(caught.value, MissingError)


def test_forbidden_create_is_not_missing(fake, warm):
    """404 to a creation in a repository that we see means that we may not."""
    fake.next_fault(404, body={"message": "Not Found"}, method="POST")
    with pytest.raises(PermanentError, match="check our permissions") as caught:
        warm.create_item(NewWorkItem(title="t", body=""))
    assert not isinstance(caught.value, MissingError)


def test_issues_turned_off(fake, warm):
    """410 because issues are turned off is no deletion."""
    fake.churn.has_issues = False
    with pytest.raises(PermanentError, match="turn them on") as caught:
        warm.get_item("1")
    assert not isinstance(caught.value, MissingError)


def test_reads_follow_a_renamed_repository(fake, warm):
    """A renamed repository is read at its new place, with the query kept; the log names it."""
    fake.rename("acme/churn", "acme/leavers")
    fake.person_opens(fake.repositories["acme/leavers"], "other", labels=["else"])
    with capture_logs() as logs:
        found = list(warm.list_items(label="z", since=LONG_AGO))
    assert ["one"] == [item.title for item in found]
    assert ["repository was renamed"] == [entry["event"] for entry in logs]


def test_writes_do_not_follow_a_renamed_repository(fake, warm):
    """A write to a renamed repository is refused with the new place, and not sent again."""
    fake.rename("acme/churn", "acme/leavers")
    with pytest.raises(PermanentError, match=r"/repositories/\d+/issues now\. Put the repository's new name"):
        warm.create_item(NewWorkItem(title="t", body=""))
    assert [f"POST {ISSUES}"] == fake.calls()


def test_transferred_issue_is_missing(fake, warm):
    """An issue that was carried to another repository is not taken for the one of that number there."""
    fake.churn.issues[1].gone = "https://api.github.com/repositories/77/issues/1"
    with pytest.raises(
        MissingError, match=r"transferred to https://api\.github\.com/repositories/77/issues/1"
    ):
        warm.get_item("1")


def test_transferred_out_of_a_renamed_repository(fake, warm):
    """Also where the repository itself has moved, another repository's issue is not followed."""
    fake.rename("acme/churn", "acme/leavers")
    fake.next_fault(301, headers={"Location": "https://api.github.com/repositories/77/issues/9"})
    with pytest.raises(MissingError, match="transferred"):
        warm.get_item("1")


@pytest.mark.parametrize("name", ["churn", "acme/churn/x", "acme/..", "acme/a b", "", "a@b/c"])
def test_odd_repository_is_refused(name, clock):
    """A repository's name is checked before it gets into a URL."""
    with pytest.raises(ValueError, match="owner/name"):
        GitHubTracker(repository=name, credential=TokenCredential("t", MemoryBudgets(clock)))


def test_name_and_traits(tracker):
    """The tracker has the name that settings use, and knows that milestones have no first day."""
    assert ("github:acme/churn", False) == (tracker.name, tracker.traits.iteration_has_start)


def test_the_time_is_now_by_default(fake, clock):
    """Without a clock the tracker goes by the machine's."""
    made = GitHubTracker(
        repository="acme/churn", credential=TokenCredential(fake.token, MemoryBudgets(clock))
    )
    assert [] == list(made.list_iterations())
    made.close()
