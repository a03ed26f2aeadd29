"""What everything keeps that starts pipelines, whatever its platform calls them."""

from datetime import timedelta

import pytest

from contract.starter_worlds import list_worlds
from fakes.pipelines import order
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError

LONG = timedelta(hours=1)
NOWHERE = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


def find(world, wanted):
    return world.starter.find(wanted, world.now() - LONG)


def break_it(world, how):
    try:
        world.breaks(how)
    except LookupError:
        pytest.skip(f"nothing there is {how}")


def test_a_run_gets_the_values_that_were_asked_for(world):
    """Each by its name, as the platform writes it; those that nobody gave are left to the pipeline."""
    world.starter.start(order(world.pipeline, dataset="2026-11", dry_run="yes"))
    world.starter.start(order(world.pipeline, "2"))
    assert [{"dataset": "2026-11", "dry_run": "true"}, {}] == world.list_started()


def test_a_run_is_told_where_the_platform_tells_it(world):
    """With the name by which its checks come in, and with its page."""
    started = world.starter.start(order(world.pipeline))
    assert world.tells_run == (started.name is not None)


def test_a_run_is_found_by_its_mark(world):
    """Among others of the same pipeline, and none before it was started."""
    wanted = order(world.pipeline)
    assert None is find(world, wanted)
    world.starter.start(order(world.pipeline, "another"))
    assert None is find(world, wanted)
    started = world.starter.start(wanted)
    found = find(world, wanted)
    assert started in (found, type(found)())
    world.starter.start(order(world.pipeline, "a third"))
    assert found == find(world, wanted)


def test_an_answer_that_gets_lost_is_a_doubt_that_can_be_cleared(world):
    """The run was started once, and it is found."""
    wanted = order(world.pipeline)
    world.lose_answer()
    with pytest.raises(DoubtError):
        world.starter.start(wanted)
    assert 1 == len(world.list_started())
    assert None is not find(world, wanted)


def test_a_run_is_of_the_commit_that_was_asked_for(world):
    """Or of none in particular."""
    commit = world.add_commit()
    world.starter.start(order(world.pipeline, commit=commit))
    world.starter.start(order(world.pipeline, "2"))
    assert [commit, None] == world.list_commits()


def test_a_commit_that_is_not_there_starts_nothing(world):
    """The platform is asked, whatever the commit looks like."""
    if world.pipeline.kind == "local":
        pytest.skip("it has no commits")
    with pytest.raises(PermanentError, match=NOWHERE):
        world.starter.start(order(world.pipeline, commit=NOWHERE))
    assert [] == world.list_started()


@pytest.mark.parametrize(
    ("how", "error"), [("gone", MissingError), ("disabled", PermanentError), ("forbidden", PermanentError)]
)
def test_what_cannot_run_is_refused_for_good(world, how, error):
    """With a sentence that names it, and nothing is started."""
    break_it(world, how)
    with pytest.raises(error, match=world.pipeline.target):
        world.starter.start(order(world.pipeline))
    assert [] == world.list_started()


@pytest.mark.parametrize("how", ["gone", "disabled"])
def test_what_cannot_run_is_seen_without_a_start(world, how):
    """A look says so, and none starts anything."""
    world.starter.check(world.pipeline)
    break_it(world, how)
    with pytest.raises(PermanentError, match=world.pipeline.target):
        world.starter.check(world.pipeline)
    assert [] == world.list_started()


def test_an_outage_is_not_the_end(world):
    """Nothing is known to be absent then."""
    with world.outage():
        with pytest.raises(TransientError):
            world.starter.start(order(world.pipeline))
        with pytest.raises(TransientError):
            find(world, order(world.pipeline))


def test_there_is_a_page_to_look_at(world):
    """For people, where there may be a run that we do not know."""
    page = world.starter.page_of(world.pipeline)
    assert page.startswith(("https://", "http://")) or world.pipeline.kind == "local"
