"""What the sprint board reads from the store."""

from datetime import timedelta

from fakes.board import NOW, SPRINT, experiment, finished, registered, trained
from fakes.experiments import run
from trainboard.experiments import Cursor
from trainboard.store import board, cursors
from trainboard.store.board import ReaderState, RunCounts


def test_runs_are_counted_by_status(write):
    """Every status is a number of its own, and together they are the total."""
    statuses = ("finished", "finished", "running", "failed", "killed", "queued")
    experiment(write, reports=[run(f"r{number}", status) for number, status in enumerate(statuses)])

    [card] = board.list_cards(write, "churn", SPRINT)
    assert RunCounts(finished=2, running=1, failed=1, killed=1, queued=1) == card.runs
    assert card.runs.total == 6


def test_the_parent_of_a_sweep_is_no_run(write):
    """The board counts as the work item does: children only."""
    experiment(write, reports=[run("parent"), run("a", sweep="parent"), run("b", "failed", sweep="parent")])

    [card] = board.list_cards(write, "churn", SPRINT)
    assert RunCounts(finished=1, failed=1) == card.runs


def test_a_run_that_is_its_own_group_is_counted(write):
    """Only a group of others makes a run a parent."""
    experiment(write, reports=[run("alone", sweep="alone")])

    assert board.list_cards(write, "churn", SPRINT)[0].runs.total == 1


def test_a_card_counts_the_runs_of_all_its_sprints(write):
    """An item that was carried shows what was trained before, too, in each of its sprints."""
    number = experiment(write, sprints=(11, 12), reports=[run("new")])
    trained(write, "churn-xgb", run("old"), number=11)
    trained(write, "churn-xgb", run("older"), number=10)

    [card] = board.list_cards(write, "churn", 11)
    assert (number, (11, 12), 2) == (card.number, card.sprints, card.runs.total)
    assert (1, "Sprint 11") == (card.item.carries, card.carried_from)


def test_other_projects_and_sprints_are_left_out(write):
    """A board shows the items of one project that were in one sprint."""
    experiment(write, reports=[run("mine")])
    experiment(write, ref="2", project="ranking", reports=[run("theirs")])

    assert [card.runs.total for card in board.list_cards(write, "churn", SPRINT)] == [1]
    assert board.list_cards(write, "churn", SPRINT + 1) == ()


def test_a_card_has_its_models_and_verdicts(write):
    """Versions that the experiment's runs made stand on it, those of other runs do not."""
    number = experiment(write, reports=[finished("r1", 0.93)], targets="val_auc >= 0.9")
    registered(write, "churn-xgb", "7", "r1", alias="champion")
    registered(write, "other", "1", "elsewhere")

    card = board.find_card(write, "churn", SPRINT, number)
    assert [("churn-xgb", "7", ("champion",))] == [(m.name, m.version, m.aliases) for m in card.models]
    assert [("met", 0.93)] == [(each.verdict.value, each.best) for each in card.judgements]


def test_a_card_is_as_new_as_its_latest_run(write):
    """News of a run is news of the card."""
    experiment(write)
    trained(write, "churn-xgb", run("r1"), at=NOW + timedelta(hours=1))
    trained(write, "churn-xgb", run("r2", "failed"), at=NOW)

    assert board.list_cards(write, "churn", SPRINT)[0].updated_at == NOW + timedelta(hours=1)


def test_a_card_of_another_sprint_is_not_found(write):
    """The number alone does not open it."""
    number = experiment(write)

    assert board.find_card(write, "churn", SPRINT - 1, number) is None


def test_readers_tell_how_they_stand(write):
    """One that was never read has no times; one that fails says since when."""
    cursors.advance(write, "mlflow/prod", Cursor(), NOW)
    cursors.fail(write, "mlflow/prod", NOW, "no answer")

    assert board.list_readers(write, ["wandb/x", "mlflow/prod"]) == (
        ReaderState(door="mlflow/prod", read_at=NOW, unreachable_since=NOW, error="no answer"),
        ReaderState(door="wandb/x", read_at=None, unreachable_since=None, error=None),
    )
