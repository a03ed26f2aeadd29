"""What a project has agreed on, and how long rows are kept.

Values; `settings` reads them from the operator's file.
"""

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from trainboard.alert_policy import AlertPolicy
from trainboard.board_layout import BoardPolicy
from trainboard.command_policy import CommandPolicy
from trainboard.iterations import SprintPolicy
from trainboard.notebooks import LONG_OUTSIDE
from trainboard.prices import Prices
from trainboard.report.schedules import ReportSchedule
from trainboard.triggers import Pipeline

CarryOver = Literal["experiments", "all", "none"]


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A team's plan: where its work items live and how it cuts time into sprints.

    `tracker` is the full name of its tracker, `local:<project>` or `github:owner/repo`, `code` that of its
    repository, None where it is not known; `create_ahead` counts the sprints that are made before they start.
    `mention` is how a description there names a work item so that the tracker links the two, with `{ref}` in
    place; None where the tracker reads no descriptions there. `carry_over` says what of an ended sprint goes
    into the current one; `capacity_points` is what a sprint without holidays holds, None where past sprints
    tell it. `production` are globs of the environments,
    aliases of models and endpoints that people rely on, `result_artifacts` of what runs of GitHub Actions
    leave that holds results of tests. `pipelines` are those that may be started. `commands` says
    who may give which slash command. `prices` are what hours of devices cost. `remembers` is how long what
    was said of its code and models is kept. `reports` say when reports are made and where they go. `board` is
    the one that shows its work items, None where there is none. `milestone_comments` says whether people are
    told in comments what happened to an experiment. `run_trackers` are the sources whose runs are read by
    asking. A notebook with more lines than `refactor_above` outside of functions is remarked on, and a work
    item is offered for it. `model_tags` says that tags of its code tell of models.
    """

    name: str
    tracker: str
    code: str | None = None
    mention: str | None = None
    sprint: SprintPolicy = SprintPolicy()
    create_ahead: int = 1
    carry_over: CarryOver = "experiments"
    capacity_points: int | None = None
    production: tuple[str, ...] = ("production", "prod", "champion")
    result_artifacts: tuple[str, ...] = ("*junit*", "*test-results*", "*coverage*")
    pipelines: tuple[Pipeline, ...] = ()
    commands: CommandPolicy = CommandPolicy()
    prices: Prices = Prices()
    remembers: timedelta = timedelta(days=90)
    reports: tuple[ReportSchedule, ...] = ()
    board: BoardPolicy | None = None
    milestone_comments: bool = True
    model_tags: bool = False
    run_trackers: tuple[str, ...] = ()
    refactor_above: int = LONG_OUTSIDE

    def find_pipeline(self, name: str) -> Pipeline | None:
        """The pipeline that is declared under that name."""
        return next((each for each in self.pipelines if each.name == name), None)

    def is_production(self, name: str) -> bool:
        """True for an environment, alias or endpoint that people rely on, in whatever letters."""
        return any(fnmatchcase(name.casefold(), glob.casefold()) for glob in self.production)

    def is_home_of(self, repository: str) -> bool:
        """True if its code lives in the repository of that name, in whatever letters it is written."""
        return self.code is not None and self.code.partition(":")[2].casefold() == repository.casefold()

    def lives_in(self, code: str) -> bool:
        """True if its code is the repository of that full name, in whatever letters it is written."""
        return self.code is not None and self.code.casefold() == code.casefold()


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """A configured source: whose runs come in by it, and which experiments become work items.

    `experiments` are globs, case-sensitive; none means that runs are kept and nothing is planned.
    `name` is `kind/name`, as in the path of its webhook; `polled` tells that the bot reads the
    tracker behind it; `reads` is then the source that reports of its runs have, where others tell of them
    too, and else empty. `alerts` is how its alerts become bugs, None where it tells of none. `artifacts` are
    globs of what runs of pipelines leave that holds reports of runs, `forks` tells that those of forks count.
    """

    name: str
    project: str
    experiments: tuple[str, ...] = ()
    polled: bool = False
    reads: str = ""
    alerts: AlertPolicy | None = None
    artifacts: tuple[str, ...] = ()
    forks: bool = False

    def plans(self, experiment: str) -> bool:
        """True if the experiment of that name gets work items."""
        return any(fnmatchcase(experiment, glob) for glob in self.experiments)


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """How long rows are kept after their end.

    `bodies` are those of deliveries that are done, `ticks` the bot's own clock with its chores, `done`
    deliveries, applied effects and what was said of code, `dead` deliveries and effects that were given up,
    `commands` what people commanded.
    """

    bodies: timedelta = timedelta(days=14)
    ticks: timedelta = timedelta(days=1)
    done: timedelta = timedelta(days=90)
    dead: timedelta = timedelta(days=365)
    commands: timedelta = timedelta(days=730)
