"""A GitHub that we did not write."""

from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import requests

from crashes.clock import SharedClock
from fakes.conversation import PROJECT, SPRINT
from fakes.teams import Team


class EmulateTeam(Team):
    """Issues of a repository that is theirs alone; `call` asks for what is in it."""

    def __init__(self, bot, call):
        self.bot, self.call = bot, call


class EmulateWorld:
    """A running `emulate`, whose clock nobody moves, with a new repository each time.

    Args:
        url: its address.
        token: whoever may make repositories in `acme`.
    """

    is_here = False

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._began = datetime.now(UTC).replace(microsecond=0)

    def make_clock(self) -> SharedClock:
        """It begins when this process began."""
        return SharedClock(self._began)

    @contextmanager
    def opened(self, talk, clock, **project):
        """A team with a repository."""
        name = f"churn-{uuid4().hex}"
        self._call("POST", "/orgs/acme/repos", json={"name": name})
        sprint = SPRINT | {"first_start": self._began.date().isoformat()}
        bot = talk(
            clock=clock,
            projects=[PROJECT | {"tracker": f"github:acme/{name}", "sprint": sprint} | project],
            github={"api_url": self._url, "token": self._token},
        )
        yield EmulateTeam(bot, lambda path: self._list(f"/repos/acme/{name}/{path}"))

    def look(self, team, _connection):
        """What people see there."""
        issues = team.call("issues?state=all")
        return {
            "items": [(each["title"], each["state"], each["state_reason"], each["body"]) for each in issues],
            "comments": [
                (issue["number"], each["body"])
                for issue in issues
                for each in team.call(f"issues/{issue['number']}/comments")
            ],
            "milestones": [each["title"] for each in team.call("milestones?state=all")],
        }

    def _list(self, path):
        return self._call("GET", path, params={"per_page": 100})

    def _call(self, method, path, **content):
        headers = {"Authorization": f"token {self._token}"}
        answer = requests.request(method, f"{self._url}{path}", headers=headers, timeout=10, **content)
        answer.raise_for_status()
        return answer.json()
