"""Azure Monitor's own list of alerts, by which it is found out which of them are over without a word.

It tells less of an alert than the notification did, so it only says which of those that we know fire still.

Source: "Azure REST API reference", "Alerts Management", "Alerts - Get All". It lists thirty days.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
import requests

from trainboard.alerts import Alert, AlertGroup
from trainboard.diagnosis import Finding, failing
from trainboard.errors import TrainboardError, TransientError
from trainboard.outbound import Outbound

VERSION = "2019-03-01"
MOST_PAGES = 40
_FIRED = {"api-version": VERSION, "monitorCondition": "Fired", "timeRange": "30d", "pageCount": "250"}
_NO_API = "check the subscription, and the role Monitoring Reader on it"


class _AlertJson(msgspec.Struct, frozen=True):
    name: str


class _PageJson(msgspec.Struct, frozen=True, rename="camel"):
    value: list[_AlertJson]
    next_link: str | None = None


class AzureMonitor:
    """Asks for the alerts of one subscription. Any number of threads may use it.

    Args:
        name: that of its source, like `azure-monitor/prod`.
        server: asks Azure Resource Manager.
        subscription: the subscription's id.
    """

    names_groups = False

    def __init__(self, *, name: str, server: Outbound, subscription: str) -> None:
        self.name = name
        self._server = server
        self._path = f"/subscriptions/{subscription}/providers/Microsoft.AlertsManagement/alerts"

    def list_groups(self, known: Mapping[str, Alert]) -> Sequence[AlertGroup]:
        """One call for 250 alerts that fire; none while we know of none.

        An alert without a name of Azure's counts as it was told.
        """
        if not known:
            return []
        fired = set(self._list_fired())
        going = (each for each in known.values() if not each.sender_id or each.sender_id in fired)
        return [AlertGroup(alerts=tuple(going))]

    def examine(self) -> Iterator[Finding]:
        """Whether it answers."""
        try:
            count = len(list(self._list_fired()))
        except TrainboardError as error:
            yield failing(str(error), f"Check subscription and identity of the source {self.name}.")
        else:
            yield Finding(message=f"{self.name} answers: {count} alerts fire.")

    @property
    def _where(self) -> str:
        return self._server.where(self._path)

    def _list_fired(self) -> Iterator[str]:
        page = self._read(self._path, dict(_FIRED))
        for _ in range(MOST_PAGES):
            yield from (each.name.lower() for each in page.value)
            if not page.next_link:
                return
            page = self._read(*self._follow(page.next_link))
        raise TransientError(
            f"{self._server.where(self._path)} has more alerts than are read: {MOST_PAGES} pages"
        )

    def _read(self, path: str, query: Mapping[str, str]) -> _PageJson:
        answer = self._server.send("GET", path, params=query)
        if answer.status != requests.codes.ok:
            raise self._server.explain(self._path, answer, _NO_API)
        try:
            return msgspec.json.decode(answer.body, type=_PageJson)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise TransientError(f"{self._where} did not answer with alerts ({error})") from error

    def _follow(self, link: str) -> tuple[str, dict[str, str]]:
        """The path below the server's address, with its query; the token goes nowhere else."""
        parts, home = urlsplit(link), urlsplit(self._server.url)
        is_ours = (parts.scheme, parts.netloc) == (home.scheme, home.netloc)
        if not is_ours or not parts.path.lower().startswith(self._path.lower()):
            raise TransientError(
                f"{self._server.where(self._path)} named a next page elsewhere: not followed"
            )
        return f"{parts.path}?{parts.query}", {}
