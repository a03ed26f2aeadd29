"""The alert in the `data` of a CloudEvent: what `alert.schema.json` describes."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from trainboard.alerts import Alert, AlertGroup, AlertLinks, Nature
from trainboard.fingerprints import fingerprint
from trainboard.runs import Time
from trainboard_webhooks.payload import Payload

_Name = Annotated[str, Meta(min_length=1, max_length=250)]
_Label = Annotated[str, Meta(min_length=1, max_length=100)]
_Value = Annotated[str, Meta(max_length=200)] | float
_Address = Annotated[str, Meta(max_length=2048, pattern=r"^https?://")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Links(_Part, frozen=True, kw_only=True):
    runbook: _Address = ""
    dashboard: _Address = ""
    panel: _Address = ""
    query: _Address = ""
    silence: _Address = ""


class _Told(_Part, frozen=True, kw_only=True):
    title: _Name
    status: Literal["firing", "resolved"]
    schema: Literal["1"] = "1"
    rule: _Name | UnsetType = UNSET
    severity: Annotated[str, Meta(max_length=64)] = ""
    nature: Nature = "model"
    labels: Annotated[dict[_Label, Annotated[str, Meta(max_length=200)]], Meta(max_length=40)] = {}
    group_by: Annotated[tuple[_Label, ...], Meta(max_length=40)] | UnsetType = UNSET
    summary: Annotated[str, Meta(max_length=1_000)] = ""
    description: Annotated[str, Meta(max_length=10_000)] = ""
    value: _Value = ""
    threshold: _Value = ""
    starts_at: Time | UnsetType = UNSET
    ends_at: Time | UnsetType = UNSET
    links: _Links = _Links()


def read_alert(data: Payload) -> AlertGroup:
    """The alert that `data` tells of, with the labels that tell its problem from others of its rule.

    Raises:
        PayloadError: it is not what the schema describes; names the path.
    """
    told = data.convert(_Told)
    rule = told.title if told.rule is UNSET else told.rule
    names = tuple(told.labels) if told.group_by is UNSET else told.group_by
    marks = (part for label in sorted(told.labels.items()) for part in label)
    alert = Alert(
        fingerprint=fingerprint(rule, told.title, *marks),
        rule=rule,
        firing=told.status == "firing",
        starts_at=_time(data, "starts_at"),
        ends_at=_time(data, "ends_at"),
        severity=told.severity,
        nature=told.nature,
        labels=told.labels,
        summary=told.summary or told.title,
        description=told.description,
        value=_shown(told.value),
        threshold=_shown(told.threshold),
        links=AlertLinks(
            runbook=told.links.runbook,
            dashboard=told.links.dashboard,
            panel=told.links.panel,
            generator=told.links.query,
            silence=told.links.silence,
        ),
    )
    return AlertGroup(labels={name: told.labels.get(name, "") for name in names}, alerts=(alert,))


def _time(data: Payload, key: str) -> datetime | None:
    member = data.find(key)
    return member.time() if member is not None else None


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
