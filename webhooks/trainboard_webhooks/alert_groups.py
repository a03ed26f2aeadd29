"""Groups of alerts as Alertmanager posts them, and Grafana, which took over the form.

Source: Prometheus Alertmanager, "Configuration", "<webhook_config>", version 4 of the body; Grafana,
"Configure the webhook notifier".
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote

import msgspec

from trainboard.alert_dialect import find_rule, read_time
from trainboard.alerts import Alert, AlertLinks, fingerprint_of
from trainboard.errors import PayloadError
from trainboard.events import AlertsReported
from trainboard_webhooks.payload import parse_json, replace_nuls

MAX_BODY_BYTES = 8 * 1024 * 1024
RENEWS_SECONDS = 60
"""A group that is sent again says that it still fires: so long it is the same message, then another one."""

Labels = dict[str, str]
Shape = TypeVar("Shape")


class AlertJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An alert of a group; the members from `silence_url` on are Grafana's."""

    status: Literal["firing", "resolved"]
    labels: Labels | None = None
    annotations: Labels | None = None
    starts_at: str = ""
    ends_at: str = ""
    fingerprint: str = ""
    generator_url: str = msgspec.field(name="generatorURL", default="")
    silence_url: str = msgspec.field(name="silenceURL", default="")
    dashboard_url: str = msgspec.field(name="dashboardURL", default="")
    panel_url: str = msgspec.field(name="panelURL", default="")
    values: dict[str, float | None] | None = None


class GroupJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A whole body. `org_id` is there where Grafana sends it. Each alert is read by itself."""

    version: str
    alerts: list[Any] | None
    group_labels: Labels | None = None
    truncated_alerts: Annotated[int, msgspec.Meta(ge=0)] = 0
    external_url: str = msgspec.field(name="externalURL", default="")
    org_id: int | None = None


class Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """As much of a body as tells whose it is."""

    version: str
    alerts: list[msgspec.Raw] | None
    org_id: int | None = None


ENVELOPES = msgspec.json.Decoder(Envelope)


def read_group(body: bytes, door: str) -> AlertsReported:
    """What the body tells. An alert that cannot be read does not keep the others from being told.

    Raises:
        PayloadError: it is no group of alerts, or none of them can be read; names the path.
    """
    group = _convert(parse_json(replace_nuls(body)), GroupJson, "$")
    alerts, flaw, unread = list[Alert](), None, 0
    for place, told in enumerate(group.alerts or ()):
        try:
            alerts.append(_read_alert(_convert(told, AlertJson, f"$.alerts[{place}]"), group))
        except PayloadError as error:
            flaw, unread = flaw or error, unread + 1
    if flaw and not alerts:
        raise flaw
    return AlertsReported(
        door=door,
        alerts=tuple(alerts),
        group_labels=group.group_labels or {},
        truncated=group.truncated_alerts,
        unread=unread,
        flaw=str(flaw or ""),
    )


def _convert(value: object, shape: type[Shape], place: str) -> Shape:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        where = path.strip("`").removeprefix("$")
        raise PayloadError(f"{place}{where}: {reason.lower()}") from None


def _read_alert(alert: AlertJson, group: GroupJson) -> Alert:
    labels, notes = alert.labels or {}, alert.annotations or {}
    rule, nature = find_rule(labels, grafana=group.org_id is not None)
    return Alert(
        fingerprint=alert.fingerprint or fingerprint_of(labels),
        rule=rule,
        firing=alert.status == "firing",
        starts_at=read_time(alert.starts_at),
        ends_at=read_time(alert.ends_at) if alert.status == "resolved" else None,
        severity=labels.get("severity", ""),
        nature=nature,
        labels=labels,
        summary=notes.get("summary", ""),
        description=notes.get("description") or notes.get("message", ""),
        value=notes.get("value") or _render_values(alert.values),
        threshold=notes.get("threshold", ""),
        links=_read_links(alert, notes, labels, group),
    )


def _render_values(values: Mapping[str, float | None] | None) -> str:
    known = ((name, value) for name, value in (values or {}).items() if value is not None)
    return ", ".join(f"{name}={value:.6g}" for name, value in known)


def _read_links(alert: AlertJson, notes: Labels, labels: Labels, group: GroupJson) -> AlertLinks:
    return AlertLinks(
        runbook=notes.get("runbook_url") or notes.get("runbook", ""),
        dashboard=alert.dashboard_url or notes.get("dashboard_url", ""),
        panel=alert.panel_url or notes.get("panel_url", ""),
        generator=alert.generator_url,
        silence=alert.silence_url or _render_silence(group, labels),
        external=group.external_url,
    )


def _render_silence(group: GroupJson, labels: Labels) -> str:
    """The page of Alertmanager that silences the alert; nothing where its own address is not told."""
    if not group.external_url or group.org_id is not None:
        return ""
    matchers = ", ".join(f"{name}={msgspec.json.encode(value).decode()}" for name, value in labels.items())
    return f"{group.external_url.rstrip('/')}/#/silences/new?filter={quote(f'{{{matchers}}}', safe='')}"
