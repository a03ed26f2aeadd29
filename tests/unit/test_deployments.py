"""How commits and models come into their environments."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes import code
from fakes.code import NOW, approval, deployment, move, pull_request, serving
from trainboard.deployments import History, PackagedVersion, make_timelines
from trainboard.policy import Project
from trainboard.pull_requests import DeploymentState

IS_PRODUCTION = Project(name="churn", tracker="local:churn").is_production
SUCCEEDED, FAILED = DeploymentState.SUCCEEDED, DeploymentState.FAILED


def minutes(amount):
    """So long after the beginning."""
    return NOW + timedelta(minutes=amount)


def deployed(*commits, environment="production", state=SUCCEEDED):
    """One commit after the other, a minute apart, in the order of their refs."""
    return tuple(
        deployment(ref=str(n), commit=commit, at=minutes(n), environment=environment, state=state)
        for n, commit in enumerate(commits)
    )


def version(number="3", commit="a", **fields):
    """A version of the model that a run of the commit made."""
    return PackagedVersion(model="churn-xgb", version=number, commit=commit, at=NOW, **fields)


def timelines(*deployments, **told):
    """The timelines of these deployments and of what else was told."""
    return make_timelines(History(deployments=deployments, **told), IS_PRODUCTION)


def tell(environment):
    """Commit, state and a mark of each rollback, the earliest first."""
    return " ".join(
        f"{'<' if step.is_rollback else ''}{step.deployment.commit}:{step.state.value.replace(' ', '-')}"
        for step in reversed(environment.steps)
    )


def unique(said):
    """With a ref of each one's own, as the store keeps them."""
    numbers = count()
    return tuple(replace(each, ref=str(next(numbers))) for each in said)


versions = st.builds(
    version,
    st.sampled_from(["1", "2"]),
    st.sampled_from(["a" * 40, "b" * 40]),
)
histories = st.builds(
    History,
    deployments=st.lists(code.deployments, max_size=7).map(unique),
    approvals=st.lists(code.approvals, max_size=4).map(unique),
    pull_requests=st.lists(code.pull_requests, max_size=3, unique_by=lambda each: each.number).map(tuple),
    versions=st.lists(versions, max_size=3, unique_by=lambda each: each.version).map(tuple),
    contained=st.just({"a" * 40: {"b" * 40}}),
    moves=st.lists(code.moves, max_size=7, unique_by=lambda each: (each.alias, each.at)).map(tuple),
    servings=st.lists(code.servings, max_size=5, unique_by=lambda each: each.ref).map(tuple),
)


@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_told_does_not_matter(history, random):
    """Senders are late, and rows have no order."""
    told = {name: getattr(history, name) for name in history.__struct_fields__}
    shuffled = {
        name: tuple(random.sample(said, len(said))) if isinstance(said, tuple) else said
        for name, said in told.items()
    }

    assert make_timelines(history, IS_PRODUCTION) == make_timelines(History(**shuffled), IS_PRODUCTION)


@given(histories)
def test_every_deployment_stands_in_one_timeline(history):
    """None is lost, none is told twice, and in one environment at most one stands."""
    made = make_timelines(history, IS_PRODUCTION)
    told = [step.deployment for environment in made.environments for step in environment.steps]

    assert sorted(each.ref for each in history.deployments) == sorted(each.ref for each in told)
    assert all(
        sum(step.state is SUCCEEDED for step in environment.steps) <= 1 for environment in made.environments
    )


@pytest.mark.parametrize(
    ("commits", "expected"),
    [
        ("a", "a:succeeded"),
        ("ab", "a:replaced b:succeeded"),
        ("aa", "a:replaced a:succeeded"),
        ("aba", "a:replaced b:rolled-back <a:succeeded"),
        ("abca", "a:replaced b:rolled-back c:rolled-back <a:succeeded"),
        ("abcb", "a:replaced b:replaced c:rolled-back <b:succeeded"),
        ("abab", "a:replaced b:rolled-back <a:replaced b:succeeded"),
        ("abac", "a:replaced b:rolled-back <a:replaced c:succeeded"),
        ((None, "b", None), "None:replaced b:replaced None:succeeded"),
    ],
)
def test_bringing_an_earlier_commit_back_is_a_rollback(commits, expected):
    """What lay above it was rolled back, for good; trying that again is none, and what is unknown neither."""
    [environment] = timelines(*deployed(*commits)).environments

    assert expected == tell(environment)


