"""What an operator sets for a project: its places, its sprints, and what people may do there."""

from datetime import date
from typing import Any

from pydantic import Field, model_validator

from trainboard.notebooks import LONG_OUTSIDE
from trainboard.policy import CarryOver
from trainboard.settings.board import Board
from trainboard.settings.commands import Commands
from trainboard.settings.pipelines import AzurePipeline, EventPipeline, Pipeline, WorkflowPipeline
from trainboard.settings.places import CodePlace, TrackerPlace, find_azure_place
from trainboard.settings.prices import Prices
from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, NameTemplate, Slug, Text, Timezone, Weekday, Whole


class Sprint(Section):
    """How the project cuts time into sprints."""

    length_days: Whole = Field(
        default=14, ge=1, le=90, description="Length in calendar days, weekends included."
    )
    first_start: date = Field(
        default=date(2026, 1, 5), description="First day of sprint 1; all others are counted from it."
    )
    timezone: Timezone = Field(
        default="UTC", description="IANA time zone in which days begin, like `Europe/Berlin`."
    )
    working_days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        min_length=1,
        description="Days of the week that the team works on.",
    )
    holidays: tuple[date, ...] = Field(default=(), description="Days off on which nobody works.")
    name_template: NameTemplate = Field(
        default="Sprint {number}",
        description="Name of a sprint: must hold `{number}`, may hold `{start}` and `{end}`.",
    )
    started_labels: tuple[str, ...] = Field(
        default=(),
        description="Labels of issues and of the local board that tell that work on an item began.",
    )
    create_ahead: Whole = Field(
        default=1, ge=0, le=12, description="Sprints that are made in the tracker before they start."
    )
    carry_over: CarryOver = Field(
        default="experiments",
        description="What goes into the current sprint when one ends: its open `experiments`, `all` that is "
        "open in it, or `none`.",
    )
    capacity_points: Whole | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Points that the team takes on in a sprint without holidays, beside which `/sprint plan` "
        "shows what past sprints tell. Left out: only that is shown.",
    )


def _code_beside(so_far: dict[str, Any]) -> str:
    tracker = str(so_far.get("tracker", "local"))
    return tracker if tracker.startswith("github:") else "local"


def refuse_twice(names: list[tuple[Any, str]], *above: str) -> None:
    """Of two with one key, the second is complained of; `above` is where they stand."""
    seen: set[Any] = set()
    twice: list[tuple[tuple[str | int, ...], str]] = []
    for place, (key, shown) in enumerate(names):
        if key in seen:
            twice.append(((*above, place, "name"), f"is {shown}, which is taken by one before it"))
        seen.add(key)
    if twice:
        raise MisfitError(*twice)


class Project(Section):
    """A team's plan. Without any `[[projects]]` there is one, named `default`, on the local board."""

    name: Slug = Field(description="Name by which sources and commands refer to the project.")
    tracker: TrackerPlace = Field(
        default="local",
        description="Where its work items live: `local`, `github:owner/repository` or "
        "`azure-boards:organisation/project/team`. Names are written as people see them, blanks included.",
    )
    code: CodePlace = Field(
        default_factory=_code_beside,
        description="Where its code lives: `local`, `github:owner/repository` or "
        "`azure-repos:organisation/project/repository`. Left out: `tracker`, if that is a repository.",
    )
    production: tuple[Text, ...] = Field(
        default=("production", "prod", "champion"),
        description="Globs of the environments, aliases of models and serving endpoints that people rely on, "
        "like `prod-*`; upper and lower case are alike. The figures of deployments are of these.",
    )
    result_artifacts: tuple[Text, ...] = Field(
        default=("*junit*", "*test-results*", "*coverage*"),
        description="Globs of the artifacts of GitHub Actions in which results of tests and coverage are "
        "looked for; upper and lower case are alike. Empty: none are read.",
    )
    milestone_comments: bool = Field(
        default=True,
        description="Whether comments on work items of experiments tell what seldom happens: a target is met "
        "or lost, three runs fail in a row, a sweep ends, a budget is nearly or all used, a model is "
        "registered or comes into use.",
    )
    model_tags: bool = Field(
        default=False,
        description="Whether tags of the code tell of models as GTO writes them: `churn@v1.2.0` is a "
        "version, `churn#prod#3` puts it into use. They are read every hour.",
    )
    refactor_above: Whole = Field(
        default=LONG_OUTSIDE,
        ge=1,
        le=1_000_000,
        description="Lines of code outside of functions above which a notebook of a pull request is remarked "
        "on, and `/refactor` offered.",
    )
    pipelines: tuple[Pipeline, ...] = Field(default=(), description="Pipelines that people may start.")
    commands: Commands = Field(
        default=Commands(),
        description="Who may give which slash command.",
        json_schema_extra={"default": {}},
    )
    prices: Prices = Field(default=Prices(), description="What runs cost.", json_schema_extra={"default": {}})
    sprint: Sprint = Field(
        default=Sprint(), description="How it cuts time into sprints.", json_schema_extra={"default": {}}
    )
    board: Board = Field(
        default=Board(),
        description="The board of GitHub Projects that shows its work items.",
        json_schema_extra={"default": {}},
    )

    @model_validator(mode="after")
    def _board_fits(self) -> "Project":
        if self.board.project and not self.tracker.startswith("github:"):
            raise MisfitError((("board", "project"), 'needs a "tracker" on GitHub'))
        return self

    @model_validator(mode="after")
    def _teams_fit(self) -> "Project":
        places = (self.tracker, self.code)
        lost = [
            (("commands", *path), complaint)
            for path, team in self.commands.list_teams()
            if (complaint := _find_foreign(team, places))
        ]
        if lost:
            raise MisfitError(*lost)
        return self

    @model_validator(mode="after")
    def _pipelines_fit(self) -> "Project":
        refuse_twice([(pipeline.name, f'"{pipeline.name}"') for pipeline in self.pipelines], "pipelines")
        lost = [
            (("pipelines", place, "kind"), complaint)
            for place, pipeline in enumerate(self.pipelines)
            if (complaint := _find_homeless(self, pipeline))
        ]
        if lost:
            raise MisfitError(*lost)
        return self


def _find_foreign(team: str, places: tuple[str, ...]) -> str | None:
    """Why a team can be nobody's there; None if it can be."""
    on_github = "/" in team
    if any(place.startswith("github:") if on_github else find_azure_place(place) for place in places):
        return None
    platform = "GitHub" if on_github else "Azure DevOps"
    return f"names a team of {platform}, where neither tracker nor code are"


def _find_homeless(project: Project, pipeline: Pipeline) -> str | None:
    """Why it is not known where a pipeline is; None if it is."""
    if isinstance(pipeline, WorkflowPipeline | EventPipeline):
        is_known = bool(pipeline.repository) or project.code.startswith("github:")
        return None if is_known else 'needs "repository" too, for the project\'s code is not on GitHub'
    if isinstance(pipeline, AzurePipeline):
        places = (pipeline.project, find_azure_place(project.code), find_azure_place(project.tracker))
        return None if any(places) else 'needs "project" too, for neither code nor boards are in Azure DevOps'
    return None
