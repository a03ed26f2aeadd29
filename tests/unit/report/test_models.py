"""Which models came where, and what waits."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import HEAD, approval, deployment, move, pull_request, serving
from fakes.plans import AFTER, SPRINT, day
from trainboard.deployments import History, PackagedVersion, make_timelines
from trainboard.policy import Project
from trainboard.pull_requests import DeploymentState
from trainboard.report.models import Lifecycle, Maker, Models, tell

IS_PRODUCTION = Project(name="churn", tracker="local:churn").is_production
VERSIONS = tuple(
    PackagedVersion(model="churn-xgb", version=each, at=day(1), commit=HEAD if each == "3" else None)
    for each in "23"
)
MAKER = Maker(id="r3", source="mlflow:main", name="trial 3", url="https://mlflow.example.com/3")


def lifecycle(**known):
    """What is known of two versions."""
    history = History(**{"versions": VERSIONS} | known)
    return Lifecycle(
        history=history,
        timelines=make_timelines(history, IS_PRODUCTION),
        makers={("churn-xgb", "3"): MAKER},
    )


def test_a_version_comes_from_where_it_was_last():
    """From the registry to staging, and from there to production, in place of another one."""
    moves = (move("2", day(-1)), move("3", day(2), alias="staging"), move("3", day(3)))
    request = pull_request(state="merged", at=day(2))
    found = tell(lifecycle(moves=moves, pull_requests=(request,)), SPRINT, AFTER)
    assert [
        (None, "staging", None, False),
        ("staging", "champion", "2", True),
    ] == [(each.come_from, each.place, each.instead_of, each.is_production) for each in found.promoted]
    assert {("churn-xgb", "3", MAKER, ((7, request.url),))} == {
        (each.model, each.version, each.run, each.pull_requests) for each in found.promoted
    }
    assert () == found.rolled_back


def test_a_version_that_is_brought_back_is_a_rollback():
    """And no promotion."""
    moves = (move("2", day(-1)), move("3", day(3)), move("2", day(4)))
    found = tell(lifecycle(moves=moves), SPRINT, AFTER)
    assert (["3"], ["2"]) == (
        [each.version for each in found.promoted],
        [each.version for each in found.rolled_back],
    )
    assert ("champion", "3") == (found.rolled_back[0].place, found.rolled_back[0].instead_of)


def test_endpoints_and_environments_are_places_too():
    """The versions of a commit come with it."""
    served = serving(at=day(3), endpoint="churn-test")
    failed = serving(at=day(4), state=DeploymentState.FAILED, ref="green/1")
    deployed = deployment(commit=HEAD, at=day(5), state=DeploymentState.SUCCEEDED)
    found = tell(lifecycle(servings=(served, failed), deployments=(deployed,)), SPRINT, AFTER)
    assert [(None, "churn-test"), ("churn-test", "production")] == [
        (each.come_from, each.place) for each in found.promoted
    ]


def test_the_sprint_is_half_open():
    """What happens with its end belongs to the next one."""
    moves = (move("2", SPRINT.starts_at), move("3", SPRINT.ends_at))
    assert ["2"] == [each.version for each in tell(lifecycle(moves=moves), SPRINT, AFTER).promoted]
    assert () == tell(lifecycle(moves=moves), SPRINT, SPRINT.starts_at).promoted


def test_what_waits_is_told_with_the_versions_of_its_commit():
    """Only what nobody answered, and that was asked for by then; the one that waits longest first."""
    told = (
        approval(ref="2", at=day(3), environment="production", commit=HEAD),
        approval(ref="1", at=day(2), run="17"),
        approval(ref="3", at=day(2), state="approved"),
        approval(ref="4", at=SPRINT.ends_at),
    )
    found = tell(lifecycle(approvals=told), SPRINT, AFTER).waiting
    assert [("17", ()), ("production", ("churn-xgb 3",))] == [
        (each.environment, each.versions) for each in found
    ]
    assert day(2) == found[0].since


def test_nothing_is_known_of_no_model():
    """A registry that nobody told of is not an empty one."""
    assert Models() == tell(Lifecycle(), SPRINT, AFTER)
    assert tell(lifecycle(), SPRINT, AFTER).is_known


def test_two_models_do_not_share_what_stood_before():
    """Each alias is of one model."""
    moves = (move("2", day(2)), replace(move("1", day(3)), model="other"))
    versions = (*VERSIONS, PackagedVersion(model="other", version="1", at=day(1)))
    found = tell(lifecycle(moves=moves, versions=versions), SPRINT, day(3) + timedelta(hours=1))
    assert [None, None] == [each.instead_of for each in found.promoted]
