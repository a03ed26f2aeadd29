"""The access to the platforms, and keys there that do not go together."""

import pytest

from trainboard.settings import SettingsError, load

ACME = 'organization_url = "https://dev.azure.com/acme"\n'
PRINCIPAL = 'auth = "service-principal"\ntenant_id = "t"\nclient_id = "c"\nclient_secret = "s"\n'
BOARDS = '[[projects]]\nname = "churn"\ntracker = "azure-boards:acme/Churn/Team"\n'


def read(text, folder):
    """The settings of a file with `text`."""
    file = folder / "trainboard.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def complaints(text, folder):
    """What is said of a file with `text`, without the file's name."""
    with pytest.raises(SettingsError) as caught:
        read(text, folder)
    return [str(finding).partition("trainboard.toml:")[2] for finding in caught.value.findings]


NO_PASSWORD = "must be 1 to 256 letters, digits and signs of ASCII without blanks"


@pytest.mark.parametrize(
    "keys",
    [
        "",
        ACME + 'token = "t"\n',
        ACME + 'token = ""\n',
        ACME + 'auth = "managed-identity"\n',
        ACME + 'auth = "managed-identity"\nclient_id = "c"\n',
        ACME + 'auth = "workload-identity"\n',
        ACME + 'auth = "workload-identity"\ntenant_id = "t"\nclient_id = "c"\n',
        ACME + PRINCIPAL,
        'webhook_password = "p"\nprevious_webhook_password = "q"\n',
    ],
)
def test_each_way_in_is_taken(keys, tmp_path):
    """A token, each identity of Entra, and webhooks alone."""
    assert read("[azure_devops]\n" + keys, tmp_path).azure_devops


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('token = "t"', '2: "token" in [azure_devops] needs "organization_url" too'),
        ('auth = "managed-identity"', '2: "auth" in [azure_devops] needs "organization_url" too'),
        (
            ACME + 'auth = "managed-identity"\ntoken = "t"',
            '4: "token" in [azure_devops] stands next to auth = "managed-identity"; choose one',
        ),
        (
            ACME + 'token = "t"\nclient_id = "c"',
            '4: "client_id" in [azure_devops] does not go with auth = "token"',
        ),
        (
            ACME + 'auth = "workload-identity"\nclient_secret = "c"',
            '4: "client_secret" in [azure_devops] does not go with auth = "workload-identity"',
        ),
        (
            ACME + PRINCIPAL.replace('client_secret = "s"', 'client_secret = ""'),
            '3: "auth" in [azure_devops] is "service-principal" and needs "client_secret" too',
        ),
        (
            ACME + 'token = "t t"',
            '3: "token" in [azure_devops] must be letters, digits and signs without blanks',
        ),
        (
            'previous_webhook_password = "p"',
            '2: "previous_webhook_password" in [azure_devops] needs "webhook_password" too',
        ),
        *(
            (f'webhook_password = "{password}"', f'2: "webhook_password" in [azure_devops] {NO_PASSWORD}')
            for password in ("p p", "pü")
        ),
        (
            'organization_url = "https://dev.azure.com"',
            (
                '2: "organization_url" in [azure_devops] must be the address of an organisation, like '
                "https://dev.azure.com/acme, or of a server's collection, and of nothing inside of it"
            ),
        ),
        (
            'subscriptions = ["x"]',
            (
                '2: entry 1 of "subscriptions" in [azure_devops] must be the id of a subscription, like '
                "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60"
            ),
        ),
    ],
)
def test_keys_that_do_not_go_together_are_said(keys, expected, tmp_path):
    """One sentence, at the key that must be changed."""
    assert [expected] == complaints("[azure_devops]\n" + keys, tmp_path)


def test_a_place_needs_its_organisation(tmp_path):
    """A project cannot live in an organisation that the settings do not name."""
    assert [
        '3: "tracker" in [[projects]] needs "organization_url" in [azure_devops] too',
    ] == complaints(BOARDS, tmp_path)


def test_a_place_is_in_the_one_organisation(tmp_path):
    """Work items and code of another organisation are refused, in whatever letters the name is written."""
    other = BOARDS.replace(":acme", ":Acme") + 'code = "azure-repos:other/Churn/churn"\n'
    assert [
        '6: "code" in [[projects]] is in "other", and "organization_url" in [azure_devops] is that of "acme"'
    ] == complaints("[azure_devops]\n" + ACME + other, tmp_path)


def test_nothing_is_said_of_places_while_the_organisation_is_wrong(tmp_path):
    """As long as the organisation cannot be read, the projects that name it are not doubted."""
    said = complaints('[azure_devops]\norganization_url = "acme"\n' + BOARDS, tmp_path)
    assert ["2"] == [line.partition(":")[0] for line in said]


@pytest.mark.parametrize(
    ("tracker", "expected"),
    [
        ("local", "local"),
        ("github:acme/churn", "github:acme/churn"),
        ("azure-boards:acme/Churn/Team", "local"),
    ],
)
def test_code_is_beside_the_work_items_unless_it_is_said(tracker, expected, tmp_path):
    """A repository has both; a team's boards have no code of their own."""
    text = f'[azure_devops]\n{ACME}[[projects]]\nname = "churn"\ntracker = "{tracker}"\n'
    assert expected == read(text, tmp_path).projects[0].code
