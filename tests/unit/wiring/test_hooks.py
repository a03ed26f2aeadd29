"""Which service hooks the settings ask for, and whether they can be kept."""

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings
from trainboard.wiring import azure_hooks
from trainboard.wiring.adapters import find_obstacle_to_hooks, hooks
from trainboard.wiring.errors import WiringError
from trainboard.wiring.heard import find_obstacle, list_heard

ACME = {"organization_url": "https://dev.azure.com/acme", "token": "pat", "webhook_password": "s"}
SERVER = {"public_url": "https://bot.acme.example"}


def settings_of(*places, azure_devops=ACME, server=SERVER):
    """Settings with projects, each a tracker and perhaps where its code lives."""
    projects = [
        {"name": f"p{number}", "tracker": tracker} | ({"code": code[0]} if code else {})
        for number, (tracker, *code) in enumerate(places)
    ]
    return Settings.model_validate({"projects": projects, "azure_devops": azure_devops, "server": server})


def boards(team="Churn Team", project="Churn"):
    return f"azure-boards:acme/{project}/{team}"


def keep(settings):
    clock = FakeClock()
    return hooks(settings, clock, MemoryBudgets(clock))


def test_projects_are_heard_once():
    """Whatever number of teams and repositories they have."""
    settings = settings_of(
        (boards(), "azure-repos:acme/Churn/model"),
        (boards("Other Team"), "azure-repos:acme/Churn/data"),
        (boards("X", "Planning"), "github:acme/churn"),
        ("local", "azure-repos:acme/Code/model"),
        ("local",),
    )
    expected = {"Churn": ("model", "data"), "Planning": (), "Code": ("model",)}
    assert expected == list_heard(settings.projects)


def test_hooks_are_kept():
    """One set for the organisation; nothing is asked before it is looked at."""
    kept = keep(settings_of((boards(),)))
    assert ["azure-devops"] == list(kept)
    kept["azure-devops"].close()


def test_without_projects_there_nothing_is_kept():
    """And nothing stands in the way."""
    settings = settings_of(("local",))
    assert ({}, None) == (keep(settings), find_obstacle_to_hooks(settings))


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"azure_devops": ACME | {"webhook_password": None}}, "azure_devops.webhook_password is not set"),
        ({"azure_devops": ACME | {"token": None}}, "set azure_devops.token"),
        ({"server": {}}, "set server.public_url"),
        ({"server": {"public_url": "https://localhost"}}, "no service hooks to localhost"),
    ],
)
def test_what_stands_in_the_way(sections, said):
    """Then none is kept, and a sentence says what to do."""
    settings = settings_of((boards(),), **sections)
    assert ({}, True) == (keep(settings), said in find_obstacle_to_hooks(settings))


def test_hooks_need_a_password():
    """Whoever asks for them without one is told so."""
    settings = settings_of((boards(),), azure_devops=ACME | {"webhook_password": None})
    with pytest.raises(WiringError, match="webhook_password"):
        azure_hooks.open_hooks(settings, {"Churn": ()}, FakeClock(), MemoryBudgets(FakeClock()), pinned=False)


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost",
        "https://LOCALHOST.:8443",
        "https://bot.localhost",
        "https://bot.local",
        "https://127.0.0.1:8080",
        "https://10.0.0.1",
        "https://192.168.1.4/bot",
        "https://169.254.169.254",
        "https://[::1]:8443",
        "https://[fd00::1]",
    ],
)
def test_addresses_that_azure_devops_refuses(address):
    """This machine's own, and those of private and special ranges."""
    assert "sends no service hooks to" in find_obstacle(address)


@pytest.mark.parametrize(
    "address", ["https://bot.acme.example", "https://bot.acme.example:8443/tb", "https://20.1.2.3"]
)
def test_addresses_that_it_takes(address):
    """What a name stands for is not looked up."""
    assert find_obstacle(address) is None


def test_a_password_goes_by_https_only():
    """Anybody on the way could read it."""
    assert "in the clear" in find_obstacle("http://bot.acme.example")
