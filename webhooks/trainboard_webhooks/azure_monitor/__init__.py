"""Alerts of Azure Monitor in the common alert schema, as an action group's webhook sends them.

Source: Microsoft, "Common alert schema" and "Sample alert payloads".
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from trainboard.alerts import Alert, fingerprint_of
from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, Event
from trainboard.fingerprints import fingerprint
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.azure_monitor.conditions import read_condition
from trainboard_webhooks.azure_monitor.targets import find_service, find_target, list_targets
from trainboard_webhooks.callers import find_caller
from trainboard_webhooks.members import find_shown, find_time, read_labels
from trainboard_webhooks.passwords import header_value
from trainboard_webhooks.payload import Payload, shorten

NAME = "azure-monitor"
NAMED = True
MAX_BODY_BYTES = 1024 * 1024
PROOF: Proof = "password"
FORGIVING = False

SCHEMA = "azureMonitorCommonAlertSchema"

_KINDS = {"metric": "metric", "log": "log", "activity log": "activity-log"}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIRING = {"fired": True, "resolved": False}


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets the sender gives, or whose tokens it bears."""
    del body
    return find_caller(headers, credentials, now)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender that knows `secret` posts `body`; what it is about is in the body."""
    del kind, body, delivery_id, now
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {header_value(secret)}",
    }


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The alert and its condition: a notification that is sent again is the same one."""
    del headers
    essentials = _essentials(Payload.parse(body))
    alert = find_shown(essentials, "alertId") or hashlib.sha256(body).hexdigest()
    times = (find_shown(essentials, name) for name in ("firedDateTime", "resolvedDateTime"))
    return Identity(
        id=fingerprint(alert, str(_is_firing(essentials)), *times),
        kind=_KINDS.get(find_shown(essentials, "signalType").casefold(), "other"),
        entity=NAME,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """The alert; its rule, its targets and the dimensions of its condition tell its problem."""
    del kind
    payload = Payload.parse(body)
    essentials = _essentials(payload)
    condition = read_condition(payload["data"].find("alertContext"))
    group = {**condition.dimensions, "target": find_target(essentials)}
    firing = _is_firing(essentials)
    alert = Alert(
        fingerprint=fingerprint_of(group),
        rule=_rule(essentials),
        firing=firing,
        starts_at=find_time(essentials, "firedDateTime"),
        ends_at=None if firing else find_time(essentials, "resolvedDateTime"),
        severity=find_shown(essentials, "severity"),
        labels=_labels(payload, essentials, group),
        summary=find_shown(essentials, "description") or condition.text,
        description=condition.text,
        value=condition.value,
        threshold=condition.threshold,
        links=condition.links,
        sender_id=_sender_id(essentials),
    )
    at = find_time(essentials, "firedDateTime" if firing else "resolvedDateTime")
    return [AlertsReported(door=door, alerts=(alert,), group_labels=group, at=at)]


def _sender_id(essentials: Payload) -> str:
    """By what Azure Monitor's list of alerts names it: the last part of the alert's id."""
    name = find_shown(essentials, "alertId").rpartition("/")[2].lower()
    return name if _GUID.fullmatch(name) else ""


def _essentials(payload: Payload) -> Payload:
    schema = find_shown(payload, "schemaId")
    if schema != SCHEMA:
        raise PayloadError(
            f"$.schemaId is {shorten(schema, 60) or 'missing'} and not {SCHEMA}: set *Enable the common "
            "alert schema* to *Yes* for the webhook in the action group"
        )
    return payload["data"]["essentials"]


def _rule(essentials: Payload) -> str:
    rule = find_shown(essentials, "alertRule") or find_shown(essentials, "alertRuleId").rpartition("/")[2]
    if not rule:
        raise PayloadError("$.data.essentials.alertRule is missing")
    return rule


def _is_firing(essentials: Payload) -> bool:
    condition = find_shown(essentials, "monitorCondition")
    if condition.casefold() not in _FIRING:
        raise PayloadError(
            "$.data.essentials.monitorCondition must be Fired or Resolved, not "
            f"{shorten(condition, 60) or 'empty'}"
        )
    return _FIRING[condition.casefold()]


def _labels(payload: Payload, essentials: Payload, group: Mapping[str, str]) -> dict[str, str]:
    """What the rule's custom properties say, below what the alert itself does."""
    known = {
        "service": find_service(essentials),
        "resource_group": find_shown(essentials, "targetResourceGroup").lower(),
        "rule_id": find_shown(essentials, "alertRuleId").lower(),
        "target_ids": " ".join(list_targets(essentials)),
    }
    custom = read_labels(payload["data"].find("customProperties"))
    return {**group, **custom, **{name: value for name, value in known.items() if value}, **group}
