"""Commands are given: by whom, when, and what comes of them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.commanding import ADA, BEN, ISSUE, PULL, ago, given, last, obey
from fakes.hostile import list_harms
from fakes.pull_requests import CODE, HEAD, approval, pull_request, run
from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.command_policy import CommandPolicy
from trainboard.comments import CommandState, Role, SeenItem
from trainboard.effects import (
    AnswerComment,
    DecideApproval,
    EditItem,
    EnsureExperimentItem,
    StartPipeline,
)
from trainboard.effects.comments import ItemEdit
from trainboard.events import CommandsGiven
from trainboard.facts import RecordCommand, RecordPlanWord, RecordWaiver, TrackExperiment
from trainboard.handlers.commands import react
from trainboard.plans import PlanWord, write_key
from trainboard.targets import find_target, parse_targets
from trainboard.triggers import Parameter, Pipeline

RETRAIN = Pipeline(
    name="nightly",
    kind="local",
    place="local:churn",
    target="nightly",
    commands=("retrain",),
    parameters=(Parameter(name="dataset"),),
)
DEPLOY = Pipeline(
    name="deploy",
    kind="local",
    place="local:churn",
    target="deploy",
    commands=("promote", "rollback"),
    parameters=(Parameter(name="environment", type="environment"),),
)
PROJECT = replace(CHURN, tracker=CODE, code=CODE, pipelines=(RETRAIN, DEPLOY))


def known(**values):
    """A project on GitHub with one work item and one pull request."""
    defaults = {
        "projects": [PROJECT],
        "items": [item(tracker=CODE, ref="12")],
        "pull_requests": [pull_request()],
        "names": {1: "Sprint 1", 2: "Sprint 2"},
    }
    return FakeRead(**(defaults | values))


def edits(outcomes):
    return [each.edit for each in outcomes if isinstance(each, EditItem)]


def test_a_command_is_obeyed_once_however_often_it_is_read():
    """The comment may be read again, from the start or because of an edit of something else."""
    read = known()
    assert [ItemEdit(sprint=2)] == edits(obey(read, "/sprint next"))
    assert [] == obey(read, "/sprint next")
    assert [] == obey(read, "words\n\n/sprint   next\n/sprint next")
    assert [ItemEdit(sprint=2)] == edits(obey(read, "/sprint next", comment="101"))


def test_the_comment_is_answered_once_and_only_where_something_came_of_it():
    """One answer for all commands of a comment."""
    told = list(react(CommandsGiven(given=given("/sprint next\n/nonsense\n/assign ada")), known()))
    assert [AnswerComment(project="churn", origin=ISSUE, comment="100")] == [
        each for each in told if isinstance(each, AnswerComment)
    ]
    assert isinstance(told[-1], AnswerComment)
    assert [] == list(react(CommandsGiven(given=given("/lgtm")), known()))


def test_commands_are_obeyed_in_their_order_also_behind_a_mistake():
    """A mistake is told, and stops nothing."""
    read = known()
    assert [ItemEdit(add_labels=("data",)), ItemEdit(state="closed")] == edits(
        obey(read, "/label data\n/sprint\n/close")
    )
    assert ["label", "sprint", "close"] == [each.name for each in read.commands.values()]
    assert CommandState.REFUSED == list(read.commands.values())[1].state


def test_a_place_that_is_no_projects_is_passed_over():
    """Its comments are somebody else's."""
    assert [] == obey(known(projects=[CHURN], items=[]), "/sprint next")


@pytest.mark.parametrize(
    ("text", "role", "is_allowed"),
    [
        ("/label data", Role.TRIAGE, True),
        ("/label data", Role.ANYONE, False),
        ("/label data", Role.ADMIN, True),
        ("/close", Role.ANYONE, False),
        ("/help", Role.ANYONE, True),
        ("/help", None, True),
    ],
)
def test_a_role_allows_what_asks_for_it_or_for_less(text, role, is_allowed):
    """And no more."""
    read = known()
    obey(read, text, role=role)
    assert is_allowed == (last(read).state is not CommandState.REFUSED)


def test_whoever_opened_an_item_may_close_it():
    """Whatever else they are there."""
    read = known()
    seen = SeenItem(opened_by=ADA.id)
    assert [ItemEdit(state="closed")] == edits(obey(read, "/close", role=Role.ANYONE, item=seen))
    assert [] == obey(read, "/close", role=Role.ANYONE, item=seen, person=BEN, comment="101")
    assert "/close` is for whoever opened this" in last(read).said


