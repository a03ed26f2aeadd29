"""The token with which a job of GitHub Actions proves which job it is, so that it needs no secret.

Source: GitHub, "OpenID Connect reference", "Methods for requesting the OIDC token".
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from trainboard.report_run.sending import MOST_ANSWER_BYTES, SendingError, open_url

_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
_BEARER = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


def can_ask(environ: Mapping[str, str]) -> bool:
    """True in a job that has the permission `id-token: write`."""
    return bool(environ.get(_URL) and environ.get(_BEARER))


def ask_token(environ: Mapping[str, str], audience: str, timeout_seconds: float) -> str:
    """A token for `audience`, good for some minutes.

    Raises:
        SendingError: GitHub gives none.
    """
    from urllib.request import Request

    address = environ[_URL]
    if urlsplit(address).scheme not in {"https", "http"}:
        raise SendingError(f"{_URL} is no address.", passing=False)
    between = "&" if "?" in address else "?"
    request = Request(  # noqa: S310  the scheme was looked at
        f"{address}{between}audience={quote(audience, safe='')}",
        headers={"Authorization": f"Bearer {environ[_BEARER]}", "Accept": "application/json"},
    )
    with open_url(request, "GitHub", timeout_seconds) as answer:
        content = answer.read(MOST_ANSWER_BYTES)
    try:
        document: Any = json.loads(content)
        token = document["value"]
    except (ValueError, LookupError, TypeError, RecursionError):
        token = None
    if not isinstance(token, str) or not token:
        raise SendingError("GitHub gave no token for the job.", passing=True)
    return token
