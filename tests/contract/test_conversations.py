"""What every place keeps where people talk to the bot, whatever its platform calls it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from contract.conversation_worlds import list_worlds
from trainboard.approvals import Person
from trainboard.comments import Role
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.grammar.lines import find_command_lines


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


def read(world, comment):
    return world.conversation.read_comment(world.origin, comment)


def test_a_comment_is_read_with_its_author_and_its_text(world):
    """As its platform shows it now; the author is known by a number that stays."""
    comment = world.writes("Hello.\n\n/sprint next")
    found = read(world, comment)
    assert (world.ana, comment, False, False) == (found.author, found.ref, found.is_bot, found.ours)
    lines = find_command_lines(found.text, found.markup)
    assert ["sprint next"] == [line.meaning for line in lines]
    assert abs(world.now - found.created_at) < timedelta(minutes=1)


def test_what_was_edited_is_read_as_it_is_now(world):
    """And its editor is told where the platform does."""
    comment = world.writes("Hello.")
    world.edits(comment, "/close")
    found = read(world, comment)
    assert ["close"] == [line.meaning for line in find_command_lines(found.text, found.markup)]
    assert (world.ana.id if world.tells_editors else None) == found.editor


def test_a_comment_that_is_gone_is_missing(world):
    """Deleted, or never there, or on another item."""
    comment = world.writes("Hello.")
    world.deletes(comment)
    for gone in (comment, world.writes("Elsewhere.", elsewhere=True), "99999", "../1", ""):
        with pytest.raises(MissingError):
            read(world, gone)


def test_what_we_wrote_is_ours(world):
    """So that the bot never obeys itself."""
    made = world.conversation.create_comment(world.origin, "An answer.")
    assert read(world, made.ref).ours
    assert not read(world, world.writes("An answer.")).ours


def test_a_role_is_what_the_platform_says_now(world):
    """Nothing is remembered: who lost a role has lost it."""
    for role in (*world.roles, *reversed(world.roles)):
        world.gives_role(world.ben, role)
        assert role is world.conversation.find_role(world.origin, world.ben)


def test_a_name_is_not_a_person(world):
    """Whoever took Ben's name has another number; a stranger is anyone."""
    if world.roles == (Role.ADMIN,):
        pytest.skip("nobody signs in there")
    world.gives_role(world.ben, world.roles[-1])
    for stranger in (replace(world.ben, id="999"), replace(world.ben, name="nobody-knows", id="998")):
        assert Role.ANYONE is world.conversation.find_role(world.origin, stranger)


def test_a_role_of_an_organisations_own_counts_as_what_it_is_built_on(world):
    """By what it lets people do, for its name may be any."""
    if not hasattr(world, "gives_own_role"):
        pytest.skip("there are no such roles")
    world.gives_own_role(world.ben)
    assert Role.WRITE is world.conversation.find_role(world.origin, world.ben)


def is_in(world, team=None, person=None):
    if world.team is None:
        pytest.skip("there are no teams")
    return world.conversation.is_in_team(world.origin, person or world.ben, team or world.team)


def test_who_is_in_a_team_is_what_the_platform_says_now(world):
    """Nothing is remembered."""
    assert not is_in(world)
    world.puts_into_team(world.ben)
    assert is_in(world)
    world.takes_out_of_team(world.ben)
    assert not is_in(world)


def test_who_is_in_a_team_by_another_one_is_in_it(world):
    """A child team, or a group in a group."""
    if world.team:
        world.puts_below_team(world.ben)
    assert is_in(world)
    assert not is_in(world, person=world.ana)


def test_a_stranger_is_in_no_team(world):
    """Nor is who took the name of somebody in it."""
    if world.team:
        world.puts_into_team(world.ben)
    assert not is_in(world, person=Person(id="999", name=world.ben.name))
    assert not is_in(world, person=Person(id="998", name="../../nobody"))


def test_a_team_that_is_not_there_has_no_strangers(world):
    """That somebody is not in it is only said of a team that we see."""
    with pytest.raises(MissingError):
        is_in(world, world.lost_team)
    with pytest.raises(MissingError):
        world.conversation.check_team(world.lost_team)


