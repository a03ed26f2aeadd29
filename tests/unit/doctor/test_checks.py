"""Each check of the doctor: it finds what is wrong, and says what to do."""

from datetime import UTC, datetime, timedelta

import pytest
import responses
from msgspec.structs import replace
from sqlalchemy import text

from fakes.azure_ml import WORKSPACE, FakeAzureMl, Tokens
from fakes.board import NOW, came, caused
from fakes.clock import FakeClock
from fakes.due_reports import CLAIMED
from fakes.hooks import FakeHooks
from fakes.pipelines import pipeline
from fakes.read import CHURN
from fakes.repositories import FakeRepository
from trainboard.board_layout import BoardIteration, BoardPolicy, IterationField, Layout, Option, StatusField
from trainboard.boards import ClosedBoardError
from trainboard.budgets import Lane, Notice, Quota, Window
from trainboard.command_policy import CommandPolicy
from trainboard.diagnosis import Finding, Grade, failing
from trainboard.doctor import SignIn, Subject, examine
from trainboard.doctor.database import has_wal_reset_fault
from trainboard.errors import LimitedError, PermanentError, TransientError
from trainboard.events import RepositoryMoved
from trainboard.experiments import Cursor, Page
from trainboard.experiments.azure_ml import AzureMlReader
from trainboard.facts import RecordRepository
from trainboard.hooks import HookState
from trainboard.iterations import iteration_at
from trainboard.policy import (
    Project,
)
from trainboard.report.schedules import ReportSchedule
from trainboard.store import (
    cards,
    cursors,
    log,
    report_claims,
    repository_states,
)
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.trackers.local import LocalTracker

QUEUES = [
    "apps",
    "archives",
    "boards",
    "budgets",
    "clock",
    "commands",
    "configuration",
    "database",
    "inbox",
    "moves",
]
CHECKS = [*QUEUES, "outbox", "pipelines", "reports", "repositories", "trackers", "triggers", "webhooks"]


@pytest.fixture
def clock():
    return FakeClock(NOW)


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def subject(database, clock):
    """A bot that just came to be, with one project on the local board."""
    return make_subject(database, clock)


def make_subject(database, clock, trackers=None, projects=(), **others):
    return Subject(
        configuration="trainboard.toml",
        projects=projects,
        database=database,
        trackers=trackers or (lambda: {"churn": LocalTracker(database, "churn", clock)}),
        clock=clock,
        **{
            "repositories": dict,
            "pipelines": dict,
            "hooks": dict,
            "obstacle_to_hooks": None,
            "senders": tuple,
        }
        | others,
    )


def raising(error):
    """Trackers that cannot be made."""

    def make():
        raise error

    return make


def found(subject, check):
    """What a check finds, without what depends on the machine's SQLite."""
    return [each for each in examine(subject) if each.check == check and "SQLite" not in each.message]


def troubles(subject):
    """Whatever is not in order, by its check."""
    return [
        (each.check, each.grade) for each in examine(subject) if each.fix and "SQLite" not in each.message
    ]


class FakeBoard:
    """A board that has what it is given, or refuses."""

    name = "github-project:acme/12"

    def __init__(self, layout=None, error=None):
        self._layout, self._error = layout, error

    def get_layout(self):
        if self._error:
            raise self._error
        return self._layout


def boards_of(database, clock, board):
    project = replace(CHURN, board=BoardPolicy(name=board.name))
    return make_subject(database, clock, projects=[project], boards=lambda: {project.name: board})


