"""Where work items and code live."""

import pytest
from pydantic import TypeAdapter, ValidationError

from trainboard.settings.places import (
    AzurePlace,
    CodePlace,
    OrganizationUrl,
    TrackerPlace,
    find_azure_place,
    organization_of,
)

ODD = "Churn & 100 % größer/Équipe 1.5"


def accepts(kind, value):
    """True if `value` is of that kind."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (TrackerPlace, "local", True),
        (TrackerPlace, "github:acme/churn.model_2", True),
        (TrackerPlace, "github:acme/..", False),
        (TrackerPlace, "github:acme/.github", True),
        (TrackerPlace, "github:acme", False),
        (TrackerPlace, "github:-acme/x", False),
        (TrackerPlace, "github:acme/x/y", False),
        (TrackerPlace, "azure-boards:acme/Churn/Team", True),
        (TrackerPlace, f"azure-boards:acme/{ODD}", True),
        (TrackerPlace, "azure-boards:acme/Churn", False),
        (TrackerPlace, "azure-boards:acme/Churn/Team/x", False),
        (TrackerPlace, "azure-boards:acme//Team", False),
        (TrackerPlace, "azure-boards:acme/../Team", False),
        (TrackerPlace, "azure-boards:acme/Churn/.", False),
        (TrackerPlace, "azure-boards:acme/ Churn/Team", False),
        (TrackerPlace, "azure-boards:acme/Churn/Team ", False),
        (TrackerPlace, "azure-boards:acme/Churn\\x/Team", False),
        (TrackerPlace, "azure-boards:acme/Chu\nrn/Team", False),
        (TrackerPlace, "azure-repos:acme/Churn/churn", False),
        (CodePlace, "local", True),
        (CodePlace, "github:acme/churn", True),
        (CodePlace, f"azure-repos:acme/{ODD}", True),
        (CodePlace, "azure-boards:acme/Churn/Team", False),
        (OrganizationUrl, "", True),
        (OrganizationUrl, "https://dev.azure.com/acme", True),
        (OrganizationUrl, "https://dev.azure.com", False),
        (OrganizationUrl, "https://dev.azure.com/acme/Churn", False),
        (OrganizationUrl, "https://acme.visualstudio.com", True),
        (OrganizationUrl, "https://acme.visualstudio.com/Churn", False),
        (OrganizationUrl, "https://tfs.example.com/tfs/Default Collection", False),
        (OrganizationUrl, "https://tfs.example.com/tfs/DefaultCollection", True),
        (OrganizationUrl, "https://tfs.example.com", False),
    ],
)
def test_places_are_taken_or_refused(kind, value, expected):
    """Names may hold what Azure DevOps lets them hold, and nothing that leads elsewhere in an address."""
    assert expected == accepts(kind, value)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("local", None),
        ("github:acme/churn", None),
        ("azure-boards:acme/100%25 Churn/Team A", AzurePlace("acme", "100%25 Churn", "Team A")),
        ("azure-repos:acme/Churn/größe", AzurePlace("acme", "Churn", "größe")),
    ],
)
def test_a_place_has_three_names(place, expected):
    """The names are taken as they stand: nothing in them is decoded."""
    assert expected == find_azure_place(place)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://dev.azure.com/acme", "acme"),
        ("https://acme.visualstudio.com", "acme"),
        ("http://127.0.0.1:8080/acme", "acme"),
        ("https://tfs.example.com/tfs/DefaultCollection", "DefaultCollection"),
        ("https://tfs.example.com/Old%20Things", "Old Things"),
    ],
)
def test_an_address_names_its_organisation(address, expected):
    """The organisation's name is found in each form of its address."""
    assert expected == organization_of(address)
