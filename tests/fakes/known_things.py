"""A store with something of each kind in it that programs can read."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace
from sqlalchemy import update

from fakes.alerts import DOOR, TOLD
from fakes.board import DOORS, NOW, POLICY, PROJECTS, SPRINT, came, caused, experiment, finished, registered
from fakes.code import CODE, HEAD, approval, check, deployment, pull_request, results
from fakes.experiments import run
from fakes.reports import list_happenings
from trainboard.alert_policy import AlertPolicy
from trainboard.events import IterationChanged, decode
from trainboard.facts import (
    ClaimReport,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordGoal,
    RecordLinks,
    RecordPlanWord,
    RecordPullRequest,
    RecordResults,
    RecordStorm,
)
from trainboard.goals import GoalSaid
from trainboard.hooks import Hook, HookState
from trainboard.iterations import iteration
from trainboard.plans import PlanWord
from trainboard.policy import Door
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.spending import Limit, LimitUse
from trainboard.store import (
    cursors,
    gaps,
    hook_states,
    item_history,
    items,
    log,
    plan_words,
    problems,
    pull_requests,
    report_claims,
    sprint_goals,
)
from trainboard.store.models import RunRow

WITH_CODE = {**PROJECTS, "churn": replace(PROJECTS["churn"], code=CODE)}
MONITORED = {**DOORS, DOOR: Door(name=DOOR, project="churn", alerts=AlertPolicy())}
OPEN, STORM = "alert:open", "storm:x"


def fill(connection):
    """Two of each kind at least, as far as they are listed."""
    _train(connection)
    _code(connection)
    _alerts(connection)
    _deliver(connection)
    _report(connection)


def _train(connection):
    failed = run("r3", "failed", error={"type": "OOM", "message": "out of memory"})
    reports = [finished("r1", 0.93), run("r2", "running", sweep="s1"), failed]
    number = experiment(connection, reports=reports, targets="val_auc >= 0.9\nlatency_ms <= 40 ms", ref="7")
    experiment(connection, "churn-mlp", ref="8", sprints=(SPRINT - 1, SPRINT))
    experiment(connection, "churn-old", ref="9", state="closed", sprints=(SPRINT - 1,))
    known = items.find_by_ref(connection, "local:churn", "7")
    assert known.number == number
    limit = Limit("gpu_hours", Decimal("20.5"))
    items.note_budget(connection, known, [LimitUse(limit=limit, used=Decimal("3.25"), percent=16, untold=1)])
    word = PlanWord(subject="conclusion", value="concluded", reason="good enough", by="ada", at=NOW)
    plan_words.record(connection, RecordPlanWord(tracker="local:churn", ref="7", word=word))
    registered(connection, "churn-model", "3", "r1", alias="champion")
    document = connection.exec_driver_sql("SELECT document FROM runs WHERE run_id = 'r1'").scalar()
    linked = document.replace("{", f'{{"links":{{"commit":"{HEAD}"}},"params":{{"depth":6,"on":true}},', 1)
    connection.execute(update(RunRow).where(RunRow.run_id == "r1").values(document=linked))
    cursors.fail(connection, "mlflow/prod", NOW - timedelta(hours=1), "Connection refused")


def _code(connection):
    at = NOW - timedelta(days=1)
    merged = pull_request(number=6, state="merged", merged_as="b" * 40, head="c" * 40, at=at, author="bob")
    for fact in (
        RecordPullRequest(pull_request=pull_request(at=at)),
        RecordPullRequest(pull_request=merged),
        RecordLinks(code=CODE, number=7, tracker="local:churn", refs=("7",), at=at),
        RecordCheck(check=check(at=at)),
        RecordCheck(check=check(name="test", state=CheckState.PASSED, suite="ci", at=at)),
        RecordResults(results=results(at=at)),
        RecordDeployment(deployment=deployment(commit=HEAD, state=DeploymentState.SUCCEEDED, at=at)),
        RecordDeployment(deployment=deployment(ref="2", commit="b" * 40, at=at)),
        RecordApproval(approval=approval(environment="production", commit=HEAD, approvers=("ada",), at=at)),
    ):
        pull_requests.record(connection, fact)


def _alerts(connection):
    told = replace(TOLD, at=NOW - timedelta(hours=1))
    alert = replace(
        told.alerts[0], labels={"model": "churn-model"}, severity="critical", summary="It drifts."
    )
    problems.record(connection, replace(told, key=OPEN, alerts=(alert,)))
    bug = {"state": "open", "tracker": "local:churn", "ref": "41", "url": "/items/41", "made_at": NOW}
    problem = problems.put(connection, problems.find(connection, OPEN), **bug)
    problems.note(connection, problem, "made", NOW)
    ended = {"closed_at": NOW, "closed_by": "bot", "closed_as": "resolved"}
    problems.record(connection, replace(told, key="alert:closed"))
    problems.put(connection, problems.find(connection, "alert:closed"), **bug | {"state": "closed"}, **ended)
    members = ("alert:m1", "alert:m2")
    for key in members:
        problems.record(connection, replace(told, key=key))
    storm = {"project": "churn", "door": DOOR, "key": STORM, "rule": "FeatureDrift", "members": members}
    problems.record_storm(connection, RecordStorm(**storm, at=told.at))


def _deliver(connection):
    first = came(connection, body=b'{"run": {"id": "r1"}}', state="done")
    came(connection, "github", b"not JSON \xff", state="dead", error="not understood")
    came(connection, "clock", state="done")
    came(connection)
    event = decode(
        b'{"event":"IterationChanged","tracker":"github:a/b","ref":"1","action":"edited","name":"x",'
        b'"open":true,"at":"2026-03-04T12:00:00Z","actor":"mira","by_bot":false}'
    )
    assert isinstance(event, IterationChanged)
    log.append(connection, [(event, first)], NOW)
    caused(connection, first, state="dead", error="refused")
    caused(connection, first, "churn-mlp")
    gap = gaps.open_gap(connection, "github", NOW - timedelta(hours=3), NOW, since=None)
    missed = gaps.Missed(id="m", kind="push", sent_at=NOW - timedelta(hours=2), fate=gaps.Fate.RECOVERED)
    gaps.note(connection, "github", gap, missed)
    gaps.advance(connection, "github", NOW)
    hook = Hook(place="acme/churn", name="events", state=HookState.WORKING, id="1")
    hook_states.record(connection, "github", [hook], NOW)


def _report(connection):
    began = iteration(POLICY, SPRINT - 6).starts_at
    told = list_happenings(policy=POLICY, sprints=range(SPRINT - 6, SPRINT + 1))
    item_history.add(connection, "churn", [each for each in told if each.at < NOW], began)
    said = GoalSaid(number=SPRINT, word="goal", text="Ship the trees", by="ada", at=NOW)
    sprint_goals.record(connection, RecordGoal(project="churn", key="one", said=said))
    for number, state in enumerate(("asked", "skipped", "asked")):
        claim = {"project": "churn", "number": SPRINT, "report": "daily", "target": "tracker"}
        due_at = NOW - timedelta(days=number)
        fact = ClaimReport(**claim, key=f"report-{number}", state=state, due_at=due_at, at=due_at)
        report_claims.record(connection, fact)
    report_claims.settle(connection, "report-0", "delivered", NOW)
