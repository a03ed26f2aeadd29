"""What is known under the former name of a repository is known under the new one."""

from msgspec.structs import replace
from sqlalchemy import insert, select

from fakes.code import CODE, HEAD, NOW, approval, check, deployment, pull_request
from trainboard.events import RemovalDue, RepositoryMoved
from trainboard.facts import RecordApproval, RecordCheck, RecordDeployment, RecordLinks, RecordPullRequest
from trainboard.notebooks import (
    ChangedNotebook,
    NotebookReview,
    Review,
)
from trainboard.store import (
    approvals,
    item_links,
    log,
    moves,
    notebook_reviews,
    pull_request_status,
    pull_requests,
)
from trainboard.store.models import WorkItemRow
from trainboard.store.pull_request_status import Shown

REVIEW = NotebookReview(notebook=ChangedNotebook(path="a.ipynb", blob="1"), base="main", review=Review())
NEW = "github:acme/Leavers"


def record(connection, code=CODE):
    """One of each."""
    facts = (
        RecordPullRequest(pull_request=pull_request(code=code)),
        RecordCheck(check=check(code=code)),
        RecordDeployment(deployment=deployment(code=code, commit=HEAD)),
        RecordApproval(approval=approval(code=code, commit=HEAD)),
        RecordLinks(code=code, number=7, tracker=code, refs=("12",), at=NOW),
    )
    for fact in facts:
        pull_requests.record(connection, fact)
    pull_request_status.put(connection, code, 7, Shown(comment="c1"))
    notebook_reviews.put(connection, code, 7, REVIEW)
    item = {"project": "churn", "experiment": code, "tracker": code, "ref": "12", "title": "", "url": ""}
    values = item | {"state": "open", "number": 1, "created_at": NOW, "changed_at": NOW}
    connection.execute(insert(WorkItemRow).values(values))


def test_everything_follows(write):
    """Pull requests, what is said of them, what is shown on them, and the work items; and only once."""
    record(write)

    assert [True, False] == [moves.follow(write, CODE.upper(), NEW) for _ in range(2)]
    assert pull_request(code=NEW) == pull_requests.find(write, NEW, 7)
    assert pull_requests.find(write, CODE, 7) is None
    assert [pull_request(code=NEW)] == pull_requests.list_open(write, NEW)
    assert [check(code=NEW)] == pull_requests.list_checks(write, NEW, HEAD)
    assert [deployment(code=NEW, commit=HEAD)] == pull_requests.list_deployments(write, NEW, HEAD)
    assert [approval(code=NEW, commit=HEAD)] == approvals.list_of_commit(write, NEW, HEAD, NOW)
    assert [(NEW, "12")] == item_links.list_of(write, NEW, 7)
    assert "c1" == pull_request_status.get(write, NEW, 7).comment
    assert [REVIEW] == notebook_reviews.list_of(write, NEW, 7)
    assert [NEW] == write.execute(select(WorkItemRow.tracker)).scalars().all()


def test_what_is_known_by_the_new_name_is_left_alone(write):
    """Somebody changed the settings before the new name was told; nothing is lost, and nothing is mixed."""
    record(write)
    record(write, NEW)

    assert not moves.follow(write, CODE, NEW)
    assert [pull_request(), pull_request(code=NEW)] == [
        pull_requests.find(write, code, 7) for code in (CODE, NEW)
    ]


def test_the_log_remembers_the_moves(write):
    """Among everything else that happened."""
    told = RepositoryMoved(old=CODE, new=NEW, at=NOW)
    log.append(write, [(told, None), (RemovalDue(), None), (replace(told, new=CODE), None)], NOW)

    assert [told, replace(told, new=CODE)] == moves.list_all(write)
