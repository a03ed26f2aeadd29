"""Sources of reports in artifacts beside the rest of the file: somebody must be asked for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from trainboard.settings.platforms import AzureDevOps, GitHub
from trainboard.settings.project import Project
from trainboard.settings.run_sources import ArtifactsSource

Complaints = list[tuple[tuple[str | int, ...], str]]
"""Where something stands below `sources`, and what is wrong with it."""


def find_unreached(sources: Iterable[object], above: Mapping[str, Any]) -> Complaints:
    """What is in the way of reports in artifacts: each is of one project, whose code we may ask about.

    `above` are the sections before the sources, as far as they are in order.
    """
    projects: dict[str, Project] = {project.name: project for project in above.get("projects", ())}
    lost: Complaints = []
    taken: set[str] = set()
    for place, source in enumerate(sources):
        if not isinstance(source, ArtifactsSource) or source.project not in projects:
            continue
        code = projects[source.project].code
        if complaint := _find_obstacle(code, above.get("github"), above.get("azure_devops")):
            lost.append(((place, "project"), complaint))
        elif code.casefold() in taken:
            complaint = f'is of "{code}", which is bound to a source before it'
            lost.append(((place, "project"), complaint))
        taken.add(code.casefold())
    return lost


def _find_obstacle(code: str, github: GitHub | None, azure_devops: AzureDevOps | None) -> str | None:
    """Why nobody can be asked what runs of that code left; None if somebody can, or that is not known."""
    if code == "local":
        return 'needs a "code" that is a repository'
    if github is None or azure_devops is None:
        return None
    runs_on_github = code.startswith("github:") and github.has_way_in
    if runs_on_github or (azure_devops.organization_url and azure_devops.has_way_in):
        return None
    needed = "[github] or [azure_devops]" if code.startswith("github:") else "[azure_devops]"
    return f'has its code in "{code}", and {needed} names no way in'
