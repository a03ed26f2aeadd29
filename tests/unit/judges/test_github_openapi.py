"""The judge refuses what GitHub would not understand and lets pass what it does."""

import json

import pytest
import requests
import responses

from judges import github_openapi
from judges.github_openapi import judge_answer, judge_request

HEADERS = {"User-Agent": "trainboard", "Content-Type": "application/json"}
ISSUES = "/repos/acme/churn/issues"


def judge(method, path, body=None, headers=HEADERS):
    return judge_request(method, path, headers, None if body is None else json.dumps(body))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", ISSUES, {"title": "a", "milestone": 1, "labels": ["x", {"name": "y"}], "type": None}),
        ("PATCH", f"{ISSUES}/1", {"state": "closed", "state_reason": None, "milestone": None}),
        ("GET", f"{ISSUES}?state=all&labels=a,b&since=2026-11-23T00:00:00Z&per_page=100&page=2", None),
        ("GET", "/repositories/1296269/issues?after=Y3Vyc29y&page=2", None),
        ("POST", f"{ISSUES}/1/labels", ["tb:experiment"]),
        ("DELETE", f"{ISSUES}/1/labels/tb%3Aexperiment%2Fa", None),
        ("POST", f"{ISSUES}/1/sub_issues", {"sub_issue_id": 12}),
        ("GET", "/repos/acme/churn/commits/refs/heads/main/check-runs?status=completed", None),
        ("POST", "/app/installations/7/access_tokens", {"permissions": {"issues": "write"}}),
        ("POST", "/app/installations/7/access_tokens", None),
        ("POST", "/app/hook/deliveries/12/attempts", {}),
        ("POST", "/graphql", {"query": "{viewer{login}}"}),
    ],
)
def test_right_request_passes(method, path, body):
    """What GitHub's documentation allows gives no finding."""
    assert [] == judge(method, path, body)


@pytest.mark.parametrize(
    ("method", "path", "body", "finding"),
    [
        ("GET", "/repos/acme/churn/isues", None, "GitHub has no such path and method"),
        ("PUT", ISSUES, {}, "GitHub has no such path and method"),
        ("GET", f"{ISSUES}/one", None, 'path parameter issue_number=one is not {"type": "integer"}'),
        ("GET", f"{ISSUES}?label=a", None, "query parameter label=a is unknown"),
        ("GET", "/search/issues", None, "query parameter q is missing"),
        ("POST", ISSUES, None, "the body is missing"),
        ("GET", ISSUES, {"state": "all"}, "a body is sent where none is known"),
        ("POST", ISSUES, {"body": "b"}, 'at /: "title" is a required property'),
        ("POST", ISSUES, {"title": "a", "body": 1}, 'at /body: 1 is not of type "string"'),
        (
            "POST",
            ISSUES,
            {"title": "a", "milestones": 1},
            "at /: Unevaluated properties are not allowed ('milestones' was unexpected)",
        ),
        (
            "PATCH",
            f"{ISSUES}/1",
            {"state": "done"},
            'at /state: "done" is not one of "open" or "closed"',
        ),
    ],
)
def test_wrong_request_is_found(method, path, body, finding):
    """Wrong paths, parameters, types, values and unknown keys are found, also where GitHub ignores them."""
    assert [finding] == judge(method, path, body)


def test_unknown_keys_are_found_in_depth():
    """A misspelt key inside an inner object or in one branch of a choice is found too."""
    output = {"title": "t", "summary": "s", "anotations": []}
    body = {"name": "n", "head_sha": "a", "output": output}
    found = judge("POST", "/repos/acme/churn/check-runs", body) + judge(
        "POST", ISSUES, {"title": "a", "labels": [{"nam": "x"}]}
    )
    assert ["at /output", "at /labels/0"] == [finding.partition(":")[0] for finding in found]


def test_headers_are_judged():
    """GitHub refuses requests without a user agent, and reads bodies as JSON only where they say so."""
    found = judge("POST", ISSUES, {"title": "a"}, {"Content-Type": "text/plain"})
    assert [
        "the header User-Agent is missing",
        "Content-Type is 'text/plain', not application/json",
    ] == found


def test_broken_json_is_found():
    """A body that is not JSON is a finding, not a crash."""
    assert ["the body is not JSON: Expecting value: line 1 column 1 (char 0)"] == judge_request(
        "POST", ISSUES, HEADERS, b"oops"
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "findings"),
    [
        ("GET", f"{ISSUES}?page=2", 200, "[]", []),
        ("GET", ISSUES, 200, '{"items":[]}', ['at /: {"items":[]} is not of type "array"']),
        ("DELETE", f"{ISSUES}/comments/1", 204, "", []),
        ("DELETE", f"{ISSUES}/comments/1", 204, "{}", ["204 has no body"]),
        ("POST", ISSUES, 200, "{}", ["GitHub never answers 200 here"]),
        ("GET", "/nowhere", 404, "{}", []),
        ("GET", ISSUES, 502, "", []),
        ("GET", ISSUES, 304, "", []),
    ],
)
def test_answers_of_a_stand_in_are_judged(method, path, status, body, findings):
    """A stand-in's answer must have a status and a body that GitHub describes; 5xx may always come."""
    assert findings == judge_answer(method, path, status, body)


@responses.activate
def test_every_request_of_a_test_is_heard():
    """Mocked traffic to GitHub is judged, with the port that PyGithub writes and without."""
    responses.get("https://api.github.com:443/user", json={})
    requests.get("https://api.github.com:443/user?a=1", timeout=1)
    responses.get("https://api.github.community/user", json={})
    requests.get("https://api.github.community/user?b=1", timeout=1)
    assert [
        "GET https://api.github.com:443/user?a=1: query parameter a=1 is unknown"
    ] == github_openapi.take_findings()


@responses.activate
def test_watched_base_url_is_judged_with_its_answers():
    """Inside `watch` another server counts as GitHub, afterwards not any more."""
    base_url = "https://ghe.acme.example/api/v3"
    responses.get(f"{base_url}/repos/acme/churn/labels", json=[{"name": 1}])
    with github_openapi.watch(base_url, answers=True):
        requests.get(f"{base_url}/repos/acme/churn/labels?x=1", timeout=1)
    requests.get(f"{base_url}/repos/acme/churn/labels?y=1", timeout=1)
    found = github_openapi.take_findings()
    assert found[0].endswith("query parameter x=1 is unknown")
    assert found[-1].endswith('at /0/name: 1 is not of type "string"')
    assert not any("y=1" in finding for finding in found)


@responses.activate
def test_watching_twice_ends_once():
    """GitHub itself is judged still after a test that judged its answers for a while."""
    base_url = "https://api.github.com"
    responses.get(f"{base_url}/user", json=[])
    with github_openapi.watch(base_url, answers=True):
        requests.get(f"{base_url}/user", timeout=1)
    requests.get(f"{base_url}/user?z=1", timeout=1)
    found = github_openapi.take_findings()
    assert [f"GET {base_url}/user?z=1: query parameter z=1 is unknown"] == found[1:]
