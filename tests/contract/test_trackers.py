"""What every tracker keeps, whatever it is made of."""

from datetime import UTC, date, datetime

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from contract.worlds import list_worlds
from trainboard.alerts import Severity
from trainboard.errors import MissingError, PermanentError, TransientError
from trainboard.markers import Markers
from trainboard.work_items import (
    EXPERIMENT_LABEL,
    NewIteration,
    NewWorkItem,
    TrackerIteration,
    WorkItemChange,
    is_plan,
)

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SPRINT = NewIteration(
    name="Sprint 1", start=date(2026, 1, 5), end=date(2026, 1, 18), description="Churn down.\n\n<!-- m -->"
)
ODD_TITLE = 'Résumé 🚀 "x" <b>&amp; `y` | #1 @ana %2F ../..; drop'
EMOJI_BODY = ("0123456789 🚀é\n" * 4000).encode()[:60_000].decode(errors="ignore").strip()


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


@pytest.fixture
def tracker(world):
    """The tracker under test."""
    return world.tracker


def make(tracker, title="churn-lgbm", **fields):
    return tracker.create_item(NewWorkItem(title=title, body=fields.pop("body", "text"), **fields))


def titles(items):
    return [item.title for item in items]


def test_item_is_made_complete(world, tracker):
    """All that a new item says is there at once, and is read back the same."""
    sprint = tracker.create_iteration(SPRINT)
    made = make(
        tracker,
        labels=("tb:experiment", "ml"),
        assignees=(world.assignee,),
        iteration=sprint.ref,
        body="a\n\n*b*",
    )
    found = tracker.get_item(made.ref)
    assert ("churn-lgbm", "a\n\n*b*", "open") == (found.title, found.body, found.state)
    assert ({"tb:experiment", "ml"}, (world.assignee,)) == (set(found.labels), found.assignees)
    assert (sprint.ref, True) == (found.iteration, found.ours)
    assert made == found
    assert ["churn-lgbm"] == world.list_titles()


def test_an_item_tells_which_person_opened_it(world, tracker):
    """Who that is the same in each answer; a plan is what somebody else than the bot keeps open."""
    if not world.knows_people:
        pytest.skip("everything there is the bot's own")
    ref = world.person_opens("deeper trees", label=EXPERIMENT_LABEL)
    found = tracker.get_item(ref)
    assert found.author is not None
    assert "" not in {found.author.id, found.author.name}
    assert [found.author] == [
        each.author for each in tracker.list_items(label=EXPERIMENT_LABEL, since=LONG_AGO)
    ]
    assert is_plan(found)
    assert not is_plan(make(tracker, labels=(EXPERIMENT_LABEL,)))
    world.person_closes(ref)
    assert not is_plan(tracker.get_item(ref))


def test_item_has_address_and_aware_times(tracker):
    """An item can be opened in a browser, and its times know their zone."""
    made = make(tracker)
    assert made.url.startswith(("http", "/"))
    assert None not in {made.created_at.tzinfo, made.updated_at.tzinfo}


def test_update_leaves_the_rest(world, tracker):
    """What a change does not name stays, also what people did in between."""
    sprint = tracker.create_iteration(SPRINT)
    made = make(tracker, labels=("tb:experiment",), assignees=(world.assignee,), iteration=sprint.ref)
    world.person_labels(made.ref, "theirs")
    changed = tracker.update_item(made.ref, WorkItemChange(body="new"))
    assert ("churn-lgbm", "new", "open", sprint.ref) == (
        changed.title,
        changed.body,
        changed.state,
        changed.iteration,
    )
    assert ({"tb:experiment", "theirs"}, (world.assignee,)) == (set(changed.labels), changed.assignees)
    assert changed == tracker.get_item(made.ref)


