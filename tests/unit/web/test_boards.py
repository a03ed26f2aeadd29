"""What a board of GitHub Projects lacks stands on top of every page."""

from html import unescape

from msgspec.structs import replace

from fakes.board import NOW, PROJECTS
from fakes.html import words
from trainboard.board_layout import BoardPolicy, Layout
from trainboard.store import cards

BOARD = "github-project:acme/12"
ON_BOARD = {name: replace(each, board=BoardPolicy(name=BOARD)) for name, each in PROJECTS.items()}


def said(open_site):
    """The words of a page."""
    return unescape(words(open_site(projects=ON_BOARD).get("/projects/churn/sprints/1").text))


def test_nothing_is_said_of_a_board_that_was_never_read(open_site):
    """It is not known to lack anything."""
    assert "board github-project" not in said(open_site)


def test_what_a_board_lacks_is_said_with_what_to_do(open_site, database):
    """As it was read last; what is written there is shown as text."""
    with database.write() as connection:
        cards.put_layout(connection, BOARD, Layout(ref="1", fields=("<b>x</b>",)), NOW)
    assert "has no field 'Iteration' of the kind iteration" in said(open_site)
    assert "There are: <b>x</b>" in said(open_site)


def test_a_board_that_refuses_is_said(open_site, database):
    """With its own words."""
    with database.write() as connection:
        cards.note_trouble(connection, BOARD, "Could not read the board.", NOW)
    assert "Could not read the board." in said(open_site)
