"""The stand-in keeps repositories and pull requests as Azure Repos does."""

import pytest
from azure.devops.v7_1.git.models import (
    Comment,
    GitPullRequest,
    GitPullRequestCommentThread,
    GitPullRequestSearchCriteria,
    GitPullRequestStatus,
    GitPushSearchCriteria,
    GitStatus,
    GitStatusContext,
    WebApiCreateTagRequestData,
)

from fakes.azure_devops.asking import op, refuse

CONTEXT = GitStatusContext(genre="trainboard", name="metric-gate")
ACTIVE = GitPullRequestSearchCriteria(status="active")


@pytest.fixture
def code(org):
    return org.add_repository("Churn", "code")


@pytest.fixture
def pull(org, code):
    return org.person_opens_pull(code, "A change", source="refs/heads/topic")


@pytest.fixture
def git(clients):
    return clients.git


def set_status(git, pull, state, iteration=None):
    status = GitPullRequestStatus(context=CONTEXT, state=state, iteration_id=iteration)
    return git.create_pull_request_status(status, "code", pull.id, "Churn")


def comment(text, parent=0):
    return Comment(content=text, comment_type="text", parent_comment_id=parent)


def open_thread(git, pull, text="a", status="active", properties=None):
    thread = GitPullRequestCommentThread(comments=[comment(text)], status=status, properties=properties)
    return git.create_thread(thread, "code", pull.id, "Churn")


def test_repositories(org, git, code):
    """A repository is known by its id everywhere, by its name within its project."""
    assert ["code"] == [each.name for each in git.get_repositories("Churn")]
    assert ["code"] == [each.name for each in git.get_repositories()]
    assert code.id == git.get_repository("CODE", "Churn").id == git.get_repository(code.id).id
    refuse("GitRepositoryNotFoundException", git.get_repository, "code")
    assert {"refs/heads/main": code.refs["refs/heads/main"]} == {
        each.name: each.object_id for each in git.get_refs("code", "Churn", filter="heads/")
    }


def test_pushes_since_a_moment(org, clock, git, code):
    """The latest come first, without their commits."""
    first = org.person_pushes(code)
    clock.forward(days=1)
    second = org.person_pushes(code, who=org.ben)
    found = git.get_pushes("code", "Churn")
    assert [2, 1] == [each.push_id for each in found]
    assert (org.ben.id, None) == (found[0].pushed_by.id, found[0].commits)
    since = GitPushSearchCriteria(from_date="2026-11-19T00:00:00Z", include_ref_updates=True)
    found = git.get_pushes("code", "Churn", search_criteria=since)
    assert [(first, second)] == [
        (ref.old_object_id, ref.new_object_id) for each in found for ref in each.ref_updates
    ]


def test_pull_request_is_made(org, git, code):
    """It is refused a second time for the same branches, and without a title."""
    wanted = GitPullRequest(
        title="A change",
        description="why",
        source_ref_name="refs/heads/topic",
        target_ref_name="refs/heads/main",
    )
    made = git.create_pull_request(wanted, "code", "Churn")
    assert ("active", "why", org.bot.id) == (made.status, made.description, made.created_by.id)
    refuse("GitPullRequestExistsException", git.create_pull_request, wanted, "code", "Churn")
    refuse("ArgumentException", git.create_pull_request, GitPullRequest(title="b"), "code", "Churn")


def test_pull_request_is_read(org, git, pull):
    """By its number alone, or in lists that are narrowed down."""
    assert "A change" == git.get_pull_request_by_id(pull.id).title
    assert "A change" == git.get_pull_request("code", pull.id, "Churn").title
    other = org.person_opens_pull(pull.repository, "Another", source="refs/heads/other", who=org.ben)
    org.person_ends_pull(other)
    assert [pull.id] == [each.pull_request_id for each in git.get_pull_requests("code", ACTIVE, "Churn")]
    everything = GitPullRequestSearchCriteria(status="all")
    assert [other.id, pull.id] == [
        each.pull_request_id for each in git.get_pull_requests_by_project("Churn", everything)
    ]
    by_ben = GitPullRequestSearchCriteria(status="all", creator_id=org.ben.id)
    assert [other.id] == [each.pull_request_id for each in git.get_pull_requests("code", by_ben, "Churn")]
    refuse("GitPullRequestNotFoundException", git.get_pull_request_by_id, 99)


