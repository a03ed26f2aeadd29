"""Signing in with a token and as an identity of Entra, and what is said when that does not work."""

import sys

import pytest
from azure import identity
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.credentials import EntraAuthentication, EntraCredential, TokenCredential
from trainboard.errors import DoubtError, PermanentError, TransientError

ITEM = "https://dev.azure.com/acme/churn/_apis/wit/workItems/7"
WRITE = Call(doing="remove work item 7", writes=True)
TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
LOGIN = "https://login.microsoftonline.com"


def delete(organization):
    organization.ask(WRITE, lambda clients: clients.work_item_tracking.delete_work_item(7, project="churn"))


class Source:
    """Gives one token after the other; an error instead, if it is one."""

    def __init__(self, *tokens):
        self._tokens = list(tokens)
        self.scopes = []

    def get_token(self, *scopes, **_):
        self.scopes.append(scopes)
        token = self._tokens.pop(0)
        if isinstance(token, Exception):
            raise token
        return AccessToken(token, 0)


class Entra:
    """A credential over a source."""

    advice = "Add the identity to the organisation."

    def __init__(self, source):
        self._source = source

    def sign_in(self):
        return EntraAuthentication(self._source, "Check the secret.")


@pytest.mark.parametrize("token", ["", "  ", "two words", "pässword", "line\nbreak"])
def test_what_is_no_token(token):
    """It is refused before it is sent, and not shown."""
    with pytest.raises(ValueError, match=r"azure_devops\.token") as caught:
        TokenCredential(token)
    assert token.strip() == "" or token not in str(caught.value)


def test_blanks_around_a_token(open_organization, web):
    """A file with a token ends with a line break."""
    web.delete(ITEM, json={"id": 7})
    delete(open_organization(credential=TokenCredential("pat\n")))
    assert "Basic OnBhdA==" == web.calls[0].request.headers["Authorization"]


def test_a_token_of_entra(open_organization, web, monkeypatch, tmp_path):
    """It is asked for before each request, and no password in `.netrc` takes its place."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine dev.azure.com login me password mine")
    monkeypatch.setenv("NETRC", str(netrc))
    source = Source("first", "second")
    organization = open_organization(credential=Entra(source))
    web.delete(ITEM, json={"id": 7})
    for _ in range(2):
        delete(organization)
    assert ["Bearer first", "Bearer second"] == [each.request.headers["Authorization"] for each in web.calls]
    assert [("499b84ac-1321-427f-aa17-267ca6975798/.default",)] * 2 == source.scopes


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CredentialUnavailableError("no IMDS"), "CredentialUnavailableError"),
        (ClientAuthenticationError("AADSTS70002: Not 'abc'"), "ClientAuthenticationError AADSTS70002"),
        (ServiceRequestError("refused"), "ServiceRequestError"),
        (FileNotFoundError("/var/run/token"), "FileNotFoundError"),
        (ValueError("no authority"), "ValueError"),
    ],
)
def test_no_token_to_be_had(open_organization, web, error, said):
    """Nothing was sent, so there is no doubt; the vendor's words may quote secrets and are left out."""
    with pytest.raises(TransientError) as caught:
        delete(open_organization(credential=Entra(Source(error))))
    assert f"Could not get a token from Microsoft Entra ({said}). Check the secret." == str(caught.value)
    assert not isinstance(caught.value, DoubtError)
    assert caught.value.__suppress_context__
    assert 0 == len(web.calls)


def test_an_identity_that_is_no_member(open_organization, web):
    """A token that Entra gave and the organisation refuses: the advice is another one."""
    web.delete(ITEM, status=401)
    with pytest.raises(TransientError, match=r"not signed in\. Add the identity to the organisation\."):
        delete(open_organization(credential=Entra(Source("token"))))


def test_an_authentication_makes_its_own_session():
    """As the package allows it, though it always brings one."""
    session = EntraAuthentication(Source("token"), "").signed_session()
    assert "Bearer token" == session.auth(Prepared()).headers["Authorization"]


class Prepared:
    def __init__(self):
        self.headers = {}


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("managed-identity", identity.ManagedIdentityCredential),
        ("workload-identity", identity.WorkloadIdentityCredential),
        ("service-principal", identity.ClientSecretCredential),
    ],
)
def test_each_kind_of_identity(monkeypatch, tmp_path, kind, source):
    """azure-identity does the work for all of them."""
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))
    made = EntraCredential(kind, TENANT, CLIENT, "secret")
    assert source is type(made.sign_in()._source)


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("workload-identity", "service account with a federated token"),
        ("service-principal", r"Check azure_devops\.tenant_id, client_id and client_secret"),
    ],
)
def test_something_is_missing(monkeypatch, kind, advice):
    """It is said at the start, not with the first call."""
    for name in ("AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(PermanentError, match=rf'azure_devops\.auth is "{kind}", and .* {advice}'):
        EntraCredential(kind)


def test_without_the_extra(monkeypatch):
    """The sentence says what to install."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    monkeypatch.delattr("azure.identity", raising=False)
    with pytest.raises(PermanentError, match=r"pip install trainboard\[entra\]"):
        EntraCredential("managed-identity")


@pytest.fixture
def entra(web):
    """Entra, as far as a service principal meets it."""
    home = f"{LOGIN}/{TENANT}"
    web.get(
        f"{LOGIN}/common/discovery/instance",
        json={"tenant_discovery_endpoint": f"{home}/v2.0/.well-known/openid-configuration", "metadata": []},
    )
    web.get(
        f"{home}/v2.0/.well-known/openid-configuration",
        json={
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "issuer": f"{home}/v2.0",
        },
    )
    return f"{home}/oauth2/v2.0/token"


def list_posts(web):
    return [each for each in web.calls if each.request.method == "POST"]


def test_a_service_principal(open_organization, web, entra):
    """It signs in once, and its token is kept until it nears its end."""
    lasts = {"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600}
    web.post(entra, json=lasts | {"access_token": "of the principal"})
    web.delete(ITEM, json={"id": 7})
    organization = open_organization(
        credential=EntraCredential("service-principal", TENANT, CLIENT, "the-secret")
    )
    for _ in range(3):
        delete(organization)
    assert "Bearer of the principal" == web.calls[-1].request.headers["Authorization"]
    assert 1 == len(list_posts(web))


def test_a_service_principal_with_a_wrong_secret(open_organization, web, entra):
    """Entra's code is in the sentence, for it is what one searches for; the secret is not."""
    said = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
    web.post(entra, status=401, json=said)
    organization = open_organization(
        credential=EntraCredential("service-principal", TENANT, CLIENT, "the-secret")
    )
    with pytest.raises(TransientError, match=r"\(ClientAuthenticationError AADSTS7000215\)") as caught:
        delete(organization)
    assert "the-secret" not in str(caught.value)
    assert 1 == len(list_posts(web))


def test_entra_is_busy(open_organization, web, entra):
    """Nobody sleeps in the worker: the one try is all."""
    web.post(entra, status=503, body="busy", headers={"Retry-After": "60"})
    organization = open_organization(
        credential=EntraCredential("service-principal", TENANT, CLIENT, "the-secret")
    )
    with pytest.raises(TransientError, match="Could not get a token from Microsoft Entra"):
        delete(organization)
    assert 1 == len(list_posts(web))
