"""Reports and test suites of Evidently, as the job that makes them posts them.

Nothing in such a body says which model it is about: the address, or an envelope around it, does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from uuid import uuid4

import msgspec

from trainboard.alerts import Alert
from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, Event
from trainboard.fingerprints import fingerprint
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_bearer
from trainboard_webhooks.evidently.findings import Finding, read_dump, read_report, read_snapshot, read_suite
from trainboard_webhooks.evidently.keeping import keep_report
from trainboard_webhooks.members import find_shown
from trainboard_webhooks.passwords import header_value
from trainboard_webhooks.payload import Payload, shorten
from trainboard_webhooks.query import read_query

NAME = "evidently"
NAMED = True
MAX_BODY_BYTES = 8 * 1024 * 1024
PROOF: Proof = "password"
FORGIVING = False

ABOUT = ("model", "model_version", "run_id", "dataset", "stage")
"""What an address, an envelope or the metadata of a snapshot may tell of what was looked at."""

_GROUPED = ("model", "dataset", "stage")
_MOST_ALERTS = 2_000
_LABEL_CHARACTERS = 200
_ENVELOPED = "evidently"
_BROKEN = "tests in error"
_READERS: dict[str, Callable[[Payload], Iterator[Finding]]] = {
    "dump": read_dump,
    "report": read_report,
    "snapshot": read_snapshot,
    "suite": read_suite,
}


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets the sender gives."""
    del body, now
    return find_bearer(headers, credentials)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender that knows `secret` posts `body`; what it is about is in the body."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/json", "Authorization": f"Bearer {header_value(secret)}"}


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The report; each time it is sent it is a new one, since nothing in it tells two of them apart.

    Of what it holds only what is read is kept, in an envelope with what the address tells.
    """
    payload = Payload.parse(body)
    report = _report(payload)
    kind = _kind(report)
    list(_READERS[kind](report))
    about = {**_about(payload), **_told(headers)}
    return Identity(
        id=headers.get("idempotency-key") or uuid4().hex,
        kind=kind,
        entity=NAME,
        body=msgspec.json.encode({**about, _ENVELOPED: keep_report(report)}),
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """Every test as an alert that fires or does not; those of one topic of a model are one problem."""
    del kind
    payload = Payload.parse(body)
    report, about = _report(payload), _about(payload)
    alerts = _alerts(list(_READERS[_kind(report)](report)), about)
    return [
        AlertsReported(
            door=door,
            alerts=tuple(alerts[:_MOST_ALERTS]),
            group_labels=_group(about),
            truncated=max(0, len(alerts) - _MOST_ALERTS),
        )
    ]


def _report(payload: Payload) -> Payload:
    enveloped = payload.find(_ENVELOPED)
    return payload if enveloped is None else enveloped


def _kind(report: Payload) -> str:
    keys = report.keys()
    if "metric_results" in keys:
        return "dump"
    if "metrics" in keys and "tests" in keys:
        return "snapshot"
    if "version" in keys and "metrics" in keys:
        return "report"
    if "version" in keys and "tests" in keys:
        return "suite"
    raise PayloadError(
        "the body is neither a report nor a test suite of Evidently: send what `json()`, `dump_dict()` or "
        "`save_json()` writes"
    )


def _about(payload: Payload) -> dict[str, str]:
    """What the metadata of a snapshot tells, below what the envelope does."""
    report = _report(payload)
    metadata = report.find("metadata")
    places = [metadata] if metadata is not None else []
    places += [payload] if payload is not report else []
    return {key: text for place in places for key in ABOUT if (text := _cut(find_shown(place, key)))}


def _group(about: Mapping[str, str]) -> dict[str, str]:
    return {key: about[key] for key in _GROUPED if key in about}


def _alerts(findings: Sequence[Finding], about: Mapping[str, str]) -> list[Alert]:
    """One alert for each test that passed or failed; of two that cannot be told apart the failed one.

    What broke says nothing of the model. All of that is one alert about the watching itself.
    """
    alerts: dict[str, Alert] = {}
    for finding in findings:
        if finding.verdict != "broken":
            alert = _alert(finding, about)
            known = alerts.get(alert.fingerprint)
            if known is None or not known.firing:
                alerts[alert.fingerprint] = alert
    return [_watching(findings, about), *alerts.values()] if findings else []


def _alert(finding: Finding, about: Mapping[str, str]) -> Alert:
    column = {"column": _cut(finding.column)} if finding.column else {}
    return Alert(
        fingerprint=fingerprint(finding.topic, finding.check, finding.column, *_marks(about)),
        rule=_cut(finding.topic),
        firing=finding.verdict == "failed",
        severity=finding.status if finding.verdict == "failed" else "",
        labels={**about, **column, "check": _cut(finding.check)},
        summary=finding.text,
        value=finding.value,
        threshold=finding.threshold,
    )


def _watching(findings: Sequence[Finding], about: Mapping[str, str]) -> Alert:
    broken = [finding for finding in findings if finding.verdict == "broken"]
    names = ", ".join(finding.column or finding.check for finding in broken)
    return Alert(
        fingerprint=fingerprint(_BROKEN, *_marks(about)),
        rule=_BROKEN,
        firing=bool(broken),
        severity="error" if broken else "",
        nature="monitoring",
        labels=dict(about),
        summary=f"Tests could not be computed: {shorten(names)}" if broken else "",
        description=next((finding.text for finding in broken), ""),
        value=str(len(broken)),
    )


def _marks(about: Mapping[str, str]) -> Iterator[str]:
    return (about.get(key, "") for key in _GROUPED)


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    query = read_query(headers)
    return {key: _cut(query[key]) for key in ABOUT if query.get(key)}


def _cut(text: str) -> str:
    return shorten(text, _LABEL_CHARACTERS)
