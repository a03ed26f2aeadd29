"""Where models are in use, as the store knows it."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import code
from fakes.code import NOW, move, serving
from trainboard.facts import RecordAlias, RecordModel, RecordServing
from trainboard.pull_requests import DeploymentState
from trainboard.serving import point
from trainboard.store import runs, servings

LATER = NOW + timedelta(minutes=5)


def told(connection, *said, project="churn"):
    """Record moves and servings of a project."""
    for each in said:
        is_move = type(each).__name__ == "AliasMove"
        fact = (
            RecordAlias(project=project, move=each)
            if is_move
            else RecordServing(project=project, serving=each)
        )
        servings.record(connection, fact)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.one_of(code.moves, code.servings), max_size=10), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(database, said, random):
    """Nor do duplicates; an alias points where the newest of its moves says."""
    found = []
    for order in (said, random.sample(said * 2, len(said) * 2)):
        with (
            database.engine.connect().execution_options(write=True) as connection,
            connection.begin() as undone,
        ):
            told(connection, *order)
            moves = servings.list_moves(connection, "churn")
            known = servings.list_servings(connection, "churn")
            found.append((set(moves), set(known), servings.list_pointers(connection, ["churn"])))
            undone.rollback()

    assert found[0] == found[1]
    pointers = {(model, version): set(aliases) for (_, model, version), aliases in found[0][2].items()}
    expected = {}
    for (model, alias), each in point(found[0][0]).items():
        if each.version:
            expected.setdefault((model, each.version), set()).add(alias)
    assert expected == pointers


def test_projects_do_not_share_what_is_in_use(write):
    """Two may use the same names."""
    told(write, move(), serving())
    told(write, move("4"), project="ranking")

    assert {("churn", "churn-xgb", "3"): ("champion",)} == servings.list_pointers(write, ["churn"])
    assert 2 == len(servings.list_pointers(write, ["churn", "ranking"]))
    assert () == servings.list_servings(write, "ranking")


def test_the_runs_of_all_versions_that_ever_were_in_use_are_found(write):
    """By an alias or an endpoint; others are not."""
    for version in "1234":
        made = RecordModel(project="churn", model="churn-xgb", version=version, at=NOW, run_id=f"r{version}")
        runs.record_model(write, made)
    told(write, move("1"), move("2", LATER), serving(version="3", state=DeploymentState.FAILED), move("9"))

    assert ["r1", "r2", "r3"] == servings.list_runs(write, "churn", "churn-xgb")
    assert [] == servings.list_runs(write, "churn", "other")
