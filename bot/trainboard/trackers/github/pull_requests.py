"""Descriptions of a repository's pull requests.

Source: "REST API endpoints for pull requests".
"""

from collections.abc import Iterator

import msgspec

from trainboard.diagnosis import Finding
from trainboard.github.calls import Call
from trainboard.github.client import Client, Clock
from trainboard.github.credentials import Credential, Place, TokenCredential
from trainboard.github.examination import examine
from trainboard.github.repository import Repository

PERMISSIONS = {"metadata": "read", "pull_requests": "write"}


class PullRequestJson(msgspec.Struct, frozen=True):
    """What we read of a pull request."""

    body: str | None = None


class PullRequests:
    """Keeps `trainboard.descriptions.Descriptions`: one call for each method.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`.
        api_url: the API's root.
        clock: the time now, aware.
    """

    def __init__(self, *, repository: str, credential: Credential, api_url: str, clock: Clock) -> None:
        self.name = f"github:{repository}"
        self._by_role = isinstance(credential, TokenCredential)
        self._clock = clock
        place = Place(api_url=api_url, repository=repository, clock=clock)
        auth, budget = credential.sign_in(place), credential.open_budget(place)
        self._client = Client(api_url=api_url, auth=auth, budget=budget, clock=clock)
        self._repository = Repository(repository, self._client)

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()

    def get(self, number: int) -> str:
        """The description of a pull request, empty if it has none."""
        call = self._call("read", number)
        return self._repository.send(call, PullRequestJson).body or ""

    def replace(self, number: int, text: str) -> None:
        """Give a pull request another description."""
        call = self._call("describe", number, method="PATCH", body={"body": text})
        self._repository.send(call, PullRequestJson)

    def examine(self) -> Iterator[Finding]:
        """Whether GitHub lets us in, and whether we may write there."""
        return examine(
            self._client, self._repository.name, self._clock, by_role=self._by_role, of_issues=False
        )

    def _call(
        self, verb: str, number: int, *, method: str = "GET", body: dict[str, object] | None = None
    ) -> Call:
        path = f"{self._repository.home}/pulls/{number}"
        doing = f"{verb} pull request {number} in {self._repository.name}"
        return Call(doing=doing, method=method, path=path, body=body, thing=path)
