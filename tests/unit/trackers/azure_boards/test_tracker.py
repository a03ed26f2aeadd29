"""What the tracker sends, how often, and what it makes of the answers."""

from datetime import UTC, date, datetime

import pytest

from fakes.azure_devops.faults import Fault
from trainboard.errors import DoubtError, LimitedError, MissingError, PermanentError, TransientError
from trainboard.trackers.azure_boards.links import to_build, to_page
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SPRINT = NewIteration(name="Sprint 1", start=date(2026, 1, 5), end=date(2026, 1, 18))
SPRINT_2 = NewIteration(name="Sprint 2", start=date(2026, 1, 19), end=date(2026, 2, 1))
CREATE, PATCH, GET = "POST wit.newWorkItem", "PATCH wit.workItems", "GET wit.workItems"


def change(**fields):
    return WorkItemChange(**fields)


@pytest.mark.parametrize(
    ("do", "calls"),
    [
        (lambda t: t.create_item(NewWorkItem(title="t", body="b", labels=("x",))), [CREATE]),
        (lambda t: t.get_item("1"), [GET]),
        (lambda t: t.update_item("1", change(title="x")), [PATCH]),
        (lambda t: t.update_item("1", change(body="x")), [PATCH]),
        (lambda t: t.update_item("1", change(state="closed")), [PATCH]),
        (lambda t: t.update_item("1", change(add_labels=("x",), remove_labels=("tb:experiment",))), [PATCH]),
        (lambda t: t.update_item("1", change(body="x", state="closed", add_labels=("x",))), [PATCH]),
        (lambda t: t.update_item("1", change()), [GET]),
        (lambda t: t.update_item("1", change(add_labels=("TB:Experiment",))), [GET]),
        (lambda t: t.create_comment("1", "c"), ["POST wit.comments"]),
        (lambda t: list(t.list_comments("1", since=LONG_AGO)), ["GET wit.comments"]),
        (lambda t: list(t.list_iterations()), ["GET work.iterations"]),
        (lambda t: t.create_iteration(SPRINT), ["GET wit.nodes", "POST wit.nodes", "POST work.iterations"]),
    ],
)
def test_calls_of_each_method(azure, warm, do, calls):
    """Nothing costs more calls than it must once the project is known."""
    do(warm)
    assert calls == azure.calls()


def test_item_complete_in_one_call(azure, tracker):
    """Title, text, tags, assignee, sprint and links ride in the call that makes the item."""
    sprint = tracker.create_iteration(SPRINT)
    tracker.create_item(NewWorkItem(title="first", body=""))
    azure.requests.clear()
    new = NewWorkItem(
        title="t",
        body="# b",
        labels=("tb:experiment", "ml"),
        assignees=("ana@acme.example",),
        iteration=sprint.ref,
    )
    made = tracker.create_item(new, links=[to_page("https://mlflow.example/1", "MLflow"), to_build("7")])
    assert ([CREATE], sprint.ref) == (azure.calls(), made.iteration)
    item = azure.items[int(made.ref)]
    assert ["Hyperlink", "ArtifactLink"] == [each.rel for each in item.relations]
    assert (1, "markdown") == (item.rev, item.revisions[0].formats["System.Description"])
    assert "Churn\\Sprint 1" == item.fields["System.IterationPath"]


def test_tracker_starts_with_few_calls(azure, tracker):
    """The first item of all costs what the project and the team define, once; nothing is searched for."""
    tracker.create_item(NewWorkItem(title="t", body="b"))
    asked = azure.calls()
    assert (6, 1) == (len(asked), asked.count(CREATE))
    assert not [call for call in asked if "wiql" in call]


def test_definitions_are_read_again_a_day_later(azure, warm, clock):
    """What the project defines is asked for once a day and not more often."""
    clock.forward(hours=23)
    warm.get_item("1")
    assert [GET] == azure.calls()
    clock.forward(hours=2)
    warm.get_item("1")
    assert len(azure.calls()) > 2