@pytest.mark.parametrize(
    ("board", "grade", "said"),
    [
        (FakeBoard(error=ClosedBoardError("no such board")), Grade.FAILING, "no such board"),
        (FakeBoard(Layout(ref="1", closed=True)), Grade.FAILING, "is closed"),
        (FakeBoard(Layout(ref="1", writable=False)), Grade.FAILING, "not change it"),
        (FakeBoard(Layout(ref="1")), Grade.NOTE, "has no field 'Status'"),
        (
            FakeBoard(Layout(ref="1", iteration_field=IterationField(ref="2"))),
            Grade.NOTE,
            "has no iteration for",
        ),
    ],
)
def test_what_a_board_lacks_is_told(database, clock, board, grade, said):
    """One that lets nobody in is failing; what it has not is to be known, with what to do."""
    findings = found(boards_of(database, clock, board), "boards")
    [finding] = [each for each in findings if said in each.message][:1]
    assert (grade, True) == (finding.grade, bool(finding.fix))


def test_what_a_board_refused_is_recalled(database, clock):
    """Whether we may write is known only when something is written."""
    with database.write() as connection:
        cards.note_trouble(connection, FakeBoard.name, "scopes", clock())
    board = FakeBoard(Layout(ref="1"))
    assert any(
        "refused: scopes" in each.message for each in found(boards_of(database, clock, board), "boards")
    )


def test_a_board_with_all_it_needs_is_in_order(database, clock):
    """The iterations of this sprint and the next are there under the names that people gave these."""
    sprint = iteration_at(CHURN.sprint, clock())
    held = tuple(
        BoardIteration(
            ref=str(n), title="", start=sprint.start + timedelta(days=n * CHURN.sprint.length_days), days=14
        )
        for n in range(2)
    )
    options = tuple(Option(ref=name, name=name) for name in ("Todo", "In Progress", "Done"))
    layout = Layout(
        ref="1",
        iteration_field=IterationField(ref="2", iterations=held),
        status_field=StatusField(ref="3", options=options),
    )
    assert [Grade.OK] == [
        each.grade for each in found(boards_of(database, clock, FakeBoard(layout)), "boards")
    ]


def test_a_fresh_installation_is_in_order(subject):
    """Every check has something to say, and nothing to mend."""
    assert (CHECKS, []) == (sorted({each.check for each in examine(subject)}), troubles(subject))


def test_what_is_not_in_order_has_a_fix(subject, database, clock):
    """And what is in order has none."""
    with database.write() as connection:
        caused(connection, came(connection, state="dead", error="x"), state="dead", error="x")
    clock.forward(hours=-1)
    findings = list(examine(subject))
    assert [each.grade is not Grade.OK for each in findings] == [bool(each.fix) for each in findings]


def test_a_database_that_is_not_there(tmp_path, clock):
    """It is told once, and none is made."""
    subject = make_subject(Database(f"sqlite:///{tmp_path}/none.db"), clock)
    assert ([("database", Grade.NOTE)], False) == (troubles(subject), (tmp_path / "none.db").exists())
    assert "there is no database yet" in found(subject, "inbox")[0].message


def test_a_database_that_is_none(tmp_path, clock):
    """The file is something else: one check fails, the others say that they could not look."""
    (tmp_path / "text.db").write_text("no database" * 1000)
    subject = make_subject(Database(f"sqlite:///{tmp_path}/text.db"), clock)
    others = [(name, Grade.NOTE) for name in ("archives", "budgets", "clock")]
    queues = [(name, Grade.NOTE) for name in ("inbox", "moves", "outbox")]
    assert [*others, ("database", Grade.FAILING), *queues] == troubles(subject)


def test_a_server_that_does_not_answer(clock):
    """The password of the address is not shown."""
    url = "postgresql+psycopg://bot:s3cret@/x?host=/nowhere"
    [trouble] = found(make_subject(Database(url), clock), "database")
    assert (Grade.FAILING, True, False) == (
        trouble.grade,
        "bot:***@" in trouble.message,
        "s3cret" in str(trouble),
    )


