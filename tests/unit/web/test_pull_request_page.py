"""The page of a project's pull requests."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.board import NOW, PROJECTS, experiment, finished
from fakes.code import CODE, deployment, pull_request
from fakes.html import words
from fakes.pull_requests import check
from trainboard.facts import RecordCheck, RecordDeployment, RecordLink, RecordPullRequest
from trainboard.item_links import LinkSource
from trainboard.store import item_links, pull_requests
from trainboard.web.pull_request_page import MAX_ROWS

WITH_CODE = {"churn": replace(PROJECTS["churn"], code=CODE), "ranking": PROJECTS["ranking"]}


@pytest.fixture
def page(open_site):
    """Reads the page of a project; answers its words."""
    client = open_site(projects=WITH_CODE)

    def read(address="/pull-requests"):
        answer = client.get(address)
        assert 200 == answer.status_code, answer.text
        return words(answer.text)

    return read


@pytest.fixture
def told(database):
    """Records facts of pull requests."""

    def record(*facts):
        with database.write() as connection:
            for fact in facts:
                pull_requests.record(connection, fact)

    return record


def opened(number, **fields):
    return RecordPullRequest(pull_request=pull_request(number=number, **fields))


def test_a_pull_request_stands_with_all_that_is_said_of_it(page, told, database):
    """Its checks, what its gate waits for, its work item and where it was deployed."""
    head = "a" * 40
    told(
        opened(7, title="Widen <the> trees", head=head, state="open"),
        RecordCheck(check=check(commit=head, code=CODE, at=NOW)),
        RecordDeployment(deployment=deployment(commit=head, environment="staging", at=NOW)),
    )
    with database.write() as connection:
        experiment(connection, reports=[finished("r1", 0.9)], targets="val_auc >= 0.92")
        link = RecordLink(
            code=CODE,
            number=7,
            tracker="local:churn",
            ref="1",
            linked=True,
            at=NOW,
            source=LinkSource.PERSON,
            by="ana",
        )
        item_links.record(connection, link)
    said = page()
    assert "#7 Widen &lt;the&gt; trees open" in said
    assert "✓ 1 check: 1 passed Waiting for a run on aaaaaaa of churn-xgb" in said
    assert "#1 on the local board churn-xgb staging running" in said


def test_open_ones_stand_first_and_no_more_than_fifty(page, told):
    """The latest of each."""
    told(
        *(opened(n, state="merged", at=NOW + timedelta(minutes=n)) for n in range(1, MAX_ROWS + 5)),
        opened(100, state="open", at=NOW + timedelta(hours=9)),
    )
    said = page()
    assert said.index("#100 ") < said.index(f"#{MAX_ROWS + 4} ")
    assert "#5 " not in said
    assert "These changed last." in said


def test_of_none_it_says_what_is_missing(page):
    """The name of the repository, or the first one that is told of."""
    assert "shows up here by itself" in page()
    assert "Name the repository of the project's code" in page("/pull-requests?project=ranking")


def test_an_unknown_project_is_not_found(open_site):
    """And no error of ours."""
    assert 404 == open_site().get("/pull-requests?project=x").status_code
    assert 404 == open_site(projects={}).get("/pull-requests").status_code
