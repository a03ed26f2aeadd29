"""What everything keeps that reads what runs of pipelines left, whatever its platform calls it."""

import pytest

from contract.artifact_worlds import COMMIT, list_worlds
from trainboard.errors import MissingError, OversizedError, TransientError


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


def test_the_run_itself_says_where_its_artifacts_are(world):
    """In the place that the reader is known by, in whatever letters."""
    assert world.artifacts.name.casefold() == world.run().place


def test_a_run_that_left_nothing(world):
    """That is told, by one call."""
    run = world.run()
    before = world.asked()
    assert [] == list(world.artifacts.list_artifacts(run))
    assert 1 == world.asked() - before


def test_what_a_run_left(world):
    """One call tells of all of them, with sizes and ages, and of no other run's."""
    run, other = world.run(), world.run()
    world.leave(other, "trainboard-run", b"another")
    world.leave(run, "trainboard-run", b"zip!")
    world.leave(run, "model", b"")
    before = world.asked()
    found = world.artifacts.list_artifacts(run)

    assert [("trainboard-run", 4, False), ("model", 0, False)] == [
        (each.name, each.size_bytes, each.is_foreign) for each in found
    ]
    assert found[0].age < found[1].age
    assert {each.commit for each in found} <= {"", COMMIT}
    assert 1 == world.asked() - before


def test_an_archive_comes_as_it_is(world):
    """By one call more, from another host that is told nothing of us."""
    run = world.run()
    world.leave(run, "trainboard-run", b"zip!")
    [found] = world.artifacts.list_artifacts(run)
    before = world.asked()
    assert b"zip!" == world.artifacts.read_artifact(found, 4)
    assert 1 == world.asked() - before


def test_an_archive_that_is_too_large(world):
    """No more is taken, whatever size was told."""
    run = world.run()
    world.leave(run, "trainboard-run", b"z" * 101)
    [found] = world.artifacts.list_artifacts(run)
    with pytest.raises(OversizedError):
        world.artifacts.read_artifact(found, 100)


def test_an_archive_that_is_gone(world):
    """It is surely not there, and nobody tries again."""
    run = world.run()
    world.leave(run, "trainboard-run", b"zip!", gone=True)
    [found] = world.artifacts.list_artifacts(run)
    with pytest.raises(MissingError):
        world.artifacts.read_artifact(found, 100)


def test_a_run_that_is_gone(world):
    """It left nothing, which is not the same as nothing of use."""
    run = world.forget(world.run())
    with pytest.raises(MissingError):
        world.artifacts.list_artifacts(run)


def test_a_platform_that_is_down(world):
    """It is asked again later."""
    run = world.run()
    world.leave(run, "trainboard-run", b"zip!")
    world.break_next()
    with pytest.raises(TransientError):
        world.artifacts.list_artifacts(run)
    assert 1 == len(world.artifacts.list_artifacts(run))
