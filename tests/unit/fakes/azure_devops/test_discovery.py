"""The stand-in tells where its resources are, and who may ask, as Azure DevOps does."""

import pytest
import requests
from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsServiceError
from azure.devops.v7_1.work_item_tracking.models import CommentCreate
from msrest.authentication import BasicTokenAuthentication

from fakes.azure_devops import SERVER_2022, AzureDevOps
from fakes.azure_devops.asking import Clients, new, op, refuse
from fakes.azure_devops.locations import LOCATIONS
from fakes.azure_devops.routing import ROUTES


def ask(org, method, path, **more):
    """A plain request with the bot's token."""
    return requests.request(method, f"{org.url}/{path}", auth=("", org.token), timeout=5, **more)


def test_every_location_is_served():
    """No resource is told of that nothing answers."""
    assert set(LOCATIONS) == {route.location.name for route in ROUTES}


def test_locations_have_ids_of_their_own():
    """A client finds a resource by its id."""
    ids = [each.id for each in LOCATIONS.values()]
    assert len(ids) == len(set(ids))


def test_one_host_without_areas(org, clients):
    """With an empty list of areas everything is at the organisation's own address."""
    assert ["Churn"] == [project.name for project in clients.core.get_projects()]
    assert ["trainboard@acme.example"] == [
        each.properties["Account"]["$value"]
        for each in clients.identity.read_identities(identity_ids=org.bot.id)
    ]


def test_identities_are_at_another_host(clock):
    """Azure DevOps Services keeps identities and graph apart, and ResourceAreas says where."""
    org = AzureDevOps(clock, knows_areas=True)
    with org.running():
        clients = Clients(org)
        clients.identity.read_identities(identity_ids=org.bot.id)
        assert [("vssps", 200)] == [
            (asked.host, asked.status) for asked in org.requests if asked.route == "identity.identities"
        ]
        assert 404 == ask(org, "GET", f"_apis/Identities/{org.bot.id}").status_code


def test_who_is_asking(org, clients):
    """The connection tells whose token it is."""
    data = clients.location.get_connection_data()
    assert org.bot.id == data.authenticated_user.id


@pytest.mark.parametrize("token", ["", "another"])
def test_unknown_token_is_refused(org, token):
    """Nobody gets in without a token that is known."""
    with pytest.raises(AzureDevOpsAuthenticationError, match="TF400813"):
        Clients(org, token).core.get_projects()


def test_bearer_token_is_known(org):
    """Entra's tokens come as bearers."""
    org.tokens["entra"] = org.bot
    clients = Clients(org, credentials=BasicTokenAuthentication({"access_token": "entra"}))
    assert ["Churn"] == [project.name for project in clients.core.get_projects()]


def test_older_server_is_asked_in_its_version(clock):
    """Of Azure DevOps Server 2022 the client asks no newer version than it speaks."""
    org = AzureDevOps(clock, edition=SERVER_2022)
    org.add_project("Churn")
    with org.running():
        item = Clients(org).work_item_tracking.create_work_item(new(), "Churn", "Issue")
    assert (1, "7.0") == (item.id, org.requests[-1].api_version)


def test_older_server_knows_no_markdown(clock):
    """There nothing has a format, whatever was asked for."""
    org = AzureDevOps(clock, edition=SERVER_2022)
    org.add_project("Churn")
    with org.running():
        wit = Clients(org).work_item_tracking
        number = org.person_creates("Churn", "An item").id
        comment = wit.add_work_item_comment(CommentCreate(text="*a*"), "Churn", number, "markdown")
        assert ({}, None) == (wit.get_work_item(number).additional_properties, comment.format)
        markdown = op("/multilineFieldsFormat/System.Description", "Markdown")
        refuse("InvalidPatchFieldNameException", wit.update_work_item, [markdown], number)
    assert "html" == org.items[number].comments[0].format