def test_peoples_tags_stay(azure, warm):
    """A tag that somebody added meanwhile is still there after ours, at the price of one look."""
    azure.person_tags(1, "Theirs")
    changed = warm.update_item("1", change(add_labels=("ours",), remove_labels=("TB:EXPERIMENT",)))
    assert ("Theirs", "ours") == changed.labels
    assert [PATCH, GET, PATCH] == azure.calls()


def test_storm_of_changes_ends(azure, warm):
    """When others are always faster, nothing is done and the sentence says so."""
    conflict = Fault(
        status=412, body='{"message": "VS403351", "typeKey": "TestPatchOperationFailedException"}'
    )
    azure.faults.add(conflict, method="PATCH", times=100)
    with pytest.raises(TransientError, match=r"others changed it 4 times meanwhile\. Nothing was done"):
        warm.update_item("1", change(add_labels=("x",)))
    assert 8 == len(azure.calls())


def test_description_that_somebody_rewrote_is_not_overwritten(azure, warm):
    """A new text was made of one that is gone: nothing is written, and the next try sees theirs."""
    azure.person_describes(1, "theirs")
    with pytest.raises(TransientError, match="somebody changed its description meanwhile"):
        warm.update_item("1", change(body="ours"))
    assert "theirs" == azure.items[1].fields["System.Description"]
    assert "ours" == warm.update_item("1", change(body="ours")).body


def test_description_goes_through_other_changes(azure, warm):
    """Somebody who changed other things meanwhile does not keep the new text from being written."""
    azure.person_retitles(1, "theirs")
    changed = warm.update_item("1", change(body="ours"))
    assert ("theirs", "ours") == (changed.title, changed.body)


def test_fields_alone_are_sent_blind(azure, warm):
    """A title or a sprint that shall hold whatever else was changed needs no revision."""
    azure.person_tags(1, "theirs")
    warm.update_item("1", change(title="ours"))
    assert [PATCH] == azure.calls()
    assert ["theirs"] == [tag for tag in azure.items[1].tags if tag == "theirs"]


def test_first_look_at_an_item(azure, open_tracker, warm):
    """A tracker that has seen nothing of an item looks before it changes its tags."""
    other = open_tracker(azure)
    other.list_iterations()
    other.update_item("1", change(add_labels=("x",)))
    asked = [call for call in azure.calls() if "workItems" in call and "workItemTypes" not in call]
    assert [GET, PATCH] == asked


def test_marks_are_kept_where_comments_are_not(azure, warm):
    """The service holds no HTML comment of ours, and the body comes back with it."""
    body = "theirs\n\n<!-- trainboard:begin v1 key=experiment:0 mac=1 -->\nours\n<!-- trainboard:end -->"
    assert body == warm.update_item("1", change(body=body)).body == warm.get_item("1").body
    assert "<!--" not in azure.items[1].fields["System.Description"]


def test_item_of_another_project_is_missing(azure, tracker):
    """Numbers count over the whole organisation; an item elsewhere is none of ours."""
    azure.add_project("Other")
    number = azure.person_creates("Other", "theirs").id
    with pytest.raises(MissingError):
        tracker.get_item(str(number))


def test_project_of_an_item_is_looked_at(azure, tracker, monkeypatch):
    """A server that finds an item by its number alone does not make it ours."""
    azure.add_project("Other")
    number = azure.person_creates("Other", "theirs").id
    find_item = azure.find_item
    monkeypatch.setattr(azure, "find_item", lambda number, _=None: find_item(number))
    with pytest.raises(MissingError, match="it belongs to the project Other"):
        tracker.get_item(str(number))


def test_project_out_of_sight_loses_nothing(azure, warm):
    """When the project itself is out of sight, no item of it counts as missing."""
    del azure.projects["churn"]
    with pytest.raises(TransientError, match="Check the project's name in the settings"):
        warm.get_item("1")


