"""Spans for what is done with a delivery, where the environment says to whom to send them; else nothing.

Source: OpenTelemetry specification, "Environment Variable Specification".
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

    from trainboard.spans import Spans

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

_log = structlog.get_logger(__name__)


class _Process:
    """What this process does with spans: they are of the process, as its log is."""

    spans: "Spans | None" = None


def configure(environ: Mapping[str, str]) -> None:
    """Send spans by OTLP over HTTP, if an address is given; the other variables `OTEL_…` count too."""
    if not any(environ.get(name) for name in _ENDPOINTS) or environ.get("OTEL_SDK_DISABLED") == "true":
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from trainboard.spans import Spans
    except ImportError:
        _log.warning("no traces are sent", fix="install Trainboard with its extra: trainboard[traces]")
        return
    _Process.spans = Spans(BatchSpanProcessor(OTLPSpanExporter()))


@contextmanager
def sending_to(processor: "SpanProcessor") -> Iterator[None]:
    """Spans go there until the block ends."""
    from trainboard.spans import Spans

    _Process.spans = Spans(processor)
    try:
        yield
    finally:
        _Process.spans.close()
        _Process.spans = None


def delivery_span(source: str, delivery: str, kind: str) -> AbstractContextManager[None]:
    """The first span of a delivery: it is understood inside."""
    return _Process.spans.open_delivery(source, delivery, kind) if _Process.spans else nullcontext()


def effect_span(
    kind: str, key: str, source: str | None, delivery: str | None
) -> AbstractContextManager[None]:
    """An effect is made true inside, for the delivery that asked for it last, if one did."""
    return _Process.spans.open_effect(kind, key, source, delivery) if _Process.spans else nullcontext()


def note_failure(reason: str) -> None:
    """The span that is open here ends as an error."""
    if _Process.spans:
        _Process.spans.fail(reason)
