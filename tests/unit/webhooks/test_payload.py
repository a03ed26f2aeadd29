"""Strict JSON, and errors that name the path."""

import json
import re
import time
import tracemalloc
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.errors import PayloadError
from trainboard_webhooks.payload import MAX_DEPTH, Payload, parse_json, shorten

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text().filter(lambda text: "\x00" not in text)
    | st.sampled_from(['"]}{[', "\\", '\\"[', "{{[[", '""', "\\u0000"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["a", "b[", '"c', "\\"]), inner, max_size=4)
    ),
    max_leaves=40,
)


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.booleans(), st.integers(0, 80))
def test_reads_what_json_writes(value, ascii_only, wraps):
    """Every JSON value of at most 64 levels is read as it was written; deeper ones are refused."""
    for _ in range(wraps):
        value = [value, "[{"]
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    if depth(value) > MAX_DEPTH:
        with pytest.raises(PayloadError, match="more than 64 levels"):
            parse_json(body)
    else:
        assert json.loads(body) == parse_json(body)


@pytest.mark.parametrize("read", [parse_json, Payload.parse])
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the body is empty"),
        (b" \r\n\t", "the body is empty"),
        (b'{"a": "\xe9"}', "the body is not UTF-8: byte 7 cannot be read"),
        (b'"\xed\xa0\x80"', "the body is not UTF-8: byte 1"),
        (b'\xef\xbb\xbf{"a": 1}', "the body is not JSON"),
        (
            b"{'a': 1}",
            "the body is not JSON: Expecting property name enclosed in double quotes (line 1, column 2)",
        ),
        (b"{} {}", "the body is not JSON: Extra data"),
        (b'{"a": 1, "b": 2, "a": 3}', 'the body gives the key "a" twice'),
        (b'[{"\\u0061": 1, "a": 1}]', 'the body gives the key "a" twice'),
        (b'{"' + b"k" * 9999 + b'": 1, "' + b"k" * 9999 + b'": 2}', 'the key "' + "k" * 175 + "~"),
        (b"[NaN]", "the body holds NaN, which JSON does not have: write null"),
        (b"[-Infinity]", "the body holds -Infinity"),
        (b"[1e999]", "the body holds the number 1e999, which is too large"),
        (b"-" + b"9" * 5000, "which is too large"),
        (b'"\\uD83E"', "the body holds half a surrogate pair"),
        (b'{"\\udd84": 1}', "the body holds half a surrogate pair"),
        (b'"\\\\\\u0000"', "the body holds a NUL character"),
        (b'"\x00"', "the body is not JSON: Invalid control character"),
        (b"\x00", "the body is not JSON"),
    ],
)
def test_refusal_says_what_is_wrong(body, sentence, read):
    """What is refused is named."""
    with pytest.raises(PayloadError, match=re.escape(sentence)):
        read(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"\\ud83e\\udd84"', "\U0001f984"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"\\\\u0000"', "\\u0000"),
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775807", -(2**63) + 1),
        (b"9223372036854775808", 9223372036854775808.0),
        (b"100000000000000000000000", 1e23),
        (b"1e2", 100.0),
        (b'{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        (b"[" * 64 + b"]" * 64, json.loads("[" * 64 + "]" * 64)),
        (b'["' + b"[" * 1000 + b'"]', ["[" * 1000]),
    ],
)
def test_odd_but_right(body, value):
    """What looks like trouble and is none is read."""
    assert (value, type(value)) == (parse_json(body), type(parse_json(body)))


@given(st.dictionaries(st.sampled_from(["a", "b[", '"c', "\\"]), VALUES, max_size=4), st.integers(0, 80))
def test_a_body_that_is_written_compactly_means_the_same(value, wraps):
    """The quick way reads what the thorough one reads, and refuses what it refuses."""
    for _ in range(wraps):
        value = {"w": value}
    body = msgspec.json.encode(value)
    if depth(value) > MAX_DEPTH:
        with pytest.raises(PayloadError, match="more than 64 levels"):
            Payload.parse(body)
    else:
        assert msgspec.json.encode(parse_json(body)) == Payload.parse(body).encode_without("")


@given(st.dictionaries(st.sampled_from("abc"), VALUES), st.sampled_from("abc"), st.booleans())
def test_a_member_is_left_out_wherever_it_stands(value, key, compact):
    """The rest is the same compact text, however the body was written."""
    rest = {name: member for name, member in value.items() if name != key}
    body = msgspec.json.encode(value) if compact else json.dumps(value, indent=1).encode()

    assert msgspec.json.encode(rest) == Payload.parse(body).encode_without(key)


