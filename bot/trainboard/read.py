"""The small read port of the handlers: questions about our own knowledge, none about the network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from trainboard.alert_life import Problem
from trainboard.alerts import Alert
from trainboard.board_layout import Placement
from trainboard.comments import Obeyed
from trainboard.counterparts import Counterpart
from trainboard.goals import GoalSaid
from trainboard.iterations import Iteration
from trainboard.metrics import Judgement
from trainboard.notebooks import NotebookReview
from trainboard.plans import PlanWord
from trainboard.policy import Door, Project
from trainboard.pull_requests import Approval, PullRequest
from trainboard.refactoring import Refactoring
from trainboard.report.building import Report
from trainboard.report.digest import Digest
from trainboard.runs import RunReport
from trainboard.spending import LimitUse
from trainboard.triggers import Origin, RunName, Trigger
from trainboard.work_items import TrackedState


class TrackedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item of ours: which experiment and sprint it stands for, and where it is."""

    project: str
    experiment: str
    number: int
    tracker: str
    ref: str
    state: TrackedState
    title: str = ""
    url: str = ""
    carries: int = 0


class ShownBudget(msgspec.Struct, frozen=True, kw_only=True):
    """How much of its budget a work item shows as used. It was in `first_sprint` first."""

    item: TrackedItem
    first_sprint: int
    usage: tuple[LimitUse, ...]


class Home(NamedTuple):
    """Where a run counts: its experiment, its sprint, and whether work items show it."""

    experiment: str
    number: int
    planned: bool


