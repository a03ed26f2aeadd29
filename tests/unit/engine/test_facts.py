"""Each fact becomes rows."""

from datetime import date, timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

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
    serving,
)
from fakes.code import results as found
from fakes.due_reports import CLAIMED, put_report
from fakes.pipelines import (
    RUN,
    WHOLE,
    trigger,
)
from fakes.read import NOW, item
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
from trainboard.metric_gate import Waiver
from trainboard.plans import PlanWord
from trainboard.report.happenings import Happening
from trainboard.runs import ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.store import (
    approvals,
    commands,
    item_history,
    item_links,
    items,
    iterations,
    lineage,
    merge_queues,
    plan_words,
    problems,
    pull_requests,
    report_claims,
    report_places,
    repository_states,
    results,
    runs,
    servings,
    sprint_goals,
    tracking,
    triggers,
    waivers,
)
from trainboard.triggers import Origin
from trainboard.work_items import TrackerIteration

REPORT = RunReport(
    source="mlflow:prod",
    run=RunFacts(id="r1", status=RunStatus.FINISHED),
    experiment=ExperimentName(name="churn-xgb"),
)
LATER = NOW + timedelta(hours=2)
SERVED = GoalSaid(number=1, word="goal", text="Serve it", by="ada", at=NOW)
LABELLED = Obeyed(
    key="github:acme/churn#12/100/abc",
    origin=Origin(place=CODE, ref="12"),
    comment="100",
    line=1,
    text="/label data",
    name="label",
    person=Person(id="1", name="ada"),
    at=NOW,
)
SPRINT = Iteration(number=1, name="Sprint 1", start=date(2026, 11, 9), end=date(2026, 11, 22))


def runs_known(connection):
    return runs.list_reports(connection, "churn", "churn-xgb", [1])


def run_of_model(connection):
    return runs.run_of_version(connection, "churn", "churn-model", "3")


def title_and_state(connection):
    found = items.find_by_ref(connection, "local:churn", "1").item
    return found.title, found.state


def history_of_churn(connection):
    known = item_history.list_of(connection, "churn")
    return [replace(each, order=0, source="", noted_at=None) for each in known]


def sprint_name(connection):
    return iterations.find_name(connection, "churn", 1)


def pull_request_seven(connection):
    return pull_requests.find(connection, CODE, 7)


def checks_of_head(connection):
    return pull_requests.list_checks(connection, CODE, HEAD)


def deployments_of_head(connection):
    return pull_requests.list_deployments(connection, CODE, HEAD)


def approvals_of_head(connection):
    return approvals.list_of_commit(connection, CODE, HEAD, NOW)


def results_of_head(connection):
    return results.list_of_commit(connection, CODE, HEAD)


def state_of_trigger(connection):
    return triggers.find_of_run(connection, RUN).check


def quiet_seed(connection):
    problem = problems.find(connection, "alert:seed")
    return problem.acknowledged_at, problem.quiet_until


def commands_on_twelve(connection):
    return commands.list_of(connection, Origin(place=CODE, ref="12"))


def waiver_of_seven(connection):
    return waivers.find(connection, pull_request())


def links_of_seven(connection):
    return item_links.list_of(connection, CODE, 7)


def parents_of_two(connection):
    return [link.ref for link in lineage.list_parents(connection, [("local:churn", "2")])]


def firing_of_one(connection):
    episodes = problems.list_episodes(connection, problems.find(connection, "alert:one"))
    return [each.alert.fingerprint for each in episodes if each.firing]


def members_of_storm(connection):
    return [each.key for each in problems.list_members(connection, "storm:one")]


def touched_seed(connection):
    seed = problems.find(connection, "alert:seed")
    return seed.touched, seed.acknowledged_at


def pointers(connection):
    return servings.list_pointers(connection, ["churn"])


def served(connection):
    return servings.list_servings(connection, "churn")


def queued(connection):
    return merge_queues.find_latest(connection, CODE, 7)


def words_on_one(connection):
    return plan_words.list_of(connection, "local:churn", "1")


def shown_experiment(connection):
    item = items.find_tracked(connection, "churn", "churn-mlp", 1)
    return tracking.find(connection, "churn", "churn-mlp"), item and item.ref


TRACKED = TrackExperiment(
    project="churn", experiment="churn-mlp", number=1, tracker="local:churn", ref="7", by="ada", at=NOW
)
TARGET = PlanWord(subject="target", key="auc max", value="auc > 0.9", by="ada", at=NOW)
HAPPENED = Happening(item="1", at=NOW, sprint=1)