@pytest.mark.parametrize(
    ("method", "path", "version", "key"),
    [
        ("GET", "_apis/projects", "7.3", "VssVersionOutOfRangeException"),
        ("GET", "_apis/projects", "7.1-preview.5", "VssVersionOutOfRangeException"),
        ("GET", "Churn/_apis/wit/workItems/1/comments", "7.1", "VssInvalidPreviewVersionException"),
        ("POST", "Churn/_apis/wit/wiql", "", "VssVersionNotSpecifiedException"),
    ],
)
def test_wrong_version_is_refused(org, method, path, version, key):
    """A version that the server does not speak is answered with 400, not guessed."""
    answer = ask(org, method, path, headers={"Accept": f"application/json;api-version={version}"})
    assert (400, key) == (answer.status_code, answer.json()["typeKey"])


def test_version_may_be_in_the_query(org):
    """Plain requests name the version there."""
    assert (
        200
        == ask(
            org, "POST", "_apis/wit/wiql?api-version=7.1", json={"query": "SELECT [System.Id] FROM workitems"}
        ).status_code
    )


def test_unknown_path_is_text(org):
    """Where there is nothing, the answer is no JSON."""
    answer = ask(org, "GET", "Churn/_apis/nothing")
    assert (404, "text/plain; charset=utf-8") == (answer.status_code, answer.headers["Content-Type"])
    assert 404 == ask(org, "OPTIONS", "Churn/_apis").status_code


def test_unknown_method_is_refused(org):
    """A path that is there does not take every method."""
    answer = ask(org, "PUT", "_apis/projects?api-version=7.1")
    assert (405, "HttpMethodNotSupportedException") == (answer.status_code, answer.json()["typeKey"])


def test_error_has_the_real_form(org, clients):
    """Clients tell refusals apart by these keys."""
    with pytest.raises(AzureDevOpsServiceError):
        clients.core.get_project("Nothing")
    body = ask(org, "GET", "_apis/projects/Nothing").json()
    assert ["$id", "errorCode", "eventId", "innerException", "message", "typeKey", "typeName"] == sorted(body)
    assert "ProjectDoesNotExistWithNameException" == body["typeKey"]


def test_projects_come_in_pages(org):
    """What is left is announced by a header."""
    org.add_project("Ranking")
    first = ask(org, "GET", "_apis/projects?$top=1")
    token = first.headers["x-ms-continuationtoken"]
    second = ask(org, "GET", f"_apis/projects?$top=1&continuationToken={token}")
    assert ["Churn", "Ranking"] == [each.json()["value"][0]["name"] for each in (first, second)]
    assert "x-ms-continuationtoken" not in second.headers


def test_project_tells_its_process(org, clients):
    """Both ways of asking name the same process."""
    project = clients.core.get_project("Churn", include_capabilities=True)
    assert "Agile" == project.capabilities["processTemplate"]["templateName"]
    properties = {each.name: each.value for each in clients.core.get_project_properties(project.id)}
    assert "Agile" == properties["System.Process Template"]
    process = clients.core.get_process_by_id(properties["System.ProcessTemplateType"])
    assert process.name in {each.name for each in clients.core.get_processes()}


def test_teams_and_their_people(org, clients):
    """A team has members, one of whom administers it."""
    second = org.add_team(org.find_project("Churn"), "Second")
    assert ["Churn Team", "Second"] == [each.name for each in clients.core.get_teams("Churn")]
    assert second.id == clients.core.get_team("Churn", "second").id
    assert ["Churn Team"] == [each.name for each in clients.core.get_all_teams(mine=True)]
    members = clients.core.get_team_members_with_extended_properties("Churn", "Churn Team")
    assert [("trainboard@acme.example", True), ("ana@acme.example", None), ("ben@acme.example", None)] == [
        (each.identity.unique_name, each.is_team_admin) for each in members
    ]
    with pytest.raises(AzureDevOpsServiceError, match="does not exist"):
        clients.core.get_team("Churn", "Third")
