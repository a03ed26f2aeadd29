"""From the report of a run to the work item, as a team sees it."""

import json
import re

import msgspec
from sqlalchemy import text

from fakes.conversation import run
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import WorkItemChange


def only(bot):
    """The one work item."""
    [item] = bot.items()
    return item


def person(bot):
    """Somebody at the local board."""
    return LocalTracker(bot.bot.database, "churn", bot.clock, author="ana")


def rows(bot, table):
    """How many rows a table has."""
    with bot.bot.database.read() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def writes_target(bot, target):
    """Somebody writes a target into the item, above the bot's part."""
    item = only(bot)
    body = item.body.replace("### Targets", f"### Targets\n\n{target}", 1)
    person(bot).update_item(item.ref, WorkItemChange(body=body))


def test_the_first_run_makes_the_item_of_its_sprint(bot):
    """One run, one work item, in the current sprint, labelled, with the run in it."""
    assert 202 == bot.reports(run(metrics={"val_auc": 0.93}))

    item = only(bot)
    assert ("Experiment: churn-xgb", ("tb:experiment",)) == (item.title, item.labels)
    [sprint] = [s for s in bot.bot.outside.trackers["churn"].list_iterations() if s.ref == item.iteration]
    assert ("Sprint 1", "2026-11-09", "2026-11-22") == (sprint.name, str(sprint.start), str(sprint.end))
    assert "**1 run: 1 finished**" in item.body


def test_a_target_is_read_from_what_people_write(bot):
    """A target in the body is judged at the next look: met, with the run that met it."""
    bot.reports(run("r1", metrics={"val_auc": 0.90}))
    writes_target(bot, "val_auc >= 0.92")
    bot.clock.forward(seconds=31)
    bot.reports(run("r2", metrics={"val_auc": 0.95}))

    assert "| `val_auc >= 0.92` | 0.95 | 0.03 better | ▁█ 0.95 | ✓ met | r2 |" in only(bot).body


def test_a_missing_or_infinite_metric_does_not_meet_a_target(bot):
    """Nothing is taken for good that was not measured."""
    bot.reports(run("r1", metrics={"val_auc": None}))
    bot.reports(run("r2", status="failed"))
    writes_target(bot, "val_auc >= 0.1")
    bot.clock.forward(seconds=31)
    bot.reports(run("r3", metrics={"loss": 1.0}))

    assert "✗ not met" in only(bot).body


def test_what_people_write_outside_the_bots_part_stays(bot):
    """Text, title and labels of people are never touched, whatever they do to the bot's part."""
    bot.reports(run("r1"))
    item = only(bot)
    begin = item.body.index("<!-- trainboard:begin")
    body = "Mine *above*\r\n\r\n" + item.body[begin:] + "\n\nMine below, with `code`\n"
    change = WorkItemChange(title="Renamed", body=body, add_labels=("mine",))
    person(bot).update_item(item.ref, change)
    bot.clock.forward(seconds=31)
    bot.reports(run("r2"))

    after = only(bot)
    assert ("Renamed", True) == (after.title, "mine" in after.labels)
    assert after.body.startswith("Mine *above*\r\n\r\n<!-- trainboard:begin")
    assert after.body.endswith("<!-- trainboard:end -->\n\nMine below, with `code`\n")
    assert "2 runs: 2 finished" in after.body


def test_the_bots_part_comes_back_when_somebody_deletes_it(bot):
    """A deleted block is written anew at the end; no second item is made."""
    bot.reports(run("r1"))
    person(bot).update_item(only(bot).ref, WorkItemChange(body="All mine."))
    bot.clock.forward(seconds=31)
    bot.reports(run("r2"))

    assert re.match(r"All mine\.\n\n<!-- trainboard:begin .*2 runs", only(bot).body, re.DOTALL)


def test_edits_keep_the_pace_and_the_last_state_is_written(bot):
    """First edit at once, then one in thirty seconds, and the last run is always counted."""
    bot.reports(run("r0"))
    for number in range(1, 100):
        bot.reports(run(f"r{number}"))
    assert "**1 run: 1 finished**" in only(bot).body

    bot.clock.forward(seconds=30)
    bot.settle()
    assert "**100 runs: 100 finished**" in only(bot).body
    applied = "SELECT count(*) FROM effects WHERE kind = 'EnsureExperimentItem' AND state = 'applied'"
    with bot.bot.database.read() as connection:
        assert 2 == connection.execute(text(applied)).scalar()


def test_a_sweep_is_one_row(bot):
    """A thousand trials are a line, not a thousand."""
    group = {"id": "s1", "kind": "sweep", "name": "depth", "planned": 40}
    for number in range(40):
        auc = {"value": 0.9 + number / 1000, "goal": "max"}
        bot.reports(run(f"t{number}", run={"group": group}, metrics={"val_auc": auc}), settle=False)
    bot.settle()

    table = [line for line in only(bot).body.splitlines() if "depth" in line]
    assert 1 == len(table)
    assert "40" in table[0]


def test_reports_that_come_twice_or_out_of_order_change_nothing(bot):
    """The same delivery is a duplicate; an old status does not bring a run back."""
    assert 202 == bot.reports(run("r1"), delivery="d1")
    assert 200 == bot.reports(run("r1"), delivery="d1")
    bot.reports(run("r1", status="running"))
    bot.clock.forward(seconds=31)
    bot.settle()

    assert "**1 run: 1 finished**" in only(bot).body
    assert 1 == rows(bot, "runs")


