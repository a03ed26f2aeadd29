"""What W&B's runs become, and what its API may answer."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
import responses

from fakes.wandb import FakeWandb, a_run
from trainboard.errors import PermanentError, TransientError
from trainboard.experiments.wandb.answers import Run
from trainboard.experiments.wandb.client import WandbClient
from trainboard.experiments.wandb.mapping import parse_run
from trainboard.runs import Group, Links

COMMIT = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


def read(**facts):
    """The report of a run, as it travels."""
    run = msgspec.convert(a_run(**facts), Run)
    report = parse_run("https://wandb.ai", "acme", "churn xgb", run)
    return report and msgspec.convert(msgspec.to_builtins(report), type(report))


def test_a_run_is_a_report():
    """Source, names, times and page are those of W&B; its own notes are left out."""
    report = read(
        config={"lr": 0.1, "model": {"depth": 6}, "layers": [64, 32]}, summary={"auc": 0.9, "val": {"f1": 1}}
    )
    assert ("wandb:acme/churn xgb", "churn xgb", "r1", "finished", "ana") == (
        report.source,
        report.experiment.name,
        report.run.id,
        report.run.status.value,
        report.run.user,
    )
    assert "https://wandb.ai/acme/churn%20xgb/runs/r1" == report.run.url
    assert datetime(2026, 11, 23, 9, tzinfo=UTC) == report.run.ended_at
    assert {"auc": 0.9, "val.f1": 1.0} == report.metrics
    assert {"lr": 0.1, "model.depth": 6.0, "layers": "[64, 32]"} == report.params


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("pending", "queued"),
        ("running", "running"),
        ("finished", "finished"),
        ("failed", "failed"),
        ("crashed", "failed"),
        ("killed", "killed"),
        ("preempting", "running"),
    ],
)
def test_states(state, status):
    """Who crashed has failed; what goes on has no end."""
    run = read(state=state).run
    assert (status, status in {"failed", "finished", "killed"}) == (
        run.status.value,
        run.ended_at is not msgspec.UNSET,
    )


@pytest.mark.parametrize("facts", [{"state": "of tomorrow"}, {"name": ""}, {"name": "x" * 257}])
def test_what_is_not_known_is_passed_over(facts):
    """A word that W&B invents is no state of a run."""
    assert read(**facts) is None


def test_sweeps_and_groups_are_one_row():
    """A sweep before a group."""
    assert Group(id="s1", kind="sweep") == read(sweepName="s1", group="g").run.group
    assert Group(id="g", kind="group", name="g") == read(group="g").run.group


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Links(commit=COMMIT, dirty=True)),
        ({"plan_dirty": False}, Links(commit=COMMIT, dirty=False)),
        ({"plan_dirty": "false"}, Links(commit=COMMIT, dirty=True)),
        (
            {"plan_issue": "acme/churn#42", "plan_repo": "acme/churn", "plan_pr": 7},
            Links(commit=COMMIT, dirty=True, issue="acme/churn#42", repo="acme/churn", pr=7),
        ),
        ({"plan_issue": 42, "plan_pr": "x"}, Links(commit=COMMIT, dirty=True)),
    ],
)
def test_links(config, expected):
    """The tree counts as changed unless the configuration says that it was not."""
    assert expected == read(commit=COMMIT, config=config).links


@pytest.mark.parametrize("text", [None, "", "{", "[]", "7", "[" * 100_000, '{"a": ' * 100_000])
def test_broken_texts_hold_nothing(text):
    """The run is told all the same."""
    run = msgspec.structs.replace(msgspec.convert(a_run(), Run), config=text, summary_metrics=text)
    report = parse_run("https://wandb.ai", "acme", "churn", run)
    assert (msgspec.UNSET, msgspec.UNSET) == (report.metrics, report.params)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NaN", None),
        ("-Infinity", None),
        (float("nan"), None),
        (10**400, None),
        (1e308, 1e308),
        ("high", ...),
        (True, ...),
    ],
)
def test_metrics_are_numbers(value, expected):
    """Or null, where a number is not finite."""
    metrics = read(summary={"auc": 0.5, "x": value}).metrics
    assert expected == metrics.get("x", ...)


def test_what_nobody_can_write_is_replaced():
    """Half a surrogate pair in a text within a text keeps no run out."""
    run = msgspec.structs.replace(
        msgspec.convert(a_run(), Run),
        config=json.dumps({"\ud800": {"value": "\ud800"}}),
        summary_metrics=json.dumps({"\udc00": 1}),
    )
    report = parse_run("https://wandb.ai", "acme", "churn", run)
    assert ({"?": 1.0}, {"?": "?"}) == (report.metrics, report.params)
    assert msgspec.json.encode(report)


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def server(http):
    server = FakeWandb(projects={f"churn-{number}": [] for number in range(5)}, projects_per_page=2)
    server.listen(http)
    return server


def test_projects_are_listed_page_by_page(server, http):
    """With the key as the password of the user `api`."""
    client = WandbClient(server.url, "acme", "hush")
    assert [f"churn-{number}" for number in range(5)] == list(client.list_projects())
    assert [None, "2", "4"] == [each["cursor"] for each in server.questions("GetProjects")]
    assert "Basic YXBpOmh1c2g=" == http.calls[0].request.headers["Authorization"]


def test_an_entity_that_is_not_there_is_told(server):
    """It may be a typing error, or a key that may not see it."""
    with pytest.raises(TransientError, match="knows no entity 'evil': check entity and api_key"):
        list(WandbClient(server.url, "evil", "hush").list_projects())


def test_a_project_that_is_gone_has_no_runs(server):
    """It may have been deleted since it was listed."""
    client = WandbClient(server.url, "acme", "hush")
    assert ([], None) == (list(client.list_runs("gone", {}, "+created_at", 9)), client.find_run("gone", "r1"))


def test_a_refused_question_is_told_in_one_line(http):
    """In W&B's words, cut."""
    http.post(
        "https://api.wandb.test/graphql",
        json={"errors": [{"message": "no\nsuch field " + "x" * 999}], "data": None},
    )
    with pytest.raises(PermanentError) as caught:
        list(WandbClient("https://api.wandb.test", "acme", "hush").list_projects())
    assert "refuses the question: no such field xx" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_pages_in_a_circle_end(http):
    """A server that repeats itself is not asked for ever."""
    page = {"edges": [], "pageInfo": {"endCursor": "1", "hasNextPage": True}}
    http.post("https://api.wandb.test/graphql", json={"data": {"models": page, "project": {"runs": page}}})
    client = WandbClient("https://api.wandb.test", "acme", "hush")
    for asked in (client.list_projects(), client.list_runs("churn", {}, "+created_at", 9)):
        with pytest.raises(TransientError, match="circle"):
            list(asked)
