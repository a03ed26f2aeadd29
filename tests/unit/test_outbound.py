"""Questions to servers: tokens that are renewed."""

import pytest
import responses

from trainboard.outbound import Outbound

URL = "https://tracker.test"


class Tokens:
    """Gives `first` until it is renewed, then `second`."""

    def __init__(self):
        self.held, self.renewed = "first", 0

    def get(self):
        return self.held

    def renew(self):
        self.held, self.renewed = "second", self.renewed + 1


@pytest.fixture
def http():
    with responses.RequestsMock() as http:
        yield http


def sent(http):
    return [call.request.headers["Authorization"] for call in http.calls]


def test_a_token_that_is_refused_is_renewed_once(http):
    """And the same question asked again with the new one."""
    http.post(f"{URL}/a", status=401)
    http.post(f"{URL}/a", status=200, body="yes")
    tokens = Tokens()
    answer = Outbound("Tracker", URL, token=tokens).send("POST", "/a", json={"b": 1})
    assert (200, b"yes", 1) == (answer.status, answer.body, tokens.renewed)
    assert ["Bearer first", "Bearer second"] == sent(http)
    assert [b'{"b": 1}'] * 2 == [call.request.body for call in http.calls]


def test_a_second_refusal_is_the_answer(http):
    """It is not asked for ever."""
    http.get(f"{URL}/a", status=401)
    tokens = Tokens()
    assert 401 == Outbound("Tracker", URL, token=tokens).send("GET", "/a").status
    assert (1, 2) == (tokens.renewed, len(http.calls))


@pytest.mark.parametrize("token", ["fixed", lambda: "fixed"])
def test_a_token_that_cannot_be_renewed_is_asked_with_once(http, token):
    """Nothing would be another the second time."""
    http.get(f"{URL}/a", status=401)
    assert 401 == Outbound("Tracker", URL, token=token).send("GET", "/a").status
    assert ["Bearer fixed"] == sent(http)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_redirect_is_followed(http, method, status):
    """Neither the question nor the token goes where a server points, which may be inside of our network."""
    http.add(method, f"{URL}/a", status=status, headers={"Location": "http://169.254.169.254/latest"})
    outbound = Outbound("Tracker", URL, token="t")
    answer = outbound.send(method, "/a")
    assert (status, [f"{URL}/a"]) == (answer.status, [call.request.url for call in http.calls])
    assert "redirects are not followed" in str(outbound.explain("/a", answer, "no API"))
