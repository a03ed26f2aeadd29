"""The whole bot against a GitHub that we did not write: issues out, signed webhooks in."""

import json
import time

import pytest
import requests

from fakes.conversation import RUNS_SECRET, run
from peers.emulate import running_emulate
from peers.service import free_port, running_service
from trainboard_webhooks import runs

pytestmark = pytest.mark.peer


def settings(emulate, folder):
    """One project in acme/churn, signed in as the App, one door for runs."""
    (folder / "app.pem").write_text(emulate.private_key)
    return f"""
dashboard = "public"
[engine]
edit_interval_seconds = 1
[github]
api_url = "{emulate.url}"
app_id = {emulate.app_id}
private_key = "file:{folder}/app.pem"
webhook_secrets = ["{emulate.webhook_secret}"]
[[projects]]
name = "churn"
tracker = "github:acme/churn"
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{RUNS_SECRET}"]
experiments = ["churn-*"]
"""


def as_ana(emulate, method, path, **content):
    """What a person does at GitHub."""
    headers = {"Authorization": f"token {emulate.person_token}", "User-Agent": "ana"}
    address = f"{emulate.url}/repos/acme/churn{path}"
    answer = requests.request(method, address, json=content or None, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def report(service, document):
    """A job reports a run."""
    body = json.dumps(document).encode()
    headers = runs.sign(RUNS_SECRET, "run", body, document["run"]["id"], time.time())
    headers |= {"Content-Type": "application/json"}
    return requests.post(f"{service.url}/webhooks/runs", data=body, headers=headers, timeout=10).status_code


def finished(run_id, auc):
    """A run that ended a moment ago."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    times = {"started_at": now, "ended_at": now}
    return run(run_id, run=times, metrics={"val_auc": auc})


def test_an_issue_follows_the_runs_and_a_person_sets_its_target(tmp_path):
    """Made with milestone and label, updated in place; ana's edit comes back as a webhook and is judged."""
    port = free_port()
    with (
        running_emulate(f"http://127.0.0.1:{port}/webhooks/github") as emulate,
        running_service(tmp_path, settings(emulate, tmp_path), port) as service,
    ):
        assert 202 == report(service, finished("r1", 0.93))
        [issue] = service.wait_for("the issue", lambda: as_ana(emulate, "GET", "/issues?state=all"))
        assert (["tb:experiment"], "trainboard[bot]") == (
            [label["name"] for label in issue["labels"]],
            issue["user"]["login"],
        )
        assert issue["milestone"]["title"].startswith("Sprint ")

        body = issue["body"].replace("### Targets", "### Targets\n\n- val_auc >= 0.92", 1)
        as_ana(emulate, "PATCH", f"/issues/{issue['number']}", body=body)
        judged = service.wait_for(
            "the verdict", lambda: "✓ met" in as_ana(emulate, "GET", "/issues/1")["body"]
        )
        report(service, finished("r2", 0.95))
        service.wait_for("two runs", lambda: "2 runs" in as_ana(emulate, "GET", "/issues/1")["body"])
        metrics = requests.get(f"{service.url}/metrics", timeout=10).text
        as_ana(emulate, "POST", "/issues/1/comments", body="It is settled.\n\n/close")
        service.wait_for("the end", lambda: as_ana(emulate, "GET", "/issues/1")["state"] == "closed")

    assert judged
    assert 'trainboard_deliveries_received_total{outcome="stored",source="github"}' in metrics
    assert 'outcome="unauthorized",source="github"' not in metrics
    assert 'outcome="malformed",source="github"' not in metrics
