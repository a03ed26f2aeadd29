"""What senders were told, held against what is stored."""

from collections import Counter
from dataclasses import dataclass, field

import mixture
from sqlalchemy import select

from trainboard.store.models import DeliveryRow


@dataclass
class Told:
    """Acknowledged deliveries, how often each status of a refusal came, and milliseconds of all answers."""

    acknowledged: list = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    times: list = field(default_factory=list)

    def note(self, answer):
        """Remember an answer."""
        self.times.append(answer.milliseconds)
        if 200 <= answer.status < 300:
            self.acknowledged.append(answer.id)
        else:
            self.refused[answer.status] += 1

    def take(self):
        """What came since it was taken last; another thread may note more meanwhile."""
        taken = Told(self.acknowledged[:], Counter(dict(self.refused)), self.times[:])
        del self.acknowledged[: len(taken.acknowledged)], self.times[: len(taken.times)]
        self.refused.subtract(taken.refused)
        return taken

    def add(self, other):
        """Have it as well."""
        self.acknowledged += other.acknowledged
        self.refused += other.refused
        self.times += other.times

    def cut(self, percent):
        """The milliseconds within which so many percent of the answers came; 100 is the slowest."""
        ordered = sorted(self.times) or [0.0]
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class Books:
    """Holds what was acknowledged against what is in an Inbox, however soon that is removed later."""

    def __init__(self, inbox):
        self.doubled = 0
        self._inbox = inbox
        self._last = 0
        self._missing = set()
        self._stored = set()

    def compare(self, acknowledged):
        """How many of these, and of those before, were never seen to be stored."""
        query = select(DeliveryRow.id, DeliveryRow.source, DeliveryRow.delivery_id)
        news = (DeliveryRow.id > self._last) & (DeliveryRow.source != "clock")
        for number, door, stored in self._inbox.rows(query.where(news).order_by(DeliveryRow.id)):
            name = door, mixture.find_id(door, stored)
            self.doubled += name in self._stored
            self._stored.add(name)
            self._last = number
        self._missing = (self._missing | set(acknowledged)) - self._stored
        return len(self._missing)
