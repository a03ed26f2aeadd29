"""Models of a small W&B: the collections of its projects and registries."""

from datetime import UTC, datetime

import pytest
import responses

from fakes.wandb import FakeWandb
from trainboard.errors import LimitedError, PermanentError, TransientError
from trainboard.experiments import Cursor, RegisteredVersion
from trainboard.experiments.wandb import WandbReader, model_collections, registry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MADE_AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def server():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        made = FakeWandb(projects={"churn-eu": [], "scratch": []})
        made.listen(http)
        made.http = http
        yield made


def make_reader(server, **settings):
    given = {"experiments": ("churn-*",), **settings}
    return WandbReader(
        name="wandb/prod", url=server.url, entity="acme", api_key="hush", clock=lambda: NOW, **given
    )


def test_what_wandb_sets_by_itself_is_no_alias(server):
    """`latest` and the versions' own names move with every version, and say nothing of its use."""
    model = server.put_model("acme/churn-eu/clf")
    for run in ("r1", "r2"):
        model.add(run)
    model.aliases = {"champion": 0, "v1-candidate": 1}
    assert {"churn-eu/clf": {"champion": "v0", "v1-candidate": "v1"}} == make_reader(
        server
    ).read_registry().aliases


def test_a_registry_counts_versions_by_itself(server):
    """Version 0 of a portfolio is whichever was linked first, and its maker is that of the artifact."""
    portfolio = server.put_model("acme-org/wandb-registry-model/clf")
    portfolio.add("r7")
    portfolio.aliases = {"production": 0}
    reader = make_reader(server, registries=("acme-org/wandb-registry-model",))
    assert {"wandb-registry-model/clf": {"production": "v0"}} == reader.read_registry().aliases
    made = RegisteredVersion(at=MADE_AT, run_id="r7")
    assert made == reader.find_version("wandb-registry-model/clf", "v0")


def test_a_registry_without_an_owner_is_of_the_entity(server):
    """As older ones are."""
    server.put_model("acme/model-registry/clf").add("r1")
    server.put_model("other/model-registry/strange").add("r1")
    assert {"model-registry/clf": {}} == make_reader(
        server, registries=("model-registry",)
    ).read_registry().aliases


def test_other_projects_and_other_models_are_not_read(server):
    """Only what the settings name; versions of other projects are not looked up either."""
    for path in ("churn-eu/clf", "churn-eu/tokenizer", "scratch/clf"):
        server.put_model(f"acme/{path}").add("r1")
    reader = make_reader(server, models=("*/clf",))
    assert ["churn-eu/clf"] == list(reader.read_registry().aliases)
    assert None is reader.find_version("scratch/clf", "v0")
    server.asked.clear()
    assert {} == make_reader(server, models=()).read_registry().aliases
    assert [] == server.questions("ArtifactTypeArtifactCollections")


@pytest.mark.parametrize("project", ["rival/churn-eu", "acme/scratch"])
def test_a_run_that_is_not_read_is_nobody(server, project):
    """Ids of runs are unique within a project only, and those of another may be like ours."""
    server.put_model("acme/churn-eu/clf").add("r1", project=project)
    assert RegisteredVersion(at=MADE_AT) == make_reader(server).find_version("churn-eu/clf", "v0")


def test_a_project_that_is_new_has_its_runs_known(server):
    """Though its version was looked up before."""
    server.projects = {"churn-eu": []}
    server.put_model("acme/churn-eu/clf").add("r1", project="acme/churn-us")
    reader = make_reader(server)
    assert None is reader.find_version("churn-eu/clf", "v0").run_id
    server.projects["churn-us"] = []
    list(reader.list_since(0, Cursor()))
    assert "r1" == reader.find_version("churn-eu/clf", "v0").run_id


def test_all_pages_are_read(server, monkeypatch):
    """Of collections, of the aliases of each, and of what these point at."""
    for number in range(45):
        model = server.put_model(f"acme/churn-eu/m{number:02}")
        model.add("r1")
        model.aliases = {"champion": 0, "staging": 0}
    server.aliases_per_page = 3
    monkeypatch.setattr(model_collections, "POINTERS_PER_CALL", 40)
    found = make_reader(server).read_registry().aliases
    assert {f"churn-eu/m{number:02}": {"champion": "v0", "staging": "v0"} for number in range(45)} == found
    assert 3 == len(server.questions("ArtifactTypeArtifactCollections"))
    assert 45 == len(server.questions("ArtifactCollectionAliases"))
    assert 3 == len(server.questions("ArtifactMemberships"))


