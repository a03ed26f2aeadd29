"""Alertmanager's own API, and Grafana's, which is the same below another path.

Source: Alertmanager, "OpenAPI specification", `/alerts/groups` of API v2; Grafana, "Alerting provisioning
and Alertmanager HTTP API".
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import requests

from trainboard.alert_dialect import drop_private, find_rule, read_time
from trainboard.alerts import Alert, AlertGroup, AlertLinks
from trainboard.diagnosis import Finding, failing
from trainboard.errors import PayloadError, TrainboardError, TransientError
from trainboard.outbound import Outbound

PATH = "/api/v2/alerts/groups"
GRAFANA = "/api/alertmanager/grafana"
_NO_API = "this is no Alertmanager API, check the address and its path"


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Status(msgspec.Struct, frozen=True):
    state: str


class _AlertJson(msgspec.Struct, frozen=True, rename="camel"):
    fingerprint: str
    labels: dict[str, str]
    starts_at: str
    status: _Status
    annotations: dict[str, str] = {}
    generator_url: str = msgspec.field(name="generatorURL", default="")


class _GroupJson(msgspec.Struct, frozen=True):
    labels: dict[str, str]
    receiver: _Named
    alerts: list[_AlertJson]


class AlertmanagerMonitor:
    """Asks one Alertmanager for the alerts that it has. Any number of threads may use it.

    Args:
        name: that of its source, like `alertmanager/prod`.
        server: asks the server.
        receiver: the receiver there whose notifications come to us; empty: it is not known.
        path: below which the API lives at the server's address.
    """

    def __init__(self, *, name: str, server: Outbound, receiver: str = "", path: str = "") -> None:
        self.name = name
        self.names_groups = bool(receiver)
        self._server = server
        self._receiver = receiver
        self._path = f"{path}{PATH}"
        self._grafana = path == GRAFANA

    def list_groups(self, known: Mapping[str, Alert]) -> Sequence[AlertGroup]:  # noqa: ARG002  it tells all
        """The groups of our receiver, or of all where it is not known; silenced alerts are among them."""
        wanted = {"active": "true", "silenced": "true", "inhibited": "true"}
        answer = self._server.send("GET", self._path, params=wanted)
        if answer.status != requests.codes.ok:
            raise self._server.explain(self._path, answer, _NO_API)
        try:
            groups = msgspec.json.decode(answer.body, type=list[_GroupJson])
            mine = [group for group in groups if self._receiver in {"", group.receiver.name}]
            return [_group(group, grafana=self._grafana) for group in mine]
        except (PayloadError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise TransientError(
                f"{self._server.where(self._path)} did not answer with an Alertmanager's JSON: "
                f"check that the address needs no login page ({error})"
            ) from error

    def examine(self) -> Iterator[Finding]:
        """Whether it answers."""
        try:
            count = sum(len(group.alerts) for group in self.list_groups({}))
        except TrainboardError as error:
            yield failing(str(error), f"Check url and the way to sign in of the source {self.name}.")
        else:
            yield Finding(message=f"{self.name} answers: it has {count} alerts.")


def _group(group: _GroupJson, *, grafana: bool) -> AlertGroup:
    return AlertGroup(
        labels=drop_private(group.labels) if grafana else group.labels,
        alerts=tuple(_alert(alert, grafana=grafana) for alert in group.alerts),
    )


def _alert(alert: _AlertJson, *, grafana: bool) -> Alert:
    notes = alert.annotations
    rule, nature = find_rule(alert.labels, grafana=grafana)
    return Alert(
        fingerprint=alert.fingerprint,
        rule=rule,
        firing=True,
        starts_at=read_time(alert.starts_at),
        severity=alert.labels.get("severity", ""),
        nature=nature,
        suppressed=alert.status.state == "suppressed",
        labels=drop_private(alert.labels) if grafana else alert.labels,
        summary=notes.get("summary", ""),
        description=notes.get("description", ""),
        links=AlertLinks(runbook=notes.get("runbook_url", ""), generator=alert.generator_url),
    )
