"""The code that a browser brought back, exchanged for a token.

Source: RFC 6749, "Authorization Code Grant", RFC 7636 (PKCE) and RFC 9700, "Best Current Practice".
"""

from typing import Any

import requests
import structlog
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from trainboard.errors import TransientError
from trainboard.sign_in import Attempt, UnprovenError

TIMEOUT_SECONDS = 10
MAX_CODE_CHARACTERS = 4096

_log = structlog.get_logger(__name__)


class Client:
    """We, as the other side knows us.

    Args:
        server: what the other side is called in errors.
        client_id: of us.
        client_secret: of us.
        redirect_uri: the only address of ours that people are sent back to.
    """

    def __init__(self, server: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self.server = server
        self.client_id = client_id
        self._secret = client_secret
        self._redirect_uri = redirect_uri

    def authorize(self, address: str, scope: str, attempt: Attempt, **more: str) -> str:
        """The address to which a browser is sent."""
        with self._open(scope=scope, code_challenge_method="S256") as session:
            made = session.create_authorization_url(
                address, state=attempt.state, code_verifier=attempt.verifier, **more
            )
        return str(made[0])

    def redeem(self, address: str, attempt: Attempt, code: str, auth_method: str) -> dict[str, Any]:
        """What the other side gives for the code.

        Raises:
            UnprovenError: nothing.
            TransientError: it does not answer.
        """
        if not code or len(code) > MAX_CODE_CHARACTERS:
            raise UnprovenError(f"{self.server} sent no code back.")
        with self._open(token_endpoint_auth_method=auth_method) as session:
            try:
                token = session.fetch_token(
                    address,
                    code=code,
                    code_verifier=attempt.verifier,
                    grant_type="authorization_code",
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
            except OAuthError as error:
                _log.warning("a sign-in was refused", server=self.server, error=error.error)
                raise UnprovenError(
                    f"{self.server} did not take its own code back ({error.error})."
                ) from None
            except requests.JSONDecodeError:
                token = None
            except requests.RequestException as error:
                raise self._explain(error) from error
            except ValueError:  # JSON, and no object: a redirect, a list
                token = None
        if not isinstance(token, dict) or not isinstance(token.get("access_token"), str):
            raise UnprovenError(f"{self.server} answered with what is no token.")
        return dict(token)

    def _open(self, **options: Any) -> OAuth2Session:
        return OAuth2Session(
            client_id=self.client_id, client_secret=self._secret, redirect_uri=self._redirect_uri, **options
        )

    def _explain(self, error: requests.RequestException) -> TransientError:
        return TransientError(f"{self.server} does not answer ({type(error).__name__}). Try again later.")
