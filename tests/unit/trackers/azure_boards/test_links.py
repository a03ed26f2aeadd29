"""Links of work items are of the form that the service takes, or are refused."""

import pytest

from trainboard.errors import MissingError, PermanentError
from trainboard.trackers.azure_boards.links import (
    find_target,
    to_build,
    to_commit,
    to_page,
    to_parent,
    to_pull_request,
)

PROJECT = "5f1d0c0a-8d52-4d7c-9b07-0f4b2f5e8a11"
REPOSITORY = "0a4f2d5e-11b7-4c1c-9d55-1c1f0f6a7b22"
SHA = "0123456789abcdef0123456789abcdef01234567"


def test_artifact_links():
    """Commits, pull requests and builds are named by GUIDs, with the slashes inside escaped."""
    commit, pull, build = (
        to_commit(PROJECT, REPOSITORY, SHA),
        to_pull_request(PROJECT, REPOSITORY, "7"),
        to_build("12"),
    )
    assert f"vstfs:///Git/Commit/{PROJECT}%2F{REPOSITORY}%2F{SHA}" == commit.url
    assert f"vstfs:///Git/PullRequestId/{PROJECT}%2F{REPOSITORY}%2F7" == pull.url
    assert {
        "rel": "ArtifactLink",
        "url": "vstfs:///Build/Build/12",
        "attributes": {"name": "Build"},
    } == build.to_patch()
    assert ["Fixed in Commit", "Pull Request"] == [commit.name, pull.name]


def test_page_has_a_comment():
    """A page is linked by its address, with a word of what it is."""
    link = to_page("https://mlflow.example/#/runs/1", "MLflow run")
    wanted = {"rel": "Hyperlink", "url": link.url, "attributes": {"comment": "MLflow run"}}
    assert wanted == link.to_patch()
    assert {"rel": "Hyperlink", "url": link.url} == to_page(link.url).to_patch()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "ftp://a.example/", "https://a b.example/", "x"]
)
def test_address_that_is_none_is_refused(url):
    """Only pages of the web are linked."""
    with pytest.raises(PermanentError, match="no http address"):
        to_page(url)


def test_ids_that_are_none_are_refused():
    """What is no GUID, no hash and no number makes no link."""
    with pytest.raises(MissingError, match="no GUID"):
        to_commit("Churn", REPOSITORY, SHA)
    with pytest.raises(PermanentError, match="whole hash"):
        to_commit(PROJECT, REPOSITORY, SHA[:8])
    with pytest.raises(MissingError):
        to_pull_request(PROJECT, REPOSITORY, "1/../2")


def test_target_is_found_whatever_the_address():
    """A relation's target is the same with the project's GUID in its address and without."""
    written = to_parent("https://dev.azure.com/acme", "7").url
    rewritten = f"https://dev.azure.com/acme/{PROJECT}/_apis/wit/workItems/7"
    assert ["7", "7"] == [find_target(written), find_target(rewritten)]
    assert [None, None] == [find_target("https://a.example/7"), find_target(f"{rewritten}/comments")]
