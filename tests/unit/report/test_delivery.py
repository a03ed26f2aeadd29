"""The five figures of DORA; the worked example is that of docs/reports.md."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.code import deployment, move, pull_request
from fakes.plans import AFTER, SPRINT, day
from trainboard.deployments import History, PackagedVersion, make_timelines
from trainboard.policy import Project
from trainboard.pull_requests import DeploymentState
from trainboard.report import delivery
from trainboard.report.delivery import Code, Delivery, OpenOutage

IS_PRODUCTION = Project(name="churn", tracker="local:churn").is_production
LONG_AGO = day(-365)
FAILED, SUCCEEDED = DeploymentState.FAILED, DeploymentState.SUCCEEDED


UNKNOWN = Delivery(reason="nobody told of a deployment to production")


def measure(timelines, code, sprint, now, kept_since=LONG_AGO):
    """The figures, with everything kept."""
    return delivery.measure(timelines, code, sprint, now, kept_since)


def came(commit, at, state=SUCCEEDED, environment="production", **fields):
    """A deployment of the commit."""
    ref = f"{environment}/{commit}/{at:%d%H}"
    return deployment(ref=ref, commit=commit, at=at, state=state, environment=environment, **fields)


def merged(number, head, at):
    """A pull request that was merged then."""
    return pull_request(number=number, state="merged", head=head, at=at)


def timelines(*deployments, **known):
    """Those that this tells."""
    return make_timelines(History(deployments=deployments, **known), IS_PRODUCTION)


WORKED = (
    came("z", day(-1)),
    came("a", day(2)),
    came("b", day(4), FAILED),
    came("c", day(4, hour=15)),
    came("d", day(8)),
    replace(came("c", day(9)), ref="again"),
    came("e", day(13), FAILED, url="https://ci.example.com/13"),
    came("x", day(5), environment="staging"),
)
MERGED = (merged(1, "a", day(2, hour=9)), merged(2, "c", day(4, hour=13)), merged(3, "d", day(8, hour=9)))
CODE = Code(
    commits={1: (day(1, hour=10), day(2, hour=8)), 2: (day(3), None), 3: (day(8, hour=13),)},
    repairs=frozenset({2}),
)


def test_the_worked_example():
    """Four came, of which two were rework; of five changes three failed."""
    found = measure(timelines(*WORKED, pull_requests=MERGED), CODE, SPRINT, AFTER)
    sprint, long = found.sprint, found.long
    assert (4, 5) == (len(sprint.deployments), len(long.deployments))
    assert (timedelta(hours=26), 3, 1, 1) == (
        sprint.lead_time,
        sprint.commits,
        sprint.backwards,
        sprint.untimed,
    )
    assert (5, 3, Decimal("60.0")) == (
        len(sprint.changes),
        len(sprint.failed),
        sprint.change_fail_percent,
    )
    assert (6, Decimal("50.0")) == (len(long.changes), long.change_fail_percent)
    assert (timedelta(hours=13.5), 2) == (sprint.recovery, sprint.recovered)
    assert ((WORKED[3].ref, "again"), Decimal("50.0")) == (sprint.rework, sprint.rework_percent)
    broken = OpenOutage(
        environment="production", began_at=day(13), ref=WORKED[6].ref, url="https://ci.example.com/13"
    )
    assert (broken,) == found.open_outages


def test_nothing_is_known_without_production():
    """And that is no zero."""
    assert UNKNOWN == measure(timelines(came("a", day(2), environment="staging")), CODE, SPRINT, AFTER)
    assert UNKNOWN == measure(timelines(came("a", SPRINT.ends_at)), CODE, SPRINT, AFTER)


def test_a_quiet_sprint_has_no_rates():
    """It is known that nothing came, and nothing is divided by that."""
    quiet = measure(timelines(came("a", day(-1))), Code(), SPRINT, AFTER).sprint
    assert ((), (), None, None, None, None) == (
        quiet.deployments,
        quiet.changes,
        quiet.lead_time,
        quiet.change_fail_percent,
        quiet.recovery,
        quiet.rework_percent,
    )


def test_the_sprint_is_half_open():
    """Midnight of its first day is in it, midnight after its last is not."""
    edges = timelines(came("a", SPRINT.starts_at), came("b", SPRINT.ends_at))
    sprint = measure(edges, Code(), SPRINT, AFTER).sprint
    assert (1, 1) == (len(sprint.deployments), len(sprint.changes))


def test_what_came_after_now_is_not_looked_at():
    """A report of a sprint under way."""
    sprint = measure(timelines(*WORKED), Code(), SPRINT, day(4)).sprint
    assert (1, day(4)) == (len(sprint.deployments), sprint.until)


def test_a_commit_comes_for_the_first_time_once():
    """Later deployments of it tell no lead time, nor do those before the sprint."""
    again = [came("a", day(-1)), came("a", day(2)), came("a", day(3), environment="prod")]
    known = timelines(*again, pull_requests=(merged(1, "a", day(-2)),))
    found = measure(known, Code(commits={1: (day(-3),)}), SPRINT, AFTER)
    assert (None, timedelta(days=2)) == (found.sprint.lead_time, found.long.lead_time)


def test_a_pull_request_of_unknown_commits_is_untimed():
    """Nobody told when they were made."""
    known = timelines(came("a", day(2)), pull_requests=(merged(1, "a", day(2, hour=9)),))
    assert (None, 1) == (
        measure(known, Code(), SPRINT, AFTER).sprint.lead_time,
        measure(known, Code(), SPRINT, AFTER).sprint.untimed,
    )


def test_an_outage_that_ended_after_the_sprint_was_open_at_its_end():
    """It is listed and not averaged."""
    found = measure(timelines(came("a", day(13), FAILED), came("b", SPRINT.ends_at)), Code(), SPRINT, AFTER)
    assert (None, [day(13)]) == (found.sprint.recovery, [each.began_at for each in found.open_outages])


def test_what_is_kept_no_longer_is_not_looked_at():
    """The longer time begins where memory does."""
    found = measure(timelines(*WORKED), Code(), SPRINT, AFTER, day(3))
    assert (day(3), 3) == (found.long.since, len(found.long.deployments))
    assert SPRINT.starts_at == found.sprint.since


def test_models_that_people_rely_on_count_too():
    """An alias of production is one."""
    version = PackagedVersion(model="churn-xgb", version="3", at=day(1))
    known = timelines(moves=(move("3", day(2)),), versions=(version,))
    assert 1 == len(measure(known, Code(), SPRINT, AFTER).sprint.deployments)


deployments = st.lists(
    st.builds(
        came,
        st.sampled_from("abc"),
        st.integers(-60, 400).map(lambda hours: SPRINT.starts_at + timedelta(hours=hours)),
        st.sampled_from(DeploymentState),
    ),
    max_size=8,
    unique_by=lambda each: each.ref,
)


@given(deployments, st.integers(1, 330))
def test_the_figures_of_two_parts_add_up(told, hours):
    """A deployment is in one of them, and none failed that is no change."""
    known = timelines(*told)
    cut = SPRINT.starts_at + timedelta(hours=hours)
    whole = measure(known, Code(), SPRINT, AFTER).sprint
    first = measure(known, Code(), SPRINT, cut).sprint
    if whole is None:
        assert first is None
        return
    rest = sum(each.succeeded_at is not None and cut <= each.succeeded_at < SPRINT.ends_at for each in told)
    assert len(whole.deployments) == (len(first.deployments) if first else 0) + rest
    assert set(whole.failed) <= set(whole.changes)
    assert set(whole.rework) <= set(whole.deployments)
