"""Azure DevOps tells of pull requests and runs; the bot reads what it is not told."""

import random

import pytest
from sqlalchemy import func, select

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.hooks import EVENTS, Subscription
from fakes.clock import FakeClock
from fakes.conversation import PROJECT
from trainboard.store import approvals, pull_requests
from trainboard.store.models import DeliveryRow, EffectRow
from trainboard_webhooks.passwords import basic_authorization

CODE = "azure-repos:acme/Churn/churn"
PASSWORD = "a-password-of-hooks"
KINDS = [
    "git.pullrequest.created",
    "git.pullrequest.updated",
    "git.pullrequest.merged",
    "build.complete",
    "ms.vss-pipelines.run-state-changed-event",
    "ms.vss-pipelines.stage-state-changed-event",
    "ms.vss-pipelinechecks-events.approval-pending",
    "ms.vss-pipelinechecks-events.approval-completed",
]


class Team:
    """A team in Azure DevOps, its bot, and what the bot knows."""

    def __init__(self, talk, azure):
        self.azure = azure
        self.bot = talk(
            clock=azure.clock,
            projects=[PROJECT | {"code": "azure-repos:Acme/churn/Churn"}],
            azure_devops={
                "organization_url": azure.url,
                "token": azure.token,
                "webhook_user": "hooks",
                "webhook_password": PASSWORD,
            },
        )
        self.answers, self.sent = [], []

    def moves_in(self):
        """The organisation gets a project, with hooks that tell the bot of it."""
        azure = self.azure
        azure.send_hook = self._post
        for kind in KINDS:
            self._subscribe(kind)
        azure.add_project("Churn", process="Basic", team="Churn ML")
        self.repository = azure.add_repository("Churn", "churn")
        self.pipeline = azure.add_definition("Churn", "ci", self.repository)
        self.production = azure.add_environment("Churn", "production", [azure.ana])

    def _subscribe(self, kind):
        made = Subscription(
            id=f"{len(self.azure.subscriptions):08}-0000-4000-8000-000000000000",
            event=kind,
            version=EVENTS[kind][1][-1],
            by=self.azure.ana,
            created_at=self.azure.now,
            modified_at=self.azure.now,
            publisher=EVENTS[kind][0],
            consumer_inputs={"url": "https://bot.example/", "basicAuthUsername": "hooks"},
        )
        self.azure.subscriptions[made.id] = made

    def _post(self, _url, body, _headers, _auth):
        headers = {"Authorization": basic_authorization("hooks", PASSWORD)}
        answer = self.bot.http.post(
            "/webhooks/azure-devops", data=body, headers=headers, content_type="application/json"
        )
        self.answers.append(answer.status_code)
        self.sent.append(body)
        return answer.status_code

    def hears(self, bodies):
        """Deliveries come as they are, whatever the order; then the bot does all that is due."""
        for body in bodies:
            self._post("", body, {}, None)
        self.bot.settle()
        self.bot.forward(seconds=31)

    def goes_by(self, **time):
        """Hooks are sent, time goes by, and the bot does what is due."""
        self.azure.deliver()
        self.bot.settle()
        self.bot.forward(**(time or {"seconds": 31}))

    def knows(self, number):
        """The pull request of that number as the bot knows it."""
        with self.bot.bot.database.read() as connection:
            return pull_requests.find(connection, CODE, number)

    def checks(self, commit):
        with self.bot.bot.database.read() as connection:
            found = pull_requests.list_checks(connection, CODE, commit)
        return {each.name: str(each.state) for each in found}

    def deployments(self, commit):
        with self.bot.bot.database.read() as connection:
            found = pull_requests.list_deployments(connection, CODE, commit)
        return [f"{each.environment} {each.state}" for each in found]

    def approvals(self, commit):
        with self.bot.bot.database.read() as connection:
            found = approvals.list_of_commit(connection, CODE, commit, self.azure.clock())
        return [f"{each.environment} {each.state} {each.by}".strip() for each in found]

    def knowledge(self, number):
        """All that is known of a pull request, of its head and of what it became."""
        pull = self.knows(number)
        commits = (pull.head, pull.merged_as)
        return [pull, *([self.checks(it), self.deployments(it), self.approvals(it)] for it in commits)]

    def count(self, row, *where):
        with self.bot.bot.database.read() as connection:
            return connection.execute(select(func.count()).select_from(row).where(*where)).scalar_one()


@pytest.fixture
def team(talk):
    azure = AzureDevOps(FakeClock())
    with azure.running():
        team = Team(talk, azure)
        team.moves_in()
        yield team


