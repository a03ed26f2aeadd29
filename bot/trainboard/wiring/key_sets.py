"""Where the public keys of issuers of tokens are fetched."""

_TIMEOUT_SECONDS = 10
_MAX_BYTES = 1024 * 1024


def fetch_keys(address: str) -> bytes:
    """The key set at `address`, as far as a mebibyte goes.

    Raises:
        requests.RequestException: it could not be fetched.
    """
    import requests

    with requests.get(address, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
        if answer.status_code != requests.codes.ok:
            raise requests.HTTPError(f"{address} answered {answer.status_code}")
        found: bytes = answer.raw.read(_MAX_BYTES, decode_content=True)
        return found
