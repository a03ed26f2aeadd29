"""Groups of alerts of Alertmanager and Grafana."""

import json
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.errors import PayloadError
from trainboard_webhooks import Credential, sources
from trainboard_webhooks.alert_groups import read_group
from trainboard_webhooks.passwords import basic_authorization
from trainboard_webhooks.signatures import stamped_signature

NOW = 1_795_453_010.0
GROUP = {"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": "Drift"}}]}


def group(**changes):
    return json.dumps(GROUP | changes).encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (group(alerts="all"), r"\$\.alerts"),
        (group(alerts=[{"status": "odd"}]), r"\$\.alerts\[.*\]\.status"),
        (group(alerts=[{"status": "firing", "labels": {"a": 1}}]), r"\$\.alerts\[.*\]\.labels"),
        (b'{"version": "4"}', "alerts"),
        (b"[1, 2]", "object"),
    ],
)
def test_what_is_no_group(body, words):
    """The path is named."""
    with pytest.raises(PayloadError, match=words):
        read_group(body, "alertmanager/prod")


@pytest.mark.parametrize(
    ("bad", "flaw"),
    [
        ({"status": "odd"}, "$.alerts[1].status"),
        ({"status": "firing", "labels": {"a": 1}}, "$.alerts[1].labels"),
        ({"status": "firing", "startsAt": "yesterday"}, "yesterday"),
        ("alert", "$.alerts[1]"),
        (None, "$.alerts[1]"),
    ],
)
def test_one_that_cannot_be_read_does_not_lose_the_others(bad, flaw):
    """They are told; it counts as left out, so that nothing is taken to be over by this message."""
    good = GROUP["alerts"][0]
    event = read_group(group(alerts=[good, bad, good]), "alertmanager/prod")
    assert (2, 1) == (len(event.alerts), event.unread)
    assert flaw in event.flaw


def test_flaws_are_counted_and_not_kept():
    """A body full of what is no alert takes memory for its bytes, and not for an error of each of them."""
    body = group(alerts=[GROUP["alerts"][0], *[0] * 20_000])
    tracemalloc.start()
    event = read_group(body, "alertmanager/prod")
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (1, 20_000) == (len(event.alerts), event.unread)
    assert most_bytes < 20 * len(body)


def test_what_is_left_out_or_null():
    """Alerts, labels and annotations may be null; a fingerprint is made of the labels."""
    assert () == read_group(group(alerts=None), "alertmanager/prod").alerts
    bare = read_group(group(alerts=[{"status": "firing", "labels": None}]), "alertmanager/prod").alerts[0]
    assert ("", {}, 24) == (bare.rule, bare.labels, len(bare.fingerprint))


@pytest.mark.parametrize("name", ["alertmanager", "grafana"])
@pytest.mark.parametrize("body", [group(version="3"), b'{"version": "0", "alerts": []}', b'{"text": "hi"}'])
def test_another_form_is_refused_at_the_door(name, body):
    """A template of the user's may replace the whole body."""
    with pytest.raises(PayloadError):
        sources()[name].identify({}, body)


def test_one_does_not_take_the_other_for_itself():
    """They differ in their version and in Grafana's organisation."""
    with pytest.raises(PayloadError, match="Grafana has a source of its own"):
        sources()["alertmanager"].identify({}, group(orgId=1))
    with pytest.raises(PayloadError, match="orgId"):
        sources()["grafana"].identify({}, group())


def test_nul_characters_are_replaced():
    """A label may hold one, and its alert must not be lost for it."""
    body = group(alerts=[{"status": "firing", "labels": {"alertname": "a\0b", "c": "\\u0000"}}])
    assert sources()["alertmanager"].identify({}, body)
    labels = read_group(body, "alertmanager/prod").alerts[0].labels
    assert {"alertname": "a\ufffdb", "c": "\\u0000"} == labels


@pytest.mark.parametrize("name", ["alertmanager", "grafana"])
def test_a_user_with_a_password_is_known(name):
    """As well as a bearer token, each only where the settings say so."""
    known = Credential("prod", ("s3cret",), "am")
    right, wrong = basic_authorization("am", "s3cret"), basic_authorization("am", "other")
    verify = sources()[name].verify
    assert known == verify({"authorization": right}, b"", [known], NOW)
    assert None is verify({"authorization": wrong}, b"", [known], NOW)
    assert None is verify({"authorization": right}, b"", [Credential("prod", ("s3cret",))], NOW)


def test_grafanas_signature():
    """Over the body, and over the time where a header for it is named; an old one is refused."""
    key, body, stamp = b"example-hmac-secret", b'{"a": 1}', "1795453000"
    plain = Credential("prod", (key.decode(),), signature_header="X-Sig")
    timed = Credential("prod", (key.decode(),), signature_header="X-Sig", stamp_header="X-Time")
    verify = sources()["grafana"].verify
    signed = {"x-sig": stamped_signature(key, None, body)}
    stamped = {"x-sig": stamped_signature(key, stamp, body), "x-time": stamp}
    assert plain == verify(signed, body, [plain], NOW)
    assert timed == verify(stamped, body, [timed], NOW)
    assert None is verify(stamped, body, [timed], NOW + 301)
    assert None is verify(signed, body, [timed], NOW)
    assert None is verify(stamped, body, [plain], NOW)
    assert None is verify({"authorization": "Bearer example-hmac-secret"}, body, [plain], NOW)
    assert None is verify(signed, body + b" ", [plain], NOW)


def test_signatures_made_elsewhere():
    """By the algorithm of Grafana's `http/hmac.go`, over a body in compact JSON, with a time and without."""
    firing = Path(sources()["grafana"].__file__).parent / "fixtures" / "alerts__firing.json"
    body = json.dumps(json.loads(firing.read_bytes()), separators=(",", ":")).encode()
    plain = Credential("prod", ("example-hmac-secret",), signature_header="X-Sig")
    timed = Credential("prod", ("example-hmac-secret",), signature_header="X-Sig", stamp_header="X-Time")
    signed = {"x-sig": "cb430ee8d4be1ee4b39681638d092c2329a3bbf110752c1d6b8ea0bad1480db7"}
    stamped = {
        "x-sig": "25b23e64510437b5a952e17c2195094f97b0d26174fb6a62e3adf5291f832a75",
        "x-time": "1795453000",
    }
    verify = sources()["grafana"].verify
    assert plain == verify(signed, body, [plain], NOW)
    assert timed == verify(stamped, body, [timed], NOW)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_group_or_refused(body):
    """Also where they come from the inbox, past the door."""
    with suppress(PayloadError):
        read_group(body, "alertmanager/prod")
