"""Deployments, as a page and as JSON."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.board import NOW, PROJECTS
from fakes.code import CODE, approval, deployment, pull_request
from fakes.experiments import run
from fakes.html import words
from trainboard.facts import (
    RecordAlias,
    RecordApproval,
    RecordDeployment,
    RecordModel,
    RecordPullRequest,
    RecordRun,
)
from trainboard.pull_requests import Approval, Deployment, DeploymentState
from trainboard.runs import Links
from trainboard.serving import AliasMove
from trainboard.store import pull_requests, runs, servings
from trainboard.web.deployment_pages import MAX_ROWS

GOOD, BAD = "a" * 40, "b" * 40
SUCCEEDED = DeploymentState.SUCCEEDED
WITH_CODE = {"churn": replace(PROJECTS["churn"], code=CODE), "ranking": PROJECTS["ranking"]}


def ago(hours):
    """So many hours before now."""
    return NOW - timedelta(hours=hours)


def came(commit, hours, state=SUCCEEDED, environment="production", **fields):
    """A deployment of the commit so many hours ago."""
    values = {"ref": f"{environment}/{hours}", "environment": environment} | fields
    return deployment(commit=commit, at=ago(hours), state=state, **values)


@pytest.fixture
def told(database):
    """Records what senders said of the code."""

    def record(*said):
        with database.write() as connection:
            for each in said:
                match each:
                    case Deployment():
                        pull_requests.record(connection, RecordDeployment(deployment=each))
                    case Approval():
                        pull_requests.record(connection, RecordApproval(approval=each))
                    case _:
                        pull_requests.record(connection, RecordPullRequest(pull_request=each))

    return record


@pytest.fixture
def packaged(database):
    """Registers a version of a model that a run of the commit made, two days ago."""

    def record(model, version, commit, alias=None):
        report = replace(run(f"{model}-{version}"), links=Links(commit=commit))
        with database.write() as connection:
            runs.record(connection, RecordRun(project="churn", number=1, planned=True, at=NOW, report=report))
            made = RecordModel(
                project="churn", model=model, version=version, at=ago(48), run_id=report.run.id
            )
            runs.record_model(connection, made)
            if alias:
                move = AliasMove(model=model, alias=alias, version=version, at=ago(25))
                servings.record(connection, RecordAlias(project="churn", move=move))

    return record


@pytest.fixture
def client(open_site):
    """A client of a site whose first project has a repository."""
    return open_site(projects=WITH_CODE)


@pytest.fixture
def story(told, packaged):
    """Package, staging, approval, production; then another commit that is rolled back."""
    told(
        pull_request(number=6, state="merged", merged_as=GOOD, head="c" * 40, at=ago(30), title="Add trees"),
        came(GOOD, 28, environment="staging"),
        approval(state="approved", environment="production", commit=GOOD, by="ada", at=ago(27)),
        came(GOOD, 26, url="https://github.com/acme/churn/actions/runs/1"),
        came(BAD, 6),
        came(GOOD, 4),
        came("c" * 40, 1, DeploymentState.WAITING),
        approval(ref="2", environment="canary", commit=BAD, approvers=("ada", "bob"), at=ago(2)),
    )
    packaged("churn-xgb", "3", GOOD, alias="champion")


def test_the_page_tells_the_story(client, story):
    """Figures, environments with those of production first, what stands there, and the way of each model."""
    html = client.get("/deployments").text
    page = words(html)

    assert (
        "Deployments a week 0.9 Merge to production 4.0 h Changes that failed 33 % Time to restore 2.0 h"
        in page
    )
    assert "production aaaaaaa stands here since 4 h ago" in page
    assert "1 h ago ccccccc waiting" in page
    assert "4 h ago aaaaaaa succeeded rollback #6 Add trees churn-xgb v3 champion" in page
    assert "6 h ago bbbbbbb rolled back" in page
    assert "aaaaaaa replaced #6 Add trees churn-xgb v3 approved by ada" in page
    assert "canary Nothing is known to stand here. bbbbbbb pending waits for ada, bob 2 h ago" in page
    assert "churn-xgb model" in page
    assert "alias champion production v3 1 day ago" in page
    assert "v3 alias champion succeeded" in page
    assert "v3 deployment staging succeeded" in page
    assert "v3 approval production approved by ada" in page
    assert "2 days ago v3 registered aaaaaaa champion" in page
    assert 'href="https://github.com/acme/churn/actions/runs/1" rel="noreferrer noopener"' in html
    assert '<a href="/deployments" aria-current="true">' in html
    assert "style=" not in html


def test_the_json_holds_the_facts_of_the_page(client, story):
    """Times in UTC, lengths in seconds."""
    told = client.get("/api/v1/deployments?project=churn").get_json()

    assert (told["project"], told["code"]) == ("churn", CODE)
    assert told["figures"] == {
        "days": 30,
        "deployments_per_week": 0.9333333333333333,
        "lead_time_seconds": 14400.0,
        "change_failure_rate": 0.3333333333333333,
        "time_to_restore_seconds": 7200.0,
    }
    production, canary, staging = told["environments"]
    assert {**production, "deployments": len(production["deployments"])} == {
        "name": "production",
        "production": True,
        "commit": GOOD,
        "since": "2026-03-04T08:00:00Z",
        "deployments": 4,
        "approvals": [],
    }
    assert production["deployments"][-1] == {
        "ref": "production/26",
        "environment": "production",
        "commit": GOOD,
        "state": "replaced",
        "rollback": False,
        "at": "2026-03-03T10:00:00Z",
        "url": "https://github.com/acme/churn/actions/runs/1",
        "pull_requests": [{"number": 6, "title": "Add trees", "url": "https://github.com/acme/churn/pull/7"}],
        "models": [{"name": "churn-xgb", "version": "3"}],
        "approvals": [
            {
                "environment": "production",
                "commit": GOOD,
                "state": "approved",
                "at": "2026-03-03T09:00:00Z",
                "by": "ada",
                "approvers": [],
            }
        ],
    }
    assert (canary["commit"], canary["since"], len(canary["approvals"])) == (None, None, 1)
    assert staging["commit"] == GOOD
    [model] = told["models"]
    assert model["name"] == "churn-xgb"
    assert model["places"] == [
        {
            "kind": "alias",
            "name": "champion",
            "service": None,
            "production": True,
            "version": "3",
            "since": "2026-03-03T11:00:00Z",
        }
    ]
    told = [(each["kind"], each.get("environment"), each.get("state")) for each in model["moments"]]
    assert told == [
        ("deployment", "production", "succeeded"),
        ("alias", "champion", "succeeded"),
        ("deployment", "production", "replaced"),
        ("approval", "production", "approved"),
        ("deployment", "staging", "succeeded"),
        ("version", None, None),
    ]


def test_what_is_not_known_is_null(open_site):
    """Of a project without a repository nothing is."""
    told = open_site(projects=PROJECTS).get("/api/v1/deployments").get_json()

    assert told == {
        "project": "churn",
        "code": None,
        "figures": {
            "days": 30,
            "deployments_per_week": None,
            "lead_time_seconds": None,
            "change_failure_rate": None,
            "time_to_restore_seconds": None,
        },
        "environments": [],
        "models": [],
    }


def test_an_empty_page_says_what_to_do(client):
    """Where deployments come from, or that there is nowhere to hear from."""
    assert "Nothing was deployed yet Each deployment of github:acme/churn" in words(
        client.get("/deployments").text
    )
    without = words(client.get("/deployments?project=ranking").text)
    assert "No repository to hear from" in without
    assert "github:acme/ranking" in without


@pytest.mark.parametrize("path", ["/deployments", "/api/v1/deployments"])
def test_a_project_that_is_not_configured_is_not_there(client, open_site, path):
    """Nor is there a first one of none."""
    assert client.get(f"{path}?project=x").status_code == 404
    assert open_site(projects={}).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/deployments", "/api/v1/deployments"])
def test_only_who_may_see_the_board_sees_this(open_site, path):
    """One guard for all pages."""
    assert open_site(access="off").get(path).status_code == 404


def test_words_from_outside_are_only_words(client, told, packaged):
    """Names and titles cannot become elements, and no address becomes a script."""
    evil = "<script>alert(1)</script>"
    told(
        came(GOOD, 2, environment=evil, url="javascript:alert(1)"),
        came(None, 1, environment=evil),
        pull_request(state="merged", merged_as=GOOD, title=evil, url="javascript:alert(2)"),
        approval(environment=evil, commit=GOOD, approvers=(evil,) * 7),
    )
    packaged(evil, evil, GOOD, alias=evil.replace(" ", ""))

    html = client.get("/deployments").text
    assert "<script" not in html
    assert "javascript:" not in html
    assert "unknown commit" in html
    assert "and 2 more" in html


def test_long_histories_are_cut(client, told, packaged):
    """And the page says so."""
    told(*(came(GOOD, hours) for hours in range(MAX_ROWS + 2)))
    packaged("churn-xgb", "3", GOOD)

    page = words(client.get("/deployments").text)
    assert "2 earlier deployments not shown." in page
    assert "3 earlier lines not shown." in page
    [environment] = client.get("/api/v1/deployments").get_json()["environments"]
    assert len(environment["deployments"]) == MAX_ROWS


def test_projects_have_a_switcher_that_stays_here(client, open_site):
    """One project has none."""
    assert 'href="/deployments?project=ranking"' in client.get("/deployments").text
    alone = open_site(projects={"churn": WITH_CODE["churn"]})
    assert 'aria-label="Projects"' not in alone.get("/deployments").text


def test_a_project_may_have_no_production(open_site, told):
    """Then there are no figures."""
    told(came(GOOD, 1, environment="prod"))
    assert "prod production aaaaaaa" in words(open_site(projects=WITH_CODE).get("/deployments").text)

    project = replace(WITH_CODE["churn"], production=())
    page = words(open_site(projects={"churn": project}).get("/deployments").text)

    assert "Deployments a week n/a Merge to production n/a Changes that failed n/a" in page
    assert "Nothing is named as production." in page


def test_headings_are_in_order(client, story):
    """One of the first level, and none is left out on the way down."""
    levels = [int(level) for level in re.findall(r"<h(\d)", client.get("/deployments").text)]

    assert levels[0] == 1
    assert set(levels[1:]) == {2}