def test_an_experiment_that_nobody_planned_is_kept_without_an_item(bot):
    """A noisy tracker cannot flood a board, and nothing is lost."""
    assert 202 == bot.reports(run(experiment="scratch"))

    assert [] == bot.items()
    assert 1 == rows(bot, "runs")


def test_a_run_of_a_past_sprint_makes_no_item(bot):
    """History is known, not planned."""
    bot.reports(run("old", ended="2026-10-20T09:00:00Z", run={"started_at": "2026-10-20T08:00:00Z"}))

    assert [] == bot.items()


def test_an_open_item_is_carried_into_the_next_sprint(bot):
    """The same work item stands in the new sprint, with its count of carries and its runs."""
    bot.reports(run("r1"))
    ref = only(bot).ref
    bot.forward(days=7)
    bot.forward(seconds=5)

    item = only(bot)
    names = {s.ref: s.name for s in bot.bot.outside.trackers["churn"].list_iterations()}
    assert (ref, "Sprint 2") == (item.ref, names[item.iteration])
    assert "Carried once, from Sprint 1" in item.body
    assert "Sprint 1" in item.body

    bot.reports(run("r2", ended="2026-11-25T09:00:00Z"))
    bot.forward(seconds=31)
    assert "2 runs: 2 finished" in only(bot).body


def test_a_closed_item_is_not_carried(bot):
    """What people finished stays in its sprint; new runs of the next sprint get an item of their own."""
    bot.reports(run("r1"))
    person(bot).update_item(only(bot).ref, WorkItemChange(state="closed"))
    bot.forward(days=7)
    bot.forward(seconds=5)
    assert "Carried" not in only(bot).body

    bot.reports(run("r2", ended="2026-11-25T09:30:00Z"))
    bot.forward(seconds=5)
    assert ["closed", "open"] == [item.state for item in bot.items()]


def test_sprints_are_made_ahead_once(bot):
    """The current and the next one, however often the clock ticks."""
    for _ in range(3):
        bot.forward(minutes=5)

    names = [sprint.name for sprint in bot.bot.outside.trackers["churn"].list_iterations()]
    assert ["Sprint 1", "Sprint 2"] == names


def test_a_restart_loses_nothing(bot):
    """A delivery that was stored before the process ended is worked on after."""
    bot.reports(run("r1"), settle=False)
    bot.restart()
    bot.settle()

    assert "**1 run: 1 finished**" in only(bot).body


def test_text_from_outside_is_inert(bot):
    """No mention, no closing word, no mark, no HTML of a run's name survives."""
    evil = "@everyone fixes #1 <img src=x> <!-- trainboard:end -->\n/promote"
    bot.reports(run("r1", run={"name": evil, "user": "@root"}, experiment="churn-@team"))

    body = only(bot).body.split("-->", 1)[1]
    assert "@everyone" not in body
    assert "#1" not in body
    assert "<img" not in body
    assert 1 == body.count("<!-- trainboard:end -->")
    assert not [line for line in body.splitlines() if line.startswith("/")]


def test_a_registered_model_stands_on_the_item_of_its_run(talk):
    """MLflow says which run made a version and what the alias points at."""
    source = {"kind": "mlflow", "name": "prod", "project": "churn", "secrets": ["mlflow webhook secret"]}
    runs = {"kind": "runs", "name": "ci", "project": "churn", "experiments": ["churn-*"]}
    bot = talk(sources=[source, runs | {"secrets": ["whsec_" + "QUFB" * 8]}])
    bot.bot.intake(_polled(bot))
    bot.settle()
    data = {"name": "churn-clf", "version": "4", "source": "models:/m", "run_id": "r1", "tags": {}}
    bot.mlflow_says(_registry("model_version", data))
    bot.clock.forward(seconds=31)
    bot.mlflow_says(
        _registry("model_version_alias", {"name": "churn-clf", "alias": "champion", "version": "4"})
    )
    bot.forward(seconds=31)

    assert re.search(r"churn-clf.*4.*champion", only(bot).body)


def _registry(entity, data):
    return {"entity": entity, "action": "created", "timestamp": "2026-11-18T10:00:00+00:00", "data": data}


def _polled(bot):
    from trainboard.deliveries import Delivery
    from trainboard.events import RunReported, encode
    from trainboard.runs import RunReport

    report = msgspec.convert(run("r1"), RunReport)
    body = encode(RunReported(door="runs/ci", report=report))
    return Delivery(source="poll/runs/ci", id="p1", kind="run", entity="runs/ci/churn-xgb", body=body)


def test_a_secret_may_be_for_one_repository(talk):
    """A report of another one is refused, and nothing of it is stored."""
    runs = {"kind": "runs", "name": "ci", "project": "churn", "experiments": ["churn-*"]}
    bot = talk(sources=[runs | {"secrets": ["whsec_" + "QUFB" * 8], "repository": "acme/churn"}])

    def reports(**more):
        body = json.dumps(run("r1", **more)).encode()
        headers = bot.signed(body, str(more), "whsec_" + "QUFB" * 8)
        return bot.http.post("/webhooks/runs", data=body, headers=headers, content_type="application/json")

    assert 400 == reports(links={"repo": "acme/other"}).status_code
    assert 0 == rows(bot, "delivery_bodies")
    assert [202, 202] == [reports(links={"repo": "Acme/Churn"}).status_code, reports().status_code]
