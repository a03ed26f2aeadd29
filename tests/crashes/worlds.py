"""Where the work items live, as somebody sees it who is not the bot."""

from datetime import UTC, datetime
from http.server import HTTPServer
from typing import Any, Protocol
from uuid import uuid4

import requests
from sqlalchemy import text

from fakes.clock import FakeClock
from fakes.conversation import PROJECT, SPRINT
from fakes.github import FakeGitHub
from fakes.github.serving import ServedGitHub
from trainboard.store.database import Database


class World(Protocol):
    """A tracker that outlives the bot.

    `server` is what this process must answer at while the bot works, None where another one does;
    `clock` a clock that nobody moved yet; `sections` the settings that lead the bot here.
    """

    server: HTTPServer | None

    @property
    def clock(self) -> FakeClock: ...

    @property
    def sections(self) -> dict[str, Any]: ...

    def renew(self) -> None:
        """Make everything as if there had been no bot."""

    def list_issues(self, database: Database) -> list[str]:
        """The texts of all issues."""

    def list_milestones(self, database: Database) -> list[str]:
        """The names of all milestones."""


class LocalWorld:
    """The local board, which is in the bot's own database and new with it."""

    server = None
    sections: dict[str, Any] = {}  # noqa: RUF012
    clock = property(lambda _: FakeClock())

    def renew(self):
        pass

    def list_issues(self, database):
        return _list(database, "SELECT body FROM local_items")

    def list_milestones(self, database):
        return _list(database, "SELECT name FROM local_iterations")


class GitHubWorld:
    """Our own GitHub, behind a port of this process."""

    clock = property(lambda _: FakeClock())

    def __init__(self):
        self.server = ServedGitHub()
        self.sections = {
            "projects": [PROJECT | {"tracker": "github:acme/churn"}],
            "github": {"api_url": self.server.url, "token": FakeGitHub.token},
        }

    def renew(self):
        self.server.fake = FakeGitHub(self.server.url, clock=self.clock)

    def list_issues(self, _database):
        return [issue.body for issue in self.server.fake.churn.issues.values()]

    def list_milestones(self, _database):
        return [milestone.title for milestone in self.server.fake.churn.milestones.values()]


class EmulateWorld:
    """A running `emulate`, whose clock nobody moves, with a new repository each time.

    Args:
        url: its address.
        token: whoever may make repositories in `acme`.
    """

    server = None

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._began = datetime.now(UTC).replace(microsecond=0)
        self._name = ""

    @property
    def clock(self):
        return FakeClock(self._began)

    @property
    def sections(self):
        sprint = SPRINT | {"first_start": self._began.date().isoformat()}
        project = PROJECT | {"tracker": f"github:acme/{self._name}", "sprint": sprint}
        return {"projects": [project], "github": {"api_url": self._url, "token": self._token}}

    def renew(self):
        self._name = f"churn-{uuid4().hex}"
        self._call("POST", "/orgs/acme/repos", json={"name": self._name})

    def list_issues(self, _database):
        return [issue["body"] for issue in self._list("issues")]

    def list_milestones(self, _database):
        return [milestone["title"] for milestone in self._list("milestones")]

    def _list(self, what):
        return self._call("GET", f"/repos/acme/{self._name}/{what}", params={"state": "all"})

    def _call(self, method, path, **content):
        headers = {"Authorization": f"token {self._token}"}
        answer = requests.request(method, f"{self._url}{path}", headers=headers, timeout=10, **content)
        answer.raise_for_status()
        return answer.json()


WORLDS = {"local": LocalWorld, "github": GitHubWorld, "emulate": EmulateWorld}


def _list(database: Database, query: str) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text(query)).scalars())