CASES = [
    (RecordAlias(project="churn", move=move()), pointers, {("churn", "churn-xgb", "3"): ("champion",)}),
    (RecordServing(project="churn", serving=serving()), served, (serving(),)),
    (RecordQueued(code=CODE, number=7, commit=HEAD, at=NOW), queued, HEAD),
    (RecordRun(project="churn", number=1, planned=True, at=NOW, report=REPORT), runs_known, ((REPORT,), NOW)),
    (
        RecordModel(project="churn", model="churn-model", version="3", at=NOW, run_id="r1"),
        run_of_model,
        "r1",
    ),
    (
        RecordWorkItem(tracker="local:churn", ref="1", title="New", state="closed", at=NOW),
        title_and_state,
        ("New", "closed"),
    ),
    (RecordHappening(project="churn", happening=HAPPENED), history_of_churn, [HAPPENED]),
    (ForgetIteration(tracker="local:churn", ref="7"), sprint_name, None),
    (NameIteration(tracker="local:churn", ref="7", name="Autumn", at=NOW), sprint_name, "Autumn"),
    (
        RecordWaiver(code=CODE, number=7, commit=HEAD, by="ada", reason="Known.", at=NOW),
        waiver_of_seven,
        Waiver(by="ada", reason="Known.", at=NOW),
    ),
    (RecordPlanWord(tracker="local:churn", ref="1", word=TARGET), words_on_one, [TARGET]),
    (TRACKED, shown_experiment, (True, "7")),
    (FollowTrigger(check=WHOLE), state_of_trigger, WHOLE.state),
    (RecordPullRequest(pull_request=pull_request()), pull_request_seven, pull_request()),
    (RecordCheck(check=check()), checks_of_head, [check()]),
    (
        RecordDeployment(deployment=deployment(commit=HEAD)),
        deployments_of_head,
        [deployment(commit=HEAD)],
    ),
    (RecordResults(results=found()), results_of_head, [found()]),
    (RecordApproval(approval=approval(commit=HEAD)), approvals_of_head, [approval(commit=HEAD)]),
    (
        RecordLinks(code=CODE, number=7, tracker="local:churn", refs=("1",), at=NOW),
        links_of_seven,
        [("local:churn", "1")],
    ),
    (
        RecordLink(
            code=CODE,
            number=7,
            tracker="local:churn",
            ref="1",
            linked=True,
            at=NOW,
            source=LinkSource.PERSON,
            by="ada",
        ),
        links_of_seven,
        [("local:churn", "1")],
    ),
    (
        RecordParent(
            tracker="local:churn", ref="2", parent_tracker="local:churn", parent="1", linked=True, at=NOW
        ),
        parents_of_two,
        ["1"],
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
        lambda connection: items.find_by_ref(connection, "local:plans", "5").item.state,
        "gone",
    ),
    (
        RecordRepository(code=CODE, state="read-only", at=NOW),
        lambda connection: repository_states.find_state(connection, CODE),
        "read-only",
    ),
    (TOLD, firing_of_one, ["f1"]),
    (
        RecordStorm(project="churn", door=DOOR, key="storm:one", rule="", members=("alert:seed",), at=NOW),
        members_of_storm,
        ["alert:seed"],
    ),
    (RecordTouch(tracker="local:churn", ref="9", at=NOW), touched_seed, (True, NOW)),
    (CLAIMED, lambda connection: report_claims.find(connection, "one").state, "asked"),
    (
        HearOfReport(tracker="local:churn", ref="9", at=LATER, touched=True),
        lambda connection: report_places.find(connection, "churn", 1, "tracker").touched_at,
        LATER,
    ),
    (AnswerProblem(key="alert:seed", at=NOW, quiet_until=LATER), quiet_seed, (NOW, LATER)),
    (RecordCommand(obeyed=LABELLED), commands_on_twelve, [LABELLED]),
    (
        RecordGoal(project="churn", key=LABELLED.key, said=SERVED),
        lambda connection: sprint_goals.list_of(connection, "churn"),
        [SERVED],
    ),
]


def test_every_fact_has_a_case():
    """A new kind of fact is recorded and shown here."""
    assert set(get_args(Fact)) == {type(fact) for fact, _, _ in CASES}


@pytest.mark.parametrize(("fact", "ask", "answer"), CASES, ids=lambda each: type(each).__name__)
def test_a_fact_is_recorded(fact, ask, answer, database):
    """What it says is known afterwards, and saying it twice changes nothing."""
    with database.write() as connection:
        items.add(connection, item(), NOW)
        iterations.add(
            connection,
            "churn",
            "local:churn",
            SPRINT,
            made=TrackerIteration(ref="7", name="Sprint 1"),
            now=NOW,
        )
        triggers.put(connection, trigger())
        put_problem(connection)
        put_report(connection)
        record(connection, fact, NOW)
        record(connection, fact, LATER)

        assert answer == ask(connection)