def test_another_schema(subject, database):
    """The command that brings it up to date is named."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    [trouble] = found(subject, "database")
    assert (Grade.FAILING, True) == (trouble.grade, "trainboard db upgrade" in trouble.fix)


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_of_sqlite(subject, monkeypatch, version, faulty):
    """Those that can damage a file are noted."""
    monkeypatch.setattr("sqlite3.sqlite_version_info", version)
    [finding] = [each for each in examine(subject) if each.message.startswith("SQLite")]
    assert (faulty, faulty) == (has_wal_reset_fault(version), finding.grade is Grade.NOTE)


def test_a_clock_that_was_set_back(subject, database, clock):
    """Deliveries cannot come from the future."""
    with database.write() as connection:
        came(connection, state="done")
    clock.forward(seconds=-15)
    assert [Grade.OK] == [each.grade for each in found(subject, "clock")]
    clock.forward(seconds=-1)
    [trouble] = found(subject, "clock")
    assert (Grade.FAILING, True) == (trouble.grade, "before the last delivery" in trouble.message)


def test_a_clock_beside_the_database_servers(postgresql_url):
    """Several machines, one database: its clock is the one to go by."""
    database = Database(postgresql_url)
    upgrade(database)
    right = make_subject(database, lambda: datetime.now(UTC))
    wrong = make_subject(database, lambda: datetime.now(UTC) - timedelta(minutes=1))
    assert [Grade.OK] == [each.grade for each in found(right, "clock")]
    [trouble] = found(wrong, "clock")
    database.close()
    assert (Grade.FAILING, True) == (trouble.grade, "that of the database's server" in trouble.message)


@pytest.mark.parametrize("check", ["inbox", "outbox"])
def test_what_nobody_works_on(subject, database, clock, check):
    """Five minutes are allowed."""
    with database.write() as connection:
        caused(connection, came(connection))
    clock.forward(seconds=300)
    assert [Grade.OK] == [each.grade for each in found(subject, check)]
    clock.forward(seconds=1)
    [trouble] = found(subject, check)
    assert (Grade.FAILING, True) == (trouble.grade, "for 301 seconds" in trouble.message)


def test_the_dead_are_counted(subject, database):
    """They are notes: something was given up, and the bot works on."""
    with database.write() as connection:
        for _ in range(2):
            caused(connection, came(connection, state="dead", error="x"), state="dead", error="x")
    assert [("inbox", Grade.NOTE), ("outbox", Grade.NOTE)] == troubles(subject)
    assert found(subject, "inbox")[1].message.startswith("2 deliveries are dead")
    assert found(subject, "outbox")[1].message.startswith("2 changes to trackers are dead")


def test_budgets(subject, database, clock):
    """What is used and what is left."""
    window = Window(name="writes_minute", seconds=60, most=60)
    budget = StoredBudgets(database, clock).of("github:api.github.com/token", (window,))
    StoredBudgets(database, clock).of("another", ()).note(Notice(limited=True))
    budget.note(Notice(quota=Quota(limit=5000, remaining=4000, resets_in_seconds=600)))
    budget.admit("comment", Lane.EDIT, writes=True)
    clock.forward(seconds=20)
    assert [
        (Grade.NOTE, "another asked us to slow down: nothing is sent for 40 more seconds."),
        (Grade.OK, "another: nothing is known."),
        (Grade.OK, "github:api.github.com/token: 1 of 60 writes of one minute, 3999 calls left."),
    ] == [(each.grade, each.message) for each in found(subject, "budgets")]


class Tracker:
    """A tracker outside that finds fault with itself."""

    name = "github:acme/churn"

    def examine(self):
        yield failing("It does not let us in.", "Mend it.")


def test_trackers_look_at_themselves(database, clock):
    """One that two projects share looks once."""
    shared = Tracker()
    subject = make_subject(database, clock, lambda: {"a": shared, "b": shared})
    wanted = Finding(check="trackers", grade=Grade.FAILING, message="It does not let us in.", fix="Mend it.")
    assert [wanted] == found(subject, "trackers")


def test_repositories_look_at_themselves(database, clock):
    """One that two projects share looks once; one in memory has nothing to look at."""
    shared = Tracker()
    code = {"a": shared, "b": shared, "c": FakeRepository()}
    subject = make_subject(database, clock, repositories=lambda: code)
    [finding] = found(subject, "repositories")
    assert (Grade.FAILING, "It does not let us in.") == (finding.grade, finding.message)


def test_monitors_look_at_themselves(database, clock):
    """Those that can; where no list of alerts is read nothing is said."""
    subject = make_subject(database, clock, monitors=lambda: {"a": Tracker(), "b": object()})
    [finding] = found(subject, "monitors")
    assert (Grade.FAILING, "It does not let us in.") == (finding.grade, finding.message)
    assert [] == found(make_subject(database, clock), "monitors")


def test_pipelines_look_at_themselves(database, clock):
    """Where there are none, webhooks alone tell of them."""
    looked = found(
        make_subject(database, clock, pipelines=lambda: {"a": Tracker(), "b": object()}), "pipelines"
    )
    none = found(make_subject(database, clock), "pipelines")
    assert [Grade.FAILING, Grade.OK] == [each.grade for each in (*looked, *none)]


class Starter:
    """It starts nothing, and says what is wrong with each pipeline."""

    def __init__(self, error=None):
        self._error = error

    def check(self, _pipeline):
        if self._error:
            raise self._error


@pytest.mark.parametrize(
    ("starters", "grade", "words"),
    [
        ({"github:acme/churn": Starter()}, Grade.OK, "Pipeline retrain of churn is there."),
        (
            {"github:acme/churn": Starter(PermanentError("It is disabled."))},
            Grade.FAILING,
            "Pipeline retrain of churn cannot be started. It is disabled.",
        ),
        (
            {},
            Grade.FAILING,
            "Pipeline retrain of churn cannot be started: the settings name no way into github:acme/churn.",
        ),
        ({"github:acme/churn": Starter(LimitedError("Wait."))}, Grade.NOTE, "Wait."),
    ],
)
def test_each_pipeline_is_looked_at(database, clock, starters, grade, words):
    """Whether it is there and may run, without a start."""
    project = Project(name="churn", tracker="local:churn", pipelines=(pipeline(),))
    subject = make_subject(database, clock, projects=[project], starters=lambda: starters)
    [finding] = found(subject, "triggers")
    assert (grade, words) == (finding.grade, finding.message)


def test_a_pipeline_that_nobody_may_start_is_told(database, clock):
    """It is no failure."""
    project = Project(name="churn", tracker="local:churn", pipelines=(pipeline(commands=()),))
    starters = {"github:acme/churn": Starter()}
    [finding] = found(
        make_subject(database, clock, projects=[project], starters=lambda: starters), "triggers"
    )
    assert (Grade.OK, True) == (finding.grade, "nobody can start it" in finding.message)


class Reader:
    """A reader of runs that yields a page, or raises."""

    def __init__(self, answer):
        self.answer = answer

    def list_new(self, _cursor):
        if isinstance(self.answer, Exception):
            raise self.answer
        yield self.answer


def test_run_trackers_are_asked(database, clock):
    """What one refuses stands there with what to do; the others are asked all the same."""
    readers = {
        "mlflow/a": Reader(
            TransientError("MLflow at https://a answered 403: set MLFLOW_SERVER_ALLOWED_HOSTS")
        ),
        "wandb/b": Reader(Page(reports=(), cursor=Cursor())),
    }
    findings = found(make_subject(database, clock, readers=lambda: readers), "run_trackers")
    assert [
        (Grade.FAILING, "mlflow/a: MLflow at https://a answered 403: set MLFLOW_SERVER_ALLOWED_HOSTS"),
        (Grade.OK, "wandb/b answers with runs."),
    ] == [(each.grade, each.message) for each in findings]


def test_a_workspace_that_does_not_let_us_read_names_the_role(database, clock):
    """A right to list experiments is not one to read their runs."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        server = FakeAzureMl(missing={"workspaces/experiments/runs/read"})
        server.listen(http)
        reader = AzureMlReader(
            name="azure-ml/ws", workspace=WORKSPACE, token=Tokens(server.token), experiments=["churn-*"]
        )
        subject = make_subject(database, clock, readers=lambda: {reader.name: reader})
        [finding] = found(subject, "run_trackers")
    assert Grade.FAILING == finding.grade
    assert finding.message.startswith(f"azure-ml/ws: Azure Machine Learning at {WORKSPACE.url}")
    assert 'give the identity the role "Reader" on the workspace' in finding.message
    assert "experiments/runs/read" in finding.message


