"""The board as JSON."""

from fakes.board import NOW, came, experiment, finished, registered
from fakes.experiments import run
from trainboard.experiments import Cursor
from trainboard.store import cursors


def test_the_board_holds_the_facts_of_the_page(web, database):
    """Sprint, items, deliveries, effects, readers."""
    with database.write() as connection:
        reports = [finished("r1", 0.93), run("r2", "running")]
        experiment(connection, reports=reports, targets="val_auc >= 0.9", ref="7")
        registered(connection, "churn-model", "3", "r1", alias="champion")
        cursors.advance(connection, "mlflow/prod", Cursor(), NOW)
        came(connection)

    assert web.json("/api/v1/board?project=churn") == {
        "project": "churn",
        "sprint": {"number": 12, "name": "Sprint 12", "start": "2026-03-02", "end": "2026-03-15"},
        "items": [
            {
                "number": 1,
                "experiment": "churn-xgb",
                "ref": "7",
                "url": "/items/7",
                "state": "open",
                "column": "met",
                "carries": 0,
                "targets": [{"text": "val_auc >= 0.9", "verdict": "met", "best": 0.93}],
                "runs": {"finished": 1, "running": 1, "failed": 0, "killed": 0, "queued": 0, "total": 2},
                "models": [{"name": "churn-model", "version": "3", "aliases": ["champion"]}],
                "updated_at": "2026-03-04T12:00:00Z",
            }
        ],
        "deliveries": {"waiting": 1, "done": 0, "dead": 0},
        "effects": {"pending": 0, "applied": 0, "dead": 0},
        "readers": [
            {
                "door": "mlflow/prod",
                "read_at": "2026-03-04T12:00:00Z",
                "unreachable_since": None,
                "error": None,
            }
        ],
    }


def test_without_a_name_it_is_the_first_project(web):
    """As on the page."""
    assert web.json("/api/v1/board")["project"] == "churn"


def test_a_project_that_is_not_configured_is_a_problem(web, open_site):
    """Nor is there a first one of none."""
    assert web.client.get("/api/v1/board?project=x").status_code == 404
    assert open_site(projects={}).get("/api/v1/board").status_code == 404