def test_marks_come_back(tracker):
    """Hidden marks and what stands around them come back to the letter, and say whose the item is."""
    markers, key = Markers(b"secret", tracker.name), "experiment:0123456789abcdef01234567"
    body = f"- auc >= 0.9\n\n{markers.wrap(key, '## Runs')}\nmore"
    made = make(tracker, body=body)
    assert (body, key) == (tracker.get_item(made.ref).body, markers.find_key(made.body))
    again = markers.replace(made.body, key, "## More runs\n\n| a |\n| --- |")
    assert again == tracker.update_item(made.ref, WorkItemChange(body=again)).body


def test_body_may_be_empty(tracker):
    """An item needs no text, and a text can be taken away."""
    made = make(tracker, body="")
    bodies = [tracker.update_item(made.ref, WorkItemChange(body=body)).body for body in ("x", "")]
    assert ["", "x", ""] == [made.body, *bodies]


def test_title_changes(tracker):
    """A title is replaced and nothing else."""
    made = make(tracker)
    changed = tracker.update_item(made.ref, WorkItemChange(title="other"))
    assert ("other", "text") == (changed.title, changed.body)


def test_empty_change_answers_the_item(tracker):
    """A change that says nothing answers the item as it stands."""
    made = make(tracker)
    assert made == tracker.update_item(made.ref, WorkItemChange())


def test_people_take_an_item(world, tracker):
    """Assignees are replaced by those named; none frees the item."""
    made = make(tracker)
    taken = tracker.update_item(made.ref, WorkItemChange(assignees=(world.assignee,)))
    freed = tracker.update_item(made.ref, WorkItemChange(assignees=()))
    assert ((world.assignee,), ()) == (taken.assignees, freed.assignees)


def test_close_and_reopen(tracker):
    """An item closes, stays closed when told again, and opens again."""
    ref = make(tracker).ref
    states = [
        tracker.update_item(ref, WorkItemChange(state=state)).state for state in ("closed", "closed", "open")
    ]
    assert ["closed", "closed", "open"] == states


def test_what_people_do_is_read(world, tracker):
    """An edit and a close by hand are seen by the next look."""
    ref = make(tracker).ref
    world.person_edits(ref, "mine now")
    world.person_closes(ref)
    found = tracker.get_item(ref)
    assert ("mine now", "closed") == (found.body, found.state)


def test_labels_are_added_and_taken_twice(tracker):
    """Adding a label that is there, and taking one that is not, changes nothing and fails nothing."""
    ref = make(tracker, labels=("a",)).ref
    change = WorkItemChange(add_labels=("b", "tb:x/y z"), remove_labels=("a",))
    first, second = tracker.update_item(ref, change), tracker.update_item(ref, change)
    assert {"b", "tb:x/y z"} == set(first.labels) == set(second.labels)
    emptied = tracker.update_item(ref, WorkItemChange(remove_labels=("b", "tb:x/y z", "never")))
    assert () == emptied.labels


@pytest.mark.parametrize("label", ["a;b", "a, b", "x" * 500])
def test_label_is_kept_or_refused(tracker, label):
    """A label that a tracker cannot hold is refused; none is split, cut or changed."""
    ref = make(tracker).ref
    for do in (
        lambda: make(tracker, labels=(label,)),
        lambda: tracker.update_item(ref, WorkItemChange(add_labels=(label,))),
    ):
        try:
            labels = do().labels
        except PermanentError:
            continue
        assert (label,) == labels


def test_labels_with_other_fields(tracker):
    """Labels and fields of one change all hold in the answer."""
    ref = make(tracker, labels=("a",)).ref
    changed = tracker.update_item(
        ref, WorkItemChange(body="b", state="closed", add_labels=("c",), remove_labels=("a",))
    )
    assert ("b", "closed", ("c",)) == (changed.body, changed.state, changed.labels)


def test_items_of_a_label_oldest_first(world, tracker):
    """A list holds the label's items, closed ones too, oldest first, and no others."""
    world.person_opens("other", label="else")
    refs = [make(tracker, title, labels=("tb:experiment",)).ref for title in ("one", "two")]
    world.person_opens("three", label="tb:experiment")
    tracker.update_item(refs[0], WorkItemChange(state="closed"))
    found = list(tracker.list_items(label="tb:experiment", since=LONG_AGO))
    assert [("one", "closed"), ("two", "open"), ("three", "open")] == [
        (each.title, each.state) for each in found
    ]


