"""Every section and key of the settings; the descriptions are the reference and the schema."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from trainboard.settings.artifact_sources import find_unreached
from trainboard.settings.monitors import AlertSource
from trainboard.settings.pipelines import AzurePipeline
from trainboard.settings.places import find_azure_place, organization_of
from trainboard.settings.platforms import AzureDevOps, GitHub
from trainboard.settings.project import Project, refuse_twice
from trainboard.settings.reporters import find_shared_principals, find_unheard
from trainboard.settings.reports import Mail, Report
from trainboard.settings.run_sources import (
    ArtifactsSource,
    AzureMlSource,
    DvcliveSource,
    MlflowSource,
    RunsSource,
    WandbSource,
)
from trainboard.settings.section import Section
from trainboard.settings.sign_in import ApiToken, SignIn, find_misfits, find_misfits_of_tokens
from trainboard.settings.values import (
    DatabaseAddress,
    MisfitError,
    Text,
    UrlOrEmpty,
    Whole,
    did_you_mean,
)

_NO_ORGANIZATION = 'needs "organization_url" in [azure_devops] too'
_DATABASE = "sqlite:///trainboard.db"


class Server(Section):
    """The web server, the database and the log."""

    host: Text = Field(default="127.0.0.1", description="Address to listen on; `0.0.0.0` for all.")
    port: Whole = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    public_url: UrlOrEmpty = Field(
        default="",
        description="Where people and webhooks reach the service from outside, with http or https and "
        "without a slash at the end. Empty: no links to its own pages are written.",
    )
    database: DatabaseAddress = Field(
        default=SecretStr(_DATABASE),
        json_schema_extra={"default": _DATABASE},
        description="`sqlite:///` and a file, or `postgresql+psycopg://user:password@host/name`. "
        "A secret, because it may hold a password.",
    )
    dashboard: Literal["local", "public", "sign-in", "off"] = Field(
        default="local",
        description="Who sees the pages and the JSON API: `local` answers only to connections from this "
        "machine itself, `sign-in` to people who sign in by a `[[sign_in]]` and to programs with one of the "
        "`[[api_tokens]]`, `public` to everybody who reaches the port (put a proxy that asks who they are in "
        "front), `off` to nobody. Webhooks are taken in any case. Behind a proxy on the same machine every "
        "connection is local: use `sign-in` or `off`, or let the proxy ask.",
    )
    session_idle_minutes: Whole = Field(
        default=480, ge=5, le=43_200, description="After so long without a page people sign in again."
    )
    session_hours: Whole = Field(
        default=24,
        ge=1,
        le=720,
        description="After so long they do in any case; their groups and teams are asked only then.",
    )
    metrics: Literal["public", "token"] = Field(
        default="public",
        description="Who reads `/metrics`: everybody who reaches the port, or who has one of the "
        "`[[api_tokens]]` with `metrics:read`.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="`console` for people, `json` for a log collector, one object a line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important messages that are logged."
    )


class Engine(Section):
    """How fast and how stubbornly the bot works."""

    worker_threads: Whole = Field(
        default=4, ge=1, le=64, description="Work items that are worked on side by side."
    )
    edit_interval_seconds: Whole = Field(
        default=30,
        ge=0,
        description="Least time between two edits of one work item; the rest goes into the next.",
    )
    max_attempts: Whole = Field(
        default=20,
        ge=1,
        description="Tries of one change before it is given up and shown as dead; twenty take some hours. "
        "What somebody waits for is tried more often, and for as long.",
    )
    poll_interval_seconds: Whole = Field(
        default=30, ge=1, description="Time between two looks at a run tracker that has a `url`."
    )
    keep_bodies_days: Whole = Field(
        default=14,
        ge=1,
        description="How long the body of a delivery is kept after it was worked on; without it the "
        "delivery cannot be replayed. That of a dead one is kept with it.",
    )
    keep_ticks_days: Whole = Field(
        default=1, ge=1, description="How long the bot's own clock ticks and its looks at trackers are kept."
    )
    keep_done_days: Whole = Field(
        default=90,
        ge=7,
        description="How long deliveries are kept that were worked on, changes that were made, and what was "
        "said of code. As long as this a delivery that comes again is known.",
    )
    keep_dead_days: Whole = Field(
        default=365, ge=7, description="How long deliveries and changes are kept that were given up."
    )
    keep_commands_days: Whole = Field(
        default=730,
        ge=7,
        description="How long `trainboard audit` can tell who commanded what.",
    )


Source = Annotated[
    MlflowSource | RunsSource | ArtifactsSource | DvcliveSource | WandbSource | AzureMlSource | AlertSource,
    Field(discriminator="kind"),
]


class Settings(Section):
    """All that an operator sets for one server."""

    server: Server = Server()
    engine: Engine = Engine()
    github: GitHub = GitHub()
    azure_devops: AzureDevOps = AzureDevOps()
    projects: tuple[Project, ...] = Field(default=(Project(name="default"),), min_length=1)
    sources: tuple[Source, ...] = ()
    mail: Mail = Mail()
    reports: tuple[Report, ...] = ()
    sign_in: tuple[SignIn, ...] = Field(default=(), validate_default=True)
    api_tokens: tuple[ApiToken, ...] = Field(default=(), validate_default=True)
    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file that they were read from, None where there was none."""
        return self._file

    def read_from(self, file: Path | None) -> Self:
        """These settings, of that file."""
        self._file = file
        return self

    @field_validator("projects")
    @classmethod
    def _names_differ(cls, projects: tuple[Project, ...]) -> tuple[Project, ...]:
        refuse_twice([(project.name, f'"{project.name}"') for project in projects])
        return projects

    @field_validator("projects")
    @classmethod
    def _places_fit(cls, projects: tuple[Project, ...], info: ValidationInfo) -> tuple[Project, ...]:
        azure_devops = info.data.get("azure_devops")
        lost: list[tuple[tuple[str | int, ...], str]] = [
            ((place, key), complaint)
            for place, project in enumerate(projects)
            for key in ("tracker", "code")
            if azure_devops and (complaint := _find_complaint(getattr(project, key), azure_devops))
        ]
        if azure_devops and not azure_devops.organization_url:
            lost += [
                ((place, "pipelines", number, "kind"), _NO_ORGANIZATION)
                for place, project in enumerate(projects)
                for number, pipeline in enumerate(project.pipelines)
                if isinstance(pipeline, AzurePipeline)
            ]
        github = info.data.get("github")
        lost += [
            ((place, "board", "project"), complaint)
            for place, project in enumerate(projects)
            if github and (complaint := _find_foreign_board(project, github))
        ]
        if lost:
            raise MisfitError(*lost)
        return projects

    @field_validator("sources")
    @classmethod
    def _sources_fit(cls, sources: tuple[Source, ...], info: ValidationInfo) -> tuple[Source, ...]:
        refuse_twice([((source.kind, source.name), f'"{source.name}"') for source in sources])
        known = [project.name for project in info.data.get("projects", ())]
        lost: list[tuple[tuple[str | int, ...], str]] = [
            (
                (place, "project"),
                f'is "{source.project}", which is no project{did_you_mean(source.project, known)}',
            )
            for place, source in enumerate(sources)
            if known and source.project not in known
        ]
        lost += find_shared_principals(sources)
        server = info.data.get("server")
        if server is not None:
            lost += find_unheard(sources, server.public_url)
        lost += find_unreached(sources, info.data)
        if lost:
            raise MisfitError(*lost)
        return sources

    @field_validator("reports")
    @classmethod
    def _reports_fit(cls, reports: tuple[Report, ...], info: ValidationInfo) -> tuple[Report, ...]:
        projects = {project.name: project for project in info.data.get("projects", ())}
        mail = info.data.get("mail", Mail())
        lost: list[tuple[tuple[str | int, ...], str]] = []
        for place, report in enumerate(reports):
            project = projects.get(report.project)
            if projects and project is None:
                near = did_you_mean(report.project, list(projects))
                lost.append(((place, "project"), f'is "{report.project}", which is no project{near}'))
            for number, target in enumerate(report.deliver if project else ()):
                if project and (complaint := _find_obstacle_to_report(target, project, mail)):
                    lost.append(((place, "deliver", number), complaint))
        if lost:
            raise MisfitError(*lost)
        return reports

    @field_validator("sign_in")
    @classmethod
    def _people_may_come(cls, ways: tuple[SignIn, ...], info: ValidationInfo) -> tuple[SignIn, ...]:
        refuse_twice([(way.name, f'"{way.name}"') for way in ways])
        server = info.data.get("server")
        if server and (lost := find_misfits(ways, server.dashboard, server.public_url)):
            raise MisfitError(*lost)
        return ways

    @field_validator("api_tokens")
    @classmethod
    def _tokens_fit(cls, tokens: tuple[ApiToken, ...], info: ValidationInfo) -> tuple[ApiToken, ...]:
        refuse_twice([(token.name, f'"{token.name}"') for token in tokens])
        projects = [project.name for project in info.data.get("projects", ())]
        server = info.data.get("server")
        if lost := find_misfits_of_tokens(tokens, projects, server.metrics if server else ""):
            raise MisfitError(*lost)
        return tokens


