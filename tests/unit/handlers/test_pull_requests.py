"""A pull request changed, or something was said of its commit: what is noted, and what shows it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, HEAD, MERGED, approval, check, deployment, pull_request, run
from fakes.read import CHURN, FakeRead, item
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus, FindContained
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    PullRequestChanged,
    RunReported,
    SilenceDue,
)
from trainboard.facts import RecordApproval, RecordCheck, RecordDeployment, RecordLinks, RecordPullRequest
from trainboard.handlers.pull_requests import note_waiver, react
from trainboard.policy import Door
from trainboard.waivers import waive

PROJECT = replace(CHURN, tracker=CODE, code=CODE)
DOOR = Door(name="mlflow/prod", project="churn", experiments=("churn-*",))
STATUS = EnsurePullRequestStatus(project="churn", code=CODE, pull_request=7)
ITEM = item(tracker=CODE, ref="12")
SHOWN = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1)


def read(**known):
    """A project whose issues and code are in one repository."""
    known = {"projects": [PROJECT], "doors": [DOOR], "items": [ITEM]} | known
    return FakeRead(**known)


def linked(**fields):
    """The pull request is known, and belongs to the work item."""
    known = pull_request(**fields)
    return read(pull_requests=[known], links={(CODE, 7): [(CODE, "12"), (CODE, "99")]})


def changed(told, reader):
    return list(react(PullRequestChanged(pull_request=told, action="edited"), reader))


def links(*refs, tracker=CODE):
    return RecordLinks(code=CODE, number=7, tracker=tracker, refs=refs, at=pull_request().at)


def test_a_waiver_is_noted_and_shown():
    """On the pull request; of a repository of no project nothing is noted."""
    fact = waive(pull_request(), "Known.", by="ada", at=pull_request().at)
    assert [fact, STATUS] == list(note_waiver(fact, read()))
    assert [] == list(note_waiver(fact, read(projects=[CHURN])))


def test_a_repository_of_no_project_is_nothing_to_us():
    """Whatever is said of it."""
    events = [
        PullRequestChanged(pull_request=pull_request(), action="opened"),
        CheckReported(check=check()),
        DeploymentReported(deployment=deployment()),
        ApprovalReported(approval=approval()),
        RunReported(door="mlflow/prod", report=run()),
    ]
    for projects in ([CHURN], [replace(CHURN, code="github:acme/other")]):
        assert [] == [outcome for event in events for outcome in react(event, read(projects=projects))]


def test_a_pull_request_is_noted_with_its_links_and_shown():
    """On itself and on the work items of ours that it names."""
    told = pull_request(text="Closes #12, see #99")

    expected = [RecordPullRequest(pull_request=told), links("12", "99"), STATUS, SHOWN]
    assert expected == changed(told, read())


def test_a_work_item_that_it_names_no_longer_is_shown_anew():
    """The pull request has to go from there."""
    told = pull_request()

    assert [RecordPullRequest(pull_request=told), links(), STATUS, SHOWN] == changed(told, linked())


def test_a_work_item_that_is_gone_is_left_alone():
    """Nothing is written to what somebody deleted."""
    told = pull_request(text="Closes #12")

    assert STATUS == changed(told, read(items=[replace(ITEM, state="gone")]))[-1]


def test_projects_that_share_a_repository_share_the_comment_but_not_the_links():
    """A tracker that two of them use is asked once."""
    boards = replace(PROJECT, name="boards", tracker="azure-boards:Acme/Churn/Team")
    projects = [PROJECT, boards, replace(PROJECT, name="again")]
    told = pull_request(text="#12 AB#5")

    expected = [
        RecordPullRequest(pull_request=told),
        links("12"),
        links("5", tracker="azure-boards:acme"),
        STATUS,
    ]
    assert expected == changed(told, read(projects=projects, items=[]))


@pytest.mark.parametrize(("state", "items"), [("queued", []), ("running", []), ("passed", [SHOWN])])
def test_a_check_is_noted_and_shown(state, items):
    """Work items do not follow every step of it."""
    said = check(state=state)

    assert [RecordCheck(check=said), STATUS, *items] == list(react(CheckReported(check=said), linked()))


def test_what_the_bot_itself_reports_is_no_news():
    """Its gate comes back as a check."""
    said = check("trainboard/metric-gate")

    assert [] == list(react(CheckReported(check=said), linked()))


def test_a_check_of_an_unknown_commit_is_only_noted():
    """The pull request that it belongs to may be told later."""
    said = check(commit="f" * 40)

    assert [RecordCheck(check=said)] == list(react(CheckReported(check=said), linked()))


def test_a_deployment_and_an_approval_of_the_merge_commit_are_shown():
    """Also where the item is the only place left to look at."""
    merged = linked(state="merged", merged_as=MERGED)
    deployed, asked = deployment(), approval()

    expected = [RecordDeployment(deployment=deployed), STATUS, SHOWN, contained(deployed.commit)]
    assert expected == list(react(DeploymentReported(deployment=deployed), merged))
    expected = [RecordApproval(approval=asked), STATUS, SHOWN]
    assert expected == list(react(ApprovalReported(approval=asked), merged))


def contained(commit):
    """Somebody shall ask what lies in the history of the commit."""
    return FindContained(project="churn", code=CODE, within=commit)


def test_what_stands_somewhere_may_hold_what_was_merged():
    """A deployment may be told before the merge; once an hour what was left open is asked again."""
    merged = pull_request(state="merged", merged_as=MERGED)
    reader = read(deployed={(CODE, "staging"): "f" * 40, (CODE, "production"): "e" * 40})
    found = list(react(PullRequestChanged(pull_request=merged, action="merged"), reader))

    asked = [contained("e" * 40), contained("f" * 40)]
    assert asked == [each for each in found if isinstance(each, FindContained)]
    assert asked == list(react(SilenceDue(), reader))
    still = react(PullRequestChanged(pull_request=pull_request(), action="edited"), reader)
    assert [] == [each for each in still if isinstance(each, FindContained)]


def test_a_deployment_of_nobody_knows_what_is_only_noted():
    """Its commit may be told later."""
    said = deployment(commit=None)

    assert [RecordDeployment(deployment=said)] == list(react(DeploymentReported(deployment=said), linked()))


def test_what_a_deployment_replaces_is_shown_anew():
    """It stands there no longer; one that failed replaces nothing."""
    merged = pull_request(state="merged", merged_as=MERGED)
    reader = read(
        pull_requests=[merged], links={(CODE, 7): [(CODE, "12")]}, deployed={(CODE, "staging"): MERGED}
    )
    good, bad = deployment(commit="f" * 40), deployment(commit="f" * 40, state="failed")

    expected = [RecordDeployment(deployment=good), STATUS, SHOWN, contained(good.commit)]
    assert expected == list(react(DeploymentReported(deployment=good), reader))
    assert [RecordDeployment(deployment=bad)] == list(react(DeploymentReported(deployment=bad), reader))


def test_a_run_of_the_head_commit_has_the_gate_judged():
    """Of an open pull request, with what it belongs to by that; a merged one is past it."""
    event = RunReported(door="mlflow/prod", report=run())

    assert [STATUS, SHOWN] == list(react(event, linked()))
    assert [] == list(react(event, linked(state="merged")))


def test_a_run_that_says_nothing_of_its_commit_is_no_evidence():
    """Nor one that came by a door that is no more."""
    unlinked = replace(run(), links=replace(run(commit=HEAD).links, commit=run().links.branch))
    events = [
        RunReported(door="mlflow/prod", report=unlinked),
        RunReported(door="mlflow/gone", report=run()),
    ]

    assert [] == [outcome for event in events for outcome in react(event, linked())]


def test_a_check_that_went_silent_is_shown_once():
    """Unless something else asked for it meanwhile, or its repository is no project's any more."""
    since = pull_request().at
    known = {"silent": [(pull_request(), since)], "links": {(CODE, 7): [(CODE, "12")]}}
    before, after = ({STATUS.key: since + timedelta(seconds=seconds)} for seconds in (-1, 0))

    assert [STATUS, SHOWN] == list(react(SilenceDue(), read(**known)))
    assert [STATUS, SHOWN] == list(react(SilenceDue(), read(asked=before, **known)))
    assert [] == list(react(SilenceDue(), read(asked=after, **known)))
    assert [] == list(react(SilenceDue(), read(projects=[CHURN], **known)))