def test_renamed_sprint(azure, tracker):
    """An item goes into a sprint that somebody renamed, for the price of a second try."""
    sprint = tracker.create_iteration(SPRINT)
    node = azure.projects["churn"].iterations.children[0]
    node.name = "Sprint One"
    made = tracker.create_item(NewWorkItem(title="t", body="", iteration=sprint.ref))
    assert (sprint.ref, "Churn\\Sprint One") == (
        made.iteration,
        azure.items[1].fields["System.IterationPath"],
    )


def test_item_into_a_renamed_sprint(azure, warm):
    """An item that is there moves into a renamed sprint in the same way."""
    sprint = warm.create_iteration(SPRINT)
    azure.projects["churn"].iterations.children[0].name = "Sprint One"
    assert sprint.ref == warm.update_item("1", change(iteration=sprint.ref)).iteration


def test_refusal_that_cannot_be_mended(azure, warm):
    """What the process refuses is refused: nothing is sent twice."""
    sprint = warm.create_iteration(SPRINT)
    azure.requests.clear()
    new = NewWorkItem(title="t", body="b", assignees=("nobody@acme.example",), iteration=sprint.ref)
    with pytest.raises(PermanentError, match="unknown identity"):
        warm.create_item(new)
    assert [CREATE, "GET work.iterations"] == azure.calls()
    with pytest.raises(PermanentError, match="unknown identity"):
        warm.create_item(NewWorkItem(title="t", body="", assignees=("nobody@acme.example",)))
    assert 1 == len(azure.items)


def test_deleted_item_is_missing(azure, warm):
    """An item in the recycle bin is gone, whatever shall be changed of it."""
    azure.person_deletes(1)
    for each in (change(title="x"), change(body="x"), change(add_labels=("x",))):
        with pytest.raises(MissingError):
            warm.update_item("1", each)


def test_sprint_that_is_not_the_teams(azure, tracker):
    """A sprint outside of the team's says what to do."""
    node = azure.person_adds_iteration("Churn", "Elsewhere", team=False)
    new = NewWorkItem(title="t", body="", iteration=node.identifier)
    with pytest.raises(MissingError, match="Add the iteration to the team in the project's settings"):
        tracker.create_item(new)
    assert {} == azure.items


def test_item_in_a_sprint_of_others(azure, warm):
    """An item that people put into a sprint we never saw is in that sprint, and costs one look."""
    node = azure.person_adds_iteration("Churn", "Elsewhere", team=False)
    azure.person_plans(1, node.path)
    assert [node.identifier] * 2 == [warm.get_item("1").iteration for _ in range(2)]
    assert [GET, "GET wit.nodes", GET] == azure.calls()


def test_assignee_is_one(azure, warm):
    """Two people cannot hold one item; somebody whom nobody knows cannot either."""
    with pytest.raises(PermanentError, match="given to one person, not to a@x, b@x: choose one"):
        warm.update_item("1", change(assignees=("a@x", "b@x")))
    with pytest.raises(PermanentError, match="unknown identity"):
        warm.update_item("1", change(assignees=("nobody@acme.example",)))


def test_limits_are_sentences(azure, warm):
    """What no item can hold is refused with the limit, before or by the service."""
    with pytest.raises(PermanentError, match="at most 100 tags, not 101"):
        warm.update_item("1", change(add_labels=tuple(f"t{number}" for number in range(100))))
    azure.limits.revisions = 1
    with pytest.raises(PermanentError, match="up to 1 revisions"):
        warm.update_item("1", change(title="x"))
    with pytest.raises(PermanentError, match="at most 1000 links"):
        warm.create_item(
            NewWorkItem(title="t", body=""), [to_page(f"https://a.example/{n}") for n in range(1001)]
        )


def test_answer_that_was_lost_leaves_a_doubt(azure, warm):
    """When the item was made and no answer came, nobody knows."""
    azure.faults.add(Fault(breaks=True, seconds=1), method="POST", after_work=True)
    with pytest.raises(DoubtError):
        warm.create_item(NewWorkItem(title="two", body=""))
    assert ["one", "two"] == [item.title for item in azure.items.values()]