def test_who_could_not_be_asked_about_may_not():
    """And is told to try again, which is another thing than a no."""
    read = known()
    assert [] == obey(read, "/sprint next", role=None, obstacle="GitHub answered 502.")
    assert "could not be found out. GitHub answered 502. Try again later." in last(read).said


def test_why_nobody_knew_is_said_without_doing_anything():
    """It may hold names of people, and what a platform answered."""
    read = known()
    obey(read, "/sprint next", role=None, obstacle="No answer for @ada.\n/close")
    assert "could not be found out." in last(read).said
    assert [] == list_harms(last(read).said)


def test_a_denial_names_the_rule_once_an_hour():
    """One person on one item; another one is told too."""
    read = known()
    obey(read, "/label data", role=Role.ANYONE)
    assert "`/label` is for people who may triage. ada may read at most here" in last(read).said
    obey(read, "/label more", role=Role.ANYONE, comment="101")
    assert (CommandState.REFUSED, "") == (last(read).state, last(read).said)
    obey(read, "/label more", role=Role.ANYONE, comment="102", person=BEN)
    assert last(read).said
    read.now = NOW + timedelta(minutes=61)
    obey(read, "/label more", role=Role.ANYONE, comment="103", written=read.now)
    assert last(read).said


def test_a_project_may_ask_for_more_or_for_less_or_turn_a_command_off():
    """By the name of the command."""
    rules = {"label": ("admin",), "sprint": ("anyone",), "close": ("nobody",)}
    read = known(projects=[replace(PROJECT, commands=CommandPolicy(rules=rules))])
    assert [] == obey(read, "/label data", role=Role.MAINTAIN)
    assert "for administrators" in last(read).said
    assert edits(obey(read, "/sprint next", role=Role.ANYONE, comment="101"))
    assert [] == obey(read, "/close", role=Role.ADMIN, comment="102", person=BEN)
    assert "`/close` is turned off here" in last(read).said


def test_a_project_may_name_who_may():
    """By ids in whatever letters; they need the role besides."""
    policy = CommandPolicy(people={"label": frozenset({ADA.id.casefold()})})
    read = known(projects=[replace(PROJECT, commands=policy)])
    assert edits(obey(read, "/label data"))
    assert [] == obey(read, "/label data", comment="101", person=BEN, role=Role.ADMIN)
    assert "`/label` is for people whom the settings name, and whom the platform lets" in last(read).said
    assert [] == obey(read, "/label data", comment="102", role=Role.ANYONE)
    obey(read, "/help", comment="103", person=BEN)
    assert "- `/label`: people whom the settings name" in last(read).said


def test_what_was_added_by_an_edit_counts_for_a_quarter_of_an_hour():
    """Only its author's, and nothing that is dangerous."""
    written = ago(minutes=10)
    assert edits(obey(known(), "/label data", written=written, edited=NOW))
    for fields, said in (
        ({"written": ago(minutes=20)}, "after more than 15 minutes"),
        ({"written": written, "editor": BEN.id}, "only its author can command by an edit"),
    ):
        read = known()
        assert [] == obey(read, "/label data", edited=NOW, **fields)
        assert said in last(read).said
    read = known()
    assert [] == obey(read, "/retrain", written=written, edited=NOW)
    assert "It does not count where it was added by an edit" in last(read).said


@pytest.mark.parametrize(
    ("text", "age", "is_late"),
    [
        ("/label data", timedelta(hours=23), False),
        ("/label data", timedelta(hours=25), True),
        ("/retrain", timedelta(minutes=14), False),
        ("/retrain", timedelta(minutes=16), True),
    ],
)
def test_what_is_read_late_is_answered_and_not_done(text, age, is_late):
    """A comment may be found long after it was written; what is dangerous is late sooner."""
    read = known()
    obey(read, text, written=NOW - age)
    assert is_late == ("which is too late: write it again" in last(read).said)