def test_items_over_several_pages(world, tracker):
    """A list is whole, however many pages it has."""
    wanted = [f"run {n:03}" for n in range(205)]
    for title in wanted:
        world.person_opens(title, label="tb:experiment")
    assert wanted == titles(tracker.list_items(label="tb:experiment", since=LONG_AGO))


def test_items_since(world, tracker):
    """A list holds what changed at or after the moment, and leaves out what did not."""
    for title in ("still", "touched"):
        make(tracker, title, labels=("x",))
    moment = world.pass_time()
    touched = next(each for each in tracker.list_items(label="x", since=LONG_AGO) if each.title == "touched")
    tracker.update_item(touched.ref, WorkItemChange(body="new"))
    make(tracker, "fresh", labels=("x",))
    assert ["touched", "fresh"] == titles(tracker.list_items(label="x", since=moment))


def test_no_items(tracker):
    """A label that nothing carries gives an empty list."""
    assert [] == list(tracker.list_items(label="nothing", since=LONG_AGO))


def test_items_of_a_sprint(world, tracker):
    """Open and closed, whoever made them, each with its estimate; none of another sprint or of none."""
    one, two = (
        tracker.create_iteration(NewIteration(name=name, start=SPRINT.start, end=SPRINT.end)).ref
        for name in ("Sprint 1", "Sprint 2")
    )
    assert [] == list(tracker.list_iteration_items(one))
    mine = make(tracker, "mine", iteration=one).ref
    theirs = world.person_opens("theirs", label="x")
    tracker.update_item(theirs, WorkItemChange(iteration=one, estimate=3.0))
    make(tracker, "later", iteration=two)
    make(tracker, "never")
    tracker.update_item(mine, WorkItemChange(state="closed"))
    found = {
        each.title: (each.state, each.iteration, each.estimate) for each in tracker.list_iteration_items(one)
    }
    assert {"mine": ("closed", one, None), "theirs": ("open", one, 3.0)} == found


def test_a_sprint_that_is_not_there_is_not_empty(world, tracker):
    """Somebody deleted it."""
    if not world.can_nest:
        pytest.skip("the stand-in does not look")
    with pytest.raises(PermanentError):
        list(tracker.list_iteration_items("999999"))


def test_items_of_the_backlog(world, tracker):
    """Open and in no sprint, whoever made them, oldest first, each with its estimate and priority."""
    assert [] == list(tracker.list_backlog())
    sprint = tracker.create_iteration(SPRINT).ref
    mine = make(tracker, "mine").ref
    theirs = world.person_opens("theirs", label="x")
    tracker.update_item(theirs, WorkItemChange(estimate=3.0, priority=1))
    make(tracker, "planned", iteration=sprint)
    tracker.update_item(make(tracker, "done").ref, WorkItemChange(state="closed"))
    world.person_gives_up(make(tracker, "given up").ref)
    found = [
        (each.ref, each.title, each.iteration, each.state, each.estimate) for each in tracker.list_backlog()
    ]
    assert [(mine, "mine", None, "open", None), (theirs, "theirs", None, "open", 3.0)] == found
    assert [1] == [each.priority for each in tracker.list_backlog() if each.ref == theirs]


def test_whose_item_it_is(world, tracker):
    """An item that the bot made is its own, one that a person made is not."""
    if not world.knows_people:
        pytest.skip("this tracker does not tell people from the bot")
    mine, theirs = make(tracker).ref, world.person_opens("theirs", label="x")
    assert (True, False) == (tracker.get_item(mine).ours, tracker.get_item(theirs).ours)


