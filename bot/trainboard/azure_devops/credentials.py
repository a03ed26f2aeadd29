"""How we sign in at Azure DevOps: with a personal access token, or as an identity of Microsoft Entra."""

from re import search
from typing import Any, Literal, Protocol

import requests
from azure.core.credentials import TokenCredential as TokenSource
from azure.core.exceptions import AzureError
from msrest.authentication import Authentication, BasicAuthentication
from requests.auth import AuthBase

from trainboard.errors import PermanentError, TransientError

Kind = Literal["managed-identity", "workload-identity", "service-principal"]

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
"""Azure DevOps, as Entra knows it.

Source: "Use service principals and managed identities in Azure DevOps".
"""

PATIENCE: dict[str, Any] = {"retry_total": 0, "connection_timeout": 5, "read_timeout": 20}
"""What azure-identity is told, in seconds: when to try again is the engine's decision."""

ADVICE = {
    "managed-identity": "Give the machine or container a managed identity; if the user assigned it, name it "
    "in azure_devops.client_id.",
    "workload-identity": "Give the pod a service account with a federated token, and check "
    "azure_devops.client_id and tenant_id.",
    "service-principal": "Check azure_devops.tenant_id, client_id and client_secret.",
}


class Credential(Protocol):
    """What an organisation needs of a credential. `advice` says what to do if it is not accepted."""

    @property
    def advice(self) -> str:
        """A sentence or two, for an operator."""
        ...

    def sign_in(self) -> Authentication:
        """What signs each request, from any thread."""
        ...


class TokenCredential:
    """A personal access token of one organisation.

    Source: "Retirement of Global Personal Access Tokens in Azure DevOps".

    Raises:
        ValueError: the token holds what no token holds; it is not shown.
    """

    advice = (
        "The token is wrong, expired or revoked, or was made for all organisations, which none may be since "
        "2026-12-01. Make one for this organisation alone, and put it into azure_devops.token."
    )

    def __init__(self, token: str) -> None:
        self._token = token.strip()
        if not self._token or not self._token.isascii() or len(self._token.split()) > 1:
            raise ValueError("azure_devops.token is empty, or holds blanks or letters that no token holds.")

    def sign_in(self) -> Authentication:
        """The token as the password of nobody.

        Source: "Use personal access tokens".
        """
        return BasicAuthentication("", self._token)


class EntraCredential:
    """An identity of Microsoft Entra. Needs the extra `entra`.

    Args:
        kind: where the identity comes from.
        tenant_id: of the service principal; of a workload identity, None: the environment says it.
        client_id: as `tenant_id`; of a managed identity that the user assigned, None: the system's.
        client_secret: of the service principal.

    Raises:
        PermanentError: the extra is not installed, or something is missing that the kind needs.
    """

    advice = (
        "Add the identity to the organisation, with a licence, by the object id of its service principal, "
        "and to the groups that have the rights."
    )

    def __init__(
        self,
        kind: Kind,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> None:
        self._kind = kind
        try:
            self._source = _open_source(kind, tenant_id, client_id, client_secret)
        except ImportError as error:
            raise PermanentError(
                f'azure_devops.auth is "{kind}", which needs azure-identity: pip install trainboard[entra].'
            ) from error
        except ValueError as error:
            raise PermanentError(
                f'azure_devops.auth is "{kind}", and something is missing. {ADVICE[kind]}'
            ) from error

    def sign_in(self) -> Authentication:
        """The identity's token, which azure-identity keeps, and renews before it expires."""
        return EntraAuthentication(self._source, ADVICE[self._kind])


class EntraAuthentication(Authentication):
    """Signs each request with the token that `source` gives, which any credential of azure-identity is.

    `advice` says what to do if there is none.
    """

    def __init__(self, source: TokenSource, advice: str) -> None:
        self._source = source
        self._advice = advice

    def signed_session(self, session: requests.Session | None = None) -> requests.Session:
        """The session, with the token that holds now.

        Raises:
            TransientError: there is none to be had; nothing was sent.
        """
        signed = session or requests.Session()
        signed.auth = Bearer(self._get_token())
        return signed

    def _get_token(self) -> str:
        try:
            return self._source.get_token(SCOPE).token
        except (AzureError, OSError, ValueError) as error:
            code = search(r"AADSTS\d+", str(error))
            reason = f"{type(error).__name__} {code.group()}" if code else type(error).__name__
            raise TransientError(
                f"Could not get a token from Microsoft Entra ({reason}). {self._advice}"
            ) from None


class Bearer(AuthBase):
    """A token in the header. As an object it keeps `requests` from looking for a password in `.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, signed."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _open_source(
    kind: Kind, tenant_id: str | None, client_id: str | None, client_secret: str | None
) -> TokenSource:
    from azure import identity

    if kind == "managed-identity":
        return identity.ManagedIdentityCredential(client_id=client_id, **PATIENCE)
    if kind == "workload-identity":
        return identity.WorkloadIdentityCredential(tenant_id=tenant_id, client_id=client_id, **PATIENCE)
    return identity.ClientSecretCredential(tenant_id or "", client_id or "", client_secret or "", **PATIENCE)
