"""What pipelines do by themselves, told in one line each."""

from fakes.azure_devops.approvals import APPROVAL_CHECK, Approval, Environment, Step, find_step
from fakes.azure_devops.builds import Build, Definition, Stage
from fakes.azure_devops.shapes import identity_ref, iso
from fakes.azure_devops.state import make_id
from fakes.azure_devops.tests import PublishedRun

RUN, STAGE = "ms.vss-pipelines.run-state-changed-event", "ms.vss-pipelines.stage-state-changed-event"
PENDING = "ms.vss-pipelinechecks-events.approval-pending"
COMPLETED = "ms.vss-pipelinechecks-events.approval-completed"


class Machines:
    """The pipelines of an organisation at work."""

    def add_definition(self, project, name, repository, **more):
        """Make a pipeline; `more` are the fields of a `Definition`."""
        where = self.find_project(project)
        made = Definition(self.new_id("definition"), name, where, repository, **more)
        where.definitions[made.id] = made
        return made

    def add_environment(self, project, name, approvers=()):
        """Make an environment, with an approval check on it if there are approvers."""
        where = self.find_project(project)
        made = Environment(self.new_id("environment"), name, self.ana, self.now)
        where.environments[made.id] = made
        if approvers:
            where.checks.append(self._make_check(made, approvers))
        return made

    def _make_check(self, environment, approvers):
        person = identity_ref(self, environment.by)
        people = [{"displayName": each.display_name, "id": each.id} for each in approvers]
        return {
            "id": self.new_id("check"),
            "type": {"id": APPROVAL_CHECK, "name": "Approval"},
            "resource": {"type": "environment", "id": str(environment.id), "name": environment.name},
            "settings": {"approvers": people, "executionOrder": "anyOrder", "minRequiredApprovers": 0},
            "createdBy": person,
            "createdOn": iso(environment.created_at),
            "modifiedBy": person,
            "modifiedOn": iso(environment.created_at),
            "timeout": 43200,
        }

    def queue(self, definition, *, branch=None, who=None, parameters=(), skipped=(), variables=(), **more):
        """A run is queued and begins at once; `more` are fields of a `Build`."""
        who = who or self.ana
        number = self.new_id("build")
        day = f"{self.now:%Y%m%d}"
        build = Build(
            number,
            definition.project,
            definition,
            f"{day}.{self.new_id(f'{definition.id} {day}')}",
            who,
            who,
            self.now,
            branch=branch or "refs/heads/main",
            parameters=dict(parameters),
            variables=dict(variables),
            **more,
        )
        names = [name for name in definition.stages if name not in skipped]
        build.stages = [Stage(name, place, str(number)) for place, name in enumerate(names, start=1)]
        build.state, build.started_at = "inProgress", self.now
        definition.project.builds[number] = build
        self._tell_run(build)
        return build

    def start_stage(self, build, name, environment=None):
        """A stage runs; where it names an environment it deploys to that."""
        stage = build.find_stage(name)
        stage.started_at, stage.finished_at = self.now, None
        if environment is not None:
            environment.records.append((build, stage))
        self._move(build, name, "inProgress")

    def finish_stage(self, build, name, result="succeeded"):
        """A stage ends: succeeded, failed, canceled, skipped or rejected."""
        build.find_stage(name).finished_at = self.now
        self._move(build, name, "completed", result)

    def _move(self, build, name, state, result=None):
        stage = build.find_stage(name)
        stage.state, stage.result, build.changed_at = state, result, self.now
        build.state = "inProgress"
        facts = self._facts(build) | {
            "stageNameId": name,
            "stageStateId": state,
            "stageResultId": result or "",
        }
        self.announce(STAGE, (build, stage), **facts)

    def publish_tests(self, build, results, *, stage="Build", attempt=1, coverage=None):
        """A job publishes tests as pairs of a title and an outcome, and how many lines of how many it ran."""
        run = PublishedRun(self.new_id("test run"), "pytest", build, list(results), self.now, stage, attempt)
        build.test_runs.append(run)
        build.coverage = coverage or build.coverage

    def finish_build(self, build, result="succeeded"):
        """A run ends: succeeded, partiallySucceeded, failed or canceled."""
        build.state, build.result = "completed", result
        build.finished_at = build.changed_at = self.now
        self._tell_run(build)
        facts = self._facts(build) | {"definitionName": build.definition.name, "buildStatus": result}
        self.announce("build.complete", build, **facts)

    def _tell_run(self, build):
        state = {"inProgress": "InProgress", "completed": "Completed"}[build.state]
        self.announce(RUN, build, **self._facts(build), runStateId=state, runResultId=build.result or "")

    def _facts(self, build):
        return {"projectId": build.project.id, "pipelineId": build.definition.id}

    def wait_for_approval(self, build, name, environment, approvers, *, least=None, **more):
        """A stage waits until as many as `least` of the approvers agree (all of them if None)."""
        stage = build.find_stage(name)
        steps = [Step(who, order) for order, who in enumerate(approvers, start=1)]
        number = make_id("approval", self.new_id("approval"))
        now = self.now
        made = Approval(number, build, stage, environment, now, now, steps, least or len(steps), **more)
        build.project.approvals[number] = made
        self._move(build, name, "waiting")
        self._tell_approval(PENDING, made)
        return made

    def decide(self, approval, status, who, comment=""):
        """Somebody who may approves or rejects."""
        step = find_step(approval, who)
        step.status, step.actual, step.comment, step.changed_at = status, who, comment, self.now
        approval.changed_at = self.now
        agreed = sum(each.status == "approved" for each in approval.steps)
        if status == "approved" and agreed < approval.least:
            return
        approval.status = status
        self._tell_approval(COMPLETED, approval)
        if status == "approved":
            self.start_stage(approval.build, approval.stage.name, approval.environment)
        else:
            self.finish_stage(approval.build, approval.stage.name, "rejected")

    def _tell_approval(self, kind, approval):
        names = {"stageName": approval.stage.name, "environmentName": approval.environment.name}
        self.announce(kind, approval, **self._facts(approval.build), **names)