def test_what_failed_was_never_there():
    """The commit before it still stands, and deploying that again brings nothing back."""
    first, second, third = deployed("a", "b", "a")
    [environment] = timelines(first, replace(second, state=FAILED), third).environments

    assert tell(environment) == "a:replaced b:failed a:succeeded"
    assert environment.standing.deployment == third


def test_a_platform_that_says_replaced_changes_nothing():
    """GitHub tells so of what stood before, at the time at which it fell."""
    first, second, third = deployed("a", "b", "a")
    fallen = [
        replace(each, state=DeploymentState.REPLACED, at=minutes(n + 30), reached_at=each.at)
        for n, each in enumerate((first, second))
    ]
    [environment] = timelines(*fallen, third).environments

    assert tell(environment) == "a:replaced b:rolled-back <a:succeeded"


def test_nothing_stands_where_nothing_succeeded():
    """It waits, or somebody took away what was there."""
    waiting = deployment(state=DeploymentState.WAITING, environment="staging")
    taken = deployment(state=DeploymentState.REPLACED, at=minutes(9), reached_at=NOW, commit="a")

    made = timelines(waiting, taken)
    assert [None, None] == [each.standing for each in made.environments]


def test_environments_of_production_come_first():
    """Then by name; one without a name is none."""
    names = ["staging", "dev", "Production", ""]
    made = timelines(*(deployment(ref=name, environment=name) for name in names))

    assert [each.name for each in made.environments] == ["Production", "dev", "staging"]
    assert [each.is_production for each in made.environments] == [True, False, False]


def test_a_deployment_belongs_to_its_pull_requests_and_versions():
    """By head or merge commit."""
    by_head = pull_request(number=8, state="merged", head="a", merged_as="x")
    by_merge = pull_request(number=7, state="merged", merged_as="a")
    other = pull_request(number=9, state="merged", merged_as="c")
    made = timelines(
        *deployed("a"), pull_requests=(by_head, by_merge, other), versions=(version(), version("4", "b"))
    )

    [environment] = made.production
    [step] = environment.steps
    assert (by_merge, by_head) == step.pull_requests
    assert (version(),) == step.versions


def test_an_approval_stands_beside_what_it_let_through():
    """The first deployment of its commit that was told of no earlier; or else the last one."""
    first, _, again = deployed("a", "b", "a")
    early = approval(ref="1", state="approved", environment="production", commit="a", at=NOW)
    late = replace(early, ref="2", at=minutes(1))
    last = replace(early, ref="3", state="pending", at=minutes(5))
    loose = replace(early, ref="4", commit="z")

    [environment] = timelines(first, again, approvals=(last, loose, late, early)).environments
    assert [(last, late), (early,)] == [step.approvals for step in environment.steps]
    assert (loose,) == environment.approvals


def test_an_approval_makes_its_environment_known():
    """Before anything came there."""
    asked = approval(environment="production", commit="a")

    [environment] = timelines(approvals=(asked,)).environments
    assert ("production", (), (asked,)) == (environment.name, environment.steps, environment.approvals)


def test_a_model_goes_from_package_to_production():
    """Pre-production, approval, production, and the rollback; versions of other commits are left out."""
    staged = replace(deployment(ref="s", environment="staging", commit="a"), state=SUCCEEDED, at=minutes(1))
    asked = approval(ref="p", state="approved", environment="production", commit="a", at=minutes(2))
    waiting = approval(ref="q", environment="canary", commit="a", at=minutes(9))
    live = deployment(ref="l", commit="a", state=SUCCEEDED, at=minutes(3))
    made = timelines(
        staged,
        live,
        deployment(ref="m", commit="b", state=FAILED, at=minutes(4)),
        approvals=(asked, waiting),
        versions=(version(), version("4", "c"), version("5", "b")),
    )

    [model] = made.models
    told = [(type(each.what).__name__, each.at, *each.versions) for each in reversed(model.moments)]
    assert told == [
        ("PackagedVersion", NOW, "5"),
        ("PackagedVersion", NOW, "3"),
        ("Step", minutes(1), "3"),
        ("Approval", minutes(2), "3"),
        ("Step", minutes(3), "3"),
        ("Step", minutes(4), "5"),
        ("Approval", minutes(9), "3"),
    ]
    assert model.name == "churn-xgb"


