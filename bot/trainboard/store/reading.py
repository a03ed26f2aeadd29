"""The handlers' read port over one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trainboard.alert_life import Problem
from trainboard.alerts import Alert
from trainboard.board_layout import Placement
from trainboard.comments import Obeyed
from trainboard.counterparts import Counterpart
from trainboard.goals import GoalSaid
from trainboard.iterations import Iteration, iteration_at
from trainboard.metrics import Judgement
from trainboard.notebooks import NotebookReview
from trainboard.plans import PlanWord
from trainboard.policy import Door, Project
from trainboard.pull_requests import Approval, PullRequest
from trainboard.read import Home, ShownBudget, TrackedItem
from trainboard.refactoring import Refactoring
from trainboard.report.building import Report
from trainboard.report.digest import Digest
from trainboard.runs import RunReport
from trainboard.store import (
    alert_lineages,
    approvals,
    cards,
    commands,
    deployment_history,
    history,
    item_history,
    item_links,
    items,
    iterations,
    notebook_reviews,
    plan_words,
    problems,
    pull_requests,
    refactorings,
    report_claims,
    report_places,
    report_snapshots,
    reports,
    run_words,
    runs,
    servings,
    sprint_goals,
    tracking,
    triggers,
)
from trainboard.triggers import (
    Origin,
    RunName,
    Trigger,
)


class StoreRead:
    """Answers a handler's questions from the rows that `connection` sees and the configured policy."""

    def __init__(
        self,
        connection: Connection,
        projects: Mapping[str, Project],
        doors: Mapping[str, Door],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._projects = projects
        self._doors = doors
        self._now = now

    @property
    def now(self) -> datetime:
        """The moment of the work."""
        return self._now

    def find_door(self, name: str) -> Door | None:
        """The configured source of that name."""
        return self._doors.get(name)

    def list_readings(self, project: str, source: str) -> Sequence[Door]:
        """The sources by which the bot reads the runs that `source` tells of."""
        mine = (each for each in self._doors.values() if each.project == project and each.polled)
        return [each for each in mine if each.reads and each.reads == source]

    def get_project(self, name: str) -> Project:
        """The project of that name."""
        return self._projects[name]

    def list_projects(self, tracker: str | None = None) -> Sequence[Project]:
        """All projects, or those whose work items live in `tracker`."""
        return [p for p in self._projects.values() if tracker in {None, p.tracker}]

    def list_projects_of_code(self, code: str) -> Sequence[Project]:
        """The projects whose code is in the repository of that full name."""
        return [project for project in self._projects.values() if project.lives_in(code)]

    def find_artifact_door(self, code: str) -> Door | None:
        """The source of reports that runs of that code leave in artifacts."""
        doors = (door for door in self._doors.values() if door.artifacts)
        return next((door for door in doors if self._projects[door.project].lives_in(code)), None)

    def current_iteration(self, project: str) -> Iteration:
        """The project's sprint now."""
        return iteration_at(self._projects[project].sprint, self._now)

    def has_iteration(self, project: str, number: int) -> bool:
        """True if the tracker is known to have the sprint."""
        return iterations.find_ref(self._connection, project, number) is not None

    def find_iteration(self, project: str, name: str) -> int | None:
        """The number of the sprint that people call so."""
        return iterations.find_number(self._connection, project, name)

    def find_iteration_of(self, project: str, ref: str) -> int | None:
        """The number of the sprint that the project's tracker knows by that ref."""
        return iterations.find_number_of(self._connection, project, ref)

    def find_iteration_name(self, project: str, number: int) -> str | None:
        """What people call the sprint."""
        return iterations.find_name(self._connection, project, number)

    def list_iteration_names(self, project: str) -> Sequence[str]:
        """What people call the last sprints that the tracker has."""
        return iterations.list_names(self._connection, project)

    def list_unclosed_iterations(self, project: str, *, before: int) -> Sequence[int]:
        """The sprints before `before` that the tracker has and that we did not close."""
        return iterations.list_unclosed(self._connection, project, before)

    def list_goals(self, project: str) -> Sequence[GoalSaid]:
        """What people said of the goals of its sprints."""
        return sprint_goals.list_of(self._connection, project)

    def find_item(self, project: str, experiment: str, number: int) -> TrackedItem | None:
        """The work item that shows the experiment in that sprint."""
        return items.find_tracked(self._connection, project, experiment, number)

    def find_item_by_ref(self, tracker: str, ref: str) -> TrackedItem | None:
        """The work item of ours with that number in the tracker."""
        known = items.find_by_ref(self._connection, tracker, ref)
        return known.item if known else None

    def find_item_of_bug(self, tracker: str, ref: str) -> TrackedItem | None:
        """The work item of the experiment that made the model of the bug."""
        return alert_lineages.find_item(self._connection, tracker, ref)

    def list_budgets(self, project: str) -> Sequence[ShownBudget]:
        """The budgets of its open work items."""
        return items.list_budgets(self._connection, project)

    def list_runs_of_item(self, item: TrackedItem) -> Sequence[RunReport]:
        """The runs of its experiment, of all sprints that it was in."""
        known = items.find_by_ref(self._connection, item.tracker, item.ref)
        sprints = known.sprints if known else ()
        return runs.list_reports(self._connection, item.project, item.experiment, sprints)[0]

    def list_judgements_of_item(self, item: TrackedItem) -> Sequence[Judgement]:
        """Those that were judged last."""
        known = items.find_by_ref(self._connection, item.tracker, item.ref)
        return known.judgements if known else ()

    def list_open_items(self, project: str, *, before: int) -> Sequence[TrackedItem]:
        """Open work items whose latest sprint is before `before`."""
        return [known.item for known in items.list_open(self._connection, project, before)]

    def list_off_board(self, project: str) -> Sequence[Placement]:
        """Work items of ours that the project's board does not show as they are."""
        current = self.current_iteration(project).number
        return cards.list_due(self._connection, self._projects[project], current, self._now)

    def experiments_of_run(self, project: str, run_id: str) -> Sequence[tuple[str, int]]:
        """Experiment and sprint of the project's planned runs with that id."""
        return runs.experiments_of_run(self._connection, project, run_id)

    def list_doors(self, project: str) -> Sequence[Door]:
        """The configured sources that tell of the project."""
        return [door for door in self._doors.values() if door.project == project]

    def find_counterpart(self, project: str, source: str, run_id: str) -> Counterpart | None:
        """The tracker's run that a job of that source and id said it is."""
        told = run_words.find(self._connection, run_words.Identity(project, source, run_id))
        return told[1] if told else None

    def find_home(self, project: str, counterpart: Counterpart) -> Home | None:
        """Where the tracker's run counts."""
        return runs.find_home(self._connection, project, counterpart)

    def list_alone(self, project: str, counterpart: Counterpart) -> Sequence[tuple[str, int]]:
        """Experiment and sprint of the jobs that said they are that run, and still count by themselves."""
        return run_words.list_alone(self._connection, project, counterpart)

    def find_report_claim(self, key: str) -> datetime | None:
        """When a report of that key was first asked for."""
        known = report_claims.find(self._connection, key)
        return None if known is None else known.at

    def has_report_at(self, tracker: str, ref: str) -> bool:
        """True if the work item of that number holds a report."""
        return report_places.find_by_ref(self._connection, tracker, ref) is not None

    def needs_freezing(self, project: str, sprint: Iteration) -> bool:
        """True if something is known of the sprint, and what it came to is not kept for good."""
        if report_snapshots.find(self._connection, project, sprint.number) is not None:
            return False
        known_since = item_history.find_beginning(self._connection, project)
        return known_since is not None and known_since < sprint.ends_at

    def find_sprint(self, project: str, name: str) -> int:
        """The number of the sprint that has begun and is called so."""
        return reports.find_number(self._connection, self._projects[project], name, self._now)

    def make_report(self, project: str, number: int) -> Report:
        """What sprint `number` came to so far."""
        return reports.make(self._connection, self._projects[project], number, self._now)

    def make_digest(self, project: str, number: int, since: datetime) -> Digest:
        """What changed in sprint `number` since then."""
        return reports.make_digest(self._connection, self._projects[project], number, since, self._now)

    def find_report_url(self, project: str, number: int) -> str | None:
        """The address of the work item that holds the sprint's report."""
        place = report_places.find(self._connection, project, number, "tracker")
        return place.url if place and place.state != "gone" else None

    def was_applied(self, key: str) -> bool:
        """True if an effect of that key was made true."""
        return history.was_applied(self._connection, key)

    def was_asked_for(self, key: str, since: datetime) -> bool:
        """True if an effect of that key was first asked for at `since` or later."""
        return history.was_asked_for(self._connection, key, since)

    def run_of_version(self, project: str, model: str, version: str) -> str | None:
        """The run that made the model version."""
        return runs.run_of_version(self._connection, project, model, version)

    def list_pull_requests_of_commit(self, code: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests that have `commit` as their head, or became it when they were merged."""
        return pull_requests.list_of_commit(self._connection, code, commit)

    def list_pull_requests_that_were_at(self, code: str, commit: str) -> Sequence[PullRequest]:
        """The pull requests whose head is or was `commit`."""
        return pull_requests.list_that_were_at(self._connection, code, commit)

    def list_pull_requests_within(self, code: str, commit: str) -> Sequence[PullRequest]:
        """Those of the commit, and those that are known to lie in its history."""
        return pull_requests.list_within(self._connection, code, commit)

    def list_silent_pull_requests(self) -> Sequence[tuple[PullRequest, datetime]]:
        """Pull requests that show a check that went silent, each with when the last of them did."""
        return pull_requests.list_silent(self._connection, self._now)

    def list_lately_unheard(self) -> Sequence[tuple[str, str, int]]:
        """Where planned runs became unheard within the last hours: project, experiment and sprint."""
        return runs.list_lately_unheard(self._connection, self._now)

    def list_deployed(self, code: str) -> Sequence[str]:
        """The commits that stand somewhere now."""
        return pull_requests.list_standing(self._connection, code)

    def runs_in_use(self, project: str, model: str) -> Sequence[str]:
        """The runs that made the versions of the model that an alias or an endpoint ever had."""
        return servings.list_runs(self._connection, project, model)

    def find_deployed(self, code: str, environment: str) -> str | None:
        """The commit that stands in the environment."""
        return pull_requests.find_deployed(self._connection, code, environment)

    def find_pull_requests(self, code: str, number: int) -> Sequence[PullRequest]:
        """The pull request with that number, in whichever repository below `code`."""
        return pull_requests.list_numbered(self._connection, code, number)

    def list_open_pull_requests(self, code: str) -> Sequence[PullRequest]:
        """The open pull requests of the repository."""
        return pull_requests.list_open(self._connection, code)

    def list_pull_requests_of_item(self, tracker: str, ref: str) -> Sequence[PullRequest]:
        """The pull requests that belong to the work item."""
        return pull_requests.list_of_item(self._connection, tracker, ref)

    def list_links(self, code: str, number: int) -> Sequence[tuple[str, str]]:
        """Tracker and ref of the work items that the pull request belongs to."""
        return item_links.list_of(self._connection, code, number)

    def list_notebooks(self, code: str, number: int) -> Sequence[NotebookReview]:
        """The notebooks that the pull request changes, as far as they were looked at."""
        return notebook_reviews.list_of(self._connection, code, number)

    def find_refactoring(self, project: str, code: str, path: str) -> Refactoring | None:
        """The work item of the notebook."""
        return refactorings.find(self._connection, project, code, path)

    def find_refactoring_by_ref(self, tracker: str, ref: str) -> Refactoring | None:
        """The work item of a notebook that has that number."""
        return refactorings.find_by_ref(self._connection, tracker, ref)

    def list_approvals(self, code: str, commit: str) -> Sequence[Approval]:
        """The approvals that something of the commit waits or waited for."""
        return approvals.list_of_commit(self._connection, code, commit, self.now)

    def list_versions_of(self, project: str, code: str, commit: str) -> Sequence[str]:
        """The model versions that runs of the commit made, such as `churn 7`."""
        return deployment_history.list_versions_of(self._connection, project, code, commit)

    def find_trigger(self, run: RunName) -> Trigger | None:
        """What somebody asked for and became that run."""
        return triggers.find_of_run(self._connection, run)

    def find_head_time(self, pull_request: PullRequest) -> datetime | None:
        """When its head was first told to be it."""
        told = pull_request
        return item_links.find_head_time(self._connection, told.code, told.number, told.head)

    def find_holder(self, project: str, environment: str) -> Trigger | None:
        """The run that somebody started for the environment and that has not ended."""
        return triggers.find_holder(self._connection, project, environment, self._now)

    def list_reasons(self, mailbox: str, most: int) -> Sequence[str]:
        """What was done last of the effects of a mailbox, and why."""
        return history.list_reasons(self._connection, mailbox, most)

    def list_commands(self, origin: Origin) -> Sequence[Obeyed]:
        """The commands that were given there, the oldest first."""
        return commands.list_of(self._connection, origin)

    def is_tracked(self, project: str, experiment: str) -> bool | None:
        """Whether people wish to see the experiment."""
        return tracking.find(self._connection, project, experiment)

    def list_plan_words(self, tracker: str, ref: str) -> Sequence[PlanWord]:
        """What was commanded of the plan of the work item's experiment."""
        return plan_words.list_of(self._connection, tracker, ref)

    def find_problem(self, key: str) -> Problem | None:
        """The problem of that key."""
        return problems.find(self._connection, key)

    def find_problem_by_ref(self, tracker: str, ref: str) -> Problem | None:
        """The problem whose bug has that number in the tracker."""
        return problems.find_by_ref(self._connection, tracker, ref)

    def list_waiting_problems(self, project: str, door: str, since: datetime) -> Sequence[Problem]:
        """Problems of the source that began at `since` or later and have no bug, nor a storm, yet."""
        return problems.list_waiting(self._connection, project, door, since)

    def count_beginning_problems(self, project: str, door: str, since: datetime) -> Mapping[str, int]:
        """By rule, how many problems of the source began at `since` or later."""
        return problems.count_beginning(self._connection, project, door, since)

    def list_firing_alerts(self, project: str, door: str) -> Mapping[str, tuple[str, Alert]]:
        """What fires of the source by fingerprint."""
        return problems.list_firing_alerts(self._connection, project, door)

    def list_due_problems(self) -> Sequence[Problem]:
        """Problems that it is time to look at."""
        return problems.list_due(self._connection, self._now)
