"""A work item of the local board, to read."""

import pytest

from fakes.board import NOW, POLICY, experiment
from fakes.html import words
from trainboard.iterations import iteration
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import NewIteration, NewWorkItem


@pytest.fixture
def board(database):
    """The local board of the project."""
    return LocalTracker(database, "churn", lambda: NOW)


def test_an_item_shows_all_of_it(web, board, database):
    """Title, state, labels, people, sprint, text, comments, and the way to its runs."""
    sprint = iteration(POLICY, 12)
    made = board.create_iteration(NewIteration(name="Sprint 12", start=sprint.start, end=sprint.end))
    body = "**Plan**\n\n<!-- trainboard:begin v1 -->\nruns"
    item = board.create_item(
        NewWorkItem(
            title="A & B", body=body, labels=("tb:experiment",), assignees=("mira",), iteration=made.ref
        )
    )
    board.create_comment(item.ref, "Looks *good*.")
    with database.write() as connection:
        number = experiment(connection, ref=item.ref)

    html = web.text(item.url)
    page = words(html)
    assert "A &amp; B open tb:experiment Sprint 12 assigned to mira opened just now by trainboard" in page
    assert "<strong>Plan</strong>" in html
    assert "trainboard:begin" not in html
    assert "1 comment trainboard just now Looks good ." in page
    assert f'href="/projects/churn/sprints/12/experiments/{number}"' in html
    assert '<a href="/sprints/churn/12">Sprint 12</a>' in html


def test_an_item_that_is_no_experiment_leads_to_the_board(web, board):
    """It may have no text and no sprint either."""
    item = board.create_item(NewWorkItem(title="x", body=" "))

    html = web.text(item.url)
    assert "No description." in html
    assert 'href="/projects/churn"' in html


@pytest.mark.parametrize("ref", ["1", "99999999999999999999999"])
def test_an_item_that_is_not_there(web, ref):
    """However large its number."""
    assert web.client.get(f"/items/{ref}").status_code == 404


def test_an_item_of_a_project_that_is_not_configured_is_not_there(web, database):
    """Its board is left over from another configuration."""
    item = LocalTracker(database, "old", lambda: NOW).create_item(NewWorkItem(title="x", body=""))

    assert web.client.get(item.url).status_code == 404
