"""Processes of the bot in a scene: one that was there when it happened, and those that come after it."""

from sqlalchemy import text

from crashes.databases import share_statements
from crashes.processes import Say
from crashes.scene import Scene
from fakes.conversation import Conversation
from trainboard.store import mailboxes

MOST_SECONDS = 3600
LOOK_SECONDS = 5
WAITING = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting')
         + (SELECT count(*) FROM effects WHERE state = 'pending')
"""


class Life:
    """One process of the bot.

    Args:
        scene: in which it is.
        story: what is played.
        address: of the database.
        say: told the number of each delivery that was stored.
    """

    def __init__(self, scene: Scene, story, address: str, say: Say) -> None:
        self._scene, self._story, self._say = scene, story, say
        self._bot = Conversation(address, clock=scene.clock, **scene.sections)
        share_statements(self._bot.bot.database)
        self._seconds = 0.0

    def begin(self) -> float:
        """Deliveries come in, and are worked on; the seconds for which something waited."""
        self._hear(frozenset())
        self._go_on()
        return self._seconds

    def follow(self, stored: frozenset[int]) -> float:
        """Do what is left, when the leases of the process before have ended; as many seconds.

        Whoever got no answer comes again.
        """
        with self._bot.bot.database.write() as connection:
            mailboxes.release_all(connection)
        self._hear(stored)
        self._tick()
        self._go_on()
        return self._seconds

    def close(self) -> None:
        """End, as a process does that is told to."""
        self._bot.close()

    def _hear(self, stored: frozenset[int]) -> None:
        for number, post in enumerate(self._scene.posts):
            if number not in stored:
                answer = self._bot.http.post(post.path, **post.content)
                assert answer.status_code == 202, answer.text
                self._say(("stored", number))

    def _go_on(self) -> None:
        """Work until nothing waits, and again whenever the clock goes off."""
        self._rest()
        for each in getattr(self._story, "LATER", ()):
            moment = self._scene.began + each
            if self._bot.clock() < moment:
                self._bot.clock.now = moment
                self._tick()
                self._rest()

    def _tick(self) -> None:
        for tick in getattr(self._story, "TICKS", ()):
            getattr(self._bot.bot.schedule, f"tick_{tick}")()

    def _rest(self) -> None:
        for _ in range(0, MOST_SECONDS, LOOK_SECONDS):
            self._bot.settle()
            with self._bot.bot.database.read() as connection:
                if not connection.execute(text(WAITING)).scalar_one():
                    return
            self._bot.clock.forward(seconds=LOOK_SECONDS)
            self._seconds += LOOK_SECONDS
        raise AssertionError(f"something waits for more than {MOST_SECONDS} s")