def test_an_outage_of_a_run_tracker_that_the_service_met_is_told(database, clock):
    """Also where the tracker answers the doctor, who may ask from elsewhere."""
    readers = {
        "mlflow/a": Reader(TransientError("MLflow at https://a does not answer")),
        "mlflow/b": Reader(Page(reports=(), cursor=Cursor())),
    }
    upgrade(database)
    with database.write() as connection:
        for door in readers:
            cursors.fail(connection, door, clock(), "MLflow answered 403")
    findings = found(make_subject(database, clock, readers=lambda: readers), "run_trackers")
    since = "the service has failed to read it since 2026-03-04 12:00 UTC"
    assert [
        (Grade.FAILING, f"mlflow/a: MLflow at https://a does not answer ({since})"),
        (Grade.NOTE, f"mlflow/b answers with runs now, but {since}: MLflow answered 403"),
    ] == [(each.grade, each.message) for each in findings]


def test_the_keys_of_jobs_are_counted(database, clock):
    """Where they cannot be fetched, jobs are told to come again."""

    def away():
        raise TransientError("The keys at https://b could not be fetched: away")

    issuers = {"https://a": lambda: 2, "https://b": away}
    findings = found(make_subject(database, clock, issuers=lambda: issuers), "jobs")
    assert [
        (Grade.OK, "Jobs are known by 2 keys of https://a."),
        (Grade.FAILING, "The keys at https://b could not be fetched: away"),
    ] == [(each.grade, each.message) for each in findings]


