"""Comments on a work item of a local board."""

from contextlib import contextmanager

import pytest
from sqlalchemy import delete, select

from contract.worlds import local
from trainboard.approvals import Person
from trainboard.comments import Role
from trainboard.conversations.local import LocalConversation
from trainboard.store import local_board
from trainboard.store.local_models import LocalCommentRow
from trainboard.triggers import Origin


class LocalConversationWorld:
    """Whoever writes may do everything."""

    roles = (Role.ADMIN,)
    team = lost_team = foreign_team = None
    reactions = ("seen", "done", "refused")
    tells_editors = False

    def __init__(self, world):
        self.world = world
        self.database = world.database
        self.conversation = LocalConversation(world.database, "churn", world.tracker)
        self.ana, self.ben = (Person(id=name, name=name) for name in ("ana", "ben"))
        first, self.other = (
            world.person_opens(title, label="x") for title in ("Try a wider tree", "Another")
        )
        self.origin = Origin(place="local:churn", ref=first)

    @property
    def now(self):
        return self.world.now()

    def writes(self, text, *, elsewhere=False):
        number = int(self.other if elsewhere else self.origin.ref)
        with self.database.write() as connection:
            return local_board.write_comment(connection, number, "ana", text, self.now).ref

    def edits(self, comment, text):
        self.world.person.update_comment(self.origin.ref, comment, text)

    def deletes(self, comment):
        with self.database.write() as connection:
            connection.execute(delete(LocalCommentRow).where(LocalCommentRow.id == int(comment)))

    def gives_role(self, person, role):
        """Everybody has it."""

    def reactions_of(self, comment):
        query = select(LocalCommentRow.reactions).where(LocalCommentRow.id == int(comment))
        with self.database.read() as connection:
            return connection.execute(query).scalar_one().split()

    def lose_answer(self):
        pytest.skip("the database is our own")

    def outage(self):
        return self.world.outage()


@contextmanager
def open_world(request):
    with local.open_world(request) as world:
        yield LocalConversationWorld(world)