@pytest.mark.parametrize("read", [parse_json, Payload.parse])
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 1_000_000,
        b'"' + b'\\"' * 500_000,
        b'"' + b"\\" * 1_000_001,
        b"9" * 1_000_000,
        b'["' + b"\\\\" * 500_000 + b"\\u0000" + b'"' + b"[" * 70,
    ],
    ids=["lists", "objects", "open lists", "open text", "backslashes", "digits", "mixed"],
)
def test_hostile_bodies_cost_little(body, read):
    """A body that is made to hurt is refused in time and memory that grow no faster than the body."""
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(PayloadError):
        read(body)
    seconds, (_, peak_bytes) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 2
    assert peak_bytes < 8 * len(body) + 1_000_000


PAYLOAD = Payload.parse(
    json.dumps(
        {
            "issue": {"number": 5, "title": "", "none": None, "locked": False, "labels": [{"name": "a"}, {}]},
            "big": 2**64,
            "at": "2026-01-12T10:00:00+01:00",
        }
    ).encode()
)


def test_values_come_with_their_type():
    """Text, integer, boolean, time and list items are read."""
    issue = PAYLOAD["issue"]
    assert (5, "", False) == (issue["number"].integer(), issue["title"].text(), issue["locked"].boolean())
    assert datetime(2026, 1, 12, 9, tzinfo=UTC) == PAYLOAD["at"].time()
    assert [["name"], []] == [label.keys() for label in issue["labels"]]


@pytest.mark.parametrize(
    ("value", "word"), [("a", "a"), ("", ""), (5, "5"), (-(2**63) + 1, str(-(2**63) + 1)), (True, "true")]
)
def test_a_word_is_a_text_whatever_it_was(value, word):
    """Some senders write a number now as a number, now as a text."""
    assert word == Payload(value).word()


@pytest.mark.parametrize("value", [None, 0.5, 2**64, [], {}])
def test_a_word_is_one(value):
    """What has no one way to be written is none."""
    with pytest.raises(PayloadError):
        Payload(value).word()


def test_find_answers_none_for_missing_and_null():
    """What is optional may be absent or null at any level."""
    assert [None] * 4 == [
        PAYLOAD.find("nothing"),
        PAYLOAD.find("nothing", "more"),
        PAYLOAD.find("issue", "none"),
        PAYLOAD.find("issue", "none", "x"),
    ]
    assert 5 == PAYLOAD.find("issue", "number").integer()


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda p: p["issue"]["id"], "$.issue.id is missing"),
        (lambda p: p["issue"]["none"].text(), "$.issue.none must be a text, not null"),
        (lambda p: p["issue"]["title"].integer(), "$.issue.title must be an integer, not a text"),
        (lambda p: p["issue"]["locked"].integer(), "$.issue.locked must be an integer, not a boolean"),
        (lambda p: p["big"].integer(), "$.big must be an integer, not a number"),
        (lambda p: p["issue"]["number"].boolean(), "$.issue.number must be a boolean, not a number"),
        (lambda p: p["issue"]["title"].time(), "$.issue.title must be a time with an offset"),
        (lambda p: p["issue"]["number"].time(), "$.issue.number must be a time with an offset"),
        (lambda p: list(p["issue"]), "$.issue must be a list, not an object"),
        (lambda p: p["at"]["x"], "$.at must be an object, not a text"),
        (lambda p: p.find("issue", "labels", "x"), "$.issue.labels must be an object, not a list"),
        (lambda p: [label["name"] for label in p["issue"]["labels"]], "$.issue.labels[1].name is missing"),
    ],
)
def test_error_names_the_path(read, sentence):
    """What is not there, or of another kind, is told with its path."""
    with pytest.raises(PayloadError, match=re.escape(sentence)):
        read(PAYLOAD)


def test_time_outside_of_the_calendar_is_refused():
    """A time that UTC cannot hold is no time."""
    with pytest.raises(PayloadError, match=re.escape("$ must be a time")):
        Payload("0001-01-01T00:00:00+23:59").time()


def test_body_must_be_an_object():
    """A body that is a list or a number has no members."""
    with pytest.raises(PayloadError, match=re.escape("$ must be an object, not a list")):
        Payload.parse(b"[]")


def test_long_texts_keep_their_identity():
    """A shortened text is as long as asked for and differs where the texts differ."""
    one, other = shorten("x" * 300), shorten("x" * 301)
    assert (200, 200, True) == (len(one), len(other), one != other)
    assert "short" == shorten("short")
