"""Which bugs of alerts are about the models of which experiments."""

from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import delete, func, select

from fakes.alerts import TOLD
from fakes.board import NOW, experiment, registered
from fakes.experiments import run
from trainboard.alert_view import Lineage
from trainboard.experiment_view import ModelVersion
from trainboard.store import alert_lineages, items, problems
from trainboard.store.alert_models import AlertLineageRow, ProblemRow

CHURN_7 = ModelVersion(name="churn", version="7")


@pytest.fixture
def known(write):
    """An experiment, and a bug about the model that its run made."""
    experiment(write, reports=[run("r1")])
    registered(write, "churn", "7", "r1")
    bug(write, "9")
    return write


def bug(write, ref, hours=0, **fields):
    """Another problem has a bug."""
    problems.record(write, structs.replace(TOLD, key=f"alert:{ref}"))
    problem = problems.find(write, f"alert:{ref}")
    known = {"state": "open", "tracker": "local:churn", "ref": ref, "title": f"Bug {ref}"}
    problems.put(write, problem, began_at=NOW + timedelta(hours=hours), **known | fields)


def note(write, ref="9", model=CHURN_7):
    """It is known whose model that bug is about."""
    item = items.find_by_ref(write, "local:churn", "1").item
    alert_lineages.note(write, f"alert:{ref}", Lineage(model=model, item=item))


def shown(write):
    """What the work item of the experiment tells."""
    found = alert_lineages.list_of_item(write, "local:churn", "1")
    return [(each.ref, each.model, each.version, each.closed_at) for each in found]


def test_a_bug_is_told_where_its_model_was_made(known):
    """And found from either side."""
    note(known)
    assert [("9", "churn", "7", None)] == shown(known)
    assert "churn-xgb" == alert_lineages.find_item(known, "local:churn", "9").experiment


def test_the_last_word_on_a_bug_counts(known):
    """Another version is in use now."""
    note(known)
    note(known, model=ModelVersion(name="churn", version="8"))
    assert [("9", "churn", "8", None)] == shown(known)


def test_bugs_stand_in_the_order_of_their_beginning(known):
    """Also those that are over; those that somebody deleted are not told."""
    bug(known, "5", hours=2, state="closed", closed_at=NOW)
    bug(known, "6", hours=1, state="gone")
    for ref in ("5", "6", "9"):
        note(known, ref)
    assert [("9", "churn", "7", None), ("5", "churn", "7", NOW)] == shown(known)


def test_nothing_is_known_of_a_model_of_no_experiment(known):
    """Nor of another bug."""
    alert_lineages.note(known, "alert:9", Lineage(model=CHURN_7))
    assert [] == shown(known)
    assert alert_lineages.find_item(known, "local:churn", "9") is None


def test_what_is_removed_takes_its_word_with_it(known):
    """Nothing of a problem stays."""
    note(known)
    known.execute(delete(ProblemRow).where(ProblemRow.key == "alert:9"))
    assert 0 == known.execute(select(func.count()).select_from(AlertLineageRow)).scalar()