def test_a_dangerous_command_is_shown_before_it_is_done():
    """It is done when whoever gave it confirms what was shown."""
    read = known()
    assert [] == obey(read, "/retrain dataset=2026-11")
    first = last(read)
    assert CommandState.UNCONFIRMED == first.state
    assert "- run `nightly` on what is newest, with `dataset` = `2026-11`" in first.said
    code = first.said.rpartition("/confirm ")[2].partition("`")[0]
    [started] = obey(read, f"/confirm {code}", comment="101")
    assert isinstance(started, StartPipeline)
    assert ("nightly", "ada", first.key) == (started.pipeline, started.by, started.asked)
    assert CommandState.WAITING == read.commands[first.key].state
    assert [] == obey(read, f"/confirm {code}", comment="102")
    assert "does not wait any more" in last(read).said


def confirm(read, **fields):
    code = last(read).said.rpartition("/confirm ")[2].partition("`")[0]
    return obey(read, f"/confirm {code}", comment="200", **fields)


def test_nobody_confirms_for_somebody_else():
    """Not an administrator either."""
    read = known()
    obey(read, "/retrain")
    assert [] == confirm(read, person=BEN, role=Role.ADMIN)
    assert "Nothing of yours waits for that here" in last(read).said


def test_a_confirmation_comes_in_time():
    """After a quarter of an hour the command has to be given again."""
    read = known()
    obey(read, "/retrain")
    read.now = NOW + timedelta(minutes=16)
    assert [] == confirm(read, written=read.now)
    assert "more than 15 minutes ago" in last(read).said


def test_a_confirmation_counts_for_what_was_shown():
    """A pull request that has another commit by now is another thing."""
    read = known()
    obey(read, "/promote staging", PULL, role=Role.MAINTAIN)
    shown = read.commands
    moved = known(pull_requests=[pull_request(head="e" * 40)])
    moved.commands = shown
    code = last(read).said.rpartition("/confirm ")[2].partition("`")[0]
    assert [] == obey(moved, f"/confirm {code}", PULL, role=Role.MAINTAIN, comment="101")
    assert any("It would do something else by now" in each.said for each in moved.commands.values())


def test_whoever_lost_their_role_cannot_confirm():
    """Roles are read for each comment."""
    read = known()
    obey(read, "/retrain")
    assert [] == confirm(read, role=Role.TRIAGE)
    assert "You may not do that any more" in last(read).said


def test_what_was_pushed_after_a_command_refuses_it():
    """By the platform's clock, where the same second counts as after."""
    for pushed, is_refused in ((ago(seconds=1), False), (NOW, True), (NOW + timedelta(seconds=1), True)):
        read = known(head_times={HEAD: pushed})
        obey(read, "/waive the labels are noisy", PULL, role=Role.MAINTAIN)
        assert is_refused == ("Something was pushed after you wrote it" in last(read).said)


def test_an_environment_is_changed_by_one_at_a_time():
    """Whoever comes second is told who holds it."""
    read = known()
    obey(read, "/promote staging", PULL, role=Role.MAINTAIN)
    [started] = obey(
        read,
        f"/confirm {last(read).said.rpartition('/confirm ')[2].partition('`')[0]}",
        PULL,
        role=Role.MAINTAIN,
        comment="101",
    )
    assert "staging" == started.environment
    from trainboard.applying.triggers import _ask

    held = known(holders=[_ask(started)])
    obey(held, "/rollback staging", PULL, role=Role.MAINTAIN, person=BEN, comment="102")
    assert "`staging` is taken: ada started `deploy` on pull request 7" in last(held).said
    obey(held, "/rollback production", PULL, role=Role.MAINTAIN, person=BEN, comment="103")
    assert CommandState.UNCONFIRMED == last(held).state


def test_an_approval_is_passed_on_for_the_person():
    """The platform decides; the bot lends nobody its own right."""
    waiting = approval(commit=HEAD)
    [effect] = obey(known(approvals=[waiting]), "/approve production", PULL, role=Role.ANYONE)
    assert isinstance(effect, DecideApproval)
    assert ("approved", ADA, HEAD) == (effect.verdict, effect.person, effect.head)
    read = known()
    assert [] == obey(read, "/reject", PULL)
    assert "Nothing waits for an approval here" in last(read).said


