"""Settings as the values that the domain works with."""

from datetime import timedelta

from trainboard.iterations import SprintPolicy
from trainboard.policy import Door, Keep, Project
from trainboard.settings import model
from trainboard.settings.model import Settings


def projects_of(settings: Settings) -> tuple[Project, ...]:
    """The projects, in the order of the file."""
    return tuple(
        Project(
            name=project.name,
            tracker=f"local:{project.name}" if project.tracker == "local" else project.tracker,
            code=None if project.code == "local" else project.code,
            mention=_find_mention(project),
            sprint=SprintPolicy(**project.sprint.model_dump(exclude={"create_ahead"})),
            create_ahead=project.sprint.create_ahead,
            production=project.production,
            result_artifacts=project.result_artifacts,
        )
        for project in settings.projects
    )


def _find_mention(project: model.Project) -> str | None:
    """Source: "Link GitHub commits, pull requests, branches, and issues to work items in Azure Boards"."""
    is_read = project.tracker.startswith("azure-boards:") and project.code.startswith("github:")
    return "AB#{ref}" if is_read else None


def doors_of(settings: Settings) -> tuple[Door, ...]:
    """The sources of `[[sources]]`, named `kind/name`, in the order of the file."""
    return tuple(
        Door(
            name=f"{source.kind}/{source.name}",
            project=source.project,
            experiments=source.experiments,
            polled=source.kind == "mlflow" and bool(source.url),
        )
        for source in settings.sources
    )


def keep_of(settings: Settings) -> Keep:
    """How long rows are kept."""
    engine = settings.engine
    return Keep(
        bodies=timedelta(days=engine.keep_bodies_days),
        ticks=timedelta(days=engine.keep_ticks_days),
        done=timedelta(days=engine.keep_done_days),
        dead=timedelta(days=engine.keep_dead_days),
    )
