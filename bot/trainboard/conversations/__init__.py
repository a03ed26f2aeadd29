"""Where people talk to the bot. Each module is one kind of place, all keep the contract in `Conversation`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from trainboard.approvals import Person
from trainboard.comments import Hint, Reaction, Role, WrittenComment
from trainboard.triggers import Origin
from trainboard.work_items import Comment


class Conversation(Protocol):
    """The comments of one tracker or repository; `name` is its full name, as in `Origin.place`.

    `lists_written` tells whether comments can be found there without asking item by item.

    Raises (any method): as `trainboard.trackers.Tracker` says; DoubtError only from `create_comment`,
    `update_comment` and `react`.
    """

    name: str
    lists_written: bool

    def read_comment(self, origin: Origin, comment: str) -> WrittenComment:
        """The comment as it stands now.

        Raises:
            MissingError: it is not there, or not on that item.
        """
        ...

    def find_role(self, origin: Origin, person: Person) -> Role:
        """What the person is there, as the platform says at this moment: nothing is remembered.

        Somebody whom the platform does not know, or who has another id by now, is ANYONE. AUTHOR is never
        answered: that is known from the item.
        """
        ...

    def is_in_team(self, origin: Origin, person: Person, team: str) -> bool:
        """True if the person is in that team there, as the platform says at this moment.

        False for somebody whom the platform does not know, who has another id by now or who was only
        invited, and for a team of another platform, in which nobody there is.

        Args:
            origin: where.
            person: who.
            team: `organisation/slug` on GitHub; in Azure DevOps the name of a team of the project.

        Raises:
            MissingError: there is no such team, or it is not shown to us.
            PermanentError: we may not see that; the sentence says what is missing.
        """
        ...

    def check_team(self, team: str) -> bool:
        """True if we see that team and may ask who is in it; False if it is one of another platform.

        Raises:
            MissingError: as `is_in_team`.
            PermanentError: as `is_in_team`.
        """
        ...

    def react(self, origin: Origin, comment: str, reaction: Reaction) -> None:
        """The comment carries our reaction. Doing it again changes nothing more."""
        ...

    def list_answers(self, origin: Origin, since: datetime) -> Iterator[Comment]:
        """Comments there that are ours, of which those that changed at or after `since` are among them."""
        ...

    def create_comment(self, origin: Origin, body: str) -> Comment:
        """Add a comment that blocks nobody. Never repeated by itself."""
        ...

    def update_comment(self, origin: Origin, comment: str, body: str) -> None:
        """Replace the text of a comment of ours."""
        ...

    def list_written(self, since: datetime) -> Iterator[Hint]:
        """Comments that may command something and were written at or after `since`, oldest first.

        `Hint.lines` are all command lines of those that nobody edited; edited ones are left out. Nothing,
        where they cannot be found so.
        """
        ...
