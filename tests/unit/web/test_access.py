"""Who sees the pages."""

import pytest

from trainboard.web.access import is_local_host, is_loopback

BOARD = "/projects/churn"


def asked(client, path="/deliveries", address="127.0.0.1", **headers):
    """The answer to a request from `address`."""
    return client.get(path, headers=headers, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_local(address):
    """Every loopback address, however it is written."""
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["192.168.1.7", "::ffff:10.0.0.1", "2001:db8::1", "", None, "localhost"])
def test_other_machines_are_not_local(address):
    """Also what is no address at all."""
    assert not is_loopback(address)


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST"])
def test_names_of_this_machine_are_local(host):
    """With or without a port."""
    assert is_local_host(host)


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "[::1"])
def test_other_names_are_not_local(host):
    """A name that points here by DNS is still another's."""
    assert not is_local_host(host)


def test_local_pages_answer_this_machine(open_site):
    """Nothing else is needed."""
    assert asked(open_site("local")).status_code == 200


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.9", {}),
        ("127.0.0.1", {"Host": "evil.example"}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}),
    ],
)
def test_local_pages_refuse_everybody_else(open_site, address, headers):
    """Another machine, another name and a proxy's errand get the sentence that says how to open them."""
    answer = asked(open_site("local"), address=address, **headers)

    assert answer.status_code == 403
    assert "server.dashboard = &#34;public&#34;" in answer.text


def test_the_refusal_of_json_is_json(open_site):
    """A program reads a problem."""
    answer = asked(open_site("local"), "/api/v1/board", "10.0.0.9")

    assert (403, "application/problem+json") == (answer.status_code, answer.content_type)


@pytest.mark.parametrize("path", ["/", BOARD, "/deliveries", "/items/1", "/api/v1/board"])
def test_pages_that_are_off_are_not_there(open_site, path):
    """Nobody learns that there could be pages."""
    assert asked(open_site("off"), path).status_code == 404


def test_public_pages_answer_everybody(open_site):
    """Under any name."""
    assert asked(open_site("public"), address="10.0.0.9", Host="board.example").status_code == 200


def test_health_is_for_everybody(open_site):
    """Probes come from other machines."""
    assert asked(open_site("off"), "/readyz", "10.0.0.9", Host="10.0.0.1").status_code == 200
