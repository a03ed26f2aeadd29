"""A workspace is read without a filter, with tokens that end, and by whoever may."""

import pytest

from fakes.azure_ml import WORKSPACE, Tokens, refuse
from fakes.mlflow import a_run
from trainboard.errors import PermanentError, TransientError
from trainboard.experiments import Cursor
from trainboard.experiments.mlflow import reading

NOW_MS = 1795435200000
MINUTE = 60_000
HOUR = 60 * MINUTE


def told(pages):
    return {report.run.id: report.run.status.value for page in pages for report in page.reports}


def ended(run_id, *, ago, **facts):
    return a_run(run_id, start_time=NOW_MS - ago - MINUTE, end_time=NOW_MS - ago, **facts)


def test_a_quiet_workspace_is_asked_little(server, reader):
    """A reading ends with the first page on which something is too old, not with the last run there is."""
    server.runs = [ended(f"r{number}", ago=2 * HOUR + number * MINUTE) for number in range(1_000)]
    list(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
    assert ["start_time DESC", "end_time DESC"] == [
        question["order_by"][0] for question in server.questions("runs/search")
    ]


def test_no_filter_is_sent(server, reader):
    """Azure refuses those of MLflow that are about times and states."""
    server.runs = [ended("r1", ago=MINUTE)]
    list(reader.list_since(0, Cursor()))
    list(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
    assert {""} == {question["filter"] for question in server.questions("runs/search")}


def test_a_reading_that_breaks_off_is_begun_again(server, reader):
    """The newest runs come first: the cursor stays behind the others until all of them are stored."""
    server.runs = [ended(f"r{number:03}", ago=number * 1_000) for number in range(120)]
    cursor = Cursor(ended_ms=NOW_MS - HOUR)
    pages = list(reader.list_new(cursor))
    assert 120 == len(told(pages))
    assert {cursor.ended_ms} == {page.cursor.ended_ms for page in pages[:-1]}
    assert NOW_MS == pages[-1].cursor.ended_ms


def test_runs_that_end_while_they_are_read_come_once(server, reader):
    """What moves a run to another page neither repeats it nor lets the walk go on for ever."""
    server.runs = [ended(f"r{number:03}", ago=number * 1_000) for number in range(120)]
    pages = reader.list_new(Cursor(ended_ms=NOW_MS - HOUR))
    found = [report.run.id for report in next(pages).reports]
    server.runs.append(ended("new", ago=0))
    found += [report.run.id for page in pages for report in page.reports]
    assert [f"r{number:03}" for number in range(120)] == sorted(found)


@pytest.mark.parametrize("untimed_first", [True, False])
def test_runs_that_have_not_begun(server, reader, untimed_first):
    """One that waits for its machine is told, wherever the service puts it; what is too old is not."""
    server.untimed_first = untimed_first
    server.runs = [
        a_run("waits", status="SCHEDULED"),
        ended("r1", ago=MINUTE),
        ended("old", ago=48 * HOUR),
    ]
    found = told(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
    assert {"r1": "finished", "waits": "queued"} == found


def test_long_runs_are_looked_up_in_turn(server, reader, monkeypatch):
    """A reading asks for some of them, the next one for the others, and none is forgotten."""
    monkeypatch.setattr(reading, "MOST_LOOKED_UP", 2)
    names = [f"r{number}" for number in range(5)]
    server.runs = [a_run(name, status="RUNNING", start_time=NOW_MS - 48 * HOUR) for name in names]
    cursor = Cursor(ended_ms=NOW_MS - MINUTE, running=tuple(names))
    for _ in range(3):
        cursor = list(reader.list_new(cursor))[-1].cursor
    asked = [question["run_id"] for question in server.questions("runs/get")]
    assert ["r0", "r1", "r2", "r3", "r4", "r0"] == asked
    assert names == sorted(cursor.running)


def test_runs_are_those_of_the_events(server, reader):
    """The workspace's resource in small letters is the source, and people are sent to the studio."""
    server.runs = [ended("brave_apple_1", ago=MINUTE, run_name="deep", metrics={"auc": 0.9})]
    [report] = [report for page in reader.list_since(0, Cursor()) for report in page.reports]
    assert WORKSPACE.source == report.source
    assert report.source.startswith("azureml:/subscriptions/00000000-")
    assert report.source == report.source.lower()
    assert WORKSPACE.page_of_run("brave_apple_1") == report.run.url
    assert WORKSPACE.page_of_experiment("1") == report.experiment.url
    assert ("deep", {"auc": 0.9}) == (report.run.name, report.metrics)


def test_the_registry_is_not_asked(server, reader):
    """Nobody can set an alias there, so that whoever has no right to models can read runs all the same."""
    assert {} == reader.read_registry().aliases
    assert [] == server.asked


def test_the_run_of_a_version_is_found(server, reader):
    """Versions are kept as MLflow keeps them."""
    server.versions["fraud", "7"] = {"creation_timestamp": NOW_MS, "run_id": "r1"}
    assert "r1" == reader.find_version("fraud", "7").run_id
    assert None is reader.find_version("fraud", "8")


def test_what_a_step_made_is_of_its_pipeline(server, reader):
    """The step is no run that anybody is shown."""
    tags = {"azureml.nodeid": "n", "azureml.pipelinerunid": "p1", "mlflow.parentRunId": "p1"}
    server.runs = [a_run("s1", tags=tags)]
    server.versions["fraud", "7"] = {"creation_timestamp": NOW_MS, "run_id": "s1"}
    server.versions["fraud", "8"] = {"creation_timestamp": NOW_MS}
    assert ("p1", None) == (
        reader.find_version("fraud", "7").run_id,
        reader.find_version("fraud", "8").run_id,
    )


def test_a_token_that_ended_is_renewed(server, make_reader):
    """A refusal of the old one costs one question more, and nothing is missing."""
    server.runs = [ended("r1", ago=MINUTE)]
    reader = make_reader(token=Tokens("old", server.token))
    assert {"r1": "finished"} == told(reader.list_since(0, Cursor()))


@pytest.mark.parametrize(
    ("missing", "action"),
    [
        ("workspaces/experiments/read", "experiments/read"),
        ("workspaces/experiments/runs/read", "experiments/runs/read"),
    ],
)
def test_a_role_that_is_missing_is_named(server, reader, missing, action):
    """With what Azure says that it did not let us do."""
    server.missing = {missing}
    with pytest.raises(TransientError) as caught:
        list(reader.list_new(Cursor()))
    assert 'the role "Reader" on the workspace, or "AzureML Data Scientist"' in str(caught.value)
    assert action in str(caught.value)


def test_a_tenant_that_is_wrong_is_said(server, make_reader):
    """The token is never in the sentence."""
    with pytest.raises(TransientError, match="tenant_id is the tenant") as caught:
        list(make_reader(token=Tokens("other-tenant")).list_new(Cursor()))
    assert "other-tenant" not in str(caught.value)
    assert "Bearer token not provided." in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refuse(404, "Workspace not found."), "there is no such workspace, compare the address"),
        ((200, {}, "<html>Sign in</html>"), "did not answer with MLflow's JSON"),
        ((200, {}, ""), "did not answer with MLflow's JSON"),
        ((302, {"Location": "https://login.microsoftonline.com"}, ""), "redirects are not followed"),
    ],
)
def test_what_is_no_workspace_is_said(http, reader, answer, words):
    """The sentence names where, and what to look at."""
    http.reset()
    status, headers, body = answer
    http.post(f"{WORKSPACE.url}/api/2.0/mlflow/experiments/search", status=status, headers=headers, body=body)
    with pytest.raises(TransientError, match=words) as caught:
        list(reader.list_new(Cursor()))
    assert f"Azure Machine Learning at {WORKSPACE.url}" in str(caught.value)


@pytest.mark.parametrize("name", ["error", "Error"])
def test_a_question_that_is_not_understood_is_told_in_azures_words(http, reader, name):
    """They stand one level deeper than those of MLflow, now and then with capital letters."""
    http.reset()
    url = f"{WORKSPACE.url}/api/2.0/mlflow/experiments/search"
    http.post(url, status=400, json={name: {"Code": "UserError", "Message": "Unsupported\nfilter"}})
    with pytest.raises(PermanentError, match="answered 400: Unsupported filter"):
        list(reader.list_new(Cursor()))


def test_pages_that_lead_in_a_circle_are_left(http, reader):
    """A service that gives one token for ever is not asked for ever."""
    http.replace(
        "POST",
        f"{WORKSPACE.url}/api/2.0/mlflow/runs/search",
        json={"runs": [ended("r1", ago=MINUTE)], "next_page_token": "again"},
    )
    with pytest.raises(TransientError, match="in a circle"):
        list(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