def test_a_waiver_is_noted_with_who_and_why():
    """And taken back by undoing it."""
    read = known()
    [fact, _] = obey(read, "/waive the test set was relabelled", PULL, role=Role.MAINTAIN)
    assert isinstance(fact, RecordWaiver)
    assert ("ada", "the test set was relabelled", False) == (fact.by, fact.reason, fact.withdrawn)
    [back, _] = obey(read, "/undo", PULL, role=Role.MAINTAIN, comment="101")
    assert (True, HEAD) == (back.withdrawn, back.commit)


@pytest.mark.parametrize(
    ("text", "change", "back"),
    [
        ("/sprint next", ItemEdit(sprint=2), ItemEdit(iteration="5")),
        ("/sprint backlog", ItemEdit(sprint=None), ItemEdit(iteration="5")),
        ('/sprint "sprint 2"', ItemEdit(sprint=2), ItemEdit(iteration="5")),
        ("/assign", ItemEdit(assign=("ada",)), ItemEdit(assignees=("grace",))),
        ("/assign @ben, me", ItemEdit(assign=("ben", "ada")), ItemEdit(assignees=("grace",))),
        ("/unassign grace", ItemEdit(unassign=("grace",)), ItemEdit(assignees=("grace",))),
        ("/label data bug", ItemEdit(add_labels=("data", "bug")), ItemEdit(remove_labels=("data",))),
        ("/label bug --remove", ItemEdit(remove_labels=("bug",)), ItemEdit(add_labels=("bug",))),
        ("/block", ItemEdit(add_labels=("tb:blocked",)), ItemEdit(remove_labels=("tb:blocked",))),
        ("/unblock", ItemEdit(remove_labels=("tb:blocked",)), ItemEdit(add_labels=("tb:blocked",))),
        ("/close", ItemEdit(state="closed"), ItemEdit(state="open")),
        (
            "/close as=not-planned",
            ItemEdit(state="closed", closed_as="not planned"),
            ItemEdit(state="open"),
        ),
        ("/reopen", ItemEdit(state="open"), ItemEdit(state="closed")),
    ],
)
def test_a_work_item_is_changed_and_changed_back(text, change, back):
    """What undoes it makes the item as it was when the comment was written."""
    read = known()
    seen = SeenItem(iteration="5", labels=("bug",), assignees=("grace",))
    assert [change] == edits(obey(read, text, item=seen))
    done = last(read)
    assert (CommandState.WAITING, "") == (done.state, done.said)
    read.commands[done.key] = replace(done, state=CommandState.DONE, awaited=())
    assert [back] == edits(obey(read, "/undo", comment="101"))
    assert [] == obey(read, "/undo", comment="102")
    assert "can be taken back" in last(read).said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/sprint Nowhere", "There is no sprint `Nowhere`. Known are: Sprint 1, Sprint 2."),
        ("/label tb:experiment", "are the bot's own"),
        (f"/label {'x' * 51}", "at most 50 characters"),
        ("/confirm 123456", "Nothing of yours waits"),
        ("/ack", "no bug that was made of alerts"),
        ("/undo", "Nothing that you commanded here"),
        ("/dry-run dry-run help", "A dry run of a dry run"),
        ("/approve", "This works on pull requests only"),
    ],
)
def test_what_cannot_be_is_told(text, said):
    """In a sentence that helps."""
    read = known()
    assert [] == obey(read, text, role=Role.ADMIN)
    assert CommandState.REFUSED == last(read).state
    assert said in last(read).said


def test_a_dry_run_tells_and_does_nothing():
    """Also that it would be refused."""
    read = known()
    assert [] == obey(read, "/dry-run sprint next", role=Role.ANYONE)
    assert "- put this into Sprint 2" in last(read).said
    assert "be refused: you may not use `/sprint` here" in last(read).said


def test_nobody_takes_back_what_somebody_else_commanded():
    """Their own last command there, within a day."""
    read = known()
    obey(read, "/block")
    read.commands[last(read).key] = replace(last(read), state=CommandState.DONE)
    assert [] == obey(read, "/undo", person=BEN, comment="101")
    read.now = NOW + timedelta(hours=25)
    assert [] == obey(read, "/undo", written=read.now, comment="102")


def test_what_is_noted_names_person_place_and_line():
    """So that everybody can see later who commanded what."""
    read = known()
    obey(read, "Hello\n\n/label data")
    done = last(read)
    assert (ADA, ISSUE, "100", 3, "/label data") == (
        done.person,
        done.origin,
        done.comment,
        done.line,
        done.text,
    )
    assert isinstance(RecordCommand(obeyed=done), RecordCommand)


