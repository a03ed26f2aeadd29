"""Files from hosts that a platform names."""

import pytest
import requests
import responses

from trainboard.downloads import download
from trainboard.errors import PermanentError, TransientError

KEPT_AT = "https://artifacts.blob.example"
DOING = "read it"
API = "https://api.github.com"


@pytest.mark.parametrize("address", ["", "http://169.254.169.254/x", "file:///etc/passwd", "ftp://x/y"])
def test_addresses_that_are_not_followed(address):
    """A platform gives out nothing less safe than itself."""
    with pytest.raises(PermanentError, match="no address"):
        download(address, DOING, 100, API)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 403},
        {"status": 302, "headers": {"Location": "http://169.254.169.254/"}},
        {"body": requests.ConnectionError("sig=signed")},
    ],
)
def test_what_does_not_come(answer):
    """It may come later; no further address is followed, and the signed one is not told."""
    with responses.RequestsMock() as web:
        web.get(f"{KEPT_AT}/1", **answer)
        with pytest.raises(TransientError) as raised:
            download(f"{KEPT_AT}/1?sig=signed", DOING, 100, API)
    assert "signed" not in str(raised.value)


def test_a_host_is_told_nothing_of_us(monkeypatch, tmp_path):
    """Neither a token nor what a `.netrc` holds for it."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine artifacts.blob.example login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with responses.RequestsMock() as web:
        web.get(f"{KEPT_AT}/1", body=b"zip!")
        assert b"zip!" == download(f"{KEPT_AT}/1", DOING, 100, API)
        assert "Authorization" not in web.calls[0].request.headers