def test_pull_request_is_changed(org, git, pull):
    """Its texts and its state."""
    changed = git.update_pull_request(GitPullRequest(title="b", description="AB#1"), "code", pull.id, "Churn")
    assert ("b", "AB#1") == (changed.title, changed.description)
    ended = git.update_pull_request(GitPullRequest(status="abandoned"), "code", pull.id, "Churn")
    assert ("abandoned", False) == (ended.status, ended.closed_date is None)
    for wanted in (GitPullRequest(description="x" * 4001), GitPullRequest(status="odd")):
        refuse("ArgumentException", git.update_pull_request, wanted, "code", pull.id, "Churn")


def test_push_makes_an_iteration(org, git, pull):
    """A push to its branch renews what statuses are about."""
    commit = org.person_pushes(pull.repository, "refs/heads/topic")
    found = git.get_pull_request_iterations("code", pull.id, "Churn")
    assert [(1, "create"), (2, "push")] == [(each.id, each.reason) for each in found]
    assert commit == git.get_pull_request("code", pull.id, "Churn").last_merge_source_commit.commit_id
    assert 2 == git.get_pull_request_iteration("code", pull.id, 2, "Churn").id
    refuse(
        "GitPullRequestIterationNotFoundException",
        git.get_pull_request_iteration,
        "code",
        pull.id,
        3,
        "Churn",
    )


def test_statuses_are_posts(git, pull):
    """All of them are kept; which counts is for the reader to find out."""
    set_status(git, pull, "pending")
    set_status(git, pull, "succeeded", 1)
    found = git.get_pull_request_statuses("code", pull.id, "Churn")
    assert [(1, "pending", None), (2, "succeeded", 1)] == [
        (each.id, each.state, each.iteration_id) for each in found
    ]
    git.update_pull_request_statuses([op("/1", None, "remove")], "code", pull.id, "Churn")
    assert [2] == [each.id for each in git.get_pull_request_statuses("code", pull.id, "Churn")]
    refuse(
        "PatchOperationFailedException",
        git.update_pull_request_statuses,
        [op("/2", "failed", "replace")],
        "code",
        pull.id,
        "Churn",
    )


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (GitPullRequestStatus(state="succeeded"), "GitStatusInvalidException"),
        (GitPullRequestStatus(context=CONTEXT, state="odd"), "GitStatusInvalidException"),
        (
            GitPullRequestStatus(context=CONTEXT, state="failed", iteration_id=2),
            "GitPullRequestIterationNotFoundException",
        ),
    ],
)
def test_bad_status_is_refused(git, pull, status, key):
    """It needs a name, a known state and an iteration that is there."""
    refuse(key, git.create_pull_request_status, status, "code", pull.id, "Churn")


def test_commit_statuses(git, code):
    """They stand on a commit, and the newest of each name can be asked for."""
    commit = code.refs["refs/heads/main"]
    for state in ("pending", "failed"):
        git.create_commit_status(GitStatus(context=CONTEXT, state=state), commit, "code", "Churn")
    assert ["failed", "pending"] == [each.state for each in git.get_statuses(commit, "code", "Churn")]
    assert ["failed"] == [each.state for each in git.get_statuses(commit, "code", "Churn", latest_only=True)]


def test_labels(git, pull):
    """A label is there once, whatever its case."""
    for name in ("ml", "ML"):
        git.create_pull_request_label(WebApiCreateTagRequestData(name=name), "code", pull.id, "Churn")
    assert ["ml"] == [each.name for each in git.get_pull_request_labels("code", pull.id, "Churn")]
    assert ["ml"] == [each.name for each in git.get_pull_request("code", pull.id, "Churn").labels]
    git.delete_pull_request_labels("code", pull.id, "ml", "Churn")
    assert [] == git.get_pull_request_labels("code", pull.id, "Churn")
    empty = WebApiCreateTagRequestData(name=" ")
    refuse("ArgumentException", git.create_pull_request_label, empty, "code", pull.id, "Churn")