class Read(Protocol):
    """What a handler may ask. `find_` answers None only where it is sure."""

    @property
    def now(self) -> datetime:
        """The moment of the work, aware, in UTC."""
        ...

    def find_door(self, name: str) -> Door | None:
        """The configured source of that name."""
        ...

    def list_readings(self, project: str, source: str) -> Sequence[Door]:
        """The configured sources of the project by which the bot reads the runs that `source` tells of."""
        ...

    def get_project(self, name: str) -> Project:
        """The project of that name; a name that is not configured is a bug and raises KeyError."""
        ...

    def list_projects(self, tracker: str | None = None) -> Sequence[Project]:
        """All projects, or those whose work items live in `tracker`."""
        ...

    def list_projects_of_code(self, code: str) -> Sequence[Project]:
        """The projects whose code is in the repository of that full name."""
        ...

    def find_artifact_door(self, code: str) -> Door | None:
        """The source of reports that runs of the repository of that full name leave in artifacts."""
        ...

    def current_iteration(self, project: str) -> Iteration:
        """The project's sprint now."""
        ...

    def has_iteration(self, project: str, number: int) -> bool:
        """True if the tracker is known to have the sprint."""
        ...

    def find_iteration(self, project: str, name: str) -> int | None:
        """The number of the sprint that people call so, in whatever letters."""
        ...

    def find_iteration_of(self, project: str, ref: str) -> int | None:
        """The number of the sprint that the project's tracker knows by that ref."""
        ...

    def find_iteration_name(self, project: str, number: int) -> str | None:
        """What people call the sprint, None where the tracker does not have it."""
        ...

    def list_iteration_names(self, project: str) -> Sequence[str]:
        """What people call the last sprints that the tracker has, the latest first."""
        ...

    def list_unclosed_iterations(self, project: str, *, before: int) -> Sequence[int]:
        """The sprints below `before` that the tracker has and that we did not close, in order."""
        ...

    def list_goals(self, project: str) -> Sequence[GoalSaid]:
        """What people said of the goals of its sprints, in the order in which it was heard."""
        ...

    def find_item(self, project: str, experiment: str, number: int) -> TrackedItem | None:
        """The work item that shows the experiment in that sprint."""
        ...

    def find_item_by_ref(self, tracker: str, ref: str) -> TrackedItem | None:
        """The work item of ours with that number in the tracker, with its latest sprint."""
        ...

    def find_item_of_bug(self, tracker: str, ref: str) -> TrackedItem | None:
        """The work item of the experiment whose model the bug of that number is about."""
        ...

    def list_budgets(self, project: str) -> Sequence[ShownBudget]:
        """The budgets of its open work items, oldest first; not those that nothing but more runs uses up."""
        ...

    def list_runs_of_item(self, item: TrackedItem) -> Sequence[RunReport]:
        """The runs that the work item shows, of all sprints that it was in, in the order first seen."""
        ...

    def list_judgements_of_item(self, item: TrackedItem) -> Sequence[Judgement]:
        """Its targets with what its runs said of them, as it was shown last."""
        ...

    def list_open_items(self, project: str, *, before: int) -> Sequence[TrackedItem]:
        """Open work items whose latest sprint has a number below `before`, oldest first."""
        ...

    def list_off_board(self, project: str) -> Sequence[Placement]:
        """Work items that the bot made and the project's board, if it has one, does not show as they are."""
        ...

    def experiments_of_run(self, project: str, run_id: str) -> Sequence[tuple[str, int]]:
        """Experiment and sprint of the runs with that id, whatever tracker they came from."""
        ...

    def list_doors(self, project: str) -> Sequence[Door]:
        """The configured sources that tell of the project."""
        ...

    def find_counterpart(self, project: str, source: str, run_id: str) -> Counterpart | None:
        """The tracker's run that a job of that source and id said it is, None where it said none."""
        ...

    def find_home(self, project: str, counterpart: Counterpart) -> Home | None:
        """Where the tracker's run counts, None where it is not known yet."""
        ...

    def list_alone(self, project: str, counterpart: Counterpart) -> Sequence[tuple[str, int]]:
        """Experiment and sprint of the jobs that said they are that run, and still count by themselves."""
        ...

    def find_report_claim(self, key: str) -> datetime | None:
        """When a report of that key, or reports of a kind for a target, were first asked for."""
        ...

    def has_report_at(self, tracker: str, ref: str) -> bool:
        """True if the work item of that number holds the report of a sprint."""
        ...

    def needs_freezing(self, project: str, sprint: Iteration) -> bool:
        """True if something is known of the sprint, and what it came to is not kept for good."""
        ...

    def find_sprint(self, project: str, name: str) -> int:
        """The number of the sprint that people call so or that has that number, and that has begun.

        Raises:
            MissingError: there is none; the text names those that are known.
        """
        ...

    def make_report(self, project: str, number: int) -> Report:
        """What sprint `number` came to so far.

        Raises:
            MissingError: nothing is known yet of what stands in the project's sprints.
        """
        ...

    def make_digest(self, project: str, number: int, since: datetime) -> Digest:
        """What changed in sprint `number` since then. Raises as `make_report` does."""
        ...

    def find_report_url(self, project: str, number: int) -> str | None:
        """The address of the work item that holds the sprint's report, None where there is none."""
        ...

    def was_applied(self, key: str) -> bool:
        """True if an effect of that key was made true, as far as effects are kept."""
        ...

    def was_asked_for(self, key: str, since: datetime) -> bool:
        """True if an effect of that key was first asked for at `since` or later, as far as they are kept."""
        ...

    def run_of_version(self, project: str, model: str, version: str) -> str | None:
        """The run that made the model version, None if nobody said."""
        ...

    def list_pull_requests_of_commit(self, code: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests whose head is `commit`, and those that became it when they were merged."""
        ...

    def list_pull_requests_that_were_at(self, code: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests whose head is or was `commit`."""
        ...

    def list_pull_requests_within(self, code: str, commit: str) -> Sequence[PullRequest]:
        """Those of the commit, and those that are known to lie in its history."""
        ...

    def list_silent_pull_requests(self) -> Sequence[tuple[PullRequest, datetime]]:
        """Pull requests that show a check that went silent, each with when the last of them did."""
        ...

    def list_lately_unheard(self) -> Sequence[tuple[str, str, int]]:
        """Where planned runs became unheard within the last hours: project, experiment and sprint."""
        ...

    def list_deployed(self, code: str) -> Sequence[str]:
        """The commits that stand somewhere now."""
        ...

    def runs_in_use(self, project: str, model: str) -> Sequence[str]:
        """The runs that made the versions of the model that an alias or an endpoint ever had."""
        ...

    def find_deployed(self, code: str, environment: str) -> str | None:
        """The commit that stands in the environment, None where nobody told of one."""
        ...

    def find_pull_requests(self, code: str, number: int) -> Sequence[PullRequest]:
        """The pull request; `code` may leave out the repository where numbers alone tell them apart."""
        ...

    def list_open_pull_requests(self, code: str) -> Sequence[PullRequest]:
        """The open pull requests of the repository."""
        ...

    def list_pull_requests_of_item(self, tracker: str, ref: str) -> Sequence[PullRequest]:
        """The pull requests that belong to the work item."""
        ...

    def list_links(self, code: str, number: int) -> Sequence[tuple[str, str]]:
        """Tracker and ref of the work items that the pull request belongs to."""
        ...

    def list_notebooks(self, code: str, number: int) -> Sequence[NotebookReview]:
        """The notebooks that the pull request changes, as far as they were looked at, by path."""
        ...

    def find_refactoring(self, project: str, code: str, path: str) -> Refactoring | None:
        """The work item of the notebook, also one that is closed or gone."""
        ...

    def find_refactoring_by_ref(self, tracker: str, ref: str) -> Refactoring | None:
        """The work item of a notebook that has that number in the tracker."""
        ...

    def list_approvals(self, code: str, commit: str) -> Sequence[Approval]:
        """The approvals that something of the commit waits or waited for."""
        ...

    def list_versions_of(self, project: str, code: str, commit: str) -> Sequence[str]:
        """The model versions that runs of the commit made, such as `churn 7`."""
        ...

    def find_trigger(self, run: RunName) -> Trigger | None:
        """What somebody asked for and became that run."""
        ...

    def find_head_time(self, pull_request: PullRequest) -> datetime | None:
        """When its head was first told to be it, by the platform's clock; None where that is not known."""
        ...

    def find_holder(self, project: str, environment: str) -> Trigger | None:
        """The run that somebody started for the environment and that has not ended, the latest."""
        ...

    def list_reasons(self, mailbox: str, most: int) -> Sequence[str]:
        """What was done last of the effects of a mailbox and why, the latest first, as plain sentences."""
        ...

    def list_commands(self, origin: Origin) -> Sequence[Obeyed]:
        """The commands that were given there, the oldest first, as far as they are kept."""
        ...

    def is_tracked(self, project: str, experiment: str) -> bool | None:
        """Whether people wish to see the experiment, None where nobody said."""
        ...

    def list_plan_words(self, tracker: str, ref: str) -> Sequence[PlanWord]:
        """What was commanded of the plan of the experiment whose work item that is."""
        ...

    def find_problem(self, key: str) -> Problem | None:
        """The problem of that key."""
        ...

    def find_problem_by_ref(self, tracker: str, ref: str) -> Problem | None:
        """The problem whose bug has that number in the tracker."""
        ...

    def list_waiting_problems(self, project: str, door: str, since: datetime) -> Sequence[Problem]:
        """Problems of the source that began at `since` or later and have no bug, nor a storm, yet."""
        ...

    def count_beginning_problems(self, project: str, door: str, since: datetime) -> Mapping[str, int]:
        """By rule, how many problems of the source began at `since` or later."""
        ...

    def list_firing_alerts(self, project: str, door: str) -> Mapping[str, tuple[str, Alert]]:
        """What fires of the source by fingerprint: the key of its problem, and what was told of it."""
        ...

    def list_due_problems(self) -> Sequence[Problem]:
        """Problems that it is time to look at."""
        ...
