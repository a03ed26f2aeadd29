"""The page of one experiment."""

from datetime import timedelta
from decimal import Decimal

from msgspec import UNSET
from msgspec.structs import replace

from fakes.board import NOW, SPRINT, experiment, finished, registered, trained
from fakes.experiments import run
from fakes.html import words
from trainboard.facts import RecordPlanWord
from trainboard.plans import PlanWord
from trainboard.spending import LimitUse, parse_budget
from trainboard.store import items, plan_words
from trainboard.web.experiment_page import PAGE_ROWS


def path(number):
    """The page of the experiment with that number."""
    return f"/projects/churn/sprints/{SPRINT}/experiments/{number}"


def test_targets_and_runs_stand_against_each_other(web, database):
    """The best value with the run that has it, and every run in order."""
    reports = [finished("worse", 0.88), finished("best", 0.931, minutes=30), run("bad", "failed")]
    with database.write() as connection:
        number = experiment(connection, reports=reports, targets="val_auc >= 0.9")

    html = web.text(path(number))
    page = words(html)
    assert "val_auc &gt;= 0.9 0.931 ✓ met best" in page
    assert "1 best 0.931 finished 2026-03-04 09:30 2 worse 0.88 finished" in page
    assert "2 runs from 2026-03-04 09:10 to 2026-03-04 09:30 UTC, 1 of them reach val_auc &gt;= 0.9" in page
    assert html.count("<circle") == 2
    assert "style=" not in html


def test_verdicts_are_of_this_moment(web, database):
    """Runs that came after the work item was written count already."""
    with database.write() as connection:
        number = experiment(connection, reports=[finished("r1", 0.5)], targets="val_auc >= 0.9")
        trained(connection, "churn-xgb", finished("r2", 0.95))

    assert "val_auc &gt;= 0.9 0.95 ✓ met r2" in words(web.text(path(number)))


def test_an_experiment_without_runs_and_targets_says_what_comes(web, database):
    """Nothing is drawn."""
    with database.write() as connection:
        number = experiment(connection)

    html = web.text(path(number))
    assert "No targets yet." in html
    assert "No run yet. The first one shows up here by itself." in html
    assert "<circle" not in html


def test_a_target_without_a_value_has_no_run(web, database):
    """Nothing has ended yet."""
    with database.write() as connection:
        number = experiment(connection, reports=[run("r1", "running")], targets="val_auc >= 0.9")

    assert "val_auc &gt;= 0.9 n/a … no result n/a" in words(web.text(path(number)))


def test_a_sweep_is_one_row(web, database):
    """With how many are done, its best and its median."""
    reports = [finished(str(n), 0.9 + n / 100, sweep="s", planned=5) for n in range(3)]
    with database.write() as connection:
        number = experiment(
            connection, reports=[*reports, run("f", "failed", sweep="s")], targets="val_auc >= 0.9"
        )

    page = words(web.text(path(number)))
    assert "1 s 0.92, median 0.91 finished sweep, 4 of 5 done, 1 failed" in page


def test_failures_say_why(web, database):
    """In the run's own words, the latest ten."""
    silent = [run(f"f{n}", "failed", minutes=n) for n in range(11)]
    told = [
        run("oom", "failed", minutes=99, error={"type": "OutOfMemoryError", "message": "2 GiB"}),
        run("typed", "failed", minutes=98, error={"type": "ValueError"}),
    ]
    with database.write() as connection:
        number = experiment(connection, reports=[*silent, *told])

    page = words(web.text(path(number)))
    assert "13 runs failed. The last 10:" in page
    assert "oom 2026-03-04 10:39 UTC OutOfMemoryError 2 GiB typed 2026-03-04 10:38 UTC ValueError f10" in page
    assert page.count("It gave no reason.") == 8


def test_a_failure_may_have_no_end(web, database):
    """Then no time is told."""
    report = run("r1", "failed")
    with database.write() as connection:
        number = experiment(connection)
        trained(connection, "churn-xgb", replace(report, run=replace(report.run, ended_at=UNSET)))

    assert "r1 It gave no reason." in words(web.text(path(number)))


def test_models_tell_their_run(web, database):
    """And what points at them."""
    with database.write() as connection:
        number = experiment(connection, reports=[run("r1", name="otter")], sprints=(11, 12))
        registered(connection, "churn-model", "3", "r1", alias="champion")

    page = words(web.text(path(number)))
    assert "churn-model 3 champion otter" in page
    assert "carried once, last from Sprint 11" in page


def test_rows_are_paged_by_a_hundred(web, database):
    """A page that does not exist is the nearest one that does."""
    reports = [finished(f"r{n:03}", 1 - n / 1000) for n in range(PAGE_ROWS + 20)]
    with database.write() as connection:
        number = experiment(connection, reports=reports, targets="val_auc >= 0.9")

    first, second = words(web.text(path(number))), words(web.text(path(number) + "?page=2"))
    assert "100 r099 0.901 finished" in first
    assert "101 r100" not in first
    assert "101 r100 0.9 finished" in second
    assert "Page 2 of 2" in words(web.text(path(number) + "?page=9"))
    assert "Page 1 of 2" in words(web.text(path(number) + "?page=x"))


def test_links_lead_to_the_web_only(web, database):
    """A run's address from outside is checked, though its report was."""
    with database.write() as connection:
        number = experiment(connection, reports=[finished("r1", 0.95)], targets="val_auc >= 0.9")
        unsafe = finished("r2", 0.97, url="https://me:pw@evil.example/")
        other = experiment(connection, "churn-2", [unsafe], "val_auc >= 0.9", ref="2")

    assert 'href="https://mlflow.example.com/#/experiments/7/runs/r1" rel=' in web.text(path(number))
    assert "evil.example" not in web.text(path(other))


def test_an_experiment_of_another_sprint_is_not_there(web):
    """Nor one that never was."""
    assert web.client.get(path(99)).status_code == 404


def test_the_way_of_the_model_tells_where_it_stands(web, database):
    """A run that meets its target is as far as validation."""
    with database.write() as connection:
        number = experiment(connection, reports=[finished("r1", 0.95)], targets="val_auc >= 0.9")

    html = web.text(path(number))
    assert "plan , reached train , reached package validate , reached deploy monitor retrain" in words(html)
    assert 1 == html.count('aria-current="step"')


def test_the_budget_is_of_this_moment(web, database):
    """The limits are those of the last writing, what is used is reckoned anew."""
    with database.write() as connection:
        number = experiment(connection, reports=[finished("r1", 0.5)])
        known = items.find_by_ref(connection, "local:churn", "1")
        limit = parse_budget("runs<=4")[0]
        items.note_budget(connection, known, [LimitUse(limit=limit, used=Decimal(1), percent=25)])
        trained(connection, "churn-xgb", finished("r2", 0.6))

    assert "Budget Limit Used Share runs &lt;= 4 2 50 %" in words(web.text(path(number)))


def test_how_it_ended_stands_above_all(web, database):
    """By people's word; one that was taken back is not told."""
    with database.write() as connection:
        number = experiment(connection, reports=[finished("r1", 0.95)])
        word = PlanWord(subject="conclusion", value="concluded", reason="It *works*.", by="@ana", at=NOW)
        plan_words.record(connection, RecordPlanWord(tracker="local:churn", ref="1", word=word))
    assert "Concluded by the word of" in words(web.text(path(number)))

    with database.write() as connection:
        back = replace(word, value="", at=NOW + timedelta(minutes=1))
        plan_words.record(connection, RecordPlanWord(tracker="local:churn", ref="1", word=back))
    assert "by the word of" not in words(web.text(path(number)))
