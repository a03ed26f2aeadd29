"""How we sign in at Azure DevOps: a personal access token, or an identity of Microsoft Entra."""

from typing import Literal, Protocol

from msrest.authentication import Authentication, BasicAuthentication

Kind = Literal["managed-identity", "workload-identity", "service-principal"]


class Credential(Protocol):
    """What an organisation needs of a credential. `advice` says what to do if it is not accepted."""

    advice: str

    def sign_in(self) -> Authentication:
        """What signs each request."""
        ...


class TokenCredential:
    """A personal access token of the organisation.

    Raises:
        ValueError: the token holds what no token holds; it is not shown.
    """

    advice = (
        "The token is wrong, expired or revoked, or holds for all organisations, which no token does since "
        "December 2026: make one for this organisation and put it into azure_devops.token."
    )

    def __init__(self, token: str) -> None:
        self._token = token.strip()
        if not self._token or not self._token.isascii() or len(self._token.split()) > 1:
            raise ValueError("azure_devops.token is empty, or holds blanks or letters that no token holds.")

    def sign_in(self) -> Authentication:
        """The token as the password of nobody."""
        return BasicAuthentication("", self._token)


class EntraCredential:
    """An identity of Microsoft Entra. Needs the extra `entra`.

    Args:
        kind: where the identity comes from.
        tenant_id: None for a managed identity.
        client_id: None for a managed identity that the system assigned.
        client_secret: of a service principal only.
    """

    advice = "Add the identity to the organisation, with a licence, and to the groups whose rights it needs."

    def __init__(
        self,
        kind: Kind,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> None:
        self._kind = kind
        self._tenant_id = tenant_id
        self._client_id = client_id
        self._client_secret = client_secret

    def sign_in(self) -> Authentication:
        """The identity's token, renewed before it expires."""
        raise NotImplementedError