@pytest.mark.parametrize(
    ("error", "grade"),
    [(PermanentError("No way in: set github.token."), Grade.FAILING), (LimitedError("Wait."), Grade.NOTE)],
)
def test_a_check_that_fails(database, clock, error, grade):
    """Its sentence is the finding, and the other checks are done."""
    subject = make_subject(database, clock, raising(error))
    [trouble] = found(subject, "trackers")
    assert (grade, str(error), CHECKS) == (
        trouble.grade,
        trouble.message,
        sorted({each.check for each in examine(subject)}),
    )


def hooks_of(**states):
    """Hooks of one project, by their names with underscores for dots."""
    fake = FakeHooks(*(name.replace("_", ".") for name in states))
    for name, state in states.items():
        fake.stand(name.replace("_", "."), state, "It is so.")
    return lambda: {"azure-devops": fake}


def webhooks(database, clock, **about_hooks):
    return [
        (each.grade, each.message) for each in found(make_subject(database, clock, **about_hooks), "webhooks")
    ]


def test_hooks_that_work(database, clock):
    """One line for each project."""
    hooks = hooks_of(git_push=HookState.WORKING, workitem_updated=HookState.WORKING)
    assert [(Grade.OK, "Churn: 2 of 2 hooks work.")] == webhooks(database, clock, hooks=hooks)


def test_hooks_that_do_not(database, clock):
    """Each says how it stands; what people switched off is no failure."""
    hooks = hooks_of(
        git_push=HookState.SWITCHED_OFF,
        workitem_created=HookState.WORKING,
        workitem_updated=HookState.FAILING,
    )
    assert [
        (Grade.OK, "Churn: 1 of 3 hooks work."),
        (Grade.NOTE, "Churn, git.push: switched off. It is so."),
        (Grade.FAILING, "Churn, workitem.updated: failing. It is so."),
    ] == webhooks(database, clock, hooks=hooks)