def test_a_version_is_asked_for_once(server, monkeypatch):
    """What made it never changes, and reading where an alias points tells it too."""
    model = server.put_model("acme/churn-eu/clf")
    model.add("r1")
    model.add("r2")
    model.aliases = {"champion": 0}
    reader = make_reader(server)
    reader.read_registry()
    server.asked.clear()
    assert "r1" == reader.find_version("churn-eu/clf", "v0").run_id
    assert [] == server.questions("ArtifactMemberships")
    monkeypatch.setattr(registry, "MOST_REMEMBERED", 1)
    assert ["r2", "r2", "r1"] == [
        reader.find_version("churn-eu/clf", version).run_id for version in ("v1", "v1", "v0")
    ]
    assert 2 == len(server.questions("ArtifactMemberships"))


def test_an_alias_that_goes_while_it_is_read_is_gone(server, monkeypatch):
    """So is one whose version has no number."""
    model = server.put_model("acme/churn-eu/clf")
    model.add("r1")
    model.aliases = {"gone": 7, "champion": 0}
    assert {"churn-eu/clf": {"champion": "v0"}} == make_reader(server).read_registry().aliases
    monkeypatch.setattr(type(model), "membership", lambda *_: {"versionIndex": None, "artifact": None})
    reader = make_reader(server)
    assert {"churn-eu/clf": {}} == reader.read_registry().aliases
    assert None is reader.find_version("churn-eu/clf", "v0")


def test_hostile_names_are_only_names(server):
    """They travel as variables; what nobody can store is left out."""
    evil = 'a") { id } } mutation { deleteModel(input: {id: "1"}) { success } } #'
    model = server.put_model("acme/churn-eu/clf")
    model.add("r1")
    model.aliases = {evil: 0, "nul\x00": 0, "x" * 300: 0, "": 0}
    server.models["acme", "churn-eu"]["line\nbreak"] = model
    assert {"churn-eu/clf": {evil: "v0"}} == make_reader(server).read_registry().aliases
    assert [] == [
        name
        for name, _ in server.asked
        if name not in ("GetProjects", "ArtifactMemberships", "ArtifactTypeArtifactCollections")
    ]
    assert [evil] == [each["a0"] for each in server.questions("ArtifactMemberships")]


@pytest.mark.parametrize("version", ["", "latest", "champion", "v", "v1.0", "0", "v٣"])
def test_only_versions_are_looked_up(server, version):
    """An alias is none, nor is what another registry calls so."""
    model = server.put_model("acme/churn-eu/clf")
    model.add("r1")
    model.aliases = {"champion": 0}
    assert None is make_reader(server).find_version("churn-eu/clf", version)
    assert [] == server.questions("ArtifactMemberships")


def test_a_refusal_is_said(server):
    """A registry that the key may not see is no empty one."""
    server.http.reset()
    server.http.post(f"{server.url}/graphql", json={"errors": [{"message": "permission denied"}]})
    with pytest.raises(PermanentError, match="permission denied"):
        make_reader(server).read_registry()


def test_a_registry_that_is_not_there_is_said(server):
    """Its name is somebody's word, unlike that of a project that W&B listed and that has no models."""
    server.put_model("acme/churn-eu/clf").add("r1")
    reader = make_reader(server, registries=("acme-org/typo",))
    with pytest.raises(TransientError, match="knows no project acme-org/typo: check registries"):
        reader.read_registry()


def test_a_pause_is_kept(server):
    """As long as W&B says."""
    server.http.reset()
    server.http.post(f"{server.url}/graphql", status=429, headers={"Retry-After": "9"})
    with pytest.raises(LimitedError) as caught:
        make_reader(server).read_registry()
    assert 9 == caught.value.retry_after_seconds


@pytest.mark.parametrize(("page", "models"), [("_page", 2), ("_aliases", 1)])
def test_pages_that_go_in_a_circle_are_no_answer(server, monkeypatch, page, models):
    """Nor would they ever end."""
    for number in range(models):
        server.put_model(f"acme/churn-eu/m{number}").add("r1")
    make_page = getattr(server, page)

    def circle(*asked):
        told = make_page(*asked)
        return told | {"pageInfo": {"endCursor": "0", "hasNextPage": True}}

    reader = make_reader(server)
    reader.read_registry()
    monkeypatch.setattr(server, page, circle)
    with pytest.raises(TransientError, match="circle"):
        reader.read_registry()
