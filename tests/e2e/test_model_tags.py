"""Tags of Git tell which versions of models there are, and which are in use."""

import pytest
from sqlalchemy import func, select

from fakes.conversation import SPRINT, Conversation, run
from fakes.repositories import FakeRepository
from trainboard.store.models import DeliveryRow

COMMIT, OTHER = "a" * 40, "b" * 40
PROJECT = {"name": "churn", "tracker": "local", "code": "github:acme/churn", "sprint": SPRINT}


@pytest.fixture
def talk(tmp_path):
    """A bot whose project's tags tell of models, and its repository."""
    opened = Conversation(
        f"sqlite:///{tmp_path}/t.db",
        projects=[PROJECT | {"model_tags": True}],
        github={"token": "t"},
    )
    opened.repository = FakeRepository()
    opened.bot.outside.repositories["churn"] = opened.repository
    yield opened
    opened.close()


def trains(talk, id_, commit, auc=0.9):
    """A run at that commit."""
    links = {"repo": "acme/churn", "commit": commit, "dirty": False}
    talk.reports(run(id_, "churn-xgb", metrics={"val_auc": auc}, links=links))


def looks(talk):
    """An hour goes by."""
    talk.clock.forward(minutes=60)
    talk.bot.schedule.tick_history()
    talk.settle()
    talk.forward(minutes=6)


def body(talk):
    [item] = talk.items()
    return item.body.replace("\u200b", "")


def count_told(talk):
    """How much the tags told so far."""
    with talk.bot.database.read() as connection:
        mine = DeliveryRow.source == "poll/git-tags/churn"
        return connection.execute(select(func.count()).where(mine).select_from(DeliveryRow)).scalar()


def test_a_version_stands_where_its_run_does(talk):
    """The run that trained at the tag's commit made it; a stage of production is the end of the way."""
    trains(talk, "r1", COMMIT)
    looks(talk)
    assert "#### Models" not in body(talk)
    talk.repository.person_tags("churn@v1.0.0", COMMIT)
    looks(talk)
    assert "- `churn` version v1.0.0, from r1" in body(talk)
    talk.repository.person_tags("churn#prod#1", COMMIT)
    looks(talk)
    assert "- `churn` version v1.0.0 (`prod`), from r1: alias `prod` ✓ since" in body(talk)
    assert "**✓ monitor**" in body(talk)


def test_a_later_assignment_takes_the_stage_away(talk):
    """And one that is taken back leaves it empty."""
    trains(talk, "r1", COMMIT)
    trains(talk, "r2", OTHER)
    for name, commit in (("churn@v1.0.0", COMMIT), ("churn@v2.0.0", OTHER), ("churn#prod#1", COMMIT)):
        talk.repository.person_tags(name, commit)
    looks(talk)
    assert "version v1.0.0 (`prod`)" in body(talk)
    talk.repository.person_tags("churn#prod#2", OTHER)
    looks(talk)
    assert "version v2.0.0 (`prod`)" in body(talk)
    assert "version v1.0.0 (`prod`)" not in body(talk)
    talk.repository.person_tags("churn#prod!#3", OTHER)
    looks(talk)
    assert "(`prod`)" not in body(talk)


def test_a_run_that_is_told_of_after_its_tag_is_found(talk):
    """Of several runs at one commit none is taken for the one that made it."""
    talk.repository.person_tags("churn@v1.0.0", COMMIT)
    looks(talk)
    trains(talk, "r1", COMMIT)
    looks(talk)
    assert "- `churn` version v1.0.0, from r1" in body(talk)
    trains(talk, "r2", OTHER)
    trains(talk, "r3", OTHER)
    talk.repository.person_tags("churn@v2.0.0", OTHER)
    looks(talk)
    assert "v2.0.0" not in body(talk)


def test_a_repository_that_is_away_is_asked_again(talk):
    """Nothing is taken for gone."""
    trains(talk, "r1", COMMIT)
    talk.repository.person_tags("churn@v1.0.0", COMMIT)
    talk.repository.person_tags("churn#prod#1", COMMIT)
    looks(talk)
    talk.repository.is_down = True
    looks(talk)
    assert "version v1.0.0 (`prod`)" in body(talk)
    talk.repository.is_down = False
    talk.repository.person_tags("churn#prod!#2", COMMIT)
    looks(talk)
    assert "(`prod`)" not in body(talk)


def test_what_is_known_is_not_told_again(talk):
    """A look that finds nothing new leaves nothing to be worked on."""
    trains(talk, "r1", COMMIT)
    talk.repository.person_tags("churn@v1.0.0", COMMIT)
    talk.repository.person_tags("churn#prod#1", COMMIT)
    looks(talk)
    before = count_told(talk)
    looks(talk)
    assert (2, 2) == (before, count_told(talk))