def test_hooks_that_nobody_made(database, clock):
    """One sentence for all of them."""
    hooks = hooks_of(git_push=HookState.MISSING, workitem_updated=HookState.MISSING)
    expected = (Grade.FAILING, "Churn has no hooks that feed us.")
    assert expected == webhooks(database, clock, hooks=hooks)[1]


def test_hooks_that_cannot_be_kept(database, clock):
    """What stands in the way is all there is to say."""
    expected = [(Grade.NOTE, "No password.")]
    assert expected == webhooks(database, clock, obstacle_to_hooks="No password.")


def test_senders_tell_of_their_deliveries(database, clock):
    """Those that can; each looks at itself."""
    expected = [(Grade.FAILING, "It does not let us in.")]
    assert expected == webhooks(database, clock, senders=lambda: [Tracker(), object()])


@pytest.mark.parametrize(("state", "word"), [("read-only", "archived"), ("gone", "deleted")])
def test_a_repository_that_takes_no_writes(database, clock, state, word):
    """It is told that nothing is written there, until it takes writes again."""
    subject = make_subject(database, clock, projects=[replace(CHURN, code="github:acme/churn")])
    with database.write() as connection:
        fact = RecordRepository(code="github:Acme/churn", state=state, at=NOW)
        repository_states.record(connection, fact)
    [trouble] = found(subject, "archives")
    assert (Grade.FAILING, True) == (trouble.grade, word in trouble.message)

    with database.write() as connection:
        repository_states.record(connection, replace(fact, state="writable", at=NOW + timedelta(hours=1)))
    [fine] = found(subject, "archives")
    assert Grade.OK is fine.grade


def test_a_repository_that_was_renamed(database, clock):
    """What to write into the settings; nothing once they have it."""
    told = RepositoryMoved(old="github:acme/churn", new="github:acme/leavers", at=NOW)
    with database.write() as connection:
        log.append(connection, [(told, None)], NOW)
    before, after = (replace(CHURN, tracker=f"github:acme/{name}") for name in ("churn", "leavers"))

    [trouble] = found(make_subject(database, clock, projects=[before]), "moves")
    assert (Grade.FAILING, True) == (trouble.grade, 'tracker = "github:acme/leavers"' in trouble.fix)
    [fine] = found(make_subject(database, clock, projects=[after]), "moves")
    assert Grade.OK is fine.grade


class FakeConversation:
    """A place that sees the teams `known`, and raises for others what it is given."""

    def __init__(self, *known, error=None):
        self.known = known
        self.error = error

    def check_team(self, team):
        if self.error:
            raise self.error
        return team in self.known


def commanded(database, clock, places, *teams):
    """What the check of commands finds of a project whose rules name these teams."""
    policy = CommandPolicy(rules={"close": tuple(f"team:{team}" for team in teams)})
    project = replace(CHURN, tracker="azure-boards:acme/Churn/ML", code="github:acme/churn", commands=policy)
    subject = make_subject(database, clock, projects=[project], conversations=lambda: places)
    return [(each.grade, each.message) for each in found(subject, "commands")]


def test_teams_that_rules_name_are_looked_for(database, clock):
    """Each at the platform that it is of; one that is nowhere is failing."""
    places = {
        "azure-boards:acme/churn": FakeConversation("ML leads"),
        "github:acme/churn": FakeConversation("acme/ml"),
    }
    teams = ("ML leads", "acme/ml", "acme/lost")
    findings = commanded(database, clock, places, *teams)
    assert [Grade.OK, Grade.OK, Grade.FAILING] == [grade for grade, _ in findings]
    assert all(f"eam {team}" in message for team, (_, message) in zip(teams, findings, strict=True))


def test_a_refused_look_into_a_team_is_failing(database, clock):
    """With what the platform said; while it asks to slow down, that is no fault of the team."""
    lost = FakeConversation(error=PermanentError("Grant the App Members: read."))
    [(grade, message)] = commanded(database, clock, {"github:acme/churn": lost}, "acme/ml")
    assert (Grade.FAILING, True) == (grade, "Grant the App Members: read." in message)
    slow = FakeConversation(error=LimitedError("Slow down."))
    assert [(Grade.NOTE, "Slow down.")] == commanded(database, clock, {"github:acme/churn": slow}, "acme/ml")


