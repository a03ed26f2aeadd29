"""A team with its bot, while something goes wrong around them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.talking import Talking, TalkingOnAzure, TalkingOnGitHub, TalkingOnLocalBoard
from fakes.teams import on_azure_devops, on_github, on_local_board
from faults.grounds import Ground
from faults.patience import PatientConversation

LOCAL, GITHUB, AZURE = "local board", "GitHub", "Azure DevOps"
TEAMS = {
    LOCAL: (on_local_board, TalkingOnLocalBoard),
    GITHUB: (on_github, TalkingOnGitHub),
    AZURE: (on_azure_devops, TalkingOnAzure),
}
MINUTE = 60
LOOK_SECONDS = 10
MOST_SECONDS = 8 * 3600
WAITING = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting')
         + (SELECT count(*) FROM effects WHERE state = 'pending')
"""


class Stage:
    """Four experiments run, people comment and check a pull request, minute by minute.

    `broken` are claims of a fault that did not hold.
    """

    def __init__(self, ground: Ground, talking: Talking) -> None:
        self.ground = ground
        self.talking = talking
        self.team = talking.team
        self.bot: PatientConversation = talking.bot
        self.broken: list[str] = []
        self._meanwhile: dict[Callable[[], None], int] = {}
        self._minute = 0
        self._unsaid: list[str] = []

    @property
    def database(self):
        """The bot's."""
        return self.bot.bot.database

    @property
    def platform(self):
        """The stand-in for the platform, None for the local board."""
        return getattr(self.team, "platform", None)

    @property
    def is_ready(self) -> bool:
        """The bot says so to whoever would send to it."""
        return self.bot.http.get("/readyz?exclude=queue").status_code == 200

    @contextmanager
    def every(self, minutes: int, act: Callable[[], None]) -> Iterator[None]:
        """Something happens again and again while the block runs."""
        self._meanwhile[act] = minutes
        yield
        del self._meanwhile[act]

    def expect(self, claim: str, holds: bool) -> None:  # noqa: FBT001
        """A claim that makes the play wrong if it does not hold."""
        if not holds:
            self.broken.append(claim)

    def lives(self, minutes: int) -> None:
        """So much of the team's life."""
        for _ in range(minutes):
            self._act()
            for act, apart in self._meanwhile.items():
                if self._minute % apart == 0:
                    act()
            self.passes(MINUTE)

    def passes(self, seconds: float) -> None:
        """Time goes by; senders come again, and the bot does what is due."""
        self.bot.clock.forward(seconds=seconds)
        self._say()
        self.bot.send_all()
        self.team.sends()
        self.bot.ticks()

    def comes_to_rest(self) -> float:
        """Let time go by until nothing waits, in the bot or before it; the seconds that it took."""
        for seconds in range(0, MOST_SECONDS, LOOK_SECONDS):
            if not self._unsaid and self.bot.send_all() and not self._count_waiting():
                return float(seconds)
            self.passes(LOOK_SECONDS)
        self.broken.append(f"something waits for more than {MOST_SECONDS} s")
        return float(MOST_SECONDS)

    def next_run(self) -> tuple[str, dict]:
        """The id and the document of the delivery that comes next."""
        number = self._minute + 1
        document = run(f"r{number}", f"churn-{number % 4}", metrics={"val_auc": 0.9 + number / 1000})
        return f"d{number}", document

    def _act(self) -> None:
        delivery, document = self.next_run()
        self._minute += 1
        self.bot.reports(document, delivery=delivery)
        if self._minute % 10 == 5:
            self._unsaid += [f"/label step-{self._minute}", "/help"]
        self._say()

    def _say(self) -> None:
        """People command; on the local board they come again if it is away."""
        with suppress(SQLAlchemyError):
            while self._unsaid:
                self.talking.says(self._unsaid[0])
                del self._unsaid[0]

    def _count_waiting(self) -> int:
        with self.database.read() as connection:
            return connection.execute(text(WAITING)).scalar_one()


@contextmanager
def opened(ground: Ground, place: str) -> Iterator[Stage]:
    """A stage on that ground, for a team with its work items at that place; all is quiet when it begins."""
    open_team, kind = TEAMS[place]
    with (
        ground.open_database() as address,
        open_team(partial(PatientConversation, address), FakeClock()) as team,
    ):
        talking = kind(team)
        talking.begins()
        stage = Stage(ground, talking)
        stage.comes_to_rest()
        try:
            yield stage
        finally:
            stage.bot.close()
