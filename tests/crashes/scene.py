"""A story up to the moment at which somebody does something, and what the bot is told then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from crashes.clock import SharedClock
from fakes.conversation import RUNS_SOURCE, Conversation


@dataclass(frozen=True)
class Post:
    """A delivery as it is sent."""

    path: str
    content: dict[str, Any]


class Listening(Conversation):
    """A bot that can be told to hear and do nothing: what it is sent is kept for another process."""

    heard: list[Post] | None = None

    def listen(self) -> None:
        """Do nothing from now on."""
        self.heard = []
        self.http = self

    def post(self, path: str, **content: Any) -> SimpleNamespace:
        """Keep a delivery, and answer as if it were stored."""
        self.heard.append(Post(path, content))
        return SimpleNamespace(status_code=202)

    def settle(self) -> None:
        """Do what is due, unless it only listens."""
        if self.heard is None:
            super().settle()

    def forward(self, **time: float) -> None:
        """Let time go by, unless it only listens."""
        if self.heard is None:
            super().forward(**time)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What processes begin with: `posts` come at `began`, and `sections` lead to what `team` has."""

    team: Any
    clock: SharedClock
    began: datetime
    sections: dict[str, Any]
    posts: tuple[Post, ...]


class Before:
    """All is ready for something to happen; the bot only listens.

    Args:
        team: whose bot it is.
        acting: whoever acts.
        sections: the bot's settings.
    """

    def __init__(self, team: Any, acting: Any, sections: dict[str, Any]) -> None:
        self.team, self._acting = team, acting
        self._sections = {name: value for name, value in sections.items() if name != "clock"}
        team.bot.listen()

    def wait_until(self, moment: datetime) -> None:
        """Let time go by."""
        self.team.bot.clock.now = moment

    def close(self) -> None:
        """Let go of the database."""
        self.team.bot.close()

    def happen(self, story) -> Scene:
        """It happens now."""
        story.happens(self._acting)
        bot = self.team.bot
        return Scene(
            team=self.team,
            clock=bot.clock,
            began=bot.clock(),
            sections=self._sections,
            posts=tuple(bot.heard),
        )


@contextmanager
def ready(world, story, address: str, clock: SharedClock) -> Iterator[Before]:
    """The world stands as the story begins as long as the block lasts."""
    known: dict[str, Any] = {}

    def talk(**sections: Any) -> Listening:
        sections["sources"] = [*sections.get("sources", [RUNS_SOURCE]), *getattr(story, "SOURCES", ())]
        known.update(sections | getattr(story, "SECTIONS", {}))
        return Listening(address, **known)

    with world.opened(talk, clock, **getattr(story, "PROJECT", {})) as team:
        acting = story.begins(team)
        yield Before(team, acting, known)


@contextmanager
def set_up(world, story, address: str) -> Iterator[Scene]:
    """It has happened, and processes may begin; the database is let go of."""
    with ready(world, story, address, world.make_clock()) as before:
        scene = before.happen(story)
        before.close()
        yield scene