def test_help_tells_the_rules_of_the_project():
    """And not the usual ones."""
    read = known(
        projects=[replace(PROJECT, commands=CommandPolicy(rules={"label": ("admin",), "close": ("nobody",)}))]
    )
    obey(read, "/help")
    assert "- `/label`: administrators" in last(read).said
    assert "- `/close`: nobody, for it is turned off" in last(read).said
    obey(read, "/help label", comment="101")
    assert "is for administrators." in last(read).said
    assert "You may not use it here" in last(read).said


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("/priority high", ItemEdit(priority=2)),
        ("/priority 4", ItemEdit(priority=4)),
        ("/estimate 3", ItemEdit(estimate=3.0)),
        ("/estimate 0.5", ItemEdit(estimate=0.5)),
        ("/estimate none", ItemEdit(estimate=None)),
    ],
)
def test_an_item_is_graded(text, change):
    """What it was before is not known, so that nothing takes it back."""
    read = known()
    assert [change] == edits(obey(read, text))
    assert () == last(read).undo


@pytest.mark.parametrize("text", ["/estimate -1", "/estimate 1001", "/estimate 0.125", "/priority 5"])
def test_a_grade_out_of_range_is_refused(text):
    """With what would be in range."""
    read = known()
    assert [] == obey(read, text)
    assert CommandState.REFUSED is last(read).state


def test_status_names_the_runs_of_an_experiment_and_what_they_reached():
    """How many there are, the best value of each target, and the last run with its address."""
    reports = [run("r1", {"val_auc": 0.91}), run("r2", {"val_auc": 0.9}), run("r3", status="running")]
    targets = parse_targets("val_auc >= 0.92\nlatency_ms <= 30")
    read = known(trained=reports, targets=targets)
    [effect] = obey(read, "/status", role=Role.ANYONE)
    assert isinstance(effect, EnsureExperimentItem)
    said = last(read).said
    last_run = "[r3](https://mlflow.example.com/runs/r3)"
    assert f"3 runs (1 running, 2 finished). The last one, {last_run}: running." in said
    assert "- Target `val_auc >= 0.92`: 0.91, ✗ not met" in said
    assert "- Target `latency_ms <= 30`, ✗ not met" in said


def test_status_of_an_experiment_without_runs_says_so():
    """And invents no number."""
    read = known(targets=parse_targets("val_auc >= 0.92"))
    obey(read, "/status", role=Role.ANYONE)
    assert "No run of it is known yet.\n\n- Target `val_auc >= 0.92`, no result yet" in last(read).said


HARD = find_target("val_auc >= 0.9")


def list_refused(read):
    return [each.state for each in read.commands.values() if each.state is CommandState.REFUSED]


def words(outcomes):
    return [(each.word.subject, each.word.value) for each in outcomes if isinstance(each, RecordPlanWord)]


def test_a_target_is_noted_and_the_item_shown_anew():
    """The key tells it from the targets of other metrics and directions."""
    outcomes = obey(known(), "/target val_auc >= 0.9")
    assert [("target", "val_auc >= 0.9")] == words(outcomes)
    assert 1 == sum(isinstance(each, EnsureExperimentItem) for each in outcomes)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("/target val_auc >= 0.95", False),
        ("/target val_auc >= 0.9", False),
        ("/target val_auc > 0.9", False),
        ("/target val_auc >= 0.9 over n>=3 seeds", False),
        ("/target val_auc >= 0.8", True),
        ("/target loss <= 3", False),
    ],
)
def test_an_easier_target_wants_a_confirmation(text, asks):
    """A harder one does not, nor a new one."""
    read = known(targets=[HARD])
    outcomes = obey(read, text)
    assert (asks, not asks) == (last(read).state is CommandState.UNCONFIRMED, bool(words(outcomes)))


