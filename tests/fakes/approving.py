"""A team whose way to production waits for somebody, and people who say what they think of it."""

import json
from datetime import timedelta

from fakes.azure_devops import faults as azure_faults
from fakes.azure_devops.state import Identity
from fakes.github import OTHER, PERSON, read_timeout
from fakes.github.approvals import Environment
from fakes.github.shapes import iso
from fakes.teams import FIXTURES
from trainboard.approvals import Answer, Person
from trainboard.effects import AnnounceApproval
from trainboard.engine.facts import record
from trainboard.facts import RecordApproval, RecordModel
from trainboard.handlers.approvals import decide
from trainboard.pull_requests import Approval
from trainboard.run_requests import Asking
from trainboard.store import approvals, outbox, pull_requests
from trainboard.store.reading import StoreRead
from trainboard.triggers import Origin


class Approving:
    """A team with a pull request; a subclass knows the platform. Ana may approve, and Ben may not."""

    ana = ben = None

    def __init__(self, team):
        self.team = team
        self.bot = team.bot

    def opens(self):
        """An experiment, and a pull request that belongs to it."""
        ref = self.team.plans("val_auc >= 0.92")
        self.team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
        self.ref = ref

    def says(self, verdict="approved", who=None, *, key="comment-1", environment="production"):
        """Somebody answers in a comment; nobody did anything yet. Returns the key of what shall be."""
        outside, now = self.bot.bot.outside, self.bot.clock()
        project = outside.projects["churn"]
        with self.bot.bot.database.write() as connection:
            read = StoreRead(connection, outside.projects, outside.doors, now)
            pull = pull_requests.find(connection, project.code, self.number)
            origin = Origin(place=pull.code, ref=str(pull.number), is_pull_request=True)
            person = who or self.ana
            asking = Asking(command="approve", origin=origin, by=person.name, key=key, at=now)
            answer = Answer(verdict=verdict, person=person, environment=environment)
            [effect] = decide("churn", pull, answer, asking, read)
            outbox.put(connection, effect, now, pace=timedelta(0))
        return effect.key

    def answers(self, *args, **options):
        """Somebody answers, and the bot does what is due. Returns what became of it."""
        key = self.says(*args, **options)
        self.bot.settle()
        self.team.goes_by()
        return self.find(key)

    def registers(self, run_id, version):
        """The run's model gets a version, told by a registry."""
        told = RecordModel(
            project="churn", model="churn", version=version, at=self.bot.clock(), run_id=run_id
        )
        with self.bot.bot.database.write() as connection:
            record(connection, told, self.bot.clock())

    def waits_also(self, name):
        """Something else of the head commit waits, and is to be announced; nobody did anything yet."""
        now, code = self.bot.clock(), self.bot.bot.outside.projects["churn"].code
        told = Approval(
            code=code,
            ref=name,
            state="pending",
            at=now,
            environment="production",
            commit=self.team.head,
            approvers=("ana",),
        )
        effect = AnnounceApproval(project="churn", experiment="churn-xgb", number=1, code=code, approval=name)
        with self.bot.bot.database.write() as connection:
            pull_requests.record(connection, RecordApproval(approval=told))
            outbox.put(connection, effect, now, pace=timedelta(0))

    def find(self, key):
        """What became of somebody's word."""
        with self.bot.bot.database.read() as connection:
            return approvals.find_decision(connection, key)

    @property
    def announcements(self):
        """The comments on the work item that tell of approvals."""
        tracker = self.bot.bot.outside.trackers["churn"]
        since = self.bot.clock() - timedelta(days=60)
        said = [each.body for each in tracker.list_comments(self.ref, since=since)]
        return [each for each in said if "waits for an approval" in each]


