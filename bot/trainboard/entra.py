"""Tokens that Microsoft Entra gives an identity of ours. Needs the extra `entra`.

Source: "Azure Identity client library for Python".
"""

from collections.abc import Callable
from re import search
from typing import TYPE_CHECKING, Any, Literal

from trainboard.errors import TransientError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential as TokenSource

Kind = Literal["managed-identity", "workload-identity", "service-principal"]

PATIENCE: dict[str, Any] = {"retry_total": 0, "connection_timeout": 5, "read_timeout": 20}
"""What azure-identity is told, in seconds: when to try again is the engine's decision."""


def open_source(
    kind: Kind, tenant_id: str | None, client_id: str | None, client_secret: str | None
) -> "TokenSource":
    """The identity as azure-identity knows it.

    Raises:
        ImportError: the extra is not installed.
        ValueError: something is missing that the kind needs.
    """
    from azure import identity

    if kind == "managed-identity":
        return identity.ManagedIdentityCredential(client_id=client_id, **PATIENCE)
    if kind == "workload-identity":
        return identity.WorkloadIdentityCredential(tenant_id=tenant_id, client_id=client_id, **PATIENCE)
    return identity.ClientSecretCredential(tenant_id or "", client_id or "", client_secret or "", **PATIENCE)


def get_token(source: "TokenSource", scope: str, advice: str) -> str:
    """The token that holds now, which azure-identity keeps and renews before it expires.

    Raises:
        TransientError: there is none to be had, with `advice`; of Entra's answer only its code is told.
    """
    from azure.core.exceptions import AzureError

    try:
        return source.get_token(scope).token
    except (AzureError, OSError, ValueError) as error:
        code = search(r"AADSTS\d+", str(error))
        reason = f"{type(error).__name__} {code.group()}" if code else type(error).__name__
        raise TransientError(f"Could not get a token from Microsoft Entra ({reason}). {advice}") from None


class Tokens:
    """The tokens of one identity. Any number of threads may take them.

    Args:
        open_identity: gives the identity as azure-identity knows it, with nothing in its cache.
        scope: what the tokens are for.
        advice: what to do if there is none to be had.
    """

    def __init__(self, open_identity: "Callable[[], TokenSource]", scope: str, advice: str) -> None:
        self._open = open_identity
        self._scope = scope
        self._advice = advice
        self._identity = open_identity()

    def get(self) -> str:
        """The token that holds now.

        Raises:
            TransientError: there is none to be had.
        """
        return get_token(self._identity, self._scope, self._advice)

    def renew(self) -> None:
        """Forget a token that was refused before its time: the next one is fetched anew."""
        self._identity = self._open()