def test_comments(world, tracker):
    """Comments are made, changed and listed oldest first, each with its author's side."""
    ref = make(tracker).ref
    first = tracker.create_comment(ref, "one")
    world.person_comments(ref, "two")
    changed = tracker.update_comment(ref, first.ref, "one, better")
    found = list(tracker.list_comments(ref, since=LONG_AGO))
    assert ["one, better", "two"] == [comment.body for comment in found]
    assert (first.ref, "one, better") == (changed.ref, changed.body)
    if world.knows_people:
        assert [True, False] == [comment.ours for comment in found]


def test_comments_over_several_pages(world, tracker):
    """A discussion is whole, however many pages it has."""
    ref = make(tracker).ref
    wanted = [f"comment {number:03}" for number in range(205)]
    for body in wanted:
        world.person_comments(ref, body)
    assert wanted == [comment.body for comment in tracker.list_comments(ref, since=LONG_AGO)]


def test_comments_since(world, tracker):
    """Only comments that changed at or after the moment are listed."""
    ref = make(tracker).ref
    tracker.create_comment(ref, "old")
    moment = world.pass_time()
    tracker.create_comment(ref, "new")
    assert ["new"] == [comment.body for comment in tracker.list_comments(ref, since=moment)]


def test_iteration_is_made_and_listed(tracker):
    """A sprint comes back with its name, its last day and its description."""
    made = tracker.create_iteration(SPRINT)
    start = SPRINT.start if tracker.traits.iteration_has_start else None
    description = SPRINT.description if tracker.traits.iteration_has_description else ""
    wanted = TrackerIteration(
        ref=made.ref, name="Sprint 1", start=start, end=SPRINT.end, description=description
    )
    assert [wanted] == [made] == list(tracker.list_iterations())


@pytest.mark.parametrize("end", [date(2026, 1, 31), date(2026, 3, 8), date(2026, 7, 12), date(2026, 11, 1)])
def test_iteration_keeps_its_last_day(tracker, end):
    """The last day is the same in summer, in winter and where the clocks change."""
    made = tracker.create_iteration(NewIteration(name="S", start=date(2026, 1, 5), end=end))
    assert (end, end) == (made.end, next(tracker.list_iterations()).end)


def test_iteration_changes(tracker):
    """A sprint gets another name, end and description."""
    ref = tracker.create_iteration(SPRINT).ref
    new = NewIteration(name="Sprint One", start=date(2026, 1, 5), end=date(2026, 1, 25), description="")
    changed = tracker.update_iteration(ref, new)
    assert ("Sprint One", date(2026, 1, 25), "") == (changed.name, changed.end, changed.description)
    assert [changed] == list(tracker.list_iterations())


def test_iteration_is_closed(tracker):
    """A sprint is closed, also when it is told again; all else of it stays, and so do its items."""
    made = tracker.create_iteration(SPRINT)
    ref = make(tracker, iteration=made.ref).ref
    for _ in range(2):
        tracker.close_iteration(made.ref)
        assert [replace(made, open=not tracker.traits.iteration_closes)] == list(tracker.list_iterations())
    assert (made.ref, "open") == (tracker.get_item(ref).iteration, tracker.get_item(ref).state)


def test_iteration_is_described(tracker):
    """Another description changes nothing else, whatever people did to the sprint meanwhile."""
    made = tracker.create_iteration(SPRINT)
    tracker.close_iteration(made.ref)
    [before] = tracker.list_iterations()
    tracker.describe_iteration(made.ref, "Beat the baseline.\n\n<!-- m -->")
    said = "Beat the baseline.\n\n<!-- m -->" if tracker.traits.iteration_has_description else ""
    assert [replace(before, description=said)] == list(tracker.list_iterations())


def test_sprint_that_people_rename(world, tracker):
    """A sprint is the same under another name: its items stand in it, and others go into it."""
    sprint = tracker.create_iteration(SPRINT).ref
    ref = make(tracker, iteration=sprint).ref
    world.person_renames(sprint, "Sprint 1 (hardening)")
    assert sprint == tracker.get_item(ref).iteration
    assert sprint == make(tracker, iteration=sprint).iteration
    assert ["Sprint 1 (hardening)"] == [each.name for each in tracker.list_iterations()]


