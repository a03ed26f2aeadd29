"""What the store knows of the pull requests and builds of a sprint."""

from datetime import timedelta

from sqlalchemy import update

from fakes.code import CODE, HEAD, NOW, check, pull_request
from trainboard.facts import RecordCheck, RecordLink, RecordPullRequest
from trainboard.item_links import LinkSource
from trainboard.pull_requests import CheckState
from trainboard.store import code_history, item_links, pull_requests
from trainboard.store.link_models import PullRequestCommitRow

FIRST, SECOND, OTHER = "1" * 40, "2" * 40, "3" * 40


def hours(amount):
    """So long after the first word."""
    return NOW + timedelta(hours=amount)


def told(connection, *facts):
    """Record what senders said of the code."""
    for fact in facts:
        pull_requests.record(connection, fact)


def pushed(number, head, at, **fields):
    """The pull request with that head."""
    return RecordPullRequest(pull_request=pull_request(number=number, head=head, at=hours(at), **fields))


def merged(connection, number=7, first=FIRST, second=SECOND):
    """A pull request with two commits, merged in the third hour."""
    told(
        connection,
        pushed(number, second, 1),
        pushed(number, first, 0),
        pushed(number, second, 3, state="merged", merged_as=HEAD),
    )


def built(commit, state, at=1, **fields):
    """A run of a pipeline on the commit."""
    values = {"series": "ci", "suite": "1", "name": "ci"} | fields
    return RecordCheck(check=check(commit=commit, state=state, at=hours(at), **values))


def test_a_merged_pull_request_is_known_with_the_builds_of_its_first_commit(write):
    """Of the first of which a build is known: a job is none, and a status of ours neither."""
    merged(write)
    told(write, pushed(8, OTHER, 1))
    told(
        write,
        built(FIRST, CheckState.PASSED, series="", name="job"),
        built(SECOND, CheckState.FAILED),
        built(SECOND, CheckState.PASSED, suite="2", name="lint"),
    )
    [found] = code_history.list_merged(write, CODE.upper(), NOW)
    assert (7, {"failed", "passed"}) == (
        found.pull_request.number,
        {each.state for each in found.first_builds},
    )

    told(write, built(FIRST, CheckState.FAILED, suite="3"))
    [found] = code_history.list_merged(write, CODE, NOW)
    assert [FIRST] == [each.commit for each in found.first_builds]
    assert () == code_history.list_merged(write, CODE, hours(4))
    assert () == code_history.list_merged(write, "github:acme/other", NOW)


def test_a_pull_request_without_builds_has_none(write):
    """Nobody told of any."""
    merged(write)
    assert [()] == [each.first_builds for each in code_history.list_merged(write, CODE, NOW)]


def test_builds_of_the_time_are_found(write):
    """The time is half open."""
    told(
        write,
        *(built(FIRST, CheckState.PASSED, at, suite=str(at)) for at in (-1, 0, 1, 2)),
        built(FIRST, CheckState.PASSED, 0, code="github:acme/other"),
        built(FIRST, CheckState.PASSED, 0, series="", suite="job", summary='"series":"ci"'),
    )
    found = code_history.list_builds(write, CODE, NOW, hours(2))
    assert {"0", "1"} == {each.suite for each in found}


def test_the_times_of_commits_are_when_they_were_first_told_of(write):
    """One that an earlier version of the bot noted has none."""
    merged(write)
    merged(write, 8, OTHER, HEAD)
    of_other = PullRequestCommitRow.commit == OTHER
    write.execute(update(PullRequestCommitRow).where(of_other).values(told_at=None))

    found = code_history.find_code(write, CODE, [7, 8], ())
    assert {7: (NOW, hours(1)), 8: (None, hours(1))} == found.commits
    assert {7} == code_history.find_code(write, CODE, [7], ()).commits.keys()
    assert {} == code_history.find_code(write, CODE, [], ()).commits


def test_a_pull_request_that_belongs_to_a_bug_repairs_it(write):
    """Of those that are asked about, as far as the bug is one of an alert."""
    for number in (7, 8, 9):
        merged(write, number)
    for number, ref in ((7, "5"), (8, "6"), (9, "5")):
        link = RecordLink(
            code=CODE,
            number=number,
            tracker="local:churn",
            ref=ref,
            source=LinkSource.PERSON,
            linked=True,
            by="ada",
            at=NOW,
        )
        item_links.record(write, link)

    bugs = {("local:churn", "5"), ("local:churn", "77")}
    assert {7} == code_history.find_code(write, CODE, [7, 8], bugs).repairs
