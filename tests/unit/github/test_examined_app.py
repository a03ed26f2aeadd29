"""A look at the App itself."""

import pytest

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Grade
from trainboard.errors import TransientError
from trainboard.github.apps import AppJson, Needs, Owner
from trainboard.github.credentials import AppCredential
from trainboard.github.examined_app import ExaminedApp

API_URL = "https://github.example/api/v3"
HOOK_URL = "https://bot.acme.example/webhooks/github"
NEEDS = Needs(
    permissions={"issues": "write", "metadata": "read"},
    events=("issues", "label"),
    useful={"members": "read"},
)
PAGE = "https://github.example/organizations/acme/settings/apps/trainboard"


@pytest.fixture
def fake(clock):
    """A GitHub whose App is in order."""
    with github_openapi.watch(API_URL, answers=True), FakeGitHub(API_URL, clock=clock).running() as running:
        registry = running.registry
        registry.page = "https://github.example"
        registry.permissions, registry.events = dict(NEEDS.permissions), ["issues", "label"]
        registry.hook = {
            "url": HOOK_URL,
            "content_type": "json",
            "secret": "********",
            "insecure_ssl": "0",
        }
        yield running


def look(clock, *, pem=None, owners=("acme",), webhook_url=HOOK_URL, has_secret=True):
    """What is found, as grade, message and fix."""
    credential = AppCredential(4711, pem or make_pem(), MemoryBudgets(clock), {})
    client = credential.sign_in_as_app(API_URL, clock)
    app = ExaminedApp(client, needs=NEEDS, owners=owners, webhook_url=webhook_url, has_secret=has_secret)
    try:
        return [(each.grade, each.message, each.fix) for each in app.examine()]
    finally:
        client.close()


def test_all_is_well(fake, clock):
    """One line; more events than are needed do no harm, and neither do other accounts."""
    fake.registry.events.append("push")
    assert [(Grade.OK, "The App Trainboard may do, and hears, what the settings ask for.", "")] == look(clock)
    assert ["GET /app", "GET /app/hook/config", "GET /app/installations"] == fake.calls()


def test_permissions_and_events_that_it_lacks(fake, clock):
    """The page is named on which they are granted."""
    fake.registry.permissions["issues"] = "read"
    fake.registry.events.remove("label")
    lacks, unheard = look(clock)
    assert (Grade.FAILING, "The App Trainboard lacks permissions: issues: write.") == lacks[:2]
    assert f"Grant them at {PAGE}/permissions and accept that where the App is installed." == lacks[2]
    assert "The App Trainboard is not subscribed to label." == unheard[1]
    assert f"at {PAGE}/permissions" in unheard[2]


def test_permissions_that_nothing_asks_for(fake, clock):
    """A note with the page on which they are taken away: whoever has the key may do all that the App may."""
    fake.registry.permissions |= {"issues": "admin", "contents": "read", "members": "read"}
    [found] = look(clock)
    expected = (
        "The App Trainboard may do what nothing in the settings asks for: contents: read, issues: admin."
    )
    assert (Grade.NOTE, expected) == found[:2]
    assert f"Take that away at {PAGE}/permissions, unless something else uses the App." == found[2]


def test_what_was_granted_but_not_accepted(fake, clock):
    """The page of the installation is named, on which its owner accepts it."""
    fake.registry.granted = {"issues": "read", "metadata": "read"}
    [found] = look(clock)
    assert (
        Grade.FAILING,
        "Nobody has accepted on acme what the App asks for anew: issues: write.",
        "Review and accept it at https://github.com/organizations/acme/settings/installations/100.",
    ) == found


def test_where_it_is_not_installed(fake, clock):
    """Each account of the settings, with the page that installs it."""
    fake.registry.installed = False
    assert [
        (
            Grade.FAILING,
            f"The App Trainboard is not installed on {owner}.",
            "Install it at https://github.example/apps/trainboard/installations/new.",
        )
        for owner in ("acme", "other")
    ] == look(clock, owners=("acme", "other"))


def test_an_installation_that_is_suspended(fake, clock):
    """Nothing can be done there until it is not."""
    fake.registry.suspended_at = "2026-01-05T00:00:00Z"
    [found] = look(clock, owners=("ACME",))
    assert (Grade.FAILING, "The App Trainboard is suspended on acme.") == found[:2]


@pytest.mark.parametrize(
    ("hook", "grade", "message"),
    [
        (
            {"url": "https://old.example"},
            Grade.FAILING,
            f"goes to https://old.example and not to {HOOK_URL}.",
        ),
        ({"content_type": "form"}, Grade.FAILING, "The App's webhook sends form, which is refused."),
        ({"secret": ""}, Grade.FAILING, "has no secret, so its deliveries are refused."),
        ({"insecure_ssl": "1"}, Grade.NOTE, "GitHub does not check the certificate of this server."),
    ],
)
def test_what_is_wrong_with_its_webhook(fake, clock, hook, grade, message):
    """Each with the page of its settings."""
    fake.registry.hook |= hook
    [found] = look(clock)
    assert (grade, True, True) == (found[0], message in found[1], PAGE in found[2])


def test_an_app_without_a_webhook(fake, clock):
    """GitHub says 404."""
    fake.registry.hook = None
    [found] = look(clock)
    assert f'Tick "Active" below "Webhook" and set the URL {HOOK_URL} at {PAGE}.' == found[2]


def test_settings_that_do_not_say_where_the_server_is(fake, clock):
    """The address is told, and nothing is judged."""
    [found] = look(clock, webhook_url="")
    assert (Grade.NOTE, True) == (found[0], HOOK_URL in found[1])


def test_settings_without_a_secret(fake, clock):
    """GitHub signs, and we could not tell."""
    [found] = look(clock, has_secret=False)
    assert (Grade.FAILING, True) == (found[0], "The settings name no secret" in found[1])


def test_a_key_that_is_none(fake, clock):
    """Nothing is sent."""
    with pytest.raises(TransientError, match=r"check github\.private_key"):
        look(clock, pem="no key")
    assert [] == fake.requests


@pytest.mark.parametrize(
    ("owner", "page"),
    [
        (Owner("ana", "User"), "https://github.com/settings/apps/tb"),
        (Owner("acme", "Organization"), "https://github.com/organizations/acme/settings/apps/tb"),
        (Owner(), "https://github.com/apps/tb"),
        (None, "https://github.com/apps/tb"),
    ],
)
def test_pages_of_an_app(owner, page):
    """Its settings are its owner's; those of an enterprise's App are not guessed."""
    app = AppJson(id=1, name="TB", slug="tb", html_url="https://github.com/apps/tb", owner=owner)
    assert page == app.settings_url