def test_item_goes_into_a_sprint_and_out(tracker):
    """An item is put into a sprint, moved to the next, and taken out."""
    one, two = (
        tracker.create_iteration(NewIteration(name=name, start=SPRINT.start, end=SPRINT.end)).ref
        for name in ("Sprint 1", "Sprint 2")
    )
    ref = make(tracker).ref
    seen = [
        tracker.update_item(ref, WorkItemChange(iteration=iteration)).iteration
        for iteration in (one, two, None)
    ]
    assert [one, two, None] == seen
    assert tracker.get_item(ref).iteration is None


@pytest.mark.parametrize(
    "look",
    [
        lambda tracker: tracker.get_item("424242"),
        lambda tracker: tracker.get_item("no-number"),
        lambda tracker: tracker.update_item("424242", WorkItemChange(body="x")),
        lambda tracker: tracker.update_item("424242", WorkItemChange(add_labels=("x",))),
        lambda tracker: tracker.update_item("424242", WorkItemChange(remove_labels=("x",))),
        lambda tracker: tracker.create_comment("424242", "x"),
        lambda tracker: tracker.update_comment("1", "424242", "x"),
        lambda tracker: list(tracker.list_comments("424242", since=LONG_AGO)),
        lambda tracker: tracker.update_iteration("424242", SPRINT),
        lambda tracker: tracker.close_iteration("424242"),
        lambda tracker: tracker.describe_iteration("424242", "x"),
        lambda tracker: tracker.add_child("1", "424242"),
        lambda tracker: tracker.add_child("424242", "1"),
    ],
)
def test_what_is_not_there_is_missing(tracker, look):
    """A ref that names nothing is told from a failure."""
    make(tracker)
    with pytest.raises(MissingError):
        look(tracker)


def test_child_of_a_parent(world, tracker):
    """An item becomes the child of another, and telling it again is success."""
    if not world.can_nest:
        pytest.skip("this stand-in knows no children")
    parent, child = make(tracker, "parent").ref, make(tracker, "child").ref
    tracker.add_child(parent, child)
    tracker.add_child(parent, child)


def test_child_of_two_parents(world, tracker):
    """A child that has another parent is refused, so that nobody's order is undone."""
    if not world.can_nest:
        pytest.skip("this stand-in knows no children")
    one, two, child = (make(tracker, title).ref for title in ("one", "two", "child"))
    tracker.add_child(one, child)
    with pytest.raises(PermanentError):
        tracker.add_child(two, child)


def test_long_body_is_kept(tracker):
    """60,000 bytes with letters of every width come back as they went."""
    made = make(tracker, body=EMOJI_BODY)
    assert EMOJI_BODY == tracker.get_item(made.ref).body


def test_body_over_the_limit_is_never_cut(tracker):
    """A body that is too long is refused, or kept whole."""
    body = "x" * (tracker.traits.max_body_bytes + 10_000)
    try:
        made = make(tracker, body=body)
    except PermanentError:
        return
    assert body == tracker.get_item(made.ref).body


def test_longest_title_is_kept(tracker):
    """A title with as many characters as the tracker is said to hold comes back whole."""
    title = "é" * tracker.traits.max_title_characters
    assert title == tracker.get_item(make(tracker, title).ref).title


def test_odd_title_is_kept(tracker):
    """Quotes, tags, marks and emoji of a title are text and nothing more."""
    assert ODD_TITLE == tracker.get_item(make(tracker, ODD_TITLE).ref).title


@pytest.mark.parametrize(
    "look",
    [
        lambda tracker: tracker.get_item("1"),
        lambda tracker: list(tracker.list_items(label="x", since=LONG_AGO)),
        lambda tracker: list(tracker.list_comments("1", since=LONG_AGO)),
        lambda tracker: list(tracker.list_iterations()),
    ],
)
def test_failed_look_up_never_answers_empty(world, tracker, look):
    """Not found out is another thing than not there."""
    make(tracker, labels=("x",))
    with world.outage(), pytest.raises(TransientError):
        look(tracker)


