"""What the API refuses, and what every answer of it has."""

import pytest

from fakes.known_things import MONITORED, WITH_CODE, fill
from trainboard.web import api
from trainboard.web.api import find_scope
from trainboard.web.api.operations import SCOPES

PLAIN = [each for each in api.load() if "{" not in each.path]


@pytest.fixture
def client(open_site, database):
    """A client of a site that knows something of each kind."""
    with database.write() as connection:
        fill(connection)
    return open_site(projects=WITH_CODE, doors=MONITORED)


def refusal(answer):
    """The problem that the answer tells of."""
    assert "application/problem+json" == answer.content_type
    problem = answer.get_json()
    assert {"type", "title", "status", "detail", "instance"} == set(problem)
    assert answer.status_code == problem["status"]
    assert problem["instance"].startswith("urn:uuid:")
    return problem["status"], problem["detail"]


@pytest.mark.parametrize("operation", PLAIN, ids=lambda each: each.name)
def test_a_parameter_that_is_not_known_is_refused_by_its_name(client, operation):
    """Also where there is none at all; a typing error must not look like an answer to the question."""
    status, detail = refusal(client.get(f"{operation.path}?projct=churn&x=1"))
    assert 400 == status
    assert detail.startswith("This address has no parameter projct, x. It takes")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "The parameter limit is not understood: Expected `int` >= 1."),
        ("limit=101", "The parameter limit is not understood: Expected `int` <= 100."),
        ("limit=ten", "The parameter limit is not understood: Expected `int`, got `str`."),
        ("limit=1e1", "The parameter limit is not understood: Expected `int`, got `str`."),
        (f"limit={'9' * 5000}", "The parameter limit is not understood: Expected `int`, got `str`."),
        ("limit=1&limit=2", "The parameter limit may be there only once."),
        ("state=lost", "The parameter state is not understood: Invalid enum value 'lost'."),
        ("ticks=yes", "The parameter ticks is not understood: Expected `bool`, got `str`."),
        ("source=%00", "The parameter source is not understood: it has characters that cannot be in it."),
        ("cursor=!", "The parameter cursor is not understood: it has characters that cannot be in it."),
        ("cursor=abc", "The parameter cursor is none that this address gave."),
        ("cursor=WyJ4IiwtMV0", "The parameter cursor is none that this address gave."),
    ],
)
def test_a_parameter_that_is_not_understood_is_refused(client, query, said):
    """With what is wrong of it."""
    assert (400, said) == refusal(client.get(f"/api/v1/deliveries?{query}"))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/deliveries/x",
        "/api/v1/deliveries/0",
        f"/api/v1/deliveries/{2**63}",
        "/api/v1/deliveries/99",
        "/api/v1/alerts/alert:none",
        "/api/v1/alerts/%3Cscript%3E",
        "/api/v1/experiments/99",
        "/api/v1/experiments/99/runs",
        "/api/v1/pull-requests/churn/99",
        "/api/v1/pull-requests/ranking/1",
        "/api/v1/pull-requests/nobody/1",
        "/api/v1/reports/churn/99",
        "/api/v1/reports?project=nobody",
        "/api/v1/alerts?project=nobody",
    ],
)
def test_what_is_not_known_is_not_found(client, path):
    """Also what can be no name or number at all."""
    assert 404 == refusal(client.get(path))[0]


def test_nothing_can_be_written(client):
    """The answer says what can be done instead."""
    answer = client.post("/api/v1/board", json={})
    assert 405 == refusal(answer)[0]
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_a_body_that_is_too_large_is_refused(client):
    """A smaller one is read past."""
    assert 413 == refusal(client.get("/api/v1/board", data=b"x" * 16_385))[0]
    assert 200 == client.get("/api/v1/board", data=b"x" * 16_384).status_code


def test_who_accepts_nothing_that_there_is_gets_nothing(client):
    """The answer says what there is."""
    status, detail = refusal(client.get("/api/v1/board", headers={"Accept": "text/html"}))
    assert (406, "This address answers with application/json only.") == (status, detail)
    for accepted in ("*/*", "application/*", "application/json;q=0.1, text/html"):
        assert 200 == client.get("/api/v1/board", headers={"Accept": accepted}).status_code


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(client, monkeypatch):
    """The log has the rest, by the same name."""

    def fail(*_):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("trainboard.store.inbox.count_states", fail)
    status, detail = refusal(client.get("/api/v1/board"))
    assert (500, "Trainboard could not make this answer. Its log says why.") == (status, detail)


@pytest.mark.parametrize("operation", PLAIN, ids=lambda each: each.name)
def test_an_answer_that_did_not_change_is_not_sent_twice(client, operation):
    """Whoever has it asks whether it still holds."""
    first = client.get(operation.path)
    assert "private, no-cache" == first.headers["Cache-Control"]
    again = client.get(operation.path, headers={"If-None-Match": first.headers["ETag"]})
    assert (304, b"") == (again.status_code, again.data)
    other = client.get(operation.path, headers={"If-None-Match": '"other"'})
    assert (200, first.data) == (other.status_code, other.data)


@pytest.mark.parametrize("access", ["local", "off"])
@pytest.mark.parametrize(
    ("method", "path"),
    [*((each.method, each.path) for each in api.load()), ("GET", "/openapi.json"), ("GET", "/api")],
)
def test_only_who_may_see_the_pages_may_ask(open_site, access, method, path):
    """One guard stands before all of it."""
    asked = path.replace("{project}", "churn").replace("{sprint}", "12").replace("{key}", "alert:a")
    path = asked.replace("{number}", "1")
    answer = open_site(access).open(path, method=method, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert {"local": 403, "off": 404}[access] == answer.status_code


def test_every_operation_has_a_scope_that_a_guard_can_find():
    """By the endpoint of the request, which it has before the operation runs."""
    for operation in api.load():
        assert operation.scope in SCOPES
        assert operation.scope == find_scope(f"pages.{operation.endpoint}")
    assert find_scope("pages.board") is None
    assert find_scope(None) is None


@pytest.mark.parametrize(
    ("form", "content_type", "begin"),
    [
        ("json", "application/json", '{"project":"churn"'),
        ("markdown", "text/markdown; charset=utf-8", "#"),
        ("html", "text/html; charset=utf-8", "<!doctype html>"),
        ("csv", "text/csv; charset=utf-8", "item,"),
    ],
)
def test_a_report_comes_in_the_format_that_is_asked_for(client, form, content_type, begin):
    """What is no JSON is saved as a file, and shown by no browser."""
    answer = client.get(f"/api/v1/reports/churn/12?format={form}")
    assert content_type == answer.content_type
    assert answer.text.startswith(begin)
    saved = answer.headers.get("Content-Disposition", "")
    assert saved.startswith("attachment; filename=sprint-12.") == (form != "json")


def test_without_a_project_nothing_is_there(open_site):
    """The answer says why."""
    answer = open_site(projects={}).get("/api/v1/board")
    assert (404, "No project is configured.") == refusal(answer)
