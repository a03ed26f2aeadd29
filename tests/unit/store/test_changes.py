"""What a fact would change in our rows."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import msgspec
import pytest

from fakes.alerts import (
    DOOR,
    TOLD,
    put_problem,
)
from fakes.code import (
    CODE,
    HEAD,
    approval,
    check,
    deployment,
    move,
    pull_request,
    results,
    serving,
)
from fakes.due_reports import CLAIMED, put_report
from fakes.pipelines import (
    WHOLE,
    trigger,
)
from fakes.read import item
from trainboard.approvals import Person
from trainboard.comments import Obeyed
from trainboard.engine.facts import record
from trainboard.facts import (
    AnswerProblem,
    Fact,
    FollowTrigger,
    ForgetIteration,
    HearOfReport,
    MoveWorkItem,
    NameIteration,
    RecordAlias,
    RecordApproval,
    RecordCheck,
    RecordCommand,
    RecordDeployment,
    RecordGoal,
    RecordHappening,
    RecordLink,
    RecordLinks,
    RecordModel,
    RecordParent,
    RecordPlanWord,
    RecordPullRequest,
    RecordQueued,
    RecordRepository,
    RecordResults,
    RecordRun,
    RecordServing,
    RecordStorm,
    RecordTouch,
    RecordWaiver,
    RecordWorkItem,
    TrackExperiment,
)
from trainboard.goals import GoalSaid
from trainboard.item_links import LinkSource
from trainboard.iterations import Iteration
from trainboard.plans import PlanWord
from trainboard.report.happenings import Happening
from trainboard.runs import ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.store import changes, items, iterations, triggers
from trainboard.triggers import Origin
from trainboard.work_items import TrackerIteration

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SPRINT = Iteration(number=1, name="Sprint 1", start=date(2026, 11, 9), end=date(2026, 11, 22))
HAPPENED = RecordHappening(project="churn", happening=Happening(item="1", at=NOW, sprint=1))
REPORT = RunReport(
    source="mlflow:prod",
    run=RunFacts(id="r1", status=RunStatus.FINISHED),
    experiment=ExperimentName(name="xgb"),
)


def _encode(value):
    return msgspec.json.encode(value).decode()


LINKED = RecordLink(
    code=CODE,
    number=7,
    tracker="local:churn",
    ref="1",
    linked=True,
    at=NOW,
    source=LinkSource.PERSON,
    by="ada",
)
CASES = [
    (
        RecordRun(project="churn", number=1, planned=True, at=NOW, report=REPORT),
        ("runs", "status", None, "finished"),
    ),
    (
        RecordModel(project="churn", model="clf", version="3", at=NOW, run_id="r1"),
        ("model_versions", "run_id", None, "r1"),
    ),
    (RecordAlias(project="churn", move=move()), ("alias_moves", "version", None, "3")),
    (RecordServing(project="churn", serving=serving()), ("servings", "endpoint", None, "churn-prod")),
    (
        RecordQueued(code=CODE, number=7, commit=HEAD, at=NOW),
        ("queued_commits", "number", None, 7),
    ),
    (
        RecordWorkItem(tracker="local:churn", ref="1", title="New", state="closed", at=LATER),
        ("work_items", "state", "open", "closed"),
    ),
    (HAPPENED, ("item_history", "planned", None, True)),
    (ForgetIteration(tracker="local:churn", ref="7"), ("iterations", "name", "Sprint 1", None)),
    (
        NameIteration(tracker="local:churn", ref="7", name="Autumn", at=LATER),
        ("iterations", "name", "Sprint 1", "Autumn"),
    ),
    (
        FollowTrigger(check=WHOLE),
        ("triggers", "document", _encode(trigger()), _encode(trigger().follow(WHOLE))),
    ),
    (RecordPullRequest(pull_request=pull_request()), ("pull_requests", "head", None, HEAD)),
    (RecordCheck(check=check()), ("checks", "name", None, "lint")),
    (RecordDeployment(deployment=deployment()), ("deployments", "state", None, "running")),
    (RecordApproval(approval=approval()), ("approvals", "ref", None, "1")),
    (RecordResults(results=results()), ("results", "pipeline", None, "github-actions/1")),
    (
        RecordLinks(code=CODE, number=7, tracker="local:churn", refs=("1",), at=NOW),
        ("linked_items", "ref", None, "1"),
    ),
    (LINKED, ("told_links", "by", None, "ada")),
    (
        TrackExperiment(
            project="churn", experiment="mlp", number=1, tracker="local:churn", ref="7", by="ada", at=NOW
        ),
        ("tracked_experiments", "ref", None, "7"),
    ),
    (
        RecordPlanWord(
            tracker="local:churn",
            ref="1",
            word=PlanWord(subject="baseline", value="champion", by="ada", at=NOW),
        ),
        ("plan_words", "value", None, "champion"),
    ),
    (
        RecordWaiver(code=CODE, number=7, commit=HEAD, by="ada", reason="Known.", at=NOW),
        ("waivers", "by", None, "ada"),
    ),
    (
        RecordParent(
            tracker="local:churn", ref="2", parent_tracker="local:churn", parent="1", linked=True, at=NOW
        ),
        ("item_parents", "parent", None, "1"),
    ),
    (
        MoveWorkItem(
            old_tracker="local:churn",
            old_ref="1",
            tracker="local:plans",
            ref="5",
            state="gone",
            url="",
            at=NOW,
        ),
        ("work_items", "tracker", "local:churn", None),
    ),
    (
        RecordRepository(code=CODE, state="read-only", at=NOW),
        ("repository_states", "state", None, "read-only"),
    ),
    (TOLD, ("problems", "rule", None, "FeatureDrift")),
    (
        RecordStorm(project="churn", door=DOOR, key="storm:one", rule="", members=("alert:seed",), at=NOW),
        ("problems", "kind", None, "storm"),
    ),
    (RecordTouch(tracker="local:churn", ref="9", at=NOW), ("problems", "acknowledged_at", None, NOW)),
    (CLAIMED, ("reports", "state", None, "asked")),
    (
        HearOfReport(tracker="local:churn", ref="9", at=LATER, touched=True),
        ("report_places", "touched_at", None, LATER),
    ),
    (
        AnswerProblem(key="alert:seed", at=NOW, quiet_until=LATER),
        ("problems", "quiet_until", None, LATER),
    ),
    (
        RecordCommand(
            obeyed=Obeyed(
                key="github:acme/churn#12/100/abc",
                origin=Origin(place=CODE, ref="12"),
                comment="100",
                line=1,
                text="/label data",
                name="label",
                person=Person(id="1", name="ada"),
                at=NOW,
            )
        ),
        ("commands", "comment", None, "100"),
    ),
    (
        RecordGoal(
            project="churn",
            key="github:acme/churn#12/100/abc",
            said=GoalSaid(number=1, word="goal", text="Serve it", by="ada", at=NOW),
        ),
        ("sprint_goals", "text", None, "Serve it"),
    ),
]


def test_every_fact_has_a_case():
    """A new kind of fact is compared here."""
    assert set(get_args(Fact)) == {type(fact) for fact, _ in CASES}


@pytest.mark.parametrize(("fact", "change"), CASES, ids=lambda each: type(each).__name__)
def test_a_fact_tells_what_it_changes_and_then_nothing(write, fact, change):
    """Values before and after; a row that is new was None, one that is gone is None."""
    items.add(write, item(), NOW)
    triggers.put(write, trigger())
    put_problem(write)
    put_report(write)
    made = TrackerIteration(ref="7", name="Sprint 1")
    iterations.add(write, "churn", "local:churn", SPRINT, made=made, now=NOW)

    def changed():
        before = changes.list_rows(write, fact)
        record(write, fact, NOW)
        found = changes.compare(fact, before, changes.list_rows(write, fact))
        return [(each.table, each.column, each.before, each.after) for each in found]

    assert change in changed()
    assert [] == changed()
