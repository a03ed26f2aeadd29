"""Calls about one repository, with the doubts cleared that GitHub's answers leave.

GitHub says 404 for what is not there, and also for what we may not see or change. And it says 301 for
what belongs to a renamed repository, and also for an issue that was carried to another one.
"""

from collections.abc import Callable, Iterator
from re import fullmatch
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec
import structlog

from trainboard.errors import MissingError, PermanentError, TrainboardError, TransientError
from trainboard.github.calls import Call
from trainboard.github.client import PER_PAGE, Client
from trainboard.github.faults import MovedError, NoCommitError
from trainboard.github.values import RepositoryJson

T = TypeVar("T")
Shape = TypeVar("Shape")

_log = structlog.get_logger(__name__)


class Repository:
    """A repository of GitHub.

    Args:
        name: `owner/name`.
        client: sends the calls.
        of_issues: work items live there, and not only code.

    Raises:
        ValueError: `name` is not of that form.
    """

    def __init__(self, name: str, client: Client, *, of_issues: bool = True) -> None:
        if not fullmatch(r"[A-Za-z0-9-]+/(?!\.{1,2}$)[A-Za-z0-9._-]+", name):
            raise ValueError(f"{name!r} is no GitHub repository; write owner/name.")
        self.name = name
        self.home = f"/repos/{name}"
        self._client = client
        self._of_issues = of_issues

    def call(
        self,
        doing: str,
        path: str,
        *,
        method: str = "GET",
        query: dict[str, str] | None = None,
        body: dict[str, object] | None = None,
        thing: str = "",
    ) -> Call:
        """A call of which `path` and `thing` lie below the repository, see `Call`."""
        return Call(
            doing=f"{doing} in {self.name}",
            method=method,
            path=f"{self.home}{path}",
            query=query or {},
            body=body,
            thing=f"{self.home}{thing}",
        )

    def read_text(self, call: Call) -> str:
        """Send `call` and take its answer as it comes. Raises as `send`."""
        return self._attempt(call, lambda call: self._client.send(call).text)

    def send(self, call: Call, shape: type[Shape]) -> Shape:
        """Send `call` and read its answer. Raises as `trainboard.trackers.Tracker` says."""
        return self._send_page(call, shape)[0]

    def list_all(self, call: Call, shape: type[Shape]) -> Iterator[Shape]:
        """The things on all pages; a page is asked for when it is needed."""
        query = call.query | {"per_page": str(PER_PAGE)}
        page, following = self._send_page(msgspec.structs.replace(call, query=query), list[shape])  # type: ignore[valid-type]
        yield from page
        while following is not None:
            call = msgspec.structs.replace(call, path=following, query={})
            page, following = self._send_page(call, list[shape])  # type: ignore[valid-type]
            yield from page

    def _send_page(self, call: Call, shape: type[Shape]) -> tuple[Shape, str | None]:
        return self._attempt(call, lambda call: self._client.get_page(call, shape))

    def _attempt(self, call: Call, send: Callable[[Call], T]) -> T:
        try:
            return send(call)
        except NoCommitError:
            raise
        except MissingError as error:
            raise self._clear_doubt(call, error) from error
        except MovedError as moved:
            if call.writes:
                raise
            return send(self._follow(call, moved))

    def _clear_doubt(self, call: Call, error: MissingError) -> TrainboardError:
        asked = call.path == call.thing and not call.writes
        if call.thing != self.home and not asked and self._is_there(call):
            return PermanentError(f"{error} It is there, so we may not do this to it: check our permissions.")
        try:
            home = self._client.get(Call(doing=f"see {self.name}", path=self.home), RepositoryJson)
        except MissingError:
            return TransientError(f"{error} We cannot see {self.name}: check its name and who may see it.")
        if self._of_issues and not home.has_issues:
            return PermanentError(f"{error} Issues are turned off in {self.name}: turn them on.")
        if call.thing == self.home:
            return PermanentError(f"{error} We see {self.name} but may not do this: check our permissions.")
        return error

    def _is_there(self, call: Call) -> bool:
        try:
            self._client.get(Call(doing=f"see why we could not {call.doing}", path=call.thing), msgspec.Raw)
        except MissingError:
            return False
        return True

    def _follow(self, call: Call, moved: MovedError) -> Call:
        target = self._to_url(moved.location)
        home = self._find_new_home()
        if home is None or not target.startswith(f"{home}/"):
            raise MissingError(f"Could not {call.doing}: it was transferred to {target}.") from moved
        _log.warning("repository was renamed", repository=self.name, now=home)
        return msgspec.structs.replace(call, path=target)

    def _find_new_home(self) -> str | None:
        check = Call(doing=f"find {self.name}", path=self.home)
        try:
            self._client.get(check, RepositoryJson)
        except MovedError as moved:
            return self._to_url(moved.location)
        return None

    def _to_url(self, location: str) -> str:
        url = urlsplit(urljoin(self._client.api_url, location))
        return url._replace(query="", fragment="").geturl()
