"""`trainboard deliveries` and `trainboard explain` beside a bot that holds the database."""

import json

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import text

from fakes.conversation import RUNS_SECRET, run
from trainboard.cli import main
from trainboard.errors import PermanentError
from trainboard.store import delivery_log
from trainboard.trackers.local import LocalTracker
from trainboard_webhooks import runs

SETTINGS = f"""
[server]
database = "{{database}}"
[[projects]]
name = "churn"
sprint = {{{{ first_start = 2026-11-09, name_template = "Sprint {{{{number}}}}" }}}}
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{RUNS_SECRET}"]
experiments = ["churn-*"]
"""
EVIL = "\x1b]0;owned\x07\x1b[31mred\u202etxt.exe\x9b5m"


@pytest.fixture
def bot(request, talk):
    """A bot with the local board, on SQLite unless a test asks for both databases."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return talk(database=request.getfixturevalue("postgresql_url"))
    return talk()


on_both = pytest.mark.parametrize("bot", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def trainboard(bot, tmp_path):
    """Runs the command on the bot's database while the bot has it: exit code, output, errors."""
    config = tmp_path / "trainboard.toml"
    config.write_text(SETTINGS.format(database=bot.settings.server.database.get_secret_value()))

    def call(*words):
        with time_machine.travel(bot.clock(), tick=False):
            done = CliRunner().invoke(main, [*words, "--config", str(config)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


@pytest.fixture
def printed(trainboard):
    """The JSON that a command prints."""

    def call(*words):
        code, out, errors = trainboard(*words, "--json")
        assert 0 == code, errors
        assert out.isascii()
        return json.loads(out)

    return call


def number_of(bot, source="runs/ci"):
    """The number of the latest delivery of a source."""
    with bot.bot.database.read() as connection:
        wanted = delivery_log.DeliveryFilter(source=source)
        return delivery_log.list_page(connection, wanted).lines[0].number


def counts(bot):
    """How many rows each table has that working on deliveries changes."""
    tables = ("deliveries", "effects", "effect_causes", "events", "runs", "work_items", "mailboxes")
    with bot.bot.database.read() as connection:
        return {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables}


def test_deliveries_are_listed_latest_first(bot, trainboard, printed):
    """As a table for people and as JSON for programs, with what came of each."""
    bot.reports(run("r1"), delivery="first")
    bot.github_says("ping", {"zen": "x"})
    bot.github_says("push", {"repository": {"full_name": "acme/churn"}}, delivery="pushed")

    code, out, _ = trainboard("deliveries", "list")
    header, pushed, first = out.splitlines()
    assert (0, ["NO", "RECEIVED"]) == (code, header.split()[:2])
    assert ["github", "push", "done"] == pushed.split()[3:6]
    assert "EnsureExperimentItem applied" in first
    assert ["pushed", "first"] == [each["id"] for each in printed("deliveries", "list")]


@on_both
def test_the_list_is_cut_down(bot, trainboard, printed):
    """By state, source, age and number; the bot's own ticks are there if they are asked for."""
    bot.ticks()
    for number in range(3):
        bot.reports(run(f"r{number}"), delivery=f"d{number}")
    bot.reports({"no": "run"}, delivery="bad", settle=False)

    def listed(*words):
        return [each["id"] for each in printed("deliveries", "list", *words)]

    assert ["d2", "d1", "d0"] == listed("--source", "runs/ci", "--state", "done")
    assert ["d2"] == listed("--limit", "1")
    assert [] == listed("--since", "2027-01-01")
    assert ["d2", "d1", "d0"] == listed("--since", "2026-11-18T00:00:00+01:00")
    assert "clock" in {each["source"] for each in printed("deliveries", "list", "--ticks")}
    assert [] == listed("--state", "failed")
    assert "There are more" in trainboard("deliveries", "list", "--limit", "1")[2]
    assert "No such delivery.\n" == trainboard("deliveries", "list", "--source", "nobody")[1]


@pytest.mark.parametrize("since", ["soon", "3w", "2026-13-01", "999999d9", "999999d"])
def test_a_moment_that_is_none_is_wrong_usage(trainboard, since):
    """What it should look like is said."""
    code, _, errors = trainboard("deliveries", "list", "--since", since)
    assert 2 == code
    assert "neither like 30m" in errors


def test_a_span_is_counted_from_now(bot, printed):
    """Minutes, hours or days."""
    bot.reports(run("r1"))
    bot.clock.forward(hours=2)

    assert [0, 0, 1, 1] == [
        len(printed("deliveries", "list", "--since", span)) for span in ("5m", "1h", "3h", "1d")
    ]


@on_both
def test_a_delivery_is_shown_with_all_that_is_known(bot, trainboard, printed):
    """By its number here, and by the id that its sender gave it."""
    bot.reports(run("r1"), delivery="first")
    number = number_of(bot)

    code, out, _ = trainboard("deliveries", "show", "first")
    assert 0 == code
    assert f"Delivery {number}: runs/ci, run" in out
    assert "RunReported  run:mlflow:prod/r1" in out
    assert "applied 2026-11-18 10:00:00: ensure-experiment:churn/1/churn-xgb" in out
    assert '"id": "r1"' in out
    shown = printed("deliveries", "show", str(number))
    assert ("first", "done", False) == (shown["id"], shown["state"], shown["body_cut"])
    assert ["EnsureIteration", "EnsureExperimentItem"] == [each["kind"] for each in shown["effects"]]


def test_a_long_body_is_cut_unless_it_is_asked_for(bot, trainboard, printed):
    """Two thousand characters tell what it is."""
    bot.reports(run("r1", tags={f"key{n}": "x" * 40 for n in range(100)}), delivery="long")

    assert "--body prints all of it" in trainboard("deliveries", "show", "long")[1]
    assert "key99" not in trainboard("deliveries", "show", "long")[1]
    assert "key99" in trainboard("deliveries", "show", "long", "--body")[1]
    assert [True, False] == [
        printed("deliveries", "show", "long", *words)["body_cut"] for words in ([], ["--body"])
    ]


def test_nothing_from_outside_steers_the_terminal(bot, trainboard):
    """Names, errors and bodies may hold escape sequences; what is printed holds none."""
    bot.reports(run("r1", experiment=f"churn-{EVIL}"), delivery="evil")
    bot.github_says("issues", {"action": EVIL, "issue": {"number": 1}}, delivery="dead")
    commands = [
        ("deliveries", "list"),
        ("deliveries", "show", "evil", "--body"),
        ("deliveries", "show", "dead"),
        ("deliveries", "replay", "evil", "--dry-run"),
        ("explain", f"churn-{EVIL}"),
        ("explain", EVIL),
        ("deliveries", "show", EVIL),
    ]
    for words in commands:
        _, out, errors = trainboard(*words)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(out + errors), words


def test_credentials_in_a_body_are_not_printed(bot, trainboard, printed):
    """Somebody logged a token as a parameter."""
    token = "ghp_" + "a1B2" * 9
    bot.reports(run("r1", tags={"token": token}), delivery="leak")

    assert token not in trainboard("deliveries", "show", "leak", "--body")[1]
    assert "[secret]" in printed("deliveries", "show", "leak", "--body")["body"]


@on_both
def test_a_replay_is_worked_on_as_if_it_had_just_come(bot, trainboard, printed):
    """The bot takes it up by itself; what is known and true already stays as it is."""
    bot.reports(run("r1"), delivery="first")
    bot.reports(run("r2"), delivery="second")
    bot.forward(minutes=1)
    before, items = counts(bot), bot.items()
    code, out, _ = trainboard("deliveries", "replay", "first")
    assert (0, True) == (code, "waits to be worked on" in out)
    assert "waiting" == printed("deliveries", "show", "first")["state"]

    bot.settle()
    after = counts(bot)
    assert "done" == printed("deliveries", "show", "first")["state"]
    assert [before[table] for table in ("deliveries", "events", "runs")] == [
        after[table] for table in ("deliveries", "events", "runs")
    ]
    assert [item.title for item in items] == [item.title for item in bot.items()]


def test_a_dead_delivery_is_replayed_after_the_bug_is_gone(bot, trainboard, monkeypatch):
    """What it asked for is done then."""

    def broken(*_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(runs, "parse", broken)
        bot.reports(run("r1"), delivery="unlucky")
        for _ in range(10):
            bot.forward(hours=1)
    assert "dead" in trainboard("deliveries", "show", "unlucky")[1]
    assert [] == bot.items()

    trainboard("deliveries", "replay", "unlucky")
    bot.settle()
    assert 1 == len(bot.items())


@on_both
def test_a_dry_run_tells_what_would_be_done_and_does_nothing(bot, trainboard, printed):
    """Facts with what they change, effects with how the last ones like them ended."""
    bot.reports(run("r1"), delivery="first")
    bot.forward(minutes=1)
    before = counts(bot)

    code, out, _ = trainboard("deliveries", "replay", "first", "--dry-run")
    assert 0 == code
    assert "event   run r1 of churn-xgb was reported finished" in out
    assert "fact    run r1 of churn-xgb is finished, sprint 1" in out
    assert "changes nothing: it is known, or something later is" in out
    assert "effect  the work item of churn-xgb in sprint 1 shows its runs" in out
    assert "asked for before; the last one was applied 2026-11-18 10:00:00" in out
    plan = printed("deliveries", "replay", "first", "--dry-run")
    assert [[]] == [each["changes"] for each in plan["facts"]]
    assert before == counts(bot)
    assert "done" == printed("deliveries", "show", "first")["state"]


@on_both
def test_a_dry_run_tells_what_differs(bot, trainboard, printed):
    """A run that is not known would be, and its experiment would get a work item."""
    bot.reports(run("r1"), delivery="first", settle=False)

    plan = printed("deliveries", "replay", "first", "--dry-run")
    assert {("status", None, "finished"), ("number", None, 1)} <= {
        (each["column"], each["before"], each["after"]) for each in plan["facts"][0]["changes"]
    }
    assert [False, False] == [each["asked_before"] for each in plan["effects"]]
    assert [None, None] == [each["standing"] for each in plan["effects"]]
    assert "runs.status: None -> finished" in trainboard("deliveries", "replay", "first", "--dry-run")[1]


def test_a_dry_run_names_what_is_asked_for_no_longer(bot, trainboard, printed):
    """The first run of an experiment asked for its sprint, which the tracker has by now."""
    bot.reports(run("r1"), delivery="first")
    bot.forward(minutes=1)

    assert ["ensure-iteration:churn/1"] == printed("deliveries", "replay", "first", "--dry-run")[
        "no_longer_asked"
    ]
    assert (
        "ensure-iteration:churn/1 is asked for no longer"
        in trainboard("deliveries", "replay", "first", "--dry-run")[1]
    )


def test_a_dry_run_of_nothing_says_so(bot, trainboard):
    """A push is nothing to us."""
    bot.github_says("push", {"repository": {"full_name": "acme/churn"}}, delivery="pushed")
    assert "there is nothing in it for us" in trainboard("deliveries", "replay", "pushed", "--dry-run")[1]


def test_a_dry_run_of_a_body_that_cannot_be_read_says_why(bot, trainboard):
    """It would be dead again."""
    bot.github_says("issues", {"action": "closed", "issue": {"number": 1}}, delivery="odd")
    code, _, errors = trainboard("deliveries", "replay", "odd", "--dry-run")
    assert (1, "$.repository is missing\n") == (code, errors)


def test_a_delivery_without_a_body_is_not_replayed(bot, trainboard):
    """How long bodies are kept is named."""
    bot.reports(run("r1"), delivery="first")
    with bot.bot.database.write() as connection:
        connection.execute(text("DELETE FROM delivery_bodies"))

    code, _, errors = trainboard("deliveries", "replay", "first")
    assert (1, True) == (code, "keep_bodies_days" in errors)
    assert "Body: kept no longer" in trainboard("deliveries", "show", "first")[1]


@pytest.mark.parametrize("name", ["nothing", "4711", "99999999999999999999", "٣"])
@pytest.mark.parametrize("words", [("deliveries", "show"), ("deliveries", "replay"), ("explain",)])
def test_what_is_not_known_is_a_finding(bot, trainboard, words, name):
    """One sentence, and where to look."""
    code, out, errors = trainboard(*words, name)
    assert (1, "", 1) == (code, out, len(errors.splitlines()))


def test_an_id_that_two_senders_gave_is_asked_back(bot, trainboard):
    """Ids are a sender's own; numbers are ours."""
    bot.reports(run("r1"), delivery="same")
    bot.github_says("push", {"repository": {"full_name": "acme/churn"}}, delivery="same")
    code, _, errors = trainboard("deliveries", "show", "same")
    assert (1, True) == (code, "name one by its number" in errors)


@on_both
def test_a_work_item_is_explained_by_all_that_asked_for_it(bot, trainboard, printed):
    """Also by the deliveries whose news went into one edit with others."""
    bot.reports(run("r1"), delivery="first")
    bot.reports(run("r2"), delivery="second")
    bot.reports(run("r3"), delivery="third")
    bot.forward(minutes=1)

    code, out, _ = trainboard("explain", "churn-xgb")
    assert 0 == code
    head, item, *rest = out.splitlines()
    assert "Experiment churn-xgb of project churn; times in UTC" == head
    assert "#1 of local:churn, open, sprint 1" in item
    assert "made true: the work item of churn-xgb in sprint 1 shows its runs" in rest[0]
    assert ["r1", "r2", "r3"] == [line.split()[2] for line in rest if "because run" in line]
    [subject] = printed("explain", "churn-xgb")
    assert [["first"], ["second", "third"]] == [
        [cause["id"] for cause in effect["causes"]] for effect in subject["effects"]
    ]


@pytest.mark.parametrize("name", ["1", "#1", "churn#1", "local:churn#1", "/items/1"])
def test_a_work_item_has_many_names(bot, trainboard, name):
    """Its number, with the tracker or without, and its address."""
    bot.reports(run("r1"))
    assert "Experiment churn-xgb" in trainboard("explain", name)[1]


def test_many_causes_are_counted(bot, trainboard):
    """A sweep of a hundred runs does not scroll away what happened."""
    bot.reports(run("r0"))
    for number in range(1, 9):
        bot.reports(run(f"r{number}"))
    bot.forward(minutes=1)

    out = trainboard("explain", "churn-xgb")[1]
    assert "and because of 3 before" in out


def test_an_experiment_that_is_not_planned_has_no_work_item(bot, trainboard):
    """Its runs are recorded, and that is said."""
    bot.reports(run("r1", experiment="scratch"))
    out = trainboard("explain", "scratch")[1]
    assert "It has no work item." in out
    assert "Nothing was done" in out


def test_what_people_did_and_what_failed_is_told_too(talk, tmp_path, monkeypatch):
    """In the order of time, with the reason of a failure."""
    bot = talk()
    config = tmp_path / "t.toml"
    config.write_text(SETTINGS.format(database=bot.settings.server.database.get_secret_value()))

    def refuse(*_):
        raise PermanentError("the tracker refuses")

    with monkeypatch.context() as patched:
        patched.setattr(LocalTracker, "create_item", refuse)
        bot.reports(run("r1"))
    out = CliRunner().invoke(main, ["explain", "churn-xgb", "--config", str(config)]).stdout
    assert "given up: the work item of churn-xgb in sprint 1 shows its runs" in out
    assert "the tracker refuses" in out
    bot.reports(run("r2"))
    out = CliRunner().invoke(main, ["explain", "churn-xgb", "--config", str(config)]).stdout
    assert "waits, due 2026-11-18 10:10:00" in out


def test_without_a_database_nothing_is_made(tmp_path):
    """A typing error in the settings must not make an empty database that looks like an empty history."""
    config = tmp_path / "trainboard.toml"
    config.write_text('[server]\ndatabase = "sqlite:///nowhere/trainboard.db"\n')
    done = CliRunner().invoke(main, ["deliveries", "list", "--config", str(config)])

    assert (1, False) == (done.exit_code, (tmp_path / "nowhere").exists())
    assert "There is no database at nowhere/trainboard.db" in done.stderr


def test_another_versions_schema_is_a_finding(bot, trainboard):
    """What to run is said."""
    with bot.bot.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    code, _, errors = trainboard("deliveries", "list")
    assert (1, True) == (code, "trainboard db upgrade" in errors)


def test_a_database_that_does_not_answer_is_a_finding(tmp_path):
    """One sentence and no stack trace."""
    config = tmp_path / "trainboard.toml"
    config.write_text('[server]\ndatabase = "postgresql+psycopg://nobody@127.0.0.1:1/x"\n')
    done = CliRunner().invoke(main, ["deliveries", "list", "--config", str(config)])
    assert (1, 1) == (done.exit_code, len(done.stderr.splitlines()))
    assert "does not answer" in done.stderr
