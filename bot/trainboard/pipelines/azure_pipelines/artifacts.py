"""What runs of Azure Pipelines published: pipeline artifacts, which it gives out at signed addresses.

Source: "Azure DevOps Services REST API Reference", "Build: Artifacts - List", "Pipelines: Artifacts - Get".
"""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.locations import name_organization
from trainboard.downloads import download
from trainboard.errors import MissingError
from trainboard.pipelines import Artifact
from trainboard.results import EndedRun

MOST_ARTIFACTS = 100
_SIZE = "artifactsize"


class _Json(msgspec.Struct, frozen=True, rename="camel"):
    pass


class _ResourceJson(_Json, frozen=True):
    properties: dict[str, str | None] | None = None

    @property
    def size_bytes(self) -> int:
        with suppress(ValueError):
            return int((self.properties or {}).get(_SIZE) or 0)
        return 0


class _ArtifactJson(_Json, frozen=True):
    id: int
    name: str
    resource: _ResourceJson = _ResourceJson()


class _SignedJson(_Json, frozen=True):
    url: str = ""


class _GivenOutJson(_Json, frozen=True):
    signed_content: _SignedJson | None = None


class AzureArtifacts:
    """Keeps `trainboard.pipelines.Artifacts`. May be used from any number of threads.

    Calls to Azure DevOps: one for the artifacts of a run, one for each that is read.

    Args:
        organization: where the runs are; it is not closed here.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self.name = f"azure-pipelines:{name_organization(organization.url)}"

    def list_artifacts(self, run: EndedRun) -> Sequence[Artifact]:
        """Those of all attempts, each under a name of its own; files in containers and shares are none."""
        project, pipeline = run.source.rpartition("/")[2], run.pipeline.rpartition("/")[2]
        call = Call(doing=f"list artifacts of run {run.run}", thing="the run")
        found = self._organization.read(
            call, lambda to: to.build.get_artifacts(project, run.run), Many[_ArtifactJson]
        )
        return [
            Artifact(
                ref=f"{project}/{pipeline}/{run.run}",
                name=each.name,
                age=each.id,
                size_bytes=each.resource.size_bytes,
            )
            for each in found.value[:MOST_ARTIFACTS]
        ]

    def read_artifact(self, artifact: Artifact, most_bytes: int) -> bytes:
        """The zip archive, from a signed address of another host, without our token."""
        project, pipeline, run = artifact.ref.split("/")
        call = Call(doing=f"read artifact {artifact.name[:80]!r} of run {run}", thing="the artifact")
        given = self._organization.read(
            call,
            lambda to: to.pipelines.get_artifact(
                project, int(pipeline), int(run), artifact.name, expand="signedContent"
            ),
            _GivenOutJson,
        )
        if given.signed_content is None:
            raise MissingError(
                f"Could not {call.doing}: Azure Pipelines gives no address of it out. "
                "Publish it with `publish`, or the task PublishPipelineArtifact."
            )
        return download(given.signed_content.url, call.doing, most_bytes, self._organization.url)