def test_work_items_of_a_pull_request(org, clients, git, pull):
    """They are those that link to it."""
    number = org.person_creates("Churn", "An item").id
    link = {"rel": "ArtifactLink", "url": pull.artifact, "attributes": {"name": "Pull Request"}}
    clients.work_item_tracking.update_work_item([op("/relations/-", link)], number)
    found = git.get_pull_request_work_item_refs("code", pull.id, "Churn")
    assert [str(number)] == [each.id for each in found]


def test_thread_has_a_status_and_properties(git, pull):
    """Properties come back with their types; the status can be changed."""
    made = open_thread(git, pull, status="closed", properties={"trainboard": "report"})
    assert ("closed", "report") == (made.status, made.properties["trainboard"]["$value"])
    changed = git.update_thread(
        GitPullRequestCommentThread(status="active"), "code", pull.id, made.id, "Churn"
    )
    assert "active" == changed.status
    assert [made.id] == [each.id for each in git.get_threads("code", pull.id, "Churn")]
    assert made.id == git.get_pull_request_thread("code", pull.id, made.id, "Churn").id
    refuse("ArgumentException", open_thread, git, pull, status="odd")
    refuse("GitPullRequestCommentInvalidException", open_thread, git, pull, text="")
    empty = GitPullRequestCommentThread(comments=[])
    refuse("GitPullRequestCommentInvalidException", git.create_thread, empty, "code", pull.id, "Churn")
    refuse(
        "GitPullRequestCommentThreadNotFoundException",
        git.get_pull_request_thread,
        "code",
        pull.id,
        9,
        "Churn",
    )


def test_answer_opens_a_settled_thread(org, git, pull):
    """A person's answer to a closed thread makes it active again."""
    made = open_thread(git, pull, status="closed")
    org.person_comments_on_pull(pull, "why?", thread=pull.threads[0])
    found = git.get_pull_request_thread("code", pull.id, made.id, "Churn")
    assert ("active", ["a", "why?"]) == (found.status, [each.content for each in found.comments])


def test_comment_is_changed_by_its_writer(org, clock, git, pull):
    """Nobody else may."""
    thread = open_thread(git, pull)
    clock.forward(hours=1)
    changed = git.update_comment(Comment(content="b"), "code", pull.id, thread.id, 1, "Churn")
    assert ("b", True) == (changed.content, changed.last_content_updated_date > changed.published_date)
    answer = git.create_comment(comment("c", 1), "code", pull.id, thread.id, "Churn")
    assert (2, 1) == (answer.id, answer.parent_comment_id)
    theirs = org.person_comments_on_pull(pull, "d")
    refuse(
        "AccessCheckException",
        git.update_comment,
        Comment(content="e"),
        "code",
        pull.id,
        theirs.id,
        1,
        "Churn",
    )
    refuse("GitPullRequestCommentNotFoundException", git.get_comment, "code", pull.id, thread.id, 9, "Churn")


def test_authors_stay(git, pull):
    """What was read cannot be sent back as it is."""
    thread = open_thread(git, pull)
    message = refuse("ArgumentException", git.update_thread, thread, "code", pull.id, thread.id, "Churn")
    assert "An author of a comment cannot be updated" in message
    same = thread.comments[0]
    refuse("ArgumentException", git.update_comment, same, "code", pull.id, thread.id, 1, "Churn")


def test_deleted_comment_stays_without_its_text(git, pull):
    """A thread whose comments are all deleted is deleted."""
    thread = open_thread(git, pull)
    git.delete_comment("code", pull.id, thread.id, 1, "Churn")
    found = git.get_comments("code", pull.id, thread.id, "Churn")
    assert [(True, None)] == [(each.is_deleted, each.content) for each in found]
    assert git.get_pull_request_thread("code", pull.id, thread.id, "Churn").is_deleted
