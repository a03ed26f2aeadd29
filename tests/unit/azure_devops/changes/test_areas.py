"""Builds, pull requests, pushes and approvals as the deliveries that would have told of them."""

from datetime import UTC, datetime, timedelta

import pytest
import structlog

from trainboard.azure_devops.changes import Place, approvals, builds, listing, read_moment, repositories
from trainboard.errors import PayloadError, TransientError

URL = "https://dev.azure.com/acme"
PROJECT_ID = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c"
PLACE = Place(url=URL, project="Churn", project_id=PROJECT_ID)
SINCE = datetime(2026, 11, 18, 10, tzinfo=UTC)
AFTER, BEFORE = "2026-11-18T10:05:00.1234567Z", "2026-11-18T09:59:59Z"
AT = datetime(2026, 11, 18, 10, 5, 0, 123456, tzinfo=UTC)
BUILDS = f"{URL}/Churn/_apis/build/Builds"
PULL_REQUESTS = f"{URL}/Churn/_apis/git/pullRequests"
PUSHES = f"{URL}/Churn/_apis/git/repositories/model/pushes"
APPROVALS = f"{URL}/Churn/_apis/pipelines/approvals"
RUN = "ms.vss-pipelines.run-state-changed-event"
LOCATIONS = [
    {
        "id": id_,
        "area": "git",
        "resourceName": "x",
        "routeTemplate": route,
        "resourceVersion": 2,
        "minVersion": "1.0",
        "maxVersion": "7.2",
        "releasedVersion": "7.1",
    }
    for id_, route in (
        ("a5d28130-9cd2-40fa-9f08-902e7daa9efb", "{project}/_apis/git/pullRequests"),
        ("ea98d07b-3c87-4971-8ede-a613694ffb55", "{project}/_apis/git/repositories/{repositoryId}/pushes"),
    )
]


def told(web, url, *values, **headers):
    """The next answer to a request at the URL."""
    web.get(url, json={"count": len(values), "value": list(values)}, headers=headers)


def found(list_changes, organization, *more):
    return [(each.event, each.thing, each.at) for each in list_changes(organization, PLACE, SINCE, *more)]


def build(number=31, **parts):
    ended = {"status": "completed", "result": "failed", "finishTime": AFTER}
    return {"id": number, "buildNumber": f"20261118.{number}"} | ended | parts


def request(number=8, status="active", created=BEFORE, **parts):
    return {"pullRequestId": number, "status": status, "creationDate": created} | parts


def approval(status="pending", **parts):
    owner = {"owner": {"id": 31, "name": "20261118.31"}, "id": "139", "name": "train"}
    made = {"id": f"a-{status}", "status": status, "createdOn": AFTER, "lastModifiedOn": AFTER}
    return made | {"pipeline": owner} | parts


@pytest.fixture
def git(web):
    """What git offers is asked for."""
    web.options(f"{URL}/_apis", json={"count": len(LOCATIONS), "value": LOCATIONS})
    return web


def test_a_build_that_ended(web, organization):
    """It is told as a build, as it came, and as a run."""
    told(web, BUILDS, build(definition={"id": 139, "name": "train", "url": "x"}))
    ended, run = builds.list_changes(organization, PLACE, SINCE)
    thing = f"31/{AFTER}"
    assert [("build.complete", thing, AT), (RUN, thing, AT)] == [
        (each.event, each.thing, each.at) for each in (ended, run)
    ]
    assert build(definition={"id": 139, "name": "train", "url": "x"}) == ended.resource
    assert ({"id": 139, "name": "train", "revision": None}, 31, PROJECT_ID) == (
        run.resource["pipeline"],
        run.resource["runId"],
        run.resource["projectId"],
    )
    assert ("completed", "failed", AFTER) == (
        run.resource["run"]["state"],
        run.resource["run"]["result"],
        run.resource["run"]["finishedDate"],
    )


def test_a_run_knows_no_half_success(web, organization):
    """What a build calls partially succeeded, its run calls succeeded."""
    told(web, BUILDS, build(result="partiallySucceeded"))
    _, run = builds.list_changes(organization, PLACE, SINCE)
    assert "succeeded" == run.resource["run"]["result"]


