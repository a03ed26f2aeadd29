"""Documents of GraphQL: what is let through, where it is sent, and what errors mean."""

import pytest

from fakes.github.projects import Card, add_project, answer, node_id
from trainboard.boards.github_projects.documents import ALL
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError, PermanentError, TransientError
from trainboard.github.client import Client
from trainboard.github.credentials import Place, TokenCredential, open_graphql_client
from trainboard.github.graphql import Complaint, GraphQL, GuardError, RefusedError, address, check, explain

WIPE = """
mutation($field: ID!, $iterations: [ProjectV2Iteration!]!) {
  updateProjectV2Field(input: {
    fieldId: $field, iterationConfiguration: {startDate: "2026-11-09", duration: 14, iterations: $iterations}
  }) { projectV2Field { ... on ProjectV2IterationField { id } } }
}
"""


@pytest.fixture
def graphql(fake, clock):
    place = Place(api_url=fake.api_url, repository="acme/churn", clock=clock)
    client = open_graphql_client(TokenCredential(fake.token, MemoryBudgets(clock)), place)
    yield GraphQL(client)
    client.close()


def test_what_would_clear_all_iterations_is_not_sent(fake, graphql):
    """The stand-in shows what it would do: new ids, and no item has an iteration any more."""
    project = add_project(fake)
    issue = fake.person_opens(fake.churn, "one")
    project.cards.append(Card("PVTI_1", node_id(issue)))
    project.move(issue, "Iteration", "Sprint 1")
    field = project.fields[1]
    iterations = [{"title": "Sprint 1", "startDate": "2026-11-09", "duration": 14}]
    variables = {"field": field.id, "iterations": iterations}

    with pytest.raises(GuardError, match="clear the iteration of every item"):
        graphql.ask("add an iteration", WIPE, variables, dict)
    assert [] == fake.requests
    assert ("Sprint 1", None) == project.shown(issue)

    asked = type("Asked", (), {"json": {"query": WIPE, "variables": variables}, "actor": fake.bot})
    assert "errors" not in answer(fake, asked)[1]
    assert (None, None) == project.shown(issue)


@pytest.mark.parametrize(
    "document",
    [
        WIPE,
        "mutation { createProjectV2Field(input: {projectId: 1}) { clientMutationId } }",
        "mutation { deleteProjectV2Field(input: {fieldId: 1}) { clientMutationId } }",
        "mutation { a: updateProjectV2 (input: {projectId: 1}) { clientMutationId } }",
        "mutation { deleteProjectV2Item(input: {}) { clientMutationId } }",
        "# query\nmutation { updateProjectV2Field\n(input: $x) { clientMutationId } }",
        "fragment F on X { a } mutation { deleteIssue(input: $x) { ...F } }",
        'mutation { addProjectV2ItemById(input: $x) { item { id } } deleteRef(input: {a: "(b"}) { id } }',
        "query { a(iterationConfiguration: {}) }",
    ],
)
def test_the_guard_refuses(document):
    """Whatever changes what a project is, however it is written; and every mutation that is not named."""
    with pytest.raises(GuardError):
        check(document, {})


@pytest.mark.parametrize("key", ["iterationConfiguration", "singleSelectOptions"])
def test_the_guard_looks_into_variables(key):
    """Also deep below."""
    with pytest.raises(GuardError):
        check(ALL[-1], {"first": {"value": [{key: {}}]}})


@pytest.mark.parametrize("document", ALL)
def test_the_guard_lets_ours_through(document):
    """And words of people that look like more."""
    check(document, {"first": {"value": {"text": "iterationConfiguration updateProjectV2Field(input:"}}})


@pytest.mark.parametrize(
    ("api_url", "expected"),
    [
        ("https://api.github.com", "/graphql"),
        ("https://github.example.com/api/v3", "https://github.example.com/api/graphql"),
        ("https://github.example.com/api/v3/", "https://github.example.com/api/graphql"),
    ],
)
def test_where_graphql_is(api_url, expected):
    """On an Enterprise server it is beside the REST API and not below it."""
    assert expected == address(api_url)


def test_an_enterprise_server_is_asked_at_its_own_address(clock):
    """The client sends there."""
    import responses

    with responses.RequestsMock() as mock:
        mock.post("https://github.example.com:443/api/graphql", json={"data": {"viewer": {"login": "a"}}})
        place = Place(api_url="https://github.example.com/api/v3", repository="a/b", clock=clock)
        client: Client = open_graphql_client(TokenCredential("t", MemoryBudgets(clock)), place)
        reply = GraphQL(client).ask("see who we are", "{ viewer { login } }", {}, dict)
        client.close()
    assert {"viewer": {"login": "a"}} == reply.data


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["NOT_FOUND"], MissingError),
        (["NOT_FOUND", "FORBIDDEN"], RefusedError),
        (["FORBIDDEN"], RefusedError),
        ([], RefusedError),
    ],
)
def test_errors_are_sorted(kinds, expected):
    """Not there is sure only if nothing else is said."""
    error = explain("see", [Complaint(type=kind, message=f"{kind}\x1b[2J") for kind in kinds])
    assert expected is type(error)
    assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}, PermanentError),
        ({"errors": [{"message": "Parse error"}]}, PermanentError),
        ({"data": {"viewer": 7}}, TransientError),
        ({}, TransientError),
        ([], TransientError),
        ("<html>", TransientError),
    ],
)
def test_answers_without_data(fake, graphql, body, expected):
    """A refusal is one although it comes with 200; what is no answer of GraphQL is none."""
    fake.next_fault(200, body=body)
    with pytest.raises(expected):
        graphql.ask("see who we are", "{ viewer { login } }", {}, dict[str, dict[str, str]])
