"""What our other tests take for granted about GitHub holds on a server that others wrote."""

import hashlib
import hmac
import json
import queue
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import github
import pytest

from peers.emulate import running_emulate
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Grade
from trainboard.github.credentials import AppCredential
from trainboard.repositories import Gate
from trainboard.repositories.github import PERMISSIONS as PULL_REQUESTS
from trainboard.repositories.github import GitHubRepository
from trainboard.trackers.github import PERMISSIONS as ISSUES
from trainboard.trackers.github import GitHubTracker
from trainboard.work_items import NewWorkItem

pytestmark = pytest.mark.peer


def connect(server, auth=None):
    return github.Github(
        base_url=server.url,
        auth=auth or github.Auth.Token(server.token),
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
        lazy=True,
    )


@pytest.fixture
def repository(emulate_server):
    with connect(emulate_server) as client:
        yield client.get_repo("acme/churn")


@contextmanager
def receiving():
    """A web server that puts each delivery, headers and raw body, in a queue."""
    deliveries = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            deliveries.put((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/webhooks/github", deliveries
        finally:
            server.shutdown()
            thread.join()


def test_issue_carries_labels_and_milestone_from_the_start(repository):
    """Labels that do not exist yet and a milestone can be given when an issue is made."""
    sprint = repository.create_milestone("Sprint 1", due_on=date(2026, 12, 4), description="two weeks")
    issue = repository.create_issue("t", body="b", labels=["tb:experiment", "tb:new"], milestone=sprint)
    found = repository.get_issue(issue.number)
    assert ({"tb:experiment", "tb:new"}, sprint.number) == (
        {label.name for label in found.labels},
        found.milestone.number,
    )


def test_edit_changes_only_what_is_named(repository):
    """An edit leaves what it does not name; `milestone: null` (PyGithub's `edit` sends "") takes out."""
    sprint = repository.create_milestone("Sprint 2")
    issue = repository.create_issue("t", body="b", labels=["x"], milestone=sprint)
    repository.requester.requestJsonAndCheck("PATCH", issue.url, input={"body": "c", "milestone": None})
    issue.edit(state="closed", state_reason="not_planned")
    found = repository.get_issue(issue.number)
    assert ("t", "c", "closed", "not_planned", ["x"], None) == (
        found.title,
        found.body,
        found.state,
        found.state_reason,
        [label.name for label in found.labels],
        found.milestone,
    )


def test_issues_are_listed_by_label_and_since(repository):
    """Open and closed issues with a label that changed lately are listed; later ones are not."""
    issue = repository.create_issue("t", labels=["tb:only"])
    repository.create_issue("other")
    issue.edit(state="closed")
    past, future = (datetime.now(UTC) + timedelta(hours=hours) for hours in (-1, 1))
    listed = [
        [found.number for found in repository.get_issues(state="all", labels=["tb:only"], since=since)]
        for since in (past, future)
    ]
    assert [[issue.number], []] == listed


def test_sprints_are_listed_and_edited(repository):
    """A milestone keeps its day and its description when its title changes."""
    sprint = repository.create_milestone("Sprint 3", due_on=date(2026, 12, 18), description="d")
    sprint.edit("Sprint III", state="closed")
    found = next(m for m in repository.get_milestones(state="all") if m.number == sprint.number)
    assert ("Sprint III", "closed", "d", date(2026, 12, 18)) == (
        found.title,
        found.state,
        found.description,
        found.due_on.date(),
    )


def test_comments_are_made_edited_and_listed(repository):
    """A comment that is edited stays one comment."""
    issue = repository.create_issue("t")
    comment = issue.create_comment("first")
    comment.edit("second")
    assert [(comment.id, "second")] == [(found.id, found.body) for found in issue.get_comments()]


def test_tracker_signs_in_as_an_app(emulate_server):
    """The tracker finds the App's installation on the repository, gets a token and knows its own items."""
    budgets = MemoryBudgets(lambda: datetime.now(UTC))
    credential = AppCredential(emulate_server.app_id, emulate_server.private_key, budgets, ISSUES)
    tracker = GitHubTracker(repository="acme/churn", credential=credential, api_url=emulate_server.url)
    made = tracker.create_item(NewWorkItem(title="t", body="b", labels=("tb:experiment",)))
    found = tracker.get_item(made.ref)
    tracker.close()
    assert (made, True) == (found, found.ours)


def open_pull(repository):
    """Ana's pull request of one commit. Returns its number and the commit."""
    home, send = repository.url, repository.requester.requestJsonAndCheck
    base = send("GET", f"{home}/git/commits/{repository.get_branch('main').commit.sha}")[1]
    commit = {"message": "Try LightGBM", "tree": base["tree"]["sha"], "parents": [base["sha"]]}
    head = send("POST", f"{home}/git/commits", input=commit)[1]["sha"]
    send("POST", f"{home}/git/refs", input={"ref": "refs/heads/try", "sha": head})
    made = repository.create_pull("main", "try", title="Try LightGBM", body="A try.")
    return made.number, head


def test_an_app_speaks_on_a_pull_request(emulate_server):
    """It reads it, describes it, comments in place, and sets a check on its commit."""
    with connect(emulate_server, github.Auth.Token(emulate_server.person_token)) as person:
        code = person.get_organization("acme").create_repo("churn-code", auto_init=True)
        number, head = open_pull(code)
        budgets = MemoryBudgets(lambda: datetime.now(UTC))
        app = AppCredential(emulate_server.app_id, emulate_server.private_key, budgets, PULL_REQUESTS)
        repository = GitHubRepository(
            repository="acme/churn-code",
            credential=app,
            api_url=emulate_server.url,
            clock=lambda: datetime.now(UTC),
        )
        found = repository.get_pull_request(number)
        repository.describe(number, "A try. AB#1")
        made = repository.create_comment(number, "One check.")
        repository.update_comment(number, made.ref, "Two checks.")
        verdict = Gate(name="trainboard/metric-gate", commit=head, state="neutral", title="Nothing of ML.")
        repository.set_gate(number, verdict)
        [run] = code.get_commit(head).get_check_runs(check_name=verdict.name)
        assert ("Try LightGBM", "open", head, "try", "main", "ana") == (
            found.title,
            found.state,
            found.head,
            found.branch,
            found.base,
            found.author,
        )
        assert "A try. AB#1" == repository.get_pull_request(number).text
        assert [("Two checks.", True)] == [
            (each.body, each.ours) for each in repository.list_comments(number)
        ]
        assert ("neutral", "Nothing of ML.") == (run.conclusion, run.output.title)
        repository.close()


def test_deliveries_of_an_app_are_signed():
    """An App's token makes an issue, its bot is the author, the delivery is signed over the raw body."""
    with receiving() as (url, deliveries), running_emulate(url) as server:
        app = github.Auth.AppAuth(server.app_id, server.private_key)
        auth = app.get_installation_auth(server.installation_id, {"issues": "write"})
        with connect(server, auth) as client:
            client.get_repo("acme/churn").create_issue("t")
        headers, body = deliveries.get(timeout=10)
    digest = hmac.new(server.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    payload = json.loads(body)
    assert ("issues", f"sha256={digest}", "opened", server.installation_id, "trainboard[bot]") == (
        headers["X-GitHub-Event"],
        headers["X-Hub-Signature-256"],
        payload["action"],
        payload["installation"]["id"],
        payload["sender"]["login"],
    )


def test_the_tracker_looks_at_itself(emulate_server):
    """An App that is let in finds nothing to mend."""
    budgets = MemoryBudgets(lambda: datetime.now(UTC))
    credential = AppCredential(emulate_server.app_id, emulate_server.private_key, budgets, ISSUES)
    tracker = GitHubTracker(repository="acme/churn", credential=credential, api_url=emulate_server.url)
    findings = list(tracker.examine())
    tracker.close()
    assert [] == [finding for finding in findings if finding.grade is not Grade.OK]
    assert "We may write issues, labels and milestones in acme/churn." == findings[-1].message
