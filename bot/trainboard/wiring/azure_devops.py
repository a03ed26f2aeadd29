"""What `[azure_devops]` names, made into adapters. Imported only where an organisation is named."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import Credential, EntraCredential, TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets import Budgets
from trainboard.budgets.azure_devops import WINDOWS
from trainboard.conversations.azure_boards import AzureBoardsConversation
from trainboard.conversations.azure_repos import AzureReposConversation
from trainboard.pipelines.azure_pipelines import AzurePipelinesReader
from trainboard.pipelines.azure_pipelines.approving import AzureApprovalDesk
from trainboard.pipelines.azure_pipelines.artifacts import AzureArtifacts
from trainboard.pipelines.azure_pipelines.starting import AzurePipelinesStarter
from trainboard.repositories import Repository
from trainboard.repositories.azure_repos import AzureRepository
from trainboard.settings import AzureDevOps, AzurePlace
from trainboard.trackers import Tracker
from trainboard.trackers.azure_boards import AzureBoardsTracker
from trainboard.wikis.azure_wiki import AzureWiki
from trainboard.wiring.errors import WiringError

Clock = Callable[[], datetime]


def open_organization(settings: AzureDevOps, clock: Clock, budgets: Budgets) -> Organization:
    """The organisation that the settings name. Its calls are counted in `budgets`.

    Raises:
        WiringError: they name no way in.
    """
    return Organization(
        url=settings.organization_url,
        credential=_credential(settings),
        budget=budgets.of(name_account(settings.organization_url), WINDOWS),
        clock=clock,
    )


def boards(
    settings: AzureDevOps, places: Mapping[str, AzurePlace], clock: Clock, budgets: Budgets
) -> dict[str, AzureBoardsTracker]:
    """The tracker of each of `places`, by the same names. They share one organisation."""
    organization = open_organization(settings, clock, budgets)
    return {
        place: AzureBoardsTracker(
            organization=organization,
            project=parts.project,
            team=parts.name,
            clock=clock,
            work_item_type=settings.work_item_type or None,
        )
        for place, parts in places.items()
    }


def pipelines(
    settings: AzureDevOps, codes: Iterable[str], clock: Clock, budgets: Budgets
) -> AzurePipelinesReader:
    """The reader of the pipelines of the organisation that the settings name, for the code of `codes`."""
    return AzurePipelinesReader(organization=open_organization(settings, clock, budgets), codes=codes)


def open_desk(settings: AzureDevOps, clock: Clock, budgets: Budgets) -> AzureApprovalDesk:
    """Where approvals of the organisation are answered."""
    return AzureApprovalDesk(open_organization(settings, clock, budgets))


def open_artifacts(settings: AzureDevOps, clock: Clock, budgets: Budgets) -> AzureArtifacts:
    """What runs of the organisation published."""
    return AzureArtifacts(open_organization(settings, clock, budgets))


def starters(
    settings: AzureDevOps, places: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, AzurePipelinesStarter]:
    """What starts pipelines of the projects of `places`, by place. They share one organisation."""
    organization = open_organization(settings, clock, budgets)
    return {
        place: AzurePipelinesStarter(organization=organization, project=place.rpartition("/")[2])
        for place in dict.fromkeys(places)
    }


def repositories(
    settings: AzureDevOps, places: Mapping[str, AzurePlace], clock: Clock, budgets: Budgets
) -> dict[str, AzureRepository]:
    """The pull requests of the repositories of `places`, by the same names. They share one organisation."""
    organization = open_organization(settings, clock, budgets)
    return {
        place: AzureRepository(
            organization=organization, project=parts.project, repository=parts.name, clock=clock
        )
        for place, parts in places.items()
    }


def wikis(
    settings: AzureDevOps, projects: Iterable[str], clock: Clock, budgets: Budgets
) -> dict[str, AzureWiki]:
    """The wiki of each of the projects there, by its name. They share one organisation."""
    organization = open_organization(settings, clock, budgets)
    return {
        project: AzureWiki(organization=organization, project=project) for project in dict.fromkeys(projects)
    }


def conversations_on_boards(
    settings: AzureDevOps,
    teams: Mapping[str, Sequence[str]],
    trackers: Mapping[str, Tracker],
    clock: Clock,
    budgets: Budgets,
) -> list[AzureBoardsConversation]:
    """The comments of the work items of each project, by whose name are the teams, and what writes there."""
    organization = open_organization(settings, clock, budgets)
    return [
        AzureBoardsConversation(
            organization=organization, project=project, teams=names, tracker=trackers[project], clock=clock
        )
        for project, names in teams.items()
    ]


def conversations_in_repos(
    settings: AzureDevOps,
    places: Mapping[str, AzurePlace],
    teams: Mapping[str, Sequence[str]],
    writers: Mapping[str, Repository],
    clock: Clock,
    budgets: Budgets,
) -> list[AzureReposConversation]:
    """The comments of the pull requests of each of `places`, with what writes there by the same names.

    `teams` are those that plan in a place's project; where none does, the project's default one counts.
    """
    organization = open_organization(settings, clock, budgets)
    return [
        AzureReposConversation(
            organization=organization,
            project=parts.project,
            repository=parts.name,
            teams=teams.get(place, ()),
            writer=writers[place],
            clock=clock,
        )
        for place, parts in places.items()
        if place in writers
    ]


def _credential(settings: AzureDevOps) -> Credential:
    if settings.auth != "token":
        secret = settings.client_secret
        return EntraCredential(
            settings.auth,
            tenant_id=settings.tenant_id or None,
            client_id=settings.client_id or None,
            client_secret=secret.get_secret_value() if secret else None,
        )
    if settings.token is None:
        raise WiringError(
            f"Work items live in {settings.organization_url}, and the settings name no way in: "
            "set azure_devops.token, or azure_devops.auth to an identity of Microsoft Entra."
        )
    return TokenCredential(settings.token.get_secret_value())