def _find_obstacle_to_report(target: str, project: Project, mail: Mail) -> str | None:
    """Why a report cannot go there; None if it can."""
    if target.startswith("mail:") and not mail.host:
        return 'needs "host" in [mail] too'
    if target == "wiki" and not any(map(find_azure_place, (project.tracker, project.code))):
        return "is for projects in Azure DevOps: the wikis of GitHub have no API"
    return None


def _find_complaint(place: str, azure_devops: AzureDevOps) -> str | None:
    """Why a place cannot be reached; None for one that can, or that is not in Azure DevOps."""
    wanted = find_azure_place(place)
    if wanted is None:
        return None
    if not azure_devops.organization_url:
        return _NO_ORGANIZATION
    known = organization_of(azure_devops.organization_url)
    if wanted.organization.casefold() == known.casefold():
        return None
    return f'is in "{wanted.organization}", and "organization_url" in [azure_devops] is that of "{known}"'


def _find_foreign_board(project: Project, github: GitHub) -> str | None:
    """Why an App does not reach the project's board; None if it may, or if there is none."""
    if not project.board.project or github.app_id is None:
        return None
    mine, its = (
        place.partition("/")[0] for place in (project.tracker.removeprefix("github:"), project.board.project)
    )
    if mine.casefold() == its.casefold():
        return None
    return f'is of "{its}", and the App reaches projects of "{mine}" alone, where the "tracker" is'
