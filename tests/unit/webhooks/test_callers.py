"""Senders that cannot sign: where they may give their secret, and whose tokens are believed."""

import pytest
from structlog.testing import capture_logs

from fakes.entra import CONNECTION, CONNECTION_APP, bearer, connection_bearer, connection_trust, trust
from fakes.senders import NOW
from trainboard_webhooks import Credential
from trainboard_webhooks.callers import find_bearer, find_caller, find_principal
from trainboard_webhooks.query import QUERY, read_query

SECRET = "grün und blau"
KNOWN = Credential("prod", ("another", SECRET))
HEADER = SECRET.encode().decode("latin-1")


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {HEADER}"},
        {"authorization": f"bearer  {HEADER} "},
        {"x-trainboard-secret": HEADER},
        {QUERY: "secret=gr%C3%BCn+und%20blau"},
        {QUERY: "model=churn&secret=gr%C3%BCn+und%20blau"},
        {"authorization": "Bearer wrong", QUERY: "secret=another"},
    ],
)
def test_secret_may_stand_in_three_places(headers):
    """As a bearer token, in a header of its own, or in the address."""
    assert KNOWN == find_bearer(headers, [Credential("dev", ("x",)), KNOWN])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": HEADER},
        {"authorization": f"Basic {HEADER}"},
        {"authorization": "Bearer "},
        {"x-trainboard-secret": ""},
        {QUERY: ""},
        {QUERY: "secret="},
        {QUERY: "secret=%FF"},
        {QUERY: "Secret=another"},
        {QUERY: "secret=another&secret=wrong"},
        {QUERY: "secret=another" + "&a=1" * 20},
        {QUERY: "secret=\udcff"},
    ],
)
def test_anything_else_proves_nothing(headers):
    """What is missing, empty, wrong or no text; an empty secret in the settings is nobody's."""
    assert find_bearer(headers, [KNOWN, Credential("empty", ("",))]) is None


def test_tokens_are_for_who_trusts_them():
    """A source that has both believes both; one without trust has no tokens."""
    both = Credential("prod", (SECRET,), entra=trust())
    token = {"authorization": bearer()}
    assert both == find_caller(token, [KNOWN, both], NOW)
    assert both == find_caller({QUERY: "secret=gr%C3%BCn+und%20blau"}, [both], NOW)
    assert find_caller(token, [KNOWN], NOW) is None
    assert find_caller({}, [both], NOW) is None


def test_query_is_read_once():
    """Names and values are decoded, and the last of a name counts."""
    assert {"model": "churn & co", "b": "2"} == read_query({QUERY: "model=churn+%26%20co&b=1&b=2&c="})


def test_each_principal_has_its_source():
    """The source is the one that names it; its secrets are no tokens."""
    old = Credential("old", (SECRET,), entra=connection_trust(principals=("another",)))
    mine = Credential("ci", (), entra=connection_trust())
    assert mine == find_principal({"authorization": connection_bearer()}, [KNOWN, old, mine], NOW)
    assert find_principal({"authorization": f"Bearer {HEADER}"}, [KNOWN, old], NOW) is None


def test_a_principal_that_nobody_names_is_told():
    """Its ids are what an operator would write into the settings."""
    stranger = Credential("ci", (), entra=connection_trust(principals=("another",)))
    with capture_logs() as lines:
        assert find_principal({"authorization": connection_bearer()}, [stranger], NOW) is None
        assert find_principal({"authorization": connection_bearer(exp=1)}, [stranger], NOW) is None
    [line] = lines
    assert (CONNECTION, CONNECTION_APP) == (line["oid"], line["appid"])
