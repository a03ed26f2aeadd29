"""Single values of settings."""

import pytest
from pydantic import TypeAdapter, ValidationError

from trainboard.settings.values import (
    BasicUser,
    NameTemplate,
    Slug,
    StandardWebhooksSecret,
    SubscriptionId,
    Timezone,
    UrlOrEmpty,
)


def accepts(kind, value):
    """True if `value` is of that kind."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (UrlOrEmpty, "", True),
        (UrlOrEmpty, "http://127.0.0.1:8080", True),
        (UrlOrEmpty, "https://bots.example.com/trainboard", True),
        (UrlOrEmpty, "https://bots.example.com/", False),
        (UrlOrEmpty, "https://", False),
        (UrlOrEmpty, "ftp://x", False),
        (UrlOrEmpty, "bots.example.com", False),
        (UrlOrEmpty, "https://user:word@x", False),
        (UrlOrEmpty, "https://x?y=1", False),
        (UrlOrEmpty, "https://x#y", False),
        (UrlOrEmpty, "https://x:port", False),
        (UrlOrEmpty, "https://[x", False),
        (UrlOrEmpty, "https://x y", False),
        (Slug, "churn-2", True),
        (Slug, "a" * 50, True),
        (Slug, "a" * 51, False),
        (Slug, "-a", False),
        (Slug, "Churn", False),
        (Slug, "churn\n", False),
        (BasicUser, "trainboard", True),
        (BasicUser, "train board", False),
        (BasicUser, "a:b", False),
        (BasicUser, "", False),
        (SubscriptionId, "3F2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60", True),
        (SubscriptionId, "3f2a6c1e5b7d4f0a9a510c8e4d2b7f60", False),
        (Timezone, "Europe/Berlin", True),
        (Timezone, "", False),
        (Timezone, "Europe", False),
        (Timezone, "../etc/passwd", False),
        (Timezone, "Mars/Olympus", False),
        (NameTemplate, "Sprint {number}", True),
        (NameTemplate, "{{{number}}} {start} to {end}", True),
        (NameTemplate, "Sprint", False),
        (NameTemplate, "{number} {team}", False),
        (NameTemplate, "{number.real}", False),
        (NameTemplate, "{number:>9999999}", False),
        (NameTemplate, "{number!r}", False),
        (NameTemplate, "{}", False),
        (NameTemplate, "{number", False),
        (NameTemplate, "{number}" + "x" * 92, True),
        (NameTemplate, "{number}" + "x" * 93, False),
        (StandardWebhooksSecret, "whsec_" + "A" * 32, True),
        (StandardWebhooksSecret, "whsec_" + "A" * 28, False),
        (StandardWebhooksSecret, "whsec_" + "A" * 88, False),
        (StandardWebhooksSecret, "whsek_" + "A" * 32, False),
        (StandardWebhooksSecret, "A" * 32, False),
        (StandardWebhooksSecret, "whsec_" + "A" * 31 + "!", False),
        (StandardWebhooksSecret, "whsec_" + "ä" * 32, False),
    ],
)
def test_values_are_taken_or_refused(kind, value, expected):
    """What an operator may write, and what would fail or harm later."""
    assert expected == accepts(kind, value)


def test_the_nearest_time_zone_is_named():
    """A slip in a long name is found by the right one."""
    with pytest.raises(ValidationError, match='did you mean "Europe/Berlin"'):
        TypeAdapter(Timezone).validate_python("Europe/Berln")
