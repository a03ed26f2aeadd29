"""What is said of pull requests and commits becomes one state, in whatever order it is heard."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.code import (
    NOW,
    approval,
    approvals,
    check,
    checks,
    deployment,
    deployments,
    pull_request,
    pull_requests,
)
from trainboard.pull_requests import (
    CheckState,
    DeploymentState,
    is_own_check,
    list_current,
    merge,
    tell_silent,
)

LATER = NOW + timedelta(minutes=5)
three_of_a_kind = st.one_of(
    *(st.tuples(kind, kind, kind) for kind in (pull_requests, checks, deployments, approvals))
)


@settings(max_examples=300)
@given(three_of_a_kind)
def test_what_is_said_is_merged_in_any_order(said):
    """Twice is once, two change places, and three are merged whichever two come first."""
    one, two, three = said

    assert one == merge(None, one) == merge(one, one)
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


def wins(one, two):
    """The one of the two that is known after both were said, asserted in both orders."""
    merged = merge(one, two)
    assert merged == merge(two, one)
    return merged


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (check(run=4, attempt=3, state=CheckState.PASSED), check(run=5, state=CheckState.QUEUED)),
        (check(state=CheckState.FAILED, at=LATER), check(attempt=2, state=CheckState.QUEUED)),
        (check(state=CheckState.QUEUED, at=LATER), check(state=CheckState.RUNNING)),
        (check(state=CheckState.QUEUED, at=LATER), check(state=CheckState.WAITING)),
        (check(state=CheckState.RUNNING, at=LATER), check(state=CheckState.PASSED)),
        (check(state=CheckState.WAITING, at=LATER), check(state=CheckState.TIMED_OUT)),
        (check(state=CheckState.RUNNING), check(state=CheckState.WAITING, at=LATER)),
        (check(state=CheckState.WAITING), check(state=CheckState.RUNNING, at=LATER)),
        (check(state=CheckState.FAILED), check(state=CheckState.PASSED, at=LATER)),
        (check(state=CheckState.PASSED), check(state=CheckState.CANCELLED, at=LATER)),
    ],
    ids=lambda each: f"{each.run}.{each.attempt} {each.state}",
)
def test_a_check_goes_on_and_never_back(loser, winner):
    """What counts is the later run or attempt, then an end, then work, then what was told later."""
    assert winner == wins(loser, winner)


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (pull_request(head="a"), pull_request(head="b", at=LATER)),
        (pull_request(state="closed"), pull_request(at=LATER)),
        (pull_request(), pull_request(state="closed")),
        (pull_request(state="closed"), pull_request(state="merged", merged_as="c")),
    ],
)
def test_a_pull_request_stands_as_told_last(loser, winner):
    """It may be opened again; of what is told in the same second the nearer to an end counts."""
    assert winner == wins(loser, winner)


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (deployment(state=DeploymentState.FAILED), deployment(state=DeploymentState.RUNNING, at=LATER)),
        (deployment(state=DeploymentState.RUNNING), deployment(state=DeploymentState.SUCCEEDED)),
        (deployment(state=DeploymentState.RUNNING), deployment(state=DeploymentState.REPLACED)),
    ],
    ids=lambda each: each.state,
)
def test_a_deployment_stands_as_told_last(loser, winner):
    """A failed one may be tried again under the same number."""
    assert winner == wins(loser, winner)


@pytest.mark.parametrize("answer", ["approved", "rejected", "skipped", "timed out"])
def test_an_answered_approval_is_pending_no_more(answer):
    """Whatever the clock of who tells it says."""
    answered = approval(state=answer, by="ada")

    assert answered == wins(approval(at=LATER), answered)


def test_who_answers_last_is_believed():
    """Somebody may take an answer back."""
    rejected = approval(state="rejected", at=LATER)

    assert rejected == wins(approval(state="approved"), rejected)


def test_a_commit_that_was_said_once_stays_known():
    """A stage says what it deploys when it begins, and not again."""
    begun = deployment(state=DeploymentState.RUNNING, commit="abc")
    ended = deployment(state=DeploymentState.SUCCEEDED, at=LATER)

    assert replace(ended, commit="abc") == wins(begun, ended)


def test_what_an_approval_is_for_stays_known():
    """The answer only says who gave it."""
    asked = approval(run="17", environment="production", commit="abc", approvers=("ada", "bob"))
    answered = approval(state="approved", by="ada", at=LATER)

    expected = replace(answered, run="17", environment="production", commit="abc")
    assert expected == wins(asked, answered)


def test_the_first_success_stays_known():
    """When a deployment is replaced, or told to have succeeded once more, it succeeded no later."""
    succeeded = deployment(state=DeploymentState.SUCCEEDED)
    replaced = deployment(state=DeploymentState.REPLACED, at=LATER)

    assert replace(replaced, reached_at=NOW) == wins(succeeded, replaced)
    assert (
        NOW
        == wins(succeeded, replaced).succeeded_at
        == wins(succeeded, replace(succeeded, at=LATER)).succeeded_at
    )
    assert replaced.succeeded_at is None


def test_the_moment_of_the_merge_stays_known():
    """What is said of the pull request after that does not move it."""
    merged = pull_request(state="merged", merged_as="c")
    labelled = replace(merged, at=LATER)

    assert replace(labelled, reached_at=NOW) == wins(merged, labelled)
    assert NOW == merged.merged_at == wins(merged, labelled).merged_at
    assert pull_request().merged_at is None


def test_times_are_compared_across_zones():
    """13:00 in the east is later than 10:30 here."""
    here = pull_request(head="z", at=NOW + timedelta(minutes=30))
    east = pull_request(head="b", at=datetime.fromisoformat("2026-11-18T13:00:00+02:00"))

    assert east == wins(here, east)


def test_checks_of_one_name_in_two_suites_both_count():
    """Two workflows may each have a job of one name."""
    known = [check(name="test", suite="1"), check(name="test", suite="2"), check(name="lint")]

    assert known == list_current(known)


def test_a_later_suite_of_a_series_replaces_an_earlier_one():
    """A workflow that ran again for the same commit is told by its latest run alone, in any order."""
    old = [check(name="CI", suite="1", series="ci", run=4), check(name="test", suite="1")]
    new = [check(name="CI", suite="2", series="ci", run=5), check(name="test", suite="2")]
    other = [check(name="CI", suite="3", series="ci on push", run=1)]

    for known in permutations(old + new + other):
        assert [each for each in known if each not in old] == list_current(known)


@pytest.mark.parametrize(
    ("name", "own"),
    [("trainboard/metric-gate", True), ("trainboard", False), ("acme/trainboard/x", False), ("", False)],
)
def test_own_checks_are_known_by_their_name(name, own):
    """What the bot itself reports begins with its name and a stroke."""
    assert own == is_own_check(name)


@pytest.mark.parametrize(
    ("state", "patience"),
    [
        (CheckState.QUEUED, timedelta(days=2)),
        (CheckState.RUNNING, timedelta(days=5)),
        (CheckState.WAITING, timedelta(days=30)),
    ],
)
def test_a_check_of_which_nobody_tells_is_silent(state, patience):
    """Longer than any platform lets it go on, and not a moment earlier; since when is kept."""
    told = check(state=state)
    late = NOW + patience

    assert told == tell_silent(told, late - timedelta(seconds=1))
    assert replace(told, state=CheckState.SILENT) == tell_silent(told, late)


@pytest.mark.parametrize("state", [state for state in CheckState if state.ended])
def test_a_check_that_ended_is_never_silent(state):
    """However long ago."""
    assert check(state=state) == tell_silent(check(state=state), NOW + timedelta(days=9_000))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": 'Revert "Widen the trees"', "text": "Reverts acme/churn#3"}, 3),
        ({"title": 'Revert "Widen the trees"', "text": "Because.\n\nReverts #3."}, 3),
        ({"title": 'Revert "Widen"', "text": "Reverts !3", "code": "azure-repos:acme/Churn/churn"}, 3),
        ({"title": 'Revert "Revert "Widen the trees""', "text": "Reverts acme/churn#4"}, 4),
        ({"title": 'Revert "Widen the trees"', "text": "Reverts acme/other#3"}, None),
        ({"title": 'Revert "Widen the trees"', "text": "Reverts #8"}, None),
        ({"title": "Widen the trees", "text": "Reverts #3"}, None),
        ({"title": 'Revert "Widen the trees"', "text": "It reverts #3"}, None),
    ],
)
def test_a_revert_names_the_pull_request_that_it_undoes(fields, expected):
    """As both platforms write it: an earlier one of the same repository."""
    assert expected == pull_request(**fields).reverts


def test_a_run_that_github_shows_too_counts_once():
    """As the app of Azure Pipelines shows it; told by hooks alone, it counts as told."""
    shown = [
        check(name="CI", reporter="azure-pipelines", suite="1"),
        check(name="CI (test)", reporter="azure-pipelines", suite="1"),
    ]
    told = {"reporter": "Azure Pipelines", "suite": "azure-pipelines:acme#5"}
    hooks = [check(name="CI", series="azure-pipelines:acme/7", **told), check(name="CI / test", **told)]
    other = check(name="CD", reporter="Azure Pipelines", suite="azure-pipelines:acme#6", series="acme/8")

    assert [*shown, other] == list_current([*shown, *hooks, other])
    assert [*hooks, other] == list_current([*hooks, other])