def test_builds_come_in_pages(web, organization):
    """The token of the one asks for the next; the order says that the end is meant."""
    told(web, BUILDS, build(31), **{"x-ms-continuationtoken": "t1"})
    told(web, BUILDS, build(32), **{"x-ms-continuationtoken": "t1"})
    assert 4 == len(found(builds.list_changes, organization))
    asked = [call.request.params for call in web.calls]
    assert [("completed", "finishTimeAscending", None), ("completed", "finishTimeAscending", "t1")] == [
        (each["statusFilter"], each["queryOrder"], each.get("continuationToken")) for each in asked
    ]


def test_an_odd_build_is_left_out(web, organization):
    """It has no time at which it ended."""
    told(web, BUILDS, build(31, finishTime=None), build(32))
    with structlog.testing.capture_logs():
        assert {f"32/{AFTER}"} == {thing for _, thing, _ in found(builds.list_changes, organization)}


def test_pull_requests(git, organization):
    """Opened or closed since; what was updated is not told by what stands there."""
    told(git, PULL_REQUESTS, request(9, created=AFTER), request(8))
    merged = request(7, "completed", closedDate=AFTER, mergeId="m")
    told(git, PULL_REQUESTS, merged, request(6, "completed", closedDate=BEFORE))
    told(git, PULL_REQUESTS, request(5, "abandoned", closedDate=AFTER))
    assert [
        ("git.pullrequest.created", "9", AT),
        ("git.pullrequest.merged", "7/completed", AT),
        ("git.pullrequest.updated", "5/abandoned", AT),
    ] == found(repositories.list_changes, organization, ())


def test_pull_requests_are_listed_until_nothing_happened(git, organization):
    """A full page on which nothing happened since is the last."""
    told(git, PULL_REQUESTS, *(request(number, created=AFTER) for number in range(200, 100, -1)))
    told(git, PULL_REQUESTS, *(request(number) for number in range(100, 0, -1)))
    told(git, PULL_REQUESTS)
    told(git, PULL_REQUESTS)
    assert 100 == len(found(repositories.list_changes, organization, ()))
    asked = [call.request.params for call in git.calls if call.request.method == "GET"]
    assert [("active", "0"), ("active", "100"), ("completed", "0"), ("abandoned", "0")] == [
        (each["searchCriteria.status"], each["$skip"]) for each in asked
    ]


THREADS = f"{URL}/Churn/_apis/git/repositories/r1/pullRequests/9/threads"
COMMENTED = "ms.vss-code.git-pullrequest-comment-event"


def comment(number=1, at=AFTER, **parts):
    return {"id": number, "lastUpdatedDate": at, "commentType": "text", "content": "/status"} | parts


def talked_of(git, *comments):
    """Pull request 9 is open in the repository `model`, and has a thread with these comments."""
    repository = {"id": "r1", "name": "Model"}
    told(
        git, PULL_REQUESTS, request(9, repository=repository, url="x/9"), request(8, repository={"name": "a"})
    )
    told(git, PULL_REQUESTS, request(7, "completed", closedDate=BEFORE, repository=repository))
    told(git, PULL_REQUESTS)
    told(git, PUSHES)
    told(git, THREADS, {"id": 5, "comments": list(comments)}, {"id": 6})


def test_comments_on_pull_requests(git, organization):
    """Of repositories that matter, by people, since the moment; each names its thread by a link."""
    linked = {"self": {"href": "y/threads/5/comments/2"}, "threads": {"href": "y/threads/5"}}
    talked_of(
        git,
        comment(1),
        comment(2, _links=linked),
        comment(3, _links={"self": {"href": "z/threads/5/comments/3"}}),
        comment(4, at=BEFORE),
        comment(5, commentType="system"),
    )
    changes = list(repositories.list_changes(organization, PLACE, SINCE, ("model",)))
    assert [COMMENTED] * 3 == [each.event for each in changes]
    links = [each.resource["comment"]["_links"]["threads"]["href"] for each in changes]
    assert ["x/9/threads/5", "y/threads/5", "z/threads/5"] == links
    assert (9, AT) == (changes[0].resource["pullRequest"]["pullRequestId"], changes[0].at)


def test_an_odd_pull_request_is_left_out(git, organization):
    """It has no time."""
    told(git, PULL_REQUESTS, {"pullRequestId": 9, "status": "active"})
    told(git, PULL_REQUESTS)
    told(git, PULL_REQUESTS)
    with structlog.testing.capture_logs():
        assert [] == found(repositories.list_changes, organization, ())


