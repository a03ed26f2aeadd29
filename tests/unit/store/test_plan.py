"""Runs, models, work items, sprints and cursors as the store knows them."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from trainboard.experiment_view import ModelVersion
from trainboard.experiments import Cursor
from trainboard.facts import RecordAlias, RecordModel, RecordRun, RecordWorkItem
from trainboard.iterations import Iteration
from trainboard.metrics import Judgement, Verdict
from trainboard.read import TrackedItem
from trainboard.runs import ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.serving import AliasMove
from trainboard.spending import Limit, LimitUse
from trainboard.store import cursors, intents, items, iterations, runs, secrets, servings
from trainboard.targets import Target
from trainboard.work_items import TrackerIteration, WorkItem

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def report(run_id="r1", status=RunStatus.RUNNING, **more):
    """What somebody says of a run."""
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id=run_id, status=status),
        experiment=ExperimentName(name="xgb"),
        **more,
    )


def known(**more):
    """The fact that a run is known."""
    values = {"project": "churn", "number": 3, "planned": True, "at": NOW, "report": report()} | more
    return RecordRun(**values)


def test_reports_of_one_run_are_merged(write):
    """What the second leaves out stays as the first said."""
    runs.record(write, known(report=report(metrics={"auc": 0.9})))
    runs.record(write, known(at=LATER, report=report(status=RunStatus.FINISHED, metrics={"f1": 0.8})))

    [merged], seen_at = runs.list_reports(write, "churn", "xgb", [3])
    assert merged.metrics == {"auc": 0.9, "f1": 0.8}
    assert merged.run.status is RunStatus.FINISHED
    assert seen_at == LATER


def test_a_report_that_says_nothing_new_changes_nothing(write):
    """The moment of the last change is that of the last news."""
    runs.record(write, known())
    runs.record(write, known(at=LATER))

    assert runs.list_reports(write, "churn", "xgb", [3])[1] == NOW


def test_a_late_report_does_not_move_a_run_that_has_ended(write):
    """A running report that arrives in the next sprint is old news."""
    runs.record(write, known(report=report(status=RunStatus.FINISHED)))
    runs.record(write, known(number=4, report=report(metrics={"auc": 0.9})))

    [merged], _ = runs.list_reports(write, "churn", "xgb", [3])
    assert merged.metrics == {"auc": 0.9}
    assert runs.list_reports(write, "churn", "xgb", [4])[0] == ()


def test_runs_of_other_sprints_are_left_out(write):
    """An item shows the sprints that it was in."""
    runs.record(write, known())
    runs.record(write, known(number=4, report=report("r2")))

    assert [each.run.id for each in runs.list_reports(write, "churn", "xgb", [4])[0]] == ["r2"]
    assert runs.list_reports(write, "churn", "other", [3]) == ((), None)


def test_a_run_knows_its_planned_experiments(write):
    """Runs that are kept without a plan have no work item to show a model on."""
    runs.record(write, known())
    runs.record(write, known(planned=False, report=report("r2")))

    assert runs.experiments_of_run(write, "churn", "r1") == [("xgb", 3)]
    assert runs.experiments_of_run(write, "churn", "r2") == []


def test_an_alias_points_at_one_version(write):
    """Moving an alias takes it from the version that had it; an old move that comes late moves nothing."""
    model = RecordModel(project="churn", model="clf", version="1", at=NOW, run_id="r1")
    runs.record_model(write, model)
    runs.record_model(write, msgspec.structs.replace(model, version="2", at=LATER, run_id="r2"))
    for version, at in (("2", LATER), ("1", NOW)):
        move = AliasMove(model="clf", alias="champion", version=version, at=at)
        servings.record(write, RecordAlias(project="churn", move=move))

    assert runs.list_models(write, "churn", ["r1", "r2"]) == (
        ModelVersion(name="clf", version="1", aliases=(), run_id="r1"),
        ModelVersion(name="clf", version="2", aliases=("champion",), run_id="r2"),
    )


def test_a_cleared_alias_is_gone_and_the_run_stays_known(write):
    """An alias event does not say which run made the version."""
    runs.record_model(write, RecordModel(project="churn", model="clf", version="1", at=NOW, run_id="r1"))
    for version, at in ((None, LATER), ("1", NOW)):
        move = AliasMove(model="clf", alias="champion", version=version, at=at)
        servings.record(write, RecordAlias(project="churn", move=move))

    assert runs.run_of_version(write, "churn", "clf", "1") == "r1"
    assert runs.list_models(write, "churn", ["r1"])[0].aliases == ()


TRACKED = TrackedItem(
    project="churn", experiment="xgb", number=3, tracker="local:churn", ref="7", state="open", title="XGB"
)
SEEN = WorkItem(
    ref="7", title="Better", body="", state="closed", url="/items/7", created_at=NOW, updated_at=NOW
)


def test_an_item_is_found_by_its_key_and_its_ref(write):
    """Both lead to the same row."""
    items.add(write, TRACKED, NOW)

    found = items.find(write, "churn", "xgb", 3)
    assert found.item == TRACKED
    assert found == items.find_by_ref(write, "local:churn", "7")
    assert items.find(write, "churn", "xgb", 4) is None
    assert items.find_by_ref(write, "local:churn", "8") is None


def test_a_carried_item_answers_to_both_sprints(write):
    """Runs of the new sprint go to the item that was carried."""
    items.add(write, TRACKED, NOW)
    items.carry(write, items.find(write, "churn", "xgb", 3), 4, "Sprint 3", NOW)

    carried = items.find(write, "churn", "xgb", 4)
    assert (carried.item.number, carried.item.carries) == (4, 1)
    assert carried.sprints == (3, 4)
    assert carried.carried_from == "Sprint 3"
    assert items.list_open(write, "churn", 4) == []
    assert items.list_open(write, "churn", 5) == [carried]


def test_what_was_seen_and_judged_is_kept(write):
    """The board shows it without asking the tracker."""
    items.add(write, TRACKED, NOW)
    judgement = Judgement(Target("auc", ">=", 0.9), Verdict.MET, 0.95, "r1")
    items.update_seen(write, items.find(write, "churn", "xgb", 3), SEEN, [judgement], NOW)

    found = items.find(write, "churn", "xgb", 3)
    assert (found.item.title, found.item.state) == ("Better", "closed")
    assert found.judgements == (judgement,)


def test_old_news_of_an_item_is_ignored(write):
    """Webhooks come late and out of order."""
    items.add(write, TRACKED, LATER)
    items.record(write, RecordWorkItem(tracker="local:churn", ref="7", title="Old", state="closed", at=NOW))
    assert items.find(write, "churn", "xgb", 3).item.title == "XGB"

    items.record(write, RecordWorkItem(tracker="local:churn", ref="7", title="New", state="closed", at=LATER))
    assert items.find(write, "churn", "xgb", 3).item.title == "New"


def test_a_lost_item_is_gone(write):
    """It is not open any more, and not made again under its key."""
    items.add(write, TRACKED, NOW)
    items.lose(write, items.find(write, "churn", "xgb", 3), NOW)

    assert items.find(write, "churn", "xgb", 3).item.state == items.GONE
    assert items.list_open(write, "churn", 9) == []


SPRINT = Iteration(number=3, name="Sprint 3", start=date(2026, 11, 9), end=date(2026, 11, 22))
MADE = TrackerIteration(ref="12", name="Sprint 3")


def test_a_sprint_is_known_until_it_is_forgotten(write):
    """Renamed by people, deleted by people; a name that comes late does not win."""
    assert iterations.find_ref(write, "churn", 3) is None
    iterations.add(write, "churn", "github:acme/churn", SPRINT, made=MADE, now=NOW)
    assert iterations.find_ref(write, "churn", 3) == "12"

    iterations.rename(write, "github:acme/churn", "12", "The big one", LATER)
    iterations.rename(write, "github:acme/churn", "12", "What it was called before", NOW)
    assert iterations.find_name(write, "churn", 3) == "The big one"

    iterations.forget(write, "github:acme/churn", "12")
    assert iterations.find_name(write, "churn", 3) is None


def test_an_intent_that_was_not_settled_is_a_doubt(write):
    """The second attempt learns when the first began."""
    assert intents.begin(write, "experiment:1", NOW) is None
    assert intents.begin(write, "experiment:1", LATER) == NOW

    intents.settle(write, "experiment:1")
    assert intents.begin(write, "experiment:1", LATER) is None


def test_a_cursor_keeps_the_first_moment_of_an_outage(write):
    """The page says since when the tracker is away."""
    assert cursors.get(write, "mlflow/prod") == cursors.Reading(cursor=Cursor())
    cursors.advance(write, "mlflow/prod", Cursor(ended_ms=5), NOW)
    cursors.fail(write, "mlflow/prod", NOW, "refused")
    cursors.fail(write, "mlflow/prod", LATER, "still refused")

    reading = cursors.get(write, "mlflow/prod")
    assert (reading.unreachable_since, reading.error) == (NOW, "still refused")
    assert reading.cursor == Cursor(ended_ms=5)

    cursors.advance(write, "mlflow/prod", Cursor(ended_ms=6), LATER)
    assert cursors.get(write, "mlflow/prod").unreachable_since is None


def test_an_installation_makes_its_key_once(write):
    """Marks of yesterday are true today."""
    first = secrets.get_or_make(write, "markers")

    assert len(first) == 32
    assert secrets.get_or_make(write, "markers") == first
    assert secrets.get_or_make(write, "other") != first


def test_budgets_are_those_of_open_items_that_time_uses_up(write):
    """With the first sprint of each; more runs are told of anyway."""

    def shows(ref, kind, state="open"):
        item = TrackedItem(
            project="churn", experiment=ref, number=3, tracker="local:churn", ref=ref, state=state
        )
        items.add(write, item, NOW)
        found = items.find_by_ref(write, "local:churn", ref)
        items.note_budget(write, found, [LimitUse(limit=Limit(kind), used=None, percent=None)])
        items.carry(write, found, 4, "Sprint 3", NOW)

    shows("1", "gpu_hours")
    shows("2", "runs")
    shows("3", "until", state="closed")
    [budget] = items.list_budgets(write, "churn")
    assert ("1", 3, "gpu_hours") == (budget.item.ref, budget.first_sprint, budget.usage[0].limit.kind)
    assert [] == items.list_budgets(write, "ranking")
