"""Where artifacts of runs are read."""

from collections.abc import Callable, Iterable
from datetime import datetime

from trainboard.budgets import Budgets
from trainboard.pipelines import Artifacts
from trainboard.policy import Project
from trainboard.settings import ArtifactsSource, Settings

Clock = Callable[[], datetime]


def artifacts(
    settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets
) -> dict[str, Artifacts]:
    """What runs left, by the name of the place in small letters.

    That is the code of each project which wants anything out of it, and the organisation for reports of runs.
    """
    reporting = {source.project for source in settings.sources if isinstance(source, ArtifactsSource)}
    wanting = [each for each in projects if each.result_artifacts or each.name in reporting]
    on_github = [each.code for each in wanting if each.code and each.code.startswith("github:")]
    made: list[Artifacts] = []
    if on_github and settings.github.has_way_in:
        from trainboard.wiring.github import open_artifacts

        made += open_artifacts(settings.github, on_github, clock, budgets).values()
    azure = settings.azure_devops
    if reporting and azure.organization_url and azure.has_way_in:
        from trainboard.wiring import azure_devops

        made.append(azure_devops.open_artifacts(azure, clock, budgets))
    return {each.name.casefold(): each for each in made}
