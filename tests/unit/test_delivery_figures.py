"""The four figures of DORA."""

from datetime import timedelta

from fakes.code import NOW, deployment, move, pull_request, serving
from trainboard.delivery_figures import Figures, measure
from trainboard.deployments import History, PackagedVersion, make_timelines
from trainboard.policy import Project
from trainboard.pull_requests import DeploymentState

IS_PRODUCTION = Project(name="churn", tracker="local:churn").is_production
SINCE, UNTIL = NOW, NOW + timedelta(days=14)
CANCELLED, FAILED = DeploymentState.CANCELLED, DeploymentState.FAILED


def hours(amount):
    """So long after the beginning of the time."""
    return SINCE + timedelta(hours=amount)


def came(commit, at, state=DeploymentState.SUCCEEDED, environment="production"):
    """A deployment of the commit so many hours after the beginning."""
    return deployment(
        ref=f"{environment}-{at}", commit=commit, at=hours(at), state=state, environment=environment
    )


def merged(number, at, **fields):
    """A pull request that was merged so many hours after the beginning."""
    return pull_request(
        **{"number": number, "state": "merged", "at": hours(at), "head": f"head {number}"} | fields
    )


def figures(*deployments, pull_requests=()):
    """Those of the two weeks."""
    history = History(deployments=deployments, pull_requests=pull_requests)
    return measure(make_timelines(history, IS_PRODUCTION), SINCE, UNTIL)


def test_nothing_is_known_of_nothing():
    """Nor of environments that nobody relies on."""
    assert Figures() == figures() == figures(came("a", 1, environment="staging"))


def test_deployments_are_counted_by_the_week():
    """Those of the time that succeeded, in every environment of production, rollbacks too."""
    told = [came("z", -1), came("a", 0), came("b", 1), came("a", 2), came("c", 3, FAILED), came("d", 337)]
    assert figures(*told, came("a", 4, environment="prod")).deployments_per_week == 1.5


def test_a_quiet_time_has_a_frequency_of_nothing():
    """It is known that nothing came."""
    assert figures(came("a", -1)).deployments_per_week == 0


def test_the_lead_time_is_the_median_from_merge_to_production():
    """Of the first success of each; what came before the merge, or before the time, is left out."""
    told = [came("a", 3), came("b", 8), came("c", 11), came("a", 12), came("head 4", 5), came("e", -1)]
    pull_requests = (
        merged(1, 1, merged_as="a"),
        merged(2, 4, merged_as="b"),
        merged(3, 10, merged_as="c"),
        merged(4, 6),
        merged(5, -9, merged_as="e"),
        merged(6, 1, merged_as="never deployed"),
    )
    assert figures(*told, pull_requests=pull_requests).lead_time == timedelta(hours=2)


def test_a_deployment_that_failed_brought_nothing_to_production():
    """The next one did."""
    told = [came("a", 2, FAILED), came("a", 5)]
    assert figures(*told, pull_requests=(merged(1, 1, merged_as="a"),)).lead_time == timedelta(hours=4)


def test_the_failure_rate_is_a_share_of_the_changes():
    """What failed or was rolled back; rollbacks and what was cancelled or still runs are no changes."""
    told = [
        came("z", -2, FAILED),
        came("a", 1),
        came("b", 2),
        came("a", 3),
        came("c", 4, FAILED),
        came("d", 5),
        came("e", 6, CANCELLED),
        came("f", 7, DeploymentState.RUNNING),
    ]
    assert figures(*told).change_failure_rate == 0.5
    assert figures(came("a", 1, CANCELLED)).change_failure_rate is None


def test_it_is_restored_with_the_next_success_that_stays():
    """From the first failure of an outage on, in each environment by itself; one that lasts is left out."""
    outage = [came("a", 1), came("b", 2), came("c", 3, FAILED), came("a", 6)]
    short = [came("a", 1, FAILED, "prod"), came("b", 3, environment="prod"), came("c", 9, FAILED, "prod")]

    assert figures(*outage).time_to_restore == timedelta(hours=4)
    assert figures(*short, came("a", 2)).time_to_restore == timedelta(hours=2)
    assert figures(*outage, *short).time_to_restore == timedelta(hours=3)
    assert figures(came("a", -9, FAILED), came("a", -1)).time_to_restore is None


def test_a_success_that_was_replaced_later_ended_the_outage():
    """Its own moment counts, not that of its replacement."""
    told = [came("a", 1, FAILED), came("b", 4), came("c", 100)]
    assert figures(*told).time_to_restore == timedelta(hours=3)


def test_aliases_and_endpoints_count_as_environments_do():
    """If people rely on them, by name or stage; what an alias left was rolled back like any deployment."""
    moves = [
        move("1", hours(-1)),
        move("2", hours(10)),
        move("1", hours(16)),
        move("3", hours(1), alias="trial"),
    ]
    served = [
        serving(ref="1", at=hours(4), stage="production"),
        serving(ref="2", at=hours(5), endpoint="churn-test"),
    ]
    versions = [PackagedVersion(model="churn-xgb", version="2", commit="head 7", at=hours(0))]
    history = History(
        moves=tuple(moves),
        servings=tuple(served),
        versions=tuple(versions),
        pull_requests=(merged(7, 2),),
    )
    told = measure(make_timelines(history, IS_PRODUCTION), SINCE, UNTIL)

    assert told == Figures(
        deployments_per_week=1.5,
        lead_time=timedelta(hours=8),
        change_failure_rate=0.5,
        time_to_restore=timedelta(hours=6),
    )


def test_what_came_along_with_a_later_commit_has_a_lead_time():
    """From its own merge to that deployment."""
    history = History(
        deployments=(came("later", 9), came("last", 12)),
        pull_requests=(merged(7, 2, merged_as="m"),),
        contained={"later": {"m"}, "last": {"m"}},
    )

    assert timedelta(hours=7) == measure(make_timelines(history, IS_PRODUCTION), SINCE, UNTIL).lead_time