def test_two_versions_of_one_commit_go_together():
    """A sweep may register several."""
    [model] = timelines(*deployed("a"), versions=(version("4"), version("3"))).models

    assert [("3", "4"), ("3",), ("4",)] == [each.versions for each in model.moments]


def test_environments_that_differ_in_letters_are_one():
    """It is called as it was called last."""
    first, second = deployed("a", "b")
    [environment] = timelines(replace(first, environment="Production"), second).environments

    assert ("production", "a:replaced b:succeeded") == (environment.name, tell(environment))


def test_what_comes_along_with_a_later_commit_comes_once():
    """In each environment it is told where it came for the first time, and again only by its own commit."""
    merged = pull_request(number=7, state="merged", merged_as="a", head="h")
    made = timelines(
        *deployed("b", "c", "a"),
        *(replace(each, ref=f"s{each.ref}") for each in deployed("c", environment="staging")),
        pull_requests=(merged,),
        contained={"b": {"a"}, "c": {"a", "b"}},
    )

    numbers = {
        each.name: [[one.number for one in step.pull_requests] for step in reversed(each.steps)]
        for each in made.environments
    }
    assert {"production": [[7], [], [7]], "staging": [[7]]} == numbers


def test_what_failed_brought_nothing_along():
    """The next one does."""
    failed, good = deployed("b", "c")
    made = timelines(
        replace(failed, state=FAILED),
        good,
        pull_requests=(pull_request(state="merged", merged_as="a"),),
        contained={"b": {"a"}, "c": {"a"}},
    )

    [environment] = made.environments
    assert [1, 0] == [len(step.pull_requests) for step in environment.steps]


def test_a_model_goes_through_aliases_and_endpoints():
    """Registered, tried, approved by whoever moved the alias, served, and back where it failed."""
    made = timelines(
        versions=(version("3", "a"), version("4", "b")),
        moves=(
            move("4", minutes(1), alias="challenger"),
            move("3", minutes(2)),
            move("4", minutes(5)),
            move("3", minutes(7)),
        ),
        servings=(
            serving(ref="1", at=minutes(3), stage="production"),
            serving(ref="2", version="4", state=FAILED, at=minutes(6), stage="production"),
        ),
    )

    [model] = made.models
    told = [
        (*each.versions, getattr(each.what, "kind", "version"), getattr(each.what, "state", ""))
        for each in reversed(model.moments)
    ]
    assert told == [
        ("4", "version", ""),
        ("3", "version", ""),
        ("4", "alias", "succeeded"),
        ("3", "alias", "replaced"),
        ("3", "endpoint", "succeeded"),
        ("4", "alias", "rolled back"),
        ("4", "endpoint", "failed"),
        ("3", "alias", "succeeded"),
    ]
    standing = [(each.kind, each.name, each.is_production) for each in model.places]
    assert standing == [
        ("alias", "champion", True),
        ("endpoint", "churn-prod", True),
        ("alias", "challenger", False),
    ]
    assert ["3", "3", "4"] == [each.standing.versions[0].version for each in model.places]
    assert [True, False, False] == [step.is_rollback for step in model.places[0].steps]
    assert model.places[0].steps[0].deployment.commit == "a"
    assert () == made.environments


def test_a_version_that_nobody_registered_is_known_by_its_name():
    """Where it came from is not known."""
    [model] = timelines(moves=(move("9"),)).models

    [moment] = model.moments
    assert (PackagedVersion(model="churn-xgb", version="9"),) == moment.what.versions
    assert moment.what.deployment.commit is None
