"""Spans of OpenTelemetry, with one trace for each delivery.

Other threads and other processes make effects true at other times. The ids of a delivery's first span are
made of its own id, so that all of them know it and nothing has to be handed on. Source: OpenTelemetry
specification, "Tracing SDK", "Id Generators".
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
    use_span,
)
from requests import PreparedRequest

NAME = "trainboard"

_first: ContextVar[tuple[int, int] | None] = ContextVar("first", default=None)


class _Ids(RandomIdGenerator):
    """Random ones, but those of a delivery for its first span."""

    def generate_trace_id(self) -> int:
        ids = _first.get()
        return super().generate_trace_id() if ids is None else ids[0]

    def generate_span_id(self) -> int:
        ids = _first.get()
        return super().generate_span_id() if ids is None else ids[1]


class Spans:
    """Makes spans and hands them to `processor`; calls of `requests` are spans below the one that is open."""

    def __init__(self, processor: SpanProcessor) -> None:
        provider = TracerProvider(id_generator=_Ids(), resource=Resource.create({"service.name": NAME}))
        provider.add_span_processor(processor)
        self._calls = RequestsInstrumentor()
        self._calls.instrument(tracer_provider=provider, request_hook=_hide_secrets)
        self._tracer = provider.get_tracer(NAME)

    def close(self) -> None:
        """Let `requests` be as it was."""
        self._calls.uninstrument()

    @contextmanager
    def open_delivery(self, source: str, delivery: str, kind: str) -> Iterator[None]:
        """The first span of the delivery."""
        token = _first.set(_ids_of(source, delivery))
        try:
            span = self._tracer.start_span(f"understand {source.partition('/')[0]}", Context())
        finally:
            _first.reset(token)
        span.set_attribute("trainboard.source", source)
        span.set_attribute("trainboard.delivery", delivery)
        span.set_attribute("trainboard.kind", kind)
        with use_span(span, end_on_exit=True):
            yield

    @contextmanager
    def open_effect(self, kind: str, key: str, source: str | None, delivery: str | None) -> Iterator[None]:
        """A span below the first one of the delivery, or a trace of its own."""
        above = Context()
        if source is not None and delivery is not None:
            first = SpanContext(
                *_ids_of(source, delivery), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
            )
            above = set_span_in_context(NonRecordingSpan(first), above)
        span = self._tracer.start_span(f"apply {kind}", above)
        span.set_attribute("trainboard.key", key)
        with use_span(span, end_on_exit=True):
            yield

    def fail(self, reason: str) -> None:
        """The open span ends as an error."""
        get_current_span().set_status(Status(StatusCode.ERROR, reason))


def _hide_secrets(span: Span, request: PreparedRequest) -> None:
    """Queries may hold signatures; the address of a chat's webhook is a secret, and goes without a token."""
    where = urlsplit(request.url or "")
    path = where.path if "Authorization" in request.headers else ""
    for name in ("http.url", "url.full"):
        span.set_attribute(name, f"{where.scheme}://{where.hostname}{path}")


def _ids_of(source: str, delivery: str) -> tuple[int, int]:
    """Of the trace and of its first span, 128 and 64 bits; neither is 0."""
    digest = hashlib.sha256(f"{source}\n{delivery}".encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1
