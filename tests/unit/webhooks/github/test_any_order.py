"""GitHub: deliveries about pull requests in any order, and twice, end in the same knowledge."""

import gzip
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from trainboard.events import ApprovalReported, CheckReported, DeploymentReported, PullRequestChanged
from trainboard.pull_requests import Approval, Check, CheckState, Deployment, PullRequest, list_current, merge
from trainboard_webhooks import github

EXAMPLES = Path(__file__).parents[3] / "data" / "octokit_webhooks_examples.json.gz"
FIXTURES = Path(github.__file__).parent / "fixtures"
HEAD = "7d1b31e74ee336d15cbd21741bc88a537ed063a0"


def deliveries():
    """Every example and every fixture, as kind and body."""
    for kind, payload in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
        yield kind, json.dumps(payload).encode()
    for path in sorted(FIXTURES.glob("*.json")):
        if not path.name.endswith(".events.json"):
            yield path.name.partition("__")[0], path.read_bytes()


def said(event):
    match event:
        case PullRequestChanged():
            return [event.pull_request]
        case CheckReported():
            return [event.check]
        case DeploymentReported():
            return [event.deployment]
        case ApprovalReported():
            return [event.approval]
        case _:
            return []


def identity(value):
    match value:
        case PullRequest():
            return value.code, value.number
        case Check():
            return value.code, value.commit, value.suite, value.name
        case Deployment() | Approval():
            return type(value), value.code, value.ref


def known(values):
    found = {}
    for value in values:
        found[identity(value)] = merge(found.get(identity(value)), value)
    return found


SAID = [
    value
    for kind, body in deliveries()
    for event in github.parse("github", kind, body)
    for value in said(event)
]


@settings(deadline=None)
@given(st.permutations(SAID), st.lists(st.sampled_from(SAID)))
def test_order_and_repetition_do_not_matter(values, again):
    """All examples and fixtures, shuffled, some of them twice."""
    assert known(SAID) == known(values + again)


def test_what_the_fixtures_end_in():
    """The re-run that passed counts, and the job of the other workflow by itself."""
    checks = [it for it in known(SAID).values() if isinstance(it, Check) and it.commit == HEAD]
    tests = {it.suite: it.state for it in list_current(checks) if it.name == "test"}
    assert {"44120000077": CheckState.PASSED, "44120000078": CheckState.PASSED} == tests
    workflow = next(it for it in checks if it.name == "CI (workflow)")
    assert (2, CheckState.PASSED) == (workflow.attempt, workflow.state)