def test_failure_after_the_work_leaves_a_doubt(azure, warm, clock):
    """What fails while the answer is read does not hide that the change was made."""
    node = azure.person_adds_iteration("Churn", "Elsewhere", team=False)
    azure.person_plans(1, node.path)
    azure.faults.add(Fault(status=503, body="{}"), method="GET", path="classificationNodes")
    with pytest.raises(DoubtError, match="Work item 1 of Churn was written, but"):
        warm.update_item("1", change(title="x"))
    assert "x" == azure.items[1].title


def test_slow_down(azure, warm):
    """A refusal for the pace is told as such, with the time that was named."""
    azure.faults.add(Fault(status=429, body="{}", headers={"Retry-After": "30"}))
    with pytest.raises(LimitedError) as caught:
        warm.get_item("1")
    assert caught.value.retry_after_seconds >= 30


def test_child_costs_two_calls(azure, warm):
    """A link is looked for before it is made, and found whatever the service made of its address."""
    warm.create_item(NewWorkItem(title="two", body=""))
    azure.requests.clear()
    warm.add_child("1", "2")
    assert [GET, PATCH] == azure.calls()
    azure.requests.clear()
    warm.add_child("1", "2")
    assert [GET] == azure.calls()


def test_link_that_somebody_made_meanwhile(azure, warm):
    """A link that is there by the time ours comes is what was wanted."""
    warm.create_item(NewWorkItem(title="two", body=""))
    known = '{"message": "Relation already exists.", "typeKey": "RelationAlreadyExistsException"}'
    azure.faults.add(Fault(status=400, body=known), method="PATCH", after_work=True)
    warm.add_child("1", "2")
    assert [1] == [each.target for each in azure.items[2].relations]


def test_child_of_another_names_both(azure, warm):
    """A second parent is refused with the first one's number."""
    for title in ("two", "three"):
        warm.create_item(NewWorkItem(title=title, body=""))
    warm.add_child("1", "2")
    with pytest.raises(PermanentError, match="is the child of 1 already"):
        warm.add_child("3", "2")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://dev.azure.com/Acme", "azure-boards:acme"),
        ("https://acme.visualstudio.com/", "azure-boards:acme"),
        ("https://acme.visualstudio.com/DefaultCollection", "azure-boards:acme"),
        ("https://tfs.example/tfs/Default%20Collection", "azure-boards:default collection"),
    ],
)
def test_name_says_where_the_items_live(azure, open_tracker, monkeypatch, url, name):
    """A tracker is named by its organisation, in which numbers are unique, as webhooks name it."""
    monkeypatch.setattr(type(azure), "url", url)
    assert name == open_tracker(azure).name


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\nb"])
def test_name_that_is_none(azure, open_tracker, name):
    """A project or a team that no URL can name is refused at once."""
    with pytest.raises(ValueError, match="is no"):
        open_tracker(azure, project=name)
    with pytest.raises(ValueError, match="is no"):
        open_tracker(azure, team=name)


def test_team_that_is_not_there(azure, open_tracker):
    """A wrong name of the team is a sentence, and nothing is lost meanwhile."""
    tracker = open_tracker(azure, team="Nobody")
    for do in (
        lambda: tracker.create_item(NewWorkItem(title="t", body="")),
        lambda: list(tracker.list_iterations()),
        lambda: tracker.update_iteration("5f1d0c0a-8d52-4d7c-9b07-0f4b2f5e8a11", SPRINT),
    ):
        with pytest.raises(TransientError, match="Check the team's name in the settings"):
            do()


def test_field_that_cannot_be_written(azure, warm):
    """A field that is read-only is refused with what to do, and the item is not made."""
    read_only = "TF401326: Invalid field status 'ReadOnly' for field 'Team'."
    azure.faults.add(Fault(status=400, body=f'{{"message": "{read_only}"}}'), method="POST")
    with pytest.raises(PermanentError, match="The field is read-only"):
        warm.create_item(NewWorkItem(title="t", body=""))
    assert 1 == len(azure.items)
