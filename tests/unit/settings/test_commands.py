"""Who may command what, as an operator says it."""

from pathlib import Path

import pytest

from trainboard.settings import SettingsError, load, projects_of

PROJECT = '[[projects]]\nname = "churn"\n[projects.commands]\n'
ANA = "B0A1B2C3-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)


def read(text):
    """The one project of a file."""
    Path("trainboard.toml").write_text(PROJECT + text, encoding="utf-8")
    [project] = projects_of(load(None, {}))
    return project


def test_roles_people_and_bots_are_named():
    """Ids in small letters, for GUIDs are written in both."""
    project = read(
        f'roles = {{ waive = "admin", close = "nobody" }}\npeople = {{ promote = ["{ANA}"], retrain = [] }}\n'
        'bots = ["7"]\n'
    )
    policy = project.commands
    assert {"waive": ("admin",), "close": ("nobody",)} == policy.rules
    assert {"promote": frozenset({ANA.lower()}), "retrain": frozenset()} == policy.people
    assert frozenset({"7"}) == policy.bots


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('roles = { waiv = "admin" }', 'is no command; did you mean "waive"?'),
        ('people = { promot = ["7"] }', 'is no command; did you mean "promote"?'),
        ('roles = { waive = "boss" }', "waive"),
        ('people = { promote = "7" }', "promote"),
        ('roles = { waive = "amdin" }', 'did you mean "admin"?'),
        ("roles = { waive = [] }", "must have at least 1 entry"),
        ('roles = { waive = ["nobody", "admin"] }', 'beside "nobody"'),
        ('roles = { waive = "team:" }', "must be a role"),
        ('roles = { waive = "team:../.." }', "must be a role"),
        ('roles = { waive = "team:acme/.." }', "must be a role"),
        ('roles = { waive = "team:acme/x/y" }', "must be a role"),
        ('roles = { waive = "team:@all" }', "must be a role"),
        ('roles = { waive = "team:a\\n/close" }', "must be a role"),
        ('roles = { waive = "user:@ana" }', "must be a role"),
        ('roles = { waive = "user:two words" }', "must be a role"),
        (
            'roles = { waive = "team:acme/leads" }',
            "of GitHub, where neither tracker nor code are",
        ),
        ('roles = { waive = ["admin", "team:Leads"] }', "names a team of Azure DevOps"),
        ('environments = { prod = { promot = "admin" } }', 'is no command; did you mean "promote"?'),
        ('environments = { prod = { close = "admin" } }', "is a command that changes no environment"),
        ('environments = { prod = { promote = "boss" } }', "must be a role"),
        ('environments = { "" = { promote = "admin" } }', "must not be empty"),
        ('environments = { prod = { promote = "team:acme/leads" } }', "names a team of GitHub"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, complaint):
    """And nothing is guessed."""
    with pytest.raises(SettingsError) as caught:
        read(text)
    [finding] = map(str, caught.value.findings)
    assert complaint in finding
    assert finding.startswith("trainboard.toml:4:")


def test_a_line_far_below_is_found():
    """Environments may be tables of their own."""
    with pytest.raises(SettingsError) as caught:
        read(
            '[projects.commands.environments."prod-*"]\nrollback = "admin"\npromote = ["maintain", "boss"]\n'
        )
    [finding] = map(str, caught.value.findings)
    assert finding.startswith("trainboard.toml:6:")


@pytest.mark.parametrize(
    ("places", "teams"),
    [
        ('tracker = "github:acme/churn"', ["team:acme/ml-leads"]),
        (
            'tracker = "azure-boards:acme/Churn/Churn ML"\ncode = "github:acme/churn"',
            ["team:acme/a.b", "team:ML"],
        ),
    ],
)
def test_rules_name_teams_and_accounts_and_environments(places, teams):
    """Each a text or a list; teams of the platforms where the project lives."""
    azure = '[azure_devops]\norganization_url = "https://dev.azure.com/acme"\ntoken = "t"\n'
    rules = ", ".join(f'"{team}"' for team in teams)
    text = f"""[[projects]]
name = "churn"
{places}
[projects.commands]
roles = {{ promote = [{rules}, "user:583231", "maintain"], close = "user:ana@acme.example" }}
[projects.commands.environments."prod-*"]
promote = [{rules}]
retrain = "admin"
approve = "{teams[-1]}"
"""
    Path("trainboard.toml").write_text(azure + text, encoding="utf-8")
    [project] = projects_of(load(None, {}))
    policy = project.commands
    assert {
        "promote": (*teams, "user:583231", "maintain"),
        "close": ("user:ana@acme.example",),
    } == policy.rules
    placed = {"promote": tuple(teams), "retrain": ("admin",), "approve": (teams[-1],)}
    assert {"prod-*": placed} == policy.environments