def test_pushes(git, organization):
    """To the repositories that matter, since the moment."""
    for _ in range(3):
        told(git, PULL_REQUESTS)
    told(git, PUSHES, {"pushId": 3, "date": AFTER, "repository": {"id": "r1"}, "refUpdates": []})
    assert [("git.push", "r1/3", AT)] == found(repositories.list_changes, organization, ("model",))
    assert "2026-11-18T10:00:00Z" == git.calls[-1].request.params["searchCriteria.fromDate"]


def test_a_push_updates_the_open_pull_request_of_its_branch(git, organization):
    """Which is told as it stands now, and not those of other branches and repositories."""
    deep = {"repository": {"id": "r1"}, "sourceRefName": "refs/heads/deep"}
    told(
        git,
        PULL_REQUESTS,
        request(9, **deep),
        request(8, **deep | {"sourceRefName": "refs/heads/wide"}),
        request(7, **deep | {"repository": {"id": "r2"}}),
        request(6),
    )
    told(git, PULL_REQUESTS, request(5, "completed", closedDate=BEFORE, **deep))
    told(git, PULL_REQUESTS)
    push = {"pushId": 3, "date": AFTER, "repository": {"id": "r1"}}
    told(
        git,
        PUSHES,
        push | {"refUpdates": [{"name": "refs/heads/main"}, {"name": "refs/heads/deep"}]},
        push | {"pushId": 4, "refUpdates": None},
    )
    assert [
        ("git.push", "r1/3", AT),
        ("git.push", "r1/4", AT),
        ("git.pullrequest.updated", "9/pushed/3", AT),
    ] == found(repositories.list_changes, organization, ("model",))


def test_approvals(web, organization):
    """Asked for or given since; each is about the run that waits."""
    answers = {
        "pending": [approval(), approval(createdOn=BEFORE)],
        "approved": [approval("approved"), approval("approved", lastModifiedOn=BEFORE)],
    }
    for state in ("pending", *approvals.ENDED):
        told(web, APPROVALS, *answers.get(state, []))
    changes = list(approvals.list_changes(organization, PLACE, SINCE))
    kind = "ms.vss-pipelinechecks-events.approval"
    assert [(f"{kind}-pending", "a-pending/pending"), (f"{kind}-completed", "a-approved/approved")] == [
        (each.event, each.thing) for each in changes
    ]
    resource = changes[0].resource
    assert (31, "31", "a-pending", PROJECT_ID) == (
        resource["runId"],
        resource["run"]["id"],
        resource["approvalId"],
        resource["projectId"],
    )


def test_an_area_that_is_closed_to_us_is_left_out(monkeypatch, web, organization):
    """The others are told, and the log says which is not known."""
    web.post(f"{URL}/Churn/_apis/wit/reporting/workItemRevisions", status=403, json={"message": "TF401027"})
    told(web, BUILDS, build(31))
    monkeypatch.setattr(repositories, "list_changes", lambda *_, **__: iter(()))
    for _ in range(6):
        told(web, APPROVALS)
    with structlog.testing.capture_logs() as logs:
        changes = list(listing.list_changes(organization, PLACE, SINCE, ()))
    assert ["build.complete", RUN] == [each.event for each in changes]
    assert ["what changed in work items is not known"] == [line["event"] for line in logs]


def test_silence_is_no_answer(web, organization):
    """Then nothing is known, and all of it is asked again."""
    web.post(f"{URL}/Churn/_apis/wit/reporting/workItemRevisions", status=503)
    with pytest.raises(TransientError):
        list(listing.list_changes(organization, PLACE, SINCE, ()))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (AFTER, AT),
        ("2026-11-18T10:05:00.12Z", AT.replace(microsecond=120000)),
        ("2026-11-18T10:00:00", SINCE),
    ],
)
def test_moments(text, moment):
    """With seven digits behind the second, and with no zone in UTC."""
    assert moment == read_moment(text)


@pytest.mark.parametrize("text", [None, "", "soon", 5])
def test_what_is_no_moment(text):
    """It is said what came in its place."""
    with pytest.raises(PayloadError, match="is no moment"):
        read_moment(text)


def test_time_has_a_zone():
    """A moment can be compared with any other."""
    assert timedelta(0) == read_moment(BEFORE).utcoffset()
