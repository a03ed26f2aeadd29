"""Tokens of Microsoft Entra: when they are asked for anew, and what is said where there are none."""

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from trainboard.entra import Tokens
from trainboard.errors import TransientError

SCOPE = "https://management.azure.com/.default"


class Identity:
    """Keeps its token, as azure-identity does, until `expires`."""

    numbers = iter(range(1, 1_000))

    def __init__(self):
        self.scopes, self.token, self.expired = [], None, False

    def get_token(self, *scopes, **_):
        self.scopes.append(scopes)
        if self.token is None or self.expired:
            self.token, self.expired = f"token {next(self.numbers)}", False
        return AccessToken(self.token, 0)


@pytest.fixture
def opened():
    """The identities that were opened, the first one first."""
    return []


@pytest.fixture
def tokens(opened):
    def open_identity():
        opened.append(Identity())
        return opened[-1]

    return Tokens(open_identity, SCOPE, "Check the secret.")


def test_a_token_is_asked_for_each_time(tokens, opened):
    """The identity keeps it, and knows when it expires."""
    first = tokens.get()
    assert first == tokens.get()
    opened[0].expired = True
    assert first != tokens.get()
    assert [(SCOPE,)] * 3 == opened[0].scopes


def test_a_token_that_was_refused_is_not_used_again(tokens, opened):
    """Although the identity would keep it for an hour: another one is opened, whose memory is empty."""
    first = tokens.get()
    tokens.renew()
    assert first != tokens.get()
    assert 2 == len(opened)


def test_where_there_is_none_the_advice_is_said():
    """With Entra's code and nothing else of what it answered."""

    class Broken:
        def get_token(self, *_, **__):
            raise ClientAuthenticationError("AADSTS7000215: Invalid client secret for app 'hush'")

    with pytest.raises(TransientError, match=r"AADSTS7000215\)\. Check the secret\.") as caught:
        Tokens(Broken, SCOPE, "Check the secret.").get()
    assert "hush" not in str(caught.value)
