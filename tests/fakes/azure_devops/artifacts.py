"""What runs publish, and the host that keeps it: another one, which refuses who brings a token."""

from dataclasses import dataclass

from fakes.azure_devops.builds import find, find_definition
from fakes.azure_devops.refusals import not_found
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import iso

KEPT_AT = "https://artprodeus1.artifacts.visualstudio.com"


@dataclass(eq=False)
class Published:
    """A pipeline artifact, or files in a container; `gone` is one that is listed and cannot be had."""

    id: int
    name: str
    content: bytes
    kind: str = "PipelineArtifact"
    gone: bool = False


def publish(org, build, name, content, **more):
    """A run publishes an archive. Returns the artifact."""
    made = Published(org.new_id("artifact"), name, content, **more)
    build.artifacts.append(made)
    return made


@route("GET", "build.artifacts")
def list_of_build(org, asked):
    build = find(org, asked)
    return [_render_of_build(org, build, each) for each in build.artifacts]


def _render_of_build(org, build, artifact):
    url = f"{org.url}/{build.project.id}/_apis/build/builds/{build.id}/artifacts?artifactName={artifact.name}"
    return {
        "id": artifact.id,
        "name": artifact.name,
        "source": "12f1170f-54f2-53f3-20dd-22fc7dff55f9",
        "resource": {
            "type": artifact.kind,
            "data": f"#/{artifact.id}/{artifact.name}",
            "properties": {"artifactsize": str(len(artifact.content))},
            "url": f"{url}&api-version=7.1",
            "downloadUrl": f"{url}&api-version=7.1&%24format=zip",
        },
    }


@route("GET", "pipelines.artifacts")
def get_of_run(org, asked):
    """One by its name, with a signed address where that is asked for and it is no container."""
    definition = find_definition(org.project_of(asked), asked.values["pipelineId"])
    build = definition.project.builds.get(int(asked.values["runId"]))
    named = build.artifacts if build and build.definition is definition else ()
    found = next((each for each in named if each.name == asked.query.get("artifactname")), None)
    if found is None:
        raise not_found("ArtifactNotFoundException", "The artifact was not found.")
    signed = asked.query.get("$expand") == "signedContent" and found.kind == "PipelineArtifact"
    address = {"url": f"{KEPT_AT}/{found.id}?urlSignature=signed", "signatureExpires": iso(org.now)}
    url = f"{org.url}/{definition.project.id}/_apis/pipelines/{definition.id}/runs/{build.id}/artifacts"
    return {
        "name": found.name,
        "url": f"{url}?artifactName={found.name}",
        **({"signedContent": address} if signed else {}),
    }


def answer(org, request):
    """The callback of the host that keeps archives."""
    if "Authorization" in request.headers:
        return 400, {}, "no token belongs here"
    number = int(request.url.removeprefix(f"{KEPT_AT}/").partition("?")[0])
    builds = (build for project in org.projects.values() for build in project.builds.values())
    found = next(each for build in builds for each in build.artifacts if each.id == number)
    return (404, {}, "") if found.gone else (200, {"Content-Type": "application/zip"}, found.content)
