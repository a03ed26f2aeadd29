"""Example deliveries that the community collected: all are taken, none breaks the parser."""

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.senders import NOW, SENDERS, Inbox
from trainboard_webhooks import github
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver

FILE = Path(__file__).parents[2] / "data" / "octokit_webhooks_examples.json.gz"
SENDER = SENDERS["github"]


@cache
def examples():
    return [
        (name, json.dumps(payload).encode())
        for name, payload in json.loads(gzip.decompress(FILE.read_bytes()))
    ]


def test_every_example_is_taken():
    """Each of the 329 signed examples is stored with 202, or greeted with 200 if it is a ping."""
    inbox = Inbox()
    receiver = Receiver({"github": [SENDER.credential]}, clock=lambda: NOW)
    client = Client(Gate(receiver, inbox.accept, NotFound()))
    answers = Counter(
        (
            kind == "ping",
            client.post(SENDER.address, data=body, headers=SENDER.headers(kind, body)).status_code,
        )
        for kind, body in examples()
    )
    assert {(False, 202): 325, (True, 200): 4} == answers
    assert [body for kind, body in examples() if kind != "ping"] == [d.body for d in inbox.deliveries]


def test_every_example_is_parsed():
    """The examples of the parsed kinds give one event each, the others none."""
    found = Counter(
        (kind, type(event).__name__)
        for kind, body in examples()
        for event in github.parse("github", kind, body)
    )
    assert {
        ("check_run", "CheckReported"): 9,
        ("deployment", "DeploymentReported"): 4,
        ("deployment_review", "ApprovalReported"): 1,
        ("deployment_status", "DeploymentReported"): 4,
        ("installation", "InstallationChanged"): 7,
        ("installation_repositories", "InstallationChanged"): 3,
        ("issues", "WorkItemChanged"): 29,
        ("issues", "WorkItemMoved"): 2,
        ("label", "LabelChanged"): 6,
        ("merge_group", "MergeQueued"): 2,
        ("milestone", "IterationChanged"): 5,
        ("pull_request", "PullRequestChanged"): 29,
        ("repository", "RepositoryMoved"): 4,
        ("status", "CheckReported"): 4,
        ("workflow_run", "CheckReported"): 5,
        ("workflow_run", "PipelineRunEnded"): 3,
    } == found


def test_every_example_has_an_entity():
    """A delivery is about an issue, a pull request, a repository, an account, or GitHub as a whole."""
    headers = {"x-github-delivery": "1"}
    identities = [
        github.identify({**headers, "x-github-event": kind}, body)
        for kind, body in examples()
        if kind != "ping"
    ]
    assert all(
        identity.entity.startswith("github") and len(identity.entity) <= 210 for identity in identities
    )
    assert "github:Codertocat/Hello-World#1" in {identity.entity for identity in identities}
