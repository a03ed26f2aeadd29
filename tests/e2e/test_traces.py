"""Where somebody listens, all that is done with a delivery is one trace; else nothing is made."""

import pytest
import requests
import responses
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub
from trainboard import tracing


@pytest.fixture
def heard():
    """The spans that ended."""
    exporter = InMemorySpanExporter()
    with tracing.sending_to(SimpleSpanProcessor(exporter)):
        yield exporter


@pytest.fixture
def bot(talk):
    """A bot whose project lives in a stand-in for GitHub."""
    bot = talk(projects=[PROJECT | {"tracker": "github:acme/churn"}], github={"token": FakeGitHub.token})
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        yield bot
        bot.bot.outside.trackers["churn"].close()


def of_trace(heard, trace):
    return [span for span in heard.get_finished_spans() if span.context.trace_id == trace]


def test_a_delivery_is_one_trace_with_its_effects_and_their_calls(heard, bot):
    """Though these come later; the issue that it made is among the calls."""
    bot.reports(run("r1", "churn-xgb"), delivery="d-1")
    bot.forward(minutes=1)
    [first] = [
        span
        for span in heard.get_finished_spans()
        if "d-1" == (span.attributes or {}).get("trainboard.delivery")
    ]
    assert ("understand runs", None) == (first.name, first.parent)
    spans = of_trace(heard, first.context.trace_id)
    effects = [span for span in spans if span.name == "apply EnsureExperimentItem"]
    assert effects
    assert {first.context.span_id} == {span.parent.span_id for span in effects}
    below = {span.context.span_id for span in effects}
    posts = [span for span in spans if span.parent and span.parent.span_id in below and "POST" in span.name]
    assert any("/repos/acme/churn/issues" in str(dict(span.attributes)) for span in posts)


def test_no_secret_is_told(heard, bot):
    """Neither a token of ours nor a sender's."""
    bot.reports(run("r1", "churn-xgb"))
    told = " ".join(span.to_json() for span in heard.get_finished_spans())
    assert FakeGitHub.token not in told
    assert "uthorization" not in told


def test_an_address_that_is_a_secret_is_not_told(heard):
    """That of a chat's webhook, and the signature of a file."""
    with responses.RequestsMock() as mock:
        mock.post("https://hooks.example.com/services/T0/B0/s3cret", json={})
        mock.get("https://files.example.com/a.zip?sig=s3cret", json={})
        requests.post("https://hooks.example.com/services/T0/B0/s3cret", json={}, timeout=5)
        headers = {"Authorization": "Bearer t"}
        requests.get("https://files.example.com/a.zip?sig=s3cret", headers=headers, timeout=5)
    told = " ".join(span.to_json() for span in heard.get_finished_spans())
    assert "https://hooks.example.com" in told
    assert "https://files.example.com/a.zip" in told
    assert "s3cret" not in told


def test_what_fails_is_an_error(heard, bot):
    """With what went wrong."""
    bot.github.next_fault(500, method="POST", path="/issues")
    bot.reports(run("r1", "churn-xgb"))
    failed = [
        span
        for span in heard.get_finished_spans()
        if span.name == "apply EnsureExperimentItem" and span.status.status_code is StatusCode.ERROR
    ]
    assert failed
    assert "500" in failed[0].status.description


def test_nobody_is_sent_anything_unless_an_address_is_given(monkeypatch):
    """Nor if somebody switched it off."""
    tracing.configure({})
    tracing.configure({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"})
    assert tracing._Process.spans is None