def test_places_that_cannot_be_reached_are_told_elsewhere(database, clock):
    """Once is enough."""
    subject = make_subject(database, clock, conversations=raising(PermanentError("No way in.")))
    [finding] = found(subject, "commands")
    assert (Grade.NOTE, True) == (finding.grade, "No way in" not in finding.message)


class FakePost:
    """A target that finds one thing when it looks at itself."""

    name, is_sure = "file:/srv", True

    def send(self, letter):
        raise AssertionError(f"nothing is sent, and not {letter}")

    def examine(self):
        yield failing("The folder is full.", "Make room.")


class BlindPost:
    """A chat, which can only be told something."""

    name, is_sure = "slack:env:CHAT", False

    def send(self, letter):
        raise AssertionError(f"nothing is sent, and not {letter}")


def test_targets_of_reports_look_at_themselves(database, clock):
    """And nothing is sent to those that cannot."""
    posts = {each.name: each for each in (FakePost(), BlindPost())}
    checked = found(make_subject(database, clock, posts=lambda: posts), "reports")
    assert [Grade.FAILING, Grade.OK, Grade.OK] == [each.grade for each in checked]
    assert "No reports are scheduled." == checked[-1].message


def test_what_became_of_reports(database, clock):
    """Those of the last week that were refused, and those of which nobody knows."""
    project = replace(CHURN, reports=(ReportSchedule(kind="sprint", cron="0 9 * * *"),))
    with database.write() as connection:
        for key, state in (("a", "refused"), ("b", "unsure"), ("c", "delivered")):
            report_claims.record(connection, replace(CLAIMED, key=key, at=NOW))
            report_claims.settle(connection, key, state, NOW)
    checked = found(make_subject(database, clock, projects=[project]), "reports")
    assert [Grade.FAILING, Grade.NOTE, Grade.OK] == [each.grade for each in checked]
    assert "Reports of the last week that were delivered: 1." == checked[-1].message


class FakeWay:
    """A way in, which answers what it is given."""

    def __init__(self, said):
        self._said = said

    def examine(self):
        if isinstance(self._said, Exception):
            raise self._said
        return self._said


@pytest.mark.parametrize(
    ("address", "grade", "said"),
    [
        ("https://board.example", Grade.OK, "People sign in at https://board.example/sign-in."),
        ("http://localhost:8080", Grade.NOTE, "People sign in on this machine, without https."),
        ("", Grade.NOTE, "People sign in on this machine, without https."),
        (
            "http://board.example",
            Grade.FAILING,
            "People sign in at http://board.example/sign-in, without https.",
        ),
    ],
)
def test_people_sign_in_over_https(database, clock, address, grade, said):
    """Plain http shows a session to whoever listens."""
    subject = make_subject(database, clock, sign_in=lambda: SignIn(public_url=address, ways={}))
    [finding] = found(subject, "sign_in")
    assert (grade, said) == (finding.grade, finding.message)


def test_each_way_in_is_asked(database, clock):
    """Discovery of an issuer, for instance; lists that are empty or let everybody in are noted."""
    ways = {"acme": FakeWay("it answers"), "entra": FakeWay(TransientError("It is down."))}
    facts = SignIn(public_url="https://board.example", ways=ways, closed=["acme"], open=["entra"])
    findings = found(make_subject(database, clock, sign_in=lambda: facts), "sign_in")
    assert [
        (Grade.OK, "People sign in at https://board.example/sign-in."),
        (Grade.OK, "[[sign_in]] acme: it answers."),
        (Grade.FAILING, "[[sign_in]] entra: It is down."),
        (Grade.NOTE, "[[sign_in]] acme lets nobody in."),
        (Grade.NOTE, "[[sign_in]] entra lets anyone in who has an account there."),
    ] == [(each.grade, each.message) for each in findings]
