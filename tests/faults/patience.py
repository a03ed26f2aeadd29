"""Senders that come again until they are acknowledged, and workers that outlast their database."""

from collections import Counter, deque
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from fakes.clock import FakeClock
from fakes.conversation import RUNS_SECRET, Conversation
from trainboard.engine.leases import LEASE
from trainboard.errors import TransientError
from trainboard.store.sweeping import sweep

PUBLIC_URL = "https://bot.example"


class MachineClock(FakeClock):
    """The clock of the bot's machine, which may be off the time of everybody else by `skew`."""

    skew = timedelta(0)

    def __init__(self, clock: FakeClock) -> None:
        self.true = clock

    def __call__(self):
        return self.true() + self.skew

    def forward(self, **time: float) -> None:
        self.true.forward(**time)


class PatientConversation(Conversation):
    """A bot to whom all come again, as good senders do.

    `acknowledged` and `refused` are the ids of the deliveries that were, at least once; `answers` counts the
    answers by their status, `hasty` the refusals that did not say when to come again. `secret` is what a job
    signs with.
    """

    def __init__(self, database: str, *, clock: FakeClock, **sections) -> None:
        self.acknowledged: set[str] = set()
        self.answers: Counter[int] = Counter()
        self.hasty = 0
        self.refused: set[str] = set()
        self.secret = RUNS_SECRET
        self._unsent: deque[tuple[str, bytes, dict[str, str]]] = deque()
        server = {"database": database, "dashboard": "public", "public_url": PUBLIC_URL}
        super().__init__(database, clock=MachineClock(clock), server=server, **sections)

    @property
    def true_now(self):
        """The time of everybody else."""
        return self.clock.true()

    def changes(self, **sections) -> None:
        """An operator changes the settings and starts the bot again."""
        self.settings = self.settings.model_copy(update=sections)
        self.restart()

    def settle(self) -> None:
        """The bot does all that is due now, as far as its database lets it."""
        with suppress(SQLAlchemyError):
            super().settle()

    def ticks(self) -> None:
        """The bot sweeps and its alarm clock goes off, as far as its database lets it."""
        with suppress(SQLAlchemyError), self.bot.database.write() as connection:
            sweep(connection, self.clock(), LEASE)
        with suppress(TransientError):
            super().ticks()
        self.settle()

    def send_all(self) -> bool:
        """Whoever was refused comes again, as long as the one before is taken; True if nobody is left."""
        while self._unsent and self._send(*self._unsent[0]):
            self._unsent.popleft()
        return not self._unsent

    def signed(self, body: bytes, delivery: str, secret: str = "") -> dict[str, str]:
        """The headers of a sender whose clock is right."""
        skew, self.clock.skew = self.clock.skew, timedelta(0)
        headers = super().signed(body, delivery, secret or self.secret)
        self.clock.skew = skew
        return headers

    def _send(self, path: str, body: bytes, headers: dict[str, str]) -> bool:
        name = headers.get("webhook-id") or headers["X-GitHub-Delivery"]
        if "webhook-id" in headers:
            headers = self.signed(body, name)
        answer = self.http.post(path, data=body, headers=headers, content_type="application/json")
        self.answers[answer.status_code] += 1
        is_taken = answer.status_code in {200, 202}
        (self.acknowledged if is_taken else self.refused).add(name)
        self.hasty += not is_taken and "Retry-After" not in answer.headers
        return is_taken

    def _post(self, path: str, body: bytes, headers: dict[str, str], *, settle: bool) -> int:
        if not self._send(path, body, headers):
            self._unsent.append((path, body, headers))
        if settle:
            self.settle()
        return 202
