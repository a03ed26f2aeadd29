"""GitHub's webhooks are judged by their event and action."""

import json

import pytest

from judges.github_webhooks import judge_delivery

PING = {"zen": "Speak like a human.", "hook_id": 1, "hook": None}


def test_findings_have_their_place():
    """A body that lacks what the description requires is told where."""
    assert ['at /hook: null is not of type "object"'] == judge_delivery("ping", json.dumps(PING))


def test_action_chooses_the_description():
    """An event with actions is described for each of them."""
    findings = judge_delivery("issue_comment", json.dumps({"action": "created"}))
    assert {"comment", "issue", "repository", "sender"} == {finding.split('"')[1] for finding in findings}


def test_unknown_event_is_an_error_of_the_test():
    """What GitHub does not describe cannot be judged."""
    with pytest.raises(LookupError, match="no webhook issues-finished"):
        judge_delivery("issues", '{"action": "finished"}')
