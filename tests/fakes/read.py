"""What handlers may ask, answered from values."""

from collections import Counter
from datetime import UTC, date, datetime

from trainboard.errors import MissingError
from trainboard.iterations import SprintPolicy, iteration_at
from trainboard.metrics import Judgement, Verdict
from trainboard.policy import Door, Project
from trainboard.read import TrackedItem

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
POLICY = SprintPolicy(length_days=14, first_start=date(2026, 11, 9))
CHURN = Project(name="churn", tracker="local:churn", sprint=POLICY)
DOOR = Door(name="mlflow/prod", project="churn", experiments=("churn-*",), polled=True)


def item(experiment="churn-xgb", number=1, **fields):
    """An open work item of project `churn`."""
    values = {"project": "churn", "tracker": "local:churn", "ref": "1", "state": "open"} | fields
    return TrackedItem(experiment=experiment, number=number, **values)


class FakeRead:
    """A project `churn` in its first sprint, and what a test says is known.

    `iterations` are the sprints that the tracker has, `runs` answers experiment and sprint by run,
    `versions` the run by model and version, `applied` are keys of effects that were made true, `links` are
    work items as tracker and ref by repository and number of the pull request that belongs to them,
    `deployed` commits by repository and environment, `silent` pull requests with the time since when a check
    is silent, `asked` the time by the key of an effect, `triggers` are runs that people asked for,
    `bugs` work items of experiments by tracker and ref of a bug about their models,
    `budgets` what work items show of theirs,
    `problems` those of alerts, `firing` problem and alert by fingerprint, by project and door, `in_use` runs
    by project and model, `versions_of` model versions by project, repository and commit, `commands` what
    people commanded, `head_times` when commits were told, `holders` runs that change an environment,
    `reasons` sentences by mailbox, `names` those of sprints by number, `trained` the runs of every work item
    and `targets` what is written in it, `plan_words` what was said of plans by tracker and ref, `tracked` by
    project and experiment, `unclosed`
    numbers of sprints, `goals` what people said of them, `claims` times by the keys of reports, `reported`
    work items as tracker and ref that hold reports, `unfrozen` numbers of sprints, `reports` those or digests
    by sprint, `off_board` what the boards do not show as it is, by project,
    `refs` those of sprints in their tracker, `notebooks` reviews by repository and number of the pull
    request, `refactorings` the work items of notebooks.
    `refs` those of sprints in their tracker, `counterparts` tracker's runs by project, source and id of the
    job that said it is one, `homes` where these count and `alone` the jobs that count by themselves, both by
    project and tracker's run.
    """

    def __init__(
        self,
        *,
        now=NOW,
        projects=(CHURN,),
        doors=(DOOR,),
        iterations=(),
        items=(),
        runs=None,
        versions=None,
        applied=(),
        pull_requests=(),
        links=None,
        deployed=None,
        silent=(),
        asked=None,
        triggers=(),
        bugs=None,
        budgets=(),
        problems=(),
        firing=None,
        in_use=None,
        approvals=(),
        versions_of=None,
        commands=(),
        head_times=None,
        holders=(),
        reasons=None,
        names=None,
        trained=(),
        targets=(),
        plan_words=None,
        tracked=None,
        unclosed=(),
        goals=(),
        claims=None,
        reported=(),
        unfrozen=(),
        reports=None,
        off_board=None,
        refs=None,
        notebooks=None,
        refactorings=(),
        counterparts=None,
        homes=None,
        alone=None,
    ):
        self.now = now
        self._projects = {project.name: project for project in projects}
        self._doors = {door.name: door for door in doors}
        self._iterations = set(iterations)
        self._items = list(items)
        self._runs = runs or {}
        self._versions = versions or {}
        self._applied = set(applied)
        self._pull_requests = list(pull_requests)
        self._links = links or {}
        self._deployed = deployed or {}
        self._silent = list(silent)
        self._asked = asked or {}
        self._triggers = {trigger.run: trigger for trigger in triggers}
        self._bugs = dict(bugs or {})
        self._budgets = list(budgets)
        self._firing = firing or {}
        self._problems = {problem.key: problem for problem in problems}
        self._in_use = in_use or {}
        self._approvals = list(approvals)
        self._versions_of = versions_of or {}
        self.commands = {command.key: command for command in commands}
        self._head_times = head_times or {}
        self._holders = list(holders)
        self._reasons = reasons or {}
        self._names = names or {}
        self._trained = tuple(trained)
        self._targets = tuple(targets)
        self._plan_words = plan_words or {}
        self._tracked = tracked or {}
        self._unclosed = unclosed
        self._goals = list(goals)
        self._claims = claims or {}
        self._reported = set(reported)
        self._unfrozen = set(unfrozen)
        self._reports = reports or {}
        self._off_board = off_board or {}
        self._refs = refs or {}
        self._notebooks = notebooks or {}
        self._refactorings = list(refactorings)
        self._counterparts = counterparts or {}
        self._homes = homes or {}
        self._alone = alone or {}

    def find_door(self, name):
        return self._doors.get(name)

    def list_readings(self, project, source):
        mine = (each for each in self._doors.values() if each.project == project and each.polled)
        return [each for each in mine if each.reads and each.reads == source]

    def list_doors(self, project):
        return [door for door in self._doors.values() if door.project == project]

    def find_counterpart(self, project, source, run_id):
        return self._counterparts.get((project, source, run_id))

    def find_home(self, project, counterpart):
        return self._homes.get((project, counterpart))

    def list_alone(self, project, counterpart):
        return self._alone.get((project, counterpart), [])

    def get_project(self, name):
        return self._projects[name]

    def list_projects(self, tracker=None):
        return [project for project in self._projects.values() if tracker in {None, project.tracker}]

    def list_projects_of_code(self, code):
        return [project for project in self._projects.values() if project.lives_in(code)]

    def find_artifact_door(self, code):
        doors = (door for door in self._doors.values() if door.artifacts)
        return next((door for door in doors if self._projects[door.project].lives_in(code)), None)

    def current_iteration(self, project):
        return iteration_at(self._projects[project].sprint, self.now)

    def has_iteration(self, project, number):
        return (project, number) in self._iterations

    def list_unclosed_iterations(self, project, *, before):  # noqa: ARG002  there is one project
        return [number for number in self._unclosed if number < before]

    def list_goals(self, project):  # noqa: ARG002  there is one project
        return self._goals

    def list_off_board(self, project):
        return self._off_board.get(project, ())

    def find_item(self, project, experiment, number):
        wanted = (project, experiment, number)
        return next((it for it in self._items if wanted == (it.project, it.experiment, it.number)), None)

    def find_item_by_ref(self, tracker, ref):
        return next((it for it in self._items if (tracker, ref) == (it.tracker, it.ref)), None)

    def list_budgets(self, project):
        return [each for each in self._budgets if each.item.project == project]

    def find_item_of_bug(self, tracker, ref):
        return self._bugs.get((tracker, ref))

    def list_open_items(self, project, *, before):
        mine = (it for it in self._items if it.project == project and it.state == "open")
        return [it for it in mine if it.number < before]

    def is_tracked(self, project, experiment):
        return self._tracked.get((project, experiment))

    def list_plan_words(self, tracker, ref):
        return self._plan_words.get((tracker, ref), ())

    def experiments_of_run(self, project, run_id):
        return self._runs.get((project, run_id), [])

    def find_report_claim(self, key):
        return self._claims.get(key)

    def has_report_at(self, tracker, ref):
        return (tracker, ref) in self._reported

    def needs_freezing(self, project, sprint):
        del project
        return sprint.number in self._unfrozen

    def find_sprint(self, project, name):
        raise MissingError(f"No sprint {name} of {project} has begun.")

    def make_report(self, project, number):
        return self._made(project)[number]

    def make_digest(self, project, number, since):
        del since
        return self._made(project)[number]

    def find_report_url(self, project, number):
        del project, number

    def _made(self, project):
        if not self._reports:
            raise MissingError(f"Nothing is known yet of what stands in the sprints of {project}.")
        return self._reports

    def was_applied(self, key):
        return key in self._applied

    def run_of_version(self, project, model, version):
        return self._versions.get((project, model, version))

    def list_pull_requests_of_commit(self, code, commit):
        mine = (each for each in self._pull_requests if each.code == code)
        return [each for each in mine if commit in {each.head, each.merged_as}]

    def list_pull_requests_that_were_at(self, code, commit):
        return [each for each in self._pull_requests if (each.code, each.head) == (code, commit)]

    def list_pull_requests_within(self, code, commit):
        return self.list_pull_requests_of_commit(code, commit)

    def list_lately_unheard(self):
        return ()

    def list_silent_pull_requests(self):
        return self._silent

    def was_asked_for(self, key, since):
        return key in self._asked and self._asked[key] >= since

    def list_deployed(self, code):
        return sorted({commit for (where, _), commit in self._deployed.items() if where == code})

    def runs_in_use(self, project, model):
        return self._in_use.get((project, model), [])

    def find_deployed(self, code, environment):
        return self._deployed.get((code, environment))

    def find_pull_requests(self, code, number):
        mine = (each for each in self._pull_requests if f"{each.code}/".startswith(f"{code}/"))
        return [each for each in mine if each.number == number]

    def list_open_pull_requests(self, code):
        return [each for each in self._pull_requests if each.code == code and each.state == "open"]

    def list_pull_requests_of_item(self, tracker, ref):
        linked = (each for each in self._pull_requests if (each.code, each.number) in self._links)
        return [each for each in linked if (tracker, ref) in self._links[each.code, each.number]]

    def list_links(self, code, number):
        return self._links.get((code, number), [])

    def list_notebooks(self, code, number):
        return self._notebooks.get((code, number), [])

    def find_refactoring(self, project, code, path):
        wanted = (project, code, path)
        mine = (each for each in self._refactorings if wanted == (each.project, each.code, each.path))
        return next(mine, None)

    def find_refactoring_by_ref(self, tracker, ref):
        mine = (each for each in self._refactorings if (tracker, ref) == (each.tracker, each.ref))
        return next(mine, None)

    def list_approvals(self, code, commit):
        return [each for each in self._approvals if (each.code, each.commit) == (code, commit)]

    def list_versions_of(self, project, code, commit):
        return self._versions_of.get((project, code, commit), [])

    def find_trigger(self, run):
        return self._triggers.get(run)

    def find_problem(self, key):
        return self._problems.get(key)

    def find_problem_by_ref(self, tracker, ref):
        mine = self._problems.values()
        return next((each for each in mine if (tracker, ref) == (each.tracker, each.ref)), None)

    def list_waiting_problems(self, project, door, since):
        mine = [each for each in self._problems.values() if (project, door) == (each.project, each.door)]
        return [
            each for each in mine if each.state == "waiting" and not each.storm and each.began_at >= since
        ]

    def count_beginning_problems(self, project, door, since):
        mine = [each for each in self._problems.values() if (project, door) == (each.project, each.door)]
        return Counter(each.rule for each in mine if each.began_at >= since)

    def list_firing_alerts(self, project, door):
        return self._firing.get((project, door), {})

    def list_due_problems(self):
        return [each for each in self._problems.values() if each.look_at and each.look_at <= self.now]

    def list_runs_of_item(self, item):  # noqa: ARG002  every item's
        return self._trained

    def list_judgements_of_item(self, item):  # noqa: ARG002  every item's
        return [Judgement(target, Verdict.UNKNOWN) for target in self._targets]

    def list_commands(self, origin):
        return [each for each in self.commands.values() if each.origin == origin]

    def find_head_time(self, pull_request):
        return self._head_times.get(pull_request.head)

    def find_holder(self, project, environment):
        held = (each for each in self._holders if (each.project, each.environment) == (project, environment))
        return next(held, None)

    def list_reasons(self, mailbox, most):
        return self._reasons.get(mailbox, [])[:most]

    def find_iteration(self, project, name):  # noqa: ARG002  there is one project
        return next((each for each, known in self._names.items() if known.lower() == name.lower()), None)

    def find_iteration_of(self, project, ref):  # noqa: ARG002  there is one project
        return next((number for number, known in self._refs.items() if known == ref), None)

    def find_iteration_name(self, project, number):  # noqa: ARG002  there is one project
        return self._names.get(number)

    def list_iteration_names(self, project):  # noqa: ARG002  there is one project
        return list(self._names.values())
