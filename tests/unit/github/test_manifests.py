"""An App's manifest, and the exchange of GitHub's code."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from fakes.github import FakeGitHub
from fakes.github.state import Refused
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import PermanentError, TransientError
from trainboard.github.client import Client
from trainboard.github.limits import WINDOWS
from trainboard.github.manifests import (
    Manifest,
    convert,
    find_form_url,
    find_prefilled_url,
    find_web_url,
)

API_URL = "https://github.example/api/v3"
MANIFEST = Manifest(
    name="trainboard-acme",
    url="https://bot.acme.example",
    webhook_url="https://bot.acme.example/webhooks/github",
    permissions={"issues": "write", "metadata": "read"},
    events=("issues", "label"),
)


@pytest.fixture
def fake(clock):
    with github_openapi.watch(API_URL, answers=True), FakeGitHub(API_URL, clock=clock).running() as running:
        yield running


@pytest.fixture
def client(fake, clock):
    """It signs in as nobody."""
    made = Client(api_url=API_URL, auth=None, budget=MemoryBudgets(clock).of("nobody", WINDOWS), clock=clock)
    yield made
    made.close()


def test_the_manifest():
    """A private App, whose webhook is on, with what is needed and nothing else."""
    assert {
        "name": "trainboard-acme",
        "url": "https://bot.acme.example",
        "hook_attributes": {"url": "https://bot.acme.example/webhooks/github", "active": True},
        "redirect_url": "http://127.0.0.1:1/registered",
        "public": False,
        "default_permissions": {"issues": "write", "metadata": "read"},
        "default_events": ["issues", "label"],
    } == json.loads(MANIFEST.render("http://127.0.0.1:1/registered"))


@pytest.mark.parametrize(
    ("api_url", "web_url"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.github.com/", "https://github.com"),
        ("https://github.example/api/v3", "https://github.example"),
        ("https://github.example:8443/api/v3/", "https://github.example:8443"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("https://api.example", "https://api.example"),
        ("http://127.0.0.1:4801", "http://127.0.0.1:4801"),
    ],
)
def test_where_people_find_github(api_url, web_url):
    """It follows from the API's address alone."""
    assert web_url == find_web_url(api_url)


def test_the_form():
    """An organisation's is its own; its name is data."""
    web = "https://github.com"
    assert [
        "https://github.com/settings/apps/new",
        "https://github.com/organizations/acme/settings/apps/new",
        "https://github.com/organizations/..%2Fx/settings/apps/new",
    ] == [find_form_url(web, name) for name in ("", "acme", "../x")]


def test_the_form_filled_in():
    """For who goes on by hand."""
    url = urlsplit(find_prefilled_url("https://github.com", "acme", MANIFEST))
    fields = parse_qsl(url.query)
    assert "/organizations/acme/settings/apps/new" == url.path
    assert {("issues", "write"), ("events[]", "issues"), ("events[]", "label")} <= set(fields)


def test_a_code_is_exchanged_once(fake, client):
    """Without signing in; the second time GitHub does not know it."""
    answer = fake.registry.submit("/settings/apps/new", MANIFEST.render("http://127.0.0.1:1/r"), "s")
    code = dict(parse_qsl(urlsplit(answer).query))["code"]
    app = convert(client, code)
    assert (4712, "trainboard-acme", "the-webhook-secret", True) == (
        app.id,
        app.slug,
        app.webhook_secret,
        "PRIVATE KEY" in app.pem,
    )
    assert "Authorization" not in fake.requests[0].headers
    with pytest.raises(PermanentError, match="exchanged before, or is older than an hour"):
        convert(client, code)


def test_a_code_is_data(fake, client):
    """It leads to no other path."""
    with pytest.raises(PermanentError):
        convert(client, "../../user?x=")
    assert ["POST /app-manifests/..%2F..%2Fuser%3Fx%3D/conversions"] == fake.calls()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 422, "body": {"message": "Validation Failed"}}, PermanentError),
        ({"status": 502}, TransientError),
        ({"status": 200, "body": "<html>"}, TransientError),
    ],
)
def test_github_does_not_give_it(fake, client, fault, error):
    """Refused for good, or worth another try."""
    fake.next_fault(**fault)
    with pytest.raises(error, match="exchange GitHub's code"):
        convert(client, "abc")
    github_openapi.take_findings()


def test_github_refuses_events_without_permissions(fake):
    """The fake's form is as strict as GitHub's."""
    text = MANIFEST.render("http://127.0.0.1:1/r").replace('"label"', '"merge_group"')
    with pytest.raises(Refused) as caught:
        fake.registry.submit("/settings/apps/new", text, "s")
    assert "Default events are not supported by permissions: merge_group" == caught.value.body["message"]
