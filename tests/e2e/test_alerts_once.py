"""A problem has one bug, whatever dies, and however often and at once it is told."""

import json
from contextlib import contextmanager

import pytest
from werkzeug.test import Client

from e2e.test_many_at_once import at_once, called
from fakes.alert_traces import DOOR, read_trace
from fakes.alerts import AlertTalk, alert
from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock
from fakes.conversation import SPRINT
from fakes.github import FakeGitHub
from fakes.mortal import outlives_steps
from trainboard.store import mailboxes

MOST_STEPS = 40
TRUTHS = 8


@contextmanager
def on_sqlite(request):
    """The local board on SQLite."""
    yield AlertTalk(f"sqlite:///{request.getfixturevalue('tmp_path')}/t.db")


@contextmanager
def on_postgresql(request):
    """The local board on PostgreSQL, where a dead process's leases stay."""
    yield AlertTalk(request.getfixturevalue("postgresql_url"))


@contextmanager
def on_github(request):
    """Issues of a repository."""
    clock = FakeClock()
    with FakeGitHub(clock=clock).running() as github:
        project = {"name": "churn", "tracker": "github:acme/churn", "sprint": SPRINT}
        path = f"sqlite:///{request.getfixturevalue('tmp_path')}/t.db"
        yield AlertTalk(path, clock=clock, projects=[project], github={"token": github.token})


@contextmanager
def on_azure_boards(request):
    """Bugs of a project of Azure DevOps."""
    azure = AzureDevOps(FakeClock())
    azure.add_project("Churn", process="Agile", team="Churn ML")
    with azure.running():
        project = {"name": "churn", "tracker": "azure-boards:acme/Churn/Churn ML", "sprint": SPRINT}
        path = f"sqlite:///{request.getfixturevalue('tmp_path')}/t.db"
        way_in = {"organization_url": azure.url, "token": azure.token}
        yield AlertTalk(path, clock=azure.clock, projects=[project], azure_devops=way_in)


WORLDS = {
    "local, sqlite": on_sqlite,
    "local, postgresql": on_postgresql,
    "github": on_github,
    "azure boards": on_azure_boards,
}


@pytest.fixture(params=WORLDS)
def talk(request):
    """A bot with an Alertmanager, whose bugs live there."""
    with WORLDS[request.param](request) as talk:
        yield talk
        talk.close()


def outlives(talk, monkeypatch, fatal):
    """The bot does what is due; True if it outlives all its steps, and then another process goes on."""
    has_lived = outlives_steps(talk.settle, monkeypatch, fatal)
    talk.restart()
    with talk.bot.database.write() as connection:
        mailboxes.release_all(connection)  # on PostgreSQL leases end by its own clock
    talk.clock.forward(minutes=5)
    for _ in range(2):
        talk.bot.schedule.tick_alerts()
        talk.settle()
        talk.clock.forward(seconds=30)
    return has_lived


def count_bugs(talk, rule, state):
    return sum(rule in title and stands == state for stands, title in talk.bugs())


def test_a_process_may_die_between_any_two_steps_to_a_bug(talk, monkeypatch):
    """Also between the making of the bug and our note of it."""
    for fatal in range(1, MOST_STEPS):
        rule = f"Drift{fatal:03}"
        talk.tells(alert(rule))
        talk.clock.forward(seconds=3)
        has_lived = outlives(talk, monkeypatch, fatal)
        assert (1, 0) == (count_bugs(talk, rule, "open"), count_bugs(talk, rule, "closed"))
        if has_lived:
            break
    assert 3 < fatal < MOST_STEPS - 1


def test_a_process_may_die_between_any_two_steps_to_its_end(talk, monkeypatch):
    """What is over closes all the same."""
    for fatal in range(1, MOST_STEPS):
        rule = f"Drift{fatal:03}"
        talk.tells(alert(rule))
        talk.clock.forward(seconds=3)
        talk.settle()
        talk.tells(alert(rule, firing=False))
        talk.clock.forward(minutes=11)
        talk.bot.schedule.tick_alerts()
        has_lived = outlives(talk, monkeypatch, fatal)
        assert (0, 1) == (count_bugs(talk, rule, "open"), count_bugs(talk, rule, "closed"))
        if has_lived:
            break
    assert 3 < fatal < MOST_STEPS - 1


def tell(talk, number):
    """An Alertmanager tells of the 200 alerts of one group, in words of its own."""
    (_, body), *_ = read_trace("storm200_one_group")
    told = json.dumps(body | {"externalURL": f"http://am-{number}:9093"}).encode()
    headers = {"Authorization": "Bearer s3cret"}
    answer = Client(talk.bot.doors.wsgi).post(
        DOOR, data=told, headers=headers, content_type="application/json"
    )
    return answer.status_code


def test_many_who_tell_of_one_problem_at_once_make_one_bug(postgresql_url):
    """Eight replicas of an Alertmanager, and two processes of ours that work on what they tell."""
    talks = [called(name, AlertTalk(postgresql_url)) for name in ("one", "two")]
    assert [202] * TRUTHS == at_once(TRUTHS, lambda number: tell(talks[number % 2], number))
    for _ in range(4):
        at_once(2, lambda number: talks[number].bot.engine.settle())
        for talk in talks:
            talk.clock.forward(seconds=3)
    assert ["open"] == [state for state, _ in talks[0].bugs()]
    for talk in talks:
        talk.close()


def test_a_message_that_is_sent_many_times_at_once_is_stored_once(request):
    """Byte for byte the same: one is stored, the others are told so."""
    with on_sqlite(request) as talk:
        assert {200, 202} >= set(at_once(TRUTHS, lambda _: tell(talk, 0)))
        talk.settle()
        talk.clock.forward(seconds=3)
        talk.settle()
        assert ["open"] == [state for state, _ in talk.bugs()]
        talk.close()
