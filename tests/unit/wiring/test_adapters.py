"""What the settings name, made into adapters."""

import subprocess
import sys

import pytest

from fakes.clock import FakeClock
from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.store.database import Database
from trainboard.wiring.adapters import repositories, trackers
from trainboard.wiring.errors import WiringError
from trainboard.wiring.senders import credentials
from trainboard_webhooks import Credential

ACME = {"organization_url": "https://dev.azure.com/acme", "token": "pat"}
BOARDS = "azure-boards:acme/Churn/Churn Team"
HOOK = "3F2A6C1E-5B7D-4F0A-9A51-0C8E4D2B7F60"
VENDORS = ["azure.devops", "azure.identity", "github", "msrest"]
NAMES_VENDORS = f"""
import sys
from trainboard.settings import load, projects_of
from trainboard.wiring import adapters
settings = load(None, {{}})
adapters.trackers(settings, projects_of(settings), None, None, None)
adapters.repositories(settings, projects_of(settings), None, None)
adapters.ledgers(settings, None, None)
print([each for each in {VENDORS} if each in sys.modules])
"""


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    yield made
    made.close()


def settings_of(*projects, **sections):
    """Settings with projects, each a tracker and where its code lives."""
    named = [
        {"name": f"p{number}", "tracker": tracker, "code": where}
        for number, (tracker, where) in enumerate(projects)
    ]
    return Settings.model_validate({"projects": named, "azure_devops": ACME} | sections)


def make_trackers(settings, database, clock):
    return trackers(settings, projects_of(settings), database, clock, MemoryBudgets(clock))


def make_repositories(settings, clock):
    return repositories(settings, projects_of(settings), clock, MemoryBudgets(clock))


def test_each_project_has_the_tracker_that_it_names(database, clock):
    """Local board, GitHub and Azure Boards stand beside each other."""
    settings = settings_of(
        ("local", "local"), ("github:acme/churn", "local"), (BOARDS, "local"), github={"token": "t"}
    )
    made = make_trackers(settings, database, clock)
    assert ["LocalTracker", "GitHubTracker", "AzureBoardsTracker"] == [
        type(made[name]).__name__ for name in ("p0", "p1", "p2")
    ]
    assert ["local:p0", "github:acme/churn"] == [made["p0"].name, made["p1"].name]


def test_projects_of_one_place_share_its_tracker(database, clock):
    """What is learnt of a place is learnt once; teams of one organisation share their connections."""
    other = BOARDS.replace("Churn Team", "Other Team")
    settings = settings_of((BOARDS, "local"), (BOARDS, "local"), (other, "local"))
    made = make_trackers(settings, database, clock)
    assert (True, False) == (made["p0"] is made["p1"], made["p0"] is made["p2"])


@pytest.mark.parametrize(
    ("tracker", "section", "expected"),
    [
        ("github:acme/churn", {}, "acme/churn is on GitHub, and the settings name no way in"),
        (
            BOARDS,
            {"azure_devops": {"organization_url": ACME["organization_url"]}},
            "Work items live in https://dev.azure.com/acme, and the settings name no way in",
        ),
    ],
)
def test_a_place_without_a_way_in_is_said(tracker, section, expected, database, clock):
    """One sentence that says where, and what to set."""
    with pytest.raises(WiringError, match=expected):
        make_trackers(settings_of((tracker, "local"), **section), database, clock)


@pytest.mark.parametrize(
    "section",
    [
        {"auth": "managed-identity", "client_id": "c"},
        {"auth": "service-principal", "tenant_id": "t", "client_id": "c", "client_secret": "s"},
    ],
)
def test_an_identity_of_entra_is_a_way_in(section, database, clock):
    """Without a token the organisation is asked in the name of the identity; nothing is asked yet."""
    azure = {"organization_url": ACME["organization_url"], **section}
    made = make_trackers(settings_of((BOARDS, "local"), azure_devops=azure), database, clock)
    assert "azure-boards:acme" == made["p0"].name


@pytest.mark.parametrize(
    ("tracker", "where", "expected"),
    [
        (BOARDS, "github:acme/churn", ["github:acme/churn"]),
        (BOARDS, "azure-repos:Acme/Churn/churn", ["azure-repos:acme/Churn/churn"]),
        ("local", "github:acme/churn", ["github:acme/churn"]),
        ("local", "local", []),
    ],
)
def test_pull_requests_are_reached_where_the_code_lives(tracker, where, expected, clock):
    """Wherever the work items are."""
    made = make_repositories(settings_of((tracker, where), github={"token": "t"}), clock)
    assert expected == [each.name for each in made.values()]


def test_projects_of_one_repository_share_it(clock):
    """And none is made twice."""
    made = make_repositories(
        settings_of(("local", "github:acme/churn"), ("local", "github:acme/churn"), github={"token": "t"}),
        clock,
    )
    assert made["p0"] is made["p1"]


def test_an_app_asks_for_what_pull_requests_need(clock):
    """And its tracker for what issues need: neither token may do the other's work."""
    app = {"app_id": 4711, "private_key": make_pem()}
    settings = settings_of(("github:acme/churn", "github:acme/churn"), github=app)
    with FakeGitHub(clock=clock).running() as fake:
        fake.person_opens(fake.churn, "One", is_pull=True)
        made = make_repositories(settings, clock)["p0"]
        made.describe(1, "Better.")
        made.close()
        [asked] = [each.json for each in fake.requests if each.path.endswith("/access_tokens")]
    assert {"checks": "write", "metadata": "read", "pull_requests": "write"} == asked["permissions"]


@pytest.mark.parametrize("where", ["github:acme/churn", "azure-repos:acme/Churn/churn"])
def test_pull_requests_without_a_way_in_are_left_alone(where, clock):
    """A bot that only hears of code needs no key to it."""
    no_token = {"organization_url": ACME["organization_url"]}
    assert {} == make_repositories(settings_of(("local", where), azure_devops=no_token), clock)


def test_pull_requests_that_must_name_work_items_need_a_way_in(clock):
    """Azure Boards learns of them from there."""
    with pytest.raises(WiringError, match="acme/churn is on GitHub, and the settings name no way in"):
        make_repositories(settings_of((BOARDS, "github:acme/churn")), clock)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({}, None),
        ({"webhook_password": "new"}, Credential("", ("new",), "trainboard")),
        (
            {
                "webhook_user": "hooks",
                "webhook_password": "new",
                "previous_webhook_password": "old",
                "subscriptions": [HOOK],
            },
            Credential("", ("new", "old"), "hooks", frozenset({HOOK.lower()})),
        ),
    ],
)
def test_service_hooks_prove_themselves_with_what_is_set(section, expected):
    """Both passwords are believed during a change; without one nobody is."""
    [*found] = credentials(Settings.model_validate({"azure_devops": section})).get("azure-devops", ())
    assert ([] if expected is None else [expected]) == found


def test_only_what_is_named_is_loaded():
    """A bot without GitHub and Azure DevOps needs neither of their packages."""
    told = subprocess.run([sys.executable, "-c", NAMES_VENDORS], capture_output=True, text=True, check=True)
    assert "[]\n" == told.stdout