def test_teams_of_another_platform_have_nobody_here(world):
    """And names that nobody's team has are not asked for, whatever address they would make."""
    asked = ("../..", "..", ".", " ", "a/../b", "acme/..", "acme/x/y", "x?y=z", "@all\n/close")
    for name in filter(None, (world.foreign_team, *asked)):
        assert not is_in(world, name)
        assert not world.conversation.check_team(name)
    assert world.conversation.check_team(world.team)


def test_a_refused_look_into_a_team_is_no_answer(world):
    """It says what is missing."""
    if world.team:
        world.hides_teams()
    for ask in (lambda: is_in(world), lambda: world.conversation.check_team(world.team)):
        with pytest.raises(PermanentError) as caught:
            ask()
        assert not isinstance(caught.value, MissingError)
        assert any(word in str(caught.value) for word in ("vso.identity", "Members: read"))


def test_on_a_local_board_everybody_is_in_every_team(world):
    """As everybody may everything there."""
    if world.team:
        pytest.skip("there are teams")
    assert world.conversation.is_in_team(world.origin, world.ben, "acme/ml-leads")


def test_a_reaction_stands_once(world):
    """However often it is given; each kind by itself."""
    comment = world.writes("/sprint next")
    for reaction in world.reactions:
        world.conversation.react(world.origin, comment, reaction)
        world.conversation.react(world.origin, comment, reaction)
    assert list(world.reactions) == world.reactions_of(comment)


def test_a_lost_reaction_is_given_again(world):
    """Nobody need look: a second one changes nothing more."""
    comment, reaction = world.writes("/sprint next"), world.reactions[-1]
    world.lose_answer()
    with pytest.raises(DoubtError):
        world.conversation.react(world.origin, comment, reaction)
    world.conversation.react(world.origin, comment, reaction)
    assert [reaction] == world.reactions_of(comment)


def test_whoever_is_no_person_is_told_apart(world):
    """So that bots command only where somebody allows them."""
    if not hasattr(world, "service_writes"):
        pytest.skip("nobody signs in there")
    assert read(world, world.service_writes("/close")).is_bot


def test_answers_are_found_again_and_changed(world):
    """Only ours, as they were written."""
    world.writes("A person's.")
    made = world.conversation.create_comment(world.origin, "First.")
    since = world.now - timedelta(minutes=10)
    [found] = world.conversation.list_answers(world.origin, since)
    assert (made.ref, "First.", True) == (found.ref, found.body, found.ours)
    world.conversation.update_comment(world.origin, made.ref, "Second.")
    [found] = world.conversation.list_answers(world.origin, since)
    assert "Second." == found.body


def test_a_lost_answer_is_a_doubt(world):
    """The comment may stand: whoever wrote it has to look."""
    world.lose_answer()
    with pytest.raises(DoubtError):
        world.conversation.create_comment(world.origin, "Said.")
    said = world.conversation.list_answers(world.origin, world.now - timedelta(minutes=10))
    assert "Said." in [each.body for each in said]


def test_an_outage_passes(world):
    """Nothing is known then, and nobody is taken for a stranger."""
    comment = world.writes("/close")
    read(world, comment)
    ask = (
        lambda: read(world, comment),
        lambda: world.conversation.find_role(world.origin, world.ben),
        lambda: world.conversation.is_in_team(world.origin, world.ben, world.team or "any"),
    )
    for each in ask:
        with world.outage(), pytest.raises(TransientError):
            each()


def test_comments_that_nobody_told_of_are_listed(world):
    """Those with commands that nobody edited, since a moment."""
    if not world.conversation.lists_written:
        pytest.skip("the platform can only be asked item by item")
    since = world.now
    first, edited = world.writes("/close\n/trainboard help"), world.writes("/close")
    world.writes("Prose.")
    world.edits(edited, "/reopen")
    [hint] = world.conversation.list_written(since)
    assert (world.origin, first, ("close", "help")) == (hint.origin, hint.comment, hint.lines)
    assert (True, False) == (hint.is_addressed, hint.is_edit)
    assert [] == list(world.conversation.list_written(world.now + timedelta(minutes=1)))
