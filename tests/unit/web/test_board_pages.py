"""The sprint board."""

import re
from html import unescape
from itertools import pairwise

import pytest

from fakes.board import (
    NOW,
    POLICY,
    PROJECTS,
    SPRINT,
    came,
    caused,
    experiment,
    finished,
    registered,
    trained,
)
from fakes.experiments import run
from fakes.html import words
from trainboard.experiments import Cursor
from trainboard.iterations import iteration
from trainboard.store import cursors, iterations
from trainboard.work_items import TrackerIteration

BOARD = f"/projects/churn/sprints/{SPRINT}"


def test_home_leads_to_the_current_sprint(web):
    """Of the first project."""
    assert web.client.get("/").location == BOARD


def test_home_without_a_project_says_how_to_make_one(open_site):
    """There is nothing to show yet."""
    assert "[[projects]]" in open_site(projects={}).get("/").text


def test_an_unknown_project_is_not_there(web):
    """Neither its board nor the way to it."""
    assert [404, 404] == [
        web.client.get(path).status_code for path in ("/projects/x", "/projects/x/sprints/1")
    ]


def test_a_sprint_beyond_the_calendar_is_not_there(web):
    """Neither far ahead nor far back."""
    paths = ("/projects/churn/sprints/99999999999", "/projects/churn/sprints/-99999999999")

    assert [404, 404] == [web.client.get(path).status_code for path in paths]


def test_the_head_tells_where_the_sprint_stands(web, database):
    """Its name in the tracker, its days, and how many the team has left, today included."""
    with database.write() as connection:
        sprint = iteration(POLICY, SPRINT)
        named = TrackerIteration(ref="1", name="Spring cleaning")
        iterations.add(connection, "churn", "local:churn", sprint, made=named, now=NOW)

    page = words(web.text(BOARD))
    assert "churn · current sprint Spring cleaning 2" in page
    assert "8 working days left of 10" in page


def test_an_empty_sprint_says_what_to_do(web):
    """Which sources plan experiments, and a command that sends a first run, to be copied."""
    page = words(web.text(BOARD))

    assert "No experiment in this sprint yet" in page
    assert '"experiment":{"name":"churn-baseline"}' in unescape(page)
    assert "curl --fail-with-body http://localhost/webhooks/runs" in page
    assert "runs/ci : churn-*" in page


def test_a_project_that_plans_nothing_says_how(web):
    """No source names experiments for it."""
    assert "No source plans experiments here yet" in web.text(f"/projects/ranking/sprints/{SPRINT}")


@pytest.mark.parametrize(
    ("number", "text"), [(13, "This sprint is still to come"), (11, "No experiment was in this sprint")]
)
def test_other_empty_sprints_lead_back(web, number, text):
    """There is nothing to do in them."""
    page = web.text(f"/projects/churn/sprints/{number}")

    assert text in page
    assert f'href="{BOARD}">Current' in page


def test_a_card_shows_its_experiment(web, database):
    """Targets, verdicts, the best value, runs, models, and where it lies."""
    reports = [finished("r1", 0.931), run("r2", "failed"), run("r3", "running")]
    with database.write() as connection:
        experiment(
            connection, reports=reports, targets="val_auc >= 0.9\nf1 >= 0.8", ref="7", sprints=(11, 12)
        )
        registered(connection, "churn-model", "3", "r1", alias="champion")

    html = web.text(BOARD)
    page = words(html)
    assert "val_auc &gt;= 0.9 best 0.931 ✓ met" in page
    assert "f1 &gt;= 0.8 ✗ not met" in page
    assert "1 finished 1 running 1 failed" in page
    assert "churn-model v3 champion" in page
    assert "carried once" in page
    assert 'href="/items/7"' in html
    assert '<svg class="bar reached"' in html
    assert "style=" not in html


def test_a_card_without_targets_says_how_to_write_one(web, database):
    """Until it is closed."""
    with database.write() as connection:
        experiment(connection, "churn-a", [run("r1")])
        experiment(connection, "churn-b", ref="2", state="closed")
        experiment(connection, "churn-c", ref="3", state="gone")

    page = words(web.text(BOARD))
    assert page.count("No target yet.") == 1
    assert "deleted" in page


def test_a_card_of_many_targets_and_models_says_how_many_more(web, database):
    """A card stays a card."""
    targets = "\n".join(f"m{number} >= 1" for number in range(5))
    with database.write() as connection:
        experiment(connection, reports=[run("r1")], targets=targets, sprints=(10, 11, 12))
        for number in range(5):
            registered(connection, "m", str(number), "r1")

    page = words(web.text(BOARD))
    assert "2 more targets" in page
    assert "m v4 m v3 m v2 2 more" in page
    assert "carried 2 times" in page


def test_a_past_sprint_tells_what_moved_on(web, database):
    """The card is shown where it was, too."""
    with database.write() as connection:
        experiment(connection, sprints=(11, 12))

    assert "moved on to sprint 12" in web.text("/projects/churn/sprints/11")


def test_a_card_leads_to_its_tracker(web, database):
    """If its address is one of the web; else it is only named."""
    with database.write() as connection:
        far = {"project": "ranking", "tracker": "github:acme/ranking"}
        experiment(connection, "a", ref="5", url="https://github.com/acme/ranking/issues/5", **far)
        experiment(connection, "b", ref="6", url="javascript:alert(1)", **far)

    page = web.text(f"/projects/ranking/sprints/{SPRINT}")
    assert 'href="https://github.com/acme/ranking/issues/5" rel="noreferrer noopener"' in page
    assert "javascript" not in page
    assert "#6" in page


def test_words_from_outside_are_only_words(web, database):
    """A name cannot become an element."""
    name = "<script>alert(1)</script>"
    with database.write() as connection:
        number = experiment(connection, name, [run("r1", name="<b>x</b>")], "val_auc >= 0.9")

    assert name not in web.text(BOARD)
    assert "<b>x</b>" not in web.text(f"{BOARD}/experiments/{number}")


def test_troubles_stand_on_top(web, database):
    """What cannot be read, what was not understood, and what could not be written."""
    with database.write() as connection:
        cursors.advance(connection, "mlflow/prod", Cursor(), NOW)
        cursors.fail(connection, "mlflow/prod", NOW, "no route")
        came(connection, state="dead", error="broken")
        caused(connection, came(connection), state="dead", error="refused")

    html = web.text(BOARD)
    page = words(html)
    assert "mlflow/prod cannot be reached since 2026-03-04 12:00 UTC ( just now )" in page
    assert "no route" in page
    assert "1 dead delivery :" in page
    assert "1 change could not be written to a tracker and was given up." in page
    assert 'href="/deliveries?state=dead"' in html


def test_several_projects_have_a_switcher(web, open_site):
    """One has none."""
    assert 'href="/projects/ranking"' in web.text(BOARD)
    alone = open_site(projects={"churn": PROJECTS["churn"]})
    assert 'aria-label="Projects"' not in alone.get(BOARD).text


def test_headings_are_in_order(web, database):
    """One of the first level, and none is left out on the way down."""
    with database.write() as connection:
        experiment(connection, reports=[run("r1")])
        trained(connection, "churn-xgb", run("r2"))

    levels = [int(level) for level in re.findall(r"<h([1-6])", web.text(BOARD))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