def test_from_a_red_build_to_production(team):
    """What is read in between, and what is told at the end, make one story of two commits."""
    azure, ana = team.azure, team.azure.ana
    pull = azure.person_opens_pull(team.repository, "Deeper trees", source="refs/heads/deep")
    head = pull.iterations[-1][0]
    team.goes_by()
    assert ("open", head) == (team.knows(pull.id).state, team.knows(pull.id).head)

    of_pull = {
        "branch": f"refs/pull/{pull.id}/merge",
        "commit": "f" * 40,
        "reason": "pullRequest",
    }
    build = azure.queue(team.pipeline, trigger_info={"pr.sourceSha": head}, **of_pull)
    azure.start_stage(build, "Build")
    team.goes_by()
    assert {"ci": "running", "ci / Build": "running", "ci / Deploy": "queued"} == team.checks(head)
    azure.finish_stage(build, "Build", "failed")
    azure.finish_stage(build, "Deploy", "skipped")
    azure.finish_build(build, "failed")
    team.goes_by()
    assert {"ci": "failed", "ci / Build": "failed", "ci / Deploy": "neutral"} == team.checks(head)

    fixed = azure.person_pushes(team.repository, "refs/heads/deep")
    build = azure.queue(team.pipeline, trigger_info={"pr.sourceSha": fixed}, **of_pull)
    azure.finish_build(build)
    team.goes_by()
    assert fixed == team.knows(pull.id).head
    assert "passed" == team.checks(fixed)["ci"]

    azure.person_ends_pull(pull)
    team.goes_by()
    merged = team.knows(pull.id)
    assert ("merged", pull.merged_as) == (merged.state, merged.merged_as)

    build = azure.queue(team.pipeline, commit=merged.merged_as)
    approval = azure.wait_for_approval(build, "Deploy", team.production, [ana])
    team.goes_by()
    assert ["production pending"] == team.approvals(merged.merged_as)
    assert ["production waiting"] == team.deployments(merged.merged_as)
    assert "waiting for somebody" == team.checks(merged.merged_as)["ci / Deploy"]
    azure.decide(approval, "approved", ana)
    team.goes_by()
    assert [f"production approved {ana.unique_name}"] == team.approvals(merged.merged_as)
    assert ["production running"] == team.deployments(merged.merged_as)
    azure.finish_stage(build, "Deploy")
    azure.finish_build(build)
    team.goes_by()
    assert ["production succeeded"] == team.deployments(merged.merged_as)
    assert {"ci": "passed", "ci / Build": "queued", "ci / Deploy": "passed"} == team.checks(merged.merged_as)
    assert {202} == set(team.answers)


def merges_and_deploys(team):
    """A pull request, pushed to, merged and deployed to production; its number."""
    azure, ana = team.azure, team.azure.ana
    pull = azure.person_opens_pull(team.repository, "Deeper trees", source="refs/heads/deep")
    of_pull = {"branch": f"refs/pull/{pull.id}/merge", "commit": "f" * 40, "reason": "pullRequest"}
    for result in ("failed", "succeeded"):
        head = azure.person_pushes(team.repository, "refs/heads/deep")
        build = azure.queue(team.pipeline, trigger_info={"pr.sourceSha": head}, **of_pull)
        azure.start_stage(build, "Build")
        team.goes_by()
        azure.finish_stage(build, "Build", result)
        azure.finish_build(build, result)
        team.goes_by()
    azure.person_ends_pull(pull)
    team.goes_by()
    build = azure.queue(team.pipeline, commit=pull.merged_as)
    approval = azure.wait_for_approval(build, "Deploy", team.production, [ana])
    team.goes_by()
    azure.decide(approval, "approved", ana)
    team.goes_by()
    azure.finish_stage(build, "Deploy")
    azure.finish_build(build)
    team.goes_by()
    return pull.id


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_what_is_told_makes_no_difference(team, talk, seed):
    """Whatever comes late, twice or before its time: in the end the same is known."""
    number = merges_and_deploys(team)
    other = Team(talk, team.azure)
    bodies = team.sent * 2
    random.Random(seed).shuffle(bodies)
    other.hears(bodies)

    assert team.knowledge(number) == other.knowledge(number)


def test_what_the_bot_itself_does_to_a_pull_request_is_no_news(team):
    """Azure DevOps tells of our status like of any other; it is not answered with another one."""
    team.azure.person_opens_pull(team.repository, "Deeper trees", source="refs/heads/deep")
    team.goes_by()
    team.goes_by()
    told, asked = len(team.sent), len(team.azure.calls("POST"))
    team.goes_by(minutes=5)
    team.goes_by(minutes=5)

    assert ["POST git.statuses"] == team.azure.calls("POST")
    assert (told, asked) == (len(team.sent), len(team.azure.calls("POST")))


def test_many_changes_of_a_run_are_few_readings(team):
    """What is told while a reading is young is read once more, and what it says again is no news."""
    build = team.azure.queue(team.pipeline, commit="a" * 40)
    for stage in ("Build", "Deploy"):
        team.azure.start_stage(build, stage)
        team.azure.finish_stage(build, stage)
    team.goes_by()
    team.goes_by()

    assert {"ci": "running", "ci / Build": "passed", "ci / Deploy": "passed"} == team.checks("a" * 40)
    assert 2 >= team.azure.calls().count("GET build.builds")
    assert 3 == team.count(DeliveryRow, DeliveryRow.source.startswith("poll/azure-pipelines:"))


def test_a_run_that_is_gone_is_given_up(team):
    """Nothing is known of it, and the reason stands with the effect."""
    build = team.azure.queue(team.pipeline, commit="a" * 40)
    del team.azure.find_project("Churn").builds[build.id]
    team.goes_by()

    assert {} == team.checks("a" * 40)
    assert 1 == team.count(EffectRow, EffectRow.kind == "ReadPipelineRun", EffectRow.state == "dead")


def test_runs_of_an_organisation_that_is_not_named_are_left_alone(team):
    """Whoever has the password may tell of them; nobody can be asked."""
    team.bot.bot.outside.pipelines.clear()
    team.azure.queue(team.pipeline, commit="a" * 40)
    team.goes_by()

    assert {} == team.checks("a" * 40)
    assert [] == team.azure.calls()
