"""Pull requests and what is said of their commits, as the store knows them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import inspect, select

from fakes.code import (
    CODE,
    HEAD,
    NOW,
    approval,
    check,
    checks,
    deployment,
    deployments,
    pull_request,
)
from fakes.code import approvals as any_approval
from fakes.code import pull_requests as any_pull_request
from fakes.rows import rows_of_code
from trainboard.facts import (
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordQueued,
)
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.store import approvals, contained_commits, item_links, pull_requests
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.pull_request_models import PullRequestRow
from trainboard.store.reading import StoreRead

LATER = NOW + timedelta(minutes=5)
OTHER = "b" * 40
SHOUTED = CODE.upper()
TRACKER = "local:churn"


def told(connection, *said):
    """Record what senders said, one after the other."""
    for each in said:
        pull_requests.record(connection, each)


def linked(*refs, at=NOW, number=7, tracker=TRACKER):
    """The fact that a pull request says to which items it belongs."""
    return RecordLinks(code=CODE, number=number, tracker=tracker, refs=refs, at=at)


facts = st.one_of(
    st.builds(RecordPullRequest, pull_request=any_pull_request),
    st.builds(RecordCheck, check=checks),
    st.builds(RecordDeployment, deployment=deployments),
    st.builds(RecordApproval, approval=any_approval),
    st.builds(
        linked,
        st.sampled_from(["1", "2"]),
        at=st.sampled_from([NOW, LATER]),
        tracker=st.sampled_from([TRACKER, "local:other"]),
    )
    | st.builds(linked, at=st.sampled_from([NOW, LATER])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(facts, max_size=8).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said * 2))))
def test_facts_in_any_order_and_twice_end_in_the_same_rows(write, orders):
    """Deliveries come late, twice and in another order than they were sent."""
    ends = []
    for said in orders:
        with write.begin_nested() as undone:
            told(write, *said)
            ends.append(rows_of_code(write))
            undone.rollback()

    assert ends[0] == ends[1]


def test_a_pull_request_is_found_by_its_number(write):
    """In whatever letters its repository is written; another repository has other numbers."""
    first, second = pull_request(), pull_request(number=8, state="merged", merged_as=OTHER)
    told(write, RecordPullRequest(pull_request=first), RecordPullRequest(pull_request=second))

    assert [first, second] == [pull_requests.find(write, SHOUTED, number) for number in (7, 8)]
    assert pull_requests.find(write, CODE, 9) is None
    assert pull_requests.find(write, "github:acme/other", 7) is None


def test_one_repository_in_two_spellings_is_one(write):
    """Owners write it as they like, and so do platforms."""
    told(write, RecordPullRequest(pull_request=pull_request()))
    moved = pull_request(code="github:Acme/Churn", head=OTHER, at=LATER)
    told(write, RecordPullRequest(pull_request=moved))

    assert moved == pull_requests.find(write, CODE, 7)


def test_pull_requests_are_found_by_their_commits(write):
    """By the head as it is now, and by what they became; a head that was pushed over leads nowhere."""
    pushed = pull_request(head=OTHER, at=LATER)
    merged = pull_request(number=6, head="c" * 40, state="merged", merged_as=OTHER)
    told(write, *(RecordPullRequest(pull_request=each) for each in (pull_request(), pushed, merged)))

    assert [merged, pushed] == pull_requests.list_of_commit(write, SHOUTED, OTHER)
    assert [] == pull_requests.list_of_commit(write, CODE, HEAD)
    assert [] == pull_requests.list_of_commit(write, "github:acme/other", OTHER)


def test_links_are_what_was_said_last(write):
    """Of each tracker for itself; a pull request that takes its words back belongs to nothing."""
    told(write, linked("12", "3"), linked("12", tracker="github:acme/plan"), linked("4", number=8))
    told(write, linked("5", at=LATER), linked("6"))
    expected = [("github:acme/plan", "12"), (TRACKER, "5")]
    assert expected == item_links.list_of(write, SHOUTED, 7)

    told(write, linked(at=LATER + timedelta(minutes=1)))
    assert expected[:1] == item_links.list_of(write, CODE, 7)


def test_an_item_knows_its_pull_requests(write):
    """Only those that say so of its own tracker and that are known."""
    seven, eight = pull_request(), pull_request(number=8)
    told(write, *(RecordPullRequest(pull_request=each) for each in (eight, seven)))
    told(write, linked("1", "2"), linked("1", number=8), linked("1", number=9))

    assert [seven, eight] == pull_requests.list_of_item(write, TRACKER, "1")
    assert [seven] == pull_requests.list_of_item(write, TRACKER, "2")
    assert [] == pull_requests.list_of_item(write, "github:acme/plan", "1")


def test_checks_are_those_of_the_commit_that_count(write):
    """By name, each as its latest attempt stands, and none of a run of a workflow that ran again."""
    tests = check(name="Tests", state=CheckState.PASSED, at=LATER)
    lint = check(attempt=2)
    replaced = [check(name="CI", suite="1", series="ci", run=1), check(name="build", suite="1")]
    again = check(name="CI", suite="2", series="ci", run=2)
    said = [lint, tests, check(name="Tests"), check(state=CheckState.FAILED), *replaced, again]
    told(write, *(RecordCheck(check=each) for each in [*said, check(commit=OTHER)]))

    assert [again, tests, lint] == pull_requests.list_checks(write, SHOUTED, HEAD)


def test_four_hundred_checks_on_one_commit_are_all_known(write):
    """Each with all that it says."""
    many = [check(name=f"shard {number:03}", summary="x" * 65_535) for number in range(400)]
    told(write, *(RecordCheck(check=each) for each in many))

    assert many == pull_requests.list_checks(write, CODE, HEAD)


def test_a_deployment_is_replaced_by_the_next_that_succeeds(write):
    """In its environment; one that fails replaces nothing, and a rollback is the next."""
    first = deployment(ref="1", commit=HEAD, state=DeploymentState.SUCCEEDED)
    failed = deployment(ref="2", commit=OTHER, state=DeploymentState.FAILED, at=LATER)
    staged = deployment(
        ref="3", commit=OTHER, state=DeploymentState.SUCCEEDED, at=LATER, environment="staging"
    )
    told(write, *(RecordDeployment(deployment=each) for each in (first, failed, staged)))
    assert [first] == pull_requests.list_deployments(write, SHOUTED, HEAD)

    second = replace(first, ref="4", commit=OTHER, at=LATER + timedelta(minutes=1))
    told(write, RecordDeployment(deployment=second))
    gone = replace(first, state=DeploymentState.REPLACED)
    assert [gone] == pull_requests.list_deployments(write, CODE, HEAD)
    assert [failed, staged, second] == pull_requests.list_deployments(write, CODE, OTHER)

    back = replace(first, ref="5", at=LATER + timedelta(minutes=2))
    told(write, RecordDeployment(deployment=back))
    assert [gone, back] == pull_requests.list_deployments(write, CODE, HEAD)


def test_a_deployment_is_rolled_back_where_an_earlier_commit_stands_again(write):
    """For good, and not in another environment."""
    first = deployment(ref="1", commit=HEAD, state=DeploymentState.SUCCEEDED)
    second = replace(first, ref="2", commit=OTHER, at=LATER)
    elsewhere = replace(second, ref="3", environment="staging")
    back = replace(first, ref="4", at=LATER + timedelta(minutes=1))
    told(write, *(RecordDeployment(deployment=each) for each in (first, second, elsewhere, back)))

    undone = replace(second, state=DeploymentState.ROLLED_BACK)
    assert [undone, elsewhere] == pull_requests.list_deployments(write, SHOUTED, OTHER)
    assert HEAD == pull_requests.find_deployed(write, SHOUTED, first.environment)

    third = replace(back, ref="5", commit="c" * 40, at=LATER + timedelta(minutes=2))
    told(write, RecordDeployment(deployment=third))
    assert [undone, elsewhere] == pull_requests.list_deployments(write, CODE, OTHER)
    assert None is pull_requests.find_deployed(write, CODE, "nowhere")


def test_a_deployment_of_an_unknown_commit_is_kept(write):
    """It replaces what stood there, and is found when somebody says what it was."""
    first = deployment(ref="1", commit=HEAD, state=DeploymentState.SUCCEEDED)
    unknown = deployment(ref="2", state=DeploymentState.SUCCEEDED, at=LATER)
    told(write, RecordDeployment(deployment=first), RecordDeployment(deployment=unknown))
    assert [replace(first, state=DeploymentState.REPLACED)] == pull_requests.list_deployments(
        write, CODE, HEAD
    )

    told(write, RecordDeployment(deployment=deployment(ref="2", commit=OTHER)))
    assert [replace(unknown, commit=OTHER)] == pull_requests.list_deployments(write, CODE, OTHER)


def test_approvals_are_found_by_the_commit_that_waits(write):
    """Also when only the first notice names it."""
    asked = approval(commit=HEAD, approvers=("ada",))
    answered = approval(state="approved", by="ada", at=LATER)
    other = approval(ref="2", commit=HEAD)
    told(write, *(RecordApproval(approval=each) for each in (answered, other, asked)))

    expected = [other, replace(answered, commit=HEAD)]
    assert expected == approvals.list_of_commit(write, SHOUTED, HEAD, NOW)
    assert [] == approvals.list_of_commit(write, CODE, OTHER, NOW)


def test_an_approval_that_nobody_gave_is_not_pending_for_ever(write):
    """When the run ended that waited for it, also if a later run of the workflow counts instead."""
    asked = approval(commit=HEAD, run="1")
    ended = check(name="CD", suite="1", series="cd", run=1, state=CheckState.TIMED_OUT, at=LATER)
    again = check(name="CD", suite="2", series="cd", run=2, at=LATER)
    told(write, RecordApproval(approval=asked), *(RecordCheck(check=each) for each in (again, ended)))

    expected = [replace(asked, state="timed out", at=LATER)]
    assert expected == approvals.list_of_commit(write, CODE, HEAD, NOW)


def test_handlers_may_ask_for_them(write):
    """By the same names as in the port."""
    seven = pull_request()
    told(write, RecordPullRequest(pull_request=seven), linked("1"))
    read = StoreRead(write, {}, {}, NOW)

    assert [seven] == read.list_pull_requests_of_commit(CODE, HEAD)
    assert [(TRACKER, "1")] == read.list_links(CODE, 7)
    assert [seven] == read.list_pull_requests_of_item(TRACKER, "1")
    assert [seven] == read.list_open_pull_requests(SHOUTED)
    assert [seven] == read.find_pull_requests("github:acme", 7) == read.find_pull_requests(CODE, 7)
    assert [] == read.find_pull_requests("github:ac", 7)


def test_a_pull_request_is_found_by_a_former_head(write):
    """Also where it was told of the later one first."""
    later = pull_request(head=OTHER, at=LATER)
    told(write, RecordPullRequest(pull_request=later), RecordPullRequest(pull_request=pull_request()))
    read = StoreRead(write, {}, {}, NOW)

    assert [[later], [later], []] == [
        read.list_pull_requests_that_were_at(CODE, commit) for commit in (HEAD, OTHER, "c" * 40)
    ]


def test_columns_and_documents_say_the_same(write):
    """What is looked for is what is found, also after a change."""
    told(write, RecordPullRequest(pull_request=pull_request()))
    told(write, RecordPullRequest(pull_request=pull_request(state="merged", merged_as=OTHER, at=LATER)))
    row = write.execute(select(PullRequestRow)).mappings().one()

    found = pull_requests.find(write, CODE, 7)
    columns = {column.name for column in inspect(PullRequestRow).columns} - {"id", "document"}
    assert {name: getattr(found, name) for name in columns} == {name: row[name] for name in columns}


@pytest.mark.parametrize("first", [check(state=CheckState.PASSED), check(state=CheckState.QUEUED)])
def test_two_processes_told_at_once_lose_nothing(first, postgresql_url):
    """Of the same new check one says the end and the other the beginning; who comes second waits."""
    database = Database(postgresql_url)
    upgrade(database)
    second = check(at=LATER)

    def tell():
        with database.write() as connection:
            told(connection, RecordCheck(check=second))

    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            told(connection, RecordCheck(check=first))
            waiting = pool.submit(tell)
        waiting.result()
    with database.read() as connection:
        [known] = pull_requests.list_checks(connection, CODE, HEAD)
    database.close()

    assert known == (first if first.state.ended else second)


def test_a_pull_request_that_shows_a_silent_check_is_found(write):
    """Not one that ended, nor one of a suite that was replaced, nor one of a closed pull request."""
    stale = RecordCheck(check=check(suite="1", run=1))
    whole = [RecordCheck(check=check(name="CI", suite=str(n), run=n, series="ci")) for n in (1, 2)]
    others = [pull_request(number=8, state="closed"), pull_request(number=9, head=OTHER)]
    told(write, stale, *(RecordPullRequest(pull_request=each) for each in (pull_request(), *others)))
    told(write, RecordCheck(check=check(commit=OTHER, state=CheckState.PASSED)))
    silent_from = NOW + timedelta(days=5)

    assert [] == pull_requests.list_silent(write, silent_from - timedelta(seconds=1))
    assert [(pull_request(), silent_from)] == pull_requests.list_silent(write, silent_from)
    merged = pull_request(number=6, head="c" * 40, state="merged", merged_as=HEAD)
    told(write, RecordPullRequest(pull_request=merged))
    assert [6, 7] == sorted(each.number for each, _ in pull_requests.list_silent(write, silent_from))
    told(write, *whole)
    told(write, RecordCheck(check=replace(whole[1].check, state=CheckState.PASSED)))
    assert [] == pull_requests.list_silent(write, silent_from)


def test_a_pull_request_that_shows_a_silent_deployment_is_found(write):
    """Of its head or its merge commit; one that ended says nothing."""
    going = deployment(commit=HEAD, state=DeploymentState.WAITING)
    ended = deployment(ref="2", commit=HEAD, state=DeploymentState.FAILED)
    told(write, *(RecordDeployment(deployment=each) for each in (going, ended)))
    merged = pull_request(state="merged", head=OTHER, merged_as=HEAD)
    told(write, RecordPullRequest(pull_request=merged))
    silent_from = NOW + timedelta(days=30)

    assert [] == pull_requests.list_silent(write, silent_from - timedelta(seconds=1))
    assert [(merged, silent_from)] == pull_requests.list_silent(write, silent_from)


def test_environments_that_differ_in_letters_are_one(write):
    """What stands there is found by any of its names."""
    first = deployment(ref="1", commit=HEAD, state=DeploymentState.SUCCEEDED, environment="Production")
    second = replace(first, ref="2", commit=OTHER, at=LATER, environment="production")
    told(write, *(RecordDeployment(deployment=each) for each in (first, second)))

    assert [DeploymentState.REPLACED] == [
        each.state for each in pull_requests.list_deployments(write, CODE, HEAD)
    ]
    assert OTHER == pull_requests.find_deployed(write, CODE, "PRODUCTION")
    assert [OTHER] == pull_requests.list_standing(write, SHOUTED)


def test_a_platform_that_says_inactive_is_told_as_rolled_back(write):
    """As the timeline tells it: GitHub lets what stood before fall, whatever comes."""
    first = deployment(ref="1", commit=HEAD, state=DeploymentState.SUCCEEDED)
    second = replace(first, ref="2", commit=OTHER, at=LATER)
    back = replace(first, ref="3", at=LATER + timedelta(minutes=1))
    fallen = replace(second, state=DeploymentState.REPLACED, at=LATER + timedelta(minutes=2))
    told(write, *(RecordDeployment(deployment=each) for each in (first, second, back, fallen)))

    [found] = pull_requests.list_deployments(write, CODE, OTHER)
    assert DeploymentState.ROLLED_BACK is found.state


def test_pull_requests_are_found_by_commits_that_hold_theirs(write):
    """With those of the commit itself, and those that a merge queue tried as it."""
    held = pull_request(number=6, state="merged", head="d" * 40, merged_as=OTHER)
    lost = pull_request(number=5, state="merged", head="e" * 40, merged_as="c" * 40)
    queued = pull_request(number=8, head="9" * 40)
    told(write, *(RecordPullRequest(pull_request=each) for each in (held, lost, queued, pull_request())))
    told(write, RecordQueued(code=CODE, number=8, commit=HEAD, at=NOW))
    contained_commits.note(write, CODE, {OTHER}, HEAD, NOW, contained=True)
    contained_commits.note(write, CODE, {"c" * 40}, HEAD, NOW, contained=False)

    assert [6, 7, 8] == [each.number for each in pull_requests.list_within(write, SHOUTED, HEAD)]
    assert [7, 8] == [each.number for each in pull_requests.list_of_commit(write, SHOUTED, HEAD)]
    assert [HEAD] == contained_commits.list_containing(write, SHOUTED, OTHER)


@pytest.mark.parametrize("state", ["merged", "open"])
def test_merged_pull_requests_are_listed_late_ones_first(write, state):
    """As many as wanted, and none from long ago."""
    for number in range(4):
        told_at = NOW + timedelta(minutes=number)
        told(write, RecordPullRequest(pull_request=pull_request(number=number, state=state, at=told_at)))

    found = pull_requests.list_merged(write, CODE, NOW + timedelta(minutes=1), 2)
    assert ([3, 2] if state == "merged" else []) == [each.number for each in found]