class ApprovingOnGitHub(Approving):
    """The environment `production` of acme/churn has a rule of our App, and Ana as required reviewer."""

    ana, ben = (Person(id=str(each.id), name=each.login) for each in (PERSON, OTHER))
    listed = "ana"

    def __init__(self, team):
        super().__init__(team)
        self.github = team.github
        self.github.granted |= {"deployments": "write", "members": "read"}
        self.environment = Environment("production", [PERSON])
        self.github.churn.environments["production"] = self.environment

    def waits(self, commit=None):
        """A run of the head commit wants to go to production."""
        commit = commit or self.team.head
        self.held = self.github.hold(self.github.churn, "production", commit=commit, actor=self.github.bot)
        self.tells()

    def tells(self):
        """GitHub tells of it, once more perhaps; nobody did anything yet."""
        held, now = self.held, iso(self.github.now)
        payload = json.loads((FIXTURES / "deployment_protection_rule__requested.json").read_bytes())
        payload["sha"] = held.run.commit
        payload["deployment"] |= {"id": held.deployment, "sha": held.run.commit, "created_at": now}
        home = "https://api.github.com/repos/acme/churn/actions/runs"
        payload["deployment_callback_url"] = f"{home}/{held.run.id}/deployment_protection_rule"
        assert self.bot.github_says("deployment_protection_rule", payload, settle=False) == 202

    @property
    def number(self):
        """That of the pull request."""
        return self.team.pull.number

    def pushes_untold(self):
        """Somebody pushes, and the hook is late."""
        self.github.person_pushes(self.team.pull)

    @property
    def heard(self):
        """What the platform was told, of all that ever waited."""
        return [(held.state, held.comment) for held in self.github.churn.held if held.comment]

    def lose_answer(self):
        """The next answer is heard, and nobody tells so."""
        self.github.next_fault(error=read_timeout(), after_commit=True, method="POST")

    def is_down(self, down):
        """Whether the platform can be reached."""
        self.github.is_down = down

    def ends(self):
        """The run ends without an answer."""
        self.held.state, self.held.run.status = "rejected", "completed"


class ApprovingOnAzure(Approving):
    """The environment `production` asks a group that Ana and the bot are in."""

    listed = "Leads"

    def __init__(self, team):
        super().__init__(team)
        self.azure = team.azure
        self.ana, self.ben = (
            Person(id=each.id, name=each.unique_name) for each in (self.azure.ana, self.azure.ben)
        )

        both = frozenset([self.azure.ana.id, self.azure.bot.id])
        self.leads = Identity("Leads", "Leads", kind="group", members=both)
        self.azure.add_identity(self.leads)

    def waits(self, commit=None):
        """A run of the head commit wants to go to production."""
        build = self.azure.queue(self.team.release, commit=commit or self.team.head)
        self.held = self.azure.wait_for_approval(
            build, "Deploy", self.team.places["production"], [self.leads]
        )
        self.azure.deliver()

    def tells(self):
        """Azure DevOps tells of it, once more perhaps; nobody did anything yet."""
        self.azure._tell_approval("ms.vss-pipelinechecks-events.approval-pending", self.held)
        self.azure.deliver()

    @property
    def number(self):
        """That of the pull request."""
        return self.team.pull.id

    def pushes_untold(self):
        """Somebody pushes, and the hook is late."""
        self.azure.person_pushes(self.team.code, "refs/heads/wide")
        self.azure.notifications.clear()

    @property
    def heard(self):
        """What the platform was told, of all that ever waited."""
        steps = (step for each in self.held.build.project.approvals.values() for step in each.steps)
        return [(step.status, step.comment) for step in steps if step.comment]

    def lose_answer(self):
        """The next answer is heard, and nobody tells so."""
        self.azure.faults.add(azure_faults.close(), method="PATCH", path="approvals", after_work=True)

    def is_down(self, down):
        """Whether the platform can be reached."""
        self.azure.is_down = down

    def ends(self):
        """Somebody answered it there."""
        self.azure.decide(self.held, "rejected", self.azure.ana)