def test_a_bug_is_one_where_the_tracker_knows_bugs(tracker):
    """And is made all the same where it does not."""
    made = make(tracker, is_bug=True, severity=Severity.CRITICAL)
    assert ("open", made) == (made.state, tracker.get_item(made.ref))
    changed = tracker.update_item(made.ref, WorkItemChange(severity=Severity.WARNING))
    assert (made.title, made.body, made.type) == (changed.title, changed.body, changed.type)


def test_how_an_item_ended_is_told(world, tracker):
    """What nobody is going to work on is another end than what is done."""
    done, dropped, given_up = make(tracker), make(tracker), make(tracker)
    tracker.update_item(done.ref, WorkItemChange(state="closed"))
    tracker.update_item(dropped.ref, WorkItemChange(state="closed", closed_as="not planned"))
    world.person_gives_up(given_up.ref)
    ends = [tracker.get_item(each.ref).closed_as for each in (done, dropped, given_up)]
    assert ["done", "not planned", "not planned"] == ends
    assert None is tracker.update_item(done.ref, WorkItemChange(state="open")).closed_as


def test_priority_and_estimate_are_set_and_changed(world):
    """In the tracker's own fields, or as labels, of which the outdated ones go; nothing else changes."""
    ref = world.tracker.create_item(NewWorkItem(title="Try", body="text", labels=("data",))).ref
    for priority, estimate in ((2, 3.0), (1, 0.5)):
        world.tracker.update_item(ref, WorkItemChange(priority=priority, estimate=estimate))
        found = world.tracker.get_item(ref)
        assert (priority, estimate) == (found.priority, found.estimate)
    world.tracker.update_item(ref, WorkItemChange(estimate=None))
    found = world.tracker.get_item(ref)
    assert (1, None) == (found.priority, found.estimate)
    assert "data" in found.labels
    assert not [each for each in found.labels if "points" in each]
    assert ("Try", "text") == (found.title, found.body)


def follow(pages):
    """How the items stand by what was told, and where to go on."""
    told = {}
    changes = [change for page in pages for change in page.changes]
    for change in sorted(changes, key=lambda each: (each.at, each.sequence, each.source)):
        for name in ("title", "iteration", "estimate", "progress"):
            if (value := getattr(change, name)) is not UNSET:
                told.setdefault(change.ref, {})[name] = value
        if change.estimate_gone is not None and told[change.ref].get("estimate") == change.estimate_gone:
            told[change.ref]["estimate"] = None
        if change.iteration_name:
            told.setdefault(change.ref, {})["iteration"] = change.iteration_name
    return told, pages[-1].mark


def test_what_happened_is_told_after_a_mark(world, tracker):
    """Whoever asks again hears nothing twice; the beginning is now."""
    if not world.tells_changes:
        pytest.skip("it has nothing to tell of what happened")
    sprint = tracker.create_iteration(SPRINT)
    before = make(tracker, "old", iteration=sprint.ref)
    [start] = tracker.list_changes("")
    assert ((), True) == (start.changes, start.complete)
    world.pass_time()
    tracker.update_item(before.ref, WorkItemChange(title="older", estimate=3.0))
    made = make(tracker, "new", iteration=sprint.ref)
    tracker.update_item(made.ref, WorkItemChange(state="closed", closed_as="not planned"))
    tracker.update_item(before.ref, WorkItemChange(state="closed", iteration=None))
    pages = list(tracker.list_changes(start.mark))
    told, mark = follow(pages)
    assert ("older", 3.0, None, "done") == tuple(
        told[before.ref][name] for name in ("title", "estimate", "iteration", "progress")
    )
    assert told[made.ref]["iteration"] in {sprint.ref, "Sprint 1"}
    assert "cancelled" == told[made.ref]["progress"]
    assert pages[-1].complete
    assert not any(page.changes for page in tracker.list_changes(mark))
    sources = [change.source for page in pages for change in page.changes]
    assert len(sources) == len(set(sources))
    assert None not in {change.at.tzinfo for page in pages for change in page.changes}
