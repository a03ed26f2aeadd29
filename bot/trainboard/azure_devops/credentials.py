"""How we sign in at Azure DevOps: with a personal access token, or as an identity of Microsoft Entra."""

from typing import Protocol

import requests
from azure.core.credentials import TokenCredential as TokenSource
from msrest.authentication import Authentication, BasicAuthentication
from requests.auth import AuthBase

from trainboard.entra import Kind, get_token, open_source
from trainboard.errors import PermanentError

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
"""Azure DevOps, as Entra knows it.

Source: "Use service principals and managed identities in Azure DevOps".
"""

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
            self._source = open_source(kind, tenant_id, client_id, client_secret)
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
        signed.auth = Bearer(get_token(self._source, SCOPE, self._advice))
        return signed


class Bearer(AuthBase):
    """A token in the header. As an object it keeps `requests` from looking for a password in `.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, signed."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
