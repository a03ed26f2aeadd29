"""GitHub: what a delivery is about, and what is tolerated. The fixtures' events are in the contract suite."""

import json
from pathlib import Path

import msgspec
import pytest

from judges.github_webhooks import judge_delivery
from trainboard.errors import PayloadError
from trainboard_webhooks import github
from trainboard_webhooks.github import identify, parse

NOT_DESCRIBED = "merge_group__"
"""Kinds that GitHub's description, as tests/data has it, leaves out."""
FIXTURES = [
    path
    for path in sorted((Path(github.__file__).parent / "fixtures").glob("*.json"))
    if not path.name.endswith((".events.json", "_of_tomorrow.json"))
    and not path.name.startswith(NOT_DESCRIBED)
]
REPOSITORY = {"full_name": "acme/churn"}
ISSUE = {
    "action": "labeled",
    "issue": {"number": 5, "title": "t", "state": "open", "updated_at": "2026-01-12T07:41:00Z"},
    "repository": REPOSITORY,
    "sender": {"login": "ada"},
}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixture_is_what_github_describes(path):
    """Every fixture of a kind and an action that GitHub describes fits the description."""
    assert [] == judge_delivery(path.stem.partition("__")[0], path.read_bytes())


def test_little_is_needed_of_an_issue():
    """Labels, milestone, changes and the sender's type may be missing."""
    [event] = parse("github", "issues", json.dumps(ISSUE).encode())
    assert ("github:acme/churn", "5", (), None, (), False) == (
        event.tracker,
        event.ref,
        event.labels,
        event.iteration,
        event.fields,
        event.by_bot,
    )


def test_state_must_be_known():
    """An issue is open or closed."""
    body = {**ISSUE, "issue": {**ISSUE["issue"], "state": "ajar"}}
    with pytest.raises(PayloadError, match="state must be"):
        parse("github", "issues", json.dumps(body).encode())


def test_other_kinds_are_not_even_read():
    """A kind that means nothing to us has no events, whatever its body."""
    assert [] == list(parse("github", "push", b"no JSON"))


def test_kind_is_bounded():
    """The event's name is short and simple."""
    for kind in ("", "Issues", "x" * 65, "issues\n", "é"):
        with pytest.raises(PayloadError, match="X-GitHub-Event"):
            identify({"x-github-event": kind}, b"{}")


def test_missing_id_is_left_to_the_receiver():
    """Without a delivery id the identity has an empty one, which the receiver refuses."""
    assert "" == identify({"x-github-event": "push"}, b"{}").id
    assert (github.NAME, github.NAMED, github.MAX_BODY_BYTES) == ("github", False, 26_214_400)


def test_one_event_has_one_key_whichever_hook_sends_it():
    """An App's hook adds its installation, wherever; nothing else tells the two apart."""
    event = {"action": "opened", "issue": {"number": 5}, "repository": {"full_name": "acme/churn"}}
    first = {"action": "opened", "installation": {"id": 1}} | event
    last = event | {"installation": {"id": 1}}
    other = event | {"issue": {"number": 6}}
    bodies = [msgspec.json.encode(each) for each in (event, first, last, other)]
    keys = [github.identify({"x-github-event": "issues"}, body).event_key for body in bodies]
    as_comment = github.identify({"x-github-event": "issue_comment"}, bodies[0]).event_key

    assert keys[0] == keys[1] == keys[2]
    assert 3 == len({*keys, as_comment})


@pytest.mark.parametrize(
    "written",
    [
        '{"installation": {"id": 1}, "action": "x"}',
        '{"installation":{"id":1},"action":"x"}',
        '{"action": "x"}',
    ],
)
def test_an_odd_place_of_the_installation_makes_no_other_event(written):
    """Not even where an App's body begins with it, or holds spaces."""
    keys = {
        identify({"x-github-event": "push"}, body.encode()).event_key for body in (written, '{"action":"x"}')
    }
    assert 1 == len(keys)


@pytest.mark.parametrize(
    ("headers", "body", "hook"),
    [
        ({"x-github-hook-id": "77"}, {"installation": {"id": 1}}, "77"),
        ({}, {"installation": {"id": 1}}, "app"),
        ({}, {}, "repository"),
    ],
)
def test_a_delivery_names_its_hook(headers, body, hook):
    """By its id; else by what only an App's hook adds."""
    assert hook == identify({"x-github-event": "push", **headers}, json.dumps(body).encode()).hook
