"""What everything keeps that passes people's words on approvals on, whatever its platform calls them."""

import pytest
from msgspec.structs import replace

from contract.desk_worlds import list_worlds
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


def look(world, person=None):
    return world.desk.look(world.approval, person or world.ana)


def test_whoever_the_platform_asks_may_answer(world):
    """And it tells that nobody did so far."""
    standing = look(world)
    assert ("pending", None, "") == (standing.state, standing.answer, standing.objection)
    assert standing.commit in {None, world.approval.commit}


def test_nobody_else_may_answer(world):
    """With a sentence that names them."""
    assert f"{world.ben.name} is not among those" in look(world, world.ben).objection


def test_a_name_is_not_a_person(world):
    """Whoever took Ana's name has another number."""
    assert look(world, replace(world.ana, id="999")).objection
    assert look(world, replace(world.ben, name=world.ana.name)).objection


@pytest.mark.parametrize("nested", [False, True])
def test_a_member_of_a_group_that_is_asked_may_answer(world, nested):
    """Also through a group within it; who is in none of them may not."""
    world.puts_into_group(world.ben, nested=nested)
    assert "" == look(world, world.ben).objection
    assert f"{world.ana.name} is not among those" in look(world, world.ana).objection


def test_a_run_of_ones_own_is_left_to_others(world):
    """Where the platform wants it so."""
    world.forbids_own(world.ana)
    assert world.ana.name in look(world).objection or "lets nobody approve" in look(world).objection


def test_those_who_may_answer_are_told(world):
    """By the names under which people know them."""
    assert world.ana.name in world.desk.list_approvers(world.approval)


@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_an_answer_is_given_once(world, verdict):
    """With the words that go along."""
    world.desk.answer(world.approval, verdict, "as Ana asked")
    assert [(verdict, "as Ana asked")] == world.answers()
    standing = look(world)
    assert standing.state != "pending" or standing.answer == verdict
    with pytest.raises(PermanentError):
        world.desk.answer(world.approval, verdict, "once more")
    assert [(verdict, "as Ana asked")] == world.answers()


def test_an_answer_given_elsewhere_is_seen(world):
    """It is not the bot's."""
    world.answered_elsewhere()
    standing = look(world)
    assert ("approved", None) == (standing.state, standing.answer)


def test_an_answer_that_gets_lost_is_a_doubt_that_can_be_cleared(world):
    """It was heard once, and whoever looks sees it."""
    world.lose_answer()
    with pytest.raises(DoubtError):
        world.desk.answer(world.approval, "approved", "as Ana asked")
    assert 1 == len(world.answers())
    assert "approved" in {look(world).state, look(world).answer}


def test_what_is_gone_is_told(world):
    """It is surely not there."""
    world.vanishes()
    with pytest.raises(MissingError):
        look(world)
    with pytest.raises(MissingError):
        world.desk.answer(world.approval, "approved", "as Ana asked")


def test_what_the_bot_may_not_do_is_refused(world):
    """Nothing is answered."""
    world.locks_us_out()
    with pytest.raises(PermanentError):
        world.desk.answer(world.approval, "approved", "as Ana asked")
    assert [] == world.answers()


def test_an_outage_is_not_the_end(world):
    """Nothing is known then, and nothing was done."""
    with world.outage():
        with pytest.raises(TransientError):
            look(world)
        with pytest.raises(TransientError):
            world.desk.answer(world.approval, "approved", "as Ana asked")
    assert [] == world.answers()
