"""What runs of GitHub Actions left in a repository."""

from collections.abc import Sequence

import msgspec

from trainboard.downloads import download
from trainboard.github.calls import Call
from trainboard.github.client import API_URL, PER_PAGE, Client, Clock
from trainboard.github.credentials import Credential, Place, open_client
from trainboard.github.faults import MovedError
from trainboard.github.repository import Repository
from trainboard.pipelines import Artifact
from trainboard.results import EndedRun

PERMISSIONS = {"actions": "read", "metadata": "read"}


class RunJson(msgspec.Struct, frozen=True, kw_only=True):
    """The run that left an artifact; the repository of its head is None for a fork that is gone."""

    repository_id: int | None = None
    head_repository_id: int | None = None
    head_sha: str = ""


class ArtifactJson(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact."""

    id: int
    name: str
    size_in_bytes: int
    expired: bool = False
    workflow_run: RunJson | None = None


class ArtifactsJson(msgspec.Struct, frozen=True):
    """A page of artifacts."""

    artifacts: list[ArtifactJson]


class GitHubArtifacts:
    """Keeps `trainboard.pipelines.Artifacts`. May be used from any number of threads.

    Calls to GitHub: one for the first hundred artifacts of a run, one for each that is read, and what an App
    needs to sign in.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.
    """

    def __init__(
        self, *, repository: str, credential: Credential, api_url: str = API_URL, clock: Clock
    ) -> None:
        self.name = f"github:{repository}"
        place = Place(api_url=api_url, repository=repository, clock=clock)
        self._client = open_client(credential, place)
        self._repository = Repository(repository, self._client, of_issues=False)

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()

    def list_artifacts(self, run: EndedRun) -> Sequence[Artifact]:
        """Those of all attempts, which are kept next to each other.

        Source: "REST API endpoints for GitHub Actions artifacts", "List workflow run artifacts".
        """
        thing = f"/actions/runs/{run.run}"
        call = self._repository.call(
            f"list artifacts of run {run.run}",
            f"{thing}/artifacts",
            query={"per_page": str(PER_PAGE)},
            thing=thing,
        )
        found = self._repository.send(call, ArtifactsJson).artifacts
        return [_to_artifact(each) for each in found]

    def read_artifact(self, artifact: Artifact, most_bytes: int) -> bytes:
        """The zip archive, from the address that GitHub gives out for a minute, without our token.

        Source: "REST API endpoints for GitHub Actions artifacts", "Download an artifact".
        """
        path = f"/actions/artifacts/{int(artifact.ref)}/zip"
        call = self._repository.call(f"read artifact {artifact.name[:80]!r}", path)
        return download(_find_address(self._client, call), call.doing, most_bytes, self._client.api_url)


def _to_artifact(found: ArtifactJson) -> Artifact:
    run = found.workflow_run or RunJson()
    return Artifact(
        ref=str(found.id),
        name=found.name,
        age=found.id,
        size_bytes=found.size_in_bytes,
        is_gone=found.expired,
        commit=run.head_sha,
        is_foreign=run.repository_id != run.head_repository_id,
    )


def _find_address(client: Client, call: Call) -> str:
    """Where the archive is; a repository of another name answers with its own address first."""
    address = _ask_address(client, call)
    if address.startswith(f"{client.api_url}/"):
        return _ask_address(client, msgspec.structs.replace(call, path=address))
    return address


def _ask_address(client: Client, call: Call) -> str:
    try:
        client.send(call)
    except MovedError as moved:
        return moved.location
    return ""