def test_a_target_is_taken_back_only_where_it_was_commanded():
    """What is written is people's own, and the confirmation says what will not hold any more."""
    read = known(targets=[HARD])
    obey(read, "/target --drop val_auc >= 0.9")
    assert CommandState.REFUSED is last(read).state
    said = PlanWord(subject="target", key=write_key(HARD), value=str(HARD), by="ben", at=NOW)
    read = known(plan_words={(CODE, "12"): [said]})
    assert [] == obey(read, "/target --drop val_auc >= 0")
    assert CommandState.UNCONFIRMED is last(read).state
    assert "hold the experiment to `val_auc >= 0.9` no more" in last(read).said


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("/baseline champion", [("baseline", "champion")]),
        ("/baseline val_auc=0.9", [("baseline", "val_auc=0.9")]),
        ("/baseline none", [("baseline", "")]),
        ("/baseline whatever is good", []),
        ("/budget runs<=5, until 2026-12-04", [("budget", "runs <= 5, until 2026-12-04")]),
        ("/budget none", [("budget", "")]),
        ("/budget a lot", []),
        ("/conclude it works", [("conclusion", "concluded")]),
        ("/inconclusive too few labels", [("conclusion", "inconclusive")]),
        ("/conclude", []),
    ],
)
def test_words_on_the_plan_are_noted(text, noted):
    """Or refused with a sentence that says what can be said."""
    read = known()
    assert noted == words(obey(read, text))
    assert ([] if noted else [CommandState.REFUSED]) == list_refused(read)


def test_a_conclusion_closes_the_item():
    """As done, or as not planned where nothing can be said."""
    assert [ItemEdit(state="closed", closed_as="done")] == edits(obey(known(), "/conclude it works"))
    dropped = ItemEdit(state="closed", closed_as="not planned")
    assert [dropped] == edits(obey(known(), "/inconclusive too few labels"))


@pytest.mark.parametrize("by", ["ana", ""])
def test_who_opens_an_experiment_again_takes_back_how_it_ended(by):
    """Whether people or a rule had said so; where nobody had, there is nothing to take back."""
    ended = PlanWord(subject="conclusion", value="concluded", reason="It works.", by=by, at=NOW)
    assert [("conclusion", "")] == words(obey(known(plan_words={(CODE, "12"): [ended]}), "/reopen"))
    assert [] == words(obey(known(), "/reopen"))


def test_only_an_experiment_has_a_plan():
    """Other items are told so."""
    read = known(items=[])
    assert [] == words(obey(read, "/budget runs<=5"))
    assert "no work item of an experiment" in last(read).said


def test_undo_brings_back_what_was_said_before():
    """Or that nothing was."""
    read = known()
    obey(read, "/budget runs<=5")
    assert [("budget", "")] == words(obey(read, "/undo", comment="101"))
    before = PlanWord(subject="budget", value="runs <= 9", by="ben", at=NOW)
    read = known(plan_words={(CODE, "12"): [before]})
    obey(read, "/budget runs<=5")
    assert [("budget", "runs <= 9")] == words(obey(read, "/undo", comment="101"))


def tracked(outcomes):
    return [(each.experiment, each.stopped) for each in outcomes if isinstance(each, TrackExperiment)]


def test_an_experiment_is_shown_where_somebody_wishes_it():
    """From the current sprint on; taken back, it is shown no longer."""
    read = known(items=[])
    outcomes = obey(read, "/track churn-xgb")
    assert [("churn-xgb", False)] == tracked(outcomes)
    assert 1 == sum(isinstance(each, EnsureExperimentItem) for each in outcomes)
    assert [("churn-xgb", True)] == tracked(obey(read, "/undo", comment="101"))


@pytest.mark.parametrize(
    ("items", "text", "said"),
    [
        ([item(tracker=CODE, ref="12")], "/track churn-mlp", "shows experiment `churn-xgb` already"),
        ([item(tracker=CODE, ref="9")], "/track churn-xgb", "Work item `9` shows that experiment"),
        ([], "/track " + "x" * 251, "at most 250 characters"),
        ([], "/untrack", "no work item of an experiment"),
        ([item(tracker=CODE, ref="12", state="gone")], "/untrack", "no work item of an experiment"),
    ],
)
def test_one_item_shows_one_experiment(items, text, said):
    """And one experiment stands in one item of a sprint."""
    read = known(items=items)
    assert [] == tracked(obey(read, text))
    assert said in last(read).said


def test_an_experiment_is_let_go():
    """Its item is not written to any more."""
    outcomes = obey(known(), "/untrack")
    assert [("churn-xgb", True)] == tracked(outcomes)
    assert [] == [each for each in outcomes if isinstance(each, EnsureExperimentItem)]
