"""A look at the pipelines of an organisation: may we read runs, and see what they deploy."""

from collections.abc import Iterable, Iterator

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import LimitedError, TrainboardError
from trainboard.pipelines.azure_pipelines.runs import Named

WAY_IN = "Let the account read builds there: see docs/azure-devops.md."
SCOPE = (
    "Give a token the scope *Environment: Read & manage*, an identity the role *Reader* of the "
    "environments. Until then checks and approvals are known, and deployments are not."
)


def examine(organization: Organization, projects: Iterable[str]) -> Iterator[Finding]:
    """Two calls for each project. Not to see environments is no failure: all else works without.

    Args:
        organization: sends the calls.
        projects: the names of the projects whose pipelines matter.
    """
    for project in projects:
        try:
            _look_at_runs(organization, project)
        except LimitedError as error:
            yield note(str(error), "Ask again later. The bot waits by itself.")
            return
        except TrainboardError as error:
            yield failing(str(error), WAY_IN)
            continue
        yield Finding(message=f"We may read runs of pipelines in {project}.")
        yield _look_at_environments(organization, project)


def _look_at_runs(organization: Organization, project: str) -> None:
    call = Call(doing=f"read runs of pipelines in {project}", thing=f"project {project}")
    organization.read(call, lambda to: to.build.get_builds(project, top=1), Many[Named])


def _look_at_environments(organization: Organization, project: str) -> Finding:
    call = Call(doing=f"see the environments of {project}")
    try:
        organization.read(call, lambda to: to.task_agent.get_environments(project, top=1), Many[Named])
    except TrainboardError as error:
        return note(str(error), SCOPE)
    return Finding(message=f"We may see what is deployed to the environments of {project}.")
