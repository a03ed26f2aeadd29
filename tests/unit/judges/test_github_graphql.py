"""The judge of GraphQL lets through what GitHub's schema holds, and nothing else."""

import json

import pytest

from judges.github_graphql import judge
from judges.github_openapi import judge_request

ADD = "mutation($i: AddProjectV2ItemByIdInput!) { addProjectV2ItemById(input: $i) { item { id } } }"


def judged(query, **variables):
    return judge(json.dumps({"query": query, "variables": variables}))


def test_what_is_right_passes():
    """With variables of the right kinds."""
    assert [] == judged(
        'query($n: Int!) { organization(login: "a") { projectV2(number: $n) { id title } } }',
        n=1,
    )
    assert [] == judged(ADD, i={"projectId": "p", "contentId": "c"})


@pytest.mark.parametrize(
    ("query", "variables", "finding"),
    [
        ("{ viewer { logn } }", {}, "Cannot query field 'logn'"),
        ("{ viewer { login }", {}, "Syntax Error"),
        (ADD, {}, "to be provided"),
        (ADD, {"i": {"projectId": "p"}}, "'contentId'"),
        (ADD, {"i": {"projectId": "p", "contentId": "c", "note": 1}}, "'note'"),
        (ADD, {"i": {"projectId": "p", "contentId": "c"}, "j": 1}, "variable j is not declared"),
    ],
)
def test_what_is_wrong_is_found(query, variables, finding):
    """Fields, syntax, variables and what is in them."""
    assert finding in " ".join(judged(query, **variables))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"query": 7}', "no json"])
def test_a_body_without_a_query_is_found(body):
    """Whatever else it is."""
    assert judge(body)


def test_the_judge_of_rest_hands_documents_over():
    """So that each test is judged that sends one."""
    sent = json.dumps({"query": "{ viewer { logn } }"})
    headers = {"User-Agent": "trainboard", "Content-Type": "application/json"}
    assert judge_request("POST", "/graphql", headers, sent)
